//! Promise 9: no text causes a panic. Errors are caused by options, limits and data of the caller
//! only, and describe what was found and what was expected.

mod common;

use common::{every_form, every_pair_of_options, every_policy, every_segmentation};
use proptest::prelude::*;
use refrain::error::DocumentError;
use refrain::repeats::Block;
use refrain::{Cleaner, Document, Fingerprinter, Options, Policy, Segmentation, Span, edits};
use refrain_testkit::texts;

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
        let edits = Cleaner::new().policy(policy).edits_of(&doc);
        assert!(edits.apply().len() <= text.len());
        for removal in &edits {
            assert!(
                [removal.span(), removal.copy(), removal.original()]
                    .iter()
                    .all(|span| !text[*span].is_empty())
            );
            assert!(edits.decisions()[removal.decision_index()].is_removed() && !removal.reason().is_empty());
        }
    }
}

#[test]
fn texts_that_break_things() {
    let long = "x".repeat(100_000);
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
fn a_hundred_megabytes_in_one_line() {
    let text = "never again ".repeat(100_000_000 / 12);
    assert_eq!(Document::new(&text).len(), 1);
    assert!(Cleaner::new().options(Options::new().segmentation(Segmentation::Lines)).edits(&text).is_empty());
    // The space behind the line is no part of it.
    assert_eq!(Cleaner::new().clean(&text), "never again ");
}

#[test]
fn marks_without_end() {
    let text = format!("a{}\nb", "\u{301}".repeat(1_000_000));
    for form in every_form() {
        let clean = Cleaner::new().options(Options::new().normalization(form)).policy(Policy::drop_all());
        assert_eq!(clean.clean(&text), text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

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
    fn any_text_has_a_fingerprint(text in any::<String>(), seed in any::<u64>()) {
        for form in every_form() {
            let mut prints = Fingerprinter::new().normalization(form).seed(seed);
            prop_assert_eq!(prints.fingerprint(&text), prints.fingerprint(&text));
        }
    }

    #[test]
    fn any_spans_are_read_or_refused(text in any::<String>(), ends in prop::collection::vec(any::<(u8, u8)>(), 0..8)) {
        let spans: Vec<Span> = ends.iter().map(|(a, b)| Span::new(usize::from(*a), usize::from(*b))).collect();
        if let Ok(doc) = Document::from_spans(&text, &spans, &Options::new()) {
            for policy in every_policy() {
                prop_assert!(Cleaner::new().policy(policy).edits_of(&doc).apply().len() <= text.len());
            }
        }
        if let Ok(cut) = edits::cut(&text, &spans) {
            prop_assert!(cut.len() <= text.len());
        }
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
        (vec![Span::new(0, 1)], "span 0 (0..1)", "between characters"),
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

#[test]
fn try_new_and_new_agree_on_what_fits() {
    for text in ["", "a\nb", "a\na"] {
        let (new, tried) = (Document::new(text), Document::try_new(text));
        assert_eq!(tried.map(|doc| doc.len()), Ok::<_, DocumentError>(new.len()));
    }
}
