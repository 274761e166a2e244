//! The folder of a store, and its files, which `docs/format.md` lists.

use std::collections::hash_map::RandomState;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::BuildHasher as _;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use refrain::error::IndexError;

use crate::engine::Engine;
use crate::inspect::{self, failed};
use crate::rows::{Cursor, Mark, damaged, seal, unseal};

/// The version of everything in the folder.
const FORMAT: u32 = 2;

/// The names of the files of a store. Those with the suffix `.new` are left over after a crash.
const FILES: [&str; 7] =
    ["lock", "head", "acknowledged", "tables", "head.new", "acknowledged.new", "tables.new"];

/// The folder of a store, which is locked until this value is dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    _lock: File,
}

/// Returns the names in a folder, sorted, or none if it does not exist.
fn names(path: &Path) -> Result<Vec<String>, IndexError> {
    match inspect::names(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        names => names.map_err(failed(path)),
    }
}

/// Checks that `folder` has only folders of stores, and `store` only files of a store.
fn check_names(folder: &Path, store: &Path) -> Result<(), IndexError> {
    let refuse = |path: &Path, found| Err(IndexError::NotAnIndex { path: path.to_owned(), found });
    for name in names(folder)? {
        let path = folder.join(&name);
        if path == *store {
            continue;
        }
        let files = if path.is_dir() { Some(names(&path)?) } else { None };
        // An empty folder is left if the creation of a store is interrupted.
        let is_ours = |file: &String| FILES.contains(&&**file);
        if !files.is_some_and(|files| files.iter().all(is_ours)) {
            return refuse(folder, name);
        }
    }
    let other = names(store)?.into_iter().find(|name| !FILES.contains(&&**name));
    other.map_or(Ok(()), |name| refuse(store, name))
}

impl Folder {
    /// Locks the store `name` in `folder`, which is created if `create` is set. The system releases
    /// the lock when the process ends.
    pub(crate) fn open(folder: &Path, name: &str, create: bool) -> Result<Self, IndexError> {
        let path = folder.join(name);
        check_names(folder, &path)?;
        if !create && !path.join("tables").exists() && !path.join("acknowledged").exists() {
            return Err(IndexError::Missing { path: folder.to_owned() });
        }
        fs::create_dir_all(&path).map_err(failed(&path))?;
        if create {
            // The names of these two folders, which may be new, are in the folders around them.
            path.ancestors().skip(1).take(2).try_for_each(sync_names)?;
        }
        let file = path.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&file);
        let lock = lock.map_err(failed(&file))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(IndexError::InUse { path }),
            Err(TryLockError::Error(source)) => Err(failed(&file)(source)),
        }
    }

    fn damaged(&self, file: &str, how: &str) -> IndexError {
        damaged(&self.path.join(file).display().to_string(), how)
    }

    /// Opens the tables, which are created with the description `new` if they do not exist. Returns
    /// them with their mark, the number of the last durable change, and the description.
    pub(crate) fn open_tables(
        &self,
        new: Option<&str>,
        memory: usize,
    ) -> Result<(Engine, Mark, u64, String), IndexError> {
        let tables = self.path.join("tables");
        if !tables.try_exists().map_err(failed(&tables))? {
            if self.acknowledged()?.is_some_and(|change| change > 0) {
                return Err(self.damaged("tables", "it is missing"));
            }
            let missing =
                || IndexError::Missing { path: self.path.parent().unwrap_or(&self.path).to_owned() };
            self.create(new.ok_or_else(missing)?)?;
        }
        let description = self.description()?;
        let acknowledged = self.acknowledged()?;
        let acknowledged = acknowledged.ok_or_else(|| self.damaged("acknowledged", "it is missing"))?;
        let first = inspect::check(&tables, acknowledged)?;
        let engine = Engine::open(&tables, memory)?;
        first.map_or(Ok(()), |first| engine.check_files(first.number, first.given))?;
        let mark = engine.mark()?;
        if mark.change < acknowledged {
            let how = format!("it has {} changes, and {acknowledged} were made durable", mark.change);
            return Err(self.damaged("tables", &how));
        }
        Ok((engine, mark, acknowledged, description))
    }

    /// Creates an empty store.
    fn create(&self, description: &str) -> Result<(), IndexError> {
        let new = self.path.join("tables.new");
        if new.try_exists().map_err(failed(&new))? {
            fs::remove_dir_all(&new).map_err(failed(&new))?;
        }
        let engine = Engine::open(&new, 0)?;
        let seed = RandomState::new().hash_one(0);
        engine.batch().commit(Mark { seed, ..Mark::default() }).and_then(|()| engine.sync())?;
        drop(engine);
        let head = [&FORMAT.to_le_bytes()[..], description.as_bytes()].concat();
        self.replace("head", 1, &head)?;
        self.acknowledge(0)?;
        fs::rename(&new, self.path.join("tables")).map_err(failed(&new))?;
        sync_names(&self.path)
    }

    /// Returns the description.
    fn description(&self) -> Result<String, IndexError> {
        let bytes = self.content("head", 1)?.ok_or_else(|| self.damaged("head", "it is missing"))?;
        let mut rest = Cursor(&bytes);
        let format = rest.u32().ok_or_else(|| self.damaged("head", "it is too short"))?;
        if format != FORMAT {
            let what = self.path.display().to_string();
            return Err(IndexError::WrongVersion { what, kind: "format", stored: format, known: FORMAT });
        }
        Ok(String::from_utf8_lossy(rest.0).into_owned())
    }

    /// Returns the number of the last durable change.
    fn acknowledged(&self) -> Result<Option<u64>, IndexError> {
        let Some(bytes) = self.content("acknowledged", 2)? else { return Ok(None) };
        Cursor(&bytes).u64().map(Some).ok_or_else(|| self.damaged("acknowledged", "it is too short"))
    }

    /// Records that a change, and all before it, are durable.
    pub(crate) fn acknowledge(&self, change: u64) -> Result<(), IndexError> {
        self.replace("acknowledged", 2, &change.to_le_bytes())
    }

    /// Returns the content of a sealed file, or `None` if it does not exist.
    fn content(&self, file: &str, seed: u64) -> Result<Option<Vec<u8>>, IndexError> {
        let path = self.path.join(file);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(failed(&path))?,
        };
        let content = unseal(seed, &bytes).map(<[u8]>::to_vec);
        content.map(Some).ok_or_else(|| self.damaged(file, "it does not match its checksum"))
    }

    /// Replaces a sealed file, so that it has either the old or the new content after a crash.
    fn replace(&self, file: &str, seed: u64, content: &[u8]) -> Result<(), IndexError> {
        let (new, path) = (self.path.join(format!("{file}.new")), self.path.join(file));
        let write = || -> io::Result<()> {
            let mut out = File::create(&new)?;
            out.write_all(&seal(seed, |bytes| bytes.extend_from_slice(content)))?;
            out.sync_all()?;
            fs::rename(&new, &path)
        };
        write().map_err(failed(&path))?;
        sync_names(&self.path)
    }
}

/// Makes the names of the files and folders in `folder` durable, unless `folder` cannot be read.
fn sync_names(folder: &Path) -> Result<(), IndexError> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if cfg!(unix) && error.kind() != ErrorKind::PermissionDenied => Err(failed(folder)(error)),
        _ => Ok(()),
    }
}
