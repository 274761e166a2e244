//! Lines and paragraphs.

use super::trimmed;
use crate::bytes::{BLOCK, marks, mask_of};
use crate::span::Span;

/// Appends the lines of `text` that are not blank.
pub(super) fn lines(text: &str, spans: &mut Vec<Span>) {
    let mut start = 0;
    for end in LineEnds::new(text) {
        spans.extend(trimmed(text, start, end.start()));
        start = end.end();
    }
    spans.extend(trimmed(text, start, text.len()));
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

/// Returns whether `c` ends a line, alone or as a part of `\r\n`.
pub(crate) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
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
    /// The start of the block that is searched.
    block: usize,
    /// A mask of the bytes of the block that may be the last one of a line end and are left, the
    /// first byte lowest. Line ends are `\n`, `\r`, U+0085 (C2 85), and U+2028 and U+2029 (E2 80
    /// A8 and A9).
    left: u64,
    /// Set if a line end that is not ASCII may begin in this block and end in the next.
    is_open: bool,
    /// The end of the last line end.
    end: usize,
}

impl<'t> LineEnds<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut ends = Self { text: text.as_bytes(), block: 0, left: 0, is_open: false, end: 0 };
        ends.search();
        ends
    }

    /// Finds the bytes of the block that may be the last one of a line end.
    #[inline(always)]
    fn search(&mut self) {
        let (before, rest) = self.text.split_at(self.block);
        let mut copy = [0; BLOCK];
        let block: &[u8; BLOCK] = rest.first_chunk().unwrap_or_else(|| {
            copy[..rest.len()].copy_from_slice(rest);
            &copy
        });
        // Every line end that is not ASCII begins with one of these bytes.
        let is_first = |byte: u8| byte | 0x20 == 0xE2;
        if self.is_open || marks(block, is_first) != 0 {
            self.left = last_bytes_of_any(block, before.last().copied().unwrap_or(0));
            self.is_open = is_first(block[BLOCK - 2]) | is_first(block[BLOCK - 1]);
        } else {
            self.left = mask_of(marks(block, |byte| (byte == b'\n') | (byte == b'\r')));
        }
    }
}

/// Returns the mask of a block that may have line ends that are not ASCII. `last_before` is the
/// byte before the block.
#[inline(never)]
fn last_bytes_of_any(block: &[u8; BLOCK], last_before: u8) -> u64 {
    let short = mask_of(marks(block, |byte| (byte == b'\n') | (byte == b'\r')));
    // Returns a mask of the bytes that follow a byte equal to `byte`.
    let after = |byte: u8| mask_of(marks(block, |b| b == byte)) << 1 | u64::from(last_before == byte);
    let next_line = mask_of(marks(block, |byte| byte == 0x85)) & after(0xC2);
    let separator = mask_of(marks(block, |byte| byte & 0xFE == 0xA8)) & after(0x80);
    short | next_line | separator
}

impl Iterator for LineEnds<'_> {
    type Item = Span;

    #[inline]
    fn next(&mut self) -> Option<Span> {
        loop {
            while self.left != 0 {
                let last = self.block + self.left.trailing_zeros() as usize;
                self.left &= self.left - 1;
                let (len, is_first) = match self.text[last] {
                    b'\n' => (1, true),
                    b'\r' => (1 + usize::from(self.text.get(last + 1) == Some(&b'\n')), true),
                    0x85 => (2, false),
                    _ if self.text[..last].ends_with(b"\xE2\x80") => (3, false),
                    _ => continue,
                };
                let start = if is_first { last } else { last + 1 - len };
                // The `\n` of a `\r\n` was returned with the `\r`.
                if start < self.end {
                    continue;
                }
                self.end = start + len;
                return Some(Span::new(start, self.end));
            }
            self.block += BLOCK;
            if self.block >= self.text.len() {
                return None;
            }
            self.search();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::segment::pieces;

    /// The line ends of a text, character by character.
    fn one_by_one(text: &str) -> Vec<Span> {
        let mut ends: Vec<Span> = Vec::new();
        for (at, c) in text.char_indices() {
            match (c, ends.last_mut()) {
                ('\n', Some(last)) if last.end() == at && text[..at].ends_with('\r') => {
                    *last = Span::new(last.start(), at + 1);
                }
                ('\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}', _) => {
                    ends.push(Span::new(at, at + c.len_utf8()))
                }
                _ => {}
            }
        }
        ends
    }

    proptest! {
        /// Line ends are in all places of a block, and across two of them, beside characters whose
        /// bytes end in the same way.
        #[test]
        fn blocks_have_the_line_ends_that_characters_have(
            text in "[ab]{0,70}([ab]{0,9}[\n\r\u{85}\u{2028}\u{2029}\u{A8}\u{3028}\u{E9}\u{2019}\u{80A8}\u{C5}]{0,4}){0,20}",
        ) {
            prop_assert_eq!(LineEnds::new(&text).collect::<Vec<_>>(), one_by_one(&text));
        }
    }

    /// Line ends and characters that share bytes with them, alone and in pairs, at every place of a
    /// block and across the border of two.
    #[test]
    fn line_ends_are_found_across_blocks() {
        let signs =
            ["", "\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{2019}", "\u{3028}", "\u{A9}"];
        for at in (0..8).chain(55..72).chain(119..132) {
            for (first, second) in signs.iter().flat_map(|first| signs.map(|second| (*first, second))) {
                for tail in [0, 1, 63, 64, 70] {
                    let text = format!("{}{first}{second}{}", "a".repeat(at), "a".repeat(tail));
                    assert_eq!(LineEnds::new(&text).collect::<Vec<_>>(), one_by_one(&text), "{text:?}");
                }
            }
        }
    }

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
