//! A segment of a document.

use super::Document;
use crate::fingerprint::Fingerprint;
use crate::span::Span;

/// A line, paragraph, sentence, word or given span of a [`Document`], with its fingerprint.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'d, 't> {
    pub(super) doc: &'d Document<'t>,
    pub(super) index: usize,
}

impl<'d> Segment<'d, '_> {
    /// Returns the index of the segment in the document, counted from 0.
    pub fn index(self) -> usize {
        self.index
    }

    /// Returns the span of the segment.
    pub fn span(self) -> Span {
        self.doc.spans[self.index]
    }

    /// Returns the text of the segment.
    pub fn text(self) -> &'d str {
        &self.doc.text[self.span()]
    }

    /// Returns the fingerprint of the canonical form of the segment, or of its
    /// [key](crate::records).
    pub fn fingerprint(self) -> Fingerprint {
        self.doc.fingerprints[self.index]
    }

    /// Returns the weight of the segment: the number of letters, combining marks and digits of the
    /// canonical form of the segment, or of its [key](crate::records). An ideograph, kana or Hangul
    /// syllable counts 3. The maximum is `u32::MAX`.
    ///
    /// # Complexity
    ///
    /// The first call of this method or of [`Document::weight`] is linear in the length of the
    /// text. Later calls take constant time.
    pub fn weight(self) -> u32 {
        self.doc.weights()[self.index]
    }
}

/// Serializes the index, span and fingerprint of the segment.
#[cfg(feature = "serde")]
impl serde::Serialize for Segment<'_, '_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let mut segment = serializer.serialize_struct("Segment", 3)?;
        segment.serialize_field("index", &self.index())?;
        segment.serialize_field("span", &self.span())?;
        segment.serialize_field("fingerprint", &self.fingerprint())?;
        segment.end()
    }
}
