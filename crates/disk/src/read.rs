//! Reading of the tables.

use std::cell::RefCell;
use std::rc::Rc;

use refrain::error::IndexError;
use refrain::Fingerprint;
use refrain::index::store::{
    Answer, DocumentView, FrequentKey, KeyCounts, OwnedRecord, Posting, Query, View,
};

use crate::engine::Engine;
use crate::rows::{
    Count, Entry, Mark, Postings, Table, id_key, member_key, name_key, parse_numbers, parse_scope,
    scope_key, unseal,
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

    /// Returns the document with an id, and its number.
    pub(crate) fn with_id(&self, id: &str) -> Result<Option<Numbered>, IndexError> {
        for number in self.numbers(&id_key(id))? {
            let document = self.decoded(self.with_number(number)?, &format!("document {number}"))?;
            if document.id == id {
                return Ok(Some((number, document)));
            }
        }
        Ok(None)
    }

    /// Returns the numbers in a row of `names`.
    pub(crate) fn numbers(&self, key: &[u8]) -> Result<Vec<u32>, IndexError> {
        Ok(self.get(Table::Names, key, parse_numbers, "the row of a name")?.unwrap_or_default())
    }

    /// Returns the number of the scope with this name, and the number of its documents.
    pub(crate) fn scope_named(&self, name: &str) -> Result<Option<(u32, u32)>, IndexError> {
        for number in self.numbers(&name_key(name))? {
            let scope = self.get(Table::Names, &scope_key(number), parse_scope, "the row of a scope")?;
            let (documents, other) = self.decoded(scope, &format!("scope {number}"))?;
            if other == name {
                return Ok(Some((number, documents)));
            }
        }
        Ok(None)
    }

    pub(crate) fn postings(&self, key: Fingerprint) -> Result<Postings, IndexError> {
        Ok(self.get(Table::Keys, &key.to_bytes(), Postings::parse, "the row of a key")?.unwrap_or_default())
    }

    pub(crate) fn count(&self, scope: u32, key: Fingerprint) -> Result<Option<Count>, IndexError> {
        self.get(Table::Counts, &Count::key(scope, key), Count::parse, "a count")
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

    /// Returns at most `limit` postings of a key with the lowest document numbers, without those of
    /// the document `except`.
    fn earliest(
        &self,
        key: Fingerprint,
        postings: &Postings,
        except: Option<u32>,
        limit: usize,
    ) -> Result<Vec<Posting>, IndexError> {
        let is_listed = |posting: &Posting| Some(posting.document) != except;
        let first = postings.first.iter().map(|entry| entry.posting);
        let mut listed: Vec<Posting> = first.filter(is_listed).take(limit).collect();
        if postings.has_more() && listed.len() < limit {
            for entry in self.more(key, 0) {
                listed.extend(Some(entry?.posting).filter(is_listed));
                if listed.len() == limit {
                    break;
                }
            }
        }
        Ok(listed)
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
            let count = match scope {
                Some((scope, _)) if postings.has_more() => self.count(scope, *key)?,
                Some((scope, _)) => postings.count(scope),
                None => None,
            };
            let excluded = except.as_ref().filter(|(_, keys, _)| keys.binary_search(key).is_ok());
            let less = |number: u32, less: u32| self.decoded(number.checked_sub(less), "a count");
            let in_scope = count.map_or(0, |count| count.documents);
            let counts = KeyCounts {
                documents: less(postings.all, excluded.map_or(0, |_| 1))?,
                in_scope: less(in_scope, excluded.map_or(0, |_| of_except))?,
            };
            let excluded = excluded.map(|(number, ..)| *number);
            answer.push(counts, self.earliest(*key, &postings, excluded, query.limit as usize)?);
        }
        Ok(answer)
    }

    fn document(
        &self,
        number: u32,
        with: &mut dyn FnMut(&DocumentView<'_>) -> Result<(), IndexError>,
    ) -> Result<bool, IndexError> {
        let Some(document) = self.with_number(number)? else { return Ok(false) };
        let OwnedRecord { id, scope, keys, payload } = &*document;
        with(&DocumentView::new(id, scope, keys.len(), &|place| keys[place], payload))?;
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
        if index >= self.mark.scopes {
            return Ok(None);
        }
        let scope = self.get(Table::Names, &scope_key(index), parse_scope, "the row of a scope")?;
        let (documents, name) = self.decoded(scope, &format!("scope {index}"))?;
        Ok(Some((name, documents)))
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
            let (_, key, count) = self.decoded(Count::parse_row(&key, &value), "a count")?;
            if count.documents >= documents.max(2) {
                frequent.push(FrequentKey { key, documents: count.documents, first: count.first });
            }
        }
        Ok(frequent)
    }
}
