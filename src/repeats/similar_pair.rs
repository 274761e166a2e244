//! Two segments that are similar.

use super::occurrence::Occurrence;

/// Two segments of a document that are similar and not equal.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SimilarPair {
    pub(crate) original: Occurrence,
    pub(crate) copy: Occurrence,
    pub(crate) similarity: f64,
}

impl SimilarPair {
    /// Returns the earlier segment. [`Policy::similar`](crate::Policy::similar) may keep the other
    /// one.
    pub fn original(&self) -> Occurrence {
        self.original
    }

    /// Returns the later segment.
    pub fn copy(&self) -> Occurrence {
        self.copy
    }

    /// Returns the Jaccard similarity of the shingles of three words of both segments, from the
    /// threshold of the search to 1. A similarity of 1 does not mean that the segments are equal.
    pub fn similarity(&self) -> f64 {
        self.similarity
    }
}
