//! Iterators over the ids and the scopes of an index.

use super::Index;
use crate::error::IndexError;
use crate::store::{Store, View, read};

/// The number of items that are read from the store together.
const BATCH: usize = 256;

impl<S: Store> Index<S> {
    /// Returns an iterator over the ids of the documents, in the order of insertion. It reads a few
    /// at a time, so a document that is inserted or removed meanwhile may be in it or not.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, the error is the last item.
    pub fn ids(&self) -> impl Iterator<Item = Result<String, IndexError>> + '_ {
        self.documents(None).map(|item| item.map(|(_, id)| id))
    }

    /// Returns an iterator over the ids of the documents of `scope`, like [`ids`](Self::ids).
    ///
    /// ```
    /// use refrain::Document;
    /// use refrain::index::{Index, Page};
    ///
    /// let index = Index::new();
    /// for (id, scope) in [("1", "a.example"), ("2", "b.example"), ("3", "a.example")] {
    ///     index.insert(Page { id, scope, document: &Document::new("One.\nTwo.") })?;
    /// }
    /// assert_eq!(index.documents_of("a.example").collect::<Result<Vec<_>, _>>()?, ["1", "3"]);
    /// let scopes = index.scopes().collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!(scopes, ["a.example", "b.example"]);
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`ids`](Self::ids).
    pub fn documents_of<'a>(
        &'a self,
        scope: &'a str,
    ) -> impl Iterator<Item = Result<String, IndexError>> + 'a {
        self.documents(Some(scope)).map(|item| item.map(|(_, id)| id))
    }

    /// Returns an iterator over the scopes that have documents, in the order in which they were
    /// first used.
    ///
    /// # Errors
    ///
    /// Those of [`ids`](Self::ids).
    pub fn scopes(&self) -> impl Iterator<Item = Result<String, IndexError>> + '_ {
        let items = Batches::new(&self.store, |view, from| {
            let scope = view.scope(from)?;
            Ok(scope.map(|scope| (from, scope)))
        });
        items.filter_map(|item| match item {
            Ok((_, (_, 0))) => None,
            item => Some(item.map(|(_, (name, _))| name)),
        })
    }

    /// Returns an iterator over the numbers and ids of the documents, of `scope` if one is given.
    pub(super) fn documents<'a>(
        &'a self,
        scope: Option<&'a str>,
    ) -> impl Iterator<Item = Result<(u32, String), IndexError>> + 'a {
        Batches::new(&self.store, move |view, from| {
            let Some(number) = view.next_document(from, scope)? else { return Ok(None) };
            let mut id = String::new();
            view.document(number, &mut |document| {
                document.id().clone_into(&mut id);
                Ok(())
            })?;
            Ok(Some((number, id)))
        })
    }
}

/// Items with ascending numbers, of which `next` reads the first from a number on.
struct Batches<'a, S, F, T> {
    store: &'a S,
    next: F,
    /// `None` after the last item.
    from: Option<u32>,
    batch: std::vec::IntoIter<(u32, T)>,
}

impl<'a, S, F, T> Batches<'a, S, F, T>
where
    S: Store,
    F: FnMut(&dyn View, u32) -> Result<Option<(u32, T)>, IndexError>,
{
    fn new(store: &'a S, next: F) -> Self {
        Self { store, next, from: Some(0), batch: Vec::new().into_iter() }
    }
}

impl<S, F, T> Iterator for Batches<'_, S, F, T>
where
    S: Store,
    F: FnMut(&dyn View, u32) -> Result<Option<(u32, T)>, IndexError>,
{
    type Item = Result<(u32, T), IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(item) = self.batch.next() {
            return Some(Ok(item));
        }
        let mut from = self.from.take()?;
        let batch = read(self.store, |view| {
            let mut batch = Vec::new();
            while batch.len() < BATCH {
                let Some(item) = (self.next)(view, from)? else { return Ok((batch, None)) };
                let number = item.0;
                batch.push(item);
                match number.checked_add(1) {
                    Some(next) => from = next,
                    None => return Ok((batch, None)),
                }
            }
            Ok((batch, Some(from)))
        });
        match batch {
            Ok((batch, from)) => {
                self.batch = batch.into_iter();
                self.from = from;
                self.batch.next().map(Ok)
            }
            Err(error) => Some(Err(error)),
        }
    }
}
