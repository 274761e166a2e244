//! Removes the ids that occur once from a sequence.

use super::records::TandemRun;
use super::scratch::{Pool, Scratch};
use super::tandem::tandem_runs;
use crate::id::id;
use crate::work;

/// A sequence without the ids that occur once, which are most ids of most texts and are in no copy.
/// Each run of such ids is one symbol that occurs nowhere else.
pub(super) struct Reduced {
    pub(super) ids: Vec<u32>,
    pub(super) alphabet: usize,
    pub(super) at: Vec<u32>,
}

impl Reduced {
    /// Returns the reduced sequence, or `None` if no id occurs twice.
    pub(super) fn new(ids: &[u32], distinct: usize, pool: &mut Pool<u32>) -> Option<Self> {
        work::count(ids.len());
        // Ids are numbered in the order of their first occurrence, so no id occurs twice if each
        // one is its own position.
        if (0..).zip(ids).all(|(place, id)| place == *id) {
            return None;
        }
        // The number of times that each id occurs, up to two; then its new number.
        let mut symbol = pool.filled(0, distinct);
        for id in ids {
            let count = &mut symbol[*id as usize];
            *count = 2.min(*count + 1);
        }
        let once = u32::MAX;
        let mut next = 0;
        for symbol in &mut symbol {
            if *symbol < 2 {
                *symbol = once;
            } else {
                *symbol = next;
                next += 1;
            }
        }
        if next == 0 {
            pool.give(symbol);
            return None;
        }
        let mut reduced = Self { ids: pool.empty(), alphabet: 0, at: pool.empty() };
        let mut in_run = false;
        for (at, id) in (0..).zip(ids) {
            let mut symbol = symbol[*id as usize];
            if symbol == once {
                if in_run {
                    continue;
                }
                symbol = next;
                next += 1;
                in_run = true;
            } else {
                in_run = false;
            }
            reduced.ids.push(symbol);
            reduced.at.push(at);
        }
        pool.give(symbol);
        reduced.alphabet = next as usize;
        Some(reduced)
    }
}

/// Puts all maximal tandem runs of `ids`, which are below `distinct`, into `runs`, by start and
/// then by period. Returns whether any id occurs twice.
pub(crate) fn tandem_runs_of(
    ids: &[u32],
    distinct: usize,
    scratch: &mut Scratch,
    runs: &mut Vec<TandemRun>,
) -> bool {
    runs.clear();
    let mut stretches = scratch.pairs.empty();
    let is_any_repeated = stretches_with_tandems(ids, distinct, &mut scratch.numbers, &mut stretches);
    if let [(start, end)] = stretches[..] {
        // A long line is mostly one stretch, of which a copy would take much memory.
        tandem_runs(&ids[start as usize..end as usize], distinct, scratch, runs);
        for run in runs {
            (run.start, run.end) = (run.start + start, run.end + start);
        }
    } else if !stretches.is_empty() {
        let (mut sequence, mut at) = (scratch.numbers.empty(), scratch.numbers.empty());
        for (number, (start, end)) in (0..).zip(&stretches) {
            // A symbol that occurs nowhere else separates a stretch from the one before it.
            sequence.push(id(distinct + number));
            at.push(*start);
            sequence.extend_from_slice(&ids[*start as usize..*end as usize]);
            at.extend(*start..*end);
        }
        tandem_runs(&sequence, distinct + stretches.len(), scratch, runs);
        for run in runs {
            let start = at[run.start as usize];
            run.end = start + (run.end - run.start);
            run.start = start;
        }
        scratch.numbers.give(sequence);
        scratch.numbers.give(at);
    }
    scratch.pairs.give(stretches);
    is_any_repeated
}

/// Appends disjoint stretches of `ids`, in order, each of which has the whole of every tandem run
/// that it overlaps, and which have all tandem runs together. Returns whether any id occurs twice.
///
/// In a run with the period p, the ids after the first unit are at least p ids that all occurred
/// before, none of them more than p ids ago. So they are in one row of such ids, p is at most the
/// length of the row, and the run begins at most p ids before the row.
fn stretches_with_tandems(
    ids: &[u32],
    distinct: usize,
    pool: &mut Pool<u32>,
    stretches: &mut Vec<(u32, u32)>,
) -> bool {
    work::count(ids.len());
    let never = u32::MAX;
    let mut last = pool.filled(never, distinct);
    let mut is_any_repeated = false;
    // The length of the row, the least distance of an id of the row to the one before that equals
    // it, and whether the row may have a run.
    let (mut len, mut nearest, mut may_have_run) = (0, never, false);
    let mut close = |end: u32, len: u32| {
        let mut start = (end - len).saturating_sub(len);
        while let Some((first, _)) = stretches.last().filter(|(_, end)| *end > start) {
            start = start.min(*first);
            stretches.pop();
        }
        stretches.push((start, end));
    };
    for (position, id) in (0..).zip(ids) {
        let previous = std::mem::replace(&mut last[*id as usize], position);
        if previous == never {
            if may_have_run {
                close(position, len);
            }
            (len, nearest, may_have_run) = (0, never, false);
        } else {
            len += 1;
            nearest = nearest.min(position - previous);
            may_have_run |= nearest <= len;
            is_any_repeated = true;
        }
    }
    if may_have_run {
        close(id(ids.len()), len);
    }
    pool.give(last);
    is_any_repeated
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Most ids occur once or twice, as in most texts, and some parts are repeated in place.
        #[test]
        fn stretches_have_all_runs_of_the_sequence(
            parts in prop::collection::vec((0_u32..60, 1_u32..6, 1_usize..4), 0..16),
        ) {
            let part = |(first, len, times): (u32, u32, usize)| {
                std::iter::repeat_n(first..first + len, times).flatten()
            };
            let ids: Vec<u32> = parts.into_iter().flat_map(part).collect();
            let mut scratch = Scratch::default();
            let (mut expected, mut found) = (Vec::new(), Vec::new());
            tandem_runs(&ids, 70, &mut scratch, &mut expected);
            let is_any_repeated = tandem_runs_of(&ids, 70, &mut scratch, &mut found);
            prop_assert_eq!(found, expected);
            let kinds: std::collections::HashSet<_> = ids.iter().collect();
            prop_assert_eq!(is_any_repeated, kinds.len() < ids.len());
        }
    }
}
