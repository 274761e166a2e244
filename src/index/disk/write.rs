//! The writer: from the log to runs, from runs to fewer runs.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::cache::Cache;
use super::folder::{Folder, In};
use super::generation::{
    DOCUMENTS, FAMILIES, Generation, GenerationWriter, Made, Merged, document_entry, long_at, number_at,
};
use super::log::{self, Event, Tail};
use super::run::{Entry, Run};
use super::state::{Commits, State};
use super::view::{View, entries};
use crate::error::IndexError;
use crate::index::memory;

/// How many generations of one level become one of the next.
const TIER: usize = 4;

/// What only the one writer has.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) folder: Folder,
    pub(super) cache: Arc<Cache>,
    pub(super) tail: Tail,
    pub(super) commits: Commits,
    pub(super) state: State,
    /// Where the documents of the delta are in the log: offset and length.
    pub(super) places: Vec<(u64, u64)>,
    /// A write failed in such a way that the files cannot be trusted to be what the writer thinks.
    pub(super) broken: bool,
    /// Held until it is dropped.
    pub(super) _lock: File,
}

impl Writer {
    /// An error, if nothing can be written any more.
    pub(super) fn check(&self) -> Result<(), IndexError> {
        if self.broken {
            return Err(IndexError::Broken { path: self.folder.path().to_owned() });
        }
        Ok(())
    }

    /// Appends to the log.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.tail.append(bytes).map_err(|(error, broken)| {
            self.broken |= broken;
            error
        })
    }

    /// Acknowledges everything in the log.
    pub(super) fn sync(&mut self) -> Result<(), IndexError> {
        self.check()?;
        if self.tail.synced == self.tail.len {
            return Ok(());
        }
        // After a failed sync nobody knows what is on the disk.
        let synced = self.tail.sync();
        let written = synced.and_then(|()| self.commits.write(self.tail.number, self.tail.len));
        self.broken |= written.is_err();
        written
    }

    fn next_file(&mut self) -> u64 {
        self.state.file += 1;
        self.state.file
    }

    /// Makes runs of what is in memory, and fewer runs of many. If that fails, all is as before.
    pub(super) fn flush(&mut self, view: &RwLock<View>) -> Result<(), IndexError> {
        self.sync()?;
        let before = self.state.clone();
        let generations = match self.flush_to_files(view) {
            Ok(generations) => generations,
            Err(error) => {
                self.undo(before);
                return Err(error);
            }
        };
        self.publish()?;
        let mut now = view.write().unwrap_or_else(PoisonError::into_inner);
        now.generations = generations;
        self.settle(&mut now);
        drop(now);
        self.forget_files(&before);
        Ok(())
    }

    /// Makes the new state true. If that fails nobody knows which one the files have.
    fn publish(&mut self) -> Result<(), IndexError> {
        let done = self.folder.publish("state");
        self.broken |= done.is_err();
        done
    }

    /// Takes back a state that was not made true, with its files.
    fn undo(&mut self, before: State) {
        let new = std::mem::replace(&mut self.state, before);
        (self.state.file + 1..=new.file).for_each(|number| self.folder.remove(&Run::name_of(number)));
        // Numbers are not given twice: pages in the cache go by them.
        self.state.file = new.file;
    }

    /// Removes the files of an earlier state, and those made on the way from there, that are not of this one.
    fn forget_files(&self, before: &State) {
        let of = |state: &State| -> BTreeSet<u64> {
            state.generations.iter().flat_map(|made| made.files).map(|files| files.number).collect()
        };
        let mut files = of(before);
        files.extend(before.file + 1..=self.state.file);
        for number in files.difference(&of(&self.state)) {
            self.folder.remove(&Run::name_of(*number));
        }
    }

    /// Writes the runs and prepares the state that has them.
    fn flush_to_files(&mut self, view: &RwLock<View>) -> Result<Vec<Arc<Generation>>, IndexError> {
        let now = view.read().unwrap_or_else(PoisonError::into_inner);
        let mut generations = now.generations.clone();
        if now.delta.next_number() > 0 {
            let entries = self.delta_entries(&now)?;
            generations.push(self.write(false, entries)?);
        }
        if now.minus.iter().any(|minus| !minus.is_empty()) {
            let entries = now.minus.each_ref().map(|minus| minus.iter().copied().collect());
            generations.push(self.write(true, entries)?);
        }
        (self.state.next, self.state.alive, self.state.dead) = (now.next_number(), now.len(), now.dead);
        drop(now);
        self.state.covered = self.tail.len;
        self.state.acknowledged = self.tail.len;
        self.merge(&mut generations)?;
        self.state.generations = generations.iter().map(|generation| generation.made.clone()).collect();
        self.state.prepare(&self.folder)?;
        Ok(generations)
    }

    /// What was in memory is in runs now.
    fn settle(&mut self, now: &mut View) {
        now.delta = memory::State::default();
        now.minus = [const { BTreeSet::new() }; FAMILIES];
        now.scopes = Mutex::default();
        (now.next, now.alive, now.dead) = (self.state.next, self.state.alive, self.state.dead);
        now.log_len = self.tail.len;
        self.places.clear();
    }

    fn open(&self, made: Made) -> Result<Arc<Generation>, IndexError> {
        Generation::open(&self.folder, made, &self.cache).map(Arc::new)
    }

    /// What runs are to say of the documents in memory, in order.
    fn delta_entries(&self, now: &View) -> Result<[Vec<Entry>; FAMILIES], IndexError> {
        let mut scopes: HashMap<String, u32> = HashMap::new();
        let mut all = [const { Vec::new() }; FAMILIES];
        for (number, (offset, len)) in (0..).zip(&self.places) {
            let Some(stored) = now.delta.document(number) else { continue };
            let number = now.next + number;
            let scope = match scopes.get(&stored.scope) {
                Some(scope) => *scope,
                None => {
                    let scope = now.scope_number(&stored.scope)?.unwrap_or(number);
                    scopes.insert(stored.scope.clone(), scope);
                    scope
                }
            };
            let of_document = entries(number, scope, *offset, *len, &stored);
            all.iter_mut().zip(of_document.0).for_each(|(all, mut entries)| all.append(&mut entries));
        }
        all.iter_mut().for_each(|entries| entries.sort_unstable());
        Ok(all)
    }

    /// Writes a generation of entries that are in order.
    fn write(&mut self, minus: bool, all: [Vec<Entry>; FAMILIES]) -> Result<Arc<Generation>, IndexError> {
        let mut writer = GenerationWriter::new(self.folder.clone(), minus, 0);
        for (family, entries) in all.into_iter().enumerate() {
            let most = entries.len() as u64;
            let mut entries = entries.into_iter();
            writer.write(family, self.next_file(), most, || Ok(entries.next()))?;
        }
        self.open(writer.finish())
    }

    /// As long as the last four generations of a kind are of one level, makes one of them.
    fn merge(&mut self, generations: &mut Vec<Arc<Generation>>) -> Result<(), IndexError> {
        for minus in [false, true] {
            loop {
                let of_kind: Vec<usize> = (0..generations.len())
                    .filter(|i| generations.get(*i).is_some_and(|g| g.made.minus == minus))
                    .collect();
                let last = of_kind.get(of_kind.len().saturating_sub(TIER)..).unwrap_or_default();
                let parts: Vec<Arc<Generation>> =
                    last.iter().filter_map(|i| generations.get(*i).cloned()).collect();
                let Some(level) = parts.first().map(|part| part.made.level) else { break };
                if parts.len() < TIER || parts.iter().any(|part| part.made.level != level) {
                    break;
                }
                let mut writer = GenerationWriter::new(self.folder.clone(), minus, level + 1);
                for family in 0..FAMILIES {
                    let mut sources = Vec::new();
                    for part in &parts {
                        sources.extend(part.reader(family, &[])?);
                    }
                    let most = parts
                        .iter()
                        .filter_map(|part| part.made.files.get(family))
                        .map(|files| files.entries);
                    let most = most.sum();
                    let mut merged = Merged::new(sources)?;
                    writer.write(family, self.next_file(), most, || merged.next())?;
                }
                let merged = self.open(writer.finish())?;
                let first = last.first().copied().unwrap_or_default();
                let mut number = 0;
                generations.retain(|_| {
                    number += 1;
                    !last.contains(&(number - 1))
                });
                generations.insert(first, merged);
            }
        }
        Ok(())
    }

    /// Makes one generation of all, and a new log, without what was forgotten. If that fails, all is as before.
    pub(super) fn compact(&mut self, view: &RwLock<View>) -> Result<(), IndexError> {
        self.flush(view)?;
        let before = self.state.clone();
        let (one, tail, log) = match self.compact_to_files(view) {
            Ok(done) => done,
            Err(error) => {
                self.folder.remove(&log::name(before.log + 1));
                self.undo(before);
                return Err(error);
            }
        };
        self.publish()?;
        self.tail = tail;
        let mut now = view.write().unwrap_or_else(PoisonError::into_inner);
        now.generations = vec![one];
        now.log = log;
        self.settle(&mut now);
        drop(now);
        self.forget_files(&before);
        self.folder.remove(&log::name(before.log));
        Ok(())
    }

    /// Writes the runs and the log, and prepares the state that has them.
    fn compact_to_files(
        &mut self,
        view: &RwLock<View>,
    ) -> Result<(Arc<Generation>, Tail, Arc<In>), IndexError> {
        let now = view.read().unwrap_or_else(PoisonError::into_inner);
        let new_log = self.state.log + 1;
        let mut out = self.folder.create(&log::name(new_log))?;
        let level = now.generations.iter().map(|generation| generation.made.level).max().unwrap_or_default();
        let mut writer = GenerationWriter::new(self.folder.clone(), false, level);
        let mut most = [0; FAMILIES];
        for generation in now.generations.iter().filter(|generation| !generation.made.minus) {
            most.iter_mut().zip(&generation.made.files).for_each(|(most, files)| *most += files.entries);
        }
        for (family, most) in most.into_iter().enumerate() {
            let mut all = now.entries(family, &[], Vec::new())?;
            let mut bytes = Vec::new();
            writer.write(family, self.next_file(), most, || {
                let Some(entry) = all.next()? else { return Ok(None) };
                if family != DOCUMENTS {
                    return Ok(Some(entry));
                }
                let Event::Learnt(document, stored) = log::read(&now.log, long_at(&entry, 4), now.log_len)?.0
                else {
                    return Err(now.log.damaged("a document is not where it was written"));
                };
                bytes.clear();
                let offset = out.len();
                log::put_learnt(&mut bytes, offset, document, &stored.record());
                out.write(&bytes)?;
                Ok(Some(document_entry(document, offset, bytes.len() as u64, number_at(&entry, 20))))
            })?;
        }
        drop(now);
        let len = out.len();
        out.finish()?;
        let one = self.open(writer.finish())?;
        let (tail, log) = Tail::open(&self.folder, new_log, len)?;
        let state = &mut self.state;
        (state.log, state.acknowledged, state.covered, state.dead) = (new_log, len, len, 0);
        state.generations = vec![one.made.clone()];
        state.prepare(&self.folder)?;
        Ok((one, tail, log))
    }
}
