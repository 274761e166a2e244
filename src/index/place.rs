//! Places in other documents.

use std::ops::Range;
use std::sync::Arc;

use crate::id::id;
use crate::repeats::Occurrence;
use crate::span::Span;

/// The first occurrence of a segment in another document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Match {
    #[cfg_attr(feature = "serde", serde(serialize_with = "name"))]
    document: Arc<str>,
    #[cfg_attr(feature = "serde", serde(serialize_with = "name"))]
    scope: Arc<str>,
    segment: usize,
    span: Span,
}

impl Match {
    pub(super) fn new(document: Arc<str>, scope: Arc<str>, segment: usize, span: Span) -> Self {
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
        let source = run_at(self.segment..self.segment + 1, self.span);
        MatchedRun { occurrence, document: self.document.clone(), scope: self.scope.clone(), source }
    }
}

/// A run of segments of a queried document that also occurs in another document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MatchedRun {
    pub(super) occurrence: Occurrence,
    #[cfg_attr(feature = "serde", serde(serialize_with = "name"))]
    pub(super) document: Arc<str>,
    #[cfg_attr(feature = "serde", serde(serialize_with = "name"))]
    pub(super) scope: Arc<str>,
    pub(super) source: Occurrence,
}

impl MatchedRun {
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

#[cfg(feature = "serde")]
fn name<S: serde::Serializer>(name: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name)
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
