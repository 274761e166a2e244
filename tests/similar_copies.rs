//! The removal of similar copies: what is removed, what it names, and what is found.

mod common;

use std::collections::BTreeMap;

use proptest::prelude::*;
use refrain::{Cleaner, Decision, Document, Options, Policy, Span};
use refrain_testkit::cases;

fn similar(threshold: f64) -> Cleaner {
    Cleaner::new().policy(Policy::keep_all().similar(threshold))
}

/// The words of a line of ASCII letters, in lower case.
fn words(line: &str) -> Vec<String> {
    line.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn shingles(line: &str) -> BTreeMap<Vec<String>, usize> {
    let words = words(line);
    let mut shingles = BTreeMap::new();
    for shingle in words.windows(3) {
        *shingles.entry(shingle.to_vec()).or_default() += 1;
    }
    shingles
}

/// The similarity by its definition.
fn similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (shingles(a), shingles(b));
    let both: usize = a.iter().map(|(shingle, count)| *count.min(b.get(shingle).unwrap_or(&0))).sum();
    let all = a.values().sum::<usize>() + b.values().sum::<usize>() - both;
    both as f64 / all as f64
}

/// The words without a link at the end.
fn words_without_link(line: &str) -> Vec<String> {
    let mut words = words(line);
    if words.ends_with(&["read".to_owned(), "more".to_owned()]) {
        words.truncate(words.len() - 2);
    }
    words
}

/// Returns whether the words of `line` begin those of `other`.
fn begins(line: &str, other: &str) -> bool {
    let (own, other) = (words_without_link(line), words_without_link(other));
    own.len() <= other.len() && own[..] == other[..own.len()]
}

fn weight(line: &str) -> usize {
    line.chars().filter(|c| c.is_alphanumeric()).count()
}

fn line() -> impl Strategy<Value = Vec<&'static str>> {
    let word = prop::sample::select(vec![
        "ferry", "harbor", "morning", "bicycle", "tickets", "winter", "again", "the", "of", "goat",
    ]);
    prop::collection::vec(word, 8..40)
}

/// Lines, and copies of them that were changed, cut or continued.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let change =
        (any::<prop::sample::Index>(), 0..6, any::<prop::sample::Index>(), any::<prop::sample::Index>());
    (prop::collection::vec(line(), 1..6), prop::collection::vec(change, 0..12)).prop_map(
        |(lines, changes)| {
            let mut lines: Vec<Vec<String>> =
                lines.into_iter().map(|line| line.into_iter().map(str::to_owned).collect()).collect();
            for (from, kind, word, to) in changes {
                let mut line = from.get(&lines).clone();
                let at = word.index(line.len());
                match kind {
                    0 => line[at] = "changed".to_owned(),
                    1 => line.insert(at, "inserted".to_owned()),
                    2 => drop(line.remove(at)),
                    3 => line.truncate(at.max(5)),
                    6 => {
                        line.truncate(at.max(5));
                        line.push(["!", "?", ":"][at % 3].to_owned());
                    }
                    4 => {
                        line.truncate(at.max(5));
                        line.extend(["Read".to_owned(), "more".to_owned()]);
                    }
                    _ => line[0] = line[0].to_uppercase(),
                }
                let to = to.index(lines.len() + 1);
                lines.insert(to, line);
            }
            lines.into_iter().filter(|line| !line.is_empty()).map(|line| line.join(" ")).collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(500, 5_000)))]

    /// Each line that is removed names a line that is kept: the similarity of the two is at least
    /// the threshold and the line that is kept is not shorter, or it is later and begins with the
    /// words of the other. A second time, nothing is removed.
    #[test]
    fn removed_lines_are_similar_to_a_line_that_is_kept(
        lines in lines(), threshold in prop::sample::select(vec![0.3, 0.6, 0.8, 1.0]),
    ) {
        let text = lines.join("\n");
        let edits = similar(threshold).options(Options::new().segmentation(refrain::Segmentation::Lines)).edits(&text);
        prop_assert!(edits.is_fixed_point());
        let kept: Vec<Span> = Document::new(&text)
            .segments()
            .map(|segment| segment.span())
            .filter(|span| edits.iter().all(|removal| common::overlap(removal.span(), *span) == 0))
            .collect();
        for removal in &edits {
            let (copy, original) = (&text[removal.copy()], &text[removal.original()]);
            prop_assert!(kept.contains(&removal.original()), "{:?} names {:?}, which is removed", copy, original);
            match removal.reason() {
                "similar" => {
                    prop_assert!(similarity(copy, original) >= threshold, "{:?} {:?}", copy, original);
                    prop_assert!(weight(copy.trim_end_matches(" Read more")) <= weight(original));
                }
                "contained" => {
                    prop_assert!(begins(copy, original), "{:?} {:?}", copy, original);
                    // Each occurrence of the words is removed, also one that is later.
                    let first = text.lines().position(|line| line.eq_ignore_ascii_case(copy));
                    let other = text.lines().rev().position(|line| line.eq_ignore_ascii_case(original));
                    let other = other.map(|other| lines.len() - 1 - other);
                    prop_assert!(first < other);
                }
                reason => prop_assert!(false, "{}", reason),
            }
        }
        // No line that is left is the beginning of a later line.
        for (i, first) in kept.iter().enumerate() {
            for second in &kept[i + 1..] {
                let (first, second) = (&text[*first], &text[*second]);
                prop_assert!(
                    weight(first) < 50 || words_without_link(first) == words_without_link(second) || !begins(first, second),
                    "{:?} {:?}", first, second
                );
            }
        }
        let clean = edits.apply();
        prop_assert_eq!(similar(threshold).options(Options::new().segmentation(refrain::Segmentation::Lines)).clean(&clean), &*clean);
    }

    #[test]
    fn cleaning_twice_is_cleaning_once_with_similar_copies(lines in lines(), again in any::<prop::sample::Index>()) {
        let from = again.index(lines.len() + 1);
        let text = [&lines[..], &lines[from..]].concat().join("\n");
        for policy in [Policy::default(), Policy::scraper(), Policy::drop_all()] {
            let cleaner = Cleaner::new().policy(policy.similar(0.6));
            let edits = cleaner.edits(&text);
            if edits.is_fixed_point() {
                let clean = edits.apply();
                prop_assert_eq!(&cleaner.clean(&clean), &*clean);
            }
            for removal in &edits {
                let is_kept = |other: &refrain::edits::Removal| common::overlap(other.span(), removal.original()) == 0;
                prop_assert!(edits.iter().all(is_kept) || text.lines().any(|line| line.len() >= 300));
            }
        }
    }
}

/// Returns a line of `count` different words.
fn numbered(count: usize, from: usize) -> Vec<String> {
    (from..from + count).map(|word| format!("word{word}")).collect()
}

#[test]
fn a_change_of_one_word_is_found_from_the_documented_number_of_words_on() {
    for (threshold, least) in [(0.5, 11), (0.6, 14), (0.7, 19), (0.8, 29), (0.9, 59)] {
        let removed = |count: usize| -> usize {
            let tries = 300;
            (0..tries)
                .filter(|number| {
                    let line = numbered(count, 1_000 * number);
                    let mut changed = line.clone();
                    changed[count / 2] = "changed".to_owned();
                    let text = format!("{}\n{}", line.join(" "), changed.join(" "));
                    !similar(threshold).edits(&text).is_empty()
                })
                .count()
        };
        assert_eq!(removed(least - 1), 0, "{threshold}");
        assert!(removed(least) >= 299, "{threshold}: {}", removed(least));
    }
}

const TEASER: &str = "The county has bought the disused brickworks at Ashen Hill and wants to";
const ARTICLE: &str =
    "The county has bought the disused brickworks at Ashen Hill and wants to turn it into a depot for plows.";

#[test]
fn the_beginning_of_a_later_segment_is_removed() {
    let contained = [
        TEASER.to_owned(),
        format!("{TEASER} \u{2026}"),
        format!("{TEASER} ..."),
        format!("{TEASER} tu\u{2026}"),
        format!("{TEASER} Read more"),
        format!("{TEASER} \u{2026} Read more \u{BB}"),
        format!("\u{201C}{TEASER} [...]"),
    ];
    for teaser in &contained {
        let text = format!("News\n{teaser}\n{ARTICLE}\nThe end.");
        let edits = similar(1.0).edits(&text);
        assert_eq!(edits.apply(), format!("News\n{ARTICLE}\nThe end."), "{teaser}");
        assert_eq!(edits.iter().next().map(|removal| removal.reason()), Some("contained"));
        let later = format!("News\n{ARTICLE}\n{teaser}\nThe end.");
        assert_eq!(similar(1.0).clean(&later), later, "an article is not later than its teaser");
    }
    for other in [
        // Half a word without an ellipsis, other words, and a heading.
        format!("{TEASER} tu"),
        format!("{TEASER} turning\u{2026}"),
        "The county has bought the brickworks".to_owned(),
        "Read more".to_owned(),
    ] {
        let text = format!("News\n{other}\n{ARTICLE}\nThe end.");
        assert_eq!(similar(1.0).clean(&text), text);
    }
}

#[test]
fn letters_of_a_script_without_spaces_are_words() {
    let article = "\u{4ECA}\u{65E5}\u{306F}\u{88CF}\u{5EAD}\u{306B}\u{5C0F}\u{3055}\u{306A}\u{6C60}\u{3092}\u{6398}\u{308B}\u{8A71}\u{3092}\u{3057}\u{307E}\u{3059}";
    let teaser: String = article.chars().take(15).collect();
    assert_eq!(similar(1.0).clean(&format!("{teaser}\u{2026}\n{article}")), article);
}

#[test]
fn captions_that_grow_leave_the_last_one() {
    let words = numbered(60, 0);
    let captions: Vec<String> = (10..60).map(|len| words[..len].join(" ")).collect();
    let text = captions.join("\n");
    let edits = similar(1.0).edits(&text);
    assert_eq!(edits.apply(), *captions[49]);
    assert!(edits.iter().all(|removal| text[removal.original()] == captions[49]));
}

/// `short` begins `middle`, which is removed because `long` is similar, but `long` does not begin
/// with the words of `short`.
#[test]
fn what_is_contained_only_in_a_removed_segment_is_kept() {
    let middle = numbered(30, 0);
    let mut long = middle.clone();
    long[2] = "changed".to_owned();
    long.push("more".to_owned());
    let [short, middle, long] = [&middle[..10], &middle, &long].map(|words| words.join(" "));
    let text = format!("{short}\n{middle}\n{long}");
    assert_eq!(similar(0.6).clean(&text), format!("{short}\n{long}"));
    assert_eq!(similar(0.6).clean(&format!("{short}\n{middle}")), middle);
}

/// A body that is printed twice, with a change in each of three paragraphs of the second copy.
#[test]
fn similar_segments_in_a_hole_do_not_count_as_a_hole() {
    let paragraph = |number: usize| numbered(24, 100 * number);
    let body: Vec<Vec<String>> = (1..7).map(paragraph).collect();
    let mut copy = body.clone();
    for changed in [1, 3, 4] {
        copy[changed].remove(12);
    }
    let text = |paragraphs: &[Vec<String>]| -> String {
        paragraphs.iter().map(|words| format!("{}.\n", words.join(" "))).collect()
    };
    let page = format!("A title\n{}{}The end\n", text(&body), text(&copy));
    let clean = format!("A title\n{}The end\n", text(&body));
    assert_eq!(Cleaner::new().clean(&page), page, "half of the body is too little for a rule");
    assert_eq!(Cleaner::new().policy(Policy::default().similar(0.6)).clean(&page), clean);
}

#[test]
fn options_and_rules_of_the_caller_apply() {
    let text = format!("{TEASER}\u{2026}\n{ARTICLE}");
    let with = |options: Options| similar(1.0).options(options).clean(&text).into_owned();
    assert_eq!(with(Options::new()), ARTICLE);
    assert_eq!(with(Options::new().min_segments(2)), text);
    assert_eq!(with(Options::new().min_weight(70)), text);
    assert_eq!(similar(1.0).rule("mine", |_| Some(Decision::Keep)).clean(&text), text);
    let edits = similar(1.0).rule("mine", |_| None).edits(&text);
    assert_eq!(edits.apply(), ARTICLE);
    assert_eq!(edits.decisions().len(), 1);
}

#[test]
fn copies_of_a_removed_segment_name_the_longer_one() {
    let text = format!("{TEASER}\nA line.\n{TEASER}\n{ARTICLE}");
    let edits = Cleaner::new().policy(Policy::drop_all().similar(1.0)).edits(&text);
    assert_eq!(edits.apply(), format!("A line.\n{ARTICLE}"));
    assert!(edits.iter().all(|removal| &text[removal.original()] == ARTICLE), "{edits:?}");
}

/// Segments with the same words and other signs are between a teaser and its article.
#[test]
fn signs_do_not_hide_the_article() {
    let text = format!("{TEASER}\n{TEASER}!\n{TEASER}?\n{ARTICLE}");
    assert_eq!(similar(1.0).clean(&text), ARTICLE);
}

#[test]
fn equal_lines_between_similar_ones_are_removed_with_them() {
    let paragraph = |number: usize| numbered(24, 100 * number);
    let body: Vec<Vec<String>> = (1..7).map(paragraph).collect();
    let text = |without: bool| -> String {
        let lines = body.iter().map(|words| {
            let mut words = words.clone();
            words.truncate(if without { 23 } else { 24 });
            format!("{}.\n", words.join(" "))
        });
        let lines: Vec<String> = lines.collect();
        format!("{}Photo by Ann\n{}", lines[..3].concat(), lines[3..].concat())
    };
    let page = format!("A title\n{}{}The end\n", text(false), text(true));
    let clean = format!("A title\n{}The end\n", text(false));
    assert_eq!(Cleaner::new().policy(Policy::default().similar(0.6)).clean(&page), clean);
}
