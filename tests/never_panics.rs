//! No text causes a panic. Errors are caused by options, limits and data of the caller
//! only, and describe what was found and what was expected.

mod common;

use common::{every_form, every_pair_of_options, every_policy, every_segmentation};
use proptest::prelude::*;
use refrain::edits::Edits;
use refrain::repeats::Block;
use refrain::{Cleaner, Document, Fingerprinter, Options, Policy, Segmentation, Span};
use refrain_testkit::{cases, texts};
use xxhash_rust::xxh3::xxh3_128_with_seed;

/// Everything that can be asked of a block.
fn everything_of_a_block(block: &Block) {
    assert!(block.len() > 0 && block.count() >= 2);
    assert!(
        block.runs().count() > block.holes().count()
            && block.holes().all(|hole| !hole.to_string().is_empty())
    );
    assert!(u64::from(block.max_segment_weight()) <= block.weight() && block.occurrences() < usize::MAX);
    let shares = [
        block.share(),
        block.coverage(),
        block.original_coverage(),
        block.uniformity(),
        block.share_of_repeats(),
    ];
    assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{shares:?} of {block:?}");
}

/// Everything that can be asked of a text.
fn everything(text: &str, options: &Options) {
    let doc = Document::try_with_options(text, options).expect("it has few segments");
    for segment in doc.segments() {
        assert_eq!(doc.segment(segment.index()).map(|s| s.span()), Some(segment.span()));
        assert!(!segment.text().is_empty() && u64::from(segment.weight()) <= doc.weight());
    }
    assert!(doc.segment(doc.len()).is_none() && doc.distinct_segments() <= doc.len());
    let repeats = doc.repeats();
    for family in &repeats {
        assert!(family.copies().len() >= 1 && family.count() > family.copies().len().min(1));
        assert_eq!(family.occurrences().len(), family.count());
    }
    repeats.blocks().iter().for_each(everything_of_a_block);
    for tandem in repeats.tandems() {
        assert!(tandem.count() >= 2 && tandem.segments().len() >= 2 && !text[tandem.span()].is_empty());
    }
    for policy in every_policy() {
        everything_of_edits(&Cleaner::new().policy(policy).edits_of(&doc));
    }
}

/// Everything that can be asked of edits.
fn everything_of_edits(edits: &Edits<'_>) {
    let text = edits.text();
    let cut: usize = edits.iter().map(|removal| removal.span().len()).sum();
    assert_eq!(edits.apply().len() + cut, text.len());
    for removal in edits {
        let spans = [removal.span(), removal.copy(), removal.original()];
        assert!(spans.iter().all(|span| !text[*span].is_empty()));
        assert!(edits.decisions()[removal.decision_index()].is_removed() && !removal.reason().is_empty());
    }
}

#[test]
fn texts_that_break_things() {
    let long = "x".repeat(cases(10_000, 30_000));
    let texts = [
        "",
        "x",
        "\n",
        "\r",
        "\r\r\n\n\r",
        " ",
        "\u{FEFF}",
        "\u{0}",
        "\u{301}",
        "\u{10FFFF}",
        "\u{200D}\u{200D}",
        "\u{2028}\u{2029}\u{85}",
        "a\ra\ra",
        "\r\na\r\na\r\n",
        "\u{1F1E6}\u{1F1E7}\u{1F1E8}",
        "\u{E000}\n\u{E000}",
        "\u{D7FF}\u{E001}",
        "a\u{0}\na\u{0}",
        &long,
        "!\n!\n!",
        "\u{1160}\n\u{1160}x",
    ];
    for options in every_pair_of_options() {
        for text in texts {
            everything(text, &options);
        }
    }
}

#[test]
fn very_many_words_in_one_line() {
    let text = "never again ".repeat(cases(3_000_000, 30_000_000) / 12);
    assert_eq!(Document::new(&text).len(), 1);
    assert!(Cleaner::new().options(Options::new().segmentation(Segmentation::Lines)).edits(&text).is_empty());
    // The space behind the line is no part of it.
    assert_eq!(Cleaner::new().clean(&text), "never again ");
}

#[test]
fn marks_without_end() {
    let text = format!("a{}\nb", "\u{301}".repeat(cases(100_000, 1_000_000)));
    for form in every_form() {
        let clean = Cleaner::new().options(Options::new().normalization(form)).policy(Policy::drop_all());
        assert_eq!(clean.clean(&text), text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(60, 300)))]

    #[test]
    fn any_text_with_any_options(text in any::<String>(), lines in texts::text(), prose in texts::prose()) {
        for by in every_segmentation() {
            for form in every_form() {
                let options = Options::new().segmentation(by).normalization(form);
                for text in [&text, &lines, &prose, &format!("{text}\n{lines}\n{text}")] {
                    everything(text, &options);
                }
            }
        }
    }

    #[test]
    fn any_limits(text in texts::text(), segments in any::<usize>(), weight in any::<u32>(), seed in any::<u64>()) {
        everything(&text, &Options::new().min_segments(segments).min_weight(weight).seed(seed));
    }

    #[test]
    fn any_text_has_the_fingerprint_of_its_canonical_form(text in any::<String>(), seed in any::<u64>()) {
        for form in every_form() {
            let mut prints = Fingerprinter::new().normalization(form).seed(seed);
            let expected = xxh3_128_with_seed(form.canonical(&text).as_bytes(), seed);
            prop_assert_eq!(prints.fingerprint(&text).to_u128(), expected, "{}", form);
        }
    }

    #[test]
    fn spans_are_refused_exactly_if_they_are_not_in_the_text_or_not_in_order(
        text in prop_oneof![any::<String>(), "[ab\u{E9}\n]{0,9}"],
        ends in prop::collection::vec(any::<(u8, u8)>(), 0..8),
        are_in_the_text in any::<bool>(),
        are_sorted in any::<bool>(),
    ) {
        let mut ends: Vec<usize> = ends.iter().flat_map(|(a, b)| [usize::from(*a), usize::from(*b)]).collect();
        if are_in_the_text {
            ends.iter_mut().for_each(|end| *end %= text.len() + 1);
            ends.retain(|end| text.is_char_boundary(*end));
        }
        if are_sorted {
            ends.sort_unstable();
        }
        let spans: Vec<Span> = ends.chunks_exact(2)
            .map(|pair| Span::new(pair[0].min(pair[1]), pair[0].max(pair[1])))
            .collect();
        let are_in_the_text =
            spans.iter().all(|span| text.get(span.range()).is_some_and(|piece| !piece.is_empty()));
        let are_in_order = spans.windows(2).all(|pair| pair[0].end() <= pair[1].start());
        let document = Document::from_spans(&text, &spans, &Options::new());
        prop_assert_eq!(document.is_ok(), are_in_the_text && are_in_order);
        if let Ok(document) = document {
            for policy in every_policy() {
                everything_of_edits(&Cleaner::new().policy(policy).edits_of(&document));
            }
        }
    }

    #[test]
    fn new_and_try_new_read_the_same_segments(text in texts::text()) {
        let segments = |document: &Document<'_>| {
            document.segments().map(|segment| (segment.span(), segment.fingerprint())).collect::<Vec<_>>()
        };
        let tried = Document::try_new(&text).map(|document| segments(&document));
        prop_assert_eq!(tried, Ok(segments(&Document::new(&text))));
    }
}

#[test]
fn errors_say_what_was_wrong_and_what_would_be_right() {
    let text = "\u{E9}t\u{E9} x";
    let refused = |spans: &[Span], options: &Options| {
        Document::from_spans(text, spans, options).map(drop).map_err(|error| error.to_string())
    };
    let plain = Options::new();
    let cases = [
        (vec![Span::new(0, 99)], "span 0 (0..99)", "7 bytes"),
        (vec![Span::new(0, 1)], "span 0 (0..1)", "character boundaries"),
        (vec![Span::new(0, 2), Span::new(2, 2)], "span 1 (2..2)", "at least one byte"),
        (vec![Span::new(2, 5), Span::new(0, 2)], "span 1 (0..2)", "before byte 5"),
        (vec![Span::new(0, 3), Span::new(2, 5)], "span 1 (2..5)", "do not overlap"),
    ];
    for (spans, wrong, right) in cases {
        let message = refused(&spans, &plain).expect_err("it is refused");
        assert!(message.contains(wrong) && message.contains(right), "{message}");
    }
    let both =
        refused(&[], &plain.clone().segmentation(Segmentation::Paragraphs)).expect_err("they contradict");
    assert!(both.contains("`paragraphs`") && both.contains("spans"), "{both}");
    assert!(refused(&[], &plain).is_ok());
}
