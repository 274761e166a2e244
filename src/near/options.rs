//! The thresholds for near duplicates, and the effort spent on finding them.

use super::bands::Bands;
use super::keys::keys;
use super::minhash::{Sketcher, VALUES};
use crate::error::NearError;
use crate::fingerprint::Fingerprint;
use crate::shingle::{Overlap, Shingles};

/// The default recall.
const RECALL: f64 = 0.99;

/// The default maximum number of candidates that a text is compared with.
const CANDIDATES: usize = 256;

/// The greatest maximum, which leaves room for sums.
const MAX_CANDIDATES: usize = 1 << 28;

/// The options of a search for near duplicates: the thresholds of similarity and containment, the
/// recall, and the maximum number of candidates.
///
/// ```
/// use refrain::near::NearOptions;
///
/// let options = NearOptions::new(0.8)?.containment(0.9)?.recall(0.999)?;
/// assert!(options.bands().probability(0.8) >= 0.999);
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// With the feature `serde`, options are written with `bands`, and read with either `recall` or
/// `bands`; only `similarity` is required.
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Unchecked", into = "Unchecked"))]
pub struct NearOptions {
    similarity: f64,
    containment: Option<f64>,
    bands: Bands,
    max_candidates: usize,
}

impl NearOptions {
    /// Creates options under which two texts are near duplicates if their similarity is at least
    /// `similarity`, for example 0.8. Two texts with exactly this similarity are found with a
    /// probability of at least 99 %, and more similar ones with a greater probability.
    ///
    /// MinHash sketches have 128 values. For more, at most 256, pass
    /// `Bands::choose(256, similarity, recall)` to [`with_bands`](Self::with_bands).
    ///
    /// Below a similarity of about 0.03534, no division of 128 values into bands reaches 99 %. The
    /// options then have 128 bands of one row, which come closest, unless [`recall`](Self::recall)
    /// or [`with_bands`](Self::with_bands) decides otherwise.
    ///
    /// # Errors
    ///
    /// [`NearError::Threshold`] if `similarity` is not in (0, 1].
    pub fn new(similarity: f64) -> Result<Self, NearError> {
        let bands = match Bands::choose(VALUES, similarity, RECALL) {
            Err(NearError::OutOfReach { .. }) => Bands::new(VALUES, 1, VALUES)?,
            chosen => chosen?,
        };
        Ok(Self { similarity, containment: None, bands, max_candidates: CANDIDATES })
    }

    /// Sets the containment threshold: two texts are near duplicates, whatever their similarity, if
    /// one has at least this share of the shingles of the other, such as a short story in a long
    /// one.
    ///
    /// To find these texts, single shingles are looked up in addition to the bands: all shingles of
    /// a text that has at most 256 of them, and a *sample* of a longer text: half of its shingles
    /// if it has at most 1024, and a quarter if it has more. Two texts with m distinct shingles in
    /// common are missed with a probability of at most (1 − p)^m, where p is the share of the
    /// longer text's shingles that are looked up (1, 1/2 or 1/4): 0.3 % for 20 common shingles and
    /// a text with more than 1024.
    ///
    /// # Errors
    ///
    /// [`NearError::Threshold`] if `containment` is not in (0, 1].
    pub fn containment(self, containment: f64) -> Result<Self, NearError> {
        if !(containment > 0.0 && containment <= 1.0) {
            return Err(NearError::Threshold { threshold: "containment", value: containment });
        }
        Ok(Self { containment: Some(containment), ..self })
    }

    /// Sets the probability with which two texts whose similarity equals the threshold become
    /// candidates, 0.99 by default. More similar texts have a higher probability. A higher recall
    /// also means more candidates that are not near duplicates.
    ///
    /// This method and [`with_bands`](Self::with_bands) override each other. This one chooses new
    /// bands, with the same number of values.
    ///
    /// # Errors
    ///
    /// [`NearError::Recall`] if `recall` is not in (0, 1); [`NearError::OutOfReach`] if no bands
    /// reach it.
    pub fn recall(self, recall: f64) -> Result<Self, NearError> {
        Ok(Self { bands: Bands::choose(self.bands.values(), self.similarity, recall)?, ..self })
    }

    /// Sets the bands, in place of those that [`recall`](Self::recall) chooses.
    ///
    /// This method and [`recall`](Self::recall) override each other.
    #[must_use]
    pub fn with_bands(self, bands: Bands) -> Self {
        Self { bands, ..self }
    }

    /// Sets the maximum number of candidates that a text is compared with, 256 by default. It is
    /// also the maximum number of texts that a bucket, as defined below, lists. The value is
    /// clamped to the range from 1 to 2²⁸.
    ///
    /// A *bucket* is the set of texts with one key in common: an equal band or, with a
    /// [containment threshold](Self::containment), an equal shingle of their samples. A bucket with
    /// more texts than the maximum is *truncated*: it lists only the first ones.
    ///
    /// Texts that share more buckets that are not truncated are compared first; then those that
    /// share more truncated buckets; then those that are earlier in the order of the texts. A text
    /// that shares only one bucket, which is truncated, is not compared. The results state the
    /// number of [skipped candidates](super::Neighbors::skipped_candidates).
    #[must_use]
    pub fn max_candidates(self, candidates: usize) -> Self {
        Self { max_candidates: candidates.clamp(1, MAX_CANDIDATES), ..self }
    }

    /// Returns the bands, which decide the candidates.
    pub fn bands(&self) -> Bands {
        self.bands
    }

    /// Returns the keys of a text: two texts are candidates if they have a key in common.
    ///
    /// An engine such as a database can group texts by these keys, compare the texts of each group
    /// with [`verify`](Self::verify), and pass the pairs to [`cluster_of_pairs`]. The result equals
    /// that of [`cluster`], unless `cluster` truncates a bucket or skips a candidate.
    ///
    /// Keys are stable: they depend on the shingles, the bands, and whether there is a containment
    /// threshold, and are pinned by tests.
    ///
    /// [`cluster`]: super::cluster
    /// [`cluster_of_pairs`]: super::cluster_of_pairs
    pub fn keys(&self, shingles: &Shingles) -> Vec<Fingerprint> {
        self.keys_with(&mut Sketcher::default(), shingles)
    }

    /// Like [`keys`](Self::keys), with the buffers of a sketcher.
    pub(super) fn keys_with(&self, sketcher: &mut Sketcher, shingles: &Shingles) -> Vec<Fingerprint> {
        let mut all = Vec::new();
        keys(self.bands, self.containment.is_some(), sketcher, shingles, &mut all);
        all
    }

    /// Returns the overlap of two texts, or `None` if they are not near duplicates.
    ///
    /// The comparison stops early if the shingles compared so far show that the texts are very
    /// unlikely to be near duplicates: fewer than 1 in 10,000 near duplicates are missed by this.
    /// An overlap that is returned is computed from all shingles of both texts.
    ///
    /// ```
    /// use refrain::near::{NearOptions, Shingler};
    ///
    /// let shingler = Shingler::new().words_per_shingle(2);
    /// let options = NearOptions::new(0.5)?;
    /// let [a, b] = ["The ferry sails at nine.", "The ferry sails at ten."];
    /// let [a, b] = [a, b].map(|text| shingler.shingle(text));
    /// let overlap = options.verify(&a, &b).expect("the texts share three shingles");
    /// assert_eq!((overlap.first_shingles(), overlap.second_shingles()), (4, 4));
    /// assert_eq!(overlap.common_shingles(), 3);
    /// assert_eq!(overlap.similarity(), 3.0 / 5.0);
    /// # Ok::<(), refrain::error::NearError>(())
    /// ```
    pub fn verify(&self, first: &Shingles, second: &Shingles) -> Option<Overlap> {
        let least = self.least_shared(first.len(), second.len());
        let clumps = first.clumps().max(second.clumps());
        let is_promising = |part: Overlap| {
            let rest = (first.len() - part.first_shingles).min(second.len() - part.second_shingles);
            part.common_shingles + rest >= least && self.may_be_near(part, clumps)
        };
        let overlap = first.overlap_while(second, is_promising)?;
        let containment = overlap.first_containment().max(overlap.second_containment());
        self.are_near(overlap.similarity(), containment).then_some(overlap)
    }

    /// Describes, in one line, what the keys depend on, and after a semicolon the other options.
    pub(super) fn description(&self) -> String {
        let Self { similarity, containment, bands, max_candidates } = self;
        let (bands, rows, values) = (bands.bands(), bands.rows(), bands.values());
        let (single, containment) = match containment {
            Some(containment) => (" and single shingles", format!("containment {containment}, ")),
            None => ("", String::new()),
        };
        format!(
            "bands {bands} of {rows} of {values} values{single}; \
             similarity {similarity}, {containment}candidates {max_candidates}"
        )
    }

    /// Parses the result of [`description`](Self::description).
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (keys, rest) = line.strip_prefix("bands ")?.split_once("; similarity ")?;
        let (bands, keys) = keys.split_once(" of ")?;
        let (rows, values) = keys.split_once(" of ")?;
        let (values, _) = values.split_once(' ')?;
        let bands = Bands::new(bands.parse().ok()?, rows.parse().ok()?, values.parse().ok()?).ok()?;
        let (rest, candidates) = rest.split_once("candidates ")?;
        let (similarity, rest) = rest.split_once(", ")?;
        let options = Self::new(similarity.parse().ok()?).ok()?.with_bands(bands);
        let options = match rest.strip_prefix("containment ") {
            Some(containment) => options.containment(containment.strip_suffix(", ")?.parse().ok()?).ok()?,
            None => options,
        };
        Some(options.max_candidates(candidates.parse().ok()?))
    }

    pub(super) fn most_candidates(&self) -> usize {
        self.max_candidates
    }

    /// Returns a lower bound of the number of common shingles of two near duplicates with `a` and
    /// `b` shingles. It may be too low by one, so that rounding does no harm.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the result is at most the number of shingles"
    )]
    pub(super) fn least_shared(&self, a: usize, b: usize) -> usize {
        let by_similarity = self.similarity / (1.0 + self.similarity) * (a as f64 + b as f64);
        let by_containment =
            self.containment.map_or(f64::INFINITY, |containment| containment * a.min(b) as f64);
        (by_similarity.min(by_containment) - 0.5).max(0.0) as usize
    }

    /// Returns whether two texts may be near duplicates, after only `part` of them was compared.
    ///
    /// The lists of hashes are sorted, so a part is a random sample of both texts. For near
    /// duplicates, a sample that shows so little has a probability of less than one in a million by
    /// the Chernoff–Hoeffding bound, and less than 1 in 10,000 over all samples of one comparison.
    /// Equal shingles are next to each other in the lists, so if a shingle occurs `clumps` times on
    /// average, a sample is worth less by this factor.
    pub(super) fn may_be_near(&self, part: Overlap, clumps: f64) -> bool {
        let is_likely = |shown: f64, least: f64, of: usize| {
            of == 0 || shown >= least || of as f64 * divergence(shown, least) <= LN_MILLION * clumps
        };
        let all = part.first_shingles + part.second_shingles - part.common_shingles;
        is_likely(part.similarity(), self.similarity, all)
            || self.containment.is_some_and(|least| {
                is_likely(part.first_containment(), least, part.first_shingles)
                    || is_likely(part.second_containment(), least, part.second_shingles)
            })
    }

    /// Returns whether one of the two values reaches its threshold.
    pub(super) fn are_near(&self, similarity: f64, containment: f64) -> bool {
        similarity >= self.similarity || self.containment.is_some_and(|least| containment >= least)
    }
}

/// The natural logarithm of a million.
const LN_MILLION: f64 = 13.8;

/// Returns the Kullback–Leibler divergence of two shares, in nats. A sample of n has the share
/// `shown`, or one further away from `expected`, with a probability of at most exp(−n ·
/// divergence).
fn divergence(shown: f64, expected: f64) -> f64 {
    let term = |shown: f64, expected: f64| if shown > 0.0 { shown * (shown / expected).ln() } else { 0.0 };
    term(shown, expected) + term(1.0 - shown, 1.0 - expected)
}

/// The serialized form, which is checked when it is read.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    similarity: f64,
    #[serde(default)]
    containment: Option<f64>,
    #[serde(default, skip_serializing)]
    recall: Option<f64>,
    #[serde(default)]
    bands: Option<Bands>,
    #[serde(default)]
    max_candidates: Option<usize>,
}

#[cfg(feature = "serde")]
impl From<NearOptions> for Unchecked {
    fn from(NearOptions { similarity, containment, bands, max_candidates }: NearOptions) -> Self {
        Self {
            similarity,
            containment,
            recall: None,
            bands: Some(bands),
            max_candidates: Some(max_candidates),
        }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Unchecked> for NearOptions {
    type Error = String;

    fn try_from(unchecked: Unchecked) -> Result<Self, String> {
        let Unchecked { similarity, containment, recall, bands, max_candidates } = unchecked;
        if recall.is_some() && bands.is_some() {
            return Err("expected `recall` or `bands`, found both".to_owned());
        }
        let checked = || {
            let mut options = Self::new(similarity)?;
            if let Some(containment) = containment {
                options = options.containment(containment)?;
            }
            match bands {
                Some(bands) => Ok(options.with_bands(bands)),
                None => options.recall(recall.unwrap_or(RECALL)),
            }
        };
        let options = checked().map_err(|error: NearError| error.to_string())?;
        Ok(options.max_candidates(max_candidates.unwrap_or(CANDIDATES)))
    }
}
