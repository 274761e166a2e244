//! Headings of one kind: the titles of parallel sections.

use crate::normalize::{Normalization, Normalizer};
use crate::unicode::{self, DENSE, DIGIT, MARK, WORDY};
use super::features::Features;

/// The weight of the longest heading.
const LONGEST: u32 = 90;

/// Whether two different lines are headings of one kind: equal but for numbers; with the same first word, last word or
/// bullet; or both with a question mark or colon at the end.
pub(crate) fn are_of_one_kind(a: &str, b: &str) -> bool {
    let mut normalizer = Normalizer::default();
    let mut form = |text: &str| String::from_utf8_lossy(normalizer.canonical(text, Normalization::TEXT)).into_owned();
    let (a_form, b_form) = (form(a), form(b));
    if [&a_form, &b_form].iter().any(|form| unicode::weight(form.as_bytes()) > LONGEST) {
        return false;
    }
    let (a_features, b_features) = (Features::of(a), Features::of(b));
    if a_features.ends_open && b_features.ends_open {
        return true;
    }
    if a_features.list_item && b_features.list_item {
        return true;
    }
    if a_features.ends_sentence || b_features.ends_sentence {
        return false;
    }
    let is_word = |form: &str| form.chars().all(|c| unicode::is(c, WORDY | MARK));
    if is_word(&a_form) && is_word(&b_form) {
        return true;
    }
    let without_digits = |form: &str| form.chars().filter(|c| !unicode::is(*c, DIGIT)).collect::<String>();
    without_digits(&a_form) == without_digits(&b_form)
        || bullet(&a_form) == bullet(&b_form) && !bullet(&a_form).is_empty()
        || shared(a_form.chars(), b_form.chars())
        || shared(a_form.chars().rev(), b_form.chars().rev())
}

/// The signs in front of the first word.
fn bullet(form: &str) -> &str {
    form.split(|c| unicode::is(c, WORDY) || c == ' ').next().unwrap_or("")
}

/// Whether two lines begin with the same word; in a script without spaces, with the same two characters.
fn shared(a: impl Iterator<Item = char> + Clone, b: impl Iterator<Item = char> + Clone) -> bool {
    let is_word = |c: &char| unicode::is(*c, WORDY | MARK);
    let skip = |c: &char| !unicode::is(*c, WORDY | MARK);
    let (a, b) = (a.skip_while(skip), b.skip_while(skip));
    let equal = a.clone().zip(b.clone()).take_while(|(a, b)| a == b).map(|(a, _)| a);
    let dense: usize = equal.clone().take_while(|c| unicode::is(*c, DENSE)).count();
    if dense >= 2 {
        return true;
    }
    let (mut a_word, mut b_word) = (a.take_while(is_word), b.take_while(is_word));
    let mut len = 0;
    loop {
        match (a_word.next(), b_word.next()) {
            (None, None) => return len >= 2,
            (a, b) if a == b => len += 1,
            _ => return false,
        }
    }
}
