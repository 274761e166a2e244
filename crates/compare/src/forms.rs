//! The canonical form, computed with other crates as fast as they allow: a step that changes
//! nothing returns its input. `common::by_hand` creates a new string in every step
//! instead.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizer;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

/// Returns the canonical form of `text`, computed with `unicode-normalization`, after its quick
/// checks, and `caseless`.
pub fn quick(text: &str) -> String {
    fn compose(text: &str) -> Cow<'_, str> {
        match is_nfkc_quick(text.chars()) {
            IsNormalized::Yes => Cow::Borrowed(text),
            IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfkc().collect()),
        }
    }
    let visible = visible(text);
    let folded = caseless::default_case_fold_str(&compose(&visible));
    finish(&compose(&folded))
}

/// Returns the canonical form of `text`, computed with `icu_normalizer` and `icu_casemap`.
pub fn icu(text: &str) -> String {
    let compose = ComposingNormalizer::new_nfkc();
    let visible = visible(text);
    let normal = compose.normalize(&visible);
    let folded = CaseMapper::new().fold_string(&normal);
    finish(&compose.normalize(&folded))
}

/// Removes default-ignorable code points.
fn visible(text: &str) -> Cow<'_, str> {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let is_ignorable = |c: char| !c.is_ascii() && ignorable.contains(c);
    if text.contains(is_ignorable) { text.replace(is_ignorable, "").into() } else { text.into() }
}

/// Replaces typographic quotes and dashes by plain ones, and runs of white space by one space, and
/// trims both ends.
fn finish(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    let mut space = false;
    for c in text.trim().chars() {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if std::mem::take(&mut space) {
            form.push(' ');
        }
        form.push(match c {
            '\u{2018}'..='\u{201B}' | '\u{2039}'..='\u{203A}' => '\'',
            '\u{AB}' | '\u{BB}' | '\u{201C}'..='\u{201F}' | '\u{2E42}' | '\u{301D}'..='\u{301F}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2E3A}'..='\u{2E3B}' => '-',
            _ => c,
        });
    }
    form
}
