//! Places in other documents.

use std::ops::Range;
use std::sync::Arc;

use crate::id::id;
use crate::repeats::Occurrence;
use crate::span::Span;
use crate::store::DocumentView;

/// The first occurrence of a segment in an inserted document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Match {
    pub(super) document: Arc<str>,
    pub(super) scope: Arc<str>,
    pub(super) segment: usize,
    pub(super) span: Span,
}

impl Match {
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
}

/// A run of segments of a queried document that also occurs in an inserted document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MatchedRun {
    pub(super) occurrence: Occurrence,
    pub(super) document: Arc<str>,
    pub(super) scope: Arc<str>,
    pub(super) source: Occurrence,
}

impl MatchedRun {
    /// Returns the run in the queried document.
    pub fn occurrence(&self) -> Occurrence {
        self.occurrence
    }

    /// Returns the id of the inserted document.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// Returns the scope of the inserted document.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Returns the run in the inserted document.
    pub fn source(&self) -> Occurrence {
        self.source
    }
}

/// Returns the id and the scope of a document, which its matches share.
pub(super) fn names(document: &DocumentView<'_>) -> [Arc<str>; 2] {
    [document.id.into(), document.scope.into()]
}

/// Returns the run `segments`, which is not empty, of a document whose segments have these spans.
pub(super) fn run(spans: &[Span], segments: Range<usize>) -> Occurrence {
    let span = Span::new(spans[segments.start].start(), spans[segments.end - 1].end());
    run_at(segments, span)
}

/// Returns a run with this span.
pub(super) fn run_at(segments: Range<usize>, span: Span) -> Occurrence {
    Occurrence::at(id(segments.start), id(segments.end), span)
}
