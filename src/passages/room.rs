//! Indices and the growth of large lists.

/// Makes room for `more` items. The capacity grows by a 64th, because twice the memory would be
/// more than what is promised.
pub(super) fn make_room<T>(items: &mut Vec<T>, more: usize) {
    if items.capacity() - items.len() < more {
        items.reserve_exact(more.max(items.len() / 64).max(16));
    }
}

/// Returns a place as an index. Places are less than the number of words, which fit the memory.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "less than the number of words")]
pub(super) fn index(place: u64) -> usize {
    place as usize
}
