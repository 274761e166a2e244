//! An index as a stream of bytes, and several indexes as one.
//!
//! A snapshot is eight bytes of magic and then [frames](super::frame), numbered from 0: one with the version
//! of the format, the scheme, and how the documents were read; one for each document, in the order in which
//! they were learnt; and an empty one. Whatever the store, the threads and what was forgotten, an index that
//! has learnt the same documents has the same snapshot.

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
    /// Writes a snapshot, from which [`load`](Index::load) makes an index in memory and
    /// [`insert_snapshot`](Self::insert_snapshot) fills any other. The same documents in the same order are the
    /// same bytes.
    ///
    /// Other threads can go on. The snapshot is of the moment when it has caught up with what they learn; a
    /// document that they forget may still be in it. One that is learnt again may be in it twice: reading
    /// takes the last.
    ///
    /// # Complexity
    ///
    /// Linear in the segments, each document read once; memory for the longest document.
    ///
    /// # Errors
    ///
    /// The store keeps no documents, or cannot be read; writing fails.
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

    /// Learns all documents of a snapshot, in their order, after those that are known.
    ///
    /// # Errors
    ///
    /// The snapshot is damaged, or of an index for other documents, another scheme, or a later format; the
    /// store is full or cannot be written. Some of its documents may have been learnt.
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
                stored.ok_or_else(|| SOURCE.damaged(format!("document {number} is none")))?,
            )?;
        }
        SOURCE.end(&mut from)?;
        batch.flush(&self.store)
    }

    /// Learns all that another index knows, in its order, after what is known here: the outcome is that of
    /// one index that learnt the documents of this one and then those of the other. A document that both know
    /// is the other's.
    ///
    /// # Errors
    ///
    /// The other index is for other documents, or its store keeps none; a store cannot be read or written.
    /// Some of the documents may have been learnt.
    pub fn merge<T: Store>(&self, other: &Index<T>) -> Result<(), IndexError> {
        self.merge_by_key(&[other], |_| 0)
    }

    /// Learns all that several indexes know, in the order of a key that is made of the name of each document;
    /// where keys are equal, the documents of the first index come first, and those of one index stay in
    /// their order. For workers that crawled apart: with the number of the page in the crawl as the key, the
    /// outcome is that of one index that saw the pages in that order.
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
    /// O(n log n) for n documents, linear in their segments; memory for the keys.
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
    /// Reads a snapshot into memory, of documents that were read with these options.
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
        from.read_exact(&mut read).map_err(|error| self.ended(error, "it is too short"))?;
        if read == *magic { Ok(()) } else { Err(self.damaged("it does not begin as it should")) }
    }

    /// Takes the version of the format, which must be `known`, and that of the scheme.
    pub(super) fn version(&self, rest: &mut &[u8], known: u32) -> Result<u32, IndexError> {
        let mut number = || {
            let (number, tail) = rest.split_at_checked(4)?;
            *rest = tail;
            Some(u32::from_le_bytes(number.try_into().ok()?))
        };
        let (Some(stored), Some(scheme)) = (number(), number()) else {
            return Err(self.damaged("its head is too short"));
        };
        if stored != known {
            let (what, kind) = (self.0.to_owned(), "format");
            return Err(IndexError::WrongVersion { what, kind, stored, known });
        }
        Ok(scheme)
    }

    /// Reads the frame with a number.
    pub(super) fn next_frame(&self, from: &mut impl Read, number: u64) -> Result<Vec<u8>, IndexError> {
        let what = format!("it ends within frame {number}");
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
            return Err(self.damaged(format!("frame {number} is not as it was written")));
        }
        Ok(content)
    }

    /// Makes sure that nothing follows.
    pub(super) fn end(&self, from: &mut impl Read) -> Result<(), IndexError> {
        match from.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.damaged("something follows its end")),
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
