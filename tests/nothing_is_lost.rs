//! Every segment that is removed has an equal one that is kept, or equals a part of one that is kept,
//! and each removal names it.

mod common;

use std::collections::HashSet;
use std::ops::Range;

use common::{every_pair_of_options, every_segmentation, overlap, without_copies};
use proptest::prelude::*;
use refrain::edits::{Edits, Removal};
use refrain::{Cleaner, Decision, Document, Normalization, Options, Policy, Rule, Segmentation, Span};
use refrain_testkit::canonical::{canonical, is_mark, nfd};
use refrain_testkit::{cases, texts};

/// The presets. Overlaps of neighboring lines and similar copies have tests of their own, in
/// `overlaps.rs` and `similar_copies.rs`.
fn every_policy() -> [Policy; 6] {
    [
        Policy::keep_all(),
        Policy::default(),
        Policy::scraper(),
        Policy::transcript().without(Rule::Overlap),
        Policy::pdf(),
        Policy::drop_all(),
    ]
}

/// Returns the length in bytes from which a policy looks into a line.
fn long(policy: Policy) -> usize {
    if policy.contains(Rule::Stutter) { 60 } else { 300 }
}

/// Returns the text that cuts leave of a span.
fn left(text: &str, span: Span, cuts: &[Span]) -> String {
    let mut left = String::new();
    let mut at = span.start();
    for cut in cuts.iter().filter(|cut| overlap(**cut, span) > 0) {
        left.push_str(&text[at..cut.start().max(at)]);
        at = cut.end().min(span.end());
    }
    left + &text[at..span.end()]
}

fn cuts(edits: &Edits<'_>) -> Vec<Span> {
    edits.iter().map(Removal::span).collect()
}

/// The letters and digits without case and diacritics: what the turns of a loop inside a line have
/// in common.
fn letters(text: &str) -> String {
    let form = nfd(&canonical(text, "text"));
    form.chars().filter(|c| c.is_alphanumeric() && !is_mark(*c)).collect()
}

/// Returns whether `copy` is turns of `original`, the last of which may be cut off.
fn are_turns(original: &str, copy: &str) -> bool {
    let (unit, turns) = (letters(original), letters(copy));
    !unit.is_empty() && unit.chars().cycle().zip(turns.chars()).all(|(a, b)| a == b)
}

/// Returns whether `copy` is turns of `original`, or is `original` and then turns of an end of it.
fn are_turns_of_an_end(original: &str, copy: &str) -> bool {
    let ends = original.char_indices().map(|(at, _)| &original[at..]);
    are_turns(original, copy)
        || copy.strip_prefix(original).is_some_and(|rest| ends.into_iter().any(|end| are_turns(end, rest)))
}

/// A text without any part of six characters or more that follows itself.
fn collapsed(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let square = |chars: &[char]| {
        (6..=chars.len() / 2).find_map(|period| {
            let mut equal = 0;
            (period..chars.len()).find_map(|i| {
                equal = if chars[i] == chars[i - period] { equal + 1 } else { 0 };
                (equal == period).then_some(i + 1 - period..i + 1)
            })
        })
    };
    while let Some(again) = square(&chars) {
        chars.drain(again);
    }
    chars.into_iter().collect()
}

/// Checks all that the edits of a document claim.
fn check(cleaner: &Cleaner, policy: Policy, doc: &Document<'_>, options: &Options) {
    let (text, edits) = (doc.text(), cleaner.edits_of(doc));
    let spans: Vec<Span> = doc.segments().map(|segment| segment.span()).collect();
    let form = |text: &str| canonical(text, &doc.normalization().to_string());
    let cuts = cuts(&edits);
    let mut end = 0;
    for span in &cuts {
        assert!(end <= span.start() && !span.is_empty(), "in order and disjoint: {cuts:?} of {text:?}");
        end = span.end();
    }

    // A long line is cleaned as if it were alone; then lines are compared.
    let looks_inside = doc.segmentation() == Some(Segmentation::Auto) && policy != Policy::drop_all();
    let inside = |span: &Span| {
        if !looks_inside || span.len() < long(policy) {
            return (text[*span].to_owned(), Vec::new());
        }
        let line = Document::with_options(&text[*span], options);
        let edits = cleaner.edits_of(&line);
        check_line(line.text(), &edits, doc.normalization());
        let shifted = |cut: Span| Span::new(span.start() + cut.start(), span.start() + cut.end());
        (edits.apply().into_owned(), edits.iter().map(|removal| shifted(removal.span())).collect())
    };
    let lines: Vec<(String, Vec<Span>)> = spans.iter().map(inside).collect();
    let forms: Vec<String> = lines.iter().map(|(line, _)| form(line)).collect();
    let is_removed: Vec<bool> = (spans.iter().zip(&lines))
        .map(|(span, (line, inner))| {
            let cut: Vec<Span> = cuts.iter().copied().filter(|cut| overlap(*cut, *span) > 0).collect();
            let is_removed = cut.iter().map(|cut| overlap(*cut, *span)).sum::<usize>() == span.len();
            assert!(is_removed || cut == *inner, "{span} is cut by {cut:?}, not {inner:?}, of {text:?}");
            assert!(is_removed || left(text, *span, &cuts) == *line);
            is_removed
        })
        .collect();

    // The first of each kind stays, so each that is removed has an equal one, unless it is a part
    // of another one.
    let is_whole = |run: Span| {
        let (starts, ends) = (spans.iter().map(|span| span.start()), spans.iter().map(|span| span.end()));
        starts.into_iter().any(|start| start == run.start()) && ends.into_iter().any(|end| end == run.end())
    };
    let parts: Vec<Span> = (edits.iter())
        .filter(|removal| is_whole(removal.copy()) && !is_whole(removal.original()))
        .map(Removal::copy)
        .collect();
    let mut seen = HashSet::new();
    for (i, form) in forms.iter().enumerate() {
        let stays = !is_removed[i] || parts.contains(&spans[i]);
        assert!(!seen.insert(form) || stays, "the first {form:?} is removed from {text:?}");
    }
    // Outside of segments only white space is removed.
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}').count();
    let kept: usize = (0..spans.len()).filter(|i| !is_removed[*i]).map(|i| visible(&lines[i].0)).sum();
    let all: usize = spans.iter().map(|span| visible(&text[*span])).sum();
    assert_eq!(visible(&edits.apply()) + all, visible(text) + kept, "{text:?}");

    let segments = |span: Span| -> Range<usize> {
        let first = spans.partition_point(|segment| segment.end() <= span.start());
        first..spans.partition_point(|segment| segment.start() < span.end())
    };
    let mut removed_by: Vec<Option<usize>> = vec![None; spans.len()];
    for removal in &edits {
        let (copy, original) = (removal.copy(), removal.original());
        let decision = &edits.decisions()[removal.decision_index()];
        assert!(decision.is_removed() && decision.reason() == removal.reason(), "{removal:?} of {text:?}");
        if spans.iter().any(|span| span.len() > copy.len() && overlap(*span, copy) == copy.len()) {
            continue;
        }
        let (copies, originals) = (segments(copy), segments(original));
        if parts.contains(&copy) {
            assert_eq!((copies.len(), originals.len()), (1, 1), "{removal:?} of {text:?}");
            assert_eq!(form(&text[original]), form(&text[copy]), "{removal:?} of {text:?}");
            assert!(!is_removed[originals.start], "{removal:?} names what is removed of {text:?}");
            removed_by[copies.start] = Some(decision.round());
            continue;
        }
        let whole = |run: &Range<usize>| Span::new(spans[run.start].start(), spans[run.end - 1].end());
        assert_eq!((whole(&copies), whole(&originals)), (copy, original), "{removal:?} of {text:?}");
        assert!(originals.end <= copies.start, "{removal:?} of {text:?}");
        assert_eq!(forms[originals.clone()], forms[copies.clone()], "{removal:?} of {text:?}");
        assert!(!is_removed[originals].contains(&true), "{removal:?} names what is removed of {text:?}");
        assert!(copies.clone().all(|copy| is_removed[copy]), "{removal:?} of {text:?}");
        for copy in copies {
            assert_eq!(removed_by[copy], None, "two removals have one copy in {text:?}");
            removed_by[copy] = Some(decision.round());
        }
    }
    for (i, removed_by) in removed_by.iter().enumerate() {
        assert_eq!(removed_by.is_some(), is_removed[i], "no removal is of segment {i} of {text:?}");
    }

    // In one round, an original loses nothing or is itself wholly removed. The originals of
    // `drop_all` are the first of their kind, segment by segment; and a part of a copy stays if
    // without it sentences or words would be others.
    let is_by_lines =
        [None, Some(Segmentation::Auto), Some(Segmentation::Lines), Some(Segmentation::Paragraphs)];
    if policy == Policy::drop_all() || !is_by_lines.contains(&doc.segmentation()) {
        return;
    }
    let of_lines = |decision: &&refrain::edits::BlockDecision| {
        decision.block().original().segments() != decision.block().copy().segments()
    };
    for decision in edits.decisions().iter().filter(|decision| decision.is_removed()).filter(of_lines) {
        let round = decision.round();
        let is_there = |i: &usize| removed_by[*i].is_none_or(|by| by >= round);
        let originals: HashSet<usize> =
            decision.block().runs().flat_map(|run| run.original().segments()).filter(is_there).collect();
        let gone = originals.iter().filter(|i| removed_by[**i] == Some(round)).count();
        assert!(gone == 0 || gone == originals.len(), "{decision:?} of {text:?}");
        for run in decision.block().runs() {
            let [original, copy] = [run.original(), run.copy()]
                .map(|run| run.segments().filter(is_there).map(|i| &forms[i]).collect::<Vec<_>>());
            assert_eq!(original, copy, "{decision:?} of {text:?}");
        }
    }
}

/// Checks the edits of a text that is one long line.
fn check_line(text: &str, edits: &Edits<'_>, form: Normalization) {
    let cuts = cuts(edits);
    let form = |text: &str| canonical(text, &form.to_string());
    for removal in edits {
        let (span, copy, original) = (removal.span(), removal.copy(), removal.original());
        assert!(span.start() > 0 && overlap(span, copy) == copy.len(), "{removal:?} of {text:?}");
        assert!(original.end() <= copy.start(), "{removal:?} of {text:?}");
        for cut in cuts.iter().filter(|cut| overlap(**cut, original) > 0) {
            let is_inner = original.start() < cut.start() && cut.end() < original.end();
            assert!(is_inner, "{removal:?} names what {cut} removes of {text:?}");
        }
        let (copy, kept) = (&text[copy], left(text, original, &cuts));
        assert!(!form(&kept).is_empty());
        // The inside of the original may have been cut later than the copy, or earlier, as that of
        // the copy was.
        let is_equal = [&kept, &text[original]].iter().any(|original| {
            form(copy) == form(original)
                || are_turns(original, copy)
                || are_turns_of_an_end(&collapsed(&letters(original)), &collapsed(&letters(copy)))
        });
        assert!(is_equal, "{removal:?}: {copy:?} is not {kept:?} in {text:?}");
    }
}

/// A cleaner that decides on blocks as if at random.
fn at_random(seed: u64) -> Cleaner {
    Cleaner::new().rule("random", move |block| {
        let measures = block.weight() + 31 * block.distance() + 7 * block.original().span().len() as u64;
        match (measures ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 62 {
            0 => Some(Decision::Keep),
            1 => None,
            _ => Some(Decision::Remove),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(60, 250)))]

    #[test]
    fn nothing_is_lost_with_any_options(text in texts::text(), prose in texts::prose()) {
        for options in every_pair_of_options() {
            for text in [&text, &prose] {
                let doc = Document::with_options(text, &options);
                for policy in every_policy() {
                    check(&Cleaner::new().policy(policy), policy, &doc, &options);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(80, 600)))]

    #[test]
    fn nothing_is_lost_of_pages(text in texts::page(), least in (0_usize..3, 0_u32..30), seed in any::<u64>()) {
        for by in every_segmentation() {
            let options = Options::new().segmentation(by);
            for options in [options.clone().min_segments(least.0).min_weight(least.1), options] {
                let doc = Document::with_options(&text, &options);
                for policy in every_policy() {
                    check(&Cleaner::new().policy(policy), policy, &doc, &options);
                }
                let all_rules = Rule::ALL.into_iter().fold(Policy::keep_all(), Policy::with).without(Rule::Overlap);
                check(&at_random(seed).policy(all_rules), all_rules, &doc, &options);
                check(&Cleaner::new().rule("all", |_| Some(Decision::Remove)), Policy::default(), &doc, &options);
            }
        }
    }

    #[test]
    fn nothing_between_spans_of_the_callers_own_is_lost(
        pieces in prop::collection::vec((0_usize..5, 0_usize..5), 0..12),
        seed in any::<u64>(),
    ) {
        let contents = ["a", "b", "A", " c ", "a b"];
        let between = ["<p>", " ", "", "\n\n", "\n<br>\n"];
        let mut text = String::new();
        let mut spans = Vec::new();
        for (content, gap) in pieces {
            text.push_str(between[gap]);
            spans.push(Span::new(text.len(), text.len() + contents[content].len()));
            text.push_str(contents[content]);
        }
        let doc = Document::from_spans(&text, &spans, &Options::new()).expect("they are in order");
        let cleaner = |policy| Cleaner::new().policy(policy);
        let preset = every_policy().map(|policy| (cleaner(policy), policy));
        for (cleaner, policy) in preset.into_iter().chain([(at_random(seed), Policy::default())]) {
            check(&cleaner, policy, &doc, &Options::new());
            for tag in ["<p>", "<br>"] {
                prop_assert_eq!(cleaner.edits_of(&doc).apply().matches(tag).count(), text.matches(tag).count());
            }
        }
    }
}

#[test]
fn a_minimum_keeps_what_it_does_not_report() {
    let doc = Document::with_options("a\nb\nc\na\nb\nx\na", &Options::new().min_segments(2));
    assert_eq!(without_copies(&doc), "a\nb\nc\nx\na");
    let doc = Document::with_options("word\n*\nword\n*\n*", &Options::new().min_weight(1));
    assert_eq!(without_copies(&doc), "word\n*\n*");
}

#[test]
fn beside_what_stays_both_gaps_stay() {
    let cases: [(&str, &[&str], &str); 4] = [
        ("ab cd abQ", &["ab", "cd", "ab"], "ab cd Q"),
        ("ab Qab cd", &["ab", "ab", "cd"], "ab Q cd"),
        ("x\n\nq\n\nx|z", &["x", "q", "x", "z"], "x\n\nq\n\n|z"),
        ("ab\n\nab<br>c", &["ab", "ab", "c"], "ab\n\n<br>c"),
    ];
    for (text, pieces, clean) in cases {
        let mut at = 0;
        let spans: Vec<Span> = pieces
            .iter()
            .map(|piece| {
                let start = at + text[at..].find(piece).expect("it is there");
                at = start + piece.len();
                Span::new(start, at)
            })
            .collect();
        let doc = Document::from_spans(text, &spans, &Options::new()).expect("they are in order");
        assert_eq!(without_copies(&doc), clean);
    }
}
