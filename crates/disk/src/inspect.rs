//! A check of the engine's files before the engine opens them.
//!
//! The engine compares the checksums of the blocks of its tables whenever it reads them. But it
//! truncates a journal at the first entry that it cannot parse, as if the journal ended there. It
//! does not compare the checksum of its list of files, and removes files that are not on the list.
//! It creates an empty table in place of one whose list is missing, and allocates memory for as
//! many entries as a damaged file claims to have. So this file checks, before anything is changed:
//!
//! * all files that must exist do exist;
//! * the lists of files have the right checksums;
//! * complete journals are undamaged, and the numbers of their changes have no gaps;
//! * the last journal has the last durable change. The bytes after the last whole change are cut.
//!
//! The format is the third of the engine, which the file `version` states.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::rows::{Change, MARK, Mark, TABLES, damaged};
use crate::error::IndexError;

const VERSION: &[u8; 4] = b"FJL\x03";

/// Bytes in the trailer of a file with sections: magic, two bytes, the checksum of the list of sections,
/// where that begins, its length.
const TRAILER: usize = 38;

/// How many numbers the library gives to work of its own between two changes at most.
const GIVEN: u64 = 1 << 32;

/// Bytes that an entry in the list of sections has at least.
const SECTION: u64 = 18;

fn failed(path: &Path) -> impl FnOnce(io::Error) -> IndexError {
    let what = path.display().to_string();
    move |error| match error.kind() {
        io::ErrorKind::NotFound => damaged(&what, "it is missing"),
        io::ErrorKind::UnexpectedEof => damaged(&what, "it is too short"),
        _ => IndexError::Io { what, source: error },
    }
}

fn broken(path: &Path, how: impl Into<String>) -> IndexError {
    damaged(&path.display().to_string(), how)
}

/// Whether the library can open its files, and will find what was acknowledged. Gives the first change in its
/// journals: those before it must be in the tables.
pub(super) fn check(tables: &Path, acknowledged: u64) -> Result<Option<Change>, IndexError> {
    let version = tables.join("version");
    if fs::read(&version).map_err(failed(&version))? != VERSION {
        return Err(broken(&version, "it is not as it was written"));
    }
    let lock = tables.join("lock");
    if !lock.try_exists().map_err(failed(&lock))? {
        return Err(broken(&lock, "it is missing"));
    }
    let keyspaces = tables.join("keyspaces");
    let there = names(&keyspaces)?;
    // The first is the library's own.
    let expected: Vec<String> = (0..=TABLES.len()).map(|number| number.to_string()).collect();
    if there != expected {
        return Err(broken(&keyspaces, format!("it should have {expected:?}, and has {there:?}")));
    }
    for table in expected {
        check_table(&keyspaces.join(table))?;
    }
    check_journals(tables, acknowledged)
}

/// What is in a folder, sorted.
fn names(folder: &Path) -> Result<Vec<String>, IndexError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let name = entry.map_err(failed(folder))?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// `current` has the number of the list of files, and its checksum.
fn check_table(table: &Path) -> Result<(), IndexError> {
    let current = table.join("current");
    let bytes = fs::read(&current).map_err(failed(&current))?;
    let number = bytes.get(..8).and_then(|number| number.try_into().ok()).map(u64::from_le_bytes);
    let sum = bytes.get(8..24).and_then(|sum| sum.try_into().ok()).map(u128::from_le_bytes);
    let (Some(number), Some(sum), Some([0])) = (number, sum, bytes.get(24..)) else {
        return Err(broken(&current, "it is not as it was written"));
    };
    let list = table.join(format!("v{number}"));
    if xxh3_128(&fs::read(&list).map_err(failed(&list))?) != sum {
        return Err(broken(&list, "it is not as it was written"));
    }
    let files = table.join("tables");
    for name in names(&files)? {
        check_sections(&files.join(name))?;
    }
    Ok(())
}

/// Whether the list of sections of a file claims no more than there can be. A file that ends before its
/// trailer was never finished.
fn check_sections(path: &Path) -> Result<(), IndexError> {
    let mut file = File::open(path).map_err(failed(path))?;
    let len = file.metadata().map_err(failed(path))?.len();
    let Some(end) = len.checked_sub(TRAILER as u64) else { return Ok(()) };
    let mut trailer = [0; TRAILER];
    file.seek(SeekFrom::Start(end)).and_then(|_| file.read_exact(&mut trailer)).map_err(failed(path))?;
    let start = trailer.get(22..30).and_then(|start| start.try_into().ok()).map_or(0, u64::from_le_bytes);
    if !trailer.starts_with(b"SFA!") || start >= end {
        return Ok(());
    }
    let mut head = [0; 8];
    if file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut head)).is_err() {
        return Ok(());
    }
    let [magic @ .., a, b, c, d] = head;
    if magic == *b"TOC!" && u64::from(u32::from_le_bytes([a, b, c, d])) > (end - start) / SECTION {
        return Err(broken(path, "it is not as it was written"));
    }
    Ok(())
}

/// Reads all journals, and cuts off what was written last and not whole.
fn check_journals(tables: &Path, acknowledged: u64) -> Result<Option<Change>, IndexError> {
    let mut journals: Vec<(u64, PathBuf)> = Vec::new();
    for name in names(tables)? {
        if let Some(number) = name.strip_suffix(".jnl") {
            let path = tables.join(&name);
            let number = number.parse().map_err(|_| broken(&path, "it has no number"))?;
            journals.push((number, path));
        }
    }
    journals.sort();
    let (mut first, mut last): (_, Option<Change>) = (None, None);
    let mut before = None;
    let mut open = journals.len();
    for (number, path) in &journals {
        open -= 1;
        if before.is_some_and(|before| before + 1 != *number) {
            return Err(broken(path, "the journal before it is missing"));
        }
        before = Some(*number);
        let mut journal = Journal::open(path).map_err(failed(path))?;
        while let Some(change) = journal.next().map_err(failed(path))? {
            if let Some(change) = change {
                let follows = |last: Change| last.number + 1 == change.number && last.given < change.least;
                if last.is_some_and(|last| !follows(last)) {
                    return Err(broken(path, "its changes do not follow one another"));
                }
                first = first.or(Some(change));
                last = Some(change);
            }
        }
        let whole = journal.whole;
        if open > 0 && !journal.ends_with_zeros().map_err(failed(path))? {
            return Err(broken(path, format!("what stands at byte {whole} makes no sense")));
        }
        if open == 0 {
            if last.is_some_and(|last| last.number < acknowledged) {
                return Err(broken(path, "it ends before what was acknowledged"));
            }
            let cut = || OpenOptions::new().write(true).open(path)?.set_len(whole);
            cut().map_err(failed(path))?;
        }
    }
    Ok(first)
}

/// A file in which changes stand one after another, and zeros behind them. A change is:
///
/// | bytes | what |
/// |---|---|
/// | 1, 4, 8 | 1, how many rows it has, the number that it was given |
/// | 1, 1, 1, 8, 2, 4, 4, …, … | for each row: 2, its kind, 0, its table, the lengths of key and value, the latter twice, key, value |
/// | 1, 8, 4 | 3, XXH3-64 of the rows, magic |
pub(super) struct Journal {
    file: BufReader<File>,
    rows: Vec<u8>,
    /// Where the last change that is whole ends.
    pub(super) whole: u64,
}

impl Journal {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: BufReader::with_capacity(1 << 16, File::open(path)?), rows: Vec::new(), whole: 0 })
    }

    /// Reads one change, and says which one of the index it is, if it is one; `None` where no whole change
    /// stands.
    pub(super) fn next(&mut self) -> io::Result<Option<Option<Change>>> {
        match self.read() {
            Ok(change) => {
                self.whole = self.file.stream_position()?;
                Ok(Some(change))
            }
            Err(error)
                if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn read(&mut self) -> io::Result<Option<Change>> {
        let [1, a, b, c, d, given @ ..] = self.take::<13>()? else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let given = u64::from_le_bytes(given);
        let mut change = None;
        self.rows.clear();
        for _ in 0..u32::from_le_bytes([a, b, c, d]) {
            let head = self.take::<21>()?;
            let [2, _, 0, _, _, _, _, _, _, _, _, k, l, a, b, c, d, e, f, g, h] = head else {
                return Err(io::ErrorKind::InvalidData.into());
            };
            let (key, value) = (u16::from_le_bytes([k, l]), u32::from_le_bytes([a, b, c, d]));
            if value != u32::from_le_bytes([e, f, g, h]) {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.rows.extend_from_slice(&head);
            let start = self.rows.len();
            let len = u64::from(key) + u64::from(value);
            // Room is made for what is there, not for what the head says.
            if (&mut self.file).take(len).read_to_end(&mut self.rows)? as u64 != len {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let row = self.rows.get(start..).unwrap_or_default();
            if key == 1 && row.starts_with(&MARK) {
                let mark = row.get(1..).and_then(Mark::parse);
                change = mark.map(|mark| Change { number: mark.change, given, least: mark.given });
            }
        }
        let [3, sum @ .., a, b, c, d] = self.take::<13>()? else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let is_given = |change: Change| (change.least..change.least.saturating_add(GIVEN)).contains(&given);
        if [a, b, c, d] != *VERSION
            || u64::from_le_bytes(sum) != xxh3_64(&self.rows)
            || !change.is_none_or(is_given)
        {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(change)
    }

    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Whether there is nothing behind the last whole change.
    fn ends_with_zeros(&mut self) -> io::Result<bool> {
        self.file.seek(SeekFrom::Start(self.whole))?;
        let mut bytes = vec![0; 1 << 16];
        loop {
            let len = self.file.read(&mut bytes)?;
            let read = bytes.get(..len).unwrap_or_default();
            if read.is_empty() || read.iter().any(|byte| *byte != 0) {
                return Ok(read.is_empty());
            }
        }
    }
}
