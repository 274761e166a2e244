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
    /// Returns the range of `span` in this unit.
    pub fn range(self, positions: &Positions<'_>, span: Span) -> Range<usize> {
        match self {
            Self::Chars => positions.code_points(span),
            Self::Bytes => span.range(),
            Self::Utf16 => positions.utf16(span),
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
