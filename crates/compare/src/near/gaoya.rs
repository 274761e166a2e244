//! `gaoya` as in its documentation: text in lower case, its own tokenizer, shingles of five words,
//! and 128 values of 32 bits. The pairs are the results of its index without the text itself.

use ::gaoya::minhash::{MinHashIndex, MinHasher as _, MinHasher32, VecContainer, calculate_minhash_params};
use ::gaoya::text::{shingle_tokens, whitespace_split};

use super::quality::NEAR;
use super::truth::WORDS;

const VALUES: usize = 128;

/// The bands and rows that are commonly used with 128 values.
const BANDS: (usize, usize) = (16, 8);

/// Inserts all documents and then queries all of them. Each signature is computed twice.
pub fn insert_then_query(texts: &[&str]) -> Vec<(usize, usize)> {
    let (bands, rows) = BANDS;
    let signature = signatures(bands * rows);
    let mut index = MinHashIndex::new(bands, rows, NEAR);
    for (id, text) in texts.iter().enumerate() {
        index.insert(id, signature(text));
    }
    let mut pairs = Vec::new();
    for (b, text) in texts.iter().enumerate() {
        let near = index.query_owned(&signature(text));
        pairs.extend(near.into_iter().filter(|a| *a < b).map(|a| (a, b)));
    }
    pairs.sort_unstable();
    pairs
}

/// Queries and then inserts each document, with one signature for both.
pub fn in_one_pass(texts: &[&str]) -> Vec<(usize, usize)> {
    one_pass(texts, BANDS)
}

/// Like [`in_one_pass`], but with the bands that `gaoya` chooses for a recall of 0.99 at the
/// threshold.
pub fn in_one_pass_with_its_bands(texts: &[&str]) -> Vec<(usize, usize)> {
    one_pass(texts, calculate_minhash_params(NEAR, VALUES))
}

fn one_pass(texts: &[&str], (bands, rows): (usize, usize)) -> Vec<(usize, usize)> {
    let signature = signatures(bands * rows);
    // The container that `gaoya` recommends if nothing is removed.
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
