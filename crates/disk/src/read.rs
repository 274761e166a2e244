//! Reading of the tables.

use std::cell::RefCell;
use std::rc::Rc;

use refrain::Fingerprint;
use refrain::error::IndexError;
use refrain::index::store::{
    Answer, DocumentView, FrequentKey, KeyCounts, OwnedRecord, Posting, Query, View, Visit,
};
use xxhash_rust::xxh3::xxh3_128_with_seed;

use crate::engine::Engine;
use crate::rows::{
    Count, Entry, Mark, Postings, Table, member_key, parse_numbers, parse_scope, scope_key, unseal,
};

/// The maximum number of documents that a view keeps in memory, and of bytes of their rows.
const CACHED: (usize, usize) = (32, 16 << 20);

/// A document that was read, and its number.
type Numbered = (u32, Rc<OwnedRecord>);

/// The state of the tables after a change, with the documents that were read lately.
pub(crate) struct Reader<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) mark: Mark,
    /// The documents, the last one that was used at the end, and the sizes of their rows.
    cache: RefCell<Vec<(Numbered, usize)>>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(engine: &'a Engine, mark: Mark) -> Self {
        Self { engine, mark, cache: RefCell::default() }
    }

    /// Returns the content of a row, or the error for `what`, which cannot be decoded.
    pub(crate) fn decoded<T>(&self, content: Option<T>, what: &str) -> Result<T, IndexError> {
        content.ok_or_else(|| self.engine.damaged(format!("{what} is missing, or is not as it was written")))
    }

    /// Reads and decodes a row.
    fn get<T>(
        &self,
        table: Table,
        key: &[u8],
        decode: impl FnOnce(&[u8]) -> Option<T>,
        what: &str,
    ) -> Result<Option<T>, IndexError> {
        let row = self.engine.get(table, key)?;
        row.map(|row| self.decoded(decode(&row), what)).transpose()
    }

    /// Returns the document with a number.
    pub(crate) fn with_number(&self, number: u32) -> Result<Option<Rc<OwnedRecord>>, IndexError> {
        let mut cache = self.cache.borrow_mut();
        if let Some(at) = cache.iter().position(|((cached, _), _)| *cached == number) {
            let cached = cache.remove(at);
            let document = Rc::clone(&cached.0.1);
            cache.push(cached);
            return Ok(Some(document));
        }
        let Some(row) = self.engine.get(Table::Documents, &number.to_be_bytes())? else { return Ok(None) };
        let document = decode_document(number, &row);
        let document = Rc::new(self.decoded(document, &format!("document {number}"))?);
        cache.push(((number, Rc::clone(&document)), row.len()));
        let mut bytes: usize = cache.iter().map(|(_, len)| len).sum();
        while cache.len() > CACHED.0 || bytes > CACHED.1 {
            bytes -= cache.remove(0).1;
        }
        Ok(Some(document))
    }

    /// Returns the key of the row with the number of the document (`d`) or scope (`s`) `name`.
    pub(crate) fn hash(&self, kind: u8, name: &str) -> Vec<u8> {
        let hash = xxh3_128_with_seed(name.as_bytes(), self.mark.seed);
        [&[kind][..], &hash.to_be_bytes()].concat()
    }

    fn number_of(&self, kind: u8, name: &str) -> Result<Option<u32>, IndexError> {
        let row = self.get(Table::Names, &self.hash(kind, name), parse_numbers, "the row of a name")?;
        Ok(row.map(|[number]| number))
    }

    /// Returns the document with an id, and its number.
    pub(crate) fn with_id(&self, id: &str) -> Result<Option<Numbered>, IndexError> {
        let Some(number) = self.number_of(b'd', id)? else { return Ok(None) };
        let document = self.with_number(number)?.filter(|document| document.id == id);
        Ok(Some((number, self.decoded(document, &format!("document {number}"))?)))
    }

    /// Returns the number of the scope with this name, and the number of its documents.
    pub(crate) fn scope_named(&self, name: &str) -> Result<Option<(u32, u32)>, IndexError> {
        let Some(number) = self.number_of(b's', name)? else { return Ok(None) };
        let (other, documents) = self.scope_row(number)?;
        let documents = Some(documents).filter(|_| other == name);
        Ok(Some((number, self.decoded(documents, &format!("scope {number}"))?)))
    }

    fn scope_row(&self, number: u32) -> Result<(String, u32), IndexError> {
        let what = format!("scope {number}");
        let row = self.get(Table::Names, &scope_key(number), parse_scope, &what)?;
        self.decoded(row, &what)
    }

    pub(crate) fn postings(&self, key: Fingerprint) -> Result<Postings, IndexError> {
        Ok(self.get(Table::Keys, &key.to_bytes(), Postings::parse, "the row of a key")?.unwrap_or_default())
    }

    /// Counts the documents of a scope among those of a key, whose row is `postings`.
    pub(crate) fn count(
        &self,
        postings: &Postings,
        scope: u32,
        key: Fingerprint,
    ) -> Result<Option<Count>, IndexError> {
        match postings.in_more {
            0 => Ok(postings.count(scope)),
            _ => self.get(Table::Counts, &Count::key(scope, key), Count::parse, "a count"),
        }
    }

    /// Returns the postings of a key in `more`, from a document on.
    pub(crate) fn more(
        &self,
        key: Fingerprint,
        from: u32,
    ) -> impl Iterator<Item = Result<Entry, IndexError>> + '_ {
        let (first, last) = (Entry::more_key(key, from), Entry::more_key(key, u32::MAX));
        self.engine.range(Table::More, &first, &last).map(|row| {
            let (key, value) = row?;
            self.decoded(Entry::parse(&key, &value).map(|(_, entry)| entry), "a posting")
        })
    }
}

/// Decodes the row of a document.
pub(crate) fn decode_document(number: u32, row: &[u8]) -> Option<OwnedRecord> {
    OwnedRecord::decode(unseal(number.into(), row)?)
}

impl View for Reader<'_> {
    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError> {
        let scope = self.scope_named(query.scope)?;
        let except = query.except.map_or(Ok(None), |id| self.with_id(id))?;
        let except = except.map(|(number, document)| {
            let mut keys = document.keys.clone();
            keys.sort_unstable();
            (number, keys, document.scope == query.scope)
        });
        let of_except = u32::from(except.as_ref().is_some_and(|(_, _, is_in_scope)| *is_in_scope));
        let documents = scope.map_or(0, |(_, documents)| documents);
        let documents = self.decoded(documents.checked_sub(of_except), "the row of a scope")?;
        let mut answer = Answer::new(documents, query.keys.len());
        for key in query.keys {
            let postings = self.postings(*key)?;
            let count = scope.map_or(Ok(None), |(scope, _)| self.count(&postings, scope, *key))?;
            let excluded = except.as_ref().filter(|(_, keys, _)| keys.binary_search(key).is_ok());
            let less = |number: u32, less: u32| self.decoded(number.checked_sub(less), "a count");
            let counts = KeyCounts {
                documents: less(postings.len(), excluded.map_or(0, |_| 1))?,
                in_scope: less(count.map_or(0, |count| count.documents), excluded.map_or(0, |_| of_except))?,
            };
            let is_in_more = postings.in_more > 0 && query.limit > 0;
            let in_more = is_in_more.then(|| self.more(*key, postings.first)).into_iter().flatten();
            let listed = postings.inline.iter().copied().map(Ok).chain(in_more);
            let except = excluded.map(|(number, ..)| *number);
            let listed = listed.map(|entry| entry.map(|entry| entry.posting));
            let listed = listed.filter(|entry| !matches!(entry, Ok(entry) if Some(entry.document) == except));
            let listed: Result<Vec<Posting>, _> = listed.take(query.limit as usize).collect();
            answer.push(counts, listed?);
        }
        Ok(answer)
    }

    fn document(&self, number: u32, with: Visit<'_>) -> Result<bool, IndexError> {
        let Some(document) = self.with_number(number)? else { return Ok(false) };
        let OwnedRecord { id, scope, keys, payload } = &*document;
        with(&DocumentView { id, scope, len: keys.len(), key_at: &|place| keys[place], payload })?;
        Ok(true)
    }

    fn number(&self, id: &str) -> Result<Option<u32>, IndexError> {
        Ok(self.with_id(id)?.map(|(number, _)| number))
    }

    fn next_document(&self, from: u32, scope: Option<&str>) -> Result<Option<u32>, IndexError> {
        let (table, first, last) = match scope {
            None => (Table::Documents, from.to_be_bytes().to_vec(), u32::MAX.to_be_bytes().to_vec()),
            Some(name) => match self.scope_named(name)? {
                Some((scope, _)) => (Table::Names, member_key(scope, from), member_key(scope, u32::MAX)),
                None => return Ok(None),
            },
        };
        let Some((key, _)) = self.engine.range(table, &first, &last).next().transpose()? else {
            return Ok(None);
        };
        let number = key.last_chunk().map(|number| u32::from_be_bytes(*number));
        self.decoded(number, "the number of a document").map(Some)
    }

    fn len(&self) -> u64 {
        self.mark.documents
    }

    fn scope(&self, index: u32) -> Result<Option<(String, u32)>, IndexError> {
        if index < self.mark.scopes { self.scope_row(index).map(Some) } else { Ok(None) }
    }

    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError> {
        Ok(self.scope_named(scope)?.map_or(0, |(_, documents)| documents))
    }

    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<FrequentKey>, IndexError> {
        let Some((scope, _)) = self.scope_named(scope)? else { return Ok(Vec::new()) };
        let [first, last] = [0, u128::MAX].map(|key| Count::key(scope, Fingerprint::from_u128(key)));
        let mut frequent = Vec::new();
        for row in self.engine.range(Table::Counts, &first, &last) {
            let (key, value) = row?;
            let key = key.last_chunk().map(|key| Fingerprint::from_bytes(*key));
            let (key, count) = self.decoded(key.zip(Count::parse(&value)), "a count")?;
            if count.documents >= documents.max(2) {
                frequent.push(FrequentKey { key, documents: count.documents, first: count.first });
            }
        }
        Ok(frequent)
    }
}
