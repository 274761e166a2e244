//! A family: an original and its copies.

use std::slice;

use super::occurrence::Occurrence;
use super::records::{FamilyRecord, Found};
use crate::span::Span;

/// A run of segments that occurs more than once: its original and its copies.
#[derive(Clone, Copy, Debug)]
pub struct Family<'a> {
    spans: &'a [Span],
    found: &'a Found,
    record: &'a FamilyRecord,
}

impl<'a> Family<'a> {
    /// Returns the original: the first occurrence of the run.
    pub fn original(self) -> Occurrence {
        let FamilyRecord { first, len, .. } = *self.record;
        Occurrence::new(self.spans, first, first + len)
    }

    /// Returns an iterator over the copies, in the order of the text. The run may also occur as a
    /// part of a longer copy: see [`occurrences`](Self::occurrences).
    ///
    /// # Complexity
    ///
    /// O(1) for each.
    pub fn copies(self) -> impl ExactSizeIterator<Item = Occurrence> + Clone + 'a {
        self.found.pieces_of(self.record).iter().map(move |number| {
            let piece = self.found.pieces[*number as usize];
            Occurrence::new(self.spans, piece.start, piece.end)
        })
    }

    /// Returns the number of occurrences of the run in the document, the original included.
    /// Occurrences may overlap.
    ///
    /// # Complexity
    ///
    /// O(1).
    pub fn count(self) -> usize {
        self.found.count(self.record)
    }

    /// Returns an iterator over all occurrences of the run, in the order of the text, the
    /// original first.
    ///
    /// # Complexity
    ///
    /// The call takes O(n log n) time and O(n) memory, for n = [`count`](Self::count).
    pub fn occurrences(self) -> impl ExactSizeIterator<Item = Occurrence> + 'a {
        let starts = self.found.occurrences(self.record).into_iter();
        starts.map(move |start| Occurrence::new(self.spans, start, start + self.record.len))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Family<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut family = serializer.serialize_struct("Family", 3)?;
        family.serialize_field("original", &self.original())?;
        family.serialize_field("copies", &self.copies().collect::<Vec<_>>())?;
        family.serialize_field("count", &self.count())?;
        family.end()
    }
}

/// An iterator over the families of a document, ordered by the start of the original and then by
/// length.
#[derive(Clone, Debug)]
pub struct Families<'a> {
    spans: &'a [Span],
    found: &'a Found,
    records: slice::Iter<'a, FamilyRecord>,
}

impl<'a> Families<'a> {
    pub(super) fn new(spans: &'a [Span], found: &'a Found) -> Self {
        Self { spans, found, records: found.families.iter() }
    }
}

impl<'a> Iterator for Families<'a> {
    type Item = Family<'a>;

    fn next(&mut self) -> Option<Family<'a>> {
        let record = self.records.next()?;
        Some(Family { spans: self.spans, found: self.found, record })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.records.size_hint()
    }
}

impl ExactSizeIterator for Families<'_> {}
