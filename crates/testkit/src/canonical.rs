//! The canonical form, one step after another, with a new string each time. Like the library, it
//! uses `unicode-normalization`; the tests of `refrain-tables` compare its steps with ICU4X.
//!
//! A form is given by its name, which is the text of a `refrain::Normalization`: `raw`,
//! `whitespace`, or `text` with any of `+canonical`, `+references`, `+diacritics`, `+arabic`,
//! `+punctuation` and `+digits`.

use unicode_normalization::UnicodeNormalization as _;

use crate::properties::{fold, has};

/// Characters that took part in some mistake of some normalizer, and their neighbors.
pub const INTERESTING: &str = concat!(
    "aA zZ\t\n'\"-=!<09.,_",
    "\u{0}\u{1f}\u{7f}\u{85}\u{a0}\u{a8}\u{aa}\u{ab}\u{ad}\u{b2}\u{b4}\u{b5}\u{bc}",
    "\u{c5}\u{d8}\u{df}\u{e9}\u{f8}\u{130}\u{131}\u{149}\u{17f}\u{1c4}\u{1f0}\u{2bc}\u{2d8}",
    "\u{300}\u{301}\u{307}\u{308}\u{30a}\u{315}\u{323}\u{327}\u{331}\u{338}\u{342}\u{344}\u{345}\u{34f}\u{360}",
    "\u{37a}\u{37e}\u{390}\u{3a3}\u{3b1}\u{3b9}\u{3c2}\u{3c3}\u{3d2}\u{3f4}\u{410}\u{419}\u{456}\u{488}",
    "\u{558}\u{587}\u{5d0}\u{5b0}\u{61c}\u{622}\u{627}\u{64b}\u{653}\u{660}\u{928}\u{93c}\u{958}\u{966}\u{9be}\u{9c7}",
    "\u{e33}\u{e40}\u{f71}\u{f73}\u{1100}\u{1112}\u{115f}\u{1160}\u{1161}\u{11a7}\u{11a8}\u{13a0}\u{13f8}\u{ab70}",
    "\u{180b}\u{180e}\u{1c80}\u{1e9b}\u{1e9e}\u{1f80}\u{1fb3}\u{1fb6}\u{1fbd}\u{1fc1}\u{1ffe}",
    "\u{2000}\u{200b}\u{200d}\u{2010}\u{2011}\u{2014}\u{2019}\u{201c}\u{2026}\u{2028}\u{2033}\u{2065}\u{20dd}",
    "\u{2126}\u{212a}\u{2160}\u{2212}\u{226e}\u{2460}\u{2adc}\u{2e42}\u{3000}\u{3007}\u{301d}\u{3042}\u{304b}\u{3099}\u{309b}",
    "\u{30ab}\u{30fb}\u{30fc}\u{3164}\u{3231}\u{4e00}\u{ac00}\u{ac01}\u{d7a3}\u{e000}\u{f900}\u{fb01}\u{fb1d}\u{fdfa}",
    "\u{fe0f}\u{fe58}\u{fe63}\u{feff}\u{ff01}\u{ff07}\u{ff0d}\u{ff21}\u{ff76}\u{ff9e}\u{ffa0}\u{fffd}\u{ffff}",
    "\u{10400}\u{110ba}\u{11099}\u{1109a}\u{1cCD6}\u{1d157}\u{1d165}\u{1d173}\u{1d7ce}\u{1e900}\u{1f1e6}\u{1f469}\u{20000}\u{2fa1d}",
    "\u{378}\u{e0001}\u{e0080}\u{10ffff}",
);

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
    let visible = |text: &str| -> String {
        let visible: String = text.chars().filter(|c| !has("ignorable", *c)).collect();
        composed(&visible, form)
    };
    let mut normal = visible(text);
    while let Some((range, decoded)) =
        includes(form, "references").then(|| reference(&normal, form)).flatten()
    {
        normal.replace_range(range, decoded.encode_utf8(&mut [0; 4]));
        normal = visible(&normal);
    }
    let base = composed(&fold(&normal), form);
    let switched = collapsed(&typographic(&switched(&base, form)));
    if switched.is_empty() { collapsed(&typographic(&nfc(&base))) } else { switched }
}

/// Returns whether the name `form` has this step.
fn includes(form: &str, step: &str) -> bool {
    form.split('+').any(|part| part == step)
}

/// Returns `text` in normalization form C, or KC if the form equates compatible characters.
fn composed(text: &str, form: &str) -> String {
    if includes(form, "canonical") { nfc(text) } else { nfkc(text) }
}

/// Returns `text` in normalization form C.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// Returns `text` in normalization form KC.
pub fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}

/// Returns `text` in normalization form D.
pub fn nfd(text: &str) -> String {
    text.nfd().collect()
}

/// Returns whether `c` is a mark: general category Mn, Mc or Me.
pub fn is_mark(c: char) -> bool {
    has("mark", c)
}

fn is_punctuation(c: char) -> bool {
    has("punctuation", c) || plain_sign(c) != c
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
            let name = switched(&nfc(&fold(&text[from..at])), &without_punctuation.replace("+digits", ""));
            // Digits other than those of ASCII would be replaced by 0.
            let name: String = match includes(form, "digits") {
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
    if has("decimal", c) { '0' } else { c }
}

fn arabic(text: &str, form: &str) -> String {
    let mut folded = String::new();
    let mut alef = false;
    let without_punctuation = includes(form, "punctuation");
    for c in nfd(text).chars() {
        if ('\u{64B}'..='\u{652}').contains(&c) || c == '\u{670}' || c == '\u{640}' {
            continue;
        }
        if is_mark(c) {
            if alef && ['\u{653}', '\u{654}', '\u{655}'].contains(&c) {
                continue;
            }
        } else if !(without_punctuation && is_punctuation(c)) {
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
    if includes(form, "diacritics") {
        let mut unmarked = String::new();
        let mut european = false;
        let (without_punctuation, is_arabic) = (includes(form, "punctuation"), includes(form, "arabic"));
        for c in nfd(&text).chars() {
            if is_mark(c) {
                if european && has("nonspacing", c) {
                    continue;
                }
            } else if !(without_punctuation && is_punctuation(c) || is_arabic && c == '\u{640}') {
                european = has("european", c);
            }
            unmarked.push(c);
        }
        text = unmarked;
    }
    if includes(form, "arabic") {
        text = arabic(&text, form);
    }
    if includes(form, "punctuation") {
        text.retain(|c| !is_punctuation(c));
    }
    text = nfc(&text);
    if includes(form, "digits") {
        text = text.chars().map(zero).collect();
    }
    text
}

fn plain_sign(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    TYPOGRAPHIC.iter().find(|(signs, _)| signs.contains(c)).map_or(c, |(_, plain)| *plain)
}

fn typographic(text: &str) -> String {
    text.chars().map(plain_sign).collect()
}

fn collapsed(text: &str) -> String {
    let words: Vec<&str> = text.split(|c| has("space", c)).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
