//! The claims of an output folder: the outputs that runs have begun to give their names, each with
//! its input. An output without a claim is a file of the user or of another run, and is not
//! replaced.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

/// All files of claims begin with this word. Each process has one of its own, named as its
/// manifest.
const CLAIMS: &str = "claims-";

/// A line: an input, and the path of its output below the folder.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Claim {
    input: String,
    output: String,
}

impl Claim {
    pub fn new(input: &str, output: &Path) -> Self {
        Self { input: input.to_owned(), output: output.display().to_string() }
    }
}

/// Reads all claims in `folder`, if there is one.
pub fn read(folder: &Path) -> Result<HashSet<Claim>> {
    let mut all = HashSet::new();
    if !folder.exists() {
        return Ok(all);
    }
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry.with_context(|| folder.display().to_string())?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(CLAIMS)) {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            // A kill may have left a part of the last line.
            all.extend(text.lines().filter_map(|line| serde_json::from_str::<Claim>(line).ok()));
        }
    }
    Ok(all)
}

/// The claims of all processes, and the file of this process.
pub struct Claims {
    pub all: HashSet<Claim>,
    path: PathBuf,
    file: File,
}

impl Claims {
    /// Reads all claims in `folder`, and opens the file of the process with this manifest.
    pub fn open(folder: &Path, manifest: &str) -> Result<Self> {
        let all = read(folder)?;
        let path = folder.join(format!("{CLAIMS}{manifest}"));
        let open = OpenOptions::new().create(true).append(true).open(&path);
        let file = open.with_context(|| path.display().to_string())?;
        Ok(Self { all, path, file })
    }

    /// Adds inputs with their outputs, durably.
    pub fn add<'p>(&mut self, outputs: impl Iterator<Item = (String, &'p Path)>) -> Result<()> {
        let mut lines = Vec::new();
        for (input, output) in outputs {
            let claim = Claim::new(&input, output);
            if !self.all.contains(&claim) {
                // The first line end cuts off a part of a line that a kill has left.
                lines.push(b'\n');
                serde_json::to_writer(&mut lines, &claim)?;
                lines.push(b'\n');
                self.all.insert(claim);
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&lines).and_then(|()| self.file.sync_data());
        written.with_context(|| self.path.display().to_string())
    }
}
