//! A canonical form to its words.
//!
//! A word is a run of letters, marks and digits; where a script has no spaces, one letter with its marks. It
//! is cut out of the canonical form by this crate's own tables, so it is frozen as the form is. It does not
//! depend on the feature `uax29`, whose words follow the Unicode version of a library.

use crate::unicode::{self, DENSE, MARK, WORDY};

/// What a character is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Goes on with the word before it, or begins one.
    Letter,
    /// Goes on with whatever is before it.
    Mark,
    /// Is a word by itself, with the marks that follow.
    Whole,
    Other,
}

fn part(cp: u32) -> Part {
    let flags = unicode::class(cp).flags;
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

/// Scripts that are no ideographs and have no spaces between words, by their blocks.
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

/// Whether a new word begins with `c`, whatever stands before it.
pub(crate) fn begins_a_word(c: char) -> bool {
    part(u32::from(c)) == Part::Whole
}

/// A bijection that spreads every bit over all others (Stafford's variant 13 of the finaliser of
/// MurmurHash3).
#[inline(always)]
pub(crate) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

/// The first eight bytes of `bytes` as a number, the first one lowest; zeros where there are none.
#[inline(always)]
fn eight(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// The fingerprint of a word: eight bytes at a time, from the first on, are taken in and mixed; zeros fill up
/// the last eight. No two words of up to eight bytes have the same.
fn fingerprint(word: &[u8], seed: u64) -> u64 {
    word.chunks(8).fold(mix(seed), |hash, bytes| mix(hash ^ eight(bytes)))
}

const LOW: u64 = u64::from_le_bytes([0x01; 8]);
const HIGH: u64 = LOW << 7;

/// Which of eight bytes are ASCII letters or digits: the highest bit of each that is one.
#[inline(always)]
fn letters(bytes: u64) -> u64 {
    let low = bytes & !HIGH;
    let folded = low | LOW << 5;
    // No sum leaves its byte, for none of the bytes that are added to is above 127.
    let from = |bytes: u64, first: u8| bytes + LOW * u64::from(0x80 - first);
    let past = |bytes: u64, last: u8| bytes + LOW * u64::from(0x7F - last);
    let letter = from(folded, b'a') & !past(folded, b'z');
    let digit = from(low, b'0') & !past(low, b'9');
    (letter | digit) & !bytes & HIGH
}

/// How many bytes are looked at together.
const BLOCK: usize = 64;

/// For each byte of a block one bit, the first one lowest: whether it is an ASCII letter or digit, and
/// whether it is not ASCII.
fn block(bytes: &[u8; BLOCK]) -> (u64, u64) {
    // Eight marks, each the highest bit of a byte, moved side by side.
    let gather = |marks: u64| (marks >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let marks = bytes.chunks_exact(8).rev().map(|bytes| (letters(eight(bytes)), eight(bytes) & HIGH));
    marks.fold((0, 0), |(all, long), (letters, high)| (all << 8 | gather(letters), long << 8 | gather(high)))
}

/// Appends the fingerprints of the words of a canonical form, in order.
///
/// ASCII is looked at in blocks: the ends of words are as hard to foresee as their lengths, and to find the
/// next one should not have to wait for the one before.
pub(crate) fn words(form: &[u8], seed: u64, words: &mut Vec<u64>) {
    let seeded = mix(seed);
    let mut at = 0;
    while let Some(first) = form.get(at) {
        if !first.is_ascii() {
            at = long_words(form, at, &mut |word| words.push(fingerprint(word, seed)));
            continue;
        }
        let mut last = [0; BLOCK];
        let bytes = form[at..].first_chunk::<BLOCK>().unwrap_or_else(|| {
            let rest = &form[at..];
            last[..rest.len()].copy_from_slice(rest);
            &last
        });
        let (letters, long) = block(bytes);
        // Up to the first character that is not ASCII, the words are those of the block.
        let border = long.trailing_zeros() as usize;
        let mut left = letters & !(u64::MAX.checked_shl(long.trailing_zeros()).unwrap_or(0));
        let mut next = at + border;
        while left != 0 {
            let start = left.trailing_zeros() as usize;
            let len = (!(left >> start)).trailing_zeros() as usize;
            if start + len == border {
                // It may go on behind the border, or behind the block.
                next = at + start;
                break;
            }
            left &= u64::MAX << (start + len);
            let word = &bytes[start..start + len];
            words.push(match bytes[start..].first_chunk::<8>() {
                Some(eight) if len <= 8 => {
                    mix(seeded ^ u64::from_le_bytes(*eight) & (u64::MAX >> (64 - 8 * len)))
                }
                _ => fingerprint(word, seed),
            });
        }
        if next == at || border < BLOCK && next < at + border {
            at = long_words(form, next, &mut |word| words.push(fingerprint(word, seed)));
        } else {
            at = next;
        }
    }
}

/// The same, one character after another, up to the end of the run of words that begins at byte `start`, at a
/// character that is not ASCII or a word that is longer than a block.
fn long_words(form: &[u8], mut start: usize, each: &mut impl FnMut(&[u8])) -> usize {
    let mut at = start;
    // Whether the open word is one letter and takes nothing but marks.
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

    /// One character after another.
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

    /// What is looked at eight bytes at a time is what the tables of characters say.
    #[test]
    fn ascii_is_as_the_tables_have_it() {
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
        fn the_fast_way_is_the_plain_way(
            text in "[abcd,\u{E9}\u{301}\u{436}\u{6F22}\u{30AB}\u{3099}\u{E01}\u{E34}\u{2019} 1]{0,40}",
            ascii in "[a-z]{0,20} ?[A-Z0-9.]{0,9}[a-z ]{0,200}[a-z]{0,70}\u{E9}?", any: String, seed: u64,
        ) {
            for text in [text, ascii, any] {
                let expected: Vec<u64> =
                    naive(&text).iter().map(|word| fingerprint(word.as_bytes(), seed)).collect();
                proptest::prop_assert_eq!(read(&text, seed), expected);
            }
        }
    }
}
