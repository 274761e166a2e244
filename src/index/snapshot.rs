//! Saving, loading and merging of indexes.
//!
//! A snapshot is 8 bytes of magic and a series of [frames](super::frame), numbered from 0: the
//! head, with the version of the format, the scheme of the fingerprints, and the options with which
//! documents are read; a frame for each document, in the order of insertion; and an empty frame.
//! Indexes with the same documents in the same order have the same snapshot, whatever the store,
//! the number of threads, and the documents that were removed.

use std::io::{self, BufReader, Read, Write};

use super::frame;
use super::store::{OwnedRecord, Record, Store};
use super::{Index, Memory};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::options::Options;

const MAGIC: &[u8; 8] = b"refrain\x01";

/// The version of the format.
const FORMAT: u32 = 1;

/// How many documents and segments are put into a store at a time.
const AT_A_TIME: (usize, usize) = (1 << 12, 1 << 16);

const SOURCE: Source = Source("the snapshot");

impl<S: Store> Index<S> {
    /// Writes a snapshot to `to`. [`load`](Index::load) reads it into memory, and
    /// [`insert_snapshot`](Self::insert_snapshot) into any other index. Two indexes with the same
    /// documents in the same order write the same bytes.
    ///
    /// Other threads can change the index meanwhile. The snapshot also has the documents that they
    /// insert until all are written. A document that they remove may be in it, and a document that
    /// they replace may be in it twice, of which loading keeps the last one.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments. Each document is read once, and memory is linear in the
    /// size of the largest one.
    ///
    /// # Errors
    ///
    /// * [`IndexError::Unsupported`] if the store has no documents.
    /// * [`IndexError::Io`] if writing fails.
    /// * Errors of the store if it cannot be read.
    pub fn save(&self, mut to: impl Write) -> Result<(), IndexError> {
        let mut bytes = MAGIC.to_vec();
        frame::append(&mut bytes, 0, |bytes| {
            bytes.extend_from_slice(&FORMAT.to_le_bytes());
            bytes.extend_from_slice(&Fingerprint::SCHEME.to_le_bytes());
            bytes.extend_from_slice(self.parameters.line().as_bytes());
        });
        let (mut written, mut number) = (0, 0);
        while number < self.store.next_number() {
            if let Some(stored) = self.store.document(number)? {
                written += 1;
                frame::append(&mut bytes, written, |bytes| frame::put_record(bytes, &stored.record()));
            }
            if bytes.len() >= 1 << 16 {
                to.write_all(&bytes).map_err(|error| SOURCE.failed(error))?;
                bytes.clear();
            }
            number += 1;
        }
        // A store that keeps no documents has none to tell of, and says so.
        self.store.document(number)?;
        frame::append(&mut bytes, written + 1, |_| {});
        to.write_all(&bytes).and_then(|()| to.flush()).map_err(|error| SOURCE.failed(error))
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
        let mut from = BufReader::new(from);
        SOURCE.magic(&mut from, MAGIC)?;
        let head = SOURCE.next_frame(&mut from, 0)?;
        let mut rest = &head[..];
        let scheme = SOURCE.version(&mut rest, FORMAT)?;
        self.parameters.check_stored(SOURCE.0, scheme, &String::from_utf8_lossy(rest))?;
        let mut batch = Batch::default();
        for number in 1.. {
            let content = SOURCE.next_frame(&mut from, number)?;
            if content.is_empty() {
                break;
            }
            let mut rest = &content[..];
            let stored = frame::take_record(&mut rest).filter(|_| rest.is_empty());
            batch.push(
                &self.store,
                stored.ok_or_else(|| SOURCE.damaged(format!("frame {number} is not a document")))?,
            )?;
        }
        SOURCE.end(&mut from)?;
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
    /// * [`IndexError::Unsupported`] if the store of `other` has no documents.
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
    /// use refrain::index::{Index, Page};
    ///
    /// let (odd, even, both) = (Index::new(), Index::new(), Index::new());
    /// odd.insert(Page { id: "1", scope: "a.example", document: &Document::new("One.") })?;
    /// even.insert(Page { id: "2", scope: "a.example", document: &Document::new("One.\nTwo.") })?;
    /// odd.insert(Page { id: "3", scope: "a.example", document: &Document::new("Two.") })?;
    /// both.merge_by_key(&[&even, &odd], |id| id.parse::<u32>().ok())?;
    ///
    /// let doc = Document::new("Two.");
    /// let seen = both.query("a.example", &doc)?;
    /// assert!(seen.matches(0)?.iter().map(|found| found.document()).eq(["2", "3"]));
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
            self.parameters.check_stored("the other index", Fingerprint::SCHEME, &index.parameters.line())?;
            for number in 0..index.store.next_number() {
                index.store.visit(number, &mut |view| order.push((key(view.id()), part, number)))?;
            }
        }
        order.sort_unstable();
        let mut batch = Batch::default();
        for (_, part, number) in order {
            let stored = parts.get(part).map_or(Ok(None), |index| index.store.document(number))?;
            if let Some(stored) = stored {
                batch.push(&self.store, stored)?;
            }
        }
        batch.flush(&self.store)
    }
}

impl Index<Memory> {
    /// Creates an index in memory from a snapshot, for documents that are read with `options`.
    ///
    /// ```
    /// use refrain::index::{Index, Page};
    /// use refrain::{Document, Options};
    ///
    /// let index = Index::new();
    /// index.insert(Page { id: "1", scope: "a.example", document: &Document::new("One.\nTwo.") })?;
    /// let mut bytes = Vec::new();
    /// index.save(&mut bytes)?;
    ///
    /// let doc = Document::new("Two.");
    /// let index = Index::load(&bytes[..], &Options::new())?;
    /// assert_eq!(index.query("a.example", &doc)?.matches(0)?[0].span(), 5..9);
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

/// What is read, by the name that errors call it.
pub(super) struct Source(pub(super) &'static str);

impl Source {
    pub(super) fn failed(&self, source: io::Error) -> IndexError {
        IndexError::Io { what: self.0.to_owned(), source }
    }

    pub(super) fn damaged(&self, how: impl Into<String>) -> IndexError {
        IndexError::Damaged { what: self.0.to_owned(), how: how.into() }
    }

    fn ended(&self, error: io::Error, how: &str) -> IndexError {
        if error.kind() == io::ErrorKind::UnexpectedEof { self.damaged(how) } else { self.failed(error) }
    }

    /// Reads the first bytes.
    pub(super) fn magic(&self, from: &mut impl Read, magic: &[u8; 8]) -> Result<(), IndexError> {
        let mut read = [0; 8];
        from.read_exact(&mut read).map_err(|error| self.ended(error, "expected at least 8 bytes"))?;
        if read == *magic {
            Ok(())
        } else {
            Err(self.damaged("the magic bytes are those of another kind of file"))
        }
    }

    /// Takes the version of the format, which must be `known`, and that of the scheme.
    pub(super) fn version(&self, rest: &mut &[u8], known: u32) -> Result<u32, IndexError> {
        let mut number = || {
            let (number, tail) = rest.split_at_checked(4)?;
            *rest = tail;
            Some(u32::from_le_bytes(number.try_into().ok()?))
        };
        let (Some(stored), Some(scheme)) = (number(), number()) else {
            return Err(self.damaged("the head is too short"));
        };
        if stored != known {
            let (what, kind) = (self.0.to_owned(), "format");
            return Err(IndexError::WrongVersion { what, kind, stored, known });
        }
        Ok(scheme)
    }

    /// Reads the frame with a number.
    pub(super) fn next_frame(&self, from: &mut impl Read, number: u64) -> Result<Vec<u8>, IndexError> {
        let what = format!("the data ends inside frame {number}");
        let mut head = [0; frame::HEAD];
        from.read_exact(&mut head).map_err(|error| self.ended(error, &what))?;
        let (len, sum) = frame::head(&head).ok_or_else(|| self.damaged(&what))?;
        let mut content = Vec::new();
        // Room is made for what is there, not for what the head says.
        from.take(len).read_to_end(&mut content).map_err(|error| self.failed(error))?;
        if content.len() as u64 != len {
            return Err(self.damaged(what));
        }
        if !frame::is_whole(sum, &content, number) {
            return Err(self.damaged(format!("frame {number} does not match its checksum")));
        }
        Ok(content)
    }

    /// Makes sure that nothing follows.
    pub(super) fn end(&self, from: &mut impl Read) -> Result<(), IndexError> {
        match from.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.damaged("expected the end of the data after the last frame")),
            Err(error) => Err(self.failed(error)),
        }
    }
}

/// Documents on their way into a store.
#[derive(Default)]
struct Batch {
    documents: Vec<OwnedRecord>,
    keys: usize,
}

impl Batch {
    fn push<S: Store>(&mut self, store: &S, stored: OwnedRecord) -> Result<(), IndexError> {
        self.keys += stored.keys.len();
        self.documents.push(stored);
        if self.documents.len() >= AT_A_TIME.0 || self.keys >= AT_A_TIME.1 {
            self.flush(store)
        } else {
            Ok(())
        }
    }

    fn flush<S: Store>(&mut self, store: &S) -> Result<(), IndexError> {
        let records: Vec<Record<'_>> = self.documents.iter().map(OwnedRecord::record).collect();
        store.add(&records)?;
        drop(records);
        self.documents.clear();
        self.keys = 0;
        Ok(())
    }
}
