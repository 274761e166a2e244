//! Buckets in memory: from a key to the texts that have it.

use std::hash::{BuildHasher as _, RandomState};
use std::hint::black_box;

use crate::fingerprint::Fingerprint;
use crate::shingle::mix;
use crate::work;

/// A hash table with linear probing, from keys to texts in the order in which they came. A
/// [store](crate::index::store) does the same and much more; where all texts are at hand and nothing has to
/// be named, counted or forgotten, this takes a quarter of the time.
#[derive(Debug)]
pub(super) struct Table {
    slots: Vec<Slot>,
    len: usize,
    lists: Vec<List>,
    limit: usize,
    /// Where a key is looked for depends on this number, which differs from table to table, so that nobody
    /// can prepare texts that crowd into one place; no answer does.
    random: u64,
}

/// The texts of a key that several have.
#[derive(Clone, Debug, Default)]
struct List {
    /// Those that came first, up to the limit.
    texts: Vec<u32>,
    /// How many more there are.
    unlisted: usize,
}

/// A key and its only text, or the list of them.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: u64,
    /// The text plus one; 0 where nothing is.
    text: u32,
    /// The list plus one; 0 where there is one text.
    list: u32,
}

/// Half of a key: two texts that agree in it by chance are compared and found to be different.
#[expect(clippy::cast_possible_truncation, reason = "half of it")]
fn half(key: Fingerprint) -> u64 {
    key.to_u128() as u64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "bits of a hash; lists, each of two texts at least, are fewer than texts"
)]
impl Table {
    /// An empty one, in which a key has so many texts at most: those that come first.
    pub(super) fn new(limit: usize) -> Self {
        let random = RandomState::new().hash_one(0);
        Self { slots: vec![Slot::default(); 256], len: 0, lists: Vec::new(), limit, random }
    }

    /// Reads where the search for each key will begin. None of these reads waits for another.
    pub(super) fn warm(&self, keys: &[Fingerprint]) {
        let slot = |key: &Fingerprint| self.slots[self.start(half(*key))].text;
        black_box(keys.iter().fold(0, |read, key| read ^ slot(key)));
    }

    fn start(&self, key: u64) -> usize {
        mix(key ^ self.random) as usize & (self.slots.len() - 1)
    }

    /// Where a key is, or would be.
    fn place(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = self.start(key);
        while self.slots[at].text != 0 && self.slots[at].key != key {
            work::count(1);
            at = (at + 1) & mask;
        }
        at
    }

    /// The texts that have a key, and how many more there are than these, are handed to `each`.
    pub(super) fn find(&self, key: Fingerprint, each: impl FnOnce(&[u32], usize)) {
        let slot = self.slots[self.place(half(key))];
        match (slot.text, slot.list.checked_sub(1).and_then(|list| self.lists.get(list as usize))) {
            (0, _) => {}
            (_, Some(list)) => each(&list.texts, list.unlisted),
            (text, None) => each(&[text - 1], 0),
        }
    }

    /// The same, and then adds a text, which comes after all others.
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
