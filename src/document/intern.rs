//! Fingerprints to dense ids, with equality checked on the text.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use crate::fingerprint::Fingerprint;
use crate::normalize::{Normalization, Normalizer};
use crate::span::Span;
use crate::steps;

/// A place in the table that holds no id.
const FREE: u32 = u32::MAX;

/// Numbers segments in the order of their first occurrence, equal ones alike.
///
/// A hash table with linear probing, which grows with the number of different segments, not with their number. Where to
/// look depends on the fingerprint and on two numbers that differ from table to table, so that nobody can prepare
/// texts that crowd into one place; what is found there does not depend on them.
pub(super) struct Interner<'a> {
    text: &'a str,
    spans: &'a [Span],
    normalization: Normalization,
    slots: Vec<u32>,
    keys: (u64, u64),
    /// The segment in which each id occurred first.
    first: Vec<u32>,
    /// The canonical forms of first occurrences that once had to be compared with a segment of other bytes: each
    /// is made once, however often it is compared.
    forms: HashMap<u32, Box<[u8]>>,
}

impl<'a> Interner<'a> {
    pub(super) fn new(text: &'a str, spans: &'a [Span], normalization: Normalization) -> Self {
        let random = RandomState::new();
        let keys = (random.hash_one(0), random.hash_one(1));
        let (slots, first, forms) = (vec![FREE; 16], Vec::new(), HashMap::new());
        Self { text, spans, normalization, slots, keys, first, forms }
    }

    /// How many ids there are.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.first.len()).unwrap_or(FREE)
    }

    /// The id of the next segment, given its canonical form and fingerprint and the fingerprints of all
    /// segments before it.
    pub(super) fn id(&mut self, form: &[u8], print: Fingerprint, before: &[Fingerprint]) -> u32 {
        if self.first.len() * 2 >= self.slots.len() {
            self.grow(before);
        }
        let segment = before.len();
        let mut slot = self.home(print);
        loop {
            steps::count(1);
            let id = self.slots[slot];
            if id == FREE {
                let id = self.len();
                self.slots[slot] = id;
                // Segments are numbered in 32 bits: a document has no more.
                self.first.push(u32::try_from(segment).unwrap_or(FREE));
                return id;
            }
            let first = self.first[id as usize] as usize;
            if before[first] == print && self.is_equal(id, first, segment, form) {
                return id;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Whether the segment with this form equals the one in which `id` occurred first.
    fn is_equal(&mut self, id: u32, first: usize, segment: usize, form: &[u8]) -> bool {
        let original = &self.text[self.spans[first]];
        steps::count(self.spans[segment].len());
        if original == &self.text[self.spans[segment]] {
            return true;
        }
        let normalization = self.normalization;
        let known = self
            .forms
            .entry(id)
            .or_insert_with(|| Normalizer::default().canonical(original, normalization).into());
        &**known == form
    }

    fn grow(&mut self, prints: &[Fingerprint]) {
        let len = self.slots.len() * 2;
        self.slots.clear();
        self.slots.resize(len, FREE);
        steps::count(len);
        for (id, first) in (0..).zip(&self.first) {
            let mut slot = self.home(prints[*first as usize]);
            while self.slots[slot] != FREE {
                slot = (slot + 1) & (len - 1);
            }
            self.slots[slot] = id;
        }
    }

    /// Where the search for a fingerprint begins: the two halves, each with a key, folded by a multiplication.
    fn home(&self, print: Fingerprint) -> usize {
        let (value, (high_key, low_key)) = (print.to_u128(), self.keys);
        let (high, low) =
            ((value >> 64) ^ u128::from(high_key), (value & u128::from(u64::MAX)) ^ u128::from(low_key));
        let product = high.wrapping_mul(low);
        (product ^ (product >> 64)) as usize & (self.slots.len() - 1)
    }
}
