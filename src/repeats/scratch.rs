//! Buffers that are reused from one search to the next.

use super::records::{Copied, FamilyRecord, Found, Interval, Node, Piece, Query, Row, TandemRun};
use crate::normalize::Normalizer;

/// Vectors of one type that are free for use.
#[derive(Clone, Debug)]
pub(super) struct Pool<T> {
    free: Vec<Vec<T>>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { free: Vec::new() }
    }
}

impl<T: Clone> Pool<T> {
    /// Returns an empty vector.
    pub(super) fn empty(&mut self) -> Vec<T> {
        self.free.pop().unwrap_or_default()
    }

    /// Returns a vector of `len` times `value`.
    pub(super) fn filled(&mut self, value: T, len: usize) -> Vec<T> {
        let mut vector = self.empty();
        vector.resize(len, value);
        vector
    }

    /// Takes a vector back.
    pub(super) fn give(&mut self, mut vector: Vec<T>) {
        // A vector without memory is not worth keeping.
        if vector.capacity() > 0 {
            vector.clear();
            self.free.push(vector);
        }
    }
}

/// The buffers of a search, by type. A search takes vectors and gives them back, so a later search
/// that is not larger allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    pub(super) numbers: Pool<u32>,
    pub(super) flags: Pool<bool>,
    pub(super) pairs: Pool<(u32, u32)>,
    pub(super) queries: Pool<Query>,
    pub(super) intervals: Pool<Interval>,
    pub(super) copies: Pool<Copied>,
    pub(super) pieces: Pool<Piece>,
    pub(super) families: Pool<FamilyRecord>,
    pub(super) nodes: Pool<Node>,
    pub(super) runs: Pool<TandemRun>,
    pub(super) normalizer: Normalizer,
    pub(super) sums: Pool<u64>,
    pub(super) counts: Pool<(u32, u64)>,
    pub(super) rows: Pool<Row>,
    chars: Pool<(u32, char)>,
    alphabets: Pool<char>,
}

impl Scratch {
    /// Returns an empty vector of numbers.
    pub(crate) fn numbers(&mut self) -> Vec<u32> {
        self.numbers.empty()
    }

    /// Returns a vector of `len` times `number`.
    pub(crate) fn filled_numbers(&mut self, number: u32, len: usize) -> Vec<u32> {
        self.numbers.filled(number, len)
    }

    /// Takes a vector of numbers back.
    pub(crate) fn give_numbers(&mut self, numbers: Vec<u32>) {
        self.numbers.give(numbers);
    }

    /// Returns a vector of `len` flags that are not set.
    pub(crate) fn flags(&mut self, len: usize) -> Vec<bool> {
        self.flags.filled(false, len)
    }

    /// Takes a vector of flags back.
    pub(crate) fn give_flags(&mut self, flags: Vec<bool>) {
        self.flags.give(flags);
    }

    /// Returns two empty vectors of characters: with their positions, and without.
    pub(crate) fn chars(&mut self) -> (Vec<(u32, char)>, Vec<char>) {
        (self.chars.empty(), self.alphabets.empty())
    }

    /// Takes vectors of characters back.
    pub(crate) fn give_chars(&mut self, chars: Vec<(u32, char)>, alphabet: Vec<char>) {
        self.chars.give(chars);
        self.alphabets.give(alphabet);
    }

    /// Returns the normalizer.
    pub(crate) fn normalizer(&mut self) -> &mut Normalizer {
        &mut self.normalizer
    }

    /// Returns an empty vector of tandem runs.
    pub(crate) fn runs(&mut self) -> Vec<TandemRun> {
        self.runs.empty()
    }

    /// Takes a vector of tandem runs back.
    pub(crate) fn give_runs(&mut self, runs: Vec<TandemRun>) {
        self.runs.give(runs);
    }

    /// Takes the vectors of a result back.
    pub(crate) fn recycle(&mut self, found: Found) {
        let Found { copies, pieces, families, by_family, suffixes, at } = found;
        self.copies.give(copies);
        self.pieces.give(pieces);
        self.families.give(families);
        for numbers in [by_family, suffixes, at] {
            self.numbers.give(numbers);
        }
    }
}
