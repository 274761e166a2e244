//! The words from which true pairs are computed: runs of letters, marks and digits of the canonical
//! form, or letters with their marks in scripts without spaces between words.

use crate::common::by_hand;
use icu_properties::props::{
    GeneralCategory as Category, GeneralCategoryGroup as Group, Ideographic, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Returns the words of `text`.
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    // Set if a word is open, and if only marks continue it.
    let (mut open, mut whole) = (false, false);
    for c in by_hand::canonical(text).chars() {
        let (is_mark, is_whole) = (is_mark(c), is_whole_word(c));
        if !is_mark && !is_letter(c) {
            open = false;
        } else if open && (is_mark || !whole && !is_whole) {
            tokens.last_mut().expect("a word is open").push(c);
        } else {
            tokens.push(c.to_string());
            (open, whole) = (true, is_whole);
        }
    }
    tokens
}

fn is_mark(c: char) -> bool {
    !c.is_ascii() && Group::Mark.contains(CodePointMapData::<Category>::new().get(c))
}

fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    let category = CodePointMapData::<Category>::new().get(c);
    Group::Letter.contains(category) || category == Category::DecimalNumber
}

fn is_whole_word(c: char) -> bool {
    const SPACELESS: [Script; 6] =
        [Script::Hiragana, Script::Katakana, Script::Thai, Script::Lao, Script::Myanmar, Script::Khmer];
    let script = || CodePointMapData::<Script>::new().get(c);
    let is_syllable = ('\u{AC00}'..='\u{D7A3}').contains(&c) || c == '\u{30FC}';
    !c.is_ascii()
        && (is_syllable
            || CodePointSetData::new::<Ideographic>().contains(c)
            || SPACELESS.contains(&script()))
}

/// Checks that `gaoya` splits generated documents into the same words.
pub fn check(texts: &[&str]) {
    for text in texts {
        let lower = text.to_lowercase();
        let of_gaoya: Vec<&str> = ::gaoya::text::whitespace_split(&lower).collect();
        assert_eq!(tokens(text), of_gaoya);
    }
    assert_eq!(
        tokens("Don't stop, \u{6F22}\u{5B57}abc: \u{E01}\u{E34}\u{E19}"),
        ["don", "t", "stop", "\u{6F22}", "\u{5B57}", "abc", "\u{E01}\u{E34}", "\u{E19}"]
    );
}
