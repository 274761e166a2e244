//! The inside of long lines: a page without line ends, a paragraph that was printed into one line with its own copy, a
//! loop of a speech recognizer. Loops are cut first; then the line is cleaned as a document of its own, whose segments are
//! its sentences, until nothing changes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::hints;
use super::Cleaner;
use super::loops;
use super::rounds::Rounds;
use crate::document::Document;
use crate::edits::{BlockDecision, Removal, without};
use crate::policy::Rule;
use crate::repeats::{Block, Occurrence};
use crate::segment::pieces_of_line;
use crate::span::Span;
use crate::workspace::Workspace;

/// The length in bytes from which a line is looked into.
const LONG: usize = 300;

/// How often a line is looked into at most.
const ROUNDS: u8 = 8;

/// What was removed from inside long lines.
#[derive(Default)]
pub(super) struct Inside {
    /// What is left of the lines that lost something, by number.
    pub(super) changed: BTreeMap<u32, Box<str>>,
    pub(super) removals: Vec<Removal>,
    pub(super) decisions: Vec<BlockDecision>,
    pub(super) is_unfinished: bool,
}

/// Cleans the inside of each long line of `document`.
pub(super) fn clean(cleaner: &Cleaner, document: &Document<'_>, workspace: &mut Workspace) -> Inside {
    let mut inside = Inside::default();
    let text = document.text();
    for (number, span) in (0..).zip(document.spans()).filter(|(_, span)| span.len() >= LONG) {
        if !hints::may_repeat(&text[*span], document.normalization()) {
            continue;
        }
        let mut line = Line::new(number, *span, text);
        let mut round = 0;
        while line.round(cleaner, document, workspace, &mut inside.decisions) {
            round += 1;
            if round == ROUNDS {
                inside.is_unfinished = true;
                break;
            }
        }
        if !line.removals.is_empty() {
            inside.changed.insert(number, line.left.into());
            inside.removals.append(&mut line.removals);
        }
    }
    inside
}

/// A line that is being cleaned.
struct Line<'t> {
    number: u32,
    left: Cow<'t, str>,
    /// Where the parts that are left are in the text that was given.
    kept: Vec<Span>,
    removals: Vec<Removal>,
}

impl<'t> Line<'t> {
    fn new(number: u32, span: Span, text: &'t str) -> Self {
        Self { number, left: Cow::Borrowed(&text[span]), kept: vec![span], removals: Vec::new() }
    }

    /// Cuts loops, or else sentences, and returns whether anything was cut.
    fn round(
        &mut self,
        cleaner: &Cleaner,
        document: &Document<'_>,
        workspace: &mut Workspace,
        decisions: &mut Vec<BlockDecision>,
    ) -> bool {
        let mut spans = Vec::new();
        pieces_of_line(&self.left, Span::new(0, self.left.len()), &mut spans);
        let pieces = workspace.read_spans(&self.left, spans, document.options());
        let repeats = pieces.distinct_segments() < pieces.len();
        let may_loop = hints::may_loop(self.left.as_bytes());
        let found = if may_loop { self.loops(cleaner, workspace, decisions) } else { Vec::new() };
        let found = if found.is_empty() && repeats {
            let outcome = Rounds::clean(cleaner, &pieces, Span::new(0, self.left.len()), workspace.scratch());
            let first = u32::try_from(decisions.len()).unwrap_or(u32::MAX);
            decisions.extend(outcome.decisions.into_iter().map(|mut decision| {
                decision.block.place(|inner| self.place(inner.span()));
                decision
            }));
            let renumbered = |removal: Removal| Removal { decision: removal.decision + first, ..removal };
            outcome.removals.into_iter().map(renumbered).collect()
        } else {
            found
        };
        workspace.recycle_pieces(pieces);
        self.cut(found)
    }

    /// The loops in what is left, if the policy removes them.
    fn loops(
        &self,
        cleaner: &Cleaner,
        workspace: &mut Workspace,
        decisions: &mut Vec<BlockDecision>,
    ) -> Vec<Removal> {
        if !cleaner.policy.contains(Rule::Loop) {
            return Vec::new();
        }
        let mut removals = Vec::new();
        for found in loops::find(&self.left, workspace.scratch()) {
            let decision = u32::try_from(decisions.len()).unwrap_or(u32::MAX);
            let reason = Cow::Borrowed(Rule::Loop.name());
            let block = Block::of_loop(self.place(found.original), self.place(found.copy), found.count, found.weight);
            decisions.push(BlockDecision { block, is_removed: true, reason: reason.clone(), round: 1 });
            let loops::Loop { original, copy, .. } = found;
            removals.push(Removal { span: copy, copy, original, reason, decision });
        }
        removals
    }

    /// Cuts what is to be removed from what is left.
    fn cut(&mut self, found: Vec<Removal>) -> bool {
        if found.is_empty() {
            return false;
        }
        for removal in &found {
            let mut placed = Removal {
                span: self.origin(removal.span),
                copy: self.origin(removal.copy),
                original: self.origin(removal.original),
                ..removal.clone()
            };
            // What was removed before is removed with what is around it, or with its own original.
            self.removals.retain(|earlier| {
                let is_covered = placed.span.start() <= earlier.original.start() && earlier.original.end() <= placed.span.end()
                    || placed.span.start() <= earlier.span.start() && earlier.span.end() <= placed.span.end();
                if is_covered {
                    let start = placed.span.start().min(earlier.span.start());
                    placed.span = Span::new(start, placed.span.end().max(earlier.span.end()));
                }
                !is_covered
            });
            self.removals.push(placed);
        }
        self.removals.sort_unstable_by_key(|removal| removal.span);
        let mut kept = Vec::new();
        let mut cuts = found.iter().map(|removal| removal.span).peekable();
        let mut at = 0;
        for part in &self.kept {
            let (mut from, end) = (at, at + part.len());
            let origin = |at: usize, base: usize| part.start() + (at - base);
            while let Some(cut) = cuts.next_if(|cut| cut.end() <= end) {
                if cut.start() > from {
                    kept.push(Span::new(origin(from, at), origin(cut.start(), at)));
                }
                from = cut.end().max(from);
            }
            if let Some(cut) = cuts.peek().filter(|cut| cut.start() < end) {
                if cut.start() > from {
                    kept.push(Span::new(origin(from, at), origin(cut.start(), at)));
                }
            } else if from < end {
                kept.push(Span::new(origin(from, at), origin(end, at)));
            }
            at = end;
        }
        self.kept = kept;
        self.left = Cow::Owned(without(&self.left, found.iter().map(|removal| removal.span)).into_owned());
        true
    }

    /// Where a span of what is left is in the text that was given, from its first byte to its last.
    fn origin(&self, span: Span) -> Span {
        let byte = |at: usize| {
            let mut before = 0;
            for part in &self.kept {
                if at < before + part.len() {
                    return part.start() + (at - before);
                }
                before += part.len();
            }
            self.kept.last().map_or(0, |part| part.end())
        };
        let start = byte(span.start());
        Span::new(start, span.end().checked_sub(1).filter(|last| *last >= span.start()).map_or(start, |last| byte(last) + 1))
    }

    fn place(&self, span: Span) -> Occurrence {
        Occurrence::at(self.number, self.number + 1, self.origin(span))
    }
}
