//! Contamination: which items of an evaluation set occur in a corpus.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyList;
use refrain::error::PassageError;
use refrain::passages::{self, ItemPassage, ItemReport, Text};

use crate::column::{Texts, check_rows};
use crate::options::{parse, value_error};
use crate::results::{ITEM_PASSAGE, ITEM_REPORT, byte_span, list};
use crate::signals::Signals;

/// The number of texts that are inserted or compared between two checks for signals.
const AT_A_TIME: usize = 16;

/// Returns the options of passages.
pub fn passage_options(
    min_words: usize,
    min_bytes: usize,
    normalization: &str,
    seed: u64,
) -> PyResult<passages::PassageOptions> {
    let options = passages::PassageOptions::new().min_words(min_words).map_err(value_error)?;
    Ok(options.min_bytes(min_bytes).normalization(parse(normalization)?).seed(seed))
}

/// Calls `work` with the texts of two columns, some at a time, as long as no signal arrives.
pub fn with_texts(
    py: Python<'_>,
    (ids, texts): (&Bound<'_, PyAny>, &Bound<'_, PyAny>),
    work: impl Fn(&[Text<'_>]) -> Result<(), PassageError> + Sync,
) -> PyResult<()> {
    let (ids, texts) = (Texts::read("ids", ids)?, Texts::read("texts", texts)?);
    let (ids, texts) = (ids.required("ids")?, texts.required("texts")?);
    check_rows("texts", ids.len(), texts.len())?;
    let all: Vec<Text<'_>> = ids.into_iter().zip(texts).map(|(id, text)| Text { id, text }).collect();
    let mut signals = Signals::new(py)?;
    py.detach(|| {
        all.chunks(AT_A_TIME).try_for_each(|some| {
            signals.check()?;
            work(some).map_err(value_error)
        })
    })
}

/// An evaluation set, and which of its items occur in the documents of a corpus.
///
/// An item and a document share an n-gram if both have the same `words` words in a row, with the
/// same punctuation between them and before the first. With the normalization `text+punctuation`,
/// punctuation is ignored. An item with fewer words is one n-gram as a whole.
#[pyclass(frozen, module = "refrain")]
#[derive(Debug)]
pub struct Contamination {
    set: Mutex<passages::Contamination>,
}

impl Contamination {
    fn lock(&self) -> MutexGuard<'_, passages::Contamination> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Contamination {
    #[new]
    #[pyo3(signature = (words=13, *, normalization="text", seed=0))]
    fn new(words: usize, normalization: &str, seed: u64) -> PyResult<Self> {
        let options = passage_options(words, 0, normalization, seed)?;
        Ok(Self { set: Mutex::new(passages::Contamination::with_options(&options)) })
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        py.detach(|| self.lock().len())
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<refrain.Contamination of {} items>", self.__len__(py))
    }

    /// Returns the number of documents that were compared.
    #[getter]
    fn documents(&self, py: Python<'_>) -> u64 {
        py.detach(|| self.lock().documents())
    }

    /// Adds an item. Documents that were compared before do not count for it.
    fn add(&self, py: Python<'_>, id: &str, text: &str) -> PyResult<()> {
        py.detach(|| self.lock().add(Text { id, text })).map_err(value_error)
    }

    /// Adds many items: columns of ids and texts.
    ///
    /// A null, a wrong type, and text that is not UTF-8 are found before anything is added. After
    /// another error or an interrupt, some of the items, from the first on, may be added: begin
    /// with a new object.
    fn add_all(&self, ids: &Bound<'_, PyAny>, texts: &Bound<'_, PyAny>) -> PyResult<()> {
        with_texts(ids.py(), (ids, texts), |items| {
            let mut set = self.lock();
            items.iter().try_for_each(|item| set.add(*item))
        })
    }

    /// Compares a document of the corpus with the items.
    fn scan(&self, py: Python<'_>, id: &str, text: &str) -> PyResult<()> {
        py.detach(|| self.lock().scan(Text { id, text })).map_err(value_error)
    }

    /// Compares many documents with the items: columns of ids and texts.
    ///
    /// A null, a wrong type, and text that is not UTF-8 are found before anything is counted. After
    /// another error or an interrupt, some of the documents, from the first on, may be counted:
    /// begin with a new object.
    fn scan_all(&self, ids: &Bound<'_, PyAny>, texts: &Bound<'_, PyAny>) -> PyResult<()> {
        with_texts(ids.py(), (ids, texts), |documents| self.lock().scan_all(documents))
    }

    /// Returns the report on each item, in the order in which they were added.
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let report = py.detach(|| self.lock().report());
        list(py, report.iter().map(|item| self::item(py, item)))
    }
}

fn item<'py>(py: Python<'py>, item: &ItemReport) -> PyResult<Bound<'py, PyAny>> {
    let passage = |found: &ItemPassage| {
        let (span, source) = (byte_span(py, found.span())?, byte_span(py, found.source())?);
        ITEM_PASSAGE.with(py, (span, found.words(), found.document_id(), source))
    };
    let longest = item.longest().map(passage).transpose()?;
    let (words, ngrams, seen) = (item.words(), item.ngrams(), item.seen_ngrams());
    let (share, weighted_share) = (item.share(), item.weighted_share());
    ITEM_REPORT.with(py, (item.id(), words, ngrams, seen, share, weighted_share, item.documents(), longest))
}
