//! Measures tandem repeats and aligned pairs as blocks.

use std::ops::Range;

use super::Occurrence;
use super::block::{Block, Evidence, Kinds, Measures, Run};
use super::places::Places;
use super::records::Pair;
use super::records::TandemRun;
use super::scratch::Scratch;
use super::weights::Weights;
use crate::document::{Document, Relation};
use crate::id::id;
use crate::unicode::{self, EUROPEAN};
use crate::work;

/// A line of this weight is a paragraph, whatever its last character is: some scripts have no
/// sentence ends.
const PARAGRAPH: u64 = 100;

/// The least weight of a line of prose that ends a sentence and is no paragraph.
const SENTENCE: u64 = 45;

/// The greatest number of lines between an original and a copy with labels, and the greatest weight
/// of a label.
const LABELS: usize = 3;
const LABEL: u64 = 75;

/// The least weight of the title of an article.
const TITLE: u64 = 20;

/// The number of lines before original and copy that are compared as headings.
const HEADINGS: u32 = 3;

/// The number of lines in direct succession that end no sentence, as in a menu, and are too many
/// for the heading of a section; and the number of lines below an original, and above a copy,
/// among which they are searched.
const IN_A_ROW: usize = 3;
const BETWEEN: u32 = 8;

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

/// The measures of a part of a document in which short units are doubled in place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Layers {
    /// The number of units that are doubled, and of their segments; the weight of the heaviest
    /// segment, of all units, and of their copies.
    pub(crate) runs: u32,
    pub(crate) segments: u32,
    pub(crate) max_segment_weight: u32,
    pub(crate) weight: u64,
    pub(crate) copies: u64,
    /// The weight from the first original to the last copy.
    pub(crate) span: u64,
    /// The weight of all segments of the document that are not the first of their kind.
    pub(crate) repeated: u64,
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

    /// Returns the relation of the two lines that are `back` lines above `pair`, if they exist.
    /// Equal lines have no relation.
    fn relation_above(&self, pair: Pair, back: u32) -> Option<Relation> {
        let (source, copy) = (pair.source.checked_sub(back)?, pair.copy.checked_sub(back)?);
        let differ = self.id(source) != self.id(copy);
        Some(if differ { self.doc.relation(self.number(source), self.number(copy)) } else { Relation::None })
    }

    /// Returns the relation of the lines above `pair` as headings. Above two lines that are
    /// separators, only headings of one kind count.
    fn relation_of_headings(&self, pair: Pair) -> Relation {
        let mut relation = Relation::None;
        let mut are_separated = false;
        for back in 1..=HEADINGS {
            let Some(above) = self.relation_above(pair, back) else { break };
            if above == Relation::OneKind || !are_separated {
                relation = relation.max(above);
            }
            let [source, copy] = [pair.source - back, pair.copy - back].map(|i| self.number(i));
            are_separated |= above == Relation::None && self.doc.are_separators(source, copy);
        }
        relation
    }

    /// Returns whether `pair` and the two lines above it are numbered, and the two differ, so that
    /// the copy begins inside a list of its own.
    fn continues_list(&self, pair: Pair) -> bool {
        let is_item = |i: u32| self.doc.is_numbered(self.number(i));
        let (Some(source), Some(copy)) = (pair.source.checked_sub(1), pair.copy.checked_sub(1)) else {
            return false;
        };
        self.id(source) != self.id(copy) && [pair.copy, source, copy].into_iter().all(is_item)
    }

    /// Returns whether original and copy are below different sentences, each of which is the first
    /// one below a short line, the title of a section.
    fn begin_differently(&self, first: Pair) -> bool {
        let (Some(source), Some(copy)) = (first.source.checked_sub(1), first.copy.checked_sub(1)) else {
            return false;
        };
        let is_title = |i: u32| {
            let weight = self.weight(i, i + 1);
            let is_single = self.places.count(self.id(i)) == 1;
            0 < weight && weight <= LABEL && is_single && !self.ends_sentence(i)
        };
        let is_titled = |i: u32| i.checked_sub(1).is_some_and(is_title);
        is_titled(source)
            && is_titled(copy)
            && self.ends_sentence(first.copy)
            && self.doc.are_different_sentences(self.number(source), self.number(copy))
            && !self.doc.is_end_of_other(self.number(source), self.number(copy))
    }

    /// Returns whether the lines directly after original and copy, between the first and the last
    /// pair of the block, belong to two sections: they are different dates, values or numbers of
    /// entries, or they are sentences of the sections.
    fn continue_differently(&self, first: Pair, last: Pair) -> bool {
        let (source, copy) = (last.source + 1, last.copy + 1);
        if source >= first.copy || copy as usize >= self.ids.len() || self.id(source) == self.id(copy) {
            return false;
        }
        let is_single = |i: u32| self.places.count(self.id(i)) == 1;
        let mut below = (source..first.copy).zip(copy..id(self.ids.len())).take(HEADINGS as usize);
        below.any(|(source, copy)| self.doc.are_other_values(self.number(source), self.number(copy)))
            || self.doc.are_stamps(self.number(source), self.number(copy))
            || is_single(source)
                && is_single(copy)
                && self.doc.are_different_sentences(self.number(source), self.number(copy))
                && self.doc.has_sentence_end(self.number(first.copy))
                && self.may_be_end_and_heading(source, first.copy)
    }

    /// Returns whether the lines `from..to` between original and copy may be the end of one section
    /// and the heading of the next. A single line cannot be both, and several lines in a row that
    /// end no sentence are menus, labels and the heads of pages.
    fn may_be_end_and_heading(&self, from: u32, to: u32) -> bool {
        let is_label = |i: &u32| !self.doc.has_sentence_end(self.number(*i));
        let has_labels = |range: Range<u32>| {
            let lines: Vec<u32> = range.collect();
            lines.windows(IN_A_ROW).any(|lines| lines.iter().all(is_label))
        };
        let (end, start) = (to.min(from + BETWEEN), from.max(to.saturating_sub(BETWEEN)));
        from + 1 < to && !has_labels(from..end) && !has_labels(start..to)
    }

    /// Measures runs of short units as a layer.
    pub(crate) fn layers(&self, runs: &[TandemRun]) -> Layers {
        let mut layers = Layers { repeated: self.repeated, ..Layers::default() };
        if let (Some(first), Some(last)) = (runs.first(), runs.last()) {
            layers.span = self.weight(first.start, last.end);
        }
        for run in runs {
            layers.runs += 1;
            layers.segments += run.period;
            let weights = (run.start..run.start + run.period).map(|i| self.weight(i, i + 1));
            let heaviest = weights.max().map_or(0, |weight| u32::try_from(weight).unwrap_or(u32::MAX));
            layers.max_segment_weight = layers.max_segment_weight.max(heaviest);
            layers.weight += self.weight(run.start, run.start + run.period);
            layers.copies += self.weight(run.start + run.period, run.end);
        }
        layers
    }

    /// Returns the occurrence in the document of the segments from `first` to `last`, both
    /// included.
    pub(crate) fn occurrence(&self, first: u32, last: u32) -> Occurrence {
        let number = |i: u32| self.numbers[i as usize];
        Occurrence::new(self.doc.spans(), number(first), number(last) + 1)
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
    /// O(k log k) for k pairs.
    pub(crate) fn block(&mut self, pairs: &[Pair]) -> Block {
        let (first, last) = (pairs[0], pairs[pairs.len() - 1]);
        let mut m = self.measure(pairs.iter().copied());
        m.count = 2;
        m.copy_span = self.weight(first.copy, last.copy + 1);
        m.original_span = self.weight(first.source, last.source + 1);
        m.distance = self.weight(last.source + 1, first.copy);
        m.is_adjacent = last.source + 1 == first.copy;
        Block {
            original: self.occurrence(first.source, last.source),
            copy: self.occurrence(first.copy, last.copy),
            runs: self.runs(pairs),
            measures: m,
        }
    }

    /// Returns whether a segment is a paragraph, or a long line that ends a sentence.
    fn is_prose(&self, i: u32) -> bool {
        let weight = self.weight(i, i + 1);
        weight >= PARAGRAPH || (weight >= SENTENCE && self.ends_sentence(i))
    }

    /// Returns whether a segment may be directly above the lead of an article or a description: a
    /// title or a price, and no name, day or term.
    fn is_title(&self, i: u32) -> bool {
        let has_words = |text: &str| text.chars().any(|c| c == ' ' || !unicode::is(c, EUROPEAN));
        let weight = self.weight(i, i + 1);
        weight >= TITLE && has_words(&self.doc.segment_text(self.number(i)))
            || weight < TITLE && self.doc.features(self.number(i)).record.is_some()
    }

    fn ends_sentence(&self, i: u32) -> bool {
        self.doc.features(self.number(i)).ends_sentence
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

/// The evidence for a block. Each answer is computed at most once.
pub(crate) struct Look<'s, P> {
    survey: &'s Survey<'s>,
    /// The pairs of one copy, and the first and the last pair between the lines around them.
    pairs: P,
    ends: Option<(Pair, Pair)>,
    kinds: Option<Kinds>,
    headings: Option<(Relation, bool)>,
}

impl<'s, P: Iterator<Item = Pair> + Clone> Look<'s, P> {
    pub(crate) fn new(survey: &'s Survey<'s>, pairs: P) -> Self {
        let ends = pairs.clone().next().zip(pairs.clone().last());
        Self { survey, pairs, ends, kinds: None, headings: None }
    }

    /// Returns the same evidence, but with the lines around `chain`, of which the pairs are a part.
    pub(crate) fn within(self, chain: &[Pair]) -> Self {
        Self { ends: chain.first().copied().zip(chain.last().copied()), ..self }
    }
}

impl<P: Iterator<Item = Pair> + Clone> Evidence for Look<'_, P> {
    fn kinds(&mut self) -> Kinds {
        let (survey, pairs) = (self.survey, self.pairs.clone());
        *self.kinds.get_or_insert_with(|| {
            let mut kinds = Kinds::default();
            let (mut first_stamp, mut last_stamp) = (None, 0);
            kinds.is_wrapped = survey.doc.is_wrapped(pairs.clone().map(|pair| survey.number(pair.copy)));
            for pair in pairs {
                let features = survey.doc.features(survey.number(pair.copy));
                let weight = survey.weight(pair.copy, pair.copy + 1);
                let is_prose = kinds.is_wrapped || features.ends_sentence || weight >= PARAGRAPH;
                kinds.prose += if is_prose { weight } else { 0 };
                kinds.bare += if features.ends_bare { weight } else { 0 };
                kinds.code += if features.code { weight } else { 0 };
                if let Some(stamp) = features.record {
                    kinds.records += 1;
                    kinds.record_weight += weight;
                    first_stamp = first_stamp.or(Some(stamp));
                    last_stamp = stamp;
                }
                kinds.items += u32::from(features.list_item);
                kinds.clauses += u32::from(features.ends_clause);
            }
            kinds.is_ascending = first_stamp.is_some_and(|first| first < last_stamp);
            kinds
        })
    }

    fn headings(&mut self) -> (Relation, bool) {
        let (survey, ends, pairs) = (self.survey, self.ends, self.pairs.clone());
        *self.headings.get_or_insert_with(|| {
            let Some((first, last)) = ends else { return (Relation::None, false) };
            let mut relation = survey.relation_of_headings(first);
            if survey.continues_list(first) || survey.begin_differently(first) {
                relation = Relation::OneKind;
            }
            if survey.continue_differently(first, last) {
                relation = relation.max(Relation::Related);
            }
            // Headings may also be in a hole, below a line that is repeated.
            let mut before: Option<Pair> = None;
            let start = pairs.clone().next().map_or(0, |pair| pair.copy);
            let (mut labels, mut values, mut lines) = (0, 0, 0);
            for pair in pairs {
                let is_below_hole = match before {
                    Some(before) => pair.source > before.source + 1 && pair.copy > before.copy + 1,
                    None => pair != first,
                };
                labels += u32::from(is_below_hole && before.is_some());
                let (id, copy) = (survey.id(pair.copy), pair.copy);
                let is_known = survey.places.before(id, copy).last().is_some_and(|last| *last >= start);
                values += u32::from(is_known);
                lines += 1;
                if is_below_hole && survey.relation_above(pair, 1) == Some(Relation::OneKind) {
                    relation = Relation::OneKind;
                }
                before = Some(pair);
            }
            // A list of different labels, some of which have the same value in the copy itself.
            if labels >= 2 && 2 * labels >= lines && 3 * values >= lines {
                relation = Relation::OneKind;
            }
            let is_open = |i: u32| {
                i.checked_sub(1).is_some_and(|before| survey.doc.ends_with_colon(survey.number(before)))
            };
            (relation, is_open(first.copy) && !is_open(first.source))
        })
    }

    fn is_labeled(&self) -> bool {
        let (survey, pairs) = (self.survey, self.pairs.clone());
        let Some((first, last)) = pairs.clone().next().zip(pairs.clone().last()) else { return false };
        let (copy, original) = (first.copy..last.copy + 1, first.source..last.source + 1);
        let has_no_hole = [copy.len(), original.len()] == [pairs.clone().count(); 2];
        let between = original.end..copy.start;
        let above = original.start.checked_sub(1);
        let is_label = |i: u32| {
            let is_parallel = |above: u32| survey.doc.are_parallel(survey.number(above), survey.number(i));
            survey.weight(i, i + 1) <= LABEL && !survey.ends_sentence(i) && !above.is_some_and(is_parallel)
        };
        has_no_hole
            && (1..=LABELS).contains(&between.len())
            && pairs.into_iter().all(|pair| survey.places.count(survey.id(pair.copy)) == 2)
            && between.into_iter().all(is_label)
            && above.is_none_or(|above| survey.is_title(above))
    }

    fn is_continued(&self) -> bool {
        let next = self.pairs.clone().last().map(|last| last.copy + 1);
        next.is_some_and(|next| (next as usize) < self.survey.ids.len() && self.survey.is_prose(next))
    }
}
