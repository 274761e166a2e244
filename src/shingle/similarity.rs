//! The number of shingles that two texts share.

use crate::work;

/// The number of steps in each half between two checks whether the comparison may stop.
const STRIDE: usize = 32;

/// The merge of two sorted lists, which counts equal items.
struct Merge<'s> {
    first: &'s [u64],
    second: &'s [u64],
    i: usize,
    j: usize,
    both: usize,
}

impl<'s> Merge<'s> {
    fn new(first: &'s [u64], second: &'s [u64]) -> Self {
        Self { first, second, i: 0, j: 0, both: 0 }
    }

    #[inline(always)]
    fn step(&mut self) {
        if let (Some(a), Some(b)) = (self.first.get(self.i), self.second.get(self.j)) {
            self.both += usize::from(a == b);
            self.i += usize::from(a <= b);
            self.j += usize::from(a >= b);
        }
    }

    fn is_done(&self) -> bool {
        self.i == self.first.len() || self.j == self.second.len()
    }
}

/// The number of shingles of each of two texts, and the number of shingles that both have.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Overlap {
    pub(crate) first_shingles: usize,
    pub(crate) second_shingles: usize,
    pub(crate) common_shingles: usize,
}

impl Overlap {
    /// Compares two sorted lists, each split into the hashes below 2^63 and the others, and returns
    /// `None` as soon as `is_promising` returns `false` for the part that was compared.
    pub(super) fn of_while(
        first: (&[u64], &[u64]),
        second: (&[u64], &[u64]),
        is_promising: impl Fn(Self) -> bool,
    ) -> Option<Self> {
        // Each step of a merge depends on the one before it. Two merges run side by side, so that
        // the processor works on both at a time.
        let ((a, b), (c, d)) = (first, second);
        let (mut low, mut high) = (Merge::new(a, c), Merge::new(b, d));
        while !(low.is_done() && high.is_done()) {
            for _ in 0..STRIDE {
                low.step();
                high.step();
            }
            work::count(2 * STRIDE);
            let part = Self::of(low.i + high.i, low.j + high.j, low.both + high.both);
            if !is_promising(part) {
                return None;
            }
        }
        Some(Self::of(a.len() + b.len(), c.len() + d.len(), low.both + high.both))
    }

    /// Creates an overlap from the number of shingles of each text and the number of shingles that
    /// both have. Returns `None` if `common_shingles` is greater than `first_shingles` or
    /// `second_shingles`, or if the sum of these two overflows.
    pub fn new(first_shingles: usize, second_shingles: usize, common_shingles: usize) -> Option<Self> {
        let is_possible = common_shingles <= first_shingles.min(second_shingles)
            && first_shingles.checked_add(second_shingles).is_some();
        is_possible.then_some(Self::of(first_shingles, second_shingles, common_shingles))
    }

    /// Like [`new`](Self::new), without the check.
    pub(crate) fn of(first_shingles: usize, second_shingles: usize, common_shingles: usize) -> Self {
        Self { first_shingles, second_shingles, common_shingles }
    }

    /// Returns the overlap of the second text and the first.
    pub(crate) fn swapped(self) -> Self {
        Self::of(self.second_shingles, self.first_shingles, self.common_shingles)
    }

    /// Returns the number of shingles of the first text.
    pub fn first_shingles(self) -> usize {
        self.first_shingles
    }

    /// Returns the number of shingles of the second text.
    pub fn second_shingles(self) -> usize {
        self.second_shingles
    }

    /// Returns the number of shingles that both texts have.
    pub fn common_shingles(self) -> usize {
        self.common_shingles
    }

    /// Returns the Jaccard similarity, from 0 to 1.
    pub fn similarity(self) -> f64 {
        ratio(self.common_shingles, self.first_shingles + self.second_shingles - self.common_shingles)
    }

    /// Returns the share of the first text that is in the second, from 0 to 1.
    pub fn first_containment(self) -> f64 {
        ratio(self.common_shingles, self.first_shingles)
    }

    /// Returns the share of the second text that is in the first, from 0 to 1.
    pub fn second_containment(self) -> f64 {
        ratio(self.common_shingles, self.second_shingles)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
