//! All pairs among a list of texts.

use std::collections::HashMap;

use super::criteria::Criteria;
use super::listed::{Buckets, Outcome, in_order};
use super::shingles::Shingles;

/// How many times as many equal texts as candidates are listed for a text.
const EQUAL: usize = 4;

/// Two texts that are near each other.
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pair {
    a: usize,
    b: usize,
    resemblance: f64,
    containment: f64,
}

impl Pair {
    /// The number of the one that comes first.
    pub fn a(self) -> usize {
        self.a
    }

    /// The number of the other.
    pub fn b(self) -> usize {
        self.b
    }

    /// Their resemblance, over all shingles of both.
    pub fn resemblance(self) -> f64 {
        self.resemblance
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
/// use refrain::near::{Criteria, Shingler, pairs};
///
/// let mut shingler = Shingler::new().size(2);
/// let texts = ["The ferry sails at nine.", "A storm is near.", "The ferry sails at ten."];
/// let texts = texts.map(|text| shingler.read(text));
/// let pairs = pairs(&texts, &Criteria::new(0.5)?).into_items();
/// assert_eq!((pairs.len(), pairs[0].a(), pairs[0].b()), (1, 0, 2));
/// assert_eq!(pairs[0].resemblance(), 3.0 / 5.0);
/// # Ok::<(), refrain::error::NearError>(())
/// ```
///
/// Equal texts are compared as one; of a text that many are equal to or near, four times as many as there are
/// [candidates](Criteria::candidates) are listed at most, those that come first.
///
/// # Complexity
///
/// That of [`LshIndex::look`](super::LshIndex::look) for each text: linear in the number of texts and of
/// pairs, as long as few are near each other. The answer does not depend on the number of threads.
pub fn pairs(texts: &[Shingles], criteria: &Criteria) -> Outcome<Pair> {
    let mut buckets = Buckets::new(texts, criteria);
    let mut groups = Groups::new(texts);
    let most = criteria.most_candidates().saturating_mul(EQUAL);
    let mut found: Vec<Pair> = Vec::new();
    let order: Vec<usize> = (0..texts.len()).collect();
    in_order(texts, criteria, &order, |b, keys| {
        let first = found.len();
        let equal = groups.first_equal(b);
        let push = |a: &usize, (resemblance, containment)| Pair { a: *a, b, resemblance, containment };
        for (other, overlap) in buckets.near(b, keys, equal.is_none()) {
            if Some(other) != equal {
                let containment = overlap.containment().max(overlap.contained());
                found.extend(groups.of(other).iter().map(|a| push(a, (overlap.resemblance(), containment))));
            }
        }
        if let Some(equal) = equal {
            found.extend(groups.of(equal).iter().map(|a| push(a, (1.0, 1.0))));
        }
        groups.add(b, equal);
        found[first..].sort_unstable_by_key(|pair| pair.a);
        buckets.left_out += (found.len() - first).saturating_sub(most);
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
