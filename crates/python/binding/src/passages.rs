//! Exact passages across documents.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyType};
use refrain::edits::Positions;
use refrain::passages::{self, Border, FoundPassages, Passage, Text};

use crate::column::Texts;
use crate::contamination::{passage_options, with_texts};
use crate::cut::{changed, map_cut, object};
use crate::files::{self, index_error};
use crate::offsets::Place;
use crate::options::{parse, value_error};
use crate::results::{DEDUPLICATED, FOUND_PASSAGES, PASSAGE, PASSAGE_REMOVAL, byte_span, list};

/// An index of exact passages: runs of at least `min_words` words that also occur earlier.
///
/// A passage may begin and end anywhere in a line. The index takes about 5.1 bytes for each word,
/// in memory. The order of insertion is part of the answer.
#[pyclass(frozen, module = "refrain")]
#[derive(Debug)]
pub struct Passages {
    passages: RwLock<passages::Passages>,
}

impl Passages {
    fn read(&self) -> RwLockReadGuard<'_, passages::Passages> {
        self.passages.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, passages::Passages> {
        self.passages.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Passages {
    #[new]
    #[pyo3(signature = (min_words=50, *, min_bytes=0, normalization="text", seed=0))]
    fn new(min_words: usize, min_bytes: usize, normalization: &str, seed: u64) -> PyResult<Self> {
        let options = passage_options(min_words, min_bytes, normalization, seed)?;
        Ok(Self { passages: RwLock::new(passages::Passages::with_options(&options)) })
    }

    /// Reads an index that `save` wrote. The options must be those of that index.
    #[classmethod]
    #[pyo3(signature = (path, min_words=50, *, min_bytes=0, normalization="text", seed=0))]
    fn load(
        class: &Bound<'_, PyType>,
        path: PathBuf,
        min_words: usize,
        min_bytes: usize,
        normalization: &str,
        seed: u64,
    ) -> PyResult<Self> {
        let options = passage_options(min_words, min_bytes, normalization, seed)?;
        class.py().detach(|| {
            let passages = passages::Passages::load(files::open(&path)?, &options).map_err(index_error)?;
            Ok(Self { passages: RwLock::new(passages) })
        })
    }

    /// Writes the index to a file, as a whole or not at all.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| files::write(&path, |file| self.read().save(file)))
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        py.detach(|| self.read().len())
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<refrain.Passages of {} documents>", self.__len__(py))
    }

    /// Returns the memory that the index takes, in bytes.
    #[getter]
    fn bytes(&self, py: Python<'_>) -> usize {
        py.detach(|| self.read().bytes())
    }

    /// Inserts a document, and returns its number of words.
    fn insert(&self, py: Python<'_>, id: &str, text: &str) -> PyResult<usize> {
        py.detach(|| self.write().insert(Text { id, text })).map_err(value_error)
    }

    /// Inserts many documents: columns of ids and texts.
    ///
    /// A null, a wrong type, and text that is not UTF-8 are found before anything is inserted.
    /// After another error or an interrupt, some of the documents, from the first on, may be
    /// inserted: begin with a new object. Other threads can insert theirs after every 16 documents.
    fn insert_all(&self, ids: &Bound<'_, PyAny>, texts: &Bound<'_, PyAny>) -> PyResult<()> {
        with_texts(ids.py(), (ids, texts), |texts| self.write().insert_all(texts))
    }

    /// Returns the passages of a text that inserted documents have, without inserting it.
    fn query<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
        let found = py.detach(|| self.read().query(text)).map_err(value_error)?;
        found_passages(py, &Positions::new(text), &found)
    }

    /// Returns the passages of a document that occur earlier, also in itself, and inserts
    /// it.
    fn query_and_insert<'py>(&self, py: Python<'py>, id: &str, text: &str) -> PyResult<Bound<'py, PyAny>> {
        let found = py.detach(|| self.write().query_and_insert(Text { id, text })).map_err(value_error)?;
        found_passages(py, &Positions::new(text), &found)
    }

    /// Removes the passages of a document that occur earlier, and inserts the text that is
    /// left.
    ///
    /// A passage is shrunk to whole words, sentences or lines, by `border`, and kept if it
    /// is then too short.
    #[pyo3(signature = (id, text, *, border="sentence"))]
    fn dedup<'py>(&self, id: &str, text: &Bound<'py, PyString>, border: &str) -> PyResult<Bound<'py, PyAny>> {
        let py = text.py();
        let border: Border = parse(border)?;
        let utf8 = text.to_str()?;
        let (left, removals) = py
            .detach(|| {
                let mut passages = self.write();
                let result = passages.dedup(Text { id, text: utf8 }, border)?;
                Ok((changed(result.apply()), result.removals().to_vec()))
            })
            .map_err(|error: refrain::error::PassageError| value_error(error))?;
        let positions = Positions::new(utf8);
        let removal = |removal: &passages::PassageRemoval| {
            let Place { start, end, byte_start, byte_end } = Place::new(&positions, removal.span());
            let passages = passage_list(py, &positions, removal.passages())?;
            PASSAGE_REMOVAL.with(py, (start, end, byte_start, byte_end, removal.words(), passages))
        };
        let removals = list(py, removals.iter().map(removal))?;
        DEDUPLICATED.with(py, (object(text, left), removals))
    }

    /// Removes the passages of many documents that occur earlier, and returns what is left.
    ///
    /// `ids` and `texts` are columns of the same length. A null text gives null. A null id, a wrong
    /// type, and text that is not UTF-8 are found before anything is inserted. After another error
    /// or an interrupt, some of the documents, from the first on, may be inserted: begin with a new
    /// object.
    #[pyo3(signature = (ids, texts, *, border="sentence"))]
    fn dedup_all<'py>(
        &self,
        ids: &Bound<'py, PyAny>,
        texts: &Bound<'py, PyAny>,
        border: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let ids = Texts::read("ids", ids)?;
        let ids = ids.required("ids")?;
        let border: Border = parse(border)?;
        map_cut(texts, Some(("ids", ids.len())), |row, text, _| {
            let mut passages = self.write();
            let result = passages.dedup(Text { id: ids[row], text }, border);
            result.map(|result| changed(result.apply())).map_err(|error| error.to_string())
        })
    }

    /// Marks documents as removed, and returns how many were marked.
    ///
    /// A marked document is still found as a source, and `dedup` removes nothing because of it.
    fn mark_removed(&self, ids: &Bound<'_, PyAny>) -> PyResult<usize> {
        let texts = Texts::read("ids", ids)?;
        let removed: HashSet<&str> = texts.required("ids")?.into_iter().collect();
        Ok(ids.py().detach(|| self.write().mark_removed(|id| removed.contains(id))))
    }

    /// Returns the index of the documents that are not marked as removed.
    fn rebuild(&self, py: Python<'_>) -> Self {
        Self { passages: RwLock::new(py.detach(|| self.read().rebuild())) }
    }
}

fn passage_list<'py>(
    py: Python<'py>,
    positions: &Positions<'_>,
    passages: &[Passage],
) -> PyResult<Bound<'py, PyList>> {
    let passage = |passage: &Passage| {
        let Place { start, end, byte_start, byte_end } = Place::new(positions, passage.span());
        let (document, source) = (passage.document_id(), byte_span(py, passage.source())?);
        let is_source_removed = passage.is_source_removed();
        PASSAGE.with(
            py,
            (start, end, byte_start, byte_end, passage.words(), document, source, is_source_removed),
        )
    };
    list(py, passages.iter().map(passage))
}

fn found_passages<'py>(
    py: Python<'py>,
    positions: &Positions<'_>,
    found: &FoundPassages,
) -> PyResult<Bound<'py, PyAny>> {
    let passages = passage_list(py, positions, found.passages())?;
    FOUND_PASSAGES.with(py, (passages, found.words(), found.passage_words()))
}
