//! SimHash values of eight bytes, which estimate the similarity of texts.

use std::f64::consts::PI;

use crate::shingle::Shingles;
use crate::shingle::mix;

/// A SimHash of a text: 64 bits, few of which differ between similar texts (Charikar 2002,
/// *Similarity estimation techniques from rounding algorithms*).
///
/// It is much less precise than a [`MinHash`](super::MinHash): with 64 bits, the standard error of
/// the angle is up to 11 degrees. Use it if no more than eight bytes can be stored for each text.
///
/// ```
/// use refrain::near::{Shingler, SimHash};
///
/// let story: Vec<String> = (0..300).map(|i| format!("word{}", i * i % 997)).collect();
/// let (first, second) = (story.join(" "), story[3..].join(" "));
/// let shingler = Shingler::new();
/// let hash = |text: &str| SimHash::new(&shingler.shingle(text));
/// assert!(hash(&first).distance(hash(&second)) < 12);
/// assert_ne!(hash(&first), hash(&format!("{first} {first}")));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SimHash(u64);

impl SimHash {
    /// Creates the SimHash of a text. Shingles are counted: the second occurrence of a shingle
    /// counts as another shingle, so a text and the same text twice in a row differ.
    ///
    /// # Complexity
    ///
    /// Linear in the number of shingles, with 64 additions for each.
    pub fn new(shingles: &Shingles) -> Self {
        let mut sums = [0_i64; 64];
        let (mut last, mut earlier) = (None, 0_u64);
        for hash in shingles.hashes() {
            earlier = if last == Some(*hash) { earlier + 1 } else { 0 };
            last = Some(*hash);
            let hash = mix(hash ^ earlier.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            for (bit, sum) in sums.iter_mut().enumerate() {
                *sum += i64::from((hash >> bit) & 1 == 1) * 2 - 1;
            }
        }
        Self(sums.iter().enumerate().fold(0, |hash, (bit, sum)| hash | u64::from(*sum > 0) << bit))
    }

    /// Creates a SimHash from the result of [`to_u64`](Self::to_u64).
    pub fn from_u64(bits: u64) -> Self {
        Self(bits)
    }

    /// Returns the bits as a number.
    pub fn to_u64(self) -> u64 {
        self.0
    }

    /// Returns the number of bits that differ, from 0 to 64: 32 on average for texts of many
    /// shingles that have none in common.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// Returns an estimate of the cosine of the angle between the two texts as vectors of shingles:
    /// 1 for equal texts, and 0 for texts without a common shingle. For two texts of the same
    /// length, the cosine is the share of the shingles of one text that the other has too.
    pub fn cosine(self, other: Self) -> f64 {
        (PI * f64::from(self.distance(other)) / 64.0).cos()
    }

    /// Returns the standard error of an estimated `cosine`, to first order: π sin θ sqrt(p (1 − p)
    /// / 64) for the angle θ and p = θ / π.
    pub fn standard_error(cosine: f64) -> f64 {
        let angle = cosine.clamp(-1.0, 1.0).acos();
        let share = angle / PI;
        PI * angle.sin() * (share * (1.0 - share) / 64.0).sqrt()
    }
}
