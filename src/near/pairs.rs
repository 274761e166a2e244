//! All pairs among a list of texts.

use std::collections::HashMap;

use super::batch::{BatchResult, Buckets, in_order};
use super::options::NearOptions;
use crate::shingle::Shingles;

/// How many times as many equal texts as candidates are listed for a text.
const EQUAL: usize = 4;

/// Two texts that are near each other.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pair {
    first: usize,
    second: usize,
    similarity: f64,
    containment: f64,
}

impl Pair {
    /// The number of the one that comes first.
    pub fn first(self) -> usize {
        self.first
    }

    /// The number of the other.
    pub fn second(self) -> usize {
        self.second
    }

    /// Their similarity, over all shingles of both.
    pub fn similarity(self) -> f64 {
        self.similarity
    }

    /// How much of the shorter one is in the longer, counted in shingles.
    pub fn containment(self) -> f64 {
        self.containment
    }
}

/// All pairs of texts that are near each other, each compared over all shingles; in the order of the later
/// text, then of the earlier one.
///
/// ```
/// use refrain::near::{NearOptions, Shingler, pairs};
///
/// let shingler = Shingler::new().words_per_shingle(2);
/// let texts = ["The ferry sails at nine.", "A storm is near.", "The ferry sails at ten."];
/// let texts = texts.map(|text| shingler.shingle(text));
/// let pairs = pairs(&texts, &NearOptions::new(0.5)?).into_items();
/// assert_eq!((pairs.len(), pairs[0].first(), pairs[0].second()), (1, 0, 2));
/// assert_eq!(pairs[0].similarity(), 3.0 / 5.0);
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// Equal texts are compared as one; of a text that many are equal to or near, four times as many as there are
/// [candidates](NearOptions::candidates) are listed at most, those that come first.
///
/// # Complexity
///
/// That of [`LshIndex::query`](super::LshIndex::query) for each text: linear in the number of texts and of
/// pairs, as long as few are near each other. The answer does not depend on the number of threads.
pub fn pairs(texts: &[Shingles], options: &NearOptions) -> BatchResult<Pair> {
    let mut buckets = Buckets::new(texts, options);
    let mut groups = Groups::new(texts);
    let most = options.most_candidates().saturating_mul(EQUAL);
    let mut found: Vec<Pair> = Vec::new();
    let order: Vec<usize> = (0..texts.len()).collect();
    in_order(texts, options, &order, |b, keys| {
        let first = found.len();
        let equal = groups.first_equal(b);
        let push =
            |a: &usize, (similarity, containment)| Pair { first: *a, second: b, similarity, containment };
        for (other, overlap) in buckets.near(b, keys, equal.is_none()) {
            if Some(other) != equal {
                let containment = overlap.first_containment().max(overlap.second_containment());
                found.extend(groups.of(other).iter().map(|a| push(a, (overlap.similarity(), containment))));
            }
        }
        if let Some(equal) = equal {
            found.extend(groups.of(equal).iter().map(|a| push(a, (1.0, 1.0))));
        }
        groups.add(b, equal);
        found[first..].sort_unstable_by_key(|pair| pair.first);
        buckets.skipped_candidates += (found.len() - first).saturating_sub(most);
        found.truncate(first + most);
    });
    buckets.outcome(found)
}

/// Texts with equal shingles.
struct Groups<'t> {
    texts: &'t [Shingles],
    /// The first of each group whose hashes have this sum. They are mixed, so few others do.
    sums: HashMap<u64, Vec<usize>>,
    /// All of a group, by its first.
    groups: HashMap<usize, Vec<usize>>,
}

impl<'t> Groups<'t> {
    fn new(texts: &'t [Shingles]) -> Self {
        Self { texts, sums: HashMap::new(), groups: HashMap::new() }
    }

    fn sum(&self, text: usize) -> u64 {
        self.texts[text].hashes().iter().fold(0, |sum, hash| sum.wrapping_add(*hash))
    }

    /// The first text that is equal to this one.
    fn first_equal(&self, text: usize) -> Option<usize> {
        let is_equal = |first: &&usize| self.texts[**first].hashes() == self.texts[text].hashes();
        self.sums.get(&self.sum(text))?.iter().find(is_equal).copied()
    }

    /// The texts that are equal to the first of a group, with that one.
    fn of(&self, first: usize) -> &[usize] {
        self.groups.get(&first).map(Vec::as_slice).unwrap_or_default()
    }

    fn add(&mut self, text: usize, equal: Option<usize>) {
        if equal.is_none() {
            self.sums.entry(self.sum(text)).or_default().push(text);
        }
        self.groups.entry(equal.unwrap_or(text)).or_default().push(text);
    }
}
