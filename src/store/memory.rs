//! The store in memory.

mod chunks;
mod documents;
mod postings;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use documents::Documents;
use postings::Place;
use table::{Known, Table};

use super::{
    Answer, Change, DocumentView, FrequentKey, KeyCounts, Planning, Posting, Query, Record, Store, View,
    Visit,
};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::id::id as number;
use crate::work;

/// The number of keys that are looked up together.
const BATCH: usize = 64;

/// The numbers of occurrences of removed documents, and of removed documents, up to which a rebuild
/// is not worthwhile.
const FEW: (usize, usize) = (1 << 16, 1 << 12);

/// The maximum number of occurrences, which have 31 bits, and of documents.
const OCCURRENCES: usize = (1 << 31) - 1;
const DOCUMENTS: u32 = u32::MAX - 1;

/// A store in memory.
///
/// # Memory
///
/// If documents have 50 segments, a segment that no other document has takes about 42 bytes, of
/// which about 4 are its share of the memory of the document. If each segment is in two documents,
/// each occurrence takes about 39 bytes, and about 26 bytes if each is in four. A document takes
/// about 190 bytes and the bytes of its id.
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

// A thread panics under the lock only in a callback, which cannot change the documents, or if
// memory runs out. So a poisoned lock is as good as another one.
impl Store for Memory {
    fn read(&self, read: &mut dyn FnMut(&dyn View) -> Result<(), IndexError>) -> Result<(), IndexError> {
        read(&*self.state.read().unwrap_or_else(PoisonError::into_inner))
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

/// Documents, and a table from keys to the documents that have them.
#[derive(Debug, Clone, Default)]
struct State {
    documents: Documents,
    table: Table,
}

impl State {
    /// Makes a change, or returns an error without making a part of it.
    fn apply(&mut self, change: &Change<'_>) -> Result<(), IndexError> {
        self.check_room(&change.add)?;
        for id in &change.remove {
            self.remove(id);
        }
        for record in &change.add {
            self.remove(record.id);
            self.add(record);
        }
        Ok(())
    }

    /// Checks that the records can be numbered, and rebuilds the store if they need the room of
    /// documents that were removed.
    fn check_room(&mut self, records: &[Record<'_>]) -> Result<(), IndexError> {
        let keys: usize = records.iter().map(|record| record.keys.len()).sum();
        let used = self.documents.entries.len();
        let full = |limit: usize, of| Err(IndexError::Full { limit: limit as u64, of });
        if used - self.documents.dead + keys > OCCURRENCES {
            return full(OCCURRENCES, "segments in memory");
        }
        if ((DOCUMENTS - self.documents.next) as usize) < records.len() {
            return full(DOCUMENTS as usize, "documents, including those that were replaced");
        }
        if used + keys > OCCURRENCES {
            self.rebuild();
        }
        Ok(())
    }

    fn add(&mut self, record: &Record<'_>) {
        let Self { documents, table } = self;
        let (first, scope) = documents.push(record.id, record.scope, record.keys.len(), record.payload);
        let mut occurrence = first;
        for keys in record.keys.chunks(BATCH) {
            let found = lookup(table, keys);
            for (key, (hash, entry)) in keys.iter().zip(found) {
                // An entry is never moved, but the key may have got one since: from this document.
                let entry = entry.or_else(|| table.entry(*key, hash));
                let entry = entry.unwrap_or_else(|| table.insert(*key, hash));
                table.add(entry, Place { occurrence, scope }, first, |other| documents.of(other).scope);
                documents.entries.push(entry);
                occurrence += 1;
            }
        }
    }

    /// Removes the document with an id, if there is one.
    fn remove(&mut self, id: &str) {
        let Some((occurrences, scope)) = self.documents.remove(id) else { return };
        for occurrence in occurrences.clone() {
            let entry = self.documents.entries[occurrence as usize];
            self.table.remove(entry, occurrences.clone(), scope);
        }
        let (dead, live) = (self.documents.dead, self.documents.len());
        let removed = self.documents.list.len() - live;
        let is_mostly_dead = dead > FEW.0 && dead * 2 > self.documents.entries.len();
        if is_mostly_dead || removed > FEW.1 && removed > live {
            self.rebuild();
        }
    }

    /// Releases the memory of removed documents. All numbers of documents stay the same.
    fn rebuild(&mut self) {
        let mut new = Self { documents: self.documents.with_scopes(), ..Self::default() };
        for document in &self.documents.list {
            let Some(id) = &document.id else { continue };
            let keys: Vec<Fingerprint> = document.occurrences().map(|at| self.key(at)).collect();
            let scope = &self.documents.scopes[document.scope as usize].name;
            new.documents.next = document.number;
            new.add(&Record { id, scope, keys: &keys, payload: &document.payload });
        }
        new.documents.next = self.documents.next;
        *self = new;
    }

    #[inline]
    fn key(&self, occurrence: u32) -> Fingerprint {
        work::count(1);
        self.table.key(self.documents.entries[occurrence as usize])
    }

    fn posting(&self, occurrence: u32) -> Posting {
        let document = self.documents.of(occurrence);
        Posting { document: document.number, place: occurrence - document.occurrences().start }
    }
}

/// Returns the hashes and entries of at most [`BATCH`] keys. None of the lookups waits for another,
/// so their cache misses overlap.
fn lookup(table: &Table, keys: &[Fingerprint]) -> [(u64, Option<u32>); BATCH] {
    let mut found = [(0, None); BATCH];
    for (found, key) in found.iter_mut().zip(keys) {
        let hash = table.hash.of(*key);
        *found = (hash, table.entry(*key, hash));
    }
    found
}

impl View for State {
    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError> {
        let scope = self.documents.scope_number(query.scope);
        let in_scope = self.scope_documents(query.scope)?;
        let except = query.except.and_then(|id| self.documents.with_id(id));
        let is_in_scope = except.is_some_and(|except| Some(except.scope) == scope);
        let mut answer = Answer::new(in_scope - u32::from(is_in_scope), query.keys.len());
        let except = except.map_or(0..0, |except| except.occurrences());
        let limit = query.limit as usize;
        for keys in query.keys.chunks(BATCH) {
            for (_, entry) in &lookup(&self.table, keys)[..keys.len()] {
                match (*entry).map_or(Known::Few(&[]), |entry| self.table.known(entry)) {
                    Known::Few(occurrences) => {
                        let listed = || occurrences.iter().copied().filter(|at| !except.contains(at));
                        let of_scope = |at: &u32| Some(self.documents.of(*at).scope) == scope;
                        let counts = KeyCounts {
                            documents: number(listed().count()),
                            in_scope: scope.map_or(0, |_| number(listed().filter(of_scope).count())),
                        };
                        answer.push(counts, listed().take(limit).map(|at| self.posting(at)));
                    }
                    Known::Many(many) => {
                        let excluded = many.first_in(except.clone()).is_some();
                        let counts = KeyCounts {
                            documents: number(many.len()) - u32::from(excluded),
                            in_scope: scope.map_or(0, |scope| many.in_scope(scope))
                                - u32::from(excluded && is_in_scope),
                        };
                        let listed = many.iter().filter(|at| !except.contains(at));
                        answer.push(counts, listed.take(limit).map(|at| self.posting(at)));
                    }
                }
            }
        }
        Ok(answer)
    }

    fn document(&self, number: u32, with: Visit<'_>) -> Result<bool, IndexError> {
        let Some(document) = self.documents.with_number(number) else { return Ok(false) };
        let occurrences = document.occurrences();
        with(&DocumentView {
            id: document.id.as_deref().unwrap_or_default(),
            scope: &self.documents.scopes[document.scope as usize].name,
            len: occurrences.len(),
            key_at: &|place| self.key(occurrences.start + self::number(place)),
            payload: &document.payload,
        })?;
        Ok(true)
    }

    fn number(&self, id: &str) -> Result<Option<u32>, IndexError> {
        Ok(self.documents.with_id(id).map(|document| document.number))
    }

    fn next_document(&self, from: u32, scope: Option<&str>) -> Result<Option<u32>, IndexError> {
        Ok(self.documents.next_number(from, scope))
    }

    fn len(&self) -> u64 {
        self.documents.len() as u64
    }

    fn scope(&self, index: u32) -> Result<Option<(String, u32)>, IndexError> {
        Ok(self.documents.scope(index).map(|(name, documents)| (name.to_owned(), documents)))
    }

    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError> {
        let scope = self.documents.scope_number(scope).and_then(|scope| self.documents.scope(scope));
        Ok(scope.map_or(0, |(_, documents)| documents))
    }

    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<FrequentKey>, IndexError> {
        let Some(scope) = self.documents.scope_number(scope) else { return Ok(Vec::new()) };
        // For each entry: the number of documents of the scope, the place of the last of them, and
        // the first posting.
        let mut counts: HashMap<u32, (u32, u32, Posting)> = HashMap::new();
        for place in &self.documents.scopes[scope as usize].documents {
            let document = &self.documents.list[*place as usize];
            for (at, occurrence) in (0..).zip(document.occurrences()) {
                work::count(1);
                let entry = self.documents.entries[occurrence as usize];
                if self.table.is_shared(entry) {
                    let first = Posting { document: document.number, place: at };
                    let count = counts.entry(entry).or_insert((0, u32::MAX, first));
                    if count.1 != *place {
                        (count.0, count.1) = (count.0 + 1, *place);
                    }
                }
            }
        }
        let least = documents.max(2);
        let frequent = counts.into_iter().filter(|(_, (documents, ..))| *documents >= least);
        let key =
            |(entry, (documents, _, first))| FrequentKey { key: self.table.key(entry), documents, first };
        let mut frequent: Vec<FrequentKey> = frequent.map(key).collect();
        frequent.sort_unstable();
        Ok(frequent)
    }
}
