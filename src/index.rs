//! What was seen before, in other documents, and where.
//!
//! An [`Index`] takes in documents, and answers for every segment of another one which of them have it, where
//! it stands there, and how many documents of a scope have it. It keeps fingerprints and spans, never text. A
//! *scope* is any string of yours, say a host: documents are counted in it, so that what stands on most pages
//! of a site can be told from what two sites share.
//!
//! # Example: what of this page is new?
//!
//! ```
//! use refrain::{Document, Index};
//!
//! let index = Index::new();
//! let first = Document::new("Menu\nThe ferry sails again.\nIt leaves at nine.\nImprint");
//! index.learn("https://a.example/1", "a.example", &first)?;
//!
//! let text = "News in brief\nThe ferry sails again.\nIt leaves at nine.\nRead on";
//! let doc = Document::new(text);
//! let seen = index.look("b.example", &doc)?;
//! assert!(seen.news().map(|run| &text[run.span()]).eq(["News in brief", "Read on"]));
//! assert_eq!(seen.matches(1)?[0].document(), "https://a.example/1");
//! let blocks = seen.blocks()?;
//! assert_eq!(blocks[0].here().segments(), 1..3);
//! assert_eq!(blocks[0].there().span(), 5..46);
//! # Ok::<(), refrain::error::IndexError>(())
//! ```
//!
//! # Example: the furniture of a site
//!
//! ```
//! use refrain::index::Thresholds;
//! use refrain::{Document, Index};
//!
//! let pages = ["Home\nA storm.\nImprint", "Home\nA calm.\nImprint", "Home\nA breeze.\nImprint"];
//! let index = Index::new();
//! for (number, page) in pages.iter().enumerate() {
//!     index.learn(&number.to_string(), "a.example", &Document::new(page))?;
//! }
//! let furniture = index.boilerplate("a.example", Thresholds::new())?;
//! let listed = furniture.iter().map(|piece| (piece.documents(), piece.example().segment()));
//! assert_eq!(listed.collect::<Vec<_>>(), [(3, 0), (3, 2)]);
//!
//! let doc = Document::new(pages[1]);
//! assert_eq!(doc.remove_segments(&furniture.segments(&doc)?), "A calm.\n");
//! # Ok::<(), refrain::error::IndexError>(())
//! ```
//!
//! # Which store?
//!
//! | type | keeps | for |
//! |---|---|---|
//! | [`Memory`] | everything, in memory | what fits: 25 to 40 bytes a segment |
//! | `Disk` (feature `disk`) | everything, in a folder | what must last, or is larger than memory |
//! | `Bloom` (feature `bloom`) | whether, not where | a yes or no, in one or two bytes a segment |
//!
//! Where only what is new is asked, and by which text it was said first, [`Distinct`] tells that at the speed
//! of a hash set.
//!
//! # Does a document meet itself?
//!
//! No. [`look`](Index::look) compares with what was learnt, never with the document at hand, so `a a a a` is
//! no duplicate of anything unless another document has an `a`. [`look_and_learn`](Index::look_and_learn) and
//! [`look_again`](Index::look_again) leave out what was learnt under the same name earlier, so a page that is
//! fetched twice is not its own copy.
//!
//! # Ordered or not?
//!
//! Documents are numbered as they are learnt, and all answers are in that order. *Ordered*: one thread
//! learns, or hands a list to [`learn_all`](Index::learn_all) or
//! [`look_and_learn_all`](Index::look_and_learn_all); the outcome is that of one document after another, to
//! the byte, whatever the number of threads (with the feature `rayon`). *Unordered*: any number of threads
//! call [`look_and_learn`](Index::look_and_learn) on one index; numbers are given in the order of arrival,
//! and of two documents that share a segment exactly one meets the other, whichever came second. Looking and
//! learning in two calls leaves a moment in between, in which two threads may both find a segment new.
//!
//! # What do threads gain?
//!
//! Reading, hashing and cutting documents is outside of any lock, and most of the work. In a store, any
//! number of threads look at a time, or one writes: of several threads that learn into one store, one does so
//! at a time. A thread that has many documents gives them to [`learn_all`](Index::learn_all), which in
//! memory, with the feature `rayon`, spreads the work over threads while it holds the lock.

#[cfg(feature = "bloom")]
mod bloom;
mod boilerplate;
#[cfg(feature = "disk")]
mod disk;
mod distinct;
mod frame;
mod keyed;
mod longest;
mod memory;
mod parameters;
mod places;
mod removal;
mod seen;
mod snapshot;
pub mod store;
mod there;

use std::fmt;

#[cfg(feature = "bloom")]
pub use bloom::Bloom;
pub use boilerplate::{Boilerplate, Furniture, Thresholds};
#[cfg(feature = "disk")]
pub use disk::Disk;
pub use distinct::{Distinct, Piece};
pub use memory::Memory;
pub use removal::{Reason, Removal, Removals};
pub use seen::{Block, Match, Seen};

use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::options::Options;

use parameters::Parameters;
use store::{Query, Record, Store};

/// How many documents are listed for a segment. [`Index::matches`] lists all.
pub const LISTED: u32 = 16;

/// A document to be learnt: its name, its scope, and what it says.
pub type Page<'a> = (&'a str, &'a str, &'a Document<'a>);

/// Remembers documents: which segments they have, and where. See [the module](self).
///
/// All methods take `&self`: an index can be shared among threads as it is.
///
/// ```
/// use refrain::{Document, Index};
///
/// let index = Index::new();
/// index.learn("1", "a.example", &Document::new("One.\nTwo."))?;
/// let doc = Document::new("Two.\nThree.");
/// assert_eq!(index.look("a.example", &doc)?.documents(0), 1);
/// # Ok::<(), refrain::error::IndexError>(())
/// ```
pub struct Index<S = Memory> {
    store: S,
    parameters: Parameters,
}

impl Index {
    /// An empty index in memory, for documents read with the default options.
    pub fn new() -> Self {
        Self::with_options(&Options::new())
    }

    /// An empty index in memory, for documents read with these options.
    pub fn with_options(options: &Options) -> Self {
        Self { store: Memory::default(), parameters: Parameters::new(options) }
    }
}

impl<S: Store> Index<S> {
    /// An index in a store of the caller's own, for documents read with these options. What is in the store
    /// already must be of documents that an index with these options has learnt.
    ///
    /// ```
    /// use refrain::index::Memory;
    /// use refrain::{Document, Index, Options};
    ///
    /// let index = Index::with_store(Memory::default(), &Options::new().seed(7));
    /// assert!(index.learn("1", "", &Document::new("One.")).is_err());
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
    /// What was seen before of a document that is not learnt, or is looked at as if it were not: at most
    /// [`LISTED`] documents for each segment, those learnt first. Documents are counted in `scope`.
    ///
    /// # Complexity
    ///
    /// Linear in the segments, in memory; a few reads for each, on disk. Nothing of other documents is read
    /// until [`Seen::matches`] or [`Seen::blocks`] asks for it.
    ///
    /// # Errors
    ///
    /// The document was read with other options than the index is made for; the store cannot be read.
    pub fn look<'a>(&'a self, scope: &str, doc: &'a Document<'_>) -> Result<Seen<'a, S>, IndexError> {
        self.find(scope, doc, None)
    }

    /// What was seen before of the document with name `id`, outside of what was learnt under that name: for a
    /// second look at a crawl that is finished.
    ///
    /// # Errors
    ///
    /// Those of [`look`](Self::look).
    pub fn look_again<'a>(
        &'a self,
        id: &str,
        scope: &str,
        doc: &'a Document<'_>,
    ) -> Result<Seen<'a, S>, IndexError> {
        self.find(scope, doc, Some(id))
    }

    fn find<'a>(
        &'a self,
        scope: &str,
        doc: &'a Document<'_>,
        except: Option<&str>,
    ) -> Result<Seen<'a, S>, IndexError> {
        self.parameters.check(doc)?;
        let query = Query { keys: doc.fingerprints(), scope, except, limit: 0 };
        let found = self.store.find(&query)?;
        let except = except.map_or(Ok(None), |id| self.store.number(id))?;
        Ok(Seen::new(&self.store, doc, found, except))
    }

    /// Learns a document under a name. What was learnt under it before is forgotten, and the document is now
    /// the last.
    ///
    /// # Complexity
    ///
    /// Linear in the segments; [`forget`](Self::forget) says what it takes if the name is known.
    ///
    /// # Errors
    ///
    /// The document was read with other options than the index is made for; the store is full or cannot be
    /// written. Nothing is learnt then.
    pub fn learn(&self, id: &str, scope: &str, doc: &Document<'_>) -> Result<(), IndexError> {
        self.learn_all(&[(id, scope, doc)])
    }

    /// Looks at a document and learns it, with nothing in between: of two threads that do this with two
    /// documents that share a segment, exactly one meets the other's. What was learnt under the name before
    /// is not met.
    ///
    /// # Errors
    ///
    /// Those of [`look`](Self::look) and [`learn`](Self::learn).
    pub fn look_and_learn<'a>(
        &'a self,
        id: &str,
        scope: &str,
        doc: &'a Document<'_>,
    ) -> Result<Seen<'a, S>, IndexError> {
        self.parameters.check(doc)?;
        let mut note = Vec::new();
        places::write(doc.spans(), &mut note);
        let record = Record { id, scope, keys: doc.fingerprints(), note: &note };
        Ok(Seen::new(&self.store, doc, self.store.find_and_add(&record)?, None))
    }

    /// Looks at many documents, each with the scope in which documents are counted. They do not meet one
    /// another. With the feature `rayon` many are looked at at a time.
    ///
    /// # Complexity
    ///
    /// That of [`look`](Self::look) for each; 24 bytes for each of their segments are kept until the answer
    /// goes.
    ///
    /// # Errors
    ///
    /// Those of [`look`](Self::look), for the first document that has one.
    pub fn look_all<'a>(
        &'a self,
        pages: &[(&str, &'a Document<'_>)],
    ) -> Result<Vec<Seen<'a, S>>, IndexError> {
        #[cfg(feature = "rayon")]
        {
            use rayon::prelude::*;
            let all: Vec<_> = pages.par_iter().map(|(scope, doc)| self.look(scope, doc)).collect();
            all.into_iter().collect()
        }
        #[cfg(not(feature = "rayon"))]
        pages.iter().map(|(scope, doc)| self.look(scope, doc)).collect()
    }

    /// Learns many documents, in this order: the outcome is that of learning one after another. With the
    /// feature `rayon` the work is spread over threads.
    ///
    /// # Errors
    ///
    /// Those of [`learn`](Self::learn). None of the documents is learnt then.
    pub fn learn_all(&self, pages: &[Page<'_>]) -> Result<(), IndexError> {
        for (_, _, doc) in pages {
            self.parameters.check(doc)?;
        }
        let notes: Vec<Vec<u8>> = pages
            .iter()
            .map(|(_, _, doc)| {
                let mut note = Vec::new();
                places::write(doc.spans(), &mut note);
                note
            })
            .collect();
        let record = |((id, scope, doc), note)| Record { id, scope, keys: Document::fingerprints(doc), note };
        let records: Vec<Record<'_>> =
            pages.iter().copied().zip(notes.iter().map(Vec::as_slice)).map(record).collect();
        self.store.add(&records)
    }

    /// Looks at each of many documents and learns it, in this order: each meets those before it in the list.
    /// The outcome is that of [`look_and_learn`](Self::look_and_learn) for one after another, which this is:
    /// one thread does it.
    ///
    /// There is an answer for each document up to the first that cannot be learnt, whose error is the last
    /// answer: what was found before it is not lost, and what comes after it was not looked at.
    pub fn look_and_learn_all<'a>(&'a self, pages: &[Page<'a>]) -> Vec<Result<Seen<'a, S>, IndexError>> {
        let mut answers = Vec::with_capacity(pages.len());
        for (id, scope, doc) in pages {
            answers.push(self.look_and_learn(id, scope, doc));
            if answers.last().is_some_and(Result::is_err) {
                break;
            }
        }
        answers
    }

    /// Forgets a document, as if it had never been learnt, and says whether it was known.
    ///
    /// # Complexity
    ///
    /// Linear in its segments, and for each O(log n) in the number of documents that have it, in memory; when
    /// more is gone than left, all is made anew, which is paid for by what was forgotten.
    ///
    /// # Errors
    ///
    /// The store keeps no documents, or cannot be read or written.
    pub fn forget(&self, id: &str) -> Result<bool, IndexError> {
        self.store.remove(id)
    }

    /// Whether a document was learnt under this name.
    ///
    /// # Errors
    ///
    /// The store keeps no documents, or cannot be read.
    pub fn contains(&self, id: &str) -> Result<bool, IndexError> {
        Ok(self.store.number(id)?.is_some())
    }

    /// How many documents it knows.
    pub fn len(&self) -> u64 {
        self.store.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.store.is_empty()
    }

    /// How many documents of a scope it knows.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub fn scope_len(&self, scope: &str) -> Result<u32, IndexError> {
        self.store.scope_documents(scope)
    }

    /// Every document that has a segment with this fingerprint, in the order in which they were learnt.
    ///
    /// # Complexity
    ///
    /// O(n log n) for n documents that have it, in memory. A store that cannot show a part of a document
    /// reads the whole.
    ///
    /// # Errors
    ///
    /// The store keeps no documents, or cannot be read.
    pub fn matches(&self, print: Fingerprint) -> Result<Vec<Match>, IndexError> {
        let query = Query { keys: &[print], scope: "", except: None, limit: u32::MAX };
        seen::resolve(&self.store, self.store.find(&query)?.postings(0))
    }

    /// What at least so many documents of a scope have in common, after the thresholds: the segments that are
    /// most frequent first.
    ///
    /// # Complexity
    ///
    /// In memory, linear in the segments of the documents of the scope; O(n log n) in those that are listed.
    ///
    /// # Errors
    ///
    /// The store does not count, or cannot be read.
    pub fn boilerplate(&self, scope: &str, thresholds: Thresholds) -> Result<Boilerplate, IndexError> {
        let documents = self.store.scope_documents(scope)?;
        let frequent = self.store.frequent(scope, thresholds.least(documents))?;
        Boilerplate::new(&self.store, self.parameters.clone(), documents, frequent)
    }

    /// Acknowledges what was learnt and forgotten: from here on it outlasts the process, if anything does in
    /// this store. In memory this does nothing.
    ///
    /// # Errors
    ///
    /// The store cannot be written.
    pub fn sync(&self) -> Result<(), IndexError> {
        self.store.sync()
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }
}

impl<S: fmt::Debug> fmt::Debug for Index<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("parameters", &self.parameters.to_string()).finish_non_exhaustive()
    }
}
