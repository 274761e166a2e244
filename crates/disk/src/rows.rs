//! The rows of the tables, and their encoding.
//!
//! | table | key | value |
//! |---|---|---|
//! | `documents` | number of a document | a [sealed](seal) record; the seed is the number |
//! | `names` | `d`, hash of an id | the numbers of the documents with ids of that hash |
//! | `names` | `s`, hash of a scope | the numbers of the scopes with names of that hash |
//! | `names` | `n`, number of a scope | the number of its documents, and its name |
//! | `names` | `m`, number of a scope, number of a document in it | nothing |
//! | `keys` | a key | the earliest [postings](Entry), at most [`INLINE`]; if there are more, their number |
//! | `more` | a key, number of a document | place and scope of a posting that is not among the earliest |
//! | `counts` | number of a scope, a key | a [`Count`] |
//! | each | [`MARK`] | a [`Mark`] |
//!
//! Numbers are big-endian in keys, so that rows are in their order, and little-endian in values. A
//! row of `counts` exists if at least two documents of the scope have the key, or if the scope has
//! the key and the key has postings in `more`. Other counts are computed from the row in `keys`.

use refrain::error::IndexError;
use refrain::Fingerprint;
use refrain::index::store::Posting;
use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128_with_seed};

/// The maximum number of postings in a row of `keys`.
pub(crate) const INLINE: usize = 17;

/// The key of the mark, which every table has. No other row has a key of one byte.
pub(crate) const MARK: [u8; 1] = [0xFF];

/// The tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Table {
    Documents,
    Names,
    Keys,
    More,
    Counts,
}

impl Table {
    /// All tables, in the order in which they are created, and their names.
    pub(crate) const ALL: [(Self, &str); 5] = [
        (Self::Documents, "documents"),
        (Self::Names, "names"),
        (Self::Keys, "keys"),
        (Self::More, "more"),
        (Self::Counts, "counts"),
    ];
}

/// Returns the error for `what`, which is damaged as `how` describes.
pub(crate) fn damaged(what: &str, how: impl Into<String>) -> IndexError {
    IndexError::Damaged { what: what.to_owned(), how: how.into() }
}

/// Returns the content that `write` appends, behind its XXH3-64 with this seed.
pub(crate) fn seal(seed: u64, write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = vec![0; 8];
    write(&mut bytes);
    let sum = xxh3_64_with_seed(&bytes[8..], seed);
    bytes[..8].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// Returns the content of the result of [`seal`], or `None` if the bytes were changed.
pub(crate) fn unseal(seed: u64, bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = Cursor(bytes);
    let sum = rest.u64()?;
    (sum == xxh3_64_with_seed(rest.0, seed)).then_some(rest.0)
}

/// A reader of bytes, which holds those that are left.
pub(crate) struct Cursor<'a>(pub(crate) &'a [u8]);

impl Cursor<'_> {
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// Returns `value` if no bytes are left.
    pub(crate) fn end<T>(&self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

/// The state of a store after a change. Every change writes its mark to every table, so tables with
/// different marks have lost something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Mark {
    /// The number of changes before.
    pub(crate) change: u64,
    /// The number of the next document.
    pub(crate) next: u32,
    /// The number of the next scope.
    pub(crate) scopes: u32,
    /// The number of documents.
    pub(crate) documents: u64,
    /// A lower bound of the sequence number that the engine gives to this change. The journal does
    /// not have a checksum for that number.
    pub(crate) least: u64,
}

impl Mark {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let (change, documents, least) =
            (self.change.to_le_bytes(), self.documents.to_le_bytes(), self.least.to_le_bytes());
        [&change[..], &self.next.to_le_bytes(), &self.scopes.to_le_bytes(), &documents, &least].concat()
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = Cursor(bytes);
        let (change, next, scopes) = (rest.u64()?, rest.u32()?, rest.u32()?);
        let mark = Self { change, next, scopes, documents: rest.u64()?, least: rest.u64()? };
        rest.end(mark)
    }
}

/// A posting, and the number of the scope of its document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) posting: Posting,
    pub(crate) scope: u32,
}

impl Entry {
    /// Returns the key of the row in `more`.
    pub(crate) fn more_key(key: Fingerprint, document: u32) -> Vec<u8> {
        [&key.to_bytes()[..], &document.to_be_bytes()].concat()
    }

    /// Returns the value of the row in `more`.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        put_numbers(&[self.posting.place, self.scope])
    }

    /// Parses a row of `more`, and returns its key too.
    pub(crate) fn parse(key: &[u8], value: &[u8]) -> Option<(Fingerprint, Self)> {
        let (mut row, mut rest) = (Cursor(key), Cursor(value));
        let (key, document) = (Fingerprint::from_bytes(row.array()?), u32::from_be_bytes(row.array()?));
        let posting = Posting { document, place: rest.u32()? };
        let entry = Self { posting, scope: rest.u32()? };
        rest.end((key, entry))
    }
}

/// A row of `keys`: the earliest postings, and the number of all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Postings {
    pub(crate) first: Vec<Entry>,
    pub(crate) all: u32,
}

impl Postings {
    /// Returns whether there are postings in `more`.
    pub(crate) fn has_more(&self) -> bool {
        self.all as usize > self.first.len()
    }

    /// Counts the postings of a scope in this row.
    pub(crate) fn count(&self, scope: u32) -> Option<Count> {
        let mut of_scope = self.first.iter().filter(|entry| entry.scope == scope);
        let first = of_scope.next()?.posting;
        Some(of_scope.fold(Count { documents: 1, first }, |count, _| Count {
            documents: count.documents + 1,
            first,
        }))
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let entry = |entry: &Entry| [entry.posting.document, entry.posting.place, entry.scope];
        let mut numbers: Vec<u32> = self.first.iter().flat_map(entry).collect();
        numbers.extend(self.has_more().then_some(self.all));
        put_numbers(&numbers)
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = Cursor(bytes);
        let mut first = Vec::with_capacity(bytes.len() / 12);
        while rest.0.len() >= 12 {
            let posting = Posting { document: rest.u32()?, place: rest.u32()? };
            first.push(Entry { posting, scope: rest.u32()? });
        }
        let listed = u32::try_from(first.len()).ok()?;
        let all = if rest.0.is_empty() { listed } else { rest.u32()? };
        rest.end(Self { first, all }).filter(|_| all >= listed)
    }
}

/// A row of `counts`: the number of documents of a scope that have a key, and the earliest posting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Count {
    pub(crate) documents: u32,
    pub(crate) first: Posting,
}

impl Count {
    pub(crate) fn key(scope: u32, key: Fingerprint) -> Vec<u8> {
        [&scope.to_be_bytes()[..], &key.to_bytes()].concat()
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        put_numbers(&[self.documents, self.first.document, self.first.place])
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = Cursor(bytes);
        let documents = rest.u32()?;
        let first = Posting { document: rest.u32()?, place: rest.u32()? };
        rest.end(Self { documents, first })
    }

    /// Parses a row with its key.
    pub(crate) fn parse_row(key: &[u8], value: &[u8]) -> Option<(u32, Fingerprint, Self)> {
        let mut row = Cursor(key);
        let (scope, key) = (u32::from_be_bytes(row.array()?), Fingerprint::from_bytes(row.array()?));
        row.end((scope, key, Self::parse(value)?))
    }
}

/// Returns the key of the row with the numbers of the documents with an id of this hash.
pub(crate) fn id_key(id: &str) -> Vec<u8> {
    [&b"d"[..], &xxh3_128_with_seed(id.as_bytes(), 1).to_be_bytes()].concat()
}

/// Returns the key of the row with the numbers of the scopes with a name of this hash.
pub(crate) fn name_key(scope: &str) -> Vec<u8> {
    [&b"s"[..], &xxh3_128_with_seed(scope.as_bytes(), 2).to_be_bytes()].concat()
}

/// Returns the key of the row with the name of a scope.
pub(crate) fn scope_key(scope: u32) -> Vec<u8> {
    [&b"n"[..], &scope.to_be_bytes()].concat()
}

/// Returns the key of the row of a document in a scope.
pub(crate) fn member_key(scope: u32, document: u32) -> Vec<u8> {
    [&b"m"[..], &scope.to_be_bytes(), &document.to_be_bytes()].concat()
}

/// Encodes the row of a scope.
pub(crate) fn put_scope(documents: u32, name: &str) -> Vec<u8> {
    [&documents.to_le_bytes()[..], name.as_bytes()].concat()
}

/// Decodes the row of a scope.
pub(crate) fn parse_scope(bytes: &[u8]) -> Option<(u32, String)> {
    let mut rest = Cursor(bytes);
    Some((rest.u32()?, std::str::from_utf8(rest.0).ok()?.to_owned()))
}

pub(crate) fn put_numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

pub(crate) fn parse_numbers(bytes: &[u8]) -> Option<Vec<u32>> {
    let numbers = bytes.chunks(4).map(|bytes| Cursor(bytes).u32());
    numbers.collect()
}
