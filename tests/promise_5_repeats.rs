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
