//! The document against itself: where a segment stands, across, and where an equal one stands before it, down.

use std::collections::HashMap;

use super::view::{Role, View};
use crate::steps;

/// How many cells a side has at most.
const SIDE: usize = 400;

/// With how many of its latest occurrences a segment is compared, beside the first.
const LATEST: usize = 8;

pub(super) struct Plot {
    /// How many cells a side has.
    pub(super) side: usize,
    /// The cells with equal segments, by family, those in none last, and then row by row.
    pub(super) cells: Vec<Cell>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    /// By the family of the later segment; `usize::MAX` if it is the copy in none.
    pub(super) family: usize,
    pub(super) down: usize,
    pub(super) across: usize,
}

impl Plot {
    /// # Complexity
    ///
    /// Linear in the segments, and in the cells.
    pub(super) fn new(view: &View<'_>) -> Self {
        let len = view.doc.len();
        let side = len.min(SIDE);
        let mut families: Vec<Option<usize>> = vec![None; side * side];
        // For every segment the occurrence before it, or itself.
        let mut before: Vec<usize> = Vec::with_capacity(len);
        let mut ends = HashMap::new();
        let cell = |segment: usize| segment * side / len.max(1);
        for segment in view.doc.segments() {
            let here = segment.index();
            let (first, latest) = ends.entry(segment.fingerprint()).or_insert((here, here));
            before.push(*latest);
            *latest = here;
            let mark = view.marks[here];
            let is_copy = matches!(mark.role, Role::Dropped | Role::Kept);
            let family = if is_copy { mark.family } else { usize::MAX };
            let mut dot = |there: usize| {
                steps::count(1);
                let of_cell = families.get_mut(cell(there) * side + cell(here));
                of_cell
                    .into_iter()
                    .for_each(|cell| *cell = Some(cell.map_or(family, |known| known.min(family))));
            };
            if *first == here {
                continue;
            }
            dot(*first);
            let mut there = here;
            for _ in 0..LATEST {
                if before[there] == there {
                    break;
                }
                there = before[there];
                dot(there);
            }
        }
        // What is alike and not equal.
        for (number, family) in view.families.iter().enumerate() {
            for verdict in view.verdicts(family).filter(|verdict| verdict.similarity() < 1.0) {
                let [one, other] =
                    [verdict.original(), verdict.copy()].map(|there| cell(there.segments().start));
                let of_cell = families.get_mut(one.min(other) * side + one.max(other));
                of_cell
                    .into_iter()
                    .for_each(|cell| *cell = Some(cell.map_or(number, |known| known.min(number))));
            }
        }
        let cells = families.iter().enumerate();
        let mut cells: Vec<Cell> = cells
            .filter_map(|(i, family)| family.map(|family| Cell { family, down: i / side, across: i % side }))
            .collect();
        cells.sort_unstable();
        Self { side, cells }
    }
}
