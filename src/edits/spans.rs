//! Removal of spans that the caller chooses.

use std::borrow::Cow;

use super::{Cuts, without};
use crate::error::CutError;
use crate::segment::{is_cluster_boundary, trimmed};
use crate::span::Span;
use crate::work;

/// Returns `text` without `spans`, which may be from another program; borrowed if nothing is
/// removed.
///
/// The [cuts](crate::edits#how-a-cut-is-made) are made as by a [`Cleaner`](crate::Cleaner). Spans
/// may be in any order and may overlap; spans that overlap or touch count as one. White space at
/// the ends of a span does not count, and a span that begins or ends inside a grapheme cluster is
/// shortened to whole clusters.
///
/// ```
/// use refrain::edits;
///
/// let text = "\
/// Home
///
/// The ferry sails again.
///
/// Imprint
/// ";
/// assert_eq!(edits::cut(text, &[(0..4).into(), (30..37).into()])?, "The ferry sails again.\n");
/// # Ok::<(), refrain::error::CutError>(())
/// ```
///
/// # Errors
///
/// [`CutError::Span`] if a span starts or ends after the end of the text or inside a character.
///
/// # Complexity
///
/// Linear in the text, plus the time to sort the spans.
pub fn cut<'t>(text: &'t str, spans: &[Span]) -> Result<Cow<'t, str>, CutError> {
    Ok(without(text, cuts(text, spans)?.into_iter()))
}

/// Returns the spans that [`cut`] removes for `spans`, in order, with the white space that is
/// removed next to them.
///
/// ```
/// use refrain::{Span, edits};
///
/// let text = "\
/// Home
///
/// The ferry sails again.
/// ";
/// let cuts = edits::cuts(text, &[(0..4).into()])?;
/// assert_eq!(cuts, [Span::new(0, 6)]);
/// # Ok::<(), refrain::error::CutError>(())
/// ```
///
/// # Errors
///
/// Those of [`cut`].
///
/// # Complexity
///
/// That of [`cut`].
pub fn cuts(text: &str, spans: &[Span]) -> Result<Vec<Span>, CutError> {
    let outside = |span: &Span| text.get(span.range()).is_none();
    if let Some((index, span)) = spans.iter().copied().enumerate().find(|(_, span)| outside(span)) {
        return Err(CutError::Span { index, span, len: text.len() });
    }
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut removed: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match removed.last_mut().filter(|last| span.start() <= last.end()) {
            Some(last) => *last = Span::new(last.start(), last.end().max(span.end())),
            None => removed.push(span),
        }
    }
    whole_clusters(text, &mut removed);
    // Segments to remove, and between them segments to keep.
    let mut segments: Vec<Span> = Vec::new();
    let mut is_removed = Vec::new();
    let mut end = 0;
    for span in removed {
        if let Some(kept) = trimmed(text, end, span.start()) {
            segments.push(kept);
            is_removed.push(None);
        }
        if let Some(removed) = trimmed(text, span.start(), span.end()) {
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
    Ok(cuts.cuts(|cause| cause).iter().map(|cut| cut.span).collect())
}

/// Shortens `spans`, which are in order and do not touch, to whole grapheme clusters.
fn whole_clusters(text: &str, spans: &mut [Span]) {
    // The start of a cluster, before which no character is read again.
    let mut known = 0;
    for span in spans {
        let (mut start, mut end) = (span.start(), span.end());
        while start < end && !is_cluster_boundary(&text[known..], start - known) {
            start += text[start..].chars().next().map_or(1, char::len_utf8);
        }
        if is_cluster_boundary(&text[known..], start - known) {
            known = start;
        }
        while start < end && !is_cluster_boundary(&text[known..], end - known) {
            end -= text[..end].chars().next_back().map_or(1, char::len_utf8);
        }
        work::count(1 + span.len() - (end - start));
        *span = Span::new(start, end);
    }
}
