//! One text, its segments, their fingerprints and ids: where text and numbers meet.

mod features;
mod headings;
mod intern;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::error::DocumentError;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::normalize::{Normalization, Normalizer};
use crate::options::Options;
use crate::segment::Segmentation;
use crate::span::Span;
use crate::unicode;

pub(crate) use headings::Relation;
use intern::{Before, Interner};

/// A text, its segments and their fingerprints. It borrows the text and never changes it; every
/// span it gives is one of that text.
///
/// Two segments are equal if their canonical forms are. Fingerprints only find the candidates: the
/// forms themselves are compared, so a collision of hashes makes nothing equal.
///
/// ```
/// use refrain::Document;
///
/// let text = "Title\n\n First. \nSecond.\nFIRST.\n";
/// let doc = Document::new(text);
/// let spans: Vec<_> = doc.segments().map(|segment| segment.span()).collect();
/// assert_eq!(spans, [0..5, 8..14, 16..23, 24..30]);
/// let prints: Vec<_> = doc.segments().map(|segment| segment.fingerprint()).collect();
/// assert_eq!(prints[1], prints[3]);
/// assert_eq!(&text[spans[3]], "FIRST.");
/// ```
#[derive(Clone, Debug)]
pub struct Document<'t> {
    text: &'t str,
    /// How the text was cut into segments, or `None` if the caller said where they are.
    segmentation: Option<Segmentation>,
    options: Options,
    spans: Vec<Span>,
    fingerprints: Vec<Fingerprint>,
    ids: Vec<u32>,
    distinct: u32,
    /// The text that is left of each segment that lost a part, by the number of the segment.
    changed: BTreeMap<u32, Box<str>>,
    /// Made on first use: a document in which nothing repeats never needs them.
    weights: OnceLock<Vec<u32>>,
}

/// Memory for reading, kept from one document to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffers {
    spans: Vec<Span>,
    fingerprints: Vec<Fingerprint>,
    ids: Vec<u32>,
    prints: Fingerprinter,
    interner: Interner,
}

impl Buffers {
    /// An empty list of spans.
    pub(crate) fn take_spans(&mut self) -> Vec<Span> {
        std::mem::take(&mut self.spans)
    }
}

/// What a document can hold, and how much of a fingerprint it looks at.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    segments: usize,
    fingerprint: u128,
}

impl Limits {
    /// Ids, positions and one value more fit 32 bits.
    pub(crate) const REAL: Self = Self { segments: u32::MAX as usize - 1, fingerprint: u128::MAX };
}

impl<'t> Document<'t> {
    /// Reads `text` with the default options.
    ///
    /// A document can number 2³² − 2 segments. What comes after that many is left out: it is like a
    /// gap at the end of the text, never reported and never cut. [`try_new`](Self::try_new) makes
    /// it an error.
    ///
    /// # Complexity
    ///
    /// Linear in the text; some 40 bytes a segment, and twice that for a moment while it grows.
    pub fn new(text: &'t str) -> Self {
        Self::with_options(text, &Options::default())
    }

    /// Reads `text`, as [`new`](Self::new) does, with other options.
    pub fn with_options(text: &'t str, options: &Options) -> Self {
        Self::read(text, options, Limits::REAL, &mut Buffers::default()).0
    }

    /// Reads `text` with the default options, or says that it has too many segments.
    ///
    /// # Errors
    ///
    /// [`DocumentError::TooManySegments`].
    pub fn try_new(text: &'t str) -> Result<Self, DocumentError> {
        Self::try_with_options(text, &Options::default())
    }

    /// Reads `text` with other options, or says that it has too many segments.
    ///
    /// # Errors
    ///
    /// [`DocumentError::TooManySegments`].
    pub fn try_with_options(text: &'t str, options: &Options) -> Result<Self, DocumentError> {
        Self::complete(Self::read(text, options, Limits::REAL, &mut Buffers::default()), Limits::REAL)
    }

    /// Reads the segments of `text` that the caller has found: the paragraphs of a parsed page, the
    /// rows of a table. White space at their ends is left out, and a span of nothing else is left
    /// out whole. What stands between them is never compared, and never cut unless it is blank.
    ///
    /// ```
    /// use refrain::{Document, Options, Span};
    ///
    /// let text = "<p>One.<p>Two.<p>One.";
    /// let spans = [3..7, 10..14, 17..21].map(Span::from);
    /// let doc = Document::from_spans(text, &spans, &Options::new())?;
    /// assert_eq!(doc.repeats().families().next().map(|family| family.original().span()), Some(spans[0]));
    /// # Ok::<(), refrain::error::DocumentError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A span that is empty, ends past the text, cuts a character in two or begins before the one
    /// in front of it ends; options that name a segmentation; too many segments.
    pub fn from_spans(text: &'t str, spans: &[Span], options: &Options) -> Result<Self, DocumentError> {
        if options.segmentation != Segmentation::Auto {
            return Err(DocumentError::Contradiction { segmentation: options.segmentation.name() });
        }
        let mut end = 0;
        let mut trimmed = Vec::with_capacity(spans.len());
        for (index, span) in spans.iter().copied().enumerate() {
            let Some(piece) = text.get(span.range()).filter(|piece| !piece.is_empty()) else {
                return Err(DocumentError::BadSpan { index, span, len: text.len() });
            };
            if span.start() < end {
                return Err(DocumentError::Disorder { index, span, end });
            }
            end = span.end();
            let (from, to) = unicode::trim(piece);
            if !unicode::is_blank(&piece[from..to]) {
                trimmed.push(Span::new(span.start() + from, span.start() + to));
            }
        }
        let read = Self::intern(text, None, trimmed, options, Limits::REAL, &mut Buffers::default());
        Self::complete(read, Limits::REAL)
    }

    /// Cuts `text` into segments and reads those, and says whether they are all of them.
    pub(crate) fn read(
        text: &'t str,
        options: &Options,
        limits: Limits,
        buffers: &mut Buffers,
    ) -> (Self, bool) {
        let segmentation = options.segmentation;
        let mut spans = std::mem::take(&mut buffers.spans);
        segmentation.split(text, &mut spans);
        Self::intern(text, Some(segmentation), spans, options, limits, buffers)
    }

    /// Reads the parts of `text` that are at `spans`, which are in order, trimmed and not blank.
    pub(crate) fn read_spans(
        text: &'t str,
        spans: Vec<Span>,
        options: &Options,
        buffers: &mut Buffers,
    ) -> Self {
        Self::intern(text, None, spans, options, Limits::REAL, buffers).0
    }

    /// Returns this document with the texts of `changed` in place of the segments with these
    /// numbers.
    pub(crate) fn with_changed(&self, changed: BTreeMap<u32, Box<str>>) -> Self {
        let mut changed_document = Self { changed, weights: OnceLock::new(), ..self.clone() };
        let mut prints = Fingerprinter::default();
        prints.set(self.options.normalization, self.options.seed);
        let mut interner = Interner::default();
        interner.clear();
        changed_document.fingerprints.clear();
        changed_document.ids.clear();
        for i in 0..self.len() {
            let segment = changed_document.segment_text(i);
            let (form, print) = prints.form_and_fingerprint(segment);
            let id = {
                let text_of = |i: usize| changed_document.segment_text(i);
                let normalization = self.options.normalization;
                let before = Before { text_of, fingerprints: &changed_document.fingerprints, normalization };
                interner.id(segment, form, print, before)
            };
            changed_document.ids.push(id);
            changed_document.fingerprints.push(print);
        }
        changed_document.distinct = interner.len();
        changed_document
    }

    fn complete((doc, complete): (Self, bool), limits: Limits) -> Result<Self, DocumentError> {
        if complete { Ok(doc) } else { Err(DocumentError::TooManySegments { limit: limits.segments }) }
    }

    fn intern(
        text: &'t str,
        segmentation: Option<Segmentation>,
        mut spans: Vec<Span>,
        options: &Options,
        limits: Limits,
        buffers: &mut Buffers,
    ) -> (Self, bool) {
        let complete = spans.len() <= limits.segments;
        spans.truncate(limits.segments);
        let Buffers { prints, interner, .. } = buffers;
        prints.set(options.normalization, options.seed);
        interner.clear();
        let mut fingerprints = std::mem::take(&mut buffers.fingerprints);
        let mut ids = std::mem::take(&mut buffers.ids);
        fingerprints.reserve(spans.len());
        ids.reserve(spans.len());
        for span in &spans {
            let segment = &text[*span];
            let (form, print) = prints.form_and_fingerprint(segment);
            let print = Fingerprint::from_u128(print.to_u128() & limits.fingerprint);
            let normalization = options.normalization;
            let text_of = |i: usize| &text[spans[i]];
            let before = Before { text_of, fingerprints: &fingerprints, normalization };
            ids.push(interner.id(segment, form, print, before));
            fingerprints.push(print);
        }
        let distinct = interner.len();
        let weights = OnceLock::new();
        let options = options.clone();
        let changed = BTreeMap::new();
        let doc = Self { text, segmentation, options, spans, fingerprints, ids, distinct, changed, weights };
        (doc, complete)
    }

    /// Gives the memory back.
    pub(crate) fn recycle(self, buffers: &mut Buffers) {
        let Self { mut spans, mut fingerprints, mut ids, .. } = self;
        spans.clear();
        fingerprints.clear();
        ids.clear();
        (buffers.spans, buffers.fingerprints, buffers.ids) = (spans, fingerprints, ids);
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Which segments count as equal.
    pub fn normalization(&self) -> Normalization {
        self.options.normalization
    }

    /// The seed of the fingerprints.
    pub fn seed(&self) -> u64 {
        self.options.seed
    }

    /// How the text was cut into segments, or `None` if the caller did that.
    pub fn segmentation(&self) -> Option<Segmentation> {
        self.segmentation
    }

    /// How many segments it has.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns whether it has none: the text is empty or blank.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The segment with number `index`, from 0.
    pub fn segment(&self, index: usize) -> Option<Segment<'_, 't>> {
        (index < self.len()).then_some(Segment { doc: self, index })
    }

    /// The segments, in the order of the text.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = Segment<'_, 't>> + Clone {
        (0..self.len()).map(|index| Segment { doc: self, index })
    }

    /// How many different segments there are.
    pub fn distinct_segments(&self) -> usize {
        self.distinct as usize
    }

    /// The weight of all segments together.
    ///
    /// # Complexity
    ///
    /// Linear in the text on the first call of this or [`Segment::weight`], and in the segments
    /// afterwards.
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

    /// The ids of the segments: equal for equal segments, numbered from 0 in the order of first
    /// occurrence.
    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Returns the text that is left of a segment.
    pub(crate) fn segment_text(&self, index: usize) -> &str {
        let changed = if self.changed.is_empty() { None } else { u32::try_from(index).ok() };
        match changed.and_then(|index| self.changed.get(&index)) {
            Some(left) => left,
            None => &self.text[self.spans[index]],
        }
    }

    /// Returns whether all segments together have at least this weight, by their ASCII characters
    /// alone.
    pub(crate) fn weighs(&self, least: u64) -> bool {
        let mut sum = 0;
        (0..self.len()).any(|index| {
            sum += unicode::ascii_weight(self.segment_text(index).as_bytes()).0;
            sum >= least
        })
    }

    /// The weight of a segment, without the weights of the others.
    pub(crate) fn segment_weight(&self, index: usize, normalizer: &mut Normalizer) -> u32 {
        let bytes = match self.changed.is_empty() {
            true => &self.text.as_bytes()[self.spans[index].range()],
            false => self.segment_text(index).as_bytes(),
        };
        // The canonical form of ASCII has as many letters and digits, in every normalization.
        match unicode::ascii_weight(bytes) {
            (weight, true) => u32::try_from(weight).unwrap_or(u32::MAX),
            _ => unicode::weight(normalizer.canonical(self.segment_text(index), self.options.normalization)),
        }
    }

    pub(crate) fn weights(&self) -> &[u32] {
        self.weights.get_or_init(|| {
            let mut normalizer = Normalizer::default();
            let mut of_id = Vec::with_capacity(self.distinct_segments());
            for (i, id) in self.ids.iter().enumerate() {
                if *id as usize == of_id.len() {
                    let form = normalizer.canonical(self.segment_text(i), self.options.normalization);
                    of_id.push(unicode::weight(form));
                }
            }
            self.ids.iter().map(|id| of_id[*id as usize]).collect()
        })
    }
}

/// One segment of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Segment<'d, 't> {
    doc: &'d Document<'t>,
    index: usize,
}

impl<'t> Segment<'_, 't> {
    /// Its number in the document, from 0.
    pub fn index(self) -> usize {
        self.index
    }

    /// Where it stands.
    pub fn span(self) -> Span {
        self.doc.spans[self.index]
    }

    /// What stands there.
    pub fn text(self) -> &'t str {
        &self.doc.text[self.span()]
    }

    /// The fingerprint of its canonical form.
    pub fn fingerprint(self) -> Fingerprint {
        self.doc.fingerprints[self.index]
    }

    /// How much text it is: the letters, marks and digits of its canonical form, an ideograph, kana
    /// or Hangul syllable counting 3. Saturates at `u32::MAX`.
    pub fn weight(self) -> u32 {
        self.doc.weights()[self.index]
    }
}

/// A segment is written as its number, its span and its fingerprint.
#[cfg(feature = "serde")]
impl serde::Serialize for Segment<'_, '_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let mut segment = serializer.serialize_struct("Segment", 3)?;
        segment.serialize_field("index", &self.index())?;
        segment.serialize_field("span", &self.span())?;
        segment.serialize_field("fingerprint", &self.fingerprint())?;
        segment.end()
    }
}
