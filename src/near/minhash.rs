//! Sketches: what a text is like, in a few hundred bytes.

use crate::error::NearError;
use crate::shingle::Shingles;
use crate::shingle::mix;
use crate::work;

/// How many values a sketch has, unless the caller says otherwise.
pub(super) const VALUES: usize = 128;

/// What parts one round of hashing from the next.
const ROUND: u64 = 0x9E37_79B9_7F4A_7C15;

/// A MinHash sketch: two texts agree in each of its values with a probability that is their similarity.
///
/// Made by fast similarity sketching (Dahlgaard, Knudsen, Thorup 2017): each shingle is thrown into one of
/// the bins, and the smallest in a bin is its value; where bins stay empty there is another round with
/// another hash, in which only these are filled. So it takes one pass over the shingles and a part of a
/// second for most texts, where one hash for each value takes as many passes as there are values; and the
/// estimate is unbiased and no less sharp.
///
/// ```
/// use refrain::near::{Shingler, MinHash};
///
/// let words: Vec<String> = (0..400).map(|word| format!("word{word}")).collect();
/// let shingler = Shingler::new();
/// let (a, b) = (shingler.shingle(&words[..360].join(" ")), shingler.shingle(&words[40..].join(" ")));
/// let estimate = MinHash::new(&a).similarity(&MinHash::new(&b)).expect("both have 128 values");
/// let exact = a.similarity(&b);
/// assert!((estimate - exact).abs() < 4.0 * MinHash::standard_error(128, exact));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MinHash {
    values: Vec<u32>,
}

impl MinHash {
    /// A sketch of 128 values, 512 bytes.
    pub fn new(shingles: &Shingles) -> Self {
        Sketcher::default().sketch(shingles.hashes(), VALUES)
    }

    /// A sketch of 64 to 256 values, of four bytes each.
    ///
    /// # Errors
    ///
    /// [`NearError::SketchSize`].
    pub fn with_values(shingles: &Shingles, values: usize) -> Result<Self, NearError> {
        check_values(values)?;
        Ok(Sketcher::default().sketch(shingles.hashes(), values))
    }

    /// From the values that [`values`](Self::values) gives, 64 to 256.
    ///
    /// # Errors
    ///
    /// [`NearError::SketchSize`].
    pub fn from_values(values: Vec<u32>) -> Result<Self, NearError> {
        check_values(values.len())?;
        Ok(Self { values })
    }

    /// The values. They are the same on every platform and in every release of one
    /// [scheme](crate::Fingerprint::SCHEME).
    pub fn values(&self) -> &[u32] {
        &self.values
    }

    /// The resemblance of the two texts, estimated: the part of the values in which they agree. `None` if one
    /// sketch has more values than the other. The error has a mean of 0 and the [standard
    /// error](Self::standard_error) of as many coins.
    pub fn similarity(&self, other: &Self) -> Option<f64> {
        let same = self.values.iter().zip(&other.values).filter(|(a, b)| a == b).count();
        let len = self.values.len();
        (len == other.values.len()).then(|| same as f64 / len as f64)
    }

    /// The standard error of an estimate from so many values, of texts that resemble each other by
    /// `similarity`: at most sqrt(r (1 − r) / values).
    pub fn standard_error(values: usize, similarity: f64) -> f64 {
        (similarity * (1.0 - similarity) / values as f64).sqrt()
    }
}

pub(super) fn check_values(values: usize) -> Result<(), NearError> {
    if (64..=256).contains(&values) { Ok(()) } else { Err(NearError::SketchSize { values }) }
}

/// Makes sketches, with memory that is kept from one to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketcher {
    /// The smallest hash of each bin; `u64::MAX` in one that is empty.
    bins: Vec<u64>,
    /// The shingles that stand several times, from their second time on, told apart from the first.
    again: Vec<u64>,
}

/// An empty bin. A shingle with this hash, of which there is one in 2⁶⁴, is in no bin.
const EMPTY: u64 = u64::MAX;

/// The bin of a hash: its high bits, as a part of all bins.
#[expect(clippy::cast_possible_truncation, reason = "it is less than the number of bins")]
fn bin(hash: u64, bins: usize) -> usize {
    ((u128::from(hash) * bins as u128) >> 64) as usize
}

impl Sketcher {
    pub(super) fn sketch(&mut self, sorted: &[u64], values: usize) -> MinHash {
        let Self { bins, again } = self;
        bins.clear();
        bins.resize(values, EMPTY);
        again.clear();
        // From behind, so that the smallest in a bin comes last.
        let (mut times, mut last) = (0_u64, None);
        for hash in sorted.iter().rev() {
            bins[bin(*hash, values)] = *hash;
            // The second of two equal shingles is one of its own, and so on: multisets become sets.
            times = if last == Some(hash) { times + 1 } else { 0 };
            last = Some(hash);
            if times > 0 {
                again.push(mix(hash ^ times.wrapping_mul(ROUND)));
            }
        }
        for hash in &*again {
            let smallest = &mut bins[bin(*hash, values)];
            *smallest = (*smallest).min(*hash);
        }
        let mut rounds =
            Rounds { empty: bins.iter().filter(|hash| **hash == EMPTY).count(), bins, sorted, again };
        let mut round = 0;
        while rounds.empty > 0 {
            rounds.run(round);
            round += 1;
        }
        // High bits say where a value stands, so low ones are kept.
        #[expect(clippy::cast_possible_truncation, reason = "32 bits of each are kept")]
        let values = bins.iter().map(|hash| *hash as u32).collect();
        MinHash { values }
    }
}

/// Parts of a round.
const PARTS: u64 = 8;

/// Rounds in which bins that are empty take the smallest of what falls into them.
///
/// A round goes through the shingles in parts, by the high bits of their hashes, and ends as soon as no bin
/// is empty: where few are, a small part is enough. What fills a bin depends on the hashes alone, so that two
/// texts that share it agree.
struct Rounds<'s> {
    bins: &'s mut [u64],
    empty: usize,
    sorted: &'s [u64],
    again: &'s [u64],
}

impl Rounds<'_> {
    fn run(&mut self, round: u64) {
        // Hashes are mixed already: another odd multiple of one is another hash.
        let multiple = mix(round + 1) | 1;
        let mut rest = self.sorted;
        for part in 0..PARTS {
            let end = rest.partition_point(|hash| hash >> 61 == part);
            let (some, later) = rest.split_at(end);
            rest = later;
            let again = self.again.iter().filter(|hash| **hash >> 61 == part);
            let hashes = some.iter().chain(again).map(|hash| hash.wrapping_mul(multiple));
            if self.fill(hashes) {
                return;
            }
        }
        // From as many rounds on as there are bins, each of those that are left takes the smallest of all, so
        // that there is an end.
        let last = round.checked_sub(self.bins.len() as u64).and_then(|at| usize::try_from(at).ok());
        if let Some(left) = last.and_then(|at| self.bins.get_mut(at)).filter(|hash| **hash == EMPTY) {
            let all = self.sorted.iter().chain(self.again).map(|hash| hash.wrapping_mul(multiple));
            *left = all.min().unwrap_or_default().min(EMPTY - 1);
            self.empty -= 1;
        }
    }

    /// Fills bins that were empty before this part, and says whether none is left.
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
