//! Work is linear on hostile inputs, counted in steps.

use super::*;
use crate::work;
use refrain_testkit::Random;

/// Returns the steps to insert and query documents, with a limit of memory in bytes a word.
fn steps(documents: &[String]) -> u64 {
    work::of(|| {
        let mut passages = Passages::new();
        let mut words = 0;
        for text in documents {
            words += passages.query_and_insert(Text { id: "", text }).expect("there is room").words();
            passages.query(text).expect("it is short");
        }
        // 4 for the word, 1.5 for its span, and 8.5 for a posting of each word.
        let others = 100 * (documents.len() + 10);
        assert!(passages.bytes() <= 15 * words + others, "{} bytes for {words} words", passages.bytes());
    })
}

/// Checks that ten times the input takes at most 13 times the steps.
fn check(name: &str, size: usize, documents: impl Fn(usize) -> Vec<String>) {
    let (small, large) = (steps(&documents(size)), steps(&documents(10 * size)));
    assert!(large <= 13 * small, "{name}: {small} steps, then {large}");
}

fn numbers(from: usize, count: usize) -> String {
    (from..from + count).map(|number| format!("n{number} ")).collect()
}

fn text(words: impl Iterator<Item = usize>) -> String {
    words.map(|word| format!("w{word} ")).collect()
}

#[test]
fn templates_take_linear_steps() {
    check("a template of 200 words and 180 others", 100, |count| {
        let template = numbers(0, 200);
        (1..=count).map(|page| format!("{template}{}", numbers(1_000 * page, 180))).collect()
    });
    check("a template with a hole every 30 words", 60, |count| {
        let page = |page: usize| {
            (0..7).map(move |part| numbers(30 * part, 30) + &numbers(1_000 * (page + 1) + part, 1))
        };
        (0..count).map(|number| page(number).collect()).collect()
    });
    check("the same document", 30, |count| vec![numbers(0, 400); count]);
}

#[test]
fn one_and_two_words_take_linear_steps() {
    check("one word", 3_000, |count| vec![text((0..count).map(|_| 0))]);
    // The number of words grows with the square of the number of documents.
    let growing = |words: usize| (1..(2 * words).isqrt()).map(|len| text((0..len).map(|_| 0))).collect();
    // Documents of fewer than 50 words, which cost nothing, must be a small part.
    check("one word, documents of growing length", 100_000, growing);
    for kinds in [2, 10] {
        // With two words, all k-grams must have as many postings as are allowed.
        check("words at random", 50_000, |count| {
            let mut random = Random::new(1);
            vec![text((0..count).map(|_| random.below(kinds)))]
        });
    }
    check("runs broken at a moving place", 30_000, |count| {
        vec![text((0..count).map(|at| usize::from(at % (60 + at / 1_000) == 0) * (at + 1)))]
    });
    check("period 2 with a counter", 30_000, |count| {
        vec![text((0..count).map(|at| if at % 70 == 0 { at + 2 } else { at % 2 }))]
    });
    check("Fibonacci word", 30_000, |count| {
        let (mut a, mut b) = (vec![0], vec![0, 1]);
        while b.len() < count {
            (a, b) = (b.clone(), [&b[..], &a[..]].concat());
        }
        vec![text(b.into_iter().take(count))]
    });
}

/// All prefixes of one text, and then the text again and again: each document has as many passages
/// as words, each of which extends to its start.
#[test]
fn nested_prefixes_take_linear_steps() {
    let prefixes = |words: usize| -> Vec<String> {
        let len = (2 * words).isqrt();
        let prefix = |len: usize| numbers(0, len);
        (50..len).map(prefix).chain((0..10).map(|_| prefix(len))).collect()
    };
    check("prefixes", 100_000, prefixes);
    check("prefixes in disorder", 100_000, |words| {
        let mut documents = prefixes(words);
        Random::new(3).shuffle(&mut documents);
        documents
    });
    check("prefixes, a word more each", 100_000, |words| {
        prefixes(words).into_iter().enumerate().map(|(number, text)| format!("{text} x{number}")).collect()
    });
    let suffixes = |words: usize| -> Vec<String> {
        let len = (2 * words).isqrt();
        (50..len).map(|count| numbers(len - count, count)).collect()
    };
    check("suffixes", 100_000, suffixes);
    check("suffixes, the longest first", 100_000, |words| suffixes(words).into_iter().rev().collect());
}

#[test]
fn contamination_and_deduplication_take_linear_steps() {
    let items: Vec<String> = (0..50).map(|item| numbers(0, 30) + &numbers(1_000 * (item + 1), 10)).collect();
    let scan = |count: usize| {
        let mut set = Contamination::new();
        for text in &items {
            set.add(Text { id: "", text }).expect("it is short");
        }
        work::of(|| set.scan(Text { id: "", text: &numbers(0, 35).repeat(count) }).expect("it is short"))
    };
    let (small, large) = (scan(20), scan(200));
    assert!(large <= 13 * small, "{small} steps, then {large}");
    for border in [Border::Word, Border::Sentence, Border::Line] {
        let dedup = |count: usize| {
            let mut passages = Passages::new();
            let page = |page: usize| format!("{}.\n{}.\n", numbers(0, 200), numbers(1_000 * page, 180));
            let pages: Vec<String> = (1..=count).map(page).chain([numbers(0, 100).repeat(count)]).collect();
            work::of(|| {
                for text in &pages {
                    passages.dedup(Text { id: "", text }, border).expect("there is room");
                }
            })
        };
        let (small, large) = (dedup(30), dedup(300));
        assert!(large <= 13 * small, "{border}: {small} steps, then {large}");
    }
}
