//! Character properties, read from `properties.txt`.

use std::sync::LazyLock;

/// The properties of each character, and the case foldings.
struct Properties {
    names: Vec<&'static str>,
    /// A number for each character: its nth bit is set if the character has the nth property.
    of_characters: Vec<u16>,
    /// Characters and their full case foldings, sorted.
    folds: Vec<(char, String)>,
}

static PROPERTIES: LazyLock<Properties> = LazyLock::new(|| {
    let mut names = Vec::new();
    let mut of_characters = vec![0; char::MAX as usize + 1];
    let mut folds = Vec::new();
    for line in include_str!("properties.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            names.push(name);
            continue;
        }
        for item in line.split(' ') {
            if let Some((first, last)) = item.split_once('-') {
                for of_character in &mut of_characters[number(first) as usize..=number(last) as usize] {
                    *of_character |= 1 << (names.len() - 1);
                }
            } else if let Some((from, to)) = item.split_once('=') {
                let to = to.split('+').map(|to| character(number(to)));
                folds.push((character(number(from)), to.collect()));
            }
        }
    }
    Properties { names, of_characters, folds }
});

fn number(digits: &str) -> u32 {
    u32::from_str_radix(digits, 16).expect("a hexadecimal number")
}

fn character(number: u32) -> char {
    char::from_u32(number).expect("a character")
}

/// Returns whether `c` has the property: `ignorable`, `space`, `unassigned`, `letter`, `mark`,
/// `nonspacing`, `punctuation`, `decimal`, `ideographic`, `european` for the scripts Latin, Greek
/// and Cyrillic, or `kana` for Hiragana and Katakana.
///
/// # Panics
///
/// If there is no property with this name.
pub fn has(property: &str, c: char) -> bool {
    let number = PROPERTIES.names.iter().position(|name| *name == property);
    let number = number.unwrap_or_else(|| panic!("there is no property `{property}`"));
    PROPERTIES.of_characters[c as usize] >> number & 1 == 1
}

/// Returns the full, non-Turkic case folding of `text`.
pub fn fold(text: &str) -> String {
    let folds = &PROPERTIES.folds;
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match folds.binary_search_by_key(&c, |(from, _)| *from) {
            Ok(at) => folded += &folds[at].1,
            Err(_) => folded.push(c),
        }
    }
    folded
}
