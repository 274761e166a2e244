//! The documents that have a key.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::ops::Range;

use crate::work;

/// The number of postings that are stored in place.
const FEW: usize = 5;

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
    /// The occurrences, of which those in the tree are lower than those in the list. All are moved
    /// to the tree when one is removed, because it would take too long to move all numbers after
    /// each that is removed from a list.
    tree: BTreeSet<u32>,
    list: Vec<u32>,
    /// The number of documents in each scope, without those that `recent` counts.
    scopes: BTreeMap<u32, u32>,
    /// The scope of the last posting, and a number of documents in it: pages of one site mostly
    /// follow each other.
    recent: (u32, u32),
}

impl Postings {
    /// Returns the highest occurrence.
    #[inline]
    pub(super) fn last(&self) -> Option<u32> {
        match self {
            Self::Few { len, occurrences } => occurrences[..usize::from(*len)].last().copied(),
            Self::Many(many) => many.list.last().or_else(|| many.tree.last()).copied(),
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
    /// one.
    pub(super) fn remove(&mut self, of: Range<u32>, scope: u32) {
        match self {
            Self::Few { len, occurrences } => {
                let listed = &mut occurrences[..usize::from(*len)];
                if let Some(at) = listed.iter().position(|occurrence| of.contains(occurrence)) {
                    listed[at..].rotate_left(1);
                    *len -= 1;
                }
            }
            Self::Many(many) => many.remove(of, scope),
        }
    }
}

impl Many {
    #[inline]
    fn push(&mut self, place: Place) {
        self.list.push(place.occurrence);
        self.keep_recent(place.scope);
        self.recent.1 += 1;
    }

    fn remove(&mut self, of: Range<u32>, scope: u32) {
        let Some(occurrence) = self.first_in(of) else { return };
        work::count(1 + self.list.len());
        self.tree.extend(mem::take(&mut self.list));
        self.tree.remove(&occurrence);
        self.keep_recent(scope);
        self.recent.1 -= 1;
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
        self.tree.len() + self.list.len()
    }

    /// Returns the number of documents in a scope.
    pub(super) fn in_scope(&self, scope: u32) -> u32 {
        if self.recent.0 == scope { self.recent.1 } else { self.scopes.get(&scope).copied().unwrap_or(0) }
    }

    /// Returns the lowest occurrence in a range.
    #[inline]
    pub(super) fn first_in(&self, range: Range<u32>) -> Option<u32> {
        if range.is_empty() {
            return None;
        }
        let listed = self.list.get(self.list.partition_point(|number| *number < range.start));
        let found = self.tree.range(range.start..).next().or(listed);
        found.copied().filter(|number| range.contains(number))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.tree.iter().chain(&self.list).copied()
    }
}
