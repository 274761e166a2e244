//! The folder of an index: its files, the last change that is durable, and the lock of the process
//! that has the folder open.
//!
//! | file | content | written |
//! |---|---|---|
//! | `lock` | empty; locked while the index is open | |
//! | `head` | a frame (seed 1): format, scheme, options of the documents | once |
//! | `acknowledged` | a frame (seed 2): the number of the last durable change | replaced at every `sync` |
//! | `tables` | the files of the engine | |
//!
//! The tables are created under another name and renamed as the last step, so a folder either has a
//! complete index or none.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::engine::Engine;
use super::inspect;
use super::rows::{Mark, damaged};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::frame;
use crate::index::parameters::check_stored;

/// The version of all formats in the folder.
const FORMAT: u32 = 1;

/// A folder that no other process has open.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Held until the folder is dropped.
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is not there, and takes the lock, which is free again however the process ends.
    #[expect(clippy::incompatible_msrv, reason = "the engine needs a later Rust than this does")]
    pub(super) fn open(path: &Path) -> Result<Self, IndexError> {
        let failed = |source| IndexError::Io { what: path.display().to_string(), source };
        fs::create_dir_all(path).map_err(failed)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join("lock"));
        let lock = lock.map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(IndexError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn name(&self, file: &str) -> String {
        self.path.join(file).display().to_string()
    }

    /// The error for what the system answered about a file.
    fn failed(&self, file: &str) -> impl FnOnce(io::Error) -> IndexError {
        let what = self.name(file);
        move |source| IndexError::Io { what, source }
    }

    fn damaged(&self, file: &str, how: &str) -> IndexError {
        damaged(&self.name(file), how)
    }

    /// Opens the tables of an index for such documents, or makes them, and says how far they are.
    pub(super) fn open_tables(
        &self,
        parameters: &str,
        memory: usize,
    ) -> Result<(Engine, Mark, u64), IndexError> {
        let tables = self.path.join("tables");
        let is_there = tables.try_exists().map_err(self.failed("tables"))?;
        let known = is_there && self.check_head(parameters)?;
        let acknowledged = self.acknowledged()?;
        if !is_there && acknowledged.unwrap_or_default() > 0 {
            return Err(self.damaged("tables", "they are missing"));
        }
        if !is_there {
            self.create(parameters)?;
        } else if !known {
            return Err(self.damaged("head", "it is missing"));
        }
        let acknowledged = match acknowledged {
            Some(acknowledged) => acknowledged,
            None if is_there => return Err(self.damaged("acknowledged", "it is missing")),
            None => 0,
        };
        let first = inspect::check(&tables, acknowledged)?;
        let engine = Engine::open(&tables, memory)?;
        first.map_or(Ok(()), |first| engine.check_begin(first))?;
        let mark = engine.mark()?;
        if mark.change < acknowledged {
            let how = format!("it has {} changes, and {acknowledged} were acknowledged", mark.change);
            return Err(self.damaged("tables", &how));
        }
        Ok((engine, mark, acknowledged))
    }

    /// Makes an empty index.
    fn create(&self, parameters: &str) -> Result<(), IndexError> {
        let new = self.path.join("tables.new");
        if new.try_exists().map_err(self.failed("tables.new"))? {
            fs::remove_dir_all(&new).map_err(self.failed("tables.new"))?;
        }
        let engine = Engine::open(&new, 0)?;
        engine.commit(engine.batch(), Mark::default()).and_then(|()| engine.sync())?;
        drop(engine);
        let mut bytes = Vec::new();
        frame::append(&mut bytes, 1, |bytes| {
            bytes.extend_from_slice(&FORMAT.to_le_bytes());
            bytes.extend_from_slice(&Fingerprint::SCHEME.to_le_bytes());
            bytes.extend_from_slice(parameters.as_bytes());
        });
        self.replace("head", &bytes)?;
        self.acknowledge(0)?;
        fs::rename(&new, self.path.join("tables")).map_err(self.failed("tables"))?;
        self.sync_names()
    }

    /// Whether there is an index, and one for such documents.
    fn check_head(&self, parameters: &str) -> Result<bool, IndexError> {
        let Some(bytes) = self.content("head", 1)? else { return Ok(false) };
        let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
        let (Some(format), Some(scheme)) = (number(0), number(4)) else {
            return Err(self.damaged("head", "it is too short"));
        };
        let what = self.path.display().to_string();
        if format != FORMAT {
            return Err(IndexError::WrongVersion { what, kind: "format", stored: format, known: FORMAT });
        }
        let line = String::from_utf8_lossy(bytes.get(8..).unwrap_or_default());
        check_stored(&what, scheme, &line, parameters)?;
        Ok(true)
    }

    fn acknowledged(&self) -> Result<Option<u64>, IndexError> {
        let Some(bytes) = self.content("acknowledged", 2)? else { return Ok(None) };
        let number = bytes.try_into().ok().map(u64::from_le_bytes);
        number.map(Some).ok_or_else(|| self.damaged("acknowledged", "it is not as it was written"))
    }

    /// Writes down that all up to a change is acknowledged.
    pub(super) fn acknowledge(&self, change: u64) -> Result<(), IndexError> {
        let mut bytes = Vec::new();
        frame::append(&mut bytes, 2, |bytes| bytes.extend_from_slice(&change.to_le_bytes()));
        self.replace("acknowledged", &bytes)
    }

    /// The content of the only frame in a small file, `None` if there is no such file.
    fn content(&self, file: &str, seed: u64) -> Result<Option<Vec<u8>>, IndexError> {
        let bytes = match fs::read(self.path.join(file)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed(file)(error)),
        };
        match frame::head(&bytes).zip(bytes.get(frame::HEAD..)) {
            Some(((len, sum), content))
                if content.len() as u64 == len && frame::is_whole(sum, content, seed) =>
            {
                Ok(Some(content.to_owned()))
            }
            _ => Err(self.damaged(file, "it is not as it was written")),
        }
    }

    /// Replaces a small file: whoever reads it, now or after a crash, sees the old one or the new one, whole.
    fn replace(&self, file: &str, content: &[u8]) -> Result<(), IndexError> {
        let new = self.path.join(format!("{file}.new"));
        let write = || -> io::Result<()> {
            let mut out = File::create(&new)?;
            out.write_all(content)?;
            out.sync_all()?;
            fs::rename(&new, self.path.join(file))
        };
        write().map_err(self.failed(file))?;
        self.sync_names()
    }

    /// Makes sure that files which were renamed stay so.
    fn sync_names(&self) -> Result<(), IndexError> {
        #[cfg(unix)]
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(self.failed(""))?;
        Ok(())
    }
}
