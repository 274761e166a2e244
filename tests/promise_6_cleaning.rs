//! Promise 6: cleaning is finding, deciding and cutting until nothing changes, and a settled result is settled.

mod common;

use std::borrow::Cow;

use common::{every_segmentation, naive, texts};
use proptest::prelude::*;
use refrain::{
    Block, Cleaner, Decision, Document, Normalization, Options, Policy, Segmentation, edits_by, settle_by,
};

const POLICIES: [Policy; 5] =
    [Policy::None, Policy::Cautious, Policy::Thorough, Policy::Longest, Policy::All];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn cleaning_is_what_it_would_be_done_slowly(text in texts::text()) {
        let by: [(Segmentation, naive::Split); 2] =
            [(Segmentation::Lines, naive::lines), (Segmentation::Blocks, naive::blocks)];
        for (segmentation, split) in by {
            for form in [Normalization::RAW, Normalization::WHITESPACE, Normalization::TEXT] {
                for policy in [Policy::None, Policy::All] {
                    let options = Options::new().segmentation(segmentation).normalization(form);
                    let edits = Cleaner::new().options(options.clone()).policy(policy).settle(&text);
                    let (clean, settled) = naive::clean(&text, split, form, policy, 8);
                    prop_assert_eq!(&*edits.apply(), &clean, "{:?} {} {:?}", segmentation, form, policy);
                    prop_assert_eq!(edits.is_settled(), settled);
                    let doc = Document::with_options(&text, &options);
                    let (once, _) = naive::clean(&text, split, form, policy, 1);
                    prop_assert_eq!(&*policy.edits(&doc.repeats()).apply(), &once);
                }
            }
        }
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(
        text in texts::text(),
        prose in texts::prose(),
        least in (0_usize..3, 0_u32..3),
    ) {
        for text in [text, prose] {
            for by in every_segmentation() {
                for policy in POLICIES {
                    let options = Options::new().segmentation(by).min_segments(least.0).min_weight(least.1);
                    let cleaner = Cleaner::new().options(options).policy(policy);
                    let edits = cleaner.settle(&text);
                    let clean = edits.apply();
                    prop_assert_eq!(edits.is_empty(), matches!(clean, Cow::Borrowed(_)));
                    prop_assert_eq!(edits.is_empty(), clean == text);
                    if edits.is_settled() {
                        prop_assert_eq!(cleaner.clean(&clean), &*clean, "{:?} {:?} of {:?}", by, policy, text);
                    }
                }
            }
        }
    }

    #[test]
    fn no_border_of_a_segment_appears_or_vanishes(text in texts::text(), prose in texts::prose()) {
        for text in [text, prose] {
            for by in every_segmentation() {
                for policy in POLICIES {
                    let options = Options::new().segmentation(by);
                    let doc = Document::with_options(&text, &options);
                    let edits = policy.settle(&doc);
                    let clean = edits.apply();
                    let kept = doc.segments().filter(|segment| {
                        let inside = |cut: refrain::Span| cut.contains(segment.span().start());
                        !edits.spans().any(inside)
                    });
                    let left = Document::with_options(&clean, &options);
                    let left: Vec<_> = left.segments().map(|segment| segment.text()).collect();
                    prop_assert!(kept.map(|segment| segment.text()).eq(left), "{:?} {:?}: {:?}", by, policy, text);
                }
            }
        }
    }
}

#[test]
fn a_text_that_takes_two_rounds() {
    let text = "a\nb\na\na\nb\nb";
    let doc = Document::new(text);
    let pairs = |block: &Block| match block.len() {
        1 => Decision::keep("one line"),
        _ => Decision::drop("more"),
    };
    let once = edits_by(&doc.repeats(), pairs);
    assert_eq!(once.apply(), "a\nb\na\nb");
    assert!(!once.is_settled());
    let settled = settle_by(&doc, pairs);
    assert_eq!(settled.apply(), "a\nb\n");
    assert!(settled.is_settled());
    // Spans and segments are those of the text that was given. The copy of the second round has in it what the
    // first one cut, and says how many segments of its own it has.
    let verdicts: Vec<_> = settled
        .verdicts()
        .iter()
        .map(|v| (v.round(), v.copy().segments(), v.len(), v.is_dropped()))
        .collect();
    assert_eq!(verdicts, [(1, 3..5, 2, true), (2, 2..6, 2, true)]);
    let cuts: Vec<_> =
        settled.edits().iter().map(|edit| (edit.span().range(), edit.verdict_index())).collect();
    assert_eq!(cuts, [(4..6, 1), (6..10, 0), (10..11, 1)]);
}

#[test]
fn after_eight_rounds_the_rest_stays_and_is_said_to() {
    // Pairs, each alone first; then one in the other, ten deep: what goes brings the next two together.
    let pair = |i: usize| (format!("open {i}\n"), format!("close {i}\n"));
    let alone: String = (0..10).map(|i| format!("{}{}part {i}\n", pair(i).0, pair(i).1)).collect();
    let nested =
        (0..10).map(pair).fold(String::new(), |inner, (open, close)| format!("{open}{inner}{close}"));
    let cleaner = Cleaner::new().options(Options::new().min_segments(2)).policy(Policy::All);
    let text = alone.clone() + &nested;

    let edits = cleaner.settle(&text);
    assert!(!edits.is_settled());
    let last = edits.verdicts().last().expect("one is left");
    assert_eq!((last.round(), last.is_dropped(), last.reason()), (9, false, "kept: eight rounds are over"));
    assert_eq!(edits.apply(), format!("{alone}open 9\nopen 8\nclose 8\nclose 9\n"));
    let again = edits.apply().into_owned();
    assert_eq!(cleaner.clean(&again), alone);
    assert!(cleaner.settle(&again).is_settled());
}

/// A line that holds a text twice is mended first, then lines are compared; all in spans of the text that was given.
#[test]
fn a_line_that_says_its_text_twice_says_it_once() {
    let story = "The ferry left at nine with more bicycles than cars. Tickets cost what they cost before. Nobody on the \
                 quay had thought it would sail again! \u{201C}We had stopped waiting,\u{201D} said the harbour master. By noon \
                 it was back, and half of the town was on board.";
    let doubled = format!("{story} {}", story.to_uppercase());
    let text = format!("Ferry returns\n{doubled}\n{story}\n{doubled}\nMore news\n");
    assert_eq!(refrain::clean(&text), format!("Ferry returns\n{story}\nMore news\n"));
    let edits = Cleaner::new().settle(&text);
    assert!(edits.is_settled());
    let kept = |span: refrain::Span| &text[span];
    for verdict in edits.verdicts().iter().filter(|verdict| verdict.is_dropped()) {
        let (original, copy) = (kept(verdict.original().span()), kept(verdict.copy().span()));
        assert_eq!(original.to_lowercase().get(..40), copy.to_lowercase().get(..40), "{verdict:?}");
    }
    // In Chinese, without spaces, as the only line there is.
    let story: String =
        (0..20).map(|i| format!("\u{8239}{i}\u{4E5D}\u{70B9}\u{5F00}\u{4E86}\u{3002}")).collect();
    assert_eq!(refrain::clean(&story.repeat(2)), story);
    assert_eq!(refrain::clean(&story.repeat(3)), story);
    // Whoever names the segments gets those.
    let lines = Cleaner::new().options(Options::new().segmentation(Segmentation::Lines));
    assert_eq!(lines.clean(&doubled), doubled);
}

#[test]
fn a_paragraph_break_stays_a_paragraph_break() {
    let cases = [
        ("a\n\nb\na\nb\n\nc", "a\n\nb\n\nc"),
        ("a\nb\n\na\nb\nc", "a\nb\n\nc"),
        ("a\r\nb\r\n\r\na\r\nb\r\nc", "a\r\nb\r\n\r\nc"),
        ("a\nb\n \na\nb\n\t\nc", "a\nb\n \nc"),
        ("a\na", "a\n"),
        ("a\na\n\n", "a\n"),
        ("a\n\n\na\n", "a\n"),
        ("a\r\na", "a\r\n"),
        ("a\ra", "a\r"),
        ("a\u{2029}a \u{85}", "a\u{2029}"),
        ("a\na  ", "a\n"),
    ];
    for (text, clean) in cases {
        let edits = Policy::All.settle(&Document::new(text));
        assert_eq!(edits.apply(), clean, "{text:?}");
    }
}

#[test]
fn an_empty_gap_never_wins_over_one_that_is_not() {
    // Letters as segments: the second `x` has nothing before it and a space behind it, or the other way round.
    for text in ["x yx z", "x y xz"] {
        let letters = text.char_indices().filter(|(_, c)| *c != ' ');
        let spans: Vec<_> = letters.map(|(at, _)| refrain::Span::new(at, at + 1)).collect();
        let doc = Document::from_spans(text, &spans, &Options::new()).expect("they are in order");
        assert_eq!(Policy::All.settle(&doc).apply(), "x y z");
    }
}

#[test]
fn text_from_which_nothing_goes_is_borrowed() {
    for text in ["", "\n\n", "a", "a\nb\n", "one and\ntwo and\none and\nthree and\nmore and\nmore"] {
        assert!(matches!(refrain::clean(text), Cow::Borrowed(same) if same == text));
    }
}

#[cfg(feature = "uax29")]
#[test]
fn a_cut_that_would_join_two_words_is_not_made() {
    let cleaner =
        Cleaner::new().options(Options::new().segmentation(Segmentation::Words)).policy(Policy::All);
    // Between the two halves of a word in Katakana stands a sign that came before.
    let edits = cleaner.settle("\u{4F60} \u{30A2}\u{4F60}\u{30A4}");
    assert!(edits.is_empty() && edits.is_settled());
    assert!(edits.verdicts()[0].reason().starts_with("kept: without it"));
    assert_eq!(cleaner.clean("one two one three"), "one two three");
    // Other cuts in the same text are made.
    let edits = cleaner.settle("\u{4F60} a b c. \u{30A2}\u{4F60}\u{30A4} w0 a b c 7");
    assert_eq!(edits.apply(), "\u{4F60} a b c. \u{30A2}\u{4F60}\u{30A4} w0 7");
}

#[cfg(feature = "uax29")]
#[test]
fn what_had_to_stay_once_has_to_stay_again() {
    let (words, sentences) = (Segmentation::Words, Segmentation::Sentences);
    let options = |by| Options::new().segmentation(by);
    let cases = [
        (options(words), Policy::Cautious, "\u{4F60}.\u{4F60}:\u{1F1E6}.\u{4F60}\u{1F1E6}"),
        (
            options(words).min_weight(2),
            Policy::All,
            "\u{4F60}'\u{4F60}\u{1F1E6}\u{1F1E7}h\u{4F60}\u{1F1E6}\u{1F1E7}O",
        ),
        (options(words).min_segments(2), Policy::All, "3-3-._-3-h"),
        (
            options(sentences).min_segments(2),
            Policy::All,
            "2.\n\u{3002}2. 2.\n\u{3002}2. x. \u{3002}22. 2.\n\u{3002}2. x. \u{3002}x",
        ),
        (options(words), Policy::Cautious, "  \u{30A4}1\u{4F60}11\u{30A4}1\u{4F60}1\u{4F60}\n"),
        (options(sentences), Policy::All, "e.g. A. e.g. b. A. c."),
    ];
    for (options, policy, text) in cases {
        let cleaner = Cleaner::new().options(options).policy(policy);
        let once = cleaner.clean(text);
        assert_eq!(cleaner.clean(&once), once, "{text}");
    }
}

/// One gap that is long, beside very many words that may go: whoever read it for each would be reading still.
#[cfg(feature = "uax29")]
#[test]
fn a_long_gap_is_read_once() {
    for (by, copy) in [(Segmentation::Words, "x "), (Segmentation::Sentences, "X. ")] {
        let text = format!("{}{}{}Y.", copy.trim_end(), "\n".repeat(1_000_000), copy.repeat(300_000));
        let cleaner = Cleaner::new().options(Options::new().segmentation(by)).policy(Policy::All);
        let clean = cleaner.clean(&text);
        assert_eq!(clean.matches(copy.trim_end()).count(), 1, "{by:?}");
    }
}
