//! `remove`: a text without segments or spans that the caller chooses.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use refrain::{Options, edits};

use crate::cut::{changed, map_cut};
use crate::numbers::{Item, read_list, read_lists};
use crate::offsets::byte_spans;
use crate::options::options;
use crate::segments::read;

/// Returns texts without the segments or spans that you name.
///
/// Give `segments`, a list of indices as `segments` numbers them, or `spans`, a list of pairs
/// of offsets in code points, or of objects with a `start` and an `end`. For a column of texts,
/// give a column of such lists with the same number of rows. Null counts as an empty list.
///
/// A gap next to a removed part is removed with it, so no blank lines are left over and no
/// words are joined. `segmentation` and `normalization` must be those with which the segments
/// were numbered.
#[pyfunction]
#[pyo3(signature = (texts, *, segments=None, spans=None, segmentation="auto", normalization="text"))]
pub fn remove<'py>(
    texts: &Bound<'py, PyAny>,
    segments: Option<&Bound<'py, PyAny>>,
    spans: Option<&Bound<'py, PyAny>>,
    segmentation: &str,
    normalization: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let is_one = texts.is_instance_of::<PyString>();
    match (segments, spans) {
        (Some(segments), None) => {
            let options = options(segmentation, normalization, 0)?;
            let lists = lists("segments", segments, is_one)?;
            map_cut(texts, Some(("segments", lists.len())), |row, text, _| {
                remove_segments(text, &options, &lists[row])
            })
        }
        (None, Some(spans)) => {
            let lists = lists("spans", spans, is_one)?;
            map_cut(texts, Some(("spans", lists.len())), |row, text, _| {
                let spans = byte_spans(text, &lists[row])?;
                edits::cut(text, &spans).map(changed).map_err(|error| error.to_string())
            })
        }
        (Some(_), Some(_)) => {
            Err(PyValueError::new_err("expected `segments` or `spans`, found both: call `remove` twice"))
        }
        (None, None) => Err(PyValueError::new_err("expected `segments` or `spans`, found neither")),
    }
}

/// Reads the list of one text, or the lists of a column.
fn lists<T: Item>(name: &str, lists: &Bound<'_, PyAny>, is_one: bool) -> PyResult<Vec<Vec<T>>> {
    if is_one { Ok(vec![read_list(&format!("`{name}`"), lists)?]) } else { read_lists(name, lists) }
}

fn remove_segments(text: &str, options: &Options, segments: &[i64]) -> Result<Option<String>, String> {
    if segments.is_empty() {
        return Ok(None);
    }
    let document = read(text, options)?;
    let index = |segment: &i64| {
        usize::try_from(*segment).map_err(|_| {
            let segments = document.len();
            format!("there is no segment {segment}: the text has {segments} segments, numbered from 0")
        })
    };
    let segments = segments.iter().map(index).collect::<Result<Vec<_>, _>>()?;
    document.remove_segments(&segments).map(changed).map_err(|error| error.to_string())
}
