//! `refrain contamination`: the items of an evaluation set that occur in documents.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use refrain::Span;
use refrain::edits::Positions;
use refrain::passages::{Contamination, ItemReport, PassageOptions, Text};
use serde_json::{Value, json};

use super::Status;
use super::batch::{page, report};
use super::texts::{self, Texts};
use crate::args::{Comparison, InputArgs, OffsetArgs, OutputArgs, RunArgs, Target};
use crate::input::{Batches, discover};
use crate::output::{Encoder, Offsets, Stream, tell};
use crate::pipeline::{End, Outcome, Sink};
use crate::table::number;
use crate::totals::Totals;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The evaluation set: files or folders of documents, each of which is an item
    #[arg(long, value_name = "PATH", required = true, help_heading = "Input")]
    items: Vec<String>,
    #[command(flatten)]
    input: InputArgs,
    /// Compare runs of N words
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
}

/// The evaluation set, to which the documents are shown in order.
struct Corpus {
    set: Contamination,
    totals: Totals,
}

impl Sink<Texts> for Corpus {
    fn take(&mut self, read: Texts) -> Result<()> {
        for (id, text) in &read.documents {
            self.set.see(Text { id, text }).with_context(|| id.clone())?;
        }
        self.totals.add(&read.totals);
        Ok(())
    }
}

pub fn run(args: &Args) -> Result<Status> {
    let start = Instant::now();
    let options = PassageOptions::new().min_words(args.ngram)?.normalization(args.comparison.normalization());
    let inputs = args.input.find()?;
    let target = args.output.target(&inputs, false, None)?;
    if matches!(target, Target::Folder(..)) {
        bail!("expected a file such as found.jsonl for the output, or `-`");
    }
    let (set, item_texts) = items(args, Contamination::with_options(&options))?;
    let mut corpus = Corpus { set, totals: Totals::default() };
    if texts::read(&args.input, &args.run, &inputs, &mut corpus)? == End::Interrupted {
        return Ok(Status::Interrupted);
    }
    let mut lines = Vec::new();
    let mut found = 0;
    for (item, (id, text)) in corpus.set.report().iter().zip(&item_texts) {
        found += u64::from(item.seen_ngrams() > 0);
        lines.extend_from_slice(format!("{}\n", row(item, id, text, args.offsets.offsets)).as_bytes());
    }
    write(args, &target, lines)?;
    if !args.run.quiet {
        let all = number(item_texts.len() as u64);
        tell(format_args!("items          {} of {all} found\n", number(found)));
    }
    report(&args.run, args.input.bad, &corpus.totals, start, 0)?;
    Ok(if corpus.totals.has_damage() { Status::Damaged } else { Status::Done })
}

/// Reads the evaluation set. Returns the ids and texts of the items too.
fn items(args: &Args, mut set: Contamination) -> Result<(Contamination, Vec<(Value, String)>)> {
    let inputs = discover(&args.items, None, None).context("--items")?;
    let fields = args.input.fields();
    let order = (0..inputs.len()).collect();
    let mut batches = Batches::new(&inputs, order, None, Arc::new(AtomicU64::new(0)));
    let mut texts = Vec::new();
    while let Some(batch) = batches.next(Vec::new())? {
        let input = &inputs[batch.input];
        let page = page(&args.input, false, &batch, input, &fields, |document, _| {
            set.add(Text { id: &document.name_in(input), text: &document.text })?;
            texts.push((document.id_in(input), document.text.to_string()));
            Ok(())
        })?;
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
            "words": found.words(), "source": found.document(),
        })
    });
    json!({
        "id": id, "words": item.words(), "ngrams": item.ngrams(), "seen_ngrams": item.seen_ngrams(),
        "share": item.share(), "weighted_share": item.weighted_share(), "documents": item.documents(),
        "longest": longest,
    })
}

fn write(args: &Args, target: &Target, lines: Vec<u8>) -> Result<()> {
    let (path, compression) = match target {
        Target::File(path, compression) => (Some(&**path), *compression),
        Target::Stdout(compression) => (None, *compression),
        Target::Folder(..) | Target::Nothing => return Ok(()),
    };
    let mut sink = Stream::create(path, compression, None)?;
    let output = Encoder::new(args.output.level()).frame(lines, compression)?;
    sink.take(Outcome { output, ..Outcome::default() })?;
    sink.finish().map(drop)
}
