//! Errors of indexes and their stores.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// An error of an [`Index`](crate::index::Index), a store or a stored file.
///
/// Once it is open, a store returns only `Io`, `Damaged`, `Broken` and `Full`, and a store in
/// memory only `Full`. Opening a store can also return `InUse`, `Missing`, `NotAnIndex` and
/// `WrongVersion`.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IndexError {
    /// A document was read with other options than the index expects, so its fingerprints cannot be
    /// compared with those of the index.
    #[error(
        "expected a document with {index}, found one with {document}: read it with the options of the index, and without `skip_leading` or `from_records`"
    )]
    DocumentOptions {
        /// The options of the index.
        index: String,
        /// The options of the document.
        document: String,
    },
    /// A stored index has other options than the caller gives.
    #[error("expected {asked} in {what}, found {stored}: open it with the options that it was created with")]
    WrongParameters {
        /// The path or the kind of file.
        what: String,
        /// The options that are stored.
        stored: String,
        /// The options that were given.
        asked: String,
    },
    /// A stored index has a scheme of fingerprints or a format that this release does not read.
    #[error("{what} has {kind} {stored}; this release reads {kind} {known}: build the index again")]
    WrongVersion {
        /// The path or the kind of file.
        what: String,
        /// `scheme` or `format`.
        kind: &'static str,
        /// The stored version.
        stored: u32,
        /// The version that this release reads.
        known: u32,
    },
    /// The data is not an index, or was changed after it was written.
    #[error("{what} is damaged: {how}; restore it from a backup, or build it again from the documents")]
    Damaged {
        /// The path or the kind of file.
        what: String,
        /// The contradiction that was found.
        how: String,
    },
    /// The index is open in this process or another one.
    #[error("{} is already open: close it first, or share the open index", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// There is no index in the folder.
    #[error("there is no index in {}: check the path, or create one with `open`", path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// The folder has files that are not those of an index.
    #[error("{} has `{found}`, which is not a part of an index: choose another folder", path.display())]
    NotAnIndex {
        /// The folder.
        path: PathBuf,
        /// The name of the first such file.
        found: String,
    },
    /// A write failed. Changes before the last `sync` are safe and can be read, but the index must
    /// be opened again before it can be changed.
    #[error("{} cannot be written after an earlier write failed: free some space, then open the index again", path.display())]
    WriteFailed {
        /// The folder.
        path: PathBuf,
    },
    /// The store has as many items as it can number.
    #[error("the index is full: the limit is {limit} {of}; divide the documents among several indexes")]
    Full {
        /// The maximum number.
        limit: u64,
        /// The kind of item.
        of: &'static str,
    },
    /// A Bloom filter is full: more segments would raise its rate of false positives.
    #[error("the filter is full: its capacity is {capacity} segments; create a larger one")]
    PastCapacity {
        /// The capacity in segments.
        capacity: u64,
    },
    /// The capacity or the rate of false positives of a Bloom filter is out of range.
    #[error("cannot create a filter for {capacity} segments at rate {rate}: {why}")]
    BadFilter {
        /// The capacity in segments.
        capacity: u64,
        /// The rate of false positives.
        rate: f64,
        /// The reason.
        why: &'static str,
    },
    /// A share of documents is not in (0, 1].
    #[error("expected a share of documents above 0 and up to 1, found {share}")]
    Share {
        /// The share.
        share: f64,
    },
    /// The document is not the one that was queried.
    #[error("the document is not the one that was queried: its segments are at other places")]
    OtherDocument,
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
    /// Reading or writing failed. The source is the error of the operating system.
    #[error("cannot read or write {what}: check the path, its permissions and the free space")]
    Io {
        /// The path or the kind of file.
        what: String,
        /// The error of the system.
        source: io::Error,
    },
}

impl IndexError {
    /// Returns the error for `what`, which is damaged as `how` describes.
    pub(crate) fn damaged(what: impl Into<String>, how: impl Into<String>) -> Self {
        Self::Damaged { what: what.into(), how: how.into() }
    }
}
