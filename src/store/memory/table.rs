//! The table from keys to their postings.

#![expect(
    clippy::cast_possible_truncation,
    reason = "parts of keys, and numbers of entries, of which there are fewer than occurrences: see `State::check_room`"
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

/// A key in four parts, because 128-bit numbers would be aligned to 16 bytes, and its value: its
/// only occurrence, or [`LIST`] and the number of a list.
#[derive(Clone, Copy, Debug)]
struct Entry {
    key: [u32; 4],
    value: u32,
}

impl Entry {
    fn new(key: Fingerprint) -> Self {
        let key = key.to_u128();
        let part = |shift: u32| (key >> shift) as u32;
        Self { key: [part(96), part(64), part(32), part(0)], value: NONE }
    }

    fn key(&self) -> Fingerprint {
        let [a, b, c, d] = self.key.map(u128::from);
        Fingerprint::from_u128(a << 96 | b << 64 | c << 32 | d)
    }
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
    /// The numbers of lists that are not in use.
    free: Vec<u32>,
    hash: KeyedHash,
    /// The number of keys that a document has.
    live: usize,
}

impl Table {
    /// Returns the number of keys that a document has.
    pub(super) fn len(&self) -> usize {
        self.live
    }

    /// Returns the hash of a key, which the other methods expect.
    #[inline]
    pub(super) fn hash(&self, key: Fingerprint) -> u64 {
        self.hash.of(key)
    }

    /// Returns the number of the entry of a key.
    #[inline]
    pub(super) fn entry(&self, key: Fingerprint, hash: u64) -> Option<u32> {
        let wanted = Entry::new(key).key;
        let is_equal = |number: &u32| {
            work::count(1);
            self.entries[*number as usize].key == wanted
        };
        self.numbers.find(hash, is_equal).copied()
    }

    /// Returns the number of the entry of a key, which is created if there is none.
    #[inline]
    pub(super) fn entry_or_new(&mut self, key: Fingerprint, hash: u64) -> u32 {
        if self.numbers.len() == self.numbers.capacity() {
            self.grow();
        }
        let Self { numbers, entries, hash: keyed, .. } = self;
        let new = Entry::new(key);
        let is_equal = |number: &u32| {
            work::count(1);
            entries[*number as usize].key == new.key
        };
        let rehash = |number: &u32| {
            work::count(1);
            keyed.of(entries[*number as usize].key())
        };
        let number = entries.len() as u32;
        let found = *numbers.entry(hash, is_equal, rehash).or_insert(number).get();
        if found == number {
            entries.push(new);
        }
        found
    }

    /// Doubles the hash table. The entries are read in order, which is faster than in the order of
    /// the table.
    fn grow(&mut self) {
        let mut grown = HashTable::with_capacity((self.numbers.capacity() * 2).max(14));
        for (number, entry) in (0..).zip(self.entries.iter()) {
            work::count(1);
            grown.insert_unique(self.hash.of(entry.key()), number, |_| 0);
        }
        self.numbers = grown;
    }

    /// Returns the key of an entry.
    #[inline]
    pub(super) fn key(&self, entry: u32) -> Fingerprint {
        self.entries[entry as usize].key()
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

    /// Returns whether several documents have the key of an entry.
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
            NONE => {
                *value = place.occurrence;
                self.live += 1;
            }
            list if list & LIST != 0 => {
                let list = &mut self.lists[(list & !LIST) as usize];
                if list.last() < first {
                    list.push(place, scope_of);
                }
            }
            earlier if earlier < first => {
                let list = Postings::new(earlier, place.occurrence);
                *value = LIST
                    | match self.free.pop() {
                        Some(free) => {
                            self.lists[free as usize] = list;
                            free
                        }
                        None => {
                            self.lists.push(list);
                            self.lists.len() as u32 - 1
                        }
                    };
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
            list if list & LIST != 0 => {
                let number = list & !LIST;
                if let Some(only) = self.lists[number as usize].remove(of, scope) {
                    *value = only;
                    self.lists[number as usize] = Postings::new(0, 0);
                    self.free.push(number);
                }
            }
            occurrence if of.contains(&occurrence) => {
                *value = NONE;
                self.live -= 1;
            }
            _ => {}
        }
    }

    /// Returns the number of allocated bytes.
    pub(super) fn bytes(&self) -> usize {
        let lists = self.lists.iter().map(Postings::bytes).sum::<usize>();
        self.numbers.allocation_size()
            + self.entries.bytes()
            + self.lists.bytes()
            + lists
            + self.free.capacity() * 4
    }
}
