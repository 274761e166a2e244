//! Finds near duplicates: texts that are equal or similar, such as one news story in several
//! outlets, or a page at two addresses with different dates.
//!
//! A [`Shingler`] splits a text into [`Shingles`], by default every run of five words. The
//! similarity of two texts is the Jaccard similarity of their shingles, and the containment of a
//! text in another one is the share of its shingles that the other one has too. [MinHash
//! sketches](MinHash) and their [`Bands`] select the candidates (Leskovec, Rajaraman and Ullman,
//! *Mining of Massive Datasets*, chapter 3), and each candidate is then verified by its shingles.
//!
//! | to find | use |
//! |---|---|
//! | all pairs of near duplicates in a list of texts | [`pairs`] |
//! | the texts of a list to keep, and the near duplicates of each | [`cluster`] |
//! | near duplicates of texts or paragraphs that arrive one at a time, with an index in memory or on disk | [`LshIndex`] |
//! | the parts that two texts share | [`Shingler::common_spans`] |
//!
//! # Example: one story in several outlets
//!
//! ```
//! use refrain::near::{Keep, NearOptions, Shingler, cluster};
//!
//! let agency = "\
//! The harbor ferry sails again from Monday at nine, after two months in dock.
//! Tickets cost as much as they did before, the operator says,
//! and bicycles travel free until the end of May.";
//! let shortened = "\
//! Ferry back: The harbor ferry sails again from Monday at nine, after two months in dock.
//! Tickets cost as much as they did before, the operator says.";
//! let other = "A storm closed the harbor on Sunday night, and the ferry did not sail.";
//!
//! let shingler = Shingler::new();
//! let texts = [agency, shortened, other].map(|text| shingler.shingle(text));
//! let options = NearOptions::new(0.8)?.containment(0.8)?;
//! let assignments = cluster(&texts, &options, &Keep::Longest).into_items();
//! assert!(assignments[0].is_kept() && assignments[2].is_kept());
//! assert_eq!(assignments[1].duplicate_of(), Some(0));
//! assert!(assignments[1].similarity() < 0.8 && assignments[1].containment() > 0.9);
//!
//! let common = shingler.common_spans(shortened, agency);
//! assert_eq!(&shortened[common[0].first()], &shortened["Ferry back: ".len()..]);
//! # Ok::<(), refrain::error::NearError>(())
//! ```
//!
//! # Example: a paragraph that was edited slightly
//!
//! ```
//! use refrain::Document;
//! use refrain::near::{LshIndex, NearOptions, Shingler};
//!
//! let shingler = Shingler::new().words_per_shingle(3);
//! let index = LshIndex::new(&shingler, NearOptions::new(0.5)?);
//! let first = "\
//! Harbor news
//! The ferry sails again on Monday at nine from the old harbor, and tickets cost as before.";
//! let parts = shingler.shingle_segments(&Document::new(first));
//! index.insert_parts("https://a.example/1", &parts)?;
//!
//! let second = "\
//! The ferry sails again on Monday at ten from the old harbor, and tickets cost as before.
//! More soon.";
//! let parts = shingler.shingle_segments(&Document::new(second));
//! let neighbors = index.query(&parts[0])?;
//! let neighbor = neighbors.iter().next().expect("the paragraph differs in one word");
//! assert_eq!((neighbor.document_id(), neighbor.part()), ("https://a.example/1", 1));
//! assert!(first[neighbor.span()].starts_with("The ferry sails again on Monday at nine"));
//! assert!(index.query(&parts[1])?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is a shingle?
//!
//! A run of five words, or of [another number](Shingler::words_per_shingle). A word is a run of
//! letters, combining marks and digits of the canonical form, so neither case nor anything between
//! the words makes a difference: punctuation, quotes, white space. Shingles are counted: a text and
//! the same text twice in a row have a similarity of about 1/2, although the containment of the
//! shorter one is 1.
//!
//! # What is guaranteed?
//!
//! No false positives, unless hashes of 64 bits collide: the similarity and the containment of each
//! result are computed from all shingles of both texts. Results may be missing. A pair whose
//! similarity equals the threshold becomes a candidate with a probability of at least 99 %, or the
//! one that [`NearOptions::recall`] sets, and a more similar pair with a greater probability.
//! [`NearOptions::containment`] states how often a pair that reaches only the threshold of
//! containment is missed. [Verifying](NearOptions::verify) a candidate may stop early, which misses
//! fewer than 1 in 10,000 near duplicates. A text is compared with a [limited
//! number](NearOptions::max_candidates) of others. If more texts have a passage in common, such as
//! a legal notice, some candidates are skipped. Read
//! [`skipped_candidates`](BatchResult::skipped_candidates) first: if it is not 0, pairs may be
//! missing, and [`NearOptions::max_candidates`] can be raised.

mod bands;
mod batch;
mod candidates;
mod cluster;
mod common_spans;
mod keys;
mod lsh_index;
mod minhash;
mod neighbors;
mod options;
mod pairs;
mod simhash;
mod table;

pub use bands::Bands;
pub use batch::BatchResult;
pub use cluster::{Assignment, Keep, cluster, cluster_of_pairs, cluster_while, transitive_clusters};
pub use common_spans::CommonSpan;
pub use lsh_index::LshIndex;
pub use minhash::MinHash;
pub use neighbors::{Neighbor, Neighbors};
pub use options::NearOptions;
pub use pairs::{Pair, pairs, pairs_while};
pub use simhash::SimHash;

pub use crate::shingle::{Overlap, Shingler, Shingles};
pub use crate::store::Insertion;
