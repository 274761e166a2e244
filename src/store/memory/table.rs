//! The table from keys to their postings.

#![expect(
    clippy::cast_possible_truncation,
    reason = "numbers of entries, of which there are fewer than occurrences: see `State::check_room`"
)]

use std::ops::Range;

use hashbrown::HashTable;

use super::chunks::Chunks;
use super::postings::{Many, Place, Postings};
use crate::fingerprint::Fingerprint;
use crate::hash::KeyedHash;
use crate::work;

/// Marks the value of an entry that is the number of a list, and not an occurrence.
const LIST: u32 = 1 << 31;

/// The value of an entry whose key no document has any more.
const NONE: u32 = u32::MAX;

/// A key in bytes, because a number of 128 bits would be aligned to 16 of them, and its value: its
/// only occurrence, or [`LIST`] and the number of a list. A key with a list keeps it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    key: [u8; 16],
    value: u32,
}

/// The postings of a key.
pub(super) enum Known<'a> {
    Few(&'a [u32]),
    Many(&'a Many),
}

/// Entries in the order in which their keys were first inserted, and a hash table of their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    numbers: HashTable<u32>,
    entries: Chunks<Entry>,
    lists: Chunks<Postings>,
    /// The hash of keys, which the methods expect.
    pub(super) hash: KeyedHash,
}

impl Table {
    /// Returns the number of the entry of a key.
    #[inline]
    pub(super) fn entry(&self, key: Fingerprint, hash: u64) -> Option<u32> {
        let wanted = key.to_bytes();
        let is_equal = |number: &u32| {
            work::count(1);
            self.entries[*number as usize].key == wanted
        };
        self.numbers.find(hash, is_equal).copied()
    }

    /// Creates the entry of a key that has none, and returns its number.
    #[inline]
    pub(super) fn insert(&mut self, key: Fingerprint, hash: u64) -> u32 {
        if self.numbers.len() == self.numbers.capacity() {
            self.grow();
        }
        let number = self.entries.len() as u32;
        self.numbers.insert_unique(hash, number, |_| 0);
        self.entries.push(Entry { key: key.to_bytes(), value: NONE });
        number
    }

    /// Doubles the hash table. The entries are read in order, which is faster than in the order of
    /// the table.
    fn grow(&mut self) {
        let mut grown = HashTable::with_capacity((self.numbers.capacity() * 2).max(14));
        for (number, entry) in (0..).zip(self.entries.iter()) {
            work::count(1);
            grown.insert_unique(self.hash.of(Fingerprint::from_bytes(entry.key)), number, |_| 0);
        }
        self.numbers = grown;
    }

    /// Returns the key of an entry.
    #[inline]
    pub(super) fn key(&self, entry: u32) -> Fingerprint {
        Fingerprint::from_bytes(self.entries[entry as usize].key)
    }

    /// Returns the postings of an entry.
    #[inline]
    pub(super) fn known(&self, entry: u32) -> Known<'_> {
        match &self.entries[entry as usize].value {
            &NONE => Known::Few(&[]),
            list if list & LIST != 0 => match &self.lists[(list & !LIST) as usize] {
                Postings::Few { len, occurrences } => Known::Few(&occurrences[..usize::from(*len)]),
                Postings::Many(many) => Known::Many(many),
            },
            occurrence => Known::Few(std::slice::from_ref(occurrence)),
        }
    }

    /// Returns whether several documents have or had the key of an entry.
    #[inline]
    pub(super) fn is_shared(&self, entry: u32) -> bool {
        let value = self.entries[entry as usize].value;
        value != NONE && value & LIST != 0
    }

    /// Adds a posting for a document whose first occurrence is `first`, unless the document has one
    /// already. `scope_of` returns the scope of the document that has an occurrence.
    #[inline]
    pub(super) fn add(&mut self, entry: u32, place: Place, first: u32, scope_of: impl Fn(u32) -> u32) {
        let value = &mut self.entries[entry as usize].value;
        match *value {
            NONE => *value = place.occurrence,
            list if list & LIST != 0 => {
                let list = &mut self.lists[(list & !LIST) as usize];
                if list.last().is_none_or(|last| last < first) {
                    list.push(place, scope_of);
                }
            }
            earlier if earlier < first => {
                *value = LIST | self.lists.len() as u32;
                let occurrences = [earlier, place.occurrence, 0, 0, 0];
                self.lists.push(Postings::Few { len: 2, occurrences });
            }
            _ => {}
        }
    }

    /// Removes the posting of a document of `scope` that has the occurrences `of`.
    pub(super) fn remove(&mut self, entry: u32, of: Range<u32>, scope: u32) {
        work::count(1);
        let value = &mut self.entries[entry as usize].value;
        match *value {
            NONE => {}
            list if list & LIST != 0 => self.lists[(list & !LIST) as usize].remove(of, scope),
            occurrence if of.contains(&occurrence) => *value = NONE,
            _ => {}
        }
    }
}
