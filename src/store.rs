//! The interface between an index and the place where its documents are kept.
//!
//! An [`Index`](crate::index::Index) and an [`LshIndex`](crate::near::LshIndex) keep their
//! documents in a [`Store`]. A store maps 128-bit keys to the documents that have them. It does not
//! interpret the keys, nor the payload of a document.
//!
//! Every query, insertion and removal is one call of [`Store::read`] or [`Store::write`], so it is
//! atomic, also after a crash: a change is there as a whole or not at all.
//!
//! [`Memory`] is a store in memory. The package `refrain-disk` has one in a folder. To use a store
//! of your own, implement [`Store`] and [`View`], and pass the store to
//! [`Index::with_store`](crate::index::Index::with_store). If it can be closed and opened again,
//! implement [`Open`] too. The file `tests/index_own_store.rs` of the repository has a complete
//! store.

mod memory;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;
use std::path::Path;

pub use memory::Memory;

use crate::codec;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;

/// A place where an index keeps documents.
///
/// A store numbers the documents in the order of insertion, and never uses a number twice. It maps
/// each key to the documents that have it, and a number to its [record](Record).
///
/// A box of a store is a store, so `Box<dyn Store>` can be used.
pub trait Store: Send + Sync + fmt::Debug {
    /// Calls `read` once with a view of the documents, which no other thread changes until `read`
    /// returns. `read` must not call the store.
    ///
    /// # Errors
    ///
    /// That of `read`, or an error of the store.
    fn read(&self, read: &mut dyn FnMut(&dyn View) -> Result<(), IndexError>) -> Result<(), IndexError>;

    /// Calls `plan` once with a view of the documents, and makes the change that it returns, as one
    /// atomic operation: no other call changes the store in between, and none reads a part of the
    /// change. `plan` must not call the store.
    ///
    /// # Errors
    ///
    /// That of `plan`; [`IndexError::Full`] if the store has no room; an error of the store if
    /// writing fails. The documents of the open store are then as they were before. If writing to
    /// disk failed, the change may still be there when the store is opened again.
    fn write(&self, plan: Planning<'_, '_>) -> Result<(), IndexError>;

    /// Makes all changes so far durable. Does nothing for stores in memory.
    ///
    /// # Errors
    ///
    /// An error of the store if writing fails.
    fn sync(&self) -> Result<(), IndexError>;
}

/// The function that [`Store::write`] calls: returns the change to make.
pub type Planning<'p, 'c> = &'p mut dyn FnMut(&dyn View) -> Result<Change<'c>, IndexError>;

/// The function that [`View::document`] calls with the document.
pub type Visit<'a> = &'a mut dyn FnMut(&DocumentView<'_>) -> Result<(), IndexError>;

/// A store that lives in a folder, and can be opened again.
pub trait Open: Store + Sized {
    /// Opens the store `name` in `folder`, and returns it with its description: one line of text
    /// that states how its keys were computed. Stores with different names can be in one folder.
    ///
    /// If there is no such store, one is created, and `new` becomes its description.
    ///
    /// # Errors
    ///
    /// [`IndexError::Missing`] if there is no such store and `new` is `None`; [`IndexError::InUse`]
    /// if it is open already; [`IndexError::WrongVersion`] if its format is another one;
    /// [`IndexError::Damaged`] if a file was changed or is missing; [`IndexError::Io`] if a file
    /// cannot be read or written.
    fn open(folder: &Path, name: &str, new: Option<&str>) -> Result<(Self, String), IndexError>;
}

/// The documents that one call of [`Store::write`] removes from a store and adds to it.
#[derive(Clone, Debug, Default)]
pub struct Change<'a> {
    /// The ids of documents that are removed first. Ids that the store does not have are ignored.
    pub remove: Vec<String>,
    /// The documents that are then added, in this order. Each replaces a document with the same id.
    pub add: Vec<Record<'a>>,
}

/// A document to be added to a store: an id, a scope, a list of keys, and a payload.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The id of the document. A document that was added under the same id is replaced, and the new
    /// one is the last in the order of insertion.
    pub id: &'a str,
    /// The group in which documents are counted for each key.
    pub scope: &'a str,
    /// The keys. If one occurs several times, a store finds its first occurrence only.
    pub keys: &'a [Fingerprint],
    /// Bytes that the store returns unchanged.
    pub payload: &'a [u8],
}

impl Record<'_> {
    /// Appends the record to `bytes`, in the form that [`OwnedRecord::decode`] reads: the id, the
    /// scope, the keys and the payload. Each is preceded by its length, and the keys by their
    /// number, as a little-endian number of 64 bits.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        codec::put(bytes, self.id.as_bytes());
        codec::put(bytes, self.scope.as_bytes());
        codec::put_number(bytes, self.keys.len() as u64);
        bytes.extend(self.keys.iter().flat_map(|key| key.to_bytes()));
        codec::put(bytes, self.payload);
    }
}

/// A copy of a stored document. See [`Record`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnedRecord {
    /// The id of the document.
    pub id: String,
    /// The scope of the document.
    pub scope: String,
    /// The keys of the document, in the order in which they were added.
    pub keys: Vec<Fingerprint>,
    /// The payload of the document.
    pub payload: Vec<u8>,
}

impl OwnedRecord {
    /// Returns the document as a borrowed [`Record`].
    pub fn record(&self) -> Record<'_> {
        Record { id: &self.id, scope: &self.scope, keys: &self.keys, payload: &self.payload }
    }

    /// Reads what [`Record::encode`] wrote, or returns `None` if `bytes` is anything else.
    pub fn decode(mut bytes: &[u8]) -> Option<Self> {
        let rest = &mut bytes;
        let name = |rest: &mut &[u8]| Some(std::str::from_utf8(codec::take(rest)?).ok()?.to_owned());
        let (id, scope) = (name(rest)?, name(rest)?);
        let len = usize::try_from(codec::take_number(rest)?).ok()?;
        let keys = codec::take_bytes(rest, len.checked_mul(16)?)?;
        let key = |key: &[u8]| Some(Fingerprint::from_bytes(key.try_into().ok()?));
        let keys = keys.chunks_exact(16).filter_map(key).collect();
        let payload = codec::take(rest)?.to_vec();
        rest.is_empty().then_some(Self { id, scope, keys, payload })
    }
}

/// A borrowed view of a stored document, which [`View::document`] passes to
/// its callback without copying the document.
#[derive(Clone, Copy)]
pub struct DocumentView<'a> {
    /// The id of the document.
    pub id: &'a str,
    /// The scope of the document.
    pub scope: &'a str,
    /// The number of keys.
    pub len: usize,
    /// Returns the key at an index below `len`. [`key`](Self::key) checks the index.
    pub key_at: &'a dyn Fn(usize) -> Fingerprint,
    /// The payload of the document.
    pub payload: &'a [u8],
}

impl DocumentView<'_> {
    /// Returns the key at `place`, an index in the list of keys, or `None` if `place` is out of
    /// range.
    pub fn key(&self, place: usize) -> Option<Fingerprint> {
        (place < self.len).then(|| (self.key_at)(place))
    }

    /// Returns a copy of the document.
    pub fn to_owned(&self) -> OwnedRecord {
        let keys = (0..self.len).map(self.key_at).collect();
        let (id, scope, payload) = (self.id.to_owned(), self.scope.to_owned(), self.payload.to_vec());
        OwnedRecord { id, scope, keys, payload }
    }
}

impl fmt::Debug for DocumentView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut view = f.debug_struct("DocumentView");
        view.field("id", &self.id).field("scope", &self.scope).field("len", &self.len).finish_non_exhaustive()
    }
}

/// The effect of an insertion into an index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Insertion {
    /// There was no document with this id.
    New,
    /// The document with this id was equal, and was left in its place in the order of insertion.
    /// [`Index::insert`](crate::index::Index::insert) defines when two are equal; in an
    /// [`LshIndex`](crate::near::LshIndex), the shingles and the spans of all parts are compared.
    Unchanged,
    /// The document with this id was replaced.
    Replaced,
}

/// A consistent view of the documents of a store.
///
/// Answers depend on the documents and their order, and never on threads or time. A method that
/// returns a `Result` returns an error of the store if reading fails.
pub trait View {
    /// Looks up the keys of `query`.
    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError>;

    /// Calls `with` with the document that has this number, and returns whether there is one.
    fn document(&self, number: u32, with: Visit<'_>) -> Result<bool, IndexError>;

    /// Returns the number of the document with this id.
    fn number(&self, id: &str) -> Result<Option<u32>, IndexError>;

    /// Returns the lowest number in use that is at least `from`. If `scope` is given, only its
    /// documents are considered.
    fn next_document(&self, from: u32, scope: Option<&str>) -> Result<Option<u32>, IndexError>;

    /// Returns the number of documents.
    fn len(&self) -> u64;

    /// Returns whether there are no documents.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the name of the scope at `index`, counted from 0 in the order in which scopes were
    /// first used, and the number of its documents. Returns `None` if `index` is out of range.
    fn scope(&self, index: u32) -> Result<Option<(String, u32)>, IndexError>;

    /// Returns the number of documents of `scope`.
    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError>;

    /// Returns the keys that at least `documents` documents of `scope` have, in ascending order. If
    /// `documents` is less than 2, it counts as 2.
    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<FrequentKey>, IndexError>;
}

/// An entry in the list of documents that have a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Posting {
    /// The number of the document.
    pub document: u32,
    /// The index of the first occurrence of the key in the list of keys of the document.
    pub place: u32,
}

/// A query to a store, for a list of keys.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The keys to look up.
    pub keys: &'a [Fingerprint],
    /// The scope in which documents are also counted.
    pub scope: &'a str,
    /// The id of a document that is excluded from the answer.
    pub except: Option<&'a str>,
    /// The maximum number of postings that are listed for a key. Those of the earliest documents
    /// are listed.
    pub limit: u32,
}

/// The answer of a store to a [`Query`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    /// The number of documents of the scope, without the excluded one.
    pub scope_documents: u32,
    /// The counts of each key, in the order of the query.
    pub counts: Vec<KeyCounts>,
    /// The listed postings of all keys.
    pub(crate) postings: Vec<Posting>,
    /// For each key, the end of its postings in `postings`.
    ends: Vec<usize>,
}

/// The number of documents that have a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct KeyCounts {
    /// The number of documents that have the key.
    pub documents: u32,
    /// The number of these documents in the scope of the query.
    pub in_scope: u32,
}

impl Answer {
    /// Creates the answer to a query for `keys` keys in a scope that has `scope_documents`
    /// documents without the excluded one. Call [`push`](Self::push) once for each key, in order.
    pub fn new(scope_documents: u32, keys: usize) -> Self {
        let (counts, ends) = (Vec::with_capacity(keys), Vec::with_capacity(keys));
        Self { counts, ends, postings: Vec::new(), scope_documents }
    }

    /// Adds the counts of the next key, and the postings with the lowest document numbers, in
    /// order: at most [`Query::limit`].
    #[inline]
    pub fn push(&mut self, counts: KeyCounts, earliest: impl IntoIterator<Item = Posting>) {
        self.postings.extend(earliest);
        self.ends.push(self.postings.len());
        self.counts.push(counts);
    }

    /// Returns the listed postings of the key at `index` in the query, in the order of insertion,
    /// or none if there is no such key.
    pub fn postings(&self, index: usize) -> &[Posting] {
        self.postings.get(self.range(index)).unwrap_or_default()
    }

    /// Returns the places of these postings in the list of those of all keys.
    pub(crate) fn range(&self, index: usize) -> Range<usize> {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(index).map_or(0..0, |end| start..*end)
    }
}

/// A key that several documents of a scope have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FrequentKey {
    /// The key.
    pub key: Fingerprint,
    /// The number of documents of the scope that have the key.
    pub documents: u32,
    /// The posting with the lowest document number in the scope.
    pub first: Posting,
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn read(&self, read: &mut dyn FnMut(&dyn View) -> Result<(), IndexError>) -> Result<(), IndexError> {
        (**self).read(read)
    }

    fn write(&self, plan: Planning<'_, '_>) -> Result<(), IndexError> {
        (**self).write(plan)
    }

    fn sync(&self) -> Result<(), IndexError> {
        (**self).sync()
    }
}

/// Returns what `read` returns, which [`Store::read`] calls once.
pub(crate) fn read<S: Store + ?Sized, T>(
    store: &S,
    mut read: impl FnMut(&dyn View) -> Result<T, IndexError>,
) -> Result<T, IndexError> {
    let mut answer = None;
    store.read(&mut |view| {
        answer = Some(read(view)?);
        Ok(())
    })?;
    answer.ok_or_else(not_called)
}

/// Makes the change that `plan` returns, which [`Store::write`] calls once, and returns the rest.
pub(crate) fn write<'c, S: Store + ?Sized, T>(
    store: &S,
    mut plan: impl FnMut(&dyn View) -> Result<(Change<'c>, T), IndexError>,
) -> Result<T, IndexError> {
    let mut answer = None;
    store.write(&mut |view| {
        let (change, rest) = plan(view)?;
        answer = Some(rest);
        Ok(change)
    })?;
    answer.ok_or_else(not_called)
}

/// Returns the error for a store that does not call its argument.
fn not_called() -> IndexError {
    IndexError::damaged("the store", "it did not call the function that was passed to it")
}
