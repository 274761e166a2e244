//! What this crate knows of characters: its own frozen tables, of one Unicode version.
//!
//! The standard library's tables move with the compiler, so nothing here uses them: a fingerprint or a
//! weight must not depend on who compiled it.

mod tables;

pub(crate) use tables::{
    DENSE, DIGIT, EUROPEAN, IGNORABLE, MARK, NONSPACING, PUNCTUATION, SPACE, STABLE, STABLE_NFC, UNASSIGNED,
    VERSION, WORDY,
};

/// The properties of `c`, a set of the bits above.
#[inline]
pub(crate) fn flags(c: char) -> u16 {
    let cp = c as usize;
    let block = usize::from(tables::INDEX[cp / tables::BLOCK]);
    let class = tables::BLOCKS[block * tables::BLOCK + cp % tables::BLOCK];
    tables::CLASSES[usize::from(class)]
}

/// Whether `c` has one of the properties of `set`.
#[inline]
pub(crate) fn is(c: char, set: u16) -> bool {
    flags(c) & set != 0
}

/// The full, non-Turkic case folding of `c`: one to three characters.
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

/// Typographic quotes and dashes, and the ASCII character that stands for each in a canonical form.
///
/// CJK corner brackets and characters of compatibility that NFKC resolves are left out, and so is
/// U+02BC, the apostrophe that is a letter.
pub(crate) const TYPOGRAPHIC: [(char, char); 25] = [
    ('\u{AB}', '"'),
    ('\u{BB}', '"'),
    ('\u{2010}', '-'),
    ('\u{2011}', '-'),
    ('\u{2012}', '-'),
    ('\u{2013}', '-'),
    ('\u{2014}', '-'),
    ('\u{2015}', '-'),
    ('\u{2018}', '\''),
    ('\u{2019}', '\''),
    ('\u{201A}', '\''),
    ('\u{201B}', '\''),
    ('\u{201C}', '"'),
    ('\u{201D}', '"'),
    ('\u{201E}', '"'),
    ('\u{201F}', '"'),
    ('\u{2039}', '\''),
    ('\u{203A}', '\''),
    ('\u{2212}', '-'),
    ('\u{2E3A}', '-'),
    ('\u{2E3B}', '-'),
    ('\u{2E42}', '"'),
    ('\u{301D}', '"'),
    ('\u{301E}', '"'),
    ('\u{301F}', '"'),
];

/// The ASCII character for a typographic quote or dash, or `c` itself.
#[inline]
pub(crate) fn plain(c: char) -> char {
    match c {
        '\u{AB}' | '\u{BB}' => '"',
        '\u{2010}'..='\u{301F}' => match TYPOGRAPHIC.binary_search_by_key(&c, |entry| entry.0) {
            Ok(at) => TYPOGRAPHIC[at].1,
            Err(_) => c,
        },
        _ => c,
    }
}

/// Whether `text` is nothing but white space and default-ignorable characters.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| is(c, SPACE | IGNORABLE))
}

/// `text` without the white space around it, as the offsets of what is left.
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

/// How much text this is: letters, marks and decimal digits, an ideograph, kana or Hangul syllable
/// counting 3. Saturates at `u32::MAX`.
pub(crate) fn weight(text: &str) -> u32 {
    let mut weight: u64 = 0;
    for c in text.chars() {
        let flags = flags(c);
        weight += u64::from(flags & WORDY != 0) + 2 * u64::from(flags & DENSE != 0);
    }
    u32::try_from(weight).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
