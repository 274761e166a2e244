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

/// A store in memory.
///
/// # Memory
///
/// A segment that no other document has takes about 36 bytes, with its share of the ids of
/// documents. Each other document that has the segment takes about 20 bytes more up to the fourth
/// document, and about 12 bytes more after it. So the mean of all inserted segments is 36 bytes if
/// none repeat, 28 if each is in two documents, and 24 if each is in four. A document takes about
/// 170 bytes and the bytes of its id.
///
/// # Threads
///
/// One read-write lock guards the store: many threads can query it at a time, or one can change it.
/// With the feature `rayon`, [`Index::insert_all`](super::Index::insert_all) spreads the work over
/// threads.
///
/// # Limits
///
/// The store has at most 2³¹ − 1 segments. At most 2³² − 2 documents can be inserted, including
/// those that were replaced or removed, whose memory is reused.
#[derive(Debug, Default)]
pub struct Memory {
    state: RwLock<State>,
}

impl Memory {
    /// Returns the number of bytes that the store has allocated, with the spare room of its tables.
    ///
    /// # Complexity
    ///
    /// O(n) for n documents and segments that several documents have.
    pub fn bytes(&self) -> usize {
        self.read().bytes()
    }

    /// Returns the number of distinct segments; in an [`LshIndex`](crate::near::LshIndex), of
    /// distinct keys.
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
