//! `refrain dedup`: removes what an earlier document has.

mod apply;
mod clusters;
mod map;
mod passages;

use std::time::Instant;

use anyhow::{Result, bail};
use clap::ValueEnum;
use refrain::Segmentation;
use refrain::passages::Border;

use super::Status;
use super::datatrove;
use super::staged::{Staged, Steps};
use crate::args::{Comparison, InputArgs, Memory, StageArgs, Step, Target, WritingArgs};
use crate::output::{INPUTS, Settings};
use crate::stages::{Reduced, reduce};

/// The minimum number of words in a passage if none is given: the default of the library.
const MIN_WORDS: usize = 50;

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
    /// The minimum number of words in a passage, by default 50
    #[arg(long, value_name = "N", help_heading = "Comparison")]
    min_words: Option<usize>,
    /// Shrink passages to whole parts before they are removed: `word`; `sentence`, which is the
    /// default; or `line`
    #[arg(long, value_name = "NAME", value_parser = border, help_heading = "Comparison")]
    border: Option<Border>,
    #[command(flatten)]
    comparison: Comparison,
    /// Write `documents` without the segments that earlier ones have; `edits`, for each document a
    /// line of JSON with the spans to cut; `dolma`, attributes for `dolma mix`; `ids`, the ids of
    /// the documents that are left out; or `datatrove`, for whole documents, the files .remove,
    /// .clusters and .sizes for its MinhashDedupFilter, to be run with as many tasks as there are
    /// inputs. `datatrove` has no forecast
    #[arg(long, value_name = "FORM", default_value = "documents", hide_possible_values = true)]
    #[arg(help_heading = "Output")]
    write: Write,
    #[command(flatten)]
    writing: WritingArgs,
    #[command(flatten)]
    stages: StageArgs,
    /// Use at most this much memory for the comparison, such as 512M or 8G. With less than 56 bytes
    /// for each segment, the files of fingerprints are read several times. If that is not enough,
    /// the run ends with an error, and so does one with `passages` that needs more
    #[arg(long, value_name = "SIZE", default_value = "1G", help_heading = "Running")]
    memory: Memory,
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
    Datatrove,
}

impl Args {
    fn min_words(&self) -> usize {
        self.min_words.unwrap_or(MIN_WORDS)
    }

    fn border(&self) -> Border {
        self.border.unwrap_or_default()
    }

    /// Returns an error if an option has no effect together with the others.
    fn check(&self) -> Result<()> {
        let is_passages = self.granularity == Granularity::Passages;
        for (option, is_given) in
            [("--min-words", self.min_words.is_some()), ("--border", self.border.is_some())]
        {
            if is_given && !is_passages {
                bail!("{option}: expected `--granularity passages`, without which the option has no effect");
            }
        }
        if self.min_weight > 0 && (is_passages || self.granularity == Granularity::Documents) {
            bail!(
                "--min-weight: expected a granularity of lines, paragraphs or sentences; for passages, use \
                 --min-words"
            );
        }
        if self.write == Write::Datatrove && self.granularity != Granularity::Documents {
            bail!(
                "--write datatrove: expected `--granularity documents`, because the files name whole \
                 documents; documents, edits, dolma and ids are written for other granularities"
            );
        }
        if is_passages && matches!(self.stages.only, Some(Step::Map(_))) {
            bail!(
                "--only map: expected no such step for passages, which are compared with the text that is \
                 left of all earlier documents; run the step `reduce` in one job, and then `apply:I/N`"
            );
        }
        Ok(())
    }
}

/// A run: the files of its steps, and its settings.
struct Job<'a> {
    args: &'a Args,
    staged: Staged<'a>,
    settings: Settings,
    start: Instant,
}

pub fn run(args: &Args) -> Result<Status> {
    let start = Instant::now();
    args.check()?;
    let inputs = args.input.find()?;
    // The files of datatrove are no lines of JSON, and are always in a folder.
    let is_documents = matches!(args.write, Write::Documents | Write::Datatrove);
    let target = args.writing.target(&inputs, is_documents)?;
    if args.write == Write::Datatrove {
        if matches!(target, Target::File(..) | Target::Stdout(_)) {
            bail!("--write datatrove: expected a folder");
        }
        datatrove::check(&target, inputs.len(), &args.writing)?;
    }
    let form = args.comparison.normalization();
    let granularity = format!("{:?}", args.granularity).to_lowercase();
    let mut comparison = format!("granularity {granularity}, form {form}, min-weight {}", args.min_weight);
    if args.granularity == Granularity::Passages {
        comparison += &format!(", min-words {}, border {}", args.min_words(), args.border());
    }
    let mapped = Settings::new("dedup", &[args.input.describe(), comparison]);
    let mut staged = Staged::new(&args.stages, inputs, target, &mapped, "")?;
    let settings = [
        mapped.settings,
        format!("write {:?}", args.write).to_lowercase(),
        args.writing.describe(),
        format!("{INPUTS}{}", staged.digest),
    ];
    let settings = Settings::new("dedup", &settings);
    if args.write != Write::Datatrove {
        staged.check_outputs(&settings, is_documents, &args.writing)?;
    }
    let job = Job { args, staged, settings, start };
    job.staged.run(&job)
}

impl Steps for Job<'_> {
    fn map(&self, order: Vec<usize>) -> Result<Status> {
        match self.args.granularity {
            // Passages are found in one step.
            Granularity::Passages => Ok(Status::Done),
            _ => self.map_inputs(order),
        }
    }

    fn reduce(&self) -> Result<Status> {
        if self.staged.is_reduced()? {
            return Ok(Status::Done);
        }
        if self.args.granularity == Granularity::Passages {
            return self.find_passages();
        }
        let (path, header) = &self.staged.reduced;
        let (threads, memory) = (self.args.writing.run.threads(), self.args.memory.0);
        let result = (&**path, &**header, self.staged.is_kept());
        Ok(match reduce(&self.staged.files, result, threads, memory)? {
            Reduced::Done => Status::Done,
            Reduced::Interrupted => Status::Interrupted,
        })
    }

    fn apply(&self, order: Vec<usize>, manifest: String) -> Result<Status> {
        self.apply_inputs(order, manifest)
    }
}

#[cfg(test)]
mod tests {
    use refrain::passages::PassageOptions;

    use super::*;

    #[test]
    fn the_default_number_of_words_is_that_of_the_library() {
        assert_eq!(PassageOptions::new().min_words(MIN_WORDS), Ok(PassageOptions::new()));
    }
}
