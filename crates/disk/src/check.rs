//! A check of the tables against each other.

use std::collections::BTreeMap;

use super::engine::Engine;
use super::rows::{Count, Entry, MARK, Mark, Postings};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::store::Posting;

impl Engine {
    /// Reads everything, and finds for each document its name, its scope and the postings of its keys, and
    /// for each key its counts. As there are no more postings, names and counts than were found, none says
    /// anything else.
    pub(super) fn check(&self, mark: Mark) -> Result<(), IndexError> {
        let (mut documents, mut of_documents) = (0_u64, 0_u64);
        let mut of_scopes: BTreeMap<String, u32> = BTreeMap::new();
        for row in self.documents.iter() {
            let (key, _) = self.row(row)?;
            if *key == MARK {
                continue;
            }
            let number = key.as_ref().try_into().ok().map(u32::from_be_bytes);
            let number = self.parsed(number, "the number of a document")?;
            of_documents += self.check_document(number, mark.next, &mut of_scopes)?;
            documents += 1;
        }
        if documents != mark.alive {
            return Err(self.damaged(format!("it has {documents} documents, not {}", mark.alive)));
        }
        self.check_names(documents, &of_scopes)?;
        let of_keys = self.check_keys()?;
        if of_keys != of_documents {
            return Err(self.damaged(format!("it has {of_keys} postings, not {of_documents}")));
        }
        Ok(())
    }

    /// Gives the number of different keys of a document.
    fn check_document(
        &self,
        number: u32,
        next: u32,
        of_scopes: &mut BTreeMap<String, u32>,
    ) -> Result<u64, IndexError> {
        let stored = self.document(number)?;
        let stored = stored.filter(|_| number < next);
        let stored = self.parsed(stored, &format!("the number of document {number}"))?;
        if !self.numbers(&stored.id)?.contains(&number) {
            return Err(self.damaged(format!("document {number} is not found by its name")));
        }
        let scope = self.scope(&stored.scope)?.map(|(scope, _)| scope);
        let scope = self.parsed(scope, "a scope")?;
        let mut keys: Vec<(Fingerprint, u32)> = stored.keys.iter().copied().zip(0..).collect();
        keys.sort_unstable();
        keys.dedup_by_key(|(key, _)| *key);
        for (key, place) in &keys {
            let entry = Entry { posting: Posting { document: number, place: *place }, scope };
            let postings = self.postings(*key)?;
            if !postings.first.contains(&entry) && self.more(*key, number).next().transpose()? != Some(entry)
            {
                return Err(self.damaged(format!("document {number} is not found by a key")));
            }
        }
        *of_scopes.entry(stored.scope).or_default() += 1;
        Ok(keys.len() as u64)
    }

    /// Whether names and scopes are those that were found, and no others.
    fn check_names(&self, documents: u64, of_scopes: &BTreeMap<String, u32>) -> Result<(), IndexError> {
        for (name, documents) in of_scopes {
            if self.scope(name)?.is_none_or(|(_, counted)| counted != *documents) {
                return Err(self.damaged("the documents of a scope are not as they were counted"));
            }
        }
        let mut named = 0;
        for row in self.names.iter() {
            let (key, value) = self.row(row)?;
            if key.starts_with(b"d") {
                named += value.len() as u64 / 4;
            }
        }
        if named != documents {
            return Err(self.damaged(format!("it has {named} names for {documents} documents")));
        }
        Ok(())
    }

    /// Whether counts are those of the postings, of which it gives the number.
    fn check_keys(&self) -> Result<u64, IndexError> {
        let (mut all, mut many, mut in_more) = (0, 0_u64, 0_u64);
        for row in self.keys.iter() {
            let (key, value) = self.row(row)?;
            if *key == MARK {
                continue;
            }
            let key = key.as_ref().try_into().ok().map(Fingerprint::from_bytes);
            let key = self.parsed(key, "a key")?;
            let postings = self.parsed(Postings::parse(&value), "a row of a key")?;
            let mut counts: BTreeMap<u32, Count> = BTreeMap::new();
            let (mut listed, mut last) = (0, None);
            let more = postings.has_more().then(|| self.more(key, 0));
            for entry in postings.first.iter().copied().map(Ok).chain(more.into_iter().flatten()) {
                let entry = entry?;
                if last.is_some_and(|last| last >= entry.posting) {
                    return Err(self.damaged("postings are not in order"));
                }
                last = Some(entry.posting);
                listed += 1;
                let new = Count { documents: 0, first: entry.posting };
                counts.entry(entry.scope).or_insert(new).documents += 1;
            }
            if listed != postings.all {
                return Err(self.damaged(format!("a key has {listed} postings, not {}", postings.all)));
            }
            for (scope, count) in counts {
                let is_counted = count.documents > 1 || postings.has_more();
                if is_counted && self.count(scope, key)? != Some(count) {
                    return Err(self.damaged("the documents of a key are not as they were counted"));
                }
                many += u64::from(count.documents > 1);
            }
            all += u64::from(listed);
            in_more += u64::from(listed) - postings.first.len() as u64;
        }
        for row in self.more.iter() {
            let (key, _) = self.row(row)?;
            in_more = in_more.wrapping_sub(u64::from(*key != MARK));
        }
        for row in self.counts.iter() {
            let (key, value) = self.row(row)?;
            if *key != MARK {
                let count = self.parsed(Count::parse(&value), "a count")?;
                many = many.wrapping_sub(u64::from(count.documents > 1));
            }
        }
        if (in_more, many) != (0, 0) {
            return Err(self.damaged("there are rows that belong to no key"));
        }
        Ok(all)
    }
}
