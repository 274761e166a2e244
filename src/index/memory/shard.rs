//! A part of the keys of a store in memory, with their postings.

#![expect(
    clippy::cast_possible_truncation,
    reason = "parts of keys and hashes are cut off on purpose; entries and lists are numbered in 28 bits, see `State::room_for`"
)]

use super::chunks::Chunks;
use super::lists::{Lists, Long};
use crate::fingerprint::Fingerprint;
use crate::work;

/// Marks a value that is the number of a list, not of an occurrence.
const LIST: u32 = 1 << 31;

/// A key that nothing has any more.
const NOTHING: u32 = u32::MAX;

/// One document's first occurrence of a key, and where documents are counted.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) occurrence: u32,
    /// The number of the first occurrence of all in the document.
    pub(super) first: u32,
    pub(super) scope: u32,
}

/// A key and where it is, in 20 bytes: four parts of the key, and the number of its only occurrence, or of a
/// list.
type Entry = [u32; 5];

/// A hash table with linear probing over entries that never move.
///
/// A slot is 0 or the number of an entry plus one in its low bits, as many as the table needs, and bits of
/// the hash in the others, so that an entry is looked at only if it is likely the right one.
#[derive(Debug, Clone, Default)]
pub(super) struct Shard {
    slots: Vec<u32>,
    entries: Chunks<Entry>,
    lists: Lists,
    /// How many keys have an occurrence.
    live: usize,
}

/// What is known of one key.
pub(super) enum Known<'a> {
    /// All occurrences, at most four.
    Few(&'a [u32]),
    Many(&'a Long),
}

impl Shard {
    /// How many keys there are that some document has.
    pub(super) fn len(&self) -> usize {
        self.live
    }

    /// How many keys there are, those that no document has any more among them.
    pub(super) fn entries(&self) -> usize {
        self.entries.len()
    }

    fn key(entry: Entry) -> u128 {
        let [a, b, c, d, _] = entry;
        u128::from(a) << 96 | u128::from(b) << 64 | u128::from(c) << 32 | u128::from(d)
    }

    /// The entry of a key, or the slot where it would be.
    #[inline]
    fn probe(&self, key: u128, hash: u64) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let low = mask as u32;
        let tag = (hash >> 28) as u32 & !low;
        let mut at = hash as usize & mask;
        loop {
            work::count(1);
            let slot = *self.slots.get(at).ok_or(0_usize)?;
            if slot == 0 {
                return Err(at);
            }
            if slot & !low == tag {
                let entry = (slot & low) - 1;
                if self.entries.get(entry as usize).is_some_and(|found| Self::key(*found) == key) {
                    return Ok(entry);
                }
            }
            at = (at + 1) & mask;
        }
    }

    /// What the search for a key with this hash reads first, read for the sake of reading it: see
    /// `State::warm`.
    #[inline]
    pub(super) fn touch_slot(&self, hash: u64) -> u32 {
        self.slots.get(hash as usize & self.slots.len().wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// What it reads then.
    #[inline]
    pub(super) fn touch_entry(&self, hash: u64) -> u32 {
        let low = self.slots.len().wrapping_sub(1) as u32;
        let entry = (self.touch_slot(hash) & low).wrapping_sub(1);
        self.entries.get(entry as usize).map_or(0, |entry| entry[4])
    }

    /// The number of a key's entry.
    pub(super) fn entry(&self, key: Fingerprint, hash: u64) -> Option<u32> {
        self.probe(key.to_u128(), hash).ok()
    }

    /// The key with this entry.
    pub(super) fn key_of(&self, entry: u32) -> Fingerprint {
        Fingerprint::from_u128(self.entries.get(entry as usize).copied().map_or(0, Self::key))
    }

    #[inline]
    fn value(&self, entry: u32) -> u32 {
        self.entries.get(entry as usize).map_or(NOTHING, |entry| entry[4])
    }

    /// What is known of a key.
    #[inline]
    pub(super) fn known(&self, entry: u32) -> Known<'_> {
        match self.entries.get(entry as usize).map(|entry| &entry[4]) {
            None | Some(&NOTHING) => Known::Few(&[]),
            Some(list) if list & LIST != 0 => match self.lists.get(list & !LIST) {
                Ok(few) => Known::Few(few),
                Err(many) => many.map_or(Known::Few(&[]), Known::Many),
            },
            Some(occurrence) => Known::Few(std::slice::from_ref(occurrence)),
        }
    }

    /// Whether several documents have a key.
    #[inline]
    pub(super) fn is_shared(&self, entry: u32) -> bool {
        let value = self.value(entry);
        value != NOTHING && value & LIST != 0
    }

    /// The entry of a key, which is made if there is none. `hash_of` gives the hash of another key.
    #[inline]
    pub(super) fn entry_or_new(
        &mut self,
        key: Fingerprint,
        hash: u64,
        hash_of: impl Fn(Fingerprint) -> u64,
    ) -> u32 {
        let key = key.to_u128();
        let mut free = match self.probe(key, hash) {
            Ok(entry) => return entry,
            Err(free) => free,
        };
        if (self.entries.len() + 1) * 5 > self.slots.len() * 4 {
            self.grow(hash_of);
            free = self.free_slot(hash);
        }
        // Fewer than the slots, of which there are at most 2^28: occurrences are numbered in 31 bits, and
        // shards are 16.
        let entry = self.entries.len() as u32;
        let low = (self.slots.len() - 1) as u32;
        if let Some(slot) = self.slots.get_mut(free) {
            *slot = (hash >> 28) as u32 & !low | (entry + 1);
        }
        let part = |shift: u32| (key >> shift) as u32;
        self.entries.push([part(96), part(64), part(32), part(0), NOTHING]);
        entry
    }

    fn free_slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots.get(at).is_some_and(|slot| *slot != 0) {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self, hash_of: impl Fn(Fingerprint) -> u64) {
        let len = (self.slots.len() * 2).max(16);
        self.slots = vec![0; len];
        work::count(len);
        let low = (len - 1) as u32;
        for (number, entry) in (1..).zip(self.entries.iter()) {
            let hash = hash_of(Fingerprint::from_u128(Self::key(*entry)));
            let mut at = hash as usize & (len - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (len - 1);
            }
            self.slots[at] = (hash >> 28) as u32 & !low | number;
        }
    }

    /// Adds one more occurrence of a key, unless its document has the key already. `scope_of` gives the scope
    /// of the document that has an occurrence.
    #[inline]
    pub(super) fn add(&mut self, entry: u32, place: Place, scope_of: impl Fn(u32) -> u32) {
        let Some(value) = self.entries.get_mut(entry as usize).map(|entry| &mut entry[4]) else { return };
        let Place { occurrence, first, scope } = place;
        match *value {
            NOTHING => {
                *value = occurrence;
                self.live += 1;
            }
            list if list & LIST != 0 => {
                let list = list & !LIST;
                let last = match self.lists.get(list) {
                    Ok(few) => few.last().copied(),
                    Err(many) => many.and_then(|many| many.occurrences.last()),
                };
                if last.is_none_or(|last| last < first) {
                    *value = LIST | self.lists.push(list, occurrence, scope, scope_of);
                }
            }
            earlier if earlier < first => *value = LIST | self.lists.pair(earlier, occurrence),
            _ => {}
        }
    }

    /// Forgets that a document, whose occurrences are `first` to before `end`, has a key.
    ///
    /// A list of occurrences is searched, and 256 of them are moved at most.
    pub(super) fn remove(&mut self, entry: u32, first: u32, end: u32, scope: u32) {
        let Some(value) = self.entries.get_mut(entry as usize).map(|entry| &mut entry[4]) else { return };
        match *value {
            NOTHING => {}
            list if list & LIST != 0 => {
                if let Some(only) = self.lists.remove(list & !LIST, first, end, scope) {
                    *value = only;
                }
            }
            occurrence if (first..end).contains(&occurrence) => {
                *value = NOTHING;
                self.live -= 1;
            }
            _ => {}
        }
    }

    /// How many bytes it has taken from the allocator.
    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * 4 + self.entries.bytes() + self.lists.bytes()
    }
}
