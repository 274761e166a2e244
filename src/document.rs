//! Documents: texts that are split into segments.

mod features;
mod given;
mod headings;
mod intern;
mod segment;
#[cfg(test)]
mod tests;
mod wrapped;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::error::DocumentError;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::id::id;
use crate::normalize::{Normalization, Normalizer};
use crate::options::Options;
use crate::records::{Leading, keyed};
use crate::segment::{Segmentation, without_hyphens};
use crate::span::Span;
use crate::unicode;

pub(crate) use features::FULL;
pub(crate) use headings::Relation;
use intern::{Before, Interner};
pub use segment::Segment;

/// A text that is split into segments with fingerprints. All spans are ranges of bytes of the text.
///
/// Two segments are equal if their canonical forms are; in a document with [keys](crate::records),
/// the forms of the keys are compared instead. Fingerprints only find candidates: the forms
/// themselves are compared, so a hash collision never makes different segments equal.
///
/// A document borrows its text, except one made by [`from_paragraphs`](Self::from_paragraphs).
///
/// ```
/// use refrain::Document;
///
/// let text = "\
/// Title
/// First line.
/// Second line.
/// FIRST  LINE.
/// ";
/// let document = Document::new(text);
/// let spans: Vec<_> = document.segments().map(|segment| segment.span()).collect();
/// assert_eq!(spans, [0..5, 6..17, 18..30, 31..43]);
/// assert_eq!(&text[spans[3]], "FIRST  LINE.");
///
/// let fingerprints: Vec<_> = document.segments().map(|segment| segment.fingerprint()).collect();
/// assert_eq!(fingerprints[1], fingerprints[3]);
/// ```
#[derive(Clone, Debug)]
pub struct Document<'t> {
    text: Cow<'t, str>,
    /// The end in bytes of each paragraph that the caller gave.
    paragraphs: Vec<usize>,
    /// The way in which the text was split, or `None` if the caller gave the spans.
    segmentation: Option<Segmentation>,
    options: Options,
    spans: Vec<Span>,
    /// The parts of the text that are compared in place of the segments; empty if these are
    /// compared as a whole.
    keys: Vec<Span>,
    fingerprints: Vec<Fingerprint>,
    ids: Vec<u32>,
    distinct: u32,
    /// The text in place of each segment that lost a part or a hyphen at a line end, by the index
    /// of the segment.
    changed: BTreeMap<u32, Box<str>>,
    /// Computed on first use, because a document without repeats never needs weights.
    weights: OnceLock<Vec<u32>>,
}

/// Buffers for reading documents, reused from one document to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffers {
    spans: Vec<Span>,
    keys: Vec<Span>,
    fingerprints: Vec<Fingerprint>,
    ids: Vec<u32>,
    prints: Fingerprinter,
    interner: Interner,
}

impl Buffers {
    /// Returns an empty list of spans, with the capacity of the buffer.
    pub(crate) fn take_spans(&mut self) -> Vec<Span> {
        std::mem::take(&mut self.spans)
    }
}

/// The maximum size of a document, and the bits of a fingerprint that are used. Tests reduce both.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    segments: usize,
    fingerprint: u128,
}

impl Limits {
    /// The limits outside of tests: ids, positions and one more value fit 32 bits.
    pub(crate) const REAL: Self = Self { segments: u32::MAX as usize - 1, fingerprint: u128::MAX };
}

impl<'t> Document<'t> {
    /// Splits `text` into segments, with the default options.
    ///
    /// A document has at most 2³² − 2 segments. The text after the last of these is treated as a
    /// gap: it is neither compared nor removed. [`try_new`](Self::try_new) returns an error in this
    /// case.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text. A document takes about 40 bytes for each segment, and up
    /// to twice as much while it is created.
    pub fn new(text: &'t str) -> Self {
        Self::with_options(text, &Options::default())
    }

    /// Splits `text` into segments, with the given options. See [`new`](Self::new).
    pub fn with_options(text: &'t str, options: &Options) -> Self {
        Self::read(text, options, Limits::REAL, &mut Buffers::default()).0
    }

    /// Like [`new`](Self::new), but returns an error if the text has too many segments.
    ///
    /// # Errors
    ///
    /// [`DocumentError::TooManySegments`] if the text has more than 2³² − 2 segments.
    pub fn try_new(text: &'t str) -> Result<Self, DocumentError> {
        Self::try_with_options(text, &Options::default())
    }

    /// Like [`with_options`](Self::with_options), but returns an error if the text has too many
    /// segments.
    ///
    /// # Errors
    ///
    /// [`DocumentError::TooManySegments`] if the text has more than 2³² − 2 segments.
    pub fn try_with_options(text: &'t str, options: &Options) -> Result<Self, DocumentError> {
        Self::complete(Self::read(text, options, Limits::REAL, &mut Buffers::default()), Limits::REAL)
    }

    /// Splits `text` into segments, and returns the document and whether it has all of them.
    pub(crate) fn read(
        text: &'t str,
        options: &Options,
        limits: Limits,
        buffers: &mut Buffers,
    ) -> (Self, bool) {
        let segmentation = options.segmentation;
        let mut spans = std::mem::take(&mut buffers.spans);
        segmentation.split(text, &mut spans);
        let mut parts = std::mem::take(&mut buffers.keys);
        if let Some(leading) = options.skip_leading.filter(|leading| *leading != Leading::NONE) {
            let has_cues = matches!(segmentation, Segmentation::Auto | Segmentation::Lines);
            keyed(text, leading, has_cues, &mut spans, &mut parts);
        }
        let (document, complete) =
            Self::intern(text, Some(segmentation), (spans, parts), options, limits, buffers);
        let is_hard_wrapped =
            segmentation == Segmentation::Paragraphs && options.normalization != Normalization::RAW;
        (if is_hard_wrapped { document.without_hyphens() } else { document }, complete)
    }

    /// Returns this document with hyphenation undone in the texts that are compared.
    fn without_hyphens(self) -> Self {
        let joined = |i: usize| Some((id(i), without_hyphens(self.key_text(i))?));
        let mut changed = BTreeMap::new();
        changed.extend((0..self.len()).filter_map(joined));
        if changed.is_empty() { self } else { self.with_changed(changed) }
    }

    /// Creates a document from `spans`, which are in ascending order, trimmed and not blank.
    pub(crate) fn read_spans(
        text: &'t str,
        spans: Vec<Span>,
        options: &Options,
        buffers: &mut Buffers,
    ) -> Self {
        Self::intern(text, None, (spans, Vec::new()), options, Limits::REAL, buffers).0
    }

    /// Returns this document with the texts of `changed` in place of the segments with these
    /// indices.
    pub(crate) fn with_changed(&self, changed: BTreeMap<u32, Box<str>>) -> Self {
        Self { changed, weights: OnceLock::new(), ..self.clone() }.compared_again()
    }

    /// Computes the fingerprints and ids again.
    fn compared_again(mut self) -> Self {
        let mut prints = Fingerprinter::default();
        prints.set(self.options.normalization, self.options.seed);
        let mut interner = Interner::default();
        interner.clear();
        self.fingerprints.clear();
        self.ids.clear();
        for i in 0..self.len() {
            let segment = self.key_text(i);
            let (form, print) = prints.form_and_fingerprint(segment);
            let id = {
                let text_of = |i: usize| self.key_text(i);
                let normalization = self.options.normalization;
                let before = Before { text_of, fingerprints: &self.fingerprints, normalization };
                interner.id(segment, form, print, before)
            };
            self.ids.push(id);
            self.fingerprints.push(print);
        }
        self.distinct = interner.len();
        self
    }

    /// Returns the document in which each of `runs` of the segments of this one is one segment.
    /// `changed` has the texts that are compared in place of the new segments, by their indices.
    pub(crate) fn of_runs(
        &self,
        runs: impl Iterator<Item = Range<u32>> + Clone,
        changed: BTreeMap<u32, Box<str>>,
    ) -> Document<'_> {
        let joined = |spans: &[Span]| -> Vec<Span> {
            let span = |run: Range<u32>| {
                Span::new(spans[run.start as usize].start(), spans[run.end as usize - 1].end())
            };
            if spans.is_empty() { Vec::new() } else { runs.clone().map(span).collect() }
        };
        let (spans, keys) = (joined(&self.spans), joined(&self.keys));
        let document = Document {
            text: Cow::Borrowed(&self.text),
            paragraphs: Vec::new(),
            segmentation: self.segmentation,
            options: self.options.clone(),
            spans,
            keys,
            fingerprints: Vec::new(),
            ids: Vec::new(),
            distinct: 0,
            changed,
            weights: OnceLock::new(),
        };
        document.compared_again()
    }

    fn complete((doc, complete): (Self, bool), limits: Limits) -> Result<Self, DocumentError> {
        if complete { Ok(doc) } else { Err(DocumentError::TooManySegments { limit: limits.segments }) }
    }

    fn intern(
        text: &'t str,
        segmentation: Option<Segmentation>,
        (mut spans, mut keys): (Vec<Span>, Vec<Span>),
        options: &Options,
        limits: Limits,
        buffers: &mut Buffers,
    ) -> (Self, bool) {
        let complete = spans.len() <= limits.segments;
        spans.truncate(limits.segments);
        keys.truncate(limits.segments);
        let Buffers { prints, interner, .. } = buffers;
        prints.set(options.normalization, options.seed);
        interner.clear();
        let mut fingerprints = std::mem::take(&mut buffers.fingerprints);
        let mut ids = std::mem::take(&mut buffers.ids);
        fingerprints.reserve(spans.len());
        ids.reserve(spans.len());
        let compared = if keys.is_empty() { &spans } else { &keys };
        for span in compared {
            let segment = &text[*span];
            let (form, print) = prints.form_and_fingerprint(segment);
            let print = Fingerprint::from_u128(print.to_u128() & limits.fingerprint);
            let normalization = options.normalization;
            let text_of = |i: usize| &text[compared[i]];
            let before = Before { text_of, fingerprints: &fingerprints, normalization };
            ids.push(interner.id(segment, form, print, before));
            fingerprints.push(print);
        }
        let distinct = interner.len();
        let weights = OnceLock::new();
        let options = options.clone();
        let (text, paragraphs, changed) = (Cow::Borrowed(text), Vec::new(), BTreeMap::new());
        let doc = Self {
            text,
            paragraphs,
            segmentation,
            options,
            spans,
            keys,
            fingerprints,
            ids,
            distinct,
            changed,
            weights,
        };
        (doc, complete)
    }

    /// Returns the memory of the document to `buffers`.
    pub(crate) fn recycle(self, buffers: &mut Buffers) {
        let Self { mut spans, mut keys, mut fingerprints, mut ids, .. } = self;
        spans.clear();
        keys.clear();
        fingerprints.clear();
        ids.clear();
        (buffers.spans, buffers.keys) = (spans, keys);
        (buffers.fingerprints, buffers.ids) = (fingerprints, ids);
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the indices of the segments that start in the paragraph at `index`, or `None` if
    /// there is no such paragraph. Only a document that [`from_paragraphs`](Self::from_paragraphs)
    /// created has paragraphs in this sense, and not one that was split by
    /// [`Segmentation::Paragraphs`].
    ///
    /// # Complexity
    ///
    /// O(log n) in the number of segments.
    pub fn paragraph(&self, index: usize) -> Option<Range<usize>> {
        let end = *self.paragraphs.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.paragraphs[before]);
        let at = |byte: usize| self.spans.partition_point(|span| span.start() < byte);
        Some(at(start)..at(end))
    }

    /// Returns the canonical form by which segments are compared.
    pub fn normalization(&self) -> Normalization {
        self.options.normalization
    }

    /// Returns the seed of the fingerprints.
    pub fn seed(&self) -> u64 {
        self.options.seed
    }

    /// Returns the way in which the text was split into segments, or `None` if the segments were
    /// given, by [`from_spans`](Self::from_spans) or [`from_records`](Self::from_records).
    pub fn segmentation(&self) -> Option<Segmentation> {
        self.segmentation
    }

    /// Returns the number of segments.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns whether there are no segments, for example because the text is blank.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Returns the segment at `index`, counted from 0, or `None` if there is none.
    pub fn segment(&self, index: usize) -> Option<Segment<'_, 't>> {
        (index < self.len()).then_some(Segment { doc: self, index })
    }

    /// Returns an iterator over the segments, in the order of the text.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = Segment<'_, 't>> + Clone {
        (0..self.len()).map(|index| Segment { doc: self, index })
    }

    /// Returns the number of distinct segments.
    pub fn distinct_segments(&self) -> usize {
        self.distinct as usize
    }

    /// Returns the sum of the [weights](Segment::weight) of all segments.
    ///
    /// # Complexity
    ///
    /// The first call of this method or of [`Segment::weight`] is linear in the length of the text.
    /// Later calls of this method are linear in the number of segments.
    pub fn weight(&self) -> u64 {
        self.weights().iter().map(|weight| u64::from(*weight)).sum()
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) fn spans(&self) -> &[Span] {
        &self.spans
    }

    pub(crate) fn fingerprints(&self) -> &[Fingerprint] {
        &self.fingerprints
    }

    /// Returns the ids of the segments, which are numbered from 0 in the order of first occurrence.
    /// Equal segments have equal ids.
    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Returns the remaining text of a segment, with the beginning that is not compared.
    pub(crate) fn segment_text(&self, index: usize) -> Cow<'_, str> {
        let (span, key) = (self.spans[index], self.key_span(index));
        match self.left_of(index) {
            None => Cow::Borrowed(&self.text[span]),
            Some(left) if span.start() == key.start() => Cow::Borrowed(left),
            Some(left) => Cow::Owned(format!("{}{left}", &self.text[span.start()..key.start()])),
        }
    }

    /// Returns the part of the remaining text of a segment that is compared.
    pub(crate) fn key_text(&self, index: usize) -> &str {
        self.left_of(index).unwrap_or(&self.text[self.key_spans()[index]])
    }

    /// Returns the bytes of [`key_text`](Self::key_text).
    pub(crate) fn key_bytes(&self, index: usize) -> &[u8] {
        match self.changed.is_empty() {
            true => &self.text.as_bytes()[self.key_spans()[index].range()],
            false => self.key_text(index).as_bytes(),
        }
    }

    /// Returns the span of the part of a segment that is compared, in the text that was read.
    pub(crate) fn key_span(&self, index: usize) -> Span {
        self.key_spans()[index]
    }

    /// Returns the text in place of a segment that lost a part.
    pub(crate) fn left_of(&self, index: usize) -> Option<&str> {
        let index = if self.changed.is_empty() { None } else { u32::try_from(index).ok() };
        Some(self.changed.get(&index?)?)
    }

    /// Returns whether some segments lost a part or a hyphen at a line end.
    pub(crate) fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Returns whether parts of the segments are compared in their place.
    pub(crate) fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Returns the spans of the parts of the segments that are compared, in the text that was read.
    pub(crate) fn key_spans(&self) -> &[Span] {
        if self.keys.is_empty() { &self.spans } else { &self.keys }
    }

    /// Returns whether the ASCII letters and digits of the segments alone have at least the weight
    /// `least`.
    pub(crate) fn weighs(&self, least: u64) -> bool {
        let mut sum = 0;
        let mut reaches = |bytes: &[u8]| {
            sum += unicode::ascii_weight(bytes).0;
            sum >= least
        };
        let is_by_lines = matches!(self.segmentation, Some(Segmentation::Auto | Segmentation::Lines));
        match (self.spans.first(), self.spans.last()) {
            // Between lines there is nothing that has weight, so they are weighed together.
            (Some(first), Some(last)) if is_by_lines && self.keys.is_empty() && self.changed.is_empty() => {
                let all = &self.text.as_bytes()[first.start()..last.end()];
                all.chunks(512).any(reaches)
            }
            _ => (0..self.len()).any(|index| reaches(self.key_text(index).as_bytes())),
        }
    }

    /// Returns the weight of a segment without computing the weights of the others.
    pub(crate) fn segment_weight(&self, index: usize, normalizer: &mut Normalizer) -> u32 {
        let normalization = self.options.normalization;
        let bytes = self.key_bytes(index);
        let (ascii, is_ascii) = unicode::ascii_weight(bytes);
        // The canonical form of an ASCII text has the same number of letters and digits, in every
        // normalization.
        let mut other = is_ascii.then_some(0);
        let direct = normalization.direct();
        if !is_ascii && direct != 0 && !normalization.has_removals() {
            other = unicode::direct_weight(bytes, direct);
        }
        match other {
            Some(other) => u32::try_from(ascii + other).unwrap_or(u32::MAX),
            None => unicode::weight(normalizer.canonical(self.key_text(index), normalization)),
        }
    }

    pub(crate) fn weights(&self) -> &[u32] {
        self.weights.get_or_init(|| {
            let mut normalizer = Normalizer::default();
            let mut of_id = Vec::with_capacity(self.distinct_segments());
            for (i, id) in self.ids.iter().enumerate() {
                if *id as usize == of_id.len() {
                    let normalization = self.options.normalization;
                    let of_form = normalization
                        .has_removals()
                        .then(|| unicode::weight(normalizer.canonical(self.key_text(i), normalization)));
                    of_id.push(of_form.unwrap_or_else(|| self.segment_weight(i, &mut normalizer)));
                }
            }
            self.ids.iter().map(|id| of_id[*id as usize]).collect()
        })
    }
}
