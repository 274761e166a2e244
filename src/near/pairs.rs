//! All pairs of near duplicates in a list of texts.

use std::collections::HashMap;
use std::iter;
use std::ops::ControlFlow;

use hashbrown::HashTable;

use super::batch::{BatchResult, Buckets, in_order};
use super::options::NearOptions;
use crate::fingerprint::Fingerprint;
use crate::hash::KeyedHash;
use crate::shingle::{Overlap, Shingles, mix};
use crate::work;

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
/// Each pair of candidates is [verified](NearOptions::verify). If several earlier texts have equal
/// shingles, a text is compared with the first of them only, and the result holds for all. A text
/// is paired with a limited number of earlier texts, namely four times the number that
/// [`NearOptions::max_candidates`] sets. If there are more, those with the lowest indices are
/// paired, and the others count as [skipped](BatchResult::skipped_candidates).
///
/// # Complexity
///
/// That of [`LshIndex::query`](super::LshIndex::query) for each text: linear in the number of texts
/// and of pairs, as long as few texts are near duplicates of each other. The result does not depend
/// on the number of threads.
///
/// The buckets take 24 to 48 bytes for each band of each text (21 bands with the default recall and
/// a similarity of 0.8), up to 64 where two texts share a key, and less where many do.
pub fn pairs(texts: &[Shingles], options: &NearOptions) -> BatchResult<Pair> {
    pairs_while(texts, options, |_| ControlFlow::Continue(()))
}

/// Returns the pairs of near duplicates like [`pairs`], and calls `proceed` with the number of
/// texts that were compared so far, before each batch of 64 texts, including the first.
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
        let mut all = 0;
        let equal = groups.find_or_begin(b);
        for (other, overlap) in buckets.near(b, keys, equal == b) {
            if other != equal {
                all += groups.len(other);
                found.extend(groups.of(other).take(most).map(|a| Pair::new(b, a, overlap)));
            }
        }
        if equal != b {
            let len = texts[b].len();
            let overlap = Overlap::of(len, len, len);
            all += groups.len(equal);
            found.extend(groups.of(equal).take(most).map(|a| Pair::new(a, b, overlap)));
            groups.add(b, equal);
        }
        work::count(found.len() - first);
        found[first..].sort_unstable_by_key(|pair| pair.first);
        buckets.skipped_candidates += all.saturating_sub(most);
        found.truncate(first.saturating_add(most));
    });
    buckets.finish(found, compared)
}

/// Groups of texts with equal shingles.
struct Groups<'t> {
    texts: &'t [Shingles],
    /// The first text of each group, with the sum of the keyed hashes of its shingles. Nobody can
    /// prepare different texts with equal sums without the keys, and no result depends on them.
    firsts: HashTable<(u64, usize)>,
    keyed: KeyedHash,
    /// The other texts of a group, by the first of them, in ascending order.
    others: HashMap<usize, Vec<usize>>,
}

impl<'t> Groups<'t> {
    fn new(texts: &'t [Shingles]) -> Self {
        Self { texts, firsts: HashTable::new(), keyed: KeyedHash::default(), others: HashMap::new() }
    }

    /// Returns the first text with the same shingles as `text`. If there is none, begins a group
    /// with `text` and returns `text`.
    fn find_or_begin(&mut self, text: usize) -> usize {
        let Self { texts, firsts, keyed, .. } = self;
        let shingles = texts[text].hashes();
        // With some keys, the sum of two keyed hashes hardly varies if the sum of the shingles is
        // known, so the hashes are mixed.
        let keyed_hash = |shingle: &u64| mix(keyed.of(Fingerprint::from_u128(u128::from(*shingle))));
        let sum = shingles.iter().map(keyed_hash).fold(0, u64::wrapping_add);
        let is_equal = |(other, first): &(u64, usize)| {
            work::count(1);
            *other == sum && texts[*first].hashes() == shingles
        };
        firsts.entry(sum, is_equal, |(sum, _)| *sum).or_insert((sum, text)).get().1
    }

    /// Returns the texts of the group that begins with `first`, in ascending order.
    fn of(&self, first: usize) -> impl Iterator<Item = usize> {
        let others = self.others.get(&first).map(Vec::as_slice).unwrap_or_default();
        iter::once(first).chain(others.iter().copied())
    }

    /// Returns the number of texts of the group that begins with `first`.
    fn len(&self, first: usize) -> usize {
        1 + self.others.get(&first).map_or(0, Vec::len)
    }

    /// Adds `text` to the group that begins with `first`, another text.
    fn add(&mut self, text: usize, first: usize) {
        self.others.entry(first).or_default().push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Different texts, each with the same sum of its shingles, and equal texts.
    #[test]
    fn ten_times_the_texts_take_ten_times_the_steps() -> Result<(), Box<dyn std::error::Error>> {
        let options = NearOptions::new(0.8)?;
        let of_sum = |number: u64| Shingles::from_hashes(vec![mix(number), 7_u64.wrapping_sub(mix(number))]);
        let different = |count: u64| (0..count).filter_map(of_sum).collect::<Vec<_>>();
        let equal = |count: u64| (0..count).filter_map(|_| of_sum(7)).collect::<Vec<_>>();
        for (few, many) in [(different(1_000), different(10_000)), (equal(4_000), equal(40_000))] {
            assert_eq!(many.len(), 10 * few.len());
            let steps = [few, many].map(|texts| work::of(|| drop(pairs(&texts, &options))));
            assert!(steps[1] <= 13 * steps[0], "{steps:?}");
        }
        Ok(())
    }
}
