//! Places in other documents.

use std::ops::Range;
use std::sync::Arc;

use crate::id::id;
use crate::repeats::Occurrence;
use crate::span::Span;
use crate::store::DocumentView;

/// The id and the scope of a document, which its matches share, one after the other in one
/// allocation.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Names {
    both: Box<str>,
    id_len: usize,
}

impl Names {
    pub(super) fn of(document: &DocumentView<'_>) -> Arc<Self> {
        let DocumentView { id, scope, .. } = document;
        Arc::new(Self { both: [*id, scope].concat().into(), id_len: id.len() })
    }

    fn document_id(&self) -> &str {
        &self.both[..self.id_len]
    }

    fn scope(&self) -> &str {
        &self.both[self.id_len..]
    }
}

/// The first occurrence of a segment in an inserted document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Match {
    pub(super) names: Arc<Names>,
    pub(super) segment: usize,
    pub(super) span: Span,
}

impl Match {
    /// Returns the id of the document.
    pub fn document_id(&self) -> &str {
        self.names.document_id()
    }

    /// Returns the scope of the document.
    pub fn scope(&self) -> &str {
        self.names.scope()
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
pub struct MatchedRun {
    pub(super) occurrence: Occurrence,
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
        self.names.document_id()
    }

    /// Returns the scope of the inserted document.
    pub fn scope(&self) -> &str {
        self.names.scope()
    }

    /// Returns the run in the inserted document.
    pub fn source(&self) -> Occurrence {
        self.source
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Match {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Match<'a> {
            document: &'a str,
            scope: &'a str,
            segment: usize,
            span: Span,
        }

        let (document, scope) = (self.document_id(), self.scope());
        Match { document, scope, segment: self.segment, span: self.span }.serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for MatchedRun {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Run<'a> {
            occurrence: Occurrence,
            document: &'a str,
            scope: &'a str,
            source: Occurrence,
        }

        let (document, scope) = (self.document_id(), self.scope());
        Run { occurrence: self.occurrence, document, scope, source: self.source }.serialize(serializer)
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
