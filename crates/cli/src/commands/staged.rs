//! Commands that need all inputs: three steps, and the files between them.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;
use tempfile::TempDir;

use super::Status;
use super::each::{At, total_bytes};
use crate::args::{InputArgs, Part, RunArgs, StageArgs, Step, Target, WritingArgs, Written};
use crate::input::{self, Batch, Batches, Input, STDIN};
use crate::interrupt;
use crate::output::{self, FOLDER, Lock, MANIFEST, Place, Settings, State};
use crate::pipeline::{self, End, Outcome};
use crate::progress::Progress;
use crate::stages::{self, Header, MapSink};

/// The bytes of standard input that are copied between two looks for Ctrl-C.
const SPOOLED: u64 = 8 << 20;

/// The steps of a command. A step that is done is not repeated.
pub trait Steps {
    /// Reads the inputs with the indices `order`, and writes a file for each.
    fn map(&self, order: Vec<usize>) -> Result<Status>;
    /// Reads the files of all inputs, and writes the file from which outputs are written.
    fn reduce(&self) -> Result<Status>;
    /// Writes the outputs of the inputs with the indices `order`, and lists them in `manifest`.
    fn apply(&self, order: Vec<usize>, manifest: String) -> Result<Status>;
}

/// The files of a command with steps.
pub struct Staged<'a> {
    args: &'a StageArgs,
    pub inputs: Vec<Input>,
    pub target: Target,
    /// The file of the first step for each input, and its header.
    pub files: Vec<(PathBuf, Header)>,
    /// The file of the second step, and its first line.
    pub reduced: (PathBuf, String),
    /// The hash of the names and states of the inputs.
    pub digest: String,
    /// True if all outputs are there.
    is_finished: bool,
    work: PathBuf,
    /// Deletes the folder of the files, if it is temporary.
    temporary: Option<TempDir>,
    /// The locks, if they were needed before the files were found.
    locks: Vec<Lock>,
}

impl<'a> Staged<'a> {
    /// Finds the files of a command. Those of the first step depend on the settings `mapped`, and
    /// that of the second step also on the settings `reduced`.
    pub fn new(
        args: &'a StageArgs,
        mut inputs: Vec<Input>,
        target: Target,
        mapped: &Settings,
        reduced: &str,
    ) -> Result<Self> {
        let (temporary, work) = work_folder(args, &target)?;
        let is_piped = |input: &Input| !input.path.as_deref().is_some_and(Path::is_file);
        let locks = match inputs.iter().find(|input| is_piped(input)) {
            Some(input) if args.only.is_some() => {
                bail!("--only: expected files, found {}, which each job would read again", input.name())
            }
            Some(_) => lock(args, &target)?,
            None => Vec::new(),
        };
        for (index, input) in inputs.iter_mut().enumerate().filter(|(_, input)| is_piped(input)) {
            spool(input, &work.join("spool").join(index.to_string())).map_err(explain_full)?;
        }
        let mut files = Vec::with_capacity(inputs.len());
        for (index, input) in inputs.iter().enumerate() {
            let path = input.path.as_deref().unwrap_or(Path::new(STDIN));
            let name = format!("{}.map", input.relative.display());
            let file = work.join("map").join(index.to_string()).join(name);
            // A job reads its own inputs only. The last step knows the others by their files.
            let is_own = |part: Part| index % part.of == part.part - 1;
            let state = match args.only {
                Some(Step::Map(part)) if !is_own(part) => State::default(),
                Some(Step::Apply(part)) if !is_own(part) => match Header::read(&file) {
                    Some(header) => header.state,
                    None => State::of(path)?,
                },
                _ => State::of(path)?,
            };
            files.push((file, Header { settings: mapped.clone(), state }));
        }
        if args.only.is_some() {
            check_settings(&work, &files, mapped)?;
        }
        // The result depends on the inputs and on their order.
        let headers: Vec<&Header> = files.iter().map(|(_, header)| header).collect();
        let names: Vec<String> = inputs.iter().map(Input::label).collect();
        let states: Vec<&State> = headers.iter().map(|header| &header.state).collect();
        let digest = hash(&(&names, states))?;
        let reduced = hash(&(&names, &headers, reduced))?;
        let reduced =
            (work.join("reduce").join("result"), serde_json::json!({ "inputs": reduced }).to_string());
        Ok(Self { args, inputs, target, files, reduced, digest, is_finished: false, work, temporary, locks })
    }

    /// Finds whether all outputs are in the output folder, if there is one. A folder with other
    /// settings is an error already before the first step.
    pub fn check_outputs(
        &mut self,
        settings: &Settings,
        is_documents: bool,
        writing: &WritingArgs,
    ) -> Result<()> {
        let force = writing.folder.force;
        if force && self.args.only.is_some() {
            bail!("--only: expected no --force, with which each job would delete the outputs of the others");
        }
        if let Target::Folder(folder, compression) = &self.target {
            let jobs = output::plan(&self.inputs, *compression, is_documents)?;
            let written = Written::new(&self.target, Some(&writing.removals), &writing.run);
            written.check_outputs(folder, jobs.iter().map(|job| &*job.relative))?;
            // The settings name the states of all inputs, which a job of `map` does not read.
            if !matches!(self.args.only, Some(Step::Map(_))) {
                let states = self.files.iter().map(|(_, header)| &header.state);
                let place = Place { folder, manifest: MANIFEST, settings };
                self.is_finished = output::check(
                    place,
                    &self.inputs,
                    states,
                    &jobs,
                    force,
                    writing.removals.removed.as_deref(),
                )?;
            }
        }
        Ok(())
    }

    /// Returns whether a later run may use the files of the steps, so that they must be durable.
    pub fn is_kept(&self) -> bool {
        self.temporary.is_none()
    }

    /// Returns whether all outputs are there.
    pub fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// Returns those of the indices `order` of inputs whose files of the first step are missing or
    /// old.
    fn unmapped(&self, order: Vec<usize>) -> Result<Vec<usize>> {
        let mut left = Vec::new();
        for index in order {
            let (path, header) = &self.files[index];
            if !stages::begins_with(path, &header.line()?)? {
                left.push(index);
            }
        }
        Ok(left)
    }

    /// Returns whether the file of the second step is there.
    pub fn is_reduced(&self) -> Result<bool> {
        stages::begins_with(&self.reduced.0, &self.reduced.1)
    }

    /// Returns an error if the file of the second step is missing or old, or if one of the inputs
    /// with the indices `order` is not as it was at the start.
    pub fn check_apply(&self, order: &[usize]) -> Result<()> {
        if !self.is_reduced()? {
            bail!(
                "{}: expected the result for these inputs and options; run the step `reduce` first",
                self.reduced.0.display()
            );
        }
        self.check_inputs(order)
    }

    /// Returns an error if one of the inputs with the indices `order` is not as it was at the
    /// start.
    fn check_inputs(&self, order: &[usize]) -> Result<()> {
        for index in order {
            let input = &self.inputs[*index];
            let state = input.path.as_deref().map(State::of).transpose()?;
            if state.as_ref() != Some(&self.files[*index].1.state) {
                return Err(changed(input));
            }
        }
        Ok(())
    }

    /// Returns an error if a batch has another hash than when it was read first, and deletes the
    /// files that depend on it, whose first lines name the same state of the input.
    ///
    /// A batch is hashed once, at its first document.
    pub fn check_batch(&self, at: At<'_>, hash: Option<u64>) -> Result<()> {
        if at.ordinal > 0 || hash == Some(at.batch.hash()) {
            return Ok(());
        }
        for path in [&self.files[at.batch.input].0, &self.reduced.0] {
            let _ = std::fs::remove_file(path);
        }
        Err(changed(at.input))
    }

    /// Writes the files of the first step for the inputs with the indices `order`, unless they are
    /// there. `work` returns the bytes of a batch, and the number of its documents.
    pub fn map<S>(
        &self,
        (args, run): (&InputArgs, &RunArgs),
        order: Vec<usize>,
        state: impl Fn() -> S + Sync,
        work: impl Fn(&mut S, &Batch, &Input) -> Result<(Vec<u8>, u64)> + Sync,
    ) -> Result<Status> {
        let order = self.unmapped(order)?;
        let inputs = &self.inputs;
        let progress = Progress::start(run.progress(), "reading", total_bytes(inputs, &order));
        let batches = Batches::new(inputs, order, args.limit, Arc::clone(&progress.read));
        let work = |state: &mut S, batch: &mut Batch| {
            let (output, documents) = work(state, batch, &inputs[batch.input])?;
            progress.add(documents);
            let Batch { input, is_first, is_last, .. } = *batch;
            Ok(Outcome { input, is_first, is_last, output, ..Outcome::default() })
        };
        let mut sink = MapSink::new(&self.files, self.is_kept());
        let end = pipeline::run(batches, run.threads(), state, work, &mut sink)?;
        sink.commit()?;
        Ok(if end == End::Interrupted { Status::Interrupted } else { Status::Done })
    }

    /// Runs the steps that were asked for, and are not done.
    pub fn run(&self, steps: &impl Steps) -> Result<Status> {
        let _locks = if self.locks.is_empty() { lock(self.args, &self.target)? } else { Vec::new() };
        let all: Vec<usize> = (0..self.inputs.len()).collect();
        match self.args.only {
            Some(Step::Map(part)) => steps.map(part.inputs(all.len())).map_err(explain_full),
            Some(Step::Reduce) => steps.reduce().map_err(explain_full),
            Some(Step::Apply(part)) => {
                if part.of > 1 && !matches!(self.target, Target::Folder(..)) {
                    bail!(
                        "--only apply:{}/{}: expected an output folder, because each job writes other files; \
                         use apply:1/1 for a single output",
                        part.part,
                        part.of
                    );
                }
                let name = format!("manifest-{}-of-{}.jsonl", part.part, part.of);
                steps.apply(part.inputs(all.len()), name)
            }
            None => {
                let status = self.run_all(steps, all)?;
                if matches!(status, Status::Done | Status::Damaged) && self.args.work.is_none() {
                    // The files are of no use after the outputs are written.
                    remove(&self.work)?;
                }
                Ok(status)
            }
        }
    }

    fn run_all(&self, steps: &impl Steps, all: Vec<usize>) -> Result<Status> {
        if !self.is_finished
            && (steps.map(all.clone()).map_err(explain_full)? == Status::Interrupted
                || steps.reduce().map_err(explain_full)? == Status::Interrupted)
        {
            return Ok(Status::Interrupted);
        }
        steps.apply(all, MANIFEST.to_owned())
    }
}

/// Locks the folders of the outputs and of the files between the steps. Jobs share them, but
/// the same job runs once at a time.
fn lock(args: &StageArgs, target: &Target) -> Result<Vec<Lock>> {
    let name = |step: &str, Part { part, of }| format!("{step}-{part}-of-{of}");
    let job = args.only.map(|step| match step {
        Step::Map(part) => name("map", part),
        Step::Reduce => "reduce".to_owned(),
        Step::Apply(part) => name("apply", part),
    });
    let mut folders = Vec::from_iter(args.work.clone());
    if let Target::Folder(folder, _) = target {
        folders.push(folder.join(FOLDER));
    }
    folders.iter().map(|folder| Lock::new(folder, job.as_deref())).collect()
}

/// Returns the hash of a value as JSON.
fn hash(value: &impl Serialize) -> Result<String> {
    Ok(format!("{:032x}", xxhash_rust::xxh3::xxh3_128(serde_json::to_string(value)?.as_bytes())))
}

/// Returns an error if the files of the first step in the folder `work` have other settings than
/// `mapped`. All jobs check this, so the first file that is found has the settings of all.
fn check_settings(work: &Path, files: &[(PathBuf, Header)], mapped: &Settings) -> Result<()> {
    let folders = std::fs::read_dir(work.join("map")).into_iter().flatten().flatten();
    let of_folder =
        |folder: std::fs::DirEntry| files.get(folder.file_name().to_str()?.parse::<usize>().ok()?);
    let found = folders.filter_map(of_folder).find_map(|(file, _)| Header::read(file));
    match found.filter(|found| found.settings != *mapped) {
        None => Ok(()),
        Some(found) => bail!(
            "{}: expected the settings of the files in this folder, `{}`, found `{}`; name another folder with \
             --work, or delete this one",
            work.display(),
            found.settings.besides(mapped),
            mapped.besides(&found.settings)
        ),
    }
}

/// Returns the error for an input that is not as it was when it was read first.
pub fn changed(input: &Input) -> anyhow::Error {
    anyhow::anyhow!("{}: the input has changed during the run; run the command again", input.name())
}

/// Adds the remedy to the error of a full disk, on which a temporary folder often is.
fn explain_full(error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref::<std::io::Error>() {
        Some(cause) if cause.kind() == std::io::ErrorKind::StorageFull => {
            error.context("expected more room for the files between the steps; --work names another folder")
        }
        _ => error,
    }
}

/// Returns the folder for the files of the steps. If it is temporary, it is deleted with the first
/// value.
fn work_folder(args: &StageArgs, target: &Target) -> Result<(Option<TempDir>, PathBuf)> {
    match (&args.work, target) {
        (Some(work), _) => Ok((None, work.clone())),
        (None, Target::Folder(folder, _)) => Ok((None, folder.join(FOLDER).join("stages"))),
        (None, Target::Nothing(_)) if args.only.is_some() => {
            bail!("--only: expected neither --dry-run nor --check, which write no files for other jobs")
        }
        (None, _) if args.only.is_some() => {
            bail!("--only: expected an output folder, or a folder in --work")
        }
        (None, _) => {
            let temporary = TempDir::with_prefix("refrain-")
                .context("expected a temporary folder; name one with --work")?;
            let path = temporary.path().to_owned();
            interrupt::add_temporary(&path);
            Ok((Some(temporary), path))
        }
    }
}

/// Writes standard input or a pipe to a file in `folder`, because it is read twice.
fn spool(input: &mut Input, folder: &Path) -> Result<()> {
    let name = input.path.as_deref().map_or(Some(STDIN.as_ref()), Path::file_name);
    let copy = folder.join(name.unwrap_or_default());
    let write = || {
        std::fs::create_dir_all(folder)?;
        let mut to = std::fs::File::create(&copy)?;
        let mut from: Box<dyn Read> = match &input.path {
            None => Box::new(input::stdin()?.lock()),
            Some(path) => Box::new(std::fs::File::open(path)?),
        };
        while !interrupt::is_requested() && std::io::copy(&mut (&mut from).take(SPOOLED), &mut to)? > 0 {}
        Ok::<_, std::io::Error>(())
    };
    write().with_context(|| format!("{}, which is copied to {}", input.name(), copy.display()))?;
    input.copied = Some(input.name());
    if input.path.replace(copy).is_none() {
        input.relative = PathBuf::from(STDIN);
    }
    Ok(())
}

/// Deletes the folder `work`, if there is one.
fn remove(work: &Path) -> Result<()> {
    match std::fs::remove_dir_all(work) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| work.display().to_string())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[test]
    fn a_full_disk_is_explained() {
        let message = |kind: ErrorKind| {
            let error = anyhow::Error::from(Error::from(kind)).context("stages/map/0/a.jsonl.map");
            format!("{:#}", explain_full(error))
        };
        assert!(message(ErrorKind::StorageFull).contains("; --work names another folder: stages/map/0/"));
        assert!(!message(ErrorKind::NotFound).contains("--work"));
    }
}
