//! A list of texts, all of them at hand: their keys, buckets in memory, and what comes of them.

use std::hint::black_box;

use super::candidates::{Bucketed, keys, verify};
use super::minhash::Sketcher;
use super::options::NearOptions;
use super::table::Table;
use crate::fingerprint::Fingerprint;
use crate::shingle::{Overlap, Shingles};

/// How many texts are sketched at a time, side by side if the feature `rayon` is on.
const AT_A_TIME: usize = 1024;

/// What was found among a list of texts, and what was not looked at.
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BatchResult<T> {
    items: Vec<T>,
    truncated_buckets: usize,
    skipped_candidates: usize,
}

impl<T> BatchResult<T> {
    /// What was found.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The same, by value.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// How often a bucket held more texts than are listed: see
    /// [`Neighbors::truncated_buckets`](super::Neighbors::truncated_buckets).
    pub fn truncated_buckets(&self) -> usize {
        self.truncated_buckets
    }

    /// How many candidates were not compared: see [`Neighbors::skipped_candidates`](super::Neighbors::skipped_candidates).
    pub fn skipped_candidates(&self) -> usize {
        self.skipped_candidates
    }
}

/// Buckets in memory of texts that the caller has.
pub(super) struct Buckets<'a> {
    texts: &'a [Shingles],
    options: &'a NearOptions,
    table: Table,
    bucketed: Bucketed,
    truncated_buckets: usize,
    pub(super) skipped_candidates: usize,
}

impl<'a> Buckets<'a> {
    pub(super) fn new(texts: &'a [Shingles], options: &'a NearOptions) -> Self {
        let table = Table::new(options.most_candidates());
        Self {
            texts,
            options,
            table,
            bucketed: Bucketed::default(),
            truncated_buckets: 0,
            skipped_candidates: 0,
        }
    }

    /// The texts that were learnt and are near the one with number `text`, whose keys these are, in no order;
    /// `learns` says whether it is then learnt.
    pub(super) fn near(&mut self, text: usize, keys: &[Fingerprint], learns: bool) -> Vec<(usize, Overlap)> {
        self.table.warm(keys);
        self.bucketed.clear();
        // Texts are numbered in 32 bits: that many, each of them with a shingle, take more memory than there
        // is.
        let number = u32::try_from(text + 1).ok().filter(|_| learns);
        for key in keys {
            let push = |texts: &[u32], unlisted| self.bucketed.push(texts.iter().copied(), unlisted);
            match number {
                Some(number) => self.table.find_and_add(*key, number - 1, push),
                None => self.table.find(*key, push),
            }
        }
        let here = &self.texts[text];
        let candidates = self.bucketed.candidates(self.options.most_candidates());
        self.truncated_buckets += candidates.truncated_buckets;
        self.skipped_candidates += candidates.skipped_candidates;
        let there = |text: u32| &self.texts[text as usize];
        black_box(candidates.texts.iter().fold(0, |read, text| read ^ there(*text).touch()));
        let overlap = |text: u32| Some((text as usize, verify(self.options, here, there(text))?));
        candidates.texts.into_iter().filter_map(overlap).collect()
    }

    pub(super) fn insert(&mut self, text: usize, keys: &[Fingerprint]) {
        let Ok(number) = u32::try_from(text + 1) else { return };
        for key in keys {
            self.table.find_and_add(*key, number - 1, |_, _| {});
        }
    }

    pub(super) fn outcome<T>(self, items: Vec<T>) -> BatchResult<T> {
        BatchResult {
            items,
            truncated_buckets: self.truncated_buckets,
            skipped_candidates: self.skipped_candidates,
        }
    }
}

/// Hands `each` the texts in an order, with their keys.
pub(super) fn in_order(
    texts: &[Shingles],
    options: &NearOptions,
    order: &[usize],
    mut each: impl FnMut(usize, &[Fingerprint]),
) {
    for some in order.chunks(AT_A_TIME) {
        let of_text = |sketcher: &mut Sketcher, text: &usize| {
            let mut all = Vec::new();
            keys(options, sketcher, &texts[*text], &mut all);
            all
        };
        #[cfg(feature = "rayon")]
        let all: Vec<Vec<Fingerprint>> = {
            use rayon::prelude::*;
            some.par_iter().map_init(Sketcher::default, of_text).collect()
        };
        #[cfg(not(feature = "rayon"))]
        let all = {
            let mut sketcher = Sketcher::default();
            some.iter().map(|text| of_text(&mut sketcher, text)).collect::<Vec<_>>()
        };
        for (text, keys) in some.iter().zip(&all) {
            each(*text, keys);
        }
    }
}
