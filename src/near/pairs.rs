//! All pairs of near duplicates in a list of texts.

use std::collections::HashMap;

use super::batch::{BatchResult, Buckets, in_order};
use super::options::NearOptions;
use crate::shingle::Shingles;

/// The maximum number of pairs of a text with earlier ones, as a multiple of the maximum number of
/// candidates.
const PAIRS_PER_CANDIDATE: usize = 4;

/// Two near duplicates in a list of texts.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pair {
    first: usize,
    second: usize,
    similarity: f64,
    containment: f64,
}

impl Pair {
    /// Returns the index of the earlier text in the list, from 0.
    pub fn first(self) -> usize {
        self.first
    }

    /// Returns the index of the later text in the list, from 0.
    pub fn second(self) -> usize {
        self.second
    }

    /// Returns the similarity of the two texts, computed from all shingles of both.
    pub fn similarity(self) -> f64 {
        self.similarity
    }

    /// Returns the share of the shorter text's shingles that the longer text has too.
    pub fn containment(self) -> f64 {
        self.containment
    }
}

/// Returns the pairs of near duplicates in a list of texts, in the order of the second text and
/// then of the first.
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
/// Each candidate is compared by all shingles of both texts. Texts with equal shingles are compared
/// once for all of them. For each text, at most four times [`NearOptions::candidates`] pairs with
/// earlier texts are returned, those with the lowest indices, and the others count as
/// [skipped](BatchResult::skipped_candidates).
///
/// # Complexity
///
/// That of [`LshIndex::query`](super::LshIndex::query) for each text: linear in the number of texts
/// and of pairs, as long as few texts are near duplicates of each other. The result does not depend
/// on the number of threads.
pub fn pairs(texts: &[Shingles], options: &NearOptions) -> BatchResult<Pair> {
    let mut buckets = Buckets::new(texts, options);
    let mut groups = Groups::new(texts);
    let most = options.most_candidates().saturating_mul(PAIRS_PER_CANDIDATE);
    let mut found: Vec<Pair> = Vec::new();
    let order: Vec<usize> = (0..texts.len()).collect();
    in_order(texts, options, &order, |b, keys| {
        let first = found.len();
        let equal = groups.first_equal(b);
        let pair =
            |a: &usize, (similarity, containment)| Pair { first: *a, second: b, similarity, containment };
        for (other, overlap) in buckets.near(b, keys, equal.is_none()) {
            if Some(other) != equal {
                let containment = overlap.first_containment().max(overlap.second_containment());
                found.extend(groups.of(other).iter().map(|a| pair(a, (overlap.similarity(), containment))));
            }
        }
        if let Some(equal) = equal {
            found.extend(groups.of(equal).iter().map(|a| pair(a, (1.0, 1.0))));
        }
        groups.add(b, equal);
        found[first..].sort_unstable_by_key(|pair| pair.first);
        buckets.skipped_candidates += (found.len() - first).saturating_sub(most);
        found.truncate(first + most);
    });
    buckets.finish(found)
}

/// Groups of texts with equal shingles.
struct Groups<'t> {
    texts: &'t [Shingles],
    /// The first texts of the groups whose hashes have this sum. The hashes are mixed, so few
    /// different texts have equal sums.
    sums: HashMap<u64, Vec<usize>>,
    /// The texts of a group, by the first of them.
    groups: HashMap<usize, Vec<usize>>,
}

impl<'t> Groups<'t> {
    fn new(texts: &'t [Shingles]) -> Self {
        Self { texts, sums: HashMap::new(), groups: HashMap::new() }
    }

    fn sum(&self, text: usize) -> u64 {
        self.texts[text].hashes().iter().fold(0, |sum, hash| sum.wrapping_add(*hash))
    }

    /// Returns the first text with the same shingles as `text`.
    fn first_equal(&self, text: usize) -> Option<usize> {
        let is_equal = |first: &&usize| self.texts[**first].hashes() == self.texts[text].hashes();
        self.sums.get(&self.sum(text))?.iter().find(is_equal).copied()
    }

    /// Returns the texts of the group that begins with `first`.
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
