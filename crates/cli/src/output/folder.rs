//! An output folder: a file for each input.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::claims::{self, Claim, Claims};
use super::frames::{Encoder, Level};
use super::manifest::{Digest, FOLDER, Finished, Line, MANIFEST, Manifest, Settings, State};
use super::part::{MANY, MUCH, PartFile, sync_all};
use super::parts::Parts;
use super::plan::Job;
use super::removals::Removals;
use super::stale;
use crate::input::Input;
use crate::pipeline::{Outcome, Sink};
use crate::totals::Totals;

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
    claims: Claims,
    parts: Parts,
    /// The states of the inputs that are not finished.
    states: HashMap<usize, State>,
    current: Option<Current>,
    /// Outputs that are written, and not yet durable.
    written: Vec<(usize, Current)>,
    written_bytes: u64,
    removals: Option<Removals>,
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
    /// inputs that are not finished. The files `others` are read besides the inputs.
    pub fn open(
        place: Place<'_>,
        (inputs, others): (&'a [Input], &[Input]),
        jobs: &'a [Job],
        order: &[usize],
        force: bool,
        removed: Option<&Path>,
    ) -> Result<(Self, Vec<usize>)> {
        let folder = place.folder;
        let read = refuse_inputs(folder, inputs.iter().chain(others), jobs)?;
        // The states before anything is read or deleted: a later change must not go unseen, and an
        // input that cannot be read must not cost the outputs that are there.
        let state = |index: &usize| State::of(inputs[*index].path.as_deref().unwrap_or(Path::new("")));
        let found = order.iter().map(state).collect::<Result<Vec<State>>>()?;
        if force {
            // Before the manifests, which list the files, are deleted.
            stale::delete(folder, jobs, &read)?;
            Removals::delete_all(folder);
        }
        let removals = removed.map(|path| Removals::open(folder, path));
        let manifest = Manifest::open(folder, place.manifest, place.settings, force)?;
        let claims = Claims::open(&manifest.work_folder(), place.manifest)?;
        let parts = Parts::open(folder, place.manifest)?;
        let mut totals = Totals::default();
        let mut left = Vec::new();
        let mut states = HashMap::new();
        for (index, state) in order.iter().zip(found) {
            let (input, job) = (&inputs[*index], &jobs[*index]);
            let has_list = removals.as_ref().map(|removals| removals.has(job));
            if let Some(finished) = manifest.finished.totals(input, &state, &job.relative, has_list) {
                totals.add(finished);
                continue;
            }
            refuse_other(folder, &claims.all, input, &job.relative, force)?;
            states.insert(*index, state);
            left.push(*index);
        }
        let folder = folder.to_owned();
        Ok((
            Self {
                folder,
                inputs,
                jobs,
                manifest,
                claims,
                parts,
                states,
                current: None,
                written: Vec::new(),
                written_bytes: 0,
                removals,
                totals,
            },
            left,
        ))
    }

    /// Returns the counts of the inputs that are finished.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Makes outputs durable, gives them their names, and adds them to the manifest.
    pub fn commit(&mut self) -> Result<()> {
        self.written_bytes = 0;
        let mut written = std::mem::take(&mut self.written);
        sync_all(&mut written, |(_, output)| {
            output.removed.as_mut().map_or(Ok(()), PartFile::sync)?;
            output.main.sync()
        })?;
        let outputs = written
            .iter()
            .map(|(index, _)| (self.inputs[*index].name(), self.jobs[*index].relative.as_path()));
        self.claims.add(outputs)?;
        let mut lines = Vec::with_capacity(written.len());
        for (index, output) in written {
            let is_listed = output.removed.is_some();
            output.removed.map_or(Ok(()), PartFile::rename)?;
            output.main.rename()?;
            let place = (&*self.jobs[index].relative, &output.digest);
            lines.push(Line::new(&self.inputs[index], output.state, place, is_listed, output.totals));
        }
        self.manifest.add(lines)
    }

    /// Finishes the run, and returns the counts of all inputs.
    pub fn finish(mut self) -> Result<Totals> {
        self.commit()?;
        if let Some(removals) = &self.removals {
            let process = self.manifest.name();
            removals.join(self.jobs, &process, process == MANIFEST)?;
        }
        self.parts.finish()?;
        Ok(self.totals)
    }

    fn start(&mut self, index: usize) -> Result<Current> {
        let job = &self.jobs[index];
        let main = self.folder.join(&job.relative);
        let removed = self.removals.as_ref().map(|removals| removals.list_of(job));
        for path in [Some(&main), removed.as_ref()].into_iter().flatten() {
            self.parts.add(path)?;
        }
        Ok(Current {
            main: PartFile::create(&main)?,
            removed: removed.as_deref().map(PartFile::create).transpose()?,
            state: self.states.remove(&index).unwrap_or_default(),
            digest: Digest::default(),
            totals: Totals::default(),
        })
    }
}

/// Returns whether all `inputs`, with their `states`, are finished in the folder `place`. Changes
/// nothing.
///
/// Outputs that would replace an input, or a file that no run has written, are errors.
pub fn check<'s>(
    place: Place<'_>,
    inputs: &[Input],
    states: impl Iterator<Item = &'s State>,
    jobs: &[Job],
    force: bool,
    removed: Option<&Path>,
) -> Result<bool> {
    refuse_inputs(place.folder, inputs.iter(), jobs)?;
    if force {
        return Ok(false);
    }
    let removals = removed.map(|path| Removals::open(place.folder, path));
    let finished = Finished::read(place.folder, place.settings)?;
    let claims = claims::read(&place.folder.join(FOLDER))?;
    let mut is_finished = true;
    for ((input, state), job) in inputs.iter().zip(states).zip(jobs) {
        let has_list = removals.as_ref().map(|removals| removals.has(job));
        if finished.totals(input, state, &job.relative, has_list).is_none() {
            is_finished = false;
            refuse_other(place.folder, &claims, input, &job.relative, force)?;
        }
    }
    Ok(is_finished)
}

/// Returns the real paths of `inputs`, or an error if an output is one of them.
pub fn refuse_inputs<'i>(
    folder: &Path,
    inputs: impl Iterator<Item = &'i Input>,
    jobs: &[Job],
) -> Result<HashSet<PathBuf>> {
    let real_inputs: HashSet<PathBuf> =
        inputs.filter_map(|input| input.path.as_deref()?.canonicalize().ok()).collect();
    let real = |job: &Job| folder.join(&job.relative).canonicalize().ok();
    if let Some(input) = jobs.iter().filter_map(real).find(|path| real_inputs.contains(path)) {
        bail!(
            "{}: expected another folder for the output: this file is an input, and inputs are never changed \
             in place",
            input.display()
        );
    }
    Ok(real_inputs)
}

/// Returns an error if the output of `input` is a file that no run has claimed, unless `force` is
/// set.
fn refuse_other(
    folder: &Path,
    claims: &HashSet<Claim>,
    input: &Input,
    relative: &Path,
    force: bool,
) -> Result<()> {
    let output = folder.join(relative);
    if !force && output.exists() && !claims.contains(&Claim::new(&input.name(), relative)) {
        bail!(
            "{}: expected a folder without this file, or one of an earlier run with these inputs, whose paths are \
             written in the same way; --force replaces the file, and deletes the outputs of inputs that are not \
             given now",
            output.display()
        );
    }
    Ok(())
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
