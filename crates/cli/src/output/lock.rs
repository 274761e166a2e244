//! Locks of folders, without which two runs could replace the files of each other.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// A lock of a folder, until the value is dropped or the process ends in any way.
#[derive(Debug)]
pub struct Lock {
    _files: Vec<File>,
}

impl Lock {
    /// Locks `folder`, which is created if it does not exist, for this process alone; or for this
    /// `job` beside other jobs.
    ///
    /// On file systems that have no locks, this does nothing.
    pub fn new(folder: &Path, job: Option<&str>) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let mut files = vec![lock(folder, "lock", job.is_some())?];
        if let Some(job) = job {
            files.push(lock(folder, &format!("lock-{job}"), false)?);
        }
        Ok(Self { _files: files })
    }
}

fn lock(folder: &Path, name: &str, is_shared: bool) -> Result<File> {
    let path = folder.join(name);
    let file = File::options().create(true).append(true).open(&path);
    let file = file.with_context(|| path.display().to_string())?;
    let locked = if is_shared { file.try_lock_shared() } else { file.try_lock() };
    if let Err(TryLockError::WouldBlock) = locked {
        bail!(
            "{}: expected a folder that no other run of refrain uses; wait until it ends",
            folder.display()
        );
    }
    Ok(file)
}
