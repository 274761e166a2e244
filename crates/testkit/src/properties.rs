//! Character properties, read from `properties.txt`.

use std::sync::LazyLock;

/// The characters with a property, and the case foldings.
struct Properties {
    /// The sections of the file: the name, and the first and last characters of ranges.
    sections: Vec<(&'static str, Vec<(u32, u32)>)>,
    /// Characters and their full case foldings, sorted.
    folds: Vec<(char, String)>,
}

static PROPERTIES: LazyLock<Properties> = LazyLock::new(|| {
    let mut properties = Properties { sections: Vec::new(), folds: Vec::new() };
    for line in include_str!("properties.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            properties.sections.push((name, Vec::new()));
            continue;
        }
        for item in line.split(' ') {
            if let Some((first, last)) = item.split_once('-') {
                let (_, ranges) = properties.sections.last_mut().expect("a section begins with its name");
                ranges.push((number(first), number(last)));
            } else if let Some((from, to)) = item.split_once('=') {
                let to = to.split('+').map(|to| character(number(to)));
                properties.folds.push((character(number(from)), to.collect()));
            }
        }
    }
    properties
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
    let section = PROPERTIES.sections.iter().find(|(name, _)| *name == property);
    let (_, ranges) = section.unwrap_or_else(|| panic!("there is no property `{property}`"));
    let cp = u32::from(c);
    let after = ranges.partition_point(|(first, _)| *first <= cp);
    after > 0 && cp <= ranges[after - 1].1
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
