//! An output folder: a file for each input.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::frames::{Encoder, Level};
use super::manifest::{Digest, Line, Manifest, Settings, State};
use super::part::PartFile;
use super::plan::Job;
use crate::input::Input;
use crate::pipeline::{Outcome, Sink};
use crate::totals::Totals;

/// The number of outputs, and of their bytes, that are made durable together. One after another, a
/// hundred thousand small files would take minutes.
const MANY: usize = 128;
const MUCH: u64 = 8 << 20;
/// The number of outputs that are made durable at the same time.
const SYNCS: usize = 16;

/// An output folder, its manifest, and the settings on which the outputs depend.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub folder: &'a Path,
    pub manifest: &'a str,
    pub settings: &'a Settings,
}

/// An output folder. Its outputs appear when they are finished, and are then in the manifest.
pub struct Folder<'a> {
    folder: PathBuf,
    inputs: &'a [Input],
    jobs: &'a [Job],
    manifest: Manifest,
    current: Option<Current>,
    /// Outputs that are written, and not yet durable.
    written: Vec<(usize, Current)>,
    written_bytes: u64,
    /// The list of removals of all inputs. Until the end there is a list for each input.
    removed: Option<PathBuf>,
    /// The counts of all inputs so far.
    totals: Totals,
}

/// An output.
struct Current {
    main: PartFile,
    removed: Option<PartFile>,
    state: State,
    digest: Digest,
    totals: Totals,
}

impl<'a> Folder<'a> {
    /// Opens an output folder, or creates it. Returns it with those of the indices `order` of
    /// inputs that are not finished.
    pub fn open(
        place: Place<'_>,
        inputs: &'a [Input],
        jobs: &'a [Job],
        order: &[usize],
        force: bool,
        removed: Option<PathBuf>,
    ) -> Result<(Self, Vec<usize>)> {
        let folder = place.folder;
        if !force && !Manifest::exists(folder) {
            let existing = jobs.iter().map(|job| folder.join(&job.relative)).find(|path| path.exists());
            if let Some(existing) = existing {
                bail!(
                    "{}: expected a folder without this file, or one of an earlier run; --force replaces the file",
                    existing.display()
                );
            }
        }
        let manifest = Manifest::open(folder, place.manifest, place.settings, force)?;
        let mut totals = Totals::default();
        let mut left = Vec::new();
        for index in order {
            match manifest.finished(&inputs[*index])? {
                Some(finished) => totals.add(finished),
                None => left.push(*index),
            }
        }
        let folder = folder.to_owned();
        Ok((
            Self {
                folder,
                inputs,
                jobs,
                manifest,
                current: None,
                written: Vec::new(),
                written_bytes: 0,
                removed,
                totals,
            },
            left,
        ))
    }

    /// Makes outputs durable, gives them their names, and adds them to the manifest.
    pub fn commit(&mut self) -> Result<()> {
        self.written_bytes = 0;
        let mut written = std::mem::take(&mut self.written);
        // File systems join changes that are made durable at the same time.
        let part = written.len().div_ceil(SYNCS).max(1);
        std::thread::scope(|scope| {
            let sync = |outputs: &mut [(usize, Current)]| {
                outputs.iter_mut().try_for_each(|(_, output)| {
                    output.removed.as_mut().map_or(Ok(()), PartFile::sync)?;
                    output.main.sync()
                })
            };
            let threads: Vec<_> =
                written.chunks_mut(part).map(|outputs| scope.spawn(move || sync(outputs))).collect();
            let join = |thread: std::thread::ScopedJoinHandle<'_, Result<()>>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            threads.into_iter().try_for_each(join)
        })?;
        let mut lines = Vec::with_capacity(written.len());
        for (index, output) in written {
            output.removed.map_or(Ok(()), PartFile::rename)?;
            output.main.rename()?;
            let (input, job) = (&self.inputs[index], &self.jobs[index]);
            lines.push(Line::new(input, output.state, &job.relative, &output.digest, output.totals));
        }
        self.manifest.add(lines)
    }

    /// Finishes the run, and returns the counts of all inputs.
    pub fn finish(mut self) -> Result<Totals> {
        self.commit()?;
        // Other processes may not have finished their inputs yet.
        let is_whole = || self.jobs.iter().all(|job| self.removed_of(job).exists());
        if let Some(path) = self.removed.as_ref().filter(|_| is_whole()) {
            let mut all = PartFile::create(path)?;
            for job in self.jobs {
                all.write(&std::fs::read(self.removed_of(job))?)?;
            }
            all.finish()?;
        }
        Ok(self.totals)
    }

    /// Returns the list of removals of one input.
    fn removed_of(&self, job: &Job) -> PathBuf {
        let name = job.relative.file_name().unwrap_or_default().to_string_lossy();
        let relative = job.relative.with_file_name(format!("{name}.removed"));
        self.manifest.work_folder().join("removed").join(relative)
    }

    fn start(&self, index: usize) -> Result<Current> {
        let job = &self.jobs[index];
        let path = self.inputs[index].path.as_deref().unwrap_or(Path::new(""));
        let removed = self.removed.as_ref().map(|_| PartFile::create(&self.removed_of(job)));
        Ok(Current {
            main: PartFile::create(&self.folder.join(&job.relative))?,
            removed: removed.transpose()?,
            // The state before the input is read: a later change must not go unseen.
            state: State::of(path)?,
            digest: Digest::default(),
            totals: Totals::default(),
        })
    }
}

impl Sink for Folder<'_> {
    fn take(&mut self, outcome: Outcome) -> Result<()> {
        if outcome.is_first {
            self.current = Some(self.start(outcome.input)?);
        }
        let Some(current) = &mut self.current else { return Ok(()) };
        current.main.write(&outcome.output)?;
        current.digest.add(&outcome.output);
        if let Some(removed) = &mut current.removed {
            removed.write(&outcome.removed)?;
        }
        current.totals.add(&outcome.totals);
        if !outcome.is_last {
            return Ok(());
        }
        if let Some(mut current) = self.current.take() {
            let job = &self.jobs[outcome.input];
            if current.digest.len() == 0 {
                let frame = Encoder::new(Level { given: None }).whole_frame(Vec::new(), job.compression)?;
                current.main.write(&frame)?;
                current.digest.add(&frame);
            }
            self.totals.add(&current.totals);
            self.written_bytes += current.digest.len();
            self.written.push((outcome.input, current));
            if self.written.len() >= MANY || self.written_bytes >= MUCH {
                self.commit()?;
            }
        }
        Ok(())
    }
}
