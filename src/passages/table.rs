//! A multimap from keys to places, without the keys: open addressing with linear probing, in which
//! equal keys are several slots in the order of insertion.
//!
//! A slot has a bit for the kind of the key, a tag of 23 bits of the key, and a place of 40 bits.
//! Places are greater than 0, so an empty slot is 0.

use crate::work;

const PLACE_BITS: u32 = 40;
const TAG_BITS: u32 = 23;
const PLACE: u64 = (1 << PLACE_BITS) - 1;

/// The maximum number of places.
pub(super) const MAX_PLACES: u64 = PLACE;

/// The number of slots of the smallest table.
const MIN_SLOTS: usize = 16;

/// The kind of key under which a place is posted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    /// The key of a k-gram.
    Gram = 0,
    /// The key of a window, whose anchor has as many postings as are allowed.
    Window = 1,
}

/// A place and the key under which it is posted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Posting {
    pub(super) kind: Kind,
    pub(super) key: u64,
    pub(super) place: u64,
}

/// The postings.
#[derive(Clone, Debug)]
pub(super) struct Table {
    slots: Vec<u64>,
    used: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self { slots: vec![0; MIN_SLOTS], used: 0 }
    }
}

impl Table {
    /// Returns the number of postings.
    pub(super) fn len(&self) -> usize {
        self.used
    }

    /// Returns the memory that the table takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<u64>()
    }

    fn home(&self, key: u64) -> usize {
        // The key as a share of all keys (Lemire, *Fast random integer generation in an interval*,
        // 2019), so that the number of slots need not be a power of two.
        #[expect(clippy::cast_possible_truncation, reason = "less than the number of slots")]
        let home = ((u128::from(key) * self.slots.len() as u128) >> 64) as usize;
        home
    }

    /// Returns the first slot that is searched for `key`, whose only use is to load memory early.
    #[inline(always)]
    pub(super) fn touch(&self, key: u64) -> u64 {
        self.slots[self.home(key)]
    }

    /// Returns an iterator over the places that may have been posted under `key`, in the order of
    /// insertion. Places of other keys with the same tag are among them.
    pub(super) fn find(&self, kind: Kind, key: u64) -> impl Iterator<Item = u64> + '_ {
        let tag = Self::tag(kind, key);
        let (after, before) = (&self.slots[self.home(key)..], &self.slots[..self.home(key)]);
        let slots = after.iter().chain(before).take_while(|slot| **slot != 0);
        slots
            .inspect(|_| work::count(1))
            .filter(move |slot| **slot >> PLACE_BITS == tag)
            .map(|slot| *slot & PLACE)
    }

    fn tag(kind: Kind, key: u64) -> u64 {
        (kind as u64) << TAG_BITS | key & ((1 << TAG_BITS) - 1)
    }

    /// Posts `place` under `key`. If the table is full, it grows by three eighths, and `rekey`
    /// returns the keys of places again. Returns whether the table has grown.
    pub(super) fn insert(
        &mut self,
        Posting { kind, key, place }: Posting,
        rekey: impl Fn(Kind, u64) -> u64,
    ) -> bool {
        debug_assert!(place > 0 && place <= PLACE, "{place} fits no slot");
        let grows = (self.used + 1) * 4 > self.slots.len() * 3;
        if grows {
            self.rebuild(self.slots.len() + (self.slots.len() / 8 + 1) * 3, rekey, |_| true);
        }
        self.put(key, Self::tag(kind, key) << PLACE_BITS | place);
        grows
    }

    /// Returns the slot after `at`, which for the last one is the first.
    fn after(&self, at: usize) -> usize {
        if at + 1 == self.slots.len() { 0 } else { at + 1 }
    }

    fn put(&mut self, key: u64, slot: u64) {
        let mut at = self.home(key);
        while self.slots[at] != 0 {
            at = self.after(at);
            work::count(1);
        }
        self.slots[at] = slot;
        self.used += 1;
    }

    /// Inserts the places for which `keep` returns true into a table of `len` slots.
    ///
    /// Slots are read from an empty one on, so that the entries of one key stay in order, also
    /// those that continue at the start of the table.
    fn rebuild(&mut self, len: usize, rekey: impl Fn(Kind, u64) -> u64, keep: impl Fn(u64) -> bool) {
        let old = std::mem::replace(&mut self.slots, vec![0; len]);
        self.used = 0;
        work::count(old.len());
        let empty = old.iter().position(|slot| *slot == 0).unwrap_or(0);
        let (before, after) = old.split_at(empty);
        for slot in after.iter().chain(before).filter(|slot| **slot != 0 && keep(**slot & PLACE)) {
            let kind = if slot >> (PLACE_BITS + TAG_BITS) == 0 { Kind::Gram } else { Kind::Window };
            let key = rekey(kind, slot & PLACE);
            self.put(key, *slot);
        }
    }

    /// Removes `postings`, which were the last ones, in this order. `first` is the least place
    /// among them, and greater than those of all other postings. If the table has grown meanwhile,
    /// as `grown` states, all keys are computed again.
    pub(super) fn take_back(
        &mut self,
        postings: &[Posting],
        first: u64,
        grown: bool,
        rekey: impl Fn(Kind, u64) -> u64,
    ) {
        if grown {
            return self.rebuild(self.slots.len(), rekey, |place| place < first);
        }
        // The last posting filled an empty slot, and nothing depends on it.
        for Posting { kind, key, place } in postings.iter().rev() {
            let slot = Self::tag(*kind, *key) << PLACE_BITS | place;
            let mut at = self.home(*key);
            while self.slots[at] != slot && self.slots[at] != 0 {
                at = self.after(at);
                work::count(1);
            }
            debug_assert!(self.slots[at] == slot, "{place} was posted");
            self.slots[at] = 0;
            self.used -= 1;
        }
    }

    /// Returns an iterator over the postings, such that those of one key are in the order of
    /// insertion: the kind of the key, and the place.
    pub(super) fn in_order_of_insertion(&self) -> impl Iterator<Item = (Kind, u64)> + '_ {
        let mut all: Vec<(u64, Kind)> = self
            .slots
            .iter()
            .filter(|slot| **slot != 0)
            .map(|slot| {
                let kind = if slot >> (PLACE_BITS + TAG_BITS) == 0 { Kind::Gram } else { Kind::Window };
                (slot & PLACE, kind)
            })
            .collect();
        all.sort_unstable();
        all.into_iter().map(|(place, kind)| (kind, place))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::room::index;
    use super::*;

    /// A key whose first slot is near the end of a small table.
    fn key(place: u64, keys: u64) -> u64 {
        (place % keys).wrapping_mul(0x0101_0000_0000_0001) | 0xF000_0000_0000_0000
    }

    proptest! {
        #[test]
        fn equal_keys_stay_in_order(count in 1..200_u64, keys in 1..9_u64, taken in 0..40_u64) {
            let mut table = Table::default();
            let rekey = |_: Kind, place: u64| key(place, keys);
            let mut grown = false;
            let first = count.saturating_sub(taken) + 1;
            for place in 1..=count {
                let grows = table.insert(Posting { kind: Kind::Gram, key: key(place, keys), place }, rekey);
                grown |= grows && place >= first;
            }
            let check = |table: &Table, count: u64| {
                for this in 0..keys {
                    let found: Vec<u64> = table.find(Kind::Gram, key(this, keys)).collect();
                    let expected: Vec<u64> = (1..=count).filter(|place| place % keys == this).collect();
                    prop_assert_eq!(found, expected);
                    prop_assert_eq!(table.find(Kind::Window, key(this, keys)).count(), 0);
                }
                prop_assert_eq!((table.len(), table.in_order_of_insertion().count()), (index(count), index(count)));
                Ok(())
            };
            check(&table, count)?;
            let posted = |place| Posting { kind: Kind::Gram, key: key(place, keys), place };
            table.take_back(&(first..=count).map(posted).collect::<Vec<_>>(), first, grown, rekey);
            check(&table, first - 1)?;
        }
    }
}
