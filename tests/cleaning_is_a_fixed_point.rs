//! Cleaning is finding, deciding and cutting until nothing changes, and a clean text
//! stays as it is.

mod common;

use std::borrow::Cow;

use common::{every_policy, every_segmentation, overlap, without_copies};
use proptest::prelude::*;
use refrain::repeats::Block;
use refrain::{Cleaner, Decision, Document, Normalization, Options, Policy, Rule, Segmentation, Span};
use refrain_testkit::{cases, naive, texts};

fn drop_all() -> Cleaner {
    Cleaner::new().policy(Policy::drop_all())
}

/// The presets, every rule at once, and rules of the caller's own.
fn every_cleaner() -> Vec<Cleaner> {
    let all = Rule::ALL.into_iter().fold(Policy::keep_all(), Policy::with);
    let mut cleaners: Vec<Cleaner> =
        every_policy().into_iter().chain([all]).map(|policy| Cleaner::new().policy(policy)).collect();
    cleaners.push(Cleaner::new().rule("all", |_| Some(Decision::Remove)));
    let is_long = |block: &Block| Some(if block.len() > 1 { Decision::Remove } else { Decision::Keep });
    cleaners.push(Cleaner::new().rule("more than one", is_long));
    cleaners
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(1_000, 3_000)))]

    #[test]
    fn cleaning_is_what_it_would_be_done_slowly(text in texts::text()) {
        let by: [(Segmentation, naive::Split); 3] = [
            (Segmentation::Auto, naive::lines),
            (Segmentation::Lines, naive::lines),
            (Segmentation::Paragraphs, naive::paragraphs),
        ];
        for (segmentation, split) in by {
            for form in [Normalization::RAW, Normalization::WHITESPACE, Normalization::TEXT] {
                let options = Options::new().segmentation(segmentation).normalization(form);
                let edits = drop_all().options(options.clone()).edits(&text).into_owned();
                let (clean, is_fixed_point) = naive::clean(&text, split, &form.to_string(), 8);
                prop_assert_eq!(&*edits.apply(), &clean, "{:?} {}", segmentation, form);
                prop_assert_eq!(edits.is_fixed_point(), is_fixed_point);
                let keep_all = Cleaner::new().options(options).policy(Policy::keep_all());
                prop_assert!(keep_all.edits(&text).is_empty());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(300, 1_000)))]

    #[test]
    fn cleaning_twice_is_cleaning_once(
        text in texts::text(),
        prose in texts::prose(),
        least in (0_usize..3, 0_u32..3),
    ) {
        for text in [text, prose] {
            for by in every_segmentation() {
                for cleaner in every_cleaner() {
                    let options = Options::new().segmentation(by).min_segments(least.0).min_weight(least.1);
                    is_clean_once_cleaned(&cleaner.options(options), &text);
                }
            }
        }
    }

    #[test]
    fn no_border_of_a_segment_appears_or_vanishes(text in texts::text(), prose in texts::prose()) {
        for text in [text, prose] {
            borders_stay(&text);
        }
    }
}

/// A loop is cut inside a line, which stays one segment.
#[test]
fn a_cut_inside_a_segment_changes_no_border() {
    borders_stay("aaaaaaaaaaa\u{3002}adon't you don't. adon't you don't. adon't you don't. ");
}

/// Asserts that the segments of a cleaned text are those of the text that are not removed, without
/// the cuts inside them.
fn borders_stay(text: &str) {
    for by in every_segmentation() {
        for cleaner in every_cleaner() {
            let options = Options::new().segmentation(by);
            let doc = Document::with_options(text, &options);
            let edits = cleaner.edits_of(&doc);
            let clean = edits.apply();
            let removed = |at: usize| edits.iter().any(|removal| removal.span().contains(at));
            let kept = doc.segments().filter(|segment| !removed(segment.span().start())).map(|segment| {
                let span = segment.span();
                let chars = segment.text().char_indices().filter(|(at, _)| !removed(span.start() + at));
                chars.map(|(_, c)| c).collect::<String>()
            });
            let left = Document::with_options(&clean, &options);
            let left: Vec<String> = left.segments().map(|segment| segment.text().to_owned()).collect();
            assert_eq!(kept.collect::<Vec<_>>(), left, "{by:?} {cleaner:?}: {text:?}");
        }
    }
}

/// Asserts that an unchanged text is borrowed, and that cleaning the result again changes nothing
/// if the edits claim a fixed point.
fn is_clean_once_cleaned(cleaner: &Cleaner, text: &str) {
    let edits = cleaner.edits(text);
    let clean = edits.apply();
    assert_eq!(edits.is_empty(), matches!(clean, Cow::Borrowed(_)));
    assert_eq!(edits.is_empty(), clean == text);
    assert_eq!(cleaner.clean(text), clean);
    if edits.is_fixed_point() {
        let again = cleaner.edits(&clean);
        assert!(again.is_empty(), "{again:?} of {clean:?} by {cleaner:?}, which is left of {text:?}");
        assert!(again.is_fixed_point());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(60, 500)))]

    #[test]
    fn pages_are_clean_once_cleaned(text in texts::page(), least in (0_usize..3, 0_u32..30)) {
        for by in every_segmentation() {
            let options = Options::new().segmentation(by);
            for cleaner in every_cleaner() {
                is_clean_once_cleaned(&cleaner.clone().options(options.clone()), &text);
                let options = options.clone().min_segments(least.0).min_weight(least.1);
                is_clean_once_cleaned(&cleaner.options(options), &text);
            }
        }
    }

    /// Whoever names the defaults gets what whoever names nothing gets; edits that own their text
    /// are the same; and a document that was read before is cleaned as its text is.
    #[test]
    fn naming_a_default_changes_nothing(text in texts::page()) {
        let edits = Cleaner::new().edits(&text);
        let options = Options::new()
            .segmentation(Segmentation::Auto)
            .normalization(Normalization::TEXT)
            .seed(0)
            .min_segments(0)
            .min_weight(0);
        for cleaner in [
            Cleaner::default(),
            Cleaner::new().options(Options::default()),
            Cleaner::new().options(options.clone()),
            Cleaner::new().policy(Policy::default()),
            Cleaner::new().policy("default".parse::<Policy>().expect("it is a name")),
            Cleaner::new().policy(Policy::default().with(Rule::Document).without(Rule::Menu)),
            Cleaner::new().options(options.clone().min_segments(1)),
        ] {
            prop_assert_eq!(&cleaner.edits(&text), &edits);
            let document = Document::new(&text);
            prop_assert_eq!(&cleaner.edits_of(&document), &edits);
            let document = Document::with_options(&text, &options);
            prop_assert_eq!(&cleaner.edits_of(&document), &edits);
        }
        // A rule that decides on nothing is asked about lighter blocks too.
        prop_assert_eq!(Cleaner::new().rule("none", |_| None).clean(&text), edits.apply());
        prop_assert_eq!(refrain::clean(&text), edits.apply());
        let owned = edits.clone().into_owned();
        prop_assert_eq!(owned.apply(), edits.apply());
        prop_assert_eq!((owned.text(), edits.text()), (&*text, &*text));
        prop_assert_eq!(owned, edits);
    }

    /// The options of a document count, not those of the cleaner.
    #[test]
    fn a_document_brings_its_own_options(text in texts::page()) {
        for by in every_segmentation() {
            let options = Options::new().segmentation(by);
            let edits = Cleaner::new().options(options.clone()).edits(&text).into_owned();
            let document = Document::with_options(&text, &options);
            prop_assert_eq!(Cleaner::new().edits_of(&document), edits);
        }
    }

    #[test]
    fn paragraphs_are_kept_if_anything_of_them_is(
        page in texts::page(),
        text in texts::text(),
        sizes in prop::collection::vec(0_usize..4, 1..40),
    ) {
        for text in [page, text] {
            let lines: Vec<&str> = text.split('\n').collect();
            let mut rest = &lines[..];
            let mut paragraphs: Vec<String> = Vec::new();
            for size in sizes.iter().cycle() {
                let (some, others) = rest.split_at((*size).min(rest.len()));
                paragraphs.push(some.join("\n"));
                rest = others;
                if rest.is_empty() || sizes.iter().all(|size| *size == 0) {
                    break;
                }
            }
            for cleaner in every_cleaner() {
                let kept = cleaner.clean_paragraphs(&paragraphs);
                let text: String = paragraphs.iter().map(|paragraph| format!("{paragraph}\n")).collect();
                let edits = cleaner.edits(&text);
                let mut end = 0;
                let expected = paragraphs.iter().enumerate().filter_map(|(i, paragraph)| {
                    let span = Span::new(end, end + paragraph.len());
                    end = span.end() + 1;
                    let is_visible = |at: &usize| !text[*at..].starts_with(|c: char| c.is_whitespace() || c == '\u{200B}');
                    let visible: Vec<usize> =
                        text.char_indices().map(|(at, _)| at).filter(|at| span.contains(*at) && is_visible(at)).collect();
                    let is_cut = |at: &usize| edits.iter().any(|removal| removal.span().contains(*at));
                    (visible.is_empty() || !visible.iter().all(is_cut)).then_some(i)
                });
                prop_assert_eq!(kept, expected.collect::<Vec<_>>(), "{:?} of {:?}", cleaner, paragraphs);
            }
        }
    }
}

#[test]
fn paragraphs_of_every_kind() {
    let cleaner = Cleaner::new();
    assert!(cleaner.clean_paragraphs::<&str>(&[]).is_empty());
    assert_eq!(cleaner.clean_paragraphs(&["", " ", ""]), [0, 1, 2]);
    let body = ["The harbor ferry sails again on Monday.", "It carries sixty people and one goat."];
    // What is blank is kept wherever it is, and a paragraph may have several lines.
    let paragraphs = [body[0], "", body[1], " ", body[0], "", " ", body[1], ""];
    assert_eq!(cleaner.clean_paragraphs(&paragraphs), [0, 1, 2, 3, 5, 6, 8]);
    let both = body.join("\n");
    assert_eq!(cleaner.clean_paragraphs(&[&both, "\n", &both]), [0, 1]);
    let with_more = format!("{both}\nMore.");
    assert_eq!(cleaner.clean_paragraphs(&[both, with_more]), [0, 1]);
}

#[test]
fn a_text_that_takes_two_rounds() {
    let text = "a\nb\na\nz\na\nb\nb\n";
    let text = text.replace('\n', " is one line of a few.\n");
    let first = Cleaner::new().rule("all", |_| Some(Decision::Remove));
    let edits = first.edits(&text);
    assert!(edits.is_fixed_point());
    assert_eq!(edits.apply(), "a is one line of a few.\nb is one line of a few.\nz is one line of a few.\n");
    // Spans and segments are those of the text that was given.
    let rounds: Vec<_> = edits
        .decisions()
        .iter()
        .filter(|decision| decision.is_removed())
        .map(|decision| (decision.round(), decision.block().copy().segments(), decision.block().len()))
        .collect();
    assert_eq!(rounds, [(1, 6..7, 1), (2, 4..6, 2), (2, 2..3, 1)]);
}

/// One of the six lines of a column is printed four times. When it is there once, the lines above
/// and below it are neighbors of it, and the column is prose.
#[test]
fn a_column_around_a_removed_loop_is_prose() {
    let lines = [
        "The ferry crosses the bay every hour. In",
        "winter it leaves only twice a day, because",
        "the ice on the quay has to be cut first. The",
        "captain has done that for forty years. Nobody",
        "has counted how often the ferry was late. The",
        "keeper of the lighthouse says never.",
    ];
    let body = lines.join("\n");
    let looped = body.replace(lines[2], &[lines[2]; 4].join("\n"));
    let rest = "\
A long paragraph that is nowhere else in this text, and which has only one line and some words.
Another paragraph about the town hall, whose roof was repaired in the spring by three brothers from the north.
Nobody knows what became of the third brother, who left in autumn with a trunk full of slates and a green coat.";
    let text = format!("The quay\n{looped}\n{rest}\n{looped}\n");
    let clean = refrain::clean(&text).into_owned();
    assert_eq!(clean, format!("The quay\n{body}\n{rest}\n"));
    is_clean_once_cleaned(&Cleaner::new(), &text);
}

#[test]
fn after_eight_rounds_the_rest_stays_and_is_said_to() {
    // Pairs, each alone first; then one in the other, ten deep: what goes brings the next two
    // together.
    let pair = |i: usize| (format!("open {i}\n"), format!("close {i}\n"));
    let alone: String = (0..10).map(|i| format!("{}{}part {i}\n", pair(i).0, pair(i).1)).collect();
    let nested =
        (0..10).map(pair).fold(String::new(), |inner, (open, close)| format!("{open}{inner}{close}"));
    let cleaner = Cleaner::new().options(Options::new().min_segments(2)).policy(Policy::drop_all());
    let text = alone.clone() + &nested;

    let edits = cleaner.edits(&text);
    assert!(!edits.is_fixed_point());
    let last = edits.decisions().last().expect("one is left");
    assert_eq!((last.round(), last.is_removed(), last.reason()), (9, false, "limit of eight rounds"));
    assert_eq!(edits.apply(), format!("{alone}open 9\nopen 8\nclose 8\nclose 9\n"));
    let again = edits.apply().into_owned();
    assert_eq!(cleaner.clean(&again), alone);
    assert!(cleaner.edits(&again).is_fixed_point());
}

/// The inside of a line is cleaned if the line has 300 bytes or more.
#[test]
fn a_line_of_300_bytes_is_long_and_one_of_299_is_not() {
    let body = "The ferry sails again on Monday. Nobody had thought that it would, least of all its \
                captain. Tickets cost as much as before the storm.";
    let once = |len: usize| format!("{}. {body}", "N".repeat(len - 2 * body.len() - 3));
    assert_eq!(Cleaner::new().clean(&format!("{} {body}", once(300))), once(300));
    let short = format!("{} {body}", once(299));
    assert_eq!((short.len(), Cleaner::new().clean(&short)), (299, Cow::Borrowed(&*short)));
}

/// A line that holds a text twice is mended first, then lines are compared; all in spans of the
/// text that was given.
#[test]
fn a_line_that_says_its_text_twice_says_it_once() {
    let story = "The ferry left at nine with more bicycles than cars. Tickets cost what they cost before. Nobody on the \
                 quay had thought it would sail again! \u{201C}We had stopped waiting,\u{201D} said the harbor master. By noon \
                 it was back, and half of the town was on board.";
    let doubled = format!("{story} {}", story.to_uppercase());
    let text = format!("Ferry returns\n{doubled}\n{story}\n{doubled}\nMore news\n");
    assert_eq!(refrain::clean(&text), format!("Ferry returns\n{story}\nMore news\n"));
    let edits = Cleaner::new().edits(&text);
    assert!(edits.is_fixed_point() && !edits.is_empty());
    for removal in &edits {
        let (original, copy) = (&text[removal.original()], &text[removal.copy()]);
        assert_eq!(original.to_lowercase().get(..40), copy.to_lowercase().get(..40), "{removal:?}");
        let inner = edits.iter().filter(|other| overlap(other.span(), removal.original()) > 0);
        assert!(inner.into_iter().all(|other| other.span().len() < removal.original().len()), "{removal:?}");
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

/// The turns of a loop that are loops themselves, the first of them longer than the others.
#[test]
fn loops_inside_the_turns_of_a_loop_are_cut_first() {
    let [first, a, b] = [texts::SENTENCES[13], texts::SENTENCES[0], texts::SENTENCES[8]];
    let turn = |times: usize| format!("{}{b} ", format!("{a} ").repeat(times));
    let text = format!("{first} {}{}", turn(6), turn(5).repeat(3));
    let edits = Cleaner::new().edits(text.trim_end());
    assert_eq!(edits.apply(), format!("{first} {a} {b}"));
    assert!(edits.is_fixed_point());
}

/// Recognizers loop in short sentences and in short phrases as well.
#[test]
fn loops_of_few_words_are_cut_from_a_line() {
    for (turn, times) in [("Thank you.", 40), ("so we went home", 27)] {
        let line = vec![turn; times].join(" ");
        assert_eq!(Cleaner::new().clean(&line), turn, "{line:?}");
        let options = Options::new().min_weight(1_000);
        assert_eq!(Cleaner::new().options(options).clean(&line), line);
    }
}

/// The short sentences between the sentences of a body differ from copy to copy.
#[test]
fn a_body_inside_a_line_is_found_between_short_sentences() {
    let [title, a, b] = [texts::SENTENCES[13], texts::SENTENCES[0], texts::SENTENCES[8]];
    let body = |short: &str| format!("{a} {short} {b} {short}");
    let line = format!("{title} {} {} It rained.", body("Ok."), body("No."));
    let clean = format!("{title} {a} Ok. {b} No. No. It rained.");
    assert_eq!(Cleaner::new().clean(&line), clean);
}

/// A second layer, and a third one. A song in which each line is sung twice has shorter lines.
#[test]
fn lines_that_come_two_and_three_times_in_place_stay_once() {
    let line = |i: usize, times: usize| {
        format!("Line number {i} of this page of the report was printed in bold letters.\n").repeat(times)
    };
    let song: String =
        (0..10).map(|i| format!("Verse {i} of the song was sung to the sea\n").repeat(2)).collect();
    assert_eq!(Cleaner::new().clean(&song), song);
    let options = Options::new().min_weight(1_000);
    assert_eq!(Cleaner::new().options(options).clean(&page_of(&line, 2)), page_of(&line, 2));
    for times in 2..4 {
        assert_eq!(Cleaner::new().clean(&page_of(&line, times)), page_of(&line, 1), "{times} times");
    }
}

/// The rows of a table and the numbers of pages are in both layers, as prose is. Doubled rows stay if
/// they stand alone, if another line separates them from the doubled lines, or if too few of the
/// lines are doubled.
#[test]
fn rows_between_the_lines_of_two_layers_stay_once() {
    let twice = |text: &str| text.lines().map(|line| format!("{line}\n").repeat(2)).collect::<String>();
    let line = |i: usize, times: usize| {
        format!("Line number {i} of this page of the report of the harbor was printed in bold letters on thin paper.\n").repeat(times)
    };
    let rows = "Table 1: 2031-04-02\n1300 to 1600    6.4    3.1\n1600 to 1800    5.9    2.7\n";
    let lines = page_of(&line, 1);
    let page = format!(
        "41 - 1998\n{lines}{rows}{lines_again}42 - 1998\n",
        lines_again = lines.replace("Line", "Row")
    );
    assert_eq!(Cleaner::new().clean(&twice(&page)), page);
    assert_eq!(Cleaner::new().clean(&twice(rows)), twice(rows));
    let apart = format!("{}Here the table begins.\n{}", twice(&lines), twice(rows));
    assert_eq!(Cleaner::new().clean(&apart), format!("{lines}Here the table begins.\n{}", twice(rows)));
    // If only some lines are doubled, the rows may be doubled by their author.
    let some: String = (0..10).map(|i| format!("{}{}", line(i, 2), line(i + 20, 1))).collect();
    let once: String = (0..10).map(|i| format!("{}{}", line(i, 1), line(i + 20, 1))).collect();
    let mixed = |lines: &str| {
        format!("{lines}{}{lines_again}", twice(rows), lines_again = lines.replace("Line", "Row"))
    };
    assert_eq!(Cleaner::new().clean(&mixed(&some)), mixed(&once));
}

fn page_of(line: &impl Fn(usize, usize) -> String, times: usize) -> String {
    (0..10).map(|i| line(i, times)).collect()
}

/// A rule of the caller sees the spans of the text that was given, also inside a long line, and
/// decides on nothing else than the block that it is asked about.
#[test]
fn a_rule_of_the_caller_is_asked_about_spans_of_the_text() {
    let [a, b, c] = [0, 8, 13].map(|i| texts::SENTENCES[i]);
    let body = format!("{a} {b} {c} {a} {b}");
    for text in
        [format!("First line.\n{body} {body}\nLast line."), format!("{a}\n{b}\nMore\n{a}\n{b}\nMore\n{b}\n")]
    {
        let given = text.clone();
        let form = Normalization::TEXT;
        let cleaner = Cleaner::new().rule("equal", move |block: &Block| {
            for run in block.runs() {
                let [original, copy] =
                    [run.original(), run.copy()].map(|run| form.canonical(&given[run.span()]));
                assert_eq!(original, copy);
            }
            (block.len() > 1).then_some(Decision::Remove).or(Some(Decision::Keep))
        });
        let edits = cleaner.edits(&text);
        assert!(!edits.is_empty());
        for removal in &edits {
            assert!(edits.decisions()[removal.decision_index()].block().len() > 1, "{text}");
        }
    }
}

/// Two sections under headings of one kind, below a line that both have.
#[test]
fn headings_below_a_common_line_are_seen() {
    let steps = [0, 8, 13].map(|i| format!("{}\n", texts::SENTENCES[i])).concat();
    let section = |heading: &str| format!("Tickets and prices for the crossing\n{heading}\n{steps}\n");
    let text = format!("Questions about the ferry\n{}{}", section("1. Visitors"), section("2. Residents"));
    assert_eq!(Cleaner::new().clean(&text), text);
}

/// The last turn of a loop may lack the comma between turns, and a copy may have other white space
/// and capitals.
#[test]
fn loops_and_copies_inside_a_line_may_differ_in_signs_spaces_and_case() {
    let phrase = "the old harbor ferry sails again on monday with more bicycles than cars on board";
    let four = [phrase; 4].join(", ");
    assert_eq!(Cleaner::new().clean(&four), phrase);
    let capital = four.replacen("the old", "The Old", 1).replacen("ferry", "Ferry", 3);
    assert_eq!(Cleaner::new().clean(&capital).len(), phrase.len());
    let [a, b] = [texts::SENTENCES[0], texts::SENTENCES[8]];
    let wide = |text: &str| text.replacen(' ', "  ", 1);
    let line = format!("{a} {b} It rained all day on the quay. {} {} It rained.", wide(a), wide(b));
    assert!(Cleaner::new().clean(&line).len() < line.len() * 2 / 3, "{line}");
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
        assert_eq!(drop_all().clean(text), clean, "{text:?}");
    }
}

#[test]
fn an_empty_gap_never_wins_over_one_that_is_not() {
    // Letters as segments: the second `x` has nothing before it and a space behind it, or the other
    // way round.
    for text in ["x yx z", "x y xz"] {
        let letters = text.char_indices().filter(|(_, c)| *c != ' ');
        let spans: Vec<_> = letters.map(|(at, _)| refrain::Span::new(at, at + 1)).collect();
        let doc = Document::from_spans(text, &spans, &Options::new()).expect("they are in order");
        assert_eq!(without_copies(&doc), "x y z");
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
    let cleaner = drop_all().options(Options::new().segmentation(Segmentation::Words));
    // Between the two halves of a word in Katakana stands a sign that came before.
    let edits = cleaner.edits("\u{4F60} \u{30A2}\u{4F60}\u{30A4}");
    assert!(edits.is_empty() && edits.is_fixed_point());
    assert!(edits.decisions()[0].reason().contains("split in another way"));
    assert_eq!(cleaner.clean("one two one three"), "one two three");
    // Other cuts in the same text are made.
    let edits = cleaner.edits("\u{4F60} a b c. \u{30A2}\u{4F60}\u{30A4} w0 a b c 7");
    assert_eq!(edits.apply(), "\u{4F60} a b c. \u{30A2}\u{4F60}\u{30A4} w0 7");
}

#[cfg(feature = "uax29")]
#[test]
fn what_had_to_stay_once_has_to_stay_again() {
    let (words, sentences) = (Segmentation::Words, Segmentation::Sentences);
    let options = |by| Options::new().segmentation(by);
    let cases = [
        (options(words), Policy::default(), "\u{4F60}.\u{4F60}:\u{1F1E6}.\u{4F60}\u{1F1E6}"),
        (
            options(words).min_weight(2),
            Policy::drop_all(),
            "\u{4F60}'\u{4F60}\u{1F1E6}\u{1F1E7}h\u{4F60}\u{1F1E6}\u{1F1E7}O",
        ),
        (options(words).min_segments(2), Policy::drop_all(), "3-3-._-3-h"),
        (
            options(sentences).min_segments(2),
            Policy::drop_all(),
            "2.\n\u{3002}2. 2.\n\u{3002}2. x. \u{3002}22. 2.\n\u{3002}2. x. \u{3002}x",
        ),
        (options(words), Policy::default(), "  \u{30A4}1\u{4F60}11\u{30A4}1\u{4F60}1\u{4F60}\n"),
        (options(sentences), Policy::drop_all(), "e.g. A. e.g. b. A. c."),
    ];
    for (options, policy, text) in cases {
        let cleaner = Cleaner::new().options(options).policy(policy);
        let once = cleaner.clean(text);
        assert_eq!(cleaner.clean(&once), once, "{text}");
    }
}

/// A word that stayed in the first round because of what is around it is removed in the second,
/// whose gaps are those that the first one left.
#[cfg(feature = "uax29")]
#[test]
fn later_rounds_cut_what_earlier_ones_left() {
    let cleaner = drop_all().options(Options::new().segmentation(Segmentation::Words));
    assert_eq!(cleaner.clean("\u{1F1E6}\u{4F60}a\u{4F60} \u{1F1E6}Oh"), "\u{1F1E6}\u{4F60}a Oh");
}

/// One gap that is long, beside very many words that may go: whoever read it for each would be
/// reading still.
#[cfg(feature = "uax29")]
#[test]
fn a_long_gap_is_read_once() {
    for (by, copy) in [(Segmentation::Words, "x "), (Segmentation::Sentences, "X. ")] {
        let (gap, copies) = (cases(100_000, 1_000_000), cases(30_000, 300_000));
        let text = format!("{}{}{}Y.", copy.trim_end(), "\n".repeat(gap), copy.repeat(copies));
        let cleaner = Cleaner::new().options(Options::new().segmentation(by)).policy(Policy::drop_all());
        let clean = cleaner.clean(&text);
        assert_eq!(clean.matches(copy.trim_end()).count(), 1, "{by:?}");
    }
}
