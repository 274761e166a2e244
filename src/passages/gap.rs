//! The canonical text between two words, and the part of a unit's hash that depends on it.

use crate::shingle::{hash_word, mix};

/// The number of bytes of a gap that are hashed by one multiplication.
const SHORT: usize = 7;

/// The canonical text since the last word.
#[derive(Debug)]
pub(super) struct Gap {
    bytes: Vec<u8>,
    seed: u64,
    /// A secret multiplier, so that nobody can choose words and gaps whose hashes cancel out.
    key: u64,
    /// True if gaps are part of units.
    counts: bool,
}

impl Gap {
    pub(super) fn new(seed: u64, counts: bool) -> Self {
        Self { bytes: Vec::new(), seed, key: mix(seed ^ 0x9E6C_63D0_876A_68E5) | 1, counts }
    }

    /// Appends bytes that are not white space.
    #[inline(always)]
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.counts {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Appends white space, of which each run is one space.
    #[inline(always)]
    pub(super) fn push_space(&mut self) {
        if self.bytes.last() != Some(&b' ') {
            self.push(b" ");
        }
    }

    /// Returns the hash of the gap and empties it. The hash of a single space is 0.
    #[inline(always)]
    pub(super) fn take(&mut self) -> u64 {
        if self.bytes.is_empty() {
            return if self.counts { self.hash_short(0, 0) } else { 0 };
        }
        let hash = if self.counts { self.hash(&self.bytes) } else { 0 };
        self.bytes.clear();
        hash
    }

    fn hash(&self, bytes: &[u8]) -> u64 {
        if bytes.len() <= SHORT {
            self.hash_short(bytes.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)), bytes.len())
        } else {
            hash_word(bytes, self.seed ^ self.key).wrapping_mul(self.key)
        }
    }

    #[inline(always)]
    fn hash_short(&self, bytes: u64, len: usize) -> u64 {
        ((bytes | (len as u64) << 56) ^ (1 << 56 | u64::from(b' '))).wrapping_mul(self.key)
    }

    /// Returns the hash of a gap of ASCII in the original text. The gap collected so far is empty.
    pub(super) fn of_ascii(&mut self, text: &[u8]) -> u64 {
        let (mut bytes, mut len) = (0, 0);
        let mut before = 0;
        for byte in text {
            let byte = if matches!(byte, b'\t'..=b'\r') { b' ' } else { *byte };
            if byte == b' ' && before == b' ' {
                continue;
            }
            if len == SHORT {
                return self.of_long_ascii(text);
            }
            bytes |= u64::from(byte) << (8 * len);
            before = byte;
            len += 1;
        }
        self.hash_short(bytes, len)
    }

    fn of_long_ascii(&mut self, text: &[u8]) -> u64 {
        for byte in text {
            if matches!(byte, b'\t'..=b'\r' | b' ') { self.push_space() } else { self.push(&[*byte]) }
        }
        self.take()
    }
}
