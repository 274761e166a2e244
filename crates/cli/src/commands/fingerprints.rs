//! `refrain fingerprints`: the fingerprints of the segments of each document.

use std::fmt;
use std::io::Write as _;

use anyhow::Result;
use clap::ValueEnum;
use refrain::{Fingerprinter, Options, Segmentation, Workspace};

use super::Status;
use super::each::Each;
use crate::args::{Comparison, FolderArgs, InputArgs, OutputArgs, RunArgs};
use crate::output::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// The segments: `lines`; `paragraphs`, between blank lines; `sentences`; or whole `documents`
    #[arg(long, value_name = "NAME", default_value = "lines", hide_possible_values = true)]
    #[arg(help_heading = "Comparison")]
    granularity: Granularity,
    /// The seed of the hash; fingerprints with different seeds cannot be compared
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Comparison")]
    seed: u64,
    #[command(flatten)]
    comparison: Comparison,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// The segments that have a fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Granularity {
    Lines,
    Paragraphs,
    Sentences,
    Documents,
}

impl Granularity {
    /// Returns the way in which documents are split, or `None` if they are compared as a whole.
    fn segmentation(self) -> Option<Segmentation> {
        match self {
            Self::Lines => Some(Segmentation::Lines),
            Self::Paragraphs => Some(Segmentation::Paragraphs),
            Self::Sentences => Some(Segmentation::Sentences),
            Self::Documents => None,
        }
    }
}

impl fmt::Display for Granularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.segmentation() {
            Some(segmentation) => segmentation.fmt(f),
            None => f.write_str("documents"),
        }
    }
}

/// Computes fingerprints, and reuses its memory.
struct Reader {
    workspace: Workspace,
    fingerprinter: Fingerprinter,
}

pub fn run(args: &Args) -> Result<Status> {
    let form = args.comparison.normalization();
    let comparison = format!("granularity {}, form {form}, seed {}", args.granularity, args.seed);
    let inputs = args.input.find()?;
    let target = args.output.target(&inputs, false, None, &args.run)?;
    let settings =
        Settings::new("fingerprints", &[args.input.describe(), comparison, args.output.describe()]);
    let options_of_run = (&args.input, &args.output, args.folder, &args.run);
    let each =
        Each { title: "reading", ..Each::without_removals(&inputs, &target, options_of_run, settings) };
    let options = args
        .granularity
        .segmentation()
        .map(|segmentation| Options::new().segmentation(segmentation).normalization(form).seed(args.seed));
    let reader = || Reader {
        workspace: Workspace::new(),
        fingerprinter: Fingerprinter::new().normalization(form).seed(args.seed),
    };
    each.run(reader, |reader, at, document, page| {
        write!(page.main, "{{\"id\":{},\"fingerprints\":[", document.id_in(at.input))?;
        match &options {
            None => write!(page.main, "\"{}\"", reader.fingerprinter.fingerprint(&document.text))?,
            Some(options) => {
                let read = reader.workspace.read(&document.text, options);
                page.totals.segments += read.len() as u64;
                for segment in read.segments() {
                    let comma = if segment.index() == 0 { "" } else { "," };
                    write!(page.main, "{comma}\"{}\"", segment.fingerprint())?;
                }
                reader.workspace.recycle(read);
            }
        }
        page.main.extend_from_slice(b"]}\n");
        Ok(())
    })
}
