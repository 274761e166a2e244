//! The file of the fingerprints of an input.
//!
//! A line of JSON names the settings and the state of the input. Then follow the batches of the
//! input, each with a table of its documents, a hash of this table and of the numbers before it,
//! and with its fingerprints, which are sorted by their first byte only: those of one byte are a
//! *partition*, and keep their order.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::Result;
use refrain::Fingerprint;
use xxhash_rust::xxh3::xxh3_64;

use super::bytes::{put_u32, put_u64, take_bytes, take_u32, take_u64};
use super::file::{HASH, Header, explain, open};
use super::keyed::Key;
use crate::input::Batch;

/// The number of partitions: one for each first byte of a fingerprint.
pub const PARTITIONS: usize = 256;
/// The bytes of a fingerprint with its ordinal.
const ENTRY: usize = 20;
/// The bytes of a document.
const DOCUMENT: u64 = 8;
/// The bytes of the numbers before the table of documents.
const HEAD: u64 = 8 + 8 + 4 + 4 + 4 * (PARTITIONS as u64 + 1);

/// The fingerprints of a batch. Segments have numbers in their batch, their *ordinals*.
#[derive(Debug, Default)]
pub struct Prints {
    /// The ordinal of the first segment of each document, and its line, relative to `first`.
    pub documents: Vec<(u32, u32)>,
    pub entries: Vec<(Fingerprint, u32)>,
    /// The number of segments, also of those without a fingerprint.
    pub segments: u32,
}

impl Prints {
    /// Removes all fingerprints, and keeps the memory.
    pub fn clear(&mut self) {
        self.documents.clear();
        self.entries.clear();
        self.segments = 0;
    }

    /// Returns the fingerprints of `batch` as they are in the file.
    pub fn to_bytes(&self, batch: &Batch) -> Vec<u8> {
        let mut counts = [0_u32; PARTITIONS + 1];
        let partition = |print: Fingerprint| usize::from(print.to_bytes()[0]);
        for (print, _) in &self.entries {
            counts[partition(*print) + 1] += 1;
        }
        for i in 0..PARTITIONS {
            counts[i + 1] += counts[i];
        }
        let len = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let mut out = Vec::with_capacity(2048 + self.documents.len() * 8 + self.entries.len() * ENTRY);
        put_u64(&mut out, batch.hash());
        put_u64(&mut out, batch.first);
        put_u32(&mut out, len(self.documents.len()));
        put_u32(&mut out, self.segments);
        counts.iter().for_each(|count| put_u32(&mut out, *count));
        for (start, line) in &self.documents {
            put_u32(&mut out, *start);
            put_u32(&mut out, *line);
        }
        let hash = xxh3_64(&out);
        put_u64(&mut out, hash);
        let mut places = counts;
        let start = out.len();
        out.resize(start + self.entries.len() * ENTRY, 0);
        for (print, ordinal) in &self.entries {
            let place = &mut places[partition(*print)];
            let at = start + *place as usize * ENTRY;
            *place += 1;
            out[at..at + 16].copy_from_slice(&print.to_bytes());
            out[at + 16..at + 20].copy_from_slice(&ordinal.to_le_bytes());
        }
        out
    }
}

/// A file of fingerprints, and the places of its batches. The file is open only while it is read,
/// because there may be more inputs than a process may have open files.
pub struct PrintsFile {
    path: PathBuf,
    pub batches: Vec<BatchHead>,
}

/// The numbers of a batch.
#[derive(Debug)]
pub struct BatchHead {
    /// The place of the batch in the file.
    pub offset: u64,
    /// The hash of the batch.
    hash: u64,
    /// The number of the first line.
    first: u64,
    documents: u32,
    segments: u32,
    /// The number of fingerprints before each partition, and of all.
    counts: Vec<u32>,
}

impl BatchHead {
    /// Returns the number of bytes between the head and the fingerprints.
    fn table_bytes(&self) -> u64 {
        u64::from(self.documents) * DOCUMENT + HASH
    }

    /// Returns the number of fingerprints in the partitions from `start` to `end`.
    pub fn count(&self, start: usize, end: usize) -> u64 {
        u64::from(self.counts[end] - self.counts[start])
    }
}

impl PrintsFile {
    /// Opens a file that was written for `header`.
    pub fn open(path: &Path, header: &Header) -> Result<Self> {
        let line = header.line()?;
        let mut reader = open(path, &line, "map")?;
        // To hash all fingerprints would take as long as to compare them.
        let mut read = || {
            let end = reader.get_ref().metadata()?.len();
            let mut batches = Vec::new();
            let mut offset = line.len() as u64 + 1;
            while offset + HASH < end {
                let head = BatchHead::read(&mut reader, offset)?;
                offset += HEAD + head.table_bytes() + head.count(0, PARTITIONS) * ENTRY as u64;
                reader.seek(SeekFrom::Start(offset))?;
                batches.push(head);
            }
            if offset + HASH == end { Ok(batches) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
        };
        let batches = read().map_err(|error| explain(path, error))?;
        Ok(Self { path: path.to_owned(), batches })
    }

    /// Reads the fingerprints of a batch in their order, and appends the entries that `entry`
    /// returns for them and for their ordinals: those of the partition `start` to the first of
    /// `lists`, and those of the next partitions to the next ones.
    pub fn entries<T>(
        &self,
        batch: usize,
        start: usize,
        lists: &mut [Vec<T>],
        entry: impl Fn(Key, u32) -> T,
    ) -> Result<()> {
        let head = &self.batches[batch];
        let before = head.table_bytes() + u64::from(head.counts[start]) * ENTRY as u64;
        let read = || {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start(head.offset + HEAD + before))?;
            let mut reader = BufReader::with_capacity(1 << 16, file);
            let mut bytes = Vec::new();
            for (partition, list) in (start..).zip(lists) {
                // The counts fit the length of the file.
                let count = (head.counts[partition + 1] - head.counts[partition]) as usize;
                bytes.resize(count * ENTRY, 0);
                reader.read_exact(&mut bytes)?;
                let (entries, _) = bytes.as_chunks::<ENTRY>();
                if entries.iter().any(|entry| usize::from(entry[0]) != partition) {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                for mut bytes in entries.iter().map(|entry| &entry[..]) {
                    let key = (take_u64(&mut bytes)?, take_u64(&mut bytes)?);
                    let ordinal = take_u32(&mut bytes)?;
                    if ordinal >= head.segments {
                        return Err(io::ErrorKind::InvalidData.into());
                    }
                    list.push(entry(key, ordinal));
                }
            }
            Ok(())
        };
        read().map_err(|error| explain(&self.path, error))
    }

    /// Reads the table of the documents of a batch.
    pub fn documents(&self, batch: usize) -> Result<Documents> {
        documents_at(&self.path, self.batches[batch].offset)
    }
}

impl BatchHead {
    fn read(reader: &mut impl Read, offset: u64) -> io::Result<Self> {
        let (hash, first) = (take_u64(reader)?, take_u64(reader)?);
        let (documents, segments) = (take_u32(reader)?, take_u32(reader)?);
        let counts = (0..=PARTITIONS).map(|_| take_u32(reader)).collect::<io::Result<Vec<u32>>>()?;
        if !counts.is_sorted() || counts[0] != 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self { offset, hash, first, documents, segments, counts })
    }
}

/// The documents of a batch.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// The hash of the batch, by which a change of the input is found.
    pub hash: u64,
    first: u64,
    /// The first ordinals and the lines.
    table: Vec<(u32, u32)>,
    segments: u32,
}

impl Documents {
    /// Returns the number in the batch of the document that has the segment `ordinal`.
    pub fn of_segment(&self, ordinal: u32) -> usize {
        // Documents without segments have the first ordinal of the next one.
        self.table.partition_point(|(start, _)| *start <= ordinal).saturating_sub(1)
    }

    /// Returns the number of segments in the batch.
    pub fn len(&self) -> usize {
        self.segments as usize
    }

    /// Returns the memory of the table in bytes.
    pub fn bytes(&self) -> u64 {
        self.table.len() as u64 * DOCUMENT
    }

    /// Returns the line or record of a document in its input.
    pub fn line(&self, document: usize) -> u64 {
        self.first + self.table.get(document).map_or(0, |(_, line)| u64::from(*line))
    }

    /// Returns the ordinals of the segments of a document.
    pub fn segments(&self, document: usize) -> std::ops::Range<u32> {
        let start = |document: usize| self.table.get(document).map_or(self.segments, |(start, _)| *start);
        start(document)..start(document + 1)
    }
}

/// Reads the table of the documents of the batch at `offset` of a file.
pub fn documents_at(path: &Path, offset: u64) -> Result<Documents> {
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let mut bytes = take_bytes(&mut reader, HEAD)?;
        let head = BatchHead::read(&mut &bytes[..], offset)?;
        let head_len = bytes.len();
        bytes.append(&mut take_bytes(&mut reader, u64::from(head.documents) * DOCUMENT)?);
        if take_u64(&mut reader)? != xxh3_64(&bytes) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut table = &bytes[head_len..];
        let document = |_| Ok((take_u32(&mut table)?, take_u32(&mut table)?));
        let table = (0..head.documents).map(document).collect::<io::Result<Vec<_>>>()?;
        if !table.iter().map(|(start, _)| *start).chain([head.segments]).is_sorted() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Documents { hash: head.hash, first: head.first, table, segments: head.segments })
    };
    read().map_err(|error| explain(path, error))
}
