//! Finds repeats among the segments that are left, and decides on them, once for each round.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

use super::{LATER, NEAR, Plan, Rounds};
use crate::edits::BlockDecision;
use crate::id::id;
use crate::policy::{Policy, Rule};
use crate::repeats::{
    Block, Chains, Look, Pair, Places, SHORT_UNIT, Scratch, Survey, TandemRun, Weights, align,
    may_be_labeled, repeated_weight, tandem_runs_of,
};
use crate::work;

/// The number of units from which a tandem repeat is a loop, whatever rule removes it.
const LOOP: u32 = 4;

impl Rounds<'_, '_> {
    /// Decides on tandem repeats and, if none of these is removed, on aligned blocks. Returns
    /// `None` if all repeats are too light for a decision.
    pub(super) fn judge(&mut self, scratch: &mut Scratch) -> Option<Plan> {
        let doc = self.doc;
        let mut runs = scratch.runs();
        tandem_runs_of(&self.ids, doc.distinct_segments(), scratch, &mut runs);
        let mut weights = Weights::new(doc, scratch);
        if self.longer.is_empty() && self.is_too_little(&runs, &mut weights, scratch) {
            weights.recycle(scratch);
            scratch.give_runs(runs);
            return None;
        }
        if self.numbers.is_empty() {
            self.numbers = (0..).take(self.ids.len()).collect();
        }
        let numbers = std::mem::take(&mut self.numbers);
        let ids = std::mem::replace(&mut self.ids, Cow::Borrowed(&[]));
        let joined = self.longer.joined(&ids);
        let places = Places::new(&ids, doc.distinct_segments(), scratch);
        let mut survey = Survey::new(doc, &ids, &numbers, places, &mut weights, scratch);
        let mut plan = Plan::new(ids.len());
        if !runs.is_empty() {
            let least = self.cleaner.least_weight(true, survey.least_document(), None);
            self.tandems(&runs, least, &mut survey, &mut plan);
        }
        if plan.is_empty() {
            let mut compared: &[u32] = &ids;
            if let Some(joined) = &joined {
                survey.recycle(scratch);
                let places = Places::new(joined, doc.distinct_segments(), scratch);
                survey = Survey::new(doc, joined, &numbers, places, &mut weights, scratch);
                survey = survey.with_similar(&ids);
                compared = joined;
            }
            let weight = |i: u32| survey.weight(i, i + 1);
            let text = survey.least_document();
            let [any, labeled] = [None, Some(survey.repeated())]
                .map(|repeated| self.cleaner.least_weight(false, text, repeated));
            let may_be =
                labeled < any && may_be_labeled(compared, doc.distinct_segments(), labeled, weight, scratch);
            let least = if may_be { labeled } else { any };
            let chains = align(compared, &survey.sums, &survey.places, &runs, least, scratch);
            self.blocks(&chains, least, &mut survey, &mut plan);
        }
        survey.recycle(scratch);
        weights.recycle(scratch);
        scratch.give_runs(runs);
        (self.ids, self.numbers) = (ids, numbers);
        self.partial(&mut plan);
        Some(plan)
    }

    /// Returns whether the first round needs no decision, because each tandem repeat and each chain
    /// of aligned pairs is lighter than the minimum of every rule and is a small share of the text.
    /// Few segments are weighed to find out, and most texts need no other weights.
    fn is_too_little(&self, runs: &[TandemRun], weights: &mut Weights<'_>, scratch: &mut Scratch) -> bool {
        if !self.removed.is_empty() {
            return false;
        }
        let mut weight = |i: u32| weights.of(i);
        let least = self.cleaner.least_weight(true, u64::MAX, None);
        let (mut units, mut heaviest) = (0, 0);
        for run in runs {
            work::count((run.end - run.start) as usize);
            let unit: u64 = (run.start..run.start + run.period).map(&mut weight).sum();
            let copies: u64 = (run.start + run.period..run.end).map(&mut weight).sum();
            units += unit;
            heaviest = heaviest.max(unit + copies);
            if heaviest >= least {
                return false;
            }
        }
        if self.cleaner.policy.may_be_double_layer(runs.len(), units) {
            return false;
        }
        let (repeated, chain) = repeated_weight(&self.ids, &mut weight);
        heaviest = heaviest.max(chain);
        let [any, labeled] =
            [None, Some(repeated)].map(|repeated| self.cleaner.least_weight(false, u64::MAX, repeated));
        let distinct = self.doc.distinct_segments();
        let may_be_labeled = || may_be_labeled(&self.ids, distinct, labeled, weight, scratch);
        (chain < labeled || chain < any && !may_be_labeled())
            && self.doc.weighs(repeated + Policy::least_text(heaviest + 1))
    }

    /// Decides on tandem repeats, the heaviest first. A segment is in at most one that is removed.
    fn tandems(&mut self, runs: &[TandemRun], least: u64, survey: &mut Survey<'_>, plan: &mut Plan) {
        let mut order: Vec<&TandemRun> = runs.iter().collect();
        order.sort_unstable_by_key(|run| (Reverse(survey.weight(run.start, run.end)), run.start, run.period));
        let mut taken = vec![false; plan.causes.len()];
        self.layers(runs, &mut taken, survey, plan);
        let is_free = |run: &TandemRun, taken: &[bool]| {
            let range = run.start as usize..run.end as usize;
            work::count(range.len());
            taken[range].iter().all(|taken| !*taken)
        };
        for run in order {
            if !is_free(run, &taken) || !self.is_wanted(run.start, run.start + run.period, survey) {
                continue;
            }
            if survey.weight(run.start, run.end) < least {
                continue;
            }
            let block = self.placed(survey.tandem(*run));
            let (mut is_removed, mut reason) =
                self.cleaner.decide(&block, &mut Look::new(survey, unit(*run)));
            if is_removed && plan.is_in_part_removed(run.start..run.start + run.period) {
                (is_removed, reason) = (false, LATER.into());
            }
            let units = (run.end - run.start) / run.period;
            let is_loop = match reason.parse() {
                Ok(Rule::Loop | Rule::Stutter) => true,
                Ok(_) => units >= LOOP,
                Err(_) => false,
            };
            let decision = BlockDecision { block, is_removed, reason, round: self.round };
            if !is_removed {
                self.kept.push(decision);
                continue;
            }
            taken[run.start as usize..run.end as usize].fill(true);
            // A partial unit at the end is a part of a loop. After a doubled body, the partial unit
            // equals a quotation before the body, and is kept.
            let end = if is_loop { run.end } else { run.start + units * run.period };
            plan.remove(
                (run.start + run.period..end)
                    .map(|copy| Pair { source: run.start + (copy - run.start) % run.period, copy }),
            );
            plan.decisions.push(decision);
        }
    }

    /// Decides by the rules `layers`, `overlay` and `headings` on stretches of doubled units, and
    /// on all such units together: first on short units, then on units of any length.
    fn layers(&mut self, runs: &[TandemRun], taken: &mut [bool], survey: &mut Survey<'_>, plan: &mut Plan) {
        let policy = self.cleaner.policy;
        // The lines of a second layer are broken as those of the first.
        if self.runs.is_some()
            || ![Rule::Layers, Rule::Overlay, Rule::Headings].iter().any(|rule| policy.contains(*rule))
        {
            return;
        }
        let [units, data] = short_units(runs, survey);
        for stretch in stretches(&units) {
            // Records and code are no evidence, but a second layer has them twice too.
            let data = inside(&data, stretch);
            let layers = survey.layers(stretch, data);
            let Some(rule) = policy.double_layer(&layers) else { continue };
            let data = if layers.fill_their_span_with_data() { data } else { &[] };
            let mut units = [stretch, data].concat();
            units.sort_unstable_by_key(|run| run.start);
            self.remove_layer(rule, &units, taken, survey, plan);
        }
        if !policy.contains(Rule::Layers) || runs.iter().all(|run| run.period <= SHORT_UNIT) {
            return;
        }
        let units = pages(runs, survey);
        for stretch in stretches(&units) {
            if Policy::are_doubled_pages(&survey.layers(stretch, &[])) {
                self.remove_layer(Rule::Layers, stretch, taken, survey, plan);
            }
        }
    }

    /// Removes the copies of units, except for units that are removed already.
    fn remove_layer(
        &mut self,
        rule: Rule,
        units: &[TandemRun],
        taken: &mut [bool],
        survey: &mut Survey<'_>,
        plan: &mut Plan,
    ) {
        for run in units {
            let range = run.start as usize..run.end as usize;
            let is_wanted = self.is_wanted(run.start, run.start + run.period, survey);
            if !is_wanted || taken[range.clone()].iter().any(|taken| *taken) {
                continue;
            }
            let block = self.placed(survey.tandem(*run));
            let (is_removed, reason) = self.cleaner.decide_as(rule, &block);
            if !is_removed {
                continue;
            }
            taken[range].fill(true);
            plan.remove(
                (run.start + run.period..run.end)
                    .map(|copy| Pair { source: run.start + (copy - run.start) % run.period, copy }),
            );
            plan.decisions.push(BlockDecision { block, is_removed: true, reason, round: self.round });
        }
    }

    /// Decides on aligned blocks, the heaviest first, and those of one weight from left to right.
    fn blocks(&mut self, chains: &Chains, least: u64, survey: &mut Survey<'_>, plan: &mut Plan) {
        let mut order: Vec<(Reverse<u64>, &[Pair])> = Vec::new();
        for chain in chains.iter() {
            let weight = chain.iter().map(|pair| survey.weight(pair.copy, pair.copy + 1)).sum();
            if weight >= least {
                order.push((Reverse(weight), chain));
            }
        }
        order.sort_by_key(|(weight, _)| *weight);
        for (_, chain) in order {
            let before = plan.decisions.len();
            let Some(kept) = self.block(chain, chain, survey, plan) else { continue };
            // A kept block may have parts that are removed: parts between wide gaps, and runs
            // without gaps.
            let near = |a: &Pair, b: &Pair| b.copy - a.copy <= 2 && b.source - a.source <= 2;
            let close = |a: &Pair, b: &Pair| b.copy - a.copy == 1 && b.source - a.source == 1;
            for part in chain.chunk_by(near) {
                let is_kept = part.len() == chain.len() || self.block(part, chain, survey, plan).is_some();
                if !is_kept {
                    continue;
                }
                for run in part.chunk_by(close).filter(|run| run.len() < part.len()) {
                    self.block(run, chain, survey, plan);
                }
            }
            let is_left = chain.iter().any(|pair| plan.causes[pair.copy as usize].is_none());
            if plan.decisions.len() == before || is_left {
                self.kept.push(kept);
            }
        }
    }

    /// Decides on `pairs`, a part of `chain`, if a run of them reaches the minima of the options.
    /// Returns the decision if their block is kept.
    fn block(
        &mut self,
        pairs: &[Pair],
        chain: &[Pair],
        survey: &mut Survey<'_>,
        plan: &mut Plan,
    ) -> Option<BlockDecision> {
        let mut runs = pairs.chunk_by(|a, b| a.copy + 1 == b.copy);
        if !runs.any(|run| self.is_wanted(run[0].copy, run[run.len() - 1].copy + 1, survey)) {
            return None;
        }
        // Similar segments are removed when no rule removes any more equal ones.
        if !pairs.iter().any(|pair| survey.are_equal(pair)) {
            return None;
        }
        let block = self.placed(survey.block(pairs));
        // A part is between the lines around the whole chain.
        let mut look = Look::new(survey, pairs.iter().copied()).within(chain);
        let callers = self.cleaner.decision_of_caller(&block);
        let is_by_policy = callers.is_none();
        let by_policy = || self.cleaner.decision_of_policy(&block, &mut look);
        let (mut is_removed, mut reason) = callers.unwrap_or_else(by_policy);
        // In one round, an original is kept as a whole or removed as a whole.
        let is_source = |pair: &Pair| plan.is_source[pair.copy as usize];
        if is_removed
            && (plan.is_in_part_removed(pairs.iter().map(|pair| pair.source)) || pairs.iter().any(is_source))
        {
            (is_removed, reason) = (false, LATER.into());
        }
        let decision = BlockDecision { block, is_removed, reason, round: self.round };
        if is_removed {
            plan.remove(pairs.iter().copied().filter(|pair| survey.are_equal(pair)));
            let (first, last) = (pairs[0], pairs[pairs.len() - 1]);
            let (original, copy) = (first.source..last.source + 1, first.copy..last.copy + 1);
            // A rule of the caller is asked about other blocks separately.
            if is_by_policy {
                self.absorb_holes(&original, &copy, survey, plan);
                self.absorb_neighbors(&original, &copy, survey, plan);
            }
            plan.decisions.push(decision);
            return None;
        }
        Some(decision)
    }

    /// Removes each segment in a hole of `copy` that equals a segment in or near `original` or, if
    /// the original is itself a copy, in or near the source of the original.
    fn absorb_holes(&self, original: &Range<u32>, copy: &Range<u32>, survey: &Survey<'_>, plan: &mut Plan) {
        let root = plan.root(original.start)..plan.root(original.end - 1) + 1;
        let [original, root] =
            [original, &root].map(|range| range.start.saturating_sub(NEAR)..copy.start.min(range.end + NEAR));
        for at in copy.clone() {
            let in_original = left_behind(at, &original, survey, plan);
            if let Some(pair) = in_original.or_else(|| left_behind(at, &root, survey, plan)) {
                plan.remove(std::iter::once(pair));
            }
        }
    }

    /// Removes the segments directly before and after `copy`, up to the first on either side that
    /// equals no segment in `original` or near it on the same side: a by-line, a caption, a link at
    /// the end. Two segments are kept: one after the copy that equals its first segment, because
    /// another part of the text begins there, and one before the copy that equals its last segment,
    /// because another part ends there.
    fn absorb_neighbors(
        &self,
        original: &Range<u32>,
        copy: &Range<u32>,
        survey: &Survey<'_>,
        plan: &mut Plan,
    ) {
        let end = id(plan.causes.len());
        let (first, last) = (survey.id(copy.start), survey.id(copy.end - 1));
        let above = original.start.saturating_sub(NEAR)..original.end;
        for at in (original.end..copy.start).rev() {
            let pair = left_behind(at, &above, survey, plan).filter(|_| survey.id(at) != last);
            let Some(pair) = pair else { break };
            plan.remove(std::iter::once(pair));
        }
        let below = original.start..copy.start.min(original.end + NEAR);
        for at in copy.end..end {
            let pair = left_behind(at, &below, survey, plan).filter(|_| survey.id(at) != first);
            let Some(pair) = pair else { break };
            plan.remove(std::iter::once(pair));
        }
    }

    /// Returns whether the segments `start..end` reach the minima of the options.
    fn is_wanted(&self, start: u32, end: u32, survey: &Survey<'_>) -> bool {
        let options = self.doc.options();
        let heavy = |i: u32| survey.weight(i, i + 1) >= u64::from(options.min_weight);
        (end - start) as usize >= options.min_segments && (options.min_weight == 0 || (start..end).any(heavy))
    }

    /// Returns a plan that removes every copy of a segment, for [`Policy::drop_all`].
    pub(super) fn every_copy(&mut self, scratch: &mut Scratch) -> Plan {
        let doc = self.doc;
        if self.numbers.is_empty() {
            self.numbers = (0..).take(self.ids.len()).collect();
        }
        let found = doc.find(&self.ids, |i| self.numbers[i] as usize, scratch);
        let mut plan = Plan::new(self.ids.len());
        // The starts and ends of copies ascend, so the new part of a copy starts at the end of the
        // copies before it.
        let mut reached = 0;
        for piece in &found.pieces {
            let family = &found.families[piece.family as usize];
            let original = self.occurrence(family.first, family.first + family.len);
            let copy = self.occurrence(piece.start, piece.end);
            let from = piece.start.max(reached);
            reached = reached.max(piece.end);
            if from == reached {
                continue;
            }
            plan.remove(
                (from..piece.end).map(|copy| Pair { source: family.first + (copy - piece.start), copy }),
            );
            let block = Block::exact(original, copy, family.len);
            let reason = "drop-all".into();
            plan.decisions.push(BlockDecision { block, is_removed: true, reason, round: self.round });
        }
        work::count(found.pieces.len());
        scratch.recycle(found);
        plan
    }
}

/// Returns the pair of segment `at` and the first equal or similar segment in the range `near`
/// before it, if that segment is kept, and `at` is neither removed nor the source of another
/// segment.
fn left_behind(at: u32, near: &Range<u32>, survey: &Survey<'_>, plan: &Plan) -> Option<Pair> {
    let places = survey.places.before(survey.id(at), at);
    let from = places.partition_point(|place| *place < near.start);
    let source = *places.get(from).filter(|place| **place < near.end)?;
    let is_removed = |segment: u32| plan.causes[segment as usize].is_some();
    let is_free = !is_removed(at) && !plan.is_source[at as usize] && !is_removed(source);
    Some(Pair { source, copy: at }).filter(|pair| is_free && survey.are_equal(pair))
}

/// Returns the pairs of the first unit of `run` and the second unit.
fn unit(run: TandemRun) -> impl Iterator<Item = Pair> + Clone {
    (run.start..run.start + run.period).map(move |source| Pair { source, copy: source + run.period })
}

/// Returns the stretches of units between which there are at most two segments, and all units.
fn stretches(units: &[TandemRun]) -> impl Iterator<Item = &[TandemRun]> {
    let near = units.chunk_by(|a, b| b.start <= a.end.saturating_add(2));
    near.chain(std::iter::once(units))
}

/// Returns two lists of runs of short units: those that do not overlap, and between them those that
/// are records or code.
fn short_units(runs: &[TandemRun], survey: &Survey<'_>) -> [Vec<TandemRun>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    for run in runs.iter().filter(|run| run.period <= SHORT_UNIT) {
        let follows = |runs: &[TandemRun]| runs.last().is_none_or(|last| last.end <= run.start);
        if follows(&found[0]) {
            if !survey.is_record_or_code(*run) {
                if !follows(&found[1]) {
                    found[1].pop();
                }
                found[0].push(*run);
            } else if follows(&found[1]) {
                found[1].push(*run);
            }
        }
    }
    found
}

/// Returns the runs of units of any length that are neither records nor code, without what they
/// have in common with the run before: the head or foot of a page, which is also that of the next
/// one. If there are fewer than four units, a partial unit at the end belongs to the next page too.
fn pages(runs: &[TandemRun], survey: &Survey<'_>) -> Vec<TandemRun> {
    let mut order = runs.to_vec();
    order.sort_unstable_by_key(|run| (run.start, Reverse(run.period)));
    let (mut pages, mut end) = (Vec::new(), 0);
    for run in order {
        let start = run.start.max(end);
        let len = run.end.saturating_sub(start);
        if len < 2 * run.period {
            continue;
        }
        let rest = if len / run.period < LOOP { len % run.period } else { 0 };
        end = run.end - rest;
        let page = TandemRun { start, end, ..run };
        if !survey.is_record_or_code(page) {
            pages.push(page);
        }
    }
    pages
}

/// Returns the runs of `data`, which is sorted by start, between the first and the last unit of a
/// stretch, and those that directly precede or follow the stretch.
fn inside<'d>(data: &'d [TandemRun], stretch: &[TandemRun]) -> &'d [TandemRun] {
    let (mut start, mut end) =
        (stretch.first().map_or(0, |first| first.start), stretch.last().map_or(0, |last| last.end));
    let mut from = data.partition_point(|run| run.start < start);
    let mut to = data.partition_point(|run| run.start < end);
    while from > 0 && data[from - 1].end == start {
        from -= 1;
        start = data[from].start;
    }
    while data.get(to).is_some_and(|run| run.start == end) {
        end = data[to].end;
        to += 1;
    }
    work::count(to - from);
    &data[from..to]
}
