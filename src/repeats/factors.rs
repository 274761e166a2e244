//! From a suffix array to the longest previous factor of every position.

use super::scratch::Scratch;
use crate::steps;

/// How long a prefix each suffix shares with the one before it in the array; 0 for the first.
///
/// Kasai and others, *Linear-Time Longest-Common-Prefix Computation in Suffix Arrays and Its Applications*, CPM
/// 2001, with the predecessors laid out in text order as Kärkkäinen, Manzini and Puglisi do (*Permuted
/// Longest-Common-Prefix Array*, CPM 2009).
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
            steps::count(1 + more);
            len += more;
        }
        shared[i] = u32::try_from(len).unwrap_or(u32::MAX);
        len = len.saturating_sub(1);
    }
    // What is known of the predecessors has served.
    let mut prefixes = before;
    prefixes.clear();
    prefixes.extend(suffixes.iter().map(|start| shared[*start as usize]));
    scratch.numbers.give(shared);
    prefixes
}

/// For every position, how long the longest run from there is that also begins further left, overlapping or not.
///
/// Crochemore and Ilie 2008: positions are taken out of the sorted list from the last to the first. What is
/// left when a position goes are those further left, and the nearest of them on either side share most.
pub(super) fn longest_previous(suffixes: &[u32], prefixes: &[u32], scratch: &mut Scratch) -> Vec<u32> {
    let n = suffixes.len();
    // Neighbours in the list, by position in the text, with `n` for none; and how long a prefix a position shares
    // with the one before it in the list.
    let none = u32::try_from(n).unwrap_or(u32::MAX);
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
    steps::count(3 * n);
    for numbers in [before, after, shared] {
        scratch.numbers.give(numbers);
    }
    longest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::suffix::suffix_array;
    use super::*;

    fn shared(a: &[u32], b: &[u32]) -> u32 {
        (0..)
            .zip(a.iter().zip(b))
            .find(|(_, (a, b))| a != b)
            .map_or_else(|| u32::try_from(a.len().min(b.len())).unwrap_or(u32::MAX), |(len, _)| len)
    }

    proptest! {
        #[test]
        fn equal_their_definitions(text in (1_u32..6).prop_flat_map(|n| prop::collection::vec(0..n, 0..60))) {
            let mut scratch = Scratch::default();
            let suffixes = suffix_array(&text, 6, &mut scratch);
            let prefixes = common_prefixes(&text, &suffixes, &mut scratch);
            let suffix = |start: u32| &text[start as usize..];
            for i in 1..suffixes.len() {
                prop_assert_eq!(prefixes[i], shared(suffix(suffixes[i - 1]), suffix(suffixes[i])));
            }
            for (j, longest) in longest_previous(&suffixes, &prefixes, &mut scratch).into_iter().enumerate() {
                let expected = (0..j).map(|i| shared(&text[i..], &text[j..])).max().unwrap_or(0);
                prop_assert_eq!(longest, expected);
            }
        }
    }
}
