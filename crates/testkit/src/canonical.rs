//! The canonical form as one call of ICU4X after another, with a new string each time.
//!
//! A form is given by its name, which is the text of a `refrain::Normalization`: `raw`,
//! `whitespace`, or `text` with any of `+canonical`, `+references`, `+diacritics`, `+arabic`,
//! `+punctuation` and `+digits`.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed, DecomposingNormalizer};
use icu_properties::props::{
    DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Script, WhiteSpace,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Typographic quotes and dashes, and their replacements.
const TYPOGRAPHIC: [(&str, char); 3] = [
    ("\u{2018}\u{2019}\u{201A}\u{201B}\u{2039}\u{203A}", '\''),
    ("\u{AB}\u{BB}\u{201C}\u{201D}\u{201E}\u{201F}\u{2E42}\u{301D}\u{301E}\u{301F}", '"'),
    ("\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{2E3A}\u{2E3B}", '-'),
];

/// Returns the canonical form of `text` that is named `form`.
pub fn canonical(text: &str, form: &str) -> String {
    if form == "raw" {
        return text.to_owned();
    }
    if form == "whitespace" {
        return collapsed(text);
    }
    let normalizer = compose(form);
    let visible = |text: &str| -> String {
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        let visible = text.chars().filter(|c| !ignorable.contains(*c));
        normalizer.normalize(&visible.collect::<String>()).into_owned()
    };
    let mut normal = visible(text);
    while let Some((range, decoded)) = has(form, "references").then(|| reference(&normal, form)).flatten() {
        normal.replace_range(range, decoded.encode_utf8(&mut [0; 4]));
        normal = visible(&normal);
    }
    let folded = CaseMapper::new().fold_string(&normal).into_owned();
    let base = normalizer.normalize(&folded).into_owned();
    let switched = collapsed(&typographic(&switched(&base, form)));
    if switched.is_empty() { collapsed(&typographic(&nfc(&base))) } else { switched }
}

/// Returns whether the name `form` has this step.
fn has(form: &str, step: &str) -> bool {
    form.split('+').any(|part| part == step)
}

fn compose(form: &str) -> ComposingNormalizerBorrowed<'static> {
    if has(form, "canonical") { ComposingNormalizer::new_nfc() } else { ComposingNormalizer::new_nfkc() }
}

/// Returns `text` in normalization form C.
pub fn nfc(text: &str) -> String {
    ComposingNormalizer::new_nfc().normalize(text).into_owned()
}

/// Returns `text` in normalization form D.
pub fn nfd(text: &str) -> String {
    DecomposingNormalizer::new_nfd().normalize(text).into_owned()
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

/// Returns whether `c` is a mark: general category Mn, Mc or Me.
pub fn is_mark(c: char) -> bool {
    GeneralCategoryGroup::Mark.contains(category(c))
}

fn is_punctuation(c: char) -> bool {
    GeneralCategoryGroup::Punctuation.contains(category(c)) || plain_sign(c) != c
}

/// Returns the first reference that contains no other, and its character. A reference may have
/// characters that the later steps remove or replace.
fn reference(text: &str, form: &str) -> Option<(std::ops::Range<usize>, char)> {
    let without_punctuation = form.replace("+punctuation", "");
    let mut start = None;
    for (at, c) in text.char_indices() {
        if c == '&' {
            start = Some(at);
        } else if let (Some(from), ';') = (start.take_if(|_| c == ';'), c) {
            let folded = CaseMapper::new().fold_string(&text[from..at]).into_owned();
            let name = switched(&nfc(&folded), &without_punctuation.replace("+digits", ""));
            // Digits other than those of ASCII would be replaced by 0.
            let name: String = match has(form, "digits") {
                true => name.chars().map(|c| if c.is_ascii() { c } else { zero(c) }).collect(),
                false => name,
            };
            if let Some(decoded) = named(&name[1..]) {
                return Some((from..at + 1, decoded));
            }
        }
    }
    None
}

/// Returns the character of a few of the names.
fn named(name: &str) -> Option<char> {
    let name = name.to_ascii_lowercase();
    if name.len() > 10 {
        return None;
    }
    if let Some(number) = name.strip_prefix('#') {
        let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
        if digits.starts_with('+') {
            return None;
        }
        return char::from_u32(u32::from_str_radix(digits, radix).ok()?).filter(|c| *c != '\0');
    }
    let known =
        [("amp", '&'), ("lt", '<'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{A0}'), ("shy", '\u{AD}')];
    let more = [
        ("thetasym", '\u{3D1}'),
        ("eacute", '\u{E9}'),
        ("uml", '\u{A8}'),
        ("frac12", '\u{BD}'),
        ("zwj", '\u{200D}'),
        ("eta", '\u{3B7}'),
    ];
    known.into_iter().chain(more).find(|(known, _)| *known == name).map(|(_, c)| c)
}

fn zero(c: char) -> char {
    if category(c) == GeneralCategory::DecimalNumber { '0' } else { c }
}

fn arabic(text: &str, form: &str) -> String {
    let mut folded = String::new();
    let mut alef = false;
    for c in nfd(text).chars() {
        if ('\u{64B}'..='\u{652}').contains(&c) || c == '\u{670}' || c == '\u{640}' {
            continue;
        }
        if is_mark(c) {
            if alef && ['\u{653}', '\u{654}', '\u{655}'].contains(&c) {
                continue;
            }
        } else if !(has(form, "punctuation") && is_punctuation(c)) {
            alef = c == '\u{627}';
        }
        folded.push(match c {
            '\u{649}' => '\u{64A}',
            '\u{629}' => '\u{647}',
            c => c,
        });
    }
    folded
}

fn switched(text: &str, form: &str) -> String {
    let mut text = text.to_owned();
    if has(form, "diacritics") {
        let mut unmarked = String::new();
        let mut european = false;
        for c in nfd(&text).chars() {
            if is_mark(c) {
                if european && category(c) == GeneralCategory::NonspacingMark {
                    continue;
                }
            } else if !(has(form, "punctuation") && is_punctuation(c)
                || has(form, "arabic") && c == '\u{640}')
            {
                let script = CodePointMapData::<Script>::new().get(c);
                european = [Script::Latin, Script::Greek, Script::Cyrillic].contains(&script);
            }
            unmarked.push(c);
        }
        text = unmarked;
    }
    if has(form, "arabic") {
        text = arabic(&text, form);
    }
    if has(form, "punctuation") {
        text.retain(|c| !is_punctuation(c));
    }
    text = nfc(&text);
    if has(form, "digits") {
        text = text.chars().map(zero).collect();
    }
    text
}

fn plain_sign(c: char) -> char {
    TYPOGRAPHIC.iter().find(|(signs, _)| signs.contains(c)).map_or(c, |(_, plain)| *plain)
}

fn typographic(text: &str) -> String {
    text.chars().map(plain_sign).collect()
}

fn collapsed(text: &str) -> String {
    let spaces = CodePointSetData::new::<WhiteSpace>();
    let words: Vec<&str> = text.split(|c| spaces.contains(c)).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
