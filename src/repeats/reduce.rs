//! Removes the ids that occur once from a sequence.

use super::records::TandemRun;
use super::scratch::{Pool, Scratch};
use super::tandem::tandem_runs;
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
    let Some(reduced) = Reduced::new(ids, distinct, &mut scratch.numbers) else { return false };
    tandem_runs(&reduced.ids, reduced.alphabet, scratch, runs);
    // The ids of a run all occur twice, so no id inside a run was left out.
    for run in runs {
        let start = reduced.at[run.start as usize];
        run.end = start + (run.end - run.start);
        run.start = start;
    }
    scratch.numbers.give(reduced.ids);
    scratch.numbers.give(reduced.at);
    true
}
