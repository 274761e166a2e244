//! One round after another over the segments that are left.

use std::borrow::Cow;

use crate::document::Document;
use crate::edit::{CopyKind, Cuts, EditList, Verdict};
use crate::policy::{Decision, Policy};
use crate::repeats::Occurrence;
use crate::repeats::find::Found;
use crate::segment::Segmentation;
use crate::steps;

/// A document that is being cleaned.
///
/// A cut neither makes nor unmakes a segment, so what is left of the text need not be read again: its segments
/// are those that were not cut.
pub(super) struct Rounds<'d, 't> {
    policy: Policy,
    doc: &'d Document<'t>,
    /// Segments, by number, that must stay.
    pinned: Vec<bool>,
    /// What was cut, once something was.
    cuts: Option<Cuts<'d>>,
    /// The ids of the segments that are left.
    ids: Cow<'d, [u32]>,
    /// The copies that went.
    dropped: Vec<Verdict>,
    /// The copies that stayed when last looked at.
    kept: Vec<Verdict>,
    /// How many rounds there were.
    round: usize,
    settled: bool,
}

impl<'d, 't> Rounds<'d, 't> {
    pub(super) fn new(policy: Policy, doc: &'d Document<'t>, pinned: Vec<bool>) -> Self {
        let ids = Cow::Borrowed(doc.ids());
        Self {
            policy,
            doc,
            pinned,
            cuts: None,
            ids,
            dropped: Vec::new(),
            kept: Vec::new(),
            round: 0,
            settled: false,
        }
    }

    /// The number of the segment that is `i`th among those left.
    fn number(&self, i: usize) -> usize {
        self.cuts.as_ref().map_or(i, |cuts| cuts.number(i))
    }

    /// What repeats in what is left.
    pub(super) fn find(&self) -> Found {
        self.doc.find(&self.ids, |i| self.number(i))
    }

    /// Decides on what was found, cuts if that is allowed, and says whether there was anything to cut.
    pub(super) fn round(&mut self, found: &Found, allowed: bool) -> bool {
        self.round += 1;
        let decisions = self.decide(found, allowed);
        self.kept.clear();
        // The verdict by which each segment that is left goes. Copies begin and end ever later, so what a copy adds
        // to the ones before it begins where they end.
        let mut causes: Vec<Option<usize>> = vec![None; self.ids.len()];
        let mut reached = 0;
        for piece in &found.pieces {
            let family = &found.families[piece.family as usize];
            let Decision { dropped, reason } = decisions[piece.copy as usize];
            let original = self.occurrence(family.first, family.first + family.len);
            let copy = self.occurrence(piece.start, piece.end);
            let (len, round, reason) = (family.len as usize, self.round, reason.into());
            let verdict = Verdict { original, copy, kind: CopyKind::Exact, len, round, dropped, reason };
            if dropped {
                let (start, end) = (piece.start as usize, piece.end as usize);
                if reached < end {
                    causes[start.max(reached)..end].fill(Some(self.dropped.len()));
                    reached = end;
                }
                self.dropped.push(verdict);
            } else {
                self.kept.push(verdict);
            }
        }
        steps::count(causes.len() + found.pieces.len());
        if reached == 0 {
            self.settled = !decisions.iter().any(|decision| decision.reason == UNSETTLED);
            return false;
        }
        let doc = self.doc;
        let cuts = self.cuts.get_or_insert_with(|| Cuts::new(doc.text(), doc.spans()));
        cuts.remove(|i| causes[i]);
        self.ids = cuts.numbers().map(|number| doc.ids()[number]).collect();
        true
    }

    /// What becomes of each copy.
    fn decide(&self, found: &Found, allowed: bool) -> Vec<Decision> {
        if found.copies.is_empty() {
            return Vec::new();
        }
        // Sums up to each segment that is left: of weights, and of segments that must stay.
        let mut weight = 0;
        let mut pinned = 0;
        let mut sums = vec![(0_u64, 0_usize)];
        for i in 0..self.ids.len() {
            let number = self.number(i);
            weight += if self.policy.weighs() { u64::from(self.doc.weights()[number]) } else { 0 };
            pinned += usize::from(self.pinned[number]);
            sums.push((weight, pinned));
        }
        let decide = |start: u32, end: u32| {
            let (from, to) = (sums[start as usize], sums[end as usize]);
            let mut decision = self.policy.decide(to.0 - from.0, weight);
            if decision.dropped && from.1 < to.1 {
                decision = Decision { dropped: false, reason: PINNED };
            }
            if decision.dropped && !allowed {
                decision = Decision { dropped: false, reason: UNSETTLED };
            }
            decision
        };
        found.copies.iter().map(|copy| decide(copy.start, copy.end)).collect()
    }

    /// Where a run of the segments that are left stands in the document.
    fn occurrence(&self, start: u32, end: u32) -> Occurrence {
        let first = self.number(start as usize);
        let last = self.number(end as usize - 1);
        Occurrence::new(self.doc.spans(), first, last + 1)
    }

    /// The edits and the verdicts.
    pub(super) fn into_edits(mut self) -> EditList<'t> {
        self.dropped.append(&mut self.kept);
        let edits = self.cuts.map_or_else(Vec::new, |cuts| cuts.edits());
        EditList::new(self.doc.text(), edits, self.dropped, self.settled)
    }

    /// Pins the segments that were cut where the text that is left has other segments than the ones that were
    /// meant to be left, and says whether there are any.
    pub(super) fn pin_joins(&self, segmentation: Segmentation, pinned: &mut [bool]) -> bool {
        let Some(cuts) = &self.cuts else { return false };
        let edits = EditList::new(self.doc.text(), cuts.edits(), Vec::new(), false);
        let meant = cuts.spans_left(edits.edits());
        let mut found = Vec::new();
        segmentation.split(&edits.apply(), &mut found);
        if meant == found {
            return false;
        }
        let moved = |i: usize| meant.get(i).is_some_and(|span| found.binary_search(span).is_err());
        let mut any = false;
        for i in 0..=meant.len() {
            // What was cut before a segment, or behind the last: it goes back if one of its neighbours moved.
            let from = if i == 0 { 0 } else { cuts.number(i - 1) + 1 };
            let to = if i == meant.len() { pinned.len() } else { cuts.number(i) };
            if from < to && (moved(i) || (i > 0 && moved(i - 1))) {
                pinned[from..to].fill(true);
                any = true;
            }
        }
        if !any {
            pinned.fill(true);
        }
        true
    }
}

const PINNED: &str = "kept: without it, what stands around it would be other segments";
const UNSETTLED: &str = "kept: eight rounds are over";
