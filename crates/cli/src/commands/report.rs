//! `refrain report`: the repeats of one document, as a page or as text for a terminal.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::{Context as _, Result, bail};
use refrain::report::{Color, Report};
use refrain::{Cleaner, Document};

use super::Status;
use crate::args::{Bad, Comparison, InputArgs, PolicyArgs, check_output};
use crate::document::{Part, parts};
use crate::input::{Batches, Input, STDIN};
use crate::output::{tell, write_whole};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    /// Show the document with this id, by default the first one. A document without an id is named
    /// FILE:LINE
    #[arg(long, value_name = "ID", help_heading = "Input")]
    document: Option<String>,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    comparison: Comparison,
    /// Write a page in HTML to this file, or to standard output if FILE is `-`; by default, text is
    /// written to standard output, in colors if that is a terminal
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args) -> Result<Status> {
    let inputs = args.input.find()?;
    let file = args.output.as_deref().filter(|path| path.as_os_str() != STDIN);
    if let Some(path) = file {
        check_output("--output", path, &inputs)?;
    }
    let Found { name, text, damage } = find(args, &inputs)?;
    let options = args.policy.options(&args.comparison);
    let document = Document::with_options(&text, &options);
    let edits = Cleaner::new().options(options).policy(args.policy.policy()).edits_of(&document);
    let report = Report::new(&document, &edits).name(&name).policy(args.policy.policy());
    if let Some(path) = file {
        write_whole(path, report.html().as_bytes())?;
        return Ok(end(damage));
    }
    let write = |out: &mut dyn Write, report: String| {
        out.write_all(report.as_bytes()).and_then(|()| out.flush()).context("standard output")
    };
    if args.output.is_some() {
        write(&mut std::io::stdout().lock(), report.html())?;
    } else {
        // Escape sequences are left out where there is no terminal.
        write(&mut anstream::stdout().lock(), report.color(Color::Ansi).text())?;
    }
    Ok(end(damage))
}

/// Shows the damage of the inputs, and returns the status.
fn end(damage: Option<String>) -> Status {
    damage.map_or(Status::Done, |damage| {
        tell(format_args!("refrain: {damage}\n"));
        Status::Damaged
    })
}

/// The document that is shown.
struct Found {
    name: String,
    text: String,
    /// The first line that is not a document or the first truncated input, if one was read.
    damage: Option<String>,
}

/// Finds the document that is shown.
fn find(args: &Args, inputs: &[Input]) -> Result<Found> {
    let fields = args.input.fields();
    let order = (0..inputs.len()).collect();
    let mut batches = Batches::new(inputs, order, args.input.limit, Arc::new(AtomicU64::new(0)));
    let mut bad = None;
    while let Some(batch) = batches.next(Vec::new())? {
        let input = &inputs[batch.input];
        for part in parts(&batch, input.format, &fields) {
            match part {
                Part::Document(document) => {
                    let name = document.name_in(input);
                    if args.document.as_ref().is_none_or(|wanted| *wanted == name) {
                        let broken = batch.broken.as_ref().map(|why| format!("{}: {why}", input.name()));
                        return Ok(Found { name, text: document.text.into_owned(), damage: bad.or(broken) });
                    }
                }
                Part::Bad(number, _, why) => {
                    if args.input.bad == Bad::Stop {
                        bail!("{}, line {number}: {why}", input.name());
                    }
                    bad.get_or_insert_with(|| format!("{}, line {number}: {why}", input.name()));
                }
                Part::Other(_) => {}
            }
        }
        if let Some(why) = batch.broken {
            bad.get_or_insert_with(|| format!("{}: {why}", input.name()));
        }
    }
    match (&args.document, bad) {
        (Some(id), Some(bad)) => bail!("expected a document with the id `{id}`, found none; {bad}"),
        (None, Some(bad)) => bail!("found no document to show; {bad}"),
        (Some(id), None) => bail!("expected a document with the id `{id}`, found none"),
        (None, None) => bail!("expected a document, found none"),
    }
}
