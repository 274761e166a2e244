//! Columns of texts: a text, a list, or a column of another library, and the answers in kind.

use std::ops::Range;

use arrow_data::ArrayData;
use pyo3::exceptions::{PyTypeError, PyUnicodeEncodeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyFrozenSet, PyList, PySet, PyString};
use refrain::Workspace;

use crate::arrow::{Check, Column};
use crate::library::{self, Library};
use crate::signals::Signals;
use crate::strings::{self, Kind, Strings};

/// A function from texts to answers of one type.
pub trait Answer: Send {
    type Item: Send;

    /// True if the answers are texts.
    const IS_TEXT: bool = false;

    /// Checks the number of rows against that of other columns.
    fn check_rows(&self, _rows: usize) -> PyResult<()> {
        Ok(())
    }

    /// Computes the answer for the text in a row. Other threads can run Python code meanwhile.
    fn compute(&mut self, row: usize, text: &str, workspace: &mut Workspace) -> Result<Self::Item, String>;

    /// Returns the answer for a `str` as an object.
    fn to_object<'py>(&self, text: &Bound<'py, PyString>, item: Self::Item) -> PyResult<Bound<'py, PyAny>>;

    /// Returns the answers for a column as an array. A text that is null has no answer.
    fn to_array(
        &self,
        kind: Kind,
        texts: &[Option<&str>],
        items: Vec<Option<Self::Item>>,
    ) -> PyResult<ArrayData>;

    /// Returns whether each answer is the text itself.
    fn is_unchanged(_items: &[Option<Self::Item>]) -> bool {
        false
    }
}

/// Returns the answers to `texts`: an object for a `str`, a list for a list, and a column of the
/// same library for a column.
pub fn map<'py, A: Answer>(texts: &Bound<'py, PyAny>, answer: &mut A) -> PyResult<Bound<'py, PyAny>> {
    let py = texts.py();
    if let Ok(text) = texts.cast::<PyString>() {
        answer.check_rows(1)?;
        let utf8 = text.to_str()?;
        let item = py.detach(|| answer.compute(0, utf8, &mut Workspace::new()));
        return answer.to_object(text, item.map_err(PyValueError::new_err)?);
    }
    if let Some(chunks) = library::arrow_chunks(texts, &strings::check)? {
        return map_arrow(texts, &chunks, answer);
    }
    let (objects, series) = objects_of("expected a str, a list", texts)?;
    let strings = of_objects(None, &objects)?;
    let texts: Vec<Option<&str>> = strings.iter().map(Option::as_deref).collect();
    let items = compute_all(py, &texts, answer)?;
    let results = PyList::empty(py);
    for (object, item) in objects.iter().zip(items) {
        match item {
            Some(item) => results.append(answer.to_object(object.cast()?, item)?)?,
            None => results.append(py.None())?,
        }
    }
    match series {
        Some(series) => library::pandas_series(&series, &results, A::IS_TEXT),
        None => Ok(results.into_any()),
    }
}

fn map_arrow<'py, A: Answer>(
    column: &Bound<'py, PyAny>,
    chunks: &[ArrayData],
    answer: &mut A,
) -> PyResult<Bound<'py, PyAny>> {
    let chunks = chunks.iter().map(Strings::new).collect::<PyResult<Vec<_>>>()?;
    let mut texts = Vec::new();
    let mut parts: Vec<Range<usize>> = Vec::with_capacity(chunks.len());
    for chunk in &chunks {
        let start = texts.len();
        chunk.push_to(&mut texts)?;
        parts.push(start..texts.len());
    }
    let items = compute_all(column.py(), &texts, answer)?;
    let library = Library::of(column)?;
    // Other objects may be readable only once.
    let is_kept = library != Library::Other || column.cast::<Column>().is_ok();
    if is_kept && A::is_unchanged(&items) && chunks.iter().all(|chunk| chunk.is_plain) {
        return Ok(column.clone());
    }
    // Without chunks, or if the column has no chunk, the result is one array.
    if !library.has_chunks() || parts.is_empty() {
        parts = std::iter::once(0..texts.len()).collect();
    }
    let kind = chunks.first().map_or(Kind::Small, |chunk| chunk.kind);
    let mut items = items.into_iter();
    let array = |part: Range<usize>| {
        let items = items.by_ref().take(part.len()).collect();
        answer.to_array(kind, &texts[part], items)
    };
    library.column(column, parts.into_iter().map(array).collect::<PyResult<_>>()?)
}

/// Computes the answer for each text. A text that is null has no answer.
fn compute_all<A: Answer>(
    py: Python<'_>,
    texts: &[Option<&str>],
    answer: &mut A,
) -> PyResult<Vec<Option<A::Item>>> {
    answer.check_rows(texts.len())?;
    let mut signals = Signals::new(py)?;
    let mut workspace = Workspace::new();
    let mut item = |(row, text): (usize, &Option<&str>)| {
        signals.check()?;
        let item = text.map(|text| answer.compute(row, text, &mut workspace)).transpose();
        item.map_err(|error| PyValueError::new_err(format!("row {row}: {error}")))
    };
    py.detach(|| texts.iter().enumerate().map(&mut item).collect())
}

/// The objects of a list, and the series of pandas that they are from.
type Objects<'py> = (Vec<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>);

/// Returns the objects of a list or another iterable, which errors call `name`, and of a series of
/// pandas also the series. Missing values of a series are `None`.
pub fn objects<'py>(name: &str, texts: &Bound<'py, PyAny>) -> PyResult<Objects<'py>> {
    objects_of(&format!("`{name}`: expected a list"), texts)
}

fn objects_of<'py>(expected: &str, texts: &Bound<'py, PyAny>) -> PyResult<Objects<'py>> {
    if let Some(objects) = library::pandas_objects(texts)? {
        return Ok((objects, Some(texts.clone())));
    }
    let is_unordered = texts.is_instance_of::<PySet>() || texts.is_instance_of::<PyFrozenSet>();
    let is_bytes = texts.is_instance_of::<PyBytes>() || texts.is_instance_of::<PyByteArray>();
    let other =
        is_unordered || is_bytes || texts.is_instance_of::<PyDict>() || texts.is_instance_of::<PyString>();
    let wrong = || {
        let found = type_name(texts);
        PyTypeError::new_err(format!(
            "{expected} or another ordered iterable, or a column with the Arrow PyCapsule interface, found {found}"
        ))
    };
    if other {
        return Err(wrong());
    }
    let iterator = texts.try_iter().map_err(|error| if_type_error(texts.py(), error, wrong))?;
    Ok((iterator.collect::<PyResult<_>>()?, None))
}

/// Returns `wrong`, with its cause, if `error` is a `TypeError`. Any other error comes from code of
/// the caller, and says more.
pub fn if_type_error(py: Python<'_>, error: PyErr, wrong: impl FnOnce() -> PyErr) -> PyErr {
    if !error.is_instance_of::<PyTypeError>(py) {
        return error;
    }
    let wrong = wrong();
    wrong.set_cause(py, Some(error));
    wrong
}

/// Returns the texts of objects, which errors call `name`, if there are several columns.
fn of_objects(name: Option<&str>, objects: &[Bound<'_, PyAny>]) -> PyResult<Vec<Option<PyBackedStr>>> {
    let string = |(row, object): (usize, &Bound<'_, PyAny>)| {
        if object.is_none() {
            return Ok(None);
        }
        let text = object.cast::<PyString>().map_err(|_| {
            let found = type_name(object);
            PyTypeError::new_err(match name {
                Some(name) => format!("`{name}`, row {row}: expected a str, found {found}"),
                None => format!("row {row}: expected a str or None, found {found}"),
            })
        })?;
        match PyBackedStr::try_from(text.clone()) {
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(with_row(object.py(), error, row)),
        }
    };
    objects.iter().enumerate().map(string).collect()
}

/// Adds the row to the reason of an error about a surrogate.
fn with_row(py: Python<'_>, error: PyErr, row: usize) -> PyErr {
    if error.is_instance_of::<PyUnicodeEncodeError>(py) {
        let value = error.value(py);
        let reason = format!("surrogates not allowed, in row {row}");
        if let Err(error) = value.setattr(intern!(py, "reason"), reason) {
            return error;
        }
    }
    error
}

/// The texts of a column whose answers are no column: those of an index, or of all texts together.
#[derive(Debug)]
pub struct Texts(Held);

#[derive(Debug)]
enum Held {
    Strings(Vec<Option<PyBackedStr>>),
    Arrow(Vec<Strings>),
}

impl Texts {
    /// Reads the texts, which errors call `name`.
    pub fn read(name: &str, texts: &Bound<'_, PyAny>) -> PyResult<Self> {
        let check: Check<'_> = &|found| {
            strings::check(found).map_err(|_| {
                let remedy = "pass one column, or cast it";
                PyTypeError::new_err(format!(
                    "`{name}`: expected a column of strings, found {found}: {remedy}"
                ))
            })
        };
        Ok(Self(match library::arrow_chunks(texts, check)? {
            Some(chunks) => Held::Arrow(chunks.iter().map(Strings::new).collect::<PyResult<_>>()?),
            None => Held::Strings(of_objects(Some(name), &objects(name, texts)?.0)?),
        }))
    }

    /// Returns the texts in order, with `None` for null.
    pub fn optional(&self) -> PyResult<Vec<Option<&str>>> {
        match &self.0 {
            Held::Strings(strings) => Ok(strings.iter().map(Option::as_deref).collect()),
            Held::Arrow(chunks) => {
                let mut texts = Vec::new();
                chunks.iter().try_for_each(|chunk| chunk.push_to(&mut texts))?;
                Ok(texts)
            }
        }
    }

    /// Returns the texts in order, none of which may be null.
    pub fn required(&self, name: &str) -> PyResult<Vec<&str>> {
        let texts = self.optional()?;
        let required = |(row, text): (usize, Option<_>)| {
            text.ok_or_else(|| {
                PyValueError::new_err(format!("`{name}`, row {row}: expected a str, found null"))
            })
        };
        texts.into_iter().enumerate().map(required).collect()
    }
}

/// Returns the name of the type of an object.
pub fn type_name(object: &Bound<'_, PyAny>) -> String {
    object
        .get_type()
        .fully_qualified_name()
        .map_or_else(|_| "another type".to_owned(), |name| name.to_string())
}

/// Checks that two columns have equally many rows.
pub fn check_rows(name: &str, expected: usize, found: usize) -> PyResult<()> {
    let error = || PyValueError::new_err(format!("`{name}`: expected {expected} rows, found {found}"));
    if expected == found { Ok(()) } else { Err(error()) }
}
