//! Numbers and lists that come with a column of texts: positions to remove, pairs, priorities.

use std::fmt::Display;
use std::ops::Range;

use arrow_buffer::ArrowNativeType;
use arrow_data::ArrayData;
use arrow_schema::DataType;
use pyo3::exceptions::{PyLookupError, PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::arrow::Check;
use crate::{column, library};

/// The integers of some rows, with `None` for null, or `None` for an array of another type.
pub type Integers = Option<Vec<Option<i64>>>;

/// Returns the integers in some rows of an array, which has integers of the type `found`, or the
/// keys of a dictionary.
///
/// # Errors
///
/// An unsigned integer is 2⁶³ or more.
pub fn integers_of(found: &DataType, array: &ArrayData, rows: Range<usize>) -> PyResult<Integers> {
    fn of<T: ArrowNativeType + TryInto<i64> + Display>(
        array: &ArrayData,
        rows: Range<usize>,
    ) -> PyResult<Integers> {
        let signed = |number: T| number.try_into().map_err(|_| too_large(number));
        let mut all = Vec::with_capacity(rows.len());
        for (&number, row) in array.buffer::<T>(0)[rows.clone()].iter().zip(rows) {
            all.push(array.is_valid(row).then(|| signed(number)).transpose()?);
        }
        Ok(Some(all))
    }
    match found {
        DataType::Int8 => of::<i8>(array, rows),
        DataType::Int16 => of::<i16>(array, rows),
        DataType::Int32 => of::<i32>(array, rows),
        DataType::Int64 => of::<i64>(array, rows),
        DataType::UInt8 => of::<u8>(array, rows),
        DataType::UInt16 => of::<u16>(array, rows),
        DataType::UInt32 => of::<u32>(array, rows),
        DataType::UInt64 => of::<u64>(array, rows),
        DataType::Null => Ok(Some(vec![None; rows.len()])),
        _ => Ok(None),
    }
}

fn integers(array: &ArrayData, rows: Range<usize>) -> PyResult<Integers> {
    integers_of(array.data_type(), array, rows)
}

/// Returns the integers in some rows of a field of structs, or `None` if there is no such field.
pub fn integers_of_field(structs: &ArrayData, name: &str, rows: Range<usize>) -> PyResult<Integers> {
    let DataType::Struct(fields) = structs.data_type() else { return Ok(None) };
    let Some((at, _)) = fields.find(name) else { return Ok(None) };
    // A field has also the rows before the first struct.
    let offset = structs.offset();
    integers(&structs.child_data()[at], rows.start + offset..rows.end + offset)
}

fn too_large(number: impl Display) -> PyErr {
    PyOverflowError::new_err(format!(
        "expected an integer of less than 2^63 in absolute value, found {number}"
    ))
}

fn wrong_type(name: &str, expected: &str, found: &DataType) -> PyErr {
    PyTypeError::new_err(format!("`{name}`: expected {expected}, found {found}"))
}

/// Returns whether a column of this type has integers, or nothing but nulls.
fn are_integers(found: &DataType) -> bool {
    found.is_integer() || found.is_null()
}

/// Returns whether a column of this type has structs with integers of these names, or nothing but
/// nulls.
pub fn are_structs_of_integers(found: &DataType, names: &[&str]) -> bool {
    let DataType::Struct(fields) = found else { return found.is_null() };
    names.iter().all(|name| fields.find(name).is_some_and(|(_, field)| are_integers(field.data_type())))
}

/// Reads a column of integers, in which no row is null.
pub fn read_integers(name: &str, numbers: &Bound<'_, PyAny>) -> PyResult<Vec<u64>> {
    let mut all = Vec::new();
    let missing =
        |row: usize| PyValueError::new_err(format!("`{name}`, row {row}: expected an integer, found null"));
    let wrong = |found: &DataType| wrong_type(name, "a column of integers", found);
    let check: Check<'_> = &|found| if are_integers(found) { Ok(()) } else { Err(wrong(found)) };
    if let Some(chunks) = library::arrow_chunks(numbers, check)? {
        for chunk in chunks {
            let found = integers(&chunk, 0..chunk.len())?.ok_or_else(|| wrong(chunk.data_type()))?;
            for number in found {
                let row = all.len();
                all.push(unsigned(name, row, number.ok_or_else(|| missing(row))?)?);
            }
        }
        return Ok(all);
    }
    for (row, number) in column::objects(name, numbers)?.0.iter().enumerate() {
        if number.is_none() {
            return Err(missing(row));
        }
        let found = number.extract::<i64>().map_err(|error| {
            if error.is_instance_of::<PyOverflowError>(number.py()) {
                return too_large(number);
            }
            column::if_type_error(number.py(), error, || {
                let found = column::type_name(number);
                PyTypeError::new_err(format!("`{name}`, row {row}: expected an integer, found {found}"))
            })
        })?;
        all.push(unsigned(name, row, found)?);
    }
    Ok(all)
}

fn unsigned(name: &str, row: usize, number: i64) -> PyResult<u64> {
    u64::try_from(number).map_err(|_| {
        PyValueError::new_err(format!("`{name}`, row {row}: expected 0 or more, found {number}"))
    })
}

/// An item of a list: an index, or the two ends of a span.
pub trait Item: Sized {
    /// The description of a column of such lists.
    const EXPECTED: &'static str;

    fn from_object(object: &Bound<'_, PyAny>) -> PyResult<Self>;

    /// Returns whether an array of this type has such items, or nothing but nulls.
    fn fits(found: &DataType) -> bool;

    /// Returns the items in some rows of an array, or `None` if it has another type.
    fn from_array(array: &ArrayData, rows: Range<usize>) -> PyResult<Option<Vec<Option<Self>>>>;
}

impl Item for i64 {
    const EXPECTED: &'static str = "lists of integers";

    fn from_object(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        object.extract()
    }

    fn fits(found: &DataType) -> bool {
        are_integers(found)
    }

    fn from_array(array: &ArrayData, rows: Range<usize>) -> PyResult<Option<Vec<Option<Self>>>> {
        integers(array, rows)
    }
}

/// The two ends of a span, in code points.
impl Item for (i64, i64) {
    const EXPECTED: &'static str = "lists of spans with a `start` and an `end`";

    fn from_object(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        // Its ends are bytes.
        if object.get_type().name()? == "ByteSpan" {
            return Err(PyTypeError::new_err("expected code points, found bytes"));
        }
        if object.cast::<PyTuple>().is_ok_and(|pair| pair.len() == 2) {
            return object.extract();
        }
        Ok((field(object, "start")?.extract()?, field(object, "end")?.extract()?))
    }

    fn fits(found: &DataType) -> bool {
        are_structs_of_integers(found, &["start", "end"])
    }

    fn from_array(array: &ArrayData, rows: Range<usize>) -> PyResult<Option<Vec<Option<Self>>>> {
        if array.data_type().is_null() {
            return Ok(Some(vec![None; rows.len()]));
        }
        let ends = |name| integers_of_field(array, name, rows.clone());
        let both = ends("start")?.zip(ends("end")?);
        // A null struct may have any content.
        let span = |(row, (start, end)): (usize, (Option<i64>, Option<i64>))| {
            start.zip(end).filter(|_| array.is_valid(row))
        };
        Ok(both.map(|(starts, ends)| rows.zip(starts.into_iter().zip(ends)).map(span).collect()))
    }
}

/// Returns the attribute `name` of an object, or its item. An object that has neither is a
/// `TypeError`.
pub fn field<'py>(object: &Bound<'py, PyAny>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    if let Some(value) = object.getattr_opt(name)? {
        return Ok(value);
    }
    object.get_item(name).map_err(|error| {
        let is_missing = error.is_instance_of::<PyLookupError>(object.py());
        if is_missing { PyTypeError::new_err(format!("expected `{name}`")) } else { error }
    })
}

/// Reads the list of one text, which errors call `name`. Nulls in it are left out, as in a column
/// of Arrow.
pub fn read_list<T: Item>(name: &str, list: &Bound<'_, PyAny>) -> PyResult<Vec<T>> {
    let wrong = |found: &Bound<'_, PyAny>| {
        let found = column::type_name(found);
        PyTypeError::new_err(format!("{name}: expected {}, found {found}", T::EXPECTED))
    };
    let mut all = Vec::new();
    for item in list.try_iter().map_err(|error| column::if_type_error(list.py(), error, || wrong(list)))? {
        let item = item?;
        if !item.is_none() {
            all.push(T::from_object(&item).map_err(|error| {
                if !error.is_instance_of::<PyOverflowError>(item.py()) {
                    return column::if_type_error(item.py(), error, || wrong(&item));
                }
                let expected = "integers of less than 2^63 in absolute value";
                PyOverflowError::new_err(format!("{name}: expected {expected}, found {item}"))
            })?);
        }
    }
    Ok(all)
}

/// Reads a column of lists. A null is an empty list.
pub fn read_lists<T: Item>(name: &str, lists: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<T>>> {
    let mut all = Vec::new();
    let wrong = |found: &DataType| wrong_type(name, T::EXPECTED, found);
    let check: Check<'_> = &|found| {
        let fits = found.is_null() || item_type(found).is_some_and(T::fits);
        if fits { Ok(()) } else { Err(wrong(found)) }
    };
    match library::arrow_chunks(lists, check)? {
        Some(chunks) => {
            for chunk in chunks {
                push_lists(&chunk, &mut all)?.ok_or_else(|| wrong(chunk.data_type()))?;
            }
        }
        None => {
            for (row, list) in column::objects(name, lists)?.0.into_iter().enumerate() {
                let name = format!("`{name}`, row {row}");
                all.push(if list.is_none() { Vec::new() } else { read_list(&name, &list)? });
            }
        }
    }
    Ok(all)
}

/// Returns the type of the items of lists, or `None` if a column of this type has no lists.
fn item_type(found: &DataType) -> Option<&DataType> {
    match found {
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::ListView(item)
        | DataType::LargeListView(item) => Some(item.data_type()),
        _ => None,
    }
}

/// Appends the lists of an array, or returns `None` if it has another type.
fn push_lists<T: Item>(array: &ArrayData, all: &mut Vec<Vec<T>>) -> PyResult<Option<()>> {
    for row in 0..array.len() {
        let rows = match array.data_type() {
            _ if array.is_null(row) => 0..0,
            DataType::Null => 0..0,
            DataType::List(_) => rows_of_list::<i32>(array, row),
            DataType::LargeList(_) => rows_of_list::<i64>(array, row),
            DataType::FixedSizeList(_, size) => {
                let (row, size) = (array.offset() + row, size.as_usize());
                row * size..(row + 1) * size
            }
            DataType::ListView(_) => rows_of_view::<i32>(array, row),
            DataType::LargeListView(_) => rows_of_view::<i64>(array, row),
            _ => return Ok(None),
        };
        // An array of nulls has no items.
        let list =
            array.child_data().first().map_or(Ok(Some(Vec::new())), |items| T::from_array(items, rows))?;
        let Some(list) = list else { return Ok(None) };
        all.push(list.into_iter().flatten().collect());
    }
    Ok(Some(()))
}

/// Returns the rows of the items of a list.
fn rows_of_list<T: ArrowNativeType>(lists: &ArrayData, row: usize) -> Range<usize> {
    let offsets = lists.buffer::<T>(0);
    offsets[row].as_usize()..offsets[row + 1].as_usize()
}

/// Returns the rows of the items of a list view.
fn rows_of_view<T: ArrowNativeType>(lists: &ArrayData, row: usize) -> Range<usize> {
    let start = lists.buffer::<T>(0)[row].as_usize();
    start..start + lists.buffer::<T>(1)[row].as_usize()
}
