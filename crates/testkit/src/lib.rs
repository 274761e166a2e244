//! Random numbers, texts and oracles for the tests and benches of `refrain`.
//!
//! This crate knows numbers and strings, not `refrain`: an oracle that shares code with the library
//! would share its errors.

pub mod adversarial;
pub mod canonical;
pub mod frozen;
pub mod naive;
pub mod oracle;
pub mod passages;
pub mod properties;
pub mod prose;
mod random;
pub mod similarity;
#[cfg(feature = "texts")]
pub mod texts;

pub use random::Random;

/// The environment variable that makes long tests run in full. Its value must be `1`.
pub const LONG: &str = "REFRAIN_LONG";

/// Returns whether long tests run in full.
pub fn is_long() -> bool {
    std::env::var_os(LONG).is_some_and(|value| value == "1")
}

/// Returns `long` if long tests run in full, and `short` otherwise.
///
/// ```
/// # use refrain_testkit::{cases, is_long};
/// assert_eq!(cases(100, 10_000), if is_long() { 10_000 } else { 100 });
/// ```
pub fn cases<N>(short: N, long: N) -> N {
    if is_long() { long } else { short }
}
