//! Two segments that are similar.

use super::occurrence::Occurrence;

/// Two segments of a document that are similar and not equal.
///
/// Neither is called a copy: [`Policy::similar`](crate::Policy::similar) may keep either of them.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SimilarPair {
    pub(crate) first: Occurrence,
    pub(crate) second: Occurrence,
    pub(crate) similarity: f64,
}

impl SimilarPair {
    /// Returns the earlier segment.
    pub fn first(&self) -> Occurrence {
        self.first
    }

    /// Returns the later segment.
    pub fn second(&self) -> Occurrence {
        self.second
    }

    /// Returns the Jaccard similarity of the shingles of three words of both segments, from the
    /// threshold of the search to 1. A similarity of 1 does not mean that the segments are equal.
    pub fn similarity(&self) -> f64 {
        self.similarity
    }
}
