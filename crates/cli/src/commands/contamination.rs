//! `refrain contamination`: how much of each item of an evaluation set occurs in documents.

use std::ffi::OsString;
use std::io::BufRead as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use refrain::Span;
use refrain::edits::Positions;
use refrain::passages::{Contamination, Findings, ItemReport, PassageOptions, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_128;

use super::Status;
use super::batch::{page, report, write_lines};
use super::staged::{Staged, Steps};
use crate::args::{Bad, Comparison, InputArgs, OffsetArgs, OutputArgs, RunArgs, StageArgs, Target, Written};
use crate::input::{Batch, Batches, Input, discover};
use crate::output::{Offsets, Settings, tell};
use crate::stages::{StageFile, open_checked};
use crate::table::number;
use crate::totals::Totals;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The evaluation set: files or folders of documents, each of which is an item. --text and --id
    /// name the fields of the items too, so the names must be the same; --format, --limit and --bad
    /// do not apply to items: a line that is not an item is an error. Give the option again for
    /// each PATH
    #[arg(long, value_name = "PATH", required = true, help_heading = "Input")]
    items: Vec<OsString>,
    #[command(flatten)]
    input: InputArgs,
    /// Compare runs of N words, and of all words of an item that has fewer. The punctuation between
    /// words and before the first counts, unless it is folded
    #[arg(long, value_name = "N", default_value_t = 13, help_heading = "Comparison")]
    ngram: usize,
    #[command(flatten)]
    comparison: Comparison,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    offsets: OffsetArgs,
    #[command(flatten)]
    run: RunArgs,
    #[command(flatten)]
    stages: StageArgs,
}

/// A line of the file of an input: the findings in a batch. The file of the second step has one for
/// all batches.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    totals: Totals,
    findings: Findings,
}

/// A run: the evaluation set, with the ids and texts of its items, and the files of the steps.
struct Job<'a> {
    args: &'a Args,
    set: Contamination,
    items: Vec<(Value, String)>,
    staged: Staged<'a>,
    start: Instant,
}

pub fn run(args: &Args) -> Result<Status> {
    let start = Instant::now();
    let form = args.comparison.normalization();
    let options = PassageOptions::new().min_words(args.ngram)?.normalization(form);
    let inputs = args.input.find()?;
    let target = args.output.target(&inputs, false, None, &args.run)?;
    if matches!(target, Target::Folder(..)) {
        bail!("expected a file such as found.jsonl for the output, or `-`");
    }
    let files = discover(&args.items, None, None).context("--items")?;
    Written::new(&target, None, &args.run).check(&files)?;
    let (set, items) = items(args, &files, Contamination::with_options(&options))?;
    let digest = xxh3_128(serde_json::to_string(&items)?.as_bytes());
    let mapped = [args.input.describe(), format!("form {form}, ngram {}, items {digest:032x}", args.ngram)];
    let mapped = Settings::new("contamination", &mapped);
    let staged = Staged::new(&args.stages, inputs, target, &mapped, "")?;
    let job = Job { args, set, items, staged, start };
    job.staged.run(&job)
}

impl Steps for Job<'_> {
    /// Writes the findings in each batch of the inputs.
    fn map(&self, order: Vec<usize>) -> Result<Status> {
        let args = self.args;
        let fields = args.input.fields();
        let work = |(): &mut (), batch: &Batch, input: &Input| {
            let mut documents = Vec::new();
            let totals = page(args.input.bad, batch, input, &fields, |document, _| {
                documents.push((document.name_in(input), document.text.to_string()));
                Ok(())
            })?
            .totals;
            let texts: Vec<Text<'_>> = documents.iter().map(|(id, text)| Text { id, text }).collect();
            let findings = self.set.find(&texts).with_context(|| input.name())?;
            let mut output = serde_json::to_vec(&Record { totals, findings })?;
            output.push(b'\n');
            Ok((output, documents.len() as u64))
        };
        self.staged.map((&args.input, &args.run), order, || (), work)
    }

    /// Joins the findings in all inputs.
    fn reduce(&self) -> Result<Status> {
        if self.staged.is_reduced()? {
            return Ok(Status::Done);
        }
        let mut all = Record { totals: Totals::default(), findings: Findings::default() };
        for (path, header) in &self.staged.files {
            for record in records(path, &header.line()?, "map")? {
                let record = record?;
                all.totals.add(&record.totals);
                all.findings.merge(record.findings);
            }
        }
        let (path, header) = &self.staged.reduced;
        let mut file = StageFile::create(path, header, self.staged.is_kept())?;
        file.line(&all)?;
        file.finish()?;
        Ok(Status::Done)
    }

    /// Writes a line for each item.
    fn apply(&self, order: Vec<usize>, _: String) -> Result<Status> {
        self.staged.check_apply(&order)?;
        let args = self.args;
        let (path, header) = &self.staged.reduced;
        let context = || path.display().to_string();
        let record = records(path, header, "reduce")?.next().with_context(context)??;
        let mut set = self.set.clone();
        set.add_findings(&record.findings).with_context(context)?;
        let items = set.report();
        let found = items.iter().filter(|item| item.seen_ngrams() > 0).count() as u64;
        let row = |(item, (id, text)): (_, &(Value, String))| row(item, id, text, args.offsets.offsets);
        write_lines(&self.staged.target, args.output.level(), items.iter().zip(&self.items).map(row))?;
        if !args.run.quiet {
            let all = number(self.items.len() as u64);
            tell(format_args!("items          {} of {all} found\n", number(found)));
        }
        report(&args.run, args.input.bad_in(false), &record.totals, self.start, 0)?;
        Ok(if record.totals.has_damage() { Status::Damaged } else { Status::Done })
    }
}

/// Reads the evaluation set. Returns the ids and texts of the items too.
fn items(
    args: &Args,
    inputs: &[Input],
    mut set: Contamination,
) -> Result<(Contamination, Vec<(Value, String)>)> {
    let fields = args.input.fields();
    let order = (0..inputs.len()).collect();
    let mut batches = Batches::new(inputs, order, None, Arc::new(AtomicU64::new(0)));
    let mut texts = Vec::new();
    while let Some(batch) = batches.next(Vec::new()).context("--items")? {
        let input = &inputs[batch.input];
        let page = page(Bad::Drop, &batch, input, &fields, |document, _| {
            set.add(Text { id: &document.name_in(input), text: &document.text })?;
            texts.push((document.id_in(input), document.text.to_string()));
            Ok(())
        })
        .context("--items")?;
        // An item that is not read would count as one that is not found.
        if let Some(why) = page.totals.bad_examples.first().or(page.totals.broken.first()) {
            bail!("--items: {why}");
        }
    }
    Ok((set, texts))
}

/// Returns the line of an item.
fn row(item: &ItemReport, id: &Value, text: &str, offsets: Offsets) -> Value {
    let positions = Positions::new(text);
    let longest = item.longest().map(|found| {
        let span: Span = found.span();
        let range = offsets.range(&positions, span);
        json!({
            "start": range.start, "end": range.end, "text": text.get(span.range()),
            "words": found.words(), "source": found.document_id(),
        })
    });
    json!({
        "id": id, "words": item.words(), "ngrams": item.ngrams(), "seen_ngrams": item.seen_ngrams(),
        "share": item.share(), "weighted_share": item.weighted_share(), "documents": item.documents(),
        "longest": longest,
    })
}

/// Reads the records of a file of the step `step` with the first line `line`.
fn records(path: &Path, line: &str, step: &str) -> Result<impl Iterator<Item = Result<Record>>> {
    let reader = open_checked(path, line, step)?;
    let context = path.display().to_string();
    Ok(reader.lines().map(move |line| {
        let line = line.with_context(|| context.clone())?;
        serde_json::from_str(&line).with_context(|| context.clone())
    }))
}
