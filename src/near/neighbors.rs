//! The near duplicates that an index returns.

use crate::span::Span;

/// A near duplicate of the queried text.
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Neighbor {
    pub(super) document: String,
    pub(super) part: usize,
    pub(super) span: Span,
    pub(super) similarity: f64,
    pub(super) query_containment: f64,
    pub(super) match_containment: f64,
}

impl Neighbor {
    /// Returns the id under which the text was inserted.
    pub fn document_id(&self) -> &str {
        &self.document
    }

    /// Returns the index of the text among the parts that were inserted under its id, from 0. It is
    /// 0 for a text that was inserted as a whole.
    pub fn part(&self) -> usize {
        self.part
    }

    /// Returns the span of the text in its document, in bytes.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the similarity of the two texts, computed from all shingles of both.
    pub fn similarity(&self) -> f64 {
        self.similarity
    }

    /// Returns the share of the queried text's shingles that this text has too.
    pub fn query_containment(&self) -> f64 {
        self.query_containment
    }

    /// Returns the share of this text's shingles that the queried text has too.
    pub fn match_containment(&self) -> f64 {
        self.match_containment
    }
}

/// The near duplicates of a text; returned by [`LshIndex::query`](super::LshIndex::query).
///
/// Every result was computed from all shingles of both texts, so one is a false positive only if
/// hashes of 64 bits collide.
#[derive(Clone, PartialEq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Neighbors {
    pub(super) neighbors: Vec<Neighbor>,
    pub(super) truncated_buckets: usize,
    pub(super) skipped_candidates: usize,
}

impl Neighbors {
    /// Returns an iterator over the near duplicates, by similarity, highest first. Equally similar
    /// texts are in the order of insertion.
    pub fn iter(&self) -> std::slice::Iter<'_, Neighbor> {
        self.neighbors.iter()
    }

    /// Returns the number of near duplicates.
    pub fn len(&self) -> usize {
        self.neighbors.len()
    }

    /// Returns whether no near duplicate was found.
    pub fn is_empty(&self) -> bool {
        self.neighbors.is_empty()
    }

    /// Returns the number of truncated buckets: those with more texts than
    /// [`max_candidates`](super::NearOptions::max_candidates), of which only the first inserted are
    /// listed.
    ///
    /// A template that many texts share fills buckets in this way. A text that is also similar
    /// outside of the template usually shares other buckets too, and is found there;
    /// [`skipped_candidates`](Self::skipped_candidates) shows whether one may be missing.
    pub fn truncated_buckets(&self) -> usize {
        self.truncated_buckets
    }

    /// Returns a lower bound of the number of texts that share a bucket with the queried text and
    /// were not compared.
    ///
    /// A text is skipped if enough other candidates share more buckets, if a truncated bucket does
    /// not list it, or if it shares only one bucket and that one is truncated. If the number is not
    /// 0, near duplicates may be missing, and
    /// [`NearOptions::max_candidates`](super::NearOptions::max_candidates) can be raised.
    pub fn skipped_candidates(&self) -> usize {
        self.skipped_candidates
    }
}

impl<'a> IntoIterator for &'a Neighbors {
    type Item = &'a Neighbor;
    type IntoIter = std::slice::Iter<'a, Neighbor>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
