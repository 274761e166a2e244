//! Finds the copies and families of a sequence of ids.
//!
//! The longest copy that starts at position j is the longest previous factor of j (Crochemore and
//! Ilie, *Computing Longest Previous Factor in linear time and applications*, Information
//! Processing Letters 106, 2008). The end of this copy never moves back as j grows, and the copy is
//! part of no other copy exactly if the end moves forward. The leftmost occurrence of a content and
//! the number of its occurrences come from the interval of the suffix array whose suffixes begin
//! with the content.

use super::interval::intervals;
use super::lcp::{common_prefixes, longest_previous};
use super::records::{Copied, Found, Piece, Query};
use super::reduce::Reduced;
use super::scratch::Scratch;
use super::suffix::suffix_array;
use crate::work;

/// Finds the repeats of `ids`, all of which are below `distinct`. Families for which `wanted`,
/// called with the start and length of the content, returns `false` are left out, and so are copies
/// without a family.
///
/// # Complexity
///
/// Linear time to find the copies, and O(k log n) to group k of them into families. If no id occurs
/// twice, each id is read once.
pub(crate) fn find(
    ids: &[u32],
    distinct: usize,
    scratch: &mut Scratch,
    wanted: &dyn Fn(u32, u32) -> bool,
) -> Found {
    let Some(reduced) = Reduced::new(ids, distinct, &mut scratch.numbers) else {
        return Found::default();
    };
    let suffixes = suffix_array(&reduced.ids, reduced.alphabet, scratch);
    let prefixes = common_prefixes(&reduced.ids, &suffixes, scratch);
    let previous = longest_previous(&suffixes, &prefixes, scratch);
    let mut copies = scratch.copies.empty();
    copies.extend(furthest(&previous));
    scratch.numbers.give(previous);

    // The source of a copy is the leftmost occurrence of its content.
    let mut queries = scratch.queries.empty();
    queries.extend(copies.iter().map(|copy| Query { start: copy.start, len: copy.end - copy.start }));
    let sources = intervals(&queries, &suffixes, &prefixes, scratch);
    let mut pieces = scratch.pieces.empty();
    for (i, (copy, source)) in (0..).zip(copies.iter().zip(&sources)) {
        let period = (copy.start - source.first).min(copy.end - copy.start);
        let mut start = copy.start;
        while start < copy.end {
            let end = copy.end.min(start + period);
            pieces.push(Piece { start, end, family: 0, copy: i });
            start = end;
        }
    }
    work::count(pieces.len());
    queries.clear();
    queries.extend(pieces.iter().map(|piece| Query { start: piece.start, len: piece.end - piece.start }));
    let contents = intervals(&queries, &suffixes, &prefixes, scratch);
    scratch.queries.give(queries);
    let families = scratch.families.empty();
    let by_family = scratch.numbers.empty();
    let found = Found { copies, pieces, families, by_family, suffixes, at: reduced.at };
    let found = found.into_families(&contents).filtered(wanted, scratch);
    scratch.numbers.give(reduced.ids);
    scratch.numbers.give(prefixes);
    scratch.intervals.give(sources);
    scratch.intervals.give(contents);
    found
}

/// Returns the copies that are part of no other copy, given the longest previous factor at each
/// position.
fn furthest(previous: &[u32]) -> impl Iterator<Item = Copied> {
    let mut reached = 0;
    (0..).zip(previous).filter_map(move |(start, len)| {
        let end = start + len;
        if *len == 0 || end <= reached {
            return None;
        }
        reached = end;
        Some(Copied { start, end })
    })
}
