//! Searches for bytes of a kind, a block at a time. If such bytes are frequent, this is faster than
//! a search that starts again after each of them.

use crate::id::id;

/// The number of bytes that are searched at once.
pub(crate) const BLOCK: usize = 64;

/// The bit with which each byte of a block is marked.
const BITS: [u8; BLOCK] = {
    let mut bits = [0; BLOCK];
    let mut i = 0;
    while i < BLOCK {
        bits[i] = 1 << (i / 8);
        i += 1;
    }
    bits
};

/// Marks the bytes of a block for which `is` returns `true`: bit `k` of byte `i` of the result is
/// the mark of byte `8 * k + i`. `is` should have no branches.
#[inline(always)]
pub(crate) fn marks(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
    // The compiler compares sixteen bytes at once in this form, and combines sixteen marks at once.
    let mut marks = [0; BLOCK];
    for ((mark, byte), bit) in marks.iter_mut().zip(block).zip(&BITS) {
        *mark = u8::from(is(*byte)).wrapping_neg() & bit;
    }
    let number = |eight: &[u8]| eight.first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight));
    marks.chunks_exact(8).fold(0, |marks, eight| marks | number(eight))
}

/// Returns a mask of the bytes that are [marked](marks), the first byte lowest.
#[inline(always)]
pub(crate) fn mask_of(mut marks: u64) -> u64 {
    // The transposed matrix of bits (Warren, *Hacker's Delight*, section 7-3).
    for (distance, mask) in [(7, 0x00AA_00AA_00AA_00AA), (14, 0x0000_CCCC_0000_CCCC), (28, 0xF0F0_F0F0)] {
        let different = (marks ^ marks >> distance) & mask;
        marks ^= different ^ different << distance;
    }
    marks
}

/// Returns a mask of the bytes of `bytes` from `at` on for which `is` returns `true`, the first
/// byte lowest, for up to `BLOCK` bytes. `is` should have no branches.
#[inline(always)]
fn mask(bytes: &[u8], at: usize, is: impl Fn(u8) -> bool) -> u64 {
    let rest = &bytes[at..];
    let mut copy = [0; BLOCK];
    // The last bytes are the end of a whole block, if there is one.
    let missing = BLOCK - rest.len().min(BLOCK);
    let block = match (rest.first_chunk::<BLOCK>(), bytes.last_chunk::<BLOCK>()) {
        (Some(block), _) => block,
        (None, Some(last)) => last,
        (None, None) => {
            copy[missing..].copy_from_slice(rest);
            &copy
        }
    };
    mask_of(marks(block, is)).checked_shr(id(missing)).unwrap_or(0)
}

/// An iterator over the places of the bytes for which a function returns `true`.
pub(crate) struct PlacesOf<'b, F> {
    bytes: &'b [u8],
    is: F,
    /// The start of the block that is searched, and the places in it that are left.
    block: usize,
    left: u64,
}

/// Returns the places of the bytes of `bytes` for which `is` returns `true`.
#[inline(always)]
pub(crate) fn places_of<F: Fn(u8) -> bool>(bytes: &[u8], is: F) -> PlacesOf<'_, F> {
    let left = mask(bytes, 0, &is);
    PlacesOf { bytes, is, block: 0, left }
}

impl<F: Fn(u8) -> bool> Iterator for PlacesOf<'_, F> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            self.block += BLOCK;
            if self.block >= self.bytes.len() {
                return None;
            }
            self.left = mask(self.bytes, self.block, &self.is);
        }
        let place = self.block + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(place)
    }
}

/// The number of bytes whose places are listed at once by [`list_places`].
pub(crate) const PART: usize = 512;

/// Puts the places of the bytes of `part` for which `is` returns `true` into `places`, and returns
/// their number. `part` has at most [`PART`] bytes.
///
/// A caller that does much for each place is faster with a list than with [`places_of`], because
/// the processor predicts the loop over a list.
#[inline(always)]
pub(crate) fn list_places(part: &[u8], places: &mut [u16; PART], is: impl Fn(u8) -> bool) -> usize {
    debug_assert!(part.len() <= PART);
    // Marking all blocks first, and then ordering the marks of all, keeps the processor busier.
    let mut masks = [0; PART / BLOCK];
    let blocks = part.chunks_exact(BLOCK);
    let whole = part.len() - blocks.remainder().len();
    for (mask, block) in masks.iter_mut().zip(blocks.filter_map(<[u8]>::first_chunk)) {
        *mask = marks(block, &is);
    }
    for mask in &mut masks {
        *mask = mask_of(*mask);
    }
    if let Some(last) = masks.get_mut(whole / BLOCK).filter(|_| whole < part.len()) {
        *last = mask(part, whole, &is);
    }
    let mut count = 0;
    for (start, mut left) in (0..part.len()).step_by(BLOCK).zip(masks) {
        // Writes the lowest place, and counts it if there is one.
        let mut push = |left: &mut u64| {
            if let Some(place) = places.get_mut(count) {
                #[expect(clippy::cast_possible_truncation, reason = "a part is short")]
                let number = (start + left.trailing_zeros() as usize) as u16;
                *place = number;
            }
            count += usize::from(*left != 0);
            *left &= left.wrapping_sub(1);
        };
        // Most blocks have at most two places.
        push(&mut left);
        push(&mut left);
        while left != 0 {
            push(&mut left);
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn listed(bytes: &[u8], is: impl Fn(u8) -> bool) -> Vec<usize> {
        let mut places = [0; PART];
        let count = list_places(bytes, &mut places, is);
        places[..count].iter().map(|place| usize::from(*place)).collect()
    }

    /// Bytes that are all of the kind, and one of the kind at each end. Zero, with which a block is
    /// filled up, is of the kind too.
    #[test]
    fn parts_of_every_length_have_their_places() {
        let is_ascii = |byte: u8| byte < 0x80;
        for len in 0..=PART {
            let mut bytes = vec![b'a'; len];
            assert_eq!(listed(&bytes, is_ascii), (0..len).collect::<Vec<_>>());
            assert_eq!(places_of(&bytes, is_ascii).collect::<Vec<_>>(), (0..len).collect::<Vec<_>>());
            for at in [0, len.saturating_sub(1)].into_iter().filter(|at| *at < len) {
                bytes.fill(0xFF);
                bytes[at] = 0;
                assert_eq!(listed(&bytes, is_ascii), [at]);
                assert_eq!(places_of(&bytes, is_ascii).collect::<Vec<_>>(), [at]);
            }
        }
    }

    proptest! {
        /// Bytes of the kind are in all places of a block, many and few.
        #[test]
        fn places_are_those_of_single_bytes(
            bytes in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..PART + 1),
                prop::collection::vec(prop::sample::select(vec![b'.', b'a', b'.', 0xFF]), 0..PART + 1),
            ],
        ) {
            for is in [|byte: u8| byte == b'.', |byte: u8| byte > 0x7F, |byte: u8| byte != 0] {
                let expected: Vec<usize> = (0..bytes.len()).filter(|at| is(bytes[*at])).collect();
                prop_assert_eq!(places_of(&bytes, is).collect::<Vec<_>>(), &expected[..]);
                prop_assert_eq!(listed(&bytes, is), expected);
            }
        }
    }
}
