//! The store in memory.

mod chunks;
mod documents;
mod lists;
mod shard;
mod sorted;
mod state;
#[cfg(test)]
mod tests;

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) use state::State;

use super::store::{Answer, DocumentView, FrequentKey, OwnedRecord, Query, Record, Store};
use crate::error::IndexError;

/// Keeps everything in memory. A segment that no other document has takes some 36 bytes, names of documents
/// included; each further document that has it, some 20 more up to the fourth, and some 12 from there on. A
/// document takes about 170 bytes and its name.
///
/// One lock is around all of it: any number of threads read at a time, or one writes. A writer with many
/// documents at once spreads them over threads if the feature `rayon` is on.
///
/// It holds 2³¹ − 1 segments. 2³² − 2 documents can be learnt, those that were replaced or forgotten
/// among them; these take no room for long.
#[derive(Debug, Default)]
pub struct Memory {
    state: RwLock<State>,
}

impl Memory {
    /// How many bytes it takes from the allocator, tables and their spare room included.
    ///
    /// # Complexity
    ///
    /// O(n) for n documents and segments that repeat.
    pub fn bytes(&self) -> usize {
        self.read().bytes()
    }

    /// How many different keys its documents have.
    pub fn distinct(&self) -> usize {
        self.read().distinct()
    }

    // A thread that panicked while it held the lock did so in memory allocation at most: there is nothing to
    // be told.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        self.write().add(records)
    }

    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError> {
        Ok(self.read().find(query))
    }

    fn find_and_add(&self, record: &Record<'_>) -> Result<Answer, IndexError> {
        self.write().find_and_add(record)
    }

    fn document(&self, number: u32) -> Result<Option<OwnedRecord>, IndexError> {
        Ok(self.read().document(number))
    }

    fn visit(&self, number: u32, with: &mut dyn FnMut(&DocumentView<'_>)) -> Result<bool, IndexError> {
        Ok(self.read().visit(number, with))
    }

    fn number(&self, id: &str) -> Result<Option<u32>, IndexError> {
        Ok(self.read().number(id))
    }

    fn next_number(&self) -> u32 {
        self.read().next_number()
    }

    fn len(&self) -> u64 {
        self.read().len() as u64
    }

    fn remove(&self, id: &str) -> Result<bool, IndexError> {
        Ok(self.write().remove(id))
    }

    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError> {
        Ok(self.read().scope_documents(scope))
    }

    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<FrequentKey>, IndexError> {
        let mut all = self.read().frequent(scope, documents);
        all.sort_unstable();
        Ok(all)
    }

    fn sync(&self) -> Result<(), IndexError> {
        Ok(())
    }
}
