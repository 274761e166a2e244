//! The shingles of one text.

use super::similarity::Overlap;
use crate::span::Span;

/// The shingles of one text as a multiset: each shingle is counted as often as it occurs.
///
/// A text with fewer words than a shingle has one shingle of all its words, and a text without
/// words has one shingle of all its signs, so short texts are compared as a whole.
#[derive(Clone, PartialEq, Debug)]
pub struct Shingles {
    /// Sorted.
    hashes: Vec<u64>,
    /// The number of hashes below 2^63.
    low: usize,
    /// The mean, over all shingles, of the number of times that the shingle occurs. It is 1 if no
    /// shingle occurs twice.
    clumps: f64,
    span: Span,
}

impl Shingles {
    pub(crate) fn from_sorted(hashes: Vec<u64>, span: Span) -> Self {
        let low = hashes.partition_point(|hash| *hash < 1 << 63);
        // The square of a count is the sum of as many odd numbers.
        let (mut sum, mut times) = (hashes.len() as u64, 0_u64);
        for pair in hashes.windows(2) {
            times = (times + 1) * u64::from(pair[0] == pair[1]);
            sum += 2 * times;
        }
        let clumps = sum as f64 / hashes.len().max(1) as f64;
        Self { hashes, low, clumps, span }
    }

    pub(super) fn with_span(self, span: Span) -> Self {
        Self { span, ..self }
    }

    pub(crate) fn clumps(&self) -> f64 {
        self.clumps
    }

    fn halves(&self) -> (&[u64], &[u64]) {
        self.hashes.split_at(self.low)
    }

    /// Compares all shingles of both texts.
    pub(crate) fn overlap(&self, other: &Self) -> Overlap {
        let none = Overlap::of(self.len(), other.len(), 0);
        self.overlap_while(other, |_| true).unwrap_or(none)
    }

    /// Compares both texts, and returns `None` as soon as `is_promising` returns `false` for the
    /// part that was compared.
    pub(crate) fn overlap_while(
        &self,
        other: &Self,
        is_promising: impl Fn(Overlap) -> bool,
    ) -> Option<Overlap> {
        Overlap::of_while(self.halves(), other.halves(), is_promising)
    }

    /// Reads the memory with which a comparison begins, so that the cache misses of several texts
    /// overlap.
    pub(crate) fn touch(&self) -> u64 {
        let places = [0, 8, 16, self.low, self.low + 8, self.low + 16];
        places.iter().filter_map(|place| self.hashes.get(*place)).fold(0, |read, hash| read ^ hash)
    }

    /// Returns the number of shingles, which is at least 1.
    #[expect(clippy::len_without_is_empty, reason = "every text has a shingle")]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Returns the span that was read: a segment, or the whole text.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the hashes of the shingles in ascending order. A shingle that occurs n times has n
    /// equal hashes.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// Restores the shingles of a text from their [hashes](Self::hashes), given in any order. The
    /// result has an empty span. Returns `None` if there are no hashes, because every text has a
    /// shingle.
    ///
    /// ```
    /// use refrain::near::{Shingler, Shingles};
    ///
    /// let shingles = Shingler::new().shingle("The harbor ferry sails again from Monday at nine.");
    /// let restored = Shingles::from_hashes(shingles.hashes().to_vec());
    /// assert_eq!(restored.map(|restored| restored.similarity(&shingles)), Some(1.0));
    /// assert_eq!(Shingles::from_hashes(Vec::new()), None);
    /// ```
    pub fn from_hashes(mut hashes: Vec<u64>) -> Option<Self> {
        hashes.sort_unstable();
        (!hashes.is_empty()).then(|| Self::from_sorted(hashes, Span::default()))
    }

    /// Returns the Jaccard similarity of the two multisets, from 0 to 1: the number of shingles in
    /// both texts divided by the number of shingles in either (resemblance in Broder 1997, *On the
    /// resemblance and containment of documents*).
    ///
    /// # Complexity
    ///
    /// Linear in the number of shingles of both texts.
    pub fn similarity(&self, other: &Self) -> f64 {
        self.overlap(other).similarity()
    }

    /// Returns the share of the shingles of this text that `other` has too, from 0 to 1.
    ///
    /// # Complexity
    ///
    /// Linear in the number of shingles of both texts.
    pub fn containment(&self, other: &Self) -> f64 {
        self.overlap(other).first_containment()
    }
}
