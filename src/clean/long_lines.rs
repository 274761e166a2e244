//! The inside of long lines: a page without line ends, a paragraph that was printed into one line with its own copy, a
//! loop of a speech recognizer. Each long line is cleaned as a document of its own, whose segments are its sentences.

use std::collections::BTreeMap;

use super::Cleaner;
use super::rounds::Rounds;
use crate::document::Document;
use crate::edits::{BlockDecision, Removal, without};
use crate::repeats::Occurrence;
use crate::segment::pieces_of_line;
use crate::span::Span;
use crate::workspace::Workspace;

/// The length in bytes from which a line is looked into.
const LONG: usize = 300;

/// What was removed from inside long lines.
#[derive(Default)]
pub(super) struct Inside {
    /// What is left of the lines that lost something, by number.
    pub(super) changed: BTreeMap<u32, Box<str>>,
    pub(super) removals: Vec<Removal>,
    pub(super) decisions: Vec<BlockDecision>,
}

/// Cleans the inside of each long line of `document`.
pub(super) fn clean(cleaner: &Cleaner, document: &Document<'_>, workspace: &mut Workspace) -> Inside {
    let mut inside = Inside::default();
    let text = document.text();
    for (line, span) in (0..).zip(document.spans()).filter(|(_, span)| span.len() >= LONG) {
        let mut spans = Vec::new();
        pieces_of_line(text, *span, &mut spans);
        let pieces = workspace.read_spans(text, spans, document.options());
        let outcome = Rounds::clean(cleaner, &pieces, *span, workspace.scratch());
        workspace.recycle_pieces(pieces);
        let first = u32::try_from(inside.decisions.len()).unwrap_or(u32::MAX);
        let place = |inner: Occurrence| Occurrence::at(line, line + 1, inner.span());
        inside.decisions.extend(outcome.decisions.into_iter().map(|mut decision| {
            decision.block.place(place);
            decision
        }));
        if outcome.removals.is_empty() {
            continue;
        }
        let cuts = outcome.removals.iter().map(|removal| {
            Span::new(removal.span.start() - span.start(), removal.span.end() - span.start())
        });
        inside.changed.insert(line, without(&text[*span], cuts).into());
        inside.removals.extend(
            outcome.removals.into_iter().map(|removal| Removal { decision: removal.decision + first, ..removal }),
        );
    }
    inside
}
