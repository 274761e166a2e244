//! The Arrow border: columns of other libraries in and out, by the Arrow PyCapsule interface.
//!
//! This is the only file with `unsafe`. The structs of the interface are those of `arrow-array`; a
//! capsule is a pointer to such a struct, under a name that says which struct it is.

#![allow(unsafe_code)]

use std::ffi::CStr;
use std::ptr::NonNull;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayRef, make_array};
use arrow_schema::ArrowError;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// Returns the arrays of a column, or `None` if `column` does not have the interface.
pub fn read(column: &Bound<'_, PyAny>) -> PyResult<Option<Vec<ArrayRef>>> {
    let py = column.py();
    if let Some(export) = column.getattr_opt(intern!(py, "__arrow_c_array__"))? {
        let capsules = export.call0()?;
        let pair = capsules.cast::<PyTuple>().ok().filter(|pair| pair.len() == 2);
        let pair = pair.ok_or_else(|| {
            PyTypeError::new_err(
                "expected a tuple of two capsules from `__arrow_c_array__`, found another object",
            )
        })?;
        return Ok(Some(vec![read_array(&pair.get_item(0)?, &pair.get_item(1)?)?]));
    }
    match column.getattr_opt(intern!(py, "__arrow_c_stream__"))? {
        Some(export) => Ok(Some(read_stream(&export.call0()?)?)),
        None => Ok(None),
    }
}

/// Takes the array out of a pair of capsules.
fn read_array(schema: &Bound<'_, PyAny>, array: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let schema = pointer::<FFI_ArrowSchema>(schema, SCHEMA)?;
    let array = pointer::<FFI_ArrowArray>(array, ARRAY)?;
    // SAFETY: By the interface, a capsule with this name points to a schema, which lives as long as
    // the capsule, and nobody else uses it while the interpreter runs this function.
    let schema = unsafe { schema.as_ref() };
    if schema.release().is_none() {
        return Err(used(SCHEMA));
    }
    // SAFETY: As above. The array is moved out of the capsule, which is marked as released.
    let array = unsafe { FFI_ArrowArray::from_raw(array.as_ptr()) };
    if array.is_released() {
        return Err(used(ARRAY));
    }
    // SAFETY: The producer promises that the array agrees with the schema.
    let data = unsafe { from_ffi(array, schema) }.map_err(|error| unreadable(&error))?;
    Ok(make_array(data))
}

/// Takes all arrays out of the capsule of a stream.
fn read_stream(stream: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    let stream = pointer::<FFI_ArrowArrayStream>(stream, STREAM)?;
    // SAFETY: By the interface, a capsule with this name points to a stream. The stream is moved
    // out of the capsule, which is marked as released.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) };
    if stream.release().is_none() {
        return Err(used(STREAM));
    }
    let reader = ArrayStreamReader::try_new(stream).map_err(|error| unreadable(&error))?;
    reader.collect::<Result<_, _>>().map_err(|error| unreadable(&error))
}

/// Returns the pointer in a capsule with the given name.
fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &CStr) -> PyResult<NonNull<T>> {
    let pointer = capsule.cast::<PyCapsule>().ok().and_then(|it| it.pointer_checked(Some(name)).ok());
    let pointer = pointer.ok_or_else(|| {
        PyTypeError::new_err(format!(
            "expected a capsule named `{}`, found another object",
            name.to_string_lossy()
        ))
    })?;
    Ok(pointer.cast())
}

fn used(name: &CStr) -> PyErr {
    let name = name.to_string_lossy();
    PyValueError::new_err(format!("the capsule `{name}` was used before: export the column again"))
}

fn unreadable(error: &ArrowError) -> PyErr {
    PyValueError::new_err(format!("cannot read the Arrow column: {error}"))
}

/// An Arrow array that other libraries can take over without a copy.
///
/// Functions return it for a column of a library that `refrain` does not know by name.
#[pyclass(frozen, module = "refrain")]
#[derive(Debug)]
pub struct Column {
    array: ArrayRef,
}

impl Column {
    pub fn new(array: ArrayRef) -> Self {
        Self { array }
    }
}

#[pymethods]
impl Column {
    fn __len__(&self) -> usize {
        self.array.len()
    }

    fn __repr__(&self) -> String {
        format!("<refrain.Column of {} rows: {}>", self.array.len(), self.array.data_type())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.array.data_type()).map_err(|error| unreadable(&error))?;
        PyCapsule::new_with_value(py, schema, SCHEMA)
    }

    /// Exports the array. A `requested_schema` is ignored, as the interface allows.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let _ = requested_schema;
        let (array, schema) = to_ffi(&self.array.to_data()).map_err(|error| unreadable(&error))?;
        let schema = PyCapsule::new_with_value(py, schema, SCHEMA)?;
        let array = PyCapsule::new_with_value(py, array, ARRAY)?;
        PyTuple::new(py, [schema, array])
    }
}
