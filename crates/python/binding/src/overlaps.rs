//! Overlaps of pairs of texts: those that are verified here, and those that the caller returns.

use arrow_array::Float64Array;
use arrow_buffer::NullBuffer;
use arrow_data::ArrayData;
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use refrain::Workspace;
use refrain::near::{NearOptions, Overlap, Shingler};

use crate::arrays;
use crate::arrow::Check;
use crate::column::{Answer, check_rows, if_type_error, objects, type_name};
use crate::library::arrow_chunks;
use crate::numbers::{are_structs_of_integers, field, integers_of_field};
use crate::results::OVERLAP;
use crate::strings::Kind;

/// The comparison of each text with the one in the same row of another column.
pub struct Verify<'a> {
    pub options: &'a NearOptions,
    pub shingler: &'a Shingler,
    pub others: Vec<Option<String>>,
}

impl Answer for Verify<'_> {
    /// The overlap, or `None` if the texts are not near duplicates.
    type Item = Option<Overlap>;

    fn check_rows(&self, rows: usize) -> PyResult<()> {
        check_rows("second", rows, self.others.len())
    }

    fn compute(&mut self, row: usize, text: &str, _: &mut Workspace) -> Result<Option<Overlap>, String> {
        let Some(other) = &self.others[row] else { return Ok(None) };
        Ok(self.options.verify(&self.shingler.shingle(text), &self.shingler.shingle(other)))
    }

    fn to_object<'py>(
        &self,
        text: &Bound<'py, PyString>,
        item: Option<Overlap>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = text.py();
        let Some(overlap) = item else { return Ok(py.None().into_bound(py)) };
        OVERLAP.with(py, (overlap.first_shingles(), overlap.second_shingles(), overlap.common_shingles()))
    }

    fn to_array(&self, _: Kind, _: &[Option<&str>], items: Vec<Option<Self::Item>>) -> PyResult<ArrayData> {
        let overlaps: Vec<Option<Overlap>> = items.into_iter().map(Option::flatten).collect();
        let nulls: NullBuffer = overlaps.iter().map(Option::is_some).collect::<Vec<_>>().into();
        let column = |number: fn(Overlap) -> usize| {
            arrays::integers(overlaps.iter().map(|overlap| overlap.map_or(0, number)))
        };
        let ratios = |ratio: fn(Overlap) -> f64| {
            let ratios = overlaps.iter().map(|overlap| overlap.map_or(0.0, ratio));
            Float64Array::from_iter_values(ratios).into()
        };
        arrays::structs(
            vec![
                ("first_shingles", column(Overlap::first_shingles)),
                ("second_shingles", column(Overlap::second_shingles)),
                ("common_shingles", column(Overlap::common_shingles)),
                ("similarity", ratios(Overlap::similarity)),
                ("containment", ratios(|it| it.first_containment().max(it.second_containment()))),
            ],
            Some(nulls),
        )
    }
}

/// The fields of an overlap from which it is read.
const FIELDS: [&str; 3] = ["first_shingles", "second_shingles", "common_shingles"];

/// Reads overlaps, as `verify` returned them.
pub fn read_overlaps(overlaps: &Bound<'_, PyAny>) -> PyResult<Vec<Option<Overlap>>> {
    let mut all = Vec::new();
    let overlap = |row: usize, (first, second, both): (i64, i64, i64)| {
        let overlap = match [first, second, both].map(usize::try_from) {
            [Ok(first), Ok(second), Ok(both)] => Overlap::new(first, second, both),
            _ => None,
        };
        overlap.ok_or_else(|| {
            PyValueError::new_err(format!(
                "`overlaps`, row {row}: expected `common_shingles` to be 0 or more, and at most \
                 `first_shingles` and `second_shingles`, found {both}, {first} and {second}"
            ))
        })
    };
    let wrong = |found: &DataType| {
        PyTypeError::new_err(format!(
            "`overlaps`: expected structs with `first_shingles`, `second_shingles` and `common_shingles`, found {found}"
        ))
    };
    let check: Check<'_> = &|found| {
        let fits = are_structs_of_integers(found, &FIELDS);
        if fits { Ok(()) } else { Err(wrong(found)) }
    };
    let Some(chunks) = arrow_chunks(overlaps, check)? else {
        for (row, object) in objects("overlaps", overlaps)?.0.into_iter().enumerate() {
            if object.is_none() {
                all.push(None);
                continue;
            }
            let field = |name: &str| field(&object, name)?.extract();
            let numbers = (|| PyResult::Ok((field(FIELDS[0])?, field(FIELDS[1])?, field(FIELDS[2])?)))();
            let numbers = numbers.map_err(|error| {
                if_type_error(object.py(), error, || {
                    let found = type_name(&object);
                    PyTypeError::new_err(format!(
                        "`overlaps`, row {row}: expected an Overlap or None, found {found}"
                    ))
                })
            })?;
            all.push(Some(overlap(row, numbers)?));
        }
        return Ok(all);
    };
    for chunk in chunks {
        if chunk.data_type().is_null() {
            all.resize(all.len() + chunk.len(), None);
            continue;
        }
        let wrong = || wrong(chunk.data_type());
        let column = |name| integers_of_field(&chunk, name, 0..chunk.len())?.ok_or_else(wrong);
        let (first, second, both) = (column(FIELDS[0])?, column(FIELDS[1])?, column(FIELDS[2])?);
        for at in 0..chunk.len() {
            let numbers = first[at].zip(second[at]).zip(both[at]).filter(|_| chunk.is_valid(at));
            let row = all.len();
            let numbers = numbers.map(|((first, second), both)| (first, second, both));
            all.push(numbers.map(|numbers| overlap(row, numbers)).transpose()?);
        }
    }
    Ok(all)
}
