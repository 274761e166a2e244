//! Segmentation: splitting a text into the spans that are compared.

mod clusters;
mod hyphens;
mod lines;
mod sentence_ends;
#[cfg(feature = "uax29")]
mod uax29;

pub(crate) use clusters::is_cluster_boundary;
pub(crate) use hyphens::without_hyphens;
pub(crate) use lines::{first_line_end, is_line_end, last_line_end, line_ends};
pub(crate) use sentence_ends::{is_sentence_end, may_be_other_stop, pieces as pieces_of_line};

use std::fmt;
use std::str::FromStr;

use crate::error::SegmentationError;
use crate::span::Span;
use crate::unicode;
use crate::work;

/// A way to split a text into segments.
///
/// A segment is a span without white space at its ends. The text between two segments, before the
/// first one and after the last one is a *gap*: white space and default-ignorable characters (a
/// zero-width space, a byte order mark) and nothing else. Segments and gaps together are the whole
/// text. Only a document of [spans of your own](crate::Document::from_spans) may have other text
/// between its segments.
///
/// A line ends with `\n`, `\r\n`, `\r`, U+2028, U+2029 or U+0085.
///
/// ```
/// use refrain::{Document, Options, Segmentation};
///
/// let text = "\
/// one line
/// and another
///
/// a second paragraph
/// ";
/// let paragraphs = Options::new().segmentation(Segmentation::Paragraphs);
/// let spans: Vec<_> = Document::with_options(text, &paragraphs)
///     .segments()
///     .map(|segment| segment.span())
///     .collect();
/// assert_eq!(spans, [0..20, 22..40]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Segmentation {
    /// Lines, as with `Lines`. In addition, a [`Cleaner`](crate::Cleaner) compares the sentences
    /// inside each line of 300 bytes or more (60 with the rule [`Stutter`](crate::Rule::Stutter)),
    /// and removes loops there, so a page delivered as a single line is deduplicated too. A large
    /// copy with [other line breaks](crate::Policy#other-line-breaks) is usually found too. Only a
    /// cleaner does this: segments, fingerprints, repeats and indexes are those of `Lines`.
    ///
    /// Inside long lines, `Auto` uses a sentence splitter of its own, which needs no feature; its
    /// ends differ from those of `Sentences`.
    #[default]
    Auto,
    /// Every line that is not blank. For logs, lists and code. A cleaner does not search inside of
    /// these lines; only the rule [`partial`](crate::Rule::Partial) and
    /// [`Policy::similar`](crate::Policy::similar) compare parts of them.
    Lines,
    /// Every run of lines without a blank line inside. For hard-wrapped text.
    ///
    /// With any form but [`RAW`](crate::Normalization::RAW), a line end counts as a space, so
    /// paragraphs are equal if they only differ in the spaces at which they are wrapped. In a
    /// script without spaces, such as Chinese, paragraphs that are wrapped at different places are
    /// not equal. A word that a hyphen splits at a line end is compared as one word, so the
    /// [fingerprint](crate::Segment::fingerprint) of such a paragraph is that of the paragraph with
    /// this word in one piece. A compound such as `well-known` that is split at its own hyphen
    /// loses it in the comparison.
    ///
    /// A text without blank lines is one paragraph, in which nothing is found.
    Paragraphs,
    /// Sentences as defined by UAX #29. The Unicode version is that of the `unicode-segmentation`
    /// crate, so the ends of sentences, unlike fingerprints, are not frozen.
    #[cfg(feature = "uax29")]
    Sentences,
    /// Words as defined by UAX #29, and every character outside of words, such as a comma, as a
    /// segment of its own. Like the ends of `Sentences`, those of words are not frozen.
    #[cfg(feature = "uax29")]
    Words,
}

/// Writes the name: `auto`, `lines`, `paragraphs`, `sentences` or `words`.
impl fmt::Display for Segmentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads a name as [`Display`](fmt::Display) writes it. `sentences` and `words` are unknown without
/// the feature `uax29`.
impl FromStr for Segmentation {
    type Err = SegmentationError;

    fn from_str(name: &str) -> Result<Self, SegmentationError> {
        let known = Self::ALL.iter().find(|known| known.name() == name);
        known.copied().ok_or_else(|| {
            let expected = Self::ALL.iter().map(|known| known.name()).collect::<Vec<_>>().join(", ");
            SegmentationError { name: name.to_owned(), expected }
        })
    }
}

impl Segmentation {
    const ALL: &'static [Self] = &[
        Self::Auto,
        Self::Lines,
        Self::Paragraphs,
        #[cfg(feature = "uax29")]
        Self::Sentences,
        #[cfg(feature = "uax29")]
        Self::Words,
    ];

    /// Appends the segments of `text` to `spans`, in order.
    pub(crate) fn split(self, text: &str, spans: &mut Vec<Span>) {
        work::count(text.len());
        match self {
            Self::Auto | Self::Lines => lines::lines(text, spans),
            Self::Paragraphs => lines::paragraphs(text, spans),
            #[cfg(feature = "uax29")]
            Self::Sentences => uax29::sentences(text, spans),
            #[cfg(feature = "uax29")]
            Self::Words => uax29::words(text, spans),
        }
    }

    /// Returns the name that `Display` writes.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Lines => "lines",
            Self::Paragraphs => "paragraphs",
            #[cfg(feature = "uax29")]
            Self::Sentences => "sentences",
            #[cfg(feature = "uax29")]
            Self::Words => "words",
        }
    }

    /// Returns the name of the kind of segments, which are lines for `Auto`.
    pub(crate) const fn of_segments(self) -> &'static str {
        match self {
            Self::Auto => Self::Lines.name(),
            other => other.name(),
        }
    }

    /// Returns whether the segments depend only on line ends. Each gap between two lines then has a
    /// line end, and each gap between two paragraphs a blank line, so any such gap separates any
    /// two segments.
    pub(crate) fn is_by_line_ends(self) -> bool {
        matches!(self, Self::Auto | Self::Lines | Self::Paragraphs)
    }

    /// Returns whether `before` and `after`, two segments that were not neighbors, remain two
    /// segments if only `gap` is between them, and whether the segments on either side of the two
    /// remain unchanged. The [both ends](both_ends) of a long gap are enough.
    #[cfg_attr(not(feature = "uax29"), expect(unused_variables, reason = "line ends part any segments"))]
    pub(crate) fn stay_apart(self, before: &str, gap: &str, after: &str) -> bool {
        match self {
            Self::Auto | Self::Lines | Self::Paragraphs => true,
            #[cfg(feature = "uax29")]
            Self::Sentences => uax29::sentences_stay_apart(before, gap, after),
            #[cfg(feature = "uax29")]
            Self::Words => uax29::words_stay_apart(gap, after),
        }
    }

    /// Returns whether `first` still begins a segment if only `gap` is before it.
    #[cfg_attr(
        not(feature = "uax29"),
        expect(unused_variables, reason = "a line begins a segment wherever it is")
    )]
    pub(crate) fn can_begin(self, gap: &str, first: &str) -> bool {
        match self {
            Self::Auto | Self::Lines | Self::Paragraphs => true,
            #[cfg(feature = "uax29")]
            Self::Sentences => uax29::can_begin(uax29::sentences, gap, first),
            #[cfg(feature = "uax29")]
            Self::Words => uax29::can_begin(uax29::words, gap, first),
        }
    }
}

/// The number of bytes of a segment or gap that are examined to decide whether two segments stay
/// apart.
const NEAR: usize = 256;

/// Returns `gap`, or only both ends of it if it is long. This is enough to decide whether two
/// segments stay apart, because a gap is white space throughout.
pub(crate) fn both_ends(gap: &str) -> [&str; 2] {
    if gap.len() <= 2 * NEAR {
        return [gap, ""];
    }
    let start = (0..=NEAR).rev().find_map(|to| gap.get(..to)).unwrap_or_default();
    let end = (gap.len() - NEAR..gap.len()).find_map(|from| gap.get(from..)).unwrap_or_default();
    [start, end]
}

/// Returns the segment in `text[start..end]`, or `None` if the range is a gap.
#[inline]
pub(crate) fn trimmed(text: &str, start: usize, end: usize) -> Option<Span> {
    let piece = &text[start..end];
    work::count(piece.len());
    // Most lines begin and end with visible ASCII characters, so two bytes decide.
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if is_plain(piece.as_bytes().first()) && is_plain(piece.as_bytes().last()) {
        return Some(Span::new(start, end));
    }
    let (from, to) = unicode::trim(piece);
    let segment = &piece[from..to];
    (!unicode::is_blank(segment)).then(|| Span::new(start + from, start + to))
}

/// Returns the segments that `by` finds in `text`, for tests.
#[cfg(test)]
fn pieces(by: impl Fn(&str, &mut Vec<Span>), text: &str) -> Vec<&str> {
    let mut spans = Vec::new();
    by(text, &mut spans);
    spans.into_iter().map(|span| &text[span]).collect()
}
