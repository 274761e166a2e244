//! The engine that keeps the tables: sorted files that are merged in the background, and a journal.
//!
//! The engine flushes each table by its own size, and a writer would wait forever if the threads of
//! the engine ended after an error. So this file does both: it flushes all tables together by their
//! total size, which keeps the journal short, and a waiting writer asks whether the engine still
//! works.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use fjall::compaction::Leveled;
use fjall::config::PartitioningPolicy;
use fjall::{
    AbstractTree as _, Database, Guard, Keyspace, KeyspaceCreateOptions, KvPair, OwnedWriteBatch,
    PersistMode, Slice,
};

use super::rows::{
    Change, Count, Entry, MARK, Mark, Postings, Scope, TABLES, damaged, key_of_scope, parse_scopes,
};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;

/// What is written to all tables at once.
pub(super) type Batch = OwnedWriteBatch;

/// How many files of a table may wait to be merged before writing waits. The library itself waits from 20 on.
const FILES: usize = 16;

/// How many files of what was learnt lately are merged at a time, and about how large files are then. More at
/// a time are less work.
const MERGED: u8 = 8;
const FILE: u64 = 32 << 20;

/// The threads of the library. With more, one of them keeps a processor busy with waiting while the others
/// merge.
const THREADS: usize = 1;

/// The tables, see [`rows`](super::rows).
pub(super) struct Engine {
    pub(super) documents: Keyspace,
    pub(super) names: Keyspace,
    pub(super) keys: Keyspace,
    pub(super) more: Keyspace,
    pub(super) counts: Keyspace,
    db: Database,
    path: String,
    /// How many bytes are in memory before they are put into files.
    buffer: u64,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("path", &self.path)
            .field("buffer", &self.buffer)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the tables, or makes them: a third of the memory keeps what was read, half of it what is to be
    /// written: what comes in, and two pieces on their way out.
    pub(super) fn open(path: &Path, memory: usize) -> Result<Self, IndexError> {
        let memory = memory.max(1 << 16) as u64;
        let name = path.parent().unwrap_or(path).display().to_string();
        let db = Database::builder(path).cache_size(memory / 3).worker_threads(THREADS).open();
        let db = db.map_err(|error| explain(&name, error))?;
        // What is in memory is measured here, not by the library. Filters in one piece are read in a moment
        // while files are small, and are too large to be kept or read again when they are not.
        let merging = Leveled::default().with_l0_threshold(MERGED).with_table_target_size(FILE);
        let merging = Arc::new(merging);
        let in_pieces = PartitioningPolicy::new([false, true]);
        let options = || {
            KeyspaceCreateOptions::default()
                .max_memtable_size(u64::MAX)
                .compaction_strategy(merging.clone())
                .filter_block_partitioning_policy(in_pieces.clone())
                .index_block_partitioning_policy(in_pieces.clone())
        };
        let mut tables = TABLES.map(|table| db.keyspace(table, options)).into_iter();
        let mut next = || match tables.next() {
            Some(table) => table.map_err(|error| explain(&name, error)),
            None => Err(damaged(&name, "a table is missing")),
        };
        let (documents, names, keys, more, counts) = (next()?, next()?, next()?, next()?, next()?);
        Ok(Self { documents, names, keys, more, counts, db, path: name, buffer: memory / 6 })
    }

    fn tables(&self) -> [&Keyspace; TABLES.len()] {
        [&self.documents, &self.names, &self.keys, &self.more, &self.counts]
    }

    /// How far all tables are.
    pub(super) fn mark(&self) -> Result<Mark, IndexError> {
        let mut all = None;
        for table in self.tables() {
            let mark = self.get(table, &MARK)?;
            let mark = mark.ok_or_else(|| self.damaged("a table has no mark"))?;
            let mark = Mark::parse(&mark).ok_or_else(|| self.damaged("a mark is none"))?;
            if all.is_some_and(|all| all != mark) {
                return Err(self.damaged("its tables do not agree: something was lost"));
            }
            all = Some(mark);
        }
        all.ok_or_else(|| self.damaged("it has no tables"))
    }

    /// Whether files have everything before the first change in the journals.
    pub(super) fn check_begin(&self, first: Change) -> Result<(), IndexError> {
        for table in self.tables() {
            // Files that go further have all before.
            if table.tree.get_highest_persisted_seqno().is_none_or(|last| last < first.given) {
                let mark = table.tree.get(MARK, first.given).map_err(|error| self.explain(error.into()))?;
                let changes = mark.and_then(|mark| Mark::parse(&mark)).map_or(0, |mark| mark.change + 1);
                if changes != first.number {
                    return Err(self.damaged("its journals begin too late: one is missing"));
                }
            }
        }
        Ok(())
    }

    pub(super) fn batch(&self) -> Batch {
        self.db.batch()
    }

    /// Writes a batch, and how far the tables are with it.
    pub(super) fn commit(&self, mut batch: Batch, mark: Mark) -> Result<(), IndexError> {
        let mark = Mark { given: self.db.seqno(), ..mark };
        for table in self.tables() {
            batch.insert(table, MARK, mark.to_bytes());
        }
        batch.commit().map_err(|error| self.explain(error))
    }

    /// Makes sure that what was written outlasts the machine.
    pub(super) fn sync(&self) -> Result<(), IndexError> {
        self.db.persist(PersistMode::SyncAll).map_err(|error| self.explain(error))
    }

    /// Makes room in memory for what is to be written.
    pub(super) fn make_room(&self) -> Result<(), IndexError> {
        let used: u64 = self.tables().iter().map(|table| table.tree.active_memtable().size()).sum();
        if used > self.buffer { self.write_out(1) } else { self.wait(2) }
    }

    /// Has all tables write what they have in memory, once no more than so many pieces still wait for that.
    pub(super) fn write_out(&self, pieces: usize) -> Result<(), IndexError> {
        self.wait(pieces)?;
        let write_out = |table: &&Keyspace| table.rotate_memtable().map(drop);
        self.tables().iter().try_for_each(write_out).map_err(|error| self.explain(error))
    }

    /// Waits until no table has more than so many pieces of memory that wait to be written, or many files to
    /// be merged.
    fn wait(&self, pieces: usize) -> Result<(), IndexError> {
        loop {
            let crowded = self.tables().into_iter().find(|table| table.l0_table_count() >= FILES);
            if crowded.is_none() && self.tables().iter().all(|table| table.sealed_memtable_count() <= pieces)
            {
                return Ok(());
            }
            // This is an error once the library has given up.
            self.db.persist(PersistMode::Buffer).map_err(|error| self.explain(error))?;
            if let Some(table) = crowded {
                // Who waits may as well help, and does not depend on the library's thinking of it.
                let strategy = table.config.compaction_strategy.clone();
                table.tree.compact(strategy, 0).map_err(|error| self.explain(error.into()))?;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Puts every table into as few files as it can be.
    pub(super) fn compact(&self) -> Result<(), IndexError> {
        self.write_out(1)?;
        self.wait(0)?;
        self.tables().iter().try_for_each(|table| table.major_compact()).map_err(|error| self.explain(error))
    }

    pub(super) fn get(&self, table: &Keyspace, key: &[u8]) -> Result<Option<Slice>, IndexError> {
        table.get(key).map_err(|error| self.explain(error))
    }

    /// What a scan has come to.
    pub(super) fn row(&self, row: Guard) -> Result<KvPair, IndexError> {
        row.into_inner().map_err(|error| self.explain(error))
    }

    /// Takes a row apart.
    pub(super) fn parsed<T>(&self, parsed: Option<T>, what: &str) -> Result<T, IndexError> {
        parsed.ok_or_else(|| self.damaged(format!("{what} is not as it was written")))
    }

    pub(super) fn postings(&self, key: Fingerprint) -> Result<Postings, IndexError> {
        match self.get(&self.keys, &key.to_bytes())? {
            Some(row) => self.parsed(Postings::parse(&row), "a row of a key"),
            None => Ok(Postings::default()),
        }
    }

    pub(super) fn count(&self, scope: u32, key: Fingerprint) -> Result<Option<Count>, IndexError> {
        let row = self.get(&self.counts, &Count::key(scope, key))?;
        row.map(|row| self.parsed(Count::parse(&row), "a count")).transpose()
    }

    /// The postings of a key that are not in its row, from the one of a document on.
    pub(super) fn more(
        &self,
        key: Fingerprint,
        from: u32,
    ) -> impl Iterator<Item = Result<Entry, IndexError>> + '_ {
        let range = Entry::more_key(key, from)..=Entry::more_key(key, u32::MAX);
        self.more.range(range).map(|row| {
            let (key, value) = self.row(row)?;
            self.parsed(Entry::parse_more(&key, &value), "a posting")
        })
    }

    /// The scopes whose names have the hash of this one.
    pub(super) fn scopes(&self, name: &str) -> Result<Vec<Scope>, IndexError> {
        let row = self.get(&self.names, &key_of_scope(name))?;
        row.map_or(Ok(Vec::new()), |row| self.parsed(parse_scopes(&row), "a row of a scope"))
    }

    /// The number of a scope, and how many documents it has.
    pub(super) fn scope(&self, name: &str) -> Result<Option<(u32, u32)>, IndexError> {
        let scopes = self.scopes(name)?;
        Ok(scopes.iter().find(|scope| scope.name == name).map(|scope| (scope.number, scope.documents)))
    }

    pub(super) fn damaged(&self, how: impl Into<String>) -> IndexError {
        damaged(&self.path, how)
    }

    fn explain(&self, error: fjall::Error) -> IndexError {
        explain(&self.path, error)
    }
}

/// What an error of the library means to those who use an index.
fn explain(path: &str, error: fjall::Error) -> IndexError {
    use std::io::ErrorKind::{InvalidData, UnexpectedEof};

    match error {
        fjall::Error::Io(source) | fjall::Error::Storage(fjall::LsmError::Io(source))
            if !matches!(source.kind(), InvalidData | UnexpectedEof) =>
        {
            IndexError::Io { what: path.to_owned(), source }
        }
        fjall::Error::Poisoned => IndexError::Broken { path: path.into() },
        fjall::Error::Locked => IndexError::InUse { path: path.into() },
        error => damaged(path, error.to_string()),
    }
}
