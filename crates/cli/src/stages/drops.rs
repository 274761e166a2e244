//! The list of the segments that an earlier document has.
//!
//! A line of JSON names everything the list depends on. Then follow the segments, in passes, as
//! runs of segments in a row that have their source in one document, because often a whole document
//! has a copy. A run is written as the differences from the run before it. At the end is a table
//! with the places and the hashes of the segments of each batch, the place of this table, and the
//! hash of both. There is no hash of the whole file, because jobs read a part each.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, ErrorKind, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Result;

use xxhash_rust::xxh3::xxh3_64;

use super::bytes::{
    put_difference, put_u32, put_u64, put_varint, take_bytes, take_difference, take_u32, take_u64,
    take_varint,
};
use super::file::{HASH, damaged, explain};
use super::prints::{Documents, documents_at};
use crate::output::PartFile;

/// A segment that an earlier document has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Drop {
    /// The number of the segment in its batch.
    pub ordinal: u32,
    /// The input of the earlier document, and its line or record there.
    pub source_input: u32,
    pub source_line: u64,
}

/// Segments of a batch in a row that one earlier document has.
#[derive(Debug)]
pub struct Run {
    /// The numbers of the segments in their batch.
    pub ordinals: Range<u32>,
    /// The input of the earlier document, and its line or record there.
    pub source: (u32, u64),
}

/// Segments of a batch, as they are in the file.
pub struct Encoded {
    bytes: Vec<u8>,
    hash: u64,
}

impl Encoded {
    /// Encodes segments of a batch in the order of their ordinals, all of which differ.
    pub fn new(drops: impl Iterator<Item = Drop>) -> Self {
        let mut bytes = Vec::new();
        let mut end = 0;
        let (mut input, mut line) = (0, 0);
        let mut rest = drops.peekable();
        while let Some(first) = rest.next() {
            let source = (first.source_input, first.source_line);
            let mut next = first.ordinal + 1;
            while rest
                .next_if(|drop| drop.ordinal == next && (drop.source_input, drop.source_line) == source)
                .is_some()
            {
                next += 1;
            }
            put_varint(&mut bytes, u64::from(first.ordinal - end));
            put_varint(&mut bytes, u64::from(next - first.ordinal));
            put_difference(&mut bytes, u64::from(input), u64::from(first.source_input));
            put_difference(&mut bytes, line, first.source_line);
            end = next;
            (input, line) = source;
        }
        Self { hash: xxh3_64(&bytes), bytes }
    }
}

/// Appends the runs that `bytes` encode to `runs`.
fn decode(mut bytes: &[u8], runs: &mut Vec<Run>) -> io::Result<()> {
    let number = |number: u64| u32::try_from(number).map_err(|_| ErrorKind::InvalidData);
    let mut end = 0_u64;
    let (mut source_input, mut source_line) = (0, 0);
    while !bytes.is_empty() {
        let start = end.checked_add(take_varint(&mut bytes)?).ok_or(ErrorKind::InvalidData)?;
        end = start.checked_add(take_varint(&mut bytes)?).ok_or(ErrorKind::InvalidData)?;
        source_input = number(take_difference(&mut bytes, u64::from(source_input))?)?;
        source_line = take_difference(&mut bytes, source_line)?;
        runs.push(Run { ordinals: number(start)?..number(end)?, source: (source_input, source_line) });
    }
    Ok(())
}

/// Puts the segments of `runs` into `drops`, sorted. Returns an error if the runs have a segment in
/// common, or one that a batch of `len` segments does not have.
fn list_segments(mut runs: Vec<Run>, len: usize, drops: &mut Vec<Drop>) -> io::Result<()> {
    // The runs of each pass are sorted, so the sort only merges them.
    runs.sort_by_key(|run| run.ordinals.start);
    let ends = runs.iter().skip(1).map(|run| run.ordinals.start as usize).chain([len]);
    if runs.iter().zip(ends).any(|(run, end)| run.ordinals.end as usize > end) {
        return Err(ErrorKind::InvalidData.into());
    }
    drops.clear();
    for Run { ordinals, source: (source_input, source_line) } in runs {
        drops.extend(ordinals.map(|ordinal| Drop { ordinal, source_input, source_line }));
    }
    Ok(())
}

/// A batch: its input, and its number there.
type BatchKey = (u32, u32);

/// The places of a batch: in the file of fingerprints, and those of its segments in each pass.
type Places = (u64, Vec<Place>);

/// The place of the segments of a batch in one pass.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: u64,
    /// The number of bytes.
    len: u64,
    /// The hash of the bytes.
    hash: u64,
}

/// Writes the list.
pub struct Writer {
    file: PartFile,
    at: u64,
    batches: Vec<(BatchKey, Places)>,
    passes: u32,
    is_kept: bool,
}

impl Writer {
    /// Creates the list `path` with a first line. The list is made durable if `is_kept` is set.
    pub fn create(path: &Path, header: &str, is_kept: bool) -> Result<Self> {
        let mut file = PartFile::create(path)?;
        let line = format!("{header}\n");
        file.write(line.as_bytes())?;
        Ok(Self { file, at: line.len() as u64, batches: Vec::new(), passes: 0, is_kept })
    }

    /// Adds a batch: its input, its number there, and its place in the file of fingerprints.
    pub fn add_batch(&mut self, input: u32, number: u32, offset: u64) {
        self.batches.push(((input, number), (offset, Vec::new())));
    }

    /// Writes the segments of a batch in one pass, by the number with which the batch was added.
    pub fn write(&mut self, batch: usize, Encoded { bytes, hash }: &Encoded) -> Result<()> {
        self.file.write(bytes)?;
        let len = bytes.len() as u64;
        self.batches[batch].1.1.push(Place { at: self.at, len, hash: *hash });
        self.at += len;
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
            for Place { at, len, hash } in places {
                put_u64(&mut table, *at);
                put_u64(&mut table, *len);
                put_u64(&mut table, *hash);
            }
        }
        put_u64(&mut table, self.at);
        let hash = xxh3_64(&table);
        put_u64(&mut table, hash);
        self.file.write(&table)?;
        if self.is_kept { self.file.finish() } else { self.file.rename() }
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
            let end = file.metadata()?.len().checked_sub(HASH).ok_or(ErrorKind::UnexpectedEof)?;
            file.seek(SeekFrom::Start(end.saturating_sub(8)))?;
            let table = take_u64(&mut file)?;
            let len = end.checked_sub(table).ok_or(ErrorKind::InvalidData)?;
            file.seek(SeekFrom::Start(table))?;
            let bytes = take_bytes(&mut file, len)?;
            if take_u64(&mut file)? != xxh3_64(&bytes) {
                return Err(ErrorKind::InvalidData.into());
            }
            let mut reader = &bytes[..];
            let (passes, count) = (take_u32(&mut reader)?, take_u32(&mut reader)?);
            let mut batches = HashMap::new();
            for _ in 0..count {
                let key = (take_u32(&mut reader)?, take_u32(&mut reader)?);
                let offset = take_u64(&mut reader)?;
                let place = |_| {
                    let (at, len) = (take_u64(&mut reader)?, take_u64(&mut reader)?);
                    Ok(Place { at, len, hash: take_u64(&mut reader)? })
                };
                let places = (0..passes).map(place).collect::<io::Result<_>>()?;
                batches.insert(key, (offset, places));
            }
            Ok(batches)
        };
        let batches = read().map_err(|error| explain(path, error))?;
        Ok(Self { path: path.to_owned(), batches })
    }

    /// Reads the segments of a batch into `drops`, sorted, and the table of its documents from
    /// `prints`.
    pub fn of_batch(
        &self,
        (input, number): (usize, u32),
        prints: &Path,
        drops: &mut Vec<Drop>,
    ) -> Result<Documents> {
        let key = (u32::try_from(input).unwrap_or(u32::MAX), number);
        let Some((offset, places)) = self.batches.get(&key) else {
            // The input has another number of batches, or one of the two files is damaged.
            let _ = std::fs::remove_file(prints);
            return Err(damaged(&self.path));
        };
        let mut runs = Vec::new();
        self.read(places, &mut runs)?;
        let documents = documents_at(prints, *offset)?;
        list_segments(runs, documents.len(), drops).map_err(|error| {
            // A damaged file of fingerprints would lead to the same list again.
            let _ = std::fs::remove_file(prints);
            explain(&self.path, error)
        })?;
        Ok(documents)
    }

    /// Returns the batches in no order: their inputs, and their numbers there.
    pub fn batches(&self) -> impl Iterator<Item = (usize, u32)> {
        self.batches.keys().map(|(input, number)| (*input as usize, *number))
    }

    /// Reads the runs of all batches, in no order.
    pub fn all(&self) -> Result<Vec<Run>> {
        let mut runs = Vec::new();
        self.batches.values().try_for_each(|(_, places)| self.read(places, &mut runs))?;
        Ok(runs)
    }

    /// Appends the runs at `places` to `runs`.
    fn read(&self, places: &[Place], runs: &mut Vec<Run>) -> Result<()> {
        let mut read = || {
            let mut file = File::open(&self.path)?;
            for Place { at, len, hash } in places {
                file.seek(SeekFrom::Start(*at))?;
                let bytes = take_bytes(&mut file, *len)?;
                if xxh3_64(&bytes) != *hash {
                    return Err(ErrorKind::InvalidData.into());
                }
                decode(&bytes, runs)?;
            }
            Ok(())
        };
        read().map_err(|error| explain(&self.path, error))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Writes a list of the segments of batches, each of which has segments in each pass.
    fn write(path: &Path, batches: &[Vec<Vec<Drop>>]) -> Result<()> {
        let mut writer = Writer::create(path, "first", false)?;
        (0..).zip(batches).for_each(|(batch, _)| writer.add_batch(batch, 7, 100));
        for pass in 0..batches.first().map_or(0, Vec::len) {
            for (batch, passes) in batches.iter().enumerate() {
                writer.write(batch, &Encoded::new(passes[pass].iter().copied()))?;
            }
            writer.end_pass();
        }
        writer.finish()
    }

    fn read(path: &Path, batches: u32) -> Result<Vec<Vec<Drop>>> {
        let drops = Drops::open(path)?;
        let read = |batch| {
            let mut runs = Vec::new();
            drops.read(&drops.batches[&(batch, 7)].1, &mut runs)?;
            let mut found = Vec::new();
            list_segments(runs, usize::MAX, &mut found)?;
            Ok(found)
        };
        (0..batches).map(read).collect()
    }

    proptest! {
        #[test]
        fn segments_are_read_as_they_were_written(
            batches in prop::collection::vec(
                prop::collection::btree_map(
                    0_u32..40,
                    (prop_oneof![0_u32..2, any::<u32>()], prop_oneof![0_u64..2, any::<u64>()], 0_usize..3),
                    0..40,
                ),
                0..4,
            ),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("list");
            let drop = |(ordinal, (source_input, source_line, _)): (&u32, &(u32, u64, usize))| Drop {
                ordinal: *ordinal, source_input: *source_input, source_line: *source_line,
            };
            let of_pass = |batch: &BTreeMap<u32, (u32, u64, usize)>, pass: usize| {
                let of_pass = batch.iter().filter(|(_, (.., of))| *of == pass);
                of_pass.map(drop).collect::<Vec<Drop>>()
            };
            let written: Vec<Vec<Vec<Drop>>> =
                batches.iter().map(|batch| (0..3).map(|pass| of_pass(batch, pass)).collect()).collect();
            write(&path, &written).unwrap();
            let mut expected: Vec<Vec<Drop>> = written.iter().map(|passes| passes.concat()).collect();
            expected.iter_mut().for_each(|drops| drops.sort_by_key(|drop| drop.ordinal));
            prop_assert_eq!(read(&path, u32::try_from(batches.len()).unwrap()).unwrap(), expected);
        }
    }

    #[test]
    fn runs_that_a_batch_cannot_have_are_refused() {
        let run = |ordinals| Run { ordinals, source: (1, 2) };
        let list = |runs: &[Range<u32>], len| {
            let mut drops = Vec::new();
            let runs = runs.iter().cloned().map(run).collect();
            list_segments(runs, len, &mut drops).map(|()| drops.len()).map_err(|error| error.kind())
        };
        assert_eq!(list(&[4..6, 0..3], 6), Ok(5));
        assert_eq!(list(&[4..6, 0..3], 5), Err(ErrorKind::InvalidData), "after the last segment");
        assert_eq!(list(&[4..6, 0..5], 6), Err(ErrorKind::InvalidData), "a segment in two runs");
        assert_eq!(list(&[0..u32::MAX, 0..u32::MAX], usize::MAX), Err(ErrorKind::InvalidData));
        assert_eq!(list(&[], 0), Ok(0));
    }

    #[test]
    fn every_damaged_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        let drop = |ordinal| Drop { ordinal, source_input: 1, source_line: u64::from(ordinal / 2) };
        let batches = [vec![vec![drop(2), drop(3)], vec![drop(9)]], vec![vec![], vec![drop(1)]]];
        write(&path, &batches).unwrap();
        read(&path, 2).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for at in "first\n".len()..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            for damaged in [&damaged[..], &bytes[..at]] {
                std::fs::write(&path, damaged).unwrap();
                let error = read(&path, 2).unwrap_err().to_string();
                assert!(error.contains("found a damaged one"), "{at}: {error}");
                // The next run writes the list again.
                assert!(!path.exists(), "{at}");
            }
        }
    }
}
