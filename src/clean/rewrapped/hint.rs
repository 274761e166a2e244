//! A quick test for text that is repeated with other line breaks: nearly all texts have none.

use crate::document::FULL;
use crate::repeats::Scratch;
use crate::work;

use super::SHARE;
use super::lines::Lines;

/// The number of lines in direct succession of which so many continue a sentence in wrapped text.
const NEAR: u32 = 6;
const WRAPPED: u32 = 3;

/// The sets of `NEAR` lines that have at least `WRAPPED` lines, one bit for each set. A set is a
/// number with one bit for each line.
const WRAPPED_SETS: u64 = {
    let (mut sets, mut set) = (0, 0_u64);
    while set < 1 << NEAR {
        sets |= ((set.count_ones() >= WRAPPED) as u64) << set;
        set += 1;
    }
    sets
};

/// The bytes with which a line that was broken inside a sentence may end, and those with which the
/// next line may begin. Bytes that are not ASCII may be parts of letters.
const IS_INSIDE: [bool; 256] = bytes(true);
const MAY_CONTINUE: [bool; 256] = bytes(false);

const fn bytes(is_inside: bool) -> [bool; 256] {
    let mut set = [true; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        let also = is_inside && (byte.is_ascii_alphanumeric() || matches!(byte, b',' | b'-'));
        set[byte as usize] = byte.is_ascii_lowercase() || also;
        byte += 1;
    }
    set
}

/// The number of bytes by which lines that begin in the same way are found, and the greatest number
/// of places of a table where a line is looked for.
const FIRST: usize = 16;
const PROBES: usize = 4;

/// The greatest number of times that the text is as long as its longest line, if that line may be a
/// copy of many lines.
const JOINED: usize = 4;

/// Returns whether there may be runs: whether some line consists of another line and the beginning
/// of the line below that one. In most texts, both ends of each line are enough to tell. Bytes are
/// compared, so wrapped text with ligatures, which another copy may spell as letters, passes.
pub(super) fn may_have_runs(lines: Lines<'_>, scratch: &mut Scratch) -> bool {
    work::count(2 * lines.len() as usize);
    let look = match lines.all() {
        Some(all) => Look::at(all),
        None => Look::at((0..lines.len()).map(|i| lines.bytes(i))),
    };
    look.has_large_line() && (0..lines.len()).any(|i| extends(lines, i, look.longest).is_some())
        || look.is_wrapped && (lines.have_ligatures() || may_be_wrapped_twice(lines, look.all, scratch))
}

/// The evidence of both ends of each line.
#[derive(Default)]
struct Look {
    /// True if several lines that are near each other continue the sentence of the line before.
    is_wrapped: bool,
    /// The longest line, its length in bytes, and that of all lines.
    longest: u32,
    len: usize,
    all: usize,
}

impl Look {
    fn at<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut look = Self::default();
        // The last lines, one bit for each, that continue a sentence; sets of lines that were met.
        let (mut continued, mut sets) = (0_u64, 0_u64);
        let mut is_broken = false;
        for (i, line) in (0..).zip(lines) {
            // No branches, which processors could not predict.
            let (first, last) = (line[0], line[line.len() - 1]);
            let continues = is_broken & MAY_CONTINUE[usize::from(first)];
            continued = (continued << 1 | u64::from(continues)) & ((1 << NEAR) - 1);
            sets |= 1 << continued;
            is_broken = (line.len() >= FULL) & IS_INSIDE[usize::from(last)];
            if line.len() > look.len {
                (look.longest, look.len) = (i, line.len());
            }
            look.all += line.len();
        }
        look.is_wrapped = sets & WRAPPED_SETS != 0;
        look
    }

    fn has_large_line(&self) -> bool {
        self.len * JOINED >= self.all
    }
}

/// Returns whether two lines may be the first ones of a paragraph that is broken at two widths.
/// Pairs of lines that are one line elsewhere, as titles are, must be a large enough share of
/// `all`.
fn may_be_wrapped_twice(lines: Lines<'_>, all: usize, scratch: &mut Scratch) -> bool {
    let bits = usize::BITS - (lines.len() as usize).leading_zeros() + 1;
    let mut last = scratch.filled_numbers(u32::MAX, 1 << bits);
    let mut pairs = 0;
    let found = (0..lines.len()).filter(|i| lines.bytes(*i).len() >= FULL).any(|i| {
        let first = |i: u32| lines.bytes(i).first_chunk::<FIRST>();
        let mut slots = (0..PROBES).map(|probe| (slot(lines.bytes(i), bits) + probe) & (last.len() - 1));
        let is_free = |slot: &usize| last[*slot] == u32::MAX || first(last[*slot]) == first(i);
        let Some(other) = slots.find(is_free).map(|slot| std::mem::replace(&mut last[slot], i)) else {
            return false;
        };
        if other == u32::MAX {
            return false;
        }
        match extends(lines, other, i).or_else(|| extends(lines, i, other)) {
            Some(rest) if rest > 0 => true,
            Some(_) => {
                pairs += lines.bytes(i).len().max(lines.bytes(other).len());
                pairs * SHARE >= all
            }
            None => false,
        }
    });
    scratch.give_numbers(last);
    found
}

/// Returns a number of `bits` bits for the first bytes of a line.
fn slot(line: &[u8], bits: u32) -> usize {
    let part = |at: usize| line[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let hash = (part(0) ^ part(8).rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(hash >> 32 >> (32 - bits.min(32))).unwrap_or(0)
}

/// Returns by how many bytes line `other` differs from line `i` and the line below it, or `None` if
/// it does not consist of line `i` and the beginning of the line below, or of these two and more.
fn extends(lines: Lines<'_>, i: u32, other: u32) -> Option<usize> {
    let (line, other) = (lines.bytes(i), lines.bytes(other));
    if line.len() >= other.len() || line[0] != other[0] || i + 1 == lines.len() {
        return None;
    }
    let next = lines.bytes(i + 1);
    let rest = other.strip_prefix(line.strip_suffix(b"-").unwrap_or(line))?;
    let rest = rest.strip_prefix(b"-").unwrap_or(rest);
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let len = rest.len().min(next.len()).min(FULL);
    (rest[..len] == next[..len]).then_some(rest.len().abs_diff(next.len()))
}
