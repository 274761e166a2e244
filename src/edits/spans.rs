//! A text without spans of the caller's choice.

use std::borrow::Cow;

use super::{Cuts, without};
use crate::error::CutError;
use crate::segment::{is_cluster_boundary, trimmed};
use crate::span::Span;

/// Returns `text` without `spans`, which may come from another program, [cut](self#how-a-cut-is-made) as by a
/// [`Cleaner`](crate::Cleaner); borrowed if nothing is removed.
///
/// Spans may be in any order and overlap. White space at their ends does not count; a span that begins or ends inside a
/// grapheme cluster is shortened to whole clusters.
///
/// ```
/// use refrain::edits;
///
/// let text = "Home\n\nThe ferry sails again.\n\nImprint\n";
/// assert_eq!(edits::cut(text, &[(0..4).into(), (30..37).into()])?, "The ferry sails again.\n");
/// # Ok::<(), refrain::error::CutError>(())
/// ```
///
/// # Errors
///
/// A span ends past the text or cuts a character in two.
///
/// # Complexity
///
/// Linear in the text, and sorting the spans.
pub fn cut<'t>(text: &'t str, spans: &[Span]) -> Result<Cow<'t, str>, CutError> {
    let mut removed = Vec::with_capacity(spans.len());
    for (index, span) in spans.iter().copied().enumerate() {
        if text.get(span.range()).is_none() {
            return Err(CutError { index, span, len: text.len() });
        }
        removed.push(whole_clusters(text, span));
    }
    removed.sort_unstable();
    // Segments to remove, and between them segments that stay.
    let mut segments: Vec<Span> = Vec::new();
    let mut is_removed = Vec::new();
    let mut end = 0;
    for span in removed {
        let start = span.start().max(end);
        if span.end() <= start {
            continue;
        }
        if let Some(kept) = trimmed(text, end, start) {
            segments.push(kept);
            is_removed.push(None);
        }
        if let Some(removed) = trimmed(text, start, span.end()) {
            segments.push(removed);
            is_removed.push(Some(0));
        }
        end = span.end();
    }
    if let Some(kept) = trimmed(text, end, text.len()) {
        segments.push(kept);
        is_removed.push(None);
    }
    let mut cuts = Cuts::new(text, &segments);
    cuts.remove(|i| is_removed[i]);
    Ok(without(text, cuts.cuts().iter().map(|cut| cut.span)))
}

/// A span without the parts of grapheme clusters at its ends.
fn whole_clusters(text: &str, span: Span) -> Span {
    let (mut start, mut end) = (span.start(), span.end());
    while start < end && !is_cluster_boundary(text, start) {
        start += text[start..].chars().next().map_or(1, char::len_utf8);
    }
    while start < end && !is_cluster_boundary(text, end) {
        end -= text[..end].chars().next_back().map_or(1, char::len_utf8);
    }
    Span::new(start, end)
}
