//! Character references, such as `&amp;` and `&#233;`, and the characters that they stand for.

use unicode_normalization::UnicodeNormalization as _;

use super::names::NAMES;
use super::{Normalization, Step, slow};
use crate::unicode::{self, DIGIT, EUROPEAN, MARK, NONSPACING, UNASSIGNED};
use crate::work;

/// The number of characters of the longest reference: `&thetasym;`, or a number with some zeros in
/// front.
const LONGEST: usize = 12;

/// Returns `text` with its references decoded, or `None` if it has none.
///
/// Decoding goes from left to right. A decoded character may be a part of another reference, as in
/// `&amp;lt;`, so at the end of each reference the ones before it are looked at again, and no
/// reference is left. Time is linear in the length of the text.
///
/// References are recognized in the form that the text would have with the later steps. Otherwise
/// such a step could make a reference, for example of `&\u{E1}mp;` without diacritics.
pub(super) fn decode(text: &str, form: Normalization) -> Option<String> {
    if !may_begin(text) {
        return None;
    }
    let mut decoder =
        Decoder { form, out: String::with_capacity(text.len()), open: Vec::new(), decoded: false };
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| unicode::is(*c, UNASSIGNED)) {
        decoder.push_part(&text[start..at]);
        decoder.push(c);
        start = at + c.len_utf8();
    }
    decoder.push_part(&text[start..]);
    decoder.decoded.then_some(decoder.out)
}

/// Returns whether `text` has a character that the later steps make an ampersand, if it is none.
fn may_begin(text: &str) -> bool {
    let is_variant = || text.contains(['\u{FE60}', '\u{FF06}']);
    memchr::memchr(b'&', text.as_bytes()).is_some() || !text.is_ascii() && is_variant()
}

/// A reference that has begun.
struct Open {
    /// Its place in the output.
    start: usize,
    /// Its characters so far, in the form that they would have.
    form: String,
    /// True if the last of them that is not a mark is a letter whose marks are removed.
    european: bool,
}

struct Decoder {
    form: Normalization,
    out: String,
    /// The references that have begun, each inside the one before it.
    open: Vec<Open>,
    decoded: bool,
}

impl Decoder {
    /// Adds a part of the text in which every code point is assigned.
    fn push_part(&mut self, part: &str) {
        let visible = slow::visible(part);
        if self.form.has(Step::Canonical) {
            visible.nfc().for_each(|c| self.push(c));
        } else {
            visible.nfkc().for_each(|c| self.push(c));
        }
    }

    /// Adds a character, and decodes the reference that ends with it.
    fn push(&mut self, c: char) {
        work::count(1);
        if c == '&' {
            let (start, form) = (self.out.len(), String::from('&'));
            self.open.push(Open { start, form, european: false });
        } else if let Some(open) = self.open.last_mut() {
            if !open.extend(c, self.form) {
                // The references around it have this character too.
                self.open.clear();
            } else if c == ';' {
                let open = self.open.pop();
                if let Some((start, decoded)) = open.and_then(|open| Some((open.start, open.decode()?))) {
                    self.decoded = true;
                    self.out.truncate(start);
                    let mut buffer = [0; 4];
                    match unicode::is(decoded, UNASSIGNED) {
                        true => self.push(decoded),
                        false => self.push_part(decoded.encode_utf8(&mut buffer)),
                    }
                    return;
                }
                self.open.clear();
            }
        }
        self.out.push(c);
    }
}

impl Open {
    /// Adds a character, and returns whether this can still be a reference.
    fn extend(&mut self, c: char, form: Normalization) -> bool {
        let folded: &mut dyn Iterator<Item = char> = &mut unicode::fold(c);
        for c in folded.nfd() {
            if form.removes_in_arabic(c) {
                continue;
            }
            if unicode::is(c, MARK) {
                let is_removed = self.european && form.has(Step::Diacritics) && unicode::is(c, NONSPACING);
                if is_removed {
                    continue;
                }
                return false;
            }
            self.european = unicode::is(c, EUROPEAN);
            let c = if !c.is_ascii() && unicode::is(c, DIGIT) && form.has(Step::Digits) { '0' } else { c };
            if !(c.is_ascii_alphanumeric() || c == '#' || c == ';') || self.form.len() == LONGEST {
                return false;
            }
            self.form.push(c);
        }
        true
    }

    /// Returns the character of the reference, which ends with a semicolon.
    fn decode(&self) -> Option<char> {
        let name = self.form.strip_prefix('&')?.strip_suffix(';')?;
        if let Some(number) = name.strip_prefix('#') {
            let number = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            return char::from_u32(number.ok()?).filter(|c| *c != '\0');
        }
        let at = NAMES.binary_search_by_key(&name, |(known, _)| known).ok()?;
        Some(NAMES[at].1)
    }
}
