//! What was seen before of one document.

use std::collections::HashMap;
use std::ops::Range;

use super::boilerplate::Thresholds;
use super::store::{Found, Posting, Query, Store, Stored};
use super::{LISTED, places};
use crate::document::Document;
use crate::error::IndexError;
use crate::repeats::Occurrence;
use crate::span::Span;

/// How many bytes of other documents are kept while blocks are looked for.
const KEPT: usize = 64 << 20;

/// Where a segment stands in another document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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
/// It is what the index knew when it was asked. The names and places of other documents are read when they are asked
/// for; a document that was forgotten in the meantime is not listed any more.
///
/// With a store that keeps no documents, as a Bloom filter, there is a yes or no for each segment: `documents` is 1 for a
/// yes, and what needs other documents is an error.
#[derive(Debug)]
pub struct Seen<'a, S> {
    store: &'a S,
    doc: &'a Document<'a>,
    found: Found,
    /// A document that is left out.
    except: Option<u32>,
}

impl<'a, S: Store> Seen<'a, S> {
    pub(super) fn new(store: &'a S, doc: &'a Document<'_>, found: Found, except: Option<u32>) -> Self {
        Self { store, doc, found, except }
    }

    /// The documents that have each of some segments, as far as they are listed: those known when the index was asked.
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

    /// How much of the document was seen before, from 0 to 1: the bytes of segments that are not new, as a part of the
    /// bytes of all. 0 for a document without segments.
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
    /// # Errors
    ///
    /// The store keeps no documents, or cannot be read.
    pub fn matches(&self, segment: usize) -> Result<Vec<Match>, IndexError> {
        if self.is_new(segment) {
            return Ok(Vec::new());
        }
        let listed = self.postings(segment..segment + 1)?.pop();
        resolve(self.store, &listed.unwrap_or_default())
    }

    /// What was seen before as runs: each is the longest that begins there and stands in a row in one other document,
    /// the one learnt first if there are several; the next begins after it. Together they cover every segment that
    /// is not new. Only documents that are [listed](super::LISTED) for a segment, or for the one after it, are compared.
    ///
    /// # Complexity
    ///
    /// For each document that is listed somewhere, what it takes to read it; for each segment, at most 32 comparisons.
    ///
    /// # Errors
    ///
    /// The store keeps no documents, or cannot be read.
    pub fn blocks(&self) -> Result<Vec<Block>, IndexError> {
        let mut others = Others::new(self.store);
        let postings = self.postings(0..self.len())?;
        let mut blocks = Vec::new();
        let mut at = 0;
        while at < self.len() {
            match self.block(at, &postings, &mut others)? {
                Some(block) => {
                    at = block.here.segments().end;
                    blocks.push(block);
                }
                None => at += 1,
            }
        }
        Ok(blocks)
    }

    /// The longest run that begins with a segment.
    fn block(
        &self,
        first: usize,
        postings: &[Vec<Posting>],
        others: &mut Others<'_, S>,
    ) -> Result<Option<Block>, IndexError> {
        let mut starts = postings.get(first).cloned().unwrap_or_default();
        if starts.is_empty() {
            return Ok(None);
        }
        let next = postings.get(first + 1).into_iter().flatten();
        starts.extend(next.filter_map(|next| Some(Posting { place: next.place.checked_sub(1)?, ..*next })));
        starts.sort_unstable();
        starts.dedup();
        let prints = self.doc.fingerprints().get(first..).unwrap_or_default();
        let mut best: Option<(usize, Posting)> = None;
        for start in starts {
            let Some(other) = others.get(start.document)? else { continue };
            let there = other.keys.get(start.place as usize..).unwrap_or_default();
            let len = prints.iter().zip(there).take_while(|(here, there)| here == there).count();
            if len > best.map_or(0, |(len, _)| len) {
                best = Some((len, start));
            }
        }
        let Some((len, start)) = best else { return Ok(None) };
        let Some(other) = others.get(start.document)? else { return Ok(None) };
        let place = start.place as usize;
        let span = |place| places::read(&other.note, other.keys.len(), place).unwrap_or_default();
        let there = Span::new(span(place).start(), span(place + len - 1).end());
        Ok(Some(Block {
            here: run(self.doc.spans(), first..first + len),
            document: other.id.clone(),
            scope: other.scope.clone(),
            there: occurrence(place..place + len, there),
        }))
    }

    /// The segments that are furniture of the scope by what is known now, which gets better as documents are learnt.
    /// Never all of them: a document of nothing else has none.
    ///
    /// [`Document::without`] takes them out.
    pub fn boilerplate(&self, thresholds: Thresholds) -> Vec<usize> {
        let least = thresholds.least(self.found.scope_documents);
        let all = (0..self.len()).filter(|segment| self.documents_in_scope(*segment) >= least).collect();
        super::boilerplate::not_all(all, self.len())
    }
}

/// Other documents, kept as long as they do not take too much room.
struct Others<'a, S> {
    store: &'a S,
    known: HashMap<u32, Option<Stored>>,
    bytes: usize,
}

impl<'a, S: Store> Others<'a, S> {
    fn new(store: &'a S) -> Self {
        Self { store, known: HashMap::new(), bytes: 0 }
    }

    fn get(&mut self, number: u32) -> Result<Option<&Stored>, IndexError> {
        if !self.known.contains_key(&number) {
            if self.bytes > KEPT {
                self.known.clear();
                self.bytes = 0;
            }
            let stored = self.store.document(number)?;
            self.bytes += stored.as_ref().map_or(0, |stored| 16 * stored.keys.len() + stored.note.len());
            self.known.insert(number, stored);
        }
        Ok(self.known.get(&number).and_then(Option::as_ref))
    }
}

/// A run of segments that stand at `spans`.
fn run(spans: &[Span], segments: Range<usize>) -> Occurrence {
    let first = spans.get(segments.start).map_or(0, |span| span.start());
    let last = segments.end.checked_sub(1).and_then(|last| spans.get(last));
    occurrence(segments, Span::new(first, last.map_or(first, |span| span.end())))
}

/// Segments are numbered in 32 bits: a document has no more.
fn occurrence(segments: Range<usize>, span: Span) -> Occurrence {
    let number = |segment: usize| u32::try_from(segment).unwrap_or(u32::MAX);
    Occurrence::at(number(segments.start), number(segments.end), span)
}

/// Where postings stand, with the names of their documents.
pub(super) fn resolve<S: Store>(store: &S, postings: &[Posting]) -> Result<Vec<Match>, IndexError> {
    let mut matches = Vec::with_capacity(postings.len());
    for posting in postings {
        let Some(stored) = store.document(posting.document)? else { continue };
        let segment = posting.place as usize;
        let span = places::read(&stored.note, stored.keys.len(), segment).unwrap_or_default();
        matches.push(Match { document: stored.id, scope: stored.scope, segment, span });
    }
    Ok(matches)
}
