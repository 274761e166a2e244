//! An index on disk, in a folder that is gone when the test is over.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use refrain::Options;
use refrain::error::IndexError;
use refrain::index::store::Store;
use refrain::index::{Disk, Index};

/// A folder that is gone when the test is over.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Opens the index in a folder. A process that another test has just started keeps the lock of an
/// index that was closed until it runs its own program, so this waits for at most a second.
pub fn open(path: &Path, memory: usize) -> Index<Disk> {
    for _ in 0..100 {
        match Index::<Disk>::open_within(path, &Options::new(), memory) {
            Err(IndexError::InUse { .. }) => std::thread::sleep(Duration::from_millis(10)),
            index => return index.expect("it is opened"),
        }
    }
    panic!("expected {} to be closed", path.display());
}

pub fn snapshot<S: Store>(index: &Index<S>) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("it is read");
    bytes
}

/// Every file below a folder, as a path from there.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inner)).expect("it is there") {
            let entry = entry.expect("it is read");
            let path = inner.join(entry.file_name());
            if entry.path().is_dir() { folders.push(path) } else { all.push(path) }
        }
    }
    all.sort();
    all
}
