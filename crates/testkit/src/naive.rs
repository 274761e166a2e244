//! Cleaning in the slow, obvious way: split, compare all segments with all others, cut, and begin
//! again with the remaining text.

use std::ops::Range;

use crate::canonical::canonical;
use crate::oracle;

const LINE_ENDS: [&str; 6] = ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"];

/// A function that returns the spans of the segments of a text.
pub type Split = fn(&str) -> Vec<Range<usize>>;

/// Returns whether `text` has only white space and the invisible characters that the tests use.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || "\u{200B}\u{FEFF}\u{AD}".contains(c))
}

/// Returns the lines of a text, each with the length of its line end.
fn raw_lines(text: &str) -> Vec<(Range<usize>, usize)> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < text.len() {
        if let Some(end) = LINE_ENDS.iter().find(|end| text[at..].starts_with(**end)) {
            lines.push((start..at, end.len()));
            at += end.len();
            start = at;
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    lines.push((start..at, 0));
    lines
}

/// Returns the number of line ends.
pub fn line_ends(text: &str) -> usize {
    raw_lines(text).len() - 1
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    start..start.max(range.start + piece.trim_end().len())
}

/// Returns the spans of the lines that are not blank, without white space at their ends.
pub fn lines(text: &str) -> Vec<Range<usize>> {
    let lines = raw_lines(text).into_iter().filter(|(line, _)| !is_blank(&text[line.clone()]));
    lines.map(|(line, _)| trimmed(text, line)).collect()
}

/// Returns the spans of the paragraphs, which are separated by blank lines.
pub fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut paragraphs: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (line, _) in raw_lines(text) {
        if is_blank(&text[line.clone()]) {
            open = false;
        } else if open {
            if let Some(paragraph) = paragraphs.last_mut() {
                paragraph.end = line.end;
            }
        } else {
            paragraphs.push(line);
            open = true;
        }
    }
    paragraphs.into_iter().map(|paragraph| trimmed(text, paragraph)).collect()
}

/// Returns the copies that one round removes, as ranges of segments.
fn copies(text: &str, spans: &[Range<usize>], form: &str) -> Vec<Range<usize>> {
    let forms: Vec<String> = spans.iter().map(|span| canonical(&text[span.clone()], form)).collect();
    oracle::copies(&forms).into_iter().map(|(start, end)| start..end).collect()
}

/// Returns the length of the part of a gap that is not the indentation of the segment after it.
fn head(gap: &str) -> usize {
    gap.trim_end_matches(|c: char| c.is_whitespace() && line_ends(&c.to_string()) == 0).len()
}

/// Returns the text without the segments that are `gone`; of the gaps around a cut, one is kept,
/// with the indentation of the line after the cut.
fn cut(text: &str, spans: &[Range<usize>], gone: &[bool]) -> String {
    let mut clean = String::new();
    let mut i = 0;
    let mut last: Option<usize> = None;
    let gap = |before: Option<usize>, after: usize| {
        let start = before.map_or(0, |before| spans[before].end);
        &text[start..spans.get(after).map_or(text.len(), |span| span.start)]
    };
    while i < spans.len() {
        let first = i;
        while i < spans.len() && gone[i] {
            i += 1;
        }
        let before = gap(last, first);
        if first == i {
            clean.push_str(before);
        } else {
            let after = gap(Some(i - 1), i);
            if i == spans.len() {
                let end = |gap: &'_ str| {
                    raw_lines(gap).first().filter(|(_, end)| *end > 0).map(|(line, end)| line.end + end)
                };
                let end_of_last = |gap: &'_ str| {
                    let lines = raw_lines(gap);
                    lines.len().checked_sub(2).map(|i| lines[i].0.end)
                };
                if let Some(end) = end(before) {
                    clean.push_str(&before[..end]);
                } else if let Some(start) = end_of_last(after) {
                    clean.push_str(&after[start..]);
                }
                return clean;
            }
            let later = line_ends(after) > line_ends(before)
                || (line_ends(after) == line_ends(before) && before.is_empty());
            if !later && line_ends(after) > 0 {
                clean.push_str(&before[..head(before)]);
                clean.push_str(&after[head(after)..]);
            } else {
                clean.push_str(if later { after } else { before });
            }
        }
        clean.push_str(&text[spans[i].clone()]);
        last = Some(i);
        i += 1;
    }
    clean.push_str(gap(last, spans.len()));
    clean
}

/// Returns the text without copies, compared in the form named `form`, after at most `rounds`
/// rounds, and whether no copy is left.
pub fn clean(text: &str, split: Split, form: &str, rounds: usize) -> (String, bool) {
    let mut text = text.to_owned();
    for round in 0.. {
        let spans = split(&text);
        let copies = copies(&text, &spans, form);
        if copies.is_empty() || round == rounds {
            return (text, copies.is_empty());
        }
        let mut gone = vec![false; spans.len()];
        copies.into_iter().for_each(|copy| gone[copy].fill(true));
        text = cut(&text, &spans, &gone);
    }
    (text, false)
}
