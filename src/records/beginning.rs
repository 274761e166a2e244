//! The beginnings of segments that are skipped in comparisons.

use super::{BULLETS, COUNTERS, Leading, QUOTES, TIMES};
use crate::unicode::{self, SPACE};

/// The settings of cues in WebVTT, and in some files of SubRip.
const SETTINGS: [&str; 10] =
    ["vertical:", "line:", "position:", "size:", "align:", "region:", "X1:", "X2:", "Y1:", "Y2:"];

/// The number of digits of a counter.
const MAX_DIGITS: usize = 6;

/// Returns the length of the beginning of `text` that is of a kind in `leading`, with the white
/// space after it: 0 if there is none, and the length of `text` if it is nothing else.
///
/// # Complexity
///
/// Linear in the length of the beginning.
pub(crate) fn beginning(text: &str, leading: Leading) -> usize {
    let mut at = 0;
    if leading == Leading::NONE {
        return at;
    }
    loop {
        let rest = &text[at..];
        let len = one(rest, leading);
        if len == 0 {
            return at;
        }
        at += len;
        at += text[at..].chars().take_while(|c| unicode::is(*c, SPACE)).map(char::len_utf8).sum::<usize>();
    }
}

/// Returns whether `text` is a time or a range of times, and nothing else but the settings of a cue
/// in WebVTT, such as `align:start`.
pub(super) fn is_time(text: &str) -> bool {
    let len = range(text);
    let is_setting = |word: &str| word.is_empty() || SETTINGS.iter().any(|name| word.starts_with(name));
    let (range, rest) = text.split_at(len);
    let is_space = |c: char| matches!(c, ' ' | '\t');
    let has_settings =
        || range.contains("-->") && rest.starts_with(is_space) && rest.split(is_space).all(is_setting);
    len > 0 && (unicode::is_blank(rest) || has_settings())
}

/// Returns whether `text` is a number of at most six digits, and nothing else.
pub(super) fn is_number(text: &str) -> bool {
    let digits = digits(text.as_bytes());
    (1..=MAX_DIGITS).contains(&digits) && unicode::is_blank(&text[digits..])
}

/// Returns the length of one beginning, or 0.
fn one(text: &str, leading: Leading) -> usize {
    let of = |kind: u8, len: fn(&str) -> usize| if leading.has(kind) { len(text) } else { 0 };
    [of(TIMES, times), of(COUNTERS, counter), of(BULLETS, bullet), of(QUOTES, quote)]
        .into_iter()
        .find(|len| *len > 0)
        .unwrap_or(0)
}

/// Returns whether a beginning may end before `rest`: a letter or digit must not follow.
fn ends_before(rest: &str) -> bool {
    rest.chars().next().is_none_or(|c| !unicode::is(c, unicode::WORDY))
}

/// Returns the length of a time, with the sign that separates it from the text.
fn times(text: &str) -> usize {
    let len = range(text);
    if len == 0 || !ends_before(&text[len..]) {
        return 0;
    }
    let rest = &text[len..];
    let signs = rest.chars().take_while(|c| matches!(c, ' ' | '\t' | ':' | '-' | '|' | ','));
    let (mut signs_len, mut has_sign) = (0, false);
    for c in signs {
        // One sign belongs to the time; a second one belongs to the text.
        if !matches!(c, ' ' | '\t') && std::mem::replace(&mut has_sign, true) {
            break;
        }
        signs_len += c.len_utf8();
    }
    // A hyphen before a word belongs to the word, as in `10:15 -5 degrees`.
    let after = &rest[signs_len..];
    if rest[..signs_len].ends_with('-') && after.starts_with(|c| unicode::is(c, unicode::WORDY)) {
        signs_len -= 1;
    }
    len + signs_len
}

/// Returns the length of a time or of two with an arrow or a dash between them.
fn range(text: &str) -> usize {
    let first = bracketed(text);
    if first == 0 {
        return 0;
    }
    let rest = &text[first..];
    let blank = rest.len() - rest.trim_start_matches(' ').len();
    for sign in ["-->", "\u{2013}", "\u{2014}", "-"] {
        if let Some(rest) = rest[blank..].strip_prefix(sign) {
            let second = bracketed(rest.trim_start_matches(' '));
            if second > 0 {
                return text.len() - rest.trim_start_matches(' ').len() + second;
            }
        }
    }
    first
}

/// Returns the length of a time, also in brackets.
fn bracketed(text: &str) -> usize {
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some(inner) = text.strip_prefix(open) {
            let len = inner.len() - inner.trim_start_matches(' ').len();
            let time = moment(&inner[len..]);
            let rest = &inner[len + time..];
            let blank = rest.len() - rest.trim_start_matches(' ').len();
            return if time > 0 && rest[blank..].starts_with(close) { 1 + len + time + blank + 1 } else { 0 };
        }
    }
    moment(text)
}

/// Returns the length of a date, a clock time, or a date with a clock time after it.
fn moment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let date = date(bytes);
    if date == 0 {
        return clock(text);
    }
    let sign = usize::from(matches!(bytes.get(date), Some(b' ' | b'T' | b',')));
    let sign = sign + usize::from(sign > 0 && bytes.get(date + 1) == Some(&b' ') && bytes[date] == b',');
    let clock = if sign > 0 { clock(&text[date + sign..]) } else { 0 };
    if clock > 0 { date + sign + clock } else { date }
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Returns the length of three numbers with equal signs between them: a year, a month and a day in
/// some order.
fn date(bytes: &[u8]) -> usize {
    let first = digits(bytes);
    let Some(sign @ (b'-' | b'/' | b'.')) = bytes.get(first) else { return 0 };
    let second = digits(&bytes[first + 1..]);
    let at = first + 1 + second;
    if bytes.get(at) != Some(sign) {
        return 0;
    }
    let third = digits(&bytes[at + 1..]);
    let is_date = matches!((first, second, third), (4, 1..=2, 1..=2) | (1..=2, 1..=2, 2 | 4));
    if is_date { at + 1 + third } else { 0 }
}

/// Returns the length of a clock time: two or three numbers, a part of a second, and `Z` or `am`.
fn clock(text: &str) -> usize {
    let bytes = text.as_bytes();
    let first = digits(bytes);
    if !(1..=3).contains(&first) || bytes.get(first) != Some(&b':') || digits(&bytes[first + 1..]) != 2 {
        return 0;
    }
    let mut at = first + 3;
    if bytes.get(at) == Some(&b':') && digits(&bytes[at + 1..]) == 2 {
        at += 3;
    }
    if matches!(bytes.get(at), Some(b'.' | b',')) {
        let part = digits(&bytes[at + 1..]);
        at += if (1..=9).contains(&part) { 1 + part } else { 0 };
    }
    at += usize::from(bytes.get(at) == Some(&b'Z'));
    let half = usize::from(bytes.get(at) == Some(&b' '));
    let end = at + half + 2;
    let is_half = matches!(bytes.get(at + half..end), Some([b'a' | b'A' | b'p' | b'P', b'm' | b'M']));
    // The name in `10:15 Amy` is not a half of the day.
    if is_half && ends_before(&text[end..]) { end } else { at }
}

/// Returns the length of a number with a full stop, a colon or a bracket after it.
fn counter(text: &str) -> usize {
    let number = digits(text.as_bytes());
    let has_sign = matches!(text.as_bytes().get(number), Some(b'.' | b')' | b':'));
    let ends = text[(number + usize::from(has_sign)).min(text.len())..].chars().next();
    let is_counter = (1..=MAX_DIGITS).contains(&number) && has_sign;
    if is_counter && ends.is_none_or(|c| unicode::is(c, SPACE)) { number + 1 } else { 0 }
}

/// Returns the length of a list mark, after which white space follows.
fn bullet(text: &str) -> usize {
    let Some(mark) = text.chars().next() else { return 0 };
    let is_mark = matches!(
        mark,
        '-' | '*'
            | '+'
            | '\u{B7}'
            | '\u{2013}'
            | '\u{2014}'
            | '\u{2022}'
            | '\u{2023}'
            | '\u{25AA}'
            | '\u{25CF}'
            | '\u{25E6}'
            | '\u{30FB}'
    );
    let len = mark.len_utf8();
    if is_mark && text[len..].starts_with(|c| unicode::is(c, SPACE)) { len } else { 0 }
}

/// Returns the length of a mark of quoted mail.
fn quote(text: &str) -> usize {
    usize::from(text.starts_with('>'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn beginnings() {
        let all = Leading::NONE.times().counters().bullets().quotes();
        for (text, rest, leading) in [
            ("[00:01:13] I think", "I think", Leading::NONE.times()),
            ("10:15 I think", "I think", Leading::NONE.times()),
            ("10:15: I think", "I think", Leading::NONE.times()),
            ("10:15 - I think", "I think", Leading::NONE.times()),
            ("10:15 -5 degrees", "-5 degrees", Leading::NONE.times()),
            ("2031-04-02 12:01:04 bea: hi", "bea: hi", Leading::NONE.times()),
            ("[2031-04-02T12:01:04.5Z] bea", "bea", Leading::NONE.times()),
            ("2.4.2031, 12:01 bea", "bea", Leading::NONE.times()),
            ("(3:05 pm) bea", "bea", Leading::NONE.times()),
            ("3:05PM bea", "bea", Leading::NONE.times()),
            ("00:01:13,120 --> 00:01:16,480 text", "text", Leading::NONE.times()),
            ("10:15\u{2013}10:45 text", "text", Leading::NONE.times()),
            ("10:15 Amy: hi", "Amy: hi", Leading::NONE.times()),
            ("10:15th", "10:15th", Leading::NONE.times()),
            ("1.2.3 release", "1.2.3 release", all),
            ("3:4 is a score", "3:4 is a score", all),
            ("12. text", "text", Leading::NONE.counters()),
            ("12) text", "text", Leading::NONE.counters()),
            ("12.5 text", "12.5 text", Leading::NONE.counters()),
            ("1234567. text", "1234567. text", Leading::NONE.counters()),
            ("- text", "text", Leading::NONE.bullets()),
            ("-text", "-text", Leading::NONE.bullets()),
            ("\u{2022} text", "text", Leading::NONE.bullets()),
            (">> > text", "text", Leading::NONE.quotes()),
            ("> 12. [10:15] - text", "text", all),
            ("> 12. [10:15] - text", "> 12. [10:15] - text", Leading::NONE),
            ("12.", "", all),
            ("", "", all),
        ] {
            assert_eq!(&text[beginning(text, leading)..], rest, "{text:?} with {leading:?}");
        }
        assert!(is_time("00:01:13,120 --> 00:01:16,480 ") && !is_time("10:15 x") && !is_time(""));
        assert!(is_number("12") && is_number("7 ") && !is_number("12.") && !is_number("1234567"));
    }

    proptest! {
        /// The rest has no beginning, and no text causes a panic.
        #[test]
        fn nothing_is_left_of_a_beginning(text in "([0-9]{1,3}|[-:.,/>\\[\\]() T]|[a-z\u{E9}\u{2022}\u{2013}]){0,20}", leading in 0..16_u8) {
            let at = beginning(&text, Leading(leading));
            prop_assert_eq!(beginning(&text[at..], Leading(leading)), 0);
        }

        #[test]
        fn any_text(text in any::<String>(), leading in 0..16_u8) {
            prop_assert!(text.is_char_boundary(beginning(&text, Leading(leading))));
        }
    }
}
