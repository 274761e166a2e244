//! Headings of one kind: the titles of parallel sections.

use super::Document;
use super::features::{Features, ends_sentence, times};
use crate::normalize::{Normalization, Normalizer};
use crate::unicode::{self, DENSE, DIGIT, EUROPEAN, MARK, WORDY};
use crate::work;

/// The minimum number of characters of a word that relates two headings.
const COMMON: usize = 4;

/// The minimum number of characters of a word that two lines have at the same place.
const PLACED: usize = 3;

/// The maximum number of words of headings that a short word can relate.
const FEW: usize = 3;

/// The maximum number of characters of one word in a script without spaces. A longer line is a
/// title or a sentence.
const LONGEST_WORD: usize = 20;

/// The maximum weight of a heading that ends like a sentence, such as one with an abbreviation at
/// its end, if the other heading does not.
const LONGEST_SENTENCE: u32 = 60;

/// The maximum weight of a sentence that may be a heading, such as `Visit Hamburg!`.
const LONGEST_CALL: u32 = 20;

/// The maximum weight of a heading, and its maximum length in bytes, so that a long line is not
/// normalized again for each block after it.
const LONGEST: u32 = 90;
const LONGEST_LEN: usize = 512;

/// Signs at the end of a heading that opens the section below it if it is pressed.
const TOGGLES: [&str; 6] = ["+", "\u{203A}", "\u{25B6}", "\u{25B8}", "\u{25BC}", "\u{25BE}"];

/// The relation of two different lines as headings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Relation {
    /// The lines are not headings, or are headings of different kinds.
    None,
    /// Each line is one word.
    Words,
    /// The lines have a word in common at one place.
    Related,
    /// The lines are equal except for digits; have the same first word, last word or bullet; both
    /// end with a question mark or colon; or one speaker says both.
    OneKind,
}

impl Document<'_> {
    /// Returns the relation of two different segments as headings.
    pub(crate) fn relation(&self, a: usize, b: usize) -> Relation {
        relation(&self.segment_text(a), &self.segment_text(b))
    }

    /// Returns whether a segment consists of ASCII digits, as the number of a page does.
    pub(crate) fn is_digits(&self, index: usize) -> bool {
        self.segment_text(index).bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Returns whether a segment consists of one to three ASCII punctuation characters, such as the
    /// `/` between two numbers.
    pub(crate) fn is_sign(&self, index: usize) -> bool {
        let text = self.segment_text(index);
        text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_punctuation())
    }

    /// Returns whether two different segments have a time, a date or a long number, and are equal
    /// except for digits: the dates of two entries, for example, but not two page numbers.
    pub(crate) fn are_stamps(&self, a: usize, b: usize) -> bool {
        are_stamps(&self.segment_text(a), &self.segment_text(b))
    }

    /// Returns whether two segments separate the lines above them from the lines below: one of the
    /// two, a byline or a source, has a time, a date, a long number or an address, the other one, a
    /// button for example, has none, and neither ends a sentence. Two sections begin with lines of
    /// one form.
    pub(crate) fn are_separators(&self, a: usize, b: usize) -> bool {
        let [a, b] = [a, b].map(|i| self.segment_text(i));
        has_stamp(&a) != has_stamp(&b) && !ends_sentence(&a) && !ends_sentence(&b)
    }

    /// Returns whether two segments have equal words and different numbers, as the prices of two
    /// offers do. If only one number differs, and by one, it may be a page number, and does not
    /// count.
    pub(crate) fn are_other_values(&self, a: usize, b: usize) -> bool {
        are_other_values(&self.segment_text(a), &self.segment_text(b))
    }

    /// Returns whether a segment ends with the sign of a sentence end.
    pub(crate) fn has_sentence_end(&self, index: usize) -> bool {
        ends_sentence(&self.segment_text(index))
    }

    /// Returns whether two segments end sentences and differ in a letter, mark or digit. Long
    /// segments must differ in their beginnings.
    pub(crate) fn are_different_sentences(&self, a: usize, b: usize) -> bool {
        let [a, b] = [a, b].map(|i| self.segment_text(i));
        let letters = |text: &str| {
            let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST_LEN);
            let beginning = &text[..end.unwrap_or(text.len())];
            work::count(beginning.len());
            let form = form(beginning);
            form.chars().filter(|c| unicode::is(*c, WORDY | MARK)).collect::<String>()
        };
        ends_sentence(&a) && ends_sentence(&b) && letters(&a) != letters(&b)
    }

    /// Returns whether one of two segments is the end of the other one, in which a byline, for
    /// example, is in front of it.
    pub(crate) fn is_end_of_other(&self, a: usize, b: usize) -> bool {
        let [a, b] = [a, b].map(|i| self.segment_text(i));
        a.ends_with(&*b) || b.ends_with(&*a)
    }

    /// Returns whether two different segments are headings of one kind, or have the form of such:
    /// both are records, their first words are equal except for digits, or they have a word in
    /// common at the same place.
    pub(crate) fn are_parallel(&self, a: usize, b: usize) -> bool {
        are_parallel(&self.segment_text(a), &self.segment_text(b))
    }
}

fn are_parallel(a: &str, b: &str) -> bool {
    let is_record = |line: &str| Features::of(line).record.is_some();
    if is_record(b) && is_record(a) {
        return true;
    }
    if a.len().max(b.len()) > LONGEST_LEN {
        return false;
    }
    let [a_form, b_form] = [form(a), form(b)];
    let code = |form: &str| {
        let word = form.split(' ').next().unwrap_or_default();
        let rest = without_digits(word);
        (rest.len() < word.len() && !rest.is_empty()).then_some(rest)
    };
    let has_code = code(&a_form).is_some_and(|a| code(&b_form) == Some(a));
    let has_word = || {
        let same = |(a, b): (&&str, &&str)| a == b && a.chars().count() >= PLACED;
        words(&a_form).iter().zip(&words(&b_form)).any(same)
    };
    relation(a, b) == Relation::OneKind || has_code || has_word()
}

/// Returns whether a line has a time, a date, a number of five digits or more, or an address.
fn has_stamp(line: &str) -> bool {
    work::count(line.len());
    times(line, line.len()).next().is_some() || ["@", "://", "www."].iter().any(|sign| line.contains(sign))
}

fn are_stamps(a: &str, b: &str) -> bool {
    let all = |line| times(line, line.len());
    a.len().max(b.len()) <= LONGEST_LEN
        && all(a).next().is_some()
        && !all(a).eq(all(b))
        && without_digits(&form(a)) == without_digits(&form(b))
}

fn are_other_values(a: &str, b: &str) -> bool {
    if a.len().max(b.len()) > LONGEST_LEN {
        return false;
    }
    work::count(a.len() + b.len());
    let [a, b] = [form(a), form(b)];
    let words = without_digits(&a);
    let letters = words.chars().filter(|c| unicode::is(*c, WORDY)).count();
    if words != without_digits(&b) || letters < COMMON {
        return false;
    }
    let numbers = |form: &str| {
        let parts = form.split(|c| !unicode::is(c, DIGIT)).filter(|part| !part.is_empty());
        parts.map(|part| part.parse().unwrap_or(u64::MAX)).collect::<Vec<_>>()
    };
    let [a, b] = [numbers(&a), numbers(&b)];
    let mut different = a.iter().zip(&b).filter(|(a, b)| a != b);
    let is_next = |(a, b): (&u64, &u64)| a.abs_diff(*b) == 1;
    a.len() == b.len() && different.next().is_some_and(|first| !is_next(first) || different.next().is_some())
}

/// Returns the canonical form of a line.
fn form(text: &str) -> String {
    String::from_utf8_lossy(Normalizer::default().canonical(text, Normalization::TEXT)).into_owned()
}

/// Returns the words of a form.
fn words(form: &str) -> Vec<&str> {
    form.split(|c| !unicode::is(c, WORDY | MARK)).filter(|word| !word.is_empty()).collect()
}

fn without_digits(form: &str) -> String {
    form.chars().filter(|c| !unicode::is(*c, DIGIT)).collect()
}

fn relation(a: &str, b: &str) -> Relation {
    if a.len().max(b.len()) > LONGEST_LEN {
        return Relation::None;
    }
    work::count(a.len() + b.len());
    let (a_form, b_form) = (form(a), form(b));
    if are_same(&a_form, &b_form) || are_same_in_capitals([a, b], [&a_form, &b_form]) {
        return Relation::None;
    }
    let weight = |form: &str| unicode::weight(form.as_bytes());
    if weight(&a_form).max(weight(&b_form)) > LONGEST {
        return Relation::None;
    }
    if are_of_one_message(&a_form, &b_form) {
        return Relation::None;
    }
    let (a_features, b_features) = (Features::of(a), Features::of(b));
    if (a_features.ends_open && b_features.ends_open) || (a_features.list_item && b_features.list_item) {
        return Relation::OneKind;
    }
    let [ends_a, ends_b] = [(&a_features, &a_form), (&b_features, &b_form)]
        .map(|(features, form)| features.ends_sentence && weight(form) > LONGEST_CALL);
    if a_features.ends_sentence && b_features.ends_sentence {
        let is_of_one_speaker = speaker(&a_form).is_some_and(|name| speaker(&b_form) == Some(name));
        let is_filled = !has_stamp(a) && !has_stamp(b) && without_digits(&a_form) == without_digits(&b_form);
        let [first_a, first_b] = [&a_form, &b_form].map(|form| words(form).first().copied());
        let begin_alike = !(ends_a || ends_b)
            && first_a == first_b
            && first_a.is_some_and(|word| word.chars().count() >= COMMON);
        let is_of_one_kind = is_of_one_speaker || is_filled || begin_alike;
        return if is_of_one_kind { Relation::OneKind } else { Relation::None };
    }
    let is_sentence = ends_a || ends_b;
    if !is_sentence
        && (without_digits(&a_form) == without_digits(&b_form)
            || bullet(&a_form) == bullet(&b_form) && !bullet(&a_form).is_empty())
    {
        return Relation::OneKind;
    }
    if is_sentence && weight(if ends_a { &a_form } else { &b_form }) > LONGEST_SENTENCE {
        return Relation::None;
    }
    let [a_words, b_words] = [words(&a_form), words(&b_form)];
    let end_alike = may_end_alike(&a_words, &b_words);
    let mut by_words = by_first_word(a_form.chars(), b_form.chars());
    if end_alike {
        by_words = by_words.max(by_first_word(a_form.chars().rev(), b_form.chars().rev()));
    }
    if !is_sentence && by_words != Relation::None {
        return by_words;
    }
    let is_word = |form: &str| {
        form.chars().all(|c| unicode::is(c, WORDY | MARK))
            && (form.chars().nth(LONGEST_WORD).is_none() || form.chars().all(|c| unicode::is(c, EUROPEAN)))
    };
    let is_common = |(a, b): (&&str, &&str)| a == b && a.chars().count() >= COMMON;
    let have_common_word = a_words.iter().zip(&b_words).any(is_common)
        || end_alike && a_words.iter().rev().zip(b_words.iter().rev()).any(is_common);
    match have_common_word {
        true => Relation::Related,
        false if is_word(&a_form) && is_word(&b_form) => Relation::Words,
        false => Relation::None,
    }
}

/// Returns whether words at the same place from the end relate two headings. A count above a list
/// and the button below it often end with the same word, as `4 Comments` and `Show all comments`
/// do. So a number and a word are compared from the end only with another count, or with two words.
fn may_end_alike(a: &[&str], b: &[&str]) -> bool {
    let is_number = |word: &str| word.chars().all(|c| unicode::is(c, DIGIT));
    let is_count = |words: &[&str]| words.len() == 2 && is_number(words[0]);
    a.len() == b.len() || is_count(a) == is_count(b)
}

/// Returns whether two headings are equal except for punctuation at their ends, and for a sign
/// after a word that opens the section below one of them.
fn are_same(a: &str, b: &str) -> bool {
    let [a, b] = [a, b].map(|form| form.trim_matches(is_mark));
    a == b || without_toggle(a) == Some(b) || without_toggle(b) == Some(a)
}

/// Returns whether a character at an end of a heading is left out of the comparison.
fn is_mark(c: char) -> bool {
    matches!(c, '.' | ':' | ',' | ';' | '!' | '?' | '"' | '\'' | '[' | ']' | ' ')
}

/// Returns the heading without the sign at its end that opens a section, if it has one. After a
/// letter, as in `Grade A +`, the sign has another meaning.
fn without_toggle(form: &str) -> Option<&str> {
    let title = TOGGLES.iter().find_map(|sign| form.strip_suffix(sign)?.strip_suffix(' '))?;
    let title = title.trim_end_matches(is_mark);
    let word = title.rsplit(' ').next().unwrap_or_default();
    (word.chars().filter(|c| unicode::is(*c, WORDY)).count() >= COMMON).then_some(title)
}

/// Returns whether two headings of different case are equal if a Turkish `I` is folded as in other
/// languages, to `i`, and `İ` to `i` too, without the dot above.
fn are_same_in_capitals(lines: [&str; 2], forms: [&str; 2]) -> bool {
    let [a, b] = lines.map(|line| !line.chars().any(|c| unicode::is(c, WORDY) && unicode::fold(c).eq([c])));
    if a == b {
        return false;
    }
    let [a, b] = forms.map(|form| form.replace("i\u{307}", "i").replace('ı', "i"));
    are_same(&a, &b)
}

/// Returns whether two lines are above the two forms of one message, of which a reader shows one
/// (RFC 2046, section 5.1.4): lines of their headers, or labels of parts that have `text/plain` and
/// `text/html` in brackets or after a number.
fn are_of_one_message(a: &str, b: &str) -> bool {
    let label = |form: &str| {
        let [plain, html] = ["text/plain", "text/html"].map(|kind| form.find(kind));
        let at = plain.xor(html)?;
        let head = without_digits(&form[..at]);
        let is_header = head == "content-type: ";
        let is_numbered = head.len() < at && !form.starts_with(|c| unicode::is(c, DIGIT));
        let is_bare = !head.contains(|c| unicode::is(c, WORDY));
        (is_header || is_numbered || is_bare).then_some((plain.is_some(), head))
    };
    let are_forms = || Some(label(a)?.0 != label(b)?.0 && label(a)?.1 == label(b)?.1);
    let is_encoding = |form: &str| form.starts_with("content-transfer-encoding:");
    is_encoding(a) && is_encoding(b) || are_forms() == Some(true)
}

/// Returns the name before a colon at the beginning of what somebody says.
fn speaker(form: &str) -> Option<&str> {
    let (name, speech) = form.split_once(':')?;
    let words = name.split(' ').count();
    let is_name = words <= FEW && name.chars().all(|c| c == ' ' || unicode::is(c, WORDY | MARK));
    let has_letter = name.chars().any(|c| unicode::is(c, WORDY) && !unicode::is(c, DIGIT));
    let is_speech = speech.starts_with(|c| c == ' ' || unicode::is(c, DENSE));
    (is_name && has_letter && is_speech).then_some(name)
}

/// Returns the signs before the first word.
fn bullet(form: &str) -> &str {
    form.split(|c| unicode::is(c, WORDY) || c == ' ').next().unwrap_or("")
}

/// Returns the relation of two lines by their first words: one kind if these are equal or, in a
/// script without spaces, if the first two characters are. A word of fewer than four letters is
/// usually an article or a preposition, so it makes them of one kind only if both lines have few
/// words, and related otherwise.
fn by_first_word(a: impl Iterator<Item = char> + Clone, b: impl Iterator<Item = char> + Clone) -> Relation {
    let is_word = |c: &char| unicode::is(*c, WORDY | MARK);
    let skip = |c: &char| !unicode::is(*c, WORDY | MARK);
    let words = |line: &mut dyn Iterator<Item = char>| line.filter(|c| *c == ' ').count() + 1;
    let have_few_words = words(&mut a.clone()).max(words(&mut b.clone())) <= FEW;
    let (a, b) = (a.skip_while(skip), b.skip_while(skip));
    let equal = a.clone().zip(b.clone()).take_while(|(a, b)| a == b).map(|(a, _)| a);
    if equal.take_while(|c| unicode::is(*c, DENSE)).count() >= 2 {
        return Relation::OneKind;
    }
    let (mut a_word, mut b_word) = (a.take_while(is_word), b.take_while(is_word));
    let mut len = 0;
    loop {
        match (a_word.next(), b_word.next()) {
            (None, None) if len >= COMMON || (len >= 2 && have_few_words) => return Relation::OneKind,
            (None, None) if len >= 2 => return Relation::Related,
            (a, b) if a == b && a.is_some() => len += 1,
            _ => return Relation::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sentence of a weight above 60 is no heading, although the lines have a word in common.
    #[test]
    fn long_sentences_are_no_headings() {
        let sentence = |weight: usize| format!("The ferry {}.", "a".repeat(weight - 8));
        assert_eq!(relation("Our ferry of 1871", &sentence(60)), Relation::Related);
        assert_eq!(relation("Our ferry of 1871", &sentence(61)), Relation::None);
    }

    /// Checks that no pair of the first list is related, and that each of the second one is.
    fn check(unrelated: &[(&str, &str)], related: &[(&str, &str)]) {
        for (a, b) in unrelated {
            assert_eq!(relation(a, b), Relation::None, "{a} {b}");
        }
        for (a, b) in related {
            assert_ne!(relation(a, b), Relation::None, "{a} {b}");
        }
    }

    #[test]
    fn punctuation_at_the_ends_makes_no_other_heading() {
        check(
            &[
                ("DESCRIPTION +", "Description"),
                ("Details \u{25BE}", "Details"),
                ("Details: +", "Details"),
                ("ABSTRACT.", "Abstract"),
                ("TARİHİ ISPARTA GÜLÜ", "Tarihi Isparta gülü"),
                ("ISPARTA GÜLÜ SABUNU", "ısparta gülü sabunu"),
                ("NOTE:", "Note"),
                ("[Summary]", "\u{201C}Summary\u{201D}"),
            ],
            &[
                ("Note 1:", "Note 2:"),
                ("Installing with C:", "Installing with C++:"),
                ("Blood group A+", "Blood group A-"),
                ("Prices in $", "Prices in \u{20AC}"),
                ("Version 1.1", "Version 11"),
                ("Set -v", "Set v"),
                ("Prices in +", "Prices in \u{20AC}"),
                ("Rhesus factor +", "Rhesus factor -"),
                ("Shares \u{25B2}", "Shares \u{25BC}"),
                ("Grade A +", "Grade A"),
                ("I harfi", "\u{130} harfi"),
            ],
        );
    }

    /// The names of two sections have a word at one place. Labels on a page have one anywhere.
    #[test]
    fn a_common_word_counts_at_one_place_from_the_start_or_the_end() {
        check(
            &[("Comments (4)", "Show all comments"), ("How the ferry was built", "Ferry prices of May")],
            &[
                ("The old ferry across", "Every new ferry here"),
                ("How the ferry was built", "Why no ferry was sold"),
                ("Take one tablet a day", "Never one tablet at night."),
            ],
        );
    }

    /// The count of a list is not related to a longer or shorter line that ends with the same word.
    #[test]
    fn a_count_and_a_button_are_no_headings() {
        check(
            &[("4 Comments", "Show all comments"), ("14 kommentarer", "Visa fler kommentarer")],
            &[
                ("4 Comments", "All comments"),
                ("4 Comments", "12 Comments"),
                ("4 old comments", "Comments"),
                ("Comments", "Show all comments"),
                ("Windows installation", "Mac OS installation"),
                ("Chicken soup", "Cream of mushroom soup"),
                ("Kurulum", "Mac i\u{E7}in kurulum"),
            ],
        );
    }

    #[test]
    fn labels_of_the_forms_of_a_message_are_no_headings() {
        check(
            &[
                ("Content-Type: TEXT/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8"),
                ("Content-Transfer-Encoding: 7bit", "Content-Transfer-Encoding: quoted-printable"),
                ("[text/html]", "[text/plain]"),
                ("--- Part 1: text/plain ---", "--- Part 2: text/html (converted) ---"),
            ],
            &[
                ("Content-Type: text/plain; charset=utf-8", "Content-Type: text/plain; charset=latin1"),
                ("Response (text/plain)", "Response (text/html)"),
                ("1. Example of a mail (text/plain)", "2. Example of a mail (text/html)"),
                ("Accept: text/html, text/plain;q=0.5", "Accept: text/html, text/plain;q=0.8"),
                ("--- Part 1: text/plain ---", "--- Note 2: text/html ---"),
            ],
        );
    }

    #[test]
    fn different_dates_and_long_numbers_are_stamps() {
        for (a, b) in [
            ("Posted 14:00 UTC", "posted 9:30 utc"),
            ("Nora, 2031-04-02, 12:00", "Nora, 2031-04-02, 12:10"),
            ("No. 10442", "No. 10443"),
        ] {
            assert!(are_stamps(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("Nora, 2031-04-02", "Ida, 2031-04-12"),
            ("Page 14 of 62", "Page 15 of 62"),
            ("2031-04-02, 12:00   1/4", "2031-04-02, 12:00   3/4"),
            ("Tel. 030 1234567, page 1", "Tel. 030 1234567, page 2"),
        ] {
            assert!(!are_stamps(a, b), "{a} {b}");
        }
    }

    /// In scripts without spaces, only a short line is one word.
    #[test]
    fn long_lines_without_spaces_are_no_words() {
        assert_eq!(relation("ภาพทั้งหมด", "ประมวลภาพงานแข่ง"), Relation::Words);
        assert_eq!(relation("ภาพทั้งหมด", "ประมวลภาพงานแข่งเรือยาวประจำปี"), Relation::None);
        assert_eq!(relation("Straßenverkehr", "Binnenschifffahrtsaufgabengesetz"), Relation::Words);
    }
}
