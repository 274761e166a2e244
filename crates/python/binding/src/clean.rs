//! `clean` and `edits`.

use arrow_data::ArrayData;
use pyo3::prelude::*;
use pyo3::types::PyString;
use refrain::edits::Positions;
use refrain::records::Leading;
use refrain::{Cleaner, Workspace};

use crate::arrays;
use crate::column::{Answer, Texts, map};
use crate::cut::{changed, map_cut};
use crate::offsets::Place;
use crate::options::{options, parse};
use crate::policy::Policy;
use crate::results::{REMOVAL, list, span};
use crate::strings::Kind;

/// Returns the cleaner of the parameters that `clean`, `edits` and `report` have in common.
pub fn cleaner(
    policy: Option<&Bound<'_, PyAny>>,
    segmentation: &str,
    normalization: &str,
    skip_leading: Option<&str>,
    minimum: (usize, u32),
) -> PyResult<(Cleaner, refrain::Options)> {
    let policy = policy.map_or_else(|| Ok(refrain::Policy::default()), Policy::read)?;
    let (min_segments, min_weight) = minimum;
    let mut options =
        options(segmentation, normalization, 0)?.min_segments(min_segments).min_weight(min_weight);
    // Leading text is skipped as by the policy, unless the caller chooses other kinds.
    options = options.skip_leading(skip_leading.map_or_else(|| Ok(policy.leading()), parse::<Leading>)?);
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
/// differences that are ignored. `skip_leading` names the beginnings of lines that are not
/// compared: `none`, or some of `times,counters,bullets,quotes`; by default, those of the policy.
/// A block is kept if each run of its copy without holes, or in a tandem repeat its unit, has
/// fewer than `min_segments` segments, or if all its segments have fewer than `min_weight` letters
/// and digits.
#[pyfunction]
#[pyo3(signature = (texts, policy=None, *, segmentation="auto", normalization="text", skip_leading=None, min_segments=0, min_weight=0))]
pub fn clean<'py>(
    texts: &Bound<'py, PyAny>,
    policy: Option<&Bound<'py, PyAny>>,
    segmentation: &str,
    normalization: &str,
    skip_leading: Option<&str>,
    min_segments: usize,
    min_weight: u32,
) -> PyResult<Bound<'py, PyAny>> {
    let (cleaner, _) =
        cleaner(policy, segmentation, normalization, skip_leading, (min_segments, min_weight))?;
    map_cut(texts, None, |_, text, workspace| Ok(changed(cleaner.clean_with(text, workspace))))
}

/// A copy that is removed.
struct Removal {
    cut: Place,
    copy: Place,
    original: Place,
    reason: String,
}

struct Edits(Cleaner);

impl Answer for Edits {
    type Item = Vec<Removal>;

    fn compute(&mut self, _: usize, text: &str, workspace: &mut Workspace) -> Result<Vec<Removal>, String> {
        let edits = self.0.edits_with(text, workspace);
        if edits.is_empty() {
            return Ok(Vec::new());
        }
        let positions = Positions::new(text);
        let removal = |removal: &refrain::edits::Removal| Removal {
            cut: Place::new(&positions, removal.span()),
            copy: Place::new(&positions, removal.copy()),
            original: Place::new(&positions, removal.original()),
            reason: removal.reason().to_owned(),
        };
        Ok(edits.iter().map(removal).collect())
    }

    fn to_object<'py>(&self, text: &Bound<'py, PyString>, item: Vec<Removal>) -> PyResult<Bound<'py, PyAny>> {
        let py = text.py();
        let removal = |removal: Removal| {
            let Place { start, end, byte_start, byte_end } = removal.cut;
            let (copy, original) = (span(py, removal.copy)?, span(py, removal.original)?);
            REMOVAL.with(py, (start, end, byte_start, byte_end, copy, original, removal.reason))
        };
        Ok(list(py, item.into_iter().map(removal))?.into_any())
    }

    fn to_array(&self, _: Kind, _: &[Option<&str>], items: Vec<Option<Vec<Removal>>>) -> PyResult<ArrayData> {
        let all = || items.iter().flatten().flatten();
        let column = |number: fn(&Removal) -> usize| arrays::integers(all().map(number));
        let removals = arrays::structs(
            vec![
                ("start", column(|removal| removal.cut.start)),
                ("end", column(|removal| removal.cut.end)),
                ("byte_start", column(|removal| removal.cut.byte_start)),
                ("byte_end", column(|removal| removal.cut.byte_end)),
                ("copy_start", column(|removal| removal.copy.start)),
                ("copy_end", column(|removal| removal.copy.end)),
                ("original_start", column(|removal| removal.original.start)),
                ("original_end", column(|removal| removal.original.end)),
                ("reason", arrays::names(all().map(|removal| removal.reason.as_str()))?),
            ],
            None,
        )?;
        arrays::lists(items.iter().map(|item| item.as_ref().map(Vec::len)), removals)
    }
}

/// Returns the removals that `clean` would make, in the order of the text.
///
/// For an Arrow column, the result is a column of lists of structs: `start`, `end`,
/// `byte_start`, `byte_end`, `copy_start`, `copy_end`, `original_start`, `original_end` and
/// `reason`. The options are those of `clean`.
#[pyfunction]
#[pyo3(signature = (texts, policy=None, *, segmentation="auto", normalization="text", skip_leading=None, min_segments=0, min_weight=0))]
pub fn edits<'py>(
    texts: &Bound<'py, PyAny>,
    policy: Option<&Bound<'py, PyAny>>,
    segmentation: &str,
    normalization: &str,
    skip_leading: Option<&str>,
    min_segments: usize,
    min_weight: u32,
) -> PyResult<Bound<'py, PyAny>> {
    let (cleaner, _) =
        cleaner(policy, segmentation, normalization, skip_leading, (min_segments, min_weight))?;
    map(texts, &mut Edits(cleaner))
}

/// Returns the indices of the paragraphs of one document that are kept, in order.
///
/// The paragraphs are joined by a line end each. A paragraph that is cut in part is kept as a
/// whole.
#[pyfunction]
#[pyo3(signature = (paragraphs, policy=None, *, normalization="text", skip_leading=None))]
pub fn clean_paragraphs(
    paragraphs: &Bound<'_, PyAny>,
    policy: Option<&Bound<'_, PyAny>>,
    normalization: &str,
    skip_leading: Option<&str>,
) -> PyResult<Vec<usize>> {
    let (cleaner, _) = cleaner(policy, "auto", normalization, skip_leading, (0, 0))?;
    let texts = Texts::read("paragraphs", paragraphs)?;
    let texts = texts.required("paragraphs")?;
    Ok(paragraphs.py().detach(|| cleaner.clean_paragraphs(&texts)))
}
