//! MinHash as one writes it first: 128 permutations, one after the other for every shingle, and bands in hash maps. What
//! falls into one bucket is an answer; nothing is compared.

use std::array;

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::shingling::shingles;

const BANDS: usize = 16;
const ROWS: usize = 8;
const VALUES: usize = BANDS * ROWS;

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

/// Of the numbers below 2⁶⁴, by multiplying, adding, and looking at the upper half.
struct Permutations {
    factors: [u64; VALUES],
    summands: [u64; VALUES],
}

impl Permutations {
    fn new() -> Self {
        let numbers = |seed| array::from_fn(|i| xxh3_64_with_seed(&i.to_le_bytes(), seed));
        Self { factors: numbers(1).map(|factor| factor | 1), summands: numbers(2) }
    }

    /// The least value under every permutation, if there is a shingle.
    fn signature(&self, shingles: impl Iterator<Item = u64>) -> Option<[u32; VALUES]> {
        let mut least = None;
        for shingle in shingles {
            let least = least.get_or_insert([u32::MAX; VALUES]);
            for ((least, factor), summand) in least.iter_mut().zip(&self.factors).zip(&self.summands) {
                let value = (shingle.wrapping_mul(*factor).wrapping_add(*summand) >> 32) as u32;
                *least = value.min(*least);
            }
        }
        least
    }
}
