//! A multimap from keys to places, without the keys: an ordered hash table (Amble and Knuth,
//! *Ordered hash tables*, 1974) with linear probing.
//!
//! The slots are in the order of their keys, and equal keys are several slots, in the order of
//! insertion. So the layout depends on the postings alone, and a table that grows reads its slots
//! from the first to the last and writes them in the same order.
//!
//! The highest 32 bits of a key count, its *short key*. A slot has 6 bytes: a place, a bit for the
//! kind of the key, and as many of the lowest bits of the short key as there is room for, its
//! *tag*. The other bits follow from the position of the slot, because a slot is never far from its
//! home, so no key is computed again. Places are greater than 0, so an empty slot is 0.

use std::collections::BTreeMap;

use crate::work;

/// The number of bits of a key that count.
const SHORT_BITS: u32 = 32;

/// The number of bits of a slot.
const SLOT_BITS: u32 = 48;

/// A slot as it is stored, the lowest byte first.
type Slot = [u8; SLOT_BITS as usize / 8];

/// The number of bits of the largest place.
const MAX_PLACE_BITS: u32 = 40;

/// The maximum number of places.
pub(super) const MAX_PLACES: u64 = (1 << MAX_PLACE_BITS) - 1;

/// The number of homes in the smallest table.
const MIN_HOMES: usize = 16;

/// The maximum distance of a slot from its home, exclusive.
///
/// If places have b bits, there are at least 2^(b - 6) homes, so at most 2^(38 - b) short keys for
/// each home. A tag has 47 - b bits. So the short keys of slots that are compared differ by less
/// than half of the number of tags.
const REACH: usize = 250;

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
    slots: Vec<Slot>,
    layout: Layout,
    used: usize,
    /// The slots for which there was no room near their home, by short key. Only keys that were
    /// chosen to collide are so many.
    far: BTreeMap<u64, Vec<u64>>,
}

impl Default for Table {
    fn default() -> Self {
        let layout = Layout::new(MIN_HOMES, 1);
        Self { slots: vec![stored(0); layout.slots()], layout, used: 0, far: BTreeMap::new() }
    }
}

impl Table {
    /// Returns the number of postings.
    pub(super) fn len(&self) -> usize {
        self.used
    }

    /// Returns the memory that the table takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let far: usize = self.far.values().map(|slots| slots.capacity() + 4).sum();
        self.slots.capacity() * size_of::<Slot>() + far * size_of::<u64>()
    }

    /// Returns the first slot that is searched for `key`, whose only use is to load memory early.
    #[inline(always)]
    pub(super) fn touch(&self, key: u64) -> u64 {
        read(self.slots[self.layout.home(short(key))])
    }

    /// Calls `each` with the places that may have been posted under `key`, in the order of
    /// insertion, until the result is not `None`, and returns this result. Places of other keys
    /// with the same short key are among them.
    #[inline]
    pub(super) fn find<T>(&self, kind: Kind, key: u64, mut each: impl FnMut(u64) -> Option<T>) -> Option<T> {
        let (layout, short) = (self.layout, short(key));
        let mut if_kind = |slot: u64| {
            if layout.kind(slot) == kind { each(layout.place(slot)) } else { None }
        };
        for slot in &self.slots[layout.home(short)..] {
            let slot = read(*slot);
            if !layout.is_not_after(slot, short) {
                break;
            }
            work::count(1);
            if layout.difference(slot, short) == 0 {
                if let Some(found) = if_kind(slot) {
                    return Some(found);
                }
            }
        }
        if self.far.is_empty() { None } else { self.far.get(&short)?.iter().copied().find_map(if_kind) }
    }

    /// Posts `place` under `key`. If the table is full, it grows by an eighth. Returns whether all
    /// slots were written again.
    pub(super) fn insert(&mut self, Posting { kind, key, place }: Posting) -> bool {
        debug_assert!(place > 0 && place <= MAX_PLACES, "{place} fits no slot");
        let Layout { homes, place_bits, .. } = self.layout;
        let is_full = (self.used + 1) * 16 > homes * 13;
        let is_large = place >> place_bits != 0;
        if is_full || is_large {
            let more = if is_full { (homes / 8).max(MIN_HOMES) } else { 0 };
            // Room for some more places, so that a table that grows is seldom written again because
            // of a place.
            let bits = (u64::BITS - (place + place / 4).leading_zeros()).min(MAX_PLACE_BITS);
            self.rewrite(Layout::new(homes + more, bits.max(place_bits)), |_| true);
        }
        self.put(kind, short(key), place);
        is_full || is_large
    }

    /// Inserts a slot after all slots whose short keys are not greater.
    fn put(&mut self, kind: Kind, short: u64, place: u64) {
        self.used += 1;
        let (slots, layout) = (&mut self.slots, self.layout);
        let slot = layout.slot(kind, short, place);
        let home = layout.home(short);
        let is_not_after = |slot: &&Slot| layout.is_not_after(read(**slot), short);
        let at = home + slots[home..].iter().take_while(is_not_after).count();
        let end = at + slots[at..].iter().take_while(|slot| read(**slot) != 0).count();
        work::count(end - home + 1);
        let is_near = |at: usize| at + 1 - layout.home(layout.short_at(at, read(slots[at]))) < REACH;
        // No slot that is moved has an earlier home.
        let fits = end - home < REACH || at - home < REACH && (at..end).all(is_near);
        if end == slots.len() || !fits {
            return self.far.entry(short).or_default().push(slot);
        }
        slots.copy_within(at..end, at + 1);
        slots[at] = stored(slot);
    }

    /// Writes the slots again in another layout, without those of places for which `keep` returns
    /// false. The number of homes is that of the present layout, or greater.
    fn rewrite(&mut self, new: Layout, keep: impl Fn(u64) -> bool) {
        let (old, far) = (self.layout, std::mem::take(&mut self.far));
        let len = self.slots.len();
        let more = new.slots() - len;
        self.slots.reserve_exact(more);
        self.slots.resize(len + more, stored(0));
        // No slot moves by more than this, so none is written before it is read.
        self.slots.copy_within(..len, more);
        self.slots[..more].fill(stored(0));
        work::count(self.slots.len());
        (self.layout, self.used) = (new, 0);
        let is_same = new.place_bits == old.place_bits;
        // The first slot that is not written yet.
        let mut next = 0;
        for at in 0..len {
            let slot = read(self.slots[at + more]);
            self.slots[at + more] = stored(0);
            if slot == 0 || !keep(old.place(slot)) {
                continue;
            }
            self.used += 1;
            let short = old.short_at(at, slot);
            let slot = if is_same { slot } else { new.slot(old.kind(slot), short, old.place(slot)) };
            let home = new.home(short);
            let to = home.max(next);
            if to - home < REACH {
                self.slots[to] = stored(slot);
                next = to + 1;
            } else {
                self.far.entry(short).or_default().push(slot);
            }
        }
        for (short, slots) in far {
            for slot in slots.into_iter().filter(|slot| keep(old.place(*slot))) {
                self.put(old.kind(slot), short, old.place(slot));
            }
        }
    }

    /// Removes `postings`, which were the last ones. `first` is the least place among them, and
    /// greater than those of all other postings. If the slots were written again meanwhile, as
    /// `grown` states, all slots are read.
    pub(super) fn take_back(&mut self, postings: &[Posting], first: u64, grown: bool) {
        if grown {
            return self.rewrite(self.layout, |place| place < first);
        }
        // The last one first, because a slot that is far from its home was inserted after those of
        // the same key that are near.
        for Posting { kind, key, place } in postings.iter().rev() {
            self.remove(*kind, short(*key), *place);
        }
    }

    fn remove(&mut self, kind: Kind, short: u64, place: u64) {
        self.used -= 1;
        if let Some(far) = self.far.get_mut(&short) {
            far.pop();
            if far.is_empty() {
                self.far.remove(&short);
            }
            return;
        }
        let (slots, layout) = (&mut self.slots, self.layout);
        let (slot, home) = (layout.slot(kind, short, place), layout.home(short));
        let mut at = home + slots[home..].iter().take_while(|other| read(**other) != slot).count();
        // The slots after it move back to where they were before.
        while let Some(next) = slots.get(at + 1).map(|next| read(*next)).filter(|next| *next != 0) {
            if layout.home(layout.short_at(at + 1, next)) == at + 1 {
                break;
            }
            slots[at] = stored(next);
            at += 1;
        }
        work::count(at - home + 1);
        if let Some(last) = slots.get_mut(at) {
            *last = stored(0);
        }
    }

    /// Returns an iterator over the postings in the order of places: the kind of the key, and the
    /// place.
    pub(super) fn in_order_of_insertion(&self) -> impl Iterator<Item = (Kind, u64)> + '_ {
        let near = self.slots.iter().map(|slot| read(*slot));
        let all = near.chain(self.far.values().flatten().copied()).filter(|slot| *slot != 0);
        let mut all: Vec<(u64, Kind)> =
            all.map(|slot| (self.layout.place(slot), self.layout.kind(slot))).collect();
        all.sort_unstable();
        all.into_iter().map(|(place, kind)| (kind, place))
    }
}

/// The encoding of slots, and where they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Layout {
    /// The number of first slots of keys.
    homes: usize,
    /// The number of keys for each home.
    share: u64,
    /// The number of bits of a place.
    place_bits: u32,
}

impl Layout {
    /// Creates a layout with at least `homes` homes.
    fn new(homes: usize, place_bits: u32) -> Self {
        let homes = homes.max(1 << place_bits.saturating_sub(6));
        Self { homes, share: u64::MAX / homes as u64, place_bits }
    }

    /// Returns the number of slots: one for each home, and some for the keys whose homes are last.
    fn slots(self) -> usize {
        self.homes + REACH.min(self.homes)
    }

    /// Returns the first slot at which a short key can be: its share of all keys (Lemire, *Fast
    /// random integer generation in an interval*, 2019), so that the number of homes need not be a
    /// power of two.
    #[inline(always)]
    fn home(self, short: u64) -> usize {
        ((u128::from(short) * self.homes as u128) >> SHORT_BITS) as usize
    }

    /// Returns the short key of the slot at `at`: of those with its tag, the one that is next to
    /// the keys whose home is `at`.
    #[inline(always)]
    fn short_at(self, at: usize, slot: u64) -> u64 {
        let near = short(at.min(self.homes - 1) as u64 * self.share);
        near.wrapping_add_signed(self.difference(slot, near))
    }

    /// Returns the difference of the short key of a slot and a short key that is near.
    #[inline(always)]
    fn difference(self, slot: u64, short: u64) -> i64 {
        let before_tag = self.place_bits + 1;
        let not_of_tag = u64::BITS - SLOT_BITS + before_tag;
        ((slot >> before_tag).wrapping_sub(short) << not_of_tag) as i64 >> not_of_tag
    }

    /// Returns whether a slot is used, and its short key is at most `short`, which is near.
    #[inline(always)]
    fn is_not_after(self, slot: u64, short: u64) -> bool {
        slot != 0 && self.difference(slot, short) <= 0
    }

    #[inline(always)]
    fn slot(self, kind: Kind, short: u64, place: u64) -> u64 {
        ((short << 1 | kind as u64) << self.place_bits | place) & ((1 << SLOT_BITS) - 1)
    }

    #[inline(always)]
    fn place(self, slot: u64) -> u64 {
        slot & ((1 << self.place_bits) - 1)
    }

    #[inline(always)]
    fn kind(self, slot: u64) -> Kind {
        if slot >> self.place_bits & 1 == 0 { Kind::Gram } else { Kind::Window }
    }
}

/// Returns the bits of a slot.
#[inline(always)]
fn read([a, b, c, d, e, f]: Slot) -> u64 {
    u64::from_le_bytes([a, b, c, d, e, f, 0, 0])
}

/// Returns the slot that has these bits.
#[inline(always)]
fn stored(slot: u64) -> Slot {
    let [a, b, c, d, e, f, ..] = slot.to_le_bytes();
    [a, b, c, d, e, f]
}

/// Returns the bits of a key that count.
#[inline(always)]
fn short(key: u64) -> u64 {
    key >> (u64::BITS - SHORT_BITS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shingle::mix;

    /// Returns a key that is one of `keys`, spread over all homes, or near the first or last one.
    fn key(place: u64, keys: u64, spread: u32) -> u64 {
        let key = mix(place % keys) >> spread;
        if place % keys % 2 == 0 { key } else { !key }
    }

    fn kind(place: u64) -> Kind {
        if place % 3 == 0 { Kind::Window } else { Kind::Gram }
    }

    /// Inserts postings, and returns whether slots were written again.
    fn fill(table: &mut Table, postings: &[Posting]) -> bool {
        postings.iter().filter(|posting| table.insert(**posting)).count() > 0
    }

    /// Checks that the places of `postings` are found, in order, and no others.
    fn check(table: &Table, postings: &[Posting]) -> Result<(), TestCaseError> {
        let mut expected: BTreeMap<(Kind, u64), Vec<u64>> = BTreeMap::new();
        for Posting { kind, key, place } in postings {
            expected.entry((*kind, short(*key))).or_default().push(*place);
        }
        for (kind, short) in expected.keys() {
            for asked in [Kind::Gram, Kind::Window] {
                let places = expected.get(&(asked, *short)).map_or(&[][..], Vec::as_slice);
                let key = *short << (u64::BITS - SHORT_BITS) | 1;
                let mut found = Vec::new();
                let none = table.find(asked, key, |place| {
                    found.push(place);
                    None::<()>
                });
                prop_assert_eq!((none, &found[..]), (None, places), "{:?}", kind);
                let first = table.find(asked, key, Some);
                prop_assert_eq!(first, places.first().copied());
            }
        }
        let in_order: Vec<(Kind, u64)> = table.in_order_of_insertion().collect();
        let expected: Vec<_> = postings.iter().map(|posting| (posting.kind, posting.place)).collect();
        prop_assert_eq!(in_order, expected);
        prop_assert_eq!(table.len(), postings.len());
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(refrain_testkit::cases(200, 5_000)))]

        /// If keys have a spread of more than 50 bits, all have one of a few homes, from which most
        /// slots are too far. The largest steps are rare, because a table for large places is
        /// large.
        #[test]
        fn equal_keys_stay_in_order(
            count in 1..1_000_u64, keys in prop_oneof![1..10_u64, 1..1_000_u64],
            spread in prop_oneof![Just(0), Just(52), 0..64_u32], taken in 0..400_usize,
            step in prop_oneof![9 => Just(1), 9 => Just(1_000), 9 => 1..10_000_u64, 1 => 1..1_000_000_u64],
        ) {
            let posted = |at| Posting { kind: kind(at), key: key(at, keys, spread), place: at * step };
            let postings: Vec<Posting> = (1..=count).map(posted).collect();
            let (kept, taken) = postings.split_at(postings.len().saturating_sub(taken));
            let mut table = Table::default();
            fill(&mut table, kept);
            check(&table, kept)?;
            let before = table.clone();
            let grown = fill(&mut table, taken);
            check(&table, &postings)?;
            if let Some(first) = taken.first() {
                table.take_back(taken, first.place, grown);
                check(&table, kept)?;
                // The table has the layout of one into which the places were not inserted.
                if !grown {
                    prop_assert_eq!((table.slots, table.far), (before.slots, before.far));
                }
            }
        }
    }

    /// In large tables, and for large places, slots have a part of their short keys.
    #[test]
    fn keys_follow_from_positions() {
        for step in [1, 1 << 10, 1 << 16] {
            let posted = |at: u64| Posting { kind: kind(at), key: mix(at / 2), place: at * step };
            let postings: Vec<Posting> = (1..=70_000).map(posted).collect();
            let mut table = Table::default();
            fill(&mut table, &postings);
            assert!(table.far.is_empty());
            check(&table, &postings).expect("all places are found");
        }
    }
}
