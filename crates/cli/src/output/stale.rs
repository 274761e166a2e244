//! The outputs of an earlier run, which a run that starts again does not write.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result};

use super::manifest::{Digest, Line, listed};
use super::part::remove_with_folders;
use super::plan::Job;
use super::tell;

/// The bytes that are read at a time.
const CHUNK: usize = 1 << 18;

/// Deletes the outputs that the manifests of `folder` list and that are not among the outputs of
/// `jobs`. Files that are in `read`, or that have changed since they were written, are kept.
pub fn delete(folder: &Path, jobs: &[Job], read: &HashSet<PathBuf>) -> Result<()> {
    let outputs: HashSet<&Path> = jobs.iter().map(|job| &*job.relative).collect();
    // An output has a line for each time that it was written.
    let mut earlier: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in listed(folder)? {
        earlier.entry(line.output().to_owned()).or_default().push(line);
    }
    let mut deleted = 0;
    for (output, lines) in &earlier {
        let relative = Path::new(output);
        let is_below = relative.components().all(|part| matches!(part, Component::Normal(_)));
        let path = folder.join(relative);
        let is_read = || path.canonicalize().is_ok_and(|path| read.contains(&path));
        if !is_below || outputs.contains(relative) || !path.exists() || is_read() {
            continue;
        }
        if is_as_written(&path, lines).with_context(|| path.display().to_string())? {
            remove_with_folders(&path, folder).with_context(|| path.display().to_string())?;
            deleted += 1;
        } else {
            tell(format_args!(
                "refrain: {}: an earlier run wrote this file, and its input is not given now; the file has \
                 changed since, and is kept\n",
                path.display()
            ));
        }
    }
    if deleted > 0 {
        let files = if deleted == 1 { "1 file" } else { &format!("{deleted} files") };
        tell(format_args!(
            "refrain: {}: deleted {files} of an earlier run whose inputs are not given now\n",
            folder.display()
        ));
    }
    Ok(())
}

/// Returns whether the file `path` is the output that one of `lines` describes.
fn is_as_written(path: &Path, lines: &[Line]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Ok(false);
    }
    let (mut digest, mut buffer) = (Digest::default(), vec![0; CHUNK]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(lines.iter().any(|line| line.is_output(&digest))),
            len => digest.add(&buffer[..len]),
        }
    }
}
