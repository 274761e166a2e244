//! Four runs that say the same of some documents, each sorted by something else.

use std::sync::Arc;
use std::vec;

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::cache::Cache;
use super::folder::Folder;
use super::run::{Entry, Reader, Run, RunWriter};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;

/// How many kinds of runs there are.
pub(super) const FAMILIES: usize = 4;

/// By key: key, document, place. With a filter.
pub(super) const KEYS: usize = 0;
/// By scope: the number of the scope, key, document.
pub(super) const SCOPES: usize = 1;
/// By name: a hash of the name of a document or a scope, document, number of the scope. With a filter.
pub(super) const NAMES: usize = 2;
/// By document: document, where it begins in the log, how long it is there, number of the scope.
pub(super) const DOCUMENTS: usize = 3;

/// Whether a family's runs have filters.
fn is_filtered(family: usize) -> bool {
    matches!(family, KEYS | NAMES)
}

/// The parts in a row; what is beyond 24 bytes is left out, what is missing is 0.
fn entry(parts: &[&[u8]]) -> Entry {
    let mut entry = Entry::default();
    for (place, byte) in entry.iter_mut().zip(parts.iter().copied().flatten()) {
        *place = *byte;
    }
    entry
}

pub(super) fn key_entry(key: Fingerprint, document: u32, place: u32) -> Entry {
    entry(&[&key.to_bytes(), &document.to_be_bytes(), &place.to_be_bytes()])
}

pub(super) fn scope_entry(scope: u32, key: Fingerprint, document: u32) -> Entry {
    entry(&[&scope.to_be_bytes(), &key.to_bytes(), &document.to_be_bytes()])
}

pub(super) fn name_entry(hash: [u8; 16], document: u32, scope: u32) -> Entry {
    entry(&[&hash, &document.to_be_bytes(), &scope.to_be_bytes()])
}

pub(super) fn document_entry(document: u32, offset: u64, len: u64, scope: u32) -> Entry {
    entry(&[&document.to_be_bytes(), &offset.to_be_bytes(), &len.to_be_bytes(), &scope.to_be_bytes()])
}

/// Four bytes of an entry as a number.
pub(super) fn number_at(entry: &[u8], at: usize) -> u32 {
    entry.get(at..at + 4).and_then(|part| part.try_into().ok()).map_or(0, u32::from_be_bytes)
}

/// Eight bytes of an entry as a number.
pub(super) fn long_at(entry: &[u8], at: usize) -> u64 {
    entry.get(at..at + 8).and_then(|part| part.try_into().ok()).map_or(0, u64::from_be_bytes)
}

/// The key of an entry by scope.
pub(super) fn key_of(entry: &Entry) -> Fingerprint {
    let key = entry.get(4..20).and_then(|key| key.try_into().ok());
    Fingerprint::from_bytes(key.unwrap_or_default())
}

/// Where a document's name is looked for.
pub(super) fn hash_of_id(id: &str) -> [u8; 16] {
    xxh3_128_with_seed(id.as_bytes(), 1).to_be_bytes()
}

/// Where a scope is looked for. Scopes are told apart by this.
pub(super) fn hash_of_scope(scope: &str) -> [u8; 16] {
    xxh3_128_with_seed(scope.as_bytes(), 2).to_be_bytes()
}

/// A run's number, how many entries it has, and how many its filter was made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) number: u64,
    pub(super) entries: u64,
    pub(super) room: u64,
}

/// A generation that was written: whether it takes away what others say, how often it was merged, and its runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) minus: bool,
    pub(super) level: u32,
    pub(super) files: [Files; FAMILIES],
}

/// A generation that is being read.
#[derive(Debug)]
pub(super) struct Generation {
    pub(super) made: Made,
    runs: Vec<Arc<Run>>,
}

impl Generation {
    pub(super) fn open(folder: &Folder, made: Made, cache: &Arc<Cache>) -> Result<Self, IndexError> {
        let runs = made
            .files
            .iter()
            .map(|files| Run::open(folder, files.number, files.entries, files.room, cache).map(Arc::new));
        Ok(Self { runs: runs.collect::<Result<_, _>>()?, made })
    }

    pub(super) fn check_all(&self) -> Result<(), IndexError> {
        self.runs.iter().try_for_each(|run| run.check_all())
    }

    /// The numbers of the entries of a family that begin with a prefix.
    pub(super) fn range(&self, family: usize, prefix: &[u8]) -> Result<(u64, u64), IndexError> {
        let Some(run) = self.runs.get(family) else { return Ok((0, 0)) };
        if run.entries() == 0 {
            return Ok((0, 0));
        }
        let filtered = prefix.get(..16).filter(|_| is_filtered(family));
        if !filtered.map_or(Ok(true), |prefix| run.may_have(prefix))? {
            return Ok((0, 0));
        }
        run.range(prefix)
    }

    pub(super) fn entry(&self, family: usize, number: u64) -> Result<Entry, IndexError> {
        self.runs.get(family).map_or(Ok(Entry::default()), |run| run.entry(number))
    }

    /// The entries of a family that begin with a prefix, read in a row.
    pub(super) fn reader(&self, family: usize, prefix: &[u8]) -> Result<Option<Source>, IndexError> {
        let Some(run) = self.runs.get(family).filter(|run| run.entries() > 0) else { return Ok(None) };
        let (first, end) = run.range(prefix)?;
        Ok(Some(Source::Run(run.entries_between(first, end))))
    }
}

/// Writes the runs of a generation, one after another.
pub(super) struct GenerationWriter {
    folder: Folder,
    made: Made,
}

impl GenerationWriter {
    pub(super) fn new(folder: Folder, minus: bool, level: u32) -> Self {
        Self { folder, made: Made { minus, level, files: [Files::default(); FAMILIES] } }
    }

    /// Writes the run of one family, of at most `most` entries.
    pub(super) fn write(
        &mut self,
        family: usize,
        number: u64,
        most: u64,
        mut next: impl FnMut() -> Result<Option<Entry>, IndexError>,
    ) -> Result<(), IndexError> {
        let room = if is_filtered(family) { most } else { 0 };
        let mut run = RunWriter::new(&self.folder, number, room)?;
        while let Some(entry) = next()? {
            run.push(&entry)?;
        }
        let entries = run.finish()?;
        if let Some(files) = self.made.files.get_mut(family) {
            *files = Files { number, entries, room };
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Made {
        self.made
    }
}

/// Entries in order, from somewhere.
pub(super) enum Source {
    Run(Reader),
    List(vec::IntoIter<Entry>),
}

impl Source {
    fn next(&mut self) -> Result<Option<Entry>, IndexError> {
        match self {
            Self::Run(reader) => reader.next(),
            Self::List(list) => Ok(list.next()),
        }
    }
}

/// Several sources as one, in order.
pub(super) struct Merged {
    sources: Vec<(Entry, Source)>,
}

impl Merged {
    pub(super) fn new(sources: impl IntoIterator<Item = Source>) -> Result<Self, IndexError> {
        let mut merged = Vec::new();
        for mut source in sources {
            if let Some(first) = source.next()? {
                merged.push((first, source));
            }
        }
        Ok(Self { sources: merged })
    }

    fn peek(&self) -> Option<&Entry> {
        self.sources.iter().map(|(entry, _)| entry).min()
    }

    pub(super) fn next(&mut self) -> Result<Option<Entry>, IndexError> {
        let least = self.sources.iter().enumerate().min_by_key(|(_, (entry, _))| entry);
        let Some((at, _)) = least else { return Ok(None) };
        let Some((entry, source)) = self.sources.get_mut(at) else { return Ok(None) };
        let least = *entry;
        match source.next()? {
            Some(next) => *entry = next,
            None => drop(self.sources.swap_remove(at)),
        }
        Ok(Some(least))
    }
}

/// The entries of some sources that are not among those of others.
pub(super) struct Difference {
    pub(super) plus: Merged,
    pub(super) minus: Merged,
}

impl Difference {
    pub(super) fn next(&mut self) -> Result<Option<Entry>, IndexError> {
        while let Some(entry) = self.plus.next()? {
            while self.minus.peek().is_some_and(|minus| *minus < entry) {
                self.minus.next()?;
            }
            if self.minus.peek() == Some(&entry) {
                self.minus.next()?;
                continue;
            }
            return Ok(Some(entry));
        }
        Ok(None)
    }
}
