//! The work on a batch, and the end of a run: what all commands have in common.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::Value;

use super::rows::Row;
use crate::args::{Bad, RunArgs, Target};
use crate::document::{Document, Fields, Part, parts, parts_of};
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
/// An input without the field of the text is an error.
pub fn page(
    bad: Bad,
    batch: &Batch,
    input: &Input,
    fields: &Fields,
    mut work: impl FnMut(&Document<'_>, &mut Page) -> Result<()>,
) -> Result<Page> {
    let mut page = Page::default();
    for part in parts(batch, input.format, fields) {
        page.add(bad, false, part, input, &mut work)?;
    }
    page.end(batch, input, fields)
}

/// Like [`page`], but also returns the output, which is collected in the place of the documents
/// that are done, because both would take twice the memory. `main` is memory for a part of it.
///
/// Lines that are not documents, and whatever else is in the input, are copied if `is_documents` is
/// set.
pub fn rewrite(
    bad: Bad,
    is_documents: bool,
    main: &mut Vec<u8>,
    batch: &mut Batch,
    input: &Input,
    fields: &Fields,
    mut work: impl FnMut(&Batch, &Document<'_>, &mut Page) -> Result<()>,
) -> Result<(Page, Vec<u8>)> {
    let mut page = Page { main: std::mem::take(main), ..Page::default() };
    let (mut number, mut start) = (batch.first, 0);
    while start < batch.bytes.len() {
        let end = batch.end_of_part(input.format, start);
        for part in parts_of(&batch.bytes[start..end], number, input.format, fields) {
            page.add(bad, is_documents, part, input, &mut |document, page| work(batch, document, page))?;
            number += 1;
        }
        // The first lines are read once more if none of them is a document.
        if page.totals.documents > 0 {
            batch.replace(end, &mut page.main);
        }
        start = end;
    }
    let mut page = page.end(batch, input, fields)?;
    let output = batch.take_output(&page.main);
    page.main.clear();
    *main = std::mem::take(&mut page.main);
    Ok((page, output))
}

impl Page {
    /// Works on a part of a batch.
    fn add(
        &mut self,
        bad: Bad,
        is_documents: bool,
        part: Part<'_>,
        input: &Input,
        work: &mut impl FnMut(&Document<'_>, &mut Self) -> Result<()>,
    ) -> Result<()> {
        match part {
            Part::Document(document) => {
                self.totals.documents += 1;
                self.totals.bytes += document.text.len() as u64;
                work(&document, self)?;
            }
            Part::Other(bytes) if is_documents => self.main.extend_from_slice(bytes),
            Part::Other(_) => {}
            Part::Bad(number, bytes, why) => {
                let place = || match input.format {
                    Format::Text => format!("{}: {why}", input.name()),
                    Format::Wet => format!("{}, record {number}: {why}", input.name()),
                    Format::Jsonl | Format::Lines => format!("{}, line {number}: {why}", input.name()),
                };
                match bad {
                    Bad::Stop => return Err(anyhow!("{}; --bad keep or drop continues", place())),
                    Bad::Keep if is_documents => self.main.extend_from_slice(bytes),
                    Bad::Keep | Bad::Drop => {}
                }
                self.totals.add_bad(place);
            }
        }
        Ok(())
    }

    /// Checks and counts what concerns the whole batch.
    fn end(mut self, batch: &Batch, input: &Input, fields: &Fields) -> Result<Self> {
        if batch.is_first && self.totals.documents == 0 && input.format == Format::Jsonl {
            check_field(batch, input, fields)?;
        }
        let broken = batch.broken.iter().map(|why| format!("{}: {why}", input.name()));
        self.totals.broken.extend(broken);
        Ok(self)
    }
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
