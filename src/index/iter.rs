//! Iterators over the ids and the scopes of an index.

use super::Index;
use crate::error::IndexError;
use crate::store::{Store, View, read};

impl<S: Store> Index<S> {
    /// Returns an iterator over the ids of the documents, in the order of insertion. It reads one
    /// at a time, so a document that is inserted or removed meanwhile may be in it or not, and one
    /// that is replaced may be in it again. Collect the ids before you replace documents. If the
    /// store cannot be read, the error is the last item.
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
    pub fn documents_of<'a>(
        &'a self,
        scope: &'a str,
    ) -> impl Iterator<Item = Result<String, IndexError>> + 'a {
        self.documents(Some(scope))
    }

    /// Returns an iterator over the scopes that have documents, in the order in which they were
    /// first used.
    pub fn scopes(&self) -> impl Iterator<Item = Result<String, IndexError>> + '_ {
        let scopes = one_by_one(&self.store, |view, from| Ok(view.scope(from)?.map(|scope| (from, scope))));
        scopes.filter(|scope| !matches!(scope, Ok((_, 0)))).map(|scope| scope.map(|(name, _)| name))
    }

    fn documents<'a>(
        &'a self,
        scope: Option<&'a str>,
    ) -> impl Iterator<Item = Result<String, IndexError>> + 'a {
        one_by_one(&self.store, move |view, from| {
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
fn one_by_one<'a, S: Store, T: 'a>(
    store: &'a S,
    mut next: impl FnMut(&dyn View, u32) -> Result<Option<(u32, T)>, IndexError> + 'a,
) -> impl Iterator<Item = Result<T, IndexError>> + 'a {
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let start = from.take()?;
        let found = read(store, |view| next(view, start)).transpose()?;
        Some(found.map(|(number, item)| {
            from = number.checked_add(1);
            item
        }))
    })
}
