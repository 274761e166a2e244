//! The inside of long lines: a page without line ends, a paragraph that was printed into one line with its own copy, a
//! loop of a speech recognizer. Loops are cut first; then the line is cleaned as a document of its own, whose segments are
//! its sentences, until nothing changes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Cleaner;
use super::hints;
use super::loops;
use super::rounds::Rounds;
use crate::document::Document;
use crate::edits::{BlockDecision, Removal, without};
use crate::normalize::Normalizer;
use crate::policy::Rule;
use crate::repeats::{Block, Occurrence};
use crate::segment::pieces_of_line;
use crate::span::Span;
use crate::workspace::Workspace;

/// The length in bytes from which a line is looked into.
const LONG: usize = 300;

/// How often a line is looked into at most.
const ROUNDS: u8 = 8;

/// What was removed from inside long lines, and what was kept.
#[derive(Default)]
pub(super) struct Inside {
    /// What is left of the lines that lost something, by number.
    pub(super) changed: BTreeMap<u32, Box<str>>,
    pub(super) removals: Vec<Removal>,
    /// The decisions of the removals.
    pub(super) removed: Vec<BlockDecision>,
    pub(super) kept: Vec<BlockDecision>,
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
        let mut round = 1;
        while line.round(cleaner, document, round, workspace, &mut inside.removed) {
            round += 1;
            if round > ROUNDS {
                inside.is_unfinished = true;
                break;
            }
        }
        inside.kept.append(&mut line.kept);
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
    /// The parts that are left: where each is in the text that was given, and where it ends in what is left.
    parts: Vec<(Span, usize)>,
    removals: Vec<Removal>,
    /// The blocks that the last round kept.
    kept: Vec<BlockDecision>,
}

impl<'t> Line<'t> {
    fn new(number: u32, span: Span, text: &'t str) -> Self {
        let left = Cow::Borrowed(&text[span]);
        Self { number, left, parts: vec![(span, span.len())], removals: Vec::new(), kept: Vec::new() }
    }

    /// Cuts loops or, if there are none, sentences, and returns whether anything was cut.
    fn round(
        &mut self,
        cleaner: &Cleaner,
        document: &Document<'_>,
        round: u8,
        workspace: &mut Workspace,
        removed: &mut Vec<BlockDecision>,
    ) -> bool {
        self.kept.clear();
        let mut found = Vec::new();
        if hints::may_loop(self.left.as_bytes()) {
            found = self.loops(cleaner, document, round, workspace, removed);
        }
        if found.is_empty() {
            found = self.sentences(cleaner, document, workspace, removed);
        }
        let is_cut = !found.is_empty();
        if is_cut {
            self.cut(&found);
        }
        is_cut
    }

    /// The loops in what is left that are removed.
    fn loops(
        &mut self,
        cleaner: &Cleaner,
        document: &Document<'_>,
        round: u8,
        workspace: &mut Workspace,
        removed: &mut Vec<BlockDecision>,
    ) -> Vec<Removal> {
        let mut removals = Vec::new();
        let line = u64::from(document.segment_weight(self.number as usize, &mut Normalizer::default()));
        for loops::Loop { original, copy, count, weight } in loops::find(&self.left, workspace.scratch()) {
            let block = Block::of_loop(self.place(original), self.place(copy), count, weight, line);
            let (is_removed, reason) = cleaner.decide_as(Rule::Loop, &block);
            let decision = BlockDecision { block, is_removed, reason: reason.clone(), round };
            if is_removed {
                removals.push(Removal { span: copy, copy, original, reason, decision: index(removed.len()) });
                removed.push(decision);
            } else {
                self.kept.push(decision);
            }
        }
        removals
    }

    /// What is removed of the sentences that are left.
    fn sentences(
        &mut self,
        cleaner: &Cleaner,
        document: &Document<'_>,
        workspace: &mut Workspace,
        removed: &mut Vec<BlockDecision>,
    ) -> Vec<Removal> {
        let whole = Span::new(0, self.left.len());
        let mut spans = Vec::new();
        pieces_of_line(&self.left, whole, &mut spans);
        let pieces = workspace.read_spans(&self.left, spans, document.options());
        let outcome = Rounds::clean(cleaner, &pieces, whole, workspace.scratch());
        workspace.recycle_pieces(pieces);
        let first = index(removed.len());
        for mut decision in outcome.decisions {
            decision.block.place(|inner| self.place(inner.span()));
            if decision.is_removed { removed.push(decision) } else { self.kept.push(decision) }
        }
        let renumbered = |removal: Removal| Removal { decision: removal.decision + first, ..removal };
        outcome.removals.into_iter().map(renumbered).collect()
    }

    /// Cuts what is to be removed from what is left.
    fn cut(&mut self, found: &[Removal]) {
        let placed: Vec<Removal> = found
            .iter()
            .map(|removal| Removal {
                span: self.origin(removal.span),
                copy: self.origin(removal.copy),
                original: self.origin(removal.original),
                ..removal.clone()
            })
            .collect();
        let around = |span: Span| {
            let first = placed.partition_point(|removal| removal.span.end() <= span.start());
            placed.get(first).filter(|other| other.span.start() <= span.start() && span.end() <= other.span.end())
        };
        // What was removed before from inside of what is removed now is a part of that. Where an original is removed, its
        // own original takes its place.
        self.removals.retain_mut(|earlier| {
            if let Some(later) = around(earlier.original) {
                earlier.original = later.original;
            }
            around(earlier.span).is_none()
        });
        self.removals.extend(placed);
        self.removals.sort_unstable_by_key(|removal| removal.span);
        self.parts = self.parts_without(found);
        self.left = Cow::Owned(without(&self.left, found.iter().map(|removal| removal.span)).into_owned());
    }

    /// The parts that are left without what is to be removed.
    fn parts_without(&self, found: &[Removal]) -> Vec<(Span, usize)> {
        let mut cuts = found.iter().map(|removal| removal.span).peekable();
        let mut parts: Vec<(Span, usize)> = Vec::with_capacity(self.parts.len() + found.len());
        let (mut start, mut at, mut left) = (0, 0, 0);
        for (part, end) in &self.parts {
            let mut keep = |from: usize, to: usize| {
                if from < to {
                    left += to - from;
                    let origin = part.start() + (from - start);
                    parts.push((Span::new(origin, origin + (to - from)), left));
                }
            };
            at = start.max(at);
            while at < *end {
                match cuts.peek().filter(|cut| cut.start() < *end) {
                    None => {
                        keep(at, *end);
                        at = *end;
                    }
                    Some(cut) => {
                        keep(at, cut.start());
                        at = at.max(cut.end());
                        if cut.end() <= *end {
                            cuts.next();
                        }
                    }
                }
            }
            start = *end;
        }
        parts
    }

    /// Where a span of what is left is in the text that was given, from its first byte to its last.
    fn origin(&self, span: Span) -> Span {
        let byte = |at: usize| {
            let i = self.parts.partition_point(|(_, end)| *end <= at);
            let start = i.checked_sub(1).map_or(0, |before| self.parts[before].1);
            self.parts[i].0.start() + (at - start)
        };
        // No span that is removed, or names an original, is empty.
        debug_assert!(!span.is_empty());
        Span::new(byte(span.start()), byte(span.end() - 1) + 1)
    }

    fn place(&self, span: Span) -> Occurrence {
        Occurrence::at(self.number, self.number + 1, self.origin(span))
    }
}

/// The number of a decision: there are fewer of them than bytes in a line.
fn index(number: usize) -> u32 {
    debug_assert!(u32::try_from(number).is_ok());
    u32::try_from(number).unwrap_or(u32::MAX)
}
