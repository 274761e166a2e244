//! The store on disk.
//!
//! A library keeps sorted tables, writes to all of them at once or to none, and finds what it wrote when it
//! was killed. Here is what the tables say ([`rows`]), how documents become rows ([`write`]) and rows answers
//! ([`read`]), and what the library does not do by itself: to tell what is acknowledged ([`folder`]), and to
//! notice every damage before it is made worse ([`inspect`]).

mod check;
mod engine;
mod folder;
mod inspect;
mod read;
mod rows;
#[cfg(test)]
mod tests;
mod write;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use engine::Engine;
use folder::Folder;
use rows::Mark;
use write::Plan;

use super::Index;
use super::parameters::Parameters;
use super::store::{Answer, FrequentKey, OwnedRecord, Query, Record, Store};
use crate::error::IndexError;
use crate::options::Options;

/// Bytes of memory, unless the caller says otherwise.
const MEMORY: usize = 256 << 20;

/// Keeps everything in a folder: for what must last, and what is larger than memory.
///
/// What was acknowledged, by [`Index::sync`], outlasts the process however it ends; what was learnt since may
/// be lost, whole calls at a time, the last ones first. Closing acknowledges as well, as far as that goes
/// without an error. One process at a time has it open; any number of its threads can read, and one writes.
///
/// A file that is not as it was written is an error when it is read: every piece has a checksum.
/// [`Index::check`] reads them all.
///
/// After a write that failed, because the disk is full for example, it can be read, and takes no more writes
/// until it is opened again.
///
/// It holds 2³² − 2 documents, forgotten ones included; a single one can have some 200 million segments.
#[derive(Debug)]
pub struct Disk {
    engine: Engine,
    /// How far the tables are. Whoever reads them holds this, so that nothing is written meanwhile.
    mark: RwLock<Mark>,
    /// The last change that is acknowledged. Whoever writes holds this.
    acknowledged: Mutex<u64>,
    folder: Folder,
}

impl Index<Disk> {
    /// Opens the index in a folder, or makes one, for documents that are read with these options. It takes
    /// some 256 MB of memory.
    ///
    /// ```
    /// use refrain::index::{Disk, Index, Page};
    /// use refrain::{Document, Options};
    ///
    /// # let folder = std::env::temp_dir().join(format!("refrain-doc-{}", std::process::id()));
    /// let doc = Document::new("One.\nTwo.");
    /// let index = Index::<Disk>::open(&folder, &Options::new())?;
    /// index.insert(Page { id: "1", scope: "a.example", document: &doc })?;
    /// index.sync()?;
    /// drop(index);
    ///
    /// let index = Index::<Disk>::open(&folder, &Options::new())?;
    /// assert_eq!(index.query("a.example", &doc)?.document_count(1), 1);
    /// # drop(index);
    /// # std::fs::remove_dir_all(folder).ok();
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// Reads what was learnt lately, and a few bytes of each file.
    ///
    /// # Errors
    ///
    /// It is open already; it was made for other documents, with another scheme or format; a file is damaged
    /// or cannot be read or written.
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Self, IndexError> {
        Self::open_within(path, options, MEMORY)
    }

    /// Opens or makes an index that takes about so many bytes of memory, and 64 KiB at least: a third of them
    /// for what was read lately, half for what was learnt lately. More memory makes it faster, and changes no
    /// answer. What one call learns is in memory besides.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_within(path: impl AsRef<Path>, options: &Options, memory: usize) -> Result<Self, IndexError> {
        let parameters = Parameters::new(options);
        Ok(Self { store: Disk::open(path, &parameters.line(), memory)?, parameters })
    }

    /// Writes everything anew, without what was forgotten, in as few files as it can be. This happens by
    /// itself as well, file by file.
    ///
    /// # Complexity
    ///
    /// Reads and writes all of it, and takes as much room again while it does.
    ///
    /// # Errors
    ///
    /// Reading or writing fails. What was acknowledged is there all the same.
    pub fn compact(&self) -> Result<(), IndexError> {
        let _writer = self.store.writer();
        self.store.engine.compact()?;
        // The library lets go of files that were merged when tables are written the next time.
        let mark = *self.store.read();
        self.store.write(Plan::new(&self.store.engine, mark))?;
        self.store.engine.write_out(0)
    }

    /// Reads everything, and says whether all is as it was written: documents, and all that is found and
    /// counted.
    ///
    /// # Complexity
    ///
    /// Some reads for each segment. Memory for the names of the scopes.
    ///
    /// # Errors
    ///
    /// The first damage that was found; reading fails.
    pub fn check(&self) -> Result<(), IndexError> {
        let mark = self.store.read();
        self.store.engine.check(*mark)
    }
}

impl Disk {
    /// Opens the store in a folder, or makes one, for documents that have something in common, which
    /// `parameters` says in a line: a store that was made with another line is not opened. It takes about so
    /// many bytes of memory. [`Index`] has [a call](Index::open) that does this for its own documents; here
    /// is one for others:
    ///
    /// ```
    /// use refrain::index::Disk;
    /// use refrain::near::{NearOptions, LshIndex, Shingler};
    ///
    /// # let folder = std::env::temp_dir().join(format!("refrain-doc-near-{}", std::process::id()));
    /// let shingler = Shingler::new();
    /// let open = |criteria: NearOptions| {
    ///     LshIndex::with_store(&Shingler::new(), criteria, |line| Disk::open(&folder, line, 64 << 20))
    /// };
    /// let story = shingler.shingle("The ferry sails again on Monday at nine, from the old harbour.");
    /// let index = open(NearOptions::new(0.8)?)?;
    /// index.insert("https://a.example/1", &story)?;
    /// index.sync()?;
    /// drop(index);
    ///
    /// let index = open(NearOptions::new(0.8)?)?;
    /// assert_eq!(index.query(&story)?.iter().map(|near| near.document()).collect::<Vec<_>>(), ["https://a.example/1"]);
    /// drop(index);
    /// // Other bands have other keys.
    /// assert!(open(NearOptions::new(0.3)?).is_err());
    /// # std::fs::remove_dir_all(folder).ok();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Index::open`].
    pub fn open(path: impl AsRef<Path>, parameters: &str, memory: usize) -> Result<Self, IndexError> {
        let folder = Folder::open(path.as_ref())?;
        let (engine, mark, acknowledged) = folder.open_tables(parameters, memory)?;
        Ok(Self { engine, mark: RwLock::new(mark), acknowledged: Mutex::new(acknowledged), folder })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn read(&self) -> RwLockReadGuard<'_, Mark> {
        self.mark.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, u64> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what was planned. The caller is the one that writes.
    fn write(&self, plan: Plan<'_>) -> Result<(), IndexError> {
        let (batch, new) = plan.finish()?;
        let mut mark = self.mark.write().unwrap_or_else(PoisonError::into_inner);
        self.engine.commit(batch, new)?;
        *mark = new;
        Ok(())
    }

    /// What is to be written, with room for it. The caller is the one that writes.
    fn plan(&self) -> Result<Plan<'_>, IndexError> {
        self.engine.make_room()?;
        Ok(Plan::new(&self.engine, *self.read()))
    }

    fn add_alone(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        if records.is_empty() {
            return Ok(());
        }
        let mut plan = self.plan()?;
        plan.add(records)?;
        self.write(plan)
    }

    fn acknowledge(&self, acknowledged: &mut u64) -> Result<(), IndexError> {
        let change = self.read().change;
        if change > *acknowledged {
            self.engine.sync()?;
            self.folder.acknowledge(change)?;
            *acknowledged = change;
        }
        Ok(())
    }
}

/// Closing acknowledges what was learnt. Whoever must know whether that went well calls [`Index::sync`]
/// first.
impl Drop for Disk {
    fn drop(&mut self) {
        let mut acknowledged = *self.writer();
        drop(self.acknowledge(&mut acknowledged));
    }
}

impl Store for Disk {
    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        let _writer = self.writer();
        self.add_alone(records)
    }

    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError> {
        let mark = self.read();
        self.engine.find(query, mark.next)
    }

    fn find_and_add(&self, record: &Record<'_>) -> Result<Answer, IndexError> {
        let _writer = self.writer();
        let query = Query { keys: record.keys, scope: record.scope, except: Some(record.id), limit: 0 };
        let found = self.find(&query)?;
        self.add_alone(std::slice::from_ref(record))?;
        Ok(found)
    }

    fn document(&self, number: u32) -> Result<Option<OwnedRecord>, IndexError> {
        let _mark = self.read();
        self.engine.document(number)
    }

    fn number(&self, id: &str) -> Result<Option<u32>, IndexError> {
        let _mark = self.read();
        Ok(self.engine.find_document(id)?.map(|(number, _)| number))
    }

    fn next_number(&self) -> u32 {
        self.read().next
    }

    fn len(&self) -> u64 {
        self.read().alive
    }

    fn remove(&self, id: &str) -> Result<bool, IndexError> {
        let _writer = self.writer();
        let mut plan = self.plan()?;
        let was_there = plan.remove(id)?;
        if was_there {
            self.write(plan)?;
        }
        Ok(was_there)
    }

    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError> {
        let _mark = self.read();
        Ok(self.engine.scope(scope)?.map_or(0, |(_, documents)| documents))
    }

    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<FrequentKey>, IndexError> {
        let _mark = self.read();
        self.engine.frequent(scope, documents)
    }

    fn sync(&self) -> Result<(), IndexError> {
        let mut acknowledged = self.writer();
        self.acknowledge(&mut acknowledged)
    }
}
