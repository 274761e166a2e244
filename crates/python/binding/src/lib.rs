//! The Python module `_refrain`, on which the package `refrain` is built.
//!
//! Functions take a `str`, a list, or a column of any library with the Arrow PyCapsule interface,
//! and answer in kind. The docstrings are in `_refrain.pyi`, which type checkers and editors read.

mod arrays;
mod arrow;
mod clean;
mod column;
mod contamination;
mod cut;
mod deduplicator;
mod files;
mod index;
mod library;
mod near;
mod numbers;
mod offsets;
mod options;
mod overlaps;
mod passages;
mod policy;
mod remove;
mod report;
mod results;
mod segments;
mod signals;
mod strings;

use pyo3::prelude::*;

#[pymodule]
mod _refrain {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::arrow::Column;
    #[pymodule_export]
    use crate::clean::{clean, clean_paragraphs, edits};
    #[pymodule_export]
    use crate::contamination::Contamination;
    #[pymodule_export]
    use crate::deduplicator::Deduplicator;
    #[pymodule_export]
    use crate::index::{Boilerplate, Index};
    #[pymodule_export]
    use crate::near::Near;
    #[pymodule_export]
    use crate::passages::Passages;
    #[pymodule_export]
    use crate::policy::Policy;
    #[pymodule_export]
    use crate::remove::remove;
    #[pymodule_export]
    use crate::report::{Report, report};
    #[pymodule_export]
    use crate::segments::{fingerprint, fingerprints, segments};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("SCHEME", refrain::Fingerprint::SCHEME)
    }
}
