//! Finds segments that occur in other documents, and the boilerplate of a site.
//!
//! An [`Index`] stores the fingerprints and spans of documents, and never their text. A query
//! returns, for each segment of a document, the number of inserted documents that have it, and
//! where it occurs in them. Documents are also counted by *scope*, a string that groups documents,
//! usually the host of a page. So segments that most pages of one site share, its boilerplate, can
//! be distinguished from segments that two sites share.
//!
//! # Example: which part of a page is new?
//!
//! ```
//! use refrain::Document;
//! use refrain::index::{Index, Page};
//!
//! let index = Index::new();
//! let first = Document::new("Menu\nThe ferry sails again.\nIt leaves at nine.\nImprint");
//! index.insert(Page { id: "https://a.example/1", scope: "a.example", document: &first })?;
//!
//! let text = "News in brief\nThe ferry sails again.\nIt leaves at nine.\nRead on";
//! let document = Document::new(text);
//! let result = index.query("b.example", &document)?;
//! let new = result.new_runs().map(|run| &text[run.span()]);
//! assert!(new.eq(["News in brief", "Read on"]));
//! assert_eq!(result.matches(1)?[0].document(), "https://a.example/1");
//! let runs = result.matched_runs()?;
//! assert_eq!(runs[0].occurrence().segments(), 1..3);
//! assert_eq!(runs[0].source().span(), 5..46);
//! # Ok::<(), refrain::error::IndexError>(())
//! ```
//!
//! # Example: the boilerplate of a site
//!
//! ```
//! use refrain::Document;
//! use refrain::index::{Index, Page, Thresholds};
//!
//! let texts = ["Home\nA storm.\nImprint", "Home\nA calm.\nImprint", "Home\nA breeze.\nImprint"];
//! let index = Index::new();
//! for (number, text) in texts.iter().enumerate() {
//!     let (id, document) = (number.to_string(), Document::new(text));
//!     index.insert(Page { id: &id, scope: "a.example", document: &document })?;
//! }
//! let boilerplate = index.boilerplate("a.example", Thresholds::new())?;
//! for (segment, index) in boilerplate.iter().zip([0, 2]) {
//!     assert_eq!(segment.document_count(), 3);
//!     assert_eq!(segment.example().segment(), index);
//! }
//!
//! let document = Document::new(texts[1]);
//! assert_eq!(document.remove_segments(&boilerplate.segments(&document)?), "A calm.\n");
//! # Ok::<(), refrain::error::IndexError>(())
//! ```
//!
//! # Which store?
//!
//! | type | content | use |
//! |---|---|---|
//! | [`Memory`] | documents, in memory | indexes that fit: about 36 bytes for each segment, fewer if segments repeat |
//! | `Disk` (feature `disk`) | documents, in a folder | indexes that must last, or exceed the memory |
//! | `Bloom` (feature `bloom`) | no documents | yes or no, in one or two bytes for each segment |
//!
//! If only new segments and the first text with each segment are of interest, a [`Deduplicator`] is
//! faster than an index.
//!
//! # Does a query match the document itself?
//!
//! Only if you inserted it. [`query`](Index::query) compares with every inserted document, so a
//! page that is already in the index matches itself. [`query_excluding`](Index::query_excluding)
//! and [`query_and_insert`](Index::query_and_insert) leave out the document with the same id. The
//! segments of a document are never compared with each other: a line that occurs twice in it is new
//! both times if no inserted document has it.
//!
//! # Order and threads
//!
//! Documents are numbered in the order of insertion, and all answers are in this order. If one
//! thread inserts, or passes a list to [`insert_all`](Index::insert_all) or
//! [`query_and_insert_all`](Index::query_and_insert_all), all results are the same to the byte, for
//! any number of threads of the feature `rayon`. Any number of threads may also call
//! [`query_and_insert`](Index::query_and_insert) on one index: numbers are then given in the order
//! of arrival, and of two documents that share a segment, exactly one matches the other. With a
//! query and an insertion in two calls, two threads may both find a segment new.
//!
//! Documents are split and hashed outside of all locks, which is most of the work. In a store, many
//! threads can query at a time, or one can insert. [`insert_all`](Index::insert_all) on a store in
//! memory, with the feature `rayon`, spreads the insertion over threads.

#[cfg(feature = "bloom")]
mod bloom;
mod boilerplate;
mod deduplicator;
#[cfg(feature = "disk")]
mod disk;
mod frame;
mod longest_match;
mod memory;
mod parameters;
mod place;
mod query;
mod removals;
mod resolve;
mod snapshot;
mod span_codec;
pub mod store;
mod thresholds;

use std::fmt;

#[cfg(feature = "bloom")]
pub use bloom::Bloom;
pub use boilerplate::{Boilerplate, BoilerplateSegment};
pub use deduplicator::{Deduplicator, SegmentStatus};
#[cfg(feature = "disk")]
pub use disk::Disk;
pub use memory::Memory;
pub use place::{Match, MatchedRun};
pub use query::QueryResult;
pub use removals::{Reason, SourcedRemoval, SourcedRemovals};
pub use thresholds::Thresholds;

use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::options::Options;

use parameters::Parameters;
use store::{Query, Record, Store};

/// The maximum number of documents that a [`QueryResult`] lists for a segment.
/// [`Index::matches`] lists all of them.
pub const MAX_LISTED_DOCUMENTS: u32 = 16;

/// A document to be inserted: its id, its scope, and its segments.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The id, such as a URL, under which the document is stored.
    pub id: &'a str,
    /// The group in which the document is counted, such as a host.
    pub scope: &'a str,
    /// The document.
    pub document: &'a Document<'a>,
}

/// An index of the segments of documents. See [the module](self).
///
/// All methods take `&self`, so threads can share an index.
///
/// ```
/// use refrain::Document;
/// use refrain::index::{Index, Page};
///
/// let index = Index::new();
/// let first = Document::new("One.\nTwo.");
/// index.insert(Page { id: "1", scope: "a.example", document: &first })?;
/// let document = Document::new("Two.\nThree.");
/// assert_eq!(index.query("a.example", &document)?.document_count(0), 1);
/// # Ok::<(), refrain::error::IndexError>(())
/// ```
pub struct Index<S = Memory> {
    store: S,
    parameters: Parameters,
}

impl Index {
    /// Creates an empty index in memory for documents that are read with the default options.
    pub fn new() -> Self {
        Self::with_options(&Options::new())
    }

    /// Creates an empty index in memory for documents that are read with these options.
    pub fn with_options(options: &Options) -> Self {
        Self { store: Memory::default(), parameters: Parameters::new(options) }
    }
}

impl<S: Store> Index<S> {
    /// Creates an index in a store of the caller for documents that are read with these options.
    ///
    /// If the store is not empty, its documents must come from an index with the same options. This
    /// is not checked: with other options, equal segments may not be found, and results are wrong.
    /// The store on disk is checked if it is opened with `Index::open`.
    ///
    /// ```
    /// use refrain::index::{Index, Memory, Page};
    /// use refrain::{Document, Options};
    ///
    /// let index = Index::with_store(Memory::default(), &Options::new().seed(7));
    /// let document = Document::new("One.");
    /// assert!(index.insert(Page { id: "1", scope: "", document: &document }).is_err());
    /// ```
    pub fn with_store(store: S, options: &Options) -> Self {
        Self { store, parameters: Parameters::new(options) }
    }
}

impl Default for Index {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Store> Index<S> {
    /// Looks up the segments of `document` in all inserted documents, without inserting it.
    /// Documents of `scope` are also counted separately.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments in memory; a few reads for each segment on disk. Other
    /// documents are read by [`QueryResult::matches`] and [`QueryResult::matched_runs`] only.
    ///
    /// # Errors
    ///
    /// [`IndexError::WrongDocument`] if the document was read with other options than the index
    /// expects; errors of the store.
    pub fn query<'a>(
        &'a self,
        scope: &str,
        document: &'a Document<'_>,
    ) -> Result<QueryResult<'a, S>, IndexError> {
        self.find(scope, document, None)
    }

    /// Like [`query`](Self::query), but leaves out the document that was inserted under `page.id`,
    /// for a second pass over a finished crawl.
    ///
    /// # Errors
    ///
    /// Those of [`query`](Self::query).
    pub fn query_excluding<'a>(&'a self, page: Page<'a>) -> Result<QueryResult<'a, S>, IndexError> {
        self.find(page.scope, page.document, Some(page.id))
    }

    fn find<'a>(
        &'a self,
        scope: &str,
        document: &'a Document<'_>,
        except: Option<&str>,
    ) -> Result<QueryResult<'a, S>, IndexError> {
        self.parameters.check(document)?;
        let query = Query { keys: document.fingerprints(), scope, except, limit: 0 };
        let answer = self.store.find(&query)?;
        let excluded = except.map_or(Ok(None), |id| self.store.number(id))?;
        Ok(QueryResult::new(&self.store, document, answer, excluded))
    }

    /// Inserts a document. A document that was inserted under the same id is replaced, and the new
    /// one is the last in the order of insertion.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments, and that of [`remove`](Self::remove) if the id is known.
    ///
    /// # Errors
    ///
    /// [`IndexError::WrongDocument`] if the document was read with other options than the index
    /// expects; errors of the store. Nothing is inserted in case of an error.
    pub fn insert(&self, page: Page<'_>) -> Result<(), IndexError> {
        self.insert_all(&[page])
    }

    /// Looks up the segments of a document and inserts it as one atomic operation: if two threads
    /// insert documents that share a segment, exactly one of them matches the other. A document
    /// that was inserted under the same id is replaced and not matched.
    ///
    /// # Errors
    ///
    /// Those of [`query`](Self::query) and [`insert`](Self::insert).
    pub fn query_and_insert<'a>(&'a self, page: Page<'a>) -> Result<QueryResult<'a, S>, IndexError> {
        let Page { id, scope, document } = page;
        self.parameters.check(document)?;
        let mut payload = Vec::new();
        span_codec::write(document.spans(), &mut payload);
        let record = Record { id, scope, keys: document.fingerprints(), payload: &payload };
        Ok(QueryResult::new(&self.store, document, self.store.find_and_add(&record)?, None))
    }

    /// Looks up the segments of many documents, each with its scope. The documents are not compared
    /// with each other. With the feature `rayon`, threads share the work.
    ///
    /// # Complexity
    ///
    /// That of [`query`](Self::query) for each document. The results have 24 bytes for each
    /// segment.
    ///
    /// # Errors
    ///
    /// Those of [`query`](Self::query), for the first document that fails.
    pub fn query_all<'a>(
        &'a self,
        documents: &[(&str, &'a Document<'_>)],
    ) -> Result<Vec<QueryResult<'a, S>>, IndexError> {
        #[cfg(feature = "rayon")]
        {
            use rayon::prelude::*;
            let all: Vec<_> =
                documents.par_iter().map(|(scope, document)| self.query(scope, document)).collect();
            all.into_iter().collect()
        }
        #[cfg(not(feature = "rayon"))]
        documents.iter().map(|(scope, document)| self.query(scope, document)).collect()
    }

    /// Inserts many documents as one atomic operation. The result is the same as that of inserting
    /// one after another. With the feature `rayon`, threads share the work.
    ///
    /// # Errors
    ///
    /// Those of [`insert`](Self::insert). No document is inserted in case of an error.
    pub fn insert_all<'a>(&self, pages: &[Page<'a>]) -> Result<(), IndexError> {
        for page in pages {
            self.parameters.check(page.document)?;
        }
        let payload = |page: &Page<'_>| {
            let mut payload = Vec::new();
            span_codec::write(page.document.spans(), &mut payload);
            payload
        };
        let payloads: Vec<Vec<u8>> = pages.iter().map(payload).collect();
        let record = |(page, payload): (&Page<'a>, _)| {
            let Page { id, scope, document } = *page;
            Record { id, scope, keys: document.fingerprints(), payload }
        };
        let records: Vec<Record<'_>> =
            pages.iter().zip(payloads.iter().map(Vec::as_slice)).map(record).collect();
        self.store.add(&records)
    }

    /// Calls [`query_and_insert`](Self::query_and_insert) for each of `pages`, in this order. Each
    /// document is compared with those before it in the list too.
    ///
    /// Returns a result for each document up to the first that fails; the error is the last item,
    /// and the documents after it are not inserted.
    pub fn query_and_insert_all<'a>(
        &'a self,
        pages: &[Page<'a>],
    ) -> Vec<Result<QueryResult<'a, S>, IndexError>> {
        let mut results = Vec::with_capacity(pages.len());
        for page in pages {
            results.push(self.query_and_insert(*page));
            if results.last().is_some_and(Result::is_err) {
                break;
            }
        }
        results
    }

    /// Removes the document with this id, and returns whether there was one.
    ///
    /// # Complexity
    ///
    /// In memory, O(log n) for each segment in the number n of documents that have it. When most of
    /// the store has been removed, the rest is rebuilt, in amortized constant time for each removed
    /// segment.
    ///
    /// # Errors
    ///
    /// The store has no documents, or cannot be read or written.
    pub fn remove(&self, id: &str) -> Result<bool, IndexError> {
        self.store.remove(id)
    }

    /// Returns whether there is a document with this id.
    ///
    /// # Errors
    ///
    /// The store has no documents, or cannot be read.
    pub fn contains(&self, id: &str) -> Result<bool, IndexError> {
        Ok(self.store.number(id)?.is_some())
    }

    /// Returns the number of documents.
    pub fn len(&self) -> u64 {
        self.store.len()
    }

    /// Returns whether there are no documents.
    pub fn is_empty(&self) -> bool {
        self.store.is_empty()
    }

    /// Returns the number of documents of `scope`.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub fn scope_len(&self, scope: &str) -> Result<u32, IndexError> {
        self.store.scope_documents(scope)
    }

    /// Returns every document that has a segment with this fingerprint, in the order of insertion.
    ///
    /// # Complexity
    ///
    /// O(n log n) in memory for n documents that have the segment. A store that cannot read a part
    /// of a document reads the whole document.
    ///
    /// # Errors
    ///
    /// The store has no documents, cannot be read, or is damaged.
    pub fn matches(&self, fingerprint: Fingerprint) -> Result<Vec<Match>, IndexError> {
        let query = Query { keys: &[fingerprint], scope: "", except: None, limit: u32::MAX };
        resolve::resolve(&self.store, self.store.find(&query)?.postings(0))
    }

    /// Returns the segments that occur in at least `thresholds.required(n)` of the `n` documents of
    /// `scope`, most frequent first.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments of the documents of the scope, in memory, and O(n log n) in
    /// the number of segments that are returned.
    ///
    /// # Errors
    ///
    /// The store does not count the documents of a scope, or cannot be read.
    pub fn boilerplate(&self, scope: &str, thresholds: Thresholds) -> Result<Boilerplate, IndexError> {
        let documents = self.store.scope_documents(scope)?;
        let frequent = self.store.frequent(scope, thresholds.required(documents))?;
        Boilerplate::new(&self.store, self.parameters.clone(), documents, frequent)
    }

    /// Makes all changes so far durable. Does nothing for stores in memory.
    ///
    /// # Errors
    ///
    /// The store cannot be written.
    pub fn sync(&self) -> Result<(), IndexError> {
        self.store.sync()
    }

    /// Returns the store.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<S: fmt::Debug> fmt::Debug for Index<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("parameters", &self.parameters.to_string()).finish_non_exhaustive()
    }
}
