//! The outputs of `near`.

use std::path::Path;

use anyhow::Result;
use refrain::near::{Assignment, Pair};
use serde_json::{Value, json};

use super::super::Status;
use super::super::batch::report;
use super::super::each::Each;
use super::super::rows;
use super::read::Corpus;
use super::{Job, Write};
use crate::args::Target;
use crate::output::{Encoder, MANIFEST, Settings, Stream, tell, write_whole};
use crate::pipeline::{Outcome, Sink as _};
use crate::table::number;
use crate::totals::Totals;

impl Corpus {
    fn id(&self, document: usize) -> Value {
        serde_json::from_str(&self.ids[document]).unwrap_or_default()
    }
}

impl Job<'_> {
    /// Writes the documents that are kept, or a line for each one that is not.
    pub fn write(&self, target: &Target, corpus: &Corpus, assignments: &[Assignment]) -> Result<Status> {
        let args = self.args;
        let digest = xxhash_rust::xxh3::xxh3_128(format!("{assignments:?}").as_bytes());
        let settings = [
            args.input.describe(),
            format!("form {}", args.comparison.normalization()),
            format!("write {:?}", args.write).to_lowercase(),
            args.output.describe(),
            format!("removed {}", args.removals.removed.is_some()),
            format!("clusters {digest:032x}"),
        ];
        let each = Each {
            inputs: &self.inputs,
            target,
            order: (0..self.inputs.len()).collect(),
            manifest: MANIFEST.to_owned(),
            start: self.start,
            input: &args.input,
            output: &args.output,
            removals: Some(&args.removals),
            force: args.folder.force,
            run: &args.run,
            settings: Settings::new("near", &settings),
            memory: corpus.bytes,
            not_compared: corpus.totals.not_compared,
            title: "writing",
            is_documents: args.write == Write::Documents,
        };
        each.run(
            || (),
            |(), at, document, page| {
                let number = corpus.first.get(&(at.index, at.batch)).map(|first| first + at.ordinal);
                let assignment = number.and_then(|number| assignments.get(number));
                let source = assignment.and_then(|assignment| Some((assignment, assignment.duplicate_of()?)));
                let (id, text) = (document.id_in(at.input), &*document.text);
                let Some((assignment, source)) = source else {
                    match args.write {
                        Write::Documents => page.main.extend_from_slice(document.bytes()),
                        Write::Dolma => page.line(&rows::dolma(&id, text, &[])),
                        Write::Ids | Write::Pairs | Write::Datatrove => {}
                    }
                    return Ok(());
                };
                page.totals.removed += 1;
                page.totals.bytes_removed += text.len() as u64;
                page.totals.remove("near", 1, text.len() as u64);
                if args.removals.removed.is_some() {
                    page.list(&json!({
                        "id": id, "text": text, "reason": "near", "source": corpus.id(source),
                        "similarity": assignment.similarity(), "containment": assignment.containment(),
                    }));
                }
                match args.write {
                    Write::Ids => page.line(&id),
                    Write::Dolma => page.line(&rows::dolma_document(&id, text)),
                    Write::Documents | Write::Pairs | Write::Datatrove => {}
                }
                Ok(())
            },
        )
    }

    /// Writes a line for each pair.
    pub fn write_pairs(&self, target: &Target, corpus: &Corpus, pairs: &[Pair]) -> Result<Status> {
        let mut lines = Vec::new();
        for pair in pairs {
            let line = json!({
                "first": corpus.id(pair.first()),
                "second": corpus.id(pair.second()),
                "similarity": pair.similarity(),
                "containment": pair.containment(),
            });
            lines.extend_from_slice(format!("{line}\n").as_bytes());
        }
        let (path, compression) = match target {
            Target::File(path, compression) => (Some(&**path), *compression),
            Target::Stdout(compression) => (None, *compression),
            Target::Folder(..) | Target::Nothing => return self.end(corpus, 0, !pairs.is_empty()),
        };
        let mut sink = Stream::create(path, compression, None)?;
        let output = Encoder::new(self.args.output.level()).frame(lines, compression)?;
        sink.take(Outcome { output, ..Outcome::default() })?;
        sink.finish()?;
        if !self.args.run.quiet {
            tell(format_args!("pairs          {}\n", number(pairs.len() as u64)));
        }
        self.end(corpus, 0, !pairs.is_empty())
    }

    /// Writes the files of datatrove: for the input with number n in order, the numbers of the
    /// documents to leave out in n.remove, and the documents of clusters in n.clusters and n.sizes.
    pub fn write_datatrove(
        &self,
        folder: &Path,
        corpus: &Corpus,
        assignments: &[Assignment],
    ) -> Result<Status> {
        let kept = |document: usize| assignments[document].duplicate_of().unwrap_or(document);
        let mut sizes = vec![0_u32; assignments.len()];
        (0..assignments.len()).for_each(|document| sizes[kept(document)] += 1);
        let mut clusters = vec![0_u32; assignments.len()];
        let of_several = (0..assignments.len()).filter(|document| sizes[*document] > 1);
        (0..).zip(of_several).for_each(|(cluster, document)| clusters[document] = cluster);
        let mut files = vec![[Vec::new(), Vec::new(), Vec::new()]; self.inputs.len()];
        let mut removed_documents = 0;
        let mut before = None;
        for (document, place) in corpus.places.iter().enumerate() {
            let (input, count) = *place;
            // Documents without a text have no number of their own.
            let is_counted = before.replace(*place) != Some(*place) && count > 0;
            let kept = kept(document);
            if !is_counted || sizes[kept] < 2 {
                continue;
            }
            let place = (count - 1).to_le_bytes();
            let [removed, of_cluster, of_size] = &mut files[input];
            if kept != document {
                removed.extend(place);
                removed_documents += 1;
            }
            of_cluster.extend(place.into_iter().chain(clusters[kept].to_le_bytes()));
            of_size.extend(place.into_iter().chain(sizes[kept].to_le_bytes()));
        }
        for (index, contents) in files.iter().enumerate() {
            for (ending, bytes) in ["remove", "clusters", "sizes"].iter().zip(contents) {
                write_whole(&folder.join(format!("{index:06}.{ending}")), bytes)?;
            }
        }
        self.end(corpus, removed_documents, removed_documents > 0)
    }

    /// Shows the table of a run that does not write documents.
    fn end(&self, corpus: &Corpus, removed: u64, is_found: bool) -> Result<Status> {
        let (run, bad) = (&self.args.run, self.args.input.bad);
        let totals = Totals { removed, ..corpus.totals.clone() };
        report(run, bad, &totals, self.start, 0)?;
        Ok(match totals.has_damage() {
            _ if self.args.removals.check && is_found => Status::Found,
            true => Status::Damaged,
            false => Status::Done,
        })
    }
}
