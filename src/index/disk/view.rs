//! What is known at one moment, for readers.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::folder::In;
use super::generation::{
    DOCUMENTS, Difference, FAMILIES, Generation, KEYS, Merged, NAMES, SCOPES, Source, document_entry,
    hash_of_id, hash_of_scope, key_entry, key_of, long_at, name_entry, number_at, scope_entry,
};
use super::log::{self, Event};
use super::run::Entry;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::memory;
use crate::index::store::{Found, Frequent, Posting, Query, Stored};

/// How many numbers of scopes are remembered.
const SCOPES_KEPT: usize = 1 << 12;

/// Documents in runs, then those learnt since, and what was forgotten of the former.
#[derive(Debug)]
pub(super) struct View {
    /// The oldest first. They are of documents below `next`, whose frames are in `log`.
    pub(super) generations: Vec<Arc<Generation>>,
    pub(super) log: Arc<In>,
    pub(super) log_len: u64,
    pub(super) next: u32,
    /// Entries that are not true any more, beside those in generations that take away.
    pub(super) minus: [BTreeSet<Entry>; FAMILIES],
    /// How many documents in runs are known, and how many are forgotten.
    pub(super) alive: u64,
    pub(super) dead: u64,
    /// The documents from `next` on.
    pub(super) delta: memory::State,
    /// Scopes that were looked for lately. What has no number yet is not kept.
    pub(super) scopes: Mutex<HashMap<String, u32>>,
}

/// What has to be taken away when a document in a run is forgotten.
pub(super) struct Burial(pub(super) [Vec<Entry>; FAMILIES]);

/// A document that the answer leaves out: its number and scope.
type Except = Option<(u32, u32)>;

fn narrow(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl View {
    /// Whether more is in memory than should be.
    pub(super) fn is_full(&self, most: usize) -> bool {
        self.delta.occurrences() >= most || self.minus.iter().map(BTreeSet::len).sum::<usize>() >= most
    }

    /// How many entries with a prefix are true.
    fn count(&self, family: usize, prefix: &[u8]) -> Result<u64, IndexError> {
        let count = |minus: bool| -> Result<u64, IndexError> {
            let of_kind = self.generations.iter().filter(|generation| generation.made.minus == minus);
            of_kind.map(|generation| generation.range(family, prefix).map(|(first, end)| end - first)).sum()
        };
        let plus = count(false)?;
        // Nothing is taken away that is not there.
        if plus == 0 || self.is_whole() {
            return Ok(plus);
        }
        Ok(plus.saturating_sub(count(true)? + self.forgotten(family, prefix)))
    }

    /// How many entries with a prefix were taken away since the last runs were made.
    fn forgotten(&self, family: usize, prefix: &[u8]) -> u64 {
        let (mut first, mut last) = ([0; 24], [0xFF; 24]);
        for bound in [&mut first, &mut last] {
            bound.iter_mut().zip(prefix).for_each(|(place, byte)| *place = *byte);
        }
        self.minus.get(family).map_or(0, |minus| minus.range(first..=last).count() as u64)
    }

    /// Whether nothing that is in a run was forgotten.
    fn is_whole(&self) -> bool {
        self.dead == 0
    }

    fn is_dead(&self, document: u32) -> Result<bool, IndexError> {
        if self.is_whole() {
            return Ok(false);
        }
        let prefix = document.to_be_bytes();
        if self.forgotten(DOCUMENTS, &prefix) > 0 {
            return Ok(true);
        }
        for generation in self.generations.iter().filter(|generation| generation.made.minus) {
            let (first, end) = generation.range(DOCUMENTS, &prefix)?;
            if first < end {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The entry of a document in a run.
    fn document_entry(&self, document: u32) -> Result<Option<Entry>, IndexError> {
        for generation in self.generations.iter().filter(|generation| !generation.made.minus) {
            let (first, end) = generation.range(DOCUMENTS, &document.to_be_bytes())?;
            if first < end {
                return generation.entry(DOCUMENTS, first).map(Some);
            }
        }
        Ok(None)
    }

    /// What the log says of a document in a run, forgotten or not.
    fn stored(&self, entry: &Entry) -> Result<Stored, IndexError> {
        let offset = long_at(entry, 4);
        match log::read(&self.log, offset, self.log_len)?.0 {
            Event::Learnt(number, stored) if number == number_at(entry, 0) => Ok(stored),
            _ => Err(self.log.damaged(format!("another document stands at byte {offset}"))),
        }
    }

    /// The number and the scope's number of the document in a run with this name.
    fn number_in_runs(&self, id: &str) -> Result<Except, IndexError> {
        let hash = hash_of_id(id);
        for generation in self.generations.iter().rev().filter(|generation| !generation.made.minus) {
            let (first, end) = generation.range(NAMES, &hash)?;
            for number in (first..end).rev() {
                let entry = generation.entry(NAMES, number)?;
                let document = number_at(&entry, 16);
                if self.is_dead(document)? {
                    continue;
                }
                let Some(entry) = self.document_entry(document)? else { continue };
                if self.stored(&entry)?.id == id {
                    return Ok(Some((document, number_at(&entry, 20))));
                }
            }
        }
        Ok(None)
    }

    /// The number of a scope, if a document of it is in a run: that of its first document.
    pub(super) fn scope_number(&self, scope: &str) -> Result<Option<u32>, IndexError> {
        let kept = || self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = kept().get(scope) {
            return Ok(Some(*number));
        }
        for generation in self.generations.iter().filter(|generation| !generation.made.minus) {
            let (first, end) = generation.range(NAMES, &hash_of_scope(scope))?;
            if first < end {
                let number = number_at(&generation.entry(NAMES, first)?, 20);
                let mut kept = kept();
                if kept.len() >= SCOPES_KEPT {
                    kept.clear();
                }
                kept.insert(scope.to_owned(), number);
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// The number of the document with this name.
    pub(super) fn number(&self, id: &str) -> Result<Option<u32>, IndexError> {
        if let Some(number) = self.delta.number(id) {
            return Ok(Some(self.next + number));
        }
        Ok(self.number_in_runs(id)?.map(|(number, _)| number))
    }

    /// The document with this number.
    pub(super) fn document(&self, number: u32) -> Result<Option<Stored>, IndexError> {
        if let Some(number) = number.checked_sub(self.next) {
            return Ok(self.delta.document(number));
        }
        if self.is_dead(number)? {
            return Ok(None);
        }
        self.document_entry(number)?.map(|entry| self.stored(&entry)).transpose()
    }

    pub(super) fn len(&self) -> u64 {
        self.alive + self.delta.len() as u64
    }

    pub(super) fn next_number(&self) -> u32 {
        self.next.saturating_add(self.delta.next_number())
    }

    pub(super) fn scope_documents(&self, scope: &str) -> Result<u32, IndexError> {
        Ok(narrow(self.count(NAMES, &hash_of_scope(scope))?) + self.delta.scope_documents(scope))
    }

    /// What is known of keys.
    pub(super) fn find(&self, query: &Query<'_>) -> Result<Found, IndexError> {
        let since = self.delta.find(query);
        let scope = self.scope_number(query.scope)?;
        let except = query.except.map_or(Ok(None), |id| self.number_in_runs(id))?;
        let excepted = except.is_some_and(|(_, of)| Some(of) == scope);
        let in_runs = narrow(self.count(NAMES, &hash_of_scope(query.scope))?);
        let scope_documents = in_runs - u32::from(excepted) + since.scope_documents;
        let before = self.next_number();
        let mut found = Found { scope_documents, before, ..Found::default() };
        found.held.reserve_exact(query.keys.len());
        for (index, key) in query.keys.iter().enumerate() {
            let first = found.postings.len();
            let (documents, in_scope) =
                self.find_in_runs(*key, scope, except, query.limit as usize, &mut found.postings)?;
            let room = (query.limit as usize).saturating_sub(found.postings.len() - first);
            let later = since.postings(index).iter().take(room);
            found.postings.extend(later.map(|p| Posting { document: self.next + p.document, ..*p }));
            let held = since.held().get(index).copied().unwrap_or_default();
            found.push(documents + held.documents, in_scope + held.in_scope, first);
        }
        Ok(found)
    }

    /// How many documents in runs have a key, how many of them are of a scope, and the first of them.
    fn find_in_runs(
        &self,
        key: Fingerprint,
        scope: Option<u32>,
        except: Except,
        limit: usize,
        postings: &mut Vec<Posting>,
    ) -> Result<(u32, u32), IndexError> {
        let prefix = key.to_bytes();
        let scoped = scope.map(|scope| scope_entry(scope, key, 0));
        let scoped = scoped.as_ref().and_then(|entry| entry.get(..20));
        let start = postings.len();
        // What is there, and what of it was taken away. A generation that does not have the key does not have it in the scope.
        let (mut plus, mut minus) = ((0, 0), (0, 0));
        for generation in &self.generations {
            let (first, end) = generation.range(KEYS, &prefix)?;
            if first == end {
                continue;
            }
            let in_scope = scoped.map_or(Ok((0, 0)), |prefix| generation.range(SCOPES, prefix))?;
            let sum = if generation.made.minus { &mut minus } else { &mut plus };
            sum.0 += end - first;
            sum.1 += in_scope.1 - in_scope.0;
            for number in first..end {
                if generation.made.minus || postings.len() - start >= limit {
                    break;
                }
                let entry = generation.entry(KEYS, number)?;
                let (document, place) = (number_at(&entry, 16), number_at(&entry, 20));
                if except.is_some_and(|(except, _)| except == document) || self.is_dead(document)? {
                    continue;
                }
                postings.push(Posting { document, place });
            }
        }
        if plus.0 == 0 {
            return Ok((0, 0));
        }
        let mut all = plus.0.saturating_sub(minus.0 + self.forgotten(KEYS, &prefix));
        let forgotten = scoped.map_or(0, |prefix| self.forgotten(SCOPES, prefix));
        let mut in_scope = plus.1.saturating_sub(minus.1 + forgotten);
        if let Some((document, of)) = except {
            let of_document = key_entry(key, document, 0);
            if self.count(KEYS, of_document.get(..20).unwrap_or_default())? > 0 {
                all -= 1;
                in_scope -= u64::from(Some(of) == scope);
            }
        }
        Ok((narrow(all), narrow(in_scope)))
    }

    /// What has to be taken away with the document of this name, if it is in a run.
    pub(super) fn burial(&self, id: &str) -> Result<Option<(u32, Burial)>, IndexError> {
        let Some((number, scope)) = self.number_in_runs(id)? else { return Ok(None) };
        let Some(entry) = self.document_entry(number)? else { return Ok(None) };
        let stored = self.stored(&entry)?;
        let mut burial = entries(number, scope, long_at(&entry, 4), long_at(&entry, 12), &stored);
        burial.0.iter_mut().for_each(|entries| entries.sort_unstable());
        Ok(Some((number, burial)))
    }

    /// Takes away what a burial says.
    pub(super) fn bury(&mut self, burial: Burial) {
        for (minus, entries) in self.minus.iter_mut().zip(burial.0) {
            minus.extend(entries);
        }
        self.alive -= 1;
        self.dead += 1;
    }

    /// The true entries of a family that begin with a prefix and are of documents in runs, and `others`, which are in order.
    pub(super) fn entries(
        &self,
        family: usize,
        prefix: &[u8],
        others: Vec<Entry>,
    ) -> Result<Difference, IndexError> {
        let (mut plus, mut minus) = (vec![Source::List(others.into_iter())], Vec::new());
        for generation in &self.generations {
            let into = if generation.made.minus { &mut minus } else { &mut plus };
            into.extend(generation.reader(family, prefix)?);
        }
        let forgotten: Vec<Entry> = self.minus.get(family).into_iter().flatten().copied().collect();
        minus.push(Source::List(forgotten.into_iter()));
        Ok(Difference { plus: Merged::new(plus)?, minus: Merged::new(minus)? })
    }

    /// The keys that at least `least` documents of a scope have, by key.
    pub(super) fn frequent(&self, scope: &str, least: u32) -> Result<Vec<Frequent>, IndexError> {
        let number = self.scope_number(scope)?;
        // A scope that is in no run has no number yet; any will do.
        let prefix = number.unwrap_or_default();
        let mut since = Vec::new();
        for number in 0..self.delta.next_number() {
            let Some(stored) = self.delta.document(number).filter(|stored| stored.scope == scope) else {
                continue;
            };
            let entries = stored.keys.iter().map(|key| scope_entry(prefix, *key, self.next + number));
            since.extend(entries);
        }
        since.sort_unstable();
        since.dedup();
        let mut entries = match number {
            Some(number) => self.entries(SCOPES, &number.to_be_bytes(), since)?,
            None => {
                Difference { plus: Merged::new([Source::List(since.into_iter())])?, minus: Merged::new([])? }
            }
        };
        let mut frequent = Vec::new();
        let mut last: Option<Frequent> = None;
        let enough = |key: &Frequent| key.documents >= least;
        while let Some(entry) = entries.next()? {
            let (key, document) = (key_of(&entry), number_at(&entry, 20));
            match &mut last {
                Some(last) if last.key == key => last.documents += 1,
                _ => {
                    let first = Posting { document, place: 0 };
                    frequent.extend(last.replace(Frequent { key, documents: 1, first }).filter(enough));
                }
            }
        }
        frequent.extend(last.filter(enough));
        for Frequent { key, first, .. } in &mut frequent {
            let stored = self.document(first.document)?;
            let place = stored.and_then(|stored| stored.keys.iter().position(|other| other == key));
            first.place = narrow(place.unwrap_or_default() as u64);
        }
        Ok(frequent)
    }
}

/// Everything that runs say of a document.
pub(super) fn entries(number: u32, scope: u32, offset: u64, len: u64, stored: &Stored) -> Burial {
    let mut keys: Vec<(Fingerprint, u32)> = stored.keys.iter().copied().zip(0..).collect();
    keys.sort_unstable();
    keys.dedup_by_key(|(key, _)| *key);
    Burial([
        keys.iter().map(|(key, place)| key_entry(*key, number, *place)).collect(),
        keys.iter().map(|(key, _)| scope_entry(scope, *key, number)).collect(),
        vec![
            name_entry(hash_of_id(&stored.id), number, scope),
            name_entry(hash_of_scope(&stored.scope), number, scope),
        ],
        vec![document_entry(number, offset, len, scope)],
    ])
}
