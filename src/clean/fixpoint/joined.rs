//! Removes copies whose lines are broken elsewhere than those of their originals.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{LATER, Plan, Removed, Rounds};
use crate::clean::rewrapped::{self, Lines, Part};
use crate::id::id;
use crate::normalize::Normalization;
use crate::repeats::{Occurrence, Scratch};
use crate::segment::Segmentation;
use crate::work;

impl Rounds<'_, '_> {
    /// Decides on repeats in the text in which each run of lines that repeats other lines with
    /// other line breaks is one segment, as those lines are. Returns whether a line was removed.
    pub(super) fn round_of_joined(&mut self, scratch: &mut Scratch) -> bool {
        let doc = self.doc;
        self.kept_runs.clear();
        if doc.segmentation() != Some(Segmentation::Auto)
            || doc.normalization() == Normalization::RAW
            || self.cleaner.policy.is_drop_all()
        {
            return false;
        }
        debug_assert!(self.place.is_none(), "the pieces of a line are spans that were given");
        let lines = Lines::new(doc, &self.numbers, &self.ids);
        let Some(mut rewrapped) = rewrapped::find(lines, scratch) else { return false };
        if self.numbers.is_empty() {
            self.numbers = (0..).take(self.ids.len()).collect();
        }
        // The lines of each segment of the text that is judged, and the texts of its runs.
        let mut segments: Vec<Range<u32>> = Vec::new();
        let mut changed = BTreeMap::new();
        let mut starts = Vec::new();
        let mut runs = std::mem::take(&mut rewrapped.runs).into_iter().peekable();
        let mut next = 0;
        while (next as usize) < self.ids.len() {
            let run = runs.next_if(|run| run.lines.start == next);
            let range = run.as_ref().map_or(next..next + 1, |run| run.lines.clone());
            starts.extend(run.as_ref().map(|_| id(segments.len())));
            let left = || doc.left_of(self.numbers[next as usize] as usize).map(Into::into);
            if let Some(text) = run.map(|run| run.text).or_else(left) {
                changed.insert(id(segments.len()), text);
            }
            next = range.end;
            segments.push(range);
        }
        let number = |i: u32| self.numbers[i as usize];
        let numbers = segments.iter().map(|lines| number(lines.start)..number(lines.end - 1) + 1);
        let joined = doc.of_runs(numbers, changed);
        let place = |found: Occurrence| {
            let run = found.segments();
            let (first, last) = (&segments[run.start], &segments[run.end - 1]);
            self.occurrence(first.start, last.end)
        };
        let mut inner = Rounds {
            doc: &joined,
            place: Some(&place),
            runs: Some(&starts),
            round: self.round + 1,
            ..Rounds::new(self.cleaner, &joined, self.part)
        };
        let judged = inner.judge(scratch);
        let mut kept = std::mem::take(&mut inner.kept);
        // Other blocks are kept once more, as blocks of lines.
        kept.retain(|decision| decision.block.measures().is_rewrapped);
        self.kept_runs = kept;
        let Some(inner) = judged.filter(|inner| !inner.is_empty()) else { return false };
        self.round += 1;
        let mut plan = Plan::new(self.ids.len());
        let mut is_kept = vec![false; inner.decisions.len()];
        let mut originals = Vec::new();
        for (cause, copy) in inner.causes.iter().zip(&segments) {
            let Some(cause) = cause else { continue };
            let parts = rewrapped.parts(&segments[cause.source as usize], copy);
            // Two copies may equal the original, and not each other: of `exam-ple` in two lines,
            // `example` and `exam- ple`.
            if parts.last().is_none_or(|part| part.copy.end < copy.end) {
                is_kept[cause.decision as usize] = true;
            }
            for Part { original, copy } in parts {
                work::count(copy.len());
                let [first, last, i] =
                    [original.start, original.end - 1, copy.start].map(|i| self.numbers[i as usize]);
                originals.extend((first < last).then_some((first, last, i)));
                for i in copy.clone() {
                    let (source, last) = (original.start, original.end - 1);
                    let continues = i > copy.start;
                    plan.causes[i as usize] = Some(Removed { source, last, continues, ..*cause });
                }
            }
        }
        plan.decisions = inner.decisions;
        self.kept.clear();
        self.keep_decisions(&is_kept, &mut plan);
        let is_removed = self.carry_out(plan);
        self.kept.retain(|decision| decision.block.measures().is_rewrapped);
        self.kept_runs.append(&mut self.kept);
        let removed = &self.removed;
        originals.retain(|(_, _, copy)| removed.get(*copy as usize).is_some_and(Option::is_some));
        self.originals_of_runs.extend(originals.iter().map(|(first, last, _)| (*first, *last)));
        self.originals_of_runs.sort_unstable();
        self.originals_of_runs.dedup();
        is_removed
    }

    /// Keeps each planned segment without which an original would be in two places: an original of
    /// several lines that together equal a removed line or more.
    pub(super) fn keep_originals_of_runs(&mut self, plan: &mut Plan) {
        if plan.is_empty() || self.originals_of_runs.is_empty() {
            return;
        }
        let mut is_kept = vec![false; plan.decisions.len()];
        for (first, last) in &self.originals_of_runs {
            let [start, end] = [*first, *last + 1].map(|line| self.numbers.partition_point(|i| *i < line));
            let causes = &plan.causes[start..end];
            work::count(causes.len());
            let follows = |a: &Option<Removed>, b: &Option<Removed>| match (a, b) {
                (None, None) => true,
                (Some(a), Some(b)) => {
                    let is_next = a.last + 1 == b.source || b.continues && a.source == b.source;
                    a.decision == b.decision && is_next
                }
                _ => false,
            };
            if !causes.windows(2).all(|pair| follows(&pair[0], &pair[1])) {
                causes.iter().flatten().for_each(|cause| is_kept[cause.decision as usize] = true);
            }
        }
        // An original is removed by one decision, so keeping decisions takes none apart.
        self.keep_decisions(&is_kept, plan);
    }

    /// Keeps the segments that the decisions in `is_kept` would remove.
    fn keep_decisions(&mut self, is_kept: &[bool], plan: &mut Plan) {
        if is_kept.contains(&true) {
            for cause in &mut plan.causes {
                *cause = cause.filter(|cause| !is_kept[cause.decision as usize]);
            }
            self.keep_unused(plan, LATER);
            self.is_fixed_point = false;
        }
    }
}
