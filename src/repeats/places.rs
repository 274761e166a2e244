//! The positions of every id.

use super::scratch::Scratch;
use crate::work;

/// The positions of every id of a sequence.
pub(crate) struct Places {
    /// The positions of id `i` are `at[from[i]..from[i + 1]]`, in order.
    from: Vec<u32>,
    at: Vec<u32>,
    /// For each position, the number of earlier positions with the same id.
    rank: Vec<u32>,
}

impl Places {
    /// Creates the positions of `ids`, all of which are below `distinct`.
    pub(crate) fn new(ids: &[u32], distinct: usize, scratch: &mut Scratch) -> Self {
        let mut from = scratch.numbers.filled(0, distinct + 1);
        let mut rank = scratch.numbers.empty();
        for id in ids {
            let count = &mut from[*id as usize + 1];
            rank.push(*count);
            *count += 1;
        }
        for i in 0..distinct {
            from[i + 1] += from[i];
        }
        let mut at = scratch.numbers.filled(0, ids.len());
        for (place, (id, rank)) in (0..).zip(ids.iter().zip(&rank)) {
            at[(from[*id as usize] + rank) as usize] = place;
        }
        work::count(2 * ids.len() + distinct);
        Self { from, at, rank }
    }

    /// Returns the positions of `id`, in ascending order.
    pub(crate) fn of(&self, id: u32) -> &[u32] {
        &self.at[self.from[id as usize] as usize..self.from[id as usize + 1] as usize]
    }

    /// Returns the number of times that `id` occurs.
    pub(crate) fn count(&self, id: u32) -> u32 {
        self.from[id as usize + 1] - self.from[id as usize]
    }

    /// Returns whether the id at `position` does not occur before it.
    pub(crate) fn is_first(&self, position: u32) -> bool {
        self.rank[position as usize] == 0
    }

    /// Returns the positions of `id` before `position`, which is one of its positions.
    pub(crate) fn before(&self, id: u32, position: u32) -> &[u32] {
        &self.of(id)[..self.rank[position as usize] as usize]
    }

    pub(crate) fn recycle(self, scratch: &mut Scratch) {
        for numbers in [self.from, self.at, self.rank] {
            scratch.numbers.give(numbers);
        }
    }
}
