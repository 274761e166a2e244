//! The results: named tuples, which the package defines in Python.

use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyType};

use crate::offsets::Place;

/// A class of results.
pub struct Class {
    name: &'static str,
    class: PyOnceLock<Py<PyType>>,
}

impl Class {
    const fn new(name: &'static str) -> Self {
        Self { name, class: PyOnceLock::new() }
    }

    /// Returns a result with the given fields.
    pub fn with<'py>(&self, py: Python<'py>, fields: impl PyCallArgs<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.class.import(py, "refrain._results", self.name)?.call1(fields)
    }
}

pub static BOILERPLATE_SEGMENT: Class = Class::new("BoilerplateSegment");
pub static BYTE_SPAN: Class = Class::new("ByteSpan");
pub static CLUSTERS: Class = Class::new("Clusters");
pub static DEDUPLICATED: Class = Class::new("Deduplicated");
pub static FOUND_PASSAGES: Class = Class::new("FoundPassages");
pub static ITEM_PASSAGE: Class = Class::new("ItemPassage");
pub static ITEM_REPORT: Class = Class::new("ItemReport");
pub static MATCHED_RUN: Class = Class::new("MatchedRun");
pub static OVERLAP: Class = Class::new("Overlap");
pub static PAIR: Class = Class::new("Pair");
pub static PAIRS: Class = Class::new("Pairs");
pub static PASSAGE: Class = Class::new("Passage");
pub static PASSAGE_REMOVAL: Class = Class::new("PassageRemoval");
pub static QUERY_RESULT: Class = Class::new("QueryResult");
pub static REMOVAL: Class = Class::new("Removal");
pub static SEGMENT: Class = Class::new("Segment");
pub static SEGMENT_STATUS: Class = Class::new("SegmentStatus");
pub static SPAN: Class = Class::new("Span");

/// Returns a `Span`.
pub fn span<'py>(py: Python<'py>, place: Place) -> PyResult<Bound<'py, PyAny>> {
    SPAN.with(py, (place.start, place.end, place.byte_start, place.byte_end))
}

/// Returns a `ByteSpan`, for a text that the result does not contain.
pub fn byte_span<'py>(py: Python<'py>, span: refrain::Span) -> PyResult<Bound<'py, PyAny>> {
    BYTE_SPAN.with(py, (span.start(), span.end()))
}

/// Returns a list of results.
pub fn list<'py>(
    py: Python<'py>,
    items: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for item in items {
        list.append(item?)?;
    }
    Ok(list)
}
