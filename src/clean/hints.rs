//! Tests the bytes of a line for repetition inside, so that lines without repetition are not split
//! into sentences. A result of `false` is right, except for loops in short sentences; a result of
//! `true` may be wrong.

use crate::bytes::{PART, list_places, places_of};
use crate::id::id;
use crate::normalize::Normalization;
use crate::segment::may_be_other_stop;
use crate::work;

/// Lines with more sentences than this are always read.
const FEW: usize = 32;

/// Sentences of fewer bytes are not compared; half of their bytes count as equal.
const LIGHT: usize = 12;

/// Sentences of this many bytes or more, and of at least half the line, are searched for loops.
const LONG: usize = 480;

/// Tests lines with buffers that are reused.
pub(super) struct Hints {
    places: [u16; PART],
    sentences: Sentences,
}

impl Hints {
    pub(super) fn new() -> Self {
        Self { places: [0; PART], sentences: Sentences::new() }
    }

    /// Returns whether a rule may remove a part of `line`: because sentences of at least `least`
    /// bytes together may equal earlier ones, or because a long sentence may have a loop inside.
    pub(super) fn may_repeat(&mut self, line: &str, normalization: Normalization, least: usize) -> bool {
        let line = line.as_bytes();
        work::count(line.len());
        if normalization != Normalization::TEXT {
            return true;
        }
        let Self { places, sentences } = self;
        sentences.clear();
        sentences.start = after_signs(line, 0);
        let is_stop = |byte| (byte == b'.') | (byte == b'!') | (byte == b'?') | may_be_other_stop(byte);
        let mut from = 0;
        for part in line.chunks(PART) {
            let count = list_places(part, places, is_stop);
            let ends = places[..count].iter().map(|place| from + usize::from(*place));
            if ends.into_iter().any(|end| !line[end].is_ascii() || sentences.end(line, end)) {
                return true;
            }
            from += part.len();
        }
        sentences.end(line, line.len()) || sentences.may_repeat(line, least)
    }
}

/// The sentences of the part of a line that was read.
struct Sentences {
    /// The sentences that are compared, and their first bytes.
    spans: [(u32, u32); FEW],
    heads: [u64; FEW],
    count: usize,
    /// A bit for each of `heads`, by its hash. Most heads need no other comparison.
    filter: u64,
    /// Set if a head equals another one, or is not plain.
    is_doubtful: bool,
    /// The number of bytes of the sentences that are not compared.
    light: usize,
    /// The start of the next sentence.
    start: usize,
}

impl Sentences {
    fn new() -> Self {
        let (spans, heads) = ([(0, 0); FEW], [0; FEW]);
        Self { spans, heads, count: 0, filter: 0, is_doubtful: false, light: 0, start: 0 }
    }

    /// Removes all sentences. Two arrays keep values that are not read.
    fn clear(&mut self) {
        (self.count, self.filter, self.is_doubtful) = (0, 0, false);
        self.light = 0;
    }

    /// Adds the sentence that ends before byte `at` of `line`, if one does. Returns whether a rule
    /// may remove a part of the line, whatever is behind the sentence.
    #[inline(always)]
    fn end(&mut self, line: &[u8], at: usize) -> bool {
        let start = self.start;
        if at < start {
            return false;
        }
        // A stop ends a sentence only if white space follows it and its signs.
        if !matches!(line.get(at + 1), None | Some(b' ')) {
            let next = after_signs(line, at + 1);
            let is_spaced = line[at + 1..next].iter().any(|byte| *byte <= b' ');
            if let Some(byte) = line.get(next).filter(|_| !is_spaced) {
                // Other characters may be white space, or be absent from the form.
                return !byte.is_ascii();
            }
        }
        let long = LONG.min(line.len() / 2);
        if self.count == FEW || (at - start >= long && may_loop(&line[start..at])) {
            return true;
        }
        if at >= start + LIGHT {
            let head = head(&line[start..]);
            self.is_doubtful |= head.is_none();
            let head = head.unwrap_or(u64::MAX);
            let bit = 1 << (head.wrapping_mul(FACTOR) >> 58);
            let may_be_known = self.filter & bit != 0;
            self.filter |= bit;
            self.is_doubtful |= may_be_known && self.heads[..self.count].contains(&head);
            // A line that is read is shorter than 4 GiB.
            (self.spans[self.count], self.heads[self.count]) = ((id(start), id(at)), head);
            self.count += 1;
        } else {
            self.light += at - start;
        }
        // After most stops there is a blank and a letter.
        self.start = match line.get(at + 1..at + 3) {
            Some([b' ', next]) if next.is_ascii_alphanumeric() => at + 2,
            _ => after_signs(line, (at + 1).min(line.len())),
        };
        false
    }

    /// Returns whether the sentences of `line`, the whole of which was read, may repeat `least`
    /// bytes.
    ///
    /// Two sentences differ if their first or their last bytes are plain ASCII and differ, because
    /// the default form maps ASCII byte by byte.
    fn may_repeat(&self, line: &[u8], least: usize) -> bool {
        let equal = self.light / 2;
        equal >= least || (self.is_doubtful && has_equal_ends(line, &self.spans[..self.count], equal, least))
    }
}

/// An odd number whose products have well mixed high bits.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// Returns a word of eight equal bytes.
fn every(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Returns whether the sentences that begin and end like an earlier one, or whose ends are not
/// plain, have at least `least` bytes together with `equal` bytes that are known to be equal.
fn has_equal_ends(line: &[u8], sentences: &[(u32, u32)], mut equal: usize, least: usize) -> bool {
    let mut heads = [None; FEW];
    let differ = |a: Option<u64>, b: Option<u64>| a.is_some() && b.is_some() && a != b;
    let sentence = |i: usize| &line[sentences[i].0 as usize..sentences[i].1 as usize];
    for i in 0..sentences.len() {
        let own = head(sentence(i));
        heads[i] = own;
        work::count(1 + i);
        if (0..i).any(|j| !differ(own, heads[j]) && !differ(tail(sentence(i)), tail(sentence(j)))) {
            equal += sentence(i).len();
        }
    }
    equal >= least
}

/// Returns the first eight bytes of a sentence, which begins after signs, if they are [`plain`].
#[inline(always)]
fn head(piece: &[u8]) -> Option<u64> {
    plain(piece.first_chunk()?)
}

/// Returns the last eight bytes up to the last letter or digit, if they are [`plain`].
fn tail(piece: &[u8]) -> Option<u64> {
    let mut end = piece.len();
    loop {
        end = match piece[..end] {
            [.., last] if last.is_ascii_alphanumeric() => break,
            [.., 0..0x80] => end - 1,
            [.., 0xE2, 0x80, 0x90..0xA8] => end - 3,
            _ => return None,
        };
    }
    plain(piece[..end].last_chunk()?)
}

/// Returns the place of the first byte at or after `at` that is not part of a sign.
fn after_signs(line: &[u8], mut at: usize) -> usize {
    while let Some(len) =
        line.get(at).filter(|byte| !byte.is_ascii_alphanumeric()).and_then(|_| sign_len(&line[at..]))
    {
        at += len;
    }
    at
}

/// Returns the length of the sign that `bytes` begin with: ASCII, or from U+2010 to U+203F, which
/// are mostly dashes and quotes.
fn sign_len(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0..0x80, ..] => Some(1),
        [0xE2, 0x80, 0x90..0xA8, ..] => Some(3),
        _ => None,
    }
}

/// Returns eight bytes in lower case if they are ASCII and have no white space but single blanks.
/// Sentences with equal forms do not have other plain bytes at the same end, because the default
/// form maps ASCII byte by byte, and a mark that follows the last byte leaves its letter the same.
fn plain(bytes: &[u8; 8]) -> Option<u64> {
    let word = u64::from_le_bytes(*bytes);
    if word & every(0x80) != 0 {
        return None;
    }
    // Bytes below 0x21, each marked in its highest bit; exact, because none had it set.
    let blanks = !(word + every(0x80 - 0x21)) & every(0x80);
    let controls = !(word + every(0x80 - 0x20)) & every(0x80);
    (controls == 0 && blanks & (blanks << 8) == 0).then_some(word | every(0x20))
}

/// The minimum number of bytes of a loop that equal the bytes one unit earlier.
const LOOP: usize = 60;

/// The numbers of slots of the two tables, and the maximum lengths in bytes of their pieces.
const SLOTS: [usize; 2] = [128, 2048];
const FULL: [usize; 2] = [2048, 1 << 15];

/// Returns whether `piece` may be a loop: three units in direct succession are equal except for the
/// case of ASCII letters and [may be those of a loop](may_be_unit), or the test takes too many
/// steps.
///
/// A unit is found by the eight bytes after a sampled place. The bytes themselves select the
/// places, so every unit has the same places.
pub(super) fn may_loop(piece: &[u8]) -> bool {
    match piece.len() {
        len if len <= FULL[0] => has_turns::<{ SLOTS[0] }>(piece),
        len if len <= FULL[1] => has_turns::<{ SLOTS[1] }>(piece),
        _ => true,
    }
}

fn has_turns<const N: usize>(bytes: &[u8]) -> bool {
    // For each slot, a hash of the last bytes, and their place.
    let mut slots = [(0_u32, 0_u16); N];
    let mut budget = 8 * bytes.len();
    let is_turn = |at: usize| {
        let Some(word) = bytes[at..].first_chunk().copied().map(u64::from_le_bytes) else { return false };
        let word = word | every(0x20);
        let key = word.wrapping_mul(FACTOR);
        let tag = u32::try_from(key >> 25 & u64::from(u32::MAX)).unwrap_or(0);
        let slot = &mut slots[(key >> 48) as usize % N];
        let (last, before) = (slot.0, usize::from(slot.1));
        // Pieces are shorter than 2¹⁶ bytes here.
        *slot = (tag, u16::try_from(at).unwrap_or(u16::MAX));
        if last != tag || before == at {
            return false;
        }
        let least = LOOP.max(2 * (at - before));
        let last = |from: usize| -> Option<&[u8; 8]> { bytes.get(from..from + least)?.last_chunk() };
        // For nearly all places, the last bytes decide, or the end of the piece.
        let (Some(first), Some(second)) = (last(before), last(at)) else { return false };
        if u64::from_le_bytes(*first) | every(0x20) != u64::from_le_bytes(*second) | every(0x20) {
            return false;
        }
        let unit = &bytes[before..at];
        let mut steps = unit.len();
        let mut is_equal = may_be_unit(unit);
        if is_equal {
            let turns = bytes[before..].iter().zip(&bytes[at..]);
            let equal = turns.take(least).take_while(|(a, b)| *a | 0x20 == *b | 0x20).count();
            steps += equal;
            is_equal = equal == least;
        }
        work::count(steps);
        budget = budget.saturating_sub(steps);
        is_equal || budget == 0
    };
    // A blank, or one in four of the bytes of other scripts.
    places_of(bytes, |byte| (byte == b' ') | (byte & 0xC3 == 0x80)).any(is_turn)
}

/// Returns whether `unit` may be the unit of a loop, or several: each has four different letters or
/// more and no digit.
fn may_be_unit(unit: &[u8]) -> bool {
    let bit = |byte: &u8| u32::from(byte.is_ascii_alphabetic()) << (byte & 0x1F);
    let letters = unit.iter().fold(0, |letters, byte| letters | bit(byte));
    !unit.iter().any(u8::is_ascii_digit) && (letters.count_ones() >= 4 || !unit.is_ascii())
}

#[cfg(test)]
mod tests;
