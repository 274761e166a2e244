//! Rounds of finding, deciding and cutting, over the segments that are left.

mod joined;
mod judge;
mod longer;
mod partial;

use std::borrow::Cow;
use std::ops::Range;

use super::Cleaner;
use crate::document::Document;
use crate::edits::{BlockDecision, Cuts, Removal};
use crate::id::id;
use crate::repeats::{Block, Occurrence, Pair, Scratch};
use crate::span::Span;
use crate::unicode;
use crate::work;

use longer::Replaced;

/// The greatest number of rounds of finding and cutting.
pub(super) const ROUNDS: u8 = 8;

/// The number of segments beyond the ends of an original that are near the original.
const NEAR: u32 = 8;

/// Reasons to keep a block that a rule would remove.
const JOINED: &str = "the text around the copy would be split in another way";
const UNFINISHED: &str = "limit of eight rounds";
pub(super) const LATER: &str = "a part of an original would be lost";

/// A segment that was removed, and the decision by which it was removed.
#[derive(Clone, Copy)]
struct Removed {
    /// The segment that it equals, or that replaces it. If it is a part of a run of lines that
    /// equals other lines, the first of these lines and the last.
    source: u32,
    last: u32,
    decision: u32,
    /// True if it is not the first of the lines that together equal the original.
    continues: bool,
    /// The span of the part of the source that it equals, if it does not equal all of it.
    part: Option<Span>,
}

impl Removed {
    fn one(source: u32, decision: u32) -> Self {
        Self { source, last: source, decision, continues: false, part: None }
    }
}

/// A document that is being cleaned.
///
/// A cut neither creates nor destroys a segment, so the text that is left is not read again: its
/// segments are those that were not cut.
pub(super) struct Rounds<'d, 't> {
    cleaner: &'d Cleaner,
    doc: &'d Document<'t>,
    part: Span,
    /// Maps occurrences in `doc` to those in the text that was given.
    place: Option<&'d dyn Fn(Occurrence) -> Occurrence>,
    /// The segments that are runs of lines of the document that `place` leads to, in ascending
    /// order.
    runs: Option<&'d [u32]>,
    /// The text that earlier rounds left, from the first round on that plans a removal. Causes are
    /// numbers of segments.
    cuts: Option<Cuts<'d>>,
    /// The ids and the numbers of the segments that are left.
    ids: Cow<'d, [u32]>,
    numbers: Vec<u32>,
    /// The source and decision of each segment that was removed; empty as long as no segment was.
    removed: Vec<Option<Removed>>,
    decisions: Vec<BlockDecision>,
    /// The blocks that the last round kept.
    kept: Vec<BlockDecision>,
    /// The blocks with runs of lines that the last round of joined lines kept.
    kept_runs: Vec<BlockDecision>,
    /// The originals of several lines that together equal a removed line or more: the numbers of
    /// the first line and the last.
    originals_of_runs: Vec<(u32, u32)>,
    /// The segments that others replace, if the policy removes similar copies.
    longer: Replaced,
    round: u8,
    is_fixed_point: bool,
}

/// The removals of a round: for each segment that is left, the equal segment and the number of the
/// decision.
struct Plan {
    causes: Vec<Option<Removed>>,
    /// For each segment that is left, `true` if it is the source of a removed segment.
    is_source: Vec<bool>,
    decisions: Vec<BlockDecision>,
}

impl Plan {
    fn new(len: usize) -> Self {
        Self { causes: vec![None; len], is_source: vec![false; len], decisions: Vec::new() }
    }

    /// Returns whether some of `segments` are removed and others are kept, so that `segments`
    /// cannot be the original of a copy.
    fn is_in_part_removed(&self, segments: impl ExactSizeIterator<Item = u32>) -> bool {
        let len = segments.len();
        let removed = segments.filter(|segment| self.causes[*segment as usize].is_some()).count();
        0 < removed && removed < len
    }

    fn is_empty(&self) -> bool {
        self.decisions.is_empty()
    }

    fn remove(&mut self, pairs: impl Iterator<Item = Pair>) {
        let decision = id(self.decisions.len());
        for pair in pairs {
            // A copy of a copy has the first occurrence as its source.
            let source = self.root(pair.source);
            let cause = &mut self.causes[pair.copy as usize];
            *cause = cause.or(Some(Removed::one(source, decision)));
            self.is_source[pair.source as usize] = true;
        }
    }

    /// Returns the source of `segment` if it is removed, and otherwise `segment` itself.
    fn root(&self, segment: u32) -> u32 {
        self.causes[segment as usize].map_or(segment, |removed| removed.source)
    }
}

/// The removals from a document, and the decisions.
pub(super) struct Outcome {
    pub(super) removals: Vec<Removal>,
    pub(super) decisions: Vec<BlockDecision>,
    pub(super) is_fixed_point: bool,
}

impl<'d, 't> Rounds<'d, 't> {
    /// Cleans `part` of the text of `doc`, which contains all segments of `doc`. If `place` is
    /// given, it maps the occurrences of the blocks that are decided on.
    pub(super) fn clean(
        cleaner: &'d Cleaner,
        doc: &'d Document<'t>,
        part: Span,
        place: Option<&'d dyn Fn(Occurrence) -> Occurrence>,
        scratch: &mut Scratch,
    ) -> Outcome {
        let mut rounds = Self { place, ..Self::new(cleaner, doc, part) };
        if let Some(threshold) = cleaner.policy.least_similarity().filter(|_| place.is_none()) {
            rounds.longer = Replaced::of(doc, threshold);
        }
        while rounds.round_of_joined(scratch) || rounds.round(scratch) || rounds.replace() {}
        rounds.finish()
    }

    fn new(cleaner: &'d Cleaner, doc: &'d Document<'t>, part: Span) -> Self {
        Self {
            cleaner,
            doc,
            part,
            place: None,
            runs: None,
            cuts: None,
            ids: Cow::Borrowed(doc.ids()),
            numbers: Vec::new(),
            removed: Vec::new(),
            decisions: Vec::new(),
            kept: Vec::new(),
            kept_runs: Vec::new(),
            originals_of_runs: Vec::new(),
            longer: Replaced::default(),
            round: 0,
            is_fixed_point: true,
        }
    }

    /// Runs one round of finding, deciding and cutting, and returns whether a segment was removed.
    fn round(&mut self, scratch: &mut Scratch) -> bool {
        self.round += 1;
        self.kept.clear();
        let mut plan = None;
        if self.ids.len() > self.doc.distinct_segments() || !self.removed.is_empty() {
            plan = match self.cleaner.policy.is_drop_all() {
                true => Some(self.every_copy(scratch)),
                false => self.judge(scratch),
            };
        }
        plan.is_some_and(|plan| self.carry_out(plan))
    }

    /// Removes the planned segments, except those without which others would change, and returns
    /// whether there are any.
    fn carry_out(&mut self, mut plan: Plan) -> bool {
        self.keep_originals_of_runs(&mut plan);
        self.keep_apart(&mut plan);
        if self.round > ROUNDS {
            self.is_fixed_point &= plan.is_empty();
            self.keep_all(&mut plan, UNFINISHED);
        }
        self.remove(plan)
    }

    /// Keeps each planned segment whose removal would split the text around it in another way: `a
    /// b` without the space is one word.
    ///
    /// All segments of one decision in direct succession, a group, are removed or kept together.
    /// Adjacent groups are removed as one run; a group with which the run could not be removed is
    /// kept for now, and may be removed in the next round. Only the neighbors of a run determine
    /// whether it can be removed, so a run that is kept here is also kept when the text that is
    /// left is cleaned.
    fn keep_apart(&mut self, plan: &mut Plan) {
        let Some(by) = self.doc.segmentation().filter(|by| !by.is_by_line_ends()) else { return };
        if plan.is_empty() {
            return;
        }
        let cuts = self.cuts();
        let mut run = 0..0;
        let mut start = 0;
        let causes = &mut plan.causes;
        while start < causes.len() {
            let cause = causes[start].map(|cause| cause.decision);
            let len = causes[start..].iter().take_while(|other| other.map(|o| o.decision) == cause).count();
            let end = start + len;
            if cause.is_some() {
                let first = if start == run.end { run.start } else { start };
                if cuts.can_go(first, end, by) {
                    run = first..end;
                } else {
                    causes[start..end].fill(None);
                }
            }
            start = end;
        }
        self.keep_unused(plan, JOINED);
    }

    /// Returns the text that earlier rounds left.
    fn cuts(&mut self) -> &mut Cuts<'d> {
        let (doc, part) = (self.doc, self.part);
        self.cuts.get_or_insert_with(|| Cuts::within(doc.text(), part, doc.spans()))
    }

    /// Keeps all segments, with `reason`.
    fn keep_all(&mut self, plan: &mut Plan, reason: &'static str) {
        plan.causes.fill(None);
        self.keep_unused(plan, reason);
    }

    /// Removes the decisions without a removed segment from `plan`, and lists their blocks as kept
    /// with `reason`.
    fn keep_unused(&mut self, plan: &mut Plan, reason: &'static str) {
        let mut is_used = vec![false; plan.decisions.len()];
        plan.causes.iter().flatten().for_each(|cause| is_used[cause.decision as usize] = true);
        work::count(plan.causes.len());
        let mut numbers = Vec::with_capacity(is_used.len());
        let decisions = std::mem::take(&mut plan.decisions);
        for (mut decision, is_used) in decisions.into_iter().zip(is_used) {
            numbers.push(id(plan.decisions.len()));
            if is_used {
                plan.decisions.push(decision);
            } else {
                (decision.is_removed, decision.reason) = (false, reason.into());
                self.kept.push(decision);
            }
        }
        for cause in plan.causes.iter_mut().flatten() {
            cause.decision = numbers[cause.decision as usize];
        }
    }

    /// Removes the planned segments, and returns whether there are any.
    fn remove(&mut self, plan: Plan) -> bool {
        if plan.is_empty() {
            return false;
        }
        if self.removed.is_empty() {
            self.removed = vec![None; self.doc.len()];
        }
        let first = id(self.decisions.len());
        for (i, cause) in plan.causes.iter().enumerate() {
            if let Some(cause) = cause {
                let [source, last] = [cause.source, cause.last].map(|i| self.numbers[i as usize]);
                let removed = Removed { source, last, decision: first + cause.decision, ..*cause };
                self.removed[self.numbers[i] as usize] = Some(removed);
            }
        }
        let numbers = std::mem::take(&mut self.numbers);
        self.cuts().remove(|i| plan.causes[i].map(|_| numbers[i]));
        self.numbers = numbers;
        self.decisions.extend(plan.decisions);
        let removed = &self.removed;
        self.numbers.retain(|number| removed[*number as usize].is_none());
        self.ids = self.numbers.iter().map(|number| self.doc.ids()[*number as usize]).collect();
        true
    }

    /// Returns `block` with the occurrences that are reported.
    fn placed(&self, block: Block) -> Block {
        let Some(place) = self.place else { return block };
        let runs = self.runs.unwrap_or(&[]);
        let has_runs = |occurrence: Occurrence| {
            let before = |i: usize| runs.partition_point(|run| (*run as usize) < i);
            before(occurrence.segments().start) < before(occurrence.segments().end)
        };
        let is_rewrapped = has_runs(block.original()) || has_runs(block.copy());
        let placed = block.placed(place);
        if is_rewrapped { placed.rewrapped() } else { placed }
    }

    /// Returns the first segment that is left with each id.
    fn first_of_each_id(&self) -> Vec<Option<u32>> {
        let mut first = vec![None; self.doc.distinct_segments()];
        for (i, id) in (0..).zip(self.ids.iter()) {
            first[*id as usize].get_or_insert(i);
        }
        first
    }

    /// Returns the occurrence in the document of a run of the segments that are left.
    fn occurrence(&self, start: u32, end: u32) -> Occurrence {
        let (first, last) = (self.numbers[start as usize], self.numbers[end as usize - 1]);
        Occurrence::new(self.doc.spans(), first, last + 1)
    }

    /// Returns the outcome, with the removed segments as cuts. A cut has one decision and one
    /// original without other text inside.
    fn finish(mut self) -> Outcome {
        let mut removals = Vec::new();
        if let Some(cuts) = self.cuts.take().filter(|_| !self.removed.is_empty()) {
            let spans = self.doc.spans();
            // An original that was removed later is a copy of an earlier segment, or is replaced by
            // a segment that is never removed. Other sources are before their copies, so one pass
            // is enough.
            for i in 0..self.removed.len() {
                if let Some(removed) = self.removed[i] {
                    let of = |source: u32| self.removed[source as usize];
                    let (first, last) = (of(removed.source), of(removed.last));
                    let part = match (removed.part, first) {
                        (part, None) => part,
                        (None, Some(earlier)) => earlier.part,
                        (Some(part), Some(earlier)) => earlier.part.map(|whole| {
                            let at = part.start() - self.doc.key_span(removed.source as usize).start();
                            Span::new(whole.start() + at, whole.start() + at + part.len())
                        }),
                    };
                    self.removed[i] = Some(Removed {
                        source: first.map_or(removed.source, |earlier| earlier.source),
                        last: last.map_or(removed.last, |earlier| earlier.last),
                        continues: removed.continues || first.is_some_and(|earlier| earlier.continues),
                        part,
                        ..removed
                    });
                }
            }
            let runs = self.removed_runs();
            let mut run_of = vec![0; self.removed.len()];
            for (number, run) in (0..).zip(&runs) {
                run_of[run.clone()].fill(number);
            }
            for cut in cuts.cuts(|segment| run_of[segment as usize]) {
                let run = runs[cut.cause as usize].clone();
                let (Some(first), Some(last)) = (self.removed[run.start], self.removed[run.end - 1]) else {
                    continue;
                };
                let whole = |first: usize, last: usize| Span::new(spans[first].start(), spans[last].end());
                removals.push(Removal {
                    span: cut.span,
                    copy: whole(run.start, run.end - 1),
                    original: first.part.unwrap_or_else(|| whole(first.source as usize, last.last as usize)),
                    reason: self.decisions[first.decision as usize].reason.clone(),
                    decision: first.decision,
                });
            }
        }
        self.decisions.append(&mut self.kept);
        self.decisions.append(&mut self.kept_runs);
        Outcome { removals, decisions: self.decisions, is_fixed_point: self.is_fixed_point }
    }

    /// Returns the runs of removed segments that are cut as one span: with one decision, without
    /// other text between the segments, and with originals in direct succession.
    fn removed_runs(&self) -> Vec<Range<usize>> {
        let (text, spans) = (self.doc.text(), self.doc.spans());
        let is_blank_before = |i: usize| unicode::is_blank(&text[spans[i - 1].end()..spans[i].start()]);
        let mut runs: Vec<Range<usize>> = Vec::new();
        for (i, removed) in self.removed.iter().enumerate() {
            let Some(removed) = removed else { continue };
            let continues = i > 0
                && is_blank_before(i)
                && self.removed[i - 1].is_some_and(|before| {
                    before.decision == removed.decision
                        && before.part.is_none()
                        && removed.part.is_none()
                        && (before.last + 1 == removed.source
                            || removed.continues && before.source == removed.source)
                });
            match runs.last_mut() {
                Some(run) if continues => run.end = i + 1,
                _ => runs.push(i..i + 1),
            }
        }
        runs
    }
}
