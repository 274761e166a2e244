//! The postings of keys that several documents have.

#![expect(
    clippy::cast_possible_truncation,
    reason = "lists are numbered in 28 bits, as entries are, see `State::room_for`"
)]

use std::collections::BTreeMap;

use super::chunks::Chunks;
use super::sorted::Sorted;

/// Bits that number a list among those of its size; the next three say which size.
const BITS: u32 = 28;

/// A place in a short list that holds nothing.
const VACANT: u32 = u32::MAX;

/// Two documents have most of the keys that are not of one, and few have more than four: these take no memory
/// of their own, and documents are counted by looking at them.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    pairs: Short<2>,
    fours: Short<4>,
    long: Chunks<Long>,
    /// Long lists that are free again.
    free: Vec<u32>,
}

/// Lists of up to `N` occurrences, ascending, the vacant places last.
#[derive(Debug, Clone)]
struct Short<const N: usize> {
    lists: Chunks<[u32; N]>,
    free: Vec<u32>,
}

impl<const N: usize> Default for Short<N> {
    fn default() -> Self {
        Self { lists: Chunks::default(), free: Vec::new() }
    }
}

/// A list of occurrences, one for each document, and in how many documents of each scope.
#[derive(Debug, Clone, Default)]
pub(super) struct Long {
    pub(super) occurrences: Sorted,
    counts: Counts,
}

/// Which list it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Size {
    Pair,
    Four,
    Long,
}

fn size_of_list(list: u32) -> (Size, u32) {
    let number = list & ((1 << BITS) - 1);
    match list >> BITS {
        0 => (Size::Pair, number),
        1 => (Size::Four, number),
        _ => (Size::Long, number),
    }
}

impl<const N: usize> Short<N> {
    fn add(&mut self, occurrences: &[u32]) -> u32 {
        let mut list = [VACANT; N];
        list.iter_mut().zip(occurrences).for_each(|(place, occurrence)| *place = *occurrence);
        match self.free.pop() {
            Some(number) => {
                if let Some(free) = self.lists.get_mut(number as usize) {
                    *free = list;
                }
                number
            }
            None => {
                self.lists.push(list);
                self.lists.len() as u32 - 1
            }
        }
    }

    #[inline]
    fn get(&self, number: u32) -> &[u32] {
        let list = self.lists.get(number as usize).map_or(&[][..], |list| &list[..]);
        let len = list.iter().position(|occurrence| *occurrence == VACANT).unwrap_or(N);
        list.get(..len).unwrap_or_default()
    }

    /// Adds an occurrence if there is a vacant place.
    fn push(&mut self, number: u32, occurrence: u32) -> bool {
        let list = self.lists.get_mut(number as usize);
        let vacant = list.and_then(|list| list.iter_mut().find(|place| **place == VACANT));
        let is_vacant = vacant.is_some();
        if let Some(place) = vacant {
            *place = occurrence;
        }
        is_vacant
    }

    /// Takes out an occurrence from `first` to before `end`, and gives the last that is left, if only one is.
    fn remove(&mut self, number: u32, first: u32, end: u32) -> Option<u32> {
        let list = self.lists.get_mut(number as usize)?;
        let at = list.iter().position(|occurrence| (first..end).contains(occurrence))?;
        list.get_mut(at..)?.rotate_left(1);
        *list.last_mut()? = VACANT;
        match *self.get(number) {
            [only] => {
                self.free.push(number);
                Some(only)
            }
            _ => None,
        }
    }

    fn bytes(&self) -> usize {
        self.lists.bytes() + self.free.capacity() * 4
    }
}

impl Lists {
    /// A list of two occurrences.
    pub(super) fn pair(&mut self, earlier: u32, later: u32) -> u32 {
        self.pairs.add(&[earlier, later])
    }

    /// A list that is short, or else the long one.
    #[inline]
    pub(super) fn get(&self, list: u32) -> Result<&[u32], Option<&Long>> {
        match size_of_list(list) {
            (Size::Pair, number) => Ok(self.pairs.get(number)),
            (Size::Four, number) => Ok(self.fours.get(number)),
            (Size::Long, number) => Err(self.long.get(number as usize)),
        }
    }

    /// Adds an occurrence, which is the last, and says which list it is now.
    pub(super) fn push(
        &mut self,
        list: u32,
        occurrence: u32,
        scope: u32,
        scope_of: impl Fn(u32) -> u32,
    ) -> u32 {
        match size_of_list(list) {
            (Size::Pair, number) if !self.pairs.push(number, occurrence) => {
                let four = self.fours.add(self.pairs.get(number));
                self.pairs.free.push(number);
                self.fours.push(four, occurrence);
                1 << BITS | four
            }
            (Size::Four, number) if !self.fours.push(number, occurrence) => {
                let mut long = Long { occurrences: Sorted::with_capacity(8), ..Long::default() };
                for earlier in self.fours.get(number) {
                    long.push(*earlier, scope_of(*earlier));
                }
                long.push(occurrence, scope);
                self.fours.free.push(number);
                2 << BITS | self.add_long(long)
            }
            (Size::Long, number) => {
                if let Some(long) = self.long.get_mut(number as usize) {
                    long.push(occurrence, scope);
                }
                list
            }
            _ => list,
        }
    }

    fn add_long(&mut self, long: Long) -> u32 {
        if let Some(number) = self.free.pop() {
            if let Some(free) = self.long.get_mut(number as usize) {
                *free = long;
            }
            return number;
        }
        self.long.push(long);
        self.long.len() as u32 - 1
    }

    /// Takes out an occurrence from `first` to before `end`, of a document of a scope. If only one is left,
    /// the list is free, and this is that one.
    pub(super) fn remove(&mut self, list: u32, first: u32, end: u32, scope: u32) -> Option<u32> {
        match size_of_list(list) {
            (Size::Pair, number) => self.pairs.remove(number, first, end),
            (Size::Four, number) => self.fours.remove(number, first, end),
            (Size::Long, number) => {
                let long = self.long.get_mut(number as usize)?;
                if !long.occurrences.remove_within(first, end) {
                    return None;
                }
                long.counts.subtract(scope);
                if long.occurrences.len() > 1 {
                    return None;
                }
                let only = long.occurrences.iter().next();
                *long = Long::default();
                self.free.push(number);
                only
            }
        }
    }

    /// How many bytes it has taken from the allocator.
    pub(super) fn bytes(&self) -> usize {
        let long = |long: &Long| long.occurrences.bytes() + long.counts.bytes();
        self.pairs.bytes()
            + self.fours.bytes()
            + self.long.bytes()
            + self.long.iter().map(long).sum::<usize>()
            + self.free.capacity() * 4
    }
}

impl Long {
    fn push(&mut self, occurrence: u32, scope: u32) {
        self.occurrences.push(occurrence);
        self.counts.add(scope);
    }

    /// How many documents of a scope are in it.
    pub(super) fn in_scope(&self, scope: u32) -> u32 {
        self.counts.get(scope)
    }

    /// How many documents are in it: they are numbered in 32 bits.
    pub(super) fn len(&self) -> u32 {
        self.occurrences.len() as u32
    }
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

    /// A guess.
    fn bytes(&self) -> usize {
        self.others.as_ref().map_or(0, |others| 24 + others.len() * 12)
    }
}
