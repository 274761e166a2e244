//! Saving, loading and merging of indexes.
//!
//! `docs/format.md` describes a snapshot.

use std::io::{BufReader, BufWriter, Read, Write};

use super::{Index, Memory};
use crate::codec::{FrameReader, FrameWriter, check_description};
use crate::error::IndexError;
use crate::options::Options;
use crate::store::{Change, OwnedRecord, Store, View, Visit};

const MAGIC: &[u8; 8] = b"refrain\x01";

/// The version of the format.
const FORMAT: u32 = 2;

const NAME: &str = "the snapshot";

impl<S: Store> Index<S> {
    /// Writes a snapshot to `to`. [`load`](Index::load) reads it into memory, and
    /// [`merge`](Self::merge) inserts its documents into any other index. Two indexes with the same
    /// documents in the same order write the same bytes.
    ///
    /// The snapshot has the documents of one moment. Other threads that change the index wait until
    /// `save` returns, and queries may wait behind them. `to` must not use the index.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments. Each document is read once, and memory is linear in the
    /// size of the largest one.
    pub fn save(&self, to: impl Write) -> Result<(), IndexError> {
        let line = self.parameters.line();
        let mut frames = FrameWriter::new(BufWriter::new(to), NAME, MAGIC, FORMAT, &line)?;
        self.store.read(&mut |view| {
            each_document(view, &mut |document| {
                frames.frame(|bytes| document.to_owned().record().encode(bytes))
            })
        })?;
        frames.frame(|_| {})?;
        frames.flush()
    }

    fn add(&self, records: &[OwnedRecord]) -> Result<(), IndexError> {
        let add = || records.iter().map(OwnedRecord::record).collect();
        self.store.write(&mut |_| Ok(Change { remove: Vec::new(), add: add() }))
    }

    /// Inserts all documents of `other`, in their order, after those of this index. A document
    /// replaces one with the same id and, unlike with [`insert`](Self::insert), moves to the end
    /// even if the two are equal. `other` is read as one operation, and all documents are inserted
    /// as another.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments of `other`, whose documents are read into memory first.
    pub fn merge<T: Store>(&self, other: &Index<T>) -> Result<(), IndexError> {
        check_description("the other index", &other.parameters.line(), &self.parameters.line())?;
        let mut records = Vec::new();
        other.store.read(&mut |view| {
            each_document(view, &mut |document| {
                records.push(document.to_owned());
                Ok(())
            })
        })?;
        self.add(&records)
    }
}

impl Index<Memory> {
    /// Creates an index in memory from a snapshot, for documents that are read with `options`.
    pub fn load(from: impl Read, options: &Options) -> Result<Self, IndexError> {
        let index = Self::with_options(options);
        let line = index.parameters.line();
        let mut frames = FrameReader::new(BufReader::new(from), NAME, MAGIC, FORMAT, &line)?;
        for number in 1.. {
            let content = frames.next_frame()?;
            if content.is_empty() {
                break;
            }
            let damaged = || frames.damaged(format!("frame {number} is not a document"));
            index.add(&[OwnedRecord::decode(&content).ok_or_else(damaged)?])?;
        }
        frames.end()?;
        Ok(index)
    }
}

/// Calls `with` with each document, in order.
fn each_document(view: &dyn View, with: Visit<'_>) -> Result<(), IndexError> {
    let mut next = view.next_document(0, None)?;
    while let Some(number) = next {
        view.document(number, with)?;
        next = number.checked_add(1).map_or(Ok(None), |from| view.next_document(from, None))?;
    }
    Ok(())
}
