//! The segments that many documents of a scope share: menus, footers, notices.

use std::collections::HashMap;
use std::sync::Arc;
use std::{fmt, slice};

use super::parameters::Parameters;
use super::payload::matches;
use super::place::{Match, MatchedRun, run, run_at};
use super::removals::{Reason, SourcedRemoval, SourcedRemovals, unless_all};
use super::thresholds::Thresholds;
use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::store::{FrequentKey, Posting, View};

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
        let segment = |(key, example): (FrequentKey, Match)| BoilerplateSegment {
            fingerprint: key.key,
            documents: key.documents,
            example,
        };
        let segments: Vec<_> = frequent.into_iter().zip(matches(view, &first)?).map(segment).collect();
        let fingerprints = segments.iter().map(|segment| segment.fingerprint);
        let numbers = fingerprints.enumerate().map(|(number, fingerprint)| (fingerprint, number)).collect();
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
    /// [`IndexError::WrongDocument`] if the document was read with other options than the index
    /// expects.
    pub fn segments(&self, document: &Document<'_>) -> Result<Vec<usize>, IndexError> {
        self.parameters.check(document)?;
        let is_known = |fingerprint: &Fingerprint| self.numbers.contains_key(fingerprint);
        let all = document.fingerprints().iter().enumerate().filter(|(_, print)| is_known(print));
        Ok(unless_all(all.map(|(segment, _)| segment).collect(), document.len()))
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
            let known = self.get(*document.fingerprints().get(segment)?)?;
            let reason = Reason::Boilerplate { documents: known.documents, of: self.documents };
            let Match { names, segment: place, span } = &known.example;
            let occurrence = run(document.spans(), segment..segment + 1);
            let source = run_at(*place..place + 1, *span);
            let run = MatchedRun { occurrence, names: Arc::clone(names), source };
            Some(SourcedRemoval { run, reason })
        };
        let removals = self.segments(document)?.into_iter().filter_map(removal).collect();
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
