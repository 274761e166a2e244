//! The folder of an index: its files, and the lock that its writer holds.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use fs4::fs_std::FileExt as _;

use crate::error::IndexError;

/// A folder, and in unit tests how many bytes its disk has left.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    path: PathBuf,
    #[cfg(test)]
    pub(super) room: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl Folder {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            #[cfg(test)]
            room: std::sync::Arc::new(u64::MAX.into()),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn name(&self, file: &str) -> String {
        self.path.join(file).display().to_string()
    }

    /// The error for what the system answered about a file.
    pub(super) fn failed(&self, file: &str) -> impl FnOnce(io::Error) -> IndexError {
        let what = self.name(file);
        move |source| IndexError::Io { what, source }
    }

    pub(super) fn damaged(&self, file: &str, how: impl Into<String>) -> IndexError {
        IndexError::Damaged { what: self.name(file), how: how.into() }
    }

    pub(super) fn create_folder(&self) -> Result<(), IndexError> {
        fs::create_dir_all(&self.path).map_err(self.failed(""))
    }

    /// Takes the lock that one writer at a time has, until the file is closed, however the process ends.
    pub(super) fn lock(&self) -> Result<File, IndexError> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(self.path.join("lock"));
        let file = file.map_err(self.failed("lock"))?;
        if file.try_lock_exclusive().map_err(self.failed("lock"))? {
            return Ok(file);
        }
        Err(IndexError::InUse { path: self.path.clone() })
    }

    /// The content of a small file, `None` if there is none.
    pub(super) fn read(&self, file: &str) -> Result<Option<Vec<u8>>, IndexError> {
        match fs::read(self.path.join(file)) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(file)(error)),
        }
    }

    /// Writes what is to replace a small file. Nothing has happened until it is [published](Self::publish).
    pub(super) fn prepare(&self, file: &str, content: &[u8]) -> Result<(), IndexError> {
        let mut out = self.create(&format!("{file}.new"))?;
        out.write(content)?;
        out.finish()
    }

    /// Replaces a small file: whoever reads it, now or after a crash, sees the old one or the new one, whole. After an error it
    /// may be either.
    pub(super) fn publish(&self, file: &str) -> Result<(), IndexError> {
        let renamed = fs::rename(self.path.join(format!("{file}.new")), self.path.join(file));
        renamed.map_err(self.failed(file))?;
        self.sync_names()
    }

    /// Makes sure that files which were made, renamed or removed stay so.
    pub(super) fn sync_names(&self) -> Result<(), IndexError> {
        #[cfg(unix)]
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(self.failed(""))?;
        Ok(())
    }

    pub(super) fn create(&self, name: &str) -> Result<Out, IndexError> {
        let file = File::create(self.path.join(name)).map_err(self.failed(name))?;
        Ok(Out { folder: self.clone(), name: name.to_owned(), file, buffer: Vec::new(), len: 0 })
    }

    pub(super) fn open(&self, name: &str) -> Result<In, IndexError> {
        let file = File::open(self.path.join(name)).map_err(self.failed(name))?;
        Ok(In { folder: self.clone(), name: name.to_owned(), file })
    }

    /// Opens a file for reading and writing.
    pub(super) fn open_both(&self, name: &str) -> Result<(In, File), IndexError> {
        let file = OpenOptions::new().read(true).write(true).open(self.path.join(name));
        Ok((self.open(name)?, file.map_err(self.failed(name))?))
    }

    /// Removes the files for which nothing is to be said, of those that an index makes.
    pub(super) fn remove_others(&self, keep: impl Fn(&str) -> bool) -> Result<(), IndexError> {
        for entry in fs::read_dir(&self.path).map_err(self.failed(""))? {
            let name = entry.map_err(self.failed(""))?.file_name();
            let Some(name) = name.to_str() else { continue };
            let ours = name.starts_with("run-") || name.starts_with("log-") || name.ends_with(".new");
            if ours && !keep(name) {
                self.remove(name);
            }
        }
        Ok(())
    }

    /// Removes a file that is not needed any more. It does no harm if it stays.
    pub(super) fn remove(&self, name: &str) {
        drop(fs::remove_file(self.path.join(name)));
    }

    /// In unit tests, whether the disk has room for so many bytes more.
    fn take_room(&self, bytes: usize) -> io::Result<()> {
        #[cfg(test)]
        {
            use std::sync::atomic::Ordering::Relaxed;
            let take = |room: u64| room.checked_sub(bytes as u64);
            if self.room.fetch_update(Relaxed, Relaxed, take).is_err() {
                return Err(io::Error::from(ErrorKind::StorageFull));
            }
        }
        let _ = bytes;
        Ok(())
    }

    /// Writes to a file that is open, where it stands.
    pub(super) fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<()> {
        self.take_room(bytes.len())?;
        file.write_all(bytes)
    }
}

/// A file that is being written from front to back.
#[derive(Debug)]
pub(super) struct Out {
    folder: Folder,
    name: String,
    file: File,
    buffer: Vec<u8>,
    len: u64,
}

impl Out {
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.buffer.extend_from_slice(bytes);
        self.len += bytes.len() as u64;
        if self.buffer.len() >= 1 << 18 { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), IndexError> {
        self.folder.write(&self.file, &self.buffer).map_err(self.folder.failed(&self.name))?;
        self.buffer.clear();
        Ok(())
    }

    /// How much was written.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Makes sure that what was written is there.
    pub(super) fn finish(mut self) -> Result<(), IndexError> {
        self.flush()?;
        self.file.sync_all().map_err(self.folder.failed(&self.name))
    }
}

/// A file that is being read, by any number of threads.
#[derive(Debug)]
pub(super) struct In {
    folder: Folder,
    name: String,
    file: File,
}

impl In {
    pub(super) fn len(&self) -> Result<u64, IndexError> {
        Ok(self.file.metadata().map_err(self.folder.failed(&self.name))?.len())
    }

    /// Fills `bytes` with what stands at an offset. It is damage if the file ends before.
    pub(super) fn read(&self, bytes: &mut [u8], offset: u64) -> Result<(), IndexError> {
        read_exact_at(&self.file, bytes, offset).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => {
                self.damaged(format!("it ends before byte {offset} + {}", bytes.len()))
            }
            _ => self.folder.failed(&self.name)(error),
        })
    }

    pub(super) fn damaged(&self, how: impl Into<String>) -> IndexError {
        self.folder.damaged(&self.name, how)
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes = bytes.split_at_mut(read).1;
        offset += read as u64;
    }
    Ok(())
}
