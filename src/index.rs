//! Finds segments that occur in other documents, and the boilerplate of a site.
//!
//! An [`Index`] stores the fingerprints and spans of documents, and never their text. A query
//! returns, for each segment of a document, the number of inserted documents that have it, and, if
//! asked for ([`Detail`]), where the earliest of them have it. Documents are also counted by
//! *scope*, a string that groups documents, usually the host of a page. So segments that many pages
//! of one site share, its boilerplate, can be distinguished from segments that two sites share.
//!
//! # Example: which part of a page is new?
//!
//! ```
//! use refrain::index::{Detail, Index, Insertion, Page};
//! use refrain::{Document, Options};
//!
//! let index = Index::new();
//! let first = Document::new("Menu\nThe ferry sails again.\nIt leaves at nine.\nImprint");
//! let page = Page { id: "https://a.example/1", scope: "a.example", document: &first };
//! assert_eq!(index.insert(page)?, Insertion::New);
//! assert_eq!(index.insert(page)?, Insertion::Unchanged);
//!
//! let text = "News in brief\nThe ferry sails again.\nIt leaves at nine.\nRead on";
//! let document = Document::new(text);
//! let result = index.query("b.example", &document, Detail::Runs)?;
//! let new = result.new_runs().map(|run| &text[run.span()]);
//! assert!(new.eq(["News in brief", "Read on"]));
//! assert_eq!(result.matches(1)[0].document_id(), "https://a.example/1");
//! let runs = result.matched_runs();
//! assert_eq!(runs[0].occurrence().segments(), 1..3);
//! assert_eq!(runs[0].source().span(), 5..46);
//!
//! let mut snapshot = Vec::new();
//! index.save(&mut snapshot)?;
//! let again = Index::load(&snapshot[..], &Options::new())?;
//! assert_eq!(again.query("b.example", &document, Detail::Runs)?, result);
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
//! let removals = boilerplate.removals(&document)?;
//! assert_eq!(removals.apply(), "A calm.\n");
//! assert_eq!(removals.removals()[0].reason().to_string(), "in 3 of 3 documents of the scope");
//! # Ok::<(), refrain::error::IndexError>(())
//! ```
//!
//! # Which type?
//!
//! | type | content | use |
//! |---|---|---|
//! | `Index` in [`Memory`] | documents, in memory | indexes that fit: about 42 bytes for each segment, fewer if segments repeat. [`Index::save`] writes one to a file, and [`Index::load`] reads it |
//! | `Index` in a folder, with the package `refrain-disk` | documents, on disk | indexes that exceed the memory, or whose changes must survive a crash |
//! | [`Deduplicator`] | fingerprints, in memory | new segments, and the first text with each segment, and nothing else: about 2.2 times as fast as [`Index::query_and_insert`] |
//! | `BloomFilter` (feature `bloom`) | bits | yes or no, in one or two bytes for each segment |
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
//! Documents are numbered in the order of insertion, and documents are listed in this order. If
//! only one thread inserts, document by document or with [`insert_all`](Index::insert_all), all
//! results are reproducible to the byte; the number of threads that `query_all` uses with the
//! feature `rayon` does not change them. Any number of threads may also call
//! [`query_and_insert`](Index::query_and_insert) on one index: numbers are then given in the order
//! of arrival, and of two documents that share a segment, exactly one matches the other. With a
//! query and an insertion in two calls, two threads may both find a segment new.
//!
//! Documents are split and hashed outside of all locks, which is most of the work. In a store, many
//! threads can query at a time, or one can insert.
//!
//! # What can a hostile page do?
//!
//! Across documents, only fingerprints are compared: XXH3-128 of the canonical forms, which is not
//! a cryptographic hash. An attacker who knows the seed can construct a page with a line that has
//! the fingerprint of another line, so that the other line counts as seen, or as boilerplate. Such
//! a line is removed only if your program removes segments that are seen elsewhere, or boilerplate.
//! Each such removal has the id of a page with this fingerprint, which is not always the
//! constructed one, and a page is never emptied. To prevent such collisions, keep a random
//! [seed](crate::Options::seed) secret: without the seed, no way to construct such a line is known.
//! Inside one document, segments are compared by their canonical forms, so collisions cost time
//! there and change no result.
//!
//! In memory, the time to query or insert a page is O(n log n) in the worst case, for n segments.
//! The time of a [`query`](Index::query) on disk, of [`remove`](Index::remove), of an insertion
//! that replaces a document, and of [`matches`](Index::matches) and
//! [`boilerplate`](Index::boilerplate) also depends on other documents; the documentation of each
//! method states how.

#[cfg(feature = "bloom")]
mod bloom;
mod boilerplate;
mod deduplicator;
mod iter;
mod parameters;
mod payload;
mod place;
mod query;
mod removals;
mod snapshot;
mod span_codec;
#[cfg(test)]
mod tests;

/// The interface between an index and the place where its documents are kept.
pub mod store {
    pub use crate::store::*;
}

use std::collections::HashMap;
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

#[cfg(feature = "bloom")]
pub use bloom::{BloomFilter, SeenSegments};
pub use boilerplate::{Boilerplate, BoilerplateSegment, Thresholds};
pub use deduplicator::{Deduplicator, SegmentStatus};
pub use place::{Match, MatchedRun};
pub use query::{Detail, QueryResult};
pub use removals::{Reason, SourcedRemoval, SourcedRemovals};

use crate::codec::check_description;
use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::options::Options;
use crate::store::{Change, Query, Record, Store, View, read, write};
pub use crate::store::{Insertion, Memory, Open};

use parameters::Parameters;

/// The name of the store of an index in its folder.
const STORE: &str = "segments";

/// The number of pages that [`Index::insert_all_while`] inserts as one operation.
const AT_A_TIME: usize = 256;

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
/// All methods take `&self`, so threads can share an index. Unless the documentation of a method
/// differs, each is one atomic operation: if it returns an error, nothing has changed in the open
/// index. If writing to disk failed, the change may still be there when the index is opened again.
///
/// # Errors
///
/// A method that takes a document returns [`IndexError::DocumentOptions`] if the document was read
/// with other options than the index expects. If the document has [spans of your
/// own](Document::from_spans), only the canonical form and the seed are compared. A method that
/// takes a snapshot or another index returns [`IndexError::WrongParameters`] for this reason. All
/// methods that return a `Result` return the errors of the store, such as [`IndexError::Full`],
/// [`IndexError::Damaged`] or [`IndexError::Io`].
pub struct Index<S = Memory> {
    store: S,
    parameters: Parameters,
}

impl Index {
    /// Creates an empty index in memory for documents with the default options.
    pub fn new() -> Self {
        Self::with_options(&Options::new())
    }

    /// Creates an empty index in memory for documents that are read with these options.
    /// [`Options::skip_leading`] is ignored, and a document that was read with
    /// [keys](crate::records) is refused.
    pub fn with_options(options: &Options) -> Self {
        Self::with_store(Memory::default(), options)
    }
}

impl Default for Index {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Open> Index<S> {
    /// Opens the index in `folder`, or creates one, for documents that are read with `options`.
    ///
    /// The type parameter `S` selects the store, which defines the files in the folder. With the
    /// package `refrain-disk`, call `Index::<Disk>::open`. An [`LshIndex`](crate::near::LshIndex)
    /// can be in the same folder.
    ///
    /// # Errors
    ///
    /// [`IndexError::InUse`], [`IndexError::WrongParameters`], [`IndexError::WrongVersion`],
    /// [`IndexError::NotAnIndex`] or [`IndexError::Io`]; [`IndexError::Damaged`] if a file was
    /// changed, or is missing.
    pub fn open(folder: impl AsRef<Path>, options: &Options) -> Result<Self, IndexError> {
        Self::open_with(folder, options, S::open)
    }

    /// Opens the index in `folder`, which must exist, with the options that it was created with.
    /// [`options`](Self::options) returns them.
    ///
    /// # Errors
    ///
    /// [`IndexError::Missing`] if there is no index, and those of [`open`](Self::open).
    /// [`IndexError::WrongParameters`] is also returned for an index of sentences or words if the
    /// feature `uax29` is not enabled, or if this build has the rules of another Unicode version.
    pub fn open_existing(folder: impl AsRef<Path>) -> Result<Self, IndexError> {
        let folder = folder.as_ref();
        let (store, line) = S::open(folder, STORE, None)?;
        let parameters = Parameters::parse(&folder.display().to_string(), &line)?;
        Ok(Self { store, parameters })
    }
}

impl<S: Store> Index<S> {
    /// Creates an index in a store of your own, for documents that are read with these options.
    ///
    /// If the store is not empty, its documents must come from an index with the same options. This
    /// is not checked: with other options, equal segments may not be found, and results are wrong.
    pub fn with_store(store: S, options: &Options) -> Self {
        Self { store, parameters: Parameters::new(options) }
    }

    /// Opens an index like [`open`](Self::open), with a function that opens the store in place of
    /// [`Open::open`]. Use this method for stores that have options of their own.
    pub fn open_with(
        folder: impl AsRef<Path>,
        options: &Options,
        open: impl FnOnce(&Path, &str, Option<&str>) -> Result<(S, String), IndexError>,
    ) -> Result<Self, IndexError> {
        let folder = folder.as_ref();
        let parameters = Parameters::new(options);
        let line = parameters.line();
        let (store, stored) = open(folder, STORE, Some(&line))?;
        check_description(&folder.display().to_string(), &stored, &line)?;
        Ok(Self { store, parameters })
    }

    /// Looks up the segments of `document` in all inserted documents, without inserting it.
    /// Documents of `scope` are also counted separately.
    ///
    /// # Complexity
    ///
    /// In memory, O(n log n) for n segments. On disk, the documents that are listed for a segment
    /// are read too: none with [`Detail::Counts`], and otherwise at most
    /// [`MAX_LISTED_DOCUMENTS`] for each segment.
    pub fn query(
        &self,
        scope: &str,
        document: &Document<'_>,
        detail: Detail,
    ) -> Result<QueryResult, IndexError> {
        self.parameters.check(document)?;
        read(&self.store, |view| QueryResult::read(view, document, scope, None, detail))
    }

    /// Like [`query`](Self::query), but leaves out the document that was inserted under `page.id`,
    /// for a second pass over a finished crawl.
    pub fn query_excluding(&self, page: Page<'_>, detail: Detail) -> Result<QueryResult, IndexError> {
        let Page { id, scope, document } = page;
        self.parameters.check(document)?;
        read(&self.store, |view| QueryResult::read(view, document, scope, Some(id), detail))
    }

    /// Looks up the segments of many documents, each with its scope. The documents are not compared
    /// with each other. With the feature `rayon`, threads share the work. The query of each
    /// document is an atomic operation, and the whole call is not. The error is that of the first
    /// document that fails.
    pub fn query_all(
        &self,
        documents: &[(&str, &Document<'_>)],
        detail: Detail,
    ) -> Result<Vec<QueryResult>, IndexError> {
        #[cfg(feature = "rayon")]
        use rayon::prelude::*;

        #[cfg(feature = "rayon")]
        let documents = documents.par_iter();
        #[cfg(not(feature = "rayon"))]
        let documents = documents.iter();
        let all: Vec<_> = documents.map(|(scope, document)| self.query(scope, document, detail)).collect();
        all.into_iter().collect()
    }

    /// Inserts a document. A document that was inserted under the same id is replaced, and the new
    /// one is the last in the order of insertion, unless the two are equal, that is, have the same
    /// scope, spans and fingerprints. The texts of equal documents may differ, for example in case.
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments, and that of [`remove`](Self::remove) if a document is
    /// replaced.
    pub fn insert(&self, page: Page<'_>) -> Result<Insertion, IndexError> {
        self.write(&[page], |_, insertions| Ok(insertions[0]))
    }

    /// Inserts many documents as one atomic operation. The result is the same as that of inserting
    /// one after another.
    pub fn insert_all(&self, pages: &[Page<'_>]) -> Result<Vec<Insertion>, IndexError> {
        self.write(pages, |_, insertions| Ok(insertions))
    }

    /// Inserts documents like [`insert_all`](Self::insert_all), but in operations of 256 documents
    /// each, and calls `proceed` before each operation with the number of documents that were
    /// inserted so far. Returns an [`Insertion`] for each document that was inserted: all of them,
    /// or those before the operation at which `proceed` returned [`ControlFlow::Break`]. Documents
    /// that were inserted before an error stay inserted.
    pub fn insert_all_while(
        &self,
        pages: &[Page<'_>],
        mut proceed: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<Vec<Insertion>, IndexError> {
        let mut insertions = Vec::with_capacity(pages.len());
        for pages in pages.chunks(AT_A_TIME) {
            if proceed(insertions.len()).is_break() {
                break;
            }
            insertions.extend(self.insert_all(pages)?);
        }
        Ok(insertions)
    }

    /// Looks up the segments of a document and inserts it as one atomic operation: if two threads
    /// insert documents that share a segment, exactly one of them matches the other. A document
    /// that was inserted under the same id is replaced and not matched.
    pub fn query_and_insert(
        &self,
        page: Page<'_>,
        detail: Detail,
    ) -> Result<(QueryResult, Insertion), IndexError> {
        self.write(&[page], |view, insertions| {
            let result = QueryResult::read(view, page.document, page.scope, Some(page.id), detail)?;
            Ok((result, insertions[0]))
        })
    }

    /// Inserts pages, and returns what `before` returns, which sees the documents before the
    /// insertion, and its effects.
    fn write<T>(
        &self,
        pages: &[Page<'_>],
        mut before: impl FnMut(&dyn View, Vec<Insertion>) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        for page in pages {
            self.parameters.check(page.document)?;
        }
        let payloads: Vec<Vec<u8>> = pages.iter().map(|page| payload::encode(page.document)).collect();
        write(&self.store, |view| {
            let mut change = Change::default();
            let mut insertions = Vec::with_capacity(pages.len());
            // The last document of this call with each id.
            let mut last: HashMap<&str, Record<'_>> = HashMap::new();
            for (page, payload) in pages.iter().zip(&payloads) {
                let keys = page.document.fingerprints();
                let record = Record { id: page.id, scope: page.scope, keys, payload };
                let compare = |scope: &str, stored: &[u8]| match payload::is_equal(stored, payload) {
                    true if scope == page.scope => Insertion::Unchanged,
                    _ => Insertion::Replaced,
                };
                let mut insertion = Insertion::New;
                if let Some(earlier) = last.get(page.id) {
                    insertion = compare(earlier.scope, earlier.payload);
                } else if let Some(number) = view.number(page.id)? {
                    insertion = Insertion::Replaced;
                    view.document(number, &mut |stored| {
                        insertion = compare(stored.scope, stored.payload);
                        Ok(())
                    })?;
                }
                if insertion != Insertion::Unchanged {
                    change.add.push(record);
                    if pages.len() > 1 {
                        last.insert(page.id, record);
                    }
                }
                insertions.push(insertion);
            }
            Ok((change, before(view, insertions)?))
        })
    }

    /// Removes the document with this id, and returns whether there was one.
    ///
    /// # Complexity
    ///
    /// In memory, amortized O(log n) for each segment of the document, where n is the number of
    /// documents that have the segment. A single removal may rebuild the list of the documents that
    /// have a segment, or the whole store without its removed documents; meanwhile, the store is in
    /// memory twice.
    pub fn remove(&self, id: &str) -> Result<bool, IndexError> {
        write(&self.store, |view| {
            let is_known = view.number(id)?.is_some();
            let remove = if is_known { vec![id.to_owned()] } else { Vec::new() };
            Ok((Change { remove, add: Vec::new() }, is_known))
        })
    }

    /// Returns whether there is a document with this id.
    pub fn contains(&self, id: &str) -> Result<bool, IndexError> {
        read(&self.store, |view| Ok(view.number(id)?.is_some()))
    }

    /// Returns the number of documents.
    pub fn len(&self) -> Result<u64, IndexError> {
        read(&self.store, |view| Ok(view.len()))
    }

    /// Returns whether there are no documents.
    pub fn is_empty(&self) -> Result<bool, IndexError> {
        Ok(self.len()? == 0)
    }

    /// Returns the number of documents of `scope`.
    pub fn scope_len(&self, scope: &str) -> Result<u32, IndexError> {
        read(&self.store, |view| view.scope_documents(scope))
    }

    /// Returns every document that has a segment with this fingerprint, in the order of insertion.
    ///
    /// # Complexity
    ///
    /// O(n log n) in memory for n documents that have the segment. On disk, each of these documents
    /// is read as a whole.
    pub fn matches(&self, fingerprint: Fingerprint) -> Result<Vec<Match>, IndexError> {
        let query = Query { keys: &[fingerprint], scope: "", except: None, limit: u32::MAX };
        read(&self.store, |view| payload::matches(view, view.find(&query)?.postings(0)))
    }

    /// Returns the segments that occur in at least `thresholds.required(n)` of the `n` documents of
    /// `scope`, most frequent first.
    ///
    /// # Complexity
    ///
    /// In memory, linear in the number of segments of all documents of the scope; on disk, in the
    /// number of its distinct segments. In addition, O(m log m) for m segments that are returned;
    /// on disk, the documents of their [examples](BoilerplateSegment::example) are read as a whole.
    pub fn boilerplate(&self, scope: &str, thresholds: Thresholds) -> Result<Boilerplate, IndexError> {
        read(&self.store, |view| Boilerplate::read(view, &self.parameters, scope, thresholds))
    }

    /// Makes all changes so far durable. Does nothing for stores in memory.
    pub fn sync(&self) -> Result<(), IndexError> {
        self.store.sync()
    }

    /// Returns the options that documents must be read with. Options that do not change
    /// fingerprints have their defaults.
    pub fn options(&self) -> &Options {
        &self.parameters.options
    }

    /// Returns the store.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<S> fmt::Debug for Index<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("parameters", &self.parameters.to_string()).finish_non_exhaustive()
    }
}
