//! Positions in a text in other units than bytes.

use std::ops::Range;

use crate::span::Span;

/// The distance in bytes of two places whose positions are stored.
const STEP: usize = 512;

/// Converts byte spans of a text to ranges of code points, as Python counts, and of UTF-16 code
/// units, as JavaScript and Java count.
///
/// ```
/// use refrain::edits::Positions;
///
/// let text = "Né 😀 ok";
/// let positions = Positions::new(text);
/// let smile = text.find('😀').map_or(0..0, |at| at..at + 4);
/// assert_eq!(positions.code_points(smile.clone().into()), 3..4);
/// assert_eq!(positions.utf16(smile.into()), 3..5);
/// ```
#[derive(Clone, Debug)]
pub struct Positions<'t> {
    text: &'t str,
    /// The code points and UTF-16 code units before every [`STEP`]th byte; empty for ASCII, in
    /// which all positions are equal.
    steps: Vec<(usize, usize)>,
}

impl<'t> Positions<'t> {
    /// Creates a converter for `text`.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text. The converter takes 16 bytes for each 512 bytes of a text
    /// that is not ASCII.
    pub fn new(text: &'t str) -> Self {
        let mut steps = Vec::new();
        if !text.is_ascii() {
            let mut before = (0, 0);
            for bytes in text.as_bytes().chunks(STEP) {
                steps.push(before);
                let (code_points, units) = count(bytes);
                before = (before.0 + code_points, before.1 + units);
            }
        }
        Self { text, steps }
    }

    /// Returns the range of code points of `span`.
    ///
    /// An offset inside a character counts as its end, and an offset after the end of the text as
    /// the end.
    ///
    /// # Complexity
    ///
    /// O(1).
    pub fn code_points(&self, span: Span) -> Range<usize> {
        self.before(span.start()).0..self.before(span.end()).0
    }

    /// Returns the range of UTF-16 code units of `span`. Offsets are treated as by
    /// [`code_points`](Self::code_points).
    ///
    /// # Complexity
    ///
    /// O(1).
    pub fn utf16(&self, span: Span) -> Range<usize> {
        self.before(span.start()).1..self.before(span.end()).1
    }

    /// Returns the number of code points and of UTF-16 code units before byte `at`.
    fn before(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.text.len());
        let Some(step) = self.steps.get(at / STEP).or(self.steps.last()) else { return (at, at) };
        let start = (at / STEP).min(self.steps.len() - 1) * STEP;
        let (code_points, units) = count(&self.text.as_bytes()[start..at]);
        (step.0 + code_points, step.1 + units)
    }
}

/// Counts the characters that start in `bytes`, and their UTF-16 code units.
fn count(bytes: &[u8]) -> (usize, usize) {
    let code_points = bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    let pairs = bytes.iter().filter(|byte| **byte >= 0xF0).count();
    (code_points, code_points + pairs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn positions_are_those_of_the_text_before_them(
            text in "([a-z ]{0,300}|[\u{E9}\u{4E2D}\u{1F600}a]{0,300}){0,6}", start in 0_usize..4_000, len in 0_usize..4_000,
        ) {
            let positions = Positions::new(&text);
            let boundary = |mut at: usize| {
                at = at.min(text.len());
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                at
            };
            let (start, end) = (boundary(start), boundary(start + len));
            let span = Span::new(start, end);
            let code_points = |at: usize| text[..at].chars().count();
            let units = |at: usize| text[..at].encode_utf16().count();
            prop_assert_eq!(positions.code_points(span), code_points(start)..code_points(end));
            prop_assert_eq!(positions.utf16(span), units(start)..units(end));
        }
    }
}
