//! All pairs of near duplicates in a list of texts.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::iter;
use std::ops::ControlFlow;

use hashbrown::HashTable;

use super::batch::{BatchResult, Buckets, in_order};
use super::options::NearOptions;
use crate::shingle::{Overlap, Shingles};

/// The maximum number of pairs of a text with earlier ones, as a multiple of the maximum number of
/// candidates.
const PAIRS_PER_CANDIDATE: usize = 4;

/// Two near duplicates in a list of texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Pair {
    first: usize,
    second: usize,
    overlap: Overlap,
}

impl Pair {
    /// Creates the pair of the texts with these indices, in any order, from the
    /// [overlap](NearOptions::verify) of the first argument and the second.
    pub fn new(first: usize, second: usize, overlap: Overlap) -> Self {
        if first <= second {
            Self { first, second, overlap }
        } else {
            Self { first: second, second: first, overlap: overlap.swapped() }
        }
    }

    /// Returns the index of the earlier text in the list, from 0.
    pub fn first(self) -> usize {
        self.first
    }

    /// Returns the index of the later text in the list, from 0.
    pub fn second(self) -> usize {
        self.second
    }

    /// Returns the numbers of shingles of the two texts, and of those that both have.
    pub fn overlap(self) -> Overlap {
        self.overlap
    }

    /// Returns the similarity of the two texts, computed from all shingles of both.
    pub fn similarity(self) -> f64 {
        self.overlap.similarity()
    }

    /// Returns the share of the shorter text's shingles that the longer text has too.
    pub fn containment(self) -> f64 {
        self.overlap.first_containment().max(self.overlap.second_containment())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Pair {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let mut pair = serializer.serialize_struct("Pair", 4)?;
        pair.serialize_field("first", &self.first)?;
        pair.serialize_field("second", &self.second)?;
        pair.serialize_field("similarity", &self.similarity())?;
        pair.serialize_field("containment", &self.containment())?;
        pair.end()
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
    pairs_while(texts, options, |_| ControlFlow::Continue(()))
}

/// Returns the pairs of near duplicates like [`pairs`], and asks `proceed` before each 64 texts
/// whether to continue. `proceed` receives the number of texts that were compared.
///
/// If `proceed` returns [`ControlFlow::Break`], the result has all pairs of these texts, and
/// [`BatchResult::compared`] is their number.
pub fn pairs_while(
    texts: &[Shingles],
    options: &NearOptions,
    proceed: impl FnMut(usize) -> ControlFlow<()>,
) -> BatchResult<Pair> {
    let mut buckets = Buckets::new(texts, options);
    let mut groups = Groups::new(texts);
    let most = options.most_candidates().saturating_mul(PAIRS_PER_CANDIDATE);
    let mut found: Vec<Pair> = Vec::new();
    let order: Vec<usize> = (0..texts.len()).collect();
    let compared = in_order(texts, options, &order, proceed, |b, keys| {
        let first = found.len();
        let equal = groups.first_equal(b);
        for (other, overlap) in buckets.near(b, keys, equal == b) {
            if other != equal {
                found.extend(groups.of(other).map(|a| Pair::new(b, a, overlap)));
            }
        }
        if equal != b {
            let len = texts[b].len();
            let overlap = Overlap { first: len, second: len, both: len };
            found.extend(groups.of(equal).map(|a| Pair::new(a, b, overlap)));
            groups.add(b, equal);
        }
        found[first..].sort_unstable_by_key(|pair| pair.first);
        buckets.skipped_candidates += (found.len() - first).saturating_sub(most);
        found.truncate(first.saturating_add(most));
    });
    buckets.finish(found, compared)
}

/// Groups of texts with equal shingles.
struct Groups<'t> {
    texts: &'t [Shingles],
    /// The first text of each group, with the sum of its hashes. The hashes are mixed, so few
    /// different texts have equal sums.
    first: HashTable<(u64, usize)>,
    hash: RandomState,
    /// The other texts of a group, by the first of them.
    others: HashMap<usize, Vec<usize>>,
}

impl<'t> Groups<'t> {
    fn new(texts: &'t [Shingles]) -> Self {
        Self { texts, first: HashTable::new(), hash: RandomState::new(), others: HashMap::new() }
    }

    /// Returns the first text with the same shingles as `text`, or `text` if it begins a group.
    fn first_equal(&mut self, text: usize) -> usize {
        let Self { texts, first, hash, .. } = self;
        let hashes = texts[text].hashes();
        let sum = hashes.iter().fold(0, |sum: u64, hash| sum.wrapping_add(*hash));
        let is_equal = |(other, first): &(u64, usize)| *other == sum && texts[*first].hashes() == hashes;
        let entry = first.entry(hash.hash_one(sum), is_equal, |(sum, _)| hash.hash_one(sum));
        entry.or_insert((sum, text)).get().1
    }

    /// Returns the texts of the group that begins with `first`.
    fn of(&self, first: usize) -> impl Iterator<Item = usize> {
        iter::once(first).chain(self.others.get(&first).into_iter().flatten().copied())
    }

    /// Adds `text` to the group that begins with `first`, another text.
    fn add(&mut self, text: usize, first: usize) {
        self.others.entry(first).or_default().push(text);
    }
}
