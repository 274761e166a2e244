//! The first step of `near`: the shingles of each input.

use anyhow::{Context as _, Result};
use refrain::near::Shingler;

use super::super::Status;
use super::super::batch::page;
use super::Job;
use crate::input::{Batch, Input};
use crate::stages::ShinglesWriter;

impl Job<'_> {
    /// Writes the shingles of the inputs with the indices `order`, unless they are there.
    pub fn map_inputs(&self, order: Vec<usize>) -> Result<Status> {
        let args = self.args;
        let shingler = Shingler::new()
            .words_per_shingle(args.shingle.into())
            .normalization(args.comparison.normalization());
        let fields = args.input.fields();
        let work = |(): &mut (), batch: &Batch, input: &Input| {
            let mut writer = ShinglesWriter::default();
            let totals = page(args.input.bad, batch, input, &fields, |document, _| {
                let shingles = shingler.shingle(&document.text);
                let place = || format!("{}, line {}", input.name(), document.number);
                writer.add(&document.id_in(input).to_string(), shingles.hashes()).with_context(place)
            })?
            .totals;
            Ok((writer.finish(batch, &totals)?, totals.documents))
        };
        self.staged.map((&args.input, &args.writing.run), order, || (), work)
    }
}
