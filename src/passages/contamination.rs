//! Contamination: which items of an evaluation set occur in a corpus.

mod findings;

use super::Text;
use super::grams::Grams;
use super::options::PassageOptions;
use super::reader::MAX_LEN;
use super::units::{UnitReader, Units};
use crate::error::PassageError;
use crate::span::Span;
use crate::work;

pub use findings::Findings;

/// The default number of words in an n-gram, as in Brown et al., *Language models are few-shot
/// learners*, 2020.
const WORDS: usize = 13;

/// An evaluation set, and which of its items occur in the documents of a corpus.
///
/// The items are in memory; documents are passed one by one and not stored. An item is contaminated
/// if it shares an n-gram, a run of n words (13 by default), with a document. An item of fewer
/// words is one n-gram as a whole. An item is compared with the documents that are passed after it.
///
/// The report depends neither on the order of the documents nor on the number of threads.
///
/// ```
/// use refrain::passages::{Contamination, PassageOptions, Text};
///
/// let mut set = Contamination::with_options(&PassageOptions::new().min_words(4)?);
/// set.add(Text { id: "q1", text: "How many people does the old ferry carry?" })?;
/// set.add(Text { id: "q2", text: "Who built the harbor?" })?;
/// let page = "Quiz: how many people does the OLD FERRY carry? Sixty.";
/// set.scan(Text { id: "a.example", text: page })?;
/// let report = set.report();
/// assert_eq!((report[0].id(), report[0].documents()), ("q1", 1));
/// let longest = report[0].longest().map(|found| (found.words(), &page[found.source()]));
/// assert_eq!(longest, Some((7, "many people does the OLD FERRY carry?")));
/// assert_eq!((report[0].share(), report[1].share()), (0.8, 0.0));
/// # Ok::<(), refrain::error::PassageError>(())
/// ```
///
/// # Equality
///
/// Words are equal as in [`Passages`](super::Passages): punctuation counts by default. `Passages`
/// may begin a passage one word earlier although the punctuation before that word differs;
/// `Contamination` does not. The first word of an item counts as following a space. So `how` is not
/// part of the passage above, where it follows `: `, and an item of n words or fewer is found only
/// where nothing but white space is between it and the word before: not after `Q: `, a quote, or a
/// full stop, even on a line of its own. To ignore punctuation, and find such items, set
/// [`Normalization::strip_punctuation`](crate::Normalization::strip_punctuation) with
/// [`with_options`](Self::with_options), and also [`min_words(13)`](PassageOptions::min_words),
/// because the default of [`PassageOptions`] is 50.
///
/// # Memory
///
/// About 16 bytes for each word of the evaluation set, and 80 to 120 bytes for each different
/// n-gram. Documents are not stored: of its longest passage, an item keeps the id of the document
/// and two spans.
#[derive(Clone, Debug)]
pub struct Contamination {
    options: PassageOptions,
    grams: Grams,
    ids: Vec<String>,
    /// True for each n-gram that was seen.
    seen: Vec<bool>,
    found: Vec<Found>,
    documents: u64,
    buffers: Buffers,
}

/// The findings on an item so far.
#[derive(Clone, Debug, Default)]
struct Found {
    documents: u64,
    longest: Option<ItemPassage>,
}

/// A passage that an item shares with a document. It may have small holes, in which the words
/// differ.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ItemPassage {
    span: Span,
    words: usize,
    document: String,
    source: Span,
}

impl ItemPassage {
    /// Returns the span of the passage, in bytes of the item.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the number of words that are equal, without those in holes.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Returns the id of the document.
    pub fn document_id(&self) -> &str {
        &self.document
    }

    /// Returns the span of the passage in the document, in bytes of its text.
    pub fn source(&self) -> Span {
        self.source
    }

    /// Returns whether this passage is reported in place of `other`: the one with more words, and
    /// of equal ones the first by document and place, so that the order of documents does not
    /// matter.
    fn is_before(&self, other: &Self) -> bool {
        let key = |passage: &Self| (std::cmp::Reverse(passage.words), passage.source, passage.span);
        (key(self).0, &self.document, key(self)) < (key(other).0, &other.document, key(other))
    }
}

/// The report on an item of an evaluation set.
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ItemReport {
    id: String,
    words: usize,
    ngrams: usize,
    seen_ngrams: usize,
    share: f64,
    weighted_share: f64,
    documents: u64,
    longest: Option<ItemPassage>,
}

impl ItemReport {
    /// Returns the id of the item.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the number of words of the item.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Returns the number of n-grams of the item. An n-gram that occurs twice counts twice.
    pub fn ngrams(&self) -> usize {
        self.ngrams
    }

    /// Returns the number of n-grams of the item that some document has.
    pub fn seen_ngrams(&self) -> usize {
        self.seen_ngrams
    }

    /// Returns the share of the n-grams that some document has, from 0 to 1; 0 if there are none.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// Returns the share of the n-grams that some document has, weighted by rarity, from 0 to 1.
    ///
    /// The weight of an n-gram is ln(1 + N / m), if m of N items have it (inverse document
    /// frequency: Spärck Jones, *A statistical interpretation of term specificity*, 1972), so an
    /// instruction that many items have in common counts little.
    pub fn weighted_share(&self) -> f64 {
        self.weighted_share
    }

    /// Returns the number of documents that have an n-gram of the item.
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// Returns the longest passage that the item shares with a document. Passages of one document
    /// are joined if at most n words are between them, in the item and in the document. An n-gram
    /// that the item has several times is found at its first place, or where it continues a
    /// passage, so a longer passage that begins at a later place may be missed.
    pub fn longest(&self) -> Option<&ItemPassage> {
        self.longest.as_ref()
    }
}

impl Default for Contamination {
    fn default() -> Self {
        Self::new()
    }
}

impl Contamination {
    /// Creates an empty evaluation set, for n-grams of 13 words.
    pub fn new() -> Self {
        Self::with_options(&PassageOptions { min_words: WORDS, ..PassageOptions::new() })
    }

    /// Creates an empty evaluation set, for n-grams of [`PassageOptions::min_words`] words: 50, and
    /// not 13, if `options` do not set this number. [`PassageOptions::min_bytes`] is ignored.
    pub fn with_options(options: &PassageOptions) -> Self {
        let (options, grams) = (options.clone(), Grams::new(options.seed));
        let (ids, seen, found) = (Vec::new(), Vec::new(), Vec::new());
        Self { options, grams, ids, seen, found, documents: 0, buffers: Buffers::default() }
    }

    /// Adds an item. Documents that were seen before do not count for it.
    ///
    /// # Errors
    ///
    /// [`PassageError::TooLong`] if the text has 4 GiB or more.
    pub fn add(&mut self, item: Text<'_>) -> Result<(), PassageError> {
        let mut reader = UnitReader::default();
        let units = self.read(&mut reader, item.text)?;
        self.grams.add(&units.hashes, &units.extents, self.options.min_words);
        self.ids.push(item.id.to_owned());
        self.seen.resize(self.grams.grams.len(), false);
        self.found.push(Found::default());
        Ok(())
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Compares a document of the corpus with the items.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text, once for n-grams of n words and once for each length of
    /// items with fewer words. For each n-gram of the text that items have, also linear in the
    /// number of these items.
    ///
    /// # Errors
    ///
    /// [`PassageError::TooLong`] if the text has 4 GiB or more.
    pub fn scan(&mut self, document: Text<'_>) -> Result<(), PassageError> {
        let mut buffers = std::mem::take(&mut self.buffers);
        let found = self.compare(&mut buffers, document);
        self.buffers = buffers;
        self.count(found?);
        Ok(())
    }

    /// Compares many documents of the corpus with the items, on several threads with the feature
    /// `rayon`.
    ///
    /// # Errors
    ///
    /// Those of [`scan`](Self::scan). None of `documents` counts then.
    pub fn scan_all(&mut self, documents: &[Text<'_>]) -> Result<(), PassageError> {
        #[cfg(feature = "rayon")]
        let found: Result<Vec<Hits>, _> = {
            use rayon::prelude::*;
            let compare = |buffers: &mut Buffers, text: &Text<'_>| self.compare(buffers, *text);
            documents.par_iter().map_init(Buffers::default, compare).collect()
        };
        #[cfg(not(feature = "rayon"))]
        let found: Result<Vec<Hits>, _> = {
            let mut buffers = Buffers::default();
            documents.iter().map(|text| self.compare(&mut buffers, *text)).collect()
        };
        found?.into_iter().for_each(|found| self.count(found));
        Ok(())
    }

    /// Returns the number of documents that were compared.
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// Returns the report on each item, in the order in which they were added.
    ///
    /// # Complexity
    ///
    /// Linear in the number of n-grams of all items.
    pub fn report(&self) -> Vec<ItemReport> {
        let all = self.len() as f64;
        let report = |((id, item), found): ((&String, &super::grams::Item), &Found)| {
            let (mut seen_ngrams, mut seen_weight, mut weight) = (0, 0.0, 0.0);
            for gram in &item.grams {
                let of_gram = (1.0 + all / self.grams.grams[*gram as usize].items.len() as f64).ln();
                weight += of_gram;
                if self.seen[*gram as usize] {
                    seen_ngrams += 1;
                    seen_weight += of_gram;
                }
            }
            let ngrams = item.grams.len();
            let share = if ngrams == 0 { 0.0 } else { seen_ngrams as f64 / ngrams as f64 };
            let weighted_share = if ngrams == 0 { 0.0 } else { seen_weight / weight };
            let (documents, longest) = (found.documents, found.longest.clone());
            let (id, words) = (id.clone(), item.words.len());
            ItemReport { id, words, ngrams, seen_ngrams, share, weighted_share, documents, longest }
        };
        self.ids.iter().zip(&self.grams.items).zip(&self.found).map(report).collect()
    }

    fn read<'r>(&self, reader: &'r mut UnitReader, text: &str) -> Result<&'r mut Units, PassageError> {
        if text.len() > MAX_LEN {
            return Err(PassageError::TooLong { len: text.len(), limit: MAX_LEN });
        }
        Ok(reader.read(text, self.options.normalization, self.options.seed))
    }

    /// Compares a document with the items.
    fn compare(&self, buffers: &mut Buffers, document: Text<'_>) -> Result<Hits, PassageError> {
        let Buffers { reader, found, runs, touched } = buffers;
        let units = self.read(reader, document.text)?;
        found.clear();
        self.grams.find(&units.hashes, found);
        let mut hits = Hits::default();
        if found.is_empty() {
            return Ok(hits);
        }
        runs.resize_with(self.len(), Default::default);
        for (at, gram) in &*found {
            hits.grams.push(*gram);
            let items = &self.grams.grams[*gram as usize].items;
            work::count(items.len());
            for (item, place) in items {
                let (run, longest) = &mut runs[*item as usize];
                let of_item = &self.grams.items[*item as usize];
                if run.words == 0 {
                    touched.push(*item);
                }
                if !run.extend(&of_item.grams, of_item.size, (*at, *gram), *place as usize) {
                    if run.words > longest.words {
                        *longest = *run;
                    }
                    *run = Run::new(*at, *place as usize, of_item.size);
                }
            }
        }
        let passage = |item: u32| {
            let (run, longest) = std::mem::take(&mut runs[item as usize]);
            let best = if run.words > longest.words { run } else { longest };
            let span = |extents: &[super::units::Extent], first: usize, last: usize| {
                Span::new(extents[first].start as usize, extents[last].end as usize)
            };
            let of_item = &self.grams.items[item as usize];
            let (document, words) = (document.id.to_owned(), best.words);
            let source = span(&units.extents, best.here.0, best.here.1 + of_item.size - 1);
            let span = span(&of_item.extents, best.item.0, best.item.1 + of_item.size - 1);
            (item, ItemPassage { span, words, document, source })
        };
        hits.items = touched.drain(..).map(passage).collect();
        Ok(hits)
    }

    /// Adds the findings in a document.
    fn count(&mut self, hits: Hits) {
        self.documents += 1;
        hits.grams.into_iter().for_each(|gram| self.seen[gram as usize] = true);
        for (item, passage) in hits.items {
            let found = &mut self.found[item as usize];
            found.documents += 1;
            if found.longest.as_ref().is_none_or(|longest| passage.is_before(longest)) {
                found.longest = Some(passage);
            }
        }
    }
}

/// Buffers that are reused.
#[derive(Clone, Debug, Default)]
struct Buffers {
    reader: UnitReader,
    found: Vec<(usize, u32)>,
    /// The present and the longest run of each item, which are empty between documents.
    runs: Vec<(Run, Run)>,
    /// The items with a run.
    touched: Vec<u32>,
}

/// The findings in a document: the n-grams, and the longest passage of each item.
#[derive(Default)]
struct Hits {
    grams: Vec<u32>,
    items: Vec<(u32, ItemPassage)>,
}

/// A run of n-grams of an item in a document: the first and the last n-gram in each, and the number
/// of words that are equal.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    here: (usize, usize),
    item: (usize, usize),
    words: usize,
}

impl Run {
    fn new(here: usize, item: usize, words: usize) -> Self {
        Self { here: (here, here), item: (item, item), words }
    }

    /// Appends an n-gram of `size` words of the document, which the item first has at `place`, if
    /// at most `size` words are between, on both sides. Returns whether it was appended.
    fn extend(&mut self, grams: &[u32], size: usize, (at, gram): (usize, u32), place: usize) -> bool {
        let step = at - self.here.1;
        // The place on the same diagonal, or else the first one.
        let same = self.item.1 + step;
        let place = if grams.get(same) == Some(&gram) { same } else { place };
        let is_after = self.words > 0 && step > 0 && place > self.item.1;
        if !is_after || step > 2 * size || place - self.item.1 > 2 * size {
            return false;
        }
        self.words += size.min(step).min(place - self.item.1);
        (self.here.1, self.item.1) = (at, place);
        true
    }
}
