//! The store on disk.
//!
//! The crate `fjall` keeps sorted tables in a folder, writes to all of them atomically, and
//! recovers what it wrote after a crash. The submodules add the rest:
//!
//! * [`rows`]: the content of the tables.
//! * [`write`](mod@write): documents to rows; [`read`]: rows to answers.
//! * [`folder`]: the record of the last durable change.
//! * [`inspect`]: detection of damage before the engine opens the files, because the engine would
//!   take some damage for the end of a file and overwrite it.

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

/// A store in a folder, for indexes that must last or that exceed the memory.
///
/// # Durability
///
/// [`Index::sync`] makes all changes so far durable, whether the process ends or crashes. Later
/// changes may be lost, the last ones first, and a call is lost as a whole or not at all. Dropping
/// the index calls `sync` and ignores its error.
///
/// Every file has checksums, so a damaged file is an error when it is read. [`Index::check`] reads
/// all files. After a failed write, such as on a full disk, the index can be read, and each change
/// returns [`IndexError::Broken`] until the index is opened again.
///
/// # Threads and processes
///
/// One process at a time can open a folder. Many of its threads can read at a time, or one can
/// write.
///
/// # Limits
///
/// At most 2³² − 2 documents can be inserted, including those that were replaced or removed. A
/// document can have about 200 million segments.
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
    /// Opens the index in the folder `path`, or creates one, for documents that are read with
    /// `options`. It uses about 256 MiB of memory.
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
    /// Reads the recent changes, and a few bytes of each file.
    ///
    /// # Errors
    ///
    /// * [`IndexError::InUse`] if the index is open already.
    /// * [`IndexError::WrongParameters`] if its documents were read with other options.
    /// * [`IndexError::WrongVersion`] if it has another format or another scheme of fingerprints.
    /// * [`IndexError::Damaged`] if a file was changed, or is missing.
    /// * [`IndexError::Io`] if a file cannot be read or written.
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Self, IndexError> {
        Self::open_within(path, options, MEMORY)
    }

    /// Like [`open`](Self::open), but uses about `memory` bytes of memory, and at least 64 KiB.
    ///
    /// A third of the memory is for recent reads, and half of it for recent changes. The documents
    /// of one call take additional memory. More memory makes the index faster, and changes no
    /// answer.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_within(path: impl AsRef<Path>, options: &Options, memory: usize) -> Result<Self, IndexError> {
        let parameters = Parameters::new(options);
        Ok(Self { store: Disk::open(path, &parameters.line(), memory)?, parameters })
    }

    /// Rewrites all files into as few as possible, without removed documents.
    ///
    /// This method is optional, because files are also merged one by one in the background.
    ///
    /// # Complexity
    ///
    /// Reads and writes the whole index. Until it returns, the index takes up to twice its size on
    /// disk.
    ///
    /// # Errors
    ///
    /// Errors of reading and writing. Durable changes are kept in any case.
    pub fn compact(&self) -> Result<(), IndexError> {
        let _writer = self.store.writer();
        self.store.engine.compact()?;
        // The library lets go of files that were merged when tables are written the next time.
        let mark = *self.store.read();
        self.store.write(Plan::new(&self.store.engine, mark))?;
        self.store.engine.write_out(0)
    }

    /// Reads all files, and returns the first damage that it finds. Also checks that the stored
    /// counts and postings agree with the documents.
    ///
    /// # Complexity
    ///
    /// A few reads for each segment. Memory is linear in the number and length of the scopes.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] for the first damage; [`IndexError::Io`] if reading fails.
    pub fn check(&self) -> Result<(), IndexError> {
        let mark = self.store.read();
        self.store.engine.check(*mark)
    }
}

impl Disk {
    /// Opens the store in the folder `path`, or creates one, with about `memory` bytes of memory.
    ///
    /// `parameters` is one line of text that describes the documents. A store that was created with
    /// another line cannot be opened with this one. [`Index::open`] calls this function for an
    /// index of segments; an [`LshIndex`](crate::near::LshIndex) passes its own line:
    ///
    /// ```
    /// use refrain::index::Disk;
    /// use refrain::near::{LshIndex, NearOptions, Shingler};
    ///
    /// # let name = format!("refrain-doc-near-{}", std::process::id());
    /// # let folder = std::env::temp_dir().join(name);
    /// let shingler = Shingler::new();
    /// let open = |options: NearOptions| {
    ///     LshIndex::with_store(&shingler, options, |line| Disk::open(&folder, line, 64 << 20))
    /// };
    /// let text = "The ferry sails again on Monday at nine, from the old harbor.";
    /// let story = shingler.shingle(text);
    /// let index = open(NearOptions::new(0.8)?)?;
    /// index.insert("https://a.example/1", &story)?;
    /// index.sync()?;
    /// drop(index);
    ///
    /// let index = open(NearOptions::new(0.8)?)?;
    /// let found = index.query(&story)?;
    /// assert!(found.iter().map(|near| near.document()).eq(["https://a.example/1"]));
    /// drop(index);
    /// // Another threshold has other bands, and so another line.
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

    /// Returns the path of the folder.
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

/// Makes all changes durable, and ignores errors. Call [`Index::sync`] first to handle them.
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
