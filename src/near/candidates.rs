//! The keys of a text, the buckets of these keys, and the candidates in the buckets.

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::minhash::Sketcher;
use super::options::NearOptions;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::store::{Query, Store};
use crate::shingle::{Overlap, Shingles};

/// The seed of the keys of single shingles. The seed of the keys of a band is the number of the
/// band.
const SAMPLE: u64 = u64::MAX;

/// The maximum number of shingles of a text whose shingles all have keys, if a containment
/// threshold is set. Up to four times this number, half of the shingles have keys, and beyond that
/// a quarter.
const ALL: usize = 256;

/// Returns the highest hash of the shingles that have keys of their own in a text with this number
/// of shingles.
///
/// The sample has the lowest hashes (scaled MinHash; Irber et al. 2022, *Lightweight compositional
/// analysis of metagenomes with FracMinHash and minimum metagenome covers*), so a shingle that two
/// texts of about the same length share is in both samples or in neither.
fn highest_sampled(shingles: usize) -> u64 {
    match shingles {
        0..=ALL => u64::MAX,
        _ if shingles <= 4 * ALL => u64::MAX / 2,
        _ => u64::MAX / 4,
    }
}

/// Appends the keys of a text to `keys`: for each band a hash of its rows, and for each sampled
/// shingle a hash of the shingle.
pub(super) fn keys(
    options: &NearOptions,
    sketcher: &mut Sketcher,
    shingles: &Shingles,
    keys: &mut Vec<Fingerprint>,
) {
    let bands = options.bands();
    let sketch = sketcher.sketch(shingles.hashes(), bands.values());
    let mut bytes = Vec::with_capacity(bands.rows() * 4);
    for (band, rows) in (0..).zip(sketch.values().chunks_exact(bands.rows()).take(bands.bands())) {
        bytes.clear();
        bytes.extend(rows.iter().flat_map(|value| value.to_le_bytes()));
        keys.push(Fingerprint::from_u128(xxh3_128_with_seed(&bytes, band)));
    }
    if options.wants_containment() {
        let mut last = None;
        let highest = highest_sampled(shingles.len());
        for hash in shingles.hashes().iter().take_while(|hash| **hash <= highest) {
            if last.replace(hash) != Some(hash) {
                keys.push(Fingerprint::from_u128(xxh3_128_with_seed(&hash.to_le_bytes(), SAMPLE)));
            }
        }
    }
}

/// The content of the buckets of one text.
#[derive(Default)]
pub(super) struct Bucketed {
    /// An entry for each text in each bucket: the number of the text in the high bits, and 1 in the
    /// lowest bit if the bucket is not truncated.
    all: Vec<u64>,
    truncated_buckets: usize,
    /// The maximum number of texts that a bucket has and does not list.
    unlisted: usize,
}

impl Bucketed {
    /// Removes all buckets, and keeps the buffer.
    pub(super) fn clear(&mut self) {
        self.all.clear();
        (self.truncated_buckets, self.unlisted) = (0, 0);
    }

    /// Adds a bucket that lists `texts` and has `unlisted` more.
    pub(super) fn push(&mut self, texts: impl Iterator<Item = u32>, unlisted: usize) {
        self.truncated_buckets += usize::from(unlisted > 0);
        self.unlisted = self.unlisted.max(unlisted);
        self.all.extend(texts.map(|text| u64::from(text) << 1 | u64::from(unlisted == 0)));
    }

    /// Returns at most `most` candidates, in this order: by the number of shared buckets that are
    /// not truncated, highest first; then by the number of shared buckets that are; then by number.
    ///
    /// A text that shares only one bucket, and that one truncated, is not a candidate: most likely
    /// it shares only a template. With the default bands this loses few near duplicates, because
    /// most share several buckets: 1 in 80 shares only one at a similarity of exactly 0.8 with the
    /// threshold 0.8, 1 in 27 at 0.9 with the threshold 0.9, and fewer above the threshold.
    pub(super) fn candidates(&mut self, most: usize) -> Candidates {
        self.all.sort_unstable();
        let text = |entry: u64| u32::try_from(entry >> 1).unwrap_or(u32::MAX);
        let mut ranked: Vec<(usize, usize, u32)> = Vec::new();
        let mut skipped_candidates = self.unlisted;
        for same in self.all.chunk_by(|a, b| a >> 1 == b >> 1) {
            let complete = same.iter().filter(|entry| **entry & 1 == 1).count();
            if complete > 0 || same.len() > 1 {
                ranked.push((usize::MAX - complete, usize::MAX - same.len(), text(same[0])));
            } else {
                skipped_candidates += 1;
            }
        }
        if ranked.len() > most {
            skipped_candidates += ranked.len() - most;
            ranked.select_nth_unstable(most);
            ranked.truncate(most);
        }
        ranked.sort_unstable();
        let texts = ranked.into_iter().map(|(_, _, text)| text).collect();
        Candidates { texts, truncated_buckets: self.truncated_buckets, skipped_candidates }
    }
}

/// The texts that a text is compared with.
pub(super) struct Candidates {
    pub(super) texts: Vec<u32>,
    /// The number of buckets with more texts than they list.
    pub(super) truncated_buckets: usize,
    /// The number of texts in a bucket that are not compared.
    pub(super) skipped_candidates: usize,
}

/// Returns the candidates in `store` for a text with these `keys`: texts with numbers below
/// `before` that are not in `own`, which is sorted.
pub(super) fn candidates<S: Store>(
    store: &S,
    options: &NearOptions,
    keys: &[Fingerprint],
    before: u32,
    own: &[u32],
) -> Result<Candidates, IndexError> {
    let limit = u32::try_from(options.most_candidates() + own.len()).unwrap_or(u32::MAX);
    let found = store.find(&Query { keys, scope: "", except: None, limit })?;
    let mut bucketed = Bucketed::default();
    for (key, counts) in found.counts().iter().enumerate() {
        let listed = found.postings(key);
        let others = listed.iter().map(|posting| posting.document);
        let others = others.filter(|document| *document < before && own.binary_search(document).is_err());
        bucketed.push(others, (counts.documents as usize).saturating_sub(listed.len()));
    }
    Ok(bucketed.candidates(options.most_candidates()))
}

/// Returns the numbers of shingles of two texts, and of those that both have, if the texts are near
/// duplicates.
///
/// All shingles of both texts are compared, but the comparison stops early once it is clear that
/// the texts are not near duplicates.
pub(super) fn verify(options: &NearOptions, first: &Shingles, second: &Shingles) -> Option<Overlap> {
    let least = options.least_shared(first.len(), second.len());
    let clumps = first.clumps().max(second.clumps());
    let is_promising = |part: Overlap| {
        let rest = (first.len() - part.first).min(second.len() - part.second);
        part.both + rest >= least && options.may_be_near(part, clumps)
    };
    let overlap = first.overlap_while(second, is_promising)?;
    let containment = overlap.first_containment().max(overlap.second_containment());
    options.are_near(overlap.similarity(), containment).then_some(overlap)
}
