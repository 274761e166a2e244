//! Queries of the tables.

use super::engine::Engine;
use super::rows::{Count, MARK, key_of_id, parse_numbers};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::frame;
use crate::index::store::{Answer, FrequentKey, OwnedRecord, Query};

/// A document that is left out of an answer.
struct Except {
    number: u32,
    scope: u32,
    /// Its keys, sorted.
    keys: Vec<Fingerprint>,
}

impl Engine {
    /// The document with this number.
    pub(super) fn document(&self, number: u32) -> Result<Option<OwnedRecord>, IndexError> {
        let Some(row) = self.get(&self.documents, &number.to_be_bytes())? else { return Ok(None) };
        let content = frame::head(&row).zip(row.get(frame::HEAD..)).and_then(|((len, sum), content)| {
            let whole = content.len() as u64 == len && frame::is_whole(sum, content, number.into());
            whole.then_some(content)
        });
        let stored = content.and_then(|mut content| {
            let stored = frame::take_record(&mut content)?;
            content.is_empty().then_some(stored)
        });
        self.parsed(stored, &format!("document {number}")).map(Some)
    }

    /// The numbers of the documents whose names have the hash of this one.
    pub(super) fn numbers(&self, id: &str) -> Result<Vec<u32>, IndexError> {
        let row = self.get(&self.names, &key_of_id(id))?;
        row.map_or(Ok(Vec::new()), |row| self.parsed(parse_numbers(&row), "a row of a name"))
    }

    /// The document with this name, and its number.
    pub(super) fn find_document(&self, id: &str) -> Result<Option<(u32, OwnedRecord)>, IndexError> {
        for number in self.numbers(id)? {
            let stored = self.document(number)?;
            let stored = stored.ok_or_else(|| self.damaged(format!("document {number} is missing")))?;
            if stored.id == id {
                return Ok(Some((number, stored)));
            }
        }
        Ok(None)
    }

    fn except(&self, id: &str) -> Result<Option<Except>, IndexError> {
        let Some((number, mut stored)) = self.find_document(id)? else { return Ok(None) };
        let scope = self.scope(&stored.scope)?;
        let (scope, _) = scope.ok_or_else(|| self.damaged("a scope is missing"))?;
        stored.keys.sort_unstable();
        Ok(Some(Except { number, scope, keys: stored.keys }))
    }

    /// What is known of keys, of documents with numbers below `next`, which are all.
    pub(super) fn find(&self, query: &Query<'_>, next: u32) -> Result<Answer, IndexError> {
        let (scope, documents) = self.scope(query.scope)?.unwrap_or((u32::MAX, 0));
        let except = query.except.map_or(Ok(None), |id| self.except(id))?;
        let mut found = Answer { before: next, ..Answer::default() };
        let same_scope = except.as_ref().is_some_and(|except| except.scope == scope);
        found.scope_documents = documents.saturating_sub(same_scope.into());
        found.counts.reserve_exact(query.keys.len());
        let limit = query.limit as usize;
        for key in query.keys {
            let postings = self.postings(*key)?;
            let start = found.postings.len();
            let count = if postings.has_more() { self.count(scope, *key)? } else { postings.count(scope) };
            let left_out = except.as_ref().filter(|except| except.keys.binary_search(key).is_ok());
            let listed = |document: u32| left_out.is_none_or(|except| except.number != document);
            let first = postings.first.iter().map(|entry| entry.posting);
            found.postings.extend(first.filter(|posting| listed(posting.document)).take(limit));
            if postings.has_more() {
                let from = postings.first.last().map_or(0, |last| last.posting.document.saturating_add(1));
                let mut more = self.more(*key, from);
                while found.postings.len() - start < limit {
                    let Some(entry) = more.next().transpose()? else { break };
                    found.postings.extend(Some(entry.posting).filter(|posting| listed(posting.document)));
                }
            }
            let documents = postings.all.saturating_sub(left_out.is_some().into());
            let in_scope = count.map_or(0, |count| count.documents);
            let in_scope = in_scope.saturating_sub((left_out.is_some() && same_scope).into());
            found.push(documents, in_scope, start);
        }
        Ok(found)
    }

    /// The keys that so many documents of a scope have, and at least two.
    pub(super) fn frequent(&self, scope: &str, least: u32) -> Result<Vec<FrequentKey>, IndexError> {
        let Some((scope, _)) = self.scope(scope)? else { return Ok(Vec::new()) };
        let mut frequent = Vec::new();
        for row in self.counts.prefix(scope.to_be_bytes()) {
            let (row, value) = self.row(row)?;
            if *row == MARK {
                continue;
            }
            let count = self.parsed(Count::parse(&value), "a count")?;
            let key = self.parsed(Count::key_of(&row), "a count")?;
            if count.documents >= least.max(2) {
                frequent.push(FrequentKey { key, documents: count.documents, first: count.first });
            }
        }
        Ok(frequent)
    }
}
