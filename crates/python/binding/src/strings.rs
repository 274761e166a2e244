//! The strings of Arrow arrays, of every kind, read as text that was checked, and written.

use arrow_array::builder::{LargeStringBuilder, StringBuilder, StringViewBuilder};
use arrow_array::{
    Array, BinaryArray, BinaryViewArray, LargeBinaryArray, LargeStringArray, StringArray, StringViewArray,
};
use arrow_data::ArrayData;
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::numbers::integers_of;

/// The most bytes, or items, that an array with offsets of 32 bits can have.
pub const MAX_OFFSET: usize = i32::MAX as usize;

/// The kinds of strings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Small,
    Large,
    View,
}

impl Kind {
    /// Returns the kind of a column of this type, or `None` if it has no strings.
    fn of(found: &DataType) -> Option<Self> {
        match found {
            DataType::Utf8 | DataType::Null => Some(Self::Small),
            DataType::LargeUtf8 => Some(Self::Large),
            DataType::Utf8View => Some(Self::View),
            _ => None,
        }
    }
}

/// An array of strings. It is read as bytes, because other libraries do not always check that a
/// column is UTF-8.
#[derive(Debug)]
pub struct Strings {
    bytes: Bytes,
    pub kind: Kind,
    /// True if a column of the results has the type of this array.
    pub is_plain: bool,
}

#[derive(Debug)]
enum Bytes {
    Small(BinaryArray),
    Large(LargeBinaryArray),
    View(BinaryViewArray),
    /// The strings of a dictionary, and for each row which of them it has.
    Dictionary(Box<Bytes>, Vec<Option<i64>>),
    /// Nulls only.
    Null(usize),
}

/// Checks that a column of this type has strings.
pub fn check(found: &DataType) -> PyResult<()> {
    let strings = match found {
        DataType::Dictionary(_, values) => values,
        found => found,
    };
    Kind::of(strings).map(|_| ()).ok_or_else(|| unexpected(found))
}

fn unexpected(found: &DataType) -> PyErr {
    PyTypeError::new_err(format!(
        "expected a column of strings, found {found}: pass a column such as `table[\"text\"]`, or cast it"
    ))
}

impl Strings {
    pub fn new(array: &ArrayData) -> PyResult<Self> {
        let expected = || unexpected(array.data_type());
        let (bytes, kind) = match array.data_type() {
            DataType::Dictionary(keys, _) => {
                let values = array.child_data().first().and_then(Bytes::of_strings);
                let (values, kind) = values.ok_or_else(expected)?;
                let rows = integers_of(keys, array, 0..array.len())?.ok_or_else(expected)?;
                (Bytes::Dictionary(Box::new(values), rows), kind)
            }
            _ => Bytes::of_strings(array).ok_or_else(expected)?,
        };
        let is_plain = !matches!(bytes, Bytes::Dictionary(..) | Bytes::Null(_));
        Ok(Self { bytes, kind, is_plain })
    }

    /// Appends the texts to `texts`.
    pub fn push_to<'a>(&'a self, texts: &mut Vec<Option<&'a str>>) -> PyResult<()> {
        let mut push = |bytes: Option<&'a [u8]>| {
            let row = texts.len();
            let text = bytes.map(std::str::from_utf8).transpose().map_err(|error| {
                let at = error.valid_up_to();
                PyValueError::new_err(format!("row {row}: expected UTF-8, found another byte at byte {at}"))
            })?;
            texts.push(text);
            Ok(())
        };
        match &self.bytes {
            Bytes::Dictionary(values, rows) => {
                rows.iter().try_for_each(|row| push(row.and_then(|row| values.get(row))))
            }
            Bytes::Null(len) => (0..*len).try_for_each(|_| push(None)),
            Bytes::Small(array) => array.iter().try_for_each(push),
            Bytes::Large(array) => array.iter().try_for_each(push),
            Bytes::View(array) => array.iter().try_for_each(push),
        }
    }
}

impl Bytes {
    fn of_strings(array: &ArrayData) -> Option<(Self, Kind)> {
        let kind = Kind::of(array.data_type())?;
        let bytes = match kind {
            Kind::Small if array.data_type().is_null() => Self::Null(array.len()),
            Kind::Small => Self::Small(StringArray::from(array.clone()).into()),
            Kind::Large => Self::Large(LargeStringArray::from(array.clone()).into()),
            Kind::View => Self::View(StringViewArray::from(array.clone()).to_binary_view()),
        };
        Some((bytes, kind))
    }

    /// Returns the string in `row`, or `None` if there is none.
    fn get(&self, row: i64) -> Option<&[u8]> {
        let row = usize::try_from(row).ok()?;
        match self {
            Self::Small(array) => (row < array.len() && array.is_valid(row)).then(|| array.value(row)),
            Self::Large(array) => (row < array.len() && array.is_valid(row)).then(|| array.value(row)),
            Self::View(array) => (row < array.len() && array.is_valid(row)).then(|| array.value(row)),
            Self::Dictionary(..) | Self::Null(_) => None,
        }
    }
}

/// Returns a column of `texts`.
pub fn array_of<'a>(
    kind: Kind,
    texts: impl ExactSizeIterator<Item = Option<&'a str>> + Clone,
) -> PyResult<ArrayData> {
    let rows = texts.len();
    let bytes = texts.clone().flatten().map(str::len).sum::<usize>();
    if (kind == Kind::Small && bytes > MAX_OFFSET)
        || (kind == Kind::View && texts.clone().flatten().any(|text| text.len() > MAX_OFFSET))
    {
        return Err(PyValueError::new_err(format!(
            "the result has {bytes} bytes, and a column of this type has at most {MAX_OFFSET}: pass a column of \
             the type `large_string`, or several columns"
        )));
    }
    Ok(match kind {
        Kind::Small => {
            let mut builder = StringBuilder::with_capacity(rows, bytes);
            texts.for_each(|text| builder.append_option(text));
            builder.finish().into()
        }
        Kind::Large => {
            let mut builder = LargeStringBuilder::with_capacity(rows, bytes);
            texts.for_each(|text| builder.append_option(text));
            builder.finish().into()
        }
        Kind::View => {
            let mut builder = StringViewBuilder::with_capacity(rows);
            texts.for_each(|text| builder.append_option(text));
            builder.finish().into()
        }
    })
}
