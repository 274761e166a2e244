//! The document against itself: each segment, across, and earlier occurrences of it, down.

use std::collections::HashMap;

use super::marks::Role;
use super::view::View;
use crate::work;

/// The number of cells of a side at most.
const SIDE: usize = 400;

/// The number of latest occurrences with which a segment is compared, besides the first one.
const LATEST: usize = 8;

pub(super) struct Plot {
    /// The number of cells of a side.
    pub(super) side: usize,
    /// The cells with equal segments, by family, then row by row. Those without a family are last.
    pub(super) cells: Vec<Cell>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    /// The family of the later segment; `usize::MAX` if the segment is not in a copy.
    pub(super) family: usize,
    pub(super) down: usize,
    pub(super) across: usize,
}

impl Plot {
    /// # Complexity
    ///
    /// Linear in the segments, and in the cells.
    pub(super) fn new(view: &View<'_>) -> Self {
        let len = view.document.len();
        let side = len.min(SIDE);
        let mut families: Vec<Option<usize>> = vec![None; side * side];
        let cell = |segment: usize| segment * side / len;
        // The occurrence before each segment, or the segment itself.
        let mut before: Vec<usize> = Vec::with_capacity(len);
        let mut occurrences = HashMap::new();
        for segment in view.document.segments() {
            let here = segment.index();
            let (first, latest) = occurrences.entry(segment.fingerprint()).or_insert((here, here));
            before.push(*latest);
            *latest = here;
            let mark = view.marks[here];
            let is_copy = matches!(mark.role, Role::Removed | Role::Kept);
            let family = if is_copy { mark.family } else { usize::MAX };
            let mut dot = |earlier: usize| {
                work::count(1);
                let of_cell = &mut families[cell(earlier) * side + cell(here)];
                *of_cell = Some(of_cell.map_or(family, |known| known.min(family)));
            };
            if *first == here {
                continue;
            }
            dot(*first);
            let mut earlier = here;
            for _ in 0..LATEST {
                if before[earlier] == earlier {
                    break;
                }
                earlier = before[earlier];
                dot(earlier);
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
