//! Shingles: the runs of n words in a row of a text, and the similarity of two texts by them.

mod shingler;
mod shingles;
mod similarity;
pub(crate) mod sort;
mod words;

pub use shingler::Shingler;
pub use shingles::Shingles;
pub use similarity::Overlap;

pub(crate) use shingler::roll;
pub(crate) use words::{BLOCK, Part, begins_a_word, block, hash_word, mix, part_of, words};
