//! The parts of an output folder: a list of the files that a run has begun to write. Those that are
//! left when the run is killed are deleted by the next one.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::manifest::FOLDER;
use super::part::PartFile;

/// All lists of parts begin with this word. Each process has one of its own, named as its manifest.
const PARTS: &str = "parts-";

/// The list of the parts of this process.
pub struct Parts {
    /// The output folder. Paths in the list are below it, because it may be moved.
    folder: PathBuf,
    path: PathBuf,
    file: File,
}

impl Parts {
    /// Deletes the parts that an earlier process with this manifest has left in the output folder
    /// `folder`, and starts a new list.
    pub fn open(folder: &Path, manifest: &str) -> Result<Self> {
        let path = folder.join(FOLDER).join(format!("{PARTS}{manifest}"));
        let list = fs::read_to_string(&path).unwrap_or_default();
        // A kill may have left a part of the last line, whose file was not created.
        for output in list.lines().filter_map(|line| serde_json::from_str::<PathBuf>(line).ok()) {
            PartFile::delete_part(&folder.join(output))?;
        }
        let file = File::create(&path).with_context(|| path.display().to_string())?;
        Ok(Self { folder: folder.to_owned(), path, file })
    }

    /// Adds a file of the output folder that is about to be written.
    pub fn add(&mut self, output: &Path) -> Result<()> {
        // JSON has no name that is not UTF-8: the part of such a file stays after a kill.
        let Some(output) = output.strip_prefix(&self.folder).unwrap_or(output).to_str() else {
            return Ok(());
        };
        let line = format!("{}\n", serde_json::to_string(output)?);
        self.file.write_all(line.as_bytes()).with_context(|| self.path.display().to_string())
    }

    /// Deletes the list, because all outputs are finished.
    pub fn finish(self) -> Result<()> {
        fs::remove_file(&self.path).with_context(|| self.path.display().to_string())
    }
}
