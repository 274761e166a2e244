//! `edits::cut` against a naive oracle: kept text stays whole, and cuts are between grapheme
//! clusters.

mod common;

use std::borrow::Cow;

use proptest::prelude::*;
use refrain::error::CutError;
use refrain::{Span, edits};
use refrain_testkit::{cases, texts};

/// Grapheme clusters that join with none of the others.
const CLUSTERS: [&str; 15] = [
    "a",
    "b",
    "e\u{301}\u{323}",
    "\n",
    "\n",
    "\r\n",
    " ",
    "\u{A0}",
    "\u{2029}",
    "\u{4E2D}",
    "\u{1F1E9}\u{1F1EA}",
    "\u{1F468}\u{200D}\u{1F469}",
    "\u{915}\u{94D}\u{937}",
    "\u{AC00}",
    "\u{645}",
];

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// The line ends of a gap, as ranges of clusters.
fn line_ends(gap: &[&str]) -> Vec<usize> {
    (0..gap.len()).filter(|i| matches!(gap[*i], "\n" | "\r\n" | "\u{2029}")).collect()
}

/// The part of a gap before the white space after its last line end, and that white space.
fn parts<'g, 'c>(gap: &'g [&'c str]) -> (&'g [&'c str], &'g [&'c str]) {
    gap.split_at(line_ends(gap).last().map_or(0, |last| last + 1))
}

/// The text without the clusters that are removed, by the rules on the page of the module.
fn naive<'c>(clusters: &[(&'c str, bool)]) -> String {
    let mut text = String::new();
    let is_kept = |(cluster, is_removed): &(&str, bool)| !is_blank(cluster) && !is_removed;
    let is_removed = |(cluster, is_removed): &(&str, bool)| !is_blank(cluster) && *is_removed;
    let mut rest = clusters;
    let mut is_start = true;
    loop {
        // All between two clusters that are kept and visible.
        let end = rest.iter().position(is_kept).unwrap_or(rest.len());
        let (between, after) = rest.split_at(end);
        let first = between.iter().position(is_removed).unwrap_or(between.len());
        let last = between.iter().rposition(is_removed).map_or(0, |last| last + 1);
        let text_of = |part: &[(&'c str, bool)]| part.iter().map(|(cluster, _)| *cluster).collect::<Vec<_>>();
        let (before, behind) = (text_of(&between[..first]), text_of(&between[last..]));
        if first == between.len() {
            text.extend(before);
        } else if after.is_empty() {
            match (line_ends(&before).first(), line_ends(&behind).last()) {
                (Some(end), _) => text.extend(before[..=*end].iter().copied()),
                (None, Some(end)) => text.extend(behind[*end..].iter().copied()),
                (None, None) => {}
            }
        } else {
            let rank = |gap: &[&str]| (line_ends(gap).len(), !gap.is_empty());
            let kept = if !is_start && rank(&behind) > rank(&before) { &behind } else { &before };
            // A line keeps its own indentation.
            let indented = if line_ends(&behind).is_empty() { kept } else { &behind };
            text.extend(parts(kept).0.iter().chain(parts(indented).1).copied());
        }
        let Some((cluster, _)) = after.first() else { return text };
        text.push_str(cluster);
        (rest, is_start) = (&after[1..], false);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(2_000, 10_000)))]

    #[test]
    fn cutting_is_what_it_would_be_done_slowly(
        clusters in prop::collection::vec(prop::sample::select(&CLUSTERS[..]), 0..24),
        spans in prop::collection::vec((0_usize..24, 0_usize..6, any::<bool>()), 0..5),
    ) {
        let text = clusters.concat();
        let starts: Vec<usize> = clusters
            .iter()
            .scan(0, |at, cluster| Some(std::mem::replace(at, *at + cluster.len())))
            .chain([text.len()])
            .collect();
        // Some spans end one character inside of a cluster.
        let span = |(first, len, is_inside): (usize, usize, bool)| {
            let first = first.min(clusters.len());
            let end = (first + len).min(clusters.len());
            let inner = clusters.get(end).and_then(|cluster| cluster.chars().next()).map_or(0, char::len_utf8);
            Span::new(starts[first], starts[end] + if is_inside { inner } else { 0 })
        };
        let spans: Vec<Span> = spans.into_iter().map(span).collect();
        let is_removed = |i: usize| (starts[i]..starts[i + 1]).all(|byte| spans.iter().any(|span| span.contains(byte)));
        let naive = naive(&clusters.iter().enumerate().map(|(i, cluster)| (*cluster, is_removed(i))).collect::<Vec<_>>());
        let cut = edits::cut(&text, &spans).expect("spans end between characters");
        prop_assert_eq!(&*cut, naive, "{:?} without {:?}", text, spans);
        prop_assert_eq!(cut == text, matches!(cut, Cow::Borrowed(_)));
        // Neither the order of the spans nor one that is there twice matters.
        let again: Vec<Span> = spans.iter().rev().chain(&spans).copied().collect();
        prop_assert_eq!(edits::cut(&text, &again), Ok(cut));
    }

    #[test]
    fn any_spans_are_cut_or_refused(
        text in any::<String>(),
        lines in texts::text(),
        ends in prop::collection::vec((0_usize..80, 0_usize..12), 0..6),
    ) {
        for text in [text, lines] {
            let spans: Vec<Span> = ends.iter().map(|(start, len)| Span::new(*start, start + len)).collect();
            let bad = spans.iter().position(|span| text.get(span.range()).is_none());
            match edits::cut(&text, &spans) {
                Ok(cut) => {
                    prop_assert_eq!(bad, None);
                    // Everything that is left was there before, in its order, and nothing visible
                    // outside of the spans is cut.
                    let mut chars = text.chars();
                    prop_assert!(cut.chars().all(|c| chars.any(|other| other == c)));
                    let outside = text.char_indices().filter(|(at, c)| {
                        !c.is_whitespace() && !spans.iter().any(|span| span.contains(*at))
                    });
                    let mut left = cut.chars();
                    let is_blank = |c: char| refrain::Normalization::TEXT.canonical(&c.to_string()).is_empty();
                    prop_assert!(outside.into_iter().all(|(_, c)| is_blank(c) || left.any(|other| other == c)));
                }
                Err(error) => {
                    let index = bad.expect("all spans are in the text");
                    prop_assert_eq!(error, CutError::Span { index, span: spans[index], len: text.len() });
                }
            }
        }
    }
}

#[cfg(feature = "uax29")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(1_000, 5_000)))]

    /// The text that is left consists of whole clusters, as `unicode-segmentation` finds them. A
    /// space with a mark on it is still a gap.
    #[test]
    fn clusters_stay_whole(
        text in "[a\\n\\u{301}\\u{200D}\\u{1F468}\\u{1F1E6}\\u{1F1E7}\\u{1100}\\u{1161}\\u{AC00}\\u{915}\\u{94D}\\u{93C}\\u{600}]{0,16}",
        start in 0_usize..16,
        len in 1_usize..8,
    ) {
        use unicode_segmentation::UnicodeSegmentation as _;

        let at = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
        let span = Span::new(at(start), at(start + len));
        let cut = edits::cut(&text, &[span]).expect("it ends between characters");
        if cut.len() < text.len() {
            let bounds: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
            // A cut leaves a beginning and an end, though where equal characters are beside it
            // there are several ways to see it.
            let begins = (0..=cut.len()).filter(|n| cut.is_char_boundary(*n));
            let is_cut = |n: usize| {
                let end = text.len() - (cut.len() - n);
                text.starts_with(&cut[..n]) && text.is_char_boundary(end) && text.ends_with(&cut[n..])
                    && bounds.contains(&n) && bounds.contains(&end)
            };
            let is_two_gaps = text[span].starts_with(char::is_whitespace) || text[span].ends_with(char::is_whitespace);
            prop_assert!(is_two_gaps || begins.into_iter().any(is_cut), "{:?} without {} is {:?}", text, span, cut);
        }
    }
}

#[test]
fn a_text_begins_and_ends_as_it_did() {
    type Case = (&'static str, &'static [(usize, usize)], &'static str);
    let cases: [Case; 19] = [
        ("Home\n\nThe ferry.\n", &[(0, 4)], "The ferry.\n"),
        ("Home\n\n\n\nThe ferry.\n", &[(0, 4)], "The ferry.\n"),
        ("\n\nHome\n\nThe ferry.\n", &[(2, 6)], "\n\nThe ferry.\n"),
        ("\nHome\nNews\nThe ferry.", &[(1, 5), (6, 10)], "\nThe ferry."),
        ("The ferry.\n\nImprint\n", &[(12, 19)], "The ferry.\n"),
        ("The ferry.\n\nImprint", &[(12, 19)], "The ferry.\n"),
        ("The ferry. Imprint", &[(11, 18)], "The ferry."),
        ("a\r\n\r\nb\r\nc", &[(5, 6)], "a\r\n\r\nc"),
        ("a b c", &[(2, 3)], "a c"),
        ("abc", &[(1, 2)], "ac"),
        ("Home", &[(0, 4)], ""),
        ("Home\n", &[(0, 2), (2, 5)], "\n"),
        // A line keeps its own indentation.
        ("key:\n    one\n  two", &[(9, 12)], "key:\n  two"),
        ("key:\n  one\n    two", &[(7, 10)], "key:\n    two"),
        ("key:\n\n  one \n\ttwo", &[(8, 11)], "key:\n\n\ttwo"),
        ("key:\n  one\n \n\ttwo", &[(7, 10)], "key:\n \n\ttwo"),
        ("    one\n  two\nthree", &[(4, 7)], "  two\nthree"),
        ("key:\n    one\n  two\nthree", &[(9, 12), (15, 18)], "key:\nthree"),
        // The rest of a line begins where the line began.
        ("key:\n    one two\n  three", &[(9, 12)], "key:\n    two\n  three"),
    ];
    for (text, spans, left) in cases {
        let spans: Vec<Span> = spans.iter().map(|(start, end)| Span::new(*start, *end)).collect();
        assert_eq!(edits::cut(text, &spans).as_deref(), Ok(left), "{text:?} without {spans:?}");
    }
}

#[test]
fn a_span_outside_of_the_text_is_an_error_that_says_so() {
    for (span, text) in
        [(Span::new(0, 4), "\u{E9}t\u{E9}x"), (Span::new(4, 9), "\u{E9}t\u{E9}"), (Span::new(9, 9), "abc")]
    {
        let error = edits::cut(text, &[Span::new(0, 0), span]).expect_err("it is no span of the text");
        assert_eq!(error, CutError::Span { index: 1, span, len: text.len() });
        let message = error.to_string();
        assert!(
            message.contains("span 1") && message.contains(&format!("{} bytes", text.len())),
            "{message}"
        );
    }
}

/// A span beside very long clusters and very many flags: whoever read them for each span would be
/// reading still.
#[test]
fn very_many_spans_in_very_long_clusters() {
    let texts = [
        format!("a{}", "\u{301}".repeat(300_000)),
        "\u{1F1E6}".repeat(300_000),
        "\u{915}\u{94D}".repeat(200_000),
        format!("{}b", "a\n".repeat(300_000)),
        format!("a{}b", "\n".repeat(300_000)),
    ];
    for text in texts {
        let chars: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for step in [1, 2, 3, 4] {
            for len in [1, 2, 3] {
                let spans = chars.iter().skip(1).step_by(step).map(|at| {
                    let end = chars.partition_point(|other| other <= at) + len - 1;
                    Span::new(*at, chars.get(end).copied().unwrap_or(text.len()))
                });
                let spans: Vec<Span> = spans.collect();
                assert!(edits::cut(&text, &spans).is_ok());
            }
        }
    }
}
