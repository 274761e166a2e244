//! Sentences and words after Unicode Standard Annex #29, by the `unicode-segmentation` crate.

use unicode_segmentation::UnicodeSegmentation as _;

use super::trimmed;
use crate::span::Span;
use crate::unicode::{self, MARK, PUNCTUATION, SPACE};

/// How many brackets, quotes and spaces may follow a full stop before the sentence ends for certain.
///
/// Whether it ends there depends on the next letter (rule SB8), and the library looks for that letter anew behind
/// every one of them: without a limit, a full stop and a million spaces would take hours.
const LONGEST_CLOSE: usize = 256;

/// The sentences of `text`.
pub(super) fn sentences(text: &str, spans: &mut Vec<Span>) {
    for (start, end) in Parts::new(text) {
        let sentences = text[start..end].split_sentence_bound_indices();
        spans.extend(
            sentences.filter_map(|(at, sentence)| trimmed(text, start + at, start + at + sentence.len())),
        );
    }
}

/// The words of `text` and the signs between them.
pub(super) fn words(text: &str, spans: &mut Vec<Span>) {
    spans.extend(
        text.split_word_bound_indices().filter_map(|(start, word)| trimmed(text, start, start + word.len())),
    );
}

/// A text in parts, cut where more than the longest close follows a full stop: all of it, nearly always.
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
                Some(_) if unicode::is(c, MARK) => {}
                Some(close) if may_close(c) => *close += 1,
                _ => close = None,
            }
            (close > Some(LONGEST_CLOSE)).then_some(start + at)
        });
        self.at = end.unwrap_or(self.text.len());
        Some((start, self.at))
    }
}

/// Whether `c` may belong to the close of a sentence: all that does is among these.
fn may_close(c: char) -> bool {
    match c {
        '\0'..='\x7F' => "\"'()[]{} \t\u{b}\u{c}".contains(c),
        // Quotes that are ornaments, and symbols by their category.
        '\u{275B}'..='\u{2760}' | '\u{1F676}'..='\u{1F678}' => true,
        _ => unicode::is(c, PUNCTUATION | SPACE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(by: fn(&str, &mut Vec<Span>), text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        by(text, &mut spans);
        spans.into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn sentences_are_trimmed() {
        let text = " It rained.  Nobody\tcame! \n\u{200B}\nWhy?";
        assert_eq!(split(sentences, text), ["It rained.", "Nobody\tcame!", "Why?"]);
        assert_eq!(split(sentences, "\u{4F60}\u{597D}\u{3002}\u{518D}\u{89C1}\u{3002}").len(), 2);
    }

    #[test]
    fn every_sign_is_in_a_word_or_a_gap() {
        assert_eq!(split(words, "Don't stop,  now!"), ["Don't", "stop", ",", "now", "!"]);
        assert_eq!(split(words, " \n\u{200B}\t"), [""; 0]);
    }

    #[test]
    fn a_close_without_end_ends_the_sentence() {
        // As the rule has it, a small letter goes on with the sentence, a digit looks for one behind it.
        let close = |n| format!("e.g.{}1 apple", ")".repeat(n));
        assert_eq!(split(sentences, &close(200)).len(), 1);
        assert_eq!(split(sentences, &close(1_000)).len(), 2);
        let spaces = format!("A.{}1", " ".repeat(2_000_000));
        assert_eq!(split(sentences, &spaces), ["A.", "1"]);
        let marked = format!("A.{}1", ")\u{301}".repeat(500_000));
        assert!(split(sentences, &marked).len() > 1);
        // What is no close is left to the rule.
        let ruler = format!("A. {}", "=".repeat(10_000));
        assert!(split(sentences, &ruler).iter().map(|s| s.len()).eq([2, 10_000]));
    }

    #[test]
    fn every_character_that_closes_is_known_to() {
        // A sentence goes on behind a full stop and what closes it if a small letter follows, and else it ends
        // before the sign.
        for c in ('\0'..=char::MAX).filter(|c| !may_close(*c)) {
            let text = format!("A.{c}{c}A");
            let first = text.split_sentence_bounds().next().map(str::len);
            let closes = first == Some(2 + 2 * c.len_utf8());
            assert!(
                !closes || unicode::is(c, MARK) || ".\u{2024}\u{FE52}\u{FF0E}!?".contains(c) || is_else(c),
                "{c:?}"
            );
        }
    }

    /// Other characters behind which a sentence ends, though they close none.
    fn is_else(c: char) -> bool {
        unicode::is(c, unicode::IGNORABLE) || matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
    }
}
