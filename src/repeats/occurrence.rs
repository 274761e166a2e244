//! A run of segments.

use std::ops::Range;

use crate::span::Span;

/// A run of one or more segments at one place of a document.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(into = "Serialized"))]
pub struct Occurrence {
    /// A document has fewer than 2^32 segments.
    first: u32,
    end: u32,
    span: Span,
}

impl Occurrence {
    /// Creates the run `first..end`, which must not be empty, of the segments with these spans.
    pub(crate) fn new(spans: &[Span], first: u32, end: u32) -> Self {
        let span = Span::new(spans[first as usize].start(), spans[end as usize - 1].end());
        Self { first, end, span }
    }

    /// Creates the run `first..end` of segments with the span of the whole run.
    pub(crate) fn at(first: u32, end: u32, span: Span) -> Self {
        Self { first, end, span }
    }

    /// Returns the indices of the segments.
    pub fn segments(self) -> Range<usize> {
        self.first as usize..self.end as usize
    }

    /// Returns the span from the start of the first segment to the end of the last one, in bytes of
    /// the text.
    pub fn span(self) -> Span {
        self.span
    }
}

/// The form in which an occurrence is serialized: two spans, of segments and of bytes.
#[cfg(feature = "serde")]
#[derive(serde::Serialize)]
struct Serialized {
    segments: Span,
    span: Span,
}

#[cfg(feature = "serde")]
impl From<Occurrence> for Serialized {
    fn from(Occurrence { first, end, span }: Occurrence) -> Self {
        Self { segments: Span::new(first as usize, end as usize), span }
    }
}
