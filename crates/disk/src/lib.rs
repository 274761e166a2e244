#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod check;
mod engine;
mod folder;
mod inspect;
mod read;
mod rows;
#[cfg(test)]
mod tests;
mod write;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use engine::{Batch, Engine};
use folder::Folder;
use read::Reader;
use refrain::error::IndexError;
use refrain::index::store::{Open, Planning, Store, View};
use rows::Mark;

/// The number of bytes of memory of a store that [`Open::open`] opens.
const MEMORY: usize = 256 << 20;

/// A store in a folder, for indexes that must last or that exceed the memory. See the
/// [crate documentation](crate).
#[derive(Debug)]
pub struct Disk {
    engine: Engine,
    /// The mark of the tables, held by every reader, so that nothing is written meanwhile.
    mark: RwLock<Mark>,
    /// The number of the last durable change, held by the writer.
    acknowledged: Mutex<u64>,
    folder: Folder,
}

impl Disk {
    /// Opens a store like [`Open::open`], but uses about `memory` bytes for its tables, and at
    /// least 64 KiB. [`Open::open`] uses 256 MiB.
    ///
    /// A third of the memory is for recent reads, and half of it for recent changes. The documents
    /// of one change take additional memory, a query up to 16 MiB, and opening as much as the
    /// longest journal. A journal is a file with recent changes, of 64 MiB as soon as it is
    /// created. More memory makes the store faster, and changes no answer.
    ///
    /// # Errors
    ///
    /// Those of [`Open::open`], and [`IndexError::NotAnIndex`] if `folder` has files that are not
    /// those of stores.
    pub fn open_within(
        folder: &Path,
        name: &str,
        new: Option<&str>,
        memory: usize,
    ) -> Result<(Self, String), IndexError> {
        let folder = Folder::open(folder, name, new.is_some())?;
        let (engine, mark, acknowledged, description) = folder.open_tables(new, memory)?;
        let (mark, acknowledged) = (RwLock::new(mark), Mutex::new(acknowledged));
        Ok((Self { engine, mark, acknowledged, folder }, description))
    }

    /// Rewrites all files into as few as possible, without removed documents. Calls `proceed`
    /// before each of the five tables, with the number of tables that were rewritten, and stops if
    /// it returns `ControlFlow::Break`. Compaction is optional, because files are also merged one
    /// by one in the background. Durable changes are kept if an error is returned.
    ///
    /// # Complexity
    ///
    /// Reads and writes the whole store. Until the method returns, the store takes up to twice its
    /// size on disk. Other threads can read meanwhile.
    pub fn compact(&self, proceed: impl FnMut(usize) -> ControlFlow<()>) -> Result<(), IndexError> {
        let _writer = self.writer();
        self.engine.compact(proceed)?;
        // The engine deletes merged files when it writes others.
        let mark = *self.mark();
        self.commit(self.engine.batch(), Mark { change: mark.change + 1, ..mark })?;
        self.engine.flush(0)
    }

    /// Reads all rows of the tables, and returns the first damage that it finds. Also checks that
    /// ids, scopes, postings and counts are those of the documents. The filters of the tables,
    /// which are used to look up single rows, are not checked. Rows that are in memory are not read
    /// from the files: open the store again first to check these files too.
    ///
    /// # Complexity
    ///
    /// Reads the whole store; changes wait until it ends, and so do queries that begin while a
    /// change waits. Memory is linear in the number and length of the scopes, and the size of the
    /// largest document.
    pub fn check(&self) -> Result<(), IndexError> {
        let mark = self.mark();
        check::check(&Reader::new(&self.engine, *mark))
    }

    /// Returns the path of the store: a folder inside the one that was opened.
    pub fn path(&self) -> &Path {
        &self.folder.path
    }

    // The values under the locks are numbers, which are replaced as a whole. So a poisoned lock is
    // as good as another one.
    fn mark(&self) -> RwLockReadGuard<'_, Mark> {
        self.mark.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, u64> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a change, once all readers have finished. The caller is the writer.
    fn commit(&self, batch: Batch<'_>, new: Mark) -> Result<(), IndexError> {
        self.engine.make_room()?;
        let mut mark = self.mark.write().unwrap_or_else(PoisonError::into_inner);
        batch.commit(new)?;
        *mark = new;
        Ok(())
    }
}

impl Store for Disk {
    fn read(&self, read: &mut dyn FnMut(&dyn View) -> Result<(), IndexError>) -> Result<(), IndexError> {
        let mark = self.mark();
        read(&Reader::new(&self.engine, *mark))
    }

    fn write(&self, plan: Planning<'_, '_>) -> Result<(), IndexError> {
        let _writer = self.writer();
        let mark = *self.mark();
        let reader = Reader::new(&self.engine, mark);
        let change = plan(&reader)?;
        if change.remove.is_empty() && change.add.is_empty() {
            return Ok(());
        }
        let (batch, new) = write::plan(&reader, &change)?;
        self.commit(batch, new)
    }

    fn sync(&self) -> Result<(), IndexError> {
        let mut acknowledged = self.writer();
        let change = self.mark().change;
        if change > *acknowledged {
            self.engine.sync()?;
            self.folder.acknowledge(change)?;
            *acknowledged = change;
        }
        Ok(())
    }
}

impl Open for Disk {
    fn open(folder: &Path, name: &str, new: Option<&str>) -> Result<(Self, String), IndexError> {
        Self::open_within(folder, name, new, MEMORY)
    }
}

/// Makes all changes durable, and ignores errors. Call [`Store::sync`] first to handle them.
impl Drop for Disk {
    fn drop(&mut self) {
        drop(self.sync());
    }
}
