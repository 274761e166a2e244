//! The interface between an index and the place where its documents are kept.
//!
//! An [`Index`](super::Index) and an [`LshIndex`](crate::near::LshIndex) keep their documents in a
//! [`Store`]. A store maps 128-bit keys to the documents that have them. It does not interpret the
//! keys, nor the payload of a document.

use std::fmt;

use crate::error::IndexError;
use crate::fingerprint::Fingerprint;

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
}

/// A borrowed view of a stored document, which [`Store::visit`] passes to its callback without
/// copying the document.
#[derive(Clone, Copy)]
pub struct DocumentView<'a> {
    id: &'a str,
    scope: &'a str,
    len: usize,
    key: &'a dyn Fn(usize) -> Fingerprint,
    payload: &'a [u8],
}

impl<'a> DocumentView<'a> {
    /// Creates a view of a document with `len` keys. `key` returns the key at an index below `len`.
    pub fn new(
        id: &'a str,
        scope: &'a str,
        len: usize,
        key: &'a dyn Fn(usize) -> Fingerprint,
        payload: &'a [u8],
    ) -> Self {
        Self { id, scope, len, key, payload }
    }

    /// Returns the id of the document.
    pub fn id(&self) -> &'a str {
        self.id
    }

    /// Returns the scope of the document.
    pub fn scope(&self) -> &'a str {
        self.scope
    }

    /// Returns the number of keys.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns whether the document has no keys.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the key at `place`, an index in the list of keys, or `None` if `place` is out of
    /// range.
    pub fn key(&self, place: usize) -> Option<Fingerprint> {
        (place < self.len).then(|| (self.key)(place))
    }

    /// Returns the payload of the document.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

impl fmt::Debug for DocumentView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut view = f.debug_struct("DocumentView");
        view.field("id", &self.id).field("scope", &self.scope).field("len", &self.len).finish_non_exhaustive()
    }
}

/// An entry in the list of documents that have a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Posting {
    /// The number of the document. Numbers ascend in the order of insertion, and none is used
    /// twice.
    pub document: u32,
    /// The index of the first occurrence of the key in the list of keys of the document.
    pub place: u32,
}

/// The number of documents that have a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct KeyCounts {
    /// The number of documents that have the key.
    pub documents: u32,
    /// The number of these documents in the scope of the query.
    pub in_scope: u32,
    /// Where its postings begin among those of the whole answer, and how many are listed.
    pub(crate) listed: (usize, u32),
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
    pub(crate) counts: Vec<KeyCounts>,
    pub(crate) postings: Vec<Posting>,
    /// The number of documents of the scope, without the excluded one.
    pub scope_documents: u32,
    /// An upper bound for the numbers of the documents in this answer: all of them are less.
    pub before: u32,
}

impl Answer {
    /// Returns the counts of each key, in the order of the query.
    pub fn counts(&self) -> &[KeyCounts] {
        &self.counts
    }

    /// Returns the listed postings of the key at `index` in the query, in the order of insertion:
    /// at most [`Query::limit`].
    pub fn postings(&self, index: usize) -> &[Posting] {
        let (first, len) = self.counts.get(index).map_or((0, 0), |held| held.listed);
        self.postings.get(first..first + len as usize).unwrap_or_default()
    }

    /// Creates an answer without keys, from a store that has `scope_documents` documents in the
    /// scope and has given the numbers below `before`.
    ///
    /// Call [`answer`](Self::answer) once for each key of the query, in order.
    pub fn new(scope_documents: u32, before: u32) -> Self {
        Self { scope_documents, before, ..Self::default() }
    }

    /// Adds the counts of the next key of the query, and its postings.
    ///
    /// `documents` is the number of documents that have the key, `in_scope` the number of these in
    /// the scope, and `earliest` the postings with the lowest document numbers, at most
    /// [`Query::limit`].
    pub fn answer(&mut self, documents: u32, in_scope: u32, earliest: impl IntoIterator<Item = Posting>) {
        let first = self.postings.len();
        self.postings.extend(earliest);
        self.push(documents, in_scope, first);
    }

    /// Ends the list of postings of one more key.
    pub(crate) fn push(&mut self, documents: u32, in_scope: u32, first: usize) {
        // No more are listed than a query asks for, in 32 bits.
        let listed = (first, u32::try_from(self.postings.len() - first).unwrap_or(u32::MAX));
        self.counts.push(KeyCounts { documents, in_scope, listed });
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

/// A place where an index keeps documents.
///
/// A store maps each key to the documents that have it, in the order of insertion, and the number
/// of a document to its [record](Record). A key is a 128-bit value: the fingerprint of a segment,
/// or the hash of a band of a MinHash signature.
///
/// Each call is atomic: no other call observes a part of its changes. Answers depend on the
/// documents and their order, and never on threads or time.
///
/// To use a store of your own, pass it to [`Index::with_store`](super::Index::with_store).
pub trait Store: Send + Sync + fmt::Debug {
    /// Adds `records`, in this order. In case of an error, none of them is added.
    ///
    /// # Errors
    ///
    /// [`IndexError::Full`] or [`IndexError::PastCapacity`] if the store has no room for them; an
    /// error of the store if writing fails.
    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError>;

    /// Looks up the keys of `query`.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unsupported`] if postings are requested and the store has none; an error of
    /// the store if reading fails.
    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError>;

    /// Looks up the keys of `record` as [`find`](Self::find) does, without postings, and then adds
    /// the record.
    ///
    /// A document that was added under the same id is replaced and not counted. To list the
    /// postings later, use [`find`](Self::find), and ignore documents whose number is not less than
    /// [`Answer::before`].
    ///
    /// # Errors
    ///
    /// Those of [`find`](Self::find) and [`add`](Self::add).
    fn find_and_add(&self, record: &Record<'_>) -> Result<Answer, IndexError>;

    /// Returns the document with this number, or `None` if it was removed or replaced.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unsupported`] if the store has no documents; an error of the store if reading
    /// fails.
    fn document(&self, number: u32) -> Result<Option<OwnedRecord>, IndexError>;

    /// Calls `with` with a view of the document with this number, and returns whether there is one.
    /// `with` must not call the store.
    ///
    /// By default, this method calls [`document`](Self::document). Override it in a store that can
    /// lend a document without copying it.
    ///
    /// # Errors
    ///
    /// Those of [`document`](Self::document).
    fn visit(&self, number: u32, with: &mut dyn FnMut(&DocumentView<'_>)) -> Result<bool, IndexError> {
        let Some(stored) = self.document(number)? else { return Ok(false) };
        let key = |place: usize| stored.keys.get(place).copied().unwrap_or(Fingerprint::from_u128(0));
        with(&DocumentView::new(&stored.id, &stored.scope, stored.keys.len(), &key, &stored.payload));
        Ok(true)
    }

    /// Returns the number of the document with this id.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unsupported`] if the store has no documents; an error of the store if reading
    /// fails.
    fn number(&self, id: &str) -> Result<Option<u32>, IndexError>;

    /// Returns the number that the next document will get. It is greater than all numbers in use.
    fn next_number(&self) -> u32;

    /// Returns the number of documents.
    fn len(&self) -> u64;

    /// Returns whether there are no documents.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes the document with this id, and returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unsupported`] if the store has no documents; an error of the store if reading
    /// or writing fails.
    fn remove(&self, id: &str) -> Result<bool, IndexError>;

    /// Returns the number of documents of `scope`.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unsupported`] if the store does not count documents by scope; an error of the
    /// store if reading fails.
    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError>;

    /// Returns an error if the store does not count documents by scope.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unsupported`].
    fn check_counts(&self) -> Result<(), IndexError> {
        Ok(())
    }

    /// Returns the keys that at least `documents` documents of `scope` have, and at least two, in
    /// ascending order of keys.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unsupported`] if the store does not count documents by scope; an error of the
    /// store if reading fails.
    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<FrequentKey>, IndexError>;

    /// Makes all changes so far durable. Does nothing for stores in memory.
    ///
    /// # Errors
    ///
    /// An error of the store if writing fails.
    fn sync(&self) -> Result<(), IndexError>;
}
