//! The canonical form by other crates, as fast as they make it without tables of one's own: a step that has nothing
//! to do gives back what it was given. The same with a new string at every step is `plain`, that of the benches.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizer;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

/// `unicode-normalization`, asked first whether there is anything to do, and `caseless`.
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

/// `icu_normalizer` and `icu_casemap`.
pub fn icu(text: &str) -> String {
    let compose = ComposingNormalizer::new_nfkc();
    let visible = visible(text);
    let normal = compose.normalize(&visible);
    let folded = CaseMapper::new().fold_string(&normal);
    finish(&compose.normalize(&folded))
}

/// `text` without what cannot be seen.
fn visible(text: &str) -> Cow<'_, str> {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let is_ignorable = |c: char| !c.is_ascii() && ignorable.contains(c);
    if text.contains(is_ignorable) { text.replace(is_ignorable, "").into() } else { text.into() }
}

/// Plain quotes and dashes, one space between words, none at the ends.
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
