//! Finds repeated text: inside one document, across the pages of a site, and across a whole corpus.
//!
//! Each answer has exact byte spans in the original text. Text is removed only on request, each
//! removal has a named reason, and the last copy of anything is never removed.
//!
//! | part | task |
//! |---|---|
//! | [`clean`], [`Cleaner`], [`Policy`] | remove repeated text from one document, with reasons |
//! | [`Document`], [`Repeats`](repeats::Repeats) | split a text into segments and list the repeats, without a decision |
//! | [`edits`] | the spans that a cleaner removes, and cuts by spans from elsewhere |
//! | [`report`] | repeats and decisions as an HTML page or as text for a terminal |
//! | [`Index`](index::Index) | compare documents with earlier ones, and find the boilerplate of a site |
//! | [`near`] | find near duplicates |
//! | [`Fingerprint`] | a stable 128-bit hash of the canonical form of a text |
//!
//! # Example: clean a scraped page
//!
//! ```
//! let page = "\
//! Ferry returns
//! The first crossing left at nine, with bicycles on board.
//! Tickets cost as much as before.
//! The first crossing left at nine, with bicycles on board.
//! Tickets cost as much as before.
//! ";
//! let clean = "\
//! Ferry returns
//! The first crossing left at nine, with bicycles on board.
//! Tickets cost as much as before.
//! ";
//! assert_eq!(refrain::clean(page), clean);
//! ```
//!
//! # Example: list the removals and their reasons
//!
//! ```
//! use refrain::Cleaner;
//!
//! let page = "\
//! Ferry returns
//! The first crossing left at nine, with bicycles on board.
//! Tickets cost as much as before.
//! The first crossing left at nine, with bicycles on board.
//! Tickets cost as much as before.
//! ";
//! let edits = Cleaner::new().edits(page);
//! for removal in &edits {
//!     assert_eq!(&page[removal.copy()], &page[removal.original()]);
//!     assert_eq!(removal.reason(), "document");
//! }
//! assert_eq!(edits.len(), 1);
//! assert_eq!(edits.apply(), &page[..103]);
//! ```
//!
//! # Example: choose a policy, and add a rule
//!
//! ```
//! use refrain::{Cleaner, Decision, Policy, Rule};
//!
//! let page = "\
//! Ferries of the harbor
//! Timetable and map
//! Tickets and prices
//! Bicycles and dogs
//! Contact
//! The ferry sails again after two winters in dock.
//! The first crossing left at nine, with bicycles on board.
//! Ferries of the harbor
//! Timetable and map
//! Tickets and prices
//! Bicycles and dogs
//! Contact
//! ";
//! // The default keeps the menu at the end; the policy for web pages removes it.
//! assert_eq!(refrain::clean(page), page);
//! let scraper = Cleaner::new().policy(Policy::scraper());
//! assert_eq!(scraper.clean(page).lines().count(), 7);
//!
//! // A policy is a set of rules, and a rule of your own is asked first.
//! let without = Cleaner::new().policy(Policy::scraper().without(Rule::Menu));
//! assert_eq!(without.clean(page), page);
//! let careful = scraper.rule("tickets", |block| (block.len() == 5).then_some(Decision::Keep));
//! let edits = careful.edits(page);
//! assert!(edits.kept().any(|decision| decision.reason() == "tickets"));
//! ```
//!
//! # Example: list the repeats, without a decision
//!
//! ```
//! use refrain::Document;
//!
//! let page = "\
//! First crossing.
//! Tickets.
//! Bicycles.
//! First crossing.
//! Watch the video
//! Tickets.
//! Bicycles.
//! ";
//! let document = Document::new(page);
//! let repeats = document.repeats();
//!
//! // Families of exact copies.
//! let original = |family: refrain::repeats::Family| &page[family.original().span()];
//! let families: Vec<_> = repeats.families().map(original).collect();
//! assert_eq!(families, ["First crossing.", "Tickets.\nBicycles."]);
//!
//! // Blocks, aligned with holes.
//! let blocks = repeats.blocks();
//! assert_eq!(blocks.len(), 1);
//! assert_eq!(blocks[0].original().segments(), 0..3);
//! assert_eq!(blocks[0].copy().segments(), 3..7);
//! let holes: Vec<_> = blocks[0].holes().map(|hole| hole.copy()).collect();
//! assert_eq!(holes, [4..5]);
//! ```
//!
//! # Example: compare pages of a crawl
//!
//! ```
//! use refrain::Document;
//! use refrain::index::{Index, Page};
//!
//! let index = Index::new();
//! let pages = ["Menu\nA story.", "Menu\nAnother story.", "MENU\nA  story."];
//! for (number, text) in pages.iter().enumerate() {
//!     let (id, document) = (number.to_string(), Document::new(text));
//!     let page = Page { id: &id, scope: "a.example", document: &document };
//!     let result = index.query_and_insert(page)?;
//!     if number == 2 {
//!         let run = &result.matched_runs()?[0];
//!         assert_eq!((run.document(), run.source().span()), ("0", (0..13).into()));
//!         assert_eq!(result.seen_share(), 1.0);
//!     }
//! }
//! # Ok::<(), refrain::error::IndexError>(())
//! ```
//!
//! An index can be stored on disk, and lists the boilerplate of a site: see [`index`].
//!
//! # Example: the same story from another outlet
//!
//! ```
//! use refrain::near::{NearOptions, Shingler, pairs};
//!
//! let shingler = Shingler::new().words_per_shingle(3);
//! let texts = [
//!     "The ferry sails again at nine.",
//!     "A storm is near.",
//!     "News: the ferry sails again at nine.",
//! ];
//! let shingles = texts.map(|text| shingler.shingle(text));
//! let pairs = pairs(&shingles, &NearOptions::new(0.5)?).into_items();
//! assert_eq!((pairs.len(), pairs[0].first(), pairs[0].second()), (1, 0, 2));
//! assert_eq!((pairs[0].similarity(), pairs[0].containment()), (0.8, 1.0));
//! # Ok::<(), refrain::error::NearError>(())
//! ```
//!
//! For clusters, a persistent index, paragraphs and the parts that two texts share, see [`near`].
//!
//! # Example: paragraphs as segments, and numbers that may differ
//!
//! ```
//! use refrain::{Cleaner, Normalization, Options, Policy, Segmentation};
//!
//! # fn main() -> Result<(), refrain::error::NormalizationError> {
//! let options = Options::new()
//!     .segmentation(Segmentation::Paragraphs)
//!     .normalization(Normalization::TEXT.fold_digits());
//! let cleaner = Cleaner::new().options(options).policy(Policy::drop_all());
//! let wrapped = "\
//! Read at 9:15 by
//! the harbor.
//!
//! Next.
//!
//! Read at 9:41
//! by the harbor.
//! ";
//! assert_eq!(cleaner.clean(wrapped), "Read at 9:15 by\nthe harbor.\n\nNext.\n");
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
//! let pages = [
//!     "Harbor\nNo ferry sails before noon.\nNo ferry sails before noon.\n",
//!     "Harbor\nThe ferry sails at nine.\n",
//! ];
//! for page in pages {
//!     let clean = cleaner.clean_with(page, &mut workspace);
//!     assert_eq!(clean.lines().count(), 2);
//! }
//! ```
//!
//! With the feature `rayon`, `Cleaner::par_clean` cleans a list of texts on the threads of a pool.
//!
//! # Segments
//!
//! A segment is a span of text that is compared as a whole, without white space around it.
//! [`Segmentation`] finds lines, paragraphs between blank lines, and, with the feature `uax29`,
//! sentences and words; [`Document::from_spans`] accepts spans of your own. Two paragraphs that
//! differ in one word are two different segments. By default ([`Segmentation::Auto`]) segments are
//! lines, and a cleaner also compares the sentences inside each line of 300 bytes or more.
//!
//! # Equality
//!
//! Two segments are equal if their [canonical forms](Normalization) are. By default these ignore
//! case, white space, Unicode normal form, invisible characters, and the style of quotes and
//! dashes. The forms themselves are compared; a fingerprint only finds candidates. Spans refer to
//! the original text, because it is split into segments before any canonical form is computed.
//!
//! # Which copy is kept
//!
//! The first one. Every removed segment has an equal one in the text that is left, and a text is
//! never emptied. The exception is a [loop inside a line](Policy#loops-inside-a-line), whose copies
//! may differ from the first one in accents. The default policy removes only repetition that
//! software produces; [`Policy`] lists its rules.
//!
//! # Stability of fingerprints
//!
//! Fingerprints do not change within one [`Fingerprint::SCHEME`]. A scheme names one Unicode
//! version, whose tables are part of this crate: a newer compiler or a newer
//! `unicode-normalization` changes nothing.
//!
//! # Hostile texts
//!
//! Nothing panics on any `&str`. Time is linear in the length of a text, except for sorting the
//! repeats. Memory is linear in the number of segments: some 40 bytes a segment for reading, up to
//! 125 more for each repeated segment for finding, and up to 950 for cleaning. XXH3 is not a
//! cryptographic hash: an attacker who knows the seed can construct texts that collide, which costs
//! time and makes no different texts equal. [`Options::seed`] with a secret value prevents that.
//!
//! # Features
//!
//! None is enabled by default.
//!
//! * `bloom`: `index::Bloom`, an index that answers whether a segment was seen and not where, with
//!   the `fastbloom` crate.
//! * `disk`: `index::Disk`, an index in a folder, with the `fjall` crate. It needs Rust 1.90; the
//!   other features need 1.85.
//! * `rayon`: `Cleaner::par_clean` and `Cleaner::par_edits`, for many texts at once, and threads
//!   for those calls of an index that take a list.
//! * `serde`: `Serialize` for results, and `Serialize` and `Deserialize` for options.
//! * `uax29`: [`Segmentation`] by sentences and words, with the `unicode-segmentation` crate.

#![warn(missing_docs)]
// Nothing panics on any text: what cannot fail is written so that it cannot.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

mod clean;
mod document;
pub mod edits;
pub mod error;
mod fingerprint;
mod hash;
pub mod index;
pub mod near;
mod normalize;
mod options;
mod policy;
pub mod repeats;
pub mod report;
mod segment;
mod shingle;
mod similar;
mod span;
mod unicode;
mod work;
mod workspace;

pub use clean::{Cleaner, clean};
pub use document::{Document, Segment};
pub use fingerprint::{Fingerprint, Fingerprinter, fingerprint};
pub use normalize::Normalization;
pub use options::Options;
pub use policy::{Decision, Policy, Rule};
pub use segment::Segmentation;
pub use span::Span;
pub use workspace::Workspace;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
