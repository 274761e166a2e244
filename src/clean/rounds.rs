//! One round after another over the segments that are left.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::block::{Block, Gap, Survey};
use crate::document::Document;
use crate::edit::{CopyKind, Cuts, EditList, Verdict};
use crate::policy::{Decision, InPlace, Policy};
use crate::repeats::find::Found;
use crate::repeats::{Chains, Occurrence, Places, Scratch};
use crate::steps;

/// By what is decided.
pub(super) enum Rule<'p> {
    Policy(Policy),
    By(&'p mut dyn FnMut(&Block) -> Decision),
}

/// A document that is being cleaned.
///
/// A cut neither makes nor unmakes a segment, so what is left of the text need not be read again: its segments
/// are those that were not cut.
pub(super) struct Rounds<'d, 't, 'p> {
    rule: Rule<'p>,
    doc: &'d Document<'t>,
    /// What was cut, once something was.
    cuts: Option<Cuts<'d>>,
    /// The ids of the segments that are left.
    ids: Cow<'d, [u32]>,
    /// The copies that went.
    dropped: Vec<Verdict>,
    /// The copies that stayed when last looked at.
    kept: Vec<Verdict>,
    /// The ids of what stays in place of something that is like it.
    stands_in: HashSet<u32>,
    /// How many rounds there were.
    round: u8,
    settled: bool,
}

/// What a round would do.
struct Plan {
    /// The copies that would go.
    verdicts: Vec<Verdict>,
    /// From which to before which of the segments that are left each of these reaches.
    reaches: Vec<Range<u32>>,
    /// The one of these by which each segment that is left goes.
    causes: Vec<Option<u32>>,
    /// The copies that stay.
    kept: Vec<Verdict>,
}

impl Plan {
    /// Lets segments go by the verdict that comes next; those that go already go by the earlier one.
    fn mark(&mut self, segments: impl Iterator<Item = u32>) {
        let next = u32::try_from(self.verdicts.len()).ok();
        for segment in segments {
            let cause = &mut self.causes[segment as usize];
            *cause = cause.or(next);
        }
    }
}

impl Plan {
    /// Takes out the copies of which nothing goes, and gives them with a reason to stay.
    fn without_what_stays(&mut self, reason: &'static str) -> Vec<Verdict> {
        let mut goes = vec![false; self.verdicts.len()];
        self.causes.iter().flatten().for_each(|cause| goes[*cause as usize] = true);
        steps::count(self.causes.len() + goes.len());
        if goes.iter().all(|goes| *goes) {
            return Vec::new();
        }
        // How many segments go before each: a copy that lies in others has none of its own, and goes with them.
        let mut before = vec![0];
        before.extend(self.causes.iter().scan(0, |count, cause| {
            *count += u32::from(cause.is_some());
            Some(*count)
        }));
        for (goes, reach) in goes.iter_mut().zip(&self.reaches) {
            *goes |= before[reach.end as usize] - before[reach.start as usize] == reach.end - reach.start;
        }
        let mut stay = Vec::new();
        let mut numbers = Vec::new();
        let verdicts = std::mem::take(&mut self.verdicts);
        for (mut verdict, goes) in verdicts.into_iter().zip(goes) {
            numbers.push(u32::try_from(self.verdicts.len()).unwrap_or(u32::MAX));
            if goes {
                self.verdicts.push(verdict);
            } else {
                (verdict.dropped, verdict.reason) = (false, reason.into());
                stay.push(verdict);
            }
        }
        for cause in self.causes.iter_mut().flatten() {
            *cause = numbers[*cause as usize];
        }
        stay
    }
}

impl<'d, 't, 'p> Rounds<'d, 't, 'p> {
    pub(super) fn new(rule: Rule<'p>, doc: &'d Document<'t>) -> Self {
        let ids = Cow::Borrowed(doc.ids());
        Self {
            rule,
            doc,
            cuts: None,
            ids,
            dropped: Vec::new(),
            kept: Vec::new(),
            stands_in: HashSet::new(),
            round: 0,
            settled: false,
        }
    }

    /// The number of the segment that is `i`th among those left.
    fn number(&self, i: usize) -> u32 {
        number(self.cuts.as_ref(), i)
    }

    /// What repeats in what is left.
    pub(super) fn find(&self, scratch: &mut Scratch) -> Found {
        self.doc.find(&self.ids, |i| self.number(i) as usize, scratch)
    }

    /// Decides on what was found, cuts if that is allowed, and says whether anything was cut.
    pub(super) fn round(&mut self, found: &Found, allowed: bool) -> bool {
        self.round += 1;
        self.kept.clear();
        self.settled = true;
        if found.copies.is_empty() {
            return false;
        }
        let blind = match &self.rule {
            Rule::Policy(policy) => policy.blind(),
            Rule::By(_) => None,
        };
        let mut plan = match blind {
            Some(decision) => self.every_copy(found, &decision),
            None => self.blocks(found),
        };
        self.keep_apart(&mut plan.causes);
        self.settled = plan.causes.iter().all(Option::is_none);
        if !allowed {
            plan.causes.fill(None);
        }
        let reason = if allowed { JOINED } else { UNSETTLED };
        self.carry_out(plan, reason)
    }

    /// Drops what is alike if the policy says so, and says whether that is anything.
    ///
    /// What stays in place of another stays for good: it is never dropped for a third that is like it but was not compared
    /// with the first. If one would be, the result is not settled, for whoever cleans it again knows nothing of the first.
    pub(super) fn round_of_edited(&mut self, allowed: bool) -> bool {
        let Rule::Policy(policy) = &self.rule else { return false };
        let Some(threshold) = policy.alike() else { return false };
        let doc = self.doc;
        let edited = doc.edited_among(self.ids.len(), |i| self.number(i) as usize, threshold);
        if edited.is_empty() {
            return false;
        }
        self.round += 1;
        let places = Places::new(&self.ids, doc.distinct());
        let causes = vec![None; self.ids.len()];
        let mut plan = Plan { verdicts: Vec::new(), reaches: Vec::new(), causes, kept: Vec::new() };
        let mut gone_now = HashSet::new();
        let mut refused = false;
        for pair in edited {
            let id = |there: Occurrence| doc.ids()[there.segments().start];
            let weight = |there: Occurrence| doc.weights()[there.segments().start];
            let (first, later) = (pair.original(), pair.copy());
            let (kept, gone) = if weight(first) >= weight(later) { (first, later) } else { (later, first) };
            if gone_now.contains(&id(kept))
                || gone_now.contains(&id(gone))
                || self.stands_in.contains(&id(gone))
            {
                refused = true;
                continue;
            }
            self.stands_in.insert(id(kept));
            gone_now.insert(id(gone));
            // All that equal it go with it.
            for segment in places.of(id(gone)).iter().copied() {
                plan.mark(segment..segment + 1);
                plan.reaches.push(segment..segment + 1);
                plan.verdicts.push(Verdict {
                    original: kept,
                    copy: self.occurrence(segment, segment + 1),
                    kind: CopyKind::Edited,
                    len: 1,
                    round: self.round,
                    dropped: true,
                    similarity: thousandths(pair.similarity()),
                    reason: ALIKE.into(),
                    block: None,
                });
            }
        }
        self.keep_apart(&mut plan.causes);
        self.settled &= !refused && plan.causes.iter().all(Option::is_none);
        if !allowed {
            plan.causes.fill(None);
        }
        let mut kept = std::mem::take(&mut self.kept);
        let dropped = self.carry_out(plan, if allowed { JOINED } else { UNSETTLED });
        kept.append(&mut self.kept);
        self.kept = kept;
        dropped
    }

    /// One verdict for all copies.
    fn every_copy(&mut self, found: &Found, decision: &Decision) -> Plan {
        let causes = vec![None; self.ids.len()];
        let mut plan = Plan { verdicts: Vec::new(), reaches: Vec::new(), causes, kept: Vec::new() };
        // Copies begin and end ever later, so what a copy adds to the ones before it begins where they end.
        let mut reached = 0;
        for piece in &found.pieces {
            let family = &found.families[piece.family as usize];
            let original = self.occurrence(family.first, family.first + family.len);
            let copy = self.occurrence(piece.start, piece.end);
            let Decision { dropped, reason } = decision.clone();
            let (len, round, kind) = (family.len, self.round, CopyKind::Exact);
            let verdict =
                Verdict { original, copy, kind, len, round, dropped, similarity: 1000, reason, block: None };
            if dropped {
                plan.mark(piece.start.max(reached)..piece.end);
                reached = reached.max(piece.end);
                plan.verdicts.push(verdict);
                plan.reaches.push(piece.start..piece.end);
            } else {
                plan.kept.push(verdict);
            }
        }
        steps::count(found.pieces.len());
        plan
    }

    /// A verdict for every block.
    fn blocks(&mut self, found: &Found) -> Plan {
        let (doc, cuts, ids) = (self.doc, self.cuts.as_ref(), &self.ids);
        let mut survey = Survey::new(doc, ids, |i| number(cuts, i));
        let causes = vec![None; ids.len()];
        let mut plan = Plan { verdicts: Vec::new(), reaches: Vec::new(), causes, kept: Vec::new() };
        let loose = survey.chains(found, Gap::Loose.segments());
        let runs = survey.chains(found, Gap::None.segments());
        let in_place = in_place(&runs, |from, to| survey.weight(from, to));
        let near = survey.chains(found, Gap::Near.segments());
        let mut kept = Vec::new();
        for (gap, chains) in [(Gap::Loose, &loose), (Gap::None, &runs), (Gap::Near, &near)] {
            for (i, chain) in chains.iter().enumerate() {
                let segments = || chain.pairs.iter().map(|pair| pair.copy);
                if segments().all(|segment| plan.causes[segment as usize].is_some()) {
                    continue;
                }
                let Some(block) = survey.block(chain) else { continue };
                let decision = match &mut self.rule {
                    Rule::Policy(policy) => policy.decide(&block, gap, in_place),
                    Rule::By(decide) if gap == Gap::Loose => decide(&block),
                    Rule::By(_) => continue,
                };
                let dropped = decision.dropped;
                if !dropped && gap != Gap::Loose {
                    continue;
                }
                let (original, copy, len) = (block.original, block.copy, block.measures().segments);
                let block = (dropped || len > 1).then(|| Box::new(block));
                let (round, kind) = (self.round, CopyKind::Exact);
                let reason = decision.reason;
                let verdict =
                    Verdict { original, copy, kind, len, round, dropped, similarity: 1000, reason, block };
                if dropped {
                    plan.mark(segments());
                    plan.verdicts.push(verdict);
                    let reach = chain.pairs.first().zip(chain.pairs.last());
                    plan.reaches.extend(reach.map(|(first, last)| first.copy..last.copy + 1));
                } else {
                    kept.push((i, verdict));
                }
            }
        }
        // Of a block that stays all may still go as part of others.
        let mut kept = kept.into_iter().peekable();
        for (i, chain) in loose.iter().enumerate() {
            if let Some((_, verdict)) = kept.next_if(|(number, _)| *number == i) {
                let stays = chain.pairs.iter().any(|pair| plan.causes[pair.copy as usize].is_none());
                plan.kept.extend(stays.then_some(verdict));
            }
        }
        plan
    }

    /// Keeps the segments without which others would stand around them: `a b` without the space is one word.
    ///
    /// Groups that go by one verdict go or stay as wholes. Groups that touch go as one run; one with which the run would
    /// be too long stays for now, and may go in the next round. Whether a run can go is seen from what stands next to
    /// it, so what stays here would stay in the text that is left as well.
    fn keep_apart(&mut self, causes: &mut [Option<u32>]) {
        let Some(by) = self.doc.segmentation().filter(|by| !by.is_by_line_ends()) else { return };
        if causes.iter().all(Option::is_none) {
            return;
        }
        let doc = self.doc;
        let cuts = self.cuts.get_or_insert_with(|| Cuts::new(doc.text(), doc.spans()));
        let mut run = 0..0;
        let mut start = 0;
        while start < causes.len() {
            let cause = causes[start];
            let len = causes[start..].iter().take_while(|other| **other == cause).count();
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
    }

    /// Cuts what goes, and says whether that is anything. A copy of which nothing goes stays, for `reason`.
    fn carry_out(&mut self, mut plan: Plan, reason: &'static str) -> bool {
        if plan.causes.iter().any(Option::is_some) {
            self.kept = plan.without_what_stays(reason);
        } else {
            let stay = |verdict| Verdict { dropped: false, reason: reason.into(), ..verdict };
            self.kept = plan.verdicts.drain(..).map(stay).collect();
        }
        self.kept.append(&mut plan.kept);
        let Plan { mut verdicts, causes, .. } = plan;
        if verdicts.is_empty() {
            return false;
        }
        let first = u32::try_from(self.dropped.len()).unwrap_or(u32::MAX);
        if self.dropped.is_empty() {
            self.dropped = verdicts;
        } else {
            self.dropped.append(&mut verdicts);
        }
        let doc = self.doc;
        let cuts = self.cuts.get_or_insert_with(|| Cuts::new(doc.text(), doc.spans()));
        cuts.remove(|i| causes[i].map(|cause| first + cause));
        self.ids = cuts.numbers().map(|number| doc.ids()[number]).collect();
        true
    }

    /// Where a run of the segments that are left stands in the document.
    fn occurrence(&self, start: u32, end: u32) -> Occurrence {
        let (first, last) = (self.number(start as usize), self.number(end as usize - 1));
        Occurrence::new(self.doc.spans(), first, last + 1)
    }

    /// The edits and the verdicts.
    pub(super) fn into_edits(mut self) -> EditList<'t> {
        self.dropped.append(&mut self.kept);
        let edits = self.cuts.map_or_else(Vec::new, |cuts| cuts.edits());
        EditList::new(self.doc.text(), edits, self.dropped, self.settled)
    }
}

const ALIKE: &str = "edited: another, as long or longer, is kept in its place";
const JOINED: &str = "kept: without it, what stands around it would be other segments";
const UNSETTLED: &str = "kept: eight rounds are over";

/// The number in the document of the segment that is `i`th among those left.
fn number(cuts: Option<&Cuts<'_>>, i: usize) -> u32 {
    cuts.map_or_else(|| u32::try_from(i).unwrap_or(u32::MAX), |cuts| cuts.number(i))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1, whole thousandths")]
fn thousandths(similarity: f64) -> u16 {
    (similarity.clamp(0.0, 1.0) * 1000.0) as u16
}

/// The segments that are doubled where they stand.
fn in_place(runs: &Chains, weight: impl Fn(u32, u32) -> u64) -> InPlace {
    let mut in_place = InPlace::default();
    for run in runs.iter() {
        if let [pair] = run.pairs {
            let doubled = pair.source + 1 == pair.copy;
            in_place.segments += u32::from(doubled);
            in_place.weight += u64::from(doubled) * weight(pair.copy, pair.copy + 1);
        }
    }
    in_place
}
