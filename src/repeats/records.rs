//! The records of a search: positions in the sequence of ids, all below 2^32.

use std::ops::Range;

/// An interval [start, end) of the sequence that also occurs further left, and is part of no other
/// such interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Copied {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A copy or, if a copy overlaps its source, a part of the copy. Parts are as long as the distance
/// to the source; the last one may be shorter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Piece {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) family: u32,
    /// The number of the copy that the piece is part of.
    pub(crate) copy: u32,
}

/// Pieces of equal content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FamilyRecord {
    /// The start of the leftmost occurrence of the content, and the length of the content.
    pub(crate) first: u32,
    pub(crate) len: u32,
    /// The interval of the suffix array whose suffixes begin with the content.
    pub(super) interval: Interval,
    /// The pieces are `by_family[pieces.0..pieces.1]`.
    pub(super) pieces: (u32, u32),
}

/// The repeats of a sequence of ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Ordered by their starts.
    pub(crate) copies: Vec<Copied>,
    /// Ordered by copy, then by start.
    pub(crate) pieces: Vec<Piece>,
    /// Ordered by the start of the original, then by length.
    pub(crate) families: Vec<FamilyRecord>,
    /// The numbers of the pieces, ordered by family, then by start.
    pub(super) by_family: Vec<u32>,
    /// The suffix array of the reduced sequence, and the position in the whole sequence of each
    /// position in the reduced one.
    pub(super) suffixes: Vec<u32>,
    pub(super) at: Vec<u32>,
}

impl Found {
    /// Returns the numbers of the pieces of `family`, ordered by start.
    pub(crate) fn pieces_of(&self, family: &FamilyRecord) -> &[u32] {
        let (from, to) = family.pieces;
        &self.by_family[from as usize..to as usize]
    }

    /// Returns the number of occurrences of the content of `family`.
    pub(crate) fn count(&self, family: &FamilyRecord) -> usize {
        family.interval.len()
    }

    /// Returns the starts of all occurrences of the content of `family`, in ascending order.
    pub(crate) fn occurrences(&self, family: &FamilyRecord) -> Vec<u32> {
        let interval = &self.suffixes[family.interval.range()];
        let mut starts: Vec<u32> = interval.iter().map(|i| self.at[*i as usize]).collect();
        starts.sort_unstable();
        starts
    }
}

/// A content: the `len` ids from `start` on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query {
    pub(super) start: u32,
    pub(super) len: u32,
}

/// The suffixes that begin with a content, and the first of them in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Interval {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) first: u32,
}

impl Interval {
    pub(super) fn len(self) -> usize {
        (self.to - self.from) as usize
    }

    pub(super) fn range(self) -> Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// Two equal segments: one in an original, one in a copy of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pair {
    pub(crate) source: u32,
    pub(crate) copy: u32,
}

/// A seed, and the best chain that ends with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) pair: Pair,
    pub(super) score: i64,
    /// The number of the seed before it in the chain, or its own number.
    pub(super) before: u32,
}

/// The seeds of one segment: its position, and where they are in the list of all.
pub(super) type Row = (u32, usize, usize);

/// A maximal run: `ids[i] == ids[i + period]` for all i from `start` to before `end - period`, and
/// beyond neither end. The run is at least two periods long, and its period is the smallest that it
/// has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct TandemRun {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) period: u32,
}
