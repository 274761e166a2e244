//! Half-open byte ranges of a text.

use std::fmt;
use std::ops::{Index, Range};

/// A half-open range of bytes of a text: `start` is included, and `end` is not.
///
/// Unlike [`Range`], a `Span` is [`Copy`]. It can be compared with ranges, is written as `5..10`,
/// and indexes `str` and `String`. All spans that this crate returns lie on `char` boundaries of
/// their text, so indexing that text with them does not panic. The only exception is
/// [`SourcedRemovals::origin`](crate::index::SourcedRemovals::origin), which returns a span that
/// splits a character if it is called with one. Indexing a text with a span that ends after the
/// text, or that splits a character, panics, as it does with a `Range`.
///
/// ```
/// use refrain::Span;
///
/// let span = Span::new(4, 9);
/// assert_eq!(span, 4..9);
/// assert_eq!(&"The first word"[span], "first");
/// assert_eq!(span.to_string(), "4..9");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "serialized::Ends"))]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// Creates a span from `start` up to, but not including, `end`. If `end` is less than `start`,
    /// the span is empty and starts at `start`.
    #[inline]
    pub const fn new(start: usize, end: usize) -> Self {
        let end = if end < start { start } else { end };
        Self { start, end }
    }

    /// Returns the offset of the first byte.
    #[inline]
    pub const fn start(self) -> usize {
        self.start
    }

    /// Returns the offset after the last byte.
    #[inline]
    pub const fn end(self) -> usize {
        self.end
    }

    /// Returns the length in bytes.
    #[inline]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Returns whether the length is 0.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the span as a standard range.
    #[inline]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Returns whether the byte at `offset` is in the span. The byte at [`end`](Self::end) is not.
    #[inline]
    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.range()
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

impl PartialEq<Range<usize>> for Span {
    fn eq(&self, other: &Range<usize>) -> bool {
        self.start == other.start && self.end == other.end
    }
}

impl PartialEq<Span> for Range<usize> {
    fn eq(&self, other: &Span) -> bool {
        other == self
    }
}

impl Index<Span> for str {
    type Output = str;

    #[inline]
    fn index(&self, span: Span) -> &str {
        &self[span.range()]
    }
}

impl Index<Span> for String {
    type Output = str;

    #[inline]
    fn index(&self, span: Span) -> &str {
        &self[span.range()]
    }
}

/// Deserialization of spans. A span that ends before it starts is an error.
#[cfg(feature = "serde")]
mod serialized {
    use super::Span;

    #[derive(serde::Deserialize)]
    pub(super) struct Ends {
        start: usize,
        end: usize,
    }

    impl TryFrom<Ends> for Span {
        type Error = String;

        fn try_from(Ends { start, end }: Ends) -> Result<Self, String> {
            if start <= end {
                Ok(Self { start, end })
            } else {
                Err(format!("expected a span that ends at byte {start} or later, found the end {end}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_not_in_it() {
        let span = Span::new(2, 4);
        let inside: Vec<usize> = (0..6).filter(|at| span.contains(*at)).collect();
        assert_eq!(inside, [2, 3]);
        assert_eq!(span.len(), 2);
    }

    #[test]
    fn a_backward_span_is_empty() {
        let span = Span::new(5, 3);
        assert!(span.is_empty());
        assert_eq!(span, 5..5);
        assert!(!span.contains(5));
    }

    #[test]
    fn compares_with_ranges_both_ways() {
        assert_eq!(Span::new(1, 2), 1..2);
        assert_eq!(1..2, Span::new(1, 2));
        assert_ne!(Span::new(1, 2), 1..3);
        assert_ne!(Span::new(1, 2), 0..2);
        assert_eq!(Range::from(Span::from(3..7)), 3..7);
    }
}
