//! Offsets in code points, as Python counts, beside offsets in bytes.

use std::ops::Range;

use refrain::Span;
use refrain::edits::Positions;

/// A span in both units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub start: usize,
    pub end: usize,
    pub byte_start: usize,
    pub byte_end: usize,
}

impl Place {
    pub fn new(positions: &Positions<'_>, span: Span) -> Self {
        let Range { start, end } = positions.code_points(span);
        Self { start, end, byte_start: span.start(), byte_end: span.end() }
    }
}

/// Converts spans of code points of `text` to spans of bytes.
pub fn byte_spans(text: &str, spans: &[(i64, i64)]) -> Result<Vec<Span>, String> {
    let len = if text.is_ascii() { text.len() } else { text.chars().count() };
    let mut ends = Vec::with_capacity(spans.len() * 2);
    for (start, end) in spans {
        match (usize::try_from(*start), usize::try_from(*end)) {
            (Ok(start), Ok(end)) if start <= end && end <= len => ends.extend([start, end]),
            _ => {
                return Err(format!(
                    "expected a span with 0 <= start <= end <= {len}, the length of the text, found {start}..{end}"
                ));
            }
        }
    }
    if text.is_ascii() {
        return Ok(ends.chunks_exact(2).map(|ends| Span::new(ends[0], ends[1])).collect());
    }
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_unstable_by_key(|at| ends[*at]);
    let (mut code_points, mut bytes) = (0, 0);
    for at in order {
        // The ends ascend in this order, so one pass over the text finds all of them.
        let next = text[bytes..].chars().take(ends[at] - code_points);
        bytes += next.map(char::len_utf8).sum::<usize>();
        code_points = ends[at];
        ends[at] = bytes;
    }
    Ok(ends.chunks_exact(2).map(|ends| Span::new(ends[0], ends[1])).collect())
}
