//! Saving and loading of an index of passages, and rebuilding without removed documents.
//!
//! A file is 8 bytes of magic and a series of [frames](crate::codec), numbered from 0: the
//! head, with the version of the format and a line that begins with the scheme; the numbers of
//! items; and frames of items: documents, ids, marks of removal, words, half bytes, copies, and
//! postings by place. The keys of postings are computed again, so a file does not depend on the
//! table, and its parts can be sorted and merged.

use std::io::{BufReader, Read, Write};

use super::corpus::{Copy, Corpus, Entry};
use super::options::PassageOptions;
use super::room::index;
use super::table::{Kind, MAX_PLACES, Posting};
use super::units::Extent;
use super::{Passages, Scratch};
use crate::codec::{FRAME, FrameReader, FrameWriter};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;

const MAGIC: &[u8; 8] = b"refrain\x03";

/// The version of the format.
const FORMAT: u32 = 2;

const NAME: &str = "the file of passages";

/// The bit of a posting that tells windows from k-grams.
const WINDOW: u64 = 1 << 63;

impl PassageOptions {
    fn line(&self) -> String {
        format!("scheme {}, {self}", Fingerprint::SCHEME)
    }
}

impl Passages {
    /// Writes the index to `to`. [`load`](Self::load) reads it.
    ///
    /// Two indexes with the same options, into which the same documents were inserted in the same
    /// order, write the same bytes.
    ///
    /// # Errors
    ///
    /// [`IndexError::Io`] if writing fails.
    pub fn save(&self, to: impl Write) -> Result<(), IndexError> {
        let mut frames = FrameWriter::new(to, NAME, MAGIC, FORMAT, &self.options.line())?;
        let Corpus { words, places, entries, ids, removed, copies } = &self.corpus;
        let counts = [
            entries.len() as u64,
            ids.len() as u64,
            words.len() as u64,
            places.len(),
            copies.len() as u64,
            self.table.len() as u64,
        ];
        frames.numbers(counts)?;
        frames.numbers(entries.iter().flat_map(|entry| [entry.first, entry.id_end]))?;
        frames.bytes(ids.as_bytes())?;
        frames.numbers(removed.iter().copied())?;
        for words in words.chunks(FRAME / 4) {
            frames.bytes(&words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>())?;
        }
        frames.bytes(places.encoded())?;
        frames.numbers(copies.iter().flat_map(|copy| [copy.start, copy.end, copy.source]))?;
        let posting = |(kind, place)| place | if kind == Kind::Window { WINDOW } else { 0 };
        frames.numbers(self.table.in_order_of_insertion().map(posting))?;
        frames.flush()
    }

    /// Reads an index that [`save`](Self::save) wrote, whose options must be `options`.
    /// [`PassageOptions::min_bytes`] is not stored, and may differ.
    ///
    /// # Memory
    ///
    /// At most a constant multiple of the size of the data is allocated, even if the data claims to
    /// be larger.
    ///
    /// # Errors
    ///
    /// * [`IndexError::Damaged`] if the data is not an index of passages, or was changed.
    /// * [`IndexError::WrongVersion`] if it has another format or another scheme.
    /// * [`IndexError::WrongParameters`] if it has other options.
    /// * [`IndexError::Io`] if reading fails.
    pub fn load(from: impl Read, options: &PassageOptions) -> Result<Self, IndexError> {
        let mut frames = FrameReader::new(BufReader::new(from), NAME, MAGIC, FORMAT, &options.line())?;
        let counts = frames.numbers(6)?;
        let [documents, ids, words, halves, copies, postings] = [0, 1, 2, 3, 4, 5].map(|at| counts[at]);
        let entries = frames.numbers(documents.saturating_mul(2))?;
        let entries: Vec<Entry> =
            entries.chunks_exact(2).map(|entry| Entry { first: entry[0], id_end: entry[1] }).collect();
        let ids = frames.bytes(ids)?;
        let removed = frames.numbers(documents.div_ceil(64))?;
        let words = frames.bytes(words.saturating_mul(4))?;
        let word = |bytes: &[u8]| bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        let words: Vec<u32> = words.chunks_exact(4).map(word).collect();
        let encoded = frames.bytes(halves.div_ceil(2))?;
        let copies = frames.numbers(copies.saturating_mul(3))?;
        let copies: Vec<Copy> = copies
            .chunks_exact(3)
            .map(|copy| Copy { start: copy[0], end: copy[1], source: copy[2] })
            .collect();
        let postings = frames.numbers(postings)?;
        frames.end()?;

        let damaged = |how: &str| frames.damaged(how);
        let ids = String::from_utf8(ids).map_err(|_| damaged("expected ids in UTF-8"))?;
        let mut this = Self::with_options(options);
        this.corpus.entries = entries;
        this.corpus.ids = ids;
        this.corpus.removed = removed;
        this.corpus.copies = copies;
        this.corpus.words = words;
        this.check().map_err(damaged)?;
        let starts = this.corpus.entries.iter().map(|entry| entry.first);
        let places = super::places::Places::decoded(encoded, halves, &this.corpus.words, starts);
        this.corpus.places = places.ok_or_else(|| damaged("the spans do not fit the words"))?;
        this.post_all(&postings).map_err(damaged)?;
        Ok(this)
    }

    /// Checks what was read, so that no search and no answer is out of bounds.
    fn check(&self) -> Result<(), &'static str> {
        let Corpus { words, entries, ids, copies, .. } = &self.corpus;
        let len = words.len() as u64;
        if len >= MAX_PLACES || words.first() != Some(&0) || words.last() != Some(&0) {
            return Err("expected words between zeros");
        }
        let mut before = Entry { first: 1, id_end: 0 };
        for (number, entry) in entries.iter().enumerate() {
            let is_id = ids.get(index(before.id_end)..index(entry.id_end)).is_some();
            // All words of an index belong to a document.
            let is_next = if number == 0 { entry.first == 1 } else { entry.first >= before.first };
            if !is_id || !is_next || entry.first > len || words[index(entry.first) - 1] != 0 {
                return Err("the documents are not in order");
            }
            before = *entry;
        }
        if before.id_end != ids.len() as u64 || entries.is_empty() && len > 1 {
            return Err("the documents do not fit their ids and words");
        }
        let is_copy = |copy: &Copy| {
            0 < copy.source && copy.source < copy.start && copy.start < copy.end && copy.end < len
        };
        let is_in_order = |pair: &[Copy]| pair[0].start < pair[1].start;
        if !copies.iter().all(is_copy) || !copies.windows(2).all(is_in_order) {
            return Err("the copies are not in order");
        }
        Ok(())
    }

    /// Posts the places of a file.
    fn post_all(&mut self, postings: &[u64]) -> Result<(), &'static str> {
        let (corpus, sampling) = (&self.corpus, &self.sampling);
        let mut last = 0;
        for posting in postings {
            let (kind, place) = match posting & WINDOW {
                0 => (Kind::Gram, *posting),
                _ => (Kind::Window, posting & !WINDOW),
            };
            let len = if kind == Kind::Gram { sampling.gram } else { sampling.window };
            let words = corpus.words.get(index(place)..).and_then(|words| words.get(..len));
            let Some(words) = words.filter(|words| place > 0 && !words.contains(&0)) else {
                return Err("a posting is not in the words");
            };
            if *posting & !WINDOW < last {
                return Err("the postings are not in order");
            }
            last = place;
            let key = match kind {
                Kind::Gram => sampling.gram_key(words),
                Kind::Window => sampling.window_key(sampling.window_hash(words)),
            };
            self.table.insert(Posting { kind, key, place });
        }
        Ok(())
    }

    /// Marks each document as removed if `is_removed` returns `true` for its id. Returns the number
    /// of newly marked documents.
    ///
    /// A marked document can still be the source of a passage, and then
    /// [`is_source_removed`](super::Passage::is_source_removed) is true. [`dedup`](Self::dedup)
    /// does not cut such passages. [`rebuild`](Self::rebuild) removes marked documents.
    ///
    /// A document cannot be removed cheaply, because only the first place of each window is stored:
    /// if the document with that place were removed, later copies of its passages would not be
    /// found. For the same reason, two indexes cannot be merged: the order of all documents decides
    /// which place is the first.
    ///
    /// # Complexity
    ///
    /// Linear in the number of documents.
    pub fn mark_removed(&mut self, mut is_removed: impl FnMut(&str) -> bool) -> usize {
        let mut marked = 0;
        for document in 0..self.len() {
            if !self.corpus.is_removed(document) && is_removed(self.corpus.id(document)) {
                self.corpus.removed[document / 64] |= 1 << (document % 64);
                marked += 1;
            }
        }
        marked
    }

    /// Returns a new index with the documents that are not marked as removed, in the same order.
    ///
    /// The result is that of inserting them into an empty index. If documents were inserted by
    /// [`dedup`](Self::dedup), only the text that was left of each is in the new index, and the
    /// words on both sides of a cut are in no passage together: text that was removed because of a
    /// document that is gone does not come back.
    ///
    /// # Complexity
    ///
    /// Linear in the number of words. No text is read.
    #[must_use]
    pub fn rebuild(&self) -> Self {
        let mut new = Self::with_sampling(&self.options, self.sampling.clone());
        let Scratch { mut reader, mut search, .. } = Scratch::default();
        let mut extents: Vec<Extent> = Vec::new();
        let mut anchors = Vec::new();
        for document in (0..self.len()).filter(|document| !self.corpus.is_removed(*document)) {
            new.corpus.start(self.corpus.id(document));
            for (place, count) in self.corpus.runs(document) {
                let words = &self.corpus.from(place)[..count];
                extents.clear();
                self.corpus.extents(document, place, count, &mut extents);
                reader.anchors(words, &new.sampling, &mut anchors);
                new.insert_run(words, &extents, &anchors, &mut search);
            }
        }
        new
    }
}
