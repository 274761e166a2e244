//! The answers of an index of passages.

use std::slice;

use crate::span::Span;

/// A passage: a run of words that also occurs at an earlier place, in another document or in the
/// same one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Passage {
    pub(super) span: Span,
    pub(super) words: usize,
    pub(super) document: String,
    pub(super) source: Span,
    #[cfg_attr(feature = "serde", serde(rename = "source_removed"))]
    pub(super) is_source_removed: bool,
}

impl Passage {
    /// Returns the span of the passage, in bytes of the text that was given.
    ///
    /// The span begins and ends at white space, unless another word directly precedes its first
    /// word or directly follows its last one. In a script without spaces, the span ends before the
    /// next word.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the number of words.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Returns the id of the document that has the source.
    ///
    /// This is the earliest document that has the window from which the passage was found. Another
    /// document may have more of the text in common.
    pub fn document_id(&self) -> &str {
        &self.document
    }

    /// Returns the span of the source, in bytes of the text with which its document was inserted.
    pub fn source(&self) -> Span {
        self.source
    }

    /// Returns whether the document of the source was
    /// [marked as removed](super::Passages::mark_removed).
    pub fn is_source_removed(&self) -> bool {
        self.is_source_removed
    }
}

/// The passages of a text, in order.
///
/// Starts ascend, and so do ends: no passage lies in another one. Two passages may overlap.
///
/// # JSON
///
/// With the feature `serde`, an answer can be written as JSON. Spans are in bytes.
///
/// ```json
/// {
///   "passages": [{
///     "span": { "start": 120, "end": 480 },
///     "words": 61,
///     "document": "a.example/1",
///     "source": { "start": 0, "end": 360 },
///     "source_removed": false
///   }],
///   "words": 200,
///   "passage_words": 61
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FoundPassages {
    pub(super) passages: Vec<Passage>,
    pub(super) words: usize,
    pub(super) passage_words: usize,
}

impl FoundPassages {
    /// Returns whether there is no passage.
    pub fn is_empty(&self) -> bool {
        self.passages.is_empty()
    }

    /// Returns the number of passages.
    pub fn len(&self) -> usize {
        self.passages.len()
    }

    /// Returns an iterator over the passages, in the order of the text.
    pub fn iter(&self) -> slice::Iter<'_, Passage> {
        self.passages.iter()
    }

    /// Returns the passages, in the order of the text.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// Returns the number of words of the text.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Returns the number of words that are in a passage. A word in two passages counts once.
    pub fn passage_words(&self) -> usize {
        self.passage_words
    }

    /// Returns the share of the words that are in a passage, from 0 to 1; 0 if there are no words.
    pub fn share(&self) -> f64 {
        if self.words == 0 { 0.0 } else { self.passage_words as f64 / self.words as f64 }
    }
}

impl<'a> IntoIterator for &'a FoundPassages {
    type Item = &'a Passage;
    type IntoIter = slice::Iter<'a, Passage>;

    fn into_iter(self) -> slice::Iter<'a, Passage> {
        self.iter()
    }
}

impl IntoIterator for FoundPassages {
    type Item = Passage;
    type IntoIter = std::vec::IntoIter<Passage>;

    fn into_iter(self) -> std::vec::IntoIter<Passage> {
        self.passages.into_iter()
    }
}
