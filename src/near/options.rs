//! What counts as near.

use super::bands::Bands;
use super::minhash::VALUES;
use crate::error::NearError;
use crate::shingle::Overlap;

/// How many candidates a text is compared with at most.
const CANDIDATES: usize = 256;

/// From what on two texts are near each other, and how surely that is found.
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
    candidates: usize,
}

impl NearOptions {
    /// Near are two texts that resemble each other by `similarity` at least, 0.8 say; 99 in 100 of those
    /// that do so by just that are found, and more of those that do more.
    ///
    /// # Errors
    ///
    /// [`NearError::Threshold`]; [`NearError::OutOfReach`] below 0.04.
    pub fn new(similarity: f64) -> Result<Self, NearError> {
        let bands = Bands::choose(VALUES, similarity, 0.99)?;
        Ok(Self { similarity, containment: None, bands, candidates: CANDIDATES })
    }

    /// Near are also two texts of which one is in the other by `containment` at least: a short story in a
    /// long one. To find them, single shingles are looked up besides: all of a text that has up to 256, every
    /// second one up to 1024, every fourth one beyond. Two texts that share m different shingles are missed
    /// with the probability (1 − p)^m, where p is that part for the longer one: 0.3 % for 20 shingles of a
    /// very long text.
    ///
    /// # Errors
    ///
    /// [`NearError::Threshold`].
    pub fn containment(self, containment: f64) -> Result<Self, NearError> {
        if !(containment > 0.0 && containment <= 1.0) {
            return Err(NearError::Threshold { threshold: "containment", value: containment });
        }
        Ok(Self { containment: Some(containment), ..self })
    }

    /// Which part of the texts that resemble each other by just the threshold is found.
    ///
    /// # Errors
    ///
    /// [`NearError::Recall`], [`NearError::OutOfReach`].
    pub fn recall(self, recall: f64) -> Result<Self, NearError> {
        Ok(Self { bands: Bands::choose(self.bands.values(), self.similarity, recall)?, ..self })
    }

    /// Bands of the caller's choice.
    #[must_use]
    pub fn with_bands(self, bands: Bands) -> Self {
        Self { bands, ..self }
    }

    /// How many texts one is compared with at most: those that share most buckets with it that are not full,
    /// then most that are, and of those that share as many, those that came first. It is 256 unless you say
    /// otherwise, and a bucket is full with as many. What is left out is counted: see
    /// [`Neighbors::skipped_candidates`](super::Neighbors::skipped_candidates).
    #[must_use]
    pub fn candidates(self, candidates: usize) -> Self {
        Self { candidates: candidates.max(1), ..self }
    }

    /// The bands that decide what is compared, with the curve of what they find.
    pub fn bands(&self) -> Bands {
        self.bands
    }

    pub(super) fn most_candidates(&self) -> usize {
        self.candidates
    }

    pub(super) fn wants_containment(&self) -> bool {
        self.containment.is_some()
    }

    /// How many shingles two texts share at least if they are near and have `a` and `b`, or one less: a
    /// little too low, for the sake of rounding.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is less than either number"
    )]
    pub(super) fn least_shared(&self, a: usize, b: usize) -> usize {
        let alike = self.similarity / (1.0 + self.similarity) * (a as f64 + b as f64);
        let within = self.containment.map_or(f64::INFINITY, |containment| containment * a.min(b) as f64);
        (alike.min(within) - 0.5).max(0.0) as usize
    }

    /// Whether two texts may be near of which so much was compared. Lists of hashes are sorted, so what was
    /// compared is a random part of both texts. If they were near, it would show as little as it does less
    /// than once in a million times, by the bound of Chernoff and Hoeffding: one in 10,000 for all the times
    /// that this is asked. Equal shingles stand together in the lists; where shingles stand `clumps` times on
    /// average, a part says that much less.
    pub(super) fn may_be_near(&self, part: Overlap, clumps: f64) -> bool {
        let looks = |shown: f64, least: f64, of: usize| {
            of == 0 || shown >= least || of as f64 * divergence(shown, least) <= MILLION * clumps
        };
        let all = part.first + part.second - part.both;
        looks(part.similarity(), self.similarity, all)
            || self.containment.is_some_and(|least| {
                looks(part.first_containment(), least, part.first)
                    || looks(part.second_containment(), least, part.second)
            })
    }

    /// Whether two texts are near.
    pub(super) fn are_near(&self, similarity: f64, containment: f64) -> bool {
        similarity >= self.similarity || self.containment.is_some_and(|least| containment >= least)
    }
}

/// The logarithm of a million.
const MILLION: f64 = 13.8;

/// How far a share that shows is from one that is expected (Kullback and Leibler, in nats): a part of n shows
/// such a share, or one that is further away, with a probability of exp(−n divergence) at most.
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
    candidates: Option<usize>,
}

#[cfg(feature = "serde")]
impl From<NearOptions> for Unchecked {
    fn from(NearOptions { similarity, containment, bands, candidates }: NearOptions) -> Self {
        Self { similarity, containment, recall: None, bands: Some(bands), candidates: Some(candidates) }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Unchecked> for NearOptions {
    type Error = String;

    fn try_from(unchecked: Unchecked) -> Result<Self, String> {
        let Unchecked { similarity, containment, recall, bands, candidates } = unchecked;
        if recall.is_some() && bands.is_some() {
            return Err("expected `recall` or `bands`, found both".to_owned());
        }
        let checked = || {
            let mut options = Self::new(similarity)?;
            if let Some(containment) = containment {
                options = options.containment(containment)?;
            }
            match recall {
                Some(recall) => options.recall(recall),
                None => Ok(options),
            }
        };
        let options = checked().map_err(|error: NearError| error.to_string())?;
        let options = bands.map_or(options.clone(), |bands| options.with_bands(bands));
        Ok(options.candidates(candidates.unwrap_or(CANDIDATES)))
    }
}
