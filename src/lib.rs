//! Finds repeated text: inside one document, across the pages of a site, and across a whole corpus.
//!
//! Repeats and removals are byte spans of the original text. Text is removed only on request, and
//! each removal has a named reason. When one document is cleaned, the first occurrence of a segment
//! is kept, with [few exceptions](#which-copy-is-kept).
//!
//! # Which part do I need?
//!
//! | task | part |
//! |---|---|
//! | remove repeated text from one document | [`clean()`], [`Cleaner`] |
//! | choose what is removed | [`Policy`], [`Rule`], [`Decision`] |
//! | list the removals and decisions | [`edits`] |
//! | clean paragraphs, records or segments of your own | [`Cleaner::clean_paragraphs`], [`Cleaner::edits_of`] |
//! | cut spans or segments that were found elsewhere | [`edits::cut`], [`Document::remove_segments`] |
//! | convert spans to code points or UTF-16 | [`edits::Positions`] |
//! | list the repeats of one document, without decisions | [`Document`], [`repeats`] |
//! | show repeats and decisions as HTML or in a terminal | [`report`] |
//! | find segments that earlier documents have, and the boilerplate of a site | [`index`] |
//! | find out which segments are new, and nothing else | [`index::Deduplicator`] |
//! | keep an index on disk | the package `refrain-disk`, or an [`index::store`] of your own |
//! | find near duplicates | [`near`] |
//! | find or cut exact passages that documents copy from each other, or find an evaluation set in a corpus | [`passages`] |
//! | hash a text without regard to case, white space or the style of quotes | [`fingerprint()`], [`Fingerprint`], [`Fingerprinter`] |
//! | leave times, numbers or list marks at the start of lines out of the comparison | [`records`] |
//! | choose the segments, and when two of them are equal | [`Options`], [`Segmentation`], [`Normalization`] |
//! | process millions of texts | [`Workspace`], and the feature `rayon` |
//! | handle errors | [`error`] |
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
//! // The text up to the second copy is left.
//! assert_eq!(edits.apply(), &page[..page.rfind("The first").unwrap()]);
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
//! // A policy is a set of rules. A rule of your own is applied before them.
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
//! // Each family has an original and its exact copies.
//! let original = |family: refrain::repeats::Family| &page[family.original().span()];
//! let families: Vec<_> = repeats.families().map(original).collect();
//! assert_eq!(families, ["First crossing.", "Tickets.\nBicycles."]);
//!
//! // A block aligns an original and a copy. A hole has the segments without a partner.
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
//! use refrain::index::{Detail, Index, Page};
//!
//! let index = Index::new();
//! let pages = ["Menu\nA story.", "Menu\nAnother story.", "MENU\nA  story."];
//! for (number, text) in pages.iter().enumerate() {
//!     let (id, document) = (number.to_string(), Document::new(text));
//!     let page = Page { id: &id, scope: "a.example", document: &document };
//!     let (result, _) = index.query_and_insert(page, Detail::Runs)?;
//!     if number == 2 {
//!         let run = &result.matched_runs()[0];
//!         assert_eq!((run.document_id(), run.source().span()), ("0", (0..13).into()));
//!         assert_eq!(result.seen_share(), 1.0);
//!     }
//! }
//! # Ok::<(), refrain::error::IndexError>(())
//! ```
//!
//! The module [`index`] also lists the boilerplate of a site. The package `refrain-disk` has a
//! store for an index on disk.
//!
//! # Example: find the same story on another site
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
//! The module [`near`] also has clusters, an index, the comparison of paragraphs, the spans that
//! two texts share, and keys with which a database can group the texts.
//!
//! # Example: compare paragraphs, and ignore the digits in them
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
//! With the feature `rayon`, `Cleaner::par_clean` cleans a list of texts on a pool of threads.
//!
//! # Segments
//!
//! A segment is a span of the text that is compared as a whole, without white space at its ends.
//! One changed word makes two segments different; [`Document::similar_segments`] finds such
//! segments if they have about 60 letters and digits or more. A [`Segmentation`] splits a text into
//! lines, paragraphs or, with the feature `uax29`, sentences or words. [`Document::from_spans`]
//! accepts spans of your own.
//!
//! By default ([`Segmentation::Auto`]), segments are lines, and a cleaner also compares the
//! sentences inside each line of 300 bytes or more (60 with the rule [`Rule::Stutter`]), and runs
//! of lines that are equal apart from their line breaks.
//!
//! # Equality
//!
//! Two segments are equal if their [canonical forms](Normalization) are. By default, these ignore
//! case, white space, Unicode normal form, compatibility variants, invisible characters, and the
//! style of quotes and dashes.
//!
//! Within a document, fingerprints only find candidates: the forms themselves are compared. An
//! index compares fingerprints only, see [hostile texts](#hostile-texts). Spans refer to the
//! original text, because it is split into segments before any canonical form is computed.
//!
//! # Which copy is kept
//!
//! By default, only repetition that looks as if software produced it is removed; [`Policy`] lists
//! the rules. A [`Cleaner`] never empties a text. When one document is cleaned, the first
//! occurrence, the original, is kept, and for each removed segment an equal one remains, with these
//! exceptions:
//!
//! * A line that has lost a part is compared by its remaining text, and may then be removed as a
//!   copy.
//! * Lines may be removed as copies of lines with [other line breaks](Policy#other-line-breaks).
//! * With the rule [`partial`](Policy#parts-of-lines), or a rule of your own, a copy that was cut
//!   off inside its last line loses this line too, although only a longer line that begins with it
//!   is kept. Inside a long line, the last sentence of a copy and the sentence before a copy are
//!   treated in the same way.
//! * The removed copies of a [loop inside a line](Policy#loops-inside-a-line) may differ in case
//!   and in combining marks, such as accents, from the unit that is kept, and a removed
//!   [overlap](Rule::Overlap) may differ in case and punctuation from the text that is kept.
//! * [`Policy::scraper`] does not compare leading list marks, and [`Policy::transcript`] does not
//!   compare leading times and numbers (see [`Policy::leading`]; [`Options::skip_leading`] sets
//!   others), so a removed segment may differ in these from the one that is kept.
//! * With [`Policy::similar`], a similar segment of at least the same weight (letters and digits)
//!   may be kept in place of the removed one, or a later segment that begins with the same words
//!   and goes on.
//!
//! # Stability of fingerprints
//!
//! With the same seed and normalization, fingerprints do not change within one
//! [`Fingerprint::SCHEME`]. A scheme has one Unicode version, whose tables are part of this crate,
//! so a newer compiler or a newer version of a dependency changes no fingerprint.
//!
//! # Hostile texts
//!
//! No function panics on any `&str`. The only panic is that of `text[span]`, as with any range, if
//! the [`Span`] does not fit the text, for example because it belongs to another text. Cleaning a
//! text of n bytes takes O(n) time plus the time to sort its repeats, at most O(n log n) in total,
//! unless the text was constructed so that hashes collide.
//!
//! Memory is linear: about 40 bytes for each segment of a [`Document`]. In addition, for each
//! occurrence of a repeated segment, finding the repeats takes up to 125 bytes, [aligning
//! them](repeats::Repeats::blocks) up to 500, and cleaning, which finds and aligns them, up to 950.
//! If the text has copies with [other line breaks](Policy#other-line-breaks), cleaning takes up to
//! 950 bytes for every line, repeated or not. A long line that is searched for loops takes up to 75
//! bytes for each of its bytes.
//!
//! XXH3 is not a cryptographic hash. An attacker who knows the seed can construct texts whose
//! fingerprints collide, and the default seed, 0, is known. In a document this costs time, up to
//! O(n²) for n segments with one fingerprint, and never makes different segments equal. The types
//! of [`index`] compare fingerprints only, [`near`] compares hashes of 64 bits, and [`passages`] of
//! 32 bits, so a collision makes two segments, shingles or words equal there. For hostile text, set
//! a secret seed for each: [`Options::seed`], [`Shingler::seed`](near::Shingler::seed) and
//! [`PassageOptions::seed`](passages::PassageOptions::seed).
//!
//! # Features
//!
//! No feature is enabled by default.
//!
//! * `bloom`: [`index::BloomFilter`](index), which answers only whether a segment was seen. Depends
//!   on the crate `fastbloom`.
//! * `rayon`: [`Cleaner::par_clean` and `Cleaner::par_edits`](Cleaner), which clean many texts on a
//!   pool of threads, and threads for [`Index::query_all`](index::Index::query_all), for the
//!   methods of [`passages`] that take a list, and for [`near::pairs`] and [`near::cluster`].
//! * `serde`: `Serialize` for results (a [`Block`](repeats::Block) only as a part of its decision),
//!   except for [`Shingles`](near::Shingles), [`MinHash`](near::MinHash),
//!   [`SimHash`](near::SimHash), [`Report`](report::Report) and
//!   [`Boilerplate`](index::Boilerplate); `Serialize` and `Deserialize` for [`Span`],
//!   [`Fingerprint`], [`Findings`](passages::Findings), and types with options, such as [`Options`]
//!   and [`Policy`].
//! * `uax29`: [`Segmentation::Sentences` and `Segmentation::Words`](Segmentation). Depends on the
//!   crate `unicode-segmentation`.
//!
//! The file `docs/guide.md` of the package explains the concepts, with examples.

#![warn(missing_docs)]
// docs.rs names the feature that an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]
// No function panics on any text, so methods that panic are forbidden outside of tests.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

mod bytes;
mod clean;
mod codec;
mod document;
pub mod edits;
pub mod error;
mod fingerprint;
mod hash;
mod id;
pub mod index;
pub mod near;
mod normalize;
mod options;
pub mod passages;
mod policy;
pub mod records;
pub mod repeats;
pub mod report;
mod segment;
mod shingle;
mod similar;
mod span;
mod store;
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

/// The examples of the README, as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The examples of the guide, as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/guide.md")]
struct Guide;
