//! Saving, loading and merging of indexes.
//!
//! A snapshot is 8 bytes of magic and a series of [frames](crate::store::codec), numbered from 0:
//! the head, with the version of the format, the scheme of the fingerprints, and the options with
//! which documents are read; a frame for each document, in the order of insertion; and an empty
//! frame. `docs/format.md` has the bytes. Indexes with the same documents in the same order have
//! the same snapshot, whatever the store, the number of threads, and the documents that were
//! removed.

use std::io::{BufReader, Read, Write};

use super::{Index, Memory};
use crate::error::IndexError;
use crate::options::Options;
use crate::store::codec::{FrameReader, file_head, put_frame};
use crate::store::{Change, OwnedRecord, Store, check_description, read};

const MAGIC: &[u8; 8] = b"refrain\x01";

/// The version of the format.
const FORMAT: u32 = 2;

/// The numbers of documents and of segments from which a batch is written to a store.
const BATCH: (usize, usize) = (1 << 12, 1 << 16);

const NAME: &str = "the snapshot";

impl<S: Store> Index<S> {
    /// Writes a snapshot to `to`. [`load`](Index::load) reads it into memory, and
    /// [`insert_snapshot`](Self::insert_snapshot) into any other index. Two indexes with the same
    /// documents in the same order write the same bytes.
    ///
    /// Other threads can change the index meanwhile. Documents that they insert before `save` has
    /// written all others are in the snapshot. Documents that they remove may be in it. A document
    /// that they replace may be in it twice; loading keeps the last version.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments. Each document is read once, and memory is linear in the
    /// size of the largest one.
    ///
    /// # Errors
    ///
    /// * [`IndexError::Io`] if writing fails.
    /// * Errors of the store if it cannot be read.
    pub fn save(&self, mut to: impl Write) -> Result<(), IndexError> {
        let failed = |source| IndexError::Io { what: NAME.to_owned(), source };
        let mut bytes = file_head(MAGIC, FORMAT, &self.parameters.line());
        let (mut frame, mut from) = (1, Some(0));
        while let Some(first) = from {
            from = read(&self.store, |view| {
                let mut next = view.next_document(first, None)?;
                while let Some(number) = next.filter(|_| bytes.len() < 1 << 16) {
                    view.document(number, &mut |document| {
                        put_frame(&mut bytes, frame, |bytes| document.to_owned().record().encode(bytes));
                        frame += 1;
                        Ok(())
                    })?;
                    next = number.checked_add(1).map_or(Ok(None), |from| view.next_document(from, None))?;
                }
                Ok(next)
            })?;
            to.write_all(&bytes).map_err(failed)?;
            bytes.clear();
        }
        put_frame(&mut bytes, frame, |_| {});
        to.write_all(&bytes).and_then(|()| to.flush()).map_err(failed)
    }

    /// Inserts all documents of a snapshot, in their order, after those of this index.
    ///
    /// # Errors
    ///
    /// In case of an error, some of the documents may have been inserted.
    ///
    /// * [`IndexError::Damaged`] if the data is not a snapshot, or was changed.
    /// * [`IndexError::WrongVersion`] if it has another format or another scheme of fingerprints.
    /// * [`IndexError::WrongParameters`] if its documents were read with other options.
    /// * [`IndexError::Io`] if reading fails.
    /// * Errors of the store if it is full or cannot be written.
    pub fn insert_snapshot(&self, from: impl Read) -> Result<(), IndexError> {
        let mut frames = FrameReader::new(BufReader::new(from), NAME, MAGIC)?;
        check_description(NAME, &frames.head(FORMAT)?, &self.parameters.line())?;
        let mut batch = Batch::default();
        for number in 1.. {
            let content = frames.next_frame()?;
            if content.is_empty() {
                break;
            }
            let record = OwnedRecord::decode(&content);
            let damaged = || frames.damaged(format!("frame {number} is not a document"));
            batch.push(&self.store, record.ok_or_else(damaged)?)?;
        }
        frames.end()?;
        batch.flush(&self.store)
    }

    /// Inserts all documents of `other`, in their order, after those of this index. The result is
    /// that of one index in which the documents of this index and then those of `other` were
    /// inserted, so a document of `other` replaces one with the same id.
    ///
    /// # Errors
    ///
    /// In case of an error, some of the documents may have been inserted.
    ///
    /// * [`IndexError::WrongParameters`] if the documents of `other` were read with other options.
    /// * Errors of the stores if one of them cannot be read or written.
    pub fn merge<T: Store>(&self, other: &Index<T>) -> Result<(), IndexError> {
        self.merge_by_key(&[other], |_| 0)
    }

    /// Inserts all documents of several indexes, in the order of `key`, which is called with the id
    /// of each document. Documents with equal keys are in the order of the indexes, and those of
    /// one index in the order of insertion.
    ///
    /// This method joins the indexes of workers that crawled separately. If the key is the number
    /// of a page in the crawl, the result is that of one index in which all pages were inserted in
    /// the order of the crawl.
    ///
    /// ```
    /// use refrain::Document;
    /// use refrain::index::{Detail, Index, Page};
    ///
    /// let (odd, even, both) = (Index::new(), Index::new(), Index::new());
    /// odd.insert(Page { id: "1", scope: "a.example", document: &Document::new("One.") })?;
    /// even.insert(Page { id: "2", scope: "a.example", document: &Document::new("One.\nTwo.") })?;
    /// odd.insert(Page { id: "3", scope: "a.example", document: &Document::new("Two.") })?;
    /// both.merge_by_key(&[&even, &odd], |id| id.parse::<u32>().ok())?;
    ///
    /// let doc = Document::new("Two.");
    /// let seen = both.query("a.example", &doc, Detail::Matches)?;
    /// assert!(seen.matches(0).iter().map(|found| found.document()).eq(["2", "3"]));
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// O(n log n) for n documents, and linear in their segments. Memory is linear in the number of
    /// documents and the size of their keys.
    ///
    /// # Errors
    ///
    /// Those of [`merge`](Self::merge).
    pub fn merge_by_key<T: Store, K: Ord>(
        &self,
        parts: &[&Index<T>],
        mut key: impl FnMut(&str) -> K,
    ) -> Result<(), IndexError> {
        let mut order = Vec::new();
        for (part, index) in parts.iter().enumerate() {
            check_description("the other index", &index.parameters.line(), &self.parameters.line())?;
            for found in index.documents(None) {
                let (number, id) = found?;
                order.push((key(&id), part, number));
            }
        }
        order.sort_unstable();
        let mut batch = Batch::default();
        for (_, part, number) in order {
            let record = read(&parts[part].store, |view| {
                let mut record = None;
                view.document(number, &mut |document| {
                    record = Some(document.to_owned());
                    Ok(())
                })?;
                Ok(record)
            })?;
            if let Some(record) = record {
                batch.push(&self.store, record)?;
            }
        }
        batch.flush(&self.store)
    }
}

impl Index<Memory> {
    /// Creates an index in memory from a snapshot, for documents that are read with `options`.
    ///
    /// ```
    /// use refrain::index::{Detail, Index, Page};
    /// use refrain::{Document, Options};
    ///
    /// let index = Index::new();
    /// index.insert(Page { id: "1", scope: "a.example", document: &Document::new("One.\nTwo.") })?;
    /// let mut bytes = Vec::new();
    /// index.save(&mut bytes)?;
    ///
    /// let doc = Document::new("Two.");
    /// let index = Index::load(&bytes[..], &Options::new())?;
    /// let seen = index.query("a.example", &doc, Detail::Matches)?;
    /// assert_eq!(seen.matches(0)[0].span(), 5..9);
    /// assert!(Index::load(&bytes[..], &Options::new().seed(1)).is_err());
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`insert_snapshot`](Self::insert_snapshot).
    pub fn load(from: impl Read, options: &Options) -> Result<Self, IndexError> {
        let index = Self::with_options(options);
        index.insert_snapshot(from)?;
        Ok(index)
    }
}

/// Documents to be written to a store together.
#[derive(Default)]
struct Batch {
    documents: Vec<OwnedRecord>,
    keys: usize,
}

impl Batch {
    fn push<S: Store>(&mut self, store: &S, document: OwnedRecord) -> Result<(), IndexError> {
        self.keys += document.keys.len();
        self.documents.push(document);
        if self.documents.len() >= BATCH.0 || self.keys >= BATCH.1 { self.flush(store) } else { Ok(()) }
    }

    fn flush<S: Store>(&mut self, store: &S) -> Result<(), IndexError> {
        let add = || self.documents.iter().map(OwnedRecord::record).collect();
        store.write(&mut |_| Ok(Change { remove: Vec::new(), add: add() }))?;
        self.documents.clear();
        self.keys = 0;
        Ok(())
    }
}
