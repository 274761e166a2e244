//! The store in memory.

mod chunks;
mod documents;
mod postings;
mod state;
mod table;
#[cfg(test)]
mod tests;

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use state::State;

use super::{Planning, Store, View};
use crate::error::IndexError;

/// A store in memory.
///
/// # Memory
///
/// If documents have 50 segments, a segment that no other document has takes about 42 bytes, of
/// which about 4 are its share of the memory of the document. If each segment is in two documents,
/// each occurrence takes about 39 bytes, and about 26 bytes if each is in four. A document takes
/// about 190 bytes and the bytes of its id.
///
/// # Threads
///
/// One read-write lock guards the store: many threads can query it at a time, or one can change it.
///
/// # Limits
///
/// The store has at most 2³¹ − 1 segments, counted in each document that has them; in an
/// [`LshIndex`](crate::near::LshIndex), as many keys, of which a text has one for each band and,
/// with a containment threshold, one for each sampled shingle. At most 2³² − 2 documents can be
/// inserted, including those that were replaced or removed, whose memory is reused. Above these
/// limits, an insertion returns [`IndexError::Full`](crate::error::IndexError::Full). The names of
/// scopes are kept, even of scopes without documents.
#[derive(Debug, Default)]
pub struct Memory {
    state: RwLock<State>,
}

impl Memory {
    // A thread panics under the lock only in a callback, which cannot change the documents, or if
    // memory runs out. So a poisoned lock is as good as another one.
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn read(&self, read: &mut dyn FnMut(&dyn View) -> Result<(), IndexError>) -> Result<(), IndexError> {
        read(&*self.state())
    }

    fn write(&self, plan: Planning<'_, '_>) -> Result<(), IndexError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let change = plan(&*state)?;
        state.apply(&change)
    }

    fn sync(&self) -> Result<(), IndexError> {
        Ok(())
    }
}
