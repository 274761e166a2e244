//! What was seen before of one document.

use std::fmt;
use std::ops::Range;

use super::LISTED;
use super::boilerplate::Thresholds;
use super::longest::Longest;
use super::removal::{Reason, Removal, Removals};
use super::store::{Found, Posting, Query, Store};
use super::there::{There, there};
use crate::document::Document;
use crate::error::IndexError;
use crate::repeats::Occurrence;
use crate::span::Span;

/// Where a segment stands in another document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Match {
    document: String,
    scope: String,
    segment: usize,
    span: Span,
}

impl Match {
    /// The name of the document.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// Its scope.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The number of the segment there: the first, where the document says it several times.
    pub fn segment(&self) -> usize {
        self.segment
    }

    /// Its span there.
    pub fn span(&self) -> Span {
        self.span
    }
}

/// A run of segments that stands in a row in another document too.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Block {
    here: Occurrence,
    document: String,
    scope: String,
    there: Occurrence,
}

impl Block {
    /// Where it stands in the document that was looked at.
    pub fn here(&self) -> Occurrence {
        self.here
    }

    /// The name of the other document.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// Its scope.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Where it stands there.
    pub fn there(&self) -> Occurrence {
        self.there
    }
}

/// What was seen before of a document: the answer of [`Index::look`](super::Index::look).
///
/// It is what the index knew when it was asked. The names and places of other documents are read when they
/// are asked for; a document that was forgotten in the meantime is not listed any more.
///
/// With a store that keeps no documents, as a Bloom filter, there is a yes or no for each segment:
/// `documents` is 1 for a yes, `documents_in_scope` is 0, and what needs other documents is an error.
pub struct Seen<'a, S> {
    store: &'a S,
    doc: &'a Document<'a>,
    found: Found,
    /// A document that is left out.
    except: Option<u32>,
}

/// Segments here, the number of another document, and its segments that are equal.
type Shared = (Range<usize>, u32, Range<usize>);

impl<'a, S: Store> Seen<'a, S> {
    pub(super) fn new(store: &'a S, doc: &'a Document<'_>, found: Found, except: Option<u32>) -> Self {
        Self { store, doc, found, except }
    }

    /// The documents that have each of some segments, as far as they are listed: those known when the index
    /// was asked.
    fn postings(&self, segments: Range<usize>) -> Result<Vec<Vec<Posting>>, IndexError> {
        let keys = self.doc.fingerprints().get(segments).unwrap_or_default();
        let limit = LISTED + u32::from(self.except.is_some());
        let found = self.store.find(&Query { keys, scope: "", except: None, limit })?;
        let is_listed = |posting: &&Posting| {
            posting.document < self.found.before && Some(posting.document) != self.except
        };
        let listed =
            |key| found.postings(key).iter().filter(is_listed).take(LISTED as usize).copied().collect();
        Ok((0..keys.len()).map(listed).collect())
    }

    /// The longest runs that stand in another document, each behind the one before it.
    fn runs(&self) -> Result<Vec<Shared>, IndexError> {
        let mut documents: Vec<u32> =
            self.postings(0..self.len())?.iter().flatten().map(|posting| posting.document).collect();
        documents.sort_unstable();
        documents.dedup();
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let mut longest = Longest::new(self.doc.fingerprints());
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

    /// How many segments the document has.
    pub fn len(&self) -> usize {
        self.found.held().len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.found.held().is_empty()
    }

    /// How many documents have the segment with number `segment`: 0 if it is new.
    pub fn documents(&self, segment: usize) -> u32 {
        self.found.held().get(segment).map_or(0, |held| held.documents)
    }

    /// How many of them are of the scope that was asked about.
    pub fn documents_in_scope(&self, segment: usize) -> u32 {
        self.found.held().get(segment).map_or(0, |held| held.in_scope)
    }

    /// Whether no other document has the segment.
    pub fn is_new(&self, segment: usize) -> bool {
        self.documents(segment) == 0
    }

    /// How much of the document was seen before, from 0 to 1: the bytes of segments that are not new, as a
    /// part of the bytes of all. 0 for a document without segments.
    pub fn share(&self) -> f64 {
        let of = |segments: &mut dyn Iterator<Item = usize>| -> usize {
            segments.filter_map(|segment| self.doc.spans().get(segment)).map(|span| span.len()).sum()
        };
        let all = of(&mut (0..self.len()));
        let seen = of(&mut (0..self.len()).filter(|segment| !self.is_new(*segment)));
        if all == 0 { 0.0 } else { seen as f64 / all as f64 }
    }

    /// What is new: the runs of segments that no other document has, in order.
    pub fn news(&self) -> impl Iterator<Item = Occurrence> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let first = (at..self.len()).find(|segment| self.is_new(*segment))?;
            let end = (first..self.len()).find(|segment| !self.is_new(*segment)).unwrap_or(self.len());
            at = end;
            Some(run(self.doc.spans(), first..end))
        })
    }

    /// The documents that have a segment, those learnt first in front: at most [`LISTED`](super::LISTED).
    ///
    /// # Complexity
    ///
    /// In memory, a constant for each. A store that cannot show a part of a document reads the whole.
    ///
    /// # Errors
    ///
    /// The store keeps no documents, or cannot be read; a document is damaged.
    pub fn matches(&self, segment: usize) -> Result<Vec<Match>, IndexError> {
        if self.is_new(segment) {
            return Ok(Vec::new());
        }
        let listed = self.postings(segment..segment + 1)?.pop();
        resolve(self.store, &listed.unwrap_or_default())
    }

    /// What was seen before as runs: each is the longest that begins there and stands in a row in one other
    /// document, wherever it stands there; of several, the one in the document learnt first, and the first in
    /// it. The next begins after it. Together they cover every segment that is not new. Only documents that
    /// are [listed](super::LISTED) for one of the segments are compared.
    ///
    /// # Complexity
    ///
    /// O(n log n) at the worst for n segments, of this document and of those that are compared, each of which
    /// is read once; linear, as a rule. Some 100 bytes for each segment of this document while it runs, and
    /// nothing for those of others.
    ///
    /// # Errors
    ///
    /// The store keeps no documents, or cannot be read; a document is damaged.
    pub fn blocks(&self) -> Result<Vec<Block>, IndexError> {
        let runs = self.runs()?;
        let places: Vec<_> = runs.iter().map(|(_, document, there)| (*document, there.clone())).collect();
        let blocks = runs.into_iter().zip(there(self.store, &places)?);
        Ok(blocks
            .filter_map(|((here, _, segments), there)| Some(self.block(here, segments, there?)))
            .collect())
    }

    fn block(&self, here: Range<usize>, segments: Range<usize>, there: There) -> Block {
        let There { document, scope, span } = there;
        Block { here: run(self.doc.spans(), here), document, scope, there: occurrence(segments, span) }
    }

    /// What goes if some segments do: the spans, and for each run of segments where it stands in another
    /// document. What stands in no other document stays, and if all is to go nothing does: a page is never
    /// emptied.
    ///
    /// Furniture and what was taken over can go at once:
    ///
    /// ```
    /// use refrain::index::Thresholds;
    /// use refrain::{Document, Index};
    ///
    /// let index = Index::new();
    /// let pages = ["Home\nA storm.\nIt rains.", "Home\nA calm.", "Home\nToo.\nA storm.\nIt rains."];
    /// for (number, page) in pages.iter().enumerate() {
    ///     index.learn(&number.to_string(), "a.example", &Document::new(page))?;
    /// }
    /// let doc = Document::new(pages[2]);
    /// let seen = index.look_again("2", "a.example", &doc)?;
    /// let removals = seen.removals(&[0, 2, 3])?;
    /// assert!(removals.spans().eq([0..5, 10..28]));
    /// assert_eq!(removals.apply(), "Too.\n");
    /// let last = &removals.removals()[1];
    /// assert_eq!((last.document(), last.there().span()), ("0", (5..23).into()));
    /// assert_eq!(last.reason().to_string(), "seen in 1 document");
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// That of [`blocks`](Self::blocks), and linear in the text.
    ///
    /// # Errors
    ///
    /// Those of [`blocks`](Self::blocks).
    pub fn removals(&self, segments: &[usize]) -> Result<Removals<'a>, IndexError> {
        let mut goes = vec![false; self.len()];
        for segment in segments {
            if let Some(goes) = goes.get_mut(*segment) {
                *goes = true;
            }
        }
        let mut parts = Vec::new();
        for (here, document, there) in self.runs()? {
            let mut segments = here.clone();
            while let Some(first) = segments.find(|segment| goes.get(*segment).is_some_and(|goes| *goes)) {
                let is_kept = |segment: &usize| goes.get(*segment).is_none_or(|goes| !goes);
                let end = (first..here.end).find(is_kept).unwrap_or(here.end);
                let place = there.start + (first - here.start);
                parts.push((first..end, document, place..place + (end - first)));
                segments = end..here.end;
            }
        }
        let places: Vec<_> = parts.iter().map(|(_, document, there)| (*document, there.clone())).collect();
        let found = parts.into_iter().zip(there(self.store, &places)?);
        let removals = found.filter_map(|((here, _, segments), there)| {
            let documents = here.clone().map(|segment| self.documents(segment)).min().unwrap_or_default();
            Some(Removal::new(self.block(here, segments, there?), Reason::Seen { documents }))
        });
        Ok(Removals::new(self.doc, removals.collect()))
    }

    /// The segments that are furniture of the scope by what is known now, which gets better as documents are
    /// learnt. Never all of them: a document of nothing else has none.
    ///
    /// [`Document::remove_segments`] removes them, and [`removals`](Self::removals) says where else they
    /// stand.
    ///
    /// # Complexity
    ///
    /// Linear in the segments; nothing is read.
    ///
    /// # Errors
    ///
    /// The store does not count documents of a scope.
    pub fn boilerplate(&self, thresholds: Thresholds) -> Result<Vec<usize>, IndexError> {
        self.store.check_counts()?;
        let least = thresholds.least(self.found.scope_documents);
        let all = (0..self.len()).filter(|segment| self.documents_in_scope(*segment) >= least).collect();
        Ok(super::boilerplate::not_all(all, self.len()))
    }
}

/// How much was seen before, not what.
impl<S> fmt::Debug for Seen<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.found.held();
        f.debug_struct("Seen")
            .field("segments", &held.len())
            .field("new", &held.iter().filter(|held| held.documents == 0).count())
            .field("scope_documents", &self.found.scope_documents)
            .finish_non_exhaustive()
    }
}

/// A run of segments that stand at `spans`.
pub(super) fn run(spans: &[Span], segments: Range<usize>) -> Occurrence {
    let first = spans.get(segments.start).map_or(0, |span| span.start());
    let last = segments.end.checked_sub(1).and_then(|last| spans.get(last));
    occurrence(segments, Span::new(first, last.map_or(first, |span| span.end())))
}

/// Segments are numbered in 32 bits: a document has no more.
fn occurrence(segments: Range<usize>, span: Span) -> Occurrence {
    let number = |segment: usize| u32::try_from(segment).unwrap_or(u32::MAX);
    Occurrence::at(number(segments.start), number(segments.end), span)
}

/// Where postings stand, with the names of their documents. Each document is read once.
pub(super) fn resolve<S: Store>(store: &S, postings: &[Posting]) -> Result<Vec<Match>, IndexError> {
    Ok(resolve_each(store, postings)?.into_iter().flatten().collect())
}

/// The same, with `None` for a document that is gone.
pub(super) fn resolve_each<S: Store>(
    store: &S,
    postings: &[Posting],
) -> Result<Vec<Option<Match>>, IndexError> {
    let place = |posting: &Posting| posting.place as usize;
    let runs: Vec<_> = postings.iter().map(|p| (p.document, place(p)..place(p) + 1)).collect();
    let found = postings.iter().zip(there(store, &runs)?);
    let of = |(posting, there): (&Posting, Option<There>)| {
        let There { document, scope, span } = there?;
        Some(Match { document, scope, segment: place(posting), span })
    };
    Ok(found.map(of).collect())
}

impl Match {
    /// As a run of one segment.
    pub(super) fn block(&self, here: Occurrence) -> Block {
        let there = occurrence(self.segment..self.segment + 1, self.span);
        Block { here, document: self.document.clone(), scope: self.scope.clone(), there }
    }
}
