//! The shingles of all documents.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Result, bail};
use refrain::near::{Shingler, Shingles};

use super::super::batch::page;
use super::super::each::total_bytes;
use super::Job;
use crate::input::{Batch, Batches};
use crate::pipeline::{self, End, Sink};
use crate::progress::Progress;
use crate::table::size;
use crate::totals::Totals;

/// The documents of all inputs, in order.
#[derive(Default)]
pub struct Corpus {
    pub shingles: Vec<Shingles>,
    /// The ids, as JSON.
    pub ids: Vec<String>,
    /// The number of the first document of each batch of each input.
    pub first: HashMap<(usize, u32), usize>,
    /// The input of each document, and its number among the documents of the input that have a
    /// text.
    pub places: Vec<(usize, u32)>,
    pub totals: Totals,
    /// The memory of the shingles in bytes, and its limit.
    pub bytes: u64,
    limit: u64,
}

/// A batch: its input and its number there, and its documents.
struct Read {
    input: usize,
    number: u32,
    documents: Vec<(String, Shingles, bool)>,
    totals: Totals,
}

impl Sink<Read> for Corpus {
    fn take(&mut self, read: Read) -> Result<()> {
        self.totals.add(&read.totals);
        self.first.insert((read.input, read.number), self.shingles.len());
        let mut next = match self.places.last() {
            Some((input, last)) if *input == read.input => *last,
            _ => 0,
        };
        for (id, shingles, has_text) in read.documents {
            self.bytes += 8 * shingles.len() as u64;
            self.shingles.push(shingles);
            self.ids.push(id);
            // Documents without a text do not count, and have the number of the one before.
            next += u32::from(has_text);
            self.places.push((read.input, next));
        }
        if self.bytes > self.limit {
            bail!("expected shingles of at most {}, found more; raise --memory", size(self.limit));
        }
        Ok(())
    }
}

impl Job<'_> {
    /// Reads all inputs. Returns `None` after Ctrl-C.
    pub fn read(&self, shingler: &Shingler) -> Result<Option<Corpus>> {
        let order: Vec<usize> = (0..self.inputs.len()).collect();
        let progress =
            Progress::start(self.args.run.progress(), "reading", total_bytes(&self.inputs, &order));
        let batches = Batches::new(&self.inputs, order, self.args.input.limit, Arc::clone(&progress.read));
        let mut corpus = Corpus { limit: self.args.memory.0, ..Corpus::default() };
        let fields = self.args.input.fields();
        let work = |(): &mut (), batch: &Batch| {
            let input = &self.inputs[batch.input];
            let mut documents = Vec::new();
            let totals = page(&self.args.input, false, batch, input, &fields, |document, _| {
                let shingles = shingler.shingle(&document.text);
                documents.push((document.id_in(input).to_string(), shingles, !document.text.is_empty()));
                Ok(())
            })?
            .totals;
            progress.add(documents.len() as u64);
            Ok(Read { input: batch.input, number: batch.number, documents, totals })
        };
        let end = pipeline::run(batches, self.args.run.threads(), || (), work, &mut corpus)?;
        Ok((end == End::Done).then_some(corpus))
    }
}
