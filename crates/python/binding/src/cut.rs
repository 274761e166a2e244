//! Answers that are the texts themselves, of which something may have been cut.

use std::borrow::Cow;

use arrow_data::ArrayData;
use pyo3::prelude::*;
use pyo3::types::PyString;
use refrain::Workspace;

use crate::column::{Answer, check_rows, map};
use crate::strings::{self, Kind};

/// The text that is left, or `None` if nothing is removed.
type Left = Option<String>;

/// A function that cuts a text. It is called through a pointer, so that the code of columns is not
/// compiled for each function anew.
struct Cut<'a> {
    compute: &'a mut (dyn FnMut(usize, &str, &mut Workspace) -> Result<Left, String> + Send),
    /// The name of another column, and its number of rows.
    other: Option<(&'a str, usize)>,
}

impl Answer for Cut<'_> {
    type Item = Left;

    const IS_TEXT: bool = true;

    fn check_rows(&self, rows: usize) -> PyResult<()> {
        self.other.map_or(Ok(()), |(name, found)| check_rows(name, rows, found))
    }

    fn compute(&mut self, row: usize, text: &str, workspace: &mut Workspace) -> Result<Left, String> {
        (self.compute)(row, text, workspace)
    }

    fn to_object<'py>(&self, text: &Bound<'py, PyString>, item: Left) -> PyResult<Bound<'py, PyAny>> {
        Ok(object(text, item))
    }

    fn to_array(&self, kind: Kind, texts: &[Option<&str>], items: Vec<Option<Left>>) -> PyResult<ArrayData> {
        let left = texts.iter().zip(&items).map(|(text, item)| match item {
            Some(Some(left)) => Some(left.as_str()),
            Some(None) => *text,
            None => None,
        });
        strings::array_of(kind, left)
    }

    fn is_unchanged(items: &[Option<Left>]) -> bool {
        items.iter().all(|item| !matches!(item, Some(Some(_))))
    }
}

/// Returns `texts` after `compute`, which returns `None` for a text from which nothing is removed.
/// `other` is the name of another column of the caller and its number of rows.
pub fn map_cut<'py>(
    texts: &Bound<'py, PyAny>,
    other: Option<(&str, usize)>,
    mut compute: impl FnMut(usize, &str, &mut Workspace) -> Result<Left, String> + Send,
) -> PyResult<Bound<'py, PyAny>> {
    map(texts, &mut Cut { compute: &mut compute, other })
}

/// Returns the text that is left, or `None` if nothing was cut.
pub fn changed(left: Cow<'_, str>) -> Left {
    match left {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

/// Returns a text as an object: the same object if nothing was cut.
pub fn object<'py>(text: &Bound<'py, PyString>, left: Left) -> Bound<'py, PyAny> {
    match left {
        Some(left) => PyString::new(text.py(), &left).into_any(),
        None => text.clone().into_any(),
    }
}
