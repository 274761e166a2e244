//! The documents that have a key.

use std::collections::{BTreeMap, BTreeSet};
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
    occurrences: BTreeSet<u32>,
    /// The number of documents in each scope.
    scopes: BTreeMap<u32, u32>,
    /// The highest occurrence that was ever pushed.
    last: u32,
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
                let occurrence = many.occurrences.range(of).next().copied()?;
                work::count(1);
                many.occurrences.remove(&occurrence);
                if let Some(documents) = many.scopes.get_mut(&scope) {
                    *documents -= 1;
                    if *documents == 0 {
                        many.scopes.remove(&scope);
                    }
                }
                let only = many.occurrences.first().copied();
                only.filter(|_| many.occurrences.len() == 1)
            }
        }
    }

    /// Returns the bytes that were allocated, apart from the value itself. Those of a tree are an
    /// estimate.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Few { .. } => 0,
            Self::Many(many) => {
                size_of::<Many>() + many.occurrences.len() * 12 + many.scopes.len() * 24 + 128
            }
        }
    }
}

impl Many {
    fn push(&mut self, place: Place) {
        self.occurrences.insert(place.occurrence);
        *self.scopes.entry(place.scope).or_default() += 1;
        self.last = place.occurrence;
    }

    pub(super) fn len(&self) -> usize {
        self.occurrences.len()
    }

    /// Returns the number of documents in a scope.
    pub(super) fn in_scope(&self, scope: u32) -> u32 {
        self.scopes.get(&scope).copied().unwrap_or(0)
    }

    pub(super) fn has_one_of(&self, of: Range<u32>) -> bool {
        !of.is_empty() && self.occurrences.range(of).next().is_some()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.occurrences.iter().copied()
    }
}
