//! Texts into buckets of a store, and from there to candidates.

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::criteria::Criteria;
use super::shingles::{Overlap, Shingles};
use super::sketch::Sketcher;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::store::{Query, Store};

/// Tells the keys of single shingles from those of bands, whose seeds are their numbers.
const SAMPLE: u64 = u64::MAX;

/// Up to how many shingles all of a text are looked up, where containment is asked for; up to four times as many every second
/// one is, and every fourth one beyond.
const ALL: usize = 256;

/// The hashes up to which shingles are looked up one by one: a lowest part of all, the same for every text of a size, so that what two texts
/// share is in both samples or in neither (scaled MinHash, Irber and others 2022).
fn highest_sampled(shingles: usize) -> u64 {
    match shingles {
        0..=ALL => u64::MAX,
        _ if shingles <= 4 * ALL => u64::MAX / 2,
        _ => u64::MAX / 4,
    }
}

/// The keys of a text: of each band the hash of its values, and of each shingle that is sampled its hash.
pub(super) fn keys(
    criteria: &Criteria,
    sketcher: &mut Sketcher,
    shingles: &Shingles,
    keys: &mut Vec<Fingerprint>,
) {
    let bands = criteria.bands();
    let sketch = sketcher.sketch(shingles.hashes(), bands.values());
    let mut bytes = Vec::with_capacity(bands.rows() * 4);
    for (band, rows) in (0..).zip(sketch.values().chunks_exact(bands.rows()).take(bands.bands())) {
        bytes.clear();
        bytes.extend(rows.iter().flat_map(|value| value.to_le_bytes()));
        keys.push(Fingerprint::from_u128(xxh3_128_with_seed(&bytes, band)));
    }
    if criteria.wants_containment() {
        let mut last = None;
        let highest = highest_sampled(shingles.len());
        for hash in shingles.hashes().iter().take_while(|hash| **hash <= highest) {
            if last.replace(hash) != Some(hash) {
                keys.push(Fingerprint::from_u128(xxh3_128_with_seed(&hash.to_le_bytes(), SAMPLE)));
            }
        }
    }
}

/// The texts that share a bucket with one.
#[derive(Default)]
pub(super) struct Candidates {
    /// Their numbers, those with most buckets in common first, then those that came first.
    pub(super) documents: Vec<u32>,
    /// Buckets with more texts than were listed.
    pub(super) crowded: usize,
    /// Candidates beyond the limit.
    pub(super) left_out: usize,
}

/// The candidates that are in the same buckets, from texts with numbers below `before`.
pub(super) fn candidates<S: Store>(
    store: &S,
    criteria: &Criteria,
    keys: &[Fingerprint],
    before: u32,
) -> Result<Candidates, IndexError> {
    let limit = u32::try_from(criteria.most_candidates()).unwrap_or(u32::MAX);
    let found = store.find(&Query { keys, scope: "", except: None, limit })?;
    let mut all: Vec<u32> = Vec::new();
    let mut crowded = 0;
    for key in 0..keys.len() {
        let listed = found.postings(key);
        let held = found.held().get(key).map_or(0, |held| held.documents);
        crowded += usize::from(held as usize > listed.len());
        all.extend(listed.iter().map(|posting| posting.document).filter(|document| *document < before));
    }
    Ok(Candidates::rank(&mut all, crowded, criteria.most_candidates()))
}

impl Candidates {
    /// From the texts of all buckets, each as often as it is in one.
    pub(super) fn rank(all: &mut [u32], crowded: usize, most: usize) -> Self {
        all.sort_unstable();
        let mut ranked: Vec<(usize, u32)> =
            all.chunk_by(|a, b| a == b).map(|same| (usize::MAX - same.len(), same[0])).collect();
        let left_out = ranked.len().saturating_sub(most);
        if left_out > 0 {
            ranked.select_nth_unstable(most);
            ranked.truncate(most);
        }
        ranked.sort_unstable();
        let documents = ranked.into_iter().map(|(_, document)| document).collect();
        Self { documents, crowded, left_out }
    }
}

/// What a text shares with another, if they are near. All shingles of both are compared, unless it shows before that they are not.
pub(super) fn verify(criteria: &Criteria, here: &Shingles, there: &Shingles) -> Option<Overlap> {
    let least = criteria.least_shared(here.len(), there.len());
    let goes_on = |part: Overlap| {
        let rest = (here.len() - part.here).min(there.len() - part.there);
        part.both + rest >= least && criteria.may_be_near(part)
    };
    let overlap = Overlap::of_while(here, there, goes_on)?;
    let containment = overlap.containment().max(overlap.contained());
    criteria.are_near(overlap.resemblance(), containment).then_some(overlap)
}
