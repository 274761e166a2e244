//! Quick looks at the inside of a line that tell when nothing repeats there. A hint may be wrong in one direction only: where
//! it says no, nothing repeats.

use memchr::{memchr_iter, memchr3_iter};

use crate::normalize::Normalization;
use crate::segment::has_other_stops;
use crate::steps;

/// Lines of more sentences than this are always read.
const FEW: usize = 64;

/// Sentences of fewer bytes are the evidence for nothing.
const LIGHT: usize = 8;

/// Whether the inside of `line` may repeat something: two sentences that may be equal, or a sentence of `long` bytes or more
/// that may have a loop inside.
///
/// Sentences whose first bytes differ are not equal, if these are plain ASCII: the default form maps it byte by byte. The
/// same is true of the last bytes.
pub(super) fn may_repeat(line: &str, normalization: Normalization, long: usize) -> bool {
    let bytes = line.as_bytes();
    steps::count(bytes.len());
    if normalization != Normalization::TEXT || has_other_stops(bytes) {
        return true;
    }
    let mut heads = [None; FEW];
    let mut pieces = [(0, 0); FEW];
    let mut count = 0;
    let mut start = 0;
    let mut found = false;
    let mut piece = |start: usize, end: usize| {
        if end < start + LIGHT {
            return false;
        }
        if count == FEW || (end - start >= long && may_loop(&bytes[start..end])) {
            return true;
        }
        let own = head(&bytes[start..end]);
        let differ = |a: Option<u64>, b: Option<u64>| a.is_some() && b.is_some() && a != b;
        let is_equal = |i: usize| {
            let (from, to) = pieces[i];
            !differ(own, heads[i]) && !differ(tail(&bytes[start..end]), tail(&bytes[from..to]))
        };
        if (0..count).any(is_equal) {
            return true;
        }
        (heads[count], pieces[count]) = (own, (start, end));
        count += 1;
        false
    };
    for at in memchr3_iter(b'.', b'!', b'?', bytes) {
        // A stop and a blank end a sentence, and so may a stop and a sign; where they do not, no more pieces are equal.
        if !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) {
            found |= piece(start, at + 1);
            start = at + 1;
        }
        if found {
            return true;
        }
    }
    piece(start, bytes.len())
}

/// The first seven bytes from the first letter or digit on, in lower case; `None` if they are not such that equal forms
/// have the same ones: ASCII, without white space that the form changes, and with ASCII behind.
fn head(piece: &[u8]) -> Option<u64> {
    let mut at = 0;
    while !piece.get(at)?.is_ascii_alphanumeric() {
        at += sign_len(&piece[at..])?;
    }
    plain(piece.get(at..at + 8)?).map(|word| word & (u64::MAX >> 8))
}

/// The last eight bytes up to the last letter or digit, likewise.
fn tail(piece: &[u8]) -> Option<u64> {
    let mut end = piece.len();
    while !piece[..end].last()?.is_ascii_alphanumeric() {
        let is_sign = end >= 3 && !piece[end - 1].is_ascii();
        end -= if is_sign { sign_len(&piece[end - 3..])? } else { sign_len(&piece[end - 1..])? };
    }
    plain(piece.get(end.checked_sub(8)?..end)?)
}

/// The length of the sign that `bytes` begin with, of ASCII or from U+2010 to U+203F, dashes and quotes for the most part.
fn sign_len(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0..0x80, ..] => Some(1),
        [0xE2, 0x80, 0x90..0xA8, ..] => Some(3),
        _ => None,
    }
}

/// Eight bytes in lower case, if they are ASCII, and white space among them is single blanks.
fn plain(bytes: &[u8]) -> Option<u64> {
    let word = u64::from_le_bytes(bytes.try_into().ok()?);
    let every = |byte: u8| u64::from_ne_bytes([byte; 8]);
    // Bytes below 0x21, each marked in its highest bit; exact, because no byte has its highest bit set.
    let blanks = !(word + every(0x80 - 0x21)) & every(0x80);
    let controls = !(word + every(0x80 - 0x20)) & every(0x80);
    let is_plain = word & every(0x80) == 0 && controls == 0 && blanks & (blanks << 8) == 0;
    is_plain.then_some(word | every(0x20))
}

/// How many bytes are compared: as many as are in four turns of the shortest loop at least.
const WINDOW: usize = 24;

/// The number of slots of the tables, and the lengths of the pieces that would fill them.
const SLOTS: [usize; 2] = [128, 2048];
const FULL: [usize; 2] = [2048, 1 << 15];

/// Whether a word or phrase may come many times in a row in `piece`: whether three turns in a row are equal byte by byte. A
/// turn is found by the bytes behind a place that is sampled. Places are chosen by the bytes themselves, so every turn has
/// the same ones.
pub(super) fn may_loop(piece: &[u8]) -> bool {
    match piece.len() {
        len if len <= FULL[0] => has_turns::<{ SLOTS[0] }>(piece),
        len if len <= FULL[1] => has_turns::<{ SLOTS[1] }>(piece),
        _ => true,
    }
}

fn has_turns<const N: usize>(bytes: &[u8]) -> bool {
    // The bytes that were seen last in each slot, and where.
    let mut slots = [(0_u32, 0_u16); N];
    let mut is_turn = |at: usize| {
        let word = |i: usize| {
            let bytes = bytes[at + i..].first_chunk().copied().unwrap_or_default();
            u64::from_le_bytes(bytes)
        };
        let key = word(0) ^ word(8).rotate_left(23) ^ word(16).rotate_left(46);
        let key = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let tag = (key >> 25) as u32;
        let slot = &mut slots[(key >> 48) as usize % N];
        let (last, before) = (slot.0, usize::from(slot.1));
        // Pieces are shorter than 2¹⁶ bytes here.
        *slot = (tag, u16::try_from(at).unwrap_or(u16::MAX));
        if last != tag || before == at {
            return false;
        }
        let period = at - before;
        steps::count(1);
        bytes.get(at..at + 2 * period).is_some_and(|turns| *turns == bytes[before..at + period])
    };
    let last = bytes.len().saturating_sub(WINDOW);
    if bytes.is_ascii() {
        return memchr_iter(b' ', &bytes[..last]).any(is_turn);
    }
    // A blank, or one in four of the bytes of other scripts.
    let is_sampled = |at: &usize| bytes[*at] == b' ' || (bytes[*at] & 0xC0 == 0x80 && bytes[*at] & 3 == 0);
    (0..last).filter(is_sampled).any(is_turn)
}
