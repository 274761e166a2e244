//! `fingerprint`, `fingerprints` and `segments`.

use arrow_array::{Int32Array, Int64Array};
use arrow_data::ArrayData;
use pyo3::prelude::*;
use pyo3::types::PyString;
use refrain::edits::Positions;
use refrain::{Document, Fingerprint, Fingerprinter, Options, Workspace};

use crate::arrays::{self, Form};
use crate::column::{Answer, map};
use crate::offsets::Place;
use crate::options::{options, parse};
use crate::results::{SEGMENT, list};
use crate::strings::Kind;

struct Whole(Fingerprinter, Form);

impl Answer for Whole {
    type Item = Fingerprint;

    fn compute(&mut self, _: usize, text: &str, _: &mut Workspace) -> Result<Fingerprint, String> {
        Ok(self.0.fingerprint(text))
    }

    fn to_object<'py>(&self, text: &Bound<'py, PyString>, item: Fingerprint) -> PyResult<Bound<'py, PyAny>> {
        self.1.object(text.py(), item)
    }

    fn to_array(&self, _: Kind, _: &[Option<&str>], items: Vec<Option<Fingerprint>>) -> PyResult<ArrayData> {
        self.1.array(&items)
    }
}

/// Returns the fingerprint of each text as a whole.
///
/// Two texts have the same fingerprint if their canonical forms are equal: they differ only in
/// case, white space and the like. `form` is `binary` for 16 bytes, `hex` for 32 digits, or
/// `int64` for the low half as a signed integer, for engines without a type for bytes.
#[pyfunction]
#[pyo3(signature = (texts, *, form="binary", normalization="text", seed=0))]
pub fn fingerprint<'py>(
    texts: &Bound<'py, PyAny>,
    form: &str,
    normalization: &str,
    seed: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let fingerprinter = Fingerprinter::new().normalization(parse(normalization)?).seed(seed);
    map(texts, &mut Whole(fingerprinter, Form::read(form)?))
}

/// Reads a text with options.
pub fn read<'t>(text: &'t str, options: &Options) -> Result<Document<'t>, String> {
    Document::try_with_options(text, options).map_err(|error| error.to_string())
}

struct Fingerprints(Options, Form);

impl Answer for Fingerprints {
    type Item = Vec<Fingerprint>;

    fn compute(&mut self, _: usize, text: &str, _: &mut Workspace) -> Result<Vec<Fingerprint>, String> {
        Ok(read(text, &self.0)?.segments().map(|segment| segment.fingerprint()).collect())
    }

    fn to_object<'py>(
        &self,
        text: &Bound<'py, PyString>,
        item: Vec<Fingerprint>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = text.py();
        Ok(list(py, item.into_iter().map(|fingerprint| self.1.object(py, fingerprint)))?.into_any())
    }

    fn to_array(
        &self,
        _: Kind,
        _: &[Option<&str>],
        items: Vec<Option<Vec<Fingerprint>>>,
    ) -> PyResult<ArrayData> {
        lists_of_fingerprints(self.1, &items)
    }
}

/// Returns a column of lists of fingerprints.
pub fn lists_of_fingerprints(form: Form, items: &[Option<Vec<Fingerprint>>]) -> PyResult<ArrayData> {
    let all: Vec<_> = items.iter().flatten().flatten().copied().map(Some).collect();
    arrays::lists(items.iter().map(|item| item.as_ref().map(Vec::len)), form.array(&all)?)
}

/// Returns the fingerprints of the segments of each text.
///
/// `form` is `binary`, `hex` or `int64`, as for `fingerprint`. Fingerprints are the same on
/// every platform, and in every release with the same `SCHEME`.
#[pyfunction]
#[pyo3(signature = (texts, *, form="binary", segmentation="auto", normalization="text", seed=0))]
pub fn fingerprints<'py>(
    texts: &Bound<'py, PyAny>,
    form: &str,
    segmentation: &str,
    normalization: &str,
    seed: u64,
) -> PyResult<Bound<'py, PyAny>> {
    map(texts, &mut Fingerprints(options(segmentation, normalization, seed)?, Form::read(form)?))
}

/// A segment of a text.
struct Segment {
    number: usize,
    place: Place,
    weight: u32,
    fingerprint: Fingerprint,
}

struct Segments(Options, Form);

impl Answer for Segments {
    type Item = Vec<Segment>;

    fn compute(&mut self, _: usize, text: &str, _: &mut Workspace) -> Result<Vec<Segment>, String> {
        let document = read(text, &self.0)?;
        let positions = Positions::new(text);
        let segment = |segment: refrain::Segment<'_, '_>| Segment {
            number: segment.index(),
            place: Place::new(&positions, segment.span()),
            weight: segment.weight(),
            fingerprint: segment.fingerprint(),
        };
        Ok(document.segments().map(segment).collect())
    }

    fn to_object<'py>(&self, text: &Bound<'py, PyString>, item: Vec<Segment>) -> PyResult<Bound<'py, PyAny>> {
        let py = text.py();
        let segment = |segment: Segment| {
            let Segment { number, place: Place { start, end, byte_start, byte_end }, weight, fingerprint } =
                segment;
            let fingerprint = self.1.object(py, fingerprint)?;
            SEGMENT.with(py, (number, start, end, byte_start, byte_end, weight, fingerprint))
        };
        Ok(list(py, item.into_iter().map(segment))?.into_any())
    }

    fn to_array(&self, _: Kind, _: &[Option<&str>], items: Vec<Option<Vec<Segment>>>) -> PyResult<ArrayData> {
        let all = || items.iter().flatten().flatten();
        let column = |number: fn(&Segment) -> usize| arrays::integers(all().map(number));
        // A document has fewer than 2^31 segments.
        let number = |segment: &Segment| i32::try_from(segment.number).unwrap_or(i32::MAX);
        let fingerprints: Vec<_> = all().map(|segment| Some(segment.fingerprint)).collect();
        let segments = arrays::structs(
            vec![
                ("number", Int32Array::from_iter_values(all().map(number)).into()),
                ("start", column(|segment| segment.place.start)),
                ("end", column(|segment| segment.place.end)),
                ("byte_start", column(|segment| segment.place.byte_start)),
                ("byte_end", column(|segment| segment.place.byte_end)),
                (
                    "weight",
                    Int64Array::from_iter_values(all().map(|segment| i64::from(segment.weight))).into(),
                ),
                ("fingerprint", self.1.array(&fingerprints)?),
            ],
            None,
        )?;
        arrays::lists(items.iter().map(|item| item.as_ref().map(Vec::len)), segments)
    }
}

/// Returns the segments of each text, with their spans, weights and fingerprints.
///
/// For an Arrow column, the result is a column of lists of structs: `number`, `start`, `end`,
/// `byte_start`, `byte_end`, `weight` and `fingerprint`. To get one row for each segment in Spark
/// or polars, explode this column.
#[pyfunction]
#[pyo3(signature = (texts, *, form="binary", segmentation="auto", normalization="text", seed=0))]
pub fn segments<'py>(
    texts: &Bound<'py, PyAny>,
    form: &str,
    segmentation: &str,
    normalization: &str,
    seed: u64,
) -> PyResult<Bound<'py, PyAny>> {
    map(texts, &mut Segments(options(segmentation, normalization, seed)?, Form::read(form)?))
}
