//! The documents of a store in memory, in the order of insertion.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::chunks::Chunks;
use crate::id::id as number;

/// The number of occurrences that share an entry of the directory.
const BLOCK: usize = 32;

/// A document that was inserted.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// `None` if the document was removed.
    pub(super) id: Option<Arc<str>>,
    pub(super) number: u32,
    pub(super) scope: u32,
    /// Its first occurrence, and the number of them.
    first: u32,
    len: u32,
    pub(super) payload: Box<[u8]>,
}

impl Document {
    pub(super) fn occurrences(&self) -> Range<u32> {
        self.first..self.first + self.len
    }
}

#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) name: Arc<str>,
    /// The places of its documents in the list of all.
    pub(super) documents: BTreeSet<u32>,
}

/// All documents, and the entry of the key of each of their segments.
///
/// An *occurrence* is the number of a segment, counted over all documents. A document has a number,
/// which is never used twice, and a place in the list, which changes when the store is rebuilt
/// without the documents that were removed.
#[derive(Debug, Clone, Default)]
pub(super) struct Documents {
    pub(super) list: Vec<Document>,
    /// The number of the next document.
    pub(super) next: u32,
    /// The place of each document by its id.
    places: HashMap<Arc<str>, u32>,
    pub(super) scopes: Vec<Scope>,
    scope_numbers: HashMap<Arc<str>, u32>,
    /// For each occurrence, the entry of its key.
    pub(super) entries: Chunks<u32>,
    /// The place of the document of the first occurrence of each block of occurrences.
    directory: Vec<u32>,
    /// The number of occurrences of removed documents.
    pub(super) dead: usize,
}

impl Documents {
    /// Returns an empty list with the same scopes, so that their numbers stay the same.
    pub(super) fn with_scopes(&self) -> Self {
        let empty = |scope: &Scope| Scope { name: Arc::clone(&scope.name), documents: BTreeSet::new() };
        let scopes = self.scopes.iter().map(empty).collect();
        Self { scopes, scope_numbers: self.scope_numbers.clone(), ..Self::default() }
    }

    /// Returns the number of documents.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns the document with an id.
    pub(super) fn with_id(&self, id: &str) -> Option<&Document> {
        Some(&self.list[*self.places.get(id)? as usize])
    }

    /// Returns the place of the first document, removed or not, with a number of at least `number`.
    fn place(&self, number: u32) -> usize {
        // Numbers ascend, so no place is further on than the number is.
        let before = self.list.first().map_or(0, |first| number.saturating_sub(first.number)) as usize;
        let end = self.list.len().min(before);
        match self.list.get(before) {
            Some(found) if found.number == number => before,
            _ => self.list[..end].partition_point(|document| document.number < number),
        }
    }

    /// Returns the document with a number.
    pub(super) fn with_number(&self, number: u32) -> Option<&Document> {
        let found = self.list.get(self.place(number))?;
        (found.number == number && found.id.is_some()).then_some(found)
    }

    /// Returns the lowest number of a document, of a scope if one is given, from `from` on.
    pub(super) fn next_number(&self, from: u32, scope: Option<&str>) -> Option<u32> {
        let place = self.place(from);
        let found = match scope {
            Some(scope) => {
                let scope = &self.scopes[self.scope_number(scope)? as usize];
                &self.list[*scope.documents.range(number(place)..).next()? as usize]
            }
            None => self.list[place..].iter().find(|document| document.id.is_some())?,
        };
        Some(found.number)
    }

    /// Returns the number of a scope.
    pub(super) fn scope_number(&self, name: &str) -> Option<u32> {
        self.scope_numbers.get(name).copied()
    }

    /// Returns the name of a scope, and the number of its documents.
    pub(super) fn scope(&self, scope: u32) -> Option<(&str, u32)> {
        let scope = self.scopes.get(scope as usize)?;
        Some((&scope.name, number(scope.documents.len())))
    }

    /// Adds a document with `len` occurrences, whose entries the caller appends, and returns the
    /// first of them, and the number of the scope.
    pub(super) fn push(&mut self, id: &str, scope: &str, len: usize, payload: &[u8]) -> (u32, u32) {
        let id: Arc<str> = id.into();
        let place = number(self.list.len());
        let first = self.entries.len();
        while self.directory.len() * BLOCK < first + len {
            self.directory.push(place);
        }
        let scope = self.scope_number(scope).unwrap_or_else(|| {
            let name: Arc<str> = scope.into();
            self.scopes.push(Scope { name: Arc::clone(&name), documents: BTreeSet::new() });
            let new = number(self.scopes.len() - 1);
            self.scope_numbers.insert(name, new);
            new
        });
        self.scopes[scope as usize].documents.insert(place);
        self.places.insert(Arc::clone(&id), place);
        let (first, len, payload) = (number(first), number(len), payload.into());
        self.list.push(Document { id: Some(id), number: self.next, scope, first, len, payload });
        self.next += 1;
        (first, scope)
    }

    /// Removes a document, and returns its occurrences and its scope.
    pub(super) fn remove(&mut self, id: &str) -> Option<(Range<u32>, u32)> {
        let place = self.places.remove(id)?;
        let document = &mut self.list[place as usize];
        document.id = None;
        document.payload = Box::default();
        let (occurrences, scope) = (document.occurrences(), document.scope);
        self.dead += occurrences.len();
        self.scopes[scope as usize].documents.remove(&place);
        Some((occurrences, scope))
    }

    /// Returns the document that has an occurrence.
    #[inline]
    pub(super) fn of(&self, occurrence: u32) -> &Document {
        let block = occurrence as usize / BLOCK;
        let low = self.directory[block] as usize;
        let high = self.directory.get(block + 1).map_or(self.list.len(), |last| *last as usize + 1);
        let some = &self.list[low..high];
        &some[some.partition_point(|document| document.first <= occurrence) - 1]
    }
}
