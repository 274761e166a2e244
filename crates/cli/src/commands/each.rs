//! Commands that work on each document alone, such as `clean`: the way from inputs to outputs.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::Result;

use super::Status;
use super::batch::{Page, report, rewrite};
use crate::args::{FolderArgs, InputArgs, OutputArgs, RemovalArgs, RunArgs, Target, WritingArgs, Written};
use crate::document::{Document, MARK};
use crate::input::{Batch, Batches, Compression, Input};
use crate::output::{
    Encoder, FOLDER, Folder, Job, Lock, MANIFEST, Nothing, Place, Settings, Stream, plan, refuse_inputs, tell,
};
use crate::pipeline::{self, End, Outcome, Sink};
use crate::progress::Progress;
use crate::table::size;
use crate::totals::Totals;

/// The memory of a thread in bytes, if no document is larger than a batch.
const MEMORY: u64 = 30 << 20;

/// A run that works on each document alone.
pub struct Each<'a> {
    pub inputs: &'a [Input],
    /// The files that are read besides the inputs.
    pub others: &'a [Input],
    pub target: &'a Target,
    /// The indices of the inputs that are read, in order.
    pub order: Vec<usize>,
    /// The name of the manifest in an output folder.
    pub manifest: String,
    /// True if the caller has locked the output folder.
    pub is_locked: bool,
    pub start: Instant,
    pub input: &'a InputArgs,
    pub output: &'a OutputArgs,
    pub removals: Option<&'a RemovalArgs>,
    /// True if finished outputs are replaced.
    pub force: bool,
    pub run: &'a RunArgs,
    pub settings: Settings,
    /// The memory in bytes besides that of the threads, for the forecast.
    pub memory: u64,
    /// The candidates that were not compared, for the table.
    pub not_compared: u64,
    /// Shown with the progress.
    pub title: &'static str,
    /// True if the output has the format of the input, with all that is not a document.
    pub is_documents: bool,
    /// True if the memory of batches is returned to the system when it is freed.
    pub returns_memory: bool,
    /// Is called with the counts of the inputs that an earlier run has finished.
    pub finished: Option<&'a (dyn Fn(&Totals) + Sync)>,
    /// Is called with the result of each batch, in order.
    pub check: Option<&'a Check<'a>>,
}

/// A check of the result of a batch.
type Check<'a> = dyn Fn(&Outcome) -> Result<()> + Sync + 'a;

/// Checks the results of batches before they are written.
struct Checked<'s> {
    sink: &'s mut dyn Sink,
    check: &'s Check<'s>,
}

impl Sink for Checked<'_> {
    fn take(&mut self, outcome: Outcome) -> Result<()> {
        (self.check)(&outcome)?;
        self.sink.take(outcome)
    }
}

/// The place of a document in the inputs.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub input: &'a Input,
    pub batch: &'a Batch,
    /// The number of the document in the batch, from 0.
    pub ordinal: usize,
}

/// The outputs of the inputs, and how they are joined.
struct Outputs {
    jobs: Option<Vec<Job>>,
    compression: Compression,
}

impl<'a> Each<'a> {
    /// Creates a run that reads all `inputs`.
    pub fn new(
        inputs: &'a [Input],
        target: &'a Target,
        input: &'a InputArgs,
        writing: &'a WritingArgs,
        settings: Settings,
    ) -> Self {
        let WritingArgs { output, removals, folder, run, .. } = writing;
        Self {
            removals: Some(removals),
            ..Self::without_removals(inputs, target, (input, output, *folder, run), settings)
        }
    }

    /// Like [`new`](Self::new), for commands that remove nothing.
    pub fn without_removals(
        inputs: &'a [Input],
        target: &'a Target,
        (input, output, folder, run): (&'a InputArgs, &'a OutputArgs, FolderArgs, &'a RunArgs),
        settings: Settings,
    ) -> Self {
        Self {
            inputs,
            others: &[],
            target,
            order: (0..inputs.len()).collect(),
            manifest: MANIFEST.to_owned(),
            is_locked: false,
            start: Instant::now(),
            input,
            output,
            removals: None,
            force: folder.force,
            run,
            settings,
            memory: 0,
            not_compared: 0,
            title: "writing",
            is_documents: false,
            returns_memory: false,
            finished: None,
            check: None,
        }
    }

    /// Runs `work` on each document. Each thread has a state of its own.
    pub fn run<S>(
        &self,
        state: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, At<'_>, &Document<'_>, &mut Page) -> Result<()> + Sync,
    ) -> Result<Status> {
        Ok(self.run_and_count(state, work)?.0)
    }

    /// Like [`run`](Self::run), but also returns the counts.
    pub fn run_and_count<S>(
        &self,
        state: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, At<'_>, &Document<'_>, &mut Page) -> Result<()> + Sync,
    ) -> Result<(Status, Totals)> {
        let inputs = self.inputs;
        let fields = self.input.fields();
        let target = self.target;
        let named = match target {
            Target::Nothing(Some(named)) => named,
            target => target,
        };
        let outputs = match named {
            Target::Folder(_, compression) => {
                let jobs = plan(inputs, *compression, self.is_documents)?;
                Outputs { jobs: Some(jobs), compression: Compression::None }
            }
            Target::File(_, compression) | Target::Stdout(compression) => {
                Outputs { jobs: None, compression: *compression }
            }
            Target::Nothing(_) if self.output.dry_run => {
                let jobs = plan(inputs, self.output.compression(), self.is_documents)?;
                Outputs { jobs: Some(jobs), compression: Compression::None }
            }
            Target::Nothing(_) => Outputs { jobs: None, compression: Compression::None },
        };
        if let (Target::Folder(folder, _), Some(jobs)) = (named, &outputs.jobs) {
            let names = jobs.iter().map(|job| &*job.relative);
            Written::new(target, self.removals, self.run).check_outputs(folder, names)?;
        }
        let go = |order: &[usize], sink: &mut dyn Sink| {
            let total = total_bytes(inputs, order);
            let progress = Progress::start(self.run.progress(), self.title, total);
            let read = Arc::clone(&progress.read);
            let mut batches = Batches::new(inputs, order.to_vec(), self.input.limit, read);
            if self.returns_memory {
                batches = batches.returned();
            }
            let state = || (state(), Encoder::new(self.output.level()), Vec::new());
            let is_last = |input| order.last() == Some(&input);
            let one = |(state, encoder, main): &mut (S, Encoder, Vec<u8>), batch: &mut Batch| {
                let input = &inputs[batch.input];
                let mut ordinal = 0;
                let work = |batch: &Batch, document: &Document<'_>, page: &mut Page| {
                    let at = At { input, batch, ordinal };
                    ordinal += 1;
                    work(state, at, document, page)
                };
                let is_joined = outputs.jobs.is_none();
                let has_mark = batch.bytes.starts_with(MARK);
                let (mut page, mut output) =
                    rewrite(self.input.bad, self.is_documents, main, batch, input, &fields, work)?;
                progress.add(page.totals.documents);
                // The manifest has the counts of inputs, and each run shows them once.
                if batch.input == 0 && batch.is_first {
                    page.totals.not_compared += self.not_compared;
                }
                let compression = match &outputs.jobs {
                    Some(jobs) => jobs[batch.input].compression,
                    None => outputs.compression,
                };
                // A mark inside of a file would belong to the document after it.
                let is_later = batch.is_first && order.first() != Some(&batch.input);
                if is_joined && is_later && has_mark && output.starts_with(MARK) {
                    output.drain(..MARK.len());
                }
                // The first line of the next input begins a line of its own.
                let is_followed = is_joined && batch.is_last && !is_last(batch.input);
                if is_followed && output.last().is_some_and(|last| *last != b'\n') {
                    output.push(b'\n');
                }
                let output = encoder.frame(output, compression)?;
                batch.bytes = encoder.buffer();
                Ok(Outcome {
                    input: batch.input,
                    is_first: batch.is_first,
                    is_last: batch.is_last,
                    output,
                    removed: page.removed,
                    totals: page.totals,
                    uses: page.uses,
                })
            };
            let check = self.check.unwrap_or(&|_| Ok(()));
            let mut sink = Checked { sink, check };
            let end = pipeline::run(batches, self.run.threads(), state, one, &mut sink)?;
            Ok::<_, anyhow::Error>((end, progress.read.load(Ordering::Relaxed)))
        };
        let all = &self.order[..];
        let removed = self.removals.and_then(|removals| removals.removed.as_deref());
        let (end, totals, skipped) = match target {
            Target::Folder(folder, _) => {
                let jobs = outputs.jobs.as_deref().unwrap_or_default();
                let place = Place { folder, manifest: &self.manifest, settings: &self.settings };
                // Before the lock, which creates a file in the folder.
                refuse_inputs(folder, inputs.iter().chain(self.others), jobs)?;
                let _lock = (!self.is_locked).then(|| Lock::new(&folder.join(FOLDER), None)).transpose()?;
                let (mut sink, order) =
                    Folder::open(place, (inputs, self.others), jobs, &self.order, self.force, removed)?;
                if let Some(finished) = self.finished {
                    finished(sink.totals());
                }
                let (end, _) = go(&order, &mut sink)?;
                let skipped = self.order.len() - order.len();
                if end == End::Interrupted {
                    sink.commit()?;
                    return Ok((Status::Interrupted, Totals::default()));
                }
                (end, sink.finish()?, skipped)
            }
            Target::File(path, compression) => {
                let mut sink = Stream::create(Some(path), *compression, removed)?;
                let (end, _) = go(all, &mut sink)?;
                if end == End::Interrupted {
                    return Ok((Status::Interrupted, Totals::default()));
                }
                (end, sink.finish()?, 0)
            }
            Target::Stdout(compression) => {
                let mut sink = Stream::create(None, *compression, removed)?;
                let (end, _) = go(all, &mut sink)?;
                if end == End::Interrupted {
                    return Ok((Status::Interrupted, Totals::default()));
                }
                (end, sink.finish()?, 0)
            }
            Target::Nothing(_) => {
                let mut sink = Nothing::default();
                let (end, read) = go(all, &mut sink)?;
                if self.output.dry_run && !self.run.quiet {
                    self.forecast(inputs, &sink, read);
                }
                (end, sink.totals, 0)
            }
        };
        if end == End::Interrupted {
            return Ok((Status::Interrupted, totals));
        }
        report(self.run, self.input.bad_in(self.is_documents), &totals, self.start, skipped)?;
        let is_check = self.removals.is_some_and(|removals| removals.check);
        let status = match totals.has_damage() {
            _ if is_check && totals.is_changed() => Status::Found,
            true => Status::Damaged,
            false => Status::Done,
        };
        Ok((status, totals))
    }

    /// Shows how large the output would be, from the output for `read` bytes of the inputs.
    fn forecast(&self, inputs: &[Input], sink: &Nothing, read: u64) {
        let all: Vec<usize> = (0..inputs.len()).collect();
        let bytes = match total_bytes(inputs, &all) {
            Some(total) if read > 0 => {
                let bytes = u128::from(sink.bytes) * u128::from(total) / u128::from(read);
                size(u64::try_from(bytes).unwrap_or(u64::MAX))
            }
            _ => size(sink.bytes),
        };
        let memory = self.memory + (self.run.threads() as u64 + 1) * MEMORY;
        tell(format_args!("forecast       output {bytes}, memory up to {}\n", size(memory)));
    }
}

/// Returns the size of the files with the indices `order`, or `None` if one of them has no size.
pub fn total_bytes(inputs: &[Input], order: &[usize]) -> Option<u64> {
    order.iter().map(|index| fs::metadata(inputs[*index].path.as_deref()?).ok().map(|file| file.len())).sum()
}
