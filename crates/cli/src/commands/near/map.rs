//! The first step of `near`: the shingles of each input.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use refrain::near::Shingler;

use super::super::Status;
use super::super::batch::page;
use super::super::each::total_bytes;
use super::Job;
use crate::input::{Batch, Batches};
use crate::pipeline::{self, End, Outcome};
use crate::progress::Progress;
use crate::stages::{MapSink, ShinglesWriter};
use crate::totals::Totals;

impl Job<'_> {
    /// Writes the shingles of the inputs with the indices `order`, unless they are there.
    pub fn map_inputs(&self, order: Vec<usize>) -> Result<Status> {
        let args = self.args;
        let shingler = Shingler::new()
            .words_per_shingle(args.shingle.into())
            .normalization(args.comparison.normalization());
        let order = self.staged.unmapped(order)?;
        let (inputs, run) = (&self.staged.inputs, &args.writing.run);
        let progress = Progress::start(run.progress(), "reading", total_bytes(inputs, &order));
        let batches = Batches::new(inputs, order, args.input.limit, Arc::clone(&progress.read));
        let mut sink = MapSink { files: &self.staged.files, current: None, totals: Totals::default() };
        let fields = args.input.fields();
        let work = |(): &mut (), batch: &Batch| {
            let input = &inputs[batch.input];
            let mut writer = ShinglesWriter::default();
            let totals = page(&args.input, false, batch, input, &fields, |document, _| {
                let shingles = shingler.shingle(&document.text);
                let place = || format!("{}, line {}", input.name(), document.number);
                writer.add(&document.id_in(input).to_string(), shingles.hashes()).with_context(place)
            })?
            .totals;
            progress.add(totals.documents);
            Ok(Outcome {
                input: batch.input,
                is_first: batch.is_first,
                is_last: batch.is_last,
                output: writer.finish(batch, &totals)?,
                totals,
                ..Outcome::default()
            })
        };
        let end = pipeline::run(batches, run.threads(), || (), work, &mut sink)?;
        Ok(if end == End::Interrupted { Status::Interrupted } else { Status::Done })
    }
}
