//! The keys of a text.

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::bands::Bands;
use super::minhash::Sketcher;
use crate::fingerprint::Fingerprint;
use crate::shingle::Shingles;

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
/// shingle, if `with_shingles` is set, a hash of the shingle.
pub(super) fn keys(
    bands: Bands,
    with_shingles: bool,
    sketcher: &mut Sketcher,
    shingles: &Shingles,
    keys: &mut Vec<Fingerprint>,
) {
    let sketch = sketcher.sketch(shingles.hashes(), bands.values());
    let mut bytes = Vec::with_capacity(bands.rows() * 4);
    for (band, rows) in (0..).zip(sketch.values().chunks_exact(bands.rows()).take(bands.bands())) {
        bytes.clear();
        bytes.extend(rows.iter().flat_map(|value| value.to_le_bytes()));
        keys.push(Fingerprint::from_u128(xxh3_128_with_seed(&bytes, band)));
    }
    if with_shingles {
        let mut last = None;
        let highest = highest_sampled(shingles.len());
        for hash in shingles.hashes().iter().take_while(|hash| **hash <= highest) {
            if last.replace(hash) != Some(hash) {
                keys.push(Fingerprint::from_u128(xxh3_128_with_seed(&hash.to_le_bytes(), SAMPLE)));
            }
        }
    }
}
