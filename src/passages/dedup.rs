//! Removal of the passages of a document that occur earlier, and insertion of the text that is
//! left.

use std::borrow::Cow;

use super::answer::{FoundPassages, Passage};
use super::border::Border;
use super::reader::{Read, Reader};
use super::search::{Insert, Match, Search};
use super::units::Extent;
use super::{Passages, Scratch, Text};
use crate::edits::{Cut, Cuts, without};
use crate::error::PassageError;
use crate::segment::trimmed;
use crate::span::Span;

/// A run of whole words, sentences or lines that is removed, and the passages that are the
/// reason.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PassageRemoval {
    pub(super) span: Span,
    pub(super) words: usize,
    pub(super) passages: Vec<Passage>,
}

impl PassageRemoval {
    /// Returns the span of the removed words, in bytes of the text. [`Deduplicated::cuts`] has the
    /// spans that are cut, with the white space.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the number of words that are removed.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Returns the reason: the passages in which the removed words lie, in order. There is at least
    /// one, and the removal may be shorter than its passages.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }
}

/// The answer of [`Passages::dedup`]: the removals, and the text that is left.
///
/// The text is cut as [`edits`](crate::edits#how-a-cut-is-made) describes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deduplicated<'t> {
    text: &'t str,
    cuts: Vec<Cut>,
    removals: Vec<PassageRemoval>,
    found: FoundPassages,
}

impl<'t> Deduplicated<'t> {
    /// Returns whether nothing is removed.
    pub fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }

    /// Returns the removals, in the order of the text.
    pub fn removals(&self) -> &[PassageRemoval] {
        &self.removals
    }

    /// Returns the spans that are cut, in the order of the text, each with the index of its removal
    /// in [`removals`](Self::removals). A span includes the white space that is removed.
    pub fn cuts(&self) -> impl ExactSizeIterator<Item = (Span, usize)> + '_ {
        self.cuts.iter().map(|cut| (cut.span, cut.cause as usize))
    }

    /// Returns all passages of the text, of which parts may be kept.
    pub fn found(&self) -> &FoundPassages {
        &self.found
    }

    /// Returns the text that is left, borrowed if nothing is removed. If everything but white space
    /// is removed, the result is empty, or one line end if the text began or ended with one.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text; constant if nothing is removed.
    pub fn apply(&self) -> Cow<'t, str> {
        without(self.text, self.cuts.iter().map(|cut| cut.span))
    }
}

/// Writes the cuts, the removals and the passages.
#[cfg(feature = "serde")]
impl serde::Serialize for Deduplicated<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let mut answer = serializer.serialize_struct("Deduplicated", 3)?;
        answer.serialize_field("cuts", &self.cuts().collect::<Vec<_>>())?;
        answer.serialize_field("removals", &self.removals)?;
        answer.serialize_field("found", &self.found)?;
        answer.end()
    }
}

impl Passages {
    /// Removes the passages of a document that occur earlier, and inserts the text that is left.
    ///
    /// This is the usual way to clean a corpus, document by document. Every passage that is removed
    /// because of an earlier document occurs in one piece in the text that was left of that
    /// document, because only this text was inserted. The words on both sides of a cut are in no
    /// passage together, although they are neighbors in the text that is left. If a passage occurs
    /// twice in this document, the second copy is removed; of the first one, a part may be removed
    /// because of an earlier document.
    ///
    /// A passage is shrunk to whole words, sentences or lines, by `border`. Passages that overlap
    /// are removed together. A run of fewer than the minimum number of words is never removed.
    /// Passages whose source is in a document that was [marked as removed](Self::mark_removed) are
    /// kept.
    ///
    /// The spans of sources are in bytes of the text that was given for the earlier document, not
    /// of the text that was left of it.
    ///
    /// ```
    /// use refrain::passages::{Border, PassageOptions, Passages, Text};
    ///
    /// let mut passages = Passages::with_options(&PassageOptions::new().min_words(5)?);
    /// let first = "The ferry sails again at nine. Tickets cost as much as before.";
    /// assert_eq!(passages.dedup(Text { id: "a", text: first }, Border::Sentence)?.apply(), first);
    /// let second = "News from the harbor\nThe ferry sails again at nine. It was late.";
    /// let kept = passages.dedup(Text { id: "b", text: second }, Border::Sentence)?;
    /// assert_eq!(kept.apply(), "News from the harbor\nIt was late.");
    /// assert_eq!(kept.removals()[0].passages()[0].document_id(), "a");
    /// # Ok::<(), refrain::error::PassageError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text.
    ///
    /// # Errors
    ///
    /// Those of [`insert`](Self::insert).
    pub fn dedup<'t>(&mut self, text: Text<'t>, border: Border) -> Result<Deduplicated<'t>, PassageError> {
        self.with_scratch(|this, scratch| {
            this.read(text.text, scratch)?;
            let Scratch { reader, read, search } = scratch;
            this.dedup_read(text, border, read, reader, search)
        })
    }

    /// Removes the passages of a text that was read, and inserts the words that are left.
    pub(super) fn dedup_read<'t>(
        &mut self,
        text: Text<'t>,
        border: Border,
        read: &Read,
        reader: &mut Reader,
        search: &mut Search,
    ) -> Result<Deduplicated<'t>, PassageError> {
        let Read { units, anchors } = read;
        if anchors.is_empty() {
            self.insert_read(text.id, read, search)?;
            let found = self.answer(&units.extents, &search.found);
            return Ok(Deduplicated { text: text.text, cuts: Vec::new(), removals: Vec::new(), found });
        }
        self.check_room(units.hashes.len())?;
        let first = self.corpus.start(text.id);
        let before = self.corpus.places.state();
        self.corpus.push(&units.hashes, &units.extents);
        let mut log = Vec::new();
        let mut insert = Insert { table: &mut self.table, first, log: Some(&mut log), grown: false };
        search.run(&self.corpus, &self.sampling, &units.hashes, anchors, &mut insert);
        let grown = insert.grown;
        let with_leads = self.with_leads(text.text, units, reader, &search.found);
        let found = self.answer(&units.extents, &with_leads);
        let removals = self.removals(text.text, border, &units.extents, &with_leads);
        let cuts = cuts(text.text, &removals);
        if removals.is_empty() {
            search.record(&mut self.corpus, first);
        } else {
            self.table.take_back(&log, first, grown);
            self.corpus.truncate(first, before);
            self.insert_kept(text.text, read, &removals, &cuts, (reader, search));
        }
        let removals = removals.into_iter().map(|(_, removal)| removal).collect();
        Ok(Deduplicated { text: text.text, cuts, removals, found })
    }

    /// Returns the runs of words that are removed.
    fn removals(
        &self,
        text: &str,
        border: Border,
        extents: &[Extent],
        found: &[Match],
    ) -> Vec<((usize, usize), PassageRemoval)> {
        let passage = |found: &Match| (*found, self.passage(extents, found));
        let is_cut = |(_, passage): &(Match, Passage)| {
            passage.span.len() >= self.options.min_bytes && !passage.is_source_removed
        };
        let passages: Vec<(Match, Passage)> = found.iter().map(passage).filter(is_cut).collect();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (found, _) in &passages {
            match runs.last_mut().filter(|last| found.start <= last.1) {
                Some(last) => last.1 = found.end,
                None => runs.push((found.start, found.end)),
            }
        }
        let mut next = 0;
        let removal = |(start, end, span): (usize, usize, Span)| {
            next += passages[next..].iter().take_while(|(found, _)| found.end <= start).count();
            let inside = passages[next..].iter().take_while(|(found, _)| found.start < end);
            let passages = inside.map(|(_, passage)| passage.clone()).collect();
            ((start, end), PassageRemoval { span, words: end - start, passages })
        };
        let shrunk = border.shrink(text, extents, &runs, self.options.min_words);
        shrunk.into_iter().map(removal).collect()
    }

    /// Inserts the words that no removal has, with a 0 where words were removed.
    fn insert_kept(
        &mut self,
        text: &str,
        Read { units, .. }: &Read,
        removals: &[((usize, usize), PassageRemoval)],
        cuts: &[Cut],
        (reader, search): (&mut Reader, &mut Search),
    ) {
        let mut words = Vec::new();
        let mut anchors = Vec::new();
        let mut kept = 0;
        let ends = removals.iter().map(|(run, _)| *run).chain([(units.hashes.len(), 0)]);
        for (number, (end, next)) in ends.enumerate() {
            if kept < end {
                words.clear();
                words.extend_from_slice(&units.hashes[kept..end]);
                if let (Some(cut), Some(first)) = (number.checked_sub(1), words.first_mut()) {
                    // The word now follows other text.
                    let before = (kept - removals[cut].1.words).checked_sub(1);
                    let left = before.map(|before| units.extents[before].start as usize);
                    let joined = joined(text, left, units.extents[kept], cuts, cut);
                    *first = reader.last_word(&joined, &self.options).unwrap_or(*first);
                }
                reader.anchors(&words, &self.sampling, &mut anchors);
                self.insert_run(&words, &units.extents[kept..end], &anchors, search);
            }
            kept = next;
        }
    }
}

/// Returns the text that is left from the word at `left`, or from the start, to the end of the
/// first word after the removal `cause`.
fn joined(text: &str, left: Option<usize>, word: Extent, cuts: &[Cut], cause: usize) -> String {
    let (start, end) = (left.unwrap_or(word.start as usize), word.end as usize);
    let from = cuts.partition_point(|cut| (cut.cause as usize) < cause);
    let of_cause = cuts[from..].iter().take_while(|cut| cut.cause as usize == cause);
    let mut joined = String::new();
    let mut at = start;
    for cut in of_cause.filter(|cut| cut.span.start() >= start) {
        joined.push_str(&text[at..cut.span.start()]);
        at = cut.span.end();
    }
    joined.push_str(&text[at.min(end)..end]);
    joined
}

/// Returns the cuts for removals, by the rule of [`edits`](crate::edits).
fn cuts(text: &str, removals: &[((usize, usize), PassageRemoval)]) -> Vec<Cut> {
    if removals.is_empty() {
        return Vec::new();
    }
    let mut segments = Vec::new();
    let mut causes = Vec::new();
    let mut end = 0;
    for (number, (_, removal)) in (0..).zip(removals) {
        if let Some(kept) = trimmed(text, end, removal.span.start()) {
            segments.push(kept);
            causes.push(None);
        }
        segments.push(removal.span);
        causes.push(Some(number));
        end = removal.span.end();
    }
    if let Some(kept) = trimmed(text, end, text.len()) {
        segments.push(kept);
        causes.push(None);
    }
    let mut cuts = Cuts::new(text, &segments);
    cuts.remove(|segment| causes[segment]);
    cuts.cuts(|cause| cause)
}
