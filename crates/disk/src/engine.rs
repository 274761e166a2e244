//! The engine, the crate `fjall`: tables of sorted rows with a common journal.
//!
//! The engine flushes each table by its own size, and a writer would wait forever if the threads of
//! the engine ended after an error. So this file flushes all tables together by their total size,
//! which keeps the journal short, and a waiting writer asks whether the engine still works.

use std::fmt;
use std::io::ErrorKind::{InvalidData, UnexpectedEof};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use fjall::compaction::Leveled;
use fjall::config::PartitioningPolicy;
use fjall::{
    AbstractTree as _, Database, Keyspace, KeyspaceCreateOptions, LsmError, OwnedWriteBatch, PersistMode,
    Slice,
};
use refrain::error::IndexError;

use crate::rows::{MARK, Mark, Table, damaged};

/// The number of unmerged files of a table from which a writer waits. The engine itself waits from
/// 20 on.
const FILES: usize = 16;

/// The number of new files that are merged together, and the approximate size of the results. With
/// more files at a time, each row is rewritten less often.
const MERGED: u8 = 8;
const FILE: u64 = 32 << 20;

/// The number of threads of the engine. With more, one of them keeps a processor busy with waiting
/// while the others merge.
const THREADS: usize = 1;

/// The [tables](crate::rows).
pub(crate) struct Engine {
    tables: Vec<Keyspace>,
    db: Database,
    path: String,
    /// The number of bytes in memory from which they are flushed.
    buffer: u64,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the tables in the folder `tables` of a store, or creates them. A third of the memory
    /// is for recent reads, and half of it for recent changes: those that are being collected, and
    /// two parts that are being written.
    pub(crate) fn open(tables: &Path, memory: usize) -> Result<Self, IndexError> {
        let memory = memory.max(1 << 16) as u64;
        let path = tables.parent().unwrap_or(tables).display().to_string();
        let db = Database::builder(tables).cache_size(memory / 3).worker_threads(THREADS).open();
        let db = db.map_err(|error| explain(&path, error))?;
        // Filters and indexes of files are divided into blocks, because whole ones are too large to
        // be cached.
        let merging = Arc::new(Leveled::default().with_l0_threshold(MERGED).with_table_target_size(FILE));
        let in_blocks = PartitioningPolicy::new([false, true]);
        let options = || {
            KeyspaceCreateOptions::default()
                .max_memtable_size(u64::MAX)
                .compaction_strategy(merging.clone())
                .filter_block_partitioning_policy(in_blocks.clone())
                .index_block_partitioning_policy(in_blocks.clone())
        };
        let tables = Table::NAMES.map(|name| db.keyspace(name, options));
        let tables: Result<_, _> = tables.into_iter().collect();
        let tables = tables.map_err(|error| explain(&path, error))?;
        Ok(Self { tables, db, path, buffer: memory / 6 })
    }

    /// Returns the mark, which must be the same in all tables.
    pub(crate) fn mark(&self) -> Result<Mark, IndexError> {
        let mark = |table: &Keyspace| {
            let mark = table.get(MARK).map_err(|error| self.explain(error))?;
            let missing = || self.damaged(format!("table {} has no valid mark", table.name()));
            mark.and_then(|mark| Mark::parse(&mark)).ok_or_else(missing)
        };
        let common = mark(&self.tables[0])?;
        for table in &self.tables {
            if mark(table)? != common {
                return Err(self.damaged("the tables have the marks of different changes"));
            }
        }
        Ok(common)
    }

    /// Checks that the files of the tables have all changes before the change `first`, which has
    /// the sequence number `given` and is the first in the journals.
    pub(crate) fn check_files(&self, first: u64, given: u64) -> Result<(), IndexError> {
        for table in &self.tables {
            // A file with a later change has all changes before it.
            if table.tree.get_highest_persisted_seqno().is_none_or(|last| last < given) {
                let mark = table.tree.get(MARK, given).map_err(|error| self.explain(error.into()))?;
                let changes = mark.and_then(|mark| Mark::parse(&mark)).map_or(0, |mark| mark.change + 1);
                if changes != first {
                    let how = format!("the journals begin with change {first}, and files end at {changes}");
                    return Err(self.damaged(how));
                }
            }
        }
        Ok(())
    }

    /// Begins a change.
    pub(crate) fn batch(&self) -> Batch<'_> {
        Batch { engine: self, rows: self.db.batch() }
    }

    /// Makes all changes durable.
    pub(crate) fn sync(&self) -> Result<(), IndexError> {
        self.db.persist(PersistMode::SyncAll).map_err(|error| self.explain(error))
    }

    /// Waits until there is memory for another change.
    pub(crate) fn make_room(&self) -> Result<(), IndexError> {
        let used: u64 = self.tables.iter().map(|table| table.tree.active_memtable().size()).sum();
        if used > self.buffer { self.flush(1) } else { self.wait(2) }
    }

    /// Begins to write all changes in memory to files, once at most `parts` earlier parts of a
    /// table are still being written.
    pub(crate) fn flush(&self, parts: usize) -> Result<(), IndexError> {
        self.wait(parts)?;
        let flush = |table: &Keyspace| table.rotate_memtable().map(drop);
        self.tables.iter().try_for_each(flush).map_err(|error| self.explain(error))
    }

    /// Waits until every table has at most `parts` parts that are being written, and fewer than
    /// [`FILES`] files to be merged.
    fn wait(&self, parts: usize) -> Result<(), IndexError> {
        loop {
            let crowded = self.tables.iter().find(|table| table.l0_table_count() >= FILES);
            if crowded.is_none() && self.tables.iter().all(|table| table.sealed_memtable_count() <= parts) {
                return Ok(());
            }
            // This fails if the engine has stopped.
            self.db.persist(PersistMode::Buffer).map_err(|error| self.explain(error))?;
            if let Some(table) = crowded {
                // Merge here: the engine's thread may have stopped after an error.
                let strategy = table.config.compaction_strategy.clone();
                table.tree.compact(strategy, 0).map_err(|error| self.explain(error.into()))?;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Rewrites the files of each table into as few as possible, as long as `proceed`, which
    /// receives the number of rewritten tables, returns that it may.
    pub(crate) fn compact(
        &self,
        mut proceed: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<(), IndexError> {
        self.flush(1)?;
        self.wait(0)?;
        for (done, table) in self.tables.iter().enumerate() {
            if proceed(done).is_break() {
                break;
            }
            table.major_compact().map_err(|error| self.explain(error))?;
        }
        Ok(())
    }

    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Result<Option<Slice>, IndexError> {
        self.tables[table as usize].get(key).map_err(|error| self.explain(error))
    }

    /// Returns the rows of a table with keys from `first` to `last`, in order, without the mark.
    pub(crate) fn range(
        &self,
        table: Table,
        first: &[u8],
        last: &[u8],
    ) -> impl Iterator<Item = Result<(Slice, Slice), IndexError>> + use<'_> {
        let rows = self.tables[table as usize].range(first..=last);
        rows.map(|row| row.into_inner().map_err(|error| self.explain(error)))
            .filter(|row| !matches!(row, Ok((key, _)) if **key == MARK))
    }

    /// Returns all rows of a table, in order, without the mark.
    pub(crate) fn rows(&self, table: Table) -> impl Iterator<Item = Result<(Slice, Slice), IndexError>> {
        // No key is longer than 20 bytes.
        self.range(table, &[], &[0xFF; 21])
    }

    /// Returns the error for a store whose tables are damaged as `how` describes.
    pub(crate) fn damaged(&self, how: impl Into<String>) -> IndexError {
        damaged(&self.path, how)
    }

    fn explain(&self, error: fjall::Error) -> IndexError {
        explain(&self.path, error)
    }
}

/// A change that is not written yet.
pub(crate) struct Batch<'a> {
    engine: &'a Engine,
    rows: OwnedWriteBatch,
}

impl Batch<'_> {
    pub(crate) fn put(&mut self, table: Table, key: &[u8], value: Vec<u8>) {
        self.rows.insert(&self.engine.tables[table as usize], key, value);
    }

    pub(crate) fn delete(&mut self, table: Table, key: &[u8]) {
        self.rows.remove(&self.engine.tables[table as usize], key);
    }

    /// Writes the change and its mark to all tables.
    pub(crate) fn commit(mut self, mark: Mark) -> Result<(), IndexError> {
        let mark = Mark { least: self.engine.db.seqno(), ..mark };
        for table in &self.engine.tables {
            self.rows.insert(table, MARK, mark.to_bytes());
        }
        self.rows.commit().map_err(|error| self.engine.explain(error))
    }
}

/// Converts an error of the engine, whose own messages are for its developers.
fn explain(path: &str, error: fjall::Error) -> IndexError {
    use fjall::Error::{Io, JournalRecovery, Locked, Poisoned, Storage};

    let how = match error {
        Io(source) | Storage(LsmError::Io(source))
            if !matches!(source.kind(), InvalidData | UnexpectedEof) =>
        {
            return IndexError::Io { what: path.to_owned(), source };
        }
        Poisoned => return IndexError::WriteFailed { path: path.into() },
        Locked => return IndexError::InUse { path: path.into() },
        Storage(LsmError::ChecksumMismatch { .. }) => "a block of a table does not match its checksum",
        JournalRecovery(_) => "a journal cannot be read",
        _ => "a file of a table is missing, or is not as it was written",
    };
    damaged(path, how)
}
