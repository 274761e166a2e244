//! The files and folders that match a glob, whatever the bytes of their names.
//!
//! `glob::glob` leaves out names that are not UTF-8, or panics. Here, such bytes count as U+FFFD.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use glob::{MatchOptions, Pattern};

/// Returns whether `name` has characters of a glob.
pub fn is_glob(name: &OsStr) -> bool {
    name.as_encoded_bytes().iter().any(|byte| matches!(byte, b'*' | b'?' | b'['))
}

/// Returns the paths that match `glob`, sorted. A name that begins with a full stop matches only a
/// part of the glob that does too. The part `**` matches any number of folders, but no links.
pub fn expand(glob: &Path) -> Result<Vec<PathBuf>> {
    let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
    let mut paths = vec![PathBuf::new()];
    for part in glob.components() {
        let part = part.as_os_str();
        if !is_glob(part) {
            paths.iter_mut().for_each(|path| path.push(part));
            continue;
        }
        let pattern = Pattern::new(&part.to_string_lossy());
        let pattern = pattern.with_context(|| format!("{}: expected a glob", glob.display()))?;
        let mut found = Vec::new();
        for path in paths.into_iter().filter(|path| or_current(path).is_dir()) {
            if part == "**" {
                add_folders(path, &mut found)?;
            } else {
                let is_match = |name: &OsString| pattern.matches_with(&name.to_string_lossy(), options);
                found.extend(names_in(&path)?.filter(is_match).map(|name| path.join(name)));
            }
        }
        paths = found;
    }
    let is_folder = glob.as_os_str().as_encoded_bytes().ends_with(b"/");
    // The last part may be a name that is only in some of the folders.
    paths.retain(|path| path.symlink_metadata().is_ok() && (path.is_dir() || !is_folder));
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

/// Adds `folder` and the folders below it.
fn add_folders(folder: PathBuf, found: &mut Vec<PathBuf>) -> Result<()> {
    for name in names_in(&folder)?.filter(|name| !is_hidden(name)) {
        let path = folder.join(name);
        // A link to a folder may lead back to the folder that is read.
        if path.is_dir() && !path.is_symlink() {
            add_folders(path, found)?;
        }
    }
    found.push(folder);
    Ok(())
}

/// Returns the names in `folder`, sorted.
pub fn names_in(folder: &Path) -> Result<impl Iterator<Item = OsString> + use<>> {
    let read = || {
        let entries = fs::read_dir(or_current(folder))?;
        entries.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<Vec<OsString>>>()
    };
    let mut names = read().with_context(|| folder.display().to_string())?;
    names.sort_unstable();
    Ok(names.into_iter())
}

pub fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Returns `path`, or the current folder if it is empty.
fn or_current(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}
