//! Plain MinHash: 128 permutations for each shingle, and a hash map for each band. All texts in one
//! bucket are pairs; they are not compared.

use std::array;

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::shingling::shingles;

const BANDS: usize = 16;
const ROWS: usize = 8;
const VALUES: usize = BANDS * ROWS;

/// Returns the pairs of documents that share a bucket.
pub fn pairs(texts: &[&str]) -> Vec<(usize, usize)> {
    let permutations = Permutations::new();
    let mut buckets: [HashMap<[u32; ROWS], Vec<usize>>; BANDS] = array::from_fn(|_| HashMap::new());
    let mut words = Vec::new();
    let mut pairs = Vec::new();
    for (b, text) in texts.iter().enumerate() {
        let Some(signature) = permutations.signature(shingles(text, &mut words)) else { continue };
        let (bands, _) = signature.as_chunks();
        for (band, buckets) in bands.iter().zip(&mut buckets) {
            let earlier = buckets.entry(*band).or_default();
            pairs.extend(earlier.iter().map(|a| (*a, b)));
            earlier.push(b);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Permutations of the numbers of 32 bits, by multiplication and addition. Numbers of 64 bits take
/// twice the time and find no more pairs.
struct Permutations {
    factors: [u32; VALUES],
    summands: [u32; VALUES],
}

impl Permutations {
    fn new() -> Self {
        let numbers = |seed| array::from_fn(|i| upper(xxh3_64_with_seed(&i.to_le_bytes(), seed)));
        Self { factors: numbers(1).map(|factor| factor | 1), summands: numbers(2) }
    }

    /// Returns the lowest value of each permutation, or `None` if there is no shingle.
    fn signature(&self, shingles: impl Iterator<Item = u64>) -> Option<[u32; VALUES]> {
        let mut lowest = None;
        for shingle in shingles {
            let shingle = upper(shingle);
            let lowest = lowest.get_or_insert([u32::MAX; VALUES]);
            for ((value, factor), summand) in lowest.iter_mut().zip(&self.factors).zip(&self.summands) {
                *value = shingle.wrapping_mul(*factor).wrapping_add(*summand).min(*value);
            }
        }
        lowest
    }
}

/// Returns the high half of a hash.
fn upper(hash: u64) -> u32 {
    (hash >> 32) as u32
}
