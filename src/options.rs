//! What a document is cut into, what counts as equal, and what is too small to report.

use crate::normalize::Normalization;
use crate::segment::Segmentation;

/// How a [`Document`](crate::Document) is read. The defaults are almost certainly fine: lines, the canonical
/// form [`Normalization::TEXT`], seed 0, and every repetition reported.
///
/// ```
/// use refrain::{Document, Normalization, Options};
///
/// let options = Options::new().normalization(Normalization::RAW).min_segments(2);
/// let doc = Document::with_options("a\nb\nc\na\nb", &options);
/// assert_eq!(doc.repeats().families().len(), 1);
/// assert_eq!(Document::with_options("a\nb\nc\na\nB", &options).repeats().families().len(), 0);
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
}

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// What counts as a segment. Contradicts spans of the caller's own, see
    /// [`Document::from_spans`](crate::Document::from_spans).
    #[must_use]
    pub fn segmentation(self, segmentation: Segmentation) -> Self {
        Self { segmentation, ..self }
    }

    /// Which segments count as equal.
    #[must_use]
    pub fn normalization(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    /// The seed of the fingerprints.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Repeated blocks of fewer segments are not reported. 0 and 1 both mean: all are.
    #[must_use]
    pub fn min_segments(self, min_segments: usize) -> Self {
        Self { min_segments, ..self }
    }

    /// A segment of less weight is *light*: it may lie inside a repeated block, but a block of nothing but light
    /// segments is not reported. Weight is the number of letters, marks and digits in the canonical form, an
    /// ideograph, kana or Hangul syllable counting 3. 0, the default, means: none is light.
    #[must_use]
    pub fn min_weight(self, min_weight: u32) -> Self {
        Self { min_weight, ..self }
    }
}
