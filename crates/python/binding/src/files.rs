//! Files that are written as a whole or not at all, and the errors of the system.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use refrain::error::IndexError;

use crate::options::value_error;

/// Opens a file.
pub fn open(path: &Path) -> PyResult<BufReader<File>> {
    File::open(path).map(BufReader::new).map_err(|error| io_error("read", path, &error))
}

/// Writes a file beside `path`, and then moves it there, so that an interrupted or failed write
/// leaves the earlier file. The file that a link leads to is replaced, and not the link. A device
/// or a pipe is written directly.
pub fn write(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), IndexError>,
) -> PyResult<()> {
    let failed = |error: std::io::Error| io_error("write", path, &error);
    let target = &target_of(path);
    let replaced = fs::metadata(target).ok();
    if replaced.as_ref().is_some_and(|file| !file.is_file() && !file.is_dir()) {
        let file = File::options().write(true).open(target).map_err(failed)?;
        return fill(file, write, failed).map(drop);
    }
    // Other threads and processes may write the same file at the same time.
    let thread: String = format!("{:?}", std::thread::current().id()).matches(char::is_numeric).collect();
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{}-{thread}.part", std::process::id()));
    let part = PathBuf::from(name);
    let file = File::create(&part).map_err(failed)?;
    let written = fill(file, write, failed).and_then(|file| {
        let finish = || {
            replaced.map_or(Ok(()), |replaced| file.set_permissions(replaced.permissions()))?;
            file.sync_all()?;
            fs::rename(&part, target)
        };
        finish().map_err(failed)
    });
    if written.is_err() {
        // The error of the write says more than one of this removal.
        let _ = fs::remove_file(&part);
    }
    written
}

/// Writes the content of a file.
fn fill(
    file: File,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), IndexError>,
    failed: impl Fn(std::io::Error) -> PyErr,
) -> PyResult<File> {
    let mut file = BufWriter::new(file);
    write(&mut file).map_err(index_error)?;
    file.into_inner().map_err(|error| failed(error.into_error()))
}

/// Returns the file that a link leads to, also if it does not exist yet.
fn target_of(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    // More links in a row are followed by no system, and may be a circle.
    for _ in 0..40 {
        match path.read_link() {
            Ok(target) if !path.exists() => path = path.with_file_name("").join(target),
            _ => break,
        }
    }
    path.canonicalize().unwrap_or(path)
}

fn io_error(verb: &str, path: &Path, error: &std::io::Error) -> PyErr {
    let message = format!("cannot {verb} {}: {error}", path.display());
    PyOSError::new_err((error.raw_os_error(), message))
}

/// Returns an `OSError` if the system failed, and a `ValueError` otherwise.
pub fn index_error(error: IndexError) -> PyErr {
    match &error {
        IndexError::Io { source, .. } => {
            PyOSError::new_err((source.raw_os_error(), format!("{error}: {source}")))
        }
        _ => value_error(error),
    }
}
