//! Copies of which the lines are broken at other places.
//!
//! Such a copy begins at the start of a line, as its original does. So only lines that begin with
//! the same letters are compared, character by character, from there on.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use super::lines::{Cursor, Forms, Lines};
use crate::unicode::{self, DENSE, DIGIT, WORDY};
use crate::work;

/// The number of bytes of letters and digits by which copies are found.
const HEAD: usize = 24;

/// A part of a copy that begins and ends with a line, as the same part of the original does.
pub(in crate::clean) struct Part {
    pub(in crate::clean) original: Range<u32>,
    pub(in crate::clean) copy: Range<u32>,
}

/// Returns each line that begins as an earlier line does that is not equal, with the first of these
/// lines and the last. Below two lines that are equal, the text goes on in the same way, or it is
/// no copy.
pub(super) fn candidates(lines: Lines<'_>, forms: &Forms) -> Vec<(u32, [u32; 2])> {
    let mut heads = Vec::new();
    // The first letters from the current line on, and their number.
    let (mut head, mut len) = ([0; HEAD], 0);
    for i in (0..lines.len()).rev() {
        let mut next = [0; HEAD];
        let own = write_letters(forms.of_line(i), &mut next);
        let rest = len.min(HEAD - own);
        next[own..own + rest].copy_from_slice(&head[..rest]);
        (head, len) = (next, own + rest);
        if len == HEAD {
            heads.push((xxh3_64(&head), i));
        }
    }
    heads.sort_unstable();
    let mut candidates = Vec::new();
    for equal in heads.chunk_by(|a, b| a.0 == b.0) {
        let (first, mut last) = (equal[0].1, equal[0].1);
        for (_, i) in &equal[1..] {
            if [first, last].iter().any(|line| lines.id(*line) != lines.id(*i)) {
                candidates.push((*i, [first, last]));
            }
            last = *i;
        }
    }
    candidates.sort_unstable();
    candidates
}

/// Writes the first letters and digits of a canonical form into `head`, without ASCII punctuation,
/// and returns the number of their bytes.
fn write_letters(form: &[u8], head: &mut [u8; HEAD]) -> usize {
    let letters = form.iter().filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    let mut len = 0;
    for (to, letter) in head.iter_mut().zip(letters) {
        *to = *letter;
        len += 1;
    }
    work::count(form.len());
    len
}

/// Returns the parts of the longest copy that begins with line `copy` and whose original begins
/// with line `original`, and the first line after `copy` that was not compared to its end.
pub(super) fn parts(forms: &Forms, original: u32, copy: u32) -> (Vec<Part>, u32) {
    parts_of(forms, &(original..copy), &(copy..forms.len()))
}

/// Returns the parts of the longest copy that begins with `copy` and whose original begins with
/// `original`, and the first line after the start of `copy` that was not compared to its end.
pub(super) fn parts_of(forms: &Forms, original: &Range<u32>, copy: &Range<u32>) -> (Vec<Part>, u32) {
    let mut parts = Vec::new();
    let (mut a, mut b) = (forms.cursor(original), forms.cursor(copy));
    let mut starts = (original.start, copy.start);
    loop {
        if a.is_at_end() && b.is_at_end() {
            parts.push(Part { original: starts.0..a.line + 1, copy: starts.1..b.line + 1 });
            starts = (a.line + 1, b.line + 1);
            if !a.next() || !b.next() {
                break;
            }
        } else if !skip_equal(&mut a, &mut b)
            && !breaks_before(&mut a, &mut b)
            && !breaks_before(&mut b, &mut a)
        {
            break;
        }
    }
    (parts, b.line.max(starts.1).max(copy.start + 1))
}

/// Moves both over what is equal, and returns whether anything is.
fn skip_equal(a: &mut Cursor<'_>, b: &mut Cursor<'_>) -> bool {
    let equal = a.rest().iter().zip(b.rest()).take_while(|(a, b)| a == b).count();
    work::count(equal);
    a.at += equal;
    b.at += equal;
    equal > 0
}

/// Moves `broken` to its next line if its line ends where `other`, which does not end here, has a
/// space. A line end counts as nothing after a hyphen that splits a word or is in it, and beside a
/// character of a script without spaces between words.
fn breaks_before(broken: &mut Cursor<'_>, other: &mut Cursor<'_>) -> bool {
    let is_split = broken.rest() == b"-";
    // Elsewhere, both may be in the middle of a character.
    let Some(first) = other.rest().first().filter(|_| is_split || broken.is_at_end()) else { return false };
    let is_space = broken.is_at_end() && *first == b' ';
    let (last, next) = (broken.last_char(), other.next_char());
    let is_letter = |c: char| unicode::is(c, WORDY) && !unicode::is(c, DIGIT);
    let is_nothing = broken.is_at_end()
        && (last == Some('-') || last.is_some_and(needs_no_space) || next.is_some_and(needs_no_space));
    let is_split = is_split && last.is_some_and(is_letter) && next.is_some_and(is_letter);
    other.at += usize::from(is_space);
    (is_space || is_nothing || is_split) && broken.next()
}

/// Returns whether `c` is of a script that has no spaces between words, such as Chinese, Japanese,
/// Thai or Khmer, or that is often broken inside words, as Korean is.
fn needs_no_space(c: char) -> bool {
    unicode::is(c, DENSE)
        || matches!(c, '\u{E00}'..='\u{FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3000}'..='\u{303F}')
}

/// Returns whether two runs of lines are equal, apart from their line breaks.
pub(super) fn are_equal(forms: &Forms, original: &Range<u32>, copy: &Range<u32>) -> bool {
    let parts = parts_of(forms, original, copy).0;
    parts.last().is_some_and(|part| part.original.end == original.end && part.copy.end == copy.end)
}
