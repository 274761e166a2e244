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
/// leaves the earlier file.
pub fn write(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), IndexError>,
) -> PyResult<()> {
    let failed = |error: std::io::Error| io_error("write", path, &error);
    // Other threads and processes may write the same file at the same time.
    let thread: String = format!("{:?}", std::thread::current().id()).matches(char::is_numeric).collect();
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}-{thread}.part", std::process::id()));
    let part = PathBuf::from(name);
    let mut file = BufWriter::new(File::create(&part).map_err(failed)?);
    let written = write(&mut file).map_err(index_error).and_then(|()| {
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        fs::rename(&part, path).map_err(failed)
    });
    if written.is_err() {
        // The error of the write says more than one of this removal.
        let _ = fs::remove_file(&part);
    }
    written
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
