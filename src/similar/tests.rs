//! Similarity against its definition, and the work it takes.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::work;

/// Returns the Jaccard similarity of the multisets of shingles, computed from all words.
fn naive(a: &str, b: &str) -> f64 {
    let counts = |text: &str| -> HashMap<Vec<String>, u32> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let mut counts = HashMap::new();
        for shingle in words.windows(WORDS.min(words.len())) {
            *counts.entry(shingle.to_vec()).or_default() += 1;
        }
        counts
    };
    let (a, b) = (counts(a), counts(b));
    let both: u32 = a.iter().map(|(shingle, count)| *count.min(b.get(shingle).unwrap_or(&0))).sum();
    let all = a.values().chain(b.values()).sum::<u32>() - both;
    f64::from(both) / f64::from(all)
}

fn line() -> impl Strategy<Value = String> {
    let word =
        prop::sample::select(vec!["ferry", "harbor", "morning", "bicycle", "tickets", "winter", "again"]);
    prop::collection::vec(word, 12..25).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn every_edit_is_verified_and_the_most_similar_is_named(
        lines in prop::collection::vec(line(), 1..8), edits in prop::collection::vec((0_usize..8, 0_usize..12), 0..6),
    ) {
        let mut lines = lines;
        for (i, word) in edits {
            let mut words: Vec<&str> = lines[i % lines.len()].split(' ').collect();
            words[word] = "changed";
            let edited = words.join(" ");
            lines.push(edited);
        }
        let text = lines.join("\n");
        let doc = Document::new(&text);
        for edited in doc.similar_segments(0.4) {
            let (i, j) = (edited.first().segments().start, edited.second().segments().start);
            prop_assert!(i < j && lines[i] != lines[j]);
            prop_assert!((edited.similarity() - naive(&lines[i], &lines[j])).abs() < 1e-9);
            prop_assert!(edited.similarity() >= 0.4 && edited.similarity() < 1.0);
        }
    }
}

#[test]
fn one_word_in_front_in_the_middle_or_behind_is_an_edit() {
    let text = "On Monday the harbor ferry sailed at nine with more bicycles than cars on board, as the town had hoped for years.";
    let middle = text.replace("sailed", "finally sailed");
    for other in [format!("Well: {text}"), format!("{text} Really."), middle, text.replace("nine", "ten")] {
        let both = format!("{text}\n{other}");
        let edited = Document::new(&both).similar_segments(0.6).len();
        assert_eq!(edited, 1, "{other}");
    }
    // Scripts without spaces have letters for words.
    for text in [
        "\u{8239}\u{4E5D}\u{70B9}\u{5F00}\u{4E86}\u{6E2F}\u{53E3}".repeat(6),
        "\u{E40}\u{E23}\u{E37}\u{E2D}\u{E2D}\u{E2D}\u{E01}\u{E15}\u{E2D}\u{E19}".repeat(9),
    ] {
        let letters: Vec<char> = text.chars().collect();
        let varied: String = letters
            .iter()
            .enumerate()
            .map(|(i, c)| char::from_u32(u32::from(*c) + u32::try_from(i / 9).unwrap_or(0) % 3).unwrap_or(*c))
            .collect();
        let both = format!("{varied}\n{varied}\u{4E86}");
        assert_eq!(Document::new(&both).similar_segments(0.8).len(), 1, "{both}");
    }
}

/// Lines with a common beginning fill its buckets, so a long line with the same beginning is
/// compared with none of them.
#[test]
fn templates_take_linear_time() {
    let work = |n: usize| {
        let words = "the same words open every single line of this long template and then comes ";
        let long = format!("{words}{}", "something else entirely different ".repeat(n));
        let lines: String = (0..n).map(|i| format!("{words}number {i} of {}\n", i * 7)).collect();
        let text = format!("{long}\n{lines}");
        let doc = Document::new(&text);
        doc.weight();
        work::of(|| drop(doc.similar_segments(0.5)))
    };
    let (few, many) = (work(300), work(3_000));
    assert!(many <= 13 * few, "{few}, then {many}");
}

#[test]
fn a_hole_names_what_was_edited_in_it() {
    let a = "The first crossing left at nine in the morning, with more bicycles than cars on board.";
    let b = "Tickets cost what they cost before.";
    let c = "Nobody on the quay had thought that it would sail again so soon.";
    let text =
        format!("{a}\n{b}\n{c}\nA teaser.\n{a}\n{}\n{c}", "Tickets cost what they cost before, they say.");
    let doc = Document::new(&text);
    let blocks = doc.repeats().blocks();
    let holes: Vec<_> = blocks[0].holes().collect();
    assert_eq!((holes.len(), holes[0].to_string()), (1, "1 replaced by 1".to_owned()));
    let edited = holes[0].similar_segments(&doc, 0.5);
    assert_eq!((edited[0].first().segments(), edited[0].second().segments()), (1..2, 5..6));
}

/// Two segments without words had a similarity of 1, and a document without the segments of the
/// hole caused a panic.
#[test]
fn a_hole_lists_no_segments_without_words() {
    let line = |line: usize| format!("This is the line with the number {line} of the body.\n");
    let lines = |range: std::ops::Range<usize>| range.map(line).collect::<String>();
    let text = |hole: &str| format!("{}{hole}\n{}", lines(0..4), lines(4..8));
    for (original, copy, expected) in
        [("!!!", "???", 0), ("A line with four words", "A line with four words more", 1)]
    {
        let text = text(original) + &text(copy);
        let document = Document::new(&text);
        let repeats = document.repeats();
        let holes: Vec<Hole> = repeats.blocks().iter().flat_map(|block| block.holes()).collect();
        assert!(!holes.is_empty());
        let similar = holes.iter().map(|hole| hole.similar_segments(&document, 0.5).len());
        assert_eq!(similar.sum::<usize>(), expected, "{copy}");
        for hole in holes {
            assert!(hole.similar_segments(&Document::new("a"), 0.1).is_empty());
        }
    }
}

/// Lines that begin with each other, lines of one template, and equal lines with other signs.
#[test]
fn longer_segments_are_found_in_linear_time() {
    let words = |count: usize| (0..count).map(|word| format!("word{word} ")).collect::<String>();
    type Lines = fn(usize, &dyn Fn(usize) -> String) -> String;
    let texts: [(&str, usize, Lines); 3] = [
        ("lines that grow", 60, |n, words| (20..n).map(|len| format!("{}\n", words(len))).collect()),
        ("one template", 1_000, |n, words| {
            (0..n).map(|line| format!("{} number {line}\n", words(15))).collect()
        }),
        ("other signs", 1_000, |n, words| {
            (0..n).map(|line| format!("{}{}\n", words(15), "!".repeat(line % 7))).collect()
        }),
    ];
    for (name, size, text) in texts {
        let work = |n: usize| {
            let text = text(n, &words);
            let doc = Document::new(&text);
            doc.weight();
            (text.len() as u64, work::of(|| drop(longer_segments(&doc, 0.5))))
        };
        let ((small, few), (large, many)) = (work(size), work(10 * size));
        assert!(many * small <= 13 * few * large / 10, "{name}: {few} in {small}, then {many} in {large}");
    }
}
