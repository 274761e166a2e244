//! The answer to a query.

use std::ops::Range;
use std::sync::Arc;
use std::{fmt, mem};

use super::MAX_LISTED_DOCUMENTS;
use super::boilerplate::Thresholds;
use super::payload::{matches, spans};
use super::place::{Match, MatchedRun, Names, run, run_at};
use super::removals::{Reason, SourcedRemoval, SourcedRemovals, unless_all};
use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::repeats::Occurrence;
use crate::span::Span;
use crate::store::{Answer, Query, View};
use crate::work;

/// How much a query returns. Each level includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Detail {
    /// For each segment, the number of documents that have it.
    #[default]
    Counts,
    /// Also the earliest of these documents, with the span of the segment there:
    /// [`QueryResult::matches`].
    Matches,
    /// Also the runs of segments that occur together in an inserted document:
    /// [`QueryResult::matched_runs`], which [`QueryResult::removals`] needs.
    Runs,
}

/// The result of looking up the segments of a document in an index; returned by
/// [`Index::query`](super::Index::query).
///
/// [The module](super#does-a-query-match-the-document-itself) describes when a document matches
/// itself.
///
/// The result is a value of its own, which later changes of the index do not affect. Its memory is
/// linear in the number of segments of the document.
#[derive(Clone, PartialEq, Eq)]
pub struct QueryResult {
    /// Without its postings, which `matches` replaces.
    answer: Answer,
    spans: Vec<Span>,
    matches: Vec<Match>,
    runs: Vec<MatchedRun>,
    /// For each segment, its span in the source of the run that covers it, if there is one.
    sources: Vec<Span>,
}

impl QueryResult {
    /// Looks up a document, without the one with the id `except`, in a view of the store.
    pub(super) fn read(
        view: &dyn View,
        document: &Document<'_>,
        scope: &str,
        except: Option<&str>,
        detail: Detail,
    ) -> Result<Self, IndexError> {
        let limit = if detail == Detail::Counts { 0 } else { MAX_LISTED_DOCUMENTS };
        let mut answer = view.find(&Query { keys: document.fingerprints(), scope, except, limit })?;
        if answer.counts.len() != document.len() {
            let how = format!("it answered {} keys of {}", answer.counts.len(), document.len());
            return Err(IndexError::damaged("the store", how));
        }
        let found = match detail {
            Detail::Runs => runs(view, document.fingerprints(), &answer)?,
            _ => Vec::new(),
        };
        let matches = matches(view, &mem::take(&mut answer.postings))?;
        let sources = vec![Span::default(); if found.is_empty() { 0 } else { document.len() }];
        let mut result =
            Self { answer, spans: document.spans().to_vec(), matches, runs: Vec::new(), sources };
        for Run { own, document, place } in found {
            view.document(document, &mut |source| {
                let mut span = spans(source);
                for (place, source) in (place..).zip(&mut result.sources[own.clone()]) {
                    *source = span(place)?;
                }
                let run = result.run(own.clone(), place, Names::of(source));
                result.runs.push(run);
                Ok(())
            })?;
        }
        Ok(result)
    }

    /// Returns the run of the segments `own`, whose source begins at segment `place` there.
    fn run(&self, own: Range<usize>, place: usize, names: Arc<Names>) -> MatchedRun {
        let (start, end) = (self.sources[own.start].start(), self.sources[own.end - 1].end());
        let source = run_at(place..place + own.len(), Span::new(start, end.max(start)));
        MatchedRun { occurrence: run(&self.spans, own), names, source }
    }

    /// Returns the number of segments of the document.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns whether the document has no segments.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Returns the number of inserted documents that have the segment with this index: 0 if the
    /// segment is new, or if there is no such segment.
    pub fn document_count(&self, segment: usize) -> u32 {
        self.answer.counts.get(segment).map_or(0, |counts| counts.documents)
    }

    /// Returns the number of documents of the queried scope that have the segment with this index;
    /// 0 if there is no such segment.
    pub fn document_count_in_scope(&self, segment: usize) -> u32 {
        self.answer.counts.get(segment).map_or(0, |counts| counts.in_scope)
    }

    /// Returns whether no inserted document has the segment with this index; `true` if there is no
    /// such segment.
    pub fn is_new(&self, segment: usize) -> bool {
        self.document_count(segment) == 0
    }

    /// Returns the share of the document that was seen, from 0 to 1: the bytes of
    /// its seen segments divided by the bytes of all segments, or 0 if there are none.
    pub fn seen_share(&self) -> f64 {
        let (mut all, mut seen) = (0, 0);
        for (span, counts) in self.spans.iter().zip(&self.answer.counts) {
            all += span.len();
            seen += if counts.documents > 0 { span.len() } else { 0 };
        }
        if all == 0 { 0.0 } else { seen as f64 / all as f64 }
    }

    /// Returns an iterator over the runs of segments that no inserted document has, in order.
    pub fn new_runs(&self) -> impl Iterator<Item = Occurrence> + '_ {
        let runs = self.answer.counts.chunk_by(|a, b| (a.documents == 0) == (b.documents == 0));
        let mut first = 0;
        runs.filter_map(move |counts| {
            let range = first..first + counts.len();
            first = range.end;
            (counts[0].documents == 0).then(|| run(&self.spans, range))
        })
    }

    /// Returns the documents that have the segment with this index, in the order in which they were
    /// inserted: at most [`MAX_LISTED_DOCUMENTS`](super::MAX_LISTED_DOCUMENTS). There are none if
    /// the segment is new, or if the query did not ask for [`Detail::Matches`].
    pub fn matches(&self, segment: usize) -> &[Match] {
        &self.matches[self.answer.range(segment)]
    }

    /// Returns the runs of segments that also occur in an inserted document, in order. Together
    /// they cover every segment that is not new. There are none if the query did not ask for
    /// [`Detail::Runs`].
    ///
    /// Runs are chosen from the start of the document to its end. Each begins at the first seen
    /// segment that no earlier run covers. Each [listed](super::MAX_LISTED_DOCUMENTS) document of
    /// this segment is compared from its first occurrence of the segment on. The document with the
    /// longest match is chosen, or the earliest of several. A match is joined to the run directly
    /// before it if that run is not longer than the match, and is directly before it in the chosen
    /// document too.
    ///
    /// ```
    /// use refrain::Document;
    /// use refrain::index::{Detail, Index, Page};
    ///
    /// let index = Index::new();
    /// let page = Document::new("a\nb\nc\nd");
    /// index.insert(Page { id: "1", scope: "", document: &page })?;
    /// let result = index.query("", &Document::new("a\nb\nX\nc\nd\na"), Detail::Runs)?;
    /// let runs = result.matched_runs().iter().map(|run| run.occurrence().segments());
    /// assert_eq!(runs.collect::<Vec<_>>(), [0..2, 3..5, 5..6]);
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    pub fn matched_runs(&self) -> &[MatchedRun] {
        &self.runs
    }

    /// Returns the removals of the segments of `document` with these indices, each with a source in
    /// an inserted document. New segments are ignored, and if nothing would be left, nothing is
    /// removed. The query must have asked for [`Detail::Runs`]; otherwise nothing is removed.
    ///
    /// The reason of all of them is [`Reason::Seen`]. Its count is that of the rarest segment of
    /// the run, which is an upper bound for the documents that have the whole run.
    ///
    /// Boilerplate and copied passages can be removed at once:
    ///
    /// ```
    /// use refrain::Document;
    /// use refrain::index::{Detail, Index, Page};
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
    /// let result = index.query_excluding(page, Detail::Runs)?;
    /// let removals = result.removals(&document, &[0, 2, 3])?;
    /// assert!(removals.spans().eq([0..5, 10..28]));
    /// assert_eq!(removals.apply(), "Too.\n");
    /// let last = &removals.removals()[1];
    /// assert_eq!((last.run().document_id(), last.run().source().span()), ("0", (5..23).into()));
    /// assert_eq!(last.reason().to_string(), "seen in 1 document");
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text.
    ///
    /// # Errors
    ///
    /// [`IndexError::OtherDocument`] if the segments of `document` have other spans than those of
    /// the queried document (the text is not compared); [`IndexError::Segment`] if it has no
    /// segment with one of the indices.
    pub fn removals<'t>(
        &self,
        document: &'t Document<'_>,
        segments: &[usize],
    ) -> Result<SourcedRemovals<'t>, IndexError> {
        if self.spans != document.spans() {
            return Err(IndexError::OtherDocument);
        }
        let mut is_chosen = vec![false; self.len()];
        for segment in segments {
            let missing = || IndexError::Segment { segment: *segment, segments: self.len() };
            *is_chosen.get_mut(*segment).ok_or_else(missing)? = true;
        }
        let mut removals = Vec::new();
        for run in &self.runs {
            let own = run.occurrence.segments();
            let mut at = own.start;
            for chosen in is_chosen[own.clone()].chunk_by(|a, b| a == b) {
                let part = at..at + chosen.len();
                at = part.end;
                if chosen[0] {
                    let documents = part.clone().map(|segment| self.document_count(segment)).min();
                    let reason = Reason::Seen { documents: documents.unwrap_or(0) };
                    let place = run.source.segments().start + (part.start - own.start);
                    let part = self.run(part, place, Arc::clone(&run.names));
                    removals.push(SourcedRemoval { run: part, reason });
                }
            }
        }
        Ok(SourcedRemovals::new(document, removals))
    }

    /// Returns the indices of the segments that were boilerplate of the queried scope at the time
    /// of the query, in order, or none if all of them were: a document is never emptied.
    ///
    /// The queried document is not counted, unless [`Index::query`](super::Index::query) finds it
    /// in the index. If the pages of a scope are passed to
    /// [`Index::query_and_insert`](super::Index::query_and_insert) one after another, a segment
    /// that all of them have is listed from the fourth page on, with the default thresholds. For a
    /// finished crawl, use [`Index::boilerplate`](super::Index::boilerplate).
    ///
    /// [`Document::remove_segments`] removes them. [`removals`](Self::removals) also gives sources.
    pub fn boilerplate(&self, thresholds: Thresholds) -> Vec<usize> {
        let required = thresholds.required(self.answer.scope_documents);
        let all = (0..self.len()).filter(|segment| self.document_count_in_scope(*segment) >= required);
        unless_all(all.collect(), self.len())
    }
}

/// Equal segments of the queried document and of another one.
struct Run {
    own: Range<usize>,
    document: u32,
    /// The first segment in the other document.
    place: usize,
}

/// Returns the runs that [`QueryResult::matched_runs`] describes.
///
/// For each run, at most [`MAX_LISTED_DOCUMENTS`] documents are compared from one place on, up to
/// its length. A run is compared again only with one that is at least as long as the two become
/// together, so the number of steps is O(n log n) for n segments.
fn runs(view: &dyn View, keys: &[Fingerprint], answer: &Answer) -> Result<Vec<Run>, IndexError> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < keys.len() {
        let mut best: Option<Run> = None;
        for posting in answer.postings(at) {
            let (document, place) = (posting.document, posting.place as usize);
            view.document(document, &mut |found| {
                let equal = |step: &usize| {
                    work::count(1);
                    keys.get(at + step).is_some_and(|key| found.key(place + step) == Some(*key))
                };
                let len = (0..).take_while(equal).count();
                if best.as_ref().is_none_or(|best| len > best.own.len()) {
                    best = Some(Run { own: at..at + len, document, place });
                }
                Ok(())
            })?;
        }
        let Some(mut run) = best.filter(|run| !run.own.is_empty()) else {
            at += 1;
            continue;
        };
        at = run.own.end;
        view.document(run.document, &mut |found| {
            while let Some(before) = runs.last() {
                let len = before.own.len();
                let touches = before.own.end == run.own.start && len <= run.own.len();
                let Some(place) = run.place.checked_sub(len).filter(|_| touches) else { break };
                let mut equal = before.own.clone().zip(place..);
                work::count(len);
                if !equal.all(|(own, place)| found.key(place) == Some(keys[own])) {
                    break;
                }
                run = Run { own: before.own.start..run.own.end, document: run.document, place };
                runs.pop();
            }
            Ok(())
        })?;
        runs.push(run);
    }
    Ok(runs)
}

impl fmt::Debug for QueryResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryResult")
            .field("segments", &self.len())
            .field("new", &self.answer.counts.iter().filter(|counts| counts.documents == 0).count())
            .field("runs", &self.runs)
            .field("scope_documents", &self.answer.scope_documents)
            .finish_non_exhaustive()
    }
}

/// A map with `scope_documents` and `segments`, each of which has its span, its counts and its
/// matches, and `runs`.
#[cfg(feature = "serde")]
impl serde::Serialize for QueryResult {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        #[derive(serde::Serialize)]
        struct Segment<'a> {
            span: Span,
            documents: u32,
            documents_in_scope: u32,
            matches: &'a [Match],
        }

        let segment = |at: usize| Segment {
            span: self.spans[at],
            documents: self.document_count(at),
            documents_in_scope: self.document_count_in_scope(at),
            matches: self.matches(at),
        };
        let segments: Vec<Segment<'_>> = (0..self.len()).map(segment).collect();
        let mut result = serializer.serialize_struct("QueryResult", 3)?;
        result.serialize_field("scope_documents", &self.answer.scope_documents)?;
        result.serialize_field("segments", &segments)?;
        result.serialize_field("runs", &self.runs)?;
        result.end()
    }
}
