//! Tests a line for a phrase that may occur twice, so that the policy for transcripts searches only
//! such lines for loops. A result of `false` is right; a result of `true` may be wrong.

use super::loops::folded;
use crate::policy::LoopLimits;
use crate::unicode::{self, DENSE, IGNORABLE, MARK, WORDY};
use crate::work;

/// The greatest length of a window.
const WINDOW: usize = 12;

/// The factor of the polynomial over the letters of a window.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// Returns whether the letters of `line` may have a loop within `limits`: whether a window of
/// letters occurs again.
///
/// In a loop, the letters of all units but the first equal those one unit earlier. Windows at every
/// `WINDOW`-th letter are compared with the windows at all letters, by hash. The equal letters are
/// at least twice as many as those of a window, so one of the selected windows is among them.
///
/// # Complexity
///
/// Linear in the length of `line`.
pub(super) fn may_stutter(line: &str, limits: &LoopLimits) -> bool {
    work::count(2 * line.len());
    let mut letters: Vec<u32> = Vec::with_capacity(line.len());
    let mut densest = 1;
    if line.is_ascii() {
        let bytes = line.bytes().filter(u8::is_ascii_alphanumeric);
        letters.extend(bytes.map(|byte| u32::from(byte.to_ascii_lowercase())));
    } else {
        for c in line.chars() {
            let flags = unicode::flags(c);
            if flags & WORDY != 0 && flags & (MARK | IGNORABLE) == 0 {
                letters.push(u32::from(folded(c)));
                densest = if flags & DENSE != 0 { 3 } else { densest };
            }
        }
    }
    // An ideograph has the weight of three letters, and a loop has at least four distinct ones.
    let equal = |&(weight, count): &(u64, u32)| (weight / densest).max(4) * u64::from(count - 1);
    let fewest = limits.units.iter().map(equal).min().unwrap_or(0);
    let window = usize::try_from(fewest.div_ceil(2)).unwrap_or(WINDOW).min(WINDOW);
    if window == 0 || letters.len() < 2 * window {
        return window == 0;
    }
    has_equal_windows(&letters, window)
}

/// Returns whether a window at a multiple of `window` may occur at another place too.
fn has_equal_windows(letters: &[u32], window: usize) -> bool {
    let slots = (2 * letters.len() / window).next_power_of_two();
    let shift = 64 - slots.trailing_zeros().max(1);
    // For each slot, the hash and the place of a window, plus 1; 0 if the slot is empty.
    let mut table = vec![(0_u64, 0_usize); slots];
    let push = |hash: u64, letter: u32| hash.wrapping_mul(BASE).wrapping_add(u64::from(letter) + 1);
    // The highest bits of a product depend on all bits of the factors.
    let slot_of = |hash: u64| {
        usize::try_from((hash ^ hash >> 32).wrapping_mul(BASE) >> shift).unwrap_or(0) & (slots - 1)
    };
    for (number, letters) in letters.chunks_exact(window).enumerate() {
        let hash = letters.iter().fold(0, |hash, letter| push(hash, *letter));
        let mut slot = slot_of(hash);
        while table[slot].1 != 0 {
            if table[slot].0 == hash {
                return true;
            }
            slot = (slot + 1) & (slots - 1);
        }
        table[slot] = (hash, number * window + 1);
    }
    let highest = (0..window).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = letters[..window].iter().fold(0, |hash, letter| push(hash, *letter));
    for (start, next) in (1..).zip(&letters[window..]) {
        let first = u64::from(letters[start - 1]) + 1;
        hash = push(hash, *next).wrapping_sub(first.wrapping_mul(highest));
        let mut slot = slot_of(hash);
        while table[slot].1 != 0 {
            if table[slot].0 == hash && table[slot].1 != start + 1 {
                return true;
            }
            slot = (slot + 1) & (slots - 1);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clean::loops;
    use crate::normalize::Normalization;
    use crate::policy::Policy;
    use crate::repeats::Scratch;

    fn lines() -> impl Strategy<Value = String> {
        let unit = prop_oneof![
            "[a-d]{1,4}( [a-e]{1,6}){0,9}",
            "[\u{4E00}-\u{4E09}]{1,16}",
            "[\u{E01}-\u{E08}]{2,20}",
            "([a-c]|\u{E9}|e\u{301}|\u{C9}|, ){3,40}",
        ];
        let part = (unit, 1_usize..8, prop::sample::select(vec!["", " ", ", "]));
        prop::collection::vec(part, 1..4).prop_map(|parts| {
            parts.into_iter().map(|(unit, count, gap)| format!("{unit}{gap}").repeat(count)).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn a_line_without_equal_windows_has_no_loop(line in lines()) {
            let limits = Policy::transcript().loops_inside();
            let found = loops::find(&line, Normalization::TEXT, limits, &mut Scratch::default());
            prop_assert!(found.is_empty() || may_stutter(&line, limits), "{:?}", line);
        }
    }

    #[test]
    fn a_sentence_that_says_nothing_twice_is_not_searched() {
        let limits = Policy::transcript().loops_inside();
        let line = "We walked down from the chapel in the dark, and nobody had thought of a lamp or a rope.";
        assert!(!may_stutter(line, limits));
        assert!(may_stutter(&line.repeat(2), limits));
        assert!(!may_stutter("", limits));
    }

    #[test]
    fn the_test_takes_linear_time() {
        let limits = Policy::transcript().loops_inside();
        for text in ["ab", "abcdefghijklmnopq", "\u{4E00}\u{4E01}"] {
            let steps = |times: usize| {
                work::of(|| {
                    may_stutter(&text.repeat(times), limits);
                })
            };
            assert!(steps(10_000) <= 13 * steps(1_000));
        }
    }
}
