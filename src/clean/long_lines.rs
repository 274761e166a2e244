//! Cleans the inside of long lines: pages without line ends, paragraphs that were printed twice
//! into one line, loops of speech recognizers. Loops are cut first; then the line is cleaned as a
//! document of its own, whose segments are its sentences, until nothing changes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Cleaner;
use super::fixpoint::{LATER, ROUNDS, Rounds};
use super::hints::{self, Hints};
use super::{copies, loops, stutter_hint};
use crate::document::Document;
use crate::edits::{BlockDecision, Removal, without};
use crate::id::id;
use crate::normalize::{Normalization, Normalizer};
use crate::policy::Rule;
use crate::repeats::{Block, Occurrence};
use crate::segment::{pieces_of_line, trimmed};
use crate::span::Span;
use crate::work;
use crate::workspace::Workspace;

/// A line of this many bytes or more is compared only as a whole, because characters are numbered
/// in 32 bits.
const TOO_LONG: u64 = 1 << 32;

/// The removals from inside long lines, and the decisions.
#[derive(Default)]
pub(super) struct Inside {
    /// The text that is left of each line that lost a part, by the number of the line.
    pub(super) changed: BTreeMap<u32, Box<str>>,
    pub(super) removals: Vec<Removal>,
    /// The decisions of the removals.
    pub(super) removed: Vec<BlockDecision>,
    pub(super) kept: Vec<BlockDecision>,
    pub(super) is_unfinished: bool,
}

/// Cleans the inside of each long line of `document`, and adds its removals to `inside`. `left` has
/// the rest of each line that lost its beginning before; the removals of these are in `inside`.
pub(super) fn clean(
    cleaner: &Cleaner,
    document: &Document<'_>,
    left: &BTreeMap<u32, Span>,
    inside: &mut Inside,
    workspace: &mut Workspace,
) {
    let text = document.text();
    let mut test = QuickTest::new(cleaner, document);
    inside.changed = left.iter().map(|(number, rest)| (*number, text[*rest].into())).collect();
    for (number, key) in (0..).zip(document.key_spans()) {
        let span = *left.get(&number).unwrap_or(key);
        // Most lines are too short, and are left before their text is looked at.
        if span.len() < test.long || !test.is_passed_by(&text[span]) {
            continue;
        }
        let line = Line::new(cleaner, document, number);
        let mut line = Line { left: Cow::Borrowed(&text[span]), whole: (0, span), ..line };
        while line.pass(workspace, &mut inside.removed) {
            if line.pass == ROUNDS {
                inside.is_unfinished = true;
                break;
            }
        }
        inside.is_unfinished |= line.is_unfinished;
        inside.kept.append(&mut line.kept);
        if !line.removals.is_empty() {
            // White space at both ends is left out, as when the text that is left is read.
            let left = trimmed(&line.left, 0, line.left.len()).map_or("", |span| &line.left[span]);
            inside.changed.insert(number, left.into());
            inside.removals.append(&mut line.removals);
        }
    }
}

/// Returns whether nothing would be cut from inside line `number` of `document` if `left` were left
/// of it, which consists of `parts` of the text, each with its offset in `left`.
pub(super) fn is_clean(
    cleaner: &Cleaner,
    document: &Document<'_>,
    number: u32,
    left: &str,
    parts: Vec<(usize, Span)>,
    workspace: &mut Workspace,
) -> bool {
    if !QuickTest::new(cleaner, document).is_passed_by(left) {
        return true;
    }
    let mut line = Line { left: Cow::Borrowed(left), parts, ..Line::new(cleaner, document, number) };
    !line.pass(workspace, &mut Vec::new())
}

/// Tests lines quickly: nearly all have nothing that would be cut.
struct QuickTest<'a> {
    cleaner: &'a Cleaner,
    normalization: Normalization,
    /// The minimum number of bytes of a line that is cleaned inside.
    long: usize,
    /// The minimum number of bytes that a rule removes from a line, besides those of loops.
    least: usize,
    hints: Hints,
}

impl<'a> QuickTest<'a> {
    fn new(cleaner: &'a Cleaner, document: &Document<'_>) -> Self {
        let (long, least) = (cleaner.policy.loops_inside().line, cleaner.policy.least_repetition());
        Self { cleaner, normalization: document.normalization(), long, least, hints: Hints::new() }
    }

    /// Returns whether `line` is long enough to be cleaned inside, and may repeat text.
    fn is_passed_by(&mut self, line: &str) -> bool {
        self.long <= line.len()
            && (line.len() as u64) < TOO_LONG
            && (self.hints.may_repeat(line, self.normalization, self.least)
                || may_stutter(self.cleaner, line)
                || copies::of_line(line).is_some())
    }
}

/// Returns whether a line may have a loop that only the rule `stutter` finds.
fn may_stutter(cleaner: &Cleaner, line: &str) -> bool {
    let policy = cleaner.policy;
    policy.contains(Rule::Stutter) && stutter_hint::may_stutter(line, policy.loops_inside())
}

/// A line that is being cleaned.
struct Line<'d, 't> {
    cleaner: &'d Cleaner,
    document: &'d Document<'t>,
    number: u32,
    /// The number of passes so far, each of which cuts loops or sentences.
    pass: u8,
    /// The number of rounds so far: one for a pass over loops, and one or more for a pass over
    /// sentences.
    round: u8,
    left: Cow<'d, str>,
    /// The whole line, at byte 0 of `left`: the only part before the first cut.
    whole: (usize, Span),
    /// The parts of the original text that are left, each with its offset in `left`; empty as long
    /// as the whole line is left.
    parts: Vec<(usize, Span)>,
    removals: Vec<Removal>,
    is_unfinished: bool,
    /// The blocks that the last round kept.
    kept: Vec<BlockDecision>,
}

impl<'d, 't> Line<'d, 't> {
    fn new(cleaner: &'d Cleaner, document: &'d Document<'t>, number: u32) -> Self {
        let span = document.key_span(number as usize);
        Self {
            cleaner,
            document,
            number,
            pass: 0,
            round: 0,
            left: Cow::Borrowed(&document.text()[span]),
            whole: (0, span),
            parts: Vec::new(),
            removals: Vec::new(),
            is_unfinished: false,
            kept: Vec::new(),
        }
    }

    fn parts(&self) -> &[(usize, Span)] {
        if self.parts.is_empty() { std::slice::from_ref(&self.whole) } else { &self.parts }
    }

    /// Cuts loops or, if no loop is found, sentences. Returns whether anything was cut.
    fn pass(&mut self, workspace: &mut Workspace, removed: &mut Vec<BlockDecision>) -> bool {
        self.pass += 1;
        self.round += 1;
        self.kept.clear();
        let mut found = Vec::new();
        if hints::may_loop(self.left.as_bytes()) || may_stutter(self.cleaner, &self.left) {
            found = self.loops(workspace, removed);
        }
        if found.is_empty() {
            found = self.sentences(workspace, removed);
        }
        self.cut(found, removed)
    }

    /// Returns the removals of loops in the text that is left.
    fn loops(&mut self, workspace: &mut Workspace, removed: &mut Vec<BlockDecision>) -> Vec<Removal> {
        let mut removals = Vec::new();
        let options = self.document.options();
        let limits = self.cleaner.policy.loops_inside();
        let mut found = loops::find(&self.left, options.normalization, limits, workspace.scratch());
        found.retain(|found| options.min_segments <= 1 && found.weight >= u64::from(options.min_weight));
        let line = u64::from(self.document.segment_weight(self.number as usize, &mut Normalizer::default()));
        for loops::Loop { original, copy, count, weight } in found {
            let block = Block::of_loop(self.place(original), self.place(copy), count, weight, line);
            let (is_removed, reason) = self.cleaner.decide_as(Rule::Loop, &block);
            let decision = BlockDecision { block, is_removed, reason: reason.clone(), round: self.round };
            if is_removed {
                removals.push(Removal { span: copy, copy, original, reason, decision: id(removed.len()) });
                removed.push(decision);
            } else {
                self.kept.push(decision);
            }
        }
        removals
    }

    /// Returns the removals among the sentences that are left.
    fn sentences(&mut self, workspace: &mut Workspace, removed: &mut Vec<BlockDecision>) -> Vec<Removal> {
        let whole = Span::new(0, self.left.len());
        let mut spans = workspace.spans_of_pieces();
        match copies::of_line(&self.left) {
            Some(copies) => copies.into_iter().for_each(|copy| pieces_of_line(&self.left, copy, &mut spans)),
            None => pieces_of_line(&self.left, whole, &mut spans),
        }
        let pieces = workspace.read_spans(&self.left, spans, self.document.options());
        let place = |inner: Occurrence| self.place(inner.span());
        let outcome = Rounds::clean(self.cleaner, &pieces, whole, Some(&place), workspace.scratch());
        workspace.recycle_pieces(pieces);
        self.is_unfinished |= !outcome.is_fixed_point;
        let first = id(removed.len());
        let before = self.round - 1;
        for mut decision in outcome.decisions {
            decision.round += before;
            self.round = self.round.max(decision.round);
            if decision.is_removed { removed.push(decision) } else { self.kept.push(decision) }
        }
        let renumbered = |removal: Removal| Removal { decision: removal.decision + first, ..removal };
        outcome.removals.into_iter().map(renumbered).collect()
    }

    /// Cuts the removals in `found`, which are in order, from the text that is left, and returns
    /// whether any of them was cut.
    fn cut(&mut self, mut found: Vec<Removal>, decisions: &mut [BlockDecision]) -> bool {
        if found.is_empty() {
            return false;
        }
        let mut placed: Vec<Removal> = found.iter().map(|removal| self.placed(removal)).collect();
        // The original of a removal must be in the text that is left, so a decision that would cut
        // a part of the original of an earlier removal is not carried out.
        let mut covers: Vec<Option<usize>> = Vec::with_capacity(self.removals.len());
        for earlier in &self.removals {
            let fate = Fate::of(earlier, &placed);
            for by in fate.damaged_by.into_iter().flatten() {
                let decision = &mut decisions[placed[by].decision as usize];
                (decision.is_removed, decision.reason) = (false, LATER.into());
                self.is_unfinished = true;
            }
            covers.push(fate.covered_by);
        }
        let is_kept: Vec<bool> =
            placed.iter().map(|removal| !decisions[removal.decision as usize].is_removed).collect();
        let mut covers = covers.into_iter();
        self.removals.retain(|earlier| {
            let Some(by) = covers.next().flatten().filter(|by| !is_kept[*by]) else { return true };
            let span = &mut placed[by].span;
            *span = Span::new(span.start().min(earlier.span.start()), span.end().max(earlier.span.end()));
            false
        });
        let mut numbers = is_kept.iter();
        found.retain(|_| numbers.next() == Some(&false));
        let mut numbers = is_kept.iter();
        placed.retain(|_| numbers.next() == Some(&false));
        if found.is_empty() {
            return false;
        }
        self.removals.append(&mut placed);
        Removal::sort(&mut self.removals);
        work::count(self.removals.len() + self.parts().len() + self.left.len());
        let mut parts = Vec::new();
        let mut len = 0;
        let mut keep = |from: usize, to: usize| {
            if from < to {
                parts.push((len, Span::new(from, to)));
                len += to - from;
            }
        };
        let mut cuts = found.iter().map(|removal| removal.span).peekable();
        for (at, part) in self.parts() {
            let (mut from, end) = (*at, at + part.len());
            let origin = |byte: usize| part.start() + (byte - at);
            while let Some(cut) = cuts.next_if(|cut| cut.end() <= end) {
                keep(origin(from), origin(cut.start().max(from)));
                from = cut.end().max(from);
            }
            match cuts.peek().filter(|cut| cut.start() < end) {
                Some(cut) => keep(origin(from), origin(cut.start().max(from))),
                None => keep(origin(from), origin(end)),
            }
        }
        self.parts = parts;
        self.left = Cow::Owned(without(&self.left, found.iter().map(|removal| removal.span)).into_owned());
        true
    }

    /// Returns `removal`, whose spans refer to the text that is left, with spans of the original
    /// text.
    fn placed(&self, removal: &Removal) -> Removal {
        let Removal { span, copy, original, reason, decision } = removal;
        let [span, copy, original] = [span, copy, original].map(|span| self.origin(*span));
        Removal { span, copy, original, reason: reason.clone(), decision: *decision }
    }

    /// Returns the span in the original text, from the first byte to the last, of a span of the
    /// text that is left.
    fn origin(&self, span: Span) -> Span {
        let byte = |at: usize| {
            let parts = self.parts();
            let (start, part) = parts[parts.partition_point(|(start, _)| *start <= at) - 1];
            part.start() + (at - start)
        };
        debug_assert!(!span.is_empty());
        Span::new(byte(span.start()), byte(span.end() - 1) + 1)
    }

    fn place(&self, span: Span) -> Occurrence {
        Occurrence::at(self.number, self.number + 1, self.origin(span))
    }
}

/// The effect that later removals in a line have on a removal.
#[derive(Default)]
struct Fate {
    /// The new removal of which the earlier one becomes a part, because it removes the whole
    /// original.
    covered_by: Option<usize>,
    /// New removals that would cut a part of the original, or the text around the earlier cut
    /// without the original.
    damaged_by: [Option<usize>; 3],
}

impl Fate {
    /// Returns the effect on an earlier removal of cutting the spans of `new`, which are in order.
    fn of(earlier: &Removal, new: &[Removal]) -> Self {
        let cut = |span: Span| {
            let by = new.partition_point(|removal| removal.span.end() <= span.start());
            new.get(by).filter(|removal| removal.span.start() < span.end()).map(|removal| (by, removal.span))
        };
        let original = earlier.original;
        let last = Span::new(original.end() - 1, original.end());
        let is_covered = |cut: Span| cut.start() <= original.start() && earlier.span.start() <= cut.end();
        let mut fate = Self::default();
        for (i, (by, span)) in [cut(earlier.span), cut(original), cut(last)]
            .into_iter()
            .enumerate()
            .filter_map(|(i, cut)| Some((i, cut?)))
        {
            let is_inner = original.start() < span.start() && span.end() < original.end();
            if is_covered(span) {
                fate.covered_by = Some(by);
            } else if !is_inner {
                fate.damaged_by[i] = Some(by);
            }
        }
        fate
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn removal(span: Span, original: Span) -> Removal {
        Removal { span, copy: span, original, reason: "".into(), decision: 0 }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// A new removal that touches neither the earlier cut nor its original has no effect, and
        /// neither has one inside the original. One that has the whole original and the text up to
        /// the cut covers the earlier removal, and all others damage it.
        #[test]
        fn a_fate_is_what_every_new_removal_does(
            (start, len, between, cut) in (0_usize..12, 1_usize..8, 0_usize..4, 1_usize..6),
            ends in prop::collection::btree_set(0_usize..34, 0..10),
        ) {
            let original = Span::new(start, start + len);
            let earlier = Span::new(original.end() + between, original.end() + between + cut);
            // The earlier cut is inside of a new removal or outside, as a whole.
            let ends: Vec<usize> = ends.into_iter().filter(|at| *at <= earlier.start() || earlier.end() <= *at).collect();
            let new: Vec<Removal> = ends
                .chunks_exact(2)
                .map(|ends| Span::new(ends[0], ends[1]))
                .filter(|span| *span != earlier)
                .map(|span| removal(span, Span::new(0, 1)))
                .collect();
            let meets = |a: Span, b: Span| a.start() < b.end() && b.start() < a.end();
            let mut covered_by = None;
            let mut damaged_by = BTreeSet::new();
            for (by, span) in new.iter().map(|removal| removal.span).enumerate() {
                if !meets(span, original) && !meets(span, earlier)
                    || original.start() < span.start() && span.end() < original.end()
                {
                    continue;
                }
                if span.start() <= original.start() && earlier.start() <= span.end() {
                    covered_by = Some(by);
                } else {
                    damaged_by.insert(by);
                }
            }
            let fate = Fate::of(&removal(earlier, original), &new);
            let found = fate.damaged_by.into_iter().flatten().collect();
            prop_assert_eq!((fate.covered_by, damaged_by), (covered_by, found), "{} and {}, {:?}", original, earlier, ends);
        }
    }
}
