//! The list of the segments that an earlier document has.
//!
//! A line of JSON names everything the list depends on. Then follow the segments, in passes, and at
//! the end the places of the segments of each batch, and the place of this table.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::bytes::{put_u32, put_u64, take_bytes, take_u32, take_u64};
use super::file::{damaged, explain};
use super::prints::{Documents, documents_at};
use crate::output::PartFile;

/// The bytes of a segment.
const DROP: usize = 16;

/// A segment that an earlier document has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Drop {
    /// The number of the segment in its batch.
    pub ordinal: u32,
    /// The input of the earlier document, and its line or record there.
    pub source_input: u32,
    pub source_line: u64,
}

/// A batch: its input, and its number there.
type BatchKey = (u32, u32);

/// The places of a batch: in the file of fingerprints, and those of its segments in each pass, with
/// their numbers.
type Places = (u64, Vec<(u64, u32)>);

/// Writes the list.
pub struct Writer {
    file: PartFile,
    at: u64,
    batches: Vec<(BatchKey, Places)>,
    passes: u32,
}

impl Writer {
    pub fn create(path: &Path, header: &str) -> Result<Self> {
        let mut file = PartFile::create(path)?;
        let line = format!("{header}\n");
        file.write(line.as_bytes())?;
        Ok(Self { file, at: line.len() as u64, batches: Vec::new(), passes: 0 })
    }

    /// Adds a batch: its input, its number there, and its place in the file of fingerprints.
    pub fn add_batch(&mut self, input: u32, number: u32, offset: u64) {
        self.batches.push(((input, number), (offset, Vec::new())));
    }

    /// Writes the segments of a batch in one pass, by the number with which the batch was added.
    pub fn write(&mut self, batch: usize, drops: &[Drop]) -> Result<()> {
        let mut bytes = Vec::with_capacity(drops.len() * DROP);
        for drop in drops {
            put_u32(&mut bytes, drop.ordinal);
            put_u32(&mut bytes, drop.source_input);
            put_u64(&mut bytes, drop.source_line);
        }
        self.file.write(&bytes)?;
        self.batches[batch].1.1.push((self.at, u32::try_from(drops.len()).unwrap_or(u32::MAX)));
        self.at += bytes.len() as u64;
        Ok(())
    }

    pub fn end_pass(&mut self) {
        self.passes += 1;
    }

    pub fn finish(mut self) -> Result<()> {
        let mut table = Vec::new();
        put_u32(&mut table, self.passes);
        put_u32(&mut table, u32::try_from(self.batches.len()).unwrap_or(u32::MAX));
        for ((input, number), (offset, places)) in &self.batches {
            put_u32(&mut table, *input);
            put_u32(&mut table, *number);
            put_u64(&mut table, *offset);
            for (at, count) in places {
                put_u64(&mut table, *at);
                put_u32(&mut table, *count);
            }
        }
        put_u64(&mut table, self.at);
        self.file.write(&table)?;
        self.file.finish()
    }
}

/// The list, for reading.
#[derive(Debug)]
pub struct Drops {
    path: PathBuf,
    batches: HashMap<BatchKey, Places>,
}

impl Drops {
    /// Opens a list that is whole.
    pub fn open(path: &Path) -> Result<Self> {
        let read = || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::End(-8))?;
            let table = take_u64(&mut file)?;
            file.seek(SeekFrom::Start(table))?;
            let mut reader = BufReader::new(file);
            let (passes, count) = (take_u32(&mut reader)?, take_u32(&mut reader)?);
            let mut batches = HashMap::new();
            for _ in 0..count {
                let key = (take_u32(&mut reader)?, take_u32(&mut reader)?);
                let offset = take_u64(&mut reader)?;
                let place = |_| Ok((take_u64(&mut reader)?, take_u32(&mut reader)?));
                let places = (0..passes).map(place).collect::<std::io::Result<_>>()?;
                batches.insert(key, (offset, places));
            }
            Ok(batches)
        };
        let batches = read().map_err(|error| explain(path, error))?;
        Ok(Self { path: path.to_owned(), batches })
    }

    /// Reads the segments of a batch, sorted, and the table of its documents from `prints`.
    pub fn of_batch(&self, input: usize, number: u32, prints: &Path) -> Result<(Documents, Vec<Drop>)> {
        let key = (u32::try_from(input).unwrap_or(u32::MAX), number);
        let Some((offset, places)) = self.batches.get(&key) else {
            // The input has another number of batches, or one of the two files is damaged.
            let _ = std::fs::remove_file(prints);
            return Err(damaged(&self.path));
        };
        let mut drops = Vec::new();
        self.read(places, &mut drops)?;
        drops.sort_unstable_by_key(|drop| drop.ordinal);
        Ok((documents_at(prints, *offset)?, drops))
    }

    /// Returns the batches in no order: their inputs, and their numbers there.
    pub fn batches(&self) -> impl Iterator<Item = (usize, u32)> {
        self.batches.keys().map(|(input, number)| (*input as usize, *number))
    }

    /// Reads the segments of all batches, in no order.
    pub fn all(&self) -> Result<Vec<Drop>> {
        let mut drops = Vec::new();
        self.batches.values().try_for_each(|(_, places)| self.read(places, &mut drops))?;
        Ok(drops)
    }

    /// Appends the segments at `places` to `drops`.
    fn read(&self, places: &[(u64, u32)], drops: &mut Vec<Drop>) -> Result<()> {
        let mut read = || {
            let mut file = File::open(&self.path)?;
            for (at, count) in places {
                file.seek(SeekFrom::Start(*at))?;
                let bytes = take_bytes(&mut file, u64::from(*count) * DROP as u64)?;
                let mut rest = &bytes[..];
                for _ in 0..*count {
                    drops.push(Drop {
                        ordinal: take_u32(&mut rest)?,
                        source_input: take_u32(&mut rest)?,
                        source_line: take_u64(&mut rest)?,
                    });
                }
            }
            Ok(())
        };
        read().map_err(|error| explain(&self.path, error))
    }
}
