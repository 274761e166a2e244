//! The documents and keys of a store in memory, for one thread at a time.

use std::collections::HashMap;
use std::hint::black_box;

use super::documents::{Document, Documents};
use super::shard::{Known, Place, Shard};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::hash::KeyedHash;
use crate::index::store::{Answer, DocumentView, FrequentKey, OwnedRecord, Posting, Query, Record};
use crate::work;

/// How many parts the keys are in. What is where does not depend on the machine.
const SHARDS: usize = 16;

/// How many keys are looked for at a time.
const BATCH: usize = 128;

/// Bits that number an entry of a shard; the others of 32 number the shard.
const ENTRY_BITS: u32 = 28;

/// From how many keys on threads are worth their while.
#[cfg(feature = "rayon")]
const MANY: usize = 1 << 14;

/// How many occurrences of documents that are gone, and how many such documents, are not worth making
/// everything anew.
const FEW: (usize, usize) = (1 << 16, 1 << 12);

/// How many occurrences, entries of a shard, and documents can be numbered.
const OCCURRENCES: usize = (1 << 31) - 1;
const ENTRIES: usize = (1 << ENTRY_BITS) - 1;
const DOCUMENTS: u32 = u32::MAX - 1;

/// Documents, and from a key to those that have it.
#[derive(Debug, Clone)]
pub(crate) struct State {
    documents: Documents,
    shards: Vec<Shard>,
    hash: KeyedHash,
}

/// The shard of a key with this hash.
#[inline]
fn shard_of(hash: u64) -> usize {
    (hash >> 60) as usize
}

impl Default for State {
    fn default() -> Self {
        Self {
            documents: Documents::default(),
            shards: vec![Shard::default(); SHARDS],
            hash: KeyedHash::default(),
        }
    }
}

impl State {
    /// Whether these records can be numbered. Occurrences take 31 bits, the entries of a shard 28; those of
    /// documents that are gone do not count, for they can be given back.
    pub(crate) fn room_for(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        let alive = self.documents.keys.len() - self.documents.dead;
        let full = |limit: usize, of| IndexError::Full { limit: limit as u64, of };
        if alive + keys_of(records) > OCCURRENCES {
            return Err(full(OCCURRENCES, "segments in memory"));
        }
        if !self.fit(records, Shard::len) {
            return Err(full(ENTRIES * SHARDS, "different segments in memory"));
        }
        if (DOCUMENTS - self.documents.next()) as usize <= records.len() {
            return Err(full(DOCUMENTS as usize, "documents, those that were replaced among them"));
        }
        let payload = records.iter().map(|record| record.payload.len()).max().unwrap_or_default();
        if u32::try_from(payload).is_err() {
            return Err(full(u32::MAX as usize, "bytes of a document's payload"));
        }
        Ok(())
    }

    /// Whether the keys of records, if all were new, can be numbered beside `used` entries in each shard.
    fn fit(&self, records: &[Record<'_>], used: impl Fn(&Shard) -> usize) -> bool {
        let keys = keys_of(records);
        if self.shards.iter().all(|shard| used(shard) + keys <= ENTRIES) {
            return true;
        }
        let mut new = [0; SHARDS];
        for key in records.iter().flat_map(|record| record.keys) {
            new[shard_of(self.hash.of(*key))] += 1;
        }
        self.shards.iter().zip(new).all(|(shard, new)| used(shard) + new <= ENTRIES)
    }

    /// Gives back the room of what is gone if these records need it.
    fn make_room_for(&mut self, records: &[Record<'_>]) -> Result<(), IndexError> {
        self.room_for(records)?;
        let is_full = self.documents.keys.len() + keys_of(records) > OCCURRENCES;
        if is_full || !self.fit(records, Shard::entries) {
            self.make_anew();
        }
        Ok(())
    }

    /// Adds documents one after another.
    pub(crate) fn add(&mut self, records: &[Record<'_>]) -> Result<(), IndexError> {
        self.make_room_for(records)?;
        #[cfg(feature = "rayon")]
        if keys_of(records) >= MANY && self.add_side_by_side(records) {
            return Ok(());
        }
        for record in records {
            self.add_one(record, None);
        }
        Ok(())
    }

    /// Says what was known of its keys, and adds a document.
    pub(crate) fn find_and_add(&mut self, record: &Record<'_>) -> Result<Answer, IndexError> {
        self.make_room_for(std::slice::from_ref(record))?;
        let mut found = Answer::default();
        found.counts.reserve_exact(record.keys.len());
        self.add_one(record, Some(&mut found));
        Ok(found)
    }

    fn add_one(&mut self, record: &Record<'_>, mut found: Option<&mut Answer>) {
        self.remove(record.id);
        let before = self.documents.scope(record.scope).map_or(0, |(_, documents)| documents);
        if let Some(found) = &mut found {
            (found.scope_documents, found.before) = (before, self.documents.next());
        }
        let place = self.documents.push(record.id, record.scope, record.keys.len(), record.payload);
        let Some(document) = self.documents.at(place) else { return };
        let (first, scope) = (document.first, document.scope);
        let mut hashes = [0; BATCH];
        for (index, (occurrence, key)) in (first..).zip(record.keys).enumerate() {
            if index % BATCH == 0 {
                self.warm(record.keys.get(index..).unwrap_or_default(), &mut hashes);
            }
            let Self { documents, shards, hash } = self;
            let key_hash = hashes[index % BATCH];
            let shard = shard_of(key_hash);
            let Some(table) = shards.get_mut(shard) else { continue };
            let entry = table.entry_or_new(*key, key_hash, |key| hash.of(key));
            if let Some(found) = &mut found {
                let (held, in_scope) = count(documents, table.known(entry), first, scope);
                found.push(held, in_scope, 0);
            }
            let scope_of = |earlier| documents.scope_of(earlier);
            table.add(entry, Place { occurrence, first, scope }, scope_of);
            documents.keys.push(packed(shard, entry));
        }
    }

    /// Hashes the next keys, and reads what the search for each of them will read. None of these reads waits
    /// for another, so that memory answers many of them at a time, where a search after the other would wait
    /// for each.
    fn warm(&self, keys: &[Fingerprint], hashes: &mut [u64; BATCH]) {
        let shard = |hash: u64| self.shards.get(shard_of(hash));
        for (place, key) in hashes.iter_mut().zip(keys) {
            *place = self.hash.of(*key);
        }
        let hashes = hashes.get(..keys.len().min(BATCH)).unwrap_or_default();
        let read = hashes
            .iter()
            .fold(0, |read, hash| read ^ shard(*hash).map_or(0, |shard| shard.touch_slot(*hash)));
        black_box(
            hashes
                .iter()
                .fold(read, |read, hash| read ^ shard(*hash).map_or(0, |shard| shard.touch_entry(*hash))),
        );
    }

    /// Adds documents shard by shard, as many at a time as there are threads: each shard sees its keys in the
    /// order of the documents, so what comes out is what one thread would have made. Not if a name comes
    /// twice.
    #[cfg(feature = "rayon")]
    fn add_side_by_side(&mut self, records: &[Record<'_>]) -> bool {
        use rayon::prelude::*;

        let mut names: Vec<&str> = records.iter().map(|record| record.id).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return false;
        }
        for record in records {
            self.remove(record.id);
        }
        let mut parts: Vec<Vec<(Fingerprint, u64, Place)>> = vec![Vec::new(); SHARDS];
        for record in records {
            let place = self.documents.push(record.id, record.scope, record.keys.len(), record.payload);
            let Some(document) = self.documents.at(place) else { continue };
            let (first, scope) = (document.first, document.scope);
            for (occurrence, key) in (first..).zip(record.keys) {
                let hash = self.hash.of(*key);
                if let Some(part) = parts.get_mut(shard_of(hash)) {
                    part.push((*key, hash, Place { occurrence, first, scope }));
                }
                self.documents.keys.push(0);
            }
        }
        let Self { documents, shards, hash } = self;
        let scope_of = |occurrence| documents.scope_of(occurrence);
        let entries: Vec<Vec<(u32, u32)>> = shards
            .par_iter_mut()
            .zip(parts)
            .map(|(table, part)| {
                let mut entries = Vec::with_capacity(part.len());
                for (key, key_hash, place) in part {
                    let entry = table.entry_or_new(key, key_hash, |key| hash.of(key));
                    table.add(entry, place, scope_of);
                    entries.push((place.occurrence, entry));
                }
                entries
            })
            .collect();
        for (shard, part) in entries.into_iter().enumerate() {
            for (occurrence, entry) in part {
                if let Some(key) = documents.keys.get_mut(occurrence as usize) {
                    *key = packed(shard, entry);
                }
            }
        }
        true
    }

    /// What is known of keys.
    pub(crate) fn find(&self, query: &Query<'_>) -> Answer {
        let mut found = Answer::default();
        found.counts.reserve_exact(query.keys.len());
        let (scope, documents) = self.documents.scope(query.scope).unwrap_or((u32::MAX, 0));
        let except = query.except.and_then(|id| self.documents.named(id));
        found.before = self.documents.next();
        found.scope_documents = documents - u32::from(except.is_some_and(|document| document.scope == scope));
        let except = except.map(|document| (document.first, document.first + document.len, document.scope));
        let mut hashes = [0; BATCH];
        for (index, key) in query.keys.iter().enumerate() {
            if index % BATCH == 0 {
                self.warm(query.keys.get(index..).unwrap_or_default(), &mut hashes);
            }
            let hash = hashes[index % BATCH];
            let table = self.shards.get(shard_of(hash));
            let known = table.and_then(|table| Some(table.known(table.entry(*key, hash)?)));
            let known = known.unwrap_or(Known::Few(&[]));
            tell(&mut found, &self.documents, known, scope, except, query.limit);
        }
        found
    }

    /// The document with this number.
    pub(crate) fn document(&self, number: u32) -> Option<OwnedRecord> {
        self.documents.numbered(number).map(|document| self.stored(document))
    }

    fn stored(&self, document: &Document) -> OwnedRecord {
        let keys = (document.first..document.first + document.len).map(|occurrence| self.key(occurrence));
        OwnedRecord {
            id: document.id.as_deref().unwrap_or_default().to_owned(),
            scope: self.documents.scope_name(document.scope).to_owned(),
            keys: keys.collect(),
            payload: self.documents.payload(document).to_owned(),
        }
    }

    /// Shows the document with this number, and says whether there is one.
    pub(crate) fn visit(&self, number: u32, with: &mut dyn FnMut(&DocumentView<'_>)) -> bool {
        let Some(document) = self.documents.numbered(number) else { return false };
        let key = |place: usize| {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            self.key(document.first.saturating_add(place))
        };
        let id = document.id.as_deref().unwrap_or_default();
        let (scope, payload) = (self.documents.scope_name(document.scope), self.documents.payload(document));
        with(&DocumentView::new(id, scope, document.len as usize, &key, payload));
        true
    }

    /// The shard and the entry there that an occurrence is of.
    fn entry_of(&self, occurrence: u32) -> Option<(&Shard, u32)> {
        let packed = *self.documents.keys.get(occurrence as usize)?;
        Some((self.shards.get((packed >> ENTRY_BITS) as usize)?, packed & ((1 << ENTRY_BITS) - 1)))
    }

    fn key(&self, occurrence: u32) -> Fingerprint {
        work::count(1);
        self.entry_of(occurrence).map_or(Fingerprint::from_u128(0), |(shard, entry)| shard.key_of(entry))
    }

    /// The number of the document with this name.
    pub(crate) fn number(&self, id: &str) -> Option<u32> {
        self.documents.named(id).map(|document| document.number)
    }

    /// The number that the next document will get.
    pub(crate) fn next_number(&self) -> u32 {
        self.documents.next()
    }

    /// How many documents there are.
    pub(crate) fn len(&self) -> usize {
        self.documents.alive()
    }

    /// How many different keys the documents have.
    pub(crate) fn distinct(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// How many documents a scope has.
    pub(crate) fn scope_documents(&self, scope: &str) -> u32 {
        self.documents.scope(scope).map_or(0, |(_, documents)| documents)
    }

    /// Removes a document, and says whether it was there.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let Some(document) = self.documents.take(id) else { return false };
        let (first, end) = (document.first, document.first + document.len);
        for occurrence in first..end {
            let packed = self.documents.keys.get(occurrence as usize).copied().unwrap_or_default();
            work::count(1);
            if let Some(shard) = self.shards.get_mut((packed >> ENTRY_BITS) as usize) {
                shard.remove(packed & ((1 << ENTRY_BITS) - 1), first, end, document.scope);
            }
        }
        let (dead, gone) = (self.documents.dead, self.documents.gone());
        let is_mostly_gone = dead > FEW.0 && dead * 2 > self.documents.keys.len();
        if is_mostly_gone || gone > FEW.1 && gone > self.documents.alive() {
            self.make_anew();
        }
        true
    }

    /// Gives back the room of documents that are gone. Numbers stay what they are.
    fn make_anew(&mut self) {
        let mut new = Self::default();
        for document in self.documents.iter() {
            let stored = self.stored(document);
            new.documents.skip_to(document.number);
            new.add_one(&stored.record(), None);
        }
        new.documents.skip_to(self.documents.next());
        *self = new;
    }

    /// The keys that at least `least` documents of a scope have, in no order.
    ///
    /// Linear in the keys of the documents of the scope.
    pub(crate) fn frequent(&self, scope: &str, least: u32) -> Vec<FrequentKey> {
        let Some((scope, _)) = self.documents.scope(scope) else { return Vec::new() };
        // How many documents of the scope have a key, the last of them, and where it stands first.
        let mut counts: HashMap<u32, (u32, u32, Posting)> = HashMap::new();
        for place in self.documents.of_scope(scope) {
            let Some(document) = self.documents.at(place) else { continue };
            for (at, occurrence) in (document.first..document.first + document.len).enumerate() {
                work::count(1);
                let is_shared =
                    self.entry_of(occurrence).is_some_and(|(shard, entry)| shard.is_shared(entry));
                let Some(packed) = self.documents.keys.get(occurrence as usize).filter(|_| is_shared) else {
                    continue;
                };
                let first =
                    Posting { document: document.number, place: u32::try_from(at).unwrap_or(u32::MAX) };
                let count = counts.entry(*packed).or_insert((0, u32::MAX, first));
                if count.1 != place {
                    (count.0, count.1) = (count.0 + 1, place);
                }
            }
        }
        let key = |packed: u32| {
            let shard = self.shards.get((packed >> ENTRY_BITS) as usize)?;
            Some(shard.key_of(packed & ((1 << ENTRY_BITS) - 1)))
        };
        let frequent = counts.into_iter().filter(|(_, (documents, ..))| *documents >= least.max(2));
        frequent
            .filter_map(|(packed, (documents, _, first))| {
                Some(FrequentKey { key: key(packed)?, documents, first })
            })
            .collect()
    }

    /// How many bytes it has taken from the allocator.
    pub(crate) fn bytes(&self) -> usize {
        self.documents.bytes() + self.shards.iter().map(Shard::bytes).sum::<usize>()
    }
}

/// A shard and an entry in it, in one number: `State::room_for` sees to it that both fit.
fn packed(shard: usize, entry: u32) -> u32 {
    u32::try_from(shard).unwrap_or_default() << ENTRY_BITS | entry
}

fn keys_of(records: &[Record<'_>]) -> usize {
    records.iter().map(|record| record.keys.len()).sum()
}

fn posting(documents: &Documents, occurrence: u32) -> Option<Posting> {
    let document = documents.of(occurrence)?;
    Some(Posting { document: document.number, place: occurrence - document.first })
}

/// How many documents have a key, and how many of them are of a scope, without one whose first occurrence is
/// `first` and which is the last.
fn count(documents: &Documents, known: Known<'_>, first: u32, scope: u32) -> (u32, u32) {
    match known {
        Known::Few(occurrences) => {
            let others = occurrences.iter().filter(|occurrence| **occurrence < first);
            let in_scope = |occurrence: &&u32| documents.scope_of(**occurrence) == scope;
            (narrow(others.clone().count()), narrow(others.filter(in_scope).count()))
        }
        Known::Many(many) => {
            let own = u32::from(many.occurrences.last() >= Some(first));
            (many.len() - own, many.in_scope(scope) - own)
        }
    }
}

/// Documents are counted in 32 bits.
fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Appends to an answer what is known of a key, without the occurrences of `except` (its first, its end, its
/// scope).
fn tell(
    found: &mut Answer,
    documents: &Documents,
    known: Known<'_>,
    scope: u32,
    except: Option<(u32, u32, u32)>,
    limit: u32,
) {
    let left_out = |occurrence: u32| except.is_some_and(|(first, end, _)| (first..end).contains(&occurrence));
    let (first, limit) = (found.postings.len(), limit as usize);
    match known {
        Known::Few(occurrences) => {
            let listed = || occurrences.iter().copied().filter(|occurrence| !left_out(*occurrence));
            found
                .postings
                .extend(listed().take(limit).filter_map(|occurrence| posting(documents, occurrence)));
            let in_scope = listed().filter(|occurrence| documents.scope_of(*occurrence) == scope).count();
            found.push(narrow(listed().count()), narrow(in_scope), first);
        }
        Known::Many(many) => {
            let is_in = |(first, end, _): &(u32, u32, u32)| many.occurrences.has_within(*first, *end);
            let excepted = except.filter(is_in);
            let listed = many.occurrences.iter().filter(|occurrence| !left_out(*occurrence));
            found.postings.extend(listed.take(limit).filter_map(|occurrence| posting(documents, occurrence)));
            let fewer_in_scope = u32::from(excepted.is_some_and(|(_, _, of)| of == scope));
            let in_scope = many.in_scope(scope) - fewer_in_scope;
            found.push(many.len() - u32::from(excepted.is_some()), in_scope, first);
        }
    }
}
