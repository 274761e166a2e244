//! The list of removals of an output folder.
//!
//! While a run writes, each input has a list of its own in the folder `.refrain`. At the end these
//! lists are joined and deleted. A later run finds the part of each input in the joined list, if
//! that file is as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::manifest::{FOLDER, State};
use super::part::{PartFile, remove_with_folders, write_whole};
use super::plan::Job;

/// The folder of the lists of inputs.
const LISTS: &str = "removed";
/// The files that describe the joined list: the second one is written before the joined list is
/// replaced, and takes the place of the first one afterwards.
const JOINED: [&str; 2] = ["removed.json", "removed.next.json"];

/// The joined list of the last run that ended: its state, and the places of the lists of inputs in
/// it, by their outputs.
#[derive(Default, Serialize, Deserialize)]
struct Joined {
    list: State,
    places: BTreeMap<String, (u64, u64)>,
}

/// The list of removals of all inputs.
pub struct Removals {
    /// The joined list.
    path: PathBuf,
    /// The folder of the lists of inputs.
    lists: PathBuf,
    joined: Joined,
}

impl Removals {
    /// Finds the lists for the output folder `folder` and the joined list `path`.
    pub fn open(folder: &Path, path: &Path) -> Self {
        let lists = folder.join(FOLDER).join(LISTS);
        let list = State::of_file(path);
        let joined = JOINED.into_iter().find_map(|name| {
            let joined = fs::read(lists.with_file_name(name)).ok()?;
            serde_json::from_slice(&joined).ok().filter(|joined: &Joined| list.as_ref() == Some(&joined.list))
        });
        Self { path: path.to_owned(), lists, joined: joined.unwrap_or_default() }
    }

    /// Deletes all lists of inputs in the output folder `folder`.
    pub fn delete_all(folder: &Path) {
        let lists = folder.join(FOLDER).join(LISTS);
        for name in JOINED {
            let _ = fs::remove_file(lists.with_file_name(name));
        }
        let _ = fs::remove_dir_all(lists);
    }

    /// Returns the place of the list of one input.
    pub fn list_of(&self, job: &Job) -> PathBuf {
        let name = job.relative.file_name().unwrap_or_default().to_string_lossy();
        self.lists.join(job.relative.with_file_name(format!("{name}.removed")))
    }

    /// Returns whether the list of an input is there.
    pub fn has(&self, job: &Job) -> bool {
        self.place_of(job).is_some() || self.list_of(job).exists()
    }

    /// Returns the place of the list of an input in the joined list of an earlier run.
    fn place_of(&self, job: &Job) -> Option<(u64, u64)> {
        self.joined.places.get(&job.relative.display().to_string()).copied()
    }

    /// Returns whether the joined list has those of `jobs` in this order, and no others.
    fn is_joined(&self, jobs: &[Job]) -> bool {
        let mut end = 0;
        let is_next = |job: &Job| {
            let place = self.place_of(job).filter(|place| place.0 == end && !self.list_of(job).exists());
            end = place.map_or(end, |place| place.1);
            place.is_some()
        };
        jobs.iter().all(is_next) && end == self.joined.list.bytes()
    }

    /// Joins the lists of `jobs`, if all of them are there. If several processes write a part of
    /// the outputs each, any one of them may be the last. The name `process` differs between them.
    ///
    /// The lists of inputs are deleted if `is_alone` is set: no other process joins them.
    pub fn join(&self, jobs: &[Job], process: &str, is_alone: bool) -> Result<()> {
        if !jobs.iter().all(|job| self.has(job)) || self.is_joined(jobs) {
            return Ok(());
        }
        let is_changed = || State::of_file(&self.path).is_none_or(|list| list != self.joined.list);
        if !self.joined.places.is_empty() && is_changed() {
            bail!(
                "{}: expected the list of removals that was there when this run began; another run has changed \
                 it; run the command again",
                self.path.display()
            );
        }
        let mut all = PartFile::create_tagged(&self.path, process)?;
        let mut joined = Joined::default();
        let mut end = 0;
        for job in jobs {
            let start = end;
            let list = self.list_of(job);
            end += match self.place_of(job).filter(|_| !list.exists()) {
                Some((start, end)) => all.append(&self.path, start, end - start)?,
                None => all.append(&list, 0, u64::MAX)?,
            };
            joined.places.insert(job.relative.display().to_string(), (start, end));
        }
        if !is_alone {
            return all.finish();
        }
        all.sync()?;
        // A device or a pipe has no parts that could be read again.
        let list = all.part().and_then(State::of_file);
        let [described, next] = JOINED.map(|name| self.lists.with_file_name(name));
        if let Some(list) = list {
            joined.list = list;
            write_whole(&next, &serde_json::to_vec(&joined)?)?;
            all.rename()?;
            fs::rename(&next, &described).with_context(|| described.display().to_string())?;
        } else {
            all.rename()?;
        }
        for list in jobs.iter().map(|job| self.list_of(job)).filter(|list| list.exists()) {
            remove_with_folders(&list, &self.lists).with_context(|| list.display().to_string())?;
        }
        let _ = fs::remove_dir(&self.lists);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Compression;

    /// Writes the lists of inputs, and joins them.
    fn join(folder: &Path, path: &Path, lists: &[(&str, &str)]) -> Result<()> {
        let removals = Removals::open(folder, path);
        let job = |name: &str| Job { relative: name.into(), compression: Compression::None };
        for (name, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
            write_whole(&removals.list_of(&job(name)), list.as_bytes())?;
        }
        let jobs: Vec<Job> = lists.iter().map(|(name, _)| job(name)).collect();
        removals.join(&jobs, "one", true)
    }

    #[test]
    fn lists_are_taken_from_the_joined_list() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (folder, path) = (folder.path(), folder.path().join("all"));
        join(folder, &path, &[("a", "1\n"), ("b", "22\n")])?;
        assert_eq!(fs::read_to_string(&path)?, "1\n22\n");
        join(folder, &path, &[("b", ""), ("c", "3\n"), ("a", "")])?;
        assert_eq!(fs::read_to_string(&path)?, "22\n3\n1\n");
        // The process was killed before or after the list was replaced.
        let described = folder.join(FOLDER).join(JOINED[0]);
        fs::rename(&described, described.with_file_name(JOINED[1]))?;
        fs::write(&described, "{}")?;
        join(folder, &path, &[("a", ""), ("b", "")])?;
        assert_eq!(fs::read_to_string(&path)?, "1\n22\n");
        Ok(())
    }

    #[test]
    fn a_joined_list_that_changes_meanwhile_is_an_error() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (folder, path) = (folder.path(), folder.path().join("all"));
        join(folder, &path, &[("a", "1\n"), ("b", "22\n")])?;
        let removals = Removals::open(folder, &path);
        fs::write(&path, "other")?;
        let job = Job { relative: "b".into(), compression: Compression::None };
        let error = removals.join(&[job], "one", true).unwrap_err().to_string();
        assert!(error.contains("another run has changed it"), "{error}");
        assert_eq!(fs::read_to_string(&path)?, "other");
        Ok(())
    }
}
