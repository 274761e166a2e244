//! The segments that many documents of a scope share: menus, footers, notices.

use std::collections::HashMap;
use std::sync::Arc;
use std::{fmt, slice};

use super::parameters::Parameters;
use super::payload::matches;
use super::place::{Match, MatchedRun, run, run_at};
use super::removals::{Reason, SourcedRemoval, SourcedRemovals, unless_all};
use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::store::{FrequentKey, Posting, View};

/// The number and the share of the documents of a scope that must have a segment before it counts
/// as boilerplate. Both must be reached.
///
/// ```
/// use refrain::index::Thresholds;
///
/// let thresholds = Thresholds::new().min_documents(5).min_share(0.1)?;
/// assert_eq!(thresholds.required(20), 5);
/// assert_eq!(thresholds.required(1000), 100);
/// # Ok::<(), refrain::error::IndexError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Thresholds {
    min_documents: u32,
    #[cfg_attr(feature = "serde", serde(deserialize_with = "share"))]
    min_share: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { min_documents: 3, min_share: 0.3 }
    }
}

impl Thresholds {
    /// Creates the default thresholds: three documents, and 30 % of the documents of the scope.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the minimum number of documents, 3 by default. A number below 2 counts as 2, because a
    /// segment of one document is not boilerplate.
    #[must_use]
    pub fn min_documents(self, documents: u32) -> Self {
        Self { min_documents: documents, ..self }
    }

    /// Sets the minimum share of the documents of the scope, 0.3 by default.
    ///
    /// # Errors
    ///
    /// [`IndexError::Share`] if `share` is not in (0, 1].
    pub fn min_share(self, share: f64) -> Result<Self, IndexError> {
        let is_valid = share > 0.0 && share <= 1.0;
        if is_valid { Ok(Self { min_share: share, ..self }) } else { Err(IndexError::Share { share }) }
    }

    /// Returns how many of the `documents` documents of a scope must have a segment: the share
    /// rounded up, and at least the minimum.
    ///
    /// A scope of one or two documents has no boilerplate by default.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates"
    )]
    pub fn required(self, documents: u32) -> u32 {
        // An excess of less than a millionth of a document is a rounding error.
        let part = (f64::from(documents) * self.min_share - 1e-6).ceil() as u32;
        self.min_documents.max(part).max(2)
    }
}

/// Reads a share, which is checked.
#[cfg(feature = "serde")]
fn share<'de, D: serde::Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let share = serde::Deserialize::deserialize(from)?;
    let checked = Thresholds::new().min_share(share).map_err(serde::de::Error::custom)?;
    Ok(checked.min_share)
}

/// A segment that many documents of a scope have.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BoilerplateSegment {
    fingerprint: Fingerprint,
    documents: u32,
    example: Match,
}

impl BoilerplateSegment {
    /// Returns the fingerprint of the segment.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Returns the number of documents of the scope that have the segment.
    pub fn document_count(&self) -> u32 {
        self.documents
    }

    /// Returns the first occurrence in the earliest of these documents.
    pub fn example(&self) -> &Match {
        &self.example
    }
}

/// The boilerplate of a scope, most frequent segments first; returned by
/// [`Index::boilerplate`](super::Index::boilerplate).
///
/// The value is a snapshot: documents that are inserted later do not change it.
#[derive(Clone, PartialEq)]
pub struct Boilerplate {
    parameters: Parameters,
    documents: u32,
    /// Ordered by falling frequency, then by example.
    segments: Vec<BoilerplateSegment>,
    numbers: HashMap<Fingerprint, usize>,
}

impl Boilerplate {
    pub(super) fn read(
        view: &dyn View,
        parameters: &Parameters,
        scope: &str,
        thresholds: Thresholds,
    ) -> Result<Self, IndexError> {
        let documents = view.scope_documents(scope)?;
        let mut frequent = view.frequent(scope, thresholds.required(documents))?;
        frequent.sort_unstable_by_key(|key| (u32::MAX - key.documents, key.first, key.key));
        let first: Vec<Posting> = frequent.iter().map(|key| key.first).collect();
        let numbers = frequent.iter().map(|key| key.key).zip(0..).collect();
        let segment = |(FrequentKey { key: fingerprint, documents, .. }, example)| BoilerplateSegment {
            fingerprint,
            documents,
            example,
        };
        let segments = frequent.into_iter().zip(matches(view, &first)?).map(segment).collect();
        Ok(Self { parameters: parameters.clone(), documents, segments, numbers })
    }

    /// Returns the number of documents that the scope had.
    pub fn document_count(&self) -> u32 {
        self.documents
    }

    /// Returns the number of distinct boilerplate segments.
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// Returns whether the scope has no boilerplate.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Returns an iterator over the segments, most frequent first. Equally frequent segments are in
    /// the order in which they were inserted.
    pub fn iter(&self) -> slice::Iter<'_, BoilerplateSegment> {
        self.segments.iter()
    }

    /// Returns the boilerplate segment with this fingerprint, or `None` if there is none.
    pub fn get(&self, fingerprint: Fingerprint) -> Option<&BoilerplateSegment> {
        self.segments.get(*self.numbers.get(&fingerprint)?)
    }

    /// Returns the indices of the segments of `document` that are boilerplate, in order, or none if
    /// all of them are: a document is never emptied.
    ///
    /// [`Document::remove_segments`] removes them. [`removals`](Self::removals) also gives reasons.
    ///
    /// # Errors
    ///
    /// [`IndexError::DocumentOptions`] if the document was read with other options than the index
    /// expects.
    pub fn segments(&self, document: &Document<'_>) -> Result<Vec<usize>, IndexError> {
        self.parameters.check(document)?;
        let is_known = |segment: &usize| self.numbers.contains_key(&document.fingerprints()[*segment]);
        Ok(unless_all((0..document.len()).filter(is_known).collect(), document.len()))
    }

    /// Returns the removals that remove the boilerplate from `document`, each with the number of
    /// documents that have the segment. The source of each is the first occurrence of the segment
    /// in the earliest document that has it, which may be `document` itself if it was inserted.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text.
    pub fn removals<'d>(&self, document: &'d Document<'_>) -> Result<SourcedRemovals<'d>, IndexError> {
        let removal = |segment: usize| {
            let known = &self.segments[self.numbers[&document.fingerprints()[segment]]];
            let reason = Reason::Boilerplate { documents: known.documents, of: self.documents };
            let Match { names, segment: place, span } = &known.example;
            let occurrence = run(document.spans(), segment..segment + 1);
            let source = run_at(*place..place + 1, *span);
            let run = MatchedRun { occurrence, names: Arc::clone(names), source };
            SourcedRemoval { run, reason }
        };
        let removals = self.segments(document)?.into_iter().map(removal).collect();
        Ok(SourcedRemovals::new(document, removals))
    }
}

impl fmt::Debug for Boilerplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Boilerplate")
            .field("documents", &self.documents)
            .field("segments", &self.segments.len())
            .finish_non_exhaustive()
    }
}

impl<'a> IntoIterator for &'a Boilerplate {
    type Item = &'a BoilerplateSegment;
    type IntoIter = slice::Iter<'a, BoilerplateSegment>;

    fn into_iter(self) -> slice::Iter<'a, BoilerplateSegment> {
        self.iter()
    }
}
