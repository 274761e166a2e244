//! The extents of the words of all documents, in half a byte each for most words.
//!
//! A word is encoded as the gap between it and the word before, in bytes of the original text, and
//! its length:
//!
//! | half byte | gap | length |
//! |---|---|---|
//! | 0 to 11 | 1 | 1 to 12 |
//! | 12 | 0 | 3 |
//! | 13 | 0 | 3, and the same for the next words: a number, plus one |
//! | 14 | 1 | 13, plus a number |
//! | 15 | a number | a number |
//!
//! A number has three bits in each half byte, the lowest first; the highest bit of a half byte is
//! set if another one follows. Every 512 words there is a checkpoint, and the words of one half
//! byte 13 are not on both sides of it. In a script without spaces, most words are letters of three
//! bytes in a row.

use super::room::{index, make_room};
use super::units::Extent;

/// The number of words between two checkpoints.
const STEP: u64 = 512;

/// The number of checkpoints whose half bytes are counted from the same one on.
const BLOCK: usize = if cfg!(test) { 2 } else { 1 << 18 };

/// The extents of words, by place. A place without a word takes no space.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    bytes: Vec<u8>,
    /// The number of half bytes.
    len: u64,
    /// For each 512th place: the number of half bytes before it, from the first checkpoint of its
    /// block on, and the end of the word before it.
    checkpoints: Vec<(u32, u32)>,
    /// The number of half bytes before the first checkpoint of each block.
    blocks: Vec<u64>,
    /// The end of the last word.
    end: u32,
    /// The number of places.
    places: u64,
}

/// A place among the half bytes, from which words are decoded.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    at: u64,
    /// The number of words whose half byte has been read already.
    repeated: u32,
}

/// The number of half bytes and of places, and the end of the last word, at some time.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    len: u64,
    end: u32,
    places: u64,
}

impl Places {
    /// Returns the number of half bytes.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Returns the memory that the extents take, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.capacity() + self.checkpoints.capacity() * size_of::<(u32, u32)>()
    }

    /// Returns the half bytes, two in each byte.
    pub(super) fn encoded(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the state, to which [`go_back`](Self::go_back) returns.
    pub(super) fn state(&self) -> State {
        State { len: self.len, end: self.end, places: self.places }
    }

    /// Removes everything that was appended since `state`.
    pub(super) fn go_back(&mut self, State { len, end, places }: State) {
        (self.len, self.end, self.places) = (len, end, places);
        self.bytes.truncate(index(len.div_ceil(2)));
        if let (1, Some(last)) = (len % 2, self.bytes.last_mut()) {
            *last &= 15;
        }
        self.checkpoints.truncate(index(places.div_ceil(STEP)));
        self.blocks.truncate(self.checkpoints.len().div_ceil(BLOCK));
    }

    /// Reads `len` half bytes that were stored: one extent for each of `words` that is not 0.
    /// `starts` has the first place of each document. Returns `None` if the half bytes and the
    /// words do not fit together.
    pub(super) fn decoded(
        bytes: Vec<u8>,
        len: u64,
        words: &[u32],
        starts: impl Iterator<Item = u64>,
    ) -> Option<Self> {
        let mut this = Self { bytes, len, ..Self::default() };
        let mut starts = starts.peekable();
        let (mut cursor, mut end) = (Cursor { at: 0, repeated: 0 }, 0_u32);
        for (place, word) in (0..).zip(words) {
            while starts.next_if_eq(&place).is_some() {
                end = 0;
            }
            if (place % STEP == 0 || *word == 0) && cursor.repeated > 0 {
                return None;
            }
            if place % STEP == 0 {
                this.check(cursor.at, end);
            }
            if *word != 0 {
                if cursor.at >= len && cursor.repeated == 0 {
                    return None;
                }
                let (gap, length) = this.decode(&mut cursor);
                end = end.checked_add(gap)?.checked_add(length)?;
            }
            this.places += 1;
        }
        this.end = end;
        (cursor.at == len && cursor.repeated == 0).then_some(this)
    }

    /// Begins a document at the next place.
    pub(super) fn start(&mut self) {
        self.end = 0;
    }

    /// Appends a place without a word.
    pub(super) fn skip(&mut self) {
        if self.places % STEP == 0 {
            self.check(self.len, self.end);
        }
        self.places += 1;
    }

    /// Appends a checkpoint.
    fn check(&mut self, halves: u64, end: u32) {
        if self.checkpoints.len() % BLOCK == 0 {
            self.blocks.push(halves);
        }
        let first = self.blocks.last().map_or(0, |first| *first);
        make_room(&mut self.checkpoints, 1);
        #[expect(clippy::cast_possible_truncation, reason = "at most 23 for each word of a block")]
        self.checkpoints.push(((halves - first) as u32, end));
    }

    /// Appends words, none of which starts before the end of the one before.
    pub(super) fn push(&mut self, mut extents: &[Extent]) {
        while !extents.is_empty() {
            if self.places % STEP == 0 {
                self.check(self.len, self.end);
            }
            let len = index(STEP - self.places % STEP).min(extents.len());
            let (until, after) = extents.split_at(len);
            self.encode(until);
            self.places += len as u64;
            extents = after;
        }
    }

    fn encode(&mut self, extents: &[Extent]) {
        let mut halves = Halves::after(&mut self.bytes, self.len);
        let mut extents = extents.iter();
        while let Some(Extent { start, end }) = extents.next() {
            let (gap, len) = (start - self.end, end - start);
            self.end = *end;
            match (gap, len) {
                (1, 1..=12) => halves.put(len - 1),
                (0, 3) => {
                    let mut more = 0;
                    let next = |end| Extent { start: end, end: end + 3 };
                    while extents.as_slice().first() == Some(&next(self.end)) {
                        extents.next();
                        self.end += 3;
                        more += 1;
                    }
                    if more == 0 {
                        halves.put(12);
                    } else {
                        halves.put(13);
                        halves.put_number(more - 1);
                    }
                }
                (1, 13..) => {
                    halves.put(14);
                    halves.put_number(len - 13);
                }
                _ => {
                    halves.put(15);
                    halves.put_number(gap);
                    halves.put_number(len);
                }
            }
        }
        self.len = halves.finish();
    }

    /// Returns the extent of the word at `place`. `words` are all words, and 0 where there is none;
    /// `first` is the place at which the document of `place` begins.
    ///
    /// # Complexity
    ///
    /// At most 512 words are decoded.
    pub(super) fn extent(&self, words: &[u32], place: u64, first: u64) -> Extent {
        let mut extent = Extent { start: 0, end: 0 };
        self.decode_all(words, (place, 1), first, |_, found| extent = found);
        extent
    }

    /// Appends the extents of `words.1` places in a row from `place` on.
    pub(super) fn extents(&self, words: &[u32], places: (u64, usize), first: u64, extents: &mut Vec<Extent>) {
        self.decode_all(words, places, first, |at, extent| {
            if at >= places.0 {
                extents.push(extent);
            }
        });
    }

    /// Decodes the words of `count` places from `place` on, and those before them back to a
    /// checkpoint. Only the extents of words from place `first` on are right.
    fn decode_all(
        &self,
        words: &[u32],
        (place, count): (u64, usize),
        first: u64,
        mut each: impl FnMut(u64, Extent),
    ) {
        let checkpoint = index(place / STEP);
        let start = checkpoint as u64 * STEP;
        let (halves, mut end) = self.checkpoints[checkpoint];
        let at = self.blocks[checkpoint / BLOCK] + u64::from(halves);
        let mut cursor = Cursor { at, repeated: 0 };
        for (place, word) in (start..).zip(&words[index(start)..index(place) + count]) {
            if place == first {
                end = 0;
            }
            if *word != 0 {
                let (gap, len) = self.decode(&mut cursor);
                let start = end.wrapping_add(gap);
                end = start.wrapping_add(len);
                each(place, Extent { start, end });
            }
        }
    }

    fn decode(&self, Cursor { at, repeated }: &mut Cursor) -> (u32, u32) {
        if *repeated > 0 {
            *repeated -= 1;
            return (0, 3);
        }
        match self.half(at) {
            half @ 0..=11 => (1, half + 1),
            12 => (0, 3),
            13 => {
                *repeated = self.number(at).saturating_add(1);
                (0, 3)
            }
            14 => (1, self.number(at).wrapping_add(13)),
            _ => (self.number(at), self.number(at)),
        }
    }

    fn half(&self, at: &mut u64) -> u32 {
        // Half bytes that are missing, in a file that is damaged, end every number.
        let byte = self.bytes.get(index(*at / 2)).copied().unwrap_or(0);
        let half = if *at % 2 == 0 { byte & 15 } else { byte >> 4 };
        *at += 1;
        u32::from(half)
    }

    fn number(&self, at: &mut u64) -> u32 {
        let mut number = 0;
        for shift in (0..32).step_by(3) {
            let half = self.half(at);
            number |= (half & 7) << shift;
            if half < 8 {
                break;
            }
        }
        number
    }
}

/// Appends half bytes to bytes.
struct Halves<'b> {
    bytes: &'b mut Vec<u8>,
    /// The half bytes that are not appended yet, the first one lowest.
    open: u64,
    /// The number of bits of these half bytes.
    bits: u32,
}

impl<'b> Halves<'b> {
    /// Creates a writer to `bytes`, which have `len` half bytes.
    fn after(bytes: &'b mut Vec<u8>, len: u64) -> Self {
        let last = if len % 2 == 1 { bytes.pop() } else { None };
        match last {
            Some(last) => Self { bytes, open: u64::from(last & 15), bits: 4 },
            None => Self { bytes, open: 0, bits: 0 },
        }
    }

    #[inline(always)]
    fn put(&mut self, half: u32) {
        self.open |= u64::from(half) << self.bits;
        self.bits += 4;
        if self.bits == u64::BITS {
            make_room(self.bytes, 8);
            self.bytes.extend_from_slice(&self.open.to_le_bytes());
            (self.open, self.bits) = (0, 0);
        }
    }

    #[inline(always)]
    fn put_number(&mut self, mut number: u32) {
        while number >= 8 {
            self.put(number & 7 | 8);
            number >>= 3;
        }
        self.put(number);
    }

    /// Appends the last half bytes, and returns the number of all.
    fn finish(self) -> u64 {
        let len = self.bits.div_ceil(8) as usize;
        make_room(self.bytes, len);
        self.bytes.extend_from_slice(&self.open.to_le_bytes()[..len]);
        2 * self.bytes.len() as u64 - u64::from(self.bits / 4 % 2)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns a gap, a length, and a number that ends a run if it is 0; often those of a letter of
    /// three bytes.
    fn word() -> impl Strategy<Value = (u32, u32, u32)> {
        let gap = prop_oneof![0..3_u32, 0..100_000_u32];
        let len = prop_oneof![0..20_u32, 0..100_000_u32];
        prop_oneof![(gap, len, 0..9_u32), Just((0, 3, 1))]
    }

    fn document() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
        let repeated = (word(), 1..1_000_usize).prop_map(|(word, count)| vec![word; count]);
        let parts = prop_oneof![prop::collection::vec(word(), 0..300), repeated];
        prop::collection::vec(parts, 0..3).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn extents_are_read_back(
            documents in prop::collection::vec(document(), 1..5),
            removed in 0..700_u32,
        ) {
            let mut places = Places::default();
            let mut words = vec![0];
            places.skip();
            let (mut expected, mut starts) = (Vec::new(), Vec::new());
            for document in &documents {
                let before = places.state();
                places.start();
                let others = (0..removed).map(|at| Extent { start: 20 * at, end: 20 * at + 9 });
                places.push(&others.collect::<Vec<_>>());
                places.skip();
                places.go_back(before);
                let first = words.len() as u64;
                starts.push(first);
                places.start();
                let (mut end, mut extents) = (0, Vec::new());
                for (gap, len, parted) in document {
                    if *parted == 0 {
                        words.push(0);
                        places.push(&extents);
                        extents.clear();
                        places.skip();
                    }
                    let extent = Extent { start: end + gap, end: end + gap + len };
                    expected.push((words.len() as u64, first, extent));
                    words.push(1);
                    extents.push(extent);
                    end = extent.end;
                }
                places.push(&extents);
                words.push(0);
                places.skip();
            }
            let read = Places::decoded(places.encoded().to_vec(), places.len(), &words, starts.into_iter());
            for places in [places, read.expect("these are the half bytes")] {
                for (place, first, extent) in &expected {
                    prop_assert_eq!(places.extent(&words, *place, *first), *extent);
                }
            }
        }

        /// The words of half bytes that are read again and again are in one run.
        #[test]
        fn letters_in_a_row_end_with_their_run(count in 2..600_u32, at in 1..600_usize) {
            let mut places = Places::default();
            places.skip();
            places.push(&(0..count).map(|at| Extent { start: 3 * at, end: 3 * at + 3 }).collect::<Vec<_>>());
            places.skip();
            let decoded = |words: &[u32]| {
                Places::decoded(places.encoded().to_vec(), places.len(), words, std::iter::once(1)).is_some()
            };
            let mut words = vec![1; count as usize + 2];
            (words[0], words[count as usize + 1]) = (0, 0);
            prop_assert!(decoded(&words));
            let at = at % count as usize + 1;
            words.insert(at, 0);
            // No letter before the checkpoint may move beyond it, where other half bytes begin.
            prop_assert_eq!(decoded(&words), at == 1 && count < 511 || at == 512);
        }
    }
}
