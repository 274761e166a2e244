//! Runs that keep their order and lie near each other, brought together: blocks with holes.
//!
//! Seed, chain, extend, as programs that align genomes do, along the sequence and never back: the segment that comes next
//! goes on with the open chain if its content also stands shortly behind the chain's last source, and else opens a
//! chain of its own, at the source of the longest copy that it is in.

use std::ops::Range;

use super::find::Found;
use crate::steps;

/// Two equal segments: one in an original, one in a copy of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pair {
    pub(crate) source: u32,
    pub(crate) copy: u32,
}

/// A copy of that many segments is not taken for a part of a block that comes from somewhere else.
const LONG: usize = 4;

/// Where every id stands.
pub(crate) struct Places {
    /// The places of id `i` are `at[from[i]..from[i + 1]]`, in order.
    from: Vec<u32>,
    at: Vec<u32>,
}

impl Places {
    /// `ids` are below `distinct`.
    pub(crate) fn new(ids: &[u32], distinct: usize) -> Self {
        let mut from = vec![0; distinct + 1];
        for id in ids {
            from[*id as usize + 1] += 1;
        }
        for i in 0..distinct {
            from[i + 1] += from[i];
        }
        let mut next = from.clone();
        let mut at = vec![0; ids.len()];
        for (place, id) in (0..).zip(ids) {
            let next = &mut next[*id as usize];
            at[*next as usize] = place;
            *next += 1;
        }
        steps::count(2 * ids.len() + distinct);
        Self { from, at }
    }

    /// The places of `id`.
    pub(crate) fn of(&self, id: u32) -> &[u32] {
        &self.at[self.from[id as usize] as usize..self.from[id as usize + 1] as usize]
    }

    /// How often `id` stands.
    pub(crate) fn count(&self, id: u32) -> u32 {
        self.from[id as usize + 1] - self.from[id as usize]
    }

    /// The first place of `id` behind `place`.
    fn after(&self, id: u32, place: u32) -> Option<u32> {
        let places = self.of(id);
        places.get(places.partition_point(|p| *p <= place)).copied()
    }
}

/// Chains, in the order of their copies; those of one call have no segment of a copy in common.
#[derive(Default)]
pub(crate) struct Chains {
    pairs: Vec<Pair>,
    /// Where in `pairs` each chain ends, and whether it is the content of the chain before it once more.
    ends: Vec<(usize, bool)>,
}

/// Segments of a copy, each with an equal one in the original.
#[derive(Clone, Copy)]
pub(crate) struct Chain<'a> {
    pub(crate) pairs: &'a [Pair],
    /// Whether its copy stands right after its original or, where a copy overlaps its source, after another copy.
    pub(crate) follows: bool,
}

impl Chains {
    /// The chains, none of them empty.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Chain<'_>> {
        let mut start = 0;
        self.ends.iter().map(move |(end, again)| {
            let pairs = &self.pairs[start..*end];
            start = *end;
            let follows = *again || pairs[pairs.len() - 1].source + 1 == pairs[0].copy;
            Chain { pairs, follows }
        })
    }

    /// Chains what was found in `ids`. Between two neighbours in a chain there are fewer than `gap` other segments, in the
    /// original and in the copy; with a gap of 1, a chain is a run. An original ends before its copy begins, or
    /// stands between its segments.
    ///
    /// # Complexity
    ///
    /// O(n + k log n), k segments being in copies.
    pub(crate) fn new(ids: &[u32], found: &Found, places: &Places, gap: u32) -> Self {
        let mut chains = Self::default();
        // The chain that is open: where its copy begins, and its last pair.
        let mut open: Option<(u32, Pair)> = None;
        let mut once_more = false;
        for Seed { segments, offset, again } in Sources::new(found) {
            if again {
                chains.close(once_more);
                open = None;
            }
            // A long copy says itself where it comes from.
            let begins = (segments.len() >= LONG).then_some(segments.start);
            for copy in segments {
                steps::count(1);
                let next = open.and_then(|(start, last)| {
                    let source = places.after(ids[copy as usize], last.source)?;
                    let is_near = copy - last.copy <= gap && source - last.source <= gap && source < start;
                    let is_led_astray = begins == Some(copy) && source != copy - offset;
                    (is_near && !is_led_astray).then_some((start, source))
                });
                let (start, source) = next.unwrap_or((copy, copy - offset));
                let pair = Pair { source, copy };
                if next.is_none() {
                    chains.close(once_more);
                    once_more = again;
                }
                chains.pairs.push(pair);
                open = Some((start, pair));
            }
        }
        chains.close(once_more);
        chains
    }

    /// Ends the chain that is open, if one is.
    fn close(&mut self, once_more: bool) {
        if self.ends.last().map_or(0, |(end, _)| *end) < self.pairs.len() {
            self.ends.push((self.pairs.len(), once_more));
        }
    }
}

/// Segments that are a copy of those `offset` places before them.
struct Seed {
    segments: Range<u32>,
    offset: u32,
    /// Whether they are the same content again as the ones before them, in one copy that overlaps its source: a chain
    /// of their own.
    again: bool,
}

/// Every segment that is in a copy once, with the copy that reaches furthest.
struct Sources<'a> {
    found: &'a Found,
    piece: usize,
    reached: u32,
    /// The copy of the last seed.
    last: Option<u32>,
}

impl<'a> Sources<'a> {
    fn new(found: &'a Found) -> Self {
        Self { found, piece: 0, reached: 0, last: None }
    }
}

impl Iterator for Sources<'_> {
    type Item = Seed;

    fn next(&mut self) -> Option<Seed> {
        loop {
            let piece = self.found.pieces.get(self.piece)?;
            // What the next copy has too belongs to that one, for it reaches further.
            let next = self.found.copies.get(piece.copy as usize + 1).map_or(u32::MAX, |copy| copy.start);
            let segments = piece.start.max(self.reached)..piece.end.min(next);
            self.piece += 1;
            if !segments.is_empty() {
                self.reached = segments.end;
                let offset = piece.start - self.found.families[piece.family as usize].first;
                let again = self.last == Some(piece.copy);
                self.last = Some(piece.copy);
                return Some(Seed { segments, offset, again });
            }
        }
    }
}
