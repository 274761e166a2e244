//! Finds what a text says twice.

mod clean;
mod document;
mod edit;
pub mod error;
mod fingerprint;
mod normalize;
mod options;
mod policy;
mod repeats;
mod segment;
mod span;
mod steps;
mod unicode;

pub use clean::{Cleaner, clean};
pub use document::{Document, Segment};
pub use edit::{Edit, EditList, Kind, Verdict};
pub use fingerprint::{Fingerprint, Fingerprinter, fingerprint};
pub use normalize::{Normalization, Switch};
pub use options::Options;
pub use policy::Policy;
pub use repeats::{Family, Occurrence, Repeats};
pub use segment::Segmentation;
pub use span::Span;

/// The iterators that methods of this crate return.
pub mod iter {
    pub use crate::document::Segments;
    pub use crate::repeats::{Copies, Families, Occurrences};
}
