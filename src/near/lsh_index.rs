//! An index of texts that finds near duplicates.

use std::fmt;
use std::ops::Range;

use super::candidates::{candidates, keys, verify};
use super::minhash::Sketcher;
use super::options::NearOptions;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::Memory;
use crate::index::store::{DocumentView, Record, Store};
use crate::shingle::{Shingler, Shingles};
use crate::span::Span;

/// A near duplicate of the queried text.
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Neighbor {
    document: String,
    part: usize,
    span: Span,
    similarity: f64,
    query_containment: f64,
    match_containment: f64,
}

impl Neighbor {
    /// Returns the id under which the text was inserted.
    pub fn document(&self) -> &str {
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

/// The near duplicates of a text; returned by [`LshIndex::query`].
///
/// Every candidate was compared by all shingles of both texts, so no result is a false positive.
#[derive(Clone, PartialEq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Neighbors {
    neighbors: Vec<Neighbor>,
    truncated_buckets: usize,
    skipped_candidates: usize,
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

    /// Returns the number of truncated buckets: those with more texts than are
    /// [compared](NearOptions::candidates), which list only the texts that were inserted first.
    ///
    /// A template that many texts share fills buckets in this way. A text that is similar outside
    /// of the template also shares other buckets, in which it is found.
    pub fn truncated_buckets(&self) -> usize {
        self.truncated_buckets
    }

    /// Returns the number of texts that share a bucket with the queried text and were not compared:
    /// a lower bound if several buckets are truncated.
    ///
    /// A text is skipped if enough other candidates share more buckets, if a truncated bucket does
    /// not list it, or if it shares only one bucket and that one is truncated. If the number is not
    /// 0, near duplicates may be missing, and [`NearOptions::candidates`] can be raised.
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

/// An index that finds near duplicates of a text among those inserted before (an LSH index:
/// locality-sensitive hashing), in a [store](crate::index).
///
/// The store has the shingles of every text, eight bytes for each word, so every result is exact.
/// In addition, each text has a key of 16 bytes and its posting for each band and, with a
/// containment threshold, for each sampled shingle. All methods take `&self`, so threads can share
/// an index.
///
/// ```
/// use refrain::near::{LshIndex, NearOptions, Shingler};
///
/// let shingler = Shingler::new().words_per_shingle(3);
/// let index = LshIndex::new(&shingler, NearOptions::new(0.5)?);
/// let story = "The ferry sails again on Monday at nine from the old harbor, \
///     and tickets cost as before.";
/// index.insert("first", &shingler.shingle(story))?;
///
/// let shortened = "Ferry news: The ferry sails again on Monday at nine from the old harbor.";
/// let neighbors = index.query(&shingler.shingle(shortened))?;
/// let neighbor = neighbors.iter().next().expect("the texts share most of their shingles");
/// assert_eq!((neighbors.len(), neighbor.document()), (1, "first"));
/// assert_eq!(neighbor.similarity(), 10.0 / 17.0);
/// assert_eq!(neighbor.query_containment(), 10.0 / 12.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LshIndex<S = Memory> {
    store: S,
    options: NearOptions,
    description: String,
}

impl LshIndex {
    /// Creates an empty index in memory for texts that `shingler` reads.
    pub fn new(shingler: &Shingler, options: NearOptions) -> Self {
        let description = description(shingler, &options);
        Self { store: Memory::default(), options, description }
    }
}

/// Encodes the payload of a text: the number of parts under its id, its span, and its shingles, as
/// little-endian numbers of 64 bits.
fn payload(parts: usize, shingles: &Shingles) -> Vec<u8> {
    let span = shingles.span();
    let head = [parts as u64, span.start() as u64, span.end() as u64];
    head.iter().chain(shingles.hashes()).flat_map(|number| number.to_le_bytes()).collect()
}

/// Decodes the result of [`payload`].
fn decode(payload: &[u8]) -> Option<(usize, Shingles)> {
    let mut numbers =
        payload.chunks_exact(8).filter_map(|bytes| Some(u64::from_le_bytes(bytes.try_into().ok()?)));
    let mut number = || usize::try_from(numbers.next()?).ok();
    let (parts, start, end) = (number()?, number()?, number()?);
    Some((parts, Shingles::from_sorted(numbers.collect(), Span::new(start.min(end), end))))
}

fn damaged(document: u32) -> IndexError {
    IndexError::Damaged {
        what: "the index".to_owned(),
        how: format!("document {document} has no valid shingles"),
    }
}

/// Returns the id under which the store has a part of a document.
fn name(id: &str, part: usize) -> String {
    format!("{part}:{id}")
}

/// Parses the result of [`name`] into the part and the id.
fn parse(name: &str) -> Option<(usize, &str)> {
    let (part, id) = name.split_once(':')?;
    Some((part.parse().ok()?, id))
}

/// Describes everything that the keys of a text depend on, in one line.
fn description(shingler: &Shingler, options: &NearOptions) -> String {
    let bands = options.bands();
    let single = if options.wants_containment() { ", single shingles" } else { "" };
    format!(
        "{}, {} bands of {} of {} values{single}",
        shingler.description(),
        bands.bands(),
        bands.rows(),
        bands.values()
    )
}

impl<S: Store> LshIndex<S> {
    /// Creates an index in the store that `open` returns, for texts that `shingler` reads.
    ///
    /// The argument of `open` describes, in one line, everything that the stored keys depend on:
    /// the shingler, the bands, and whether single shingles have keys. A durable store must return
    /// an error if it was created with another description. See `index::Disk::open` for an example.
    ///
    /// # Errors
    ///
    /// Those of `open`.
    pub fn with_store(
        shingler: &Shingler,
        options: NearOptions,
        open: impl FnOnce(&str) -> Result<S, IndexError>,
    ) -> Result<Self, IndexError> {
        let description = description(shingler, &options);
        Ok(Self { store: open(&description)?, options, description })
    }

    /// Returns the near duplicates of a text without inserting it.
    ///
    /// # Complexity
    ///
    /// One lookup for each band and each sampled shingle, and one comparison for each candidate, of
    /// which there are at most [`NearOptions::candidates`]. A comparison is linear in the number of
    /// shingles of both texts.
    ///
    /// # Errors
    ///
    /// The store cannot be read, or is damaged.
    pub fn query(&self, shingles: &Shingles) -> Result<Neighbors, IndexError> {
        let mut all = Vec::new();
        keys(&self.options, &mut Sketcher::default(), shingles, &mut all);
        self.near(shingles, &all, u32::MAX, &[])
    }

    /// Like [`query`](Self::query), but leaves out the texts that were inserted under `id`, for a
    /// second pass over a finished crawl.
    ///
    /// # Errors
    ///
    /// Those of [`query`](Self::query).
    pub fn query_excluding(&self, id: &str, shingles: &Shingles) -> Result<Neighbors, IndexError> {
        let mut all = Vec::new();
        keys(&self.options, &mut Sketcher::default(), shingles, &mut all);
        let mut own = Vec::new();
        for part in 0..self.parts(id)? {
            own.extend(self.store.number(&name(id, part))?);
        }
        own.sort_unstable();
        self.near(shingles, &all, u32::MAX, &own)
    }

    /// Inserts a text under `id`. Texts that were inserted under the same id are replaced.
    ///
    /// # Errors
    ///
    /// The store is full, is damaged, or cannot be read or written.
    pub fn insert(&self, id: &str, shingles: &Shingles) -> Result<(), IndexError> {
        self.insert_parts(id, std::slice::from_ref(shingles))
    }

    /// Inserts the parts of a document under `id`, such as its paragraphs from
    /// [`Shingler::shingle_segments`]. Texts that were inserted under the same id are replaced;
    /// with no parts, they are removed.
    ///
    /// # Errors
    ///
    /// Those of [`insert`](Self::insert).
    pub fn insert_parts(&self, id: &str, parts: &[Shingles]) -> Result<(), IndexError> {
        let known = self.parts(id)?;
        let mut sketcher = Sketcher::default();
        let record = |(part, shingles)| {
            let mut all = Vec::new();
            keys(&self.options, &mut sketcher, shingles, &mut all);
            (name(id, part), all, payload(parts.len(), shingles))
        };
        let records: Vec<_> = parts.iter().enumerate().map(record).collect();
        let records: Vec<Record<'_>> =
            records.iter().map(|(id, keys, payload)| Record { id, scope: "", keys, payload }).collect();
        // The store replaces known parts. Surplus parts are removed after the new ones are stored.
        self.store.add(&records)?;
        self.remove_parts(id, parts.len()..known)
    }

    /// Queries and inserts a text as one atomic operation: of two texts that two threads insert,
    /// one is always compared with an index that already has the other. Texts that were inserted
    /// under the same id are replaced and not found.
    ///
    /// # Errors
    ///
    /// Those of [`query`](Self::query) and [`insert`](Self::insert).
    pub fn query_and_insert(&self, id: &str, shingles: &Shingles) -> Result<Neighbors, IndexError> {
        let known = self.parts(id)?;
        let mut all = Vec::new();
        keys(&self.options, &mut Sketcher::default(), shingles, &mut all);
        let (name, payload) = (name(id, 0), payload(1, shingles));
        let found =
            self.store.find_and_add(&Record { id: &name, scope: "", keys: &all, payload: &payload })?;
        self.remove_parts(id, 1..known)?;
        self.near(shingles, &all, found.before, &[])
    }

    /// Returns the number of parts that were inserted under `id`.
    fn parts(&self, id: &str) -> Result<usize, IndexError> {
        let Some(first) = self.store.number(&name(id, 0))? else { return Ok(0) };
        let mut parts = 1;
        self.store.visit(first, &mut |view| parts = decode(view.payload()).map_or(1, |(parts, _)| parts))?;
        Ok(parts)
    }

    /// Removes parts of a document, the last one first, because part 0 has the number of parts.
    fn remove_parts(&self, id: &str, parts: Range<usize>) -> Result<(), IndexError> {
        parts.rev().try_for_each(|part| self.store.remove(&name(id, part)).map(drop))
    }

    /// Returns the near duplicates of a text with these `keys`: texts with numbers below `before`
    /// that are not in `own`, which is sorted.
    fn near(
        &self,
        shingles: &Shingles,
        keys: &[Fingerprint],
        before: u32,
        own: &[u32],
    ) -> Result<Neighbors, IndexError> {
        let candidates = candidates(&self.store, &self.options, keys, before, own)?;
        let mut near = Vec::new();
        for document in candidates.texts {
            let mut answer = Ok(None);
            self.store.visit(document, &mut |view| {
                answer = self.neighbor(shingles, view).ok_or_else(|| damaged(document));
            })?;
            near.extend(answer?.map(|neighbor| (document, neighbor)));
        }
        near.sort_by(|(a, x), (b, y)| y.similarity.total_cmp(&x.similarity).then(a.cmp(b)));
        let near = near.into_iter().map(|(_, neighbor)| neighbor).collect();
        Ok(Neighbors {
            neighbors: near,
            truncated_buckets: candidates.truncated_buckets,
            skipped_candidates: candidates.skipped_candidates,
        })
    }

    /// Compares a text with a stored one, and returns the stored one if they are near duplicates.
    /// The outer option is `None` if the record is not a text.
    fn neighbor(&self, query: &Shingles, stored: &DocumentView<'_>) -> Option<Option<Neighbor>> {
        let (part, id) = parse(stored.id())?;
        let (_, shingles) = decode(stored.payload())?;
        Some(verify(&self.options, query, &shingles).map(|overlap| Neighbor {
            document: id.to_owned(),
            part,
            span: shingles.span(),
            similarity: overlap.similarity(),
            query_containment: overlap.first_containment(),
            match_containment: overlap.second_containment(),
        }))
    }

    /// Removes all texts that were inserted under `id`, and returns whether there were any.
    ///
    /// # Errors
    ///
    /// The store is damaged, or cannot be read or written.
    pub fn remove(&self, id: &str) -> Result<bool, IndexError> {
        let parts = self.parts(id)?;
        self.remove_parts(id, 0..parts)?;
        Ok(parts > 0)
    }

    /// Returns whether a text was inserted under `id`.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub fn contains(&self, id: &str) -> Result<bool, IndexError> {
        Ok(self.store.number(&name(id, 0))?.is_some())
    }

    /// Returns the number of texts. Each part of a document counts as one.
    pub fn len(&self) -> u64 {
        self.store.len()
    }

    /// Returns whether the index is empty.
    pub fn is_empty(&self) -> bool {
        self.store.is_empty()
    }

    /// Makes all insertions and removals so far durable: see
    /// [`Index::sync`](crate::index::Index::sync).
    ///
    /// # Errors
    ///
    /// The store cannot be written.
    pub fn sync(&self) -> Result<(), IndexError> {
        self.store.sync()
    }

    /// Returns the options.
    pub fn options(&self) -> &NearOptions {
        &self.options
    }

    /// Returns the store.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<S> fmt::Debug for LshIndex<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LshIndex").field("texts", &self.description).finish_non_exhaustive()
    }
}
