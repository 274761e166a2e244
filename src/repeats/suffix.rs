//! Computes suffix arrays of sequences of numbers, by induced sorting (SA-IS).
//!
//! Nong, Zhang and Chan, *Two Efficient Algorithms for Linear Time Suffix Array Construction*, IEEE
//! Transactions on Computers 60 (2011). The time is linear on every input, because the recursion at
//! least halves the sequence each time.

use super::scratch::Scratch;
use crate::work;

/// A place of the array that is not filled yet.
const EMPTY: u32 = u32::MAX;

/// Returns the starts of all suffixes of `text` in lexicographic order, a suffix after its own
/// prefixes. Every symbol is below `alphabet`, and `text` is shorter than `u32::MAX`.
pub(super) fn suffix_array(text: &[u32], alphabet: usize, scratch: &mut Scratch) -> Vec<u32> {
    let mut suffixes = scratch.numbers.filled(EMPTY, text.len());
    if let Some(sorter) = Sorter::new(text, alphabet, scratch) {
        sorter.sort(&mut suffixes, scratch);
        scratch.numbers.give(sorter.buckets);
        scratch.flags.give(sorter.smaller);
    }
    suffixes
}

/// Converts a position to the index type of a suffix array. Sequences are shorter than `u32::MAX`.
#[expect(clippy::cast_possible_truncation, reason = "positions fit, by the precondition")]
fn index(position: usize) -> u32 {
    debug_assert!(position < EMPTY as usize);
    position as u32
}

struct Sorter<'a> {
    text: &'a [u32],
    /// The start in the array of the suffixes that begin with each symbol, and the end of the last.
    buckets: Vec<u32>,
    /// True for each suffix that is smaller than the suffix after it. The last suffix is not
    /// smaller, because the end sorts first.
    smaller: Vec<bool>,
}

impl<'a> Sorter<'a> {
    /// Creates a sorter, or returns `None` for an empty text, which needs no sorting.
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

    /// Returns whether a *leftmost smaller* suffix starts at position `i`: a suffix that is smaller
    /// than the next one, after a suffix that is not.
    fn is_leftmost(&self, i: usize) -> bool {
        i > 0 && self.smaller[i] && !self.smaller[i - 1]
    }

    fn sort(&self, suffixes: &mut [u32], scratch: &mut Scratch) {
        let mut leftmost = scratch.numbers.empty();
        leftmost.extend((1..self.text.len()).filter(|i| self.is_leftmost(*i)).map(index));
        // Sorts the leftmost suffixes by their symbols up to the next leftmost suffix.
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

    /// Fills the array from the leftmost suffixes in the given order. The result is sorted if this
    /// order is.
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
        // The end of the text sorts first, and the suffix before it is never smaller than the end.
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

    /// Returns the position before that of a suffix, or `None` for an empty place and for position
    /// 0.
    fn before(&self, suffix: u32) -> Option<usize> {
        if suffix == EMPTY { None } else { (suffix as usize).checked_sub(1) }
    }

    /// Returns a name for each leftmost suffix, in the order of the text, and the number of
    /// distinct names. A name is the rank of the symbols up to the next leftmost suffix.
    fn name(&self, leftmost: &[u32], suffixes: &[u32], scratch: &mut Scratch) -> (Vec<u32>, usize) {
        // Two leftmost suffixes are never adjacent, so half of a start is distinct for each of
        // them.
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
            // A piece ends with the first symbol of the next leftmost suffix. The piece at the end
            // of the text differs from every other piece, because the end equals no symbol.
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

    /// Sorts all suffixes directly.
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
