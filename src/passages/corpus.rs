//! The words of all documents, their extents, and the documents.

use super::places::{Places, State};
use super::room::{index, make_room};
use super::table::MAX_PLACES;
use super::units::Extent;
use crate::span::Span;
use crate::work;

/// A document of the corpus.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    /// The place of its first word.
    pub(super) first: u64,
    /// The end of its id among all ids.
    pub(super) id_end: u64,
}

/// A long passage of a document, which is equal to the words at an earlier place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Copy {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) source: u64,
}

/// The minimum number of words of a copy that is recorded, and of the distance of two of them.
pub(super) const MIN_COPY: u64 = 256;

/// The documents that were inserted.
#[derive(Clone, Debug)]
pub(super) struct Corpus {
    /// The hashes of the units of all documents, with a 0 before the first document, after each
    /// one, and where a part of a document was not inserted.
    pub(super) words: Vec<u32>,
    pub(super) places: Places,
    pub(super) entries: Vec<Entry>,
    pub(super) ids: String,
    /// One bit for each document that is marked as removed.
    pub(super) removed: Vec<u64>,
    /// Some of the long passages, by their start.
    pub(super) copies: Vec<Copy>,
}

impl Default for Corpus {
    fn default() -> Self {
        let mut places = Places::default();
        places.skip();
        let (entries, copies) = (Vec::new(), Vec::new());
        Self { words: vec![0], places, entries, ids: String::new(), removed: Vec::new(), copies }
    }
}

impl Corpus {
    /// Returns whether `words` more words, and the zeros between them, have places.
    pub(super) fn has_room(&self, words: usize) -> bool {
        self.words.len() as u64 + 2 * words as u64 + 2 < MAX_PLACES
    }

    /// Returns the memory that the corpus takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u32>()
            + self.places.bytes()
            + self.entries.capacity() * size_of::<Entry>()
            + self.ids.capacity()
            + self.removed.capacity() * size_of::<u64>()
            + self.copies.capacity() * size_of::<Copy>()
    }

    /// Begins a document. Its first word has the place that is returned.
    pub(super) fn start(&mut self, id: &str) -> u64 {
        self.ids.push_str(id);
        let first = self.words.len() as u64;
        self.places.start();
        make_room(&mut self.entries, 1);
        self.entries.push(Entry { first, id_end: self.ids.len() as u64 });
        if self.removed.len() * 64 < self.entries.len() {
            self.removed.push(0);
        }
        first
    }

    /// Appends a run of words to the last document, and a 0. Returns the place of the first word.
    pub(super) fn push(&mut self, hashes: &[u32], extents: &[Extent]) -> u64 {
        let first = self.words.len() as u64;
        make_room(&mut self.words, hashes.len() + 1);
        self.words.extend_from_slice(hashes);
        self.words.push(0);
        self.places.push(extents);
        self.places.skip();
        first
    }

    /// Removes the words from place `first` on, before which the extents were in the state
    /// `before`.
    pub(super) fn truncate(&mut self, first: u64, before: State) {
        self.words.truncate(index(first));
        self.places.go_back(before);
    }

    /// Returns the words from `place` on.
    #[inline(always)]
    pub(super) fn from(&self, place: u64) -> &[u32] {
        &self.words[index(place)..]
    }

    /// Returns the number of the document that has the word at `place`.
    pub(super) fn document_of(&self, place: u64) -> usize {
        self.entries.partition_point(|entry| entry.first <= place).saturating_sub(1)
    }

    /// Returns the id of a document.
    pub(super) fn id(&self, document: usize) -> &str {
        let start = document.checked_sub(1).map_or(0, |before| self.entries[before].id_end);
        &self.ids[index(start)..index(self.entries[document].id_end)]
    }

    /// Returns whether a document is marked as removed.
    pub(super) fn is_removed(&self, document: usize) -> bool {
        self.removed[document / 64] >> (document % 64) & 1 == 1
    }

    /// Returns the span of `words` words from `place` on, in the text of their document.
    pub(super) fn span(&self, place: u64, words: usize) -> Span {
        let first = self.entries[self.document_of(place)].first;
        let extent = |place| self.places.extent(&self.words, place, first);
        let (start, end) = (extent(place).start, extent(place + words as u64 - 1).end);
        Span::new(start as usize, end as usize)
    }

    /// Returns the recorded copy that has the word at `place`.
    pub(super) fn copy_of(&self, place: u64) -> Option<Copy> {
        let after = self.copies.partition_point(|copy| copy.start <= place);
        work::count(1 + self.copies.len().checked_ilog2().unwrap_or(0) as usize);
        let copy = *self.copies.get(after.checked_sub(1)?)?;
        (place < copy.end).then_some(copy)
    }

    /// Records a copy, whose start is not before that of the last one, if it is long and not close
    /// to the last one.
    pub(super) fn record(&mut self, copy: Copy) {
        let is_far = self.copies.last().is_none_or(|last| copy.start >= last.start + MIN_COPY);
        if copy.end - copy.start >= MIN_COPY && is_far {
            self.copies.push(copy);
        }
    }

    /// Returns the runs of words of a document: the first place and the number of words of each.
    pub(super) fn runs(&self, document: usize) -> impl Iterator<Item = (u64, usize)> + '_ {
        let first = self.entries[document].first;
        let end = self.entries.get(document + 1).map_or(self.words.len() as u64, |next| next.first);
        let words = &self.words[index(first)..index(end)];
        let mut at = first;
        words.split(|word| *word == 0).filter_map(move |run| {
            let start = at;
            at += run.len() as u64 + 1;
            (!run.is_empty()).then_some((start, run.len()))
        })
    }

    /// Returns the extents of `words` words from `place` on, all of one document.
    pub(super) fn extents(&self, document: usize, place: u64, words: usize, extents: &mut Vec<Extent>) {
        self.places.extents(&self.words, (place, words), self.entries[document].first, extents);
    }
}
