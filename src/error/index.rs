//! What can go wrong with an index.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// An [`Index`](crate::Index) that cannot do what it was asked for.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IndexError {
    /// A document was read with other options than the index is made for: its fingerprints mean something
    /// else.
    #[error("the index is made for documents with {index}, and this one has {document}")]
    WrongDocument {
        /// What the index is made for.
        index: String,
        /// How the document was read.
        document: String,
    },
    /// A stored index was made for other documents than the caller asks for.
    #[error("{what} is made for documents with {stored}, not for {asked}: open it with its own options")]
    WrongParameters {
        /// Which index.
        what: String,
        /// What it is made for.
        stored: String,
        /// What was asked for.
        asked: String,
    },
    /// A stored index has fingerprints of another scheme, or a format that this release does not know.
    #[error("{what} has {kind} {stored}, and this release reads {kind} {known}: make it anew")]
    WrongVersion {
        /// Which index.
        what: String,
        /// What differs: `scheme`, `format`.
        kind: &'static str,
        /// What is stored.
        stored: u32,
        /// What this release reads.
        known: u32,
    },
    /// What was read is no index, or is not as it was written.
    #[error("{what} is damaged: {how}")]
    Damaged {
        /// Which file.
        what: String,
        /// How that shows.
        how: String,
    },
    /// The index is open already, in this process or another.
    #[error("{} is open already: one process at a time can have it", path.display())]
    InUse {
        /// Where it is.
        path: PathBuf,
    },
    /// A write failed halfway: what was acknowledged is safe, and reading goes on, but nothing more can be
    /// written until the index is opened again.
    #[error("{} takes no more writes since one failed: open it again", path.display())]
    Broken {
        /// Where it is.
        path: PathBuf,
    },
    /// The store can number no more of these.
    #[error("the index is full: it can number {limit} {of}")]
    Full {
        /// How many.
        limit: u64,
        /// What of.
        of: &'static str,
    },
    /// A Bloom filter has taken in what it was made for; more would make it answer wrongly more often than
    /// promised.
    #[error("the filter holds the {capacity} segments it was made for: make a larger one")]
    PastCapacity {
        /// How many segments it was made for.
        capacity: u64,
    },
    /// A Bloom filter of a size that cannot be.
    #[error("no filter can have room for {capacity} segments at a rate of {rate}: {why}")]
    BadFilter {
        /// How many segments were asked for.
        capacity: u64,
        /// Which rate of wrong answers was asked for.
        rate: f64,
        /// What is wrong with that.
        why: &'static str,
    },
    /// The store does not keep what the answer needs.
    #[error("{store} cannot {what}: it does not keep documents")]
    Unsupported {
        /// Which kind of store.
        store: &'static str,
        /// What was asked for.
        what: &'static str,
    },
    /// Reading or writing failed.
    #[error("{what}: {source}")]
    Io {
        /// What was read or written.
        what: String,
        /// The system's answer.
        source: io::Error,
    },
}
