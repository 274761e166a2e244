//! Measures tandem repeats and aligned pairs as blocks.

mod look;

use super::Occurrence;
use super::block::{Block, Measures, Run};
use super::places::Places;
use super::records::Pair;
use super::records::TandemRun;
use super::scratch::Scratch;
use super::weights::Weights;
use crate::document::Document;
use crate::work;

pub(crate) use look::Look;

/// The greatest number of lines between an original and a copy with labels.
const LABELS: usize = 3;

/// The segments of a document that are left, with the data from which blocks of them are measured.
pub(crate) struct Survey<'a> {
    doc: &'a Document<'a>,
    ids: &'a [u32],
    /// The number in the document of each segment that is left.
    numbers: &'a [u32],
    pub(crate) places: Places,
    /// The weight of the segments before each segment and, at the end, of all segments.
    pub(crate) sums: Vec<u64>,
    /// The weight of all segments that are not the first of their kind.
    repeated: u64,
    /// The last block that had each id, and the number of the block that is being measured.
    met: Vec<u32>,
    block: u32,
    counts: Vec<(u32, u64)>,
    /// The ids by which segments are equal, if those in `ids` are also equal for similar segments.
    equal: Option<&'a [u32]>,
}

/// The greatest number of segments of a short unit. A longer one may be a page.
pub(crate) const SHORT_UNIT: u32 = 3;

/// The measures of a part of a document in which units are doubled in place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Layers {
    /// The number of units that are doubled, and of their segments.
    pub(crate) runs: u32,
    pub(crate) segments: u32,
    /// The number of units that are not short, of their segments, and of those of the shortest and
    /// of the longest of them.
    pub(crate) pages: u32,
    pub(crate) page_segments: u32,
    pub(crate) shortest: u32,
    pub(crate) longest: u32,
    /// The number of segments that continue the sentence of the one before in the units.
    pub(crate) continued: u32,
    /// The weight of the heaviest segment, of all units, and of their copies.
    pub(crate) max_segment_weight: u32,
    pub(crate) weight: u64,
    pub(crate) copies: u64,
    /// The weight of records and code that are doubled among the units, with their copies.
    pub(crate) data: u64,
    /// The weight from the first original to the last copy.
    pub(crate) span: u64,
    /// The same weight if records and code that are doubled are originals and copies too.
    pub(crate) span_with_data: u64,
    /// The weight of all segments of the document that are not the first of their kind.
    pub(crate) repeated: u64,
}

impl Layers {
    /// Returns whether nearly all segments from the first original to the last copy are doubled.
    pub(crate) fn fill_their_span(&self) -> bool {
        Measures::at_least(self.weight + self.copies, 85, self.span) || self.fill_their_span_with_data()
    }

    /// Returns whether this is so if records and code that are doubled count too.
    pub(crate) fn fill_their_span_with_data(&self) -> bool {
        Measures::at_least(self.weight + self.copies + self.data, 85, self.span_with_data)
    }
}

impl<'a> Survey<'a> {
    pub(crate) fn new(
        doc: &'a Document<'a>,
        ids: &'a [u32],
        numbers: &'a [u32],
        places: Places,
        weights: &mut Weights<'_>,
        scratch: &mut Scratch,
    ) -> Self {
        let mut sums = scratch.sums.empty();
        let (mut sum, mut repeated) = (0, 0);
        for (i, number) in (0..).zip(numbers) {
            let weight = weights.of(*number);
            sums.push(sum);
            sum += weight;
            repeated += if places.is_first(i) { 0 } else { weight };
        }
        sums.push(sum);
        work::count(2 * ids.len());
        let met = scratch.numbers.filled(0, doc.distinct_segments());
        let counts = scratch.counts.empty();
        Self { doc, ids, numbers, places, sums, repeated, met, block: 0, counts, equal: None }
    }

    /// Returns the same survey, for which segments are equal if their entries in `equal` are. The
    /// ids of similar segments are equal too.
    pub(crate) fn with_similar(self, equal: &'a [u32]) -> Self {
        Self { equal: Some(equal), ..self }
    }

    /// Returns whether the segments of `pair` are equal; otherwise they are similar.
    pub(crate) fn are_equal(&self, pair: &Pair) -> bool {
        self.equal.is_none_or(|equal| equal[pair.source as usize] == equal[pair.copy as usize])
    }

    /// Returns the buffers to `scratch`.
    pub(crate) fn recycle(self, scratch: &mut Scratch) {
        self.places.recycle(scratch);
        scratch.sums.give(self.sums);
        scratch.numbers.give(self.met);
        scratch.counts.give(self.counts);
    }

    /// Returns a lower bound of the weight of the text of which a block is a share: the weight
    /// without all repetition.
    pub(crate) fn least_document(&self) -> u64 {
        self.sums[self.ids.len()] - self.repeated
    }

    /// Returns the weight of all segments that are not the first of their kind.
    pub(crate) fn repeated(&self) -> u64 {
        self.repeated
    }

    pub(crate) fn id(&self, i: u32) -> u32 {
        self.ids[i as usize]
    }

    /// Returns the weight of the segments `from..to`.
    pub(crate) fn weight(&self, from: u32, to: u32) -> u64 {
        self.sums[to as usize] - self.sums[from as usize]
    }

    /// Measures runs of units as a layer. `data` are records and code that are doubled among them.
    pub(crate) fn layers(&self, runs: &[TandemRun], data: &[TandemRun]) -> Layers {
        let mut layers = Layers { repeated: self.repeated, ..Layers::default() };
        let end_of = |runs: &[TandemRun]| runs.last().map_or(0, |last| last.end);
        let Some(first) = runs.first() else { return layers };
        let end = end_of(runs);
        let start = data.first().map_or(first.start, |data| data.start.min(first.start));
        layers.span = self.weight(first.start, end);
        layers.span_with_data = self.weight(start, end.max(end_of(data)));
        // A loop among doubled lines counts as if it were doubled too.
        let units = |run: &TandemRun| (run.end - run.start) / run.period;
        let count = runs.iter().map(units).min().unwrap_or(0);
        work::count(data.len());
        for run in data {
            let counted = run.start + count.min(units(run)) * run.period;
            let further = self.weight(counted, run.end);
            layers.data += self.weight(run.start, counted);
            layers.span_with_data -= further;
            layers.repeated -= further;
            layers.span -= if (first.start..end).contains(&run.start) { further } else { 0 };
        }
        let mut before: Option<usize> = None;
        for run in runs {
            work::count(run.period as usize);
            for number in (run.start..run.start + run.period).map(|i| self.number(i)) {
                let is_continued = before.is_some_and(|before| self.doc.is_continued_by(before, number));
                layers.continued += u32::from(is_continued);
                before = Some(number);
            }
            layers.runs += 1;
            layers.segments += run.period;
            if run.period > SHORT_UNIT {
                layers.shortest = if layers.pages == 0 { u32::MAX } else { layers.shortest }.min(run.period);
                layers.longest = layers.longest.max(run.period);
                layers.pages += 1;
                layers.page_segments += run.period;
            }
            let weights = (run.start..run.start + run.period).map(|i| self.weight(i, i + 1));
            let heaviest = weights.max().map_or(0, |weight| u32::try_from(weight).unwrap_or(u32::MAX));
            layers.max_segment_weight = layers.max_segment_weight.max(heaviest);
            layers.weight += self.weight(run.start, run.start + run.period);
            let end = run.start + count * run.period;
            let further = self.weight(end, run.end);
            layers.copies += self.weight(run.start + run.period, end);
            layers.span -= further;
            layers.span_with_data -= further;
            layers.repeated -= further;
        }
        layers
    }

    /// Returns the occurrence in the document of the segments from `first` to `last`, both
    /// included.
    pub(crate) fn occurrence(&self, first: u32, last: u32) -> Occurrence {
        let number = |i: u32| self.numbers[i as usize];
        Occurrence::new(self.doc.spans(), number(first), number(last) + 1)
    }

    /// Returns whether half of the segments of a unit are records, or 40 % of its weight is code.
    /// Only what is compared counts, so a time in front that is skipped makes no record.
    pub(crate) fn is_record_or_code(&self, run: TandemRun) -> bool {
        let (mut records, mut code) = (0, 0);
        for i in run.start..run.start + run.period {
            let features = self.doc.key_features(self.number(i));
            records += u32::from(features.record.is_some());
            code += if features.code { self.weight(i, i + 1) } else { 0 };
        }
        records * 2 >= run.period || code * 5 >= 2 * self.weight(run.start, run.start + run.period)
    }

    /// Returns the number in the document of a segment that is left.
    fn number(&self, i: u32) -> usize {
        self.numbers[i as usize] as usize
    }

    /// Returns the block of a tandem repeat: the first unit, and all other whole units.
    pub(crate) fn tandem(&mut self, run: TandemRun) -> Block {
        let TandemRun { start, period, end } = run;
        let count = (end - start) / period;
        let last = start + count * period - 1;
        let pairs = (start..start + period).map(|i| Pair { source: i, copy: i + period });
        let mut m = self.measure(pairs);
        m.is_tandem = true;
        m.is_adjacent = true;
        m.count = count;
        (m.copy_span, m.original_span) = (m.weight, m.weight);
        let original = self.occurrence(start, start + period - 1);
        let runs = (1..count).filter(|_| count > 2).map(|unit| {
            let from = start + unit * period;
            Run { original, copy: self.occurrence(from, from + period - 1) }
        });
        let runs = runs.collect();
        Block { original, copy: self.occurrence(start + period, last), runs, measures: m }
    }

    /// Returns the block of aligned pairs, of which there is at least one.
    ///
    /// # Complexity
    ///
    /// O(k log k) for k segments in the copy.
    pub(crate) fn block(&mut self, pairs: &[Pair]) -> Block {
        let (first, last) = (pairs[0], pairs[pairs.len() - 1]);
        let mut m = self.measure(pairs.iter().copied());
        m.count = 2;
        m.copy_span = self.weight(first.copy, last.copy + 1);
        m.original_span = self.weight(first.source, last.source + 1);
        m.distance = self.weight(last.source + 1, first.copy);
        let earlier = self.places.before(self.id(last.copy), last.copy);
        let nearest = earlier.iter().rev().find(|place| **place < first.copy).unwrap_or(&last.source);
        m.gap = self.weight(nearest + 1, first.copy);
        m.is_adjacent = last.source + 1 == first.copy;
        Block {
            original: self.occurrence(first.source, last.source),
            copy: self.occurrence(first.copy, last.copy),
            runs: self.runs(pairs),
            measures: m,
        }
    }

    fn measure(&mut self, pairs: impl Iterator<Item = Pair>) -> Measures {
        let mut m = Measures {
            document: self.sums.last().copied().unwrap_or(0),
            repeated: self.repeated,
            ..Measures::default()
        };
        self.block += 1;
        self.counts.clear();
        for pair in pairs {
            let id = self.ids[pair.copy as usize];
            // Similar segments may have other weights.
            let source = self.weight(pair.source, pair.source + 1);
            let weight = self.weight(pair.copy, pair.copy + 1).min(source);
            let count = self.places.count(id);
            m.segments += 1;
            m.weight += weight;
            m.max_segment_weight = m.max_segment_weight.max(u32::try_from(weight).unwrap_or(u32::MAX));
            self.counts.push((count, weight));
            if self.met[id as usize] != self.block {
                self.met[id as usize] = self.block;
                m.copies += weight * u64::from(count - 1);
            }
        }
        // Occurrences beyond the second are not part of the text of which a block is a share.
        m.document = m.document.saturating_sub(m.copies.saturating_sub(m.weight)).max(m.weight);
        self.counts.sort_unstable();
        m.occurrences = self.counts[self.counts.len() / 2].0;
        let even = self.counts.iter().filter(|(count, _)| *count == m.occurrences);
        m.uniform = even.map(|(_, weight)| weight).sum();
        work::count(2 * self.counts.len());
        m
    }

    /// Returns the runs of equal pairs, or no runs if the pairs have no hole.
    fn runs(&self, pairs: &[Pair]) -> Box<[Run]> {
        let continues = |a: &Pair, b: &Pair| a.copy + 1 == b.copy && a.source + 1 == b.source;
        let is_whole = pairs.windows(2).all(|pair| continues(&pair[0], &pair[1]));
        if is_whole && pairs.iter().all(|pair| self.are_equal(pair)) {
            return Box::default();
        }
        let run = |run: &[Pair]| Run {
            original: self.occurrence(run[0].source, run[run.len() - 1].source),
            copy: self.occurrence(run[0].copy, run[run.len() - 1].copy),
        };
        let runs = pairs.chunk_by(|a, b| continues(a, b) && self.are_equal(a) == self.are_equal(b));
        runs.filter(|pairs| self.are_equal(&pairs[0])).map(run).collect()
    }
}

/// Returns whether segments of weight `least` or more together may occur a second time with only
/// labels before the second time. `ids` are less than `distinct`, and `weight` returns the weight
/// of a segment.
///
/// # Complexity
///
/// Linear in the number of ids.
pub(crate) fn may_be_labeled(
    ids: &[u32],
    distinct: usize,
    least: u64,
    mut weight: impl FnMut(u32) -> u64,
    scratch: &mut Scratch,
) -> bool {
    work::count(ids.len());
    let mut firsts = scratch.numbers.filled(u32::MAX, distinct);
    // The segments before the current one that are as far as this one from their first occurrences.
    let (mut distance, mut len, mut sum) = (0, 0, 0);
    let found = (0..).zip(ids).any(|(i, id)| {
        let first = &mut firsts[*id as usize];
        if *first == u32::MAX {
            (*first, distance) = (i, 0);
            return false;
        }
        if i - *first != distance {
            (distance, len, sum) = (i - *first, 0, 0);
        }
        len += 1;
        sum += weight(i);
        sum >= least && len + LABELS >= distance as usize
    });
    scratch.numbers.give(firsts);
    found
}
