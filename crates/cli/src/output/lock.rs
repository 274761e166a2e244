//! Locks of folders, without which two runs could replace the files of each other.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::interrupt;

/// The time to wait for a lock. A process that was killed has it until its memory is freed, which
/// may be after the next run is started.
const PATIENCE: Duration = Duration::from_secs(2);

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
    if !try_lock(&file, is_shared) {
        bail!(
            "{}: expected a folder that no other run of refrain uses; wait until it ends",
            folder.display()
        );
    }
    Ok(file)
}

/// Locks `file` for this process alone or together with others, and returns whether that was
/// possible. On file systems that have no locks, everything is.
pub fn try_lock(file: &File, is_shared: bool) -> bool {
    let start = Instant::now();
    loop {
        let locked = if is_shared { file.try_lock_shared() } else { file.try_lock() };
        match locked {
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE && !interrupt::is_requested() => {
                std::thread::sleep(PATIENCE / 20);
            }
            locked => return !matches!(locked, Err(TryLockError::WouldBlock)),
        }
    }
}
