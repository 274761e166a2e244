//! The errors of this crate: one type for each kind of operation. Messages name the cause and a
//! remedy, and never quote more than a few bytes of a text.

mod index;
mod near;
mod passages;

use thiserror::Error;

pub use index::IndexError;
pub use near::NearError;
pub use passages::PassageError;

use crate::span::Span;

/// An error in the name of a [`Normalization`](crate::Normalization).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum NormalizationError {
    /// A step was combined with a preset that has no steps.
    #[error("`{preset}` cannot be combined with `{step}`; only `text` can")]
    Contradiction {
        /// The name of the preset.
        preset: &'static str,
        /// The name of the step.
        step: &'static str,
    },
    /// No preset or step has this name.
    #[error(
        "unknown canonical form `{name}`; expected `raw`, `whitespace` or `text`, the last with any of \
         `+canonical`, `+references`, `+diacritics`, `+arabic`, `+punctuation`, `+digits`"
    )]
    Unknown {
        /// The part of the name that is unknown.
        name: String,
    },
}

/// An error in the digits of a [`Fingerprint`](crate::Fingerprint).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum FingerprintError {
    /// The length is wrong.
    #[error("expected 32 hexadecimal digits, found {bytes} bytes")]
    Length {
        /// The length in bytes.
        bytes: usize,
    },
    /// A character is not a hexadecimal digit.
    #[error("expected 32 hexadecimal digits 0-9 and a-f, found {found:?} at byte {at}")]
    Digit {
        /// The character.
        found: char,
        /// The offset of the character in bytes.
        at: usize,
    },
}

/// A text that cannot be made into a [`Document`](crate::Document).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The text has more segments than a document can have.
    #[error("the text has more than {limit} segments: split it into several documents")]
    TooManySegments {
        /// The maximum number of segments.
        limit: usize,
    },
    /// A span is empty, ends outside of the text, or splits a character.
    #[error(
        "span {index} ({span}) does not fit the text of {len} bytes: expected at least one byte, and both ends \
         at character boundaries"
    )]
    BadSpan {
        /// The index of the span in the list.
        index: usize,
        /// The span.
        span: Span,
        /// The length of the text in bytes.
        len: usize,
    },
    /// A span starts before the end of the span before it.
    #[error(
        "span {index} ({span}) starts before byte {end}, where the span before it ends: expected spans in \
         ascending order that do not overlap"
    )]
    Disorder {
        /// The index of the span in the list.
        index: usize,
        /// The span.
        span: Span,
        /// The end of the span before it.
        end: usize,
    },
    /// A key is blank, or is not in the text.
    #[error(
        "key {index} ({key}) is blank or does not fit the text of {len} bytes: expected both ends at character \
         boundaries"
    )]
    BadKey {
        /// The index of the record in the list.
        index: usize,
        /// The key.
        key: Span,
        /// The length of the text in bytes.
        len: usize,
    },
    /// The caller gives spans, and options that choose a segmentation.
    #[error(
        "spans cannot be combined with the segmentation `{segmentation}`: leave the segmentation at `auto`"
    )]
    Contradiction {
        /// The name of the segmentation.
        segmentation: &'static str,
    },
}

/// An error in the name of a [`Policy`](crate::Policy) or [`Rule`](crate::Rule).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// No preset has this name.
    #[error(
        "unknown policy `{name}`; expected `default`, `scraper`, `transcript`, `pdf`, `keep-all` or \
         `drop-all`, and after it any number of `+RULE` and `-RULE`, and perhaps `+similar=0.8`"
    )]
    UnknownPolicy {
        /// The name.
        name: String,
    },
    /// No rule has this name.
    #[error("unknown rule `{name}`; expected one of: {expected}")]
    UnknownRule {
        /// The name.
        name: String,
        /// The names of all rules.
        expected: String,
    },
    /// The threshold of similar copies is not a number from 0.1 to 1.
    #[error("expected a number from 0.1 to 1 after `similar=`, found `{found}`")]
    Threshold {
        /// The text after `similar=`, up to the next `+` or `-`.
        found: String,
    },
}

/// An unknown name of a [`Segmentation`](crate::Segmentation).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("unknown segmentation `{name}`; expected one of: {expected}")]
pub struct SegmentationError {
    /// The name.
    pub name: String,
    /// The names of all segmentations that this build has.
    pub expected: String,
}

/// An unknown name of a kind of leading text, see [`Leading`](crate::records::Leading).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error(
    "expected `none` alone, or some of `times`, `counters`, `bullets` and `quotes` with commas between them, found `{name}`"
)]
pub struct LeadingError {
    /// The name.
    pub name: String,
}

/// A span or a segment that cannot be cut out of a text, because the text does not have it.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum CutError {
    /// A span for [`edits::cut`](crate::edits::cut) is not in the text.
    #[error(
        "span {index} ({span}) does not fit the text of {len} bytes: expected both ends at character boundaries"
    )]
    Span {
        /// The index of the span in the list.
        index: usize,
        /// The span.
        span: Span,
        /// The length of the text in bytes.
        len: usize,
    },
    /// The document has no segment with this index.
    #[error(
        "there is no segment {segment}: expected a number below {segments}, the number of segments of the document"
    )]
    Segment {
        /// The index.
        segment: usize,
        /// The number of segments.
        segments: usize,
    },
}
