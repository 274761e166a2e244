//! Sentences of a line, which end at a full stop of any script.
//!
//! They only serve to find parts of a line that occur in it twice. Unlike the sentences of UAX #29,
//! they depend only on the tables of this crate and on the characters next to the stop, so they are
//! frozen.

use memchr::memchr3_iter;

use super::trimmed;
use crate::span::Span;
use crate::unicode::{self, IGNORABLE, MARK, PUNCTUATION, SPACE};
use crate::work;

/// Appends the sentences of `line`, a span of `text`, to `spans`. Closing quotes and brackets
/// belong to the sentence before them.
pub(crate) fn pieces(text: &str, line: Span, spans: &mut Vec<Span>) {
    let bytes = &text.as_bytes()[line.range()];
    work::count(bytes.len());
    let mut start = line.start();
    let stop = |start: &mut usize, spans: &mut Vec<Span>, at: usize, stop: char| {
        // The stop was passed as part of the sentence end before it.
        if at < *start {
            return;
        }
        let mut chars = text[at + stop.len_utf8()..line.end()].char_indices();
        let mut next = chars.next();
        // Skip further stops, closing quotes and brackets, and marks on any of these.
        while let Some((_, c)) = next.filter(|(_, c)| closes(*c)) {
            let _ = c;
            next = chars.next();
        }
        let end = next.map_or(line.end(), |(i, _)| at + stop.len_utf8() + i);
        let is_parted = next.is_none_or(|(_, c)| unicode::is(c, SPACE));
        // An ASCII stop without a space after it is part of a number, a name or an address.
        if is_parted || !stop.is_ascii() {
            spans.extend(trimmed(text, *start, end));
            *start = end;
        }
    };
    if has_other_stops(bytes) {
        for (at, c) in text[line].char_indices().filter(|(_, c)| is_stop(*c)) {
            stop(&mut start, spans, line.start() + at, c);
        }
    } else {
        for at in memchr3_iter(b'.', b'!', b'?', bytes) {
            let rest = &bytes[at + 1..];
            // Most sentences end with a stop and a space.
            if let [b' ', 0x21..0x7F, ..] = rest {
                let end = line.start() + at + 1;
                if start < end {
                    spans.extend(trimmed(text, start, end));
                }
                start = end + 1;
            } else if !matches!(rest, [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z', ..]) {
                stop(&mut start, spans, line.start() + at, char::from(bytes[at]));
            }
        }
    }
    spans.extend(trimmed(text, start, line.end()));
}

/// Returns whether `line` may have sentence ends that are not ASCII.
fn has_other_stops(line: &[u8]) -> bool {
    // Examining all bytes of a block is faster than stopping at the first match.
    let in_block = |block: &[u8]| block.iter().fold(false, |any, byte| any | may_be_other_stop(*byte));
    let (blocks, rest) = line.split_at(line.len() - line.len() % 32);
    !line.is_ascii() && (blocks.chunks_exact(32).any(in_block) || in_block(rest))
}

/// Returns whether `byte` may belong to a sentence end that is not ASCII. The UTF-8 form of each of
/// them has such a byte, which is rare in text in European scripts.
#[inline(always)]
pub(crate) fn may_be_other_stop(byte: u8) -> bool {
    (byte >= 0xD6) & (byte != 0xE2)
}

/// Returns whether `c` belongs to the stop before it.
fn closes(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation() && unicode::is(c, PUNCTUATION) && !matches!(c, '(' | '[' | '{');
    }
    unicode::is(c, PUNCTUATION | MARK | IGNORABLE) && c != '\u{AB}'
}

/// Returns whether a sentence may end with `c` inside a line.
fn is_stop(c: char) -> bool {
    // An ellipsis is more often a pause than an end.
    is_sentence_end(c) && c != '\u{2026}'
}

/// Returns whether a sentence may end with `c`.
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
            assert_eq!(
                segment::pieces(|text, spans| pieces(text, Span::new(0, text.len()), spans), text),
                expected,
                "{text:?}"
            );
        }
    }
}
