//! Rows on canonical forms and fingerprints.

use super::*;

pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Hashes of every paragraph, mixed so that none can be left out.
pub(crate) fn ours(paragraphs: Vec<String>, form: Normalization) -> Box<dyn FnMut() -> u128> {
    let mut prints = Fingerprinter::new().normalization(form);
    let mut mix =
        move |sum: u128, text: &String| sum.wrapping_mul(3) ^ prints.fingerprint(black_box(text)).to_u128();
    Box::new(move || paragraphs.iter().fold(0, &mut mix))
}

pub(crate) fn hash_alone(paragraphs: Vec<String>) -> Box<dyn FnMut() -> u128> {
    let mix = |sum: u128, text: &String| sum.wrapping_mul(3) ^ xxh3_128(black_box(text).as_bytes());
    Box::new(move || paragraphs.iter().fold(0, mix))
}

pub(crate) fn the_plain_way(paragraphs: Vec<String>) -> Box<dyn FnMut() -> u128> {
    let mix = |sum: u128, text: &String| {
        sum.wrapping_mul(3) ^ xxh3_128(by_hand::canonical(black_box(text)).as_bytes())
    };
    Box::new(move || paragraphs.iter().fold(0, mix))
}

pub(crate) fn against_plain(name: String, bar: f64, at_least: bool, text: Vec<String>) -> Row {
    Row {
        name,
        bar,
        at_least,
        ours: ours(text.clone(), Normalization::TEXT),
        theirs: the_plain_way(text),
        same: true,
        clock: Clock::Processor,
    }
}

/// Texts that keep the canonical form from its fast ways.
pub(crate) fn hostile() -> [(&'static str, String); 7] {
    let n = BYTES / 10;
    [
        ("marks in order", format!("a{}", "\u{301}".repeat(n))),
        ("marks out of order", format!("a{}", "\u{301}\u{323}".repeat(n))),
        ("a mark behind every letter", "a\u{301}".repeat(n)),
        ("an ignorable sign behind every letter", "a\u{AD}".repeat(n)),
        ("a ligature behind every letter", "a\u{FB01}".repeat(n)),
        ("the longest expansion", "\u{FDFA}".repeat(n / 10)),
        ("letters of ASCII and others in turns", "a\u{4E00}B\u{416}".repeat(n)),
    ]
}
