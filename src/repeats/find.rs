//! A sequence of ids to its copies and families.
//!
//! The copy that begins at position j and reaches furthest is given by the longest previous factor
//! of j (Crochemore and Ilie, *Computing Longest Previous Factor in linear time and applications*,
//! Information Processing Letters 106, 2008). Its end never moves back as j moves on, and exactly
//! where it moves forward the copy lies in no other. The leftmost occurrence of a content and the
//! number of its occurrences come from the interval of the suffix array whose suffixes begin with
//! it.

use super::interval::{Interval, Query, intervals};
use super::lcp::{common_prefixes, longest_previous};
use super::reduce::Reduced;
use super::scratch::{Pool, Scratch};
use super::suffix::suffix_array;
use crate::steps;

/// An interval [start, end) of the sequence that also stands further left and lies in no other such
/// interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Copied {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A copy or, where a copy overlaps its source, a part of it as long as its period, the last
/// perhaps shorter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Piece {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) family: u32,
    /// The copy it is part of.
    pub(crate) copy: u32,
}

/// Pieces of equal content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FamilyRecord {
    /// The leftmost place where the content stands, and its length.
    pub(crate) first: u32,
    pub(crate) len: u32,
    /// The interval of the suffix array whose suffixes begin with the content.
    interval: Interval,
    /// Its pieces are `by_family[pieces.0..pieces.1]`.
    pieces: (u32, u32),
}

/// What repeats in a sequence of ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// In the order of the sequence.
    pub(crate) copies: Vec<Copied>,
    /// In the order of their copies, and of the sequence inside one copy.
    pub(crate) pieces: Vec<Piece>,
    /// By where the original begins, then by length.
    pub(crate) families: Vec<FamilyRecord>,
    /// Pieces as numbers, family by family, in the order of the sequence inside one family.
    pub(super) by_family: Vec<u32>,
    /// The suffix array of the reduced sequence, and where in the sequence each of its positions
    /// stands.
    pub(super) suffixes: Vec<u32>,
    pub(super) at: Vec<u32>,
}

impl Found {
    /// The pieces of a family, by number, in the order of the sequence.
    pub(crate) fn pieces_of(&self, family: &FamilyRecord) -> &[u32] {
        let (from, to) = family.pieces;
        &self.by_family[from as usize..to as usize]
    }

    /// How often the content of a family stands in the sequence.
    pub(crate) fn count(&self, family: &FamilyRecord) -> usize {
        family.interval.len()
    }

    /// Where the content of a family stands, in the order of the sequence.
    pub(crate) fn occurrences(&self, family: &FamilyRecord) -> Vec<u32> {
        let interval = &self.suffixes[family.interval.range()];
        let mut starts: Vec<u32> = interval.iter().map(|i| self.at[*i as usize]).collect();
        starts.sort_unstable();
        starts
    }
}

/// Finds what repeats in `ids`, all of which are below `distinct`. Families for which `wanted`
/// (start and length of the content) says no are left out, and so are copies of which nothing is
/// left.
///
/// # Complexity
///
/// Linear time to find the copies, and O(k log n) to bring k of them into families. Nothing but one
/// look at every id if none occurs twice.
pub(crate) fn find(
    ids: &[u32],
    distinct: usize,
    scratch: &mut Scratch,
    wanted: impl Fn(u32, u32) -> bool,
) -> Found {
    let Some(reduced) = Reduced::new(ids, distinct, &mut scratch.numbers) else {
        return Found::default();
    };
    let suffixes = suffix_array(&reduced.ids, reduced.alphabet, scratch);
    let prefixes = common_prefixes(&reduced.ids, &suffixes, scratch);
    let previous = longest_previous(&suffixes, &prefixes, scratch);
    let mut copies = scratch.copies.empty();
    copies.extend(furthest(&previous));
    scratch.numbers.give(previous);

    // The source of a copy is the leftmost occurrence of its content.
    let queries = copies.iter().map(|copy| Query { start: copy.start, len: copy.end - copy.start });
    let sources = intervals(queries, &suffixes, &prefixes, scratch);
    let mut pieces = scratch.pieces.empty();
    for (i, (copy, source)) in (0..).zip(copies.iter().zip(&sources)) {
        let period = (copy.start - source.first).min(copy.end - copy.start);
        let mut start = copy.start;
        while start < copy.end {
            let end = copy.end.min(start + period);
            pieces.push(Piece { start, end, family: 0, copy: i });
            start = end;
        }
    }
    steps::count(pieces.len());
    let queries = pieces.iter().map(|piece| Query { start: piece.start, len: piece.end - piece.start });
    let contents = intervals(queries, &suffixes, &prefixes, scratch);
    let families = scratch.families.empty();
    let by_family = scratch.numbers.empty();
    let found = Found { copies, pieces, families, by_family, suffixes, at: reduced.at };
    let found = found.into_families(&contents).filtered(wanted, scratch);
    scratch.numbers.give(reduced.ids);
    scratch.numbers.give(prefixes);
    scratch.intervals.give(sources);
    scratch.intervals.give(contents);
    found
}

/// Where the furthest-reaching copies are, from the longest previous factor of every position.
fn furthest(previous: &[u32]) -> impl Iterator<Item = Copied> {
    let mut reached = 0;
    (0..).zip(previous).filter_map(move |(start, len)| {
        let end = start + len;
        if *len == 0 || end <= reached {
            return None;
        }
        reached = end;
        Some(Copied { start, end })
    })
}

impl Found {
    /// Brings pieces of equal content together: those with the same leftmost occurrence and length.
    /// Positions are those of the whole sequence from here on.
    fn into_families(mut self, contents: &[Interval]) -> Self {
        let key = |i: &u32| {
            let piece = &self.pieces[*i as usize];
            (contents[*i as usize].first, piece.end - piece.start, piece.start)
        };
        let mut order = std::mem::take(&mut self.by_family);
        order.extend((0..).take(self.pieces.len()));
        order.sort_unstable_by_key(key);
        for (place, i) in (0..).zip(&order) {
            let (first, len, _) = key(i);
            let first = self.at[first as usize];
            match self.families.last_mut() {
                Some(family) if (family.first, family.len) == (first, len) => family.pieces.1 += 1,
                _ => self.families.push(FamilyRecord {
                    first,
                    len,
                    interval: contents[*i as usize],
                    pieces: (place, place + 1),
                }),
            }
        }
        for (number, family) in (0..).zip(&self.families) {
            for i in &order[family.pieces.0 as usize..family.pieces.1 as usize] {
                self.pieces[*i as usize].family = number;
            }
        }
        self.by_family = order;
        // What a copy covers stands together in the whole sequence too.
        let at = |position: u32| self.at[position as usize];
        for piece in &mut self.pieces {
            (piece.start, piece.end) = (at(piece.start), at(piece.end - 1) + 1);
        }
        for copy in &mut self.copies {
            (copy.start, copy.end) = (at(copy.start), at(copy.end - 1) + 1);
        }
        self
    }

    /// Leaves out the families that are not wanted.
    fn filtered(mut self, wanted: impl Fn(u32, u32) -> bool, scratch: &mut Scratch) -> Self {
        if self.families.iter().all(|family| wanted(family.first, family.len)) {
            return self;
        }
        let Scratch { flags, numbers, .. } = scratch;
        let mut keep = flags.empty();
        keep.extend(self.families.iter().map(|family| wanted(family.first, family.len)));
        let kept = |number: u32| keep[number as usize];
        let family = renumbered(&keep, numbers);
        let mut is_left = flags.empty();
        is_left.extend(self.pieces.iter().map(|piece| kept(piece.family)));
        let piece = renumbered(&is_left, numbers);
        let mut has_pieces = flags.filled(false, self.copies.len());
        self.pieces.retain(|piece| kept(piece.family));
        for piece in &self.pieces {
            // Only the last piece of a copy, which is shorter, can be missing alone.
            self.copies[piece.copy as usize].end = piece.end;
            has_pieces[piece.copy as usize] = true;
        }
        let copy = renumbered(&has_pieces, numbers);
        for piece in &mut self.pieces {
            piece.family = family[piece.family as usize];
            piece.copy = copy[piece.copy as usize];
        }
        self.by_family.retain(|piece| is_left[*piece as usize]);
        self.by_family.iter_mut().for_each(|number| *number = piece[*number as usize]);
        let mut number = 0;
        self.copies.retain(|_| {
            number += 1;
            has_pieces[number - 1]
        });
        let mut number = 0;
        self.families.retain(|_| {
            number += 1;
            keep[number - 1]
        });
        let mut from = 0;
        for family in &mut self.families {
            let to = from + (family.pieces.1 - family.pieces.0);
            family.pieces = (from, to);
            from = to;
        }
        for vector in [family, piece, copy] {
            numbers.give(vector);
        }
        for vector in [keep, is_left, has_pieces] {
            flags.give(vector);
        }
        self
    }
}

/// New numbers for the things that are kept.
fn renumbered(keep: &[bool], pool: &mut Pool<u32>) -> Vec<u32> {
    let mut next = 0_u32;
    let mut numbers = pool.empty();
    numbers.extend(keep.iter().map(|keep| {
        next += u32::from(*keep);
        next.saturating_sub(1)
    }));
    numbers
}
