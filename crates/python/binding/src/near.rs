//! Near duplicates.

use arrow_data::ArrayData;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use refrain::near::{self, Assignment, BatchResult, Keep, NearOptions, Shingler, Shingles};
use refrain::{Fingerprint, Workspace};

use crate::arrays::Form;
use crate::column::{Answer, Texts, check_rows, map, type_name};
use crate::numbers::read_integers;
use crate::options::{parse, value_error};
use crate::overlaps::{Verify, read_overlaps};
use crate::results::{CLUSTERS, PAIR, PAIRS, list};
use crate::segments::lists_of_fingerprints;
use crate::signals::Signals;
use crate::strings::Kind;

/// The most texts that are divided into clusters by their pairs. A larger number is a mistake, for
/// which no memory should be allocated.
const MAX_TEXTS: u64 = 1 << 28;

/// The thresholds of near duplicates, and the methods that find them.
///
/// Two texts are near duplicates if the Jaccard similarity of their shingles is at least
/// `similarity`, or if one has at least the share `containment` of the shingles of the other. A
/// shingle is a run of `words_per_shingle` words. MinHash selects candidates, at most
/// `max_candidates` for each text. A pair with exactly the threshold similarity becomes a candidate
/// with a probability of at least `recall`, and a more similar pair with a higher one; if
/// `skipped_candidates` is not 0, further pairs may be missing. All candidates are verified by
/// their shingles.
///
/// An object can be pickled, so that all tasks of an engine use the same thresholds.
#[pyclass(frozen, module = "refrain")]
#[derive(Debug)]
pub struct Near {
    options: NearOptions,
    shingler: Shingler,
    /// The arguments with which this object was created, to copy it to other processes.
    similarity: f64,
    containment: Option<f64>,
    recall: f64,
    words_per_shingle: usize,
    max_candidates: usize,
    normalization: String,
    seed: u64,
}

#[pymethods]
impl Near {
    #[new]
    #[pyo3(signature = (similarity=0.8, *, containment=None, recall=0.99, words_per_shingle=5, max_candidates=256, normalization="text", seed=0))]
    fn new(
        similarity: f64,
        containment: Option<f64>,
        recall: f64,
        words_per_shingle: usize,
        max_candidates: usize,
        normalization: &str,
        seed: u64,
    ) -> PyResult<Self> {
        if words_per_shingle == 0 || max_candidates == 0 {
            let name = if max_candidates == 0 { "max_candidates" } else { "words_per_shingle" };
            return Err(PyValueError::new_err(format!("`{name}`: expected 1 or more, found 0")));
        }
        let mut options = NearOptions::new(similarity).map_err(value_error)?.max_candidates(max_candidates);
        options = options.recall(recall).map_err(value_error)?;
        if let Some(containment) = containment {
            options = options.containment(containment).map_err(value_error)?;
        }
        let shingler = Shingler::new().words_per_shingle(words_per_shingle).seed(seed);
        let shingler = shingler.normalization(parse(normalization)?);
        let normalization = normalization.to_owned();
        Ok(Self {
            options,
            shingler,
            similarity,
            containment,
            recall,
            words_per_shingle,
            max_candidates,
            normalization,
            seed,
        })
    }

    /// Returns the number of bands.
    ///
    /// Without a containment threshold, a text has this many keys.
    #[getter]
    fn bands(&self) -> usize {
        self.options.bands().bands()
    }

    /// Returns the number of MinHash values in a band.
    #[getter]
    fn rows(&self) -> usize {
        self.options.bands().rows()
    }

    /// Returns the keys of each text: texts are candidates if they have a key in common.
    ///
    /// For an engine: group the texts by their keys, compare the candidates with `verify`, and
    /// pass the pairs to `cluster_of_pairs`.
    #[pyo3(signature = (texts, *, form="int64"))]
    fn keys<'py>(&self, texts: &Bound<'py, PyAny>, form: &str) -> PyResult<Bound<'py, PyAny>> {
        map(texts, &mut Keys { near: self, form: Form::read(form)? })
    }

    /// Returns the overlap of two texts, or `None` if they are not near duplicates.
    ///
    /// For two columns, the texts of each row are compared. The result of an Arrow column is a
    /// column of structs, which have the fields of an `Overlap`, its `similarity` and its
    /// `containment`, or null.
    fn verify<'py>(
        &self,
        first: &Bound<'py, PyAny>,
        second: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let is_one = first.is_instance_of::<PyString>();
        let others = match second.cast::<PyString>() {
            Ok(other) if is_one => vec![Some(other.to_str()?.to_owned())],
            _ if is_one => {
                let found = type_name(second);
                return Err(PyTypeError::new_err(format!(
                    "expected two columns or two of type str, found {found}"
                )));
            }
            _ => {
                let texts = Texts::read("second", second)?;
                texts.optional()?.into_iter().map(|text| text.map(str::to_owned)).collect()
            }
        };
        map(first, &mut Verify { options: &self.options, shingler: &self.shingler, others })
    }

    /// Returns all pairs of near duplicates in a list.
    fn pairs<'py>(&self, py: Python<'py>, texts: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let texts = Texts::read("texts", texts)?;
        let texts = texts.required("texts")?;
        let mut signals = Signals::new(py)?;
        let found = py.detach(|| {
            let texts = self.shingle(&texts, &mut signals)?;
            let found = near::pairs_while(&texts, &self.options, |_| signals.proceed());
            signals.finish(found)
        })?;
        let pair = |pair: &near::Pair| {
            PAIR.with(py, (pair.first(), pair.second(), pair.similarity(), pair.containment()))
        };
        let pairs = list(py, found.items().iter().map(pair))?;
        PAIRS.with(py, (pairs, found.truncated_buckets(), found.skipped_candidates()))
    }

    /// Divides a list of texts into clusters of a text that is kept and its near duplicates.
    ///
    /// Texts are read in the order of `keep`: `first`, the default; `longest`; or a list with the
    /// priority of each text, the lowest first. A text is dropped if it is similar to a text that
    /// was kept before, or contained in one with the share `containment`. A text is not dropped for
    /// containing a kept one, so pass `longest` with `containment`, which is the default of the
    /// command `refrain near`.
    #[pyo3(signature = (texts, *, keep=None))]
    fn cluster<'py>(
        &self,
        py: Python<'py>,
        texts: &Bound<'py, PyAny>,
        keep: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let texts = Texts::read("texts", texts)?;
        let texts = texts.required("texts")?;
        let keep = read_keep(keep, texts.len())?;
        let mut signals = Signals::new(py)?;
        let found = py.detach(|| {
            let texts = self.shingle(&texts, &mut signals)?;
            let found = near::cluster_while(&texts, &self.options, &keep, |_| signals.proceed());
            signals.finish(found)
        })?;
        clusters(py, found.items(), Some(&found))
    }

    /// Divides `len` texts into clusters, from the pairs of near duplicates that an engine
    /// found.
    ///
    /// `first` and `second` are the numbers of the texts of each pair, from 0 to `len` − 1, the
    /// lower one first, and `overlaps` are the results of `verify`. Pairs without an overlap are
    /// ignored. The clusters are those of `cluster`, unless that truncates a bucket or skips a
    /// candidate.
    #[pyo3(signature = (len, first, second, overlaps, *, keep=None))]
    fn cluster_of_pairs<'py>(
        &self,
        py: Python<'py>,
        len: u64,
        first: &Bound<'py, PyAny>,
        second: &Bound<'py, PyAny>,
        overlaps: &Bound<'py, PyAny>,
        keep: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let len = usize::try_from(len).ok().filter(|_| len <= MAX_TEXTS).ok_or_else(|| {
            PyValueError::new_err(format!("`len`: expected at most {MAX_TEXTS} texts, found {len}"))
        })?;
        let keep = read_keep(keep, len)?;
        let (first, second) = (read_integers("first", first)?, read_integers("second", second)?);
        let overlaps = read_overlaps(overlaps)?;
        check_rows("second", first.len(), second.len())?;
        check_rows("overlaps", first.len(), overlaps.len())?;
        let mut pairs = Vec::with_capacity(overlaps.len());
        for (row, overlap) in overlaps.into_iter().enumerate() {
            let Some(overlap) = overlap else { continue };
            let index = |number: u64| usize::try_from(number).ok().filter(|index| *index < len);
            match (index(first[row]), index(second[row])) {
                (Some(first), Some(second)) if first < second => {
                    pairs.push(near::Pair::new(first, second, overlap))
                }
                _ => {
                    let (first, second) = (first[row], second[row]);
                    return Err(PyValueError::new_err(format!(
                        "row {row}: expected first < second < {len}, found {first} and {second}"
                    )));
                }
            }
        }
        let assignments = py.detach(|| near::cluster_of_pairs(len, &pairs, &self.options, &keep));
        clusters(py, &assignments, None)
    }

    fn __repr__(&self) -> String {
        let containment = self.containment.map_or_else(|| "None".to_owned(), |it| it.to_string());
        format!(
            "Near({}, containment={containment}, recall={}, words_per_shingle={}, max_candidates={}, \
             normalization='{}', seed={})",
            self.similarity,
            self.recall,
            self.words_per_shingle,
            self.max_candidates,
            self.normalization,
            self.seed
        )
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<((f64,), Bound<'py, PyDict>)> {
        let options = PyDict::new(py);
        options.set_item("containment", self.containment)?;
        options.set_item("recall", self.recall)?;
        options.set_item("words_per_shingle", self.words_per_shingle)?;
        options.set_item("max_candidates", self.max_candidates)?;
        options.set_item("normalization", &self.normalization)?;
        options.set_item("seed", self.seed)?;
        Ok(((self.similarity,), options))
    }
}

impl Near {
    fn shingle(&self, texts: &[&str], signals: &mut Signals) -> PyResult<Vec<Shingles>> {
        let shingle = |text: &&str| signals.check().map(|()| self.shingler.shingle(text));
        texts.iter().map(shingle).collect()
    }
}

struct Keys<'a> {
    near: &'a Near,
    form: Form,
}

impl Answer for Keys<'_> {
    type Item = Vec<Fingerprint>;

    fn compute(&mut self, _: usize, text: &str, _: &mut Workspace) -> Result<Vec<Fingerprint>, String> {
        Ok(self.near.options.keys(&self.near.shingler.shingle(text)))
    }

    fn to_object<'py>(
        &self,
        text: &Bound<'py, PyString>,
        item: Vec<Fingerprint>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = text.py();
        Ok(list(py, item.into_iter().map(|key| self.form.object(py, key)))?.into_any())
    }

    fn to_array(
        &self,
        _: Kind,
        _: &[Option<&str>],
        items: Vec<Option<Vec<Fingerprint>>>,
    ) -> PyResult<ArrayData> {
        lists_of_fingerprints(self.form, &items)
    }
}

/// Reads which text of a cluster is kept.
fn read_keep(keep: Option<&Bound<'_, PyAny>>, len: usize) -> PyResult<Keep> {
    let Some(keep) = keep else { return Ok(Keep::First) };
    if let Ok(name) = keep.cast::<PyString>() {
        return parse(name.to_str()?);
    }
    let priorities = read_integers("keep", keep)?;
    check_rows("keep", len, priorities.len())?;
    Ok(Keep::Priority(priorities))
}

/// Returns assignments as an object.
fn clusters<'py>(
    py: Python<'py>,
    assignments: &[Assignment],
    found: Option<&BatchResult<Assignment>>,
) -> PyResult<Bound<'py, PyAny>> {
    let all = || assignments.iter().copied();
    let duplicate_of: Vec<_> = all().map(Assignment::duplicate_of).collect();
    let similarity: Vec<_> = all().map(Assignment::similarity).collect();
    let containment: Vec<_> = all().map(Assignment::containment).collect();
    let truncated_buckets = found.map(BatchResult::truncated_buckets);
    let skipped_candidates = found.map(BatchResult::skipped_candidates);
    CLUSTERS.with(py, (duplicate_of, similarity, containment, truncated_buckets, skipped_candidates))
}
