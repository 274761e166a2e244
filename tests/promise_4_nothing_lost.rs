//! Promise 4: every segment that goes has an equal one in what is kept, and the first of each kind stays.

mod common;

use common::{every_pair_of_options, plain, texts};
use proptest::prelude::*;
use refrain::{Document, EditList, Options, Policy, Span};

/// Segments are whole in the text that is left, or gone; the first of each kind is never gone, and so each that
/// is gone has an equal one.
fn check(doc: &Document<'_>, edits: &EditList<'_>) {
    let form = |span: Span| plain::canonical(&doc.text()[span], doc.normalization());
    let cut: Vec<Span> = edits.spans().collect();
    let mut kept: Vec<String> = Vec::new();
    let mut end = 0;
    for span in &cut {
        assert!(end <= span.start() && !span.is_empty(), "in order and disjoint: {cut:?}");
        end = span.end();
    }
    for segment in doc.segments() {
        let span = segment.span();
        let inside = cut.iter().map(|cut| overlap(*cut, span)).sum::<usize>();
        assert!(inside == 0 || inside == span.len(), "{span} is cut in two by {cut:?}");
        if inside == 0 {
            kept.push(form(span));
        } else {
            assert!(kept.contains(&form(span)), "{:?} is lost from {:?}", &doc.text()[span], doc.text());
        }
    }
    assert_eq!(doc.is_empty(), kept.is_empty(), "a document is never emptied");
    // Outside of segments only white space goes.
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let gone: usize = cut.iter().map(|span| letters(&doc.text()[*span])).sum();
    assert_eq!(letters(&edits.apply()), letters(doc.text()) - gone);
    // Every verdict names an original that equals the copy, run by run, but for what earlier rounds cut out of the two.
    for verdict in edits.verdicts() {
        let cut_before = |segment: usize| {
            let span = doc.segment(segment).map_or(Span::new(0, 0), |segment| segment.span());
            let by = edits.edits().iter().find(|edit| overlap(edit.span(), span) > 0);
            by.is_some_and(|edit| edits.verdicts()[edit.verdict_index()].round() < verdict.round())
        };
        let content = |segments: std::ops::Range<usize>| -> Vec<String> {
            let left = segments.filter(|segment| !cut_before(*segment));
            left.filter_map(|segment| doc.segment(segment)).map(|segment| form(segment.span())).collect()
        };
        let whole = (verdict.original().segments(), verdict.copy().segments());
        let runs: Vec<_> = match verdict.block() {
            Some(block) => {
                block.runs().map(|run| (run.original().segments(), run.copy().segments())).collect()
            }
            None => vec![whole.clone()],
        };
        let mut len = 0;
        for (original, copy) in runs {
            assert!(original.start < copy.start);
            assert!(whole.0.start <= original.start && copy.end <= whole.1.end);
            assert_eq!(content(original), content(copy.clone()), "{verdict:?} of {:?}", doc.text());
            len += content(copy).len();
        }
        assert_eq!(len, verdict.len());
    }
}

fn overlap(a: Span, b: Span) -> usize {
    a.end().min(b.end()).saturating_sub(a.start().max(b.start()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_lost_with_any_options(text in texts::text(), prose in texts::prose()) {
        for options in every_pair_of_options() {
            for text in [&text, &prose] {
                let doc = Document::with_options(text, &options);
                for policy in [Policy::None, Policy::Cautious, Policy::Thorough, Policy::All] {
                    check(&doc, &policy.settle(&doc));
                    check(&doc, &policy.edits(&doc.repeats()));
                }
            }
        }
    }

    /// Lines and edits of them: what goes names one that stays and was compared with it, the text is never empty, and a
    /// settled result is settled.
    #[test]
    fn what_is_alike_goes_for_one_that_stays(
        lines in prop::collection::vec(prop::collection::vec(0_usize..9, 20..28), 1..5),
        edits in prop::collection::vec((0_usize..20, 0_usize..20, 0_usize..3), 0..12),
    ) {
        let words = ["ferry", "harbour", "morning", "bicycle", "tickets", "winter", "again", "nobody", "sails"];
        let mut lines: Vec<Vec<&str>> =
            lines.into_iter().map(|line| line.into_iter().map(|word| words[word]).collect()).collect();
        for (line, word, edit) in edits {
            let mut copy = lines[line % lines.len()].clone();
            let word = word % copy.len();
            match edit {
                0 => copy.insert(word, "inserted"),
                1 => copy[word] = "replaced",
                _ => {}
            }
            lines.push(copy);
        }
        let text: String = lines.iter().map(|line| format!("{}\n", line.join(" "))).collect();
        let edits = Policy::Longest.settle(&Document::new(&text));
        for verdict in edits.verdicts().iter().filter(|verdict| verdict.is_dropped()) {
            if verdict.kind() == refrain::CopyKind::Edited {
                prop_assert!(verdict.similarity() >= 0.8);
                let kept = verdict.original().span();
                prop_assert!(edits.spans().all(|cut| overlap(cut, kept) == 0), "{:?}", verdict);
            }
        }
        let clean = edits.apply();
        prop_assert!(!clean.is_empty());
        if edits.is_settled() {
            prop_assert_eq!(Policy::Longest.settle(&Document::new(&clean)).apply(), &*clean);
        }
    }

    #[test]
    fn nothing_between_spans_of_the_callers_own_is_lost(
        pieces in prop::collection::vec((0_usize..5, 0_usize..5), 0..12),
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
        for policy in [Policy::None, Policy::Cautious, Policy::Thorough, Policy::All] {
            let edits = policy.settle(&doc);
            check(&doc, &edits);
            for tag in ["<p>", "<br>"] {
                prop_assert_eq!(edits.apply().matches(tag).count(), text.matches(tag).count());
            }
        }
    }
}

/// What goes for being alike names another that stays, is at least as long, and was compared with it.
#[test]
fn of_two_that_are_alike_the_longer_one_stays() {
    let line = |day: &str, more: &str| {
        format!(
            "On {day} the harbour ferry sails at nine from the old quay, and tickets cost what they cost before the winter{more}."
        )
    };
    let monday = line("Monday", "");
    let longer = line("Monday", ", they say");
    let other = "Nothing of this is like the rest in any way, however long one may look at it, in winter or in summer.";
    let text =
        [&monday, other, &longer, &line("Friday", ""), &monday].map(|line| format!("{line}\n")).concat();
    let doc = Document::new(&text);
    for policy in [Policy::Cautious, Policy::Thorough] {
        assert_eq!(policy.settle(&doc).apply(), text);
    }
    let edits = Policy::Longest.settle(&doc);
    let gone: Vec<_> = edits.verdicts().iter().filter(|verdict| verdict.is_dropped()).collect();
    assert!(!gone.is_empty() && edits.apply().contains(&longer) && edits.apply().contains(other));
    for verdict in gone {
        assert_eq!(verdict.kind(), refrain::CopyKind::Edited);
        assert!(verdict.similarity() >= 0.8 && verdict.similarity() < 1.0);
        let kept = verdict.original().span();
        assert!(edits.spans().all(|cut| overlap(cut, kept) == 0), "{verdict:?}");
        assert!(kept.len() >= verdict.copy().span().len());
    }
    let clean = edits.apply().into_owned();
    assert!(!edits.is_settled() || Policy::Longest.settle(&Document::new(&clean)).apply() == clean);
}

/// Ever longer lines, each like the one before: none goes for one that was not compared with it, and equal ones go together.
#[test]
fn what_stands_in_for_another_never_goes() {
    let words: Vec<String> = (0..80).map(|i| format!("word{}", i * 7919 % 1000)).collect();
    let text: String = (0..9).map(|i| format!("{}\n", words[..40 + 4 * i].join(" "))).collect();
    let doc = Document::new(&text);
    let edits = Policy::Longest.settle(&doc);
    assert!(!edits.is_empty());
    for verdict in edits.verdicts().iter().filter(|verdict| verdict.is_dropped()) {
        assert!(edits.spans().all(|cut| overlap(cut, verdict.original().span()) == 0), "{verdict:?}");
    }
    let (short, long) = (words[..28].join(" "), words[..29].join(" "));
    let text = format!("{long}\n{short}\n{long}\n");
    let edits = Policy::Longest.settle(&Document::new(&text));
    assert_eq!((edits.apply(), edits.is_settled()), (format!("{long}\n").into(), true));
    let many: String = (0..12).map(|i| format!("{short}\nline {i}\n")).collect();
    let edits = Policy::Longest.settle(&Document::new(&many));
    assert_eq!(edits.apply(), many);
    let edits_of = |text: &str| Policy::Longest.settle(&Document::new(text)).apply().into_owned();
    assert_eq!(edits_of(&format!("{many}{long}")).matches(&short).count(), 1, "in the longer one");
}

#[test]
fn a_minimum_keeps_what_it_does_not_report() {
    let doc = Document::with_options("a\nb\nc\na\nb\nx\na", &Options::new().min_segments(2));
    assert_eq!(Policy::All.settle(&doc).apply(), "a\nb\nc\nx\na");
    let doc = Document::with_options("word\n*\nword\n*\n*", &Options::new().min_weight(1));
    assert_eq!(Policy::All.settle(&doc).apply(), "word\n*\n*");
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
        assert_eq!(Policy::All.settle(&doc).apply(), clean);
    }
}
