//! What can go wrong. Errors come from options, limits and data of the caller's own, never from a
//! text.

mod index;
mod near;

use thiserror::Error;

pub use index::IndexError;
pub use near::NearError;

use crate::span::Span;

/// A [`Normalization`](crate::Normalization) that cannot be.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum NormalizationError {
    /// The preset has no switches.
    #[error(
        "`{preset}` contradicts `{switch}`: `{preset}` leaves characters as they are; \
         switches go with `text`"
    )]
    Contradiction {
        /// The name of the preset.
        preset: &'static str,
        /// The name of the switch that was asked for.
        switch: &'static str,
    },
    /// No preset or switch has this name.
    #[error(
        "`{name}` is no canonical form: a name is `raw`, `whitespace` or `text`, the last with any of \
         `+canonical`, `+diacritics`, `+punctuation`, `+digits`"
    )]
    Unknown {
        /// The part of the name that was not understood.
        name: String,
    },
}

/// A text that is no [`Fingerprint`](crate::Fingerprint).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum FingerprintError {
    /// Too short or too long.
    #[error("{digits} hexadecimal digits are no fingerprint: it has 32")]
    Length {
        /// How many digits there were.
        digits: usize,
    },
    /// Something that is no hexadecimal digit.
    #[error("{found:?} at byte {at} is no hexadecimal digit: a fingerprint is 32 of 0-9 and a-f")]
    Digit {
        /// The character.
        found: char,
        /// The byte at which it stands.
        at: usize,
    },
}

/// A text that cannot become a [`Document`](crate::Document).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The text has more segments than a document can number.
    #[error("the text has more than {limit} segments: split it into several documents")]
    TooManySegments {
        /// How many a document can have.
        limit: usize,
    },
    /// A span of the caller's own is empty, ends past the text, or cuts a character in two.
    #[error(
        "span {index} ({span}) is no part of the text: a span holds at least one byte, ends within the \
         {len} bytes of the text, and starts and ends between characters"
    )]
    BadSpan {
        /// Its number, from 0.
        index: usize,
        /// The span.
        span: Span,
        /// How long the text is, in bytes.
        len: usize,
    },
    /// A span of the caller's own begins before the one before it ends.
    #[error(
        "span {index} ({span}) begins before the span in front of it ends, at byte {end}: spans come in \
         order and do not overlap"
    )]
    Disorder {
        /// Its number, from 0.
        index: usize,
        /// The span.
        span: Span,
        /// Where the span before it ends.
        end: usize,
    },
    /// Spans of the caller's own, and options that say how to find segments.
    #[error(
        "segmentation into `{segmentation}` contradicts the spans that were given: leave one of them out"
    )]
    Contradiction {
        /// What the options say.
        segmentation: &'static str,
    },
}

/// An error in the name of a [`Policy`](crate::Policy) or [`Rule`](crate::Rule).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// No preset has this name.
    #[error(
        "unknown policy `{name}`; expected `default`, `scraper`, `keep-all` or `drop-all`, and after it any number of \
         `+RULE` and `-RULE`"
    )]
    UnknownPolicy {
        /// The name that was found.
        name: String,
    },
    /// No rule has this name.
    #[error("unknown rule `{name}`; expected one of: {}", rule_names())]
    UnknownRule {
        /// The name that was found.
        name: String,
    },
}

fn rule_names() -> String {
    crate::policy::Rule::ALL.map(crate::policy::Rule::name).join(", ")
}

/// A span of the caller's own that cannot be cut, see [`edits::cut`](crate::edits::cut).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
#[error(
    "span {index} ({span}) is not in the text: expected both ends between characters and within {len} bytes"
)]
pub struct CutError {
    /// The number of the span, from 0.
    pub index: usize,
    /// The span.
    pub span: Span,
    /// The length of the text in bytes.
    pub len: usize,
}
