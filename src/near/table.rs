//! A hash table from keys to the texts that have them.

use std::hash::{BuildHasher as _, RandomState};
use std::hint::black_box;

use crate::fingerprint::Fingerprint;
use crate::shingle::mix;
use crate::work;

/// The number of slots of the smallest table.
const FEWEST: usize = 256;

/// The maximum number of slots of an empty table. Many of the expected keys may be equal, so the
/// table is not larger.
const MOST_EMPTY: usize = 1 << 20;

/// A hash table with linear probing, from keys to texts in the order of insertion.
///
/// A [store](crate::index::store) does the same, but also has ids, counts and removals; without
/// them, this table takes a quarter of the time.
#[derive(Debug)]
pub(super) struct Table {
    slots: Vec<Slot>,
    len: usize,
    lists: Vec<List>,
    limit: usize,
    /// A random number on which the position of a key depends, so that nobody can prepare texts
    /// whose keys collide. No result depends on it.
    random: u64,
}

/// The texts that share a key.
#[derive(Clone, Debug, Default)]
struct List {
    /// The texts that were inserted first, up to the limit.
    texts: Vec<u32>,
    /// The number of other texts.
    unlisted: usize,
}

/// A key with its only text, or with the list of its texts.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: u64,
    /// The number of the first text plus one; 0 if the slot is empty.
    text: u32,
    /// The index of the list plus one; 0 if there is only one text.
    list: u32,
}

/// Returns half of a key. Texts that share only this half by chance are compared and found to be
/// different.
#[expect(clippy::cast_possible_truncation, reason = "half of the key is meant")]
fn half(key: Fingerprint) -> u64 {
    key.to_u128() as u64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "bits of a hash; there are fewer lists than texts, whose numbers have 32 bits"
)]
impl Table {
    /// Creates an empty table that lists at most `limit` texts for each key: those inserted first.
    /// It has room for the expected number of keys, unless that is very large.
    pub(super) fn new(limit: usize, expected_keys: usize) -> Self {
        let random = RandomState::new().hash_one(0);
        let slots = expected_keys.saturating_mul(3) / 2;
        let slots = vec![Slot::default(); slots.clamp(FEWEST, MOST_EMPTY).next_power_of_two()];
        Self { slots, len: 0, lists: Vec::new(), limit, random }
    }

    /// Reads the slots at which the searches for `keys` begin, so that their cache misses overlap.
    pub(super) fn warm(&self, keys: &[Fingerprint]) {
        let slot = |key: &Fingerprint| self.slots[self.start(half(*key))].text;
        black_box(keys.iter().fold(0, |read, key| read ^ slot(key)));
    }

    fn start(&self, key: u64) -> usize {
        mix(key ^ self.random) as usize & (self.slots.len() - 1)
    }

    /// Returns the slot of a key, or the empty slot for it.
    fn place(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = self.start(key);
        while self.slots[at].text != 0 && self.slots[at].key != key {
            work::count(1);
            at = (at + 1) & mask;
        }
        at
    }

    /// Calls `each` with the listed texts of a key and the number of the others, if there are any
    /// texts.
    pub(super) fn find(&self, key: Fingerprint, each: impl FnOnce(&[u32], usize)) {
        let slot = self.slots[self.place(half(key))];
        match (slot.text, slot.list.checked_sub(1).and_then(|list| self.lists.get(list as usize))) {
            (0, _) => {}
            (_, Some(list)) => each(&list.texts, list.unlisted),
            (text, None) => each(&[text - 1], 0),
        }
    }

    /// Like [`find`](Self::find), but then inserts `text`, which must have a higher number than all
    /// others.
    pub(super) fn find_and_add(&mut self, key: Fingerprint, text: u32, each: impl FnOnce(&[u32], usize)) {
        if (self.len + 1) * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let at = self.place(half(key));
        let slot = &mut self.slots[at];
        if slot.text == 0 {
            *slot = Slot { key: half(key), text: text + 1, list: 0 };
            self.len += 1;
            return;
        }
        if let Some(list) = slot.list.checked_sub(1).and_then(|list| self.lists.get_mut(list as usize)) {
            each(&list.texts, list.unlisted);
            if list.texts.len() < self.limit {
                list.texts.push(text);
            } else {
                list.unlisted += 1;
            }
            return;
        }
        each(&[slot.text - 1], 0);
        let mut list = List { texts: vec![slot.text - 1], unlisted: 0 };
        if self.limit > 1 {
            list.texts.push(text);
        } else {
            list.unlisted = 1;
        }
        self.lists.push(list);
        slot.list = self.lists.len() as u32;
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![Slot::default(); old.len() * 2];
        work::count(self.slots.len());
        for slot in old.into_iter().filter(|slot| slot.text != 0) {
            let at = self.place(slot.key);
            self.slots[at] = slot;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table that grows many times, and one that has room for everything from the beginning.
    #[test]
    fn a_table_finds_the_same_whatever_is_expected() {
        for (expected, slots) in [(0, FEWEST), (usize::MAX, MOST_EMPTY)] {
            for (limit, listed) in [(1, vec![0]), (2, vec![0, 1])] {
                let mut table = Table::new(limit, expected);
                assert_eq!(table.slots.len(), slots);
                let keys: Vec<Fingerprint> = (0..10_000).map(Fingerprint::from_u128).collect();
                for text in 0..3 {
                    keys.iter().for_each(|key| table.find_and_add(*key, text, |_, _| {}));
                }
                for key in keys {
                    let mut found = (Vec::new(), 0);
                    table.find(key, |texts, unlisted| found = (texts.to_vec(), unlisted));
                    assert_eq!(found, (listed.clone(), 3 - limit), "{key}");
                }
            }
        }
    }
}
