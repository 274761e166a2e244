//! Undoes hyphenation: a word that a line end splits is compared as one word.

use super::lines::LineEnds;
use crate::unicode::{self, DIGIT, IGNORABLE, MARK, SPACE, WORDY};

/// The hyphens at which a line may end. A soft hyphen is already left out of every canonical form.
const HYPHENS: [char; 2] = ['-', '\u{2010}'];

/// Returns `text` with each word that a hyphen and a line end split as one word, or `None` if there
/// is no such word. The word continues with a lowercase letter, or with a letter of a script
/// without case.
///
/// # Complexity
///
/// Linear in the length of `text`.
pub(crate) fn without_hyphens(text: &str) -> Option<Box<str>> {
    let mut joined = String::new();
    let mut start = 0;
    for end in LineEnds::new(text) {
        let Some(line) = text.get(start..end.start()) else { continue };
        let before = line.trim_end_matches(|c: char| unicode::is(c, SPACE));
        let word = before.trim_end_matches('\u{AD}');
        let word = if word.len() < before.len() { word } else { word.trim_end_matches(HYPHENS) };
        let is_one_hyphen = before[word.len()..].chars().count() == 1;
        let rest = text[end.end()..].trim_start_matches(|c: char| unicode::is(c, SPACE));
        let continues = rest.chars().next().is_some_and(continues_a_word);
        if is_one_hyphen && continues && ends_with_letter(word) {
            joined.push_str(word);
            start = text.len() - rest.len();
        }
    }
    if start == 0 {
        return None;
    }
    joined.push_str(&text[start..]);
    Some(joined.into())
}

/// Returns whether a word that a line end splits may continue with `c`: a lowercase letter, or a
/// letter of a script without case. The tables of this crate decide, because fingerprints depend on
/// it.
fn continues_a_word(c: char) -> bool {
    let mut folded = unicode::fold(c);
    let is_upper = folded.next() != Some(c) && folded.next().is_none();
    unicode::is(c, WORDY) && !unicode::is(c, MARK | DIGIT) && !is_upper
}

fn ends_with_letter(word: &str) -> bool {
    let last = word.chars().rev().find(|c| !unicode::is(*c, IGNORABLE));
    last.is_some_and(|c| unicode::is(c, WORDY) && !unicode::is(c, DIGIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_at_a_line_end_is_joined() {
        for (text, joined) in [
            ("the har-\nbor", "the harbor"),
            ("the har\u{2010}\r\n  bor and the fer-\n\nry", "the harbor and the ferry"),
            ("the har\u{AD}\nbor", "the harbor"),
            ("die Stra-\n\u{DF}e", "die Stra\u{DF}e"),
            ("\u{645}\u{631}-\n\u{62D}\u{628}\u{627}", "\u{645}\u{631}\u{62D}\u{628}\u{627}"),
            ("a-\nb-\u{2028}c", "abc"),
        ] {
            assert_eq!(without_hyphens(text).as_deref(), Some(joined), "{text}");
        }
        for text in [
            "",
            "-",
            "-\n",
            "-\nharbor",
            "the harbor\nand",
            "a dash -\nand",
            "a dash --\nand",
            "north-\nSouth",
            "1990-\n1995",
            "2-\nand",
            "well-known",
        ] {
            assert_eq!(without_hyphens(text), None, "{text}");
        }
    }
}
