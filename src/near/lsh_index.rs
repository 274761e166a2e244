//! An index of texts that finds near duplicates.

use std::fmt;
use std::path::Path;

use super::candidates::candidates;
use super::minhash::Sketcher;
use super::neighbors::{Neighbor, Neighbors};
use super::options::NearOptions;
use crate::codec::{check_description, check_scheme, take_number};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::shingle::{Shingler, Shingles};
use crate::span::Span;
use crate::store::{Change, DocumentView, Insertion, Memory, Open, Record, Store, View, read, write};

/// The name of the store of an index in its folder.
const STORE: &str = "near";

/// An index, in a [store](crate::index::store), that finds near duplicates of a text among the
/// texts inserted before (LSH: locality-sensitive hashing).
///
/// The store has the shingles of every text, eight bytes for each word, so the similarity of every
/// result is computed from all shingles. Near duplicates may be missing all the same. In addition,
/// each text has a key for each band (21 bands with the default recall and a similarity of 0.8)
/// and, with a [containment threshold](NearOptions::containment), for each shingle of its sample. A
/// key that no other text has takes some 40 bytes in memory. All methods take `&self`, so threads
/// can share an index. Each is one atomic operation.
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
/// assert_eq!((neighbors.len(), neighbor.document_id()), (1, "first"));
/// assert_eq!(neighbor.similarity(), 10.0 / 17.0);
/// assert_eq!(neighbor.query_containment(), 10.0 / 12.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LshIndex<S = Memory> {
    store: S,
    shingler: Shingler,
    options: NearOptions,
}

impl LshIndex {
    /// Creates an empty index in memory for texts whose shingles `shingler` makes.
    pub fn new(shingler: &Shingler, options: NearOptions) -> Self {
        Self::with_store(Memory::default(), shingler, options)
    }
}

impl<S: Open> LshIndex<S> {
    /// Opens the index in `folder`, or creates one, for texts whose shingles `shingler` makes.
    ///
    /// The type parameter `S` selects the store, which defines the files in the folder. With the
    /// package `refrain-disk`, call `LshIndex::<Disk>::open`. An [`Index`](crate::index::Index) can
    /// be in the same folder.
    ///
    /// # Errors
    ///
    /// [`IndexError::WrongParameters`] if the index has texts of another shingler or other bands,
    /// or if only one of the index and `options` has a containment threshold. The values of the
    /// thresholds and the number of candidates may differ from those at creation. The given ones
    /// then apply only to the returned `LshIndex`; the folder keeps those of its creation, which
    /// [`open_existing`](Self::open_existing) uses. [`NearOptions::new`] chooses the bands by the
    /// similarity, so to search with another threshold, pass the bands of the index to
    /// [`NearOptions::with_bands`]. The other errors are those of
    /// [`Index::open`](crate::index::Index::open).
    pub fn open(
        folder: impl AsRef<Path>,
        shingler: &Shingler,
        options: NearOptions,
    ) -> Result<Self, IndexError> {
        Self::open_with(folder, shingler, options, S::open)
    }

    /// Opens the index in `folder`, which must exist, with the shingler and the options that it was
    /// created with. [`shingler`](Self::shingler) and [`options`](Self::options) return them.
    ///
    /// # Errors
    ///
    /// [`IndexError::Missing`] if there is no index, and those of [`open`](Self::open).
    pub fn open_existing(folder: impl AsRef<Path>) -> Result<Self, IndexError> {
        let folder = folder.as_ref();
        let (store, stored) = S::open(folder, STORE, None)?;
        let what = folder.display().to_string();
        check_scheme(&what, &stored)?;
        let (shingler, options) = parse(&stored).ok_or_else(|| {
            let how = format!("expected the options of an index of near duplicates, found `{stored}`");
            IndexError::damaged(&what, how)
        })?;
        check_description(&what, &stored, &describe(&shingler, &options))?;
        Ok(Self { store, shingler, options })
    }
}

/// Describes, in one line, everything that the keys of a text depend on, and after a semicolon the
/// other options.
fn describe(shingler: &Shingler, options: &NearOptions) -> String {
    format!("scheme {}, {}, {}", Fingerprint::SCHEME, shingler.description(), options.description())
}

/// Parses the result of [`describe`].
fn parse(line: &str) -> Option<(Shingler, NearOptions)> {
    let (_, rest) = line.split_once(", form ")?;
    let (form, rest) = rest.split_once(", seed ")?;
    let (seed, rest) = rest.split_once(", shingles of ")?;
    let (size, rest) = rest.split_once(", ")?;
    let shingler = Shingler::new().normalization(form.parse().ok()?).seed(seed.parse().ok()?);
    Some((shingler.words_per_shingle(size.parse().ok()?), NearOptions::parse(rest)?))
}

/// Encodes the payload of a text: the number of parts under its id, its span, and its shingles, as
/// little-endian numbers of 64 bits.
fn payload(parts: usize, shingles: &Shingles) -> Vec<u8> {
    let span = shingles.span();
    let head = [parts as u64, span.start() as u64, span.end() as u64];
    head.iter().chain(shingles.hashes()).flat_map(|number| number.to_le_bytes()).collect()
}

/// Decodes the result of [`payload`].
fn decode(document: &DocumentView<'_>) -> Result<(usize, Shingles), IndexError> {
    let parse = || {
        let mut rest = document.payload;
        let mut number = || usize::try_from(take_number(&mut rest)?).ok();
        let (parts, start, end) = (number()?, number()?, number()?);
        let hash = |bytes: &[u8]| Some(u64::from_le_bytes(bytes.try_into().ok()?));
        let hashes = rest.chunks_exact(8).filter_map(hash).collect();
        (start <= end).then(|| (parts, Shingles::from_sorted(hashes, Span::new(start, end))))
    };
    parse().ok_or_else(|| damaged(document.id))
}

fn damaged(name: &str) -> IndexError {
    IndexError::damaged("the index", format!("text `{name}` is not as it was written"))
}

/// Returns the id under which the store has a part of a document.
fn name(id: &str, part: usize) -> String {
    format!("{part}:{id}")
}

/// The parts of a document, to be inserted.
struct Parts {
    names: Vec<String>,
    keys: Vec<Vec<Fingerprint>>,
    payloads: Vec<Vec<u8>>,
}

impl<S: Store> LshIndex<S> {
    /// Creates an index in a store of your own, for texts whose shingles `shingler` makes.
    ///
    /// If the store is not empty, its documents must come from an index with the same shingler and
    /// options. This is not checked.
    pub fn with_store(store: S, shingler: &Shingler, options: NearOptions) -> Self {
        Self { store, shingler: shingler.clone(), options }
    }

    /// Opens an index like [`open`](Self::open), with a function that opens the store in place of
    /// [`Open::open`]. Use this method for stores that have options of their own.
    ///
    /// # Errors
    ///
    /// Those of `open`, and [`IndexError::WrongParameters`] or [`IndexError::WrongVersion`] if the
    /// store has another description.
    pub fn open_with(
        folder: impl AsRef<Path>,
        shingler: &Shingler,
        options: NearOptions,
        open: impl FnOnce(&Path, &str, Option<&str>) -> Result<(S, String), IndexError>,
    ) -> Result<Self, IndexError> {
        let folder = folder.as_ref();
        let description = describe(shingler, &options);
        let (store, stored) = open(folder, STORE, Some(&description))?;
        check_description(&folder.display().to_string(), &stored, &description)?;
        Ok(Self::with_store(store, shingler, options))
    }

    /// Returns the near duplicates of a text without inserting it.
    ///
    /// # Complexity
    ///
    /// One lookup for each band and each sampled shingle, and one comparison for each candidate, of
    /// which there are at most [`NearOptions::max_candidates`]. A comparison is linear in the
    /// number of shingles of both texts.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read or is damaged.
    pub fn query(&self, shingles: &Shingles) -> Result<Neighbors, IndexError> {
        let keys = self.options.keys(shingles);
        read(&self.store, |view| self.near(view, shingles, &keys, None))
    }

    /// Like [`query`](Self::query), but leaves out the texts that were inserted under `id`, for a
    /// second pass over a finished crawl.
    ///
    /// # Errors
    ///
    /// Those of [`query`](Self::query).
    pub fn query_excluding(&self, id: &str, shingles: &Shingles) -> Result<Neighbors, IndexError> {
        let keys = self.options.keys(shingles);
        read(&self.store, |view| self.near(view, shingles, &keys, Some(id)))
    }

    /// Inserts a text under `id`. Texts that were inserted under the same id are replaced.
    ///
    /// # Errors
    ///
    /// Returns an error if the store is full or damaged, or cannot be read or written. Nothing is
    /// inserted or removed in the open index then. If writing to disk failed, the change may still
    /// be there when the index is opened again.
    pub fn insert(&self, id: &str, shingles: &Shingles) -> Result<Insertion, IndexError> {
        self.insert_parts(id, std::slice::from_ref(shingles))
    }

    /// Inserts the parts of a document under `id`, such as its paragraphs from
    /// [`Shingler::shingle_segments`], as one atomic operation. Texts that were inserted under the
    /// same id are replaced. With no parts, they are removed, and the result is
    /// [`Insertion::Replaced`], or [`Insertion::Unchanged`] if there were none.
    ///
    /// # Errors
    ///
    /// Those of [`insert`](Self::insert).
    pub fn insert_parts(&self, id: &str, parts: &[Shingles]) -> Result<Insertion, IndexError> {
        self.write(id, &self.parts(id, parts), |_, insertion| Ok(insertion))
    }

    /// Queries and inserts a text as one atomic operation: if two threads insert near duplicates,
    /// the query of the second insertion sees the text of the first, and the query of the first
    /// does not see the text of the second. Texts that were inserted under the same id are replaced
    /// and not found.
    ///
    /// # Errors
    ///
    /// Those of [`query`](Self::query) and [`insert`](Self::insert).
    pub fn query_and_insert(
        &self,
        id: &str,
        shingles: &Shingles,
    ) -> Result<(Neighbors, Insertion), IndexError> {
        let parts = self.parts(id, std::slice::from_ref(shingles));
        self.write(id, &parts, |view, insertion| {
            Ok((self.near(view, shingles, &parts.keys[0], Some(id))?, insertion))
        })
    }

    fn parts(&self, id: &str, parts: &[Shingles]) -> Parts {
        let mut sketcher = Sketcher::default();
        let keys = |shingles| self.options.keys_with(&mut sketcher, shingles);
        Parts {
            names: (0..parts.len()).map(|part| name(id, part)).collect(),
            keys: parts.iter().map(keys).collect(),
            payloads: parts.iter().map(|shingles| payload(parts.len(), shingles)).collect(),
        }
    }

    /// Replaces the parts of a document, and returns what `before` returns, which sees the texts
    /// before the insertion, and its effect.
    fn write<T>(
        &self,
        id: &str,
        parts: &Parts,
        mut before: impl FnMut(&dyn View, Insertion) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        let Parts { names, keys, payloads } = parts;
        write(&self.store, |view| {
            let known = known_parts(view, id)?;
            let mut insertion = if known.is_empty() { Insertion::New } else { Insertion::Replaced };
            if known.len() == names.len() {
                let mut is_equal = true;
                for (number, payload) in known.iter().zip(payloads) {
                    view.document(*number, &mut |stored| {
                        is_equal &= stored.payload == payload;
                        Ok(())
                    })?;
                }
                insertion = if is_equal { Insertion::Unchanged } else { insertion };
            }
            let answer = before(view, insertion)?;
            if insertion == Insertion::Unchanged {
                return Ok((Change::default(), answer));
            }
            let record = |((id, keys), payload)| Record { id, scope: "", keys, payload };
            let keys = keys.iter().map(Vec::as_slice);
            let add = names.iter().map(String::as_str).zip(keys).zip(payloads.iter().map(Vec::as_slice));
            let remove = (names.len()..known.len()).map(|part| name(id, part)).collect();
            Ok((Change { remove, add: add.map(record).collect() }, answer))
        })
    }

    /// Returns the near duplicates of a text with these `keys`, without those under the id
    /// `except`.
    fn near(
        &self,
        view: &dyn View,
        shingles: &Shingles,
        keys: &[Fingerprint],
        except: Option<&str>,
    ) -> Result<Neighbors, IndexError> {
        let mut own = except.map_or(Ok(Vec::new()), |id| known_parts(view, id))?;
        own.sort_unstable();
        let candidates = candidates(view, &self.options, keys, &own)?;
        let mut near = Vec::new();
        for document in candidates.texts {
            view.document(document, &mut |stored| {
                near.extend(self.neighbor(shingles, stored)?.map(|neighbor| (document, neighbor)));
                Ok(())
            })?;
        }
        near.sort_by(|(a, x), (b, y)| y.similarity.total_cmp(&x.similarity).then(a.cmp(b)));
        Ok(Neighbors {
            neighbors: near.into_iter().map(|(_, neighbor)| neighbor).collect(),
            truncated_buckets: candidates.truncated_buckets,
            skipped_candidates: candidates.skipped_candidates,
        })
    }

    /// Compares a text with a stored one, and returns the stored one if they are near duplicates.
    fn neighbor(&self, query: &Shingles, stored: &DocumentView<'_>) -> Result<Option<Neighbor>, IndexError> {
        let (_, shingles) = decode(stored)?;
        let name = stored.id.split_once(':').and_then(|(part, id)| Some((part.parse().ok()?, id)));
        let (part, id) = name.ok_or_else(|| damaged(stored.id))?;
        Ok(self.options.verify(query, &shingles).map(|overlap| Neighbor {
            document: id.to_owned(),
            part,
            span: shingles.span(),
            similarity: overlap.similarity(),
            query_containment: overlap.first_containment(),
            match_containment: overlap.second_containment(),
        }))
    }

    /// Removes all texts that were inserted under `id` as one atomic operation, and returns whether
    /// there were any.
    ///
    /// # Errors
    ///
    /// Returns an error if the store is damaged, or cannot be read or written. Nothing is removed
    /// then, except that a store on disk may have the removal after it is opened again.
    pub fn remove(&self, id: &str) -> Result<bool, IndexError> {
        write(&self.store, |view| {
            let known = known_parts(view, id)?;
            let remove = (0..known.len()).map(|part| name(id, part)).collect();
            Ok((Change { remove, add: Vec::new() }, !known.is_empty()))
        })
    }

    /// Returns whether a text was inserted under `id`.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    pub fn contains(&self, id: &str) -> Result<bool, IndexError> {
        read(&self.store, |view| Ok(view.number(&name(id, 0))?.is_some()))
    }

    /// Returns the number of texts. Each part of a document counts as one.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    pub fn len(&self) -> Result<u64, IndexError> {
        read(&self.store, |view| Ok(view.len()))
    }

    /// Returns whether the index is empty.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    pub fn is_empty(&self) -> Result<bool, IndexError> {
        Ok(self.len()? == 0)
    }

    /// Makes all insertions and removals so far durable: see
    /// [`Index::sync`](crate::index::Index::sync).
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be written.
    pub fn sync(&self) -> Result<(), IndexError> {
        self.store.sync()
    }

    /// Returns the shingler with which texts must be read.
    pub fn shingler(&self) -> &Shingler {
        &self.shingler
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

/// Returns the numbers of the parts that were inserted under `id`, in order.
fn known_parts(view: &dyn View, id: &str) -> Result<Vec<u32>, IndexError> {
    let Some(first) = view.number(&name(id, 0))? else { return Ok(Vec::new()) };
    let mut parts = 0;
    view.document(first, &mut |stored| {
        let number = take_number(&mut &*stored.payload);
        let number = number.and_then(|parts| usize::try_from(parts).ok()).filter(|parts| *parts > 0);
        parts = number.ok_or_else(|| damaged(stored.id))?;
        Ok(())
    })?;
    let number = |part| view.number(&name(id, part))?.ok_or_else(|| damaged(&name(id, part)));
    (0..parts).map(number).collect()
}

impl<S> fmt::Debug for LshIndex<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = describe(&self.shingler, &self.options);
        f.debug_struct("LshIndex").field("texts", &texts).finish_non_exhaustive()
    }
}
