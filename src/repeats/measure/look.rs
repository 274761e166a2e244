//! The evidence for a decision about a block: the kinds of its lines, and the lines around it.

use std::ops::Range;

use super::{LABELS, Survey};
use crate::document::Relation;
use crate::id::id;
use crate::repeats::block::{Evidence, Kinds};
use crate::repeats::records::Pair;
use crate::unicode::{self, EUROPEAN};

/// A line of this weight is a paragraph, whatever its last character is: some scripts have no
/// sentence ends.
const PARAGRAPH: u64 = 100;

/// The least weight of a line of prose that ends a sentence and is no paragraph.
const SENTENCE: u64 = 45;

/// The greatest weight of a label between an original and a copy, or of the title of a section.
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
            let (mut first_stamp, mut last_stamp, mut last_number) = (None, 0, 0);
            let lines = pairs.clone().map(|pair| (pair.copy, survey.number(pair.copy)));
            kinds.is_wrapped = survey.doc.is_wrapped(lines);
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
                if let Some(number) = features.number {
                    kinds.numbers += u32::from(number.wrapping_sub(last_number) > 1);
                    last_number = number;
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
            // The copy may follow its original directly and lack lines of it, such as the titles of
            // a list of articles. They are no headings of the copy.
            let lacks_lines = last.source - first.source > last.copy - first.copy;
            let is_apart = first.copy > last.source + 1 || !lacks_lines;
            let mut relation = Relation::None;
            if is_apart {
                relation = survey.relation_of_headings(first);
            }
            if is_apart && survey.continues_list(first)
                || survey.ends_sentence(first.copy) && survey.begin_differently(first)
            {
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
                } else if is_below_hole && survey.begin_differently(pair) {
                    relation = relation.max(Relation::Related);
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
            (relation, is_apart && is_open(first.copy) && !is_open(first.source))
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

impl Survey<'_> {
    /// Returns the relation of the two lines that are `back` lines above `pair`, if they exist:
    /// [`Relation::None`] for equal lines, and for a word and a number of a pager.
    fn relation_above(&self, pair: Pair, back: u32) -> Option<Relation> {
        let (source, copy) = (pair.source.checked_sub(back)?, pair.copy.checked_sub(back)?);
        if self.id(source) == self.id(copy) {
            return Some(Relation::None);
        }
        let relation = self.doc.relation(self.number(source), self.number(copy));
        let is_of_pager = relation == Relation::Words && [source, copy].iter().any(|i| self.is_of_pager(*i));
        Some(if is_of_pager { Relation::None } else { relation })
    }

    /// Returns whether a line is a number of a pager, such as `1`, `/` and `4` on three lines:
    /// digits directly before or after a sign.
    fn is_of_pager(&self, i: u32) -> bool {
        let neighbors = [i.checked_sub(1), Some(i + 1)].into_iter().flatten();
        let mut left = neighbors.filter_map(|i| self.numbers.get(i as usize));
        self.doc.is_digits(self.number(i)) && left.any(|number| self.doc.is_sign(*number as usize))
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

    /// Returns whether the lines of `pair` are below different sentences, each of which is the
    /// first one below a short line, the title of a section.
    fn begin_differently(&self, pair: Pair) -> bool {
        let (Some(source), Some(copy)) = (pair.source.checked_sub(1), pair.copy.checked_sub(1)) else {
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
}
