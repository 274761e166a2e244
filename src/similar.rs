//! Finds segments of one document that are similar and not equal.
//!
//! Candidates share one of their smallest shingles (a bottom sketch, Broder 1997), and are compared
//! by all of their shingles. The number of candidates is limited, and so is the time.

mod longer;
#[cfg(test)]
mod tests;

use hashbrown::HashTable;

use crate::document::Document;
use crate::fingerprint::Fingerprint;
use crate::hash::KeyedHash;
use crate::id::id;
use crate::repeats::{Hole, Occurrence, SimilarPair};
use crate::shingle::{Shingler, Shingles};

pub(crate) use longer::{Longer, longer_segments};

/// The number of words, or of letters of a script without spaces, in a shingle.
const WORDS: usize = 3;

/// Segments of less weight are not compared, because short texts are similar by chance.
const LEAST_WEIGHT: u32 = 60;

/// The lowest threshold.
const LOWEST: f64 = 0.1;

/// The number of the smallest shingles of a segment that select its candidates.
const SKETCH: usize = 8;

/// The number of earlier segments that are compared because of one shingle.
const CANDIDATES: usize = 8;

impl Document<'_> {
    /// Returns pairs of segments that are similar and not equal, in the order of the later segment.
    ///
    /// Each segment is listed at most once as the later one, with the most similar earlier segment
    /// whose similarity is at least `threshold`, or with the first of several that are equally
    /// similar. The similarity is the Jaccard similarity of the multisets of runs of three words. A
    /// threshold below 0.1, and NaN, count as 0.1; above 1, there are no pairs. Segments of a
    /// [weight](crate::Segment::weight) below 60, and segments that equal an earlier one, are left
    /// out. [`Policy::similar`](crate::Policy::similar) removes similar segments.
    ///
    /// ```
    /// use refrain::Document;
    ///
    /// let text = "\
    /// The harbor ferry sails again on Monday at nine, and tickets cost as much as before.
    /// A line in between.
    /// The harbor ferry sails again on Tuesday at nine, and tickets cost as much as before.
    /// ";
    /// let document = Document::new(text);
    /// let similar = document.similar_segments(0.5);
    /// assert_eq!(similar.len(), 1);
    /// assert_eq!(similar[0].first().segments(), 0..1);
    /// assert_eq!(similar[0].second().segments(), 2..3);
    /// assert!(similar[0].similarity() > 0.6 && similar[0].similarity() < 0.7);
    /// ```
    ///
    /// # Complexity
    ///
    /// O(n log n) in the length of the text. A segment is compared with at most 64 earlier ones:
    /// for each of its eight smallest shingle hashes, the first eight segments that have the same
    /// hash among their own eight smallest. Similar segments without a hash in common are missed;
    /// at a similarity of 0.7, that is less than one pair in a thousand.
    pub fn similar_segments(&self, threshold: f64) -> Vec<SimilarPair> {
        let threshold = threshold.max(LOWEST);
        let shingler = shingler(self);
        let mut compared = Compared::default();
        let mut known = vec![false; self.distinct_segments()];
        let mut found = Vec::new();
        for (number, id) in self.ids().iter().enumerate() {
            let is_known = std::mem::replace(&mut known[*id as usize], true);
            if is_known || self.weights()[number] < LEAST_WEIGHT {
                continue;
            }
            let shingles = shingler.shingle(self.key_text(number));
            let best = compared.most_similar(&shingles, threshold);
            found.extend(best.map(|best| pair(self, best, number)));
            compared.insert(number, shingles);
        }
        found
    }
}

impl Hole {
    /// Returns pairs of similar segments of the hole, one of the original and one of the copy, with
    /// a similarity of at least `threshold`. Each segment is in at most one pair, and the pairs are
    /// in ascending order on both sides. `document` is the document of the block. A threshold below
    /// 0.1, and NaN, count as 0.1. Unlike [`Document::similar_segments`], this method also compares
    /// segments of a weight below 60.
    ///
    /// # Complexity
    ///
    /// Linear in the text of the hole: a segment of the copy is compared with at most eight
    /// segments of the original. The first call for a document also weighs all of its segments,
    /// unless they were weighed before.
    pub fn similar_segments(&self, document: &Document<'_>, threshold: f64) -> Vec<SimilarPair> {
        let threshold = threshold.max(LOWEST);
        let shingler = shingler(document);
        let shingles = |i: usize| {
            document.spans().get(i)?;
            // A segment without letters and digits is similar to none.
            (document.weights()[i] > 0).then(|| (i, shingler.shingle(document.key_text(i))))
        };
        let originals: Vec<_> = self.original().filter_map(shingles).collect();
        let mut next = 0;
        let mut found = Vec::new();
        for (copy, own) in self.copy().filter_map(shingles) {
            let is_equal = |i: usize| document.ids()[originals[i].0] == document.ids()[copy];
            let similar = |i: usize| (i, similarity(&originals[i].1, &own, threshold));
            let others = (next..originals.len()).take(CANDIDATES).filter(|i| !is_equal(*i));
            let best = others.map(similar).fold(None, more_similar);
            if let Some((i, similarity)) = best.filter(|(_, similarity)| *similarity >= threshold) {
                found.push(pair(document, (originals[i].0, similarity), copy));
                next = i + 1;
            }
        }
        found
    }
}

/// The segments with which others are compared, by their smallest shingles.
#[derive(Default)]
struct Compared {
    buckets: HashTable<Bucket>,
    hash: KeyedHash,
    segments: Vec<(usize, Shingles)>,
}

/// The first segments that have a shingle among their smallest ones.
struct Bucket {
    shingle: u64,
    segments: [u32; CANDIDATES],
    len: usize,
}

impl Compared {
    /// Returns the number and the similarity of the most similar segment among the candidates, or
    /// of the first of several that are equally similar, if its similarity is at least `threshold`.
    fn most_similar(&self, shingles: &Shingles, threshold: f64) -> Option<(usize, f64)> {
        let mut candidates: Vec<u32> = Vec::new();
        for shingle in smallest(shingles) {
            let hash = hash_of(self.hash, shingle);
            let bucket = self.buckets.find(hash, |bucket| bucket.shingle == shingle);
            candidates.extend(bucket.into_iter().flat_map(|bucket| &bucket.segments[..bucket.len]));
        }
        candidates.sort_unstable();
        candidates.dedup();
        let similar = |i: u32| {
            let (number, other) = &self.segments[i as usize];
            (*number, similarity(other, shingles, threshold))
        };
        let best = candidates.into_iter().map(similar).fold(None, more_similar);
        best.filter(|best| best.1 >= threshold)
    }

    /// Adds a segment. It is a candidate for at most eight shingles, each of which has at most
    /// eight candidates.
    fn insert(&mut self, number: usize, shingles: Shingles) {
        let own = id(self.segments.len());
        for shingle in smallest(&shingles) {
            let hash = |shingle| hash_of(self.hash, shingle);
            let is_own = |bucket: &Bucket| bucket.shingle == shingle;
            let bucket = self.buckets.entry(hash(shingle), is_own, |bucket| hash(bucket.shingle));
            let empty = || Bucket { shingle, segments: [0; CANDIDATES], len: 0 };
            let bucket = bucket.or_insert_with(empty).into_mut();
            if let Some(place) = bucket.segments.get_mut(bucket.len) {
                *place = own;
                bucket.len += 1;
            }
        }
        self.segments.push((number, shingles));
    }
}

fn hash_of(hash: KeyedHash, shingle: u64) -> u64 {
    hash.of(Fingerprint::from_u128(u128::from(shingle)))
}

fn shingler(document: &Document<'_>) -> Shingler {
    Shingler::new().words_per_shingle(WORDS).normalization(document.normalization()).seed(document.seed())
}

/// Returns the smallest distinct hashes.
fn smallest(shingles: &Shingles) -> impl Iterator<Item = u64> + '_ {
    shingles.hashes().chunk_by(|a, b| a == b).map(|equal| equal[0]).take(SKETCH)
}

/// Returns the similarity, or 0 if the numbers of shingles alone keep it below `threshold`.
fn similarity(first: &Shingles, second: &Shingles, threshold: f64) -> f64 {
    let (less, more) = (first.len().min(second.len()), first.len().max(second.len()));
    if (less as f64) < threshold * more as f64 { 0.0 } else { first.overlap(second).similarity() }
}

/// Returns the more similar candidate, or the first of two that are equally similar.
fn more_similar(best: Option<(usize, f64)>, next: (usize, f64)) -> Option<(usize, f64)> {
    best.filter(|best| best.1 >= next.1).or(Some(next))
}

fn pair(document: &Document<'_>, (first, similarity): (usize, f64), second: usize) -> SimilarPair {
    let occurrence = |i: usize| {
        let i = id(i);
        Occurrence::new(document.spans(), i, i + 1)
    };
    SimilarPair { first: occurrence(first), second: occurrence(second), similarity }
}
