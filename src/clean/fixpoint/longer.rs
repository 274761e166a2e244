//! Removes similar copies: segments that a longer one replaces.

use super::{Plan, Removed, Rounds};
use crate::document::Document;
use crate::edits::BlockDecision;
use crate::id::id;
use crate::repeats::Block;
use crate::similar::{Longer, longer_segments};
use crate::work;

/// The segments of a document that others replace.
#[derive(Default)]
pub(super) struct Replaced {
    /// The replacement of each id; empty if the policy does not remove similar copies.
    longer: Vec<Option<Longer>>,
}

impl Replaced {
    pub(super) fn of(doc: &Document<'_>, threshold: f64) -> Self {
        let options = doc.options();
        if options.min_segments > 1 {
            return Self::default();
        }
        let mut longer = longer_segments(doc, threshold);
        for (id, weight) in doc.ids().iter().zip(doc.weights()) {
            if *weight < options.min_weight {
                longer[*id as usize] = None;
            }
        }
        Self { longer }
    }

    /// Returns whether no segment is replaced.
    pub(super) fn is_empty(&self) -> bool {
        self.longer.iter().all(Option::is_none)
    }

    fn replacement(&self, id: u32) -> Option<Longer> {
        *self.longer.get(id as usize)?
    }

    /// Returns `ids` with the id that replaces it for each id that is replaced, or `None` if no id
    /// is.
    pub(super) fn joined(&self, ids: &[u32]) -> Option<Vec<u32>> {
        let root = |id: &u32| self.replacement(*id).map_or(*id, |longer| longer.id);
        let is_any = ids.iter().any(|id| self.replacement(*id).is_some());
        is_any.then(|| ids.iter().map(root).collect())
    }
}

impl Rounds<'_, '_> {
    /// Removes each segment that another one replaces, and returns whether there are any.
    pub(super) fn replace(&mut self) -> bool {
        let doc = self.doc;
        let longer = std::mem::take(&mut self.longer);
        if !self.ids.iter().any(|id| longer.replacement(*id).is_some()) {
            self.longer = longer;
            return false;
        }
        self.round += 1;
        if self.numbers.is_empty() {
            self.numbers = (0..).take(self.ids.len()).collect();
        }
        work::count(2 * self.ids.len());
        let first = self.first_of_each_id();
        let weight = |number: u32| u64::from(doc.weights()[number as usize]);
        let document = self.numbers.iter().map(|number| weight(*number)).sum();
        let mut plan = Plan::new(self.ids.len());
        for (i, id_of_copy) in (0..).zip(self.ids.iter()) {
            let Some(longer) = longer.replacement(*id_of_copy) else { continue };
            let Some(source) = first[longer.id as usize] else { continue };
            let weights = (weight(self.numbers[i as usize]), weight(self.numbers[source as usize]));
            let [original, copy] = [source, i].map(|i| self.occurrence(i, i + 1));
            let block = Block::of_longer(original, copy, weights, document);
            let is_asked = !self.cleaner.policy.is_drop_all();
            let callers = self.cleaner.decision_of_caller(&block).filter(|_| is_asked);
            let (is_removed, reason) = callers.unwrap_or((true, longer.reason().into()));
            let decision = BlockDecision { block, is_removed, reason, round: self.round };
            if is_removed {
                let decision_index = id(plan.decisions.len());
                plan.causes[i as usize] = Some(Removed::one(source, decision_index));
                plan.decisions.push(decision);
            } else {
                self.kept.push(decision);
            }
        }
        self.longer = longer;
        let is_removed = self.carry_out(plan);
        // Blocks may have been aligned by similar segments that are kept, which may change their
        // partners when the text that is left is cleaned.
        self.is_fixed_point &= is_removed || self.removed.is_empty();
        is_removed
    }
}
