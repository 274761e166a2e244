//! In a workspace that has seen a few documents like it, a document is read, searched and, where
//! nothing repeats, cleaned without an allocation.

mod common;

use refrain::{Cleaner, Normalization, Options, Policy, Segmentation, Workspace};
use refrain_testkit::adversarial::ADVERSARIES;

const PAGE: &str = include_str!("fixtures/article.clean.txt");

/// Returns how many allocations `work` takes after it was done a few times.
fn allocations(mut work: impl FnMut()) -> u64 {
    (0..8).for_each(|_| work());
    allocation_counter::measure(work).count_total
}

fn of_finding(text: &str, options: &Options) -> u64 {
    let mut workspace = Workspace::new();
    allocations(|| {
        let doc = workspace.read(text, options);
        let repeats = workspace.repeats(&doc);
        workspace.recycle_repeats(repeats);
        workspace.recycle(doc);
    })
}

fn of_cleaning(text: &str, cleaner: &Cleaner) -> u64 {
    let mut workspace = Workspace::new();
    allocations(|| drop(cleaner.edits_with(text, &mut workspace)))
}

#[test]
fn reading_and_finding_allocate_nothing() {
    let article = include_str!("fixtures/article.txt");
    assert_eq!(of_finding(article, &Options::new()), 0);
    assert_eq!(of_finding(article, &Options::new().min_segments(2)), 0);
    for adversary in &ADVERSARIES {
        // More than four marks in a row are put in order by a library that needs memory for it.
        if !adversary.name.contains("marks") {
            assert_eq!(of_finding(&(adversary.text)(5_000), &Options::new()), 0, "{}", adversary.name);
        }
    }
}

/// Returns words that are different, one for each number.
fn words(letters: &[char], numbers: std::ops::Range<usize>) -> impl Iterator<Item = String> + '_ {
    numbers.map(|number| {
        let mut rest = number.wrapping_mul(0x9E37_79B9) % (1 << 30) + (1 << 30);
        let mut word = String::new();
        while rest > 0 {
            word.push(letters[rest % letters.len()]);
            rest /= letters.len();
        }
        word
    })
}

/// Returns lines of about `len` bytes in sentences of ten words.
fn prose(letters: &str, space: &str, stop: &str, len: usize) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let (mut text, mut line, mut number) = (String::new(), String::new(), 0);
    while text.len() < 12 * len {
        let sentence: Vec<String> = words(&letters, number..number + 10).collect();
        number += 10;
        line.push_str(&sentence.join(space));
        line.push_str(stop);
        if line.len() >= len {
            text.push_str(&line);
            text.push('\n');
            line.clear();
        }
    }
    text
}

#[test]
fn cleaning_allocates_nothing_where_nothing_repeats() {
    let latin = "etaoinshrdlucmfwypvbgkjqxz";
    let texts = [
        ("the article, cleaned", PAGE.to_owned()),
        ("nothing", String::new()),
        ("short lines", prose(latin, " ", ".", 50)),
        ("long lines", prose(latin, " ", ". ", 400)),
        ("very long lines", prose(latin, " ", ". ", 20_000)),
        ("long lines without sentence ends", prose(latin, " ", " ", 2_000)),
        ("very long lines without sentence ends", prose(latin, " ", " ", 40_000)),
        ("Russian", prose("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", " ", "! ", 900)),
        ("Hindi", prose("केरािहसनतमयलवपदबगजभचथषधणशटख", " ", "\u{964} ", 900)),
        ("Chinese", prose("的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年", "", "。", 900)),
    ];
    for (name, text) in &texts {
        for policy in [Policy::default(), Policy::scraper(), Policy::drop_all(), Policy::keep_all()] {
            let cleaner = Cleaner::new().policy(policy);
            assert!(cleaner.edits(text).decisions().is_empty(), "{name}, {policy}: something repeats");
            assert_eq!(of_cleaning(text, &cleaner), 0, "{name}, {policy}");
        }
        for options in [
            Options::new().normalization(Normalization::RAW),
            Options::new().segmentation(Segmentation::Lines),
            Options::new().segmentation(Segmentation::Paragraphs),
        ] {
            assert_eq!(of_cleaning(text, &Cleaner::new().options(options.clone())), 0, "{name}, {options:?}");
        }
    }
}

/// Lines that are too light for any rule, such as `More`, are no repeats that anything is decided
/// on.
#[test]
fn cleaning_allocates_nothing_where_little_repeats() {
    let text = PAGE.replace('\n', "\nMore\n");
    let edits = Cleaner::new().edits(&text);
    assert!(edits.is_empty() && edits.decisions().is_empty());
    assert_eq!(of_cleaning(&text, &Cleaner::new()), 0);
}

/// A text with repeats causes allocations for its edits: the removals, and the decisions with their
/// measures. The state between two rounds is allocated too: the segments that are left, their
/// originals, the chains of the alignment, and the cuts.
#[test]
fn cleaning_allocates_little_where_something_repeats() {
    let article = include_str!("fixtures/article.txt");
    let line = prose("etaoinshrdlu", " ", ". ", 400).lines().next().unwrap_or_default().to_owned();
    for (name, text, most) in [
        ("the article", article.to_owned(), 80),
        ("a page, doubled", PAGE.repeat(2), 40),
        ("a line, doubled inside", line.repeat(2), 60),
    ] {
        let count = of_cleaning(&text, &Cleaner::new());
        println!("{name}: {count} allocations");
        assert!(0 < count && count <= most, "{name}: {count} allocations, expected at most {most}");
    }
}
