//! The canonical form as one would write it first: calls of the crates `unicode-normalization` and
//! `caseless`, with a new string each time.

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;

/// Returns the canonical form of `text` that is named `text`.
pub fn canonical(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_ignorable(*c)).collect();
    let normal: String = visible.nfkc().collect();
    let folded: String = normal.chars().default_case_fold().collect();
    let normal: String = folded.nfkc().collect();
    let composed: String = normal.nfc().collect();
    let plain: String = composed.chars().map(plain_sign).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}

/// Returns whether `c` has the property Default_Ignorable_Code_Point.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

fn plain_sign(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201B}' | '\u{2039}' | '\u{203A}' => '\'',
        '\u{AB}' | '\u{BB}' | '\u{201C}'..='\u{201F}' | '\u{2E42}' | '\u{301D}'..='\u{301F}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2E3A}' | '\u{2E3B}' => '-',
        _ => c,
    }
}
