//! Texts that are alike and not equal: the same story from another outlet, a page under two addresses with
//! another date.
//!
//! Texts become [`Shingles`], every five words in a row. Two that share many resemble each other; that is
//! looked at in full for every pair this module names, and a [`Sketch`] only says which pairs are worth
//! looking at.
//!
//! * [`pairs`] and [`stars`] take a list of texts: all pairs, or a verdict for each, which is kept and which
//!   is whose duplicate.
//! * [`LshIndex`] remembers texts, in memory or on disk, and is asked text by text, or paragraph by
//!   paragraph.
//! * [`Shingler::shared`] says which parts of two texts are the same.
//!
//! # Example: the same story in several outlets
//!
//! ```
//! use refrain::near::{Criteria, Keep, Shingler, stars};
//!
//! let agency = "The harbour ferry sails again from Monday at nine, after two months in dock. Tickets cost as much as \
//!     they did before, the operator says, and bicycles go free until the end of May.";
//! let cut = "Ferry back: The harbour ferry sails again from Monday at nine, after two months in dock. Tickets cost as much as \
//!     they did before, the operator says.";
//! let other = "A storm closed the harbour on Sunday night, and the ferry did not sail.";
//! let mut shingler = Shingler::new();
//! let texts = [agency, cut, other].map(|text| shingler.read(text));
//! let criteria = Criteria::new(0.8)?.containment(0.8)?;
//! let members = stars(&texts, &criteria, &Keep::Longest).into_items();
//! assert_eq!(members[1].duplicate_of(), Some(0));
//! assert!(members[1].resemblance() < 0.8 && members[1].containment() > 0.9);
//! assert!(members[0].is_kept() && members[2].is_kept());
//!
//! let shared = shingler.shared(cut, agency);
//! assert_eq!(&cut[shared[0].here()], &cut[12..]);
//! # Ok::<(), refrain::error::NearError>(())
//! ```
//!
//! # Example: a paragraph that is a light rewrite of another
//!
//! ```
//! use refrain::Document;
//! use refrain::near::{Criteria, LshIndex, Shingler};
//!
//! let mut shingler = Shingler::new().size(3);
//! let index = LshIndex::new(&shingler, Criteria::new(0.5)?);
//! let first = "Harbour news\nThe ferry sails again on Monday at nine from the old harbour, and tickets cost as before.";
//! index.learn_parts("https://a.example/1", &shingler.read_segments(&Document::new(first)))?;
//!
//! let text = "The ferry sails again on Monday at ten from the old harbour, and tickets cost as before.\nMore soon.";
//! let parts = shingler.read_segments(&Document::new(text));
//! let near = index.look(&parts[0])?;
//! let found = near.iter().next().expect("it is a rewrite");
//! assert_eq!((found.document(), found.part(), found.span()), ("https://a.example/1", 1, (13..first.len()).into()));
//! assert!(index.look(&parts[1])?.is_empty());
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
//! not certain: 99 in 100 of those at the threshold, unless [`Criteria::recall`] says otherwise, and nearly
//! all well above it. Where more texts share a template than are [compared](Criteria::candidates), the answer
//! says how many were left out.

mod bands;
mod buckets;
mod criteria;
mod listed;
mod lsh;
mod pairs;
mod shared;
mod shingles;
mod simhash;
mod sketch;
mod sort;
mod stars;
mod table;

pub use bands::Bands;
pub use criteria::Criteria;
pub use listed::Outcome;
pub use lsh::{LshIndex, Neighbour, Neighbours};
pub use pairs::{Pair, pairs};
pub use shared::Shared;
pub use shingles::{Shingler, Shingles};
pub use simhash::SimHash;
pub use sketch::Sketch;
pub use stars::{Keep, Member, stars, transitive_clusters};
