//! `refrain near`: finds documents that are nearly the same, and keeps one of each cluster.

mod apply;
mod map;
mod reduce;

use std::time::Instant;

use anyhow::{Result, bail};
use clap::ValueEnum;
use refrain::near::{Keep, NearOptions};

use super::Status;
use super::datatrove;
use super::staged::{Staged, Steps};
use crate::args::{Comparison, InputArgs, Memory, StageArgs, Target, WritingArgs};
use crate::output::{INPUTS, Settings};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Two documents are near duplicates if their Jaccard similarity, the number of shingles that
    /// both have divided by the number that either has, is at least T
    #[arg(long, value_name = "T", default_value_t = 0.8, help_heading = "Comparison")]
    threshold: f64,
    /// Two documents are also near duplicates if a share of at least T of the shingles of one is in
    /// the other, such as a short story in a long one
    #[arg(long, value_name = "T", help_heading = "Comparison")]
    containment: Option<f64>,
    /// The number of words in a shingle
    #[arg(long, value_name = "N", default_value_t = 5, help_heading = "Comparison")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    shingle: u16,
    /// The probability with which a pair of exactly the threshold similarity is found
    #[arg(long, value_name = "R", default_value_t = 0.99, help_heading = "Comparison")]
    recall: f64,
    /// Compare a document with at most N candidates, by default 256
    #[arg(long, value_name = "N", help_heading = "Comparison")]
    #[arg(value_parser = candidates)]
    max_candidates: Option<usize>,
    /// Keep the `first` or the `longest` document of a cluster; by default the first, and with
    /// --containment the longest, so that a short document is left out if a later one contains it
    #[arg(long, value_name = "CHOICE", value_parser = keep, help_heading = "Comparison")]
    keep: Option<Keep>,
    #[command(flatten)]
    comparison: Comparison,
    /// Write `documents` without near duplicates; `edits`, a line of JSON for each document, with a
    /// mark if the document is left out; `ids` of the documents that are left out;
    /// `pairs`, a line of JSON for each pair of near duplicates; `dolma`, attributes for `dolma
    /// mix`; or `datatrove`, the files .remove, .clusters and .sizes for its MinhashDedupFilter, to
    /// be run with as many tasks as there are inputs. `pairs` and `datatrove` have no forecast
    #[arg(long, value_name = "FORM", default_value = "documents", hide_possible_values = true)]
    #[arg(help_heading = "Output")]
    write: Write,
    #[command(flatten)]
    writing: WritingArgs,
    #[command(flatten)]
    stages: StageArgs,
    /// End with an error if the shingles of all documents, 8 bytes for each word, need more memory
    /// than this, such as 512M or 8G. Buckets are not counted: up to 1.4 kB for each document with
    /// the default thresholds
    #[arg(long, value_name = "SIZE", default_value = "4G", help_heading = "Running")]
    memory: Memory,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Write {
    Documents,
    Edits,
    Ids,
    Pairs,
    Dolma,
    Datatrove,
}

fn candidates(value: &str) -> Result<usize, &'static str> {
    value.parse().ok().filter(|candidates| *candidates > 0).ok_or("expected a number from 1")
}

// The message of the library names what is expected.
fn keep(name: &str) -> Result<Keep, refrain::error::NearError> {
    name.parse()
}

impl Args {
    /// Returns the choice of the document that is kept.
    fn keep(&self) -> Keep {
        let default = if self.containment.is_some() { Keep::Longest } else { Keep::First };
        self.keep.clone().unwrap_or(default)
    }
}

/// A run: the files of its steps, and its settings.
struct Job<'a> {
    args: &'a Args,
    staged: Staged<'a>,
    options: NearOptions,
    settings: Settings,
    start: Instant,
}

pub fn run(args: &Args) -> Result<Status> {
    let start = Instant::now();
    let options = options(args)?;
    let inputs = args.input.find()?;
    // The files of datatrove are no lines of JSON, and are always in a folder.
    let is_documents = matches!(args.write, Write::Documents | Write::Datatrove);
    let target = args.writing.target(&inputs, is_documents)?;
    match (args.write, &target) {
        (Write::Pairs, Target::Folder(..)) => {
            bail!("--write pairs: expected a file such as pairs.jsonl, or `-`")
        }
        (Write::Pairs, _) if args.keep.is_some() => {
            bail!("--keep: expected a form that leaves documents out, found `--write pairs`")
        }
        (Write::Pairs, _) if args.writing.removals.removed.is_some() => {
            bail!("--removed: expected a form that leaves documents out, found `--write pairs`")
        }
        (Write::Datatrove, Target::File(..) | Target::Stdout(_)) => {
            bail!("--write datatrove: expected a folder")
        }
        (Write::Datatrove, _) => datatrove::check(&target, inputs.len(), &args.writing)?,
        _ => {}
    }
    let form = args.comparison.normalization();
    let mapped =
        Settings::new("near", &[args.input.describe(), format!("form {form}, shingle {}", args.shingle)]);
    let result =
        if args.write == Write::Pairs { "pairs".to_owned() } else { format!("keep {}", args.keep()) };
    let reduced = format!("{options:?}, {result}");
    let mut staged = Staged::new(&args.stages, inputs, target, &mapped, &reduced)?;
    let settings = [
        mapped.settings,
        format!("threshold {}, containment {}", args.threshold, optional(args.containment)),
        format!("recall {}, candidates {}", args.recall, optional(args.max_candidates)),
        result,
        format!("write {:?}", args.write).to_lowercase(),
        args.writing.describe(),
        format!("{INPUTS}{}", staged.digest),
    ];
    let settings = Settings::new("near", &settings);
    if !matches!(args.write, Write::Pairs | Write::Datatrove) {
        staged.check_outputs(&settings, is_documents, &args.writing)?;
    }
    let job = Job { args, staged, options, settings, start };
    job.staged.run(&job)
}

impl Steps for Job<'_> {
    fn map(&self, order: Vec<usize>) -> Result<Status> {
        self.map_inputs(order)
    }

    fn reduce(&self) -> Result<Status> {
        if self.staged.is_reduced()? { Ok(Status::Done) } else { self.find() }
    }

    fn apply(&self, order: Vec<usize>, manifest: String) -> Result<Status> {
        self.apply_inputs(order, manifest)
    }
}

fn optional(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "default".to_owned(), |value| value.to_string())
}

fn options(args: &Args) -> Result<NearOptions> {
    let mut options = NearOptions::new(args.threshold)?.recall(args.recall)?;
    if let Some(containment) = args.containment {
        options = options.containment(containment)?;
    }
    Ok(match args.max_candidates {
        Some(candidates) => options.max_candidates(candidates),
        None => options,
    })
}
