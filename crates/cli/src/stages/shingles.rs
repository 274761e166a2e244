//! The file of the shingles of an input.
//!
//! The first line is that of all files of inputs. Then follow the batches of the input. Each begins
//! with its hash, its counts as JSON, and the number of its documents, and has the id of each
//! document as JSON and the hashes of its shingles.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Take};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::bytes::{put_u32, put_u64, take_bytes, take_u32, take_u64};
use super::file::{Header, open_checked};
use crate::input::Batch;
use crate::totals::Totals;

/// The documents of a batch, while they are read.
#[derive(Debug, Default)]
pub struct ShinglesWriter {
    documents: u32,
    bytes: Vec<u8>,
}

impl ShinglesWriter {
    /// Adds a document with its id as JSON.
    pub fn add(&mut self, id: &str, hashes: &[u64]) -> Result<()> {
        let len = |len: usize| u32::try_from(len).context("expected fewer than 2^32 shingles in a document");
        put_u32(&mut self.bytes, len(id.len())?);
        self.bytes.extend_from_slice(id.as_bytes());
        put_u32(&mut self.bytes, len(hashes.len())?);
        hashes.iter().for_each(|hash| put_u64(&mut self.bytes, *hash));
        self.documents += 1;
        Ok(())
    }

    /// Returns the bytes of the batch.
    pub fn finish(self, batch: &Batch, totals: &Totals) -> Result<Vec<u8>> {
        let totals = serde_json::to_vec(totals)?;
        let mut out = Vec::with_capacity(self.bytes.len() + totals.len() + 16);
        put_u64(&mut out, batch.hash());
        put_u32(&mut out, u32::try_from(totals.len())?);
        out.extend_from_slice(&totals);
        put_u32(&mut out, self.documents);
        out.extend_from_slice(&self.bytes);
        Ok(out)
    }
}

/// The start of a batch.
#[derive(Debug)]
pub struct ShinglesBatch {
    pub hash: u64,
    pub totals: Totals,
    /// The number of documents that follow.
    pub documents: u32,
}

/// A file of shingles, for reading.
pub struct ShinglesFile {
    path: PathBuf,
    reader: Take<BufReader<File>>,
}

impl ShinglesFile {
    /// Opens a file that was written for `header`.
    pub fn open(path: &Path, header: &Header) -> Result<Self> {
        let reader = open_checked(path, &header.line()?, "map")?;
        Ok(Self { path: path.to_owned(), reader })
    }

    /// Returns the start of the next batch, or `None` after the last one.
    pub fn batch(&mut self) -> Result<Option<ShinglesBatch>> {
        let path = &self.path;
        let context = || path.display().to_string();
        if self.reader.fill_buf().with_context(context)?.is_empty() {
            return Ok(None);
        }
        let mut read = || {
            let hash = take_u64(&mut self.reader)?;
            let len = take_u32(&mut self.reader)?;
            let totals = serde_json::from_slice(&take_bytes(&mut self.reader, len.into())?)?;
            Ok::<_, std::io::Error>(ShinglesBatch { hash, totals, documents: take_u32(&mut self.reader)? })
        };
        read().map(Some).with_context(context)
    }

    /// Returns the next document of a batch: its id as JSON, and the hashes of its shingles.
    pub fn document(&mut self) -> Result<(String, Vec<u64>)> {
        let mut read = || {
            let len = take_u32(&mut self.reader)?;
            let id = take_bytes(&mut self.reader, len.into())?;
            let count = take_u32(&mut self.reader)?;
            Ok::<_, std::io::Error>((id, take_bytes(&mut self.reader, u64::from(count) * 8)?))
        };
        let (id, bytes) = read().with_context(|| self.path.display().to_string())?;
        let hashes = bytes.as_chunks().0.iter().map(|hash| u64::from_le_bytes(*hash)).collect();
        Ok((String::from_utf8_lossy(&id).into_owned(), hashes))
    }
}
