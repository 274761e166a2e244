//! `gaoya` as its documentation uses it: text in lower case, its own words and runs of five of them, 128
//! values of 32 bits. An answer is what its index gives, the text itself left out.

use ::gaoya::minhash::{MinHashIndex, MinHasher as _, MinHasher32, VecContainer, calculate_minhash_params};
use ::gaoya::text::{shingle_tokens, whitespace_split};

use super::quality::NEAR;
use super::truth::WORDS;

const VALUES: usize = 128;

/// Bands and rows that others use for this many values.
const BANDS: (usize, usize) = (16, 8);

/// All documents learnt, then all looked up, each from its text.
pub fn indexed_then_queried(texts: &[&str]) -> Vec<(usize, usize)> {
    let (bands, rows) = BANDS;
    let signature = signatures(bands * rows);
    let mut index = MinHashIndex::new(bands, rows, NEAR);
    for (id, text) in texts.iter().enumerate() {
        index.insert(id, signature(text));
    }
    let mut pairs = Vec::new();
    for (b, text) in texts.iter().enumerate() {
        let alike = index.query_owned(&signature(text));
        pairs.extend(alike.into_iter().filter(|a| *a < b).map(|a| (a, b)));
    }
    pairs.sort_unstable();
    pairs
}

/// Every document looked up, then learnt, with one signature for both.
pub fn in_one_pass(texts: &[&str]) -> Vec<(usize, usize)> {
    one_pass(texts, BANDS)
}

/// The same with the bands that it computes itself to miss one pair in a hundred at the threshold.
pub fn in_one_pass_with_its_bands(texts: &[&str]) -> Vec<(usize, usize)> {
    one_pass(texts, calculate_minhash_params(NEAR, VALUES))
}

fn one_pass(texts: &[&str], (bands, rows): (usize, usize)) -> Vec<(usize, usize)> {
    let signature = signatures(bands * rows);
    // The container it recommends where nothing is taken out again.
    let mut index = MinHashIndex::<u32, usize, VecContainer<usize>>::new_index(bands, rows, NEAR);
    let mut pairs = Vec::new();
    for (b, text) in texts.iter().enumerate() {
        let signature = signature(text);
        pairs.extend(index.query(&signature).into_iter().map(|a| (*a, b)));
        index.insert(b, signature);
    }
    pairs.sort_unstable();
    pairs
}

fn signatures(values: usize) -> impl Fn(&str) -> Vec<u32> {
    let hasher = MinHasher32::new(values);
    move |text| {
        let lower = text.to_lowercase();
        let words = whitespace_split(&lower).collect();
        hasher.create_signature(shingle_tokens(&words, WORDS))
    }
}
