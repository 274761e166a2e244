//! Weights of the few segments that a search needs.

use super::scratch::Scratch;
use crate::document::Document;
use crate::normalize::Normalizer;

/// The weights of the segments of a document. Each weight is computed when it is needed, and only
/// once for segments that are equal.
pub(crate) struct Weights<'d> {
    doc: &'d Document<'d>,
    /// The weight of each id, or `UNKNOWN`; empty if equal segments may have different weights.
    of_id: Vec<u32>,
    normalizer: Normalizer,
}

/// A weight that was not computed. A segment with this weight is weighed each time.
const UNKNOWN: u32 = u32::MAX;

impl<'d> Weights<'d> {
    /// Creates the weights of the segments of `doc`, of which none is computed yet.
    pub(crate) fn new(doc: &'d Document<'d>, scratch: &mut Scratch) -> Self {
        // The weight of a segment in ASCII is that of its text, in which references count as they
        // are written.
        let ids = if doc.normalization().has_removals() { 0 } else { doc.distinct_segments() };
        let of_id = scratch.numbers.filled(UNKNOWN, ids);
        Self { doc, of_id, normalizer: std::mem::take(&mut scratch.normalizer) }
    }

    /// Returns the weight of the segment at `index`.
    pub(crate) fn of(&mut self, index: u32) -> u64 {
        let Self { doc, of_id, normalizer } = self;
        let mut weigh = || doc.segment_weight(index as usize, normalizer);
        u64::from(match of_id.get_mut(doc.ids()[index as usize] as usize) {
            None => weigh(),
            Some(weight) => {
                if *weight == UNKNOWN {
                    *weight = weigh();
                }
                *weight
            }
        })
    }

    /// Returns the buffers to `scratch`.
    pub(crate) fn recycle(self, scratch: &mut Scratch) {
        scratch.numbers.give(self.of_id);
        scratch.normalizer = self.normalizer;
    }
}
