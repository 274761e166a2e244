//! The libraries whose columns come back as columns of the same library.

use arrow_data::ArrayData;
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrow::{self, Check, Column};

/// The library of an Arrow column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Library {
    /// An `Array` of pyarrow.
    PyarrowArray,
    /// A `ChunkedArray` of pyarrow.
    PyarrowChunked,
    /// A `Series` of polars.
    Polars,
    /// Any other object with the Arrow PyCapsule interface.
    Other,
}

impl Library {
    pub fn of(column: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = column.py();
        for (module, class, library) in [
            ("pyarrow", "Array", Self::PyarrowArray),
            ("pyarrow", "ChunkedArray", Self::PyarrowChunked),
            ("polars", "Series", Self::Polars),
        ] {
            if is_instance(py, column, module, class)? {
                return Ok(library);
            }
        }
        Ok(Self::Other)
    }

    /// Returns whether a column may have several chunks.
    pub fn has_chunks(self) -> bool {
        matches!(self, Self::PyarrowChunked | Self::Polars)
    }

    /// Returns `arrays` as a column like `like`. There is at least one array, and exactly one for a
    /// library without chunks.
    pub fn column<'py>(
        self,
        like: &Bound<'py, PyAny>,
        arrays: Vec<ArrayData>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = like.py();
        let module = match self {
            Self::PyarrowArray | Self::PyarrowChunked => py.import(intern!(py, "pyarrow"))?,
            Self::Polars => py.import(intern!(py, "polars"))?,
            Self::Other => py.import(intern!(py, "refrain"))?,
        };
        let columns = arrays.into_iter().map(|array| Bound::new(py, Column::new(array)));
        let mut columns = columns.collect::<PyResult<Vec<_>>>()?;
        match self {
            Self::Other if columns.len() == 1 => Ok(columns.remove(0).into_any()),
            Self::PyarrowArray if columns.len() == 1 => {
                module.call_method1(intern!(py, "array"), (&columns[0],))
            }
            Self::PyarrowArray | Self::PyarrowChunked | Self::Other => {
                let array = intern!(py, "array");
                let arrays = columns.iter().map(|column| module.call_method1(array, (column,)));
                let arrays = arrays.collect::<PyResult<Vec<_>>>()?;
                module.call_method1(intern!(py, "chunked_array"), (arrays,))
            }
            Self::Polars => {
                let name = like.getattr(intern!(py, "name"))?;
                let class = module.getattr(intern!(py, "Series"))?;
                let part =
                    |column| class.call1((py.None(), column))?.call_method1(intern!(py, "alias"), (&name,));
                let parts = columns.iter().map(part);
                let mut parts = parts.collect::<PyResult<Vec<_>>>()?;
                if parts.len() == 1 {
                    return Ok(parts.remove(0));
                }
                module.call_method1(intern!(py, "concat"), (parts,))
            }
        }
    }
}

/// Returns the arrays of a column whose type passes `check`, or `None` if `column` is no Arrow
/// column. Series of pandas are read as objects, so that pyarrow is not needed.
pub fn arrow_chunks(column: &Bound<'_, PyAny>, check: Check<'_>) -> PyResult<Option<Vec<ArrayData>>> {
    for (module, class) in [("pandas", "DataFrame"), ("polars", "DataFrame"), ("polars", "LazyFrame")] {
        if is_instance(column.py(), column, module, class)? {
            let message = format!("expected a column, found a {class} of {module}: pass one column of it");
            return Err(PyTypeError::new_err(message));
        }
    }
    if is_instance(column.py(), column, "pandas", "Series")? { Ok(None) } else { arrow::read(column, check) }
}

/// Returns the objects of a series of pandas, with `None` for missing values, or `None` if `series`
/// is something else.
pub fn pandas_objects<'py>(series: &Bound<'py, PyAny>) -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
    let py = series.py();
    if !is_instance(py, series, "pandas", "Series")? {
        return Ok(None);
    }
    // `isna` has one answer for each value, also if the values are lists.
    let is_missing = series.call_method0(intern!(py, "isna"))?.call_method0(intern!(py, "tolist"))?;
    let values = series.call_method0(intern!(py, "tolist"))?;
    let objects = values.try_iter()?.zip(is_missing.try_iter()?).map(|(value, is_missing)| {
        let value = value?;
        Ok(if is_missing?.is_truthy()? { py.None().into_bound(py) } else { value })
    });
    Ok(Some(objects.collect::<PyResult<_>>()?))
}

/// Returns `results` as a series with the index and the name of `like`. Texts also keep the type,
/// unless it is a category.
pub fn pandas_series<'py>(
    like: &Bound<'py, PyAny>,
    results: &Bound<'py, PyList>,
    is_text: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = like.py();
    let pandas = py.import(intern!(py, "pandas"))?;
    let dtype = like.getattr(intern!(py, "dtype"))?;
    let is_category = dtype.is_instance(&pandas.getattr(intern!(py, "CategoricalDtype"))?)?;
    let options = PyDict::new(py);
    for attribute in ["index", "name"] {
        options.set_item(attribute, like.getattr(attribute)?)?;
    }
    if is_text && !is_category {
        options.set_item("dtype", dtype)?;
    } else {
        options.set_item("dtype", "object")?;
    }
    pandas.getattr(intern!(py, "Series"))?.call((results,), Some(&options))
}

/// Returns whether `object` is an instance of a class of a module that was imported already.
fn is_instance(py: Python<'_>, object: &Bound<'_, PyAny>, module: &str, class: &str) -> PyResult<bool> {
    let modules = py.import(intern!(py, "sys"))?.getattr(intern!(py, "modules"))?;
    let module = modules.cast::<PyDict>()?.get_item(module)?;
    let class = module.and_then(|module| module.getattr_opt(class).transpose()).transpose()?;
    class.map_or(Ok(false), |class| object.is_instance(&class))
}
