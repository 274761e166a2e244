//! What this is compared for: tokens, shingles, sketches, buckets and verification, from text to pairs.

use ::refrain::near::{NearOptions, Shingler, Shingles, pairs as near_pairs};

/// All pairs that resemble each other by 0.7 or more, each compared over all shingles; of those at just 0.7,
/// 95 in 100 are promised.
pub fn pairs(docs: &[&str]) -> Vec<(usize, usize)> {
    let shingler = Shingler::new();
    let texts: Vec<Shingles> = docs.iter().map(|text| shingler.shingle(text)).collect();
    let criteria = NearOptions::new(0.7).and_then(|criteria| criteria.recall(0.95)).expect("both can be");
    let mut all: Vec<(usize, usize)> =
        near_pairs(&texts, &criteria).items().iter().map(|pair| (pair.first(), pair.second())).collect();
    all.sort_unstable();
    all
}
