//! Quick looks at the inside of a line that tell when nothing repeats there. A hint may be wrong in one direction only: where
//! it says no, nothing repeats.

use crate::normalize::Normalization;
use crate::span::Span;
use crate::steps;

/// Lines of more sentences than this are always read.
const FEW: usize = 64;

/// Whether two of `pieces` may be equal. Pieces whose first letters differ are not, if these are ASCII: the default form
/// maps such letters one by one. The same is true of the last letters.
pub(super) fn may_repeat(text: &str, pieces: &[Span], normalization: Normalization) -> bool {
    if pieces.len() < 2 {
        return false;
    }
    if pieces.len() > FEW || normalization != Normalization::TEXT {
        return true;
    }
    let mut heads = [None; FEW];
    let mut tails = [None; FEW];
    for (i, piece) in pieces.iter().enumerate() {
        let bytes = text[*piece].as_bytes();
        (heads[i], tails[i]) = (letters(bytes.iter().copied()), letters(bytes.iter().rev().copied()));
    }
    let differ = |a: Option<u64>, b: Option<u64>| a.is_some() && b.is_some() && a != b;
    let n = pieces.len();
    steps::count(n * n / 2);
    (0..n).any(|i| (0..i).any(|j| !differ(heads[i], heads[j]) && !differ(tails[i], tails[j])))
}

/// The first five ASCII letters and digits, in lower case; `None` if something else than ASCII comes before the seventh.
///
/// Other ASCII characters are passed over, because the form may change them or their number. Of seven letters five are used,
/// because a mark behind a letter combines with it.
fn letters(bytes: impl Iterator<Item = u8>) -> Option<u64> {
    let mut found = 0_u64;
    let mut count = 0;
    for byte in bytes.take(40) {
        if !byte.is_ascii() {
            return None;
        }
        if byte.is_ascii_alphanumeric() {
            count += 1;
            if count > 6 {
                return Some(found);
            }
            if count <= 5 {
                found = found << 8 | u64::from(byte | 0x20);
            }
        }
    }
    None
}

/// Whether a word or phrase may come many times in a row: whether some eight bytes after a blank, or after one of some other
/// characters, come four times. In a loop they come as often as its turns do.
pub(super) fn may_loop(piece: &str) -> bool {
    let bytes = piece.as_bytes();
    steps::count(bytes.len());
    let mut counts = [0_u8; 1024];
    let mut sampled = 0;
    for (i, window) in bytes.windows(9).enumerate() {
        let is_sampled = window[0] == b' ' || (window[0] >= 0x80 && window[0] < 0xC0 && window[0] & 3 == 0);
        if !is_sampled {
            continue;
        }
        sampled += 1;
        // A long piece fills the table by chance.
        if sampled > 512 {
            return true;
        }
        let key = u64::from_le_bytes([
            window[1], window[2], window[3], window[4], window[5], window[6], window[7], window[8],
        ]);
        let slot = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) as usize;
        counts[slot] += 1;
        if counts[slot] >= 4 {
            return true;
        }
        let _ = i;
    }
    false
}
