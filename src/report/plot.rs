//! The dot plot of a document against itself: a dot for each segment (column) and each compared
//! earlier occurrence of it (row).

use std::collections::HashMap;

use super::marks::Role;
use super::view::View;
use crate::work;

/// The maximum number of cells in a side.
const SIDE: usize = 400;

/// The maximum number of preceding occurrences with which a segment is compared, besides the first.
const LATEST: usize = 8;

pub(super) struct Plot {
    /// The number of cells in a side.
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
    /// Creates the plot of a document.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments and of cells.
    pub(super) fn new(view: &View<'_>) -> Self {
        let len = view.document.len();
        let side = len.min(SIDE);
        let mut families: Vec<Option<usize>> = vec![None; side * side];
        let cell = |segment: usize| segment * side / len;
        // The occurrence before each segment, or the segment itself.
        let mut before: Vec<usize> = Vec::with_capacity(len);
        let mut occurrences = HashMap::new();
        for segment in view.document.segments() {
            let index = segment.index();
            let (first, latest) = occurrences.entry(segment.fingerprint()).or_insert((index, index));
            before.push(*latest);
            *latest = index;
            let mark = view.marks[index];
            let is_copy = matches!(mark.role, Role::Removed | Role::Kept);
            let family = if is_copy { mark.family } else { usize::MAX };
            let mut dot = |earlier: usize| {
                work::count(1);
                let of_cell = &mut families[cell(earlier) * side + cell(index)];
                *of_cell = Some(of_cell.map_or(family, |known| known.min(family)));
            };
            if *first == index {
                continue;
            }
            dot(*first);
            let mut earlier = index;
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
