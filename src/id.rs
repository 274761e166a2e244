//! 32-bit numbers of segments and of things made of segments.

/// Returns `number` in 32 bits.
///
/// A document has fewer than 2^32 segments, and a line whose inside is read has fewer than 2^32
/// bytes, so the numbers of segments, ids, pieces, decisions and characters all fit.
#[inline]
pub(crate) fn id(number: usize) -> u32 {
    debug_assert!(u32::try_from(number).is_ok(), "{number} does not fit 32 bits");
    u32::try_from(number).unwrap_or(u32::MAX)
}
