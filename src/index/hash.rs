//! Where in a table a fingerprint is looked for.

use std::hash::{BuildHasher as _, RandomState};

use crate::fingerprint::Fingerprint;

/// The two halves of a fingerprint, each with a number that differs from table to table, folded by a
/// multiplication. Nobody can prepare texts that crowd into one place, and no answer depends on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keyed(u64, u64);

impl Keyed {
    pub(super) fn new() -> Self {
        let random = RandomState::new();
        Self(random.hash_one(0), random.hash_one(1))
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "halves")]
    pub(super) fn of(self, key: Fingerprint) -> u64 {
        let key = key.to_u128();
        let product = u128::from((key >> 64) as u64 ^ self.0).wrapping_mul(u128::from(key as u64 ^ self.1));
        (product >> 64) as u64 ^ product as u64
    }
}
