//! The keys of the segments of a text, and cues: segments of several lines.

use super::beginning::{is_number, is_time};
use super::{COUNTERS, Leading, TIMES, beginning};
use crate::segment::line_ends;
use crate::span::Span;
use crate::unicode;

/// Replaces the lines of a cue by one span, and appends the key of each span to `all`. `spans` are
/// the lines of `text`, or other segments if `has_cues` is not set.
///
/// # Complexity
///
/// Linear in the length of the text.
pub(crate) fn keyed(
    text: &str,
    leading: Leading,
    has_cues: bool,
    spans: &mut Vec<Span>,
    all: &mut Vec<Span>,
) {
    all.reserve(spans.len());
    let mut kept = 0;
    let mut at = 0;
    while at < spans.len() {
        let cue = if has_cues && leading.has(TIMES) { cue(text, leading, &spans[at..]) } else { None };
        let (span, key, len) = match cue {
            Some((lines, len)) => {
                let end = spans[at + len - 1].end();
                (Span::new(spans[at].start(), end), Span::new(spans[at + lines].start(), end), len)
            }
            None => (spans[at], key(text, spans[at], leading), 1),
        };
        spans[kept] = span;
        all.push(key);
        kept += 1;
        at += len;
    }
    spans.truncate(kept);
}

/// Returns the part of a segment that is compared.
fn key(text: &str, span: Span, leading: Leading) -> Span {
    let at = span.start() + beginning(&text[span], leading);
    let is_whole = unicode::is_blank(&text[at..span.end()]) || leading.has(TIMES) && is_time(&text[span]);
    if is_whole { span } else { Span::new(at, span.end()) }
}

/// Returns the number of lines before the text of the cue that begins with the first line, and the
/// number of all of its lines; `None` if no cue begins there.
fn cue(text: &str, leading: Leading, lines: &[Span]) -> Option<(usize, usize)> {
    let counter = usize::from(leading.has(COUNTERS) && is_number(&text[lines[0]]));
    if !is_time(&text[*lines.get(counter)?]) || !follow(text, &lines[..=counter]) {
        return None;
    }
    let first = counter + 1;
    let is_next = |at: &usize| lines.get(*at).is_some() && follow(text, &lines[at - 1..=*at]);
    let end = (first..).take_while(is_next).last()? + 1;
    Some((first, end))
}

/// Returns whether there is no blank line between lines.
fn follow(text: &str, lines: &[Span]) -> bool {
    lines.windows(2).all(|pair| line_ends(&text[pair[0].end()..pair[1].start()]) < 2)
}
