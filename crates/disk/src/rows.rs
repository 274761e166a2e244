//! The rows of the tables.
//!
//! | table | key | value |
//! |---|---|---|
//! | `documents` | number, most significant byte first | a frame, seed: the number, with the whole record |
//! | `names` | `d`, hash of an id | the numbers of the documents with ids of that hash |
//! | `names` | `s`, hash of a scope | for each scope of that hash: number, count of documents, name |
//! | `keys` | a key | the earliest [postings](Entry), at most [`INLINE`]; if there are more, their number |
//! | `more` | a key, the number of a document | place and scope of a posting that is not among the earliest |
//! | `counts` | number of a scope, a key | the number of documents of the scope that have the key, and their earliest posting |
//! | each | [`MARK`] | a [`Mark`] |
//!
//! Numbers in keys have the most significant byte first, and those in values the least. A row of
//! `counts` exists if its number is two or more, and for every scope of a key that has postings in
//! `more`. Other counts are computed from the postings in `keys`.

use xxhash_rust::xxh3::xxh3_128_with_seed;

use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::frame;
use crate::index::store::Posting;

/// The number of postings of a key that are in its own row. This is a part of the stored format, so it
/// does not depend on the number of documents that an answer lists.
pub(super) const INLINE: usize = 17;

/// The key of the row that every table has, behind all numbers of documents that are likely.
pub(super) const MARK: [u8; 1] = [0xFF];

/// The tables, in the order in which they were made.
pub(super) const TABLES: [&str; 5] = ["documents", "names", "keys", "more", "counts"];

/// Returns the error for `what`, which is damaged as `how` describes.
pub(super) fn damaged(what: &str, how: impl Into<String>) -> IndexError {
    IndexError::Damaged { what: what.to_owned(), how: how.into() }
}

/// A change in a journal: the number of changes before it, the sequence number that the engine gave
/// to it, and the lower bound of that number in its mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Change {
    pub(super) number: u64,
    pub(super) given: u64,
    pub(super) least: u64,
}
/// How far an index is. Every change writes it to every table: tables that do not agree have lost something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Mark {
    /// How many changes there were.
    pub(super) change: u64,
    /// The number of the next document.
    pub(super) next: u32,
    /// The number of the next scope.
    pub(super) scopes: u32,
    /// How many documents there are.
    pub(super) alive: u64,
    /// The least number that the library can have given to the change. Its journals have no checksum for that
    /// number.
    pub(super) given: u64,
}

impl Mark {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.change.to_le_bytes().to_vec();
        bytes.extend_from_slice(&self.next.to_le_bytes());
        bytes.extend_from_slice(&self.scopes.to_le_bytes());
        bytes.extend_from_slice(&self.alive.to_le_bytes());
        bytes.extend_from_slice(&self.given.to_le_bytes());
        bytes
    }

    pub(super) fn parse(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let (change, next, scopes) = (frame::take_number(bytes)?, take_number(bytes)?, take_number(bytes)?);
        let (alive, given) = (frame::take_number(bytes)?, frame::take_number(bytes)?);
        bytes.is_empty().then_some(Self { change, next, scopes, alive, given })
    }
}

/// One document that has a key, and the number of its scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    pub(super) posting: Posting,
    pub(super) scope: u32,
}

impl Entry {
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (document, place, scope) = (take_number(bytes)?, take_number(bytes)?, take_number(bytes)?);
        Some(Self { posting: Posting { document, place }, scope })
    }

    /// The row of `more`.
    pub(super) fn more_key(key: Fingerprint, document: u32) -> [u8; 20] {
        join(&key.to_bytes(), &document.to_be_bytes())
    }

    pub(super) fn more_value(self) -> [u8; 8] {
        join(&self.posting.place.to_le_bytes(), &self.scope.to_le_bytes())
    }

    pub(super) fn parse_more(key: &[u8], mut value: &[u8]) -> Option<Self> {
        let document = u32::from_be_bytes(key.get(16..)?.try_into().ok()?);
        let (place, scope) = (take_number(&mut value)?, take_number(&mut value)?);
        value.is_empty().then_some(Self { posting: Posting { document, place }, scope })
    }
}

/// A row of `keys`: the earliest postings, and how many there are in all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Postings {
    pub(super) first: Vec<Entry>,
    pub(super) all: u32,
}

impl Postings {
    /// Whether there are some that are not in the row.
    pub(super) fn has_more(&self) -> bool {
        self.all as usize > self.first.len()
    }

    /// How many of the postings in the row are of a scope, and the earliest of these.
    pub(super) fn count(&self, scope: u32) -> Option<Count> {
        let mut of_scope = self.first.iter().filter(|entry| entry.scope == scope);
        let first = of_scope.next()?.posting;
        // There are few in a row.
        Some(Count { documents: u32::try_from(of_scope.count()).unwrap_or_default() + 1, first })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.first.len() * 12 + 4);
        for entry in &self.first {
            bytes.extend_from_slice(&entry.posting.document.to_le_bytes());
            bytes.extend_from_slice(&entry.posting.place.to_le_bytes());
            bytes.extend_from_slice(&entry.scope.to_le_bytes());
        }
        if self.has_more() {
            bytes.extend_from_slice(&self.all.to_le_bytes());
        }
        bytes
    }

    pub(super) fn parse(mut bytes: &[u8]) -> Option<Self> {
        let mut first = Vec::with_capacity(bytes.len() / 12);
        while bytes.len() >= 12 {
            first.push(Entry::take(&mut bytes)?);
        }
        let listed = u32::try_from(first.len()).ok()?;
        let all = if bytes.is_empty() { listed } else { take_number(&mut bytes)? };
        (bytes.is_empty() && all >= listed).then_some(Self { first, all })
    }
}

/// A row of `counts`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Count {
    pub(super) documents: u32,
    pub(super) first: Posting,
}

impl Count {
    pub(super) fn key(scope: u32, key: Fingerprint) -> [u8; 20] {
        join(&scope.to_be_bytes(), &key.to_bytes())
    }

    /// The key of a row, without its scope.
    pub(super) fn key_of(row: &[u8]) -> Option<Fingerprint> {
        Some(Fingerprint::from_bytes(row.get(4..)?.try_into().ok()?))
    }

    pub(super) fn to_bytes(self) -> [u8; 12] {
        let rest: [u8; 8] = join(&self.first.document.to_le_bytes(), &self.first.place.to_le_bytes());
        join(&self.documents.to_le_bytes(), &rest)
    }

    pub(super) fn parse(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let (documents, document, place) = (take_number(bytes)?, take_number(bytes)?, take_number(bytes)?);
        bytes.is_empty().then_some(Self { documents, first: Posting { document, place } })
    }
}

/// A scope, in a row of `names`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Scope {
    pub(super) number: u32,
    pub(super) documents: u32,
    pub(super) name: String,
}

/// Where a document's name is looked for.
pub(super) fn key_of_id(id: &str) -> [u8; 17] {
    join(b"d", &xxh3_128_with_seed(id.as_bytes(), 1).to_be_bytes())
}

/// Where a scope is looked for.
pub(super) fn key_of_scope(scope: &str) -> [u8; 17] {
    join(b"s", &xxh3_128_with_seed(scope.as_bytes(), 2).to_be_bytes())
}

pub(super) fn put_numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

pub(super) fn parse_numbers(mut bytes: &[u8]) -> Option<Vec<u32>> {
    let mut numbers = Vec::with_capacity(bytes.len() / 4);
    while !bytes.is_empty() {
        numbers.push(take_number(&mut bytes)?);
    }
    Some(numbers)
}

pub(super) fn put_scopes(scopes: &[Scope]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for scope in scopes {
        bytes.extend_from_slice(&scope.number.to_le_bytes());
        bytes.extend_from_slice(&scope.documents.to_le_bytes());
        frame::put(&mut bytes, scope.name.as_bytes());
    }
    bytes
}

pub(super) fn parse_scopes(mut bytes: &[u8]) -> Option<Vec<Scope>> {
    let mut scopes = Vec::new();
    while !bytes.is_empty() {
        let (number, documents) = (take_number(&mut bytes)?, take_number(&mut bytes)?);
        let name = String::from_utf8(frame::take(&mut bytes)?.to_vec()).ok()?;
        scopes.push(Scope { number, documents, name });
    }
    Some(scopes)
}

/// Takes four bytes as a number.
pub(super) fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let (number, rest) = bytes.split_at_checked(4)?;
    *bytes = rest;
    Some(u32::from_le_bytes(number.try_into().ok()?))
}

/// Two parts in a row. Both together have `N` bytes.
fn join<const N: usize>(first: &[u8], second: &[u8]) -> [u8; N] {
    let mut all = [0; N];
    debug_assert_eq!(first.len() + second.len(), N);
    for (place, byte) in all.iter_mut().zip(first.iter().chain(second)) {
        *place = *byte;
    }
    all
}
