//! The inputs that a command line names: files, folders, globs, lists of files, standard input.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::expand::{expand, is_glob, is_hidden, names_in};
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
    /// The name of standard input or of a pipe, if the file is a copy of it.
    pub copied: Option<String>,
}

impl Input {
    /// Returns the name for messages and for documents without an id.
    pub fn name(&self) -> String {
        let path = || self.path.as_ref().map(|path| path.display().to_string());
        self.copied.clone().or_else(path).unwrap_or_else(|| "standard input".to_owned())
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
pub fn discover(names: &[OsString], files_from: Option<&Path>, format: Option<Format>) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for name in names {
        add(Path::new(name), format, &mut inputs)?;
    }
    if let Some(list) = files_from {
        for name in listed(list)? {
            add(Path::new(&name), format, &mut inputs)?;
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
fn listed(list: &Path) -> Result<Vec<String>> {
    let read = || {
        let mut bytes = Vec::new();
        match list.as_os_str() == STDIN {
            true => super::open::stdin()?.read_to_end(&mut bytes)?,
            false => fs::File::open(list)?.read_to_end(&mut bytes)?,
        };
        Ok::<_, io::Error>(bytes)
    };
    let bytes = read().with_context(|| format!("--files-from {}", list.display()))?;
    let mut names = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let Ok(name) = std::str::from_utf8(line) else {
            bail!(
                "--files-from {}, line {number}: expected a name in UTF-8; name this file, or its folder, on the \
                 command line",
                list.display()
            );
        };
        let name = name.strip_suffix('\r').unwrap_or(name);
        if !name.trim().is_empty() {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

fn add(path: &Path, format: Option<Format>, inputs: &mut Vec<Input>) -> Result<()> {
    let name = path.display();
    if path.as_os_str() == STDIN {
        inputs.push(Input {
            path: None,
            relative: PathBuf::new(),
            folder: None,
            format: format.unwrap_or(Format::Jsonl),
            copied: None,
        });
        return Ok(());
    }
    if path.is_dir() {
        let before = inputs.len();
        add_folder(path, path, format, inputs)?;
        if inputs.len() == before {
            bail!("{name}: expected files that end in {ENDINGS}, found none in this folder");
        }
        return Ok(());
    }
    // A file whose name has the signs of a glob is a file.
    if !path.exists() && is_glob(path.as_os_str()) {
        let found = expand(path)?;
        if found.is_empty() {
            bail!("{name}: expected a file, found none that matches this glob");
        }
        for path in found {
            if path.is_dir() {
                add_folder(&path, &path, format, inputs)?;
            } else {
                add_file(&path, format, inputs)?;
            }
        }
        return Ok(());
    }
    fs::metadata(path).with_context(|| name.to_string())?;
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
    inputs.push(Input { path: Some(path.to_owned()), relative, folder: None, format, copied: None });
    Ok(())
}

/// Adds the files below `folder` with known endings, sorted by name. Hidden files and folders are
/// left out, among them the folder `.refrain` of an output, and so are links to folders. A link to
/// a file that is missing is an error.
fn add_folder(root: &Path, folder: &Path, format: Option<Format>, inputs: &mut Vec<Input>) -> Result<()> {
    for name in names_in(folder)?.filter(|name| !is_hidden(name)) {
        let path = folder.join(name);
        // A link to a folder may lead back to the folder that is read.
        let is_link = path.is_symlink();
        if path.is_dir() && !is_link {
            add_folder(root, &path, format, inputs)?;
        } else if let Some(known) = Format::of_name(&path)
            && fs::metadata(&path).with_context(|| path.display().to_string())?.is_file()
        {
            let relative = path.strip_prefix(root).unwrap_or(&path).to_owned();
            let folder = Some(root.to_owned());
            let format = format.unwrap_or(known);
            inputs.push(Input { path: Some(path), relative, folder, format, copied: None });
        }
    }
    Ok(())
}
