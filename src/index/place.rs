//! Places in other documents.

use std::ops::Range;
use std::sync::Arc;

use crate::id::id;
use crate::repeats::Occurrence;
use crate::span::Span;
use crate::store::DocumentView;

/// The id and the scope of a document, which its matches share.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub(super) struct Names {
    document: String,
    scope: String,
}

impl Names {
    pub(super) fn of(document: &DocumentView<'_>) -> Arc<Self> {
        Arc::new(Self { document: document.id.to_owned(), scope: document.scope.to_owned() })
    }
}

/// The first occurrence of a segment in an inserted document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Match {
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub(super) names: Arc<Names>,
    pub(super) segment: usize,
    pub(super) span: Span,
}

impl Match {
    /// Returns the id of the document.
    pub fn document_id(&self) -> &str {
        &self.names.document
    }

    /// Returns the scope of the document.
    pub fn scope(&self) -> &str {
        &self.names.scope
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
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub(super) names: Arc<Names>,
    pub(super) source: Occurrence,
}

impl MatchedRun {
    /// Returns the run in the queried document.
    pub fn occurrence(&self) -> Occurrence {
        self.occurrence
    }

    /// Returns the id of the inserted document.
    pub fn document_id(&self) -> &str {
        &self.names.document
    }

    /// Returns the scope of the inserted document.
    pub fn scope(&self) -> &str {
        &self.names.scope
    }

    /// Returns the run in the inserted document.
    pub fn source(&self) -> Occurrence {
        self.source
    }
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
