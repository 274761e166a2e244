//! Anchors: sampled k-grams, such that every window of L words contains one.
//!
//! The anchor of a window is its least k-gram by a random order, the leftmost of equals (random
//! minimizers: Schleimer, Wilkerson and Aiken, *Winnowing*, 2003; Roberts et al., *Reducing storage
//! requirements for biological sequence comparison*, 2004). It depends on the words of the window
//! only, so two equal windows have their anchors at the same offset. About 2 in L - k + 2 k-grams
//! are anchors.

use crate::shingle::mix;
use crate::work;

/// The maximum number of words in a k-gram.
const MAX_GRAM: usize = 8;

/// The base of the polynomial that hashes k-grams.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// A prime, modulo which windows are hashed, because a polynomial modulo a power of two has
/// collisions that do not depend on its base.
const PRIME: u64 = (1 << 61) - 1;

/// The number of words of a window that are hashed together.
const PART: usize = 25;

/// An anchor of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Anchor {
    /// The first window with this anchor; its last window is before the first one of the next
    /// anchor.
    pub(super) window: u32,
    /// The start of the k-gram.
    pub(super) gram: u32,
    /// The key of the k-gram.
    pub(super) key: u64,
}

/// The numbers and seeds by which k-grams are selected and hashed.
#[derive(Clone, Debug)]
pub(super) struct Sampling {
    /// The number of words in a window.
    pub(super) window: usize,
    /// The number of words in a k-gram.
    pub(super) gram: usize,
    /// The maximum number of postings of a k-gram.
    pub(super) cap: usize,
    order: u64,
    of_keys: u64,
    /// The base of the polynomial that hashes windows, and its highest power in a window.
    base: u64,
    highest: u64,
    /// The powers of the base for a part of a window, the highest first.
    powers: [u64; PART],
}

impl Sampling {
    /// Creates the sampling for windows of `window` words, of which there is at least one.
    pub(super) fn new(window: usize, seed: u64) -> Self {
        Self::with(window, (window / 3).clamp(1, MAX_GRAM), 8, seed)
    }

    /// Creates a sampling of k-grams of `gram` words, at most `window`, with up to `cap` postings.
    pub(super) fn with(window: usize, gram: usize, cap: usize, seed: u64) -> Self {
        let base = mix(seed ^ 0x6A09_E667_F3BC_C909) % (PRIME - 1_000_000) + 500_000;
        let highest = power(base, window - 1);
        let powers = std::array::from_fn(|at| power(base, PART - 1 - at));
        let (order, of_keys) = (mix(seed ^ 0xBB67_AE85_84CA_A73B), mix(seed ^ 0x3C6E_F372_FE94_F82B));
        Self { window, gram, cap, order, of_keys, base, highest, powers }
    }

    /// Returns the key of a k-gram. The hash by which k-grams are ordered is small for those that
    /// are anchors, so the key is another one.
    #[inline]
    pub(super) fn gram_key(&self, gram: &[u32]) -> u64 {
        mix(polynomial(gram) ^ self.of_keys)
    }

    /// Returns the hash of a window, for [`window_key`](Self::window_key): a polynomial in its
    /// words.
    pub(super) fn window_hash(&self, window: &[u32]) -> u64 {
        work::count(window.len());
        let (first, rest) = window.split_at(window.len() % PART);
        let short = first.iter().fold(0, |hash, word| add(multiply(hash, self.base), u64::from(*word)));
        rest.chunks_exact(PART).fold(short, |hash, part| {
            // Products have 93 bits, so their sum fits 128.
            let products =
                part.iter().zip(&self.powers).map(|(word, power)| u128::from(*word) * u128::from(*power));
            add(multiply(multiply(hash, self.base), self.powers[0]), reduce(products.sum()))
        })
    }

    /// Returns the hash of the window after a window with `hash`, which loses the word `old` at its
    /// start and gains `new` (Karp and Rabin 1987).
    pub(super) fn roll(&self, hash: u64, old: u32, new: u32) -> u64 {
        let lost = PRIME - multiply(u64::from(old), self.highest);
        add(multiply(add(hash, lost), self.base), u64::from(new))
    }

    /// Returns the key of a window.
    pub(super) fn window_key(&self, hash: u64) -> u64 {
        mix(hash ^ self.of_keys.rotate_left(32))
    }

    /// Appends the anchors of `words` to `anchors`; none if there are fewer words than in a window.
    ///
    /// The least k-grams of all windows are found in constant time each (van Herk 1992; Gil and
    /// Werman 1993): a window of k-grams is a suffix of one block and a prefix of the next.
    pub(super) fn anchors(&self, words: &[u32], buffer: &mut Vec<u64>, anchors: &mut Vec<Anchor>) {
        if words.len() < self.window {
            return;
        }
        work::count(words.len());
        let size = self.window - self.gram + 1;
        // The suffix minima of the last block, and the k-grams of this one.
        buffer.clear();
        buffer.resize(2 * size, u64::MAX);
        let (suffixes, block) = buffer.split_at_mut(size);
        // The word that leaves is subtracted after the multiplication, which need not wait for it.
        let power = (0..self.gram).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        let mut sum = polynomial(&words[..self.gram - 1]);
        let mut old = 0_u64;
        let mut last = u64::MAX;
        let (mut prefix, mut at) = (u64::MAX, 0);
        for (gram, new) in (0_u64..).zip(&words[self.gram - 1..]) {
            let change = u64::from(*new).wrapping_sub(old.wrapping_mul(power));
            sum = sum.wrapping_mul(BASE).wrapping_add(change);
            #[expect(clippy::cast_possible_truncation, reason = "fewer than 2^32 words")]
            let start = gram as usize;
            old = u64::from(words[start]);
            // The hash above the place, so that the leftmost of equals is the least.
            let item = mix(sum ^ self.order) & !0xFFFF_FFFF | gram;
            prefix = prefix.min(item);
            block[at] = item;
            at += 1;
            let is_full = at == size;
            let least = if is_full { prefix } else { prefix.min(suffixes[at]) };
            if least != last && start + 1 >= size {
                last = least;
                #[expect(clippy::cast_possible_truncation, reason = "the lower half; fewer than 2^32 words")]
                let (place, window) = (least as u32, (start + 1 - size) as u32);
                let gram = place as usize;
                let key = self.gram_key(&words[gram..gram + self.gram]);
                anchors.push(Anchor { window, gram: place, key });
            }
            if is_full {
                let mut least = u64::MAX;
                for (suffix, item) in suffixes.iter_mut().zip(&*block).rev() {
                    least = least.min(*item);
                    *suffix = least;
                }
                (prefix, at) = (u64::MAX, 0);
            }
        }
    }
}

fn polynomial(words: &[u32]) -> u64 {
    words.iter().fold(0, |sum, word| sum.wrapping_mul(BASE).wrapping_add(u64::from(*word)))
}

/// Multiplies modulo the prime.
fn multiply(a: u64, b: u64) -> u64 {
    reduce(u128::from(a) * u128::from(b))
}

/// Returns a number modulo the prime.
#[expect(clippy::cast_possible_truncation, reason = "61 bits, and then 67 bits in two parts")]
fn reduce(number: u128) -> u64 {
    let sum = (number & u128::from(PRIME)) + (number >> 61);
    add((sum & u128::from(PRIME)) as u64, (sum >> 61) as u64)
}

/// Returns a power modulo the prime, by repeated squaring.
fn power(mut base: u64, mut exponent: usize) -> u64 {
    let mut product = 1;
    while exponent > 0 {
        if exponent % 2 == 1 {
            product = multiply(product, base);
        }
        base = multiply(base, base);
        exponent /= 2;
    }
    product
}

/// Adds modulo the prime.
fn add(a: u64, b: u64) -> u64 {
    let sum = a + b;
    if sum >= PRIME { sum - PRIME } else { sum }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_anchor_of_a_window_is_its_least_gram(
            words in prop::collection::vec(1..4_u32, 0..60), window in 1..12_usize, gram in 1..12_usize, seed: u64,
        ) {
            let sampling = Sampling::with(window, gram.min(window), 8, seed);
            let (gram, mut anchors) = (sampling.gram, Vec::new());
            sampling.anchors(&words, &mut Vec::new(), &mut anchors);
            let order = |gram: &[u32]| mix(polynomial(gram) ^ sampling.order) >> 32;
            for (start, window) in words.windows(window).enumerate() {
                let least = (0..=window.len() - gram).min_by_key(|at| order(&window[*at..at + gram]));
                let after = anchors.partition_point(|anchor| anchor.window as usize <= start);
                let anchor = anchors[after - 1];
                prop_assert_eq!(Some(anchor.gram as usize - start), least);
                prop_assert_eq!(anchor.key, sampling.gram_key(&window[anchor.gram as usize - start..][..gram]));
            }
            prop_assert!(anchors.is_sorted_by(|a, b| a.window < b.window && a.gram < b.gram));
        }

        #[test]
        fn rolled_hashes_are_those_of_windows(words in prop::collection::vec(any::<u32>(), 2..60), seed: u64) {
            let sampling = Sampling::new(words.len() - 1, seed);
            let (first, second) = (&words[..words.len() - 1], &words[1..]);
            let rolled = sampling.roll(sampling.window_hash(first), words[0], words[words.len() - 1]);
            prop_assert_eq!(rolled, sampling.window_hash(second));
        }
    }
}
