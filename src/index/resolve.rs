//! The spans of runs of segments in other documents.

use std::ops::Range;

use super::place::Match;
use super::span_codec;
use super::store::{DocumentView, Posting, Store};
use crate::error::IndexError;
use crate::span::Span;

/// The span of a run in another document.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) document: String,
    pub(super) scope: String,
    pub(super) span: Span,
}

/// Returns the source of each run, which is the number of a document and a range of its segments;
/// `None` if the document was removed. Each document is read once.
pub(super) fn sources<S: Store>(
    store: &S,
    runs: &[(u32, Range<usize>)],
) -> Result<Vec<Option<Source>>, IndexError> {
    let mut order: Vec<(u32, usize)> = runs.iter().map(|(document, _)| *document).zip(0..).collect();
    order.sort_unstable();
    let mut sources: Vec<Option<Source>> = Vec::new();
    sources.resize_with(runs.len(), || None);
    for of_one in order.chunk_by(|a, b| a.0 == b.0) {
        let mut missing = None;
        store.visit(of_one[0].0, &mut |view| {
            for (_, run) in of_one {
                let segments = &runs[*run].1;
                match span(view, segments) {
                    Some(span) => {
                        let (document, scope) = (view.id().to_owned(), view.scope().to_owned());
                        sources[*run] = Some(Source { document, scope, span });
                    }
                    None => missing = Some((view.id().to_owned(), segments.clone())),
                }
            }
        })?;
        if let Some((id, segments)) = missing {
            let how = format!("document {id:?} has no spans for the segments {segments:?}");
            return Err(IndexError::Damaged { what: "the index".to_owned(), how });
        }
    }
    Ok(sources)
}

/// Returns the span from the start of the first segment to the end of the last one, if the payload
/// of the document has them.
fn span(view: &DocumentView<'_>, segments: &Range<usize>) -> Option<Span> {
    let read = |segment| span_codec::read(view.payload(), view.len(), segment);
    let (first, last) = (read(segments.start)?, read(segments.end.checked_sub(1)?)?);
    (first.start() <= last.end()).then(|| Span::new(first.start(), last.end()))
}

/// Returns the matches of postings, without those whose documents were removed.
pub(super) fn resolve<S: Store>(store: &S, postings: &[Posting]) -> Result<Vec<Match>, IndexError> {
    Ok(resolve_each(store, postings)?.into_iter().flatten().collect())
}

/// Returns the match of each posting, or `None` if the document was removed.
pub(super) fn resolve_each<S: Store>(
    store: &S,
    postings: &[Posting],
) -> Result<Vec<Option<Match>>, IndexError> {
    let place = |posting: &Posting| posting.place as usize;
    let runs: Vec<_> = postings.iter().map(|p| (p.document, place(p)..place(p) + 1)).collect();
    let found = postings.iter().zip(sources(store, &runs)?);
    let of = |(posting, source): (&Posting, Option<Source>)| {
        let Source { document, scope, span } = source?;
        Some(Match::new(document, scope, place(posting), span))
    };
    Ok(found.map(of).collect())
}
