//! Arrow arrays of results.

use std::sync::Arc;

use arrow_array::{BinaryArray, Int64Array, StringArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, DataType, Field};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use refrain::Fingerprint;

use crate::strings::MAX_OFFSET;

fn unexpected(error: ArrowError) -> PyErr {
    PyValueError::new_err(format!("cannot build the Arrow column: {error}"))
}

/// Returns a column of lists, with null for `None`. `lens` are the lengths of the lists, which
/// `values` has one after the other.
pub fn lists(lens: impl Iterator<Item = Option<usize>> + Clone, values: ArrayData) -> PyResult<ArrayData> {
    if values.len() > MAX_OFFSET {
        return Err(PyValueError::new_err(format!(
            "the lists have {} items, and a column has at most {MAX_OFFSET}: pass several columns",
            values.len()
        )));
    }
    let nulls: NullBuffer = lens.clone().map(|len| len.is_some()).collect::<Vec<_>>().into();
    let offsets = OffsetBuffer::<i32>::from_lengths(lens.map(Option::unwrap_or_default));
    let field = Arc::new(Field::new("item", values.data_type().clone(), true));
    let lists = ArrayData::builder(DataType::List(field)).len(nulls.len()).nulls(Some(nulls));
    lists.add_buffer(offsets.into_inner().into_inner()).add_child_data(values).build().map_err(unexpected)
}

/// Returns a column of structs, which is null where `nulls` is.
pub fn structs(columns: Vec<(&'static str, ArrayData)>, nulls: Option<NullBuffer>) -> PyResult<ArrayData> {
    let field =
        |(name, array): &(&'static str, ArrayData)| Field::new(*name, array.data_type().clone(), true);
    let fields = columns.iter().map(field).collect();
    let len = columns.first().map_or(0, |(_, array)| array.len());
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let structs = ArrayData::builder(DataType::Struct(fields)).len(len).nulls(nulls);
    structs.child_data(arrays).build().map_err(unexpected)
}

/// Returns a column of integers.
pub fn integers(numbers: impl Iterator<Item = usize>) -> ArrayData {
    Int64Array::from_iter_values(numbers.map(|number| i64::try_from(number).unwrap_or(i64::MAX))).into()
}

/// Returns a column of short strings.
pub fn names<'a>(names: impl Iterator<Item = &'a str> + Clone) -> PyResult<ArrayData> {
    check_bytes(names.clone().map(str::len).sum())?;
    Ok(StringArray::from_iter_values(names).into())
}

fn check_bytes(bytes: usize) -> PyResult<()> {
    if bytes <= MAX_OFFSET {
        return Ok(());
    }
    Err(PyValueError::new_err(format!(
        "the result has {bytes} bytes, and a column has at most {MAX_OFFSET}: pass several columns"
    )))
}

/// The form in which fingerprints are returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// 16 bytes.
    Binary,
    /// 32 hexadecimal digits.
    Hex,
    /// The low half, as a signed integer.
    Int64,
}

impl Form {
    pub fn read(name: &str) -> PyResult<Self> {
        match name {
            "binary" => Ok(Self::Binary),
            "hex" => Ok(Self::Hex),
            "int64" => Ok(Self::Int64),
            _ => Err(PyValueError::new_err(format!(
                "unknown form `{name}` of fingerprints; expected `binary`, `hex` or `int64`"
            ))),
        }
    }

    /// Returns a column of fingerprints.
    pub fn array(self, fingerprints: &[Option<Fingerprint>]) -> PyResult<ArrayData> {
        let bytes = match self {
            Self::Binary => 16,
            Self::Hex => 32,
            Self::Int64 => 0,
        };
        check_bytes(fingerprints.len().saturating_mul(bytes))?;
        let all = fingerprints.iter().copied();
        Ok(match self {
            Self::Binary => all.map(|it| it.map(Fingerprint::to_bytes)).collect::<BinaryArray>().into(),
            Self::Hex => all.map(|it| it.map(|it| it.to_string())).collect::<StringArray>().into(),
            Self::Int64 => all.map(|it| it.map(Fingerprint::low_i64)).collect::<Int64Array>().into(),
        })
    }

    /// Returns a fingerprint as an object.
    pub fn object<'py>(self, py: Python<'py>, fingerprint: Fingerprint) -> PyResult<Bound<'py, PyAny>> {
        Ok(match self {
            Self::Binary => PyBytes::new(py, &fingerprint.to_bytes()).into_any(),
            Self::Hex => fingerprint.to_string().into_pyobject(py)?.into_any(),
            Self::Int64 => fingerprint.low_i64().into_pyobject(py)?.into_any(),
        })
    }
}
