//! What the documents of a scope have in common: menus, footers, notices.

use std::collections::HashMap;
use std::{fmt, slice};

use super::parameters::Parameters;
use super::removal::{Reason, Removal, Removals};
use super::seen::{Match, resolve_each, run};
use super::store::{Frequent, Posting, Store};
use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;

/// How many documents of a scope must have a segment before it is furniture: a number and a share, both.
///
/// ```
/// use refrain::index::Thresholds;
///
/// let thresholds = Thresholds::new().documents(5).share(0.1);
/// assert_eq!(thresholds.least(20), 5);
/// assert_eq!(thresholds.least(1000), 100);
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Thresholds {
    documents: u32,
    share: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { documents: 3, share: 0.3 }
    }
}

impl Thresholds {
    /// At least three documents, and at least 30 % of those of the scope.
    pub fn new() -> Self {
        Self::default()
    }

    /// At least so many documents. Fewer than two are as many as two: what one document has is no furniture.
    #[must_use]
    pub fn documents(self, documents: u32) -> Self {
        Self { documents, ..self }
    }

    /// At least this part of the documents, from 0 to 1.
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        Self { share, ..self }
    }

    /// How many documents that is in a scope that has `all`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates"
    )]
    pub fn least(self, all: u32) -> u32 {
        // What is too much by less than a millionth of a document is a fault of rounding.
        let part = (f64::from(all) * self.share - 1e-6).ceil() as u32;
        self.documents.max(part).max(2)
    }
}

/// A segment that many documents of a scope have.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Furniture {
    fingerprint: Fingerprint,
    documents: u32,
    example: Match,
}

impl Furniture {
    /// Its fingerprint.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// How many documents of the scope have it.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// The first of them, and where it stands there.
    pub fn example(&self) -> &Match {
        &self.example
    }
}

/// What many documents of a scope have in common: the answer of
/// [`Index::boilerplate`](super::Index::boilerplate). It is a value: what is learnt later does not change it.
#[derive(Clone, PartialEq, Eq)]
pub struct Boilerplate {
    parameters: Parameters,
    documents: u32,
    /// The most frequent first, then in the order of their examples.
    pieces: Vec<Furniture>,
    numbers: HashMap<Fingerprint, usize>,
}

impl Boilerplate {
    pub(super) fn new<S: Store>(
        store: &S,
        parameters: Parameters,
        documents: u32,
        mut frequent: Vec<Frequent>,
    ) -> Result<Self, IndexError> {
        frequent.sort_unstable_by_key(|piece| (u32::MAX - piece.documents, piece.first, piece.key));
        let first: Vec<Posting> = frequent.iter().map(|piece| piece.first).collect();
        let found = frequent.into_iter().zip(resolve_each(store, &first)?);
        let piece = |(piece, example): (Frequent, Option<Match>)| {
            Some(Furniture { fingerprint: piece.key, documents: piece.documents, example: example? })
        };
        let pieces: Vec<Furniture> = found.filter_map(piece).collect();
        let numbers = pieces.iter().enumerate().map(|(number, piece)| (piece.fingerprint, number)).collect();
        Ok(Self { parameters, documents, pieces, numbers })
    }

    /// How many documents the scope had.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// How many segments are furniture.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The furniture, the most frequent first, and of what is as frequent, what was learnt first.
    pub fn iter(&self) -> slice::Iter<'_, Furniture> {
        self.pieces.iter()
    }

    /// What is known of a segment with this fingerprint, if it is furniture.
    pub fn get(&self, print: Fingerprint) -> Option<&Furniture> {
        self.pieces.get(*self.numbers.get(&print)?)
    }

    /// The segments of a document that are furniture. Never all of them: a document of nothing else has none.
    ///
    /// [`Document::remove_segments`] removes them, and [`removals`](Self::removals) says why.
    ///
    /// # Errors
    ///
    /// The document was read with other options than the index is made for.
    pub fn segments(&self, doc: &Document<'_>) -> Result<Vec<usize>, IndexError> {
        self.parameters.check(doc)?;
        let is_furniture = |print: &Fingerprint| self.numbers.contains_key(print);
        let all = doc.fingerprints().iter().enumerate().filter(|(_, print)| is_furniture(print));
        Ok(not_all(all.map(|(segment, _)| segment).collect(), doc.len()))
    }

    /// What goes if furniture does: the spans, and for each segment how many documents have it, and where it
    /// stands in the first of them. That may be the document itself, if it is learnt.
    ///
    /// ```
    /// use refrain::index::Thresholds;
    /// use refrain::{Document, Index};
    ///
    /// let index = Index::new();
    /// for page in 0..4 {
    ///     let text = format!("Home\nThis is page {page}.\nImprint");
    ///     index.learn(&page.to_string(), "a.example", &Document::new(&text))?;
    /// }
    /// let furniture = index.boilerplate("a.example", Thresholds::new())?;
    /// let removals = furniture.removals(&Document::new("Home\nNew.\nImprint"))?;
    /// assert!(removals.spans().eq([0..5, 10..17]));
    /// let last = &removals.removals()[1];
    /// assert_eq!((last.document(), last.there().span()), ("0", (21..28).into()));
    /// assert_eq!(last.reason().to_string(), "in 4 of 4 documents of the scope");
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the text.
    ///
    /// # Errors
    ///
    /// Those of [`segments`](Self::segments).
    pub fn removals<'t>(&self, doc: &Document<'t>) -> Result<Removals<'t>, IndexError> {
        let removal = |segment: usize| {
            let piece = self.get(*doc.fingerprints().get(segment)?)?;
            let reason = Reason::Furniture { documents: piece.documents, of: self.documents };
            Some(Removal::new(piece.example.block(run(doc.spans(), segment..segment + 1)), reason))
        };
        Ok(Removals::new(doc, self.segments(doc)?.into_iter().filter_map(removal).collect()))
    }
}

/// How much there is, not what.
impl fmt::Debug for Boilerplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Boilerplate")
            .field("documents", &self.documents)
            .field("pieces", &self.pieces.len())
            .finish_non_exhaustive()
    }
}

impl<'a> IntoIterator for &'a Boilerplate {
    type Item = &'a Furniture;
    type IntoIter = slice::Iter<'a, Furniture>;

    fn into_iter(self) -> slice::Iter<'a, Furniture> {
        self.iter()
    }
}

/// A page is never emptied: if all of it is furniture, none of it is.
pub(super) fn not_all(furniture: Vec<usize>, len: usize) -> Vec<usize> {
    if furniture.len() == len { Vec::new() } else { furniture }
}
