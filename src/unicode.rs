//! Properties of characters, from frozen tables of one Unicode version.
//!
//! The tables of the standard library change with the compiler. This crate does not use them,
//! because a fingerprint or a weight must not depend on the compiler.

mod tables;

pub(crate) use tables::{
    DENSE, DIGIT, DIRECT, DIRECT_NFC, EUROPEAN, IGNORABLE, MARK, NONSPACING, ORDERED, PUNCTUATION, SPACE,
    TYPOGRAPHIC, UNASSIGNED, VERSION, WORDY,
};

/// The properties of a character.
#[derive(Clone, Copy)]
pub(crate) struct Class {
    /// A set of the property bits above.
    pub(crate) flags: u16,
    /// The canonical combining class, if the character is an ordered mark.
    pub(crate) combining: u8,
    /// The distance from the code point of a direct character to that of its counterpart.
    pub(crate) shift: i32,
}

/// Returns the class of the code point `cp`.
#[inline(always)]
pub(crate) fn class(cp: u32) -> Class {
    let cp = cp as usize;
    let block = usize::from(tables::INDEX[cp / tables::BLOCK]);
    tables::CLASSES[usize::from(tables::BLOCKS[block * tables::BLOCK + cp % tables::BLOCK])]
}

/// Returns the property bits of `c`.
#[inline]
pub(crate) fn flags(c: char) -> u16 {
    class(u32::from(c)).flags
}

/// Returns whether `c` has one of the properties of `set`.
#[inline]
pub(crate) fn is(c: char, set: u16) -> bool {
    flags(c) & set != 0
}

/// Returns the full, non-Turkic case folding of `c`: one to three characters.
#[inline]
pub(crate) fn fold(c: char) -> impl Iterator<Item = char> {
    let places = if c.is_ascii() {
        [c.to_ascii_lowercase(), '\0', '\0']
    } else {
        match tables::FOLDS.binary_search_by_key(&c, |entry| entry.0) {
            Ok(at) => tables::FOLDS[at].1,
            Err(_) => [c, '\0', '\0'],
        }
    };
    let len = 1 + places[1..].iter().filter(|c| **c != '\0').count();
    places.into_iter().take(len)
}

/// Returns the ASCII character that replaces the typographic quote or dash `c` in a canonical form,
/// or `c` itself if it is another character.
#[inline]
pub(crate) fn plain(c: char) -> char {
    match tables::TYPOGRAPHIC.binary_search_by_key(&c, |entry| entry.0) {
        Ok(at) if !c.is_ascii() => tables::TYPOGRAPHIC[at].1,
        _ => c,
    }
}

/// Returns the code point at byte `at` of a UTF-8 text, and its length in bytes.
#[inline(always)]
pub(crate) fn decode(text: &[u8], at: usize) -> (u32, usize) {
    let bits = |i: usize, mask: u8| u32::from(text[at + i] & mask);
    match text[at] {
        0..0x80 => (bits(0, 0x7F), 1),
        0x80..0xE0 => (bits(0, 0x1F) << 6 | bits(1, 0x3F), 2),
        0xE0..0xF0 => (bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F), 3),
        0xF0.. => (bits(0, 0x07) << 18 | bits(1, 0x3F) << 12 | bits(2, 0x3F) << 6 | bits(3, 0x3F), 4),
    }
}

/// Returns whether `text` has only white space and default-ignorable characters.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| is(c, SPACE | IGNORABLE))
}

/// Returns the offsets of `text` without the white space at both ends.
pub(crate) fn trim(text: &str) -> (usize, usize) {
    let start = text.len() - text.trim_start_matches(is_space).len();
    let end = start + text[start..].trim_end_matches(is_space).len();
    (start, end)
}

fn is_space(c: char) -> bool {
    match c {
        '\0'..='\x7f' => matches!(c, ' ' | '\t'..='\r'),
        _ => is(c, SPACE),
    }
}

/// Returns the number of ASCII letters and digits in `text`, and whether all of `text` is ASCII, so
/// that the number is its weight.
///
/// Each step reads eight bytes as one word. To compare all of them with a bound, the distance from
/// the bound to 128 is added to each byte of seven bits: the highest bit is then set in the bytes
/// that reach the bound.
pub(crate) fn ascii_weight(text: &[u8]) -> (u64, bool) {
    const fn every(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    // Returns a 1 in each byte of `word` that is a letter or a digit.
    let marks = |word: u64| {
        let ascii = word & every(0x7F);
        let lower = ascii | every(0x20);
        let letters = (lower + every(0x80 - b'a')) & !(lower + every(0x7F - b'z'));
        let digits = (ascii + every(0x80 - b'0')) & !(ascii + every(0x7F - b'9'));
        ((letters | digits) & !word) >> 7 & every(1)
    };
    let (mut weight, mut high) = (0, 0);
    // A byte of `lanes` can count up to 255 words.
    for block in text.chunks(8 * 255) {
        let (mut lanes, mut rest) = (0, block);
        while let Some((word, after)) = rest.split_first_chunk::<8>() {
            let word = u64::from_le_bytes(*word);
            high |= word;
            lanes += marks(word);
            rest = after;
        }
        let halves = 0x00FF_00FF_00FF_00FF;
        weight += ((lanes & halves) + (lanes >> 8 & halves)).wrapping_mul(0x0001_0001_0001_0001) >> 48;
        if !rest.is_empty() {
            // The last eight bytes without those that are counted, or all bytes if there are fewer.
            let word = match block.last_chunk::<8>() {
                Some(last) => u64::from_le_bytes(*last) >> (64 - 8 * rest.len()),
                None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
            };
            high |= word;
            weight += u64::from(marks(word).count_ones());
        }
    }
    (weight, high & every(0x80) == 0)
}

/// Returns the weight in the canonical form of the characters of `text` that are not ASCII, or
/// `None` if the form of one of them depends on the characters next to it. `direct` is the property
/// of characters that have one counterpart in the form each.
pub(crate) fn direct_weight(text: &[u8], direct: u16) -> Option<u64> {
    let mut weight = 0;
    let all_are_direct = each_other(text, |cp| {
        let Class { flags, shift, .. } = class(cp);
        match flags & direct {
            // White space stays white space.
            0 => flags & SPACE != 0,
            _ => {
                weight += weight_of(class(cp.wrapping_add_signed(shift)).flags);
                true
            }
        }
    });
    all_are_direct.then_some(weight)
}

/// Calls `each` with the code points of `text` that are not ASCII, as long as it returns `true`,
/// and returns whether it always did.
#[inline(always)]
fn each_other(text: &[u8], mut each: impl FnMut(u32) -> bool) -> bool {
    let mut at = 0;
    while at < text.len() {
        if let Some(word) = text[at..].first_chunk() {
            let high = u64::from_le_bytes(*word) & 0x8080_8080_8080_8080;
            at += high.trailing_zeros() as usize / 8;
            if high == 0 {
                continue;
            }
        } else if text[at].is_ascii() {
            at += 1;
            continue;
        }
        let (cp, len) = decode(text, at);
        if !each(cp) {
            return false;
        }
        at += len;
    }
    true
}

fn weight_of(flags: u16) -> u64 {
    u64::from(flags & WORDY != 0) + 2 * u64::from(flags & DENSE != 0)
}

/// Returns the weight of `text`, in UTF-8: the number of letters, marks and decimal digits, in
/// which an ideograph, kana or Hangul syllable counts 3. The maximum is `u32::MAX`.
pub(crate) fn weight(text: &[u8]) -> u32 {
    let (mut weight, is_ascii) = ascii_weight(text);
    if !is_ascii {
        each_other(text, |cp| {
            weight += weight_of(class(cp).flags);
            true
        });
    }
    u32::try_from(weight).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
