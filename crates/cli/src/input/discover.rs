//! The inputs that a command line names: files, folders, globs, lists of files, standard input.

use std::fs;
use std::io::{self, BufRead as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::kind::{Compression, ENDINGS, Format};

/// The name of standard input on a command line.
pub const STDIN: &str = "-";

/// A file or standard input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Input {
    /// The file, or `None` for standard input.
    pub path: Option<PathBuf>,
    /// The path below the folder that was given, or the name of the file: the name of its output.
    pub relative: PathBuf,
    /// The folder that was given, if the file was found in one.
    pub folder: Option<PathBuf>,
    pub format: Format,
}

impl Input {
    /// Returns the name for messages and for documents without an id.
    pub fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| "standard input".to_owned(), |path| path.display().to_string())
    }

    /// Returns the name for documents without an id: the path below the folder that was given.
    pub fn label(&self) -> String {
        if self.path.is_none() { STDIN.to_owned() } else { self.relative.display().to_string() }
    }

    /// Returns the compression that the name of the file stands for.
    pub fn compression(&self) -> Compression {
        self.path.as_deref().map_or(Compression::None, Compression::of_name)
    }
}

/// Returns the inputs that `names` stand for, in order: arguments as they are given, the files of a
/// folder or a glob sorted by their paths. A file that is named twice is an error.
pub fn discover(names: &[String], files_from: Option<&str>, format: Option<Format>) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for name in names {
        add(name, format, &mut inputs)?;
    }
    if let Some(list) = files_from {
        for name in listed(list)? {
            add(&name, format, &mut inputs)?;
        }
    }
    if inputs.is_empty() {
        bail!("expected an input: a file, a folder, a glob, or `-` for standard input");
    }
    let mut paths: Vec<_> = inputs.iter().map(|input| &input.path).collect();
    paths.sort_unstable();
    if let Some(twice) = paths.windows(2).find(|pair| pair[0] == pair[1]) {
        let name = twice[0].as_deref().map_or(STDIN.into(), Path::to_string_lossy);
        bail!("{name}: expected each input once, found this one twice");
    }
    Ok(inputs)
}

/// Reads the list of files in the file `list`, or in standard input.
fn listed(list: &str) -> Result<Vec<String>> {
    let lines: io::Result<Vec<String>> = match list {
        STDIN => super::open::stdin().and_then(|stdin| stdin.lock().lines().collect()),
        path => fs::read_to_string(path).map(|text| text.lines().map(str::to_owned).collect()),
    };
    let lines = lines.with_context(|| format!("--files-from {list}"))?;
    Ok(lines.into_iter().filter(|line| !line.trim().is_empty()).collect())
}

fn add(name: &str, format: Option<Format>, inputs: &mut Vec<Input>) -> Result<()> {
    if name == STDIN {
        inputs.push(Input {
            path: None,
            relative: PathBuf::new(),
            folder: None,
            format: format.unwrap_or(Format::Jsonl),
        });
        return Ok(());
    }
    let path = Path::new(name);
    if path.is_dir() {
        let before = inputs.len();
        add_folder(path, path, format, inputs)?;
        if inputs.len() == before {
            bail!("{name}: expected files that end in {ENDINGS}, found none in this folder");
        }
        return Ok(());
    }
    // A file whose name has the signs of a glob is a file.
    if !path.exists() && name.contains(['*', '?', '[']) {
        let hidden = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let matches = glob::glob_with(name, hidden).with_context(|| format!("{name}: expected a glob"))?;
        let mut found = false;
        for path in matches {
            let path = path.map_err(|error| {
                let path = error.path().display().to_string();
                anyhow::Error::from(io::Error::from(error)).context(path)
            })?;
            if path.is_dir() {
                add_folder(&path, &path, format, inputs)?;
            } else {
                add_file(&path, format, inputs)?;
            }
            found = true;
        }
        if !found {
            bail!("{name}: expected a file, found none that matches this glob");
        }
        return Ok(());
    }
    fs::metadata(path).with_context(|| name.to_owned())?;
    add_file(path, format, inputs)
}

fn add_file(path: &Path, format: Option<Format>, inputs: &mut Vec<Input>) -> Result<()> {
    let Some(format) = format.or_else(|| Format::of_name(path)) else {
        bail!(
            "{}: expected a name that ends in {ENDINGS}, or in one of these with .gz or .zst; name the format \
             of other files with --format",
            path.display()
        );
    };
    let relative = path.file_name().map(PathBuf::from).unwrap_or_default();
    inputs.push(Input { path: Some(path.to_owned()), relative, folder: None, format });
    Ok(())
}

/// Adds the files below `folder` with known endings, sorted by name. Hidden files and folders are
/// left out, among them the folder `.refrain` of an output, and so are links to folders. A link to
/// a file that is missing is an error.
fn add_folder(root: &Path, folder: &Path, format: Option<Format>, inputs: &mut Vec<Input>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.with_context(|| folder.display().to_string())?.path());
    }
    paths.sort_unstable();
    for path in paths {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden {
            continue;
        }
        // A link to a folder may lead back to the folder that is read.
        let is_link = path.is_symlink();
        if path.is_dir() && !is_link {
            add_folder(root, &path, format, inputs)?;
        } else if let Some(known) = Format::of_name(&path)
            && fs::metadata(&path).with_context(|| path.display().to_string())?.is_file()
        {
            let relative = path.strip_prefix(root).unwrap_or(&path).to_owned();
            let folder = Some(root.to_owned());
            inputs.push(Input { path: Some(path), relative, folder, format: format.unwrap_or(known) });
        }
    }
    Ok(())
}
