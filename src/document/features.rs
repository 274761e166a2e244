//! Features of a segment that distinguish prose from records, code, list items and headings.
//!
//! They depend only on the characters of the segment, and on no language.

use super::Document;
use crate::segment::is_sentence_end;
use crate::unicode::{self, DENSE, DIGIT, EUROPEAN, MARK, PUNCTUATION, SPACE, WORDY};
use crate::work;

/// The least number of bytes of a line that was broken because it was full.
pub(crate) const FULL: usize = 20;

/// The kinds of line that a segment resembles. Several can hold at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Features {
    /// The last character that is not a closing quote or bracket ends a sentence.
    pub(crate) ends_sentence: bool,
    /// The last character that is not a closing quote or bracket is a question mark or a colon.
    pub(crate) ends_open: bool,
    /// The last character is a letter, mark or digit, or the line ends with a number in brackets.
    pub(crate) ends_bare: bool,
    /// The first number, if there is one: a quantity, for example, or the number of a verse. In an
    /// entry of a table of contents, that of the page.
    pub(crate) number: Option<u64>,
    /// The last character that is not a closing quote or bracket is a comma or a semicolon, of
    /// ASCII, Arabic, Chinese or Japanese.
    pub(crate) ends_clause: bool,
    /// The digits at the beginning as one number, if the segment is a record: it has a time, a
    /// date, a number of five digits or more, or columns; or at least a third of its letters and
    /// digits are digits; or it is a filler of a few letters.
    pub(crate) record: Option<u64>,
    /// Has brackets, operators or semicolons as in source code, markup or a command line.
    pub(crate) code: bool,
    /// Begins with a bullet, or with the number or letter of a list item.
    pub(crate) list_item: bool,
}

impl Features {
    /// Returns the features of `text`, a segment without white space at its ends.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text.
    pub(crate) fn of(text: &str) -> Self {
        work::count(text.len());
        let counts = Counts::of(text);
        let last = last(text);
        Self {
            ends_sentence: ends_sentence(text)
                || (counts.letters >= 30 && last.is_some_and(has_no_sentence_ends)),
            ends_open: last
                .is_some_and(|c| matches!(c, '?' | ':' | '\u{FF1F}' | '\u{FF1A}' | '\u{61F}' | '\u{37E}')),
            ends_bare: text.chars().next_back().is_some_and(|c| unicode::is(c, WORDY | MARK))
                || ends_with_count(text),
            number: number(text),
            ends_clause: ends_clause(text),
            record: counts.is_record(text).then(|| stamp(text)),
            code: counts.is_code(text),
            list_item: is_list_item(text),
        }
    }
}

impl Document<'_> {
    /// Returns the features of a segment.
    pub(crate) fn features(&self, index: usize) -> Features {
        Features::of(&self.segment_text(index))
    }

    /// Returns the features of the part of a segment that is compared.
    pub(crate) fn key_features(&self, index: usize) -> Features {
        Features::of(self.key_text(index))
    }

    /// Returns whether the last character of a segment that is not a closing quote or bracket is a
    /// colon.
    pub(crate) fn ends_with_colon(&self, index: usize) -> bool {
        matches!(last(&self.segment_text(index)), Some(':' | '\u{FF1A}'))
    }

    /// Returns whether segment `next` continues the sentence of segment `index`, which was broken
    /// because the line was full: `index` has 20 bytes or more and ends with a letter, a digit or a
    /// comma, and `next` begins with a lowercase letter.
    pub(crate) fn is_continued_by(&self, index: usize, next: usize) -> bool {
        let is_wordy = |c: char| unicode::is(c, WORDY);
        let is_lowercase = |c: char| unicode::is(c, EUROPEAN) && is_wordy(c) && unicode::fold(c).eq([c]);
        let before = self.key_text(index);
        before.len() >= FULL
            && before.ends_with(|c| c == ',' || is_wordy(c))
            && self.key_text(next).starts_with(is_lowercase)
    }

    /// Returns whether a segment begins with the number or letter of a list item.
    pub(crate) fn is_numbered(&self, index: usize) -> bool {
        is_numbered(&self.segment_text(index))
    }
}

/// Returns whether the last character of `text` that is not a closing quote or bracket ends a
/// sentence.
pub(super) fn ends_sentence(text: &str) -> bool {
    last(text).is_some_and(is_sentence_end)
}

/// Returns whether `text` ends with a number in brackets, as the name of a category does. The
/// digits may be in groups.
fn ends_with_count(text: &str) -> bool {
    let inside = text.strip_suffix([')', '\u{FF09}']).unwrap_or("");
    let is_digit = |c: char| unicode::is(c, DIGIT);
    let separates = |c: char| matches!(c, ',' | '.' | '\'' | ' ' | '\u{A0}' | '\u{202F}');
    let before = inside.trim_end_matches(|c| is_digit(c) || separates(c));
    inside.ends_with(is_digit)
        && before.ends_with(['(', '\u{FF08}'])
        && inside[before.len()..].starts_with(is_digit)
}

/// Returns whether the last character of `text` that is not a closing quote or bracket is a comma
/// or a semicolon: of ASCII, Arabic, Chinese or Japanese. [`is_closing`] is also true for those
/// that are not ASCII, so `is_end` is tried first.
fn ends_clause(text: &str) -> bool {
    let is_end =
        |c: char| matches!(c, ',' | ';' | '\u{60C}' | '\u{61B}' | '\u{3001}' | '\u{FF0C}' | '\u{FF1B}');
    last_unless_closing(text, is_end).is_some_and(is_end)
}

/// Returns the digits at the beginning of a record as one number: its time, date or counter.
fn stamp(text: &str) -> u64 {
    let head = text.chars().take(24).filter_map(|c| c.to_digit(10));
    head.take(18).fold(0, |number, digit| number * 10 + u64::from(digit))
}

/// Returns the number of the page of an entry in a table of contents, and the first number of
/// another line, of its first 18 digits.
fn number(text: &str) -> Option<u64> {
    let is_digit = |c: char| unicode::is(c, DIGIT);
    let entry = text.trim_end_matches(is_digit);
    let dots = entry.trim_end();
    let is_entry =
        entry.len() < text.len() && ["..", ". .", "\u{2026}"].iter().any(|end| dots.ends_with(end));
    let at = if is_entry { entry.len() } else { text.find(is_digit)? };
    let digits = text[at..].chars().take_while(|c| is_digit(*c)).take(18);
    Some(digits.fold(0, |number, c| number * 10 + u64::from(digit(c))))
}

/// Returns the value of a decimal digit. The ten digits of a script begin at a code point that ends
/// with the hexadecimal digit 0 or 6.
fn digit(c: char) -> u32 {
    let (c, low) = (u32::from(c), u32::from(c) % 16);
    let begins_at_0 = char::from_u32(c - low).is_some_and(|zero| unicode::is(zero, DIGIT));
    if begins_at_0 { low } else { low.saturating_sub(6) }
}

/// Returns the last character that is not a closing quote or bracket.
fn last(text: &str) -> Option<char> {
    last_unless_closing(text, has_no_sentence_ends)
}

/// Returns the last character that is not a closing quote or bracket, or for which `is_kept`
/// returns `true`. Only the last 64 characters are examined, because a line ends with a few closing
/// signs at most.
fn last_unless_closing(text: &str, is_kept: impl Fn(char) -> bool) -> Option<char> {
    text.chars().rev().take(64).find(|c| is_kept(*c) || !is_closing(*c))
}

#[derive(Default)]
struct Counts {
    letters: usize,
    /// The number of letters that weigh as much as three.
    dense: usize,
    digits: usize,
    /// The number of signs that are rare in prose.
    operators: usize,
    chars: usize,
    /// A set of the letters that occur, by their lowest six bits.
    seen: u64,
    spaces_in_row: usize,
    columns: usize,
}

/// The number of characters from which a line is a paragraph and not a record.
const LONGEST_RECORD: usize = 500;

/// The number of characters from which a line that contains a call is a paragraph that mentions it.
const LONGEST_CALL: usize = 200;

/// The greatest number of characters of a number in brackets, such as `(viii)`, and the letters of
/// Roman numerals.
const LONGEST_NUMBER: usize = 5;
const ROMAN_NUMERALS: [char; 5] = ['i', 'v', 'x', 'l', 'c'];

/// Ideographs before the number of a part, a question or an example.
const PREFIXES: [char; 6] = ['\u{7B2C}', '\u{554F}', '\u{95EE}', '\u{984C}', '\u{9898}', '\u{4F8B}'];

/// The ideographs of zero, of one to ten, of a hundred and of a thousand.
const HAN_NUMERALS: [char; 14] = [
    '\u{3007}', '\u{96F6}', '\u{4E00}', '\u{4E8C}', '\u{4E09}', '\u{56DB}', '\u{4E94}', '\u{516D}',
    '\u{4E03}', '\u{516B}', '\u{4E5D}', '\u{5341}', '\u{767E}', '\u{5343}',
];

/// The kinds of ASCII characters.
const LETTER: u8 = 1;
const NUMBER: u8 = 2;
const OPERATOR: u8 = 3;
const BLANK: u8 = 4;
const TAB: u8 = 5;
const BAR: u8 = 6;
const KINDS: [u8; 128] = {
    let mut kinds = [0; 128];
    let mut c = 0;
    while c < 128 {
        kinds[c as usize] = match c {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => NUMBER,
            b'\t' => TAB,
            b' ' | b'\n' | b'\x0B'..=b'\r' => BLANK,
            b'|' => BAR,
            b'{' | b'}' | b'[' | b']' | b'<' | b'>' | b'=' | b';' | b'\\' | b'&' | b'$' | b'^' | b'~'
            | b'_' | b'`' | b'@' | b'+' | b'*' => OPERATOR,
            _ => 0,
        };
        c += 1;
    }
    kinds
};

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        if text.is_ascii() {
            text.bytes().for_each(|byte| counts.add(KINDS[usize::from(byte)], u32::from(byte)));
        } else {
            // Marks are ignored, because composed letters contain them.
            for c in text.chars().filter(|c| !unicode::is(*c, MARK)) {
                let kind = if c.is_ascii() { KINDS[c as usize] } else { kind(c) };
                counts.add(kind, u32::from(c));
                counts.dense += usize::from(unicode::is(c, DENSE));
            }
        }
        counts
    }

    fn add(&mut self, kind: u8, c: u32) {
        self.chars += 1;
        if matches!(kind, BLANK | TAB) {
            self.spaces_in_row += 1;
            self.columns += usize::from(self.spaces_in_row == 3 || kind == TAB);
            return;
        }
        self.spaces_in_row = 0;
        match kind {
            LETTER => {
                self.seen |= 1 << (c % 64);
                self.letters += 1;
            }
            NUMBER => self.digits += 1,
            OPERATOR | BAR => {
                self.operators += 1;
                self.columns += usize::from(kind == BAR);
            }
            _ => {}
        }
    }

    fn is_record(&self, text: &str) -> bool {
        let wordy = self.letters + 2 * self.dense + self.digits;
        // A row that is filled with one short word or a few characters.
        let is_filler = self.letters >= 8 && self.seen.count_ones() < 4;
        self.chars < LONGEST_RECORD
            && (is_filler
                || self.columns >= 2
                || self.digits * 3 >= wordy.max(1)
                || has_time(text, self.chars < 120))
    }

    fn is_code(&self, text: &str) -> bool {
        let end = text.as_bytes().last().copied().unwrap_or(b' ');
        let start = text.as_bytes();
        self.operators * 12 >= self.chars.max(1)
            || matches!(end, b'{' | b'}' | b';')
            || start.starts_with(b"//")
            || start.starts_with(b"/*")
            || start.starts_with(b"$ ")
            || start.starts_with(b"<!--")
            || (self.chars < LONGEST_CALL && has_call(start))
    }
}

/// Returns the kind of a character that is not ASCII.
fn kind(c: char) -> u8 {
    let flags = unicode::flags(c);
    if flags & SPACE != 0 {
        BLANK
    } else if flags & DIGIT != 0 {
        NUMBER
    } else if flags & WORDY != 0 {
        LETTER
    } else {
        0
    }
}

/// Returns whether the script of `c` marks no sentence ends: Thai or Lao.
fn has_no_sentence_ends(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}')
}

/// Returns whether a word is directly followed by an opening bracket, as in `f(x)`.
fn has_call(text: &[u8]) -> bool {
    text.windows(2).any(|pair| pair[1] == b'(' && (pair[0].is_ascii_alphanumeric() || pair[0] == b'_'))
}

/// Returns whether `text` has a time, a date, or a number of five digits or more: near the
/// beginning or, if `anywhere` is set, at any place.
fn has_time(text: &str, anywhere: bool) -> bool {
    times(text, if anywhere { text.len() } else { text.len().min(16) }).next().is_some()
}

/// Returns the times, dates and numbers of five digits or more that begin before byte `end` of
/// `text`. A time is two numbers with `:` between them, and a date three numbers with `:`, `-`, `/`
/// or `.` between them.
pub(super) fn times(text: &str, end: usize) -> impl Iterator<Item = &[u8]> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < end {
            let (from, first) = (at, digits(at));
            if first == 0 {
                at += 1;
                continue;
            }
            let sign = at + first;
            at = sign;
            if let Some(b':' | b'-' | b'/' | b'.') = bytes.get(sign) {
                let second = digits(sign + 1);
                let is_clock = bytes[sign] == b':' && first <= 2 && second == 2;
                let rest = (sign + 2 + second).min(bytes.len());
                let third = if bytes.get(sign + 1 + second) == Some(&bytes[sign]) { digits(rest) } else { 0 };
                let is_date = second > 0 && third > 0 && first <= 4;
                if is_clock || is_date {
                    at = if is_date { rest + third } else { sign + 1 + second };
                    return Some(&bytes[from..at]);
                }
            }
            if first >= 5 {
                return Some(&bytes[from..sign]);
            }
        }
        None
    })
}

/// Returns whether `text` begins with a bullet, or is numbered.
fn is_list_item(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let after = chars.as_str();
    if matches!(
        first,
        '-' | '*'
            | '+'
            | '\u{2022}'
            | '\u{2013}'
            | '\u{2014}'
            | '\u{25E6}'
            | '\u{25AA}'
            | '\u{25CF}'
            | '\u{B7}'
            | '\u{2023}'
            | '\u{30FB}'
    ) {
        return after.starts_with(|c| unicode::is(c, SPACE)) || !first.is_ascii();
    }
    is_numbered(text)
}

/// Returns whether `text` begins with a number or letter and a full stop or bracket, with a number
/// or letter in brackets, or with a number and its Chinese or Japanese prefix, as in 第三章.
fn is_numbered(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let after = chars.as_str();
    let is_numeral = |c: char| HAN_NUMERALS.contains(&c) || unicode::is(c, DIGIT);
    if matches!(first, '(' | '\u{FF08}') {
        let number = after.chars().take(LONGEST_NUMBER).take_while(|c| unicode::is(*c, WORDY));
        let len = number.clone().count();
        let is_number = len == 1 || number.into_iter().all(|c| is_numeral(c) || ROMAN_NUMERALS.contains(&c));
        let is_closed = after.chars().nth(len).is_some_and(|c| matches!(c, ')' | '\u{FF09}'));
        return len > 0 && is_number && is_closed;
    }
    if PREFIXES.contains(&first) && after.starts_with(is_numeral) {
        return true;
    }
    let number = text.chars().take(4).take_while(|c| unicode::is(*c, DIGIT)).count();
    let mut rest = text.chars().skip(number.max(1));
    let is_head = number > 0 || unicode::is(first, WORDY);
    match rest.next() {
        Some('\u{3001}' | '\u{FF0E}') => is_head,
        Some('.' | ')') => is_head && (number > 0 || rest.next() == Some(' ')),
        _ => false,
    }
}

fn is_closing(c: char) -> bool {
    unicode::is(c, PUNCTUATION | SPACE | MARK)
        && !is_sentence_end(c)
        && !matches!(c, ':' | '\u{FF1A}' | ';' | ',' | '-')
}

#[cfg(test)]
mod tests {
    use super::Features;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn numbers_begin_list_items() {
        for line in
            ["(a) one", "(12) one", "(xviii) one", "（一）一", "3. one", "b) one", "第三章 一", "- one"]
        {
            assert!(Features::of(line).list_item, "{line}");
        }
        for line in ["(AP) one", "(xxviii) one", "(a one", "() one", "3 one", "ab) one", "one"] {
            assert!(!Features::of(line).list_item, "{line}");
        }
    }

    #[test]
    fn a_number_in_brackets_ends_a_line_as_a_digit_does() {
        for line in ["Roses (41)", "Roses 41", "玫瑰（41）", "(7)", "Roses (1,204)", "Roses (1\u{202F}204)"]
        {
            assert!(Features::of(line).ends_bare, "{line}");
        }
        for line in ["Roses (red)", "Roses ()", "Roses 41)", "Roses (41).", ")", "Roses (,41)", "Roses (41 )"]
        {
            assert!(!Features::of(line).ends_bare, "{line}");
        }
    }

    #[test]
    fn composed_and_decomposed_lines_are_of_one_kind() {
        let lines = [
            "LOI.BINOMIALE(A1;12;0.5;1) affiche les probabilités cumulées pour la même série, et rien d'autre."
                .to_owned(),
            format!("f(x) {}", "é".repeat(150)),
            format!("a = b; {}", "é".repeat(20)),
            format!("12:30 {}", "é".repeat(450)),
        ];
        for line in lines {
            let decomposed: String = line.nfd().collect();
            assert_eq!(Features::of(&line), Features::of(&decomposed), "{line}");
        }
    }
}
