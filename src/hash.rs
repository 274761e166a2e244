//! A keyed hash of a fingerprint, for tables in memory.

use std::hash::{BuildHasher as _, RandomState};

use crate::fingerprint::Fingerprint;

/// Two random keys, which differ from table to table.
///
/// Fingerprints are no secret, so texts could be made whose fingerprints collide in a table. Nobody
/// can do that without the keys, and no result depends on them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyedHash(u64, u64);

impl Default for KeyedHash {
    fn default() -> Self {
        let random = RandomState::new();
        Self(random.hash_one(0), random.hash_one(1))
    }
}

impl KeyedHash {
    /// Returns the hash of `fingerprint`: its halves, each combined with a key, are multiplied and
    /// folded.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "halves")]
    pub(crate) fn of(self, fingerprint: Fingerprint) -> u64 {
        let value = fingerprint.to_u128();
        let product =
            u128::from((value >> 64) as u64 ^ self.0).wrapping_mul(u128::from(value as u64 ^ self.1));
        (product >> 64) as u64 ^ product as u64
    }
}
