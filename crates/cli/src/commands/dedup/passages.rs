//! Passages: runs of words that an earlier document has.
//!
//! Only the text that is left of earlier documents counts, so the documents are read one after
//! another. The spans that are cut go to a file, from which the outputs are written.

use std::collections::{HashMap, HashSet};
use std::io::BufRead as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use refrain::Span;
use refrain::passages::{Border, PassageOptions, Passages, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::Status;
use super::super::batch::Page;
use super::super::each::At;
use super::super::texts::{self, Texts};
use super::Job;
use crate::document::Document;
use crate::pipeline::{End, Sink};
use crate::stages::{StageFile, open_checked};
use crate::table::size;

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
enum Record {
    /// The input of a batch, its number there, and its hash.
    Batch(usize, u32, u64),
    Document(Line),
}

/// The cuts in a document.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    input: usize,
    batch: u32,
    /// The number of the document in the batch.
    document: usize,
    /// True if nothing is left of the document.
    is_whole: bool,
    cuts: Vec<(usize, usize)>,
    /// The removed runs, each with the document that has its first passage.
    removals: Vec<(usize, usize, String)>,
}

/// Finds the passages of each document, and writes the cuts.
struct Finder {
    passages: Passages,
    border: Border,
    file: StageFile,
    /// The limit of the memory of `passages`.
    memory: u64,
}

impl Sink<Texts> for Finder {
    fn take(&mut self, read: Texts) -> Result<()> {
        self.file.line(&Record::Batch(read.input, read.number, read.hash))?;
        for (document, (id, text)) in read.documents.iter().enumerate() {
            let found = self.passages.dedup(Text { id, text }, self.border).with_context(|| id.clone())?;
            if found.is_empty() {
                continue;
            }
            let ends = |span: Span| (span.start(), span.end());
            let removals = found.removals().iter().map(|removal| {
                let (start, end) = ends(removal.span());
                let source = removal.passages().first().map_or("", |passage| passage.document_id());
                (start, end, source.to_owned())
            });
            let line = Line {
                input: read.input,
                batch: read.number,
                document,
                is_whole: found.apply().trim().is_empty(),
                cuts: found.cuts().map(|(span, _)| ends(span)).collect(),
                removals: removals.collect(),
            };
            self.file.line(&Record::Document(line))?;
        }
        if self.passages.bytes() as u64 > self.memory {
            bail!(
                "--memory: expected more than {} for the index of all words, which takes about as much as the \
                 text",
                size(self.memory)
            );
        }
        Ok(())
    }
}

/// The cuts in all documents, and the hashes of all batches.
#[derive(Default)]
pub struct Found {
    lines: HashMap<(usize, u32, usize), Line>,
    batches: HashMap<(usize, u32), u64>,
}

impl Found {
    /// Reads the cuts in the inputs with the indices `order` from the file `path`.
    pub fn open(path: &Path, header: &str, order: &[usize]) -> Result<Self> {
        let context = || path.display().to_string();
        let order: HashSet<usize> = order.iter().copied().collect();
        let mut found = Self::default();
        for line in open_checked(path, header, "reduce")?.lines() {
            match serde_json::from_str(&line.with_context(context)?).with_context(context)? {
                Record::Batch(input, batch, hash) if order.contains(&input) => {
                    found.batches.insert((input, batch), hash);
                }
                Record::Document(line) if order.contains(&line.input) => {
                    found.lines.insert((line.input, line.batch, line.document), line);
                }
                Record::Batch(..) | Record::Document(_) => {}
            }
        }
        Ok(found)
    }
}

impl Job<'_> {
    /// Writes the cuts in all documents to a file.
    pub fn find_passages(&self) -> Result<Status> {
        let (path, header) = &self.staged.reduced;
        let args = self.args;
        let form = args.comparison.normalization();
        let options = PassageOptions::new().min_words(args.min_words())?.normalization(form);
        let mut finder = Finder {
            passages: Passages::with_options(&options),
            border: args.border(),
            file: StageFile::create(path, header, self.staged.is_kept())?,
            memory: args.memory.0,
        };
        if texts::read(&args.input, &args.writing.run, &self.staged.inputs, &mut finder)? == End::Interrupted
        {
            return Ok(Status::Interrupted);
        }
        finder.file.finish()?;
        Ok(Status::Done)
    }

    pub fn apply_passages(
        &self,
        found: &Found,
        at: At<'_>,
        document: &Document<'_>,
        page: &mut Page,
    ) -> Result<()> {
        let (input, batch) = (at.batch.input, at.batch.number);
        self.staged.check_batch(at, found.batches.get(&(input, batch)).copied())?;
        let Some(line) = found.lines.get(&(input, batch, at.ordinal)) else {
            self.write(at, document, page, &[], &[]);
            return Ok(());
        };
        let span = |start: usize, end: usize| {
            let span = document.text.get(start..end).map(|_| Span::new(start, end));
            span.context("expected the input of the step `reduce`; has it changed?")
        };
        let cuts = line.cuts.iter().map(|(start, end)| span(*start, *end)).collect::<Result<Vec<_>>>()?;
        let removal = |(start, end, source): &(usize, usize, String)| {
            Ok((span(*start, *end)?, Value::from(source.as_str())))
        };
        let removed = line.removals.iter().map(removal).collect::<Result<Vec<_>>>()?;
        match removed.first() {
            Some((_, source)) if line.is_whole => self.leave_out(source.clone(), at, document, page),
            _ => self.write(at, document, page, &cuts, &removed),
        }
        Ok(())
    }
}
