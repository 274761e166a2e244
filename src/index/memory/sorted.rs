//! A set of numbers that are inserted in ascending order and removed in any order.

use std::collections::BTreeMap;

use crate::work;

/// How many numbers are in one piece: taking one out moves no more than these.
const CHUNK: usize = 256;

/// Ascending numbers: in one list while they are few, in a tree of lists when they are many.
#[derive(Debug, Clone)]
pub(super) enum Sorted {
    Few(Vec<u32>),
    Many(Box<Many>),
}

#[derive(Debug, Clone)]
pub(super) struct Many {
    /// Each list by a number that is not above its first, and above the last of the list before it. None is
    /// empty.
    chunks: BTreeMap<u32, Vec<u32>>,
    len: usize,
    last: u32,
}

impl Default for Sorted {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Sorted {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self::Few(Vec::with_capacity(capacity))
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(list) => list.len(),
            Self::Many(many) => many.len,
        }
    }

    /// The last number, or one that was last and is gone.
    #[inline]
    pub(super) fn last(&self) -> Option<u32> {
        match self {
            Self::Few(list) => list.last().copied(),
            Self::Many(many) => Some(many.last),
        }
    }

    /// Adds a number that is above all others.
    #[inline]
    pub(super) fn push(&mut self, number: u32) {
        match self {
            Self::Few(list) if list.len() < CHUNK => list.push(number),
            Self::Few(list) => {
                let list = std::mem::take(list);
                let (len, last) = (list.len(), list.last().copied().unwrap_or_default());
                let first = list.first().copied().unwrap_or_default();
                let mut many = Many { chunks: BTreeMap::from([(first, list)]), len, last };
                many.push(number);
                *self = Self::Many(Box::new(many));
            }
            Self::Many(many) => many.push(number),
        }
    }

    /// Whether one of the numbers from `first` to before `end` is in it.
    pub(super) fn has_within(&self, first: u32, end: u32) -> bool {
        match self {
            Self::Few(list) => place_within(list, first, end).is_some(),
            Self::Many(many) => many.key_within(first, end).is_some(),
        }
    }

    /// Takes out the least number from `first` to before `end`, and says whether there was one.
    ///
    /// At most 256 numbers are moved, and the list of a number is found in a tree.
    pub(super) fn remove_within(&mut self, first: u32, end: u32) -> bool {
        match self {
            Self::Few(list) => remove(list, first, end),
            Self::Many(many) => {
                let Some(key) = many.key_within(first, end) else { return false };
                let Some(list) = many.chunks.get_mut(&key) else { return false };
                let is_removed = remove(list, first, end);
                if list.is_empty() {
                    many.chunks.remove(&key);
                }
                many.len -= usize::from(is_removed);
                is_removed
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let (few, many) = match self {
            Self::Few(list) => (Some(list), None),
            Self::Many(many) => (None, Some(many.chunks.values().flatten())),
        };
        few.into_iter().flatten().chain(many.into_iter().flatten()).copied()
    }

    /// How many bytes it has taken from the allocator, more or less: what a tree takes is guessed.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Few(list) => list.capacity() * 4,
            Self::Many(many) => {
                size_of::<Many>() + many.chunks.values().map(|list| list.capacity() * 4 + 48).sum::<usize>()
            }
        }
    }
}

impl Many {
    fn push(&mut self, number: u32) {
        self.len += 1;
        self.last = number;
        match self.chunks.last_entry() {
            Some(mut last) if last.get().len() < CHUNK => last.get_mut().push(number),
            _ => drop(self.chunks.insert(number, vec![number])),
        }
    }

    /// The key of the list that has the least number from `first` to before `end`.
    fn key_within(&self, first: u32, end: u32) -> Option<u32> {
        if first >= end {
            return None;
        }
        let before = self.chunks.range(..=first).next_back();
        let after = self.chunks.range(first..end).next();
        before
            .into_iter()
            .chain(after)
            .find(|(_, list)| place_within(list, first, end).is_some())
            .map(|(key, _)| *key)
    }
}

fn place_within(list: &[u32], first: u32, end: u32) -> Option<usize> {
    let at = list.partition_point(|number| *number < first);
    list.get(at).is_some_and(|number| *number < end).then_some(at)
}

fn remove(list: &mut Vec<u32>, first: u32, end: u32) -> bool {
    let Some(at) = place_within(list, first, end) else { return false };
    work::count(list.len() - at);
    list.remove(at);
    true
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(
            gaps in prop::collection::vec(1..5_u32, 0..2_000),
            removed in prop::collection::vec((0..8_000_u32, 0..9_u32), 0..600),
            more in 0..600_u32,
        ) {
            let (mut sorted, mut plain) = (Sorted::default(), BTreeSet::new());
            let mut next = 0;
            let mut add = |sorted: &mut Sorted, plain: &mut BTreeSet<u32>, gap: u32| {
                next += gap;
                sorted.push(next);
                plain.insert(next);
            };
            gaps.iter().for_each(|gap| add(&mut sorted, &mut plain, *gap));
            for (first, len) in removed {
                let found = plain.range(first..first + len).next().copied();
                prop_assert_eq!(sorted.has_within(first, first + len), found.is_some());
                prop_assert_eq!(sorted.remove_within(first, first + len), found.is_some());
                found.map(|found| plain.remove(&found));
            }
            (0..more).for_each(|_| add(&mut sorted, &mut plain, 2));
            prop_assert_eq!(sorted.len(), plain.len());
            prop_assert!(sorted.iter().eq(plain.iter().copied()));
            prop_assert!(plain.last().is_none_or(|last| sorted.last() >= Some(*last)));
        }
    }

    /// A second crawl takes the first of every list out, again and again.
    #[test]
    fn taking_the_first_out_moves_few() {
        for order in [false, true] {
            let mut sorted = Sorted::default();
            (0..100_000).for_each(|number| sorted.push(number));
            let steps = work::of(|| {
                for number in 0..100_000 {
                    let number = if order { number } else { number * 7919 % 100_000 };
                    assert!(sorted.remove_within(number, number + 1));
                }
            });
            assert!(steps <= 100_000 * 256, "{steps}");
            assert_eq!(sorted.len(), 0);
        }
    }
}
