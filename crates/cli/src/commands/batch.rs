//! The work on a batch, and the end of a run: what all commands have in common.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::Value;

use super::rows::Row;
use crate::args::{Bad, InputArgs, RunArgs, Target};
use crate::document::{Document, Fields, Part, parts};
use crate::input::{Batch, Format, Input, STDIN};
use crate::output::{Encoder, Level, Stream, tell, write_whole};
use crate::pipeline::{Outcome, Sink as _};
use crate::table::Summary;
use crate::totals::Totals;

/// The number of lines in which the field of the text must occur once.
const FIRST_LINES: usize = 1000;
/// The minimum size of a frame of lines in bytes.
const FRAME: usize = 8 << 20;

/// The output of a batch, while it is written.
#[derive(Debug, Default)]
pub struct Page {
    /// Not yet compressed.
    pub main: Vec<u8>,
    pub removed: Vec<u8>,
    pub totals: Totals,
    /// The entries of a list that documents have used, by their numbers, each with the line.
    pub uses: Vec<(u32, u64)>,
}

impl Page {
    /// Appends a line of JSON to the output.
    pub fn line(&mut self, value: &Value) {
        self.main.extend_from_slice(format!("{value}\n").as_bytes());
    }

    /// Appends a line of JSON to the list of removals.
    pub fn list(&mut self, value: &Value) {
        self.removed.extend_from_slice(format!("{value}\n").as_bytes());
    }

    /// Counts the removals in a document.
    pub fn count(&mut self, rows: &[Row<'_>]) {
        for row in rows {
            self.totals.remove(row.reason, 1, row.span.len() as u64);
            self.totals.bytes_removed += row.span.len() as u64;
        }
        self.totals.changed += u64::from(!rows.is_empty());
    }
}

/// Works on the documents of a batch.
///
/// Lines that are not documents, and whatever else is in the input, are copied if `is_documents` is
/// set. An input without the field of the text is an error. The output is in the memory of `main`.
pub fn page(
    args: &InputArgs,
    is_documents: bool,
    main: Vec<u8>,
    batch: &Batch,
    input: &Input,
    fields: &Fields,
    mut work: impl FnMut(&Document<'_>, &mut Page) -> Result<()>,
) -> Result<Page> {
    let mut page = Page { main, ..Page::default() };
    for part in parts(batch, input.format, fields) {
        match part {
            Part::Document(document) => {
                page.totals.documents += 1;
                page.totals.bytes += document.text.len() as u64;
                work(&document, &mut page)?;
            }
            Part::Other(bytes) if is_documents => page.main.extend_from_slice(bytes),
            Part::Other(_) => {}
            Part::Bad(number, bytes, why) => {
                let place = || match input.format {
                    Format::Text => format!("{}: {why}", input.name()),
                    Format::Wet => format!("{}, record {number}: {why}", input.name()),
                    Format::Jsonl | Format::Lines => format!("{}, line {number}: {why}", input.name()),
                };
                match args.bad {
                    Bad::Stop => return Err(anyhow!("{}; --bad keep or drop continues", place())),
                    Bad::Keep if is_documents => page.main.extend_from_slice(bytes),
                    Bad::Keep | Bad::Drop => {}
                }
                page.totals.add_bad(place);
            }
        }
    }
    if batch.is_first && page.totals.documents == 0 && input.format == Format::Jsonl {
        check_field(batch, input, fields)?;
    }
    let broken = batch.broken.iter().map(|why| format!("{}: {why}", input.name()));
    page.totals.broken.extend(broken);
    Ok(page)
}

/// Writes lines of JSON to a single output, in frames.
pub fn write_lines(target: &Target, level: Level, values: impl Iterator<Item = Value>) -> Result<()> {
    let (path, compression) = match target {
        Target::File(path, compression) => (Some(&**path), *compression),
        Target::Stdout(compression) => (None, *compression),
        Target::Folder(..) | Target::Nothing(_) => return Ok(()),
    };
    let mut sink = Stream::create(path, compression, None)?;
    let mut encoder = Encoder::new(level);
    let mut values = values.peekable();
    while values.peek().is_some() {
        let mut page = Page { main: encoder.buffer(), ..Page::default() };
        while page.main.len() < FRAME
            && let Some(value) = values.next()
        {
            page.line(&value);
        }
        let output = encoder.frame(page.main, compression)?;
        sink.take(Outcome { output, ..Outcome::default() })?;
    }
    sink.finish().map(drop)
}

/// Shows the table, and writes it.
pub fn report(run: &RunArgs, bad: Bad, totals: &Totals, start: Instant, skipped: usize) -> Result<()> {
    let summary = Summary { totals, bad, time: start.elapsed(), skipped };
    if !run.quiet {
        tell(summary.table());
    }
    match &run.stats {
        None => Ok(()),
        Some(path) if path.as_os_str() == STDIN => {
            writeln!(std::io::stdout().lock(), "{}", summary.json()).context("standard output")
        }
        Some(path) => write_whole(path, format!("{}\n", summary.json()).as_bytes()),
    }
}

/// Returns an error if the first lines of an input, which have no text, are objects without the
/// field of the text.
fn check_field(batch: &Batch, input: &Input, fields: &Fields) -> Result<()> {
    let mut names = BTreeSet::new();
    let mut objects = 0;
    for line in batch.bytes.split(|byte| *byte == b'\n').take(FIRST_LINES) {
        match std::str::from_utf8(line).ok().and_then(|line| fields.has_text(line, &mut names)) {
            Some(true) => return Ok(()),
            Some(false) => objects += 1,
            None => {}
        }
    }
    if objects == 0 {
        return Ok(());
    }
    let found: Vec<String> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
    let found = if found.is_empty() { "no fields".to_owned() } else { found.join(", ") };
    bail!(
        "{}: expected the field `{}` in a line, found {found}; name the field of the text with --text",
        input.name(),
        fields.text
    )
}
