//! Finds tandem repeats: units of segments in direct succession.
//!
//! A *run* is a maximal interval of the sequence with a period of at most half of its length. Every
//! run contains a Lyndon word of the length of its period that is the longest Lyndon word at its
//! position, for one of two opposite orders of the ids (Bannai, I, Inenaga, Nakashima, Takeda and
//! Tsuruta, *The "Runs" Theorem*, SIAM Journal on Computing 46, 2017). So two candidates for each
//! position are enough, each extended to both sides as far as the ids continue with the period.

use std::cmp::Ordering;

use super::lcp::CommonPrefixes;
use super::records::TandemRun;
use super::scratch::Scratch;
use crate::work;

/// The direct comparison of ids may take this many steps for each id, and 1,024 more. Text rarely
/// takes two; a sequence that takes more is compared by its suffix array instead.
const DIRECT_STEPS: usize = 8;

/// Puts all maximal runs of `ids` into `runs`, by start and then by period. All ids are below
/// `alphabet`.
///
/// # Complexity
///
/// Linear in the number of ids.
pub(crate) fn tandem_runs(ids: &[u32], alphabet: usize, scratch: &mut Scratch, runs: &mut Vec<TandemRun>) {
    runs.clear();
    let mut direct = Direct { ids, left: DIRECT_STEPS * ids.len() + 1024 };
    if search(ids, &mut direct, scratch, runs).is_none() {
        runs.clear();
        let mut indexed = Indexed::new(ids, alphabet, scratch);
        // A comparison by suffix arrays has no limit of steps.
        let complete = search(ids, &mut indexed, scratch, runs);
        debug_assert!(complete.is_some());
        indexed.recycle(scratch);
    }
    runs.sort_unstable_by_key(|run| (run.start, run.period));
    runs.dedup();
    work::count(runs.len());
}

/// A way to count the equal ids at two positions of a sequence.
trait Compare {
    /// Returns the number of ids that are equal from `i` on and from `j` on, or `None` if that
    /// takes too many steps. Requires i < j.
    fn forward(&mut self, i: usize, j: usize) -> Option<usize>;
    /// Returns the number of ids that are equal before `i` and before `j`, or `None` if that takes
    /// too many steps. Requires i < j.
    fn backward(&mut self, i: usize, j: usize) -> Option<usize>;
}

/// Compares id by id, up to a number of steps in all.
struct Direct<'a> {
    ids: &'a [u32],
    left: usize,
}

impl Direct<'_> {
    fn pay(&mut self, steps: usize) -> Option<usize> {
        work::count(1 + steps);
        self.left = self.left.checked_sub(1 + steps)?;
        Some(steps)
    }
}

impl Compare for Direct<'_> {
    fn forward(&mut self, i: usize, j: usize) -> Option<usize> {
        let (a, b) = (&self.ids[i..], &self.ids[j..]);
        let limit = self.left;
        self.pay(a.iter().zip(b).take(limit).take_while(|(a, b)| a == b).count())
    }

    fn backward(&mut self, i: usize, j: usize) -> Option<usize> {
        let (a, b) = (self.ids[..i].iter().rev(), self.ids[..j].iter().rev());
        let limit = self.left;
        self.pay(a.zip(b).take(limit).take_while(|(a, b)| a == b).count())
    }
}

/// Compares by the suffix arrays of the sequence and of its reverse.
struct Indexed {
    forward: CommonPrefixes,
    backward: CommonPrefixes,
    len: usize,
}

impl Indexed {
    fn new(ids: &[u32], alphabet: usize, scratch: &mut Scratch) -> Self {
        let forward = CommonPrefixes::new(ids, alphabet, scratch);
        let mut reversed = scratch.numbers.empty();
        reversed.extend(ids.iter().rev());
        let backward = CommonPrefixes::new(&reversed, alphabet, scratch);
        scratch.numbers.give(reversed);
        Self { forward, backward, len: ids.len() }
    }

    fn recycle(self, scratch: &mut Scratch) {
        self.forward.recycle(scratch);
        self.backward.recycle(scratch);
    }
}

impl Compare for Indexed {
    fn forward(&mut self, i: usize, j: usize) -> Option<usize> {
        Some(self.forward.of(i, j))
    }

    fn backward(&mut self, i: usize, j: usize) -> Option<usize> {
        Some(self.backward.of(self.len - j, self.len - i))
    }
}

/// Adds the runs to `runs`, some of them more than once. Returns `None` if comparing takes too many
/// steps.
fn search(
    ids: &[u32],
    compare: &mut impl Compare,
    scratch: &mut Scratch,
    runs: &mut Vec<TandemRun>,
) -> Option<()> {
    let n = ids.len();
    for order in [Ordering::Less, Ordering::Greater] {
        // The end of the longest Lyndon word at each position, which is the start of the first
        // later suffix that is smaller.
        let mut ends = scratch.numbers.filled(0, n);
        let found =
            lyndon_ends(ids, order, compare, &mut ends).and_then(|()| extend(n, &ends, compare, runs));
        scratch.numbers.give(ends);
        found?;
    }
    Some(())
}

fn lyndon_ends(ids: &[u32], order: Ordering, compare: &mut impl Compare, ends: &mut [u32]) -> Option<()> {
    let n = ids.len();
    for i in (0..n).rev() {
        let mut end = i + 1;
        while end < n {
            // Most suffixes differ in their first id.
            let mut by = ids[i].cmp(&ids[end]);
            if by == Ordering::Equal {
                let equal = compare.forward(i, end)?;
                // The end of the sequence is the smallest id of one order, and so the largest of
                // the other.
                by = ids.get(end + equal).map_or(Ordering::Greater, |other| ids[i + equal].cmp(other));
            }
            work::count(1);
            if by != order {
                break;
            }
            end = ends[end] as usize;
        }
        ends[i] = position(end);
    }
    Some(())
}

fn extend(n: usize, ends: &[u32], compare: &mut impl Compare, runs: &mut Vec<TandemRun>) -> Option<()> {
    let mut last: Option<TandemRun> = None;
    for (i, end) in ends.iter().enumerate() {
        let (next, period) = (*end as usize, *end as usize - i);
        let is_in_last = last.is_some_and(|run| run.period as usize == period && next < run.end as usize);
        if next >= n || is_in_last {
            continue;
        }
        let right = compare.forward(i, next)?;
        let left = compare.backward(i, next)?;
        if left + right >= period {
            let run = TandemRun {
                start: position(i - left),
                end: position(next + right),
                period: position(period),
            };
            runs.push(run);
            last = Some(run);
        }
    }
    Some(())
}

#[expect(clippy::cast_possible_truncation, reason = "sequences are shorter than u32::MAX")]
fn position(i: usize) -> u32 {
    debug_assert!(u32::try_from(i).is_ok());
    i as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns all runs, by their definition.
    fn slowly(ids: &[u32]) -> Vec<TandemRun> {
        let n = ids.len();
        let mut runs = Vec::new();
        for start in 0..n {
            for period in 1..=(n - start) / 2 {
                let equal = (start..n - period).take_while(|i| ids[*i] == ids[i + period]).count();
                let is_left_end = start == 0 || ids[start - 1] != ids[start - 1 + period];
                let is_smallest =
                    (1..period).all(|p| (start..start + period + equal - p).any(|i| ids[i] != ids[i + p]));
                if equal >= period && is_left_end && is_smallest {
                    let [start, end, period] = [start, start + period + equal, period].map(position);
                    runs.push(TandemRun { start, end, period });
                }
            }
        }
        runs
    }

    fn both(ids: &[u32]) -> [Vec<TandemRun>; 2] {
        let mut scratch = Scratch::default();
        let mut quick = Vec::new();
        tandem_runs(ids, 4, &mut scratch, &mut quick);
        let mut indexed = Vec::new();
        search(ids, &mut Indexed::new(ids, 4, &mut scratch), &mut scratch, &mut indexed);
        indexed.sort_unstable_by_key(|run| (run.start, run.period));
        indexed.dedup();
        [quick, indexed]
    }

    #[test]
    fn every_short_sequence_has_the_runs_of_the_definition() {
        for n in 0..=12 {
            for bits in 0..1_u32 << n {
                let ids: Vec<u32> = (0..n).map(|i| bits >> i & 1).collect();
                for runs in both(&ids) {
                    assert_eq!(runs, slowly(&ids), "{ids:?}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn sequences_have_the_runs_of_the_definition(
            ids in (1_u32..5).prop_flat_map(|n| prop::collection::vec(0..n, 0..80)),
        ) {
            for runs in both(&ids) {
                prop_assert_eq!(runs, slowly(&ids));
            }
        }
    }
}
