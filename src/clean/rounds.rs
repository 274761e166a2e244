//! One round after another over the segments that are left.

use std::borrow::Cow;

use crate::document::Document;
use crate::edit::{CopyKind, Cuts, EditList, Verdict};
use crate::policy::{Decision, Policy};
use crate::repeats::find::{Copied, Found};
use crate::repeats::{Occurrence, Scratch};
use crate::steps;

/// A document that is being cleaned.
///
/// A cut neither makes nor unmakes a segment, so what is left of the text need not be read again: its segments
/// are those that were not cut.
pub(super) struct Rounds<'d, 't> {
    policy: Policy,
    doc: &'d Document<'t>,
    /// What was cut, once something was.
    cuts: Option<Cuts<'d>>,
    /// The ids of the segments that are left.
    ids: Cow<'d, [u32]>,
    /// The copies that went.
    dropped: Vec<Verdict>,
    /// The copies that stayed when last looked at.
    kept: Vec<Verdict>,
    /// How many rounds there were.
    round: u8,
    settled: bool,
}

impl<'d, 't> Rounds<'d, 't> {
    pub(super) fn new(policy: Policy, doc: &'d Document<'t>) -> Self {
        let ids = Cow::Borrowed(doc.ids());
        Self { policy, doc, cuts: None, ids, dropped: Vec::new(), kept: Vec::new(), round: 0, settled: false }
    }

    /// The number of the segment that is `i`th among those left.
    fn number(&self, i: usize) -> usize {
        self.cuts.as_ref().map_or(i, |cuts| cuts.number(i) as usize)
    }

    /// What repeats in what is left.
    pub(super) fn find(&self, scratch: &mut Scratch) -> Found {
        self.doc.find(&self.ids, |i| self.number(i), scratch)
    }

    /// Decides on what was found, cuts if that is allowed, and says whether anything was cut.
    pub(super) fn round(&mut self, found: &Found, allowed: bool) -> bool {
        self.round += 1;
        if found.copies.is_empty() {
            self.kept.clear();
            self.settled = true;
            return false;
        }
        let mut decisions = self.decide(found);
        self.keep_apart(found, &mut decisions);
        self.settled = decisions.iter().all(|decision| !decision.dropped);
        if !allowed {
            keep_all(&mut decisions, UNSETTLED);
        }
        self.kept.clear();
        // The verdict by which each segment that is left goes. Copies begin and end ever later, so what a copy adds
        // to the ones before it begins where they end.
        let mut causes: Vec<Option<u32>> = vec![None; self.ids.len()];
        let mut reached = 0;
        for piece in &found.pieces {
            let family = &found.families[piece.family as usize];
            let Decision { dropped, reason } = decisions[piece.copy as usize];
            let original = self.occurrence(family.first, family.first + family.len);
            let copy = self.occurrence(piece.start, piece.end);
            let (len, round, reason) = (family.len, self.round, reason.into());
            let verdict = Verdict { original, copy, kind: CopyKind::Exact, len, round, dropped, reason };
            if dropped {
                let (start, end) = (piece.start as usize, piece.end as usize);
                if reached < end {
                    causes[start.max(reached)..end].fill(u32::try_from(self.dropped.len()).ok());
                    reached = end;
                }
                self.dropped.push(verdict);
            } else {
                self.kept.push(verdict);
            }
        }
        steps::count(causes.len() + found.pieces.len());
        if reached == 0 {
            return false;
        }
        let doc = self.doc;
        let cuts = self.cuts.get_or_insert_with(|| Cuts::new(doc.text(), doc.spans()));
        cuts.remove(|i| causes[i]);
        self.ids = cuts.numbers().map(|number| doc.ids()[number]).collect();
        true
    }

    /// What becomes of each copy.
    fn decide(&self, found: &Found) -> Vec<Decision> {
        // The weight up to each segment that is left.
        let mut sums = Vec::new();
        let mut weight = 0;
        if self.policy.weighs() && !found.copies.is_empty() {
            let weights = self.doc.weights();
            sums.extend((0..self.ids.len()).map(|i| {
                let before = weight;
                weight += u64::from(weights[self.number(i)]);
                before
            }));
        }
        let up_to = |i: u32| sums.get(i as usize).copied().unwrap_or(weight);
        let of = |copy: &Copied| self.policy.decide(up_to(copy.end) - up_to(copy.start), weight);
        found.copies.iter().map(of).collect()
    }

    /// Keeps the copies without which other segments would stand around them: `a b` without the space is one word.
    ///
    /// Copies that touch go as one run; one with which the run would be too long stays for now, and may go in
    /// the next round. Whether a run can go is seen from what stands next to it, so what stays here would stay
    /// in the text that is left as well.
    fn keep_apart(&mut self, found: &Found, decisions: &mut [Decision]) {
        let Some(by) = self.doc.segmentation().filter(|by| !by.is_by_line_ends()) else { return };
        if decisions.iter().all(|decision| !decision.dropped) {
            return;
        }
        let doc = self.doc;
        let cuts = self.cuts.get_or_insert_with(|| Cuts::new(doc.text(), doc.spans()));
        let mut run = 0..0;
        for (copy, decision) in found.copies.iter().zip(decisions) {
            let (start, end) = (copy.start as usize, copy.end as usize);
            let first = if decision.dropped && start <= run.end { run.start } else { start };
            if decision.dropped && cuts.can_go(first, end, by) {
                run = first..end;
            } else if decision.dropped {
                *decision = Decision { dropped: false, reason: JOINED };
            }
        }
    }

    /// Where a run of the segments that are left stands in the document.
    fn occurrence(&self, start: u32, end: u32) -> Occurrence {
        let number = |i: u32| self.cuts.as_ref().map_or(i, |cuts| cuts.number(i as usize));
        Occurrence::new(self.doc.spans(), number(start), number(end - 1) + 1)
    }

    /// The edits and the verdicts.
    pub(super) fn into_edits(mut self) -> EditList<'t> {
        self.dropped.append(&mut self.kept);
        let edits = self.cuts.map_or_else(Vec::new, |cuts| cuts.edits());
        EditList::new(self.doc.text(), edits, self.dropped, self.settled)
    }
}

const JOINED: &str = "kept: without it, what stands around it would be other segments";
const UNSETTLED: &str = "kept: eight rounds are over";

/// Keeps every copy, those for `reason` that would have gone.
fn keep_all(decisions: &mut [Decision], reason: &'static str) {
    for decision in decisions.iter_mut().filter(|decision| decision.dropped) {
        *decision = Decision { dropped: false, reason };
    }
}
