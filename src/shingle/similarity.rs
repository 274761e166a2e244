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
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) both: usize,
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
            let part = Self { first: low.i + high.i, second: low.j + high.j, both: low.both + high.both };
            if !is_promising(part) {
                return None;
            }
        }
        Some(Self { first: a.len() + b.len(), second: c.len() + d.len(), both: low.both + high.both })
    }

    /// Creates an overlap from the number of shingles of each text and the number of shingles that
    /// both have. Returns `None` if `both` is greater than `first` or `second`, or if `first +
    /// second` overflows.
    pub fn new(first: usize, second: usize, both: usize) -> Option<Self> {
        let is_possible = both <= first && both <= second && first.checked_add(second).is_some();
        is_possible.then_some(Self { first, second, both })
    }

    /// Returns the overlap of the second text and the first.
    pub(crate) fn swapped(self) -> Self {
        Self { first: self.second, second: self.first, both: self.both }
    }

    /// Returns the number of shingles of the first text.
    pub fn first_shingles(self) -> usize {
        self.first
    }

    /// Returns the number of shingles of the second text.
    pub fn second_shingles(self) -> usize {
        self.second
    }

    /// Returns the number of shingles that both texts have.
    pub fn common_shingles(self) -> usize {
        self.both
    }

    /// Returns the Jaccard similarity, from 0 to 1.
    pub fn similarity(self) -> f64 {
        ratio(self.both, self.first + self.second - self.both)
    }

    /// Returns the share of the first text that is in the second, from 0 to 1.
    pub fn first_containment(self) -> f64 {
        ratio(self.both, self.first)
    }

    /// Returns the share of the second text that is in the first, from 0 to 1.
    pub fn second_containment(self) -> f64 {
        ratio(self.both, self.second)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
