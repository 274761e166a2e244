//! The words of a canonical form, and their hashes.
//!
//! A word is a run of letters, combining marks and digits; in a script without spaces between
//! words, a word is one letter with its marks. The tables of this crate decide, so words change
//! only together with the canonical form, and do not depend on the feature `uax29`, whose words
//! follow the Unicode version of another crate.

use crate::unicode::{self, DENSE, MARK, WORDY};

/// The part that a character has in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Continues a word, or begins one.
    Letter,
    /// Continues any word, or begins one if there is none.
    Mark,
    /// Begins a word, which only marks continue.
    Whole,
    /// Belongs to no word.
    Other,
}

fn part(cp: u32) -> Part {
    part_of(cp, unicode::class(cp).flags)
}

/// Returns the part of the code point `cp`, whose property bits are `flags`.
#[inline(always)]
pub(crate) fn part_of(cp: u32, flags: u16) -> Part {
    if flags & WORDY == 0 {
        Part::Other
    } else if flags & MARK != 0 {
        Part::Mark
    } else if flags & DENSE != 0 || has_no_spaces(cp) {
        Part::Whole
    } else {
        Part::Letter
    }
}

/// Returns whether `cp` is in a block of a script without ideographs and without spaces between
/// words.
fn has_no_spaces(cp: u32) -> bool {
    matches!(
        cp,
        0xE00..=0xEFF // Thai, Lao
            | 0x1000..=0x109F // Myanmar
            | 0x1780..=0x17FF // Khmer
            | 0x1950..=0x19DF // Tai Le, New Tai Lue
            | 0x1A20..=0x1AAF // Tai Tham
            | 0x1B00..=0x1B7F // Balinese
            | 0xA980..=0xA9FF // Javanese, Myanmar
            | 0xAA60..=0xAADF // Myanmar, Tai Viet
    )
}

/// Returns whether `c` begins a new word after any other character.
pub(crate) fn begins_a_word(c: char) -> bool {
    part(u32::from(c)) == Part::Whole
}

/// Mixes a hash by a bijection in which every input bit affects every output bit (the finalizer of
/// MurmurHash3 with variant 13 of the constants of Stafford 2011, *Better Bit Mixing*).
#[inline(always)]
pub(crate) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

/// Reads the first eight bytes as a little-endian number; missing bytes are zeros.
#[inline(always)]
fn eight(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// Returns the hash of a word, which is mixed in eight bytes at a time. The last eight bytes are
/// padded with zeros. Words of at most eight bytes have different hashes.
pub(crate) fn hash_word(word: &[u8], seed: u64) -> u64 {
    word.chunks(8).fold(mix(seed), |hash, bytes| mix(hash ^ eight(bytes)))
}

const LOW: u64 = u64::from_le_bytes([0x01; 8]);
const HIGH: u64 = LOW << 7;

/// Returns a mask of the ASCII letters and digits among eight bytes: their highest bits.
#[inline(always)]
fn letters(bytes: u64) -> u64 {
    let low = bytes & !HIGH;
    let folded = low | LOW << 5;
    // No sum overflows its byte, because every byte that is added to is at most 127.
    let from = |bytes: u64, first: u8| bytes + LOW * u64::from(0x80 - first);
    let past = |bytes: u64, last: u8| bytes + LOW * u64::from(0x7F - last);
    let letter = from(folded, b'a') & !past(folded, b'z');
    let digit = from(low, b'0') & !past(low, b'9');
    (letter | digit) & !bytes & HIGH
}

/// The number of bytes that are classified at once.
pub(crate) const BLOCK: usize = 64;

/// Returns two masks with one bit for each byte of a block, the first one lowest: the ASCII letters
/// and digits, and the bytes that are not ASCII.
#[inline(always)]
pub(crate) fn block(bytes: &[u8; BLOCK]) -> (u64, u64) {
    // Moves eight marks, the highest bits of eight bytes, side by side.
    let gather = |marks: u64| (marks >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let marks = bytes.chunks_exact(8).rev().map(|bytes| (letters(eight(bytes)), eight(bytes) & HIGH));
    marks.fold((0, 0), |(all, long), (letters, high)| (all << 8 | gather(letters), long << 8 | gather(high)))
}

/// Appends the hashes of the words of a canonical form to `words`, in order.
///
/// ASCII is classified in blocks of 64 bytes, so that the search for a word does not depend on the
/// end of the one before, which the processor cannot predict.
///
/// # Complexity
///
/// Linear in the length of `form`.
pub(crate) fn words(form: &[u8], seed: u64, words: &mut Vec<u64>) {
    let seeded = mix(seed);
    let mut at = 0;
    while let Some(first) = form.get(at) {
        if !first.is_ascii() {
            at = long_words(form, at, &mut |word| words.push(hash_word(word, seed)));
            continue;
        }
        let mut last = [0; BLOCK];
        let bytes = form[at..].first_chunk::<BLOCK>().unwrap_or_else(|| {
            let rest = &form[at..];
            last[..rest.len()].copy_from_slice(rest);
            &last
        });
        let (letters, long) = block(bytes);
        // The words of the block are complete up to the first character that is not ASCII.
        let border = long.trailing_zeros() as usize;
        let mut left = letters & !(u64::MAX.checked_shl(long.trailing_zeros()).unwrap_or(0));
        let mut next = at + border;
        while left != 0 {
            let start = left.trailing_zeros() as usize;
            let len = (!(left >> start)).trailing_zeros() as usize;
            if start + len == border {
                // The word may continue after the border or after the block.
                next = at + start;
                break;
            }
            left &= u64::MAX << (start + len);
            let word = &bytes[start..start + len];
            words.push(match bytes[start..].first_chunk::<8>() {
                Some(eight) if len <= 8 => {
                    mix(seeded ^ u64::from_le_bytes(*eight) & (u64::MAX >> (64 - 8 * len)))
                }
                _ => hash_word(word, seed),
            });
        }
        if next == at || border < BLOCK && next < at + border {
            at = long_words(form, next, &mut |word| words.push(hash_word(word, seed)));
        } else {
            at = next;
        }
    }
}

/// Reads words character by character, from the word or the non-ASCII character at byte `start` to
/// the next character that is in no word. Returns the position after that character.
fn long_words(form: &[u8], mut start: usize, each: &mut impl FnMut(&[u8])) -> usize {
    let mut at = start;
    // Set if the open word is one letter, which only marks continue.
    let mut whole = false;
    while at < form.len() {
        let (cp, len) = unicode::decode(form, at);
        let part = part(cp);
        let ends = match part {
            Part::Mark => false,
            Part::Letter => whole,
            Part::Whole | Part::Other => true,
        };
        if ends && start < at {
            each(&form[start..at]);
        }
        match part {
            Part::Other => return at + len,
            _ if ends => (start, whole) = (at, part == Part::Whole),
            _ => {}
        }
        at += len;
    }
    if start < at {
        each(&form[start..at]);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, seed: u64) -> Vec<u64> {
        let mut all = Vec::new();
        words(text.as_bytes(), seed, &mut all);
        all
    }

    /// Returns the words of `text`, read character by character.
    fn naive(text: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let (mut open, mut whole) = (false, false);
        for c in text.chars() {
            let part = part(u32::from(c));
            if part == Part::Other {
                open = false;
            } else if open && (part == Part::Mark || part == Part::Letter && !whole) {
                all.last_mut().expect("one is open").push(c);
            } else {
                all.push(c.to_string());
                (open, whole) = (true, part == Part::Whole);
            }
        }
        all
    }

    #[test]
    fn words_are_runs_or_single_letters() {
        let cases: [(&str, &[&str]); 13] = [
            ("", &[]),
            (" ,. ", &[]),
            ("a b", &["a", "b"]),
            ("don't stop", &["don", "t", "stop"]),
            ("x_1-y\u{10}Z", &["x", "1", "y", "Z"]),
            ("incomprehensibilities", &["incomprehensibilities"]),
            ("stra\u{DF}e 5", &["stra\u{DF}e", "5"]),
            ("\u{436}\u{438}\u{437}\u{43D}\u{44C}, a", &["\u{436}\u{438}\u{437}\u{43D}\u{44C}", "a"]),
            ("\u{6F22}\u{5B57}abc", &["\u{6F22}", "\u{5B57}", "abc"]),
            ("abc\u{6F22}1", &["abc", "\u{6F22}", "1"]),
            ("\u{E01}\u{E34}\u{E19}", &["\u{E01}\u{E34}", "\u{E19}"]),
            ("\u{301}a \u{301}", &["\u{301}a", "\u{301}"]),
            ("\u{915}\u{94D}\u{937}\u{964} \u{915}", &["\u{915}\u{94D}\u{937}", "\u{915}"]),
        ];
        for (text, expected) in cases {
            assert_eq!(naive(text), expected, "{text:?}");
        }
    }

    /// The classification of eight bytes at a time agrees with the tables of characters.
    #[test]
    fn ascii_masks_agree_with_the_tables() {
        for byte in 0..=255_u8 {
            let is_letter = byte < 128 && part(u32::from(byte)) == Part::Letter;
            for place in 0..8 {
                let mut bytes = [b'%'; 8];
                bytes[place] = byte;
                let expected = if is_letter { 0x80 << (8 * place) } else { 0 };
                assert_eq!(letters(u64::from_le_bytes(bytes)), expected, "{byte}");
            }
            assert!(byte > 127 || is_letter || part(u32::from(byte)) == Part::Other);
        }
    }

    proptest::proptest! {
        #[test]
        fn blocks_agree_with_single_characters(
            text in "[abcd,\u{E9}\u{301}\u{436}\u{6F22}\u{30AB}\u{3099}\u{E01}\u{E34}\u{2019} 1]{0,40}",
            ascii in "[a-z]{0,20} ?[A-Z0-9.]{0,9}[a-z ]{0,200}[a-z]{0,70}\u{E9}?", any: String, seed: u64,
        ) {
            for text in [text, ascii, any] {
                let expected: Vec<u64> =
                    naive(&text).iter().map(|word| hash_word(word.as_bytes(), seed)).collect();
                proptest::prop_assert_eq!(read(&text, seed), expected);
            }
        }
    }
}
