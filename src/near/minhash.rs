//! MinHash sketches, which estimate the similarity of texts from a few hundred bytes each.

use crate::error::NearError;
use crate::shingle::Shingles;
use crate::shingle::mix;
use crate::work;

/// The default number of values of a MinHash sketch.
pub(super) const VALUES: usize = 128;

/// The constant that makes the hash of a later occurrence of a shingle differ from that of the
/// first.
const ROUND: u64 = 0x9E37_79B9_7F4A_7C15;

/// A MinHash sketch of a text: the share of equal values of two texts is an unbiased estimate of
/// their similarity (Broder 1997, *On the resemblance and containment of documents*).
///
/// The values are computed by fast similarity sketching (Dahlgaard, Knudsen and Thorup 2017, *Fast
/// Similarity Sketching*): each shingle falls into one of as many bins as there are values, and the
/// lowest hash in a bin is its value. Bins that remain empty are filled by further rounds with
/// other hashes. Classic MinHash needs one pass over the shingles for each value instead.
///
/// ```
/// use refrain::near::{MinHash, Shingler};
///
/// let words: Vec<String> = (0..400).map(|number| format!("word{number}")).collect();
/// let shingler = Shingler::new();
/// let first = shingler.shingle(&words[..360].join(" "));
/// let second = shingler.shingle(&words[40..].join(" "));
///
/// let estimate = MinHash::new(&first).similarity(&MinHash::new(&second)).expect("equal sizes");
/// let exact = first.similarity(&second);
/// assert!((estimate - exact).abs() < 4.0 * MinHash::standard_error(128, exact));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MinHash {
    values: Vec<u32>,
}

impl MinHash {
    /// Creates a MinHash sketch of 128 values, which are 512 bytes.
    ///
    /// # Complexity
    ///
    /// O(n + k log k) in expectation for n shingles and k values.
    pub fn new(shingles: &Shingles) -> Self {
        Sketcher::default().sketch(shingles.hashes(), VALUES)
    }

    /// Creates a MinHash sketch with this number of `values`, 64 to 256, of four bytes each.
    ///
    /// # Errors
    ///
    /// [`NearError::SketchSize`] if `values` is out of range.
    pub fn with_values(shingles: &Shingles, values: usize) -> Result<Self, NearError> {
        check_values(values)?;
        Ok(Sketcher::default().sketch(shingles.hashes(), values))
    }

    /// Creates a MinHash sketch from the result of [`values`](Self::values).
    ///
    /// # Errors
    ///
    /// [`NearError::SketchSize`] if there are not 64 to 256 values.
    pub fn from_values(values: Vec<u32>) -> Result<Self, NearError> {
        check_values(values.len())?;
        Ok(Self { values })
    }

    /// Returns the values. They are the same on every platform and in every release with the same
    /// [scheme](crate::Fingerprint::SCHEME).
    pub fn values(&self) -> &[u32] {
        &self.values
    }

    /// Returns an estimate of the similarity of the two texts: the share of equal values. Returns
    /// `None` if the two differ in their number of values.
    ///
    /// The estimate is unbiased, and its [standard error](Self::standard_error) is at most that of
    /// independent values.
    pub fn similarity(&self, other: &Self) -> Option<f64> {
        let same = self.values.iter().zip(&other.values).filter(|(a, b)| a == b).count();
        let len = self.values.len();
        (len == other.values.len()).then(|| same as f64 / len as f64)
    }

    /// Returns the standard error of an estimate from `values` independent values for texts with
    /// this `similarity`: sqrt(s (1 − s) / values).
    ///
    /// `values` must be at least 1, and `similarity` from 0 to 1; otherwise the result is not a
    /// finite number.
    pub fn standard_error(values: usize, similarity: f64) -> f64 {
        (similarity * (1.0 - similarity) / values as f64).sqrt()
    }
}

pub(super) fn check_values(values: usize) -> Result<(), NearError> {
    if (64..=256).contains(&values) { Ok(()) } else { Err(NearError::SketchSize { values }) }
}

/// Computes MinHash sketches, and reuses its buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketcher {
    /// The lowest hash of each bin, or `EMPTY`.
    bins: Vec<u64>,
    /// The later occurrences of shingles that occur several times, each with a hash of its own.
    repeated: Vec<u64>,
}

/// The value of an empty bin. A shingle with this hash, which has a probability of 2⁻⁶⁴, is in no
/// bin.
const EMPTY: u64 = u64::MAX;

/// Returns the bin of `hash`, which its high bits determine.
#[expect(clippy::cast_possible_truncation, reason = "it is less than the number of bins")]
fn bin(hash: u64, bins: usize) -> usize {
    ((u128::from(hash) * bins as u128) >> 64) as usize
}

impl Sketcher {
    pub(super) fn sketch(&mut self, sorted: &[u64], values: usize) -> MinHash {
        let Self { bins, repeated } = self;
        bins.clear();
        bins.resize(values, EMPTY);
        repeated.clear();
        // In descending order, so that the lowest hash of a bin is written last.
        let (mut earlier, mut last) = (0_u64, None);
        for hash in sorted.iter().rev() {
            bins[bin(*hash, values)] = *hash;
            // A multiset becomes a set: the second of two equal shingles gets a hash of its own,
            // and so on.
            earlier = if last == Some(hash) { earlier + 1 } else { 0 };
            last = Some(hash);
            if earlier > 0 {
                repeated.push(mix(hash ^ earlier.wrapping_mul(ROUND)));
            }
        }
        for hash in &*repeated {
            let smallest = &mut bins[bin(*hash, values)];
            *smallest = (*smallest).min(*hash);
        }
        let mut rounds =
            Rounds { empty: bins.iter().filter(|hash| **hash == EMPTY).count(), bins, sorted, repeated };
        let mut round = 0;
        while rounds.empty > 0 {
            rounds.run(round);
            round += 1;
        }
        // The high bits of a hash depend on its bin, so the low bits are the value.
        #[expect(clippy::cast_possible_truncation, reason = "32 bits of each are kept")]
        let values = bins.iter().map(|hash| *hash as u32).collect();
        MinHash { values }
    }
}

/// The number of parts of a round.
const PARTS: u64 = 8;

/// The rounds in which empty bins receive the lowest hash that falls into them.
///
/// A round reads the shingles in parts, by the high bits of their hashes, and ends as soon as no
/// bin is empty: if few bins are, a small part is enough. The order depends on the hashes alone, so
/// texts that share a shingle agree in the bin that it fills.
struct Rounds<'s> {
    bins: &'s mut [u64],
    empty: usize,
    sorted: &'s [u64],
    repeated: &'s [u64],
}

impl Rounds<'_> {
    fn run(&mut self, round: u64) {
        // The hashes are mixed, so the product with an odd number is another hash.
        let multiple = mix(round + 1) | 1;
        let mut rest = self.sorted;
        for part in 0..PARTS {
            let end = rest.partition_point(|hash| hash >> 61 == part);
            let (some, later) = rest.split_at(end);
            rest = later;
            let repeated = self.repeated.iter().filter(|hash| **hash >> 61 == part);
            let hashes = some.iter().chain(repeated).map(|hash| hash.wrapping_mul(multiple));
            if self.fill(hashes) {
                return;
            }
        }
        // To guarantee an end, each round after the first `bins.len()` fills one bin with the
        // lowest of all hashes.
        let last = round.checked_sub(self.bins.len() as u64).and_then(|at| usize::try_from(at).ok());
        if let Some(left) = last.and_then(|at| self.bins.get_mut(at)).filter(|hash| **hash == EMPTY) {
            let all = self.sorted.iter().chain(self.repeated).map(|hash| hash.wrapping_mul(multiple));
            *left = all.min().unwrap_or_default().min(EMPTY - 1);
            self.empty -= 1;
        }
    }

    /// Fills bins that were empty before this part, and returns whether no bin is empty.
    fn fill(&mut self, hashes: impl Iterator<Item = u64>) -> bool {
        let mut filled = [0_u64; 4];
        let len = self.bins.len();
        for hash in hashes {
            let at = bin(hash, len);
            let (word, bit) = (&mut filled[at / 64], 1 << (at % 64));
            if self.bins[at] == EMPTY {
                self.bins[at] = hash;
                *word |= bit;
                self.empty -= usize::from(hash != EMPTY);
            } else if *word & bit != 0 {
                self.bins[at] = self.bins[at].min(hash);
            }
            work::count(1);
        }
        self.empty == 0
    }
}
