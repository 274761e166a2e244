//! A hash of every five words, which every method needs first.

use std::hint::black_box;

use xxhash_rust::xxh3::xxh3_64;

use super::truth::WORDS;

/// Hashes every shingle, and returns no pairs.
pub fn alone(texts: &[&str]) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    for text in texts {
        black_box(shingles(text, &mut words).fold(0, |sum: u64, shingle| sum ^ shingle));
    }
    Vec::new()
}

/// Returns the hashes of the shingles of a text, and uses `words` as a buffer. A text with fewer
/// words than a shingle has one shingle.
pub fn shingles<'w>(text: &str, words: &'w mut Vec<u64>) -> impl Iterator<Item = u64> + use<'w> {
    /// An odd number without a pattern in its bits.
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    words.clear();
    let lower = text.to_lowercase();
    if lower.is_ascii() {
        let tokens = lower.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        words.extend(tokens.filter(|word| !word.is_empty()).map(xxh3_64));
    } else {
        let tokens = lower.split(|c: char| !c.is_alphanumeric());
        words.extend(tokens.filter(|word| !word.is_empty()).map(|word| xxh3_64(word.as_bytes())));
    }
    let width = words.len().clamp(1, WORDS);
    words
        .windows(width)
        .map(|run| run.iter().fold(0, |sum: u64, word| sum.wrapping_mul(FACTOR).wrapping_add(*word)))
}
