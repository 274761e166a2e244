//! The canonical form as one would write it first: calls of the crates `unicode-normalization` and
//! `caseless`, with a new string each time. Benches compare `refrain` with it.

use caseless::Caseless as _;
use icu_properties::CodePointSetData;
use icu_properties::props::{DefaultIgnorableCodePoint, WhiteSpace};
use unicode_normalization::UnicodeNormalization as _;

/// Returns the canonical form of `text` that is named `text`.
pub fn canonical(text: &str) -> String {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let space = CodePointSetData::new::<WhiteSpace>();
    let visible: String = text.chars().filter(|c| !ignorable.contains(*c)).collect();
    let normal: String = visible.nfkc().collect();
    let folded: String = normal.chars().default_case_fold().collect();
    let normal: String = folded.nfkc().collect();
    let composed: String = normal.nfc().collect();
    let plain: String = composed.chars().map(plain_sign).collect();
    let words: Vec<&str> = plain.split(|c| space.contains(c)).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn plain_sign(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201B}' | '\u{2039}' | '\u{203A}' => '\'',
        '\u{AB}' | '\u{BB}' | '\u{201C}'..='\u{201F}' | '\u{2E42}' | '\u{301D}'..='\u{301F}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2E3A}' | '\u{2E3B}' => '-',
        _ => c,
    }
}
