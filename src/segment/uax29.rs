//! Sentences and words after Unicode Standard Annex #29, by the `unicode-segmentation` crate.

use unicode_segmentation::UnicodeSegmentation as _;

use super::trimmed;
use crate::span::Span;

/// The sentences of `text`.
pub(super) fn sentences(text: &str, spans: &mut Vec<Span>) {
    spans.extend(
        text.split_sentence_bound_indices()
            .filter_map(|(start, sentence)| trimmed(text, start, start + sentence.len())),
    );
}

/// The words of `text` and the signs between them.
pub(super) fn words(text: &str, spans: &mut Vec<Span>) {
    spans.extend(
        text.split_word_bound_indices().filter_map(|(start, word)| trimmed(text, start, start + word.len())),
    );
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
}
