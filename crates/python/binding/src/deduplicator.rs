//! Exact deduplication of a stream of texts.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use refrain::Span;
use refrain::edits::{self, Positions};
use refrain::index;

use crate::cut::{changed, map_cut};
use crate::numbers::read_integers;
use crate::offsets::Place;
use crate::options::options;
use crate::results::{SEGMENT_STATUS, list};

/// Finds the segments of each text that no earlier text had.
///
/// It takes 29 to 57 bytes for each distinct segment. A text is not compared with itself. The order
/// of the texts is part of the answer, so insert them in the order in which they are to be kept.
#[pyclass(frozen, module = "refrain")]
#[derive(Debug)]
pub struct Deduplicator {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    deduplicator: index::Deduplicator,
    /// The number of the next document whose number the caller does not choose, or `None` after the
    /// last number.
    next: Option<u64>,
}

impl Deduplicator {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns the number of a document.
    fn number(&mut self, document: Option<u64>) -> Result<u64, &'static str> {
        let number = document.or(self.next).ok_or("expected a number, because that of 2^64 - 1 was used")?;
        self.next = self.next.and_then(|next| Some(next.max(number.checked_add(1)?)));
        Ok(number)
    }
}

#[pymethods]
impl Deduplicator {
    #[new]
    #[pyo3(signature = (*, segmentation="auto", normalization="text", seed=0))]
    fn new(segmentation: &str, normalization: &str, seed: u64) -> PyResult<Self> {
        let deduplicator = index::Deduplicator::new(&options(segmentation, normalization, seed)?);
        Ok(Self { state: Mutex::new(State { deduplicator, next: Some(0) }) })
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        py.detach(|| self.lock().deduplicator.len())
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<refrain.Deduplicator of {} segments>", self.__len__(py))
    }

    /// Inserts the segments of a text, and returns each with the number of the first document
    /// that had it.
    ///
    /// `document` is the number of the document; by default, numbers ascend from 0. Texts with
    /// equal numbers count as one document, which is not compared with itself.
    #[pyo3(signature = (text, document=None))]
    fn insert<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        document: Option<u64>,
    ) -> PyResult<Bound<'py, PyList>> {
        let segments = py.detach(|| {
            let mut state = self.lock();
            let document = state.number(document).map_err(PyOverflowError::new_err)?;
            let positions = Positions::new(text);
            let segments = state.deduplicator.insert(document, text).iter();
            let status = |it: &index::SegmentStatus| (Place::new(&positions, it.span()), it.first_document());
            PyResult::Ok(segments.map(status).collect::<Vec<_>>())
        })?;
        let status = |(Place { start, end, byte_start, byte_end }, first): (Place, Option<u64>)| {
            SEGMENT_STATUS.with(py, (start, end, byte_start, byte_end, first))
        };
        list(py, segments.into_iter().map(status))
    }

    /// Inserts texts, and returns them without the segments that an earlier one had.
    ///
    /// A text of which all segments were seen is left empty, or with a line end. `documents` are
    /// the numbers of the documents; by default, they ascend. A null text gives null.
    ///
    /// A null number, a wrong type, and text that is not UTF-8 are found before anything is
    /// inserted. After another error or an interrupt, some of the texts, from the first on, may be
    /// inserted. The same call can be repeated if it has `documents`; otherwise, begin with a new
    /// object.
    #[pyo3(signature = (texts, documents=None))]
    fn dedup<'py>(
        &self,
        texts: &Bound<'py, PyAny>,
        documents: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let is_one = texts.is_instance_of::<PyString>();
        let documents = match documents {
            Some(documents) if is_one => Some(vec![documents.extract()?]),
            Some(documents) => Some(read_integers("documents", documents)?),
            None => None,
        };
        let rows = documents.as_ref().map(|documents| ("documents", documents.len()));
        map_cut(texts, rows, |row, text, _| {
            let mut state = self.lock();
            let document = state.number(documents.as_ref().map(|documents| documents[row]))?;
            let segments = state.deduplicator.insert(document, text).iter();
            let seen: Vec<Span> = segments.filter(|it| !it.is_new()).map(|it| it.span()).collect();
            edits::cut(text, &seen).map(changed).map_err(|error| error.to_string())
        })
    }
}
