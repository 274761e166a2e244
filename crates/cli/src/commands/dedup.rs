//! `refrain dedup`: removes what an earlier document has.

mod apply;
mod map;
mod passages;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use refrain::Segmentation;
use refrain::passages::Border;
use tempfile::TempDir;

use super::Status;
use crate::args::{
    Comparison, FolderArgs, InputArgs, OffsetArgs, OutputArgs, RemovalArgs, RunArgs, StageArgs, Step, Target,
};
use crate::input::{Input, STDIN};
use crate::output::{self, FOLDER, MANIFEST, Settings, State, check_settings};
use crate::stages::{Drops, Header, Reduced, reduce};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Compare `lines`; `paragraphs`, between blank lines; `sentences`; whole `documents`; or
    /// `passages`, runs of words that may begin and end anywhere in a line
    #[arg(long, value_name = "NAME", hide_possible_values = true, help_heading = "Comparison")]
    granularity: Granularity,
    /// Keep segments with fewer than N letters, combining marks and digits (an ideograph counts 3)
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Comparison")]
    min_weight: u32,
    /// The minimum number of words in a passage
    #[arg(long, value_name = "N", default_value_t = 50, help_heading = "Comparison")]
    min_words: usize,
    /// Shrink passages to whole parts before they are removed: `word`, `sentence` or `segment`,
    /// which is a line
    #[arg(long, value_name = "NAME", default_value = "sentence", value_parser = border)]
    #[arg(help_heading = "Comparison")]
    border: Border,
    #[command(flatten)]
    comparison: Comparison,
    /// Write `documents` without the segments that earlier ones have; `edits`, for each document a
    /// line of JSON with the spans to cut; `dolma`, attributes for `dolma mix`; or `ids`, the ids
    /// of the documents that are left out
    #[arg(long, value_name = "FORM", default_value = "documents", hide_possible_values = true)]
    #[arg(help_heading = "Output")]
    write: Write,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    removals: RemovalArgs,
    #[command(flatten)]
    offsets: OffsetArgs,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    run: RunArgs,
    #[command(flatten)]
    stages: StageArgs,
}

// The message of the library names what is expected.
fn border(name: &str) -> Result<Border, refrain::error::PassageError> {
    name.parse()
}

/// The parts of documents that are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Granularity {
    Lines,
    Paragraphs,
    Sentences,
    Documents,
    Passages,
}

impl Granularity {
    /// Returns the way in which documents are split, or `None` if they are not.
    fn segmentation(self) -> Option<Segmentation> {
        match self {
            Self::Lines => Some(Segmentation::Lines),
            Self::Paragraphs => Some(Segmentation::Paragraphs),
            Self::Sentences => Some(Segmentation::Sentences),
            Self::Documents | Self::Passages => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Write {
    Documents,
    Edits,
    Dolma,
    Ids,
}

/// A run: the inputs, and the files of its stages.
struct Job<'a> {
    args: &'a Args,
    inputs: Vec<Input>,
    /// The file of fingerprints of each input, and its first line.
    files: Vec<(PathBuf, Header)>,
    /// The list of segments to remove, and its first line.
    drops: (PathBuf, String),
    settings: Settings,
    /// True if all outputs are there.
    is_finished: bool,
    start: Instant,
}

pub fn run(args: &Args) -> Result<Status> {
    let start = Instant::now();
    let mut inputs = args.input.find()?;
    let target = args.output.target(&inputs, args.write == Write::Documents, Some(&args.removals))?;
    // A temporary folder is deleted at the end of this function.
    let (_temporary, work) = work_folder(args, &target)?;
    spool(&mut inputs, &work)?;
    let job = Job::new(args, inputs, &work, &target, start)?;
    let all: Vec<usize> = (0..job.inputs.len()).collect();
    match args.stages.only {
        // Passages are found in one step.
        Some(Step::Map(_)) if args.granularity == Granularity::Passages => Ok(Status::Done),
        Some(Step::Map(part)) => job.map(&part.inputs(all.len())),
        Some(Step::Reduce) => job.reduce(),
        Some(Step::Apply(part)) => {
            if part.of > 1 && !matches!(target, Target::Folder(..)) {
                bail!("--only apply: expected an output folder, because each job writes other files");
            }
            let name = format!("manifest-{}-of-{}.jsonl", part.part, part.of);
            job.apply(&target, part.inputs(all.len()), name)
        }
        None => {
            let status = job.run_all(&target, all)?;
            if matches!(status, Status::Done | Status::Damaged) && args.stages.work.is_none() {
                // The files of the stages are of no use after the outputs are written.
                remove(&work)?;
            }
            Ok(status)
        }
    }
}

/// Returns the folder for the files of the stages. If it is temporary, it is deleted with the first
/// value.
fn work_folder(args: &Args, target: &Target) -> Result<(Option<TempDir>, PathBuf)> {
    match (&args.stages.work, target) {
        (Some(work), _) => Ok((None, work.clone())),
        (None, Target::Folder(folder, _)) => Ok((None, folder.join(FOLDER).join("stages"))),
        (None, _) if args.stages.only.is_some() => {
            bail!("--only: expected an output folder, or a folder in --work")
        }
        (None, _) => {
            let temporary = TempDir::with_prefix("refrain-")
                .context("expected a temporary folder; name one with --work")?;
            let path = temporary.path().to_owned();
            Ok((Some(temporary), path))
        }
    }
}

/// Writes standard input to a file in `work`, because it is read twice.
fn spool(inputs: &mut [Input], work: &Path) -> Result<()> {
    let Some(input) = inputs.iter_mut().find(|input| input.path.is_none()) else { return Ok(()) };
    let path = work.join("stdin");
    let copy = || {
        std::fs::create_dir_all(work)?;
        std::io::copy(&mut std::io::stdin().lock(), &mut std::fs::File::create(&path)?)
    };
    copy().with_context(|| format!("standard input, which is copied to {}", path.display()))?;
    input.path = Some(path);
    input.relative = PathBuf::from(STDIN);
    Ok(())
}

/// Deletes the folder `work`, if there is one.
fn remove(work: &Path) -> Result<()> {
    match std::fs::remove_dir_all(work) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| work.display().to_string())
        }
        _ => Ok(()),
    }
}

impl<'a> Job<'a> {
    /// Creates a run with the files of its stages in the folder `work`.
    fn new(args: &'a Args, inputs: Vec<Input>, work: &Path, target: &Target, start: Instant) -> Result<Self> {
        let form = args.comparison.normalization();
        let granularity = format!("{:?}", args.granularity).to_lowercase();
        let mut comparison =
            format!("granularity {granularity}, form {form}, min-weight {}", args.min_weight);
        if args.granularity == Granularity::Passages {
            comparison += &format!(", min-words {}, border {}", args.min_words, args.border);
        }
        let mapped = Settings::new("dedup", &[args.input.describe(), comparison]);
        let mut files = Vec::new();
        for (index, input) in inputs.iter().enumerate() {
            let path = input.path.as_deref().unwrap_or(Path::new(STDIN));
            let header = Header { settings: mapped.clone(), state: State::of(path)? };
            let name = format!("{}.prints", input.relative.display());
            files.push((work.join("map").join(index.to_string()).join(name), header));
        }
        // The list depends on the inputs and on their order.
        let headers: Vec<&Header> = files.iter().map(|(_, header)| header).collect();
        let names: Vec<String> = inputs.iter().map(Input::label).collect();
        let digest = xxhash_rust::xxh3::xxh3_128(serde_json::to_string(&(&names, &headers))?.as_bytes());
        let header = serde_json::json!({ "inputs": format!("{digest:032x}") }).to_string();
        let drops = (work.join("reduce").join("drops"), header);
        let settings = [
            mapped.settings.clone(),
            format!("write {:?}", args.write).to_lowercase(),
            args.output.describe(),
            format!("offsets {}, removed {}", args.offsets.offsets, args.removals.removed.is_some()),
            format!("inputs {digest:032x}"),
        ];
        let settings = Settings::new("dedup", &settings);
        let mut is_finished = false;
        if let Target::Folder(folder, compression) = target {
            // Not only at the last step, after most of the work.
            check_settings(folder, &settings, args.folder.force)?;
            let jobs = output::plan(&inputs, *compression, args.write == Write::Documents)?;
            is_finished = !args.folder.force && output::is_finished(folder, &settings, &inputs, &jobs)?;
        }
        Ok(Self { args, inputs, files, drops, settings, is_finished, start })
    }

    /// Runs the steps that are not done, one after another.
    fn run_all(&self, target: &Target, all: Vec<usize>) -> Result<Status> {
        if !self.is_finished {
            if self.args.granularity != Granularity::Passages && self.map(&all)? == Status::Interrupted {
                return Ok(Status::Interrupted);
            }
            if self.reduce()? == Status::Interrupted {
                return Ok(Status::Interrupted);
            }
        }
        self.apply(target, all, MANIFEST.to_owned())
    }

    /// Writes the list of segments to remove, unless there is one.
    fn reduce(&self) -> Result<Status> {
        if self.args.granularity == Granularity::Passages {
            return self.find_passages();
        }
        let (path, header) = &self.drops;
        if Drops::is_current(path, header) {
            return Ok(Status::Done);
        }
        let (threads, memory) = (self.args.run.threads(), self.args.stages.memory.0);
        Ok(match reduce(&self.files, path, header, threads, memory)? {
            Reduced::Done => Status::Done,
            Reduced::Interrupted => Status::Interrupted,
        })
    }
}
