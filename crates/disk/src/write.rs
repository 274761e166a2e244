//! Changes of documents as changes of rows.
//!
//! The changes of each key are collected first, so each row is read and written once, in the order
//! of the keys. The engine does not return rows of an unfinished batch, and the order of two writes
//! to a row in one batch is undefined.

use std::collections::{BTreeMap, BTreeSet, HashMap, hash_map};

use refrain::Fingerprint;
use refrain::error::IndexError;
use refrain::index::store::{Change, Posting, Record};

use crate::engine::Batch;
use crate::read::Reader;
use crate::rows::{
    Count, Entry, INLINE, Mark, Postings, Table, member_key, put_numbers, put_scope, scope_key, seal,
};

/// The rows that a change writes.
struct Plan<'a> {
    reader: &'a Reader<'a>,
    mark: Mark,
    batch: Batch<'a>,
    /// The postings that are removed (`false`) or added.
    steps: Vec<(Fingerprint, bool, Entry)>,
    /// The number of each scope that occurs, and the number of its documents.
    scopes: HashMap<String, (u32, u32)>,
}

/// Returns the rows of a change, and the mark after it.
pub(crate) fn plan<'a>(reader: &'a Reader<'a>, change: &Change<'_>) -> Result<(Batch<'a>, Mark), IndexError> {
    let mark = Mark { change: reader.mark.change + 1, ..reader.mark };
    let (batch, steps, scopes) = (reader.engine.batch(), Vec::new(), HashMap::new());
    let mut plan = Plan { reader, mark, batch, steps, scopes };
    let last: HashMap<&str, usize> = change.add.iter().map(|record| record.id).zip(0..).collect();
    let removed = change.remove.iter().map(String::as_str);
    for id in removed.chain(last.keys().copied()).collect::<BTreeSet<_>>() {
        plan.remove(id, last.contains_key(id))?;
    }
    for (index, record) in change.add.iter().enumerate() {
        plan.add(record, last.get(record.id) == Some(&index))?;
    }
    // Removals of a key come first.
    plan.steps.sort_unstable_by_key(|(key, is_added, entry)| (*key, *is_added, entry.posting));
    for steps in plan.steps.chunk_by(|(a, ..), (b, ..)| a == b) {
        let key = steps[0].0;
        let before = reader.postings(key)?;
        let (after, more, scopes) = (before.clone(), BTreeMap::new(), BTreeMap::new());
        let mut row = Row { reader, key, before, after, more, scopes };
        for (_, is_added, entry) in steps {
            if *is_added { row.add(*entry)? } else { row.remove(*entry)? }
        }
        row.write(&mut plan.batch)?;
    }
    for (name, (scope, documents)) in &plan.scopes {
        plan.batch.put(Table::Names, &reader.hash(b's', name), put_numbers(&[*scope]));
        plan.batch.put(Table::Names, &scope_key(*scope), put_scope(*documents, name));
    }
    Ok((plan.batch, plan.mark))
}

impl Plan<'_> {
    /// Adds a document. One that the same change replaces only uses up a number.
    fn add(&mut self, record: &Record<'_>, is_kept: bool) -> Result<(), IndexError> {
        let document = self.mark.next;
        self.mark.next = document.checked_add(1).filter(|next| *next < u32::MAX).ok_or(IndexError::Full {
            limit: u64::from(u32::MAX - 1),
            of: "documents, including those that were replaced",
        })?;
        let reader = self.reader;
        let (scope, documents) = self.scope(record.scope)?;
        let scope = *scope;
        if !is_kept {
            return Ok(());
        }
        *documents = reader.decoded(documents.checked_add(1), "the row of a scope")?;
        let row = seal(document.into(), |bytes| record.encode(bytes));
        if u32::try_from(row.len()).is_err() {
            return Err(IndexError::Full { limit: u32::MAX.into(), of: "bytes of a document" });
        }
        self.batch.put(Table::Documents, &document.to_be_bytes(), row);
        self.batch.put(Table::Names, &self.reader.hash(b'd', record.id), put_numbers(&[document]));
        self.batch.put(Table::Names, &member_key(scope, document), Vec::new());
        self.mark.documents += 1;
        self.add_steps(record.keys, document, scope, true);
        Ok(())
    }

    /// Removes the document that had this id before the change, if there was one.
    fn remove(&mut self, id: &str, is_replaced: bool) -> Result<(), IndexError> {
        let Some((document, stored)) = self.reader.with_id(id)? else { return Ok(()) };
        let reader = self.reader;
        let (scope, documents) = self.scope(&stored.scope)?;
        *documents = reader.decoded(documents.checked_sub(1), "the row of a scope")?;
        let scope = *scope;
        self.batch.delete(Table::Documents, &document.to_be_bytes());
        if !is_replaced {
            self.batch.delete(Table::Names, &reader.hash(b'd', id));
        }
        self.batch.delete(Table::Names, &member_key(scope, document));
        self.mark.documents = reader.decoded(self.mark.documents.checked_sub(1), "the mark")?;
        self.add_steps(&stored.keys, document, scope, false);
        Ok(())
    }

    /// Returns the number of a scope, which is created if needed, and the number of its documents.
    fn scope(&mut self, name: &str) -> Result<&mut (u32, u32), IndexError> {
        Ok(match self.scopes.entry(name.to_owned()) {
            hash_map::Entry::Occupied(scope) => scope.into_mut(),
            hash_map::Entry::Vacant(scope) => {
                let known = self.reader.scope_named(name)?;
                let new = (self.mark.scopes, 0);
                // A scope is created by a document, and the number of documents is checked.
                self.mark.scopes += u32::from(known.is_none());
                scope.insert(known.unwrap_or(new))
            }
        })
    }

    /// Adds a step for the first occurrence of each key.
    fn add_steps(&mut self, keys: &[Fingerprint], document: u32, scope: u32, is_added: bool) {
        self.steps.extend(places(keys).into_iter().map(|(key, place)| {
            let posting = Posting { document, place };
            (key, is_added, Entry { posting, scope })
        }));
    }
}

/// Returns each key with its first place, sorted.
pub(crate) fn places(keys: &[Fingerprint]) -> Vec<(Fingerprint, u32)> {
    let mut places: Vec<(Fingerprint, u32)> = keys.iter().copied().zip(0..).collect();
    places.sort_unstable();
    places.dedup_by_key(|(key, _)| *key);
    places
}

/// The rows of one key, before and after the change.
struct Row<'a> {
    reader: &'a Reader<'a>,
    key: Fingerprint,
    before: Postings,
    after: Postings,
    /// The rows of `more` that are written, or deleted.
    more: BTreeMap<u32, Option<Entry>>,
    /// For each scope whose count may change, the numbers of removed and of added postings.
    scopes: BTreeMap<u32, [u32; 2]>,
}

impl Row<'_> {
    fn add(&mut self, entry: Entry) -> Result<(), IndexError> {
        let Self { reader, after, more, scopes, .. } = self;
        if after.inline.len() == INLINE {
            (after.in_more, after.first) = (after.len(), after.inline[0].posting.document);
            for moved in after.inline.drain(..) {
                more.insert(moved.posting.document, Some(moved));
                // All scopes get their rows in `counts`.
                scopes.entry(moved.scope).or_default();
            }
        }
        if after.in_more > 0 {
            after.in_more = reader.decoded(after.in_more.checked_add(1), "the row of a key")?;
            more.insert(entry.posting.document, Some(entry));
        } else {
            after.inline.push(entry);
        }
        scopes.entry(entry.scope).or_default()[1] += 1;
        Ok(())
    }

    fn remove(&mut self, entry: Entry) -> Result<(), IndexError> {
        if self.after.in_more > 0 {
            self.after.in_more -= 1;
            self.more.insert(entry.posting.document, None);
        } else {
            let at = self.after.inline.iter().position(|other| *other == entry);
            self.after.inline.remove(self.reader.decoded(at, "the row of a key")?);
        }
        self.scopes.entry(entry.scope).or_default()[0] += 1;
        Ok(())
    }

    /// Returns the first posting in `more` after the change, of a scope if one is given. Stored
    /// rows are read from the document `from` on, and precede those that are added.
    fn first(&self, from: Option<u32>, scope: Option<u32>) -> Result<Posting, IndexError> {
        let stored = from.map(|from| self.reader.more(self.key, from)).into_iter().flatten();
        let is_changed = |entry: &Entry| self.more.contains_key(&entry.posting.document);
        let stored = stored.filter(|row| !row.as_ref().is_ok_and(is_changed));
        let mut all = stored.chain(self.more.values().flatten().copied().map(Ok));
        let is_other = |entry: &Entry| scope.is_some_and(|scope| entry.scope != scope);
        let first = all.find(|row| !row.as_ref().is_ok_and(is_other));
        Ok(self.reader.decoded(first, "a posting")??.posting)
    }

    fn write(mut self, batch: &mut Batch<'_>) -> Result<(), IndexError> {
        let (reader, was_moved, is_moved) = (self.reader, self.before.in_more > 0, self.after.in_more > 0);
        let is_in_more = |document| self.more.get(&document).map_or(was_moved, Option::is_some);
        if is_moved && !is_in_more(self.after.first) {
            self.after.first = self.first(Some(self.after.first), None)?.document;
        }
        for (scope, [removed, added]) in &self.scopes {
            let before = reader.count(&self.before, *scope, self.key)?;
            let left = before.map_or(0, |count| count.documents).checked_sub(*removed);
            let left = reader.decoded(left, "a count")?;
            let documents = reader.decoded(left.checked_add(*added), "a count")?;
            let after = match before {
                _ if !is_moved => self.after.count(*scope),
                _ if documents == 0 => None,
                Some(Count { first, .. }) if is_in_more(first.document) => Some(Count { documents, first }),
                _ => {
                    let stored = before.filter(|_| was_moved && left > 0);
                    let first = self.first(stored.map(|count| count.first.document), Some(*scope))?;
                    Some(Count { documents, first })
                }
            };
            let key = Count::key(*scope, self.key);
            let before = before.filter(|count| was_moved || count.documents > 1);
            match after.filter(|count| is_moved || count.documents > 1) {
                Some(count) if before != Some(count) => batch.put(Table::Counts, &key, count.to_bytes()),
                None if before.is_some() => batch.delete(Table::Counts, &key),
                _ => {}
            }
        }
        let key = self.key.to_bytes();
        match self.after.len() {
            0 => batch.delete(Table::Keys, &key),
            _ => batch.put(Table::Keys, &key, self.after.to_bytes()),
        }
        for (document, entry) in self.more {
            let key = Entry::more_key(self.key, document);
            match entry {
                Some(entry) => batch.put(Table::More, &key, entry.to_bytes()),
                None => batch.delete(Table::More, &key),
            }
        }
        Ok(())
    }
}
