//! Near duplicates in a list of texts, with buckets in memory.

use std::hint::black_box;
use std::ops::ControlFlow;

use super::candidates::Bucketed;
use super::minhash::Sketcher;
use super::options::NearOptions;
use super::table::Table;
use crate::fingerprint::Fingerprint;
use crate::shingle::{Overlap, Shingles};

/// The number of texts that are compared between two calls of `proceed`.
const AT_A_TIME: usize = 64;

/// The number of texts whose keys are computed at a time: more with the feature `rayon`, so that
/// all threads have work.
const KEYS_AT_A_TIME: usize = if cfg!(feature = "rayon") { 1024 } else { AT_A_TIME };

/// The pairs or assignments found in a list of texts, with counts of the candidates that were
/// skipped.
///
/// Returned by [`pairs`](super::pairs()) and [`cluster`](super::cluster()).
///
/// Read [`skipped_candidates`](Self::skipped_candidates) first: if it is not 0, pairs may be
/// missing, and [`NearOptions::max_candidates`] can be raised.
///
/// ```
/// use refrain::near::{NearOptions, Shingler, pairs};
///
/// let shingler = Shingler::new().words_per_shingle(2);
/// let hours = ["eight", "nine", "ten", "eleven"];
/// let texts = hours.map(|hour| shingler.shingle(&format!("The ferry sails at {hour}.")));
///
/// let mut options = NearOptions::new(0.5)?.max_candidates(1);
/// assert!(pairs(&texts, &options).skipped_candidates() > 0);
///
/// options = options.max_candidates(16);
/// let result = pairs(&texts, &options);
/// assert_eq!((result.skipped_candidates(), result.items().len()), (0, 6));
/// # Ok::<(), refrain::error::NearError>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BatchResult<T> {
    items: Vec<T>,
    compared: usize,
    truncated_buckets: usize,
    skipped_candidates: usize,
}

impl<T> BatchResult<T> {
    /// Returns the pairs, or the assignments.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Returns the pairs, or the assignments, by value.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// Returns the number of texts that were compared: all, unless the caller stopped
    /// [`pairs_while`](super::pairs_while) or [`cluster_while`](super::cluster_while).
    pub fn compared(&self) -> usize {
        self.compared
    }

    /// Returns the number of truncated buckets, summed over all texts: see
    /// [`Neighbors::truncated_buckets`](super::Neighbors::truncated_buckets).
    pub fn truncated_buckets(&self) -> usize {
        self.truncated_buckets
    }

    /// Returns the number of skipped candidates, summed over all texts: see
    /// [`Neighbors::skipped_candidates`](super::Neighbors::skipped_candidates). If it is not 0,
    /// pairs may be missing, and [`NearOptions::max_candidates`] can be raised.
    pub fn skipped_candidates(&self) -> usize {
        self.skipped_candidates
    }
}

impl<T> IntoIterator for BatchResult<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a BatchResult<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// The buckets of a list of texts, in memory.
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
        let table =
            Table::new(options.most_candidates(), texts.len().saturating_mul(options.bands().bands()));
        Self {
            texts,
            options,
            table,
            bucketed: Bucketed::default(),
            truncated_buckets: 0,
            skipped_candidates: 0,
        }
    }

    /// Returns the inserted texts that are near duplicates of the text with number `text` and these
    /// `keys`, in no particular order. Inserts that text afterward if `inserts` is set.
    pub(super) fn near(&mut self, text: usize, keys: &[Fingerprint], inserts: bool) -> Vec<(usize, Overlap)> {
        self.table.warm(keys);
        self.bucketed.clear();
        // Numbers have 32 bits. More texts than that, each with a shingle, do not fit into memory.
        let number = u32::try_from(text + 1).ok().filter(|_| inserts);
        for key in keys {
            let push = |texts: &[u32], unlisted| self.bucketed.push(texts.iter().copied(), unlisted);
            match number {
                Some(number) => self.table.find_and_add(*key, number - 1, push),
                None => self.table.find(*key, push),
            }
        }
        let own = &self.texts[text];
        let candidates = self.bucketed.candidates(self.options.most_candidates());
        self.truncated_buckets += candidates.truncated_buckets;
        self.skipped_candidates += candidates.skipped_candidates;
        let other = |text: u32| &self.texts[text as usize];
        black_box(candidates.texts.iter().fold(0, |read, text| read ^ other(*text).touch()));
        let overlap = |text: u32| Some((text as usize, self.options.verify(own, other(text))?));
        candidates.texts.into_iter().filter_map(overlap).collect()
    }

    /// Inserts the text with number `text` and these `keys`.
    pub(super) fn insert(&mut self, text: usize, keys: &[Fingerprint]) {
        let Ok(number) = u32::try_from(text + 1) else { return };
        for key in keys {
            self.table.find_and_add(*key, number - 1, |_, _| {});
        }
    }

    /// Returns `items` with the counts of all calls of [`near`](Self::near).
    pub(super) fn finish<T>(self, items: Vec<T>, compared: usize) -> BatchResult<T> {
        BatchResult {
            items,
            compared,
            truncated_buckets: self.truncated_buckets,
            skipped_candidates: self.skipped_candidates,
        }
    }
}

/// Calls `each` with each text and its keys, in the order of `order`, as long as `proceed` returns
/// [`ControlFlow::Continue`], and returns the number of texts. Calls `proceed` before each
/// [`AT_A_TIME`] texts.
pub(super) fn in_order(
    texts: &[Shingles],
    options: &NearOptions,
    order: &[usize],
    mut proceed: impl FnMut(usize) -> ControlFlow<()>,
    mut each: impl FnMut(usize, &[Fingerprint]),
) -> usize {
    let mut compared = 0;
    for some in order.chunks(KEYS_AT_A_TIME) {
        if proceed(compared).is_break() {
            return compared;
        }
        let of_text = |sketcher: &mut Sketcher, text: &usize| options.keys_with(sketcher, &texts[*text]);
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
        for (at, (text, keys)) in some.iter().zip(&all).enumerate() {
            if at > 0 && at % AT_A_TIME == 0 && proceed(compared).is_break() {
                return compared;
            }
            each(*text, keys);
            compared += 1;
        }
    }
    compared
}
