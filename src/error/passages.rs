//! Errors of the search for passages.

use thiserror::Error;

/// An error of [`passages`](crate::passages).
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum PassageError {
    /// A passage would have no words.
    #[error("expected a passage of at least 1 word, found 0: use 50 for copies, and 13 for contamination")]
    MinWords,
    /// The text has too many bytes.
    #[error("expected a text of at most {limit} bytes, found {len}: split it into several documents")]
    TooLong {
        /// The length of the text in bytes.
        len: usize,
        /// The maximum length in bytes.
        limit: usize,
    },
    /// The index has as many words as it can number.
    #[error("the index is full: the limit is {limit} words; divide the documents among several indexes")]
    Full {
        /// The maximum number of words.
        limit: u64,
    },
    /// Findings are not those of this evaluation set.
    #[error(
        "expected findings of an evaluation set with the same items, found others: compare the documents again"
    )]
    OtherItems,
    /// No [`Border`](crate::passages::Border) has this name.
    #[error("unknown border `{name}`; expected `word`, `sentence` or `line`")]
    UnknownBorder {
        /// The name.
        name: String,
    },
}
