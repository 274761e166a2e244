//! Suffix arrays of sequences of numbers, by induced sorting (SA-IS).
//!
//! Nong, Zhang and Chan, *Two Efficient Algorithms for Linear Time Suffix Array Construction*, IEEE
//! Transactions on Computers 60 (2011). Linear in time on every input; the recursion at least
//! halves the sequence each time.

use super::scratch::Scratch;
use crate::work;

/// A place of the array that is not filled yet.
const EMPTY: u32 = u32::MAX;

/// The starts of all suffixes of `text` in lexicographic order, a suffix after its own prefixes.
/// Every symbol is below `alphabet`, and `text` is shorter than `u32::MAX`.
pub(super) fn suffix_array(text: &[u32], alphabet: usize, scratch: &mut Scratch) -> Vec<u32> {
    let mut suffixes = scratch.numbers.filled(EMPTY, text.len());
    if let Some(sorter) = Sorter::new(text, alphabet, scratch) {
        sorter.sort(&mut suffixes, scratch);
        scratch.numbers.give(sorter.buckets);
        scratch.flags.give(sorter.smaller);
    }
    suffixes
}

/// The index type of a suffix array; sequences are shorter than `u32::MAX`.
#[expect(clippy::cast_possible_truncation, reason = "positions fit, by the precondition")]
fn index(position: usize) -> u32 {
    debug_assert!(position < EMPTY as usize);
    position as u32
}

struct Sorter<'a> {
    text: &'a [u32],
    /// Where the suffixes that begin with each symbol begin in the array, and the end of the last.
    buckets: Vec<u32>,
    /// Whether each suffix is smaller than the one after it. The last is not: the end sorts first.
    smaller: Vec<bool>,
}

impl<'a> Sorter<'a> {
    /// `None` for an empty text, which has nothing to sort.
    fn new(text: &'a [u32], alphabet: usize, scratch: &mut Scratch) -> Option<Self> {
        let last = text.len().checked_sub(1)?;
        let mut buckets = scratch.numbers.filled(0, alphabet + 1);
        for symbol in text {
            buckets[*symbol as usize + 1] += 1;
        }
        for symbol in 0..alphabet {
            buckets[symbol + 1] += buckets[symbol];
        }
        let mut smaller = scratch.flags.filled(false, text.len());
        for i in (0..last).rev() {
            smaller[i] = text[i] < text[i + 1] || (text[i] == text[i + 1] && smaller[i + 1]);
        }
        work::count(2 * text.len() + alphabet);
        Some(Self { text, buckets, smaller })
    }

    /// Returns whether position `i` begins a *leftmost smaller* suffix: smaller than the next,
    /// after one that is not.
    fn is_leftmost(&self, i: usize) -> bool {
        i > 0 && self.smaller[i] && !self.smaller[i - 1]
    }

    fn sort(&self, suffixes: &mut [u32], scratch: &mut Scratch) {
        let mut leftmost = scratch.numbers.empty();
        leftmost.extend((1..self.text.len()).filter(|i| self.is_leftmost(*i)).map(index));
        // Sorts the leftmost suffixes by what stands up to the next one of them.
        self.induce(&leftmost, suffixes, scratch);
        if leftmost.len() > 1 {
            let (names, distinct) = self.name(&leftmost, suffixes, scratch);
            let mut order;
            if distinct < names.len() {
                order = suffix_array(&names, distinct, scratch);
            } else {
                order = scratch.numbers.filled(0, names.len());
                for (i, name) in (0..).zip(&names) {
                    order[*name as usize] = i;
                }
            }
            order.iter_mut().for_each(|i| *i = leftmost[*i as usize]);
            self.induce(&order, suffixes, scratch);
            scratch.numbers.give(order);
            scratch.numbers.give(names);
        }
        scratch.numbers.give(leftmost);
    }

    /// Fills the array from leftmost suffixes in the order given: right if that order is.
    fn induce(&self, leftmost: &[u32], suffixes: &mut [u32], scratch: &mut Scratch) {
        work::count(3 * suffixes.len() + 3 * self.buckets.len());
        suffixes.fill(EMPTY);
        let mut ends = scratch.numbers.empty();
        ends.extend_from_slice(&self.buckets[1..]);
        for start in leftmost.iter().rev() {
            let end = &mut ends[self.text[*start as usize] as usize];
            *end -= 1;
            suffixes[*end as usize] = *start;
        }

        let mut starts = scratch.numbers.empty();
        starts.extend_from_slice(&self.buckets);
        let mut put = |suffixes: &mut [u32], position: usize| {
            let start = &mut starts[self.text[position] as usize];
            suffixes[*start as usize] = index(position);
            *start += 1;
        };
        // The end of the text comes first of all; what stands before it is never smaller.
        put(suffixes, self.text.len() - 1);
        for i in 0..suffixes.len() {
            if let Some(before) = self.before(suffixes[i]).filter(|before| !self.smaller[*before]) {
                put(suffixes, before);
            }
        }

        ends.copy_from_slice(&self.buckets[1..]);
        for i in (0..suffixes.len()).rev() {
            if let Some(before) = self.before(suffixes[i]).filter(|before| self.smaller[*before]) {
                let end = &mut ends[self.text[before] as usize];
                *end -= 1;
                suffixes[*end as usize] = index(before);
            }
        }
        scratch.numbers.give(starts);
        scratch.numbers.give(ends);
    }

    /// The position before a filled place.
    fn before(&self, suffix: u32) -> Option<usize> {
        if suffix == EMPTY { None } else { (suffix as usize).checked_sub(1) }
    }

    /// Numbers for the leftmost suffixes, in the order of the text, by rank of what stands up to
    /// the next one of them; and how many different numbers there are.
    fn name(&self, leftmost: &[u32], suffixes: &[u32], scratch: &mut Scratch) -> (Vec<u32>, usize) {
        // Two leftmost suffixes are never neighbours, so half their start is a place of its own.
        let mut place = scratch.numbers.filled(0, self.text.len() / 2 + 1);
        for (i, start) in (0..).zip(leftmost) {
            place[*start as usize / 2] = i;
        }
        let mut names = scratch.numbers.filled(0, leftmost.len());
        let mut distinct = 0;
        let mut last: Option<&[u32]> = None;
        for start in suffixes.iter().map(|start| *start as usize) {
            if !self.is_leftmost(start) {
                continue;
            }
            let i = place[start / 2] as usize;
            // Up to and with the first symbol of the next one. The piece that runs into the end of
            // the text differs from every other, for the end is like no symbol.
            let piece = leftmost.get(i + 1).map(|next| &self.text[start..=*next as usize]);
            let same = piece.is_some() && last == piece;
            work::count(piece.map_or(1, <[u32]>::len));
            if !same {
                distinct += 1;
            }
            names[i] = distinct - 1;
            last = piece;
        }
        scratch.numbers.give(place);
        (names, distinct as usize)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sorting all suffixes as they are.
    fn naive(text: &[u32]) -> Vec<u32> {
        let mut suffixes: Vec<u32> = (0..index(text.len())).collect();
        suffixes.sort_by_key(|start| &text[*start as usize..]);
        suffixes
    }

    #[test]
    fn equals_sorting_for_every_short_sequence() {
        let mut scratch = Scratch::default();
        for (alphabet, longest) in [(1_usize, 12), (2, 12), (3, 8), (4, 6)] {
            let mut count = 0;
            for len in 0..=longest {
                for number in 0..usize::pow(alphabet, len) {
                    let digit = |i| (number / usize::pow(alphabet, i)) % alphabet;
                    let text: Vec<u32> = (0..len).map(|i| index(digit(i))).collect();
                    assert_eq!(suffix_array(&text, alphabet, &mut scratch), naive(&text), "{text:?}");
                    count += 1;
                }
            }
            assert!(count >= 13);
        }
    }

    proptest! {
        #[test]
        fn equals_sorting(text in (1_u32..20).prop_flat_map(|n| prop::collection::vec(0..n, 0..200))) {
            prop_assert_eq!(suffix_array(&text, 20, &mut Scratch::default()), naive(&text));
        }
    }
}
