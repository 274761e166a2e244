//! One mark for each segment: its role in a family.

use std::iter::Peekable;
use std::ops::Range;

use crate::document::Document;
use crate::edits::{BlockDecision, Edits, Removal};
use crate::repeats::{Block, Occurrence, Run};
use crate::span::Span;
use crate::work;

/// The role of a segment in its family.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The segment is in no family.
    Alone,
    Removed,
    Original,
    Kept,
    Hole,
}

#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) role: Role,
    /// The number of the family; 0 if the segment is in none.
    pub(super) family: usize,
}

/// Returns the copies of a block: each unit but the first of a tandem repeat, or the whole copy.
pub(super) fn copies_of(block: &Block) -> impl Iterator<Item = Occurrence> + '_ {
    let (whole, units) = if block.is_tandem() {
        (None, Some(block.runs().map(Run::copy)))
    } else {
        (Some(block.copy()), None)
    };
    whole.into_iter().chain(units.into_iter().flatten())
}

/// Returns whether original and copy are parts of the same segment, a long line.
pub(super) fn is_inside(block: &Block) -> bool {
    block.original().segments() == block.copy().segments()
}

/// Returns one mark for each segment; `family_of` has the family of each decision.
///
/// Removed segments are known from the removals. The others are marked in the order of importance:
/// originals of removed copies, kept copies, originals of kept copies, and last the holes.
///
/// # Complexity
///
/// O(n log n) in the worst case for n segments and runs of blocks; usually linear.
pub(super) fn marks(document: &Document<'_>, edits: &Edits<'_>, family_of: &[usize]) -> Vec<Mark> {
    let mut paint = Paint::new(document.len());
    let mut removals = edits.iter().peekable();
    for segment in document.segments() {
        let span = segment.span();
        while removals.next_if(|removal| removal.span().end() <= span.start()).is_some() {}
        let Some(decision) = removals.peek().map(|removal| removal.decision_index()) else { break };
        if is_removed(&mut removals, span) {
            let mark = Mark { role: Role::Removed, family: family_of[decision] };
            paint.fill(segment.index()..segment.index() + 1, mark);
        }
    }
    let decisions = || edits.decisions().iter().zip(family_of.iter().copied());
    let originals = |is_removed: bool, paint: &mut Paint| {
        for (decision, family) in decisions().filter(|(decision, _)| decision.is_removed() == is_removed) {
            let block = decision.block();
            // The units of a tandem repeat have one original.
            let units = if block.is_tandem() { 1 } else { usize::MAX };
            for run in block.runs().take(units) {
                paint.fill(run.original().segments(), Mark { role: Role::Original, family });
            }
        }
    };
    let copies = |is_removed: bool, paint: &mut Paint| {
        let of_segments =
            |decision: &BlockDecision| decision.is_removed() == is_removed && !is_inside(decision.block());
        for (decision, family) in decisions().filter(|(decision, _)| of_segments(decision)) {
            for run in decision.block().runs() {
                paint.fill(run.copy().segments(), Mark { role: Role::Kept, family });
            }
        }
    };
    originals(true, &mut paint);
    // A part of a removed copy may be kept, because its segments are needed elsewhere.
    copies(true, &mut paint);
    copies(false, &mut paint);
    originals(false, &mut paint);
    for (decision, family) in decisions() {
        let mark = Mark { role: Role::Hole, family };
        paint.fill(decision.block().copy().segments(), mark);
        paint.fill(decision.block().original().segments(), mark);
    }
    paint.marks
}

/// Returns whether removals that follow each other directly cover a segment. Skips the removals
/// that end inside the segment.
fn is_removed<'e>(removals: &mut Peekable<impl Iterator<Item = &'e Removal>>, segment: Span) -> bool {
    let mut covered = segment.start();
    while let Some(removal) = removals.peek().filter(|removal| removal.span().start() <= covered) {
        covered = removal.span().end();
        if covered >= segment.end() {
            return true;
        }
        removals.next();
    }
    false
}

/// Segments that keep the first mark they are given.
///
/// Blocks may overlap to any depth. Segments that have a mark are passed over together with their
/// marked neighbors (union–find with path halving; Tarjan and van Leeuwen 1984).
struct Paint {
    marks: Vec<Mark>,
    /// For each segment its own number if it has no mark, or else that of a later segment, up to
    /// the next one without a mark.
    free: Vec<usize>,
}

impl Paint {
    fn new(len: usize) -> Self {
        Self { marks: vec![Mark { role: Role::Alone, family: 0 }; len], free: (0..=len).collect() }
    }

    fn fill(&mut self, segments: Range<usize>, mark: Mark) {
        // Edits of another text may have segments that this document does not have.
        let end = segments.end.min(self.marks.len());
        let mut at = self.next(segments.start.min(end));
        work::count(1);
        while at < end {
            self.marks[at] = mark;
            self.free[at] = at + 1;
            at = self.next(at + 1);
        }
    }

    fn next(&mut self, mut at: usize) -> usize {
        while self.free[at] != at {
            work::count(1);
            self.free[at] = self.free[self.free[at]];
            at = self.free[at];
        }
        at
    }
}
