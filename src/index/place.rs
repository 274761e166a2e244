//! Places in other documents.

use std::ops::Range;

use crate::id::id;
use crate::repeats::Occurrence;
use crate::span::Span;

/// The first occurrence of a segment in another document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Match {
    document: String,
    scope: String,
    segment: usize,
    span: Span,
}

impl Match {
    pub(super) fn new(document: String, scope: String, segment: usize, span: Span) -> Self {
        Self { document, scope, segment, span }
    }

    /// Returns the id of the document.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// Returns the scope of the document.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Returns the index of the segment in the document.
    pub fn segment(&self) -> usize {
        self.segment
    }

    /// Returns the span of the segment in the text of the document.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the match as a run of one segment, which is `occurrence` in the queried document.
    pub(super) fn as_run(&self, occurrence: Occurrence) -> MatchedRun {
        let source = occurrence_at(self.segment..self.segment + 1, self.span);
        MatchedRun { occurrence, document: self.document.clone(), scope: self.scope.clone(), source }
    }
}

/// A run of segments of a queried document that also occurs in another document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MatchedRun {
    occurrence: Occurrence,
    document: String,
    scope: String,
    source: Occurrence,
}

impl MatchedRun {
    pub(super) fn new(occurrence: Occurrence, document: String, scope: String, source: Occurrence) -> Self {
        Self { occurrence, document, scope, source }
    }

    /// Returns the run in the queried document.
    pub fn occurrence(&self) -> Occurrence {
        self.occurrence
    }

    /// Returns the id of the other document.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// Returns the scope of the other document.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Returns the run in the other document.
    pub fn source(&self) -> Occurrence {
        self.source
    }
}

/// Returns the run `segments` of a document whose segments have these spans.
pub(super) fn run(spans: &[Span], segments: Range<usize>) -> Occurrence {
    let first = spans.get(segments.start).map_or(0, |span| span.start());
    let last = segments.end.checked_sub(1).and_then(|last| spans.get(last));
    occurrence_at(segments, Span::new(first, last.map_or(first, |span| span.end())))
}

/// Returns a run with this span. A document has fewer than 2^32 segments.
pub(super) fn occurrence_at(segments: Range<usize>, span: Span) -> Occurrence {
    let number = |segment: usize| id(segment);
    Occurrence::at(number(segments.start), number(segments.end), span)
}
