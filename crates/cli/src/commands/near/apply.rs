//! The last step of `near`: the outputs.

use anyhow::Result;
use serde_json::{Value, json};

use super::super::Status;
use super::super::batch::{Page, report, write_lines};
use super::super::datatrove::{self, Cluster};
use super::super::each::{At, Each};
use super::super::rows;
use super::reduce::{Found, Member, Pair, Source};
use super::{Job, Write};
use crate::document::Document;
use crate::output::{Settings, tell};
use crate::table::number;
use crate::totals::Totals;

/// Returns an id that is kept as JSON.
fn id(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

impl Job<'_> {
    /// Returns the cluster of a document, if it has several documents.
    fn member<'f>(&self, found: &'f Found, at: At<'_>) -> Result<Option<&'f Member>> {
        let batch = (at.batch.input, at.batch.number);
        self.staged.check_batch(at, found.batches.get(&batch).copied())?;
        Ok(found.members.get(&(batch.0, batch.1, at.ordinal)))
    }

    /// Writes the outputs of the inputs with the indices `order`.
    pub fn apply_inputs(&self, order: Vec<usize>, manifest: String) -> Result<Status> {
        let is_finished = self.staged.is_finished();
        if !is_finished {
            self.staged.check_apply(&order)?;
        }
        let found = if is_finished { Found::default() } else { self.found(&order)? };
        let (args, inputs, target) = (self.args, &self.staged.inputs, &self.staged.target);
        match args.write {
            Write::Pairs => return self.write_pairs(&found),
            Write::Datatrove => {
                let find = |at: At<'_>, _: &Document<'_>| {
                    Ok(self.member(&found, at)?.map(|member| Cluster {
                        number: member.cluster,
                        size: member.size,
                        is_kept: member.source.is_none(),
                    }))
                };
                let run = (&args.input, &args.writing);
                return match datatrove::write(inputs, order, run, target, find)? {
                    None => Ok(Status::Interrupted),
                    Some(totals) => {
                        let not_compared = found.totals.not_compared;
                        self.end(&Totals { not_compared, ..totals }, totals.removed > 0)
                    }
                };
            }
            _ => {}
        }
        let settings: Settings = self.settings.clone();
        let each = Each {
            order,
            manifest,
            is_locked: true,
            start: self.start,
            memory: found.bytes,
            not_compared: found.totals.not_compared,
            is_documents: args.write == Write::Documents,
            ..Each::new(inputs, target, &args.input, &args.writing, settings)
        };
        each.run(
            || (),
            |(), at, document, page| {
                match self.member(&found, at)?.and_then(|member| member.source.as_ref()) {
                    Some(source) => self.leave_out(source, at, document, page),
                    None => self.keep(at, document, page),
                }
                Ok(())
            },
        )
    }

    fn keep(&self, at: At<'_>, document: &Document<'_>, page: &mut Page) {
        let offsets = self.args.writing.offsets.offsets;
        match self.args.write {
            Write::Documents => page.main.extend_from_slice(document.bytes()),
            Write::Edits => page.line(&rows::edits(document.id_in(at.input), &document.text, &[], offsets)),
            Write::Dolma => page.line(&rows::dolma(&document.id_in(at.input), &document.text, &[])),
            Write::Ids | Write::Pairs | Write::Datatrove => {}
        }
    }

    fn leave_out(&self, source: &Source, at: At<'_>, document: &Document<'_>, page: &mut Page) {
        let (own, text) = (document.id_in(at.input), &*document.text);
        let writing = &self.args.writing;
        page.totals.removed += 1;
        page.totals.bytes_removed += text.len() as u64;
        page.totals.remove("near", 1, text.len() as u64);
        if writing.removals.removed.is_some() {
            let measures = source.measures;
            page.list(&json!({
                "id": own, "text": text, "reason": "near", "source": id(&source.id),
                "similarity": measures.similarity(), "containment": measures.containment(),
            }));
        }
        match self.args.write {
            Write::Ids => page.line(&own),
            Write::Edits => page.line(&rows::edits_of_removed(own, text, "near", writing.offsets.offsets)),
            Write::Dolma => page.line(&rows::dolma_document(&own, text)),
            Write::Documents | Write::Pairs | Write::Datatrove => {}
        }
    }

    /// Writes a line for each pair.
    fn write_pairs(&self, found: &Found) -> Result<Status> {
        let line = |pair: &Pair| {
            json!({
                "first": id(&pair.first),
                "second": id(&pair.second),
                "similarity": pair.measures.similarity(),
                "containment": pair.measures.containment(),
            })
        };
        let level = self.args.writing.output.level();
        write_lines(&self.staged.target, level, found.pairs.iter().map(line))?;
        if !self.args.writing.run.quiet {
            tell(format_args!("pairs          {}\n", number(found.pairs.len() as u64)));
        }
        self.end(&found.totals, !found.pairs.is_empty())
    }

    /// Shows the table of a run that does not write documents.
    fn end(&self, totals: &Totals, is_found: bool) -> Result<Status> {
        report(&self.args.writing.run, self.args.input.bad_in(false), totals, self.start, 0)?;
        Ok(match totals.has_damage() {
            _ if self.args.writing.removals.check && is_found => Status::Found,
            true => Status::Damaged,
            false => Status::Done,
        })
    }
}
