//! Pieces of a line, up to a full stop of any script: enough to see that a line says its text twice.

use super::trimmed;
use crate::span::Span;
use crate::unicode::{self, PUNCTUATION, SPACE};

/// The pieces of `text`, each with the signs that close it. Unlike the sentences of UAX #29 they depend on nothing but
/// this crate's own tables, and on what stands next to the stop.
pub(crate) fn pieces(text: &str, line: Span, spans: &mut Vec<Span>) {
    let mut start = line.start();
    let mut chars = text[line].char_indices().map(|(at, c)| (line.start() + at, c)).peekable();
    while let Some((_, c)) = chars.next() {
        if !is_sentence_end(c) {
            continue;
        }
        // More stops, and the quotes and brackets that close.
        while chars.next_if(|(_, c)| unicode::is(*c, PUNCTUATION) && !"([{\u{AB}".contains(*c)).is_some() {}
        let end = chars.peek().map_or(line.end(), |(at, _)| *at);
        let parted = chars.peek().is_none_or(|(_, next)| unicode::is(*next, SPACE));
        // Where words are parted by spaces, a stop without one is part of a number, a name, an address.
        if parted || !c.is_ascii() {
            spans.extend(trimmed(text, start, end));
            start = end;
        }
    }
    spans.extend(trimmed(text, start, line.end()));
}

pub(crate) fn is_sentence_end(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '\u{2026}'
            | '\u{3002}'
            | '\u{FF01}'
            | '\u{FF1F}'
            | '\u{FF0E}'
            | '\u{FF61}'
            | '\u{964}'
            | '\u{965}'
            | '\u{61F}'
            | '\u{6D4}'
            | '\u{589}'
            | '\u{1362}'
            | '\u{104A}'
            | '\u{104B}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment;

    #[test]
    fn a_stop_of_any_script_ends_a_piece() {
        let cases: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("no stop", &["no stop"]),
            ("One. Two!  \u{201C}Three?\u{201D} Four", &["One.", "Two!", "\u{201C}Three?\u{201D}", "Four"]),
            ("at 3.14 of example.org... yes", &["at 3.14 of example.org...", "yes"]),
            (
                "\u{4F60}\u{597D}\u{3002}\u{518D}\u{89C1}\u{3002}",
                &["\u{4F60}\u{597D}\u{3002}", "\u{518D}\u{89C1}\u{3002}"],
            ),
            ("\u{915}\u{964} \u{916}\u{964}", &["\u{915}\u{964}", "\u{916}\u{964}"]),
            ("\u{643}\u{61F} \u{645}.", &["\u{643}\u{61F}", "\u{645}."]),
        ];
        for (text, expected) in cases {
            assert_eq!(segment::pieces(|text, spans| pieces(text, Span::new(0, text.len()), spans), text), expected, "{text:?}");
        }
    }
}
