//! Files that have their name only when they are finished.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread::Builder;

use anyhow::{Context as _, Result};

use super::lock::try_lock;
use super::opened::{is_named, standard_at};
use crate::interrupt;

/// The number of files, and of their bytes, that are made durable together. One after another, a
/// hundred thousand small files would take minutes. With their lists of removals, as many files
/// again are open, and some systems allow no more than 256.
pub const MANY: usize = 64;
pub const MUCH: u64 = 8 << 20;
/// The number of files that are made durable at the same time.
const SYNCS: usize = 16;
/// The number of links that are followed one after another, as by Linux.
const LINKS: usize = 40;

/// A file that is written under the name `.NAME.part` and renamed at the end. A part that is not
/// finished is deleted, unless the process is killed; the next run then replaces it.
///
/// A file that several processes may write at the same time, with the same content, has a part for
/// each of them.
#[derive(Debug)]
pub struct PartFile {
    path: PathBuf,
    part: PathBuf,
    /// `None` once the file is finished.
    file: Option<File>,
}

impl PartFile {
    /// Creates the part of the file `path`, and its folder.
    pub fn create(path: &Path) -> Result<Self> {
        Self::create_with(path, "")
    }

    /// Like [`create`](Self::create), with the part `.NAME.TAG.part`.
    pub fn create_tagged(path: &Path, tag: &str) -> Result<Self> {
        Self::create_with(path, &format!(".{tag}"))
    }

    fn create_with(path: &Path, tag: &str) -> Result<Self> {
        let path = &target_of(path);
        let is_special = fs::metadata(path).is_ok_and(|file| !file.is_file() && !file.is_dir());
        let standard = standard_at(path);
        // A device or a pipe cannot be replaced, and is written directly. So is the file of
        // standard output or standard error: to replace it would lose what these write.
        let is_direct = is_special || standard.is_some();
        let part = if is_direct { path.clone() } else { part_of(path, tag) };
        let create = || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            match standard {
                Some(file) => Ok(file),
                None if is_special => File::options().write(true).open(&part),
                None => open_alone(&part),
            }
        };
        let file = create().with_context(|| path.display().to_string())?;
        if !is_direct {
            interrupt::add_temporary(&part);
        }
        Ok(Self { path: path.to_owned(), part, file: Some(file) })
    }

    /// Deletes the part of the file `path` that a killed process has left, if there is one.
    pub fn delete_part(path: &Path) -> Result<()> {
        let part = part_of(&target_of(path), "");
        match fs::remove_file(&part) {
            Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Err(error).with_context(|| part.display().to_string())
            }
            _ => Ok(()),
        }
    }

    /// Returns the name of the part, or `None` if the file is written directly.
    pub fn part(&self) -> Option<&Path> {
        (self.part != self.path).then_some(&self.part)
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let file = self.file.as_mut();
        file.map_or(Ok(()), |file| file.write_all(bytes)).with_context(|| self.path.display().to_string())
    }

    /// Appends at most `len` bytes of the file `path` from the byte `start` on, and returns their
    /// number.
    pub fn append(&mut self, path: &Path, start: u64, len: u64) -> Result<u64> {
        let Some(to) = &mut self.file else { return Ok(0) };
        let mut copy = || {
            let mut from = File::open(path)?;
            from.seek(SeekFrom::Start(start))?;
            io::copy(&mut from.take(len), to)
        };
        copy().with_context(|| format!("{}, with {}", self.path.display(), path.display()))
    }

    /// Makes the content durable.
    pub fn sync(&mut self) -> Result<()> {
        let file = self.file.as_ref().filter(|_| self.part().is_some());
        let synced = file.map_or(Ok(()), File::sync_all);
        synced.with_context(|| self.path.display().to_string())
    }

    /// Makes the content durable, and gives the file its name.
    pub fn finish(mut self) -> Result<()> {
        self.sync()?;
        self.rename()
    }

    /// Gives the file its name, after [`sync`](Self::sync).
    pub fn rename(mut self) -> Result<()> {
        if self.part().is_none() {
            self.file = None;
            return Ok(());
        }
        let replace = || {
            if let Ok(replaced) = fs::metadata(&self.path) {
                fs::set_permissions(&self.part, replaced.permissions())?;
            }
            fs::rename(&self.part, &self.path)
        };
        replace().with_context(|| self.path.display().to_string())?;
        interrupt::remove_temporary(&self.part);
        self.file = None;
        Ok(())
    }

    /// Like [`rename`](Self::rename), for a tagged part. Also deletes the parts with other tags, of
    /// processes that were killed, or that will find the file there.
    pub fn rename_for_all(self) -> Result<()> {
        let path = self.path.clone();
        let is_gone = |error: &io::Error| error.kind() == ErrorKind::NotFound;
        match self.rename() {
            Err(error) if error.downcast_ref().is_some_and(is_gone) && path.exists() => return Ok(()),
            renamed => renamed?,
        }
        let start = format!(".{}.", path.file_name().unwrap_or_default().to_string_lossy());
        for entry in
            path.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten()
        {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(&start) && name.ends_with(".part") {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        let Some(file) = self.file.take().filter(|_| self.part().is_some()) else { return };
        drop(fs::remove_file(&self.part));
        interrupt::remove_temporary(&self.part);
        // The part is locked until it is deleted: a run that got the lock before would write a file
        // without a name.
        drop(file);
    }
}

/// Creates or empties the file `part`, and locks it until it is closed. The lock leaves nothing
/// behind, because it is that of the part itself.
fn open_alone(part: &Path) -> io::Result<File> {
    loop {
        let file = File::options().write(true).create(true).truncate(false).open(part)?;
        if !try_lock(&file, false) {
            let error = "expected a file that no other run of refrain writes; wait until it ends";
            return Err(io::Error::other(error));
        }
        // Another run may have finished the file before the lock, and given it its name.
        if is_named(&file, part) {
            file.set_len(0)?;
            return Ok(file);
        }
    }
}

/// Returns an error if the file `path` cannot be created or replaced. Creates nothing: to write the
/// file may come after hours of work.
pub fn check_writable(path: &Path) -> io::Result<()> {
    let path = target_of(path);
    match fs::metadata(&path) {
        Ok(file) if file.is_dir() => return Err(io::Error::other("expected a file, found a folder")),
        // A device or a pipe is written directly; to open a pipe would wait for its reader.
        Ok(file) if !file.is_file() => return Ok(()),
        _ if standard_at(&path).is_some() => return Ok(()),
        _ => {}
    }
    // Folders that do not exist are created together with the file.
    let path = std::path::absolute(path)?;
    let folder = path.ancestors().skip(1).find(|folder| folder.exists());
    let created = tempfile::tempfile_in(folder.unwrap_or(Path::new(".")));
    // The message of the error would have the name of the file.
    created.map(drop).map_err(|error| error.kind().into())
}

/// Returns the file that a link leads to, also if it does not exist yet: that file is replaced, and
/// not the link.
fn target_of(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    // More links in a row are followed by no system, and may be a circle.
    for _ in 0..LINKS {
        match path.read_link() {
            Ok(target) if !path.exists() => path = path.with_file_name("").join(target),
            _ => break,
        }
    }
    path.canonicalize().unwrap_or(path)
}

fn part_of(path: &Path, tag: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{tag}.part"))
}

/// Writes a whole file, which has its name only when it is finished.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut part = PartFile::create(path)?;
    part.write(bytes)?;
    part.finish()
}

/// Deletes the file `path`, and the folders between it and `root` that are empty then.
pub fn remove_with_folders(path: &Path, root: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    for folder in path.ancestors().skip(1).take_while(|folder| *folder != root) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Makes `files` durable with `sync`, several at the same time, because file systems join such
/// changes.
pub fn sync_all<T: Send>(files: &mut [T], sync: impl Fn(&mut T) -> Result<()> + Sync) -> Result<()> {
    let (sync, part) = (&sync, files.len().div_ceil(SYNCS).max(1));
    std::thread::scope(|scope| {
        let threads: io::Result<Vec<_>> = files
            .chunks_mut(part)
            .map(|files| Builder::new().spawn_scoped(scope, move || files.iter_mut().try_for_each(sync)))
            .collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Result<()>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.context("expected to start another thread")?.into_iter().try_for_each(join)
    })
}

/// Returns whether the reader of standard output is gone, such as `head`.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io_error = error.downcast_ref::<io::Error>();
    io_error.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
