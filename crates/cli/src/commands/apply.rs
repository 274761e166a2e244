//! `refrain apply`: removes the spans of a list from documents.

mod list;

use std::time::Instant;

use anyhow::{Result, bail};
use refrain::Span;
use refrain::edits::{Positions, cuts};

use super::Status;
use super::batch::Page;
use super::each::{At, Each};
use super::rows::{self, Row};
use crate::args::{FolderArgs, InputArgs, OffsetArgs, OutputArgs, RemovalArgs, RunArgs};
use crate::document::Document;
use crate::output::{MANIFEST, Settings, tell};
use list::{Entry, List};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The list: files or folders of JSON lines as `--write edits` and `--write ids` write them, or
    /// lines such as {"id":"a","start":0,"end":9}, in any order
    #[arg(long, value_name = "PATH", required = true, help_heading = "Input")]
    edits: Vec<String>,
    #[command(flatten)]
    input: InputArgs,
    /// Also cut white space next to a span, as `clean` does, so that a removed line leaves no blank
    /// line. For lists of segments that another program made
    #[arg(long, help_heading = "Output")]
    tidy: bool,
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
}

pub fn run(args: &Args) -> Result<Status> {
    let start = Instant::now();
    let inputs = args.input.find()?;
    let list = List::read(&args.edits)?;
    let settings = [
        args.input.describe(),
        format!("tidy {}, list {:032x}", args.tidy, list.digest),
        args.output.describe(),
        format!("offsets {}, removed {}", args.offsets.offsets, args.removals.removed.is_some()),
    ];
    let each = Each {
        target: &args.output.target(&inputs, true, Some(&args.removals))?,
        order: (0..inputs.len()).collect(),
        inputs: &inputs,
        manifest: MANIFEST.to_owned(),
        start,
        input: &args.input,
        output: &args.output,
        removals: Some(&args.removals),
        force: args.folder.force,
        run: &args.run,
        settings: Settings::new("apply", &settings),
        memory: 0,
        not_compared: 0,
        title: "writing",
        is_documents: true,
    };
    let (status, totals) =
        each.run_and_count(|| (), |(), at, document, page| apply_one(args, &list, at, document, page))?;
    if status == Status::Done && !list.is_empty() && !totals.is_changed() {
        tell(
            "refrain: expected documents with the ids of the list, found none; name their field with --id\n",
        );
        return Ok(Status::Damaged);
    }
    Ok(status)
}

fn apply_one(args: &Args, list: &List, at: At<'_>, document: &Document<'_>, page: &mut Page) -> Result<()> {
    let id = document.id_in(at.input);
    let Some(Entry { is_removed, ranges, is_used }) = list.get(&id) else {
        page.main.extend_from_slice(document.bytes());
        return Ok(());
    };
    if is_used {
        bail!(
            "{}, line {}: expected different ids, found {id} twice; if ids repeat, make and apply the list with \
             an --id that names no field, so that documents are named FILE:LINE",
            at.input.name(),
            document.number
        );
    }
    let text = &*document.text;
    if is_removed {
        page.totals.removed += 1;
        page.totals.bytes_removed += text.len() as u64;
        page.totals.remove("document", 1, text.len() as u64);
        return Ok(());
    }
    let spans = args.offsets.offsets.spans(text, ranges).map_err(|range| {
        anyhow::anyhow!(
            "{}, line {}: expected spans of the text of document {id} in {}, found {}..{}",
            at.input.name(),
            document.number,
            args.offsets.offsets,
            range.start,
            range.end
        )
    })?;
    let spans = if args.tidy { cuts(text, &spans)? } else { merged(spans) };
    let rows: Vec<Row<'_>> =
        spans.iter().map(|span| Row { span: *span, original: None, reason: "list" }).collect();
    page.count(&rows);
    if args.removals.removed.is_some() {
        let positions = Positions::new(text);
        for row in &rows {
            page.list(&rows::removed(&id, text, &positions, row, args.offsets.offsets));
        }
    }
    document.write_without(&spans, &mut page.main);
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
