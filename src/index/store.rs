//! What an index needs of the place where it keeps things.

use std::fmt;

use crate::error::IndexError;
use crate::fingerprint::Fingerprint;

/// A document as a store sees it: a name, a scope, a list of keys, and a few bytes that the store does not
/// read.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The caller's name of the document. One that is known already is replaced: the document is now the last
    /// one.
    pub id: &'a str,
    /// The group in which documents are counted for each key.
    pub scope: &'a str,
    /// The keys. One may come several times; only its first place is found.
    pub keys: &'a [Fingerprint],
    /// Given back as it is.
    pub payload: &'a [u8],
}

/// A document as a store gives it back. See [`Record`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnedRecord {
    /// The caller's name of the document.
    pub id: String,
    /// Its scope.
    pub scope: String,
    /// Its keys.
    pub keys: Vec<Fingerprint>,
    /// What came with it.
    pub payload: Vec<u8>,
}

impl OwnedRecord {
    /// The same, borrowed.
    pub fn record(&self) -> Record<'_> {
        Record { id: &self.id, scope: &self.scope, keys: &self.keys, payload: &self.payload }
    }
}

/// A document as a store shows it, where it stands: nothing of it is copied. See [`Store::visit`].
#[derive(Clone, Copy)]
pub struct DocumentView<'a> {
    id: &'a str,
    scope: &'a str,
    len: usize,
    key: &'a dyn Fn(usize) -> Fingerprint,
    payload: &'a [u8],
}

impl<'a> DocumentView<'a> {
    /// A document with `len` keys, of which `key` gives each by its place.
    pub fn new(
        id: &'a str,
        scope: &'a str,
        len: usize,
        key: &'a dyn Fn(usize) -> Fingerprint,
        payload: &'a [u8],
    ) -> Self {
        Self { id, scope, len, key, payload }
    }

    /// The caller's name of the document.
    pub fn id(&self) -> &'a str {
        self.id
    }

    /// Its scope.
    pub fn scope(&self) -> &'a str {
        self.scope
    }

    /// How many keys it has.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The key at a place.
    pub fn key(&self, place: usize) -> Option<Fingerprint> {
        (place < self.len).then(|| (self.key)(place))
    }

    /// What came with it.
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

/// One document that has a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Posting {
    /// The number of the document: documents are numbered as they come, and no number is given twice.
    pub document: u32,
    /// The first place of the key in that document's list.
    pub place: u32,
}

/// What a store knows of one key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct KeyCounts {
    /// How many documents have it.
    pub documents: u32,
    /// How many of those are of the scope that was asked about.
    pub in_scope: u32,
    /// Where its postings begin among those of the whole answer, and how many are listed.
    pub(crate) listed: (usize, u32),
}

/// What is asked of a store.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// The keys.
    pub keys: &'a [Fingerprint],
    /// The scope in which documents are counted.
    pub scope: &'a str,
    /// A document that is left out of the answer.
    pub except: Option<&'a str>,
    /// How many postings of a key are listed at most, the earliest first.
    pub limit: u32,
}

/// The answer to a [`Query`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    pub(crate) counts: Vec<KeyCounts>,
    pub(crate) postings: Vec<Posting>,
    /// How many documents the scope has, without the one that was left out.
    pub scope_documents: u32,
    /// All that is told is of documents with lower numbers.
    pub before: u32,
}

impl Answer {
    /// What is known of each key, in the order of the query.
    pub fn counts(&self) -> &[KeyCounts] {
        &self.counts
    }

    /// The earliest documents that have the key with number `index` in the query, as many as were asked for,
    /// in the order in which they were added.
    pub fn postings(&self, index: usize) -> &[Posting] {
        let (first, len) = self.counts.get(index).map_or((0, 0), |held| held.listed);
        self.postings.get(first..first + len as usize).unwrap_or_default()
    }

    /// An answer of a store in which the scope has so many documents, and of documents with numbers below
    /// `before`. No key is answered yet.
    pub fn new(scope_documents: u32, before: u32) -> Self {
        Self { scope_documents, before, ..Self::default() }
    }

    /// Answers for the next key of the query: how many documents have it, how many of those are of the scope,
    /// and the earliest of them, as many as were asked for.
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

/// A key that several documents of one scope have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FrequentKey {
    /// The key.
    pub key: Fingerprint,
    /// How many documents of the scope have it.
    pub documents: u32,
    /// The earliest of them.
    pub first: Posting,
}

/// Where an index keeps documents: from a key to those that have it, in the order in which they came, and
/// from there back to all that was said of them.
///
/// A key is any 128 bits: the fingerprint of a segment, or a band of a sketch. Every call is atomic: no other
/// sees it half done. Answers depend on the documents and their order, never on threads or time.
///
/// A store of your own goes into [`Index::with_store`](super::Index::with_store).
pub trait Store: Send + Sync + fmt::Debug {
    /// Adds documents, in this order. Nothing is added if there is an error.
    ///
    /// # Errors
    ///
    /// The store is full, or writing fails.
    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError>;

    /// What is known of keys.
    ///
    /// # Errors
    ///
    /// Reading fails; postings are asked for, and the store does not keep documents.
    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError>;

    /// What is known of the keys of a document, not counting what is known of that document itself, and then
    /// adds it. No postings are listed: a [`Query`] lists them later, of documents before [`Answer::before`].
    ///
    /// # Errors
    ///
    /// Those of both.
    fn find_and_add(&self, record: &Record<'_>) -> Result<Answer, IndexError>;

    /// The document with this number, `None` if it was removed or replaced.
    ///
    /// # Errors
    ///
    /// Reading fails; the store does not keep documents.
    fn document(&self, number: u32) -> Result<Option<OwnedRecord>, IndexError>;

    /// Shows the document with this number to `with`, and says whether there is one; `with` must not call the
    /// store.
    ///
    /// A store that can show a document without copying it does so: this reads [`document`](Self::document)
    /// unless it is written anew.
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

    /// The number of the document with this name.
    ///
    /// # Errors
    ///
    /// Reading fails; the store does not keep documents.
    fn number(&self, id: &str) -> Result<Option<u32>, IndexError>;

    /// The number that the next document will get: all others are less.
    fn next_number(&self) -> u32;

    /// How many documents there are.
    fn len(&self) -> u64;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes a document, and says whether it was there.
    ///
    /// # Errors
    ///
    /// Reading or writing fails; the store does not keep documents.
    fn remove(&self, id: &str) -> Result<bool, IndexError>;

    /// How many documents a scope has.
    ///
    /// # Errors
    ///
    /// Reading fails.
    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError>;

    /// Whether documents are counted by scope; if not, the error says so.
    ///
    /// # Errors
    ///
    /// The store does not count.
    fn check_counts(&self) -> Result<(), IndexError> {
        Ok(())
    }

    /// The keys that at least `documents`, and at least two, documents of a scope have, by key.
    ///
    /// # Errors
    ///
    /// Reading fails; the store does not count.
    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<FrequentKey>, IndexError>;

    /// Acknowledges all that was added and removed: after this it outlasts the process, if anything does in
    /// this store.
    ///
    /// # Errors
    ///
    /// Writing fails.
    fn sync(&self) -> Result<(), IndexError>;
}
