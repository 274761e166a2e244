//! The files of stages. The first line names everything that the content depends on, and the last
//! eight bytes are the XXH3-64 hash of the content between them.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::BuildHasher as _;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Seek as _, SeekFrom, Take};
use std::path::Path;

use anyhow::{Context as _, Error, Result, bail};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::bytes::take_u64;
use crate::output::{PartFile, Settings, State};

/// The bytes of the hash.
pub const HASH: u64 = 8;
/// The bytes that are collected before they are written.
const BUFFER: usize = 1 << 16;

/// The first line of the file of an input: everything that its content depends on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Header {
    pub settings: Settings,
    pub state: State,
}

impl Header {
    /// Returns the first line, without its end.
    pub fn line(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// Reads the first line of the file `path`, if there is such a file.
    pub fn read(path: &Path) -> Option<Self> {
        let mut line = Vec::new();
        BufReader::new(File::open(path).ok()?).read_until(b'\n', &mut line).ok()?;
        serde_json::from_slice(&line).ok()
    }
}

/// A file of a stage, while it is written. It has its name only when it is whole.
pub struct StageFile {
    file: PartFile,
    hash: Xxh3,
    /// Lines that are not yet written.
    lines: Vec<u8>,
    /// The number of bytes that are written.
    bytes: u64,
    /// False if the file is in a temporary folder, and so need not outlast the system.
    is_kept: bool,
}

impl StageFile {
    /// Creates the file `path` with a first line. The file is made durable if `is_kept` is set.
    pub fn create(path: &Path, first: &str, is_kept: bool) -> Result<Self> {
        // A job that is started again may overlap the earlier one.
        let tag = format!("{:016x}", RandomState::new().hash_one(path));
        let mut file = PartFile::create_tagged(path, &tag)?;
        file.write(format!("{first}\n").as_bytes())?;
        Ok(Self { file, hash: Xxh3::new(), lines: Vec::new(), bytes: 0, is_kept })
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write(bytes)
    }

    /// Writes a line of JSON.
    pub fn line(&mut self, value: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.lines, value)?;
        self.lines.push(b'\n');
        if self.lines.len() < BUFFER { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<()> {
        let lines = std::mem::take(&mut self.lines);
        self.write(&lines)
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn finish(mut self) -> Result<()> {
        self.sync()?;
        self.rename()
    }

    /// Writes the end, and makes the content durable if the file is kept.
    pub fn sync(&mut self) -> Result<()> {
        self.flush()?;
        self.file.write(&self.hash.digest().to_le_bytes())?;
        if self.is_kept { self.file.sync() } else { Ok(()) }
    }

    /// Gives the file its name, after [`sync`](Self::sync).
    pub fn rename(self) -> Result<()> {
        self.file.rename_for_all()
    }
}

/// Returns whether `path` is a file with this first line.
pub fn begins_with(path: &Path, line: &str) -> Result<bool> {
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(line.len() as u64 + 1).read_to_end(&mut first));
    match read {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        read => {
            read.with_context(|| path.display().to_string())?;
            Ok(first.strip_suffix(b"\n") == Some(line.as_bytes()))
        }
    }
}

/// Opens a file that the stage `stage` has written with this first line.
pub fn open(path: &Path, line: &str, stage: &str) -> Result<BufReader<File>> {
    let context = || path.display().to_string();
    if !begins_with(path, line)? {
        bail!(
            "{}: expected the file for these inputs and options; run the step `{stage}` first",
            path.display()
        );
    }
    let mut reader = BufReader::with_capacity(1 << 17, File::open(path).with_context(context)?);
    reader.skip_until(b'\n').with_context(context)?;
    Ok(reader)
}

/// Like [`open`], but checks the hash, and ends before it.
pub fn open_checked(path: &Path, line: &str, stage: &str) -> Result<Take<BufReader<File>>> {
    let mut reader = open(path, line, stage)?;
    let start = line.len() as u64 + 1;
    let mut check = || {
        let end = reader.get_ref().metadata()?.len().checked_sub(HASH).filter(|end| *end >= start);
        let Some(end) = end else { return Ok(None) };
        let (mut content, mut hash) = (reader.by_ref().take(end - start), Xxh3::new());
        loop {
            let bytes = content.fill_buf()?;
            if bytes.is_empty() {
                break;
            }
            hash.update(bytes);
            let len = bytes.len();
            content.consume(len);
        }
        let expected = take_u64(&mut reader)?;
        reader.seek(SeekFrom::Start(start))?;
        Ok((hash.digest() == expected).then_some(end - start))
    };
    match check().map_err(|error| explain(path, error))? {
        Some(len) => Ok(reader.take(len)),
        None => Err(damaged(path)),
    }
}

/// Adds `path` to an error of reading it. A file that is not whole is deleted.
pub fn explain(path: &Path, error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => damaged(path),
        _ => Error::from(error).context(path.display().to_string()),
    }
}

/// Returns the error for a damaged file, and deletes it, because its first line promises otherwise.
pub fn damaged(path: &Path) -> Error {
    let _ = fs::remove_file(path);
    anyhow::anyhow!(
        "{}: expected a file as it was written, found a damaged one, which is deleted; run the command again, \
         with --only from the step `map` on",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_processes_may_write_the_same_file() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.map");
        let mut files = [StageFile::create(&path, "first", true)?, StageFile::create(&path, "first", true)?];
        files.iter_mut().try_for_each(|file| file.line(&1))?;
        files.into_iter().try_for_each(StageFile::finish)?;
        let lines = open_checked(&path, "first", "map")?.lines().collect::<Result<Vec<_>, _>>()?;
        assert_eq!(lines, ["1"]);
        assert_eq!(fs::read_dir(&folder)?.count(), 1);
        Ok(())
    }
}
