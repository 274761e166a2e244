//! Positions in a text, in the unit that was asked for.

use std::fmt;
use std::ops::Range;

use clap::ValueEnum;
use refrain::Span;
use refrain::edits::Positions;

/// The unit of positions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Offsets {
    /// Code points, as Python counts
    Chars,
    /// Bytes of UTF-8
    Bytes,
    /// Code units of UTF-16, as JavaScript counts
    Utf16,
}

impl Offsets {
    /// Returns the name of the unit for messages.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Chars => "code points",
            Self::Bytes => "bytes",
            Self::Utf16 => "code units of UTF-16",
        }
    }

    /// Returns the range of `span` in this unit.
    pub fn range(self, positions: &Positions<'_>, span: Span) -> Range<usize> {
        match self {
            Self::Chars => positions.code_points(span),
            Self::Bytes => span.range(),
            Self::Utf16 => positions.utf16(span),
        }
    }
}

impl Offsets {
    /// Returns the span of bytes for each of `ranges` in this unit, or the first range that is not
    /// in `text` or ends inside a character.
    pub fn spans(self, text: &str, ranges: &[Range<usize>]) -> Result<Vec<Span>, Range<usize>> {
        let mut places: Vec<usize> = ranges.iter().flat_map(|range| [range.start, range.end]).collect();
        places.sort_unstable();
        places.dedup();
        let mut walk = Walk { unit: self, text, at: 0, byte: 0 };
        let bytes: Vec<Option<usize>> = places.iter().map(|place| walk.to(*place)).collect();
        let of = |place: usize| places.binary_search(&place).ok().and_then(|index| bytes[index]);
        let span = |range: &Range<usize>| match (of(range.start), of(range.end)) {
            (Some(start), Some(end)) if start <= end => Ok(Span::new(start, end)),
            _ => Err(range.clone()),
        };
        ranges.iter().map(span).collect()
    }
}

/// A place in a text, which moves forward.
struct Walk<'t> {
    unit: Offsets,
    text: &'t str,
    /// The number of units of the characters that start before `byte`.
    at: usize,
    byte: usize,
}

impl Walk<'_> {
    /// Returns the byte at which the character with the position `place` starts, or `None` if there
    /// is none. Places must be in order.
    fn to(&mut self, place: usize) -> Option<usize> {
        if self.unit == Offsets::Bytes {
            return self.text.is_char_boundary(place).then_some(place);
        }
        self.skip::<64>(place);
        self.skip::<8>(place);
        for byte in &self.text.as_bytes()[self.byte..] {
            if is_start(*byte) && self.at >= place {
                break;
            }
            self.at += self.unit.of_byte(*byte);
            self.byte += 1;
        }
        (self.at == place).then_some(self.byte)
    }

    /// Moves on by `N` bytes at a time, as long as the character at `place` is not among them.
    fn skip<const N: usize>(&mut self, place: usize) {
        while let Some(step) = self.text.as_bytes()[self.byte..].first_chunk::<N>() {
            let units = self.unit.count(step);
            if self.at + units > place {
                break;
            }
            self.at += units;
            self.byte += N;
        }
    }
}

/// Returns whether a character starts with `byte`.
fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

impl Offsets {
    /// Returns the number of units that are counted at a byte of a text.
    fn of_byte(self, byte: u8) -> usize {
        match self {
            Self::Bytes => 1,
            Self::Chars => usize::from(is_start(byte)),
            Self::Utf16 => usize::from(is_start(byte)) + usize::from(byte >= 0xF0),
        }
    }

    /// Returns the number of units in at most 127 bytes, in a form that is compiled to instructions
    /// for many bytes at a time.
    fn count<const N: usize>(self, bytes: &[u8; N]) -> usize {
        let starts = || bytes.iter().map(|byte| u8::from(is_start(*byte))).sum::<u8>();
        let pairs = || bytes.iter().map(|byte| u8::from(*byte >= 0xF0)).sum::<u8>();
        match self {
            Self::Bytes => N,
            Self::Chars => usize::from(starts()),
            Self::Utf16 => usize::from(starts() + pairs()),
        }
    }
}

impl fmt::Display for Offsets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chars => "chars",
            Self::Bytes => "bytes",
            Self::Utf16 => "utf16",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn spans_and_ranges_are_each_other(
            text in "[a\u{E9}\u{4E2D}\u{1F600}\n]{0,200}", ends in prop::collection::vec(0_usize..201, 0..8),
        ) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let place = |end: usize| places[end % places.len()];
            let spans: Vec<Span> = ends
                .chunks_exact(2)
                .map(|ends| Span::new(place(ends[0]).min(place(ends[1])), place(ends[0]).max(place(ends[1]))))
                .collect();
            let positions = Positions::new(&text);
            for unit in [Offsets::Chars, Offsets::Bytes, Offsets::Utf16] {
                let ranges: Vec<_> = spans.iter().map(|span| unit.range(&positions, *span)).collect();
                prop_assert_eq!(unit.spans(&text, &ranges), Ok(spans.clone()));
            }
        }
    }

    #[test]
    fn ranges_outside_of_the_text_are_named() {
        let text = "a\u{1F600}";
        assert_eq!(Offsets::Chars.spans(text, &[0..1, 1..3]), Err(1..3));
        assert_eq!(Offsets::Bytes.spans(text, &[0..1, 0..2]), Err(0..2));
        assert_eq!(Offsets::Utf16.spans(text, &[0..1, 2..3]), Err(2..3));
        #[expect(clippy::reversed_empty_ranges, reason = "a wrong range")]
        let wrong = 1..0;
        assert_eq!(Offsets::Chars.spans(text, std::slice::from_ref(&wrong)), Err(wrong));
    }
}
