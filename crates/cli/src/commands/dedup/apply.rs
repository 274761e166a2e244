//! The last step of `dedup`: the inputs without what earlier documents have.

use anyhow::{Context as _, Result};
use refrain::edits::{self, Positions};
use refrain::{Options, Span, Workspace};
use serde_json::{Value, json};

use super::super::Status;
use super::super::batch::Page;
use super::super::each::{At, Each};
use super::super::rows::{self, Row};
use super::super::staged::changed;
use super::passages::Found;
use super::{Granularity, Job, Write};
use crate::document::Document;
use crate::stages::{Documents, Drop, Drops};

/// The segments to remove from a batch, and a workspace for its documents.
#[derive(Default)]
struct State {
    /// The input and the number of the batch.
    batch: Option<(usize, u32)>,
    documents: Documents,
    drops: Vec<Drop>,
    workspace: Workspace,
}

impl Job<'_> {
    /// Writes the outputs of the inputs with the indices `order`.
    pub fn apply_inputs(&self, order: Vec<usize>, manifest: String) -> Result<Status> {
        let (args, staged) = (self.args, &self.staged);
        let (result, header) = &staged.reduced;
        if !staged.is_finished() {
            staged.check_apply(&order)?;
        }
        if args.write == Write::Datatrove {
            return self.write_datatrove(order);
        }
        let each = Each {
            order,
            manifest,
            is_locked: true,
            start: self.start,
            memory: args.memory.0,
            is_documents: args.write == Write::Documents,
            ..Each::new(&staged.inputs, &staged.target, &args.input, &args.writing, self.settings.clone())
        };
        if staged.is_finished() {
            // Only the counts are shown again, without the files of the steps.
            return each.run(|| (), |(), at, _, _| Err(changed(at.input)));
        }
        if args.granularity == Granularity::Passages {
            let found = Found::open(result, header, &each.order)?;
            return each.run(|| (), |(), at, document, page| self.apply_passages(&found, at, document, page));
        }
        let drops = Drops::open(result)?;
        each.run(State::default, |state, at, document, page| {
            let batch = (at.batch.input, at.batch.number);
            if state.batch != Some(batch) {
                let prints = &staged.files[batch.0].0;
                state.documents = drops.of_batch(batch, prints, &mut state.drops)?;
                staged.check_batch(at, Some(state.documents.hash))?;
                state.batch = Some(batch);
            }
            self.apply_one(state, at, document, page)
        })
    }

    fn apply_one(
        &self,
        state: &mut State,
        at: At<'_>,
        document: &Document<'_>,
        page: &mut Page,
    ) -> Result<()> {
        let segments = state.documents.segments(at.ordinal);
        let from = state.drops.partition_point(|drop| drop.ordinal < segments.start);
        let to = state.drops.partition_point(|drop| drop.ordinal < segments.end);
        let drops = &state.drops[from..to];
        page.totals.segments += segments.len() as u64;
        page.totals.segments_removed += drops.len() as u64;
        if drops.len() == segments.len() && !drops.is_empty() {
            self.leave_out(self.source(&drops[0]), at, document, page);
            return Ok(());
        }
        if drops.is_empty() && self.args.write == Write::Documents {
            page.main.extend_from_slice(document.bytes());
            return Ok(());
        }
        let text = &*document.text;
        let spans = match self.args.granularity.segmentation() {
            Some(segmentation) if !drops.is_empty() => {
                let read = state.workspace.read(text, &Options::new().segmentation(segmentation));
                let span = |drop: &Drop| {
                    let segment = read.segment((drop.ordinal - segments.start) as usize);
                    Ok(segment.context("expected the input of the step `map`; has it changed?")?.span())
                };
                let spans = drops.iter().map(span).collect::<Result<Vec<Span>>>()?;
                state.workspace.recycle(read);
                spans
            }
            _ => Vec::new(),
        };
        let cuts = edits::cuts(text, &spans)?;
        let removed: Vec<(Span, Value)> =
            spans.iter().zip(drops).map(|(span, drop)| (*span, self.source(drop))).collect();
        self.write(at, document, page, &cuts, &removed);
        Ok(())
    }

    /// Writes a document without `cuts`, and lists the spans `removed`, each with its source.
    pub fn write(
        &self,
        at: At<'_>,
        document: &Document<'_>,
        page: &mut Page,
        cuts: &[Span],
        removed: &[(Span, Value)],
    ) {
        let text = &*document.text;
        let offsets = self.args.writing.offsets.offsets;
        let row = |span: &Span| Row { span: *span, original: None, reason: "seen" };
        let rows: Vec<Row<'_>> = cuts.iter().map(row).collect();
        page.count(&rows);
        if self.args.writing.removals.removed.is_some() && !removed.is_empty() {
            let (id, positions) = (document.id_in(at.input), Positions::new(text));
            for (span, source) in removed {
                let mut line = rows::removed(&id, text, &positions, &row(span), offsets);
                line["source"] = source.clone();
                page.list(&line);
            }
        }
        match self.args.write {
            Write::Documents => document.write_without(cuts, &mut page.main),
            Write::Edits => page.line(&rows::edits(document.id_in(at.input), text, &rows, offsets)),
            Write::Dolma => page.line(&rows::dolma(&document.id_in(at.input), text, &rows)),
            Write::Ids | Write::Datatrove => {}
        }
    }

    /// Leaves a document out of the output, because earlier ones have all of it.
    pub fn leave_out(&self, source: Value, at: At<'_>, document: &Document<'_>, page: &mut Page) {
        let text = &*document.text;
        page.totals.removed += 1;
        page.totals.bytes_removed += text.len() as u64;
        page.totals.remove("document", 1, text.len() as u64);
        let id = document.id_in(at.input);
        if self.args.writing.removals.removed.is_some() {
            page.list(&json!({ "id": id, "text": text, "reason": "document", "source": source }));
        }
        let offsets = self.args.writing.offsets.offsets;
        match self.args.write {
            Write::Documents | Write::Datatrove => {}
            Write::Edits => page.line(&rows::edits_of_removed(id, text, "document", offsets)),
            Write::Dolma => page.line(&rows::dolma_document(&id, text)),
            Write::Ids => page.line(&id),
        }
    }

    /// Returns the name of the document that has a segment first: its input and its line.
    fn source(&self, drop: &Drop) -> Value {
        let label = self.staged.inputs.get(drop.source_input as usize).map(crate::input::Input::label);
        format!("{}:{}", label.unwrap_or_default(), drop.source_line).into()
    }
}
