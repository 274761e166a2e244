//! The documents of a store.

use std::fmt;

use crate::codec;
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

/// A borrowed view of a stored document, which [`View::document`](super::View::document) passes to
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
