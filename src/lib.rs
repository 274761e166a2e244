//! Finds what a text says twice: paragraph fingerprints and repeated blocks, with exact spans in the original
//! text, a reason for every verdict, and, only if asked, the text without what goes.
//!
//! The types that matter:
//!
//! * [`Document`] is a text cut into segments, lines unless you say otherwise, with a [`Fingerprint`] for each.
//! * [`Repeats`] is what stands more than once in it: [families](Family) of an original and its copies.
//! * [`Policy`] says which copies go; the answer is an [`EditList`] of spans and reasons.
//!
//! [`clean`] is all of that in one call, and [`report`] shows it: a page, a text for a terminal, a JSON object.
//!
//! # Example: clean a scraped page
//!
//! ```
//! let page = "Ferry returns\nIt sails at nine.\nTickets as before.\nIt sails at nine.\nTickets as before.";
//! assert_eq!(refrain::clean(page), "Ferry returns\nIt sails at nine.\nTickets as before.\n");
//! ```
//!
//! # Example: see what repeats, and where
//!
//! ```
//! use refrain::Document;
//!
//! let page = "Ferry returns\nIt sails at nine.\nTickets as before.\nIt sails at nine.\nTickets as before.";
//! let doc = Document::new(page);
//! let repeats = doc.repeats();
//! for family in &repeats {
//!     assert_eq!(family.original().span(), 14..50);
//!     assert_eq!(family.original().segments(), 1..3);
//!     assert!(family.copies().map(|copy| copy.span()).eq([51..87]));
//! }
//! ```
//!
//! # Example: decide what goes, and say why
//!
//! ```
//! use refrain::{Document, Policy};
//!
//! let page = "Ferry returns\nIt sails at nine.\nTickets as before.\nIt sails at nine.\nTickets as before.";
//! let edits = Policy::default().settle(&Document::new(page));
//! assert!(edits.spans().eq([51..87]));
//! let verdict = &edits.verdicts()[0];
//! assert_eq!(verdict.original().span(), 14..50);
//! assert_eq!(verdict.reason(), "document repeated");
//! assert_eq!(edits.apply(), &page[..51]);
//! ```
//!
//! # Example: compare pages of a crawl
//!
//! ```
//! use refrain::{Document, Index};
//!
//! let index = Index::new();
//! let pages = ["Menu\nA story.", "Menu\nAnother story.", "MENU\nA  story."];
//! for (page, text) in pages.iter().enumerate() {
//!     let doc = Document::new(text);
//!     let seen = index.look_and_learn(&page.to_string(), "a.example", &doc)?;
//!     if page == 2 {
//!         let block = &seen.blocks()?[0];
//!         assert_eq!((block.document(), block.there().span()), ("0", (0..13).into()));
//!         assert_eq!(seen.share(), 1.0);
//!     }
//! }
//! # Ok::<(), refrain::error::IndexError>(())
//! ```
//!
//! It can be kept on disk, says what the pages of a site have in common, and more: see [`index`].
//!
//! # Example: the same story from another outlet
//!
//! ```
//! use refrain::near::{Criteria, Shingler, pairs};
//!
//! let mut shingler = Shingler::new().size(3);
//! let texts = ["The ferry sails again at nine.", "A storm is near.", "News: the ferry sails again at nine."];
//! let shingles = texts.map(|text| shingler.read(text));
//! let pairs = pairs(&shingles, &Criteria::new(0.5)?).into_items();
//! assert_eq!((pairs.len(), pairs[0].a(), pairs[0].b()), (1, 0, 2));
//! assert_eq!((pairs[0].resemblance(), pairs[0].containment()), (0.8, 1.0));
//! # Ok::<(), refrain::error::NearError>(())
//! ```
//!
//! Clusters, an index that lasts, paragraphs, and what two texts share: see [`near`].
//!
//! # Example: other segments, another idea of equal
//!
//! ```
//! use refrain::{Cleaner, Normalization, Options, Policy, Segmentation, Switch};
//!
//! # fn main() -> Result<(), refrain::error::NormalizationError> {
//! let options = Options::new()
//!     .segmentation(Segmentation::Blocks)
//!     .normalization(Normalization::TEXT.with(Switch::Digits)?);
//! let cleaner = Cleaner::new().options(options).policy(Policy::All);
//! let wrapped = "Read at 9:15 by\nthe harbour.\n\nNext.\n\nRead at 9:41\nby the harbour.\n";
//! assert_eq!(cleaner.clean(wrapped), "Read at 9:15 by\nthe harbour.\n\nNext.\n");
//! # Ok(())
//! # }
//! ```
//!
//! # Example: clean millions of pages
//!
//! ```
//! use refrain::{Cleaner, Workspace};
//!
//! let cleaner = Cleaner::new();
//! let mut workspace = Workspace::new();
//! for page in ["Once.\nTwice.\nTwice, too.\nTwice.\nTwice, too.", "Once.\nAnd for all."] {
//!     let clean = cleaner.clean_with(page, &mut workspace);
//!     assert_eq!(clean.matches("Twice.").count(), usize::from(page.contains("Twice")));
//! }
//! ```
//!
//! With the feature `rayon`, `Cleaner::par_clean` takes all of them at once, on as many threads as there are.
//!
//! # What is a segment?
//!
//! The piece of text that is compared as a whole, without white space around it. [`Segmentation`] finds lines, blocks
//! between blank lines, and, with the feature `uax29`, sentences and words; [`Document::from_spans`] takes those
//! that you found. A block that repeats is a run of segments: two paragraphs that differ in one word are two
//! different segments.
//!
//! # What is equal?
//!
//! Two segments whose [canonical forms](Normalization) are: by default, texts that differ in case, white space,
//! Unicode normal form, invisible characters, or the style of quotes and dashes. The forms themselves are compared;
//! a fingerprint only says where to look. Spans mean the original text all the same, because it is cut into
//! segments before any form is made.
//!
//! # Example: a second copy with something in it
//!
//! ```
//! use refrain::Document;
//!
//! let page = "First crossing.\nTickets.\nBicycles.\nFirst crossing.\nWatch the video\nTickets.\nBicycles.";
//! let doc = Document::new(page);
//! let block = &doc.repeats().blocks()[0];
//! assert_eq!((block.original().span(), block.copy().span()), ((0..34).into(), (35..85).into()));
//! assert_eq!(block.holes().map(|hole| hole.copy()).collect::<Vec<_>>(), [4..5]);
//! assert!(block.coverage() > 0.6 && block.original_coverage() == 1.0);
//! ```
//!
//! # Which copy stays?
//!
//! The first. Every segment that goes has an equal one in what is kept ([`Policy::Longest`] alone may name one that is
//! alike), so nothing is lost, and a document is never
//! emptied. What goes by default is little: see [`Policy::Cautious`].
//!
//! # Will fingerprints change?
//!
//! Not for the same [`Fingerprint::SCHEME`]. A scheme is bound to one Unicode version, whose tables are part of this
//! crate: a newer compiler or a newer `unicode-normalization` changes nothing.
//!
//! # What can a hostile text do?
//!
//! Take time in proportion to its length, and memory in proportion to its length and its number of segments: some 40
//! bytes a segment to read it, some 330 more for each that repeats. Nothing panics on any `&str`. XXH3 is not
//! cryptographic: whoever knows the seed can make texts collide, which makes nothing equal that is not, but takes
//! time; [`Options::seed`] with a secret is for those who fear that.
//!
//! # Features
//!
//! None is on by default.
//!
//! * `bloom`: `index::Bloom`, an index that says whether, not where, with the `fastbloom` crate.
//! * `disk`: `index::Disk`, an index in a folder, with the `fjall` crate. It needs Rust 1.90; the rest needs 1.85.
//! * `rayon`: `Cleaner::par_clean` and `Cleaner::par_settle`, for many texts at once, and threads for those calls of an
//!   index that take a list.
//! * `serde`: `Serialize` and `Deserialize` for options and results. Off, it costs nothing but their derives.
//! * `uax29`: [`Segmentation`] by sentences and words, with the `unicode-segmentation` crate.

#![warn(missing_docs)]
// Nothing panics on any text: what cannot fail is written so that it cannot.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

mod clean;
mod document;
mod edited;
pub mod edits;
pub mod error;
mod fingerprint;
pub mod index;
pub mod near;
mod normalize;
mod options;
mod policy;
mod repeats;
pub mod report;
mod segment;
mod span;
mod steps;
mod unicode;
mod words;
mod workspace;

pub use clean::{Cleaner, clean};
pub use document::{Document, Segment};
pub use edited::Edited;
pub use fingerprint::{Fingerprint, Fingerprinter, fingerprint};
pub use index::Index;
pub use normalize::{Normalization, Switch};
pub use options::Options;
pub use policy::{Decision, Policy, Rule};
pub use repeats::{Block, Family, Hole, Occurrence, Repeats, Run, Tandem};
pub use segment::Segmentation;
pub use span::Span;
pub use workspace::Workspace;

/// The iterators that methods of this crate return.
pub mod iter {
    pub use crate::document::Segments;
    pub use crate::repeats::{Copies, Families, Occurrences};
}

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
