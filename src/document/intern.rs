//! Fingerprints to dense ids, with equality checked on the text.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use crate::fingerprint::Fingerprint;
use crate::normalize::{Normalization, Normalizer};
use crate::work;

/// A place in the table that holds no id.
const FREE: u32 = u32::MAX;

/// Numbers segments in the order of their first occurrence, equal ones alike.
///
/// A hash table with linear probing, which grows with the number of different segments, not with
/// their number. Where to look depends on the fingerprint and on two numbers that differ from table
/// to table, so that nobody can prepare texts that crowd into one place; what is found there does
/// not depend on them.
#[derive(Clone, Debug)]
pub(super) struct Interner {
    slots: Vec<u32>,
    keys: (u64, u64),
    /// The segment in which each id occurred first.
    first: Vec<u32>,
    forms: Forms,
}

/// The segments of a text before one, and how they are compared.
#[derive(Clone, Copy)]
pub(super) struct Before<'a, F> {
    pub(super) text_of: F,
    pub(super) fingerprints: &'a [Fingerprint],
    pub(super) normalization: Normalization,
}

/// The canonical forms of first occurrences that once had to be compared with a segment of other
/// bytes: each is made once, however often it is compared.
#[derive(Clone, Debug, Default)]
struct Forms {
    /// Where in `bytes` the form of each id is.
    place: HashMap<u32, (usize, usize)>,
    bytes: Vec<u8>,
    normalizer: Normalizer,
}

impl Default for Interner {
    fn default() -> Self {
        let random = RandomState::new();
        let keys = (random.hash_one(0), random.hash_one(1));
        Self { slots: Vec::new(), keys, first: Vec::new(), forms: Forms::default() }
    }
}

impl Interner {
    /// Forgets every segment, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.slots.resize(16, FREE);
        self.first.clear();
        self.forms.place.clear();
        self.forms.bytes.clear();
    }

    /// How many ids there are.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.first.len()).unwrap_or(FREE)
    }

    /// The id of the segment that comes next, `text` with this canonical form and fingerprint.
    pub(super) fn id<'t>(
        &mut self,
        text: &str,
        form: &[u8],
        print: Fingerprint,
        before: Before<'_, impl Fn(usize) -> &'t str>,
    ) -> u32 {
        if self.first.len() * 2 >= self.slots.len() {
            self.grow(before.fingerprints);
        }
        let mut slot = self.home(print);
        loop {
            work::count(1);
            let id = self.slots[slot];
            if id == FREE {
                let id = self.len();
                self.slots[slot] = id;
                // Segments are numbered in 32 bits: a document has no more.
                self.first.push(u32::try_from(before.fingerprints.len()).unwrap_or(FREE));
                return id;
            }
            let first = self.first[id as usize] as usize;
            if before.fingerprints[first] == print {
                let original = (before.text_of)(first);
                work::count(text.len());
                if original == text || self.forms.form(id, original, before.normalization) == form {
                    return id;
                }
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    fn grow(&mut self, prints: &[Fingerprint]) {
        let len = self.slots.len() * 2;
        self.slots.clear();
        self.slots.resize(len, FREE);
        work::count(len);
        for (id, first) in (0..).zip(&self.first) {
            let mut slot = self.home(prints[*first as usize]);
            while self.slots[slot] != FREE {
                slot = (slot + 1) & (len - 1);
            }
            self.slots[slot] = id;
        }
    }

    /// Where the search for a fingerprint begins: the two halves, each with a key, folded by a
    /// multiplication.
    fn home(&self, print: Fingerprint) -> usize {
        let (value, (high_key, low_key)) = (print.to_u128(), self.keys);
        let (high, low) =
            ((value >> 64) ^ u128::from(high_key), (value & u128::from(u64::MAX)) ^ u128::from(low_key));
        let product = high.wrapping_mul(low);
        (product ^ (product >> 64)) as usize & (self.slots.len() - 1)
    }
}

impl Forms {
    /// The canonical form of `original`, the first occurrence of `id`.
    fn form(&mut self, id: u32, original: &str, normalization: Normalization) -> &[u8] {
        let (start, end) = *self.place.entry(id).or_insert_with(|| {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(self.normalizer.canonical(original, normalization));
            (start, self.bytes.len())
        });
        &self.bytes[start..end]
    }
}
