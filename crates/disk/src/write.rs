//! Changes of documents as changes of rows.
//!
//! The changes of each key are collected first, so each row is read and written once, in the order
//! of the keys. The engine does not return rows of an unfinished batch, so no row is read twice.

use std::collections::{BTreeMap, BTreeSet, HashMap, btree_map, hash_map};

use refrain::error::IndexError;
use refrain::Fingerprint;
use refrain::index::store::{Change, Posting, Record};

use crate::engine::Batch;
use crate::read::Reader;
use crate::rows::{
    Count, Entry, INLINE, Mark, Postings, Table, id_key, member_key, name_key, put_numbers, put_scope,
    scope_key, seal,
};

/// A posting that is added or removed.
#[derive(Clone, Copy)]
struct Step {
    key: Fingerprint,
    is_added: bool,
    entry: Entry,
}

/// Rows of numbers in `names`, by key.
struct Numbers<'a> {
    reader: &'a Reader<'a>,
    rows: BTreeMap<Vec<u8>, Vec<u32>>,
}

impl Numbers<'_> {
    fn row(&mut self, key: Vec<u8>) -> Result<&mut Vec<u32>, IndexError> {
        Ok(match self.rows.entry(key) {
            btree_map::Entry::Occupied(row) => row.into_mut(),
            btree_map::Entry::Vacant(row) => {
                let numbers = self.reader.numbers(row.key())?;
                row.insert(numbers)
            }
        })
    }
}

/// The rows that a change writes.
struct Plan<'a> {
    reader: &'a Reader<'a>,
    mark: Mark,
    batch: Batch<'a>,
    steps: Vec<Step>,
    numbers: Numbers<'a>,
    /// The number of each scope that occurs, and the number of its documents.
    scopes: HashMap<String, (u32, u32)>,
}

/// Returns the rows of a change, and the mark after it.
pub(crate) fn plan<'a>(
    reader: &'a Reader<'a>,
    change: &Change<'_>,
) -> Result<(Batch<'a>, Mark), IndexError> {
    let mark = Mark { change: reader.mark.change + 1, ..reader.mark };
    let (batch, steps, scopes) = (reader.engine.batch(), Vec::new(), HashMap::new());
    let numbers = Numbers { reader, rows: BTreeMap::new() };
    let mut plan = Plan { reader, mark, batch, steps, numbers, scopes };
    let last: HashMap<&str, usize> = change.add.iter().map(|record| record.id).zip(0..).collect();
    let removed: BTreeSet<&str> =
        change.remove.iter().map(String::as_str).chain(last.keys().copied()).collect();
    for id in removed {
        plan.remove(id)?;
    }
    for (index, record) in change.add.iter().enumerate() {
        plan.add(record, last.get(record.id) == Some(&index))?;
    }
    plan.finish()
}

impl<'a> Plan<'a> {
    /// Adds a document. One that the same change replaces only uses up a number.
    fn add(&mut self, record: &Record<'_>, is_kept: bool) -> Result<(), IndexError> {
        let document = self.mark.next;
        self.mark.next = document.checked_add(1).filter(|next| *next < u32::MAX).ok_or(IndexError::Full {
            limit: u64::from(u32::MAX - 1),
            of: "documents, including those that were replaced",
        })?;
        let (scope, documents) = self.scope(record.scope)?;
        let scope = *scope;
        if !is_kept {
            return Ok(());
        }
        *documents += 1;
        let row = seal(document.into(), |bytes| record.encode(bytes));
        if u32::try_from(row.len()).is_err() {
            return Err(IndexError::Full { limit: u32::MAX.into(), of: "bytes of a document" });
        }
        self.batch.put(Table::Documents, &document.to_be_bytes(), row);
        self.batch.put(Table::Names, &member_key(scope, document), Vec::new());
        self.numbers.row(id_key(record.id))?.push(document);
        self.add_steps(record.keys, document, scope, true);
        self.mark.documents += 1;
        Ok(())
    }

    /// Removes the document that had this id before the change, if there was one.
    fn remove(&mut self, id: &str) -> Result<(), IndexError> {
        let Some((document, stored)) = self.reader.with_id(id)? else { return Ok(()) };
        let reader = self.reader;
        let (scope, documents) = self.scope(&stored.scope)?;
        *documents = reader.decoded(documents.checked_sub(1), "the row of a scope")?;
        let scope = *scope;
        self.batch.delete(Table::Documents, &document.to_be_bytes());
        self.batch.delete(Table::Names, &member_key(scope, document));
        self.numbers.row(id_key(id))?.retain(|other| *other != document);
        self.add_steps(&stored.keys, document, scope, false);
        self.mark.documents = reader.decoded(self.mark.documents.checked_sub(1), "the mark")?;
        Ok(())
    }

    /// Returns the number of a scope, which is created if needed, and the number of its documents.
    fn scope(&mut self, name: &str) -> Result<&mut (u32, u32), IndexError> {
        Ok(match self.scopes.entry(name.to_owned()) {
            hash_map::Entry::Occupied(scope) => scope.into_mut(),
            hash_map::Entry::Vacant(scope) => {
                let known = self.reader.scope_named(name)?;
                if known.is_none() {
                    self.numbers.row(name_key(name))?.push(self.mark.scopes);
                    // Each scope is created by a document, and those are fewer.
                    self.mark.scopes += 1;
                }
                scope.insert(known.unwrap_or((self.mark.scopes - 1, 0)))
            }
        })
    }

    /// Adds a step for the first occurrence of each key.
    fn add_steps(&mut self, keys: &[Fingerprint], document: u32, scope: u32, is_added: bool) {
        let mut places: Vec<(Fingerprint, u32)> = keys.iter().copied().zip(0..).collect();
        places.sort_unstable();
        places.dedup_by_key(|(key, _)| *key);
        self.steps.extend(places.into_iter().map(|(key, place)| {
            let entry = Entry { posting: Posting { document, place }, scope };
            Step { key, is_added, entry }
        }));
    }

    /// Returns the rows of the change.
    fn finish(mut self) -> Result<(Batch<'a>, Mark), IndexError> {
        // Removals of a key come first.
        self.steps.sort_unstable_by_key(|step| (step.key, step.is_added, step.entry.posting.document));
        for steps in self.steps.chunk_by(|a, b| a.key == b.key) {
            let mut row = Row::read(self.reader, steps[0].key)?;
            for Step { is_added, entry, .. } in steps {
                if *is_added { row.add(*entry)? } else { row.remove(*entry)? }
            }
            row.write(&mut self.batch)?;
        }
        for (key, numbers) in &self.numbers.rows {
            if numbers.is_empty() {
                self.batch.delete(Table::Names, key);
            } else {
                self.batch.put(Table::Names, key, put_numbers(numbers));
            }
        }
        for (name, (scope, documents)) in &self.scopes {
            self.batch.put(Table::Names, &scope_key(*scope), put_scope(*documents, name));
        }
        Ok((self.batch, self.mark))
    }
}

/// The rows of one key, before and after the change.
struct Row<'a> {
    reader: &'a Reader<'a>,
    key: Fingerprint,
    before: Postings,
    after: Postings,
    /// The rows of `more` that are written, or deleted.
    more: BTreeMap<u32, Option<Entry>>,
    /// For each scope that was asked for, its count before and after.
    counts: BTreeMap<u32, [Option<Count>; 2]>,
}

impl<'a> Row<'a> {
    fn read(reader: &'a Reader<'a>, key: Fingerprint) -> Result<Self, IndexError> {
        let before = reader.postings(key)?;
        let (after, more, counts) = (before.clone(), BTreeMap::new(), BTreeMap::new());
        Ok(Self { reader, key, before, after, more, counts })
    }

    fn add(&mut self, entry: Entry) -> Result<(), IndexError> {
        if self.after.has_more() || self.after.first.len() >= INLINE {
            self.more.insert(entry.posting.document, Some(entry));
        } else {
            self.after.first.push(entry);
        }
        let reader = self.reader;
        self.after.all = reader.decoded(self.after.all.checked_add(1), "the row of a key")?;
        let count = self.count(entry.scope)?;
        let before = count.unwrap_or(Count { documents: 0, first: entry.posting });
        let documents = reader.decoded(before.documents.checked_add(1), "a count")?;
        *count = Some(Count { documents, ..before });
        Ok(())
    }

    fn remove(&mut self, entry: Entry) -> Result<(), IndexError> {
        let (reader, document) = (self.reader, entry.posting.document);
        self.after.all = reader.decoded(self.after.all.checked_sub(1), "the row of a key")?;
        if self.after.first.last().is_some_and(|last| document <= last.posting.document) {
            let at = self.after.first.iter().position(|other| *other == entry);
            self.after.first.remove(reader.decoded(at, "a posting")?);
            if self.after.has_more() {
                let next = self.next_in_more(0, None)?;
                self.more.insert(next.posting.document, None);
                self.after.first.push(next);
            }
        } else {
            self.more.insert(document, None);
        }
        let count = *self.count(entry.scope)?;
        let mut count = reader.decoded(count, "a count")?;
        count.documents = reader.decoded(count.documents.checked_sub(1), "a count")?;
        if count.documents > 0 && count.first.document == document {
            let inline = self.after.first.iter().find(|other| other.scope == entry.scope);
            count.first = match inline {
                Some(first) => first.posting,
                None => self.next_in_more(document, Some(entry.scope))?.posting,
            };
        }
        *self.count(entry.scope)? = Some(count).filter(|count| count.documents > 0);
        Ok(())
    }

    /// Returns the count of a scope after the steps so far.
    fn count(&mut self, scope: u32) -> Result<&mut Option<Count>, IndexError> {
        let [_, after] = match self.counts.entry(scope) {
            btree_map::Entry::Occupied(count) => count.into_mut(),
            btree_map::Entry::Vacant(count) => {
                let before = match self.before.has_more() {
                    true => self.reader.count(scope, self.key)?,
                    false => self.before.count(scope),
                };
                count.insert([before, before])
            }
        };
        Ok(after)
    }

    /// Returns the first posting that stays in `more`, from a document on and of a scope if one is
    /// given. Postings are removed before others are added, so all of them are stored.
    fn next_in_more(&self, from: u32, scope: Option<u32>) -> Result<Entry, IndexError> {
        let last = self.after.first.last();
        let from = last.map_or(from, |last| from.max(last.posting.document.saturating_add(1)));
        for entry in self.reader.more(self.key, from) {
            let entry = entry?;
            let is_removed = self.more.contains_key(&entry.posting.document);
            if !is_removed && scope.is_none_or(|scope| scope == entry.scope) {
                return Ok(entry);
            }
        }
        self.reader.decoded(None, "a posting")
    }

    fn write(mut self, batch: &mut Batch<'_>) -> Result<(), IndexError> {
        let (had_more, has_more) = (self.before.has_more(), self.after.has_more());
        if had_more != has_more {
            // The other scopes gain or lose their rows in `counts`.
            let entries = self.before.first.iter().chain(&self.after.first);
            let scopes: Vec<u32> = entries.map(|entry| entry.scope).collect();
            for scope in scopes {
                self.count(scope)?;
            }
        }
        let key = self.key.to_bytes();
        if self.after.first.is_empty() {
            batch.delete(Table::Keys, &key);
        } else {
            batch.put(Table::Keys, &key, self.after.to_bytes());
        }
        for (document, entry) in self.more {
            let key = Entry::more_key(self.key, document);
            match entry {
                Some(entry) => batch.put(Table::More, &key, entry.to_bytes()),
                None => batch.delete(Table::More, &key),
            }
        }
        for (scope, [before, after]) in self.counts {
            let key = Count::key(scope, self.key);
            let before = before.filter(|count| had_more || count.documents > 1);
            match after.filter(|count| has_more || count.documents > 1) {
                Some(count) if before != Some(count) => batch.put(Table::Counts, &key, count.to_bytes()),
                None if before.is_some() => batch.delete(Table::Counts, &key),
                _ => {}
            }
        }
        Ok(())
    }
}
