//! The protection of files that are read from being written.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::{RemovalArgs, RunArgs, Target};
use crate::input::{Compression, Format, Input, STDIN};
use crate::output::{check_writable, stdout_at};

/// The files that a run writes, each with the option that names it.
#[derive(Debug)]
pub struct Written {
    files: Vec<(&'static str, PathBuf)>,
    /// True if the output is standard output.
    is_stdout: bool,
}

impl Written {
    /// Returns the files that the options name.
    pub fn new(target: &Target, removals: Option<&RemovalArgs>, run: &RunArgs) -> Self {
        let output = match target {
            Target::File(path, _) => Some(&**path),
            Target::Folder(..) | Target::Stdout(_) | Target::Nothing(_) => None,
        };
        let removed = removals.and_then(|removals| removals.removed.as_deref());
        let stats = run.stats.as_deref().filter(|path| path.as_os_str() != STDIN);
        let all = [("--output", output), ("--removed", removed), ("--stats", stats)];
        let files = all.into_iter().filter_map(|(option, path)| Some((option, path?.to_owned()))).collect();
        Self { files, is_stdout: matches!(target, Target::Stdout(_)) }
    }

    /// Returns an error if two of the files are the same, if one of them is one of `inputs`, or if
    /// one of them cannot be written.
    pub fn check(&self, inputs: &[Input]) -> Result<()> {
        for (index, (option, path)) in self.files.iter().enumerate() {
            let compression = Compression::of_name(path);
            if *option != "--output" && compression != Compression::None {
                bail!(
                    "{option} {}: expected a name without {}, because this file is not compressed",
                    path.display(),
                    compression.ending()
                );
            }
            if *option == "--removed" && path.as_os_str() == STDIN {
                bail!("--removed: expected the name of a file, found `-`");
            }
            refuse_input(option, path, inputs)?;
            if Format::of_name(path).is_some() {
                refuse_input_folder(path, "file", inputs)?;
            }
            let is_same = |other: &&(&str, PathBuf)| real(&other.1) == real(path);
            if let Some((other, _)) = self.files[..index].iter().filter(|_| !is_special(path)).find(is_same) {
                bail!("{option} {}: expected another file than that of {other}", path.display());
            }
            if self.is_stdout && stdout_at(path).is_some() {
                bail!("{option} {}: expected another file than that of standard output", path.display());
            }
            check_writable(path).with_context(|| format!("{option} {}", path.display()))?;
        }
        Ok(())
    }

    /// Returns an error if one of the files is one of `outputs`, which are paths below `folder`, or
    /// would be an input of a command that reads `folder`.
    pub fn check_outputs<'p>(
        &self,
        folder: &Path,
        outputs: impl Iterator<Item = &'p Path> + Clone,
    ) -> Result<()> {
        let folder = real(folder);
        for (option, path) in &self.files {
            let written = real(path);
            if outputs.clone().any(|output| folder.join(output) == written) {
                bail!("{option} {}: expected another file than the outputs", path.display());
            }
            let below = written.strip_prefix(&folder);
            let is_hidden = |path: &Path| {
                path.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
            };
            if Format::of_name(path).is_some() && below.is_ok_and(|path| !is_hidden(path)) {
                bail!(
                    "{option} {}: expected a file outside of the output folder, because the next command would \
                     read it as documents",
                    path.display()
                );
            }
        }
        Ok(())
    }
}

/// Returns an error if the file `path` that `option` names is one of `inputs`, or cannot be
/// written.
pub fn check_output(option: &str, path: &Path, inputs: &[Input]) -> Result<()> {
    refuse_input(option, path, inputs)?;
    check_writable(path).with_context(|| format!("{option} {}", path.display()))
}

/// Returns an error if the file `path` that `option` names is one of `inputs`.
fn refuse_input(option: &str, path: &Path, inputs: &[Input]) -> Result<()> {
    let Ok(canonical) = path.canonicalize() else { return Ok(()) };
    let is_input = |input: &Input| {
        input.path.as_deref().and_then(|path| path.canonicalize().ok()).is_some_and(|path| path == canonical)
    };
    if inputs.iter().any(is_input) {
        bail!(
            "{option} {}: expected another file than the inputs, which are never changed in place",
            path.display()
        );
    }
    Ok(())
}

/// Returns an error if the output `path`, a folder or a file, is in a folder of inputs: it would be
/// an input of the next run.
pub fn refuse_input_folder(path: &Path, kind: &str, inputs: &[Input]) -> Result<()> {
    let whole = real(path);
    let mut folders: Vec<&Path> = inputs.iter().filter_map(|input| input.folder.as_deref()).collect();
    folders.dedup();
    for folder in folders {
        if folder.canonicalize().is_ok_and(|folder| whole.starts_with(folder)) {
            bail!(
                "{}: expected an output {kind} outside of the folder of inputs {}",
                path.display(),
                folder.display()
            );
        }
    }
    Ok(())
}

/// Returns `path` without links and without `..`. Its end may be a file or folder that does not
/// exist.
fn real(path: &Path) -> PathBuf {
    let mut real = PathBuf::new();
    for component in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match component {
            Component::ParentDir => drop(real.pop()),
            component => real.push(component),
        }
        real = real.canonicalize().unwrap_or(real);
    }
    real
}

/// Returns whether `path` is a device or a pipe, to which several options may write.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| !file.is_file() && !file.is_dir())
}
