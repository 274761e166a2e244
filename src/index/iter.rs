//! Iterators over the ids and the scopes of an index.

use super::Index;
use crate::error::IndexError;
use crate::store::{Store, View, read};

/// The number of items that are read from the store together.
const BATCH: usize = 256;

impl<S: Store> Index<S> {
    /// Returns an iterator over the ids of the documents, in the order of insertion. It reads a few
    /// at a time, so a document that is inserted or removed meanwhile may be in it or not, and one
    /// that is replaced may be in it again. Collect the ids before you replace documents.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, the error is the last item.
    pub fn ids(&self) -> impl Iterator<Item = Result<String, IndexError>> + '_ {
        self.documents(None)
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
        self.documents(Some(scope))
    }

    /// Returns an iterator over the scopes that have documents, in the order in which they were
    /// first used.
    ///
    /// # Errors
    ///
    /// Those of [`ids`](Self::ids).
    pub fn scopes(&self) -> impl Iterator<Item = Result<String, IndexError>> + '_ {
        let scopes = in_batches(&self.store, |view, from| Ok(view.scope(from)?.map(|scope| (from, scope))));
        scopes.filter(|scope| !matches!(scope, Ok((_, 0)))).map(|scope| scope.map(|(name, _)| name))
    }

    fn documents<'a>(
        &'a self,
        scope: Option<&'a str>,
    ) -> impl Iterator<Item = Result<String, IndexError>> + 'a {
        in_batches(&self.store, move |view, from| {
            let Some(number) = view.next_document(from, scope)? else { return Ok(None) };
            let mut id = String::new();
            view.document(number, &mut |document| {
                document.id.clone_into(&mut id);
                Ok(())
            })?;
            Ok(Some((number, id)))
        })
    }
}

/// Returns an iterator over items with ascending numbers, of which `next` reads the first from a
/// number on.
fn in_batches<'a, S: Store, T: 'a>(
    store: &'a S,
    mut next: impl FnMut(&dyn View, u32) -> Result<Option<(u32, T)>, IndexError> + 'a,
) -> impl Iterator<Item = Result<T, IndexError>> + 'a {
    let (mut batch, mut from) = (Vec::new().into_iter(), Some(0));
    std::iter::from_fn(move || {
        if batch.len() == 0 && from.is_some() {
            let mut read_batch = |view: &dyn View| {
                let mut items = Vec::new();
                while let Some(number) = from.filter(|_| items.len() < BATCH) {
                    let item = next(view, number)?;
                    from = item.as_ref().and_then(|(number, _)| number.checked_add(1));
                    items.extend(item.map(|(_, item)| item));
                }
                Ok(items)
            };
            match read(store, &mut read_batch) {
                Ok(items) => batch = items.into_iter(),
                Err(error) => {
                    from = None;
                    return Some(Err(error));
                }
            }
        }
        batch.next().map(Ok)
    })
}
