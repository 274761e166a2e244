//! Sentences and words according to UAX #29, found by the crate `unicode-segmentation`.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{NEAR, trimmed};
use crate::span::Span;
use crate::unicode::{self, DIGIT, IGNORABLE, MARK, SPACE, WORDY};

/// The number of brackets, quotes and spaces after a full stop from which the sentence is assumed
/// to end.
///
/// By rule SB8, the next letter decides whether the sentence ends. `unicode-segmentation` searches
/// for this letter after each of these characters, which takes quadratic time: without the limit, a
/// full stop and a million spaces would take hours.
const LONGEST_CLOSE: usize = 256;

/// Appends the sentences of `text` to `spans`.
pub(super) fn sentences(text: &str, spans: &mut Vec<Span>) {
    for (start, end) in Parts::new(text) {
        let sentences = text[start..end].split_sentence_bound_indices();
        spans.extend(
            sentences.filter_map(|(at, sentence)| trimmed(text, start + at, start + at + sentence.len())),
        );
    }
}

/// Appends the words of `text`, and the signs between them, to `spans`.
pub(super) fn words(text: &str, spans: &mut Vec<Span>) {
    spans.extend(
        text.split_word_bound_indices().filter_map(|(start, word)| trimmed(text, start, start + word.len())),
    );
}

/// Returns whether the sentences `before` and `after` are still two sentences if only `gap` is
/// between them.
///
/// The end of `before`, and the start of `after` up to its first letter, decide. If no letter is
/// within the examined bytes, the result is `false`.
pub(super) fn sentences_stay_apart(before: &str, gap: &str, after: &str) -> bool {
    let end = (before.len().saturating_sub(NEAR)..).find_map(|from| before.get(from..)).unwrap_or_default();
    let start = (0..=NEAR.min(after.len())).rev().find_map(|to| after.get(..to)).unwrap_or_default();
    let is_letter = |c| unicode::is(c, WORDY) && !unicode::is(c, MARK | DIGIT);
    let mut found = Vec::new();
    sentences(&[end, gap, start].concat(), &mut found);
    (start.len() == after.len() || start.contains(is_letter))
        && found.iter().any(|span| span.end() == end.len())
        && found.iter().any(|span| span.start() == end.len() + gap.len())
}

/// Returns whether a segment begins with `first`, or with its examined bytes, if only `gap` is
/// before it.
pub(super) fn can_begin(by: fn(&str, &mut Vec<Span>), gap: &str, first: &str) -> bool {
    let near = (0..=NEAR.min(first.len())).rev().find_map(|to| first.get(..to)).unwrap_or_default();
    let mut found = Vec::new();
    by(&[gap, near].concat(), &mut found);
    let is_whole = |span: &Span| near.len() < first.len() || span.end() == gap.len() + near.len();
    found.first().is_some_and(|span| span.start() == gap.len() && is_whole(span))
}

/// Returns whether any two words are still two if only `gap` is between them and the second begins
/// with `after`.
///
/// This holds if both ends of `gap` are white space that is part of no word, and if `after` does
/// not begin with a character that belongs to the one before it.
pub(super) fn words_stay_apart(gap: &str, after: &str) -> bool {
    let parts = |c: char| unicode::is(c, SPACE) && c != '\u{202F}';
    let joins =
        |c: char| unicode::is(c, MARK | IGNORABLE) || "\u{FF9E}\u{FF9F}".contains(c) || is_modifier(c);
    gap.starts_with(parts) && gap.ends_with(parts) && !after.starts_with(joins)
}

/// Returns whether `c` sets the skin tone of the emoji before it.
fn is_modifier(c: char) -> bool {
    ('\u{1F3FB}'..='\u{1F3FF}').contains(&c)
}

/// The parts of a text, which is split after a full stop with [`LONGEST_CLOSE`] closing characters.
/// Nearly all texts have one part.
struct Parts<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parts<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Parts<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let start = self.at;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let mut close: Option<usize> = None;
        let end = rest.char_indices().find_map(|(at, c)| {
            match &mut close {
                _ if ".\u{2024}\u{FE52}\u{FF0E}".contains(c) => close = Some(0),
                Some(close) if may_follow(c) => *close += 1,
                _ => close = None,
            }
            (close > Some(LONGEST_CLOSE)).then_some(start + at)
        });
        self.at = end.unwrap_or(self.text.len());
        Some((start, self.at))
    }
}

/// Returns whether `c` may be a closing character of a sentence. All closing characters of UAX #29
/// are among these, and all characters that its rules skip (marks, format characters). Letters,
/// digits and line ends are not.
fn may_follow(c: char) -> bool {
    match c {
        '\0'..='\x7F' => "\"'()[]{} \t\u{b}\u{c}".contains(c),
        '\u{85}' | '\u{2028}' | '\u{2029}' => false,
        // Voiced sound marks, whose general category is that of letters.
        '\u{FF9E}' | '\u{FF9F}' => true,
        _ => unicode::is(c, MARK) || !unicode::is(c, WORDY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::pieces;

    #[test]
    fn sentences_are_trimmed() {
        let text = " It rained.  Nobody\tcame! \n\u{200B}\nWhy?";
        assert_eq!(pieces(sentences, text), ["It rained.", "Nobody\tcame!", "Why?"]);
        assert_eq!(pieces(sentences, "\u{4F60}\u{597D}\u{3002}\u{518D}\u{89C1}\u{3002}").len(), 2);
    }

    #[test]
    fn every_sign_is_in_a_word_or_a_gap() {
        assert_eq!(pieces(words, "Don't stop,  now!"), ["Don't", "stop", ",", "now", "!"]);
        assert_eq!(pieces(words, " \n\u{200B}\t"), [""; 0]);
    }

    #[test]
    fn a_close_without_end_ends_the_sentence() {
        // By rule SB8, a lower-case letter continues the sentence, and a digit does not decide.
        let close = |n| format!("e.g.{}1 apple", ")".repeat(n));
        assert_eq!(pieces(sentences, &close(200)).len(), 1);
        assert_eq!(pieces(sentences, &close(1_000)).len(), 2);
        let spaces = format!("A.{}1", " ".repeat(2_000_000));
        assert_eq!(pieces(sentences, &spaces), ["A.", "1"]);
        let marked = format!("A.{}1", ")\u{301}".repeat(500_000));
        assert!(pieces(sentences, &marked).len() > 1);
        // Characters that do not close a sentence are subject to the rule.
        let ruler = format!("A. {}", "=".repeat(10_000));
        assert!(pieces(sentences, &ruler).iter().map(|s| s.len()).eq([2, 10_000]));
    }

    #[test]
    fn every_character_that_may_follow_a_close_is_known_to() {
        // A full stop, the character, a space: the sentence continues after characters that close
        // it or are skipped, and ends before all others.
        for c in ('\0'..=char::MAX).filter(|c| !may_follow(*c)) {
            let text = format!("A.{c}\u{3000}A");
            let first = text.split_sentence_bounds().next().map_or(0, str::len);
            let stops = ".\u{2024}\u{FE52}\u{FF0E}!?\n\r\u{85}\u{2028}\u{2029}".contains(c);
            assert!(first == 2 || first == text.len() || stops, "{c:?} {first}");
        }
    }

    #[test]
    fn whatever_is_skipped_in_a_close_it_ends() {
        for skipped in ["\u{AD}", "\u{200B}", "\u{200C}", "\u{FF9E}", "\u{301}", "\u{1F3FB}", "\u{E0061}"] {
            for closing in [")", " ", "\""] {
                let text = format!("a.{}b", format!("{closing}{skipped}").repeat(300_000));
                assert!(!pieces(sentences, &text).is_empty());
            }
        }
    }
}
