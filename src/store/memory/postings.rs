//! The documents that have a key.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::work;

/// The number of postings that are stored in place.
const FEW: usize = 5;

/// The number of occurrences up to which one is removed from a list.
const LONG: usize = 256;

/// A document that has a key.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The first occurrence of the key in the document.
    pub(super) occurrence: u32,
    /// The number of the scope of the document.
    pub(super) scope: u32,
}

/// The first occurrences of a key, one for each document that has it, in ascending order.
///
/// Most keys have few, so up to five take no more memory than a pointer and a length would.
#[derive(Clone, Debug)]
pub(super) enum Postings {
    /// Up to five.
    Few { len: u8, occurrences: [u32; FEW] },
    /// Any number.
    Many(Box<Many>),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Many {
    occurrences: Occurrences,
    /// The number of documents in each scope, without those that `recent` counts.
    scopes: BTreeMap<u32, u32>,
    /// The scope of the last posting, and a number of documents in it: pages of one site mostly
    /// follow each other.
    recent: (u32, u32),
    /// The highest occurrence that was ever pushed.
    last: u32,
}

/// Numbers in ascending order: a list until a number is removed from many, and then a tree, because
/// it would take too long to move all numbers after each that is removed.
#[derive(Clone, Debug)]
enum Occurrences {
    List(Vec<u32>),
    Tree(BTreeSet<u32>),
}

impl Default for Occurrences {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Occurrences {
    fn len(&self) -> usize {
        match self {
            Self::List(list) => list.len(),
            Self::Tree(tree) => tree.len(),
        }
    }

    fn push(&mut self, number: u32) {
        match self {
            Self::List(list) => list.push(number),
            Self::Tree(tree) => drop(tree.insert(number)),
        }
    }

    /// Returns the lowest number in a range.
    fn first_in(&self, range: Range<u32>) -> Option<u32> {
        match self {
            _ if range.is_empty() => None,
            Self::List(list) => {
                let at = list.partition_point(|number| *number < range.start);
                list.get(at).copied().filter(|number| *number < range.end)
            }
            Self::Tree(tree) => tree.range(range).next().copied(),
        }
    }

    fn remove(&mut self, number: u32) {
        match self {
            Self::List(list) if list.len() > LONG => {
                work::count(list.len());
                *self = Self::Tree(list.iter().copied().collect());
                self.remove(number);
            }
            Self::List(list) => {
                work::count(list.len());
                list.retain(|other| *other != number);
            }
            Self::Tree(tree) => {
                work::count(1);
                tree.remove(&number);
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let (list, tree) = match self {
            Self::List(list) => (Some(list), None),
            Self::Tree(tree) => (None, Some(tree)),
        };
        list.into_iter().flatten().chain(tree.into_iter().flatten()).copied()
    }

    fn bytes(&self) -> usize {
        match self {
            Self::List(list) => list.capacity() * 4,
            // A node has room for eleven numbers, and six of them if all were appended.
            Self::Tree(tree) => tree.len() * 12,
        }
    }
}

impl Postings {
    pub(super) fn new(earlier: u32, later: u32) -> Self {
        Self::Few { len: 2, occurrences: [earlier, later, 0, 0, 0] }
    }

    /// Returns the highest occurrence, or a higher one that was removed.
    #[inline]
    pub(super) fn last(&self) -> u32 {
        match self {
            Self::Few { len, occurrences } => occurrences[usize::from(*len) - 1],
            Self::Many(many) => many.last,
        }
    }

    /// Adds an occurrence that is higher than all others. `scope_of` returns the scope of another.
    #[inline]
    pub(super) fn push(&mut self, place: Place, scope_of: impl Fn(u32) -> u32) {
        match self {
            Self::Few { len, occurrences } => match occurrences.get_mut(usize::from(*len)) {
                Some(free) => {
                    *free = place.occurrence;
                    *len += 1;
                }
                None => {
                    let mut many = Box::<Many>::default();
                    let earlier = occurrences
                        .iter()
                        .map(|occurrence| Place { occurrence: *occurrence, scope: scope_of(*occurrence) });
                    earlier.chain([place]).for_each(|place| many.push(place));
                    *self = Self::Many(many);
                }
            },
            Self::Many(many) => many.push(place),
        }
    }

    /// Removes the occurrence in a document of `scope` that has the occurrences `of`, if there is
    /// one, and returns the only occurrence that is left, if only one is.
    pub(super) fn remove(&mut self, of: Range<u32>, scope: u32) -> Option<u32> {
        match self {
            Self::Few { len, occurrences } => {
                let listed = &mut occurrences[..usize::from(*len)];
                let at = listed.iter().position(|occurrence| of.contains(occurrence))?;
                listed[at..].rotate_left(1);
                *len -= 1;
                (*len == 1).then_some(occurrences[0])
            }
            Self::Many(many) => {
                let occurrence = many.occurrences.first_in(of)?;
                many.occurrences.remove(occurrence);
                many.keep_recent(scope);
                many.recent.1 -= 1;
                let only = many.occurrences.iter().next();
                only.filter(|_| many.occurrences.len() == 1)
            }
        }
    }

    /// Returns the bytes that were allocated, apart from the value itself. Those of a tree are an
    /// estimate.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Few { .. } => 0,
            Self::Many(many) => size_of::<Many>() + many.occurrences.bytes() + many.scopes.len() * 24,
        }
    }
}

impl Many {
    fn push(&mut self, place: Place) {
        self.occurrences.push(place.occurrence);
        self.keep_recent(place.scope);
        self.recent.1 += 1;
        self.last = place.occurrence;
    }

    /// Makes `scope` the recent one.
    fn keep_recent(&mut self, scope: u32) {
        if self.recent.0 != scope {
            let (earlier, documents) = self.recent;
            if documents > 0 {
                self.scopes.insert(earlier, documents);
            }
            self.recent = (scope, self.scopes.remove(&scope).unwrap_or(0));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.occurrences.len()
    }

    /// Returns the number of documents in a scope.
    pub(super) fn in_scope(&self, scope: u32) -> u32 {
        if self.recent.0 == scope { self.recent.1 } else { self.scopes.get(&scope).copied().unwrap_or(0) }
    }

    pub(super) fn has_one_of(&self, of: Range<u32>) -> bool {
        self.occurrences.first_in(of).is_some()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.occurrences.iter()
    }
}
