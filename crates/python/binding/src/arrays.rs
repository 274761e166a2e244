//! Arrow arrays of results.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BinaryArray, Int64Array, ListArray, StringArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, Field, Fields};
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
pub fn lists(lens: impl Iterator<Item = Option<usize>> + Clone, values: ArrayRef) -> PyResult<ArrayRef> {
    if values.len() > MAX_OFFSET {
        return Err(PyValueError::new_err(format!(
            "the lists have {} items, and a column has at most {MAX_OFFSET}: pass several columns",
            values.len()
        )));
    }
    let nulls: NullBuffer = lens.clone().map(|len| len.is_some()).collect::<Vec<_>>().into();
    let offsets = OffsetBuffer::from_lengths(lens.map(Option::unwrap_or_default));
    let field = Arc::new(Field::new("item", values.data_type().clone(), true));
    let nulls = (nulls.null_count() > 0).then_some(nulls);
    Ok(Arc::new(ListArray::try_new(field, offsets, values, nulls).map_err(unexpected)?))
}

/// Returns a column of structs, which is null where `nulls` is.
pub fn structs(columns: Vec<(&'static str, ArrayRef)>, nulls: Option<NullBuffer>) -> PyResult<ArrayRef> {
    let field = |(name, array): &(&'static str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let fields: Fields = columns.iter().map(field).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    Ok(Arc::new(StructArray::try_new(fields, arrays, nulls).map_err(unexpected)?))
}

/// Returns a column of integers.
pub fn integers(numbers: impl Iterator<Item = usize>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(numbers.map(|number| i64::try_from(number).unwrap_or(i64::MAX))))
}

/// Returns a column of short strings.
pub fn names<'a>(names: impl Iterator<Item = &'a str> + Clone) -> PyResult<ArrayRef> {
    check_bytes(names.clone().map(str::len).sum())?;
    Ok(Arc::new(StringArray::from_iter_values(names)))
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
    pub fn array(self, fingerprints: &[Option<Fingerprint>]) -> PyResult<ArrayRef> {
        let bytes = match self {
            Self::Binary => 16,
            Self::Hex => 32,
            Self::Int64 => 0,
        };
        check_bytes(fingerprints.len().saturating_mul(bytes))?;
        let all = fingerprints.iter().copied();
        Ok(match self {
            Self::Binary => Arc::new(all.map(|it| it.map(Fingerprint::to_bytes)).collect::<BinaryArray>()),
            Self::Hex => Arc::new(all.map(|it| it.map(|it| it.to_string())).collect::<StringArray>()),
            Self::Int64 => Arc::new(all.map(|it| it.map(Fingerprint::low_i64)).collect::<Int64Array>()),
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
