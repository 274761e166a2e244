//! The texts of all documents, one batch after another, for work that needs them in order.

use std::sync::Arc;

use anyhow::Result;

use super::batch::page;
use super::each::total_bytes;
use crate::args::{InputArgs, RunArgs};
use crate::input::{Batch, Batches, Input};
use crate::pipeline::{self, End, Sink};
use crate::progress::Progress;

/// The documents of a batch, each with its id as a name.
pub struct Texts {
    /// The index of the input, and the number of the batch there.
    pub input: usize,
    pub number: u32,
    /// The hash of the batch.
    pub hash: u64,
    pub documents: Vec<(String, String)>,
}

/// Passes the texts of all `inputs` to `sink`, in order.
pub fn read(args: &InputArgs, run: &RunArgs, inputs: &[Input], sink: &mut dyn Sink<Texts>) -> Result<End> {
    let fields = args.fields();
    let order: Vec<usize> = (0..inputs.len()).collect();
    let progress = Progress::start(run.progress(), "reading", total_bytes(inputs, &order));
    let batches = Batches::new(inputs, order, args.limit, Arc::clone(&progress.read));
    let work = |(): &mut (), batch: &mut Batch| {
        let input = &inputs[batch.input];
        let mut documents = Vec::new();
        let page = page(args.bad, batch, input, &fields, |document, _| {
            documents.push((document.name_in(input), document.text.to_string()));
            Ok(())
        })?;
        progress.add(page.totals.documents);
        Ok(Texts { input: batch.input, number: batch.number, hash: batch.hash(), documents })
    };
    pipeline::run(batches, run.threads(), || (), work, sink)
}
