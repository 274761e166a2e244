//! This crate: from texts to pairs, each of them compared by all shingles.

use ::refrain::near::{NearOptions, Shingler, Shingles, pairs as near_pairs};

/// Returns the pairs with a similarity of at least 0.7, with a recall of 0.95 at exactly 0.7.
pub fn pairs(docs: &[&str]) -> Vec<(usize, usize)> {
    let shingler = Shingler::new();
    let texts: Vec<Shingles> = docs.iter().map(|text| shingler.shingle(text)).collect();
    let options = NearOptions::new(0.7).and_then(|options| options.recall(0.95)).expect("both are in range");
    let mut all: Vec<(usize, usize)> =
        near_pairs(&texts, &options).items().iter().map(|pair| (pair.first(), pair.second())).collect();
    all.sort_unstable();
    all
}
