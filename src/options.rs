//! The options of a document.

use crate::normalize::Normalization;
use crate::records::Leading;
use crate::segment::Segmentation;

/// The options with which a [`Document`](crate::Document) is read.
///
/// The defaults suit most text that has one paragraph on each line: [`Segmentation::Auto`],
/// [`Normalization::TEXT`], seed 0, segments that are compared as a
/// whole, and no minimum for repeats.
///
/// ```
/// use refrain::{Document, Normalization, Options};
///
/// let options = Options::new().normalization(Normalization::RAW).min_segments(2);
/// let families = |text| Document::with_options(text, &options).repeats().families().len();
/// assert_eq!(families("one\ntwo\nthree\none\ntwo"), 1);
/// assert_eq!(families("one\ntwo\nthree\none\nTWO"), 0);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Options {
    pub(crate) segmentation: Segmentation,
    pub(crate) normalization: Normalization,
    pub(crate) seed: u64,
    pub(crate) min_segments: usize,
    pub(crate) min_weight: u32,
    pub(crate) skip_leading: Option<Leading>,
}

impl Options {
    /// Creates the default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the way to split a text into segments. Only `Auto` can be combined with the spans of
    /// [`Document::from_spans`](crate::Document::from_spans).
    #[must_use]
    pub fn segmentation(self, segmentation: Segmentation) -> Self {
        Self { segmentation, ..self }
    }

    /// Sets the canonical form by which segments are compared.
    #[must_use]
    pub fn normalization(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    /// Sets the seed of the fingerprints.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets the kinds of leading text, such as times or list marks, that are left out when segments
    /// are compared. By default, the segments of a document are compared as a whole, and a
    /// [`Cleaner`](crate::Cleaner) skips the leading text that its [policy](crate::Policy::leading)
    /// skips.
    ///
    /// An [index](crate::index) compares whole segments. It ignores this option in its own options.
    /// A document that was read with any kind of leading text to skip is refused, with
    /// [`IndexError::DocumentOptions`](crate::error::IndexError::DocumentOptions).
    #[must_use]
    pub fn skip_leading(self, leading: Leading) -> Self {
        Self { skip_leading: Some(leading), ..self }
    }

    /// Sets the minimum number of segments of a repeat. The default, 0, has the same effect as 1:
    /// no minimum.
    ///
    /// The minimum governs the [families](crate::repeats::Repeats::families) that are listed, and
    /// the blocks that a [`Cleaner`](crate::Cleaner) decides on, also with
    /// [`Policy::drop_all`](crate::Policy::drop_all). A block is decided on only if one run of its
    /// copy has at least this number of segments; a tandem repeat, only if its unit has. A block
    /// below the minimum is kept, and is not listed in
    /// [`Edits::decisions`](crate::edits::Edits::decisions).
    ///
    /// [`Repeats::tandems`](crate::repeats::Repeats::tandems),
    /// [`Repeats::blocks`](crate::repeats::Repeats::blocks), [`Index`](crate::index::Index) and
    /// [`Deduplicator`](crate::index::Deduplicator) do not use the minimum.
    #[must_use]
    pub fn min_segments(self, min_segments: usize) -> Self {
        Self { min_segments, ..self }
    }

    /// Sets the weight below which a segment is light, 0 by default. A repeat is ignored if all of
    /// its segments are light. A repeat with at least one segment that is not light is reported as
    /// a whole.
    ///
    /// The minimum governs the same methods as [`min_segments`](Self::min_segments). The weight of
    /// a segment is the number of letters, combining marks and digits in its canonical form, in
    /// which an ideograph, kana or Hangul syllable counts 3.
    #[must_use]
    pub fn min_weight(self, min_weight: u32) -> Self {
        Self { min_weight, ..self }
    }
}
