//! The first step of `dedup`: the fingerprints of each input.

use anyhow::{Context as _, Result};
use refrain::{Fingerprinter, Options, Workspace};

use super::super::Status;
use super::super::batch::page;
use super::{Args, Job};
use crate::document::Document;
use crate::input::{Batch, Input};
use crate::stages::Prints;

impl Job<'_> {
    /// Writes the fingerprints of the inputs with the indices `order`, unless they are there.
    pub fn map_inputs(&self, order: Vec<usize>) -> Result<Status> {
        let fields = self.args.input.fields();
        let form = self.args.comparison.normalization();
        let options = self.args.granularity.segmentation();
        let options = options.map(|by| Options::new().segmentation(by).normalization(form));
        let state = || Reader {
            args: self.args,
            options: options.clone(),
            workspace: Workspace::new(),
            fingerprinter: Fingerprinter::new().normalization(form),
            prints: Prints::default(),
        };
        let work = |reader: &mut Reader<'_>, batch: &Batch, input: &Input| {
            let mut prints = std::mem::take(&mut reader.prints);
            prints.clear();
            let totals = page(self.args.input.bad, batch, input, &fields, |document, _| {
                let place = || format!("{}, line {}", input.name(), document.number);
                reader.read(document, batch.first, &mut prints).with_context(place)
            })?
            .totals;
            let output = prints.to_bytes(batch);
            reader.prints = prints;
            Ok((output, totals.documents))
        };
        self.staged.map((&self.args.input, &self.args.writing.run), order, state, work)
    }
}

/// Computes fingerprints, and reuses its memory.
struct Reader<'a> {
    args: &'a Args,
    options: Option<Options>,
    workspace: Workspace,
    fingerprinter: Fingerprinter,
    /// The fingerprints of an earlier batch.
    prints: Prints,
}

impl Reader<'_> {
    fn read(&mut self, document: &Document<'_>, first: u64, prints: &mut Prints) -> Result<()> {
        let too_many = "expected fewer than 2^32 segments and lines in a batch";
        let line = u32::try_from(document.number - first).ok().context(too_many)?;
        prints.documents.push((prints.segments, line));
        match &self.options {
            None => {
                prints.entries.push((self.fingerprinter.fingerprint(&document.text), prints.segments));
                prints.segments = prints.segments.checked_add(1).context(too_many)?;
            }
            Some(options) => {
                let read = self.workspace.read(&document.text, options);
                for segment in read.segments() {
                    // Light segments have an ordinal, but no fingerprint, and so are kept.
                    if self.args.min_weight == 0 || segment.weight() >= self.args.min_weight {
                        prints.entries.push((segment.fingerprint(), prints.segments));
                    }
                    prints.segments = prints.segments.checked_add(1).context(too_many)?;
                }
                self.workspace.recycle(read);
            }
        }
        Ok(())
    }
}
