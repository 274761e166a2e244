//! The rows of the tables, and their encoding, which `docs/format.md` describes.

use refrain::Fingerprint;
use refrain::error::IndexError;
use refrain::index::store::Posting;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The maximum number of postings in a row of `keys`, which a new posting rewrites as a whole.
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
    /// The names of all tables, in the order in which they are created.
    pub(crate) const NAMES: [&str; 5] = ["documents", "names", "keys", "more", "counts"];
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

impl<'a> Cursor<'a> {
    pub(crate) fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

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
    /// The random seed of hashes.
    pub(crate) seed: u64,
}

impl Mark {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let (next, scopes) = (self.next.into(), self.scopes.into());
        [self.change, next, scopes, self.documents, self.least, self.seed]
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect()
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let numbers: [[u8; 8]; 6] = parse(bytes)?;
        let [change, next, scopes, documents, least, seed] = numbers.map(u64::from_le_bytes);
        let (next, scopes) = (u32::try_from(next).ok()?, u32::try_from(scopes).ok()?);
        // Documents and scopes are numbered, and a scope is created by a document.
        let is_possible = change < u64::MAX && scopes <= next && documents <= next.into();
        let mark = Self { change, next, scopes, documents, least, seed };
        is_possible.then_some(mark)
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
        let (key, document) = key.split_first_chunk()?;
        let document = u32::from_be_bytes(document.try_into().ok()?);
        let [place, scope] = parse_numbers(value)?;
        Some((Fingerprint::from_bytes(*key), Self { posting: Posting { document, place }, scope }))
    }
}

/// A row of `keys`: the postings, or if they are in `more`, only their number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Postings {
    pub(crate) inline: Vec<Entry>,
    pub(crate) in_more: u32,
    /// The number of the first document in `more`, at which a scan begins. The rows before it were
    /// deleted, and the engine would read all of them.
    pub(crate) first: u32,
}

impl Postings {
    pub(crate) fn len(&self) -> u32 {
        // At most `INLINE` are in the row.
        self.in_more + u32::try_from(self.inline.len()).unwrap_or(u32::MAX)
    }

    /// Counts the postings of a scope in this row.
    pub(crate) fn count(&self, scope: u32) -> Option<Count> {
        let of_scope = self.inline.iter().filter(|entry| entry.scope == scope);
        let first = of_scope.clone().next()?.posting;
        Some(Count { documents: (0..).zip(of_scope).last()?.0 + 1, first })
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let numbers = |entry: &Entry| [entry.posting.document, entry.posting.place, entry.scope];
        let mut numbers: Vec<u32> = self.inline.iter().flat_map(numbers).collect();
        if self.in_more > 0 {
            numbers.extend([self.in_more, self.first]);
        }
        put_numbers(&numbers)
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        if let Some([in_more, first]) = parse_numbers(bytes) {
            return Some(Self { inline: Vec::new(), in_more, first });
        }
        let entry = |bytes| {
            let [document, place, scope] = parse_numbers(bytes)?;
            Some(Entry { posting: Posting { document, place }, scope })
        };
        let inline: Option<Vec<Entry>> = bytes.chunks(12).map(entry).collect();
        inline.filter(|inline| inline.len() <= INLINE).map(|inline| Self { inline, in_more: 0, first: 0 })
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
        let [documents, document, place] = parse_numbers(bytes)?;
        Some(Self { documents, first: Posting { document, place } })
    }
}

/// Returns the key of the row of a scope.
pub(crate) fn scope_key(scope: u32) -> Vec<u8> {
    [&b"n"[..], &scope.to_be_bytes()].concat()
}

/// Returns the key of the row of a document in a scope.
pub(crate) fn member_key(scope: u32, document: u32) -> Vec<u8> {
    [&b"m"[..], &scope.to_be_bytes(), &document.to_be_bytes()].concat()
}

/// Returns the row of a scope.
pub(crate) fn put_scope(documents: u32, name: &str) -> Vec<u8> {
    [&documents.to_le_bytes()[..], name.as_bytes()].concat()
}

/// Parses the result of [`put_scope`], and returns the name first.
pub(crate) fn parse_scope(bytes: &[u8]) -> Option<(String, u32)> {
    let (documents, name) = bytes.split_first_chunk()?;
    Some((std::str::from_utf8(name).ok()?.to_owned(), u32::from_le_bytes(*documents)))
}

pub(crate) fn put_numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// Parses exactly `N` numbers.
pub(crate) fn parse_numbers<const N: usize>(bytes: &[u8]) -> Option<[u32; N]> {
    parse(bytes).map(|numbers| numbers.map(u32::from_le_bytes))
}

/// Parses exactly `N` numbers of `LEN` bytes.
fn parse<const LEN: usize, const N: usize>(bytes: &[u8]) -> Option<[[u8; LEN]; N]> {
    let (numbers, rest) = bytes.as_chunks();
    numbers.try_into().ok().filter(|_| rest.is_empty())
}
