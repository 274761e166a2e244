//! The small files of an index on disk: what it is, which files it has, and how much of its log is acknowledged.
//!
//! | file | content | written |
//! |---|---|---|
//! | `head` | a frame (seed 1): format, scheme, how documents are read | once |
//! | `state` | a frame (seed 2): the numbers of [`State`], as 64 bits each | anew each time runs are made |
//! | `commit` | two slots of 32 bytes: log, length, count of commits, XXH3-64 of these | in turn, at every acknowledgement |
//!
//! `head` and `state` are replaced as wholes. A slot is written in place: it is smaller than a sector, so it is there or not, and a
//! slot that is not as it was written is damage.

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom};

use xxhash_rust::xxh3::xxh3_64;

use super::folder::Folder;
use super::generation::{FAMILIES, Files, Made};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::frame;
use crate::index::parameters::Parameters;

/// The version of all formats in the folder.
const FORMAT: u32 = 1;

/// Bytes in a slot.
const SLOT: usize = 32;

/// What is true of all documents below `next`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The number of the log, how much of it was acknowledged when this was written, and how much is in runs.
    pub(super) log: u64,
    pub(super) acknowledged: u64,
    pub(super) covered: u64,
    /// The number of the first document that is in no run.
    pub(super) next: u32,
    /// How many documents with lower numbers are known, and how many are forgotten but not gone.
    pub(super) alive: u64,
    pub(super) dead: u64,
    /// The number of the next run.
    pub(super) file: u64,
    pub(super) generations: Vec<Made>,
}

/// The content of the only frame in a small file.
fn content(folder: &Folder, file: &str, seed: u64) -> Result<Option<Vec<u8>>, IndexError> {
    let Some(bytes) = folder.read(file)? else { return Ok(None) };
    let whole = frame::head(&bytes).zip(bytes.get(frame::HEAD..));
    match whole {
        Some(((len, sum), content)) if content.len() as u64 == len && frame::is_whole(sum, content, seed) => {
            Ok(Some(content.to_owned()))
        }
        _ => Err(folder.damaged(file, "it is not as it was written")),
    }
}

/// Writes what the index is.
pub(super) fn write_head(folder: &Folder, parameters: &Parameters) -> Result<(), IndexError> {
    let mut bytes = Vec::new();
    frame::append(&mut bytes, 1, |bytes| {
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&Fingerprint::SCHEME.to_le_bytes());
        bytes.extend_from_slice(parameters.line().as_bytes());
    });
    folder.prepare("head", &bytes)?;
    folder.publish("head")
}

/// Whether there is an index, and one for such documents.
pub(super) fn check_head(folder: &Folder, parameters: &Parameters) -> Result<bool, IndexError> {
    let Some(bytes) = content(folder, "head", 1)? else { return Ok(false) };
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
    let (Some(format), Some(scheme)) = (number(0), number(4)) else {
        return Err(folder.damaged("head", "it is too short"));
    };
    let what = folder.path().display().to_string();
    if format != FORMAT {
        return Err(IndexError::WrongVersion { what, kind: "format", stored: format, known: FORMAT });
    }
    let line = String::from_utf8_lossy(bytes.get(8..).unwrap_or_default());
    parameters.check_stored(&what, scheme, &line)?;
    Ok(true)
}

impl State {
    /// Writes what [`Folder::publish`] makes true.
    pub(super) fn prepare(&self, folder: &Folder) -> Result<(), IndexError> {
        let mut numbers = vec![
            self.log,
            self.acknowledged,
            self.covered,
            u64::from(self.next),
            self.alive,
            self.dead,
            self.file,
            self.generations.len() as u64,
        ];
        for made in &self.generations {
            numbers.extend([u64::from(made.minus), u64::from(made.level)]);
            numbers.extend(made.files.iter().flat_map(|files| [files.number, files.entries, files.room]));
        }
        let mut bytes = Vec::new();
        frame::append(&mut bytes, 2, |bytes| {
            bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        });
        folder.prepare("state", &bytes)
    }

    pub(super) fn read(folder: &Folder) -> Result<Self, IndexError> {
        let bytes = content(folder, "state", 2)?;
        let bytes = bytes.ok_or_else(|| folder.damaged("state", "it is missing"))?;
        Self::parse(&bytes).ok_or_else(|| folder.damaged("state", "it makes no sense"))
    }

    fn parse(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let mut state = Self {
            log: frame::take_number(bytes)?,
            acknowledged: frame::take_number(bytes)?,
            covered: frame::take_number(bytes)?,
            next: u32::try_from(frame::take_number(bytes)?).ok()?,
            alive: frame::take_number(bytes)?,
            dead: frame::take_number(bytes)?,
            file: frame::take_number(bytes)?,
            generations: Vec::new(),
        };
        for _ in 0..frame::take_number(bytes)? {
            let minus = frame::take_number(bytes)? == 1;
            let level = u32::try_from(frame::take_number(bytes)?).ok()?;
            let mut made = Made { minus, level, files: [Files::default(); FAMILIES] };
            for files in &mut made.files {
                files.number = frame::take_number(bytes)?;
                files.entries = frame::take_number(bytes)?;
                files.room = frame::take_number(bytes)?;
            }
            state.generations.push(made);
        }
        bytes.is_empty().then_some(state)
    }
}

/// What is acknowledged of the log.
#[derive(Debug)]
pub(super) struct Commits {
    folder: Folder,
    file: File,
    count: u64,
}

impl Commits {
    /// Makes the file anew, for a log of which nothing is acknowledged.
    pub(super) fn create(folder: &Folder) -> Result<(), IndexError> {
        folder.prepare("commit", &[slot(0, 0, 0), slot(0, 0, 1)].concat())?;
        folder.publish("commit")
    }

    /// The log that is acknowledged, up to where, and the number of that commit.
    pub(super) fn read(folder: &Folder) -> Result<(u64, u64, u64), IndexError> {
        let damaged = || folder.damaged("commit", "it is not as it was written");
        let bytes = folder.read("commit")?.filter(|bytes| bytes.len() == 2 * SLOT).ok_or_else(damaged)?;
        let mut last = None;
        for slot in bytes.chunks_exact(SLOT) {
            let number = |at: usize| slot.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes);
            let sum = slot.get(..SLOT - 8).map(xxh3_64);
            let (Some(log), Some(len), Some(count)) = (number(0), number(8), number(16)) else {
                return Err(damaged());
            };
            if number(24) != sum {
                return Err(damaged());
            }
            if last.is_none_or(|(_, _, earlier)| count > earlier) {
                last = Some((log, len, count));
            }
        }
        last.ok_or_else(damaged)
    }

    pub(super) fn open(folder: &Folder, count: u64) -> Result<Self, IndexError> {
        let file = OpenOptions::new().write(true).open(folder.path().join("commit"));
        Ok(Self { folder: folder.clone(), file: file.map_err(folder.failed("commit"))?, count })
    }

    /// Acknowledges a log up to a length.
    pub(super) fn write(&mut self, log: u64, len: u64) -> Result<(), IndexError> {
        let count = self.count + 1;
        let at = count % 2 * SLOT as u64;
        let written = self.file.seek(SeekFrom::Start(at)).and_then(|_| {
            self.folder.write(&self.file, &slot(log, len, count))?;
            self.file.sync_data()
        });
        written.map_err(self.folder.failed("commit"))?;
        self.count = count;
        Ok(())
    }
}

fn slot(log: u64, len: u64, count: u64) -> Vec<u8> {
    let mut slot: Vec<u8> = [log, len, count].iter().flat_map(|number| number.to_le_bytes()).collect();
    let sum = xxh3_64(&slot);
    slot.extend_from_slice(&sum.to_le_bytes());
    slot
}
