//! The answer to a query.

use std::fmt;
use std::ops::Range;

use super::MAX_LISTED_DOCUMENTS;
use super::longest_match::Longest;
use super::place::{Match, MatchedRun, occurrence_at, run};
use super::removals::{Reason, SourcedRemoval, SourcedRemovals, unless_all};
use super::resolve::{Source, resolve, sources};
use super::store::{Answer, Posting, Query, Store};
use super::thresholds::Thresholds;
use crate::document::Document;
use crate::error::IndexError;
use crate::repeats::Occurrence;

/// The segments of a document that inserted documents have; returned by
/// [`Index::query`](super::Index::query).
///
/// The document is compared with every document that was inserted before the query, so it matches
/// itself if it was inserted. [`Index::query_excluding`](super::Index::query_excluding) and
/// [`Index::query_and_insert`](super::Index::query_and_insert) leave out the document with the same
/// id.
///
/// Counts are those at the time of the query. The ids and spans of matching documents are read from
/// the store when they are asked for, without documents that were removed in the meantime.
///
/// A store without documents, such as a Bloom filter, answers yes or no for each segment:
/// [`document_count`](Self::document_count) is 1 for yes,
/// [`document_count_in_scope`](Self::document_count_in_scope) is 0, and methods that need documents
/// return an error.
pub struct QueryResult<'a, S> {
    store: &'a S,
    document: &'a Document<'a>,
    answer: Answer,
    /// A document that is left out.
    excluded: Option<u32>,
}

/// Segments of the queried document, the number of another document, and its equal segments.
type Run = (Range<usize>, u32, Range<usize>);

impl<'a, S: Store> QueryResult<'a, S> {
    pub(super) fn new(
        store: &'a S,
        document: &'a Document<'_>,
        answer: Answer,
        excluded: Option<u32>,
    ) -> Self {
        Self { store, document, answer, excluded }
    }

    /// Returns the postings of each of `segments` that are listed: those of documents that were
    /// known at the time of the query.
    fn postings(&self, segments: Range<usize>) -> Result<Vec<Vec<Posting>>, IndexError> {
        let keys = self.document.fingerprints().get(segments).unwrap_or_default();
        let limit = MAX_LISTED_DOCUMENTS + u32::from(self.excluded.is_some());
        let answer = self.store.find(&Query { keys, scope: "", except: None, limit })?;
        let is_listed = |posting: &&Posting| {
            posting.document < self.answer.before && Some(posting.document) != self.excluded
        };
        let most = MAX_LISTED_DOCUMENTS as usize;
        let listed = |key| answer.postings(key).iter().filter(is_listed).take(most).copied().collect();
        Ok((0..keys.len()).map(listed).collect())
    }

    /// Returns the longest runs that occur in an inserted document, none of which overlap.
    fn runs(&self) -> Result<Vec<Run>, IndexError> {
        let mut documents: Vec<u32> =
            self.postings(0..self.len())?.iter().flatten().map(|posting| posting.document).collect();
        documents.sort_unstable();
        documents.dedup();
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let mut longest = Longest::new(self.document.fingerprints());
        for number in documents {
            self.store.visit(number, &mut |view| longest.compare(number, view))?;
        }
        let mut end = 0;
        let all = longest.runs();
        let runs = all.into_iter().enumerate().filter_map(|(first, run)| {
            let run = run.filter(|_| first >= end)?;
            let (len, place) = (run.len as usize, run.place as usize);
            end = first + len;
            Some((first..end, run.document, place..place + len))
        });
        Ok(runs.collect())
    }

    /// Returns the number of segments of the document.
    pub fn len(&self) -> usize {
        self.answer.counts().len()
    }

    /// Returns whether the document has no segments.
    pub fn is_empty(&self) -> bool {
        self.answer.counts().is_empty()
    }

    /// Returns the number of inserted documents that have the segment with this index: 0 if the
    /// segment is new, or if there is no such segment.
    pub fn document_count(&self, segment: usize) -> u32 {
        self.answer.counts().get(segment).map_or(0, |counts| counts.documents)
    }

    /// Returns the number of documents of the queried scope that have the segment with this index.
    pub fn document_count_in_scope(&self, segment: usize) -> u32 {
        self.answer.counts().get(segment).map_or(0, |counts| counts.in_scope)
    }

    /// Returns whether no inserted document has the segment with this index.
    pub fn is_new(&self, segment: usize) -> bool {
        self.document_count(segment) == 0
    }

    /// Returns the share of the document that inserted documents have, from 0 to 1: the bytes of
    /// its seen segments divided by the bytes of all segments, or 0 if there are none.
    pub fn seen_share(&self) -> f64 {
        let bytes = |is_counted: &dyn Fn(usize) -> bool| -> usize {
            let counted = (0..).zip(self.document.spans()).filter(|(segment, _)| is_counted(*segment));
            counted.map(|(_, span)| span.len()).sum()
        };
        let (all, seen) = (bytes(&|_| true), bytes(&|segment| !self.is_new(segment)));
        if all == 0 { 0.0 } else { seen as f64 / all as f64 }
    }

    /// Returns an iterator over the runs of segments that no inserted document has, in order.
    pub fn new_runs(&self) -> impl Iterator<Item = Occurrence> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let first = (at..self.len()).find(|segment| self.is_new(*segment))?;
            let end = (first..self.len()).find(|segment| !self.is_new(*segment)).unwrap_or(self.len());
            at = end;
            Some(run(self.document.spans(), first..end))
        })
    }

    /// Returns the documents that have the segment with this index, in the order in which they were
    /// inserted: at most [`MAX_LISTED_DOCUMENTS`](super::MAX_LISTED_DOCUMENTS).
    ///
    /// # Complexity
    ///
    /// Constant for each document in memory. A store that cannot read a part of a document reads
    /// the whole document.
    ///
    /// # Errors
    ///
    /// The store has no documents, cannot be read, or is damaged.
    pub fn matches(&self, segment: usize) -> Result<Vec<Match>, IndexError> {
        if self.is_new(segment) {
            return Ok(Vec::new());
        }
        let listed = self.postings(segment..segment + 1)?.pop();
        resolve(self.store, &listed.unwrap_or_default())
    }

    /// Returns the runs of segments that also occur in an inserted document, in order. Together
    /// they cover every segment that is not new.
    ///
    /// Each run is the longest one that starts at its first segment and occurs in one inserted
    /// document, at any position there; the next run starts after it. If several documents have it,
    /// the source is in the one that was inserted first. Only documents that are
    /// [listed](super::MAX_LISTED_DOCUMENTS) for one of the segments are compared.
    ///
    /// # Complexity
    ///
    /// O(n log n) in the worst case for n segments of this document and of those that are compared,
    /// each of which is read once; usually linear. Some 100 bytes for each segment of this document
    /// are used during the call.
    ///
    /// # Errors
    ///
    /// The store has no documents, cannot be read, or is damaged.
    pub fn matched_runs(&self) -> Result<Vec<MatchedRun>, IndexError> {
        let runs = self.runs()?;
        let places: Vec<_> =
            runs.iter().map(|(_, document, segments)| (*document, segments.clone())).collect();
        let found = runs.into_iter().zip(sources(self.store, &places)?);
        Ok(found
            .filter_map(|((own, _, segments), source)| Some(self.matched(own, segments, source?)))
            .collect())
    }

    fn matched(&self, own: Range<usize>, segments: Range<usize>, source: Source) -> MatchedRun {
        let Source { document, scope, span } = source;
        let own = run(self.document.spans(), own);
        MatchedRun::new(own, document, scope, occurrence_at(segments, span))
    }

    /// Returns the removals of the segments with these indices, each with a source in an inserted
    /// document. New segments and indices out of range are ignored, and if nothing would be left,
    /// nothing is removed.
    ///
    /// The reason of all of them is [`Reason::Seen`]. Its count is that of the rarest segment of
    /// the run, which is an upper bound for the documents that have the whole run.
    ///
    /// Boilerplate and copied passages can be removed at once:
    ///
    /// ```
    /// use refrain::Document;
    /// use refrain::index::{Index, Page};
    ///
    /// let index = Index::new();
    /// let texts =
    ///     ["Home\nA storm.\nIt rains.", "Home\nA calm.", "Home\nToo.\nA storm.\nIt rains."];
    /// for (number, text) in texts.iter().enumerate() {
    ///     let (id, document) = (number.to_string(), Document::new(text));
    ///     index.insert(Page { id: &id, scope: "a.example", document: &document })?;
    /// }
    /// let document = Document::new(texts[2]);
    /// let page = Page { id: "2", scope: "a.example", document: &document };
    /// let removals = index.query_excluding(page)?.removals(&[0, 2, 3])?;
    /// assert!(removals.spans().eq([0..5, 10..28]));
    /// assert_eq!(removals.apply(), "Too.\n");
    /// let last = &removals.removals()[1];
    /// assert_eq!((last.document(), last.source().span()), ("0", (5..23).into()));
    /// assert_eq!(last.reason().to_string(), "seen in 1 document");
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// That of [`matched_runs`](Self::matched_runs), and linear in the length of the text.
    ///
    /// # Errors
    ///
    /// Those of [`matched_runs`](Self::matched_runs).
    pub fn removals(&self, segments: &[usize]) -> Result<SourcedRemovals<'a>, IndexError> {
        let mut is_chosen = vec![false; self.len()];
        for segment in segments {
            if let Some(chosen) = is_chosen.get_mut(*segment) {
                *chosen = true;
            }
        }
        let mut parts = Vec::new();
        for (own, document, source) in self.runs()? {
            let mut at = own.start;
            for chosen in is_chosen[own.clone()].chunk_by(|a, b| a == b) {
                let place = source.start + (at - own.start);
                if chosen[0] {
                    parts.push((at..at + chosen.len(), document, place..place + chosen.len()));
                }
                at += chosen.len();
            }
        }
        let places: Vec<_> = parts.iter().map(|(_, document, source)| (*document, source.clone())).collect();
        let found = parts.into_iter().zip(sources(self.store, &places)?);
        let removals = found.filter_map(|((own, _, segments), source)| {
            let documents = own.clone().map(|segment| self.document_count(segment)).min().unwrap_or_default();
            Some(SourcedRemoval::new(self.matched(own, segments, source?), Reason::Seen { documents }))
        });
        Ok(SourcedRemovals::new(self.document, removals.collect()))
    }

    /// Returns the indices of the segments that were boilerplate of the queried scope at the time
    /// of the query, in order, or none if all of them were: a document is never emptied.
    ///
    /// The queried document is not counted, unless [`Index::query`](super::Index::query) finds it
    /// in the index. With the default thresholds, a segment is listed from the fourth page on. For
    /// a finished crawl, use [`Index::boilerplate`](super::Index::boilerplate).
    ///
    /// [`Document::remove_segments`] removes them. [`removals`](Self::removals) also gives sources.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments. The store is not read.
    ///
    /// # Errors
    ///
    /// The store does not count the documents of a scope.
    pub fn boilerplate(&self, thresholds: Thresholds) -> Result<Vec<usize>, IndexError> {
        self.store.check_counts()?;
        let least = thresholds.required(self.answer.scope_documents);
        let all = (0..self.len()).filter(|segment| self.document_count_in_scope(*segment) >= least);
        Ok(unless_all(all.collect(), self.len()))
    }
}

impl<S> fmt::Debug for QueryResult<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.answer.counts();
        f.debug_struct("QueryResult")
            .field("segments", &counts.len())
            .field("new", &counts.iter().filter(|counts| counts.documents == 0).count())
            .field("scope_documents", &self.answer.scope_documents)
            .finish_non_exhaustive()
    }
}
