//! One part of the keys: from a key to the occurrences of it.

#![expect(
    clippy::cast_possible_truncation,
    reason = "parts of keys and hashes are cut off on purpose; entries and lists are numbered in 28 bits, see `State::room_for`"
)]

use std::collections::BTreeMap;

use super::chunks::Chunks;
use crate::fingerprint::Fingerprint;
use crate::steps;

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

/// A key and where it is, in 20 bytes: four parts of the key, and the number of its only occurrence, or of a list.
type Entry = [u32; 5];

/// A hash table with linear probing over entries that never move.
///
/// A slot is 0 or the number of an entry plus one in its low bits, as many as the table needs, and bits of the hash in
/// the others, so that an entry is looked at only if it is likely the right one.
#[derive(Debug, Clone, Default)]
pub(super) struct Shard {
    slots: Vec<u32>,
    entries: Chunks<Entry>,
    lists: Chunks<List>,
    /// Lists that are free again.
    free: Vec<u32>,
    /// How many keys have an occurrence.
    live: usize,
}

/// The occurrences of a key that more than one document has.
#[derive(Debug, Clone, Default)]
struct List {
    /// One for each document, ascending.
    occurrences: Vec<u32>,
    counts: Counts,
}

/// For each scope, how many documents have a key. Most keys are of one scope.
#[derive(Debug, Clone, Default)]
struct Counts {
    one: (u32, u32),
    #[expect(
        clippy::box_collection,
        reason = "most lists have no others, and then this is 8 bytes in place of 24"
    )]
    others: Option<Box<BTreeMap<u32, u32>>>,
}

impl Counts {
    fn add(&mut self, scope: u32) {
        if self.one.1 == 0 {
            self.one.0 = scope;
        }
        if self.one.0 == scope {
            self.one.1 += 1;
        } else {
            *self.others.get_or_insert_default().entry(scope).or_default() += 1;
        }
    }

    fn subtract(&mut self, scope: u32) {
        if self.one.0 == scope {
            self.one.1 = self.one.1.saturating_sub(1);
            if self.one.1 == 0 {
                self.one = self.others.as_mut().and_then(|others| others.pop_first()).unwrap_or_default();
            }
            return;
        }
        let Some(others) = &mut self.others else { return };
        if let Some(count) = others.get_mut(&scope) {
            *count -= 1;
            if *count == 0 {
                others.remove(&scope);
            }
        }
    }

    fn get(&self, scope: u32) -> u32 {
        if self.one.0 == scope {
            return self.one.1;
        }
        self.others.as_ref().and_then(|others| others.get(&scope).copied()).unwrap_or_default()
    }
}

/// What is known of one key.
pub(super) enum Known<'a> {
    Nothing,
    One(u32),
    /// All occurrences, and how many are of the scope asked about.
    Many(&'a [u32], u32),
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
            steps::count(1);
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

    /// What the search for a key with this hash reads first, read for the sake of reading it: see `State::warm`.
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
    pub(super) fn known(&self, entry: u32, scope: u32) -> Known<'_> {
        match self.value(entry) {
            NOTHING => Known::Nothing,
            list if list & LIST != 0 => match self.lists.get((list & !LIST) as usize) {
                Some(list) => Known::Many(&list.occurrences, list.counts.get(scope)),
                None => Known::Nothing,
            },
            occurrence => Known::One(occurrence),
        }
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
        // Fewer than the slots, of which there are at most 2^28: occurrences are numbered in 31 bits, and shards are 16.
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
        steps::count(len);
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

    /// Adds one more occurrence of a key, and says how many other documents have it, and how many of those are of its scope.
    /// `scope_of` gives the scope of the document that has an occurrence.
    #[inline]
    pub(super) fn add(&mut self, entry: u32, place: Place, scope_of: impl Fn(u32) -> u32) -> (u32, u32) {
        let Some(value) = self.entries.get_mut(entry as usize).map(|entry| &mut entry[4]) else {
            return (0, 0);
        };
        match *value {
            NOTHING => {
                *value = place.occurrence;
                self.live += 1;
                (0, 0)
            }
            list if list & LIST != 0 => {
                let Some(list) = self.lists.get_mut((list & !LIST) as usize) else { return (0, 0) };
                let (all, in_scope) = (list.occurrences.len() as u32, list.counts.get(place.scope));
                if list.occurrences.last().is_some_and(|last| *last >= place.first) {
                    // The document has it already.
                    return (all - 1, in_scope - 1);
                }
                list.occurrences.push(place.occurrence);
                list.counts.add(place.scope);
                (all, in_scope)
            }
            earlier if earlier < place.first => {
                let scope = scope_of(earlier);
                let mut list = List { occurrences: Vec::with_capacity(4), ..List::default() };
                list.occurrences.extend([earlier, place.occurrence]);
                list.counts.add(scope);
                list.counts.add(place.scope);
                let number = match self.free.pop() {
                    Some(number) => number,
                    None => {
                        self.lists.push(List::default());
                        self.lists.len() as u32 - 1
                    }
                };
                if let Some(free) = self.lists.get_mut(number as usize) {
                    *free = list;
                }
                *value = number | LIST;
                (1, u32::from(scope == place.scope))
            }
            _ => (0, 0),
        }
    }

    /// Forgets that a document, whose occurrences are `first` to before `end`, has a key.
    pub(super) fn remove(&mut self, entry: u32, first: u32, end: u32, scope: u32) {
        let Some(value) = self.entries.get_mut(entry as usize).map(|entry| &mut entry[4]) else { return };
        match *value {
            NOTHING => {}
            number if number & LIST != 0 => {
                let number = number & !LIST;
                let Some(list) = self.lists.get_mut(number as usize) else { return };
                let at = list.occurrences.partition_point(|occurrence| *occurrence < first);
                if list.occurrences.get(at).is_none_or(|occurrence| *occurrence >= end) {
                    return;
                }
                list.occurrences.remove(at);
                list.counts.subtract(scope);
                if let [only] = list.occurrences[..] {
                    *value = only;
                    *list = List::default();
                    self.free.push(number);
                }
            }
            occurrence if (first..end).contains(&occurrence) => {
                *value = NOTHING;
                self.live -= 1;
            }
            _ => {}
        }
    }

    /// The keys that at least `least` documents of a scope have: how many, and all occurrences.
    pub(super) fn frequent(
        &self,
        scope: u32,
        least: u32,
    ) -> impl Iterator<Item = (Fingerprint, u32, &[u32])> {
        self.entries.iter().filter(|entry| entry[4] != NOTHING && entry[4] & LIST != 0).filter_map(
            move |entry| {
                let list = self.lists.get((entry[4] & !LIST) as usize)?;
                let count = list.counts.get(scope);
                let key = Fingerprint::from_u128(Self::key(*entry));
                (count >= least).then_some((key, count, &list.occurrences[..]))
            },
        )
    }

    /// How many bytes it has taken from the allocator.
    pub(super) fn bytes(&self) -> usize {
        let others = |list: &List| list.counts.others.as_ref().map_or(0, |others| 24 + others.len() * 12);
        let of_list = |list: &List| list.occurrences.capacity() * 4 + others(list);
        self.slots.capacity() * 4
            + self.entries.bytes()
            + self.lists.bytes()
            + self.lists.iter().map(of_list).sum::<usize>()
            + self.free.capacity() * 4
    }
}
