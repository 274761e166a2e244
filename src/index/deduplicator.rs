//! Exact deduplication of a stream of texts.

use hashbrown::HashTable;

use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::hash::KeyedHash;
use crate::options::Options;
use crate::segment::Segmentation;
use crate::span::Span;
use crate::work;

/// The number of segments that are looked up together.
const BATCH: usize = 64;

/// Finds the segments of each text that no earlier text had.
///
/// A `Deduplicator` is faster than an [`Index`](super::Index), because it stores only a fingerprint
/// and the number of a text for each distinct segment. These take 29 to 57 bytes, depending on how
/// full the hash table is; while the table grows, the old one is in memory too. It cannot remove
/// texts, count them by scope, return the spans of earlier texts, or be saved.
///
/// [`Options::skip_leading`](crate::Options::skip_leading) is ignored. With
/// [`Segmentation::Paragraphs`](crate::Segmentation::Paragraphs), a word that a hyphen splits at a
/// line end is compared as it is, so two paragraphs that are equal in a
/// [`Document`](crate::Document) may differ here.
///
/// A text is not compared with itself. To find repeats inside a text too, insert each line under a
/// number of its own, or clean the text with [`Policy::drop_all`](crate::Policy::drop_all) first.
///
/// ```
/// use refrain::index::Deduplicator;
/// use refrain::{Options, Span, edits};
///
/// let mut deduplicator = Deduplicator::new(&Options::new());
/// deduplicator.insert(7, "Menu\nA storm.\nImprint");
/// let text = "Menu\nA calm.\nImprint";
/// let segments = deduplicator.insert(8, text);
/// assert_eq!(segments[0].first_document(), Some(7));
/// assert!(segments[1].is_new());
/// let seen = segments.iter().filter(|segment| !segment.is_new());
/// let seen: Vec<Span> = seen.map(|segment| segment.span()).collect();
/// assert_eq!(edits::cut(text, &seen)?, "A calm.\n");
/// assert_eq!(deduplicator.len(), 4);
/// # Ok::<(), refrain::error::CutError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Deduplicator {
    segmentation: Segmentation,
    fingerprinter: Fingerprinter,
    first: HashTable<Entry>,
    hash: KeyedHash,
    // Buffers that are reused from text to text.
    spans: Vec<Span>,
    /// Segments with their hashes, and the first documents that have them.
    batch: Vec<(Entry, u64, Option<u64>)>,
    segments: Vec<SegmentStatus>,
}

/// A segment of a text, with the number of the first text that had it, if an earlier one did.
/// Returned by [`Deduplicator::insert`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SegmentStatus {
    span: Span,
    first_document: Option<u64>,
}

impl SegmentStatus {
    /// Returns the span of the segment in its text.
    pub fn span(self) -> Span {
        self.span
    }

    /// Returns the number of the first document that had the segment, or `None` if no earlier one
    /// had it.
    pub fn first_document(self) -> Option<u64> {
        self.first_document
    }

    /// Returns whether no earlier document had the segment. A document is not compared with itself,
    /// so a segment that occurs twice in it is new both times.
    pub fn is_new(self) -> bool {
        self.first_document.is_none()
    }
}

impl Deduplicator {
    /// Creates an empty set for texts that are read with `options`.
    pub fn new(options: &Options) -> Self {
        let Options { segmentation, normalization, seed, .. } = *options;
        Self {
            segmentation,
            fingerprinter: Fingerprinter::new().normalization(normalization).seed(seed),
            first: HashTable::new(),
            hash: KeyedHash::default(),
            spans: Vec::new(),
            batch: Vec::new(),
            segments: Vec::new(),
        }
    }

    /// Returns the segments of `text`, each with the number of the first document that had it, and
    /// inserts them as those of `document`.
    ///
    /// The number is chosen by the caller: a position in a file, or a key of a database. Texts with
    /// equal numbers count as parts of one document, which is not compared with itself.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text, on average. Once the buffers have grown to the size of the
    /// largest text, only the table allocates, when it grows.
    pub fn insert(&mut self, document: u64, text: &str) -> &[SegmentStatus] {
        let Self { segmentation, fingerprinter, first, hash, spans, batch, segments, .. } = self;
        spans.clear();
        segments.clear();
        segmentation.split(text, spans);
        let rehash = |entry: &Entry| {
            work::count(1);
            hash.of(Fingerprint::from_bytes(entry.fingerprint))
        };
        for spans in spans.chunks(BATCH) {
            batch.clear();
            for span in spans {
                let print = fingerprinter.form_and_fingerprint(&text[*span]).1;
                batch.push((Entry { fingerprint: print.to_bytes(), document }, hash.of(print), None));
            }
            // None of these lookups waits for another one, so their cache misses overlap.
            for (new, hash, known) in &mut *batch {
                let is_equal = |entry: &Entry| {
                    work::count(1);
                    entry.fingerprint == new.fingerprint
                };
                *known = first.find(*hash, is_equal).map(|entry| entry.document);
            }
            for (span, (new, hash, known)) in spans.iter().zip(&*batch) {
                // A new segment may occur twice in the batch.
                let is_equal = |entry: &Entry| entry.fingerprint == new.fingerprint;
                let insert = || first.entry(*hash, is_equal, rehash).or_insert(*new).get().document;
                let first_document = Some(known.unwrap_or_else(insert)).filter(|first| *first != document);
                segments.push(SegmentStatus { span: *span, first_document });
            }
        }
        segments
    }

    /// Returns the number of distinct segments.
    pub fn len(&self) -> usize {
        self.first.len()
    }

    /// Returns whether there are no segments.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }
}

/// A fingerprint, and the number of the first document that has it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Bytes, because a number of 128 bits would be aligned to 16 of them.
    fingerprint: [u8; 16],
    document: u64,
}
