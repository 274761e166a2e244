//! Finds the interval of the suffix array whose suffixes begin with a content.

use std::iter::successors;

use super::records::{Interval, Query};
use super::scratch::{Pool, Scratch};
use crate::id::id;
use crate::work;

/// Marks the end of a list of queries.
const NONE: u32 = u32::MAX;

/// Returns the interval of each query, in the order of the queries.
///
/// On either side of the query's suffix, the interval ends at the first place with a shared prefix
/// that is shorter than the content. Two sweeps over the array, forward and backward, each keep a
/// stack of the places that can still be such an end, and a stack of the suffixes that can still be
/// the first.
///
/// # Complexity
///
/// O(n + k log n) for k queries and n suffixes.
pub(super) fn intervals(
    queries: &[Query],
    suffixes: &[u32],
    prefixes: &[u32],
    scratch: &mut Scratch,
) -> Vec<Interval> {
    // The queries with the same start are a list: the last of them, and for each the one before it.
    let mut last = scratch.numbers.filled(NONE, suffixes.len());
    let mut before = scratch.numbers.empty();
    for (i, query) in (0..).zip(queries) {
        before.push(std::mem::replace(&mut last[query.start as usize], i));
    }
    let some = |query: u32| (query != NONE).then_some(query);
    let starting_at =
        |start: u32| successors(some(last[start as usize]), |query| some(before[*query as usize]));

    let mut found = scratch.intervals.filled(Interval { from: 0, to: 0, first: 0 }, queries.len());
    let mut sweep = Sweep::new(&mut scratch.pairs);
    for (i, start) in (0..).zip(suffixes) {
        sweep.step(i, prefixes[i as usize], *start);
        for query in starting_at(*start) {
            let interval = &mut found[query as usize];
            interval.from = sweep.end(queries[query as usize].len);
            interval.first = sweep.first(interval.from);
        }
    }
    // The backward sweep counts places from the end, and uses the prefix that a suffix shares with
    // the suffix after it.
    let n = id(suffixes.len());
    sweep.restart();
    for (i, start) in (0..).zip(suffixes.iter().rev()) {
        let at = n - 1 - i;
        sweep.step(i, prefixes.get(at as usize + 1).copied().unwrap_or(0), *start);
        for query in starting_at(*start) {
            let interval = &mut found[query as usize];
            let end = sweep.end(queries[query as usize].len);
            interval.to = n - end;
            interval.first = interval.first.min(sweep.first(end));
        }
    }
    work::count(3 * suffixes.len() + 2 * queries.len());
    sweep.end_with(&mut scratch.pairs);
    scratch.numbers.give(last);
    scratch.numbers.give(before);
    found
}

struct Sweep {
    /// Places and the lengths of their shared prefixes, both ascending. For each length, the list
    /// has the last place that shares less.
    ends: Vec<(u32, u32)>,
    /// Places and the starts of their suffixes, both ascending. For each place, the list has the
    /// smallest start from that place on.
    firsts: Vec<(u32, u32)>,
}

impl Sweep {
    fn new(pairs: &mut Pool<(u32, u32)>) -> Self {
        Self { ends: pairs.empty(), firsts: pairs.empty() }
    }

    fn restart(&mut self) {
        self.ends.clear();
        self.firsts.clear();
    }

    fn end_with(self, pairs: &mut Pool<(u32, u32)>) {
        pairs.give(self.ends);
        pairs.give(self.firsts);
    }

    /// Moves to place `i`, which shares a prefix of length `prefix` with the place before and has
    /// the suffix at `start`.
    fn step(&mut self, i: u32, prefix: u32, start: u32) {
        while self.ends.last().is_some_and(|(_, shared)| *shared >= prefix) {
            self.ends.pop();
        }
        self.ends.push((i, prefix));
        while self.firsts.last().is_some_and(|(_, first)| *first > start) {
            self.firsts.pop();
        }
        self.firsts.push((i, start));
    }

    /// Returns the last place that shares less than `len` with the place before it. The first place
    /// shares nothing.
    fn end(&self, len: u32) -> u32 {
        let after = self.ends.partition_point(|(_, shared)| *shared < len);
        self.ends[after.saturating_sub(1)].0
    }

    /// Returns the smallest start from place `from` on.
    fn first(&self, from: u32) -> u32 {
        self.firsts[self.firsts.partition_point(|(i, _)| *i < from)].1
    }
}
