//! Removes a segment next to a removed copy that is a part of the segment next to the original: the
//! end of a copy that was cut off or, inside a long line, the beginning of a text that follows a
//! menu in the original.

use super::{Plan, Removed, Rounds};
use crate::document::Document;
use crate::edits::BlockDecision;
use crate::id::id;
use crate::policy::Rule;
use crate::repeats::{Block, Occurrence};
use crate::segment::is_cluster_boundary;
use crate::span::Span;
use crate::unicode::{self, EUROPEAN, WORDY};
use crate::work;

/// The minimum weight of a line that stops inside a word, or that is a whole sentence. Shorter
/// words and labels begin longer ones.
const LEAST: u32 = 16;

/// The minimum weight of a line that stops between two words of a sentence. Most headings with
/// which a sentence begins are shorter.
const LEAST_OF_WORDS: u32 = 40;

/// The number of characters after the end that are examined: the rest of a word is shorter.
const ENDING: usize = 32;

/// A part of a segment that another segment may equal.
#[derive(Clone, Copy)]
enum Part {
    Beginning,
    End,
}

impl Rounds<'_, '_> {
    /// Removes each segment directly after a removed one that is only the beginning of the segment
    /// after the original and, inside a long line, each one directly before a removed one that is
    /// only the end of the segment before the original.
    pub(super) fn partial(&mut self, plan: &mut Plan) {
        // A run of lines that is compared as one segment is not cut off as a line is, and neither
        // is a word.
        let is_by_lines = self.doc.segmentation().is_none_or(|by| by.is_by_line_ends());
        if plan.is_empty() || self.runs.is_some() || !is_by_lines || self.doc.options().min_segments > 1 {
            return;
        }
        work::count(plan.causes.len());
        let mut found = Vec::new();
        for i in 1..plan.causes.len() {
            let [above, below] = [plan.causes[i - 1], plan.causes[i]];
            match (above, below) {
                (Some(above), None) => found.extend(self.part(Part::Beginning, above.last + 1, i, plan)),
                // A menu is in one line with the beginning of the original only if all of a page
                // is.
                (None, Some(below)) if self.place.is_some() => {
                    let source = below.source.checked_sub(1);
                    found.extend(source.and_then(|source| self.part(Part::End, source, i - 1, plan)));
                }
                _ => {}
            }
        }
        if found.is_empty() {
            return;
        }
        let doc = self.doc;
        let weight = |segment: u32| u64::from(doc.weights()[self.numbers[segment as usize] as usize]);
        let document = (0..id(self.numbers.len())).map(weight).sum();
        let first = self.first_of_each_id();
        for (source, copy, span) in found {
            let is_free = |segment: u32| plan.causes[segment as usize].is_none();
            // A later round may remove a source that equals an earlier segment, in which the span
            // may be another one. It removes no first occurrence.
            let is_first = first[self.ids[source as usize] as usize] == Some(source);
            if !is_first || !is_free(source) || !is_free(copy) || plan.is_source[copy as usize] {
                continue;
            }
            let number = self.numbers[source as usize];
            let original = Occurrence::at(number, number + 1, span);
            let weights = (weight(copy), weight(source));
            let block = Block::of_longer(original, self.occurrence(copy, copy + 1), weights, document);
            let block = self.placed(block);
            let (is_removed, reason) = self.cleaner.decide_as(Rule::Partial, &block);
            let decision = BlockDecision { block, is_removed, reason, round: self.round };
            if is_removed {
                let removed = Removed::one(source, id(plan.decisions.len()));
                plan.causes[copy as usize] = Some(Removed { part: Some(span), ..removed });
                plan.is_source[source as usize] = true;
                plan.decisions.push(decision);
            } else {
                self.kept.push(decision);
            }
        }
    }

    /// Returns `source`, or the segment that it equals if it is removed, with `copy` and the span
    /// in the source of its text, if `copy` is evidently only a part of it.
    fn part(&self, part: Part, source: u32, copy: usize, plan: &Plan) -> Option<(u32, u32, Span)> {
        let source = Some(plan.root(source)).filter(|source| (*source as usize) < copy)?;
        let doc = self.doc;
        let [whole, number] = [source as usize, copy].map(|i| self.numbers[i]);
        let span = span_of(part, doc, whole, number)?;
        let [whole, number] = [whole, number].map(|number| number as usize);
        let (before, after) =
            (&doc.text()[..span.start()], &doc.text()[span.end()..doc.spans()[whole].end()]);
        let is_letter = |c: char| unicode::is(c, WORDY);
        let least = match part {
            Part::End if !before.ends_with(is_letter) => LEAST,
            // The rest of a single word may be the ending of a plural.
            Part::Beginning
                if is_inside_a_word(doc.text(), span.end()) && !after.chars().take(ENDING).all(is_letter) =>
            {
                LEAST
            }
            // A colon introduces a list, and a sentence end may be followed by another answer.
            Part::Beginning if doc.has_sentence_end(whole) && doc.text()[span].ends_with(is_letter) => {
                LEAST_OF_WORDS
            }
            _ => return None,
        };
        let least = least.max(doc.options().min_weight);
        (doc.weights()[number] >= least).then_some((source, id(copy), span))
    }
}

/// Returns the span in segment `whole` of the text of segment `part`, which is only the beginning
/// or the end of `whole`, byte by byte.
fn span_of(kind: Part, doc: &Document<'_>, whole: u32, part: u32) -> Option<Span> {
    let [whole, part] = [whole, part].map(|number| number as usize);
    if doc.left_of(whole).is_some() || doc.left_of(part).is_some() {
        return None;
    }
    let (key, text, part) = (doc.key_span(whole), doc.key_text(whole), doc.key_text(part));
    work::count(part.len());
    let rest = match kind {
        Part::Beginning => text.strip_prefix(part),
        Part::End => text.strip_suffix(part),
    };
    let rest = rest.filter(|rest| !rest.is_empty())?;
    let (at, span) = match kind {
        Part::Beginning => (part.len(), Span::new(key.start(), key.start() + part.len())),
        Part::End => (rest.len(), Span::new(key.start() + rest.len(), key.end())),
    };
    is_cluster_boundary(text, at).then_some(span)
}

/// Returns whether letters of a script with spaces between words are before and after `at`.
fn is_inside_a_word(text: &str, at: usize) -> bool {
    let is_letter = |c: char| unicode::is(c, WORDY) && unicode::is(c, EUROPEAN);
    text[..at].chars().next_back().is_some_and(is_letter) && text[at..].chars().next().is_some_and(is_letter)
}
