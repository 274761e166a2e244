//! The options that functions and classes have in common, by their names.

use std::fmt::Display;
use std::str::FromStr;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use refrain::Options;

/// Returns a `ValueError`.
pub fn value_error(error: impl Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Reads the value of an option from its name.
pub fn parse<T: FromStr<Err: Display>>(name: &str) -> PyResult<T> {
    name.parse().map_err(value_error)
}

/// Returns the options with which a document is read.
pub fn options(segmentation: &str, normalization: &str, seed: u64) -> PyResult<Options> {
    Ok(Options::new().segmentation(parse(segmentation)?).normalization(parse(normalization)?).seed(seed))
}
