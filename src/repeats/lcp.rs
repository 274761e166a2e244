//! Computes common prefixes and longest previous factors from a suffix array.

use super::scratch::Scratch;
use super::suffix::suffix_array;
use crate::id::id;
use crate::work;

/// Returns the length of the prefix that each suffix shares with the suffix before it in the array;
/// 0 for the first.
///
/// The algorithm is that of Kasai et al., *Linear-Time Longest-Common-Prefix Computation in Suffix
/// Arrays and Its Applications*, CPM 2001, with the predecessors laid out in text order as
/// Kärkkäinen, Manzini and Puglisi do (*Permuted Longest-Common-Prefix Array*, CPM 2009).
pub(super) fn common_prefixes(text: &[u32], suffixes: &[u32], scratch: &mut Scratch) -> Vec<u32> {
    let mut shared = scratch.numbers.filled(0, text.len());
    let mut before = scratch.numbers.filled(u32::MAX, text.len());
    for pair in suffixes.windows(2) {
        before[pair[1] as usize] = pair[0];
    }
    let mut len = 0_usize;
    for (i, before) in before.iter().enumerate() {
        if *before == u32::MAX {
            len = 0;
        } else {
            let (here, there) = (&text[i..], &text[*before as usize..]);
            let more = here[len..].iter().zip(&there[len..]).take_while(|(a, b)| a == b).count();
            work::count(1 + more);
            len += more;
        }
        shared[i] = id(len);
        len = len.saturating_sub(1);
    }
    // The predecessors are not needed any more, so their vector is reused.
    let mut prefixes = before;
    prefixes.clear();
    prefixes.extend(suffixes.iter().map(|start| shared[*start as usize]));
    scratch.numbers.give(shared);
    prefixes
}

/// Returns, for each position, the length of the longest run that starts at the position and also
/// starts further left, perhaps overlapping.
///
/// The algorithm is that of Crochemore and Ilie (2008). Positions are deleted from the sorted list
/// from the last to the first. When a position is deleted, all others in the list are further left,
/// and its neighbors in the list share the longest prefixes with it.
pub(super) fn longest_previous(suffixes: &[u32], prefixes: &[u32], scratch: &mut Scratch) -> Vec<u32> {
    let n = suffixes.len();
    // Neighbors in the list, by position in the text, with `n` for none; and the length of the
    // prefix that a position shares with the position before it in the list.
    let none = id(n);
    let mut before = scratch.numbers.filled(none, n + 1);
    let mut after = scratch.numbers.filled(none, n + 1);
    let mut shared = scratch.numbers.filled(0, n + 1);
    let mut last = none;
    for (start, prefix) in suffixes.iter().zip(prefixes) {
        before[*start as usize] = last;
        after[last as usize] = *start;
        shared[*start as usize] = *prefix;
        last = *start;
    }
    after[last as usize] = none;
    shared[n] = 0;
    let mut longest = scratch.numbers.filled(0, n);
    for position in (0..n).rev() {
        let (previous, next) = (before[position] as usize, after[position] as usize);
        longest[position] = shared[position].max(shared[next]);
        shared[next] = shared[position].min(shared[next]);
        after[previous] = after[position];
        before[next] = before[position];
    }
    work::count(3 * n);
    for numbers in [before, after, shared] {
        scratch.numbers.give(numbers);
    }
    longest
}

/// A table that returns the length of the prefix that two suffixes share, in constant time. The
/// length is the minimum of the shared prefixes between their ranks, and the table has the minima
/// of blocks (Bender and Farach-Colton, *The LCA Problem Revisited*, LATIN 2000).
pub(super) struct CommonPrefixes {
    rank: Vec<u32>,
    prefixes: Vec<u32>,
    /// `blocks` minima for every power of two: of one block, of two in a row, of four, and so on.
    minima: Vec<u32>,
    blocks: usize,
}

/// The number of shared prefixes in one block.
const BLOCK: usize = 32;

impl CommonPrefixes {
    /// Creates the table of `text`, whose ids are all below `alphabet`.
    pub(super) fn new(text: &[u32], alphabet: usize, scratch: &mut Scratch) -> Self {
        let suffixes = suffix_array(text, alphabet, scratch);
        let prefixes = common_prefixes(text, &suffixes, scratch);
        let mut rank = scratch.numbers.filled(0, text.len());
        for (i, start) in (0..).zip(&suffixes) {
            rank[*start as usize] = i;
        }
        scratch.numbers.give(suffixes);
        let blocks = prefixes.len().div_ceil(BLOCK);
        let mut minima = scratch.numbers.empty();
        minima.extend(prefixes.chunks(BLOCK).map(|block| block.iter().copied().min().unwrap_or(0)));
        let (mut from, mut width) = (0, 1);
        while 2 * width <= blocks {
            for i in 0..blocks {
                let other = minima.get(from + (i + width).min(blocks - 1)).copied().unwrap_or(0);
                minima.push(minima[from + i].min(other));
            }
            from += blocks;
            width *= 2;
        }
        work::count(2 * text.len() + minima.len());
        Self { rank, prefixes, minima, blocks }
    }

    /// Returns the number of ids that are equal from `i` on and from `j` on. `i` and `j` are two
    /// different positions of the sequence, or its end.
    pub(super) fn of(&self, i: usize, j: usize) -> usize {
        let (Some(i), Some(j)) = (self.rank.get(i), self.rank.get(j)) else { return 0 };
        let (from, to) = (1 + *i.min(j) as usize, 1 + *i.max(j) as usize);
        let (first, last) = (from.div_ceil(BLOCK), to / BLOCK);
        let least = |range: &[u32]| {
            work::count(range.len());
            range.iter().copied().min().unwrap_or(u32::MAX)
        };
        if first >= last {
            return least(&self.prefixes[from..to]) as usize;
        }
        let level = (last - first).ilog2() as usize;
        let row = &self.minima[level * self.blocks..];
        let inner = row[first].min(row[last - (1 << level)]);
        let ends = least(&self.prefixes[from..first * BLOCK]).min(least(&self.prefixes[last * BLOCK..to]));
        inner.min(ends) as usize
    }

    pub(super) fn recycle(self, scratch: &mut Scratch) {
        for numbers in [self.rank, self.prefixes, self.minima] {
            scratch.numbers.give(numbers);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::suffix::suffix_array;
    use super::*;

    fn common_prefix(a: &[u32], b: &[u32]) -> u32 {
        (0..)
            .zip(a.iter().zip(b))
            .find(|(_, (a, b))| a != b)
            .map_or_else(|| u32::try_from(a.len().min(b.len())).unwrap_or(u32::MAX), |(len, _)| len)
    }

    proptest! {
        #[test]
        fn equal_their_definitions(text in (1_u32..6).prop_flat_map(|n| prop::collection::vec(0..n, 0..200))) {
            let mut scratch = Scratch::default();
            let suffixes = suffix_array(&text, 6, &mut scratch);
            let prefixes = common_prefixes(&text, &suffixes, &mut scratch);
            let suffix = |start: u32| &text[start as usize..];
            for i in 1..suffixes.len() {
                prop_assert_eq!(prefixes[i], common_prefix(suffix(suffixes[i - 1]), suffix(suffixes[i])));
            }
            let common = CommonPrefixes::new(&text, 6, &mut scratch);
            for (i, j) in (0..text.len()).flat_map(|i| (i + 1..=text.len()).map(move |j| (i, j))) {
                prop_assert_eq!(common.of(i, j), common_prefix(&text[i..], &text[j..]) as usize);
            }
            for (j, longest) in longest_previous(&suffixes, &prefixes, &mut scratch).into_iter().enumerate() {
                let expected = (0..j).map(|i| common_prefix(&text[i..], &text[j..])).max().unwrap_or(0);
                prop_assert_eq!(longest, expected);
            }
        }
    }
}
