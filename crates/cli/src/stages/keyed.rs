//! A keyed hash of fingerprints, for tables in memory.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A fingerprint as the key of a table: its halves.
pub type Key = (u64, u64);

/// Two random keys.
///
/// Nobody who does not know the keys can make texts whose fingerprints collide in a table. No
/// result depends on the keys.
#[derive(Clone, Copy, Debug)]
pub struct Keyed(u64, u64);

impl Default for Keyed {
    fn default() -> Self {
        let random = RandomState::new();
        Self(random.hash_one(0), random.hash_one(1) | 1)
    }
}

impl BuildHasher for Keyed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded { hash: self.0, factor: self.1 }
    }
}

/// A hash that is multiplied by a random factor for each number, and folded.
#[derive(Debug)]
pub struct Folded {
    hash: u64,
    factor: u64,
}

impl Hasher for Folded {
    #[expect(clippy::cast_possible_truncation, reason = "halves")]
    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.hash ^ number) * u128::from(self.factor);
        self.hash = (product >> 64) as u64 ^ product as u64;
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn finish(&self) -> u64 {
        self.hash
    }
}
