//! Removals whose originals are in other documents.

use std::borrow::Cow;
use std::fmt;

use super::place::MatchedRun;
use crate::document::Document;
use crate::edits::without;
use crate::span::Span;

/// The reason for removing segments that other documents have.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Reason {
    /// Many documents of the scope have the segment.
    Boilerplate {
        /// The number of documents that have the segment.
        documents: u32,
        /// The number of documents of the scope.
        of: u32,
    },
    /// Other documents have the run, in any scope.
    Seen {
        /// The number of documents that have the rarest segment of the run: an upper bound for the
        /// documents that have the whole run.
        documents: u32,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boilerplate { documents, of } => write!(f, "in {documents} of {of} documents of the scope"),
            Self::Seen { documents: 1 } => f.write_str("seen in 1 document"),
            Self::Seen { documents } => write!(f, "seen in {documents} documents"),
        }
    }
}

/// A run of segments to be removed, the same run in an inserted document, and the reason.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SourcedRemoval {
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub(super) run: MatchedRun,
    pub(super) reason: Reason,
}

impl SourcedRemoval {
    /// Returns the run to be removed, and its source in an inserted document, which may be the
    /// document from which the run is removed, if that was inserted.
    pub fn run(&self) -> &MatchedRun {
        &self.run
    }

    /// Returns the reason.
    pub fn reason(&self) -> Reason {
        self.reason
    }
}

/// The removals of segments that other documents have; returned by
/// [`QueryResult::removals`](super::QueryResult::removals) and
/// [`Boilerplate::removals`](super::Boilerplate::removals).
///
/// The text is cut as [`edits`](crate::edits#how-a-cut-is-made) describes.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SourcedRemovals<'t> {
    #[cfg_attr(feature = "serde", serde(skip))]
    text: &'t str,
    /// Each with the index of its removal.
    cuts: Vec<(Span, usize)>,
    removals: Vec<SourcedRemoval>,
}

impl<'t> SourcedRemovals<'t> {
    /// Creates the removals, which must be in order. If they cover the whole document, nothing is
    /// removed.
    pub(super) fn new(document: &'t Document<'_>, mut removals: Vec<SourcedRemoval>) -> Self {
        let removed = removals.iter().map(|removal| removal.run.occurrence.segments().len());
        if removed.sum::<usize>() == document.len() {
            removals.clear();
        }
        let mut causes = vec![None; document.len()];
        for (number, removal) in (0..).zip(&removals) {
            causes[removal.run.occurrence.segments()].fill(Some(number));
        }
        let cuts =
            document.cuts_without(causes).into_iter().map(|cut| (cut.span, cut.cause as usize)).collect();
        Self { text: document.text(), cuts, removals }
    }

    /// Returns whether nothing is removed.
    pub fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }

    /// Returns the spans that are cut, in the order of the text, each with the index of its removal
    /// in [`removals`](Self::removals).
    pub fn cuts(&self) -> impl ExactSizeIterator<Item = (Span, usize)> + '_ {
        self.cuts.iter().copied()
    }

    /// Returns the spans that are cut, in the order of the text.
    pub fn spans(&self) -> impl ExactSizeIterator<Item = Span> + Clone + '_ {
        self.cuts.iter().map(|(span, _)| *span)
    }

    /// Returns the removals in the order of the text. If segments are sentences or words, a listed
    /// run is not cut if the text around the cut would be split into other segments. It then has no
    /// item in [`cuts`](Self::cuts).
    pub fn removals(&self) -> &[SourcedRemoval] {
        &self.removals
    }

    /// Converts a span of the cleaned text to a span of the original text.
    ///
    /// The result reaches from the first byte of `span` to its last byte, and includes the cuts
    /// between them. An empty `span` gives an empty one. If `span` ends outside of the cleaned
    /// text, the result ends outside of the original text.
    ///
    /// ```
    /// use refrain::index::{Index, Page, Thresholds};
    /// use refrain::{Document, Span};
    ///
    /// let index = Index::new();
    /// for text in ["Menu\nA storm.\n", "Menu\nA calm.\n", "Menu\nRain.\n"] {
    ///     let document = Document::new(text);
    ///     index.insert(Page { id: text, scope: "example.org", document: &document })?;
    /// }
    /// let document = Document::new("Menu\nSnow.\n");
    /// let boilerplate = index.boilerplate("example.org", Thresholds::new())?;
    /// let removals = boilerplate.removals(&document)?;
    /// assert_eq!(removals.apply(), "Snow.\n");
    /// // The first word of the cleaned text is after the menu in the original text.
    /// assert_eq!(removals.origin(Span::new(0, 4)), Span::new(5, 9));
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the number of cuts.
    pub fn origin(&self, span: Span) -> Span {
        let byte =
            |at: usize| self.spans().fold(at, |at, cut| if cut.start() <= at { at + cut.len() } else { at });
        match span.end().checked_sub(1) {
            Some(last) if !span.is_empty() => Span::new(byte(span.start()), byte(last) + 1),
            _ => Span::new(byte(span.start()), byte(span.start())),
        }
    }

    /// Returns the text that is left, borrowed if nothing is removed.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text; constant if nothing is removed.
    pub fn apply(&self) -> Cow<'t, str> {
        without(self.text, self.spans())
    }
}

/// Returns `segments`, or none if they are all segments of a document of `len` segments.
pub(super) fn unless_all(segments: Vec<usize>, len: usize) -> Vec<usize> {
    if segments.len() == len { Vec::new() } else { segments }
}
