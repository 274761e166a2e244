//! Where runs of segments stand in other documents.

use std::ops::Range;

use super::places;
use super::store::{Store, View};
use crate::error::IndexError;
use crate::span::Span;

/// A place in another document.
#[derive(Debug)]
pub(super) struct There {
    pub(super) document: String,
    pub(super) scope: String,
    pub(super) span: Span,
}

/// Where each run stands, which is the number of a document and segments of it; `None` if the document is
/// gone. Each document is read once.
pub(super) fn there<S: Store>(
    store: &S,
    runs: &[(u32, Range<usize>)],
) -> Result<Vec<Option<There>>, IndexError> {
    let mut order: Vec<(u32, usize)> = runs.iter().map(|(document, _)| *document).zip(0..).collect();
    order.sort_unstable();
    let mut all: Vec<Option<There>> = Vec::new();
    all.resize_with(runs.len(), || None);
    for of_one in order.chunk_by(|a, b| a.0 == b.0) {
        let mut missing = None;
        let Some((number, _)) = of_one.first() else { continue };
        store.visit(*number, &mut |view| {
            for (_, run) in of_one {
                let (Some((_, segments)), Some(place)) = (runs.get(*run), all.get_mut(*run)) else {
                    continue;
                };
                match span(view, segments) {
                    Some(span) => {
                        let (document, scope) = (view.id().to_owned(), view.scope().to_owned());
                        *place = Some(There { document, scope, span });
                    }
                    None => missing = Some((view.id().to_owned(), segments.clone())),
                }
            }
        })?;
        if let Some((id, segments)) = missing {
            let how = format!("nothing tells where the segments {segments:?} of document {id:?} stand");
            return Err(IndexError::Damaged { what: "the index".to_owned(), how });
        }
    }
    Ok(all)
}

/// From the start of the first segment to the end of the last, if the note of the document says so.
fn span(view: &View<'_>, segments: &Range<usize>) -> Option<Span> {
    let read = |segment| places::read(view.note(), view.len(), segment);
    let (first, last) = (read(segments.start)?, read(segments.end.checked_sub(1)?)?);
    (first.start() <= last.end()).then(|| Span::new(first.start(), last.end()))
}
