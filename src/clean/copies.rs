//! Finds lines that are one text several times, whether or not a sentence ends between the copies.

use crate::segment::is_cluster_boundary;
use crate::span::Span;
use crate::work;

/// The minimum number of bytes of the text. Shorter units are loops, which have rules of their own.
const LEAST: usize = 150;

/// The numbers of equal parts for which a line is searched. Five or seven copies, which neither
/// divides, are mostly a loop.
const PARTS: [usize; 2] = [2, 3];

/// Returns the copies in a line that consists of copies of one text, without or with one space
/// between two. Returns `None` if the text is shorter than 150 bytes, or if the number of copies is
/// neither even nor a multiple of three.
///
/// # Complexity
///
/// Linear in the length of the line, and constant for nearly all lines: a few bytes are compared.
pub(super) fn of_line(line: &str) -> Option<Vec<Span>> {
    [0, 1].into_iter().find_map(|space| {
        let whole = line.len() + space;
        let is_candidate = |parts: &usize| has_period(line, whole / parts, space) && whole % parts == 0;
        PARTS.iter().find(|parts| is_candidate(parts))?;
        let period = smallest_period(line.as_bytes());
        let unit = period.checked_sub(space)?;
        let is_whole = unit >= LEAST && whole % period == 0 && has_period(line, period, space);
        let starts = (0..whole).step_by(period.max(1));
        let is_split = is_whole && [unit, period].iter().all(|at| is_cluster_boundary(line, *at));
        is_split.then(|| starts.map(|start| Span::new(start, start + unit)).collect())
    })
}

/// Returns whether each byte of `line` from `period` on equals the one `period` bytes before it. If
/// `space` is 1, a period also has to end with a space.
fn has_period(line: &str, period: usize, space: usize) -> bool {
    let bytes = line.as_bytes();
    // For nearly all lines, the first byte decides.
    let is_first = bytes.first() == bytes.get(period);
    let is_spaced = space == 0 || bytes.get(period.wrapping_sub(1)) == Some(&b' ');
    is_first && is_spaced && bytes.get(period..).is_some_and(|rest| bytes.starts_with(rest))
}

/// Returns the smallest period of `bytes`: their length, less that of their longest border (Knuth,
/// Morris and Pratt 1977).
fn smallest_period(bytes: &[u8]) -> usize {
    work::count(2 * bytes.len());
    let mut borders = vec![0; bytes.len()];
    let mut len = 0;
    for at in 1..bytes.len() {
        while len > 0 && bytes[len] != bytes[at] {
            len = borders[len - 1];
        }
        len += usize::from(bytes[len] == bytes[at]);
        borders[at] = len;
    }
    bytes.len() - len
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A text whose first byte occurs once has no shorter period.
        #[test]
        fn copies_are_found(text in "X[a-c \u{E9}]{160,200}[a-c]", count in 1_usize..17, is_spaced in any::<bool>()) {
            let line = vec![&*text; count].join(if is_spaced { " " } else { "" });
            let found = of_line(&line);
            let is_found = count % 2 == 0 || count % 3 == 0;
            prop_assert_eq!(found.is_some(), is_found);
            for span in found.iter().flatten() {
                prop_assert_eq!(&line[*span], &*text);
            }
            prop_assert_eq!(found.map_or(0, |found| found.len()), if is_found { count } else { 0 });
            prop_assert_eq!(of_line(&format!("{line}.")), None);
        }

        #[test]
        fn shorter_units_are_no_copies(unit in "[a-c ]{1,20}", count in 2_usize..200) {
            prop_assert_eq!(of_line(&unit.repeat(count)), None);
        }
    }
}
