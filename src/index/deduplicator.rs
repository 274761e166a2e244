//! Exact deduplication of a stream of texts.

use std::hint::black_box;

use super::hash::Keyed;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::options::Options;
use crate::segment::Segmentation;
use crate::span::Span;
use crate::work;

/// How many segments are looked for at a time.
const BATCH: usize = 64;

/// A set of segments that returns, for each segment of a text, whether an earlier text had it, and
/// which text had it first.
///
/// A `Deduplicator` is faster than an [`Index`](super::Index), because it stores only a fingerprint
/// and the number of a text for each distinct segment: 24 bytes, and one to three slots of 8 bytes.
/// It cannot remove texts, count them by scope, return the spans of earlier texts, or be saved.
///
/// ```
/// use refrain::Options;
/// use refrain::index::Deduplicator;
///
/// let mut distinct = Deduplicator::new(&Options::new());
/// distinct.insert("Menu\nA storm.\nA storm.");
/// let text = "Menu\nA calm.";
/// let pieces = distinct.insert(text);
/// assert_eq!((pieces[0].span(), pieces[0].first()), ((0..4).into(), Some(0)));
/// assert!(pieces[1].is_new() && &text[pieces[1].span()] == "A calm.");
/// assert_eq!((distinct.texts(), distinct.len()), (2, 3));
/// ```
#[derive(Clone, Debug)]
pub struct Deduplicator {
    segmentation: Segmentation,
    prints: Fingerprinter,
    table: Table,
    texts: u64,
    // What follows is memory that is kept from one text to the next.
    spans: Vec<Span>,
    pieces: Vec<SegmentStatus>,
}

/// A segment of a text that was passed to [`Deduplicator::insert`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SegmentStatus {
    span: Span,
    /// The number of the first text that has it.
    first: u64,
    /// The number of the text it is of.
    text: u64,
}

impl SegmentStatus {
    /// Returns the span of the segment in its text.
    pub fn span(self) -> Span {
        self.span
    }

    /// Returns the number of the first text that had the segment, counted from 0, or `None` if no
    /// earlier text had it.
    pub fn first(self) -> Option<u64> {
        (!self.is_new()).then_some(self.first)
    }

    /// Returns whether no earlier text had the segment. A text is not compared with itself, so a
    /// segment that occurs twice in it is new both times.
    pub fn is_new(self) -> bool {
        self.first == self.text
    }
}

impl Deduplicator {
    /// Creates an empty set for texts that are read with `options`.
    pub fn new(options: &Options) -> Self {
        let prints = Fingerprinter::new().normalization(options.normalization).seed(options.seed);
        Self {
            segmentation: options.segmentation,
            prints,
            table: Table::new(),
            texts: 0,
            spans: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// Returns the segments of `text`, each with the number of the first text that had it, and
    /// inserts them. Texts are numbered from 0 in the order of insertion.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text, on average. Once the buffers have grown to the size of the
    /// largest text, only the table allocates, when it grows.
    pub fn insert(&mut self, text: &str) -> &[SegmentStatus] {
        let Self { segmentation, prints, table, spans, pieces, .. } = self;
        let number = self.texts;
        spans.clear();
        pieces.clear();
        segmentation.split(text, spans);
        let mut some = [(Fingerprint::from_u128(0), 0); BATCH];
        for spans in spans.chunks(BATCH) {
            for (place, span) in some.iter_mut().zip(spans) {
                let print = prints.form_and_fingerprint(&text[*span]).1;
                *place = (print, table.hash.of(print));
            }
            let some = &some[..spans.len()];
            table.warm(some);
            for (span, (print, hash)) in spans.iter().zip(some) {
                pieces.push(SegmentStatus {
                    span: *span,
                    first: table.first(*print, *hash, number),
                    text: number,
                });
            }
        }
        self.texts += 1;
        pieces
    }

    /// Returns the number of texts that were inserted.
    pub fn texts(&self) -> u64 {
        self.texts
    }

    /// Returns the number of distinct segments.
    pub fn len(&self) -> usize {
        self.table.entries.len()
    }

    /// Returns whether there are no segments.
    pub fn is_empty(&self) -> bool {
        self.table.entries.is_empty()
    }
}

/// A hash table with linear probing over entries that are in the order in which they came.
#[derive(Clone, Debug)]
struct Table {
    /// The number of an entry plus one in the low [`ENTRY`] bits, bits of the hash in the others; 0 where
    /// nothing is.
    slots: Vec<u64>,
    entries: Vec<Entry>,
    hash: Keyed,
}

/// A fingerprint, and the first text that had it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    print: [u64; 2],
    text: u64,
}

/// Bits of a slot that number an entry: more than memory holds.
const ENTRY: u32 = 40;

#[expect(
    clippy::cast_possible_truncation,
    reason = "halves of a fingerprint, and as many bits of a hash as a table needs"
)]
impl Table {
    fn new() -> Self {
        Self { slots: vec![0; 2 * BATCH], entries: Vec::new(), hash: Keyed::new() }
    }

    /// Reads where the search for each will begin. None of these reads waits for another, so memory answers
    /// many of them at a time, where one search after the other would wait for each.
    fn warm(&self, some: &[(Fingerprint, u64)]) {
        let mask = self.slots.len() - 1;
        let slot = |hash: u64| self.slots[hash as usize & mask];
        let read = some.iter().fold(0, |read, (_, hash)| read ^ slot(*hash));
        let entry = |hash: u64| (slot(hash) & ((1 << ENTRY) - 1)).wrapping_sub(1) as usize;
        let text = |hash: u64| self.entries.get(entry(hash)).map_or(0, |entry| entry.text);
        black_box(some.iter().fold(read, |read, (_, hash)| read ^ text(*hash)));
    }

    /// The text that had this first, which is `text` if none had.
    #[inline]
    fn first(&mut self, print: Fingerprint, hash: u64, text: u64) -> u64 {
        if (self.entries.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let print = [print.to_u128() as u64, (print.to_u128() >> 64) as u64];
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            work::count(1);
            let slot = self.slots[at];
            if slot == 0 {
                self.entries.push(Entry { print, text });
                self.slots[at] = hash >> ENTRY << ENTRY | self.entries.len() as u64;
                return text;
            }
            if (slot ^ hash) >> ENTRY == 0 {
                let entry = &self.entries[(slot & ((1 << ENTRY) - 1)) as usize - 1];
                if entry.print == print {
                    return entry.text;
                }
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let mut slots = vec![0; self.slots.len() * 2];
        let mask = slots.len() - 1;
        work::count(slots.len());
        for (number, Entry { print: [low, high], .. }) in (1..).zip(&self.entries) {
            let hash = self.hash.of(Fingerprint::from_u128(u128::from(*high) << 64 | u128::from(*low)));
            let mut at = hash as usize & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = hash >> ENTRY << ENTRY | number;
        }
        self.slots = slots;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Work is linear: twice the segments are about twice the steps.
    #[test]
    fn steps_grow_with_the_segments() {
        let count = |lines: usize| {
            let text: String = (0..lines).map(|line| format!("line {line}\n")).collect();
            let mut distinct = Deduplicator::new(&Options::new());
            work::of(|| {
                distinct.insert(&text);
                distinct.insert(&text);
            })
        };
        assert!(count(20_000) < 3 * count(10_000));
    }
}
