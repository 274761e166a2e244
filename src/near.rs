//! Texts that are alike and not equal: the same story from another outlet, a page under two addresses with
//! another date.
//!
//! Texts become [`Shingles`], every five words in a row. Two that share many resemble each other; that is
//! looked at in full for every pair this module names, and a [`MinHash`] only says which pairs are worth
//! looking at.
//!
//! * [`pairs`] and [`cluster`] take a list of texts: all pairs, or a verdict for each, which is kept and which
//!   is whose duplicate.
//! * [`LshIndex`] remembers texts, in memory or on disk, and is asked text by text, or paragraph by
//!   paragraph.
//! * [`Shingler::common_spans`] says which parts of two texts are the same.
//!
//! # Example: the same story in several outlets
//!
//! ```
//! use refrain::near::{NearOptions, Keep, Shingler, cluster};
//!
//! let agency = "The harbour ferry sails again from Monday at nine, after two months in dock. Tickets cost as much as \
//!     they did before, the operator says, and bicycles go free until the end of May.";
//! let cut = "Ferry back: The harbour ferry sails again from Monday at nine, after two months in dock. Tickets cost as much as \
//!     they did before, the operator says.";
//! let other = "A storm closed the harbour on Sunday night, and the ferry did not sail.";
//! let shingler = Shingler::new();
//! let texts = [agency, cut, other].map(|text| shingler.shingle(text));
//! let options = NearOptions::new(0.8)?.containment(0.8)?;
//! let members = cluster(&texts, &options, &Keep::Longest).into_items();
//! assert_eq!(members[1].duplicate_of(), Some(0));
//! assert!(members[1].similarity() < 0.8 && members[1].containment() > 0.9);
//! assert!(members[0].is_kept() && members[2].is_kept());
//!
//! let shared = shingler.common_spans(cut, agency);
//! assert_eq!(&cut[shared[0].first()], &cut[12..]);
//! # Ok::<(), refrain::error::NearError>(())
//! ```
//!
//! # Example: a paragraph that is a light rewrite of another
//!
//! ```
//! use refrain::Document;
//! use refrain::near::{NearOptions, LshIndex, Shingler};
//!
//! let shingler = Shingler::new().words_per_shingle(3);
//! let index = LshIndex::new(&shingler, NearOptions::new(0.5)?);
//! let first = "Harbour news\nThe ferry sails again on Monday at nine from the old harbour, and tickets cost as before.";
//! index.insert_parts("https://a.example/1", &shingler.shingle_segments(&Document::new(first)))?;
//!
//! let text = "The ferry sails again on Monday at ten from the old harbour, and tickets cost as before.\nMore soon.";
//! let parts = shingler.shingle_segments(&Document::new(text));
//! let near = index.query(&parts[0])?;
//! let found = near.iter().next().expect("it is a rewrite");
//! assert_eq!((found.document(), found.part(), found.span()), ("https://a.example/1", 1, (13..first.len()).into()));
//! assert!(index.query(&parts[1])?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is a shingle?
//!
//! Five words in a row, or as many as you say, of the canonical form: case, punctuation, quotes and white
//! space make no difference. Shingles are counted: a text and the same text doubled do not resemble each
//! other by more than a half, though the one is contained in the other.
//!
//! # What is promised?
//!
//! Every pair that is named resembles each other by as much as it says. That every pair is named is likely,
//! not certain: 99 in 100 of those at the threshold, unless [`NearOptions::recall`] says otherwise, and nearly
//! all well above it. Where more texts share a template than are [compared](NearOptions::candidates), the answer
//! says how many were left out.

mod bands;
mod batch;
mod candidates;
mod cluster;
mod common_spans;
mod lsh_index;
mod minhash;
mod options;
mod pairs;
mod simhash;
mod table;

pub use bands::Bands;
pub use batch::BatchResult;
pub use cluster::{Assignment, Keep, cluster, transitive_clusters};
pub use common_spans::CommonSpan;
pub use lsh_index::{LshIndex, Neighbor, Neighbors};
pub use minhash::MinHash;
pub use options::NearOptions;
pub use pairs::{Pair, pairs};
pub use simhash::SimHash;

pub use crate::shingle::{Shingler, Shingles};
