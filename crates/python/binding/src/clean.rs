//! `clean` and `edits`.

use arrow_data::ArrayData;
use pyo3::prelude::*;
use pyo3::types::PyString;
use refrain::edits::Positions;
use refrain::records::Keys;
use refrain::{Cleaner, Workspace};

use crate::arrays;
use crate::column::{Answer, Texts, map};
use crate::cut::{changed, map_cut};
use crate::offsets::Place;
use crate::options::{options, parse};
use crate::policy::Policy;
use crate::results::{EDIT, list, span};
use crate::strings::Kind;

/// Returns the cleaner of the parameters that `clean`, `edits` and `report` have in common.
pub fn cleaner(
    policy: Option<&Bound<'_, PyAny>>,
    segmentation: &str,
    normalization: &str,
    keys: Option<&str>,
    minimum: (usize, u32),
) -> PyResult<(Cleaner, refrain::Options)> {
    let policy = policy.map_or_else(|| Ok(refrain::Policy::default()), Policy::read)?;
    let (min_segments, min_weight) = minimum;
    let mut options =
        options(segmentation, normalization, 0)?.min_segments(min_segments).min_weight(min_weight);
    // The keys of a policy are those of its lines, unless the caller chooses others.
    options = options.keys(keys.map_or_else(|| Ok(policy.keys()), parse::<Keys>)?);
    Ok((Cleaner::new().policy(policy).options(options.clone()), options))
}

/// Returns texts without the repetition that a policy removes.
///
/// `policy` is a `Policy` or its name: `default`, `scraper`, `transcript`, `pdf`, `keep-all`,
/// `drop-all`, also with rules added and taken out, as in `default+box-far`.
///
/// The first occurrence of a segment is usually kept. The documentation of the Rust crate lists the
/// exceptions, for example `Policy.similar`. A text from which nothing is removed is the same
/// object, and so is a column of pyarrow or polars, or a `refrain.Column`, from which nothing is
/// removed, unless it is a dictionary or consists of nulls without a type.
///
/// `segmentation` is the way to split a text: `auto`, `lines`, `paragraphs`, `sentences`,
/// `words`. `normalization` decides which segments are equal: `text`, `whitespace`, `raw`, or
/// `text` with `+diacritics`, `+punctuation`, `+digits`, `+arabic` or `+references` for more
/// differences that are ignored. `keys` names the beginnings of lines that are not compared:
/// `none`, or some of `times,counters,bullets,quotes`; by default, those of the policy. A block
/// is kept if it has fewer than `min_segments` segments, or only segments with fewer than
/// `min_weight` letters and digits.
#[pyfunction]
#[pyo3(signature = (texts, policy=None, *, segmentation="auto", normalization="text", keys=None, min_segments=0, min_weight=0))]
pub fn clean<'py>(
    texts: &Bound<'py, PyAny>,
    policy: Option<&Bound<'py, PyAny>>,
    segmentation: &str,
    normalization: &str,
    keys: Option<&str>,
    min_segments: usize,
    min_weight: u32,
) -> PyResult<Bound<'py, PyAny>> {
    let (cleaner, _) = cleaner(policy, segmentation, normalization, keys, (min_segments, min_weight))?;
    map_cut(texts, None, |_, text, workspace| Ok(changed(cleaner.clean_with(text, workspace))))
}

/// An edit of a text.
struct Edit {
    cut: Place,
    copy: Place,
    original: Place,
    reason: String,
}

struct Edits(Cleaner);

impl Answer for Edits {
    type Item = Vec<Edit>;

    fn compute(&mut self, _: usize, text: &str, workspace: &mut Workspace) -> Result<Vec<Edit>, String> {
        let edits = self.0.edits_with(text, workspace);
        if edits.is_empty() {
            return Ok(Vec::new());
        }
        let positions = Positions::new(text);
        let edit = |removal: &refrain::edits::Removal| Edit {
            cut: Place::new(&positions, removal.span()),
            copy: Place::new(&positions, removal.copy()),
            original: Place::new(&positions, removal.original()),
            reason: removal.reason().to_owned(),
        };
        Ok(edits.iter().map(edit).collect())
    }

    fn to_object<'py>(&self, text: &Bound<'py, PyString>, item: Vec<Edit>) -> PyResult<Bound<'py, PyAny>> {
        let py = text.py();
        let edit = |edit: Edit| {
            let Place { start, end, byte_start, byte_end } = edit.cut;
            let (copy, original) = (span(py, edit.copy)?, span(py, edit.original)?);
            EDIT.with(py, (start, end, byte_start, byte_end, copy, original, edit.reason))
        };
        Ok(list(py, item.into_iter().map(edit))?.into_any())
    }

    fn to_array(&self, _: Kind, _: &[Option<&str>], items: Vec<Option<Vec<Edit>>>) -> PyResult<ArrayData> {
        let all = || items.iter().flatten().flatten();
        let column = |number: fn(&Edit) -> usize| arrays::integers(all().map(number));
        let edits = arrays::structs(
            vec![
                ("start", column(|edit| edit.cut.start)),
                ("end", column(|edit| edit.cut.end)),
                ("byte_start", column(|edit| edit.cut.byte_start)),
                ("byte_end", column(|edit| edit.cut.byte_end)),
                ("copy_start", column(|edit| edit.copy.start)),
                ("copy_end", column(|edit| edit.copy.end)),
                ("original_start", column(|edit| edit.original.start)),
                ("original_end", column(|edit| edit.original.end)),
                ("reason", arrays::names(all().map(|edit| edit.reason.as_str()))?),
            ],
            None,
        )?;
        arrays::lists(items.iter().map(|item| item.as_ref().map(Vec::len)), edits)
    }
}

/// Returns the edits that `clean` would make, in the order of the text.
///
/// For an Arrow column, the result is a column of lists of structs: `start`, `end`,
/// `byte_start`, `byte_end`, `copy_start`, `copy_end`, `original_start`, `original_end` and
/// `reason`. The options are those of `clean`.
#[pyfunction]
#[pyo3(signature = (texts, policy=None, *, segmentation="auto", normalization="text", keys=None, min_segments=0, min_weight=0))]
pub fn edits<'py>(
    texts: &Bound<'py, PyAny>,
    policy: Option<&Bound<'py, PyAny>>,
    segmentation: &str,
    normalization: &str,
    keys: Option<&str>,
    min_segments: usize,
    min_weight: u32,
) -> PyResult<Bound<'py, PyAny>> {
    let (cleaner, _) = cleaner(policy, segmentation, normalization, keys, (min_segments, min_weight))?;
    map(texts, &mut Edits(cleaner))
}

/// Returns the indices of the paragraphs of one document that are kept, in order.
///
/// The paragraphs are joined by a line end each. A paragraph that is cut in part is kept as a
/// whole.
#[pyfunction]
#[pyo3(signature = (paragraphs, policy=None, *, normalization="text", keys=None))]
pub fn clean_paragraphs(
    paragraphs: &Bound<'_, PyAny>,
    policy: Option<&Bound<'_, PyAny>>,
    normalization: &str,
    keys: Option<&str>,
) -> PyResult<Vec<usize>> {
    let (cleaner, _) = cleaner(policy, "auto", normalization, keys, (0, 0))?;
    let texts = Texts::read(paragraphs)?;
    let texts = texts.required("paragraphs")?;
    Ok(paragraphs.py().detach(|| cleaner.clean_paragraphs(&texts)))
}
