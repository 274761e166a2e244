//! The files of datatrove: for the input with number n in order, the numbers of the documents to
//! leave out in n.remove, and the documents of clusters in n.clusters and n.sizes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};

use super::batch::page;
use super::each::{At, total_bytes};
use crate::args::{InputArgs, Target, WritingArgs};
use crate::document::Document;
use crate::input::{Batch, Batches, Input};
use crate::output::write_whole;
use crate::pipeline::{self, End, Sink};
use crate::progress::Progress;
use crate::totals::Totals;

/// The endings of the files of an input.
const ENDINGS: [&str; 3] = ["remove", "clusters", "sizes"];

/// The cluster of a document that is not alone in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cluster {
    pub number: u32,
    pub size: u32,
    /// False if the document is to be left out.
    pub is_kept: bool,
}

/// A batch: the documents that have a text, with their clusters.
struct Read {
    input: usize,
    is_last: bool,
    clusters: Vec<Option<Cluster>>,
    totals: Totals,
}

/// The files of the current input.
struct Files<'a> {
    /// `None` if nothing is written.
    folder: Option<&'a Path>,
    /// True if files with other contents are replaced.
    force: bool,
    /// The number of the next document. Documents without a text do not count.
    next: u32,
    contents: [Vec<u8>; 3],
    totals: Totals,
}

impl Sink<Read> for Files<'_> {
    fn take(&mut self, read: Read) -> Result<()> {
        for cluster in read.clusters {
            let number = self.next.to_le_bytes();
            self.next += 1;
            let Some(Cluster { number: cluster, size, is_kept }) = cluster else { continue };
            let [removed, clusters, sizes] = &mut self.contents;
            if !is_kept {
                removed.extend(number);
            }
            clusters.extend(number.into_iter().chain(cluster.to_le_bytes()));
            sizes.extend(number.into_iter().chain(size.to_le_bytes()));
        }
        self.totals.add(&read.totals);
        if read.is_last {
            self.next = 0;
            for (ending, bytes) in ENDINGS.iter().zip(&mut self.contents) {
                if let Some(folder) = self.folder {
                    let path = folder.join(format!("{:06}.{ending}", read.input));
                    match fs::read(&path) {
                        // A step may be repeated.
                        Ok(found) if found == *bytes => {}
                        Ok(_) if !self.force => return Err(other(&path)),
                        _ => write_whole(&path, bytes)?,
                    }
                }
                bytes.clear();
            }
        }
        Ok(())
    }
}

/// Returns an error if the folder `target` has files of a run with more than `count` inputs, which
/// datatrove would read too. With `--force`, they are deleted.
pub fn check(target: &Target, count: usize, args: &WritingArgs) -> Result<()> {
    if args.removals.removed.is_some() {
        bail!("--removed: expected a form with a document on each line, found `--write datatrove`");
    }
    if args.output.is_compression_given() {
        bail!(
            "--write datatrove: expected neither --compression nor --level, because these files are not compressed"
        );
    }
    let Target::Folder(folder, _) = target else { return Ok(()) };
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.with_context(|| folder.display().to_string())?.path();
        let is_of_run = path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known));
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<usize>().ok());
        if number.is_some_and(|number| is_of_run && number >= count) {
            if !args.folder.force {
                return Err(other(&path));
            }
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

fn other(path: &Path) -> anyhow::Error {
    anyhow!(
        "{}: expected no file, or one of an earlier run with these inputs and options; --force replaces the \
         files of another run",
        path.display()
    )
}

/// Writes the files of the inputs with the indices `order` to the folder `target`, if it is one,
/// with the cluster that `find` returns for each document. Returns the counts, or `None` after
/// Ctrl-C.
pub fn write(
    inputs: &[Input],
    order: Vec<usize>,
    (input_args, writing): (&InputArgs, &WritingArgs),
    target: &Target,
    find: impl Fn(At<'_>, &Document<'_>) -> Result<Option<Cluster>> + Sync,
) -> Result<Option<Totals>> {
    let run = &writing.run;
    let progress = Progress::start(run.progress(), "writing", total_bytes(inputs, &order));
    let batches = Batches::new(inputs, order, input_args.limit, Arc::clone(&progress.read));
    let fields = input_args.fields();
    let work = |(): &mut (), batch: &mut Batch| {
        let input = &inputs[batch.input];
        let mut clusters = Vec::new();
        let mut ordinal = 0;
        let totals = page(input_args.bad, batch, input, &fields, |document, page| {
            let cluster = find(At { input, batch, ordinal }, document)?;
            ordinal += 1;
            if document.text.is_empty() {
                return Ok(());
            }
            if cluster.is_some_and(|cluster| !cluster.is_kept) {
                page.totals.removed += 1;
                page.totals.bytes_removed += document.text.len() as u64;
            }
            clusters.push(cluster);
            Ok(())
        })?
        .totals;
        progress.add(totals.documents);
        Ok(Read { input: batch.input, is_last: batch.is_last, clusters, totals })
    };
    let contents = [Vec::new(), Vec::new(), Vec::new()];
    let folder = match target {
        Target::Folder(folder, _) => Some(&**folder),
        _ => None,
    };
    let mut files =
        Files { folder, force: writing.folder.force, next: 0, contents, totals: Totals::default() };
    let end = pipeline::run(batches, run.threads(), || (), work, &mut files)?;
    Ok((end == End::Done).then_some(files.totals))
}
