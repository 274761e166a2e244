//! Answers that are the texts themselves, of which something may have been cut.

use std::borrow::Cow;

use arrow_array::ArrayRef;
use pyo3::prelude::*;
use pyo3::types::PyString;
use refrain::Workspace;

use crate::column::{Answer, check_rows, map};
use crate::strings::{self, Kind};

/// A function that cuts a text.
struct Cut<'a, F> {
    compute: F,
    /// The name of another column, and its number of rows.
    other: Option<(&'a str, usize)>,
}

impl<F> Answer for Cut<'_, F>
where
    F: FnMut(usize, &str, &mut Workspace) -> Result<Option<String>, String> + Send,
{
    /// The text that is left, or `None` if nothing is removed.
    type Item = Option<String>;

    const IS_TEXT: bool = true;

    fn check_rows(&self, rows: usize) -> PyResult<()> {
        self.other.map_or(Ok(()), |(name, found)| check_rows(name, rows, found))
    }

    fn compute(
        &mut self,
        row: usize,
        text: &str,
        workspace: &mut Workspace,
    ) -> Result<Option<String>, String> {
        (self.compute)(row, text, workspace)
    }

    fn to_object<'py>(&self, text: &Bound<'py, PyString>, item: Self::Item) -> PyResult<Bound<'py, PyAny>> {
        Ok(object(text, item))
    }

    fn to_array(
        &self,
        kind: Kind,
        texts: &[Option<&str>],
        items: Vec<Option<Self::Item>>,
    ) -> PyResult<ArrayRef> {
        let left = texts.iter().zip(&items).map(|(text, item)| match item {
            Some(Some(left)) => Some(left.as_str()),
            Some(None) => *text,
            None => None,
        });
        strings::array_of(kind, left)
    }

    fn is_unchanged(items: &[Option<Self::Item>]) -> bool {
        items.iter().all(|item| !matches!(item, Some(Some(_))))
    }
}

/// Returns `texts` after `compute`, which returns `None` for a text from which nothing is removed.
/// `other` is the name of another column of the caller and its number of rows.
pub fn map_cut<'py>(
    texts: &Bound<'py, PyAny>,
    other: Option<(&str, usize)>,
    compute: impl FnMut(usize, &str, &mut Workspace) -> Result<Option<String>, String> + Send,
) -> PyResult<Bound<'py, PyAny>> {
    map(texts, &mut Cut { compute, other })
}

/// Returns the text that is left, or `None` if nothing was cut.
pub fn changed(left: Cow<'_, str>) -> Option<String> {
    match left {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

/// Returns a text as an object: the same object if nothing was cut.
pub fn object<'py>(text: &Bound<'py, PyString>, left: Option<String>) -> Bound<'py, PyAny> {
    match left {
        Some(left) => PyString::new(text.py(), &left).into_any(),
        None => text.clone().into_any(),
    }
}
