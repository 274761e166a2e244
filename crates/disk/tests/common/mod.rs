//! An index on disk in a folder that is removed when the test is over, and what several files need.

#![allow(dead_code, reason = "no test file uses everything")]

#[path = "../../../../tests/common/concurrent.rs"]
pub mod concurrent;
#[path = "../../../../tests/common/remembered.rs"]
pub mod remembered;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use refrain::Options;
use refrain::error::IndexError;
use refrain::index::Index;
use refrain::index::store::Store;
use refrain_disk::Disk;

/// A folder that is removed when the test is over.
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

/// Calls `open` until the index is not in use. A process that another test has just started keeps
/// the lock of an index that was closed until it runs its own program, so this waits for at most a
/// second.
pub fn retry<T>(mut open: impl FnMut() -> Result<T, IndexError>) -> T {
    for _ in 0..100 {
        match open() {
            Err(IndexError::InUse { .. }) => std::thread::sleep(Duration::from_millis(10)),
            index => return index.expect("it is opened"),
        }
    }
    panic!("expected the index to be closed");
}

pub fn open_within(path: &Path, memory: usize) -> Result<Index<Disk>, IndexError> {
    Index::open_with(path, &Options::new(), |folder, name, new| Disk::open_within(folder, name, new, memory))
}

pub fn open(path: &Path, memory: usize) -> Index<Disk> {
    retry(|| open_within(path, memory))
}

pub fn snapshot<S: Store>(index: &Index<S>) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("it is read");
    bytes
}

/// Returns every file below a folder, as a path from there.
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

pub fn copy(from: &Path, to: &Path) {
    drop(fs::remove_dir_all(to));
    fs::create_dir_all(to).expect("there is room");
    for entry in fs::read_dir(from).expect("it is there") {
        let from = entry.expect("it is read").path();
        let to = to.join(from.file_name().expect("it has one"));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).expect("there is room");
        }
    }
}

/// The variable with the folder for a test that is a child process.
pub const CHILD: &str = "REFRAIN_TEST_FOLDER";

/// Starts the test `name` of this program as a process of its own, to be killed.
pub fn spawn(name: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this is a program"))
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}
