//! The ends of lines, some of which are ends of runs.

use std::ops::Range;

/// The ends of lines by kind: those that are at the same place of a text and its copies are of one
/// kind. The end of a line is that of a run if the same place is the end of a line in all copies.
pub(super) struct Borders {
    /// A line whose end is of the same kind, nearer to the line that names the kind, by line.
    parents: Vec<u32>,
    /// For each line, `true` if its end is inside a line of a copy.
    open: Vec<bool>,
}

impl Borders {
    pub(super) fn new(lines: u32) -> Self {
        Self { parents: (0..lines).collect(), open: vec![false; lines as usize] }
    }

    /// Returns the kind of the end of a line: a line whose end is of this kind.
    pub(super) fn kind(&mut self, mut line: u32) -> u32 {
        while self.parents[line as usize] != line {
            let parent = self.parents[line as usize];
            self.parents[line as usize] = self.parents[parent as usize];
            line = parent;
        }
        line
    }

    /// Makes the ends of two lines one kind.
    pub(super) fn link(&mut self, original: u32, copy: u32) {
        let [original, copy] = [original, copy].map(|line| self.kind(line));
        let [first, later] = [original.min(copy), original.max(copy)];
        self.parents[later as usize] = first;
        self.open[first as usize] |= self.open[later as usize];
    }

    /// Opens the kinds of the ends of `lines`, which are not at the end of a line in a copy.
    pub(super) fn open(&mut self, lines: Range<u32>) {
        for line in lines {
            let kind = self.kind(line);
            self.open[kind as usize] = true;
        }
    }

    /// Returns whether ends of this kind are inside a line of a copy.
    pub(super) fn is_open(&self, kind: u32) -> bool {
        self.open[kind as usize]
    }
}
