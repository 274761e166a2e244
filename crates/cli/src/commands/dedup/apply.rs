//! The last step of `dedup`: the inputs without what earlier documents have.

use anyhow::{Context as _, Result, bail};
use refrain::edits::{self, Positions};
use refrain::{Options, Span, Workspace};
use serde_json::{Value, json};

use super::super::Status;
use super::super::batch::Page;
use super::super::each::{At, Each};
use super::super::rows::{self, Row};
use super::passages::Found;
use super::{Granularity, Job, Write};
use crate::args::Target;
use crate::document::Document;
use crate::output;
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
    pub fn apply(&self, target: &Target, order: Vec<usize>, manifest: String) -> Result<Status> {
        let args = self.args;
        for index in &order {
            let input = &self.inputs[*index];
            // The list is that of the inputs as they were at the start.
            let state = input.path.as_deref().map(output::State::of).transpose()?;
            if state.as_ref() != Some(&self.files[*index].1.state) {
                bail!("{}: the input has changed during the run; run the command again", input.name());
            }
        }
        let each = Each {
            inputs: &self.inputs,
            target,
            order,
            manifest,
            start: self.start,
            input: &args.input,
            output: &args.output,
            removals: Some(&args.removals),
            force: args.folder.force,
            run: &args.run,
            settings: self.settings.clone(),
            memory: args.stages.memory.0,
            not_compared: 0,
            title: "writing",
            is_documents: args.write == Write::Documents,
        };
        if self.is_finished {
            // Only the counts are shown again, without the files of the stages.
            return each.run(
                || (),
                |(), at, _, _| bail!("{}: the input has changed; run the command again", at.input.name()),
            );
        }
        if args.granularity == Granularity::Passages {
            let found = Found::open(&self.drops.0, &self.drops.1)?;
            return each.run(|| (), |(), at, document, page| self.apply_passages(&found, at, document, page));
        }
        let drops = Drops::open(&self.drops.0, &self.drops.1)?;
        each.run(State::default, |state, at, document, page| {
            if state.batch != Some((at.index, at.batch)) {
                (state.documents, state.drops) =
                    drops.of_batch(at.index, at.batch, &self.files[at.index].0)?;
                state.batch = Some((at.index, at.batch));
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
        let offsets = self.args.offsets.offsets;
        let row = |span: &Span| Row { span: *span, original: None, reason: "seen" };
        let rows: Vec<Row<'_>> = cuts.iter().map(row).collect();
        page.count(&rows);
        if self.args.removals.removed.is_some() && !removed.is_empty() {
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
            Write::Ids => {}
        }
    }

    /// Leaves a document out of the output, because earlier ones have all of it.
    pub fn leave_out(&self, source: Value, at: At<'_>, document: &Document<'_>, page: &mut Page) {
        let text = &*document.text;
        page.totals.removed += 1;
        page.totals.bytes_removed += text.len() as u64;
        page.totals.remove("document", 1, text.len() as u64);
        let id = document.id_in(at.input);
        if self.args.removals.removed.is_some() {
            page.list(&json!({ "id": id, "text": text, "reason": "document", "source": source }));
        }
        let row = Row { span: Span::new(0, text.len()), original: None, reason: "document" };
        match self.args.write {
            Write::Documents => {}
            Write::Edits => {
                let mut line = rows::edits(id, text, &[row], self.args.offsets.offsets);
                line["removed"] = true.into();
                page.line(&line);
            }
            Write::Dolma => page.line(&rows::dolma_document(&id, text)),
            Write::Ids => page.line(&id),
        }
    }

    /// Returns the name of the document that has a segment first: its input and its line.
    fn source(&self, drop: &Drop) -> Value {
        let label = self.inputs.get(drop.source_input as usize).map(crate::input::Input::label);
        format!("{}:{}", label.unwrap_or_default(), drop.source_line).into()
    }
}
