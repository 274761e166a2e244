//! Groups the pieces of copies into families.

use super::records::{FamilyRecord, Found, Interval};
use super::scratch::{Pool, Scratch};

impl Found {
    /// Groups pieces of equal content, which have the same leftmost occurrence and length, and maps
    /// positions in the reduced sequence to positions in the whole sequence.
    pub(super) fn into_families(mut self, contents: &[Interval]) -> Self {
        let key = |i: &u32| {
            let piece = &self.pieces[*i as usize];
            (contents[*i as usize].first, piece.end - piece.start, piece.start)
        };
        let mut order = std::mem::take(&mut self.by_family);
        order.extend((0..).take(self.pieces.len()));
        order.sort_unstable_by_key(key);
        for (place, i) in (0..).zip(&order) {
            let (first, len, _) = key(i);
            let first = self.at[first as usize];
            match self.families.last_mut() {
                Some(family) if (family.first, family.len) == (first, len) => family.pieces.1 += 1,
                _ => self.families.push(FamilyRecord {
                    first,
                    len,
                    interval: contents[*i as usize],
                    pieces: (place, place + 1),
                }),
            }
        }
        for (number, family) in (0..).zip(&self.families) {
            for i in &order[family.pieces.0 as usize..family.pieces.1 as usize] {
                self.pieces[*i as usize].family = number;
            }
        }
        self.by_family = order;
        // The ids of a copy are adjacent in the whole sequence too.
        let at = |position: u32| self.at[position as usize];
        for piece in &mut self.pieces {
            (piece.start, piece.end) = (at(piece.start), at(piece.end - 1) + 1);
        }
        for copy in &mut self.copies {
            (copy.start, copy.end) = (at(copy.start), at(copy.end - 1) + 1);
        }
        self
    }

    /// Removes the families for which `wanted`, called with the start and length of the content,
    /// returns `false`, and copies without a family.
    pub(super) fn filtered(mut self, wanted: &dyn Fn(u32, u32) -> bool, scratch: &mut Scratch) -> Self {
        if self.families.iter().all(|family| wanted(family.first, family.len)) {
            return self;
        }
        let Scratch { flags, numbers, .. } = scratch;
        let mut keep = flags.empty();
        keep.extend(self.families.iter().map(|family| wanted(family.first, family.len)));
        let kept = |number: u32| keep[number as usize];
        let family = renumbered(&keep, numbers);
        let mut is_left = flags.empty();
        is_left.extend(self.pieces.iter().map(|piece| kept(piece.family)));
        let piece = renumbered(&is_left, numbers);
        let mut has_pieces = flags.filled(false, self.copies.len());
        self.pieces.retain(|piece| kept(piece.family));
        for piece in &self.pieces {
            // Only the last piece of a copy, which is shorter, can be removed alone.
            self.copies[piece.copy as usize].end = piece.end;
            has_pieces[piece.copy as usize] = true;
        }
        let copy = renumbered(&has_pieces, numbers);
        for piece in &mut self.pieces {
            piece.family = family[piece.family as usize];
            piece.copy = copy[piece.copy as usize];
        }
        self.by_family.retain(|piece| is_left[*piece as usize]);
        self.by_family.iter_mut().for_each(|number| *number = piece[*number as usize]);
        let mut number = 0;
        self.copies.retain(|_| {
            number += 1;
            has_pieces[number - 1]
        });
        let mut number = 0;
        self.families.retain(|_| {
            number += 1;
            keep[number - 1]
        });
        let mut from = 0;
        for family in &mut self.families {
            let to = from + (family.pieces.1 - family.pieces.0);
            family.pieces = (from, to);
            from = to;
        }
        for vector in [family, piece, copy] {
            numbers.give(vector);
        }
        for vector in [keep, is_left, has_pieces] {
            flags.give(vector);
        }
        self
    }
}

/// Returns the new numbers of the items that are kept.
fn renumbered(keep: &[bool], pool: &mut Pool<u32>) -> Vec<u32> {
    let mut next = 0_u32;
    let mut numbers = pool.empty();
    numbers.extend(keep.iter().map(|keep| {
        next += u32::from(*keep);
        next.saturating_sub(1)
    }));
    numbers
}
