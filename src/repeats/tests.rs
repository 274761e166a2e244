//! Compares the search with the definition of repeats.

use proptest::prelude::*;
use refrain_testkit::{cases, oracle};

use super::find::find;
use super::records::Found;
use super::scratch::Scratch;

/// Returns the ids of a sequence, numbered as in a document, and their number.
fn dense(ids: &[u32]) -> (Vec<u32>, usize) {
    let mut known: Vec<u32> = Vec::new();
    let dense = ids
        .iter()
        .map(|id| {
            let place = known.iter().position(|k| k == id).unwrap_or_else(|| {
                known.push(*id);
                known.len() - 1
            });
            u32::try_from(place).unwrap_or(u32::MAX)
        })
        .collect();
    (dense, known.len())
}

fn families(ids: &[u32], found: &Found) -> Vec<oracle::Family> {
    found
        .families
        .iter()
        .map(|family| {
            let content = &ids[family.first as usize..(family.first + family.len) as usize];
            for start in found.occurrences(family) {
                assert_eq!(&ids[start as usize..][..content.len()], content);
            }
            assert_eq!(found.occurrences(family).len(), found.count(family));
            oracle::Family {
                original: (family.first as usize, (family.first + family.len) as usize),
                copies: found
                    .pieces_of(family)
                    .iter()
                    .map(|i| found.pieces[*i as usize])
                    .map(|piece| (piece.start as usize, piece.end as usize))
                    .collect(),
                count: found.count(family),
            }
        })
        .collect()
}

fn check(ids: &[u32]) {
    let (ids, distinct) = dense(ids);
    let found = find(&ids, distinct, &mut Scratch::default(), &|_, _| true);
    let copies: Vec<_> = found.copies.iter().map(|c| (c.start as usize, c.end as usize)).collect();
    assert_eq!(copies, oracle::copies(&ids), "{ids:?}");
    assert_eq!(families(&ids, &found), oracle::families(&ids), "{ids:?}");
    for (i, copy) in (0..).zip(&found.copies) {
        let pieces: Vec<_> = found.pieces.iter().filter(|piece| piece.copy == i).collect();
        assert_eq!(pieces.first().map(|piece| piece.start), Some(copy.start));
        assert_eq!(pieces.last().map(|piece| piece.end), Some(copy.end));
        assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
    }
}

/// Calls `with` for every sequence of `len` numbers in which each number is at most one higher than
/// all numbers before it: every sequence, up to a renaming of the numbers.
fn every_sequence(len: usize, with: &mut impl FnMut(&[u32])) {
    fn extend(sequence: &mut Vec<u32>, len: usize, next: u32, with: &mut impl FnMut(&[u32])) {
        if sequence.len() == len {
            return with(sequence);
        }
        for id in 0..=next {
            sequence.push(id);
            extend(sequence, len, next.max(id + 1), with);
            sequence.pop();
        }
    }
    extend(&mut Vec::new(), len, 0, with);
}

#[test]
fn every_short_sequence_gives_what_the_definition_says() {
    // The number of sequences of each length.
    let bell = [1, 1, 2, 5, 15, 52, 203, 877, 4_140, 21_147, 115_975, 678_570];
    for (len, expected) in bell.into_iter().enumerate().take(cases(10, 12)) {
        let mut count = 0;
        every_sequence(len, &mut |ids| {
            check(ids);
            count += 1;
        });
        assert_eq!(count, expected);
    }
}

#[test]
fn every_sequence_of_two_gives_what_the_definition_says() {
    for len in 0..=cases(13, 17) {
        for bits in 0_u32..1 << len {
            let ids: Vec<u32> = (0..len).map(|i| bits >> i & 1).collect();
            check(&ids);
        }
    }
}

#[test]
fn the_examples_of_the_definition() {
    let ids = |text: &str| text.bytes().map(u32::from).collect::<Vec<u32>>();
    type Expected<'a> = (usize, usize, &'a [usize]);
    let cases: [(&str, &[Expected<'_>]); 4] = [
        ("aaaa", &[(0, 1, &[1, 2, 3])]),
        ("abcabcabc", &[(0, 3, &[3, 6])]),
        ("abcdefXcdYabcdef", &[(0, 6, &[10]), (2, 2, &[7])]),
        ("abc", &[]),
    ];
    for (text, expected) in cases {
        let (ids, distinct) = dense(&ids(text));
        let found = find(&ids, distinct, &mut Scratch::default(), &|_, _| true);
        let got: Vec<_> = families(&ids, &found)
            .into_iter()
            .map(|f| (f.original.0, f.original.1 - f.original.0, f.copies))
            .collect();
        let starts = |(first, len, copies): &Expected<'_>| {
            (*first, *len, copies.iter().map(|start| (*start, start + len)).collect::<Vec<_>>())
        };
        assert_eq!(got, expected.iter().map(starts).collect::<Vec<_>>(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(5_000, 100_000)))]

    #[test]
    fn random_sequences_give_what_the_definition_says(
        ids in (1_u32..8).prop_flat_map(|n| prop::collection::vec(0..n, 0..40)),
    ) {
        check(&ids);
    }

    #[test]
    fn blocks_put_together_give_what_the_definition_says(
        blocks in prop::collection::vec(prop::collection::vec(0_u32..6, 1..6), 1..4),
        order in prop::collection::vec(0_usize..4, 0..9),
    ) {
        let ids: Vec<u32> = order.iter().flat_map(|i| &blocks[i % blocks.len()]).copied().collect();
        check(&ids);
    }

    #[test]
    fn minimums_only_leave_families_out(
        ids in prop::collection::vec(0_u32..4, 0..40),
        shortest in 1_u32..4,
        odd in any::<bool>(),
    ) {
        let (ids, distinct) = dense(&ids);
        let wanted = |first: u32, len: u32| len >= shortest && (!odd || first % 2 == 1);
        let found = find(&ids, distinct, &mut Scratch::default(), &wanted);
        let all = oracle::families(&ids);
        let as_u32 = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let expected: Vec<_> = all
            .into_iter()
            .filter(|f| wanted(as_u32(f.original.0), as_u32(f.original.1 - f.original.0)))
            .collect();
        prop_assert_eq!(families(&ids, &found), expected);
        for piece in &found.pieces {
            let copy = found.copies[piece.copy as usize];
            prop_assert!(copy.start <= piece.start && piece.end <= copy.end);
            let family = found.families[piece.family as usize];
            prop_assert_eq!(family.len, piece.end - piece.start);
        }
        for (number, copy) in (0..).zip(&found.copies) {
            let last = found.pieces.iter().rfind(|piece| piece.copy == number);
            prop_assert_eq!(last.map(|piece| piece.end), Some(copy.end));
        }
    }
}
