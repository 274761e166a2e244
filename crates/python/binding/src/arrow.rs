//! The Arrow border: columns of other libraries in and out, by the Arrow PyCapsule interface.
//!
//! This is the only file with `unsafe`. The structs of the interface are those of `arrow-array`; a
//! capsule is a pointer to such a struct, under a name that says which struct it is.
//!
//! Columns are `ArrayData` in the whole crate. `make_array`, which arrays with children call too,
//! would link the code of every type of array into the module.

#![allow(unsafe_code)]

use std::ffi::CStr;
use std::ptr::NonNull;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, DataType};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::signals::Signals;

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// A function that returns an error for a column of a wrong type.
pub type Check<'a> = &'a (dyn Fn(&DataType) -> PyResult<()> + Sync);

/// Returns the arrays of a column, or `None` if `column` does not have the interface. Before the
/// arrays of a stream are read, `check` is called with their type.
pub fn read(column: &Bound<'_, PyAny>, check: Check<'_>) -> PyResult<Option<Vec<ArrayData>>> {
    let py = column.py();
    if let Some(export) = column.getattr_opt(intern!(py, "__arrow_c_array__"))? {
        let capsules = export.call0()?;
        let pair = capsules.cast::<PyTuple>().ok().filter(|pair| pair.len() == 2);
        let pair = pair.ok_or_else(|| {
            PyTypeError::new_err(
                "expected a tuple of two capsules from `__arrow_c_array__`, found another object",
            )
        })?;
        let array = read_array(&pair.get_item(0)?, &pair.get_item(1)?)?;
        check(array.data_type())?;
        return Ok(Some(vec![array]));
    }
    match column.getattr_opt(intern!(py, "__arrow_c_stream__"))? {
        Some(export) => Ok(Some(read_stream(&export.call0()?, check)?)),
        None => Ok(None),
    }
}

/// Takes the array out of a pair of capsules.
fn read_array(schema: &Bound<'_, PyAny>, array: &Bound<'_, PyAny>) -> PyResult<ArrayData> {
    let schema = pointer::<FFI_ArrowSchema>(schema, SCHEMA)?;
    let array = pointer::<FFI_ArrowArray>(array, ARRAY)?;
    // SAFETY: By the interface, a capsule with this name points to a schema, which lives as long as
    // the capsule, and nobody else uses it while the interpreter runs this function.
    let schema = unsafe { schema.as_ref() };
    // SAFETY: As above. The array is moved out of the capsule, which is marked as released.
    let array = unsafe { FFI_ArrowArray::from_raw(array.as_ptr()) };
    import(array, schema)
}

/// Takes all arrays out of the capsule of a stream.
fn read_stream(capsule: &Bound<'_, PyAny>, check: Check<'_>) -> PyResult<Vec<ArrayData>> {
    let stream = pointer::<FFI_ArrowArrayStream>(capsule, STREAM)?;
    // SAFETY: By the interface, a capsule with this name points to a stream. The stream is moved
    // out of the capsule, which is marked as released.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) };
    // A producer may wait for another thread, which may need the interpreter.
    let signals = Signals::new(capsule.py())?;
    capsule.py().detach(|| arrays(stream, check, signals))
}

/// Returns the arrays of a stream, and releases it.
fn arrays(
    mut stream: FFI_ArrowArrayStream,
    check: Check<'_>,
    mut signals: Signals,
) -> PyResult<Vec<ArrayData>> {
    let callbacks = stream.get_schema().zip(stream.get_next()).filter(|_| stream.release().is_some());
    let (get_schema, get_next) = callbacks.ok_or_else(|| used(STREAM))?;
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: The callback is that of this stream, which is not released, and may write the schema.
    let status = unsafe { get_schema(&raw mut stream, &raw mut schema) };
    if status != 0 {
        return Err(failed(&mut stream, status));
    }
    if schema.release().is_none() {
        return Err(used(SCHEMA));
    }
    check(&DataType::try_from(&schema).map_err(|error| unreadable(&error))?)?;
    let mut arrays = Vec::new();
    loop {
        signals.check()?;
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: As above.
        let status = unsafe { get_next(&raw mut stream, &raw mut array) };
        if status != 0 {
            return Err(failed(&mut stream, status));
        }
        // A released array is the end of the stream.
        if array.is_released() {
            return Ok(arrays);
        }
        arrays.push(import(array, &schema)?);
    }
}

/// Takes over an array.
fn import(array: FFI_ArrowArray, schema: &FFI_ArrowSchema) -> PyResult<ArrayData> {
    if schema.release().is_none() {
        return Err(used(SCHEMA));
    }
    if array.is_released() {
        return Err(used(ARRAY));
    }
    // Some libraries export a column of nulls with a buffer, which `from_ffi` refuses.
    if schema.format() == "n" {
        let nulls = ArrayData::builder(DataType::Null).len(array.len());
        return nulls.build().map_err(|error| unreadable(&error));
    }
    // SAFETY: The producer promises that the array agrees with the schema.
    unsafe { from_ffi(array, schema) }.map_err(|error| unreadable(&error))
}

/// Returns the error that a stream reports.
fn failed(stream: &mut FFI_ArrowArrayStream, status: i32) -> PyErr {
    let get = stream.get_last_error();
    // SAFETY: The callback is that of this stream, which is not released.
    let message = get.map_or(std::ptr::null(), |get| unsafe { get(std::ptr::from_mut(stream)) });
    let message = if message.is_null() {
        format!("error {status}")
    } else {
        // SAFETY: A message that is not null is a C string, which lives until the next call.
        unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned()
    };
    PyValueError::new_err(format!("the Arrow stream failed: {message}"))
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
    array: ArrayData,
}

impl Column {
    pub fn new(array: ArrayData) -> Self {
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
        let (array, schema) = to_ffi(&self.array).map_err(|error| unreadable(&error))?;
        let schema = PyCapsule::new_with_value(py, schema, SCHEMA)?;
        let array = PyCapsule::new_with_value(py, array, ARRAY)?;
        PyTuple::new(py, [schema, array])
    }
}
