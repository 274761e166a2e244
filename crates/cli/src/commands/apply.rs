//! `refrain apply`: removes the spans of a list from documents.

mod list;
mod written;

use std::ffi::OsString;
use std::fmt;
use std::ops::Range;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use refrain::Span;
use refrain::edits::{Positions, cuts};
use serde_json::{Value, json};

use super::Status;
use super::batch::Page;
use super::each::{At, Each};
use super::rows::{self, Row};
use crate::args::{InputArgs, WritingArgs, Written};
use crate::document::Document;
use crate::input::{Format, discover};
use crate::output::{Offsets, Settings, tell};
use crate::pipeline::Outcome;
use crate::totals::Totals;
use list::{Entry, List};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The list: files or folders of JSON lines as `--write edits` and `--write ids` write them, or
    /// lines such as {"id":"a","start":0,"end":9}, in any order. Give the option again for each
    /// PATH
    #[arg(long, value_name = "PATH", required = true, help_heading = "Input")]
    edits: Vec<OsString>,
    #[command(flatten)]
    input: InputArgs,
    /// Also cut white space next to a span, as `clean` does, so that a removed line leaves no blank
    /// line. For lists of segments that another program made
    #[arg(long, help_heading = "Output")]
    tidy: bool,
    /// Write `documents` without the spans; `edits`, for each document a line of JSON with the
    /// spans that are cut; `dolma`, attributes for `dolma mix`; or `ids`, the ids of the documents
    /// that are left out
    #[arg(long, value_name = "FORM", default_value = "documents", hide_possible_values = true)]
    #[arg(help_heading = "Output")]
    write: Write,
    #[command(flatten)]
    writing: WritingArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Write {
    Documents,
    Edits,
    Dolma,
    Ids,
}

pub fn run(args: &Args) -> Result<Status> {
    let start = Instant::now();
    if args.tidy && args.write == Write::Ids {
        bail!("--tidy: expected a form with spans, found `--write ids`");
    }
    let inputs = args.input.find()?;
    let is_documents = args.write == Write::Documents;
    let target = args.writing.target(&inputs, is_documents)?;
    let lists = discover(&args.edits, None, Some(Format::Jsonl)).context("--edits")?;
    Written::new(&target, Some(&args.writing.removals), &args.writing.run).check(&lists)?;
    let Some(list) = List::read(&lists, args.writing.run.threads())? else { return Ok(Status::Interrupted) };
    let settings = [
        args.input.describe(),
        format!("tidy {}, list {:032x}", args.tidy, list.digest()),
        format!("write {:?}", args.write).to_lowercase(),
        args.writing.describe(),
    ];
    let settings = Settings::new("apply", &settings);
    // The documents of finished inputs are not read again, but their ids count.
    let finished = |totals: &Totals| list.mark(&totals.used);
    // Results come in the order of the documents, so the error does not depend on the threads.
    let check = |outcome: &Outcome| {
        outcome.uses.iter().try_for_each(|(number, line)| {
            list.claim(*number)
                .map_err(|id| repeated(&format!("{}, line {line}", inputs[outcome.input].name()), id))
        })
    };
    let each = Each {
        start,
        others: &lists,
        is_documents,
        finished: Some(&finished),
        check: Some(&check),
        ..Each::new(&inputs, &target, &args.input, &args.writing, settings)
    };
    let ended =
        each.run_and_count(|| (), |(), at, document, page| apply_one(args, &list, at, document, page));
    let (status, totals) = ended.map_err(|error| match error.downcast_ref::<Misfit>() {
        // All earlier documents have claimed their entries by now.
        Some(misfit) if misfit.is_repeated || list.is_used(misfit.number) => {
            repeated(&misfit.place, &misfit.id.to_string())
        }
        _ => error,
    })?;
    if matches!(status, Status::Done | Status::Damaged) && !list.is_empty() && totals.used.is_empty() {
        tell(
            "refrain: expected documents with the ids of the list, found none; name their field with --id\n",
        );
        return Ok(Status::Damaged);
    }
    Ok(status)
}

/// A span of the list that is not one of the document.
#[derive(Debug)]
struct Misfit {
    /// The file and the line of the document.
    place: String,
    id: Value,
    /// The entry of the list.
    number: u32,
    /// True if an earlier document of the batch has used the entry.
    is_repeated: bool,
    span: Range<usize>,
    offsets: Offsets,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, id, offsets, span, .. } = self;
        write!(
            f,
            "{place}: expected spans of the text of document {id} in {}, found {}..{}; the list is for another \
             text, for another document with this id, or in another unit, which --offsets names",
            offsets.unit(),
            span.start,
            span.end
        )
    }
}

impl std::error::Error for Misfit {}

/// Returns the error for a document at `place` whose id, as JSON, an earlier document has.
fn repeated(place: &str, id: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{place}: expected different ids, found {id} twice; if ids repeat in JSONL, make and apply the list with \
         an --id that names no field, so that documents are named FILE:LINE; else make a list for each input"
    )
}

fn apply_one(args: &Args, list: &List, at: At<'_>, document: &Document<'_>, page: &mut Page) -> Result<()> {
    let id = || document.id_in(at.input);
    let offsets = args.writing.offsets.offsets;
    let text = &*document.text;
    let Some(Entry { number, is_removed, ranges }) = list.get(&document.key_in(at.input)) else {
        match args.write {
            Write::Documents => page.main.extend_from_slice(document.bytes()),
            Write::Edits => page.line(&rows::edits(id(), text, &[], offsets)),
            Write::Dolma => page.line(&rows::dolma(&id(), text, &[])),
            Write::Ids => {}
        }
        return Ok(());
    };
    page.uses.push((number, document.number));
    page.totals.add_used((number, number + 1));
    if is_removed {
        page.totals.removed += 1;
        page.totals.bytes_removed += text.len() as u64;
        page.totals.remove("document", 1, text.len() as u64);
        if args.writing.removals.removed.is_some() {
            page.list(&json!({ "id": id(), "text": text, "reason": "document" }));
        }
        match args.write {
            Write::Documents => {}
            Write::Edits => page.line(&rows::edits_of_removed(id(), text, "document", offsets)),
            Write::Dolma => page.line(&rows::dolma_document(&id(), text)),
            Write::Ids => page.line(&id()),
        }
        return Ok(());
    }
    let spans = offsets.spans(text, ranges).map_err(|span| Misfit {
        place: format!("{}, line {}", at.input.name(), document.number),
        id: id(),
        number,
        is_repeated: page.uses.iter().filter(|(used, _)| *used == number).count() > 1,
        span,
        offsets,
    })?;
    let spans = if args.tidy { cuts(text, &spans)? } else { merged(spans) };
    let rows: Vec<Row<'_>> =
        spans.iter().map(|span| Row { span: *span, original: None, reason: "list" }).collect();
    page.count(&rows);
    if args.writing.removals.removed.is_some() {
        let (id, positions) = (id(), Positions::new(text));
        for row in &rows {
            page.list(&rows::removed(&id, text, &positions, row, offsets));
        }
    }
    match args.write {
        Write::Documents => document.write_without(&spans, &mut page.main),
        Write::Edits => page.line(&rows::edits(id(), text, &rows, offsets)),
        Write::Dolma => page.line(&rows::dolma(&id(), text, &rows)),
        Write::Ids => {}
    }
    Ok(())
}

/// Returns `spans` in order, without overlap and without empty spans.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.into_iter().filter(|span| !span.is_empty()) {
        match merged.last_mut().filter(|last| span.start() <= last.end()) {
            Some(last) => *last = Span::new(last.start(), last.end().max(span.end())),
            None => merged.push(span),
        }
    }
    merged
}
