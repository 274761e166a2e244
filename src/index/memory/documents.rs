//! The documents of a store in memory, in the order of insertion.

use std::collections::HashMap;
use std::sync::Arc;

use super::chunks::Chunks;
use super::sorted::Sorted;

/// How many occurrences share an entry of the directory.
const BLOCK: usize = 32;

/// How large a piece of memory is that holds payloads.
const PAGE: usize = 1 << 16;

/// A document.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// `None` if the document is gone.
    pub(super) id: Option<Arc<str>>,
    pub(super) number: u32,
    pub(super) scope: u32,
    /// Its first occurrence, and how many it has.
    pub(super) first: u32,
    pub(super) len: u32,
    /// The page of its payload, where it begins there, and how long it is.
    payload: (u32, u32, u32),
}

#[derive(Debug, Clone)]
struct Scope {
    name: Arc<str>,
    /// Where its documents are in the list of all.
    documents: Sorted,
}

/// All documents, their payloads, and which key each of their occurrences is of.
///
/// A document has a number, which is never given twice, and a place in the list, which changes when those
/// that are gone are taken off it.
#[derive(Debug, Clone, Default)]
pub(super) struct Documents {
    list: Vec<Document>,
    /// The number of the next.
    next: u32,
    /// The place of each by its name.
    places: HashMap<Arc<str>, u32>,
    scopes: Vec<Scope>,
    scope_numbers: HashMap<Arc<str>, u32>,
    /// For each occurrence, its shard and its entry there.
    pub(super) keys: Chunks<u32>,
    payloads: Vec<Vec<u8>>,
    /// The place of the document of the first occurrence of each block of them.
    directory: Vec<u32>,
    /// How many occurrences belong to documents that are gone.
    pub(super) dead: usize,
}

/// What it was given is counted in 32 bits: the caller has checked that.
fn number(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

impl Documents {
    /// The number that the next document will get.
    pub(super) fn next(&self) -> u32 {
        self.next
    }

    /// How many are not gone.
    pub(super) fn alive(&self) -> usize {
        self.places.len()
    }

    /// How many are gone and take room.
    pub(super) fn gone(&self) -> usize {
        self.list.len() - self.places.len()
    }

    /// All that are not gone, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Document> {
        self.list.iter().filter(|document| document.id.is_some())
    }

    /// The document with a name.
    pub(super) fn named(&self, id: &str) -> Option<&Document> {
        self.at(*self.places.get(id)?)
    }

    /// The document with a number, if it is not gone.
    pub(super) fn numbered(&self, number: u32) -> Option<&Document> {
        // Numbers ascend, so the place is at most as far on as the number is.
        let most = number.checked_sub(self.list.first()?.number)? as usize;
        let found = match self.list.get(most) {
            Some(found) if found.number == number => found,
            _ => {
                let some = self.list.get(..most.min(self.list.len()))?;
                some.get(some.binary_search_by_key(&number, |document| document.number).ok()?)?
            }
        };
        found.id.is_some().then_some(found)
    }

    /// The document at a place.
    pub(super) fn at(&self, place: u32) -> Option<&Document> {
        self.list.get(place as usize)
    }

    /// The places of the documents of a scope, in order.
    pub(super) fn of_scope(&self, scope: u32) -> impl Iterator<Item = u32> + '_ {
        self.scopes.get(scope as usize).into_iter().flat_map(|scope| scope.documents.iter())
    }

    /// The number of a scope, and how many documents it has.
    pub(super) fn scope(&self, name: &str) -> Option<(u32, u32)> {
        let number = *self.scope_numbers.get(name)?;
        Some((number, self::number(self.scopes.get(number as usize)?.documents.len())))
    }

    pub(super) fn scope_name(&self, number: u32) -> &str {
        self.scopes.get(number as usize).map_or("", |scope| &*scope.name)
    }

    pub(super) fn payload(&self, document: &Document) -> &[u8] {
        let (page, start, len) = document.payload;
        let (start, len) = (start as usize, len as usize);
        self.payloads.get(page as usize).and_then(|page| page.get(start..start + len)).unwrap_or_default()
    }

    /// Adds a document that is to have `len` occurrences, whose keys the caller appends, and gives its place.
    pub(super) fn push(&mut self, id: &str, scope: &str, len: usize, payload: &[u8]) -> u32 {
        let id: Arc<str> = id.into();
        let place = number(self.list.len());
        let first = self.keys.len();
        while self.directory.len() * BLOCK < first + len {
            self.directory.push(place);
        }
        let scope = self.count_in(scope, place);
        let payload = self.keep(payload);
        self.places.insert(Arc::clone(&id), place);
        let (first, len, this) = (number(first), number(len), self.next);
        self.list.push(Document { id: Some(id), number: this, scope, first, len, payload });
        self.next += 1;
        place
    }

    /// The number of a scope, to which the document at a place is added.
    fn count_in(&mut self, name: &str, place: u32) -> u32 {
        let known = self.scope_numbers.get(name).copied();
        let this = known.unwrap_or_else(|| {
            let name: Arc<str> = name.into();
            self.scopes.push(Scope { name: Arc::clone(&name), documents: Sorted::default() });
            let this = number(self.scopes.len() - 1);
            self.scope_numbers.insert(name, this);
            this
        });
        if let Some(scope) = self.scopes.get_mut(this as usize) {
            scope.documents.push(place);
        }
        this
    }

    fn keep(&mut self, payload: &[u8]) -> (u32, u32, u32) {
        let full = self.payloads.last().is_none_or(|page| page.capacity() - page.len() < payload.len());
        if full && !payload.is_empty() {
            // The first page grows, so that a small store stays small.
            let size = if self.payloads.is_empty() { 0 } else { PAGE };
            match self.payloads.last_mut() {
                Some(page) if page.len() + payload.len() <= PAGE => page.reserve(payload.len()),
                _ => self.payloads.push(Vec::with_capacity(size.max(payload.len()))),
            }
        }
        let page = self.payloads.len().saturating_sub(1);
        let Some(last) = self.payloads.last_mut() else { return (0, 0, 0) };
        let start = last.len();
        last.extend_from_slice(payload);
        (number(page), number(start), number(payload.len()))
    }

    /// Takes a document out, and gives it.
    pub(super) fn take(&mut self, id: &str) -> Option<Document> {
        let place = self.places.remove(id)?;
        let document = self.list.get_mut(place as usize)?;
        document.id = None;
        if let Some(scope) = self.scopes.get_mut(document.scope as usize) {
            scope.documents.remove_within(place, place + 1);
        }
        self.dead += document.len as usize;
        Some(document.clone())
    }

    /// The document that has an occurrence.
    #[inline]
    pub(super) fn of(&self, occurrence: u32) -> Option<&Document> {
        let block = occurrence as usize / BLOCK;
        let low = self.directory.get(block).copied().unwrap_or_default() as usize;
        let high = self.directory.get(block + 1).map_or(self.list.len(), |last| *last as usize + 1);
        let some = self.list.get(low..high)?;
        some.get(some.partition_point(|document| document.first <= occurrence).checked_sub(1)?)
    }

    /// The scope of the document that has an occurrence.
    #[inline]
    pub(super) fn scope_of(&self, occurrence: u32) -> u32 {
        self.of(occurrence).map_or(u32::MAX, |document| document.scope)
    }

    /// Gives the next document this number, which is not below the one it would have had.
    pub(super) fn skip_to(&mut self, number: u32) {
        self.next = number;
    }

    /// How many bytes it has taken from the allocator, more or less: what a map takes is guessed.
    pub(super) fn bytes(&self) -> usize {
        let names: usize =
            self.places.keys().chain(self.scope_numbers.keys()).map(|name| name.len() + 16).sum();
        let map = |map: &HashMap<Arc<str>, u32>| map.capacity() * (size_of::<(Arc<str>, u32)>() + 1) * 8 / 7;
        self.list.capacity() * size_of::<Document>()
            + names
            + map(&self.places)
            + map(&self.scope_numbers)
            + self.scopes.capacity() * size_of::<Scope>()
            + self.scopes.iter().map(|scope| scope.documents.bytes()).sum::<usize>()
            + self.keys.bytes()
            + self.payloads.iter().map(Vec::capacity).sum::<usize>()
            + self.directory.capacity() * 4
    }
}
