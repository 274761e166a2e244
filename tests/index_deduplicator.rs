//! `Deduplicator` finds the first text of each segment, like a map of canonical forms.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use refrain::index::Deduplicator;
use refrain::{Document, Normalization, Options, Segmentation};

/// For each text, its segments and the first text that has each of them, by comparing canonical forms.
fn first(
    texts: &[String],
    options: &Options,
    form: Normalization,
) -> Vec<Vec<(std::ops::Range<usize>, usize)>> {
    let mut known: HashMap<String, usize> = HashMap::new();
    let of_text = |(number, text): (usize, &String)| {
        let doc = Document::with_options(text, options);
        let of_segment = |segment: refrain::Segment<'_, '_>| {
            let form = form.canonical(segment.text()).into_owned();
            (segment.span().range(), *known.entry(form).or_insert(number))
        };
        doc.segments().map(of_segment).collect()
    };
    texts.iter().enumerate().map(of_text).collect()
}

fn check(texts: &[String], segmentation: Segmentation, form: Normalization, seed: u64) {
    let options = Options::new().segmentation(segmentation).normalization(form).seed(seed);
    let mut distinct = Deduplicator::new(&options);
    for (number, (text, expected)) in texts.iter().zip(first(texts, &options, form)).enumerate() {
        let pieces = distinct.insert(number as u64 * 3, text);
        assert_eq!(pieces.len(), expected.len());
        for (piece, (span, first)) in pieces.iter().zip(expected) {
            assert_eq!(piece.span(), span);
            assert_eq!(piece.first_document(), (first < number).then_some(first as u64 * 3));
            assert_eq!(piece.is_new(), first == number);
        }
    }
    let of_text = |text: &String| {
        Document::with_options(text, &options)
            .segments()
            .map(|s| form.canonical(s.text()).into_owned())
            .collect::<Vec<_>>()
    };
    let forms: HashSet<String> = texts.iter().flat_map(of_text).collect();
    assert_eq!(distinct.len(), forms.len());
    assert_eq!(distinct.is_empty(), forms.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_first_text_is_the_one_a_map_has(
        texts in prop::collection::vec("[abA\u{E9}\u{301}\u{2028}\u{85}\u{200B} \r\n]{0,40}", 0..8),
        blocks in any::<bool>(),
        form in prop::sample::select(vec![Normalization::RAW, Normalization::WHITESPACE, Normalization::TEXT]),
        seed in any::<u64>(),
    ) {
        check(&texts, if blocks { Segmentation::Paragraphs } else { Segmentation::Lines }, form, seed);
    }

    #[test]
    fn any_text_is_read(texts in prop::collection::vec(any::<String>(), 0..4)) {
        check(&texts, Segmentation::Lines, Normalization::TEXT, 0);
    }
}

#[test]
fn a_table_that_grows_loses_nothing() {
    let texts: Vec<String> = (0..300_usize)
        .map(|text| (0..60_usize).map(|line| format!("line {}\n", text * line % 7919)).collect())
        .collect();
    check(&texts, Segmentation::Lines, Normalization::RAW, 1);
}

#[test]
fn a_text_never_meets_itself() {
    let mut distinct = Deduplicator::new(&Options::new());
    assert!(distinct.insert(9, "a\na\na\na").iter().all(|piece| piece.is_new()));
    assert_eq!(
        distinct.insert(4, "a\nb").iter().map(|piece| piece.first_document()).collect::<Vec<_>>(),
        [Some(9), None]
    );
    assert_eq!(distinct.insert(5, "b").first().and_then(|piece| piece.first_document()), Some(4));
    // Parts of one document are not compared with each other.
    assert!(distinct.insert(4, "b").iter().all(|piece| piece.is_new()));
    assert_eq!(distinct.len(), 2);
    assert!(distinct.insert(6, "").is_empty());
}
