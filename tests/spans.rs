//! Spans slice the text, in order, and segments and gaps together are the whole text.

mod common;

use common::every_segmentation;
use proptest::prelude::*;
use refrain::{Document, Options, Segmentation, Span};
use refrain_testkit::{naive, texts};

fn spans(text: &str, by: Segmentation) -> Vec<Span> {
    let doc = Document::with_options(text, &Options::new().segmentation(by));
    doc.segments().map(|segment| segment.span()).collect()
}

/// Segments have text in them and no white space around them; gaps have no text in them.
fn check(text: &str, spans: &[Span]) {
    let blank =
        |c: char| c.is_whitespace() || refrain::Normalization::TEXT.canonical(&c.to_string()).is_empty();
    let mut end = 0;
    for span in spans {
        assert!(end <= span.start() && span.start() < span.end() && span.end() <= text.len());
        assert!(text[end..span.start()].chars().all(blank), "{:?}", &text[end..span.start()]);
        let segment = &text[*span];
        assert_eq!(segment, segment.trim());
        assert!(!segment.chars().all(blank), "{segment:?}");
        end = span.end();
    }
    assert!(text[end..].chars().all(blank));
}

#[test]
fn spans_slice_every_script() {
    let text = "\u{41F}\u{440}\u{438}\u{432}\u{435}\u{442}, \u{43C}\u{438}\u{440}!\n\u{4F60}\u{597D}\u{3002}\n\
                \u{645}\u{631}\u{62D}\u{628}\u{627}\r\n\u{928}\u{92E}\u{938}\u{94D}\u{924}\u{947}\n\u{1F469}\u{200D}\u{1F467}";
    for by in every_segmentation() {
        let spans = spans(text, by);
        check(text, &spans);
        assert_eq!(spans.last().map(|span| span.end()), Some(text.len()), "{by:?}");
    }
}

#[test]
fn long_separators_shift_no_span() {
    let text = "a\r\n\r\nb\r\n\r\n\r\nc\nd";
    assert_eq!(spans(text, Segmentation::Paragraphs), [0..1, 5..6, 12..15]);
    assert_eq!(spans(text, Segmentation::Lines), [0..1, 5..6, 12..13, 14..15]);
}

#[test]
fn nothing_but_gaps() {
    for text in ["", "\n", "\r", " ", "\u{FEFF}", "\u{200B}\n\u{AD}\t", "\r\n\r\n"] {
        for by in every_segmentation() {
            assert!(spans(text, by).is_empty(), "{text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn lines_and_paragraphs_are_the_obvious_ones(text in texts::text()) {
        prop_assert_eq!(spans(&text, Segmentation::Lines), naive::lines(&text));
        prop_assert_eq!(spans(&text, Segmentation::Auto), naive::lines(&text));
        prop_assert_eq!(spans(&text, Segmentation::Paragraphs), naive::paragraphs(&text));
    }

    #[test]
    fn any_text_is_covered(text in any::<String>(), ends in "[\\r\\n\\u{85}\\u{2028}\\u{2029} a]{0,12}") {
        for by in every_segmentation() {
            for text in [&text, &ends, &format!("{text}{ends}{text}")] {
                check(text, &spans(text, by));
            }
        }
    }

    #[test]
    fn prose_is_covered(text in texts::prose()) {
        for by in every_segmentation() {
            check(&text, &spans(&text, by));
        }
    }

    #[test]
    fn spans_of_the_callers_own_are_kept_or_refused(
        text in "[a\\u{E9} \\n\\u{4F60}]{0,20}",
        offsets in prop::collection::vec((0_usize..40, 0_usize..6), 0..6),
    ) {
        let given: Vec<Span> = offsets.iter().map(|(start, len)| Span::new(*start, start + len)).collect();
        let sliced = given.iter().all(|span| text.get(span.range()).is_some_and(|piece| !piece.is_empty()));
        let ordered = given.windows(2).all(|pair| pair[0].end() <= pair[1].start());
        match Document::from_spans(&text, &given, &Options::new()) {
            Ok(doc) => {
                prop_assert!(sliced && ordered);
                let kept = given.iter().filter(|span| !text[**span].trim().is_empty());
                prop_assert!(doc.segments().map(|s| s.text()).eq(kept.map(|span| text[*span].trim())));
            }
            Err(error) => prop_assert!(!sliced || !ordered, "{error}"),
        }
    }
}
