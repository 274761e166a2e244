//! A canonical form to its words.
//!
//! A word is a run of letters, marks and digits; where a script has no spaces, one letter with its marks. It is cut out
//! of the canonical form by this crate's own tables, so it is frozen as the form is. It does not depend on the feature
//! `uax29`, whose words follow the Unicode version of a library.

use crate::unicode::{self, DENSE, MARK, WORDY};

/// What a byte of a canonical form is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    Letter,
    Other,
    /// Of a character that is not ASCII.
    Long,
}

const BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Long; 256];
    let mut at = 0;
    while at < 128 {
        bytes[at] = if (at as u8).is_ascii_alphanumeric() { Byte::Letter } else { Byte::Other };
        at += 1;
    }
    bytes
};

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

/// Thai, Lao, Burmese and Khmer, whose words stand without spaces and are no ideographs.
fn has_no_spaces(cp: u32) -> bool {
    matches!(cp, 0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF)
}

/// Whether a new word begins with `c`, whatever stands before it.
pub(crate) fn begins_a_word(c: char) -> bool {
    part(u32::from(c)) == Part::Whole
}

/// Hands `each` the words of a canonical form, in order.
#[inline]
pub(crate) fn words<'f>(form: &'f [u8], mut each: impl FnMut(&'f [u8])) {
    let byte = |at: usize| form.get(at).map(|byte| BYTES[usize::from(*byte)]);
    let mut at = 0;
    loop {
        while byte(at) == Some(Byte::Other) {
            at += 1;
        }
        let start = at;
        while byte(at) == Some(Byte::Letter) {
            at += 1;
        }
        match byte(at) {
            Some(Byte::Long) => at = long_words(form, start, at, &mut each),
            next => {
                if start < at {
                    each(&form[start..at]);
                }
                if next.is_none() {
                    return;
                }
            }
        }
    }
}

/// The same from the first character on that is not ASCII, up to the end of its run of words. A word is open from
/// `start` on if that is before `at`.
fn long_words<'f>(form: &'f [u8], mut start: usize, mut at: usize, each: &mut impl FnMut(&'f [u8])) -> usize {
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

    fn split(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        words(text.as_bytes(), |word| all.push(std::str::from_utf8(word).expect("cut between characters")));
        all
    }

    #[test]
    fn words_are_runs_or_single_letters() {
        let cases: [(&str, &[&str]); 12] = [
            ("", &[]),
            (" ,. ", &[]),
            ("a b", &["a", "b"]),
            ("don't stop", &["don", "t", "stop"]),
            ("x_1-y", &["x", "1", "y"]),
            ("stra\u{DF}e 5", &["stra\u{DF}e", "5"]),
            ("\u{436}\u{438}\u{437}\u{43D}\u{44C}, a", &["\u{436}\u{438}\u{437}\u{43D}\u{44C}", "a"]),
            ("\u{6F22}\u{5B57}abc", &["\u{6F22}", "\u{5B57}", "abc"]),
            ("abc\u{6F22}1", &["abc", "\u{6F22}", "1"]),
            ("\u{E01}\u{E34}\u{E19}", &["\u{E01}\u{E34}", "\u{E19}"]),
            ("\u{301}a \u{301}", &["\u{301}a", "\u{301}"]),
            ("\u{915}\u{94D}\u{937}\u{964} \u{915}", &["\u{915}\u{94D}\u{937}", "\u{915}"]),
        ];
        for (text, expected) in cases {
            assert_eq!(split(text), expected, "{text:?}");
        }
    }

    /// The table of bytes says what the tables of characters say.
    #[test]
    fn ascii_is_as_the_tables_have_it() {
        for byte in 0..128_u8 {
            let is_letter = part(u32::from(byte)) == Part::Letter;
            assert_eq!(BYTES[usize::from(byte)] == Byte::Letter, is_letter, "{byte}");
            assert!(is_letter || part(u32::from(byte)) == Part::Other);
        }
    }

    /// One character after another, without the fast way for ASCII.
    fn naive(text: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let (mut open, mut whole) = (false, false);
        for c in text.chars() {
            match part(u32::from(c)) {
                Part::Other => open = false,
                Part::Mark | Part::Letter if open && !(whole && part(u32::from(c)) == Part::Letter) => {
                    if let Some(last) = all.last_mut() {
                        last.push(c);
                    }
                }
                kind => {
                    all.push(c.to_string());
                    (open, whole) = (true, kind == Part::Whole);
                }
            }
        }
        all
    }

    proptest::proptest! {
        #[test]
        fn the_fast_way_is_the_plain_way(
            text in "[ab,\u{E9}\u{301}\u{436}\u{6F22}\u{30AB}\u{3099}\u{E01}\u{E34}\u{2019} 1]{0,30}", any: String,
        ) {
            for text in [text, any] {
                proptest::prop_assert_eq!(split(&text), naive(&text));
            }
        }
    }
}
