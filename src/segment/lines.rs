//! Lines and paragraphs.

use memchr::{memchr2, memchr2_iter};

use super::trimmed;
use crate::span::Span;

/// Appends the lines of `text` that are not blank.
pub(super) fn lines(text: &str, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut start = 0;
    let mut rare = 0;
    while rare < bytes.len() {
        let from = start;
        rare = rare_line_end(bytes, from);
        // The `\n` of a `\r\n` ends an empty line, and empty lines are ignored.
        for end in memchr2_iter(b'\n', b'\r', &bytes[from..rare]) {
            spans.extend(trimmed(text, start, from + end));
            start = from + end + 1;
        }
        spans.extend(trimmed(text, start, rare));
        start = rare + bytes.get(rare).map_or(0, |first| if *first == 0xC2 { 2 } else { 3 });
    }
}

/// Appends the runs of lines of `text` without a blank line between them.
pub(super) fn paragraphs(text: &str, spans: &mut Vec<Span>) {
    let first = spans.len();
    let mut blank = true;
    let mut start = 0;
    let mut line = |from: usize, to: usize| {
        let segment = trimmed(text, from, to);
        match (segment, spans[first..].last_mut()) {
            (Some(span), Some(block)) if !blank => *block = Span::new(block.start(), span.end()),
            (Some(span), _) => spans.push(span),
            (None, _) => {}
        }
        blank = segment.is_none();
    };
    for end in LineEnds::new(text) {
        line(start, end.start());
        start = end.end();
    }
    line(start, text.len());
}

/// Returns the number of line ends in `text`. A `\r\n` is one line end.
pub(crate) fn line_ends(text: &str) -> usize {
    LineEnds::new(text).count()
}

/// Returns the first line end of `text`.
pub(crate) fn first_line_end(text: &str) -> Option<Span> {
    LineEnds::new(text).next()
}

/// Returns the last line end of `text`.
pub(crate) fn last_line_end(text: &str) -> Option<Span> {
    LineEnds::new(text).last()
}

/// An iterator over the line ends of a text.
pub(super) struct LineEnds<'t> {
    text: &'t [u8],
    at: usize,
    /// The offset of the next U+0085, U+2028 or U+2029, or the length of the text if there is none.
    /// These are rare, so most of a text is searched only for `\n` and `\r`.
    rare: usize,
}

impl<'t> LineEnds<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let text = text.as_bytes();
        Self { text, at: 0, rare: rare_line_end(text, 0) }
    }
}

/// Returns the offset of the first U+0085, U+2028 or U+2029 from byte `at` on, or the length of the
/// text if there is none.
fn rare_line_end(text: &[u8], at: usize) -> usize {
    let is_end = |at: &usize| matches!(text[*at..], [0xC2, 0x85, ..] | [0xE2, 0x80, 0xA8 | 0xA9, ..]);
    memchr2_iter(0xC2, 0xE2, &text[at..]).map(|i| at + i).find(is_end).unwrap_or(text.len())
}

impl Iterator for LineEnds<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = &self.text[self.at..self.rare];
        let start = memchr2(b'\n', b'\r', rest).map_or(self.rare, |i| self.at + i);
        let len = match self.text[start..] {
            [] => return None,
            [b'\r', b'\n', ..] | [0xC2, ..] => 2,
            [b'\n' | b'\r', ..] => 1,
            _ => 3,
        };
        self.at = start + len;
        if start == self.rare {
            self.rare = rare_line_end(self.text, self.at);
        }
        Some(Span::new(start, self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::pieces;

    #[test]
    fn every_line_end_ends_a_line() {
        let text = "a\nb\r\nc\rd\u{2028}e\u{2029}f\u{85}g";
        assert_eq!(pieces(lines, text), ["a", "b", "c", "d", "e", "f", "g"]);
        assert_eq!(line_ends(text), 6);
        assert_eq!(first_line_end("ab\r\n\n"), Some(Span::new(2, 4)));
        assert_eq!(last_line_end("\n\r\n"), Some(Span::new(1, 3)));
        assert_eq!(last_line_end("ab"), None);
    }

    #[test]
    fn characters_that_look_like_line_ends_end_nothing() {
        // Vertical tab and form feed are white space, not line ends; the others share bytes with
        // line ends.
        for text in ["a\u{b}b", "a\u{c}b", "\u{445}\u{2026}\u{2027}x", "\u{A9}\u{E9}"] {
            assert_eq!(pieces(lines, text), [text]);
        }
    }

    #[test]
    fn lines_are_trimmed_and_blank_ones_left_out() {
        let cases: [(&str, &[&str]); 8] = [
            ("", &[]),
            ("\n\r\n\r", &[]),
            (" \t\u{A0}\u{3000} ", &[]),
            ("\u{200B}\u{FEFF}\n\u{AD}", &[]),
            ("  a b \n", &["a b"]),
            ("\u{3000}a\u{A0}\r\n\r\nb", &["a", "b"]),
            ("\u{FEFF}a", &["\u{FEFF}a"]),
            ("\ra\r", &["a"]),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(lines, text), expected, "{text:?}");
        }
    }

    #[test]
    fn paragraphs_end_at_blank_lines() {
        let cases: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("\n\n", &[]),
            ("a\nb", &["a\nb"]),
            ("a\n\nb\n", &["a", "b"]),
            ("\n a\r\n  b \r\n\r\n c", &["a\r\n  b", "c"]),
            ("a\n \u{200B} \nb", &["a", "b"]),
            ("a\u{2029}\u{2029}b\rc\r\rd", &["a", "b\rc", "d"]),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(paragraphs, text), expected, "{text:?}");
        }
    }
}
