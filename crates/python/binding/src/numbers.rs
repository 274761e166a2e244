//! Numbers and lists that come with a column of texts: positions to remove, pairs, priorities.

use std::fmt::Display;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::arrow::Check;
use crate::{column, library};

/// Returns the integers of an array, or `None` if it has another type.
///
/// # Errors
///
/// An unsigned integer is 2⁶³ or more.
pub fn integers(array: &dyn Array) -> PyResult<Option<Vec<Option<i64>>>> {
    fn of<T: ArrowPrimitiveType<Native: TryInto<i64> + Copy + Display>>(
        array: &dyn Array,
    ) -> PyResult<Option<Vec<Option<i64>>>> {
        let signed = |number: T::Native| number.try_into().map_err(|_| too_large(number));
        let numbers = array.as_primitive::<T>().iter().map(|number| number.map(signed).transpose());
        Ok(Some(numbers.collect::<PyResult<_>>()?))
    }
    match array.data_type() {
        DataType::Int8 => of::<Int8Type>(array),
        DataType::Int16 => of::<Int16Type>(array),
        DataType::Int32 => of::<Int32Type>(array),
        DataType::Int64 => of::<Int64Type>(array),
        DataType::UInt8 => of::<UInt8Type>(array),
        DataType::UInt16 => of::<UInt16Type>(array),
        DataType::UInt32 => of::<UInt32Type>(array),
        DataType::UInt64 => of::<UInt64Type>(array),
        DataType::Null => Ok(Some(vec![None; array.len()])),
        _ => Ok(None),
    }
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
            let found = integers(&chunk)?.ok_or_else(|| wrong(chunk.data_type()))?;
            for number in found {
                let row = all.len();
                all.push(unsigned(name, row, number.ok_or_else(|| missing(row))?)?);
            }
        }
        return Ok(all);
    }
    let objects = numbers.try_iter().map_err(|_| {
        let found = column::type_name(numbers);
        PyTypeError::new_err(format!("`{name}`: expected a list or a column of integers, found {found}"))
    })?;
    for (row, number) in objects.enumerate() {
        let number = number?;
        let found = number.extract::<i64>().map_err(|error| {
            if error.is_instance_of::<PyOverflowError>(number.py()) {
                return too_large(&number);
            }
            let found = column::type_name(&number);
            PyTypeError::new_err(format!("`{name}`, row {row}: expected an integer, found {found}"))
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

    /// Returns the items of an array, or `None` if it has another type.
    fn from_array(array: &ArrayRef) -> PyResult<Option<Vec<Option<Self>>>>;
}

impl Item for i64 {
    const EXPECTED: &'static str = "lists of integers";

    fn from_object(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        object.extract()
    }

    fn fits(found: &DataType) -> bool {
        are_integers(found)
    }

    fn from_array(array: &ArrayRef) -> PyResult<Option<Vec<Option<Self>>>> {
        integers(array)
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
        match object.extract::<(i64, i64)>() {
            Err(error) if !error.is_instance_of::<PyOverflowError>(object.py()) => {}
            pair => return pair,
        }
        if object.hasattr("start")? {
            return Ok((object.getattr("start")?.extract()?, object.getattr("end")?.extract()?));
        }
        Ok((object.get_item("start")?.extract()?, object.get_item("end")?.extract()?))
    }

    fn fits(found: &DataType) -> bool {
        are_structs_of_integers(found, &["start", "end"])
    }

    fn from_array(array: &ArrayRef) -> PyResult<Option<Vec<Option<Self>>>> {
        if array.data_type().is_null() {
            return Ok(Some(std::iter::repeat_with(|| None).take(array.len()).collect()));
        }
        let Some(fields) = array.as_struct_opt() else { return Ok(None) };
        let ends = |name| fields.column_by_name(name).map_or(Ok(None), |ends| integers(ends));
        let both = ends("start")?.zip(ends("end")?);
        // A null struct may have any content.
        let span = |(row, (start, end)): (usize, (Option<i64>, Option<i64>))| {
            start.zip(end).filter(|_| fields.is_valid(row))
        };
        Ok(both.map(|(starts, ends)| starts.into_iter().zip(ends).enumerate().map(span).collect()))
    }
}

/// Reads the list of one text, which errors call `name`. Nulls in it are left out, as in a column
/// of Arrow.
pub fn read_list<T: Item>(name: &str, list: &Bound<'_, PyAny>) -> PyResult<Vec<T>> {
    let wrong = |found: &Bound<'_, PyAny>| {
        let found = column::type_name(found);
        PyTypeError::new_err(format!("{name}: expected {}, found {found}", T::EXPECTED))
    };
    let mut all = Vec::new();
    for item in list.try_iter().map_err(|_| wrong(list))? {
        let item = item?;
        if !item.is_none() {
            all.push(T::from_object(&item).map_err(|error| {
                if !error.is_instance_of::<PyOverflowError>(item.py()) {
                    return wrong(&item);
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
            for (row, list) in column::objects(lists)?.0.into_iter().enumerate() {
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
fn push_lists<T: Item>(array: &ArrayRef, all: &mut Vec<Vec<T>>) -> PyResult<Option<()>> {
    for row in 0..array.len() {
        let list = match array.data_type() {
            _ if array.is_null(row) => None,
            DataType::Null => None,
            DataType::List(_) => Some(array.as_list::<i32>().value(row)),
            DataType::LargeList(_) => Some(array.as_list::<i64>().value(row)),
            DataType::FixedSizeList(..) => Some(array.as_fixed_size_list().value(row)),
            DataType::ListView(_) => Some(array.as_list_view::<i32>().value(row)),
            DataType::LargeListView(_) => Some(array.as_list_view::<i64>().value(row)),
            _ => return Ok(None),
        };
        let list = list.map_or(Ok(Some(Vec::new())), |list| T::from_array(&list))?;
        let Some(list) = list else { return Ok(None) };
        all.push(list.into_iter().flatten().collect());
    }
    Ok(Some(()))
}
