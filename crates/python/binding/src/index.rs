//! Documents compared with earlier ones.

use std::path::PathBuf;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyType};
use refrain::edits::Positions;
use refrain::index::{self, Detail, Insertion, MatchedRun, Page, QueryResult, Thresholds};
use refrain::{Document, Options};

use crate::arrays::Form;
use crate::column::{Texts, check_rows};
use crate::cut::{changed, map_cut};
use crate::files::{self, index_error};
use crate::offsets::Place;
use crate::options::{options, value_error};
use crate::results::{BOILERPLATE_SEGMENT, MATCHED_RUN, QUERY_RESULT, byte_span, list, span};
use crate::segments::read;
use crate::signals::Signals;

/// The number of documents that `insert_all` reads and inserts between two checks for signals.
const AT_A_TIME: usize = 64;

/// An index in memory of the fingerprints and spans of documents, with which texts are compared.
///
/// The texts are not stored. Several threads can share an index.
#[pyclass(frozen, module = "refrain")]
#[derive(Debug)]
pub struct Index {
    index: index::Index,
    options: Options,
}

/// Reads a document of an index.
fn document<'t>(text: &'t str, options: &Options) -> PyResult<Document<'t>> {
    read(text, options).map_err(PyValueError::new_err)
}

fn name(insertion: Insertion) -> &'static str {
    match insertion {
        Insertion::New => "new",
        Insertion::Unchanged => "unchanged",
        Insertion::Replaced => "replaced",
    }
}

#[pymethods]
impl Index {
    #[new]
    #[pyo3(signature = (*, segmentation="auto", normalization="text", seed=0))]
    fn new(segmentation: &str, normalization: &str, seed: u64) -> PyResult<Self> {
        let options = options(segmentation, normalization, seed)?;
        Ok(Self { index: index::Index::with_options(&options), options })
    }

    /// Reads an index that `save` wrote. The options must be those of that index.
    #[classmethod]
    #[pyo3(signature = (path, *, segmentation="auto", normalization="text", seed=0))]
    fn load(
        class: &Bound<'_, PyType>,
        path: PathBuf,
        segmentation: &str,
        normalization: &str,
        seed: u64,
    ) -> PyResult<Self> {
        let options = options(segmentation, normalization, seed)?;
        class.py().detach(|| {
            let index = index::Index::load(files::open(&path)?, &options).map_err(index_error)?;
            Ok(Self { index, options })
        })
    }

    /// Writes the index to a file, as a whole or not at all.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| files::write(&path, |file| self.index.save(file)))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        let len = py.detach(|| self.index.len()).map_err(index_error)?;
        usize::try_from(len).map_err(value_error)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<refrain.Index of {} documents>", self.__len__(py)?))
    }

    fn __contains__(&self, py: Python<'_>, id: &str) -> PyResult<bool> {
        py.detach(|| self.index.contains(id)).map_err(index_error)
    }

    /// Inserts a document, or replaces the document with the same id.
    ///
    /// `scope` is the group in which documents are counted, usually the host of a page.
    #[pyo3(signature = (id, text, *, scope=""))]
    fn insert(&self, py: Python<'_>, id: &str, text: &str, scope: &str) -> PyResult<&'static str> {
        py.detach(|| {
            let document = document(text, &self.options)?;
            let insertion = self.index.insert(Page { id, scope, document: &document });
            insertion.map(name).map_err(index_error)
        })
    }

    /// Inserts many documents: columns of ids and texts, and of scopes.
    ///
    /// A null, a wrong type, and text that is not UTF-8 are found before anything is inserted.
    /// After another error or an interrupt, some of the documents, from the first on, may be
    /// inserted, each as a whole. You can repeat this call. Other threads can insert theirs after
    /// every 64 documents.
    #[pyo3(signature = (ids, texts, *, scopes=None))]
    fn insert_all(
        &self,
        py: Python<'_>,
        ids: &Bound<'_, PyAny>,
        texts: &Bound<'_, PyAny>,
        scopes: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<&'static str>> {
        let (ids, texts) = (Texts::read("ids", ids)?, Texts::read("texts", texts)?);
        let (ids, texts) = (ids.required("ids")?, texts.required("texts")?);
        check_rows("texts", ids.len(), texts.len())?;
        let scopes = scopes.map(|scopes| Texts::read("scopes", scopes)).transpose()?;
        let scopes =
            scopes.as_ref().map_or_else(|| Ok(vec![""; ids.len()]), |scopes| scopes.required("scopes"))?;
        check_rows("scopes", ids.len(), scopes.len())?;
        let rows: Vec<((&str, &str), &str)> = ids.into_iter().zip(scopes).zip(texts).collect();
        let mut signals = Signals::new(py)?;
        py.detach(|| {
            let mut insertions = Vec::with_capacity(rows.len());
            for rows in rows.chunks(AT_A_TIME) {
                signals.check()?;
                let documents = rows.iter().map(|(_, text)| document(text, &self.options));
                let documents = documents.collect::<PyResult<Vec<_>>>()?;
                let page = |(((id, scope), _), document)| Page { id, scope, document };
                let pages: Vec<Page<'_>> = rows.iter().copied().zip(&documents).map(page).collect();
                insertions.extend(self.index.insert_all(&pages).map_err(index_error)?.into_iter().map(name));
            }
            Ok(insertions)
        })
    }

    /// Removes a document, and returns whether it was in the index.
    fn remove(&self, py: Python<'_>, id: &str) -> PyResult<bool> {
        py.detach(|| self.index.remove(id)).map_err(index_error)
    }

    /// Returns which segments of a text also occur in documents of the index. The text is not
    /// inserted.
    ///
    /// The document with the id `exclude` is left out.
    #[pyo3(signature = (text, *, scope="", exclude=None))]
    fn query<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        scope: &str,
        exclude: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let result = py.detach(|| {
            let document = document(text, &self.options)?;
            let result = match exclude {
                Some(id) => self.index.query_excluding(Page { id, scope, document: &document }, Detail::Runs),
                None => self.index.query(scope, &document, Detail::Runs),
            };
            result.map_err(index_error)
        })?;
        query_result(py, text, &result)
    }

    /// Queries a text, without the document with the same id, and inserts it.
    #[pyo3(signature = (id, text, *, scope=""))]
    fn query_and_insert<'py>(
        &self,
        py: Python<'py>,
        id: &str,
        text: &str,
        scope: &str,
    ) -> PyResult<(Bound<'py, PyAny>, &'static str)> {
        let (result, insertion) = py.detach(|| {
            let document = document(text, &self.options)?;
            let page = Page { id, scope, document: &document };
            self.index.query_and_insert(page, Detail::Runs).map_err(index_error)
        })?;
        Ok((query_result(py, text, &result)?, name(insertion)))
    }

    /// Returns the segments that many documents of a scope have.
    ///
    /// A segment must be in `min_documents` documents, by default 3, and in the share
    /// `min_share` of the documents of the scope, by default 0.3.
    #[pyo3(signature = (scope="", *, min_documents=None, min_share=None))]
    fn boilerplate(
        &self,
        py: Python<'_>,
        scope: &str,
        min_documents: Option<u32>,
        min_share: Option<f64>,
    ) -> PyResult<Boilerplate> {
        let mut thresholds = Thresholds::new();
        if let Some(documents) = min_documents {
            thresholds = thresholds.min_documents(documents);
        }
        if let Some(share) = min_share {
            thresholds = thresholds.min_share(share).map_err(value_error)?;
        }
        let boilerplate = py.detach(|| self.index.boilerplate(scope, thresholds)).map_err(index_error)?;
        Ok(Boilerplate { boilerplate, options: self.options.clone() })
    }
}

fn query_result<'py>(py: Python<'py>, text: &str, result: &QueryResult) -> PyResult<Bound<'py, PyAny>> {
    let positions = Positions::new(text);
    let counts: Vec<u32> = (0..result.len()).map(|segment| result.document_count(segment)).collect();
    let in_scope: Vec<u32> =
        (0..result.len()).map(|segment| result.document_count_in_scope(segment)).collect();
    let new = result.new_runs().map(|run| span(py, Place::new(&positions, run.span())));
    let run = |run: &MatchedRun| {
        let Place { start, end, byte_start, byte_end } = Place::new(&positions, run.occurrence().span());
        let segments = run.occurrence().segments();
        let source = byte_span(py, run.source().span())?;
        let segments = (segments.start, segments.end);
        MATCHED_RUN
            .with(py, (start, end, byte_start, byte_end, segments, run.document_id(), run.scope(), source))
    };
    let (new, runs) = (list(py, new)?, list(py, result.matched_runs().iter().map(run))?);
    QUERY_RESULT.with(py, (result.seen_share(), new, runs, counts, in_scope))
}

/// The segments that many documents of a scope have.
#[pyclass(frozen, module = "refrain")]
#[derive(Debug)]
pub struct Boilerplate {
    boilerplate: index::Boilerplate,
    options: Options,
}

#[pymethods]
impl Boilerplate {
    fn __len__(&self) -> usize {
        self.boilerplate.len()
    }

    fn __repr__(&self) -> String {
        let (segments, documents) = (self.boilerplate.len(), self.boilerplate.document_count());
        format!("<refrain.Boilerplate: {segments} segments of {documents} documents>")
    }

    /// Returns the number of documents of the scope.
    #[getter]
    fn documents(&self) -> u32 {
        self.boilerplate.document_count()
    }

    /// Returns the segments, most frequent first.
    #[getter]
    fn segments<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let segment = |segment: &index::BoilerplateSegment| {
            let fingerprint = Form::Binary.object(py, segment.fingerprint())?;
            let (example, span) = (segment.example(), byte_span(py, segment.example().span())?);
            BOILERPLATE_SEGMENT.with(py, (fingerprint, segment.document_count(), example.document_id(), span))
        };
        list(py, self.boilerplate.iter().map(segment))
    }

    /// Returns the indices of the segments of a text that are boilerplate.
    fn find(&self, py: Python<'_>, text: &str) -> PyResult<Vec<usize>> {
        py.detach(|| {
            let document = document(text, &self.options)?;
            self.boilerplate.segments(&document).map_err(index_error)
        })
    }

    /// Returns texts without the boilerplate. A text that is only boilerplate is returned
    /// unchanged.
    fn remove<'py>(&self, texts: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        map_cut(texts, None, |_, text, _| {
            let document = read(text, &self.options)?;
            let removals = self.boilerplate.removals(&document).map_err(|error| error.to_string())?;
            Ok(changed(removals.apply()))
        })
    }
}
