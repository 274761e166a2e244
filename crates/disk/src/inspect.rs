//! A check of the engine's files before the engine opens them.
//!
//! The engine compares the checksums of the blocks of its tables whenever it reads them. But it
//! truncates a journal at the first entry that it cannot parse, as if the journal ended there. It
//! does not compare the checksum of its list of files, and removes files that are not on the list.
//! It creates an empty table in place of one whose list is missing, and allocates memory for as
//! many entries as a damaged file claims to have. So this file checks, before anything is changed:
//!
//! * all files that must exist do exist;
//! * the lists of files match their checksums;
//! * complete journals are undamaged, and the numbers of their changes have no gaps;
//! * the last journal has the last durable change. The bytes after the last whole change are cut.
//!
//! Two open issues of the engine would make this file unnecessary: fjall-rs/fjall #311, a strict
//! mode of recovery, for [`check`], [`check_journals`], [`Mark::least`] and `Engine::check_files`;
//! and fjall-rs/lsm-tree #187, the verification of a tree, for [`check_table`] and
//! [`check_sections`].
//!
//! The format is the third of the engine, which the file `version` states.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use refrain::error::IndexError;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::rows::{Cursor, MARK, Mark, Table, damaged};

const VERSION: &[u8; 4] = b"FJL\x03";

/// The length of the trailer of a file with sections: magic bytes (4), two bytes, the checksum of
/// the list of sections (16), its start (8), and its length (8).
const TRAILER: usize = 38;

/// The minimum length of an entry in the list of sections.
const SECTION: u64 = 18;

/// An upper bound of the sequence numbers that the engine uses itself between two changes.
const SKIPPED: u64 = 1 << 32;

/// A change in a journal: its number, the sequence number that the engine gave to it, and the lower
/// bound of that number in its mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Change {
    pub(crate) number: u64,
    pub(crate) given: u64,
    least: u64,
}

/// Converts an error of the system about `path`.
pub(crate) fn failed(path: &Path) -> impl FnOnce(io::Error) -> IndexError {
    let what = path.display().to_string();
    move |source| match source.kind() {
        ErrorKind::NotFound => damaged(&what, "it is missing"),
        ErrorKind::UnexpectedEof => damaged(&what, "it is too short"),
        _ => IndexError::Io { what, source },
    }
}

fn refuse<T>(path: &Path, how: impl Into<String>) -> Result<T, IndexError> {
    Err(damaged(&path.display().to_string(), how))
}

/// Checks that the engine can open its files in the folder `tables`, and will find the change
/// `acknowledged`. Returns the first change in the journals. Those before it must be in the tables.
pub(crate) fn check(tables: &Path, acknowledged: u64) -> Result<Option<Change>, IndexError> {
    let version = tables.join("version");
    if fs::read(&version).map_err(failed(&version))? != VERSION {
        return refuse(&version, "it is not that of this version of the engine");
    }
    let lock = tables.join("lock");
    fs::metadata(&lock).map_err(failed(&lock))?;
    let keyspaces = tables.join("keyspaces");
    // The first is the engine's own.
    let expected: Vec<String> = (0..=Table::NAMES.len()).map(|number| number.to_string()).collect();
    let found = names(&keyspaces).map_err(failed(&keyspaces))?;
    if found != expected {
        let how = format!("expected the tables {}, found {}", expected.join(" "), found.join(" "));
        return refuse(&keyspaces, how);
    }
    for table in expected {
        check_table(&keyspaces.join(table))?;
    }
    check_journals(tables, acknowledged)
}

/// Returns the names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}

/// Checks a table. Its file `current` has the number of the list of files (8 bytes), the checksum
/// of the list (16), and a zero.
fn check_table(table: &Path) -> Result<(), IndexError> {
    let current = table.join("current");
    let bytes = fs::read(&current).map_err(failed(&current))?;
    let mut rest = Cursor(&bytes);
    let (Some(number), Some(sum), [0]) = (rest.u64(), rest.array().map(u128::from_le_bytes), rest.0) else {
        return refuse(&current, "it is not as it was written");
    };
    let list = table.join(format!("v{number}"));
    if xxh3_128(&fs::read(&list).map_err(failed(&list))?) != sum {
        return refuse(&list, "it does not match its checksum");
    }
    let files = table.join("tables");
    names(&files).map_err(failed(&files))?.iter().try_for_each(|name| check_sections(&files.join(name)))
}

/// Checks that the list of sections of a file does not claim more entries than there is room for. A
/// file that ends before its trailer was not completed.
fn check_sections(path: &Path) -> Result<(), IndexError> {
    let mut file = File::open(path).map_err(failed(path))?;
    let len = file.metadata().map_err(failed(path))?.len();
    let Some(end) = len.checked_sub(TRAILER as u64) else { return Ok(()) };
    let mut trailer = [0; TRAILER];
    file.seek(SeekFrom::Start(end)).and_then(|_| file.read_exact(&mut trailer)).map_err(failed(path))?;
    let start = Cursor(&trailer[22..]).u64().filter(|start| trailer.starts_with(b"SFA!") && *start < end);
    let Some(start) = start else { return Ok(()) };
    let mut head = [0; 8];
    if file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut head)).is_err() {
        return Ok(());
    }
    let entries = Cursor(&head[4..]).u32().filter(|_| head.starts_with(b"TOC!"));
    if entries.is_some_and(|entries| u64::from(entries) > (end - start) / SECTION) {
        return refuse(path, "its list of sections is not as it was written");
    }
    Ok(())
}

/// Reads all journals, and cuts the last one after its last whole change.
fn check_journals(tables: &Path, acknowledged: u64) -> Result<Option<Change>, IndexError> {
    let mut journals: Vec<(u64, PathBuf)> = Vec::new();
    for name in names(tables).map_err(failed(tables))? {
        if let Some(number) = name.strip_suffix(".jnl") {
            let path = tables.join(&name);
            let Ok(number) = number.parse() else { return refuse(&path, "its name has no number") };
            journals.push((number, path));
        }
    }
    journals.sort();
    let (mut first, mut last): (_, Option<Change>) = (None, None);
    for (at, (number, path)) in journals.iter().enumerate() {
        if at > 0 && journals[at - 1].0.checked_add(1) != Some(*number) {
            return refuse(path, "the journal before it is missing");
        }
        let bytes = fs::read(path).map_err(failed(path))?;
        let (mut rest, mut whole) = (Cursor(&bytes), 0);
        while let Some(change) = next_change(&mut rest) {
            whole = bytes.len() - rest.0.len();
            let Some(change) = change else { continue };
            let follows = |last: Change| last.number + 1 == change.number && last.given < change.least;
            if last.is_some_and(|last| !follows(last)) {
                return refuse(path, "its changes do not follow one another");
            }
            first = first.or(Some(change));
            last = Some(change);
        }
        if at + 1 < journals.len() {
            if bytes[whole..].iter().any(|byte| *byte != 0) {
                return refuse(path, format!("there is no whole change at byte {whole}"));
            }
        } else if last.is_some_and(|last| last.number < acknowledged) {
            return refuse(path, "it ends before the last durable change");
        } else {
            let cut = || OpenOptions::new().write(true).open(path)?.set_len(whole as u64);
            cut().map_err(failed(path))?;
        }
    }
    Ok(first)
}

/// Takes a change of a journal, and returns `Some(None)` for one of the engine itself, which has no
/// mark. Returns `None` if no whole change follows.
///
/// | bytes | content |
/// |---|---|
/// | 1, 4, 8 | 1, the number of rows, the sequence number |
/// | 1, 1, 1, 8, 2, 4, 4, …, … | for each row: 2, its kind, 0, its table, the length of the key, twice that of the value, key, value |
/// | 1, 8, 4 | 3, XXH3-64 of the rows, the magic bytes [`VERSION`] |
pub(crate) fn next_change(rest: &mut Cursor<'_>) -> Option<Option<Change>> {
    let [1] = rest.array()? else { return None };
    let (len, given) = (rest.u32()?, rest.u64()?);
    let start = rest.0;
    let mut change = None;
    for _ in 0..len {
        let [2, _, 0] = rest.array()? else { return None };
        let _table = rest.u64()?;
        let key = rest.array().map(u16::from_le_bytes)?;
        let (value, again) = (rest.u32()?, rest.u32()?);
        let (key, value) = (rest.bytes(key.into())?, rest.bytes(usize::try_from(value).ok()?)?);
        if value.len() as u64 != u64::from(again) {
            return None;
        }
        if key == MARK {
            let mark = Mark::parse(value);
            change = mark.map(|mark| Change { number: mark.change, given, least: mark.least });
        }
    }
    let rows = &start[..start.len() - rest.0.len()];
    let ([3], sum, magic) = (rest.array()?, rest.u64()?, rest.array()?) else { return None };
    let is_given = |change: Change| (change.least..change.least.saturating_add(SKIPPED)).contains(&given);
    let is_whole = magic == *VERSION && sum == xxh3_64(rows) && change.is_none_or(is_given);
    is_whole.then_some(change)
}
