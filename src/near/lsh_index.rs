//! An index of texts by what they are like.

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

/// A text that is near another one.
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
    /// The name under which it was learnt.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// Which of the texts that were learnt under that name, from 0.
    pub fn part(&self) -> usize {
        self.part
    }

    /// Where it stands in its document.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Their similarity, over all shingles of both.
    pub fn similarity(&self) -> f64 {
        self.similarity
    }

    /// How much of the text that was looked at is in it.
    pub fn query_containment(&self) -> f64 {
        self.query_containment
    }

    /// How much of it is in the text that was looked at.
    pub fn match_containment(&self) -> f64 {
        self.match_containment
    }
}

/// The texts that are near one, each of them verified: the answer of [`LshIndex::query`].
#[derive(Clone, PartialEq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Neighbors {
    neighbors: Vec<Neighbor>,
    truncated_buckets: usize,
    skipped_candidates: usize,
}

impl Neighbors {
    /// The texts, the most similar first, and of those that are as similar the one that was learnt first.
    pub fn iter(&self) -> std::slice::Iter<'_, Neighbor> {
        self.neighbors.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.neighbors.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.neighbors.is_empty()
    }

    /// In how many buckets there were more texts than are listed, those learnt last left out. A template that
    /// many texts share does that; a text that is near in what is outside of the template is found in other
    /// buckets.
    pub fn truncated_buckets(&self) -> usize {
        self.truncated_buckets
    }

    /// How many texts were in a bucket and not compared, because others had more in common, or because the
    /// one bucket is truncated and there is no other.
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

/// Remembers texts by what they are like, and finds those that are near another one: an LSH index over a
/// [store](crate::index), in which texts come and go one by one.
///
/// It keeps the shingles of every text, eight bytes for each word, so every answer is verified: no text is
/// near another because sketches say so. Where containment counts, it keeps a key of 16 bytes and more
/// besides for the shingles that are looked up. All methods take `&self`.
///
/// ```
/// use refrain::near::{NearOptions, LshIndex, Shingler};
///
/// let shingler = Shingler::new().words_per_shingle(3);
/// let index = LshIndex::new(&shingler, NearOptions::new(0.5)?);
/// let story = "The ferry sails again on Monday at nine from the old harbour, and tickets cost as before.";
/// index.insert("first", &shingler.shingle(story))?;
///
/// let cut = "Ferry news: The ferry sails again on Monday at nine from the old harbour.";
/// let near = index.query(&shingler.shingle(cut))?;
/// let found = near.iter().next().expect("one is near");
/// assert_eq!((near.len(), found.document()), (1, "first"));
/// assert_eq!((found.similarity(), found.query_containment()), (10.0 / 17.0, 10.0 / 12.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LshIndex<S = Memory> {
    store: S,
    options: NearOptions,
    line: String,
}

impl LshIndex {
    /// An empty index in memory, for texts read by such a shingler.
    pub fn new(shingler: &Shingler, options: NearOptions) -> Self {
        let line = line(shingler, &options);
        Self { store: Memory::default(), options, line }
    }
}

/// A record of one text: how many there are under its name, where it stands, and its shingles; all numbers
/// are little-endian.
fn payload(parts: usize, shingles: &Shingles) -> Vec<u8> {
    let span = shingles.span();
    let head = [parts as u64, span.start() as u64, span.end() as u64];
    head.iter().chain(shingles.hashes()).flat_map(|number| number.to_le_bytes()).collect()
}

/// What [`payload`] wrote.
fn read(payload: &[u8]) -> Option<(usize, Shingles)> {
    let mut numbers =
        payload.chunks_exact(8).filter_map(|bytes| Some(u64::from_le_bytes(bytes.try_into().ok()?)));
    let mut number = || usize::try_from(numbers.next()?).ok();
    let (parts, start, end) = (number()?, number()?, number()?);
    Some((parts, Shingles::from_sorted(numbers.collect(), Span::new(start.min(end), end))))
}

fn damaged(document: u32) -> IndexError {
    IndexError::Damaged { what: "the index".to_owned(), how: format!("document {document} is no text") }
}

/// The name under which the store has a part of a document.
fn name(id: &str, part: usize) -> String {
    format!("{part}:{id}")
}

/// The part and the document that have this name.
fn parse(name: &str) -> Option<(usize, &str)> {
    let (part, id) = name.split_once(':')?;
    Some((part.parse().ok()?, id))
}

/// What decides which keys a text has.
fn line(shingler: &Shingler, options: &NearOptions) -> String {
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
    /// An index in a store that `open` opens. What it is given says in a line what decides which keys a text
    /// has: a store that lasts refuses what was made with another line. See `index::Disk::open` for an
    /// example.
    ///
    /// # Errors
    ///
    /// Those of `open`.
    pub fn with_store(
        shingler: &Shingler,
        options: NearOptions,
        open: impl FnOnce(&str) -> Result<S, IndexError>,
    ) -> Result<Self, IndexError> {
        let line = line(shingler, &options);
        Ok(Self { store: open(&line)?, options, line })
    }

    /// The texts that are near one.
    ///
    /// # Complexity
    ///
    /// A search for each band, and as many comparisons as there are candidates, at most [as many as the
    /// options say](NearOptions::candidates); a comparison is linear in the shingles of both.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub fn query(&self, shingles: &Shingles) -> Result<Neighbors, IndexError> {
        let mut all = Vec::new();
        keys(&self.options, &mut Sketcher::default(), shingles, &mut all);
        self.near(shingles, &all, u32::MAX, &[])
    }

    /// The texts that are near one, outside of the document with name `id`.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
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

    /// Learns a text under a name. What was learnt under it before is forgotten.
    ///
    /// # Errors
    ///
    /// The store is full, or cannot be written.
    pub fn insert(&self, id: &str, shingles: &Shingles) -> Result<(), IndexError> {
        self.insert_parts(id, std::slice::from_ref(shingles))
    }

    /// Learns the parts of a document under one name, say its paragraphs: see [`Shingler::shingle_segments`].
    /// What was learnt under it before is forgotten.
    ///
    /// # Errors
    ///
    /// The store is full, or cannot be written.
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
        // What is known is replaced; nothing is taken away before the new is there.
        self.store.add(&records)?;
        self.remove_parts(id, parts.len()..known)
    }

    /// Looks at a text and learns it, with nothing in between: of two threads that do this with two texts
    /// that are near each other, exactly one meets the other's. What was learnt under the name before is not
    /// met.
    ///
    /// # Errors
    ///
    /// The store is full, or cannot be read or written.
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

    /// How many parts are known under a name.
    fn parts(&self, id: &str) -> Result<usize, IndexError> {
        let Some(first) = self.store.number(&name(id, 0))? else { return Ok(0) };
        let mut parts = 1;
        self.store.visit(first, &mut |view| parts = read(view.payload()).map_or(1, |(parts, _)| parts))?;
        Ok(parts)
    }

    /// Removes parts of a document, the last first: the first says how many there are.
    fn remove_parts(&self, id: &str, parts: Range<usize>) -> Result<(), IndexError> {
        parts.rev().try_for_each(|part| self.store.remove(&name(id, part)).map(drop))
    }

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

    /// What a text has in common with one that is stored, if they are near; nothing if that is no record of a
    /// text.
    fn neighbor(&self, here: &Shingles, stored: &DocumentView<'_>) -> Option<Option<Neighbor>> {
        let (part, id) = parse(stored.id())?;
        let (_, there) = read(stored.payload())?;
        Some(verify(&self.options, here, &there).map(|overlap| Neighbor {
            document: id.to_owned(),
            part,
            span: there.span(),
            similarity: overlap.similarity(),
            query_containment: overlap.first_containment(),
            match_containment: overlap.second_containment(),
        }))
    }

    /// Forgets all that was learnt under a name, and says whether there was anything.
    ///
    /// # Errors
    ///
    /// The store cannot be read or written.
    pub fn remove(&self, id: &str) -> Result<bool, IndexError> {
        let parts = self.parts(id)?;
        self.remove_parts(id, 0..parts)?;
        Ok(parts > 0)
    }

    /// Whether anything was learnt under a name.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub fn contains(&self, id: &str) -> Result<bool, IndexError> {
        Ok(self.store.number(&name(id, 0))?.is_some())
    }

    /// How many texts it knows, each part of a document one.
    pub fn len(&self) -> u64 {
        self.store.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.store.is_empty()
    }

    /// Acknowledges what was learnt and forgotten: see [`Index::sync`](crate::index::Index::sync).
    ///
    /// # Errors
    ///
    /// The store cannot be written.
    pub fn sync(&self) -> Result<(), IndexError> {
        self.store.sync()
    }

    /// What counts as near.
    pub fn options(&self) -> &NearOptions {
        &self.options
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<S> fmt::Debug for LshIndex<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LshIndex").field("texts", &self.line).finish_non_exhaustive()
    }
}
