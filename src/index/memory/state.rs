//! Documents and keys in memory, for one thread at a time.

use std::hint::black_box;

use super::documents::Documents;
use super::shard::{Known, Place, Shard};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::keyed::Keyed;
use crate::index::store::{Found, Frequent, Posting, Query, Record, Stored};

/// How many parts the keys are in. What is where does not depend on the machine.
const SHARDS: usize = 16;

/// How many keys are looked for at a time.
const BATCH: usize = 128;

/// Bits that number an entry of a shard; the others of 32 number the shard.
const ENTRY_BITS: u32 = 28;

/// From how many keys on threads are worth their while.
#[cfg(feature = "rayon")]
const MANY: usize = 1 << 14;

/// How many occurrences of documents that are gone are not worth making everything anew.
const FEW: usize = 1 << 16;

/// Documents, and from a key to those that have it.
#[derive(Debug, Clone)]
pub(crate) struct State {
    documents: Documents,
    shards: Vec<Shard>,
    hash: Keyed,
}

/// The shard of a key with this hash.
#[inline]
fn shard_of(hash: u64) -> usize {
    (hash >> 60) as usize
}

impl Default for State {
    fn default() -> Self {
        Self { documents: Documents::default(), shards: vec![Shard::default(); SHARDS], hash: Keyed::new() }
    }
}

impl State {
    /// Whether these records can be numbered. Occurrences take 31 bits, the entries of a shard 28.
    pub(crate) fn room_for(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        let keys: usize = records.iter().map(|record| record.keys.len()).sum();
        let occurrences = (1 << 31) - 1;
        if self.documents.keys.len() + keys > occurrences {
            return Err(IndexError::Full { limit: occurrences as u64, of: "segments in memory" });
        }
        let distinct = (1 << ENTRY_BITS) - 1;
        if self.shards.iter().any(|shard| shard.entries() + keys > distinct) {
            return Err(IndexError::Full {
                limit: distinct as u64 * SHARDS as u64,
                of: "different segments in memory",
            });
        }
        let documents = u32::MAX - 1;
        if self.documents.next() as usize + records.len() > documents as usize {
            return Err(IndexError::Full { limit: u64::from(documents), of: "documents" });
        }
        let note = records.iter().map(|record| record.note.len()).max().unwrap_or_default();
        if u32::try_from(note).is_err() {
            return Err(IndexError::Full { limit: u64::from(u32::MAX), of: "bytes of a document's note" });
        }
        Ok(())
    }

    /// Adds documents one after another.
    pub(crate) fn add(&mut self, records: &[Record<'_>]) -> Result<(), IndexError> {
        self.room_for(records)?;
        #[cfg(feature = "rayon")]
        if records.iter().map(|record| record.keys.len()).sum::<usize>() >= MANY
            && self.add_side_by_side(records)
        {
            return Ok(());
        }
        for record in records {
            self.add_one(record, None);
        }
        Ok(())
    }

    /// Says what was known of its keys, and adds a document.
    pub(crate) fn find_and_add(&mut self, record: &Record<'_>) -> Result<Found, IndexError> {
        self.room_for(std::slice::from_ref(record))?;
        let mut found = Found::default();
        found.held.reserve_exact(record.keys.len());
        self.add_one(record, Some(&mut found));
        Ok(found)
    }

    fn add_one(&mut self, record: &Record<'_>, mut found: Option<&mut Found>) {
        self.remove(record.id);
        let before = self.documents.scope(record.scope).map_or(0, |(_, documents)| documents);
        let number = self.documents.push(record.id, record.scope, record.keys.len(), record.note);
        if let Some(found) = &mut found {
            (found.scope_documents, found.before) = (before, number);
        }
        let Some(document) = self.documents.get(number) else { return };
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
            let of = |earlier| documents.get(documents.of(earlier)).map_or(0, |document| document.scope);
            let (held, in_scope) = table.add(entry, Place { occurrence, first, scope }, of);
            if let Some(found) = &mut found {
                found.push(held, in_scope, 0);
            }
            documents.keys.push(packed(shard, entry));
        }
    }

    /// Hashes the next keys, and reads what the search for each of them will read. None of these reads waits for another, so
    /// that memory answers many of them at a time, where a search after the other would wait for each.
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

    /// Adds documents shard by shard, as many at a time as there are threads: each shard sees its keys in the order of the
    /// documents, so what comes out is what one thread would have made. Not if a name comes twice.
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
        let start = self.documents.keys.len();
        let mut parts: Vec<Vec<(Fingerprint, u64, Place)>> = vec![Vec::new(); SHARDS];
        for record in records {
            let number = self.documents.push(record.id, record.scope, record.keys.len(), record.note);
            let Some(document) = self.documents.get(number) else { continue };
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
        let scope_of =
            |occurrence| documents.get(documents.of(occurrence)).map_or(0, |document| document.scope);
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
        debug_assert!(start <= documents.keys.len());
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
    pub(crate) fn find(&self, query: &Query<'_>) -> Found {
        let mut found = Found::default();
        found.held.reserve_exact(query.keys.len());
        let (scope, documents) = self.documents.scope(query.scope).unwrap_or((u32::MAX, 0));
        let except = query.except.and_then(|id| self.documents.get(self.documents.number(id)?));
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
            let known = table.and_then(|table| Some(table.known(table.entry(*key, hash)?, scope)));
            let known = known.unwrap_or(Known::Nothing);
            tell(&mut found, &self.documents, known, scope, except, query.limit);
        }
        found
    }

    /// The document with this number.
    pub(crate) fn document(&self, number: u32) -> Option<Stored> {
        let document = self.documents.get(number)?;
        let keys = (document.first..document.first + document.len).map(|occurrence| self.key(occurrence));
        Some(Stored {
            id: document.id.as_deref()?.to_owned(),
            scope: self.documents.scope_name(document.scope).to_owned(),
            keys: keys.collect(),
            note: self.documents.note(document).to_owned(),
        })
    }

    fn key(&self, occurrence: u32) -> Fingerprint {
        let packed = self.documents.keys.get(occurrence as usize).copied().unwrap_or_default();
        let shard = self.shards.get((packed >> ENTRY_BITS) as usize);
        shard.map_or(Fingerprint::from_u128(0), |shard| shard.key_of(packed & ((1 << ENTRY_BITS) - 1)))
    }

    /// The number of the document with this name.
    pub(crate) fn number(&self, id: &str) -> Option<u32> {
        self.documents.number(id)
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
            if let Some(shard) = self.shards.get_mut((packed >> ENTRY_BITS) as usize) {
                shard.remove(packed & ((1 << ENTRY_BITS) - 1), first, end, document.scope);
            }
        }
        if self.documents.dead > FEW && self.documents.dead * 2 > self.documents.keys.len() {
            self.make_anew();
        }
        true
    }

    /// Gives back the room of documents that are gone. Numbers stay what they are.
    fn make_anew(&mut self) {
        let next = self.documents.next();
        let mut new = Self::default();
        for number in 0..next {
            let Some(document) = self.document(number) else { continue };
            new.documents.skip_to(number);
            new.add_one(&document.record(), None);
        }
        new.documents.skip_to(next);
        *self = new;
    }

    /// The keys that at least `least` documents of a scope have, in no order.
    pub(crate) fn frequent(&self, scope: &str, least: u32) -> Vec<Frequent> {
        let Some((scope, _)) = self.documents.scope(scope) else { return Vec::new() };
        let all = self.shards.iter().flat_map(|shard| shard.frequent(scope, least));
        let of_scope = |posting: &Posting| {
            self.documents.get(posting.document).is_some_and(|document| document.scope == scope)
        };
        all.filter_map(|(key, documents, occurrences)| {
            let first =
                occurrences.iter().map(|occurrence| posting(&self.documents, *occurrence)).find(of_scope)?;
            Some(Frequent { key, documents, first })
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

fn posting(documents: &Documents, occurrence: u32) -> Posting {
    let number = documents.of(occurrence);
    let first = documents.get(number).map_or(0, |document| document.first);
    Posting { document: number, place: occurrence - first }
}

/// Appends to an answer what is known of a key, without the occurrences of `except` (its first, its end, its scope).
fn tell(
    found: &mut Found,
    documents: &Documents,
    known: Known<'_>,
    scope: u32,
    except: Option<(u32, u32, u32)>,
    limit: u32,
) {
    let left_out = |occurrence: u32| except.is_some_and(|(first, end, _)| (first..end).contains(&occurrence));
    let first = found.postings.len();
    match known {
        Known::Nothing => found.push(0, 0, first),
        Known::One(occurrence) if left_out(occurrence) => found.push(0, 0, first),
        Known::One(occurrence) => {
            let posting = posting(documents, occurrence);
            let same = documents.get(posting.document).is_some_and(|document| document.scope == scope);
            if limit > 0 {
                found.postings.push(posting);
            }
            found.push(1, u32::from(same), first);
        }
        Known::Many(occurrences, in_scope) => {
            let excepted = except.filter(|(first, end, _)| {
                let at = occurrences.partition_point(|occurrence| occurrence < first);
                occurrences.get(at).is_some_and(|occurrence| occurrence < end)
            });
            let listed = occurrences.iter().copied().filter(|occurrence| !left_out(*occurrence));
            found
                .postings
                .extend(listed.take(limit as usize).map(|occurrence| posting(documents, occurrence)));
            let all = u32::try_from(occurrences.len()).unwrap_or(u32::MAX);
            let fewer_in_scope = u32::from(excepted.is_some_and(|(_, _, of)| of == scope));
            found.push(all - u32::from(excepted.is_some()), in_scope - fewer_in_scope, first);
        }
    }
}
