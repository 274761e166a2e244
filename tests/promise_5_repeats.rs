//! Promise 5: repeats are sound, complete and unnested, wherever and however often they stand.

mod common;

use common::{every_form, oracle, plain, texts};
use proptest::prelude::*;
use refrain::{Document, Normalization, Options};

fn forms(doc: &Document<'_>, form: Normalization) -> Vec<String> {
    doc.segments().map(|segment| plain::canonical(segment.text(), form)).collect()
}

fn found(doc: &Document<'_>) -> Vec<oracle::Family> {
    let interval = |occurrence: refrain::Occurrence| {
        let segments = occurrence.segments();
        let span = |i: usize| doc.segment(i).expect("it is one of the document").span();
        assert_eq!(occurrence.span().start(), span(segments.start).start());
        assert_eq!(occurrence.span().end(), span(segments.end - 1).end());
        (segments.start, segments.end)
    };
    let repeats = doc.repeats();
    let families = repeats.families().map(|family| {
        let all: Vec<_> = family.occurrences().map(interval).collect();
        assert_eq!(all.len(), family.count());
        assert_eq!(all.first(), Some(&interval(family.original())));
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
        oracle::Family {
            original: interval(family.original()),
            copies: family.copies().map(interval).collect(),
            count: family.count(),
        }
    });
    families.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn families_are_what_the_definition_says(text in texts::text()) {
        for form in every_form() {
            let doc = Document::with_options(&text, &Options::new().normalization(form));
            prop_assert_eq!(found(&doc), oracle::families(&forms(&doc, form)), "{}", form);
        }
    }

    #[test]
    fn copies_are_sound_and_complete_and_cover_what_is_not_first(text in texts::text()) {
        let doc = Document::new(&text);
        let forms = forms(&doc, Normalization::TEXT);
        let repeats = doc.repeats();
        let mut covered = vec![false; forms.len()];
        let mut copies = Vec::new();
        for family in &repeats {
            for copy in family.copies() {
                let original = family.original().segments();
                prop_assert_eq!(&forms[original], &forms[copy.segments()]);
                covered[copy.segments()].fill(true);
                copies.push(copy.segments());
            }
        }
        for (i, form) in forms.iter().enumerate() {
            prop_assert_eq!(covered[i], forms[..i].contains(form));
        }
        // Complete: every equal pair lies inside copies that touch, which together are one copy.
        for copy in oracle::copies(&forms) {
            prop_assert!((copy.0..copy.1).all(|i| covered[i]));
        }
        // Unnested: what is reported is a copy that lies in no other, or a piece of one.
        let pieces = |copy| oracle::pieces(&forms, copy);
        let all: Vec<_> = oracle::copies(&forms).into_iter().flat_map(pieces).collect();
        prop_assert_eq!(copies.len(), all.len());
        prop_assert!(copies.iter().all(|copy| all.contains(&(copy.start, copy.end))));
    }
}

#[test]
fn the_ways_in_which_paragraphs_come_again() {
    type Family<'a> = (usize, usize, &'a [usize]);
    let cases: [(&str, &str, &[Family<'_>]); 9] = [
        ("adjacent", "p p", &[(0, 1, &[1])]),
        ("far", "p a b c p", &[(0, 1, &[4])]),
        ("interleaved", "p q p q", &[(0, 2, &[2])]),
        ("overlapping", "a a a a", &[(0, 1, &[1, 2, 3])]),
        ("a period", "a b c a b c a b c", &[(0, 3, &[3, 6])]),
        ("a period and a half", "a b a b a", &[(0, 1, &[4]), (0, 2, &[2])]),
        ("one in the other", "a b c d e f X c d Y a b c d e f", &[(0, 6, &[10]), (2, 2, &[7])]),
        ("doubled in place", "a a b b c c", &[(0, 1, &[1]), (2, 1, &[3]), (4, 1, &[5])]),
        ("three times with others between", "p q x p q y p q", &[(0, 2, &[3, 6])]),
    ];
    for (name, words, expected) in cases {
        let text = words.replace(' ', "\n");
        let doc = Document::new(&text);
        let families: Vec<_> = found(&doc)
            .into_iter()
            .map(|f| {
                (f.original.0, f.original.1 - f.original.0, f.copies.iter().map(|c| c.0).collect::<Vec<_>>())
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|(i, len, copies)| (*i, *len, copies.to_vec())).collect();
        assert_eq!(families, expected, "{name}");
    }
}

/// Takes all items, and checks at every step that the iterator knows how many are left.
fn counted<I: ExactSizeIterator>(mut items: I) -> usize {
    let all = items.len();
    for taken in 0..all {
        assert_eq!(items.size_hint(), (all - taken, Some(all - taken)));
        assert!(items.next().is_some());
    }
    assert_eq!(items.size_hint(), (0, Some(0)));
    assert!(items.next().is_none());
    all
}

#[test]
fn iterators_know_how_many_are_left() {
    let text = "a\nb\na\nc\nb\na\nb";
    let doc = Document::new(text);
    let repeats = doc.repeats();
    assert!(!repeats.is_empty() && Document::new("a\nb").repeats().is_empty());
    assert_eq!(counted(doc.segments()), 7);
    assert_eq!(counted(repeats.families()), 3);
    let copies: Vec<_> = repeats.families().map(|family| counted(family.copies())).collect();
    let all: Vec<_> = repeats.families().map(|family| counted(family.occurrences())).collect();
    assert_eq!((copies, all), (vec![1, 1, 1], vec![3, 2, 2]));
    assert_eq!(counted(refrain::Policy::All.settle(&doc).spans()), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Blocks are sound, in order and apart from each other, have no hole that is too wide, and all together are every segment
    /// that is not the first of its kind.
    #[test]
    fn blocks_are_sound_and_complete(lines in prop::collection::vec(0_u8..9, 0..60)) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let doc = Document::new(&text);
        let blocks = doc.repeats().blocks();
        let mut copied = Vec::new();
        for block in &blocks {
            let runs: Vec<_> = block.runs().collect();
            prop_assert_eq!(block.copy().segments().start, runs[0].copy().segments().start);
            prop_assert_eq!(block.copy().segments().end, runs[runs.len() - 1].copy().segments().end);
            prop_assert_eq!(block.original().segments().start, runs[0].original().segments().start);
            prop_assert_eq!(block.original().segments().end, runs[runs.len() - 1].original().segments().end);
            prop_assert!(block.original().segments().start < block.copy().segments().start);
            let pairs = runs.iter().flat_map(|run| run.original().segments().zip(run.copy().segments()));
            let pairs: Vec<_> = pairs.collect();
            prop_assert_eq!(pairs.len(), block.len());
            for (source, copy) in &pairs {
                prop_assert_eq!(lines[*source], lines[*copy]);
                prop_assert!(*source < block.copy().segments().start);
            }
            for pair in pairs.windows(2) {
                prop_assert!(pair[0].0 < pair[1].0 && pair[1].0 - pair[0].0 <= 8);
                prop_assert!(pair[0].1 < pair[1].1 && pair[1].1 - pair[0].1 <= 8);
            }
            for hole in block.holes() {
                prop_assert!(hole.original().len() < 8 && hole.copy().len() < 8);
                prop_assert!(!hole.original().is_empty() || !hole.copy().is_empty());
            }
            prop_assert!(block.coverage() > 0.0 && block.coverage() <= 1.0 && block.share() <= 1.0);
            copied.extend(pairs.into_iter().map(|(_, copy)| copy));
        }
        let again: Vec<usize> = (0..lines.len()).filter(|i| lines[..*i].contains(&lines[*i])).collect();
        prop_assert_eq!(copied, again);
    }
}

/// From and to of the original and of the copy, and the holes.
type Expected = (usize, usize, usize, usize, &'static str);

/// What a block is, hole by hole.
#[test]
fn blocks_of_known_texts() {
    // Letters are segments; a block is its original, its copy, and its holes.
    let cases: [(&str, &str, &[Expected]); 6] = [
        ("a body and its copy", "abcdabcd", &[(0, 4, 4, 8, "")]),
        ("a teaser in the copy", "abcdXYabZcd", &[(0, 4, 6, 11, "1 inserted")]),
        ("a paragraph left out", "abcdeXabde", &[(0, 5, 6, 10, "1 missing")]),
        ("another heading", "abcdeXabYde", &[(0, 5, 6, 11, "1 replaced by 1")]),
        ("three times", "abcabcabc", &[(0, 3, 3, 6, ""), (0, 3, 6, 9, "")]),
        ("far apart", "abXcdefghij0123456789abklmnopqrs", &[(0, 2, 21, 23, "")]),
    ];
    for (name, letters, expected) in cases {
        let text: String = letters.chars().map(|c| format!("{c}\n")).collect();
        let doc = Document::new(&text);
        let blocks: Vec<_> = doc
            .repeats()
            .blocks()
            .iter()
            .map(|block| {
                let (original, copy) = (block.original().segments(), block.copy().segments());
                let holes: Vec<String> = block.holes().map(|hole| hole.to_string()).collect();
                (original.start, original.end, copy.start, copy.end, holes.join(", "))
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(a, b, c, d, holes)| (*a, *b, *c, *d, (*holes).to_owned())).collect();
        assert_eq!(blocks, expected, "{name}");
    }
}
