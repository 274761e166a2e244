//! Eight bytes that say what a text is like.

use std::f64::consts::PI;

use crate::shingle::Shingles;
use crate::shingle::mix;

/// A SimHash (Charikar 2002): 64 bits, of which two texts differ in few if they are alike.
///
/// Far less sharp than a [`MinHash`](super::MinHash): with 64 bits, the standard error of an angle is up to 11
/// degrees. For those who can keep no more than eight bytes for a text.
///
/// ```
/// use refrain::near::{Shingler, SimHash};
///
/// let story: Vec<String> = (0..300).map(|word| format!("word{}", word * word % 997)).collect();
/// let (a, b) = (story.join(" "), story[3..].join(" "));
/// let shingler = Shingler::new();
/// let hash = |text: &str| SimHash::new(&shingler.shingle(text));
/// assert!(hash(&a).distance(hash(&b)) < 12);
/// assert_ne!(hash(&a), hash(&format!("{a} {a}")));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct SimHash(u64);

impl SimHash {
    /// The SimHash of a text. A shingle that stands twice is two different ones: a text doubled is another
    /// text.
    ///
    /// # Complexity
    ///
    /// Linear in the shingles, 64 additions each.
    pub fn new(shingles: &Shingles) -> Self {
        let mut sums = [0_i64; 64];
        let (mut last, mut again) = (None, 0_u64);
        for hash in shingles.hashes() {
            again = if last == Some(*hash) { again + 1 } else { 0 };
            last = Some(*hash);
            let hash = mix(hash ^ again.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            for (bit, sum) in sums.iter_mut().enumerate() {
                *sum += i64::from((hash >> bit) & 1 == 1) * 2 - 1;
            }
        }
        Self(sums.iter().enumerate().fold(0, |hash, (bit, sum)| hash | u64::from(*sum > 0) << bit))
    }

    /// From the number that [`to_u64`](Self::to_u64) gives.
    pub fn from_u64(bits: u64) -> Self {
        Self(bits)
    }

    /// The bits as a number.
    pub fn to_u64(self) -> u64 {
        self.0
    }

    /// In how many bits two texts differ, 0 to 64: of those that have nothing in common, in 32 on average.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// The cosine of the angle between the two texts as vectors of shingles, estimated from the distance: 1
    /// where they are the same, 0 where they share nothing. Of two texts of one length, that is what they
    /// share as a part of one.
    pub fn cosine(self, other: Self) -> f64 {
        (PI * f64::from(self.distance(other)) / 64.0).cos()
    }

    /// The standard error of [`cosine`](Self::cosine) where the cosine is `cosine`, to the first order: π sin
    /// θ sqrt(p (1 − p) / 64) with θ the angle and p = θ / π.
    pub fn standard_error(cosine: f64) -> f64 {
        let angle = cosine.clamp(-1.0, 1.0).acos();
        let part = angle / PI;
        PI * angle.sin() * (part * (1.0 - part) / 64.0).sqrt()
    }
}
