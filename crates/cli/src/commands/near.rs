//! `refrain near`: finds documents that are nearly the same, and keeps one of each cluster.

mod read;
mod write;

use std::ops::ControlFlow;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::ValueEnum;
use refrain::near::{Keep, NearOptions, Shingler, cluster_while, pairs_while};

use super::Status;
use crate::args::{Comparison, FolderArgs, InputArgs, Memory, OutputArgs, RemovalArgs, RunArgs, Target};
use crate::input::Input;
use crate::interrupt;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Two documents are near duplicates if their similarity, the share of common shingles in all
    /// shingles of both, is at least T
    #[arg(long, value_name = "T", default_value_t = 0.8, help_heading = "Comparison")]
    threshold: f64,
    /// They also are if a share of at least T of the shingles of one is in the other, such as a
    /// short story in a long one. Use it with --keep longest
    #[arg(long, value_name = "T", help_heading = "Comparison")]
    containment: Option<f64>,
    /// The number of words in a shingle
    #[arg(long, value_name = "N", default_value_t = 5, help_heading = "Comparison")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    shingle: u16,
    /// The share of pairs with a similarity of exactly the threshold that are found
    #[arg(long, value_name = "R", help_heading = "Comparison")]
    recall: Option<f64>,
    /// Compare a document with at most N candidates, by default 256
    #[arg(long, value_name = "N", help_heading = "Comparison")]
    candidates: Option<usize>,
    /// Keep the `first` or the `longest` document of a cluster
    #[arg(long, value_name = "CHOICE", default_value = "first", value_parser = keep)]
    #[arg(help_heading = "Comparison")]
    keep: Keep,
    #[command(flatten)]
    comparison: Comparison,
    /// Write `documents` without near duplicates; `ids` of the documents that are left out;
    /// `pairs`, a line of JSON for each two near duplicates; `dolma`, attributes for `dolma mix`;
    /// or `datatrove`, the files .remove, .clusters and .sizes for its MinhashDedupFilter, to be
    /// run with as many tasks as there are inputs
    #[arg(long, value_name = "FORM", default_value = "documents", hide_possible_values = true)]
    #[arg(help_heading = "Output")]
    write: Write,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    removals: RemovalArgs,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    run: RunArgs,
    /// Use at most this much memory for shingles, such as 512M or 8G: 8 bytes for each word of all
    /// documents
    #[arg(long, value_name = "SIZE", default_value = "4G", help_heading = "Running")]
    memory: Memory,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Write {
    Documents,
    Ids,
    Pairs,
    Dolma,
    Datatrove,
}

// The message of the library names what is expected.
fn keep(name: &str) -> Result<Keep, refrain::error::NearError> {
    name.parse()
}

/// A run.
struct Job<'a> {
    args: &'a Args,
    inputs: Vec<Input>,
    start: Instant,
}

pub fn run(args: &Args) -> Result<Status> {
    let start = Instant::now();
    let options = options(args)?;
    let inputs = args.input.find()?;
    let reads_once = matches!(args.write, Write::Pairs | Write::Datatrove);
    if inputs.iter().any(|input| input.path.is_none()) && !reads_once {
        bail!("expected files, which are read twice, found standard input; --write pairs reads it once");
    }
    let is_documents = matches!(args.write, Write::Documents | Write::Datatrove);
    let target = args.output.target(&inputs, is_documents, Some(&args.removals))?;
    match (args.write, &target) {
        (Write::Pairs, Target::Folder(..)) => {
            bail!("--write pairs: expected a file such as pairs.jsonl, or `-`")
        }
        (Write::Datatrove, Target::File(..) | Target::Stdout(_)) => {
            bail!("--write datatrove: expected a folder")
        }
        _ => {}
    }
    let job = Job { args, inputs, start };
    let shingler =
        Shingler::new().words_per_shingle(args.shingle.into()).normalization(args.comparison.normalization());
    let Some(mut corpus) = job.read(&shingler)? else { return Ok(Status::Interrupted) };
    let proceed = |_: usize| match interrupt::is_requested() {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    if args.write == Write::Pairs {
        let found = pairs_while(&corpus.shingles, &options, proceed);
        if interrupt::is_requested() {
            return Ok(Status::Interrupted);
        }
        corpus.totals.not_compared = found.skipped_candidates() as u64;
        return job.write_pairs(&target, &corpus, found.items());
    }
    let found = cluster_while(&corpus.shingles, &options, &args.keep, proceed);
    if interrupt::is_requested() {
        return Ok(Status::Interrupted);
    }
    corpus.totals.not_compared = found.skipped_candidates() as u64;
    match (args.write, &target) {
        (Write::Datatrove, Target::Folder(folder, _)) => job.write_datatrove(folder, &corpus, found.items()),
        _ => job.write(&target, &corpus, found.items()),
    }
}

fn options(args: &Args) -> Result<NearOptions> {
    let mut options = NearOptions::new(args.threshold)?;
    if let Some(containment) = args.containment {
        options = options.containment(containment)?;
    }
    if let Some(recall) = args.recall {
        options = options.recall(recall)?;
    }
    Ok(match args.candidates {
        Some(candidates) => options.candidates(candidates),
        None => options,
    })
}
