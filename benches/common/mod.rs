//! The texts, sizes and settings of the benches.

#![allow(dead_code, reason = "no bench uses everything")]

pub mod by_hand;

use std::time::Duration;

use criterion::Criterion;
pub use refrain_testkit::frozen::{SCRIPTS, prose};

pub const ARTICLE: &str = include_str!("../../tests/fixtures/article.txt");

/// Returns the sizes that matter: a typical page, a long one, and a book.
pub fn sizes() -> &'static [(&'static str, usize)] {
    up_to_the_largest(&[("1kB", 1_000), ("100kB", 100_000), ("10MB", 10_000_000)])
}

/// Returns all sizes, or with `--test`, which only checks the answers, all but the last, which takes
/// most of the time.
pub fn up_to_the_largest<T>(sizes: &[T]) -> &[T] {
    let is_test = std::env::args().any(|argument| argument == "--test");
    &sizes[..sizes.len() - usize::from(is_test)]
}

/// Short runs, few samples: what is read from these benches is ratios and growth, not digits.
pub fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
}
