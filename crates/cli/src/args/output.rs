//! Options that choose the output.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use super::RunArgs;
use super::protect::{Written, refuse_input_folder};
use crate::input::{Compression, Format, Input, STDIN};
use crate::output::{Level, Offsets};

/// Options that choose the output.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Write to standard output if PATH is `-`; to one file if PATH ends in .jsonl, .ndjson, .json,
    /// .txt or .wet, also with .gz or .zst; or else to a folder, with a file for each input.
    /// Required unless standard input is the only input, or nothing is written
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Compress with `gz` or `zst`, or with `none`. By default, the name of an output file decides,
    /// and in a folder each output is compressed as its input is
    #[arg(long, value_name = "NAME", hide_possible_values = true)]
    compression: Option<Compression>,
    /// The level of the compression: 1 to 9 for gz, 1 to 19 for zst. The defaults are 6 and 3. If
    /// outputs of both kinds are written, a level above 9 counts as 9 for gz
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=19))]
    level: Option<u8>,
    /// Write none of the outputs; show the table that every run prints, and a forecast of the size
    /// of the output and of the memory. With --limit, the forecast is still for all documents
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// Options of commands that can write to a folder.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct FolderArgs {
    /// Start again in a folder that has finished outputs, or outputs of other settings: replace
    /// files in it, and delete the outputs of an earlier run whose inputs are not given now. A
    /// single output file is always replaced
    #[arg(long)]
    pub force: bool,
}

/// Options of commands that remove something.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct RemovalArgs {
    /// Also write a line of JSON for each removal, with the text that was removed and its original
    /// or its source
    #[arg(long, value_name = "FILE")]
    pub removed: Option<PathBuf>,
    /// Write none of the outputs; the exit status is 1 if something would be removed
    #[arg(long, conflicts_with = "dry_run")]
    pub check: bool,
}

/// Options of commands that write positions.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OffsetArgs {
    /// The unit of positions: `chars` (code points, as Python counts), `bytes`, or `utf16`. The
    /// attributes for dolma are always in code points
    #[arg(long, value_name = "UNIT", default_value = "chars", hide_possible_values = true)]
    pub offsets: Offsets,
}

/// The place of the output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    Stdout(Compression),
    File(PathBuf, Compression),
    /// A folder, and the compression if it is not that of each input.
    Folder(PathBuf, Option<Compression>),
    /// No output, and the place that it would have, if one is given.
    Nothing(Option<Box<Target>>),
}

impl OutputArgs {
    /// Returns the place of the output. `is_documents` is whether the output has the format of the
    /// inputs; otherwise it is lines of JSON.
    ///
    /// A file that would be written although it is read is an error.
    pub fn target(
        &self,
        inputs: &[Input],
        is_documents: bool,
        removals: Option<&RemovalArgs>,
        run: &RunArgs,
    ) -> Result<Target> {
        let target = self.place(inputs, is_documents, removals)?;
        self.check_level(&target, inputs)?;
        Written::new(&target, removals, run).check(inputs)?;
        Ok(target)
    }

    fn place(&self, inputs: &[Input], is_documents: bool, removals: Option<&RemovalArgs>) -> Result<Target> {
        if self.dry_run || removals.is_some_and(|removals| removals.check) {
            let named = self.output.as_ref().map(|_| self.named_place(inputs, is_documents));
            return Ok(Target::Nothing(named.transpose()?.map(Box::new)));
        }
        self.named_place(inputs, is_documents)
    }

    /// Returns the place of the output of a run that writes one.
    fn named_place(&self, inputs: &[Input], is_documents: bool) -> Result<Target> {
        let is_stdin = inputs.iter().any(|input| input.path.is_none());
        let path = match &self.output {
            None if is_stdin && inputs.len() == 1 => return Ok(self.stdout()),
            None => bail!(
                "expected `-o PATH`: a folder, a file, or `-` for standard output; inputs are never changed in place"
            ),
            Some(path) => path,
        };
        if path.as_os_str() == STDIN {
            check_single(inputs, is_documents)?;
            return Ok(self.stdout());
        }
        let Some(format) = Format::of_name(path) else {
            if is_stdin {
                bail!(
                    "{}: expected `-` or a file such as out.jsonl for the output of standard input",
                    path.display()
                );
            }
            if path.exists() && !path.is_dir() {
                bail!(
                    "{}: expected a folder, a file such as out.jsonl, or `-` for standard output; \
                     --dry-run writes nothing",
                    path.display()
                );
            }
            refuse_input_folder(path, "folder", inputs)?;
            return Ok(Target::Folder(path.clone(), self.compression));
        };
        check_single(inputs, is_documents)?;
        let is_of_format = match inputs.first().filter(|_| is_documents).map(|input| input.format) {
            Some(Format::Lines | Format::Text) => format == Format::Text,
            Some(expected) => format == expected,
            None => format == Format::Jsonl,
        };
        if !is_of_format && !is_documents {
            bail!(
                "{}: expected a name that ends in .jsonl, .ndjson or .json, because the output is lines of JSON",
                path.display()
            );
        }
        if !is_of_format {
            bail!(
                "{}: expected a name with the ending of the inputs; documents stay in their format",
                path.display()
            );
        }
        let of_name = Compression::of_name(path);
        let compression = self.compression.unwrap_or(of_name);
        if of_name != Compression::None && compression != of_name {
            bail!(
                "--compression: expected {}, as the name {} says, found {}",
                of_name.name(),
                path.display(),
                compression.name()
            );
        }
        Ok(Target::File(path.clone(), compression))
    }

    /// Returns an error if no output has the level that was given.
    fn check_level(&self, target: &Target, inputs: &[Input]) -> Result<()> {
        let Some(level) = self.level else { return Ok(()) };
        let all: Vec<Compression> = match target {
            Target::Nothing(None) => return Ok(()),
            Target::Nothing(Some(named)) => return self.check_level(named, inputs),
            Target::Stdout(compression) | Target::File(_, compression) => vec![*compression],
            Target::Folder(_, Some(compression)) => vec![*compression],
            Target::Folder(_, None) => inputs.iter().map(Input::compression).collect(),
        };
        let is_any = |wanted: Compression| all.contains(&wanted);
        match (is_any(Compression::Gz), is_any(Compression::Zst)) {
            (false, false) => bail!("--level: expected a compressed output; choose one with --compression"),
            (true, false) if level > Level::MAX_GZ => {
                bail!("--level: expected a level from 1 to {} for gz, found {level}", Level::MAX_GZ)
            }
            _ => Ok(()),
        }
    }

    /// Returns the compression of all outputs, if it is not that of each input.
    pub fn compression(&self) -> Option<Compression> {
        self.compression
    }

    pub fn is_compression_given(&self) -> bool {
        self.compression.is_some() || self.level.is_some()
    }

    fn stdout(&self) -> Target {
        Target::Stdout(self.compression.unwrap_or(Compression::None))
    }

    /// Returns the level for each compression.
    pub fn level(&self) -> Level {
        Level { given: self.level }
    }

    /// Returns a line of text that differs if the options differ.
    pub fn describe(&self) -> String {
        let compression = self.compression.map_or("as input", Compression::name);
        let level = self.level.map_or_else(|| "default".to_owned(), |level| level.to_string());
        format!("compression {compression}, level {level}")
    }
}

/// Returns an error unless all `inputs` can be written one after another.
fn check_single(inputs: &[Input], is_documents: bool) -> Result<()> {
    let [first, rest @ ..] = inputs else { return Ok(()) };
    if !is_documents || rest.is_empty() {
        return Ok(());
    }
    if first.format == Format::Text {
        bail!(
            "expected a folder for the output of several text files; with --format lines, they can be joined"
        );
    }
    if let Some(other) = rest.iter().find(|other| other.format != first.format) {
        bail!(
            "expected inputs of one format for a single output, found {} and {}; use a folder for the output",
            first.name(),
            other.name()
        );
    }
    Ok(())
}
