//! The manifest of an output folder: the settings, and a line for each finished input.
//!
//! A run that is interrupted or killed leaves whole lines, and perhaps a part of one, which is cut
//! off. The next run skips the inputs of whole lines, if the inputs and outputs are as they were.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::input::Input;
use crate::totals::Totals;

/// The folder for the files of a run, below the output folder.
pub const FOLDER: &str = ".refrain";
/// The name of the manifest, if no other is given. All names begin with the same word.
pub const MANIFEST: &str = "manifest.jsonl";
const MANIFESTS: &str = "manifest";
/// The setting that names the state of all inputs begins with this word.
pub const INPUTS: &str = "inputs ";
/// The bytes at the start and at the end of an input by which a change is found.
const ENDS: u64 = 1 << 20;

/// The first line: everything that the outputs depend on besides the inputs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settings {
    pub command: String,
    pub version: String,
    pub scheme: u32,
    pub settings: String,
}

impl Settings {
    pub fn new(command: &str, parts: &[String]) -> Self {
        Self {
            command: command.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scheme: refrain::Fingerprint::SCHEME,
            settings: parts.join(", "),
        }
    }
}

/// A line: an input that is finished.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Line {
    input: String,
    state: State,
    output: String,
    output_bytes: u64,
    output_hash: String,
    /// True if the removals were listed too.
    is_listed: bool,
    totals: Totals,
}

impl Line {
    pub fn new(
        input: &Input,
        state: State,
        (output, digest): (&Path, &Digest),
        is_listed: bool,
        totals: Totals,
    ) -> Self {
        Self {
            input: input.name(),
            state,
            output: output.display().to_string(),
            output_bytes: digest.bytes,
            output_hash: digest.hash(),
            is_listed,
            totals,
        }
    }

    /// Returns the path of the output below the folder.
    pub fn output(&self) -> &str {
        &self.output
    }

    /// Returns whether `digest` is that of the output.
    pub fn is_output(&self, digest: &Digest) -> bool {
        self.output_bytes == digest.bytes && self.output_hash == digest.hash()
    }
}

/// The state of an input, by which a change is found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct State {
    bytes: u64,
    /// In nanoseconds since 1970.
    modified: u64,
    /// The XXH3-128 hash of the first and the last MiB.
    ends: String,
}

impl State {
    pub fn of(path: &Path) -> Result<Self> {
        let read = || {
            let mut file = File::open(path)?;
            let metadata = file.metadata()?;
            if !metadata.is_file() {
                let error = "expected a file; use `-` for a pipe, with an output that is no folder";
                return Err(Error::new(ErrorKind::InvalidInput, error));
            }
            let bytes = metadata.len();
            let mut ends = Vec::new();
            (&mut file).take(ENDS).read_to_end(&mut ends)?;
            file.seek(SeekFrom::Start(bytes.saturating_sub(ENDS)))?;
            (&mut file).take(ENDS).read_to_end(&mut ends)?;
            let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
            let modified = u64::try_from(modified).unwrap_or(u64::MAX);
            Ok(Self { bytes, modified, ends: format!("{:032x}", xxhash_rust::xxh3::xxh3_128(&ends)) })
        };
        read().map_err(|error: Error| anyhow::Error::from(error).context(path.display().to_string()))
    }

    /// Returns the state of `path` if it is a file that can be read.
    pub fn of_file(path: &Path) -> Option<Self> {
        // To open a pipe would wait for the other side.
        path.is_file().then(|| Self::of(path).ok()).flatten()
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// The output of an input: its length and its hash.
#[derive(Default)]
pub struct Digest {
    bytes: u64,
    hash: Xxh3,
}

impl Digest {
    pub fn add(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }

    /// Returns the number of bytes.
    pub fn len(&self) -> u64 {
        self.bytes
    }

    fn hash(&self) -> String {
        format!("{:032x}", self.hash.digest128())
    }
}

/// The inputs that are finished in an output folder, by their names.
pub struct Finished {
    folder: PathBuf,
    lines: HashMap<String, Line>,
}

impl Finished {
    /// Reads the manifests of `folder`, if there are any. A manifest of other settings is an error.
    pub fn read(folder: &Path, settings: &Settings) -> Result<Self> {
        let mut lines = HashMap::new();
        for path in manifests(&folder.join(FOLDER))? {
            read(&path, settings, &mut lines)?;
        }
        Ok(Self { folder: folder.to_owned(), lines })
    }

    /// Returns the counts of `input` if it is finished: if its state is as it was, and so are the
    /// place `relative` and the length of its output. If the removals are to be listed, `has_list`
    /// is whether the list of the input is there.
    pub fn totals(
        &self,
        input: &Input,
        state: &State,
        relative: &Path,
        has_list: Option<bool>,
    ) -> Option<&Totals> {
        let line = self.lines.get(&input.name())?;
        if has_list.is_some_and(|has_list| !line.is_listed || !has_list) {
            return None;
        }
        let output = fs::metadata(self.folder.join(&line.output));
        let is_whole = output.is_ok_and(|output| output.len() == line.output_bytes)
            && line.output == relative.display().to_string()
            && *state == line.state;
        is_whole.then_some(&line.totals)
    }
}

/// The manifest of an output folder.
pub struct Manifest {
    folder: PathBuf,
    path: PathBuf,
    file: File,
    pub finished: Finished,
}

impl Manifest {
    /// Opens the manifest `name` of `folder`, or creates it. Inputs that are finished in another
    /// manifest of the folder count too: several processes each have one of their own.
    ///
    /// A manifest of other settings is an error, unless `force` is set; then it is deleted.
    pub fn open(folder: &Path, name: &str, settings: &Settings, force: bool) -> Result<Self> {
        let work = folder.join(FOLDER);
        fs::create_dir_all(&work).with_context(|| folder.display().to_string())?;
        let mut lines = HashMap::new();
        let mut len = 0;
        for path in manifests(&work)? {
            if force {
                fs::remove_file(&path).with_context(|| path.display().to_string())?;
                continue;
            }
            let whole = read(&path, settings, &mut lines)?;
            if path.file_name().is_some_and(|file| file == name) {
                len = whole;
            }
        }
        let path = work.join(name);
        let open = || {
            let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(&path)?;
            // A kill may have left a part of the last line.
            file.set_len(len)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        let file =
            open().map_err(|error: Error| anyhow::Error::from(error).context(path.display().to_string()))?;
        let finished = Finished { folder: folder.to_owned(), lines };
        let mut manifest = Self { folder: folder.to_owned(), path, file, finished };
        if len == 0 {
            let line = format!("{}\n", serde_json::to_string(settings)?);
            manifest.append(line.as_bytes())?;
        }
        Ok(manifest)
    }

    /// Returns the name of the file, which other processes do not use.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Returns the folder for the files of the run.
    pub fn work_folder(&self) -> PathBuf {
        self.folder.join(FOLDER)
    }

    /// Adds finished inputs, durably.
    pub fn add(&mut self, lines: Vec<Line>) -> Result<()> {
        let mut text = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut text, &line)?;
            text.push(b'\n');
            self.finished.lines.insert(line.input.clone(), line);
        }
        self.append(&text)
    }

    fn append(&mut self, text: &[u8]) -> Result<()> {
        let written = self.file.write_all(text).and_then(|()| self.file.sync_data());
        written.with_context(|| self.path.display().to_string())
    }
}

/// Returns the lines of all manifests of `folder`, whatever their settings.
pub fn listed(folder: &Path) -> Result<Vec<Line>> {
    let mut all = Vec::new();
    for path in manifests(&folder.join(FOLDER))? {
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        let text = String::from_utf8_lossy(&bytes);
        // The settings, and a damaged line, are no lines of inputs.
        all.extend(text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()));
    }
    Ok(all)
}

/// Returns the manifests in `folder`, sorted, if there is such a folder.
fn manifests(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    if !folder.exists() {
        return Ok(paths);
    }
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry.with_context(|| folder.display().to_string())?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(MANIFESTS) && name.ends_with(".jsonl") {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

/// Reads a manifest, adds its inputs to `finished`, and returns the length of its whole lines.
fn read(path: &Path, settings: &Settings, finished: &mut HashMap<String, Line>) -> Result<u64> {
    let context = || path.display().to_string();
    let bytes = fs::read(path).with_context(context)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let text = String::from_utf8_lossy(&bytes[..whole]);
    let mut lines = text.lines();
    let Some(first) = lines.next() else { return Ok(0) };
    let found: Settings = serde_json::from_str(first)
        .with_context(|| format!("{}: expected a manifest; use --force to replace it", context()))?;
    // A damaged line is that of an input which is not known to be finished.
    let known: Vec<Line> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
    if found != *settings && known.is_empty() {
        // The run ended before it had written anything.
        return Ok(0);
    }
    if found != *settings {
        let (begun, now) = (found.besides(settings), settings.besides(&found));
        if now.is_empty() {
            bail!(
                "{}: expected the inputs with which this folder was begun, found other or changed ones; \
                 use another folder, or --force to start again and to delete the outputs of other inputs",
                context()
            );
        }
        bail!(
            "{}: expected the settings with which this folder was begun, `{begun}`, found `{now}`; use another \
             folder, or --force to start again and to delete the outputs of other inputs",
            context()
        );
    }
    finished.extend(known.into_iter().map(|line| (line.input.clone(), line)));
    Ok(whole as u64)
}

impl Settings {
    /// Returns the settings that differ from those of `other`, besides the state of the inputs.
    pub fn besides(&self, other: &Self) -> String {
        let of = |settings: &Self| {
            let Settings { command, version, scheme, settings } = settings;
            let parts = settings.split(", ").map(str::to_owned);
            let fixed =
                [format!("command {command}"), format!("version {version}"), format!("scheme {scheme}")];
            fixed.into_iter().chain(parts).collect::<Vec<_>>()
        };
        let others = of(other);
        let is_different = |part: &String| !part.starts_with(INPUTS) && !others.contains(part);
        of(self).into_iter().filter(is_different).collect::<Vec<_>>().join(", ")
    }
}
