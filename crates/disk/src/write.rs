//! Insertion and removal of documents as changes of rows.
//!
//! A call is one batch. The changes of each key are collected first, so each row is read and
//! written once, in the order of the keys. The tables do not return rows of an unfinished batch, so
//! no row is read twice.

use std::collections::{BTreeMap, HashMap};

use super::engine::{Batch, Engine};
use super::rows::{
    Count, Entry, INLINE, Mark, Postings, Scope, key_of_id, key_of_scope, put_numbers, put_scopes,
};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::frame;
use crate::index::store::{OwnedRecord, Posting, Record};

/// A posting that comes or goes.
#[derive(Clone, Copy)]
struct Change {
    key: Fingerprint,
    comes: bool,
    entry: Entry,
}

/// A change of the tables that is not written yet.
pub(super) struct Plan<'a> {
    engine: &'a Engine,
    mark: Mark,
    batch: Batch,
    changes: Vec<Change>,
    /// By the key of the row.
    names: BTreeMap<[u8; 17], Vec<u32>>,
    scopes: BTreeMap<[u8; 17], Vec<Scope>>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(engine: &'a Engine, mark: Mark) -> Self {
        let mark = Mark { change: mark.change + 1, ..mark };
        let (changes, names, scopes) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        Self { engine, mark, batch: engine.batch(), changes, names, scopes }
    }

    /// Adds documents, each in the place of one with its name.
    pub(super) fn add(&mut self, records: &[Record<'_>]) -> Result<(), IndexError> {
        if u32::MAX - self.mark.next <= u32::try_from(records.len()).unwrap_or(u32::MAX) {
            return Err(IndexError::Full { limit: u64::from(u32::MAX - 1), of: "documents" });
        }
        let last: HashMap<&str, usize> =
            records.iter().enumerate().map(|(index, record)| (record.id, index)).collect();
        for (index, record) in records.iter().enumerate() {
            let number = self.mark.next;
            self.mark.next += 1;
            // One that is replaced within the call has had its number, and leaves nothing else.
            if last.get(record.id) == Some(&index) {
                self.remove(record.id)?;
                self.put(number, record)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, number: u32, record: &Record<'_>) -> Result<(), IndexError> {
        let mut row = Vec::new();
        frame::append(&mut row, number.into(), |bytes| frame::put_record(bytes, record));
        if u32::try_from(row.len()).is_err() {
            return Err(IndexError::Full { limit: u32::MAX.into(), of: "bytes of a document" });
        }
        self.batch.insert(&self.engine.documents, number.to_be_bytes(), row);
        self.names(record.id)?.push(number);
        let scope = self.count_in(record.scope)?;
        self.push(record.keys, number, scope, true);
        self.mark.alive += 1;
        Ok(())
    }

    /// Removes a document, and says whether it was there.
    pub(super) fn remove(&mut self, id: &str) -> Result<bool, IndexError> {
        let Some((number, stored)) = self.engine.find_document(id)? else { return Ok(false) };
        let OwnedRecord { scope, keys, .. } = stored;
        self.batch.remove(&self.engine.documents, number.to_be_bytes());
        self.names(id)?.retain(|other| *other != number);
        let scopes = self.scopes(&scope)?;
        let known = scopes.iter_mut().find(|other| other.name == scope && other.documents > 0);
        let Some(known) = known else { return Err(self.engine.damaged("a scope is missing")) };
        known.documents -= 1;
        let scope = known.number;
        self.push(&keys, number, scope, false);
        self.mark.alive = self.mark.alive.saturating_sub(1);
        Ok(true)
    }

    fn names(&mut self, id: &str) -> Result<&mut Vec<u32>, IndexError> {
        let key = key_of_id(id);
        if !self.names.contains_key(&key) {
            self.names.insert(key, self.engine.numbers(id)?);
        }
        Ok(self.names.entry(key).or_default())
    }

    fn scopes(&mut self, name: &str) -> Result<&mut Vec<Scope>, IndexError> {
        let key = key_of_scope(name);
        if !self.scopes.contains_key(&key) {
            self.scopes.insert(key, self.engine.scopes(name)?);
        }
        Ok(self.scopes.entry(key).or_default())
    }

    /// The number of a scope that has one document more.
    fn count_in(&mut self, name: &str) -> Result<u32, IndexError> {
        let next = self.mark.scopes;
        let scopes = self.scopes(name)?;
        if let Some(scope) = scopes.iter_mut().find(|scope| scope.name == name) {
            scope.documents += 1;
            return Ok(scope.number);
        }
        // There are no more scopes than documents, and those are counted.
        scopes.push(Scope { number: next, documents: 1, name: name.to_owned() });
        self.mark.scopes += 1;
        Ok(next)
    }

    /// Notes the first place of each key.
    fn push(&mut self, keys: &[Fingerprint], document: u32, scope: u32, comes: bool) {
        let mut places: Vec<(Fingerprint, u32)> = keys.iter().copied().zip(0..).collect();
        places.sort_unstable();
        places.dedup_by_key(|(key, _)| *key);
        self.changes.extend(places.into_iter().map(|(key, place)| {
            let entry = Entry { posting: Posting { document, place }, scope };
            Change { key, comes, entry }
        }));
    }

    /// The rows that change, and how far the tables are with them.
    pub(super) fn finish(mut self) -> Result<(Batch, Mark), IndexError> {
        let mut changes = std::mem::take(&mut self.changes);
        changes.sort_unstable_by_key(|change| (change.key, change.comes, change.entry.posting.document));
        for changes in changes.chunk_by(|one, other| one.key == other.key) {
            let Some(Change { key, .. }) = changes.first() else { continue };
            Row::read(self.engine, *key, changes)?.write(&mut self.batch);
        }
        for (key, numbers) in &self.names {
            if numbers.is_empty() {
                self.batch.remove(&self.engine.names, *key);
            } else {
                self.batch.insert(&self.engine.names, *key, put_numbers(numbers));
            }
        }
        for (key, scopes) in &self.scopes {
            self.batch.insert(&self.engine.names, *key, put_scopes(scopes));
        }
        Ok((self.batch, self.mark))
    }
}

/// All that is known of one key, as far as it changes.
struct Row<'a> {
    engine: &'a Engine,
    key: Fingerprint,
    postings: Postings,
    /// Rows of `more` that come, and that go.
    more: BTreeMap<u32, Option<Entry>>,
    /// Counts that were read or made, by scope. Without documents, there is to be no row.
    counts: BTreeMap<u32, Option<Count>>,
}

impl<'a> Row<'a> {
    /// Reads what is known and makes the changes: first those that go, then those that come.
    fn read(engine: &'a Engine, key: Fingerprint, changes: &[Change]) -> Result<Self, IndexError> {
        let postings = engine.postings(key)?;
        let (more, counts) = (BTreeMap::new(), BTreeMap::new());
        let mut row = Self { engine, key, postings, more, counts };
        let room = INLINE.saturating_sub(row.postings.first.len());
        if row.postings.has_more() || changes.len() > room {
            row.change_many(changes)?;
        } else {
            row.change_few(changes)?;
        }
        Ok(row)
    }

    /// Changes a key all postings of which are and stay in its row.
    fn change_few(&mut self, changes: &[Change]) -> Result<(), IndexError> {
        for change in changes {
            if change.comes {
                self.postings.first.push(change.entry);
            } else {
                self.take_first(change.entry)?;
            }
        }
        self.postings.all = u32::try_from(self.postings.first.len()).unwrap_or(u32::MAX);
        for change in changes {
            let scope = change.entry.scope;
            let count = self.postings.count(scope).filter(|count| count.documents > 1);
            // Who comes alone had no row, and gets none.
            if count.is_some() || !change.comes {
                self.counts.insert(scope, count);
            }
        }
        Ok(())
    }

    /// Changes any key, one posting after the other.
    fn change_many(&mut self, changes: &[Change]) -> Result<(), IndexError> {
        if !self.postings.has_more() {
            for entry in &self.postings.first {
                self.counts.insert(entry.scope, self.postings.count(entry.scope));
            }
        }
        for change in changes {
            let entry = change.entry;
            if change.comes { self.come(entry)? } else { self.go(entry)? }
        }
        Ok(())
    }

    fn come(&mut self, entry: Entry) -> Result<(), IndexError> {
        if self.postings.has_more() || self.postings.first.len() >= INLINE {
            self.more.insert(entry.posting.document, Some(entry));
        } else {
            self.postings.first.push(entry);
        }
        // No more than there are documents.
        self.postings.all += 1;
        let count = self.count(entry.scope)?;
        let count = count.get_or_insert(Count { documents: 0, first: entry.posting });
        count.documents += 1;
        Ok(())
    }

    fn go(&mut self, entry: Entry) -> Result<(), IndexError> {
        let engine = self.engine;
        let document = entry.posting.document;
        self.postings.all = self.postings.all.saturating_sub(1);
        if self.postings.first.last().is_some_and(|last| document <= last.posting.document) {
            self.take_first(entry)?;
            if self.postings.has_more() {
                let next = self.next_in_more(0, |_| true)?;
                let next = next.ok_or_else(|| engine.damaged("a posting is missing"))?;
                self.more.insert(next.posting.document, None);
                self.postings.first.push(next);
            }
        } else {
            self.more.insert(document, None);
        }
        let count = self.count(entry.scope)?;
        let known = count.as_mut().ok_or_else(|| engine.damaged("a count is missing"))?;
        known.documents = known.documents.saturating_sub(1);
        if known.documents == 0 {
            *count = None;
        } else if known.first.document == document {
            let of_scope = |other: &Entry| other.scope == entry.scope;
            let first = match self.postings.first.iter().copied().find(of_scope) {
                Some(first) => Some(first),
                None => self.next_in_more(document, of_scope)?,
            };
            let first = first.ok_or_else(|| engine.damaged("a posting is missing"))?.posting;
            if let Some(known) = self.count(entry.scope)? {
                known.first = first;
            }
        }
        Ok(())
    }

    /// Takes a posting out of those in the row.
    fn take_first(&mut self, entry: Entry) -> Result<(), IndexError> {
        let at = self.postings.first.iter().position(|other| *other == entry);
        let at = at.ok_or_else(|| self.engine.damaged("a posting is missing"))?;
        self.postings.first.remove(at);
        Ok(())
    }

    fn count(&mut self, scope: u32) -> Result<&mut Option<Count>, IndexError> {
        if !self.counts.contains_key(&scope) {
            self.counts.insert(scope, self.engine.count(scope, self.key)?);
        }
        Ok(self.counts.entry(scope).or_default())
    }

    /// The first of the postings that are not in the row, and not of a document before `least`, which is as
    /// asked for.
    fn next_in_more(
        &self,
        least: u32,
        is_asked: impl Fn(&Entry) -> bool,
    ) -> Result<Option<Entry>, IndexError> {
        let last = self.postings.first.last();
        let from = last.map_or(0, |last| last.posting.document.saturating_add(1)).max(least);
        let changed = self.more.values().flatten().copied().find(&is_asked);
        for entry in self.engine.more(self.key, from) {
            let entry = entry?;
            if !self.more.contains_key(&entry.posting.document) && is_asked(&entry) {
                let earlier = changed.filter(|other| other.posting < entry.posting);
                return Ok(earlier.or(Some(entry)));
            }
        }
        Ok(changed)
    }

    fn write(self, batch: &mut Batch) {
        let key = self.key.to_bytes();
        if self.postings.first.is_empty() {
            batch.remove(&self.engine.keys, key);
        } else {
            batch.insert(&self.engine.keys, key, self.postings.to_bytes());
        }
        for (document, entry) in self.more {
            let key = Entry::more_key(self.key, document);
            match entry {
                Some(entry) => batch.insert(&self.engine.more, key, entry.more_value()),
                None => batch.remove(&self.engine.more, key),
            }
        }
        for (scope, count) in self.counts {
            let key = Count::key(scope, self.key);
            match count {
                Some(count) => batch.insert(&self.engine.counts, key, count.to_bytes()),
                None => batch.remove(&self.engine.counts, key),
            }
        }
    }
}
