//! Exact passages across documents: runs of words, by default 50 or more, that also occur in a
//! document inserted before, or earlier in the same document.
//!
//! A passage may begin and end anywhere in a line, so the parts of a text that were copied from
//! elsewhere are found although the text around them differs. The result is that of a suffix array
//! over all documents, but documents are inserted one by one.
//!
//! ```
//! use refrain::passages::{PassageOptions, Passages, Text};
//!
//! let mut passages = Passages::with_options(&PassageOptions::new().min_words(5)?);
//! let first = "The ferry sails again at nine, says the harbor office.";
//! passages.insert(Text { id: "a", text: first })?;
//!
//! let text = "News\nTHE FERRY sails again at nine, in spite of the storm.";
//! let found = passages.query(text)?;
//! let passage = &found.passages()[0];
//! assert_eq!(&text[passage.span()], "THE FERRY sails again at nine,");
//! assert_eq!((passage.document_id(), passage.words()), ("a", 6));
//! assert_eq!(&first[passage.source()], "The ferry sails again at nine,");
//! assert_eq!(found.share(), 0.5);
//! # Ok::<(), refrain::error::PassageError>(())
//! ```
//!
//! # Definition
//!
//! Let L be [`PassageOptions::min_words`]. A *window* is L words in a row of one document. A window
//! is *seen* if the same L words begin at an earlier place: in an inserted document or, except for
//! [`query`](Passages::query), earlier in the same document. From the left, the first seen window
//! that lies in no passage yet is taken; its source is the earliest place of that window. The
//! window is extended to both sides while words are equal, and the result is a new passage. Earlier
//! passages that lie inside it are dropped, and the search continues with the next window that does
//! not lie inside the new passage.
//!
//! Together, the passages have exactly the words of all seen windows, apart from a word that may be
//! added before a passage (see below). These are also the words of all longest previous factors of
//! at least L words (Crochemore and Ilie, *Computing longest previous factor in linear time and
//! applications*, 2008). Every passage is as long as possible for its source, and no occurrence of
//! the whole passage is earlier.
//!
//! A word is a run of letters, combining marks and digits of the canonical form; in a script
//! without spaces between words, each letter is a word. Two words match if they are equal and the
//! canonical text between each of them and the word before it is equal too, so `a+b` differs from
//! `a-b`. The text before the first word of a document counts as one space. If the form removes
//! punctuation, words are compared alone.
//!
//! A sentence that follows `News.` in one document may be the first of another one, so the text
//! before the first word of a passage may differ from that at the source. Let w be the word
//! directly before the first seen window of a passage, and v the word at the same place before the
//! source. The passage is extended by w if w equals v, and if the canonical text before w and that
//! before v are each one of these, perhaps different ones:
//!
//! * a space;
//! * a punctuation mark that belongs to the word before it, and a space, such as `. `, `, ` and `)
//!   `;
//! * a dash between spaces;
//! * `!` or `?` without a space;
//! * the full stop or closing bracket of a script without spaces.
//!
//! The form `text` folds wide characters and styles of quotes to these; with other forms, only
//! these themselves are recognized. An opening quote or a minus sign belongs to the word after it,
//! so a word with such a character before it does not extend a passage. All other words of a
//! passage follow the definition above.
//!
//! # Method
//!
//! The index stores a hash of 32 bits for each word, and samples k-grams of words (random
//! minimizers) so that each window contains a sample, the same one wherever the window occurs. Only
//! windows that are new are listed, each under its sample. A window is compared word by word with
//! those that are listed under its sample. So the sampling changes no answer, and the seed changes
//! an answer only if hashes of words collide, see [`PassageOptions::seed`].

mod anchors;
mod answer;
mod batch;
mod border;
mod contamination;
mod corpus;
mod dedup;
mod file;
mod gap;
mod grams;
mod lead;
mod options;
mod places;
mod reader;
mod room;
mod search;
mod table;
mod units;

pub use answer::{FoundPassages, Passage};
pub use border::Border;
pub use contamination::{Contamination, Findings, ItemPassage, ItemReport};
pub use dedup::{Deduplicated, PassageRemoval};
pub use options::PassageOptions;

use anchors::{Anchor, Sampling};
use corpus::Corpus;
use reader::{Read, Reader};
use search::{Insert, Match, Query, Search};
use table::{MAX_PLACES, Table};
use units::{Extent, UnitReader};

use crate::error::PassageError;
use crate::normalize::{Normalization, Normalizer};
use crate::shingle::words;
use crate::span::Span;

/// A document, or an item of an evaluation set: its id and its text.
///
/// Answers name the document of a source by its id. The ids of documents should differ, which is
/// not checked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Text<'a> {
    /// The name of the document.
    pub id: &'a str,
    /// The text.
    pub text: &'a str,
}

/// An index in memory that finds the passages that a text shares with documents inserted earlier.
///
/// The [module documentation](self) defines passages. The order of insertion is part of the answer,
/// because sources are the earliest places.
///
/// # Memory
///
/// The index takes about 5.1 bytes for each word, and 16 bytes plus the id for each document. For
/// English prose, this is 0.8 bytes for each byte of text. At worst, if every window is new and
/// shares its sample with many others, it takes 9 bytes more for each word.
#[derive(Debug)]
pub struct Passages {
    options: PassageOptions,
    sampling: Sampling,
    corpus: Corpus,
    table: Table,
    /// The hashes of the texts that may differ before the first word of a passage.
    leads: Vec<u32>,
    scratch: Scratch,
}

/// Buffers that are reused.
#[derive(Debug, Default)]
struct Scratch {
    reader: Reader,
    read: Read,
    search: Search,
}

impl Default for Passages {
    fn default() -> Self {
        Self::new()
    }
}

impl Passages {
    /// Creates an empty index for passages of at least 50 words.
    pub fn new() -> Self {
        Self::with_options(&PassageOptions::new())
    }

    /// Creates an empty index with `options`.
    pub fn with_options(options: &PassageOptions) -> Self {
        Self::with_sampling(options, Sampling::new(options.min_words, options.seed))
    }

    fn with_sampling(options: &PassageOptions, sampling: Sampling) -> Self {
        Self {
            options: options.clone(),
            sampling,
            corpus: Corpus::default(),
            table: Table::default(),
            leads: lead::leads(options),
            scratch: Scratch::default(),
        }
    }

    /// Creates an empty index that samples k-grams of `gram` words, with up to `cap` postings each,
    /// to test that answers do not depend on these numbers.
    #[doc(hidden)]
    pub fn with_other_sampling(options: &PassageOptions, gram: usize, cap: usize) -> Self {
        let gram = gram.clamp(1, options.min_words);
        Self::with_sampling(options, Sampling::with(options.min_words, gram, cap.max(1), options.seed))
    }

    /// Returns an index whose passages are those of the definition without the word before that may
    /// be added, to compare them with a suffix array.
    #[doc(hidden)]
    #[must_use]
    pub fn without_leads(self) -> Self {
        Self { leads: Vec::new(), ..self }
    }

    /// Returns the options.
    pub fn options(&self) -> &PassageOptions {
        &self.options
    }

    /// Returns the number of documents.
    pub fn len(&self) -> usize {
        self.corpus.entries.len()
    }

    /// Returns whether there are no documents.
    pub fn is_empty(&self) -> bool {
        self.corpus.entries.is_empty()
    }

    /// Returns the memory that the index takes, in bytes. The buffers for reading a text are not
    /// included; they take up to about 30 bytes for each word of the longest text that was
    /// inserted.
    pub fn bytes(&self) -> usize {
        self.corpus.bytes() + self.table.bytes()
    }

    /// Inserts a document, and returns its number of words.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text.
    ///
    /// # Errors
    ///
    /// If an error is returned, nothing is inserted.
    ///
    /// * [`PassageError::TooLong`] if the text has 4 GiB or more.
    /// * [`PassageError::Full`] if there is no room for the words: there are 2⁴⁰ places, and a word
    ///   takes one of them or, at worst, two.
    pub fn insert(&mut self, text: Text<'_>) -> Result<usize, PassageError> {
        self.with_scratch(|this, scratch| {
            this.read(text.text, scratch)?;
            this.insert_read(text.id, &scratch.read, &mut scratch.search)?;
            Ok(scratch.read.units.hashes.len())
        })
    }

    /// Returns the passages of `text` that inserted documents have, without inserting the text.
    ///
    /// Passages that occur twice in `text`, and in no inserted document, are not listed.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text.
    ///
    /// # Errors
    ///
    /// [`PassageError::TooLong`] if the text has 4 GiB or more.
    pub fn query(&self, text: &str) -> Result<FoundPassages, PassageError> {
        let mut scratch = Scratch::default();
        self.read(text, &mut scratch)?;
        self.query_read(&scratch.read, &mut scratch.search);
        Ok(self.answer_read(text, &mut scratch))
    }

    /// Returns the passages of a document that occur earlier, and inserts the document.
    ///
    /// Passages that occur earlier in the same document are also listed.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text.
    ///
    /// # Errors
    ///
    /// Those of [`insert`](Self::insert).
    pub fn query_and_insert(&mut self, text: Text<'_>) -> Result<FoundPassages, PassageError> {
        self.with_scratch(|this, scratch| {
            this.read(text.text, scratch)?;
            this.insert_read(text.id, &scratch.read, &mut scratch.search)?;
            Ok(this.answer_read(text.text, scratch))
        })
    }

    /// Calls `work` with the buffers of this index.
    fn with_scratch<T>(&mut self, work: impl FnOnce(&mut Self, &mut Scratch) -> T) -> T {
        let mut scratch = std::mem::take(&mut self.scratch);
        let result = work(self, &mut scratch);
        self.scratch = scratch;
        result
    }

    fn read(&self, text: &str, scratch: &mut Scratch) -> Result<(), PassageError> {
        scratch.reader.read(text, &self.options, &self.sampling, &mut scratch.read)
    }

    /// Inserts a text that was read. Its passages are in `search`.
    fn insert_read(&mut self, id: &str, read: &Read, search: &mut Search) -> Result<(), PassageError> {
        let Read { units, anchors } = read;
        self.check_room(units.hashes.len())?;
        self.corpus.start(id);
        self.insert_run(&units.hashes, &units.extents, anchors, search);
        Ok(())
    }

    /// Inserts a run of words of the last document. A run without anchors has no window, so it is
    /// never a source and is not stored.
    fn insert_run(&mut self, words: &[u32], extents: &[Extent], anchors: &[Anchor], search: &mut Search) {
        search.found.clear();
        if anchors.is_empty() {
            return;
        }
        let first = self.corpus.push(words, extents);
        let mut insert = Insert { table: &mut self.table, first, log: None, grown: false };
        search.run(&self.corpus, &self.sampling, words, anchors, &mut insert);
        search.record(&mut self.corpus, first);
    }

    fn check_room(&self, words: usize) -> Result<(), PassageError> {
        let full = PassageError::Full { limit: MAX_PLACES / 2 };
        if self.corpus.has_room(words) { Ok(()) } else { Err(full) }
    }

    /// Searches a text that was read. Its passages are in `search`.
    fn query_read(&self, read: &Read, search: &mut Search) {
        let Read { units, anchors } = read;
        search.run(&self.corpus, &self.sampling, &units.hashes, anchors, &mut Query(&self.table));
    }

    /// Returns the answer for a text that was read and searched.
    fn answer_read(&self, text: &str, Scratch { reader, read, search }: &mut Scratch) -> FoundPassages {
        let found = self.with_leads(text, &read.units, reader, &search.found);
        self.answer(&read.units.extents, &found)
    }

    /// Returns the answer for a text whose words have `extents`.
    fn answer(&self, extents: &[Extent], found: &[Match]) -> FoundPassages {
        let mut answer = FoundPassages { words: extents.len(), ..FoundPassages::default() };
        let mut end = 0;
        for found in found {
            let passage = self.passage(extents, found);
            if passage.span.len() < self.options.min_bytes {
                continue;
            }
            answer.passages.push(passage);
            answer.passage_words += found.end - found.start.max(end);
            end = found.end;
        }
        answer
    }

    fn passage(&self, extents: &[Extent], found: &Match) -> Passage {
        let words = found.end - found.start;
        let (first, last) = (extents[found.start], extents[found.end - 1]);
        let document = self.corpus.document_of(found.source);
        Passage {
            span: Span::new(first.start as usize, last.end as usize),
            words,
            document: self.corpus.id(document).to_owned(),
            source: self.corpus.span(found.source, words),
            is_source_removed: self.corpus.is_removed(document),
        }
    }
}

/// Appends the hashes of the words of `text` to `hashes`: the work beside which that of this module
/// is measured.
#[doc(hidden)]
pub fn read_words(text: &str, hashes: &mut Vec<u64>) {
    thread_local! {
        static NORMALIZER: std::cell::RefCell<Normalizer> = std::cell::RefCell::default();
    }
    NORMALIZER.with_borrow_mut(|normalizer| {
        words(normalizer.canonical(text, Normalization::TEXT), 0, hashes);
    });
}

/// Appends the hashes of the units of `text` to `hashes`, for a suffix array over the same units.
#[doc(hidden)]
pub fn read_units(text: &str, hashes: &mut Vec<u32>) {
    hashes.extend_from_slice(&UnitReader::default().read(text, Normalization::TEXT, 0).hashes);
}

#[cfg(test)]
mod tests;
