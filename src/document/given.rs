//! Documents whose segments or paragraphs the caller gives.

use std::borrow::Cow;

use super::{Buffers, Document, Limits};
use crate::error::DocumentError;
use crate::options::Options;
use crate::records::{Leading, Record, keyed};
use crate::segment::Segmentation;
use crate::span::Span;
use crate::unicode;

impl<'t> Document<'t> {
    /// Creates a document whose segments are the given spans of `text`, such as the paragraphs of a
    /// parsed page or the rows of a table.
    ///
    /// White space is trimmed from both ends of each span. A span of white space only is ignored;
    /// an empty span is an error. The text between the spans is never compared, and only removed if
    /// it is blank. A [`Cleaner`](crate::Cleaner) does not search inside these segments, however
    /// long they are, and does not apply the rule [`Overlap`](crate::Rule::Overlap).
    ///
    /// ```
    /// use refrain::{Document, Options, Span};
    ///
    /// let text = "<p>One.<p>Two.<p>One.";
    /// let spans = [3..7, 10..14, 17..21].map(Span::from);
    /// let document = Document::from_spans(text, &spans, &Options::new())?;
    /// let repeats = document.repeats();
    /// let originals: Vec<_> = repeats.families().map(|family| family.original().span()).collect();
    /// assert_eq!(originals, [spans[0]]);
    /// # Ok::<(), refrain::error::DocumentError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// * [`DocumentError::BadSpan`] if a span is empty, ends after the text, or splits a character.
    /// * [`DocumentError::Disorder`] if a span starts before the end of the span before it.
    /// * [`DocumentError::Contradiction`] if the options choose a segmentation other than `Auto`.
    /// * [`DocumentError::TooManySegments`] if there are more than 2³² − 2 segments.
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
        let mut parts = Vec::new();
        if let Some(leading) = options.skip_leading.filter(|leading| *leading != Leading::NONE) {
            keyed(text, leading, false, &mut trimmed, &mut parts);
        }
        let segments = (trimmed, parts);
        let read = Self::intern(text, None, segments, options, Limits::REAL, &mut Buffers::default());
        Self::complete(read, Limits::REAL)
    }

    /// Creates a document from records: segments that the caller chooses, as with
    /// [`from_spans`](Self::from_spans), each with the part of the text by which it is compared.
    /// [`Options::skip_leading`] is ignored.
    ///
    /// ```
    /// use refrain::records::Record;
    /// use refrain::{Cleaner, Document, Options, Policy};
    ///
    /// let text = "17;a long entry of the log\n18;a long entry of the log\n";
    /// let records = [(0..26, 3..26), (27..53, 30..53)]
    ///     .map(|(span, key)| Record { span: span.into(), key: key.into() });
    /// let document = Document::from_records(text, &records, &Options::new())?;
    /// let edits = Cleaner::new().policy(Policy::drop_all()).edits_of(&document);
    /// assert_eq!(edits.apply(), "17;a long entry of the log\n");
    /// # Ok::<(), refrain::error::DocumentError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`from_spans`](Self::from_spans), for the spans; [`DocumentError::BadKey`] if a key
    /// is blank, ends after the text, or splits a character.
    pub fn from_records(text: &'t str, records: &[Record], options: &Options) -> Result<Self, DocumentError> {
        let spans: Vec<Span> = records.iter().map(|record| record.span).collect();
        let mut keys = Vec::with_capacity(records.len());
        for (index, Record { span, key }) in records.iter().enumerate() {
            let bad = || DocumentError::BadKey { index, key: *key, len: text.len() };
            let piece = text.get(key.range()).filter(|piece| !unicode::is_blank(piece)).ok_or_else(bad)?;
            // A blank segment is a gap, and has no key.
            if text.get(span.range()).is_some_and(|piece| !unicode::is_blank(piece)) {
                let (from, to) = unicode::trim(piece);
                keys.push(Span::new(key.start() + from, key.start() + to));
            }
        }
        let options = Options { skip_leading: None, ..options.clone() };
        let document = Self::from_spans(text, &spans, &options)?;
        let segments = (document.spans, keys);
        let read = Self::intern(text, None, segments, &options, Limits::REAL, &mut Buffers::default());
        Self::complete(read, Limits::REAL)
    }

    /// Creates a document that owns its text: the given paragraphs, joined by one line end each.
    ///
    /// Leave the segmentation at [`Auto`](Segmentation::Auto) or [`Lines`](Segmentation::Lines).
    /// [`Paragraphs`](Segmentation::Paragraphs) needs blank lines and would read the whole list as
    /// one segment. A paragraph with line ends inside has several segments.
    /// [`paragraph`](Self::paragraph) returns the segments of a paragraph. As with
    /// [`new`](Document::new), segments beyond the limit are a gap.
    ///
    /// ```
    /// use refrain::{Document, Options};
    ///
    /// let paragraphs = ["The ferry", "It sails at nine.\nIt is late.", "", "It sails at nine."];
    /// let document = Document::from_paragraphs(&paragraphs, &Options::new());
    /// assert_eq!(document.paragraph(1), Some(1..3));
    /// assert_eq!(document.paragraph(2), Some(3..3));
    /// assert_eq!(document.repeats().families().len(), 1);
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the length of the paragraphs.
    pub fn from_paragraphs<P: AsRef<str>>(paragraphs: &[P], options: &Options) -> Document<'static> {
        let mut text = String::new();
        let mut ends = Vec::with_capacity(paragraphs.len());
        for paragraph in paragraphs {
            text.push_str(paragraph.as_ref());
            text.push('\n');
            ends.push(text.len());
        }
        let Document {
            segmentation,
            options,
            spans,
            keys,
            fingerprints,
            ids,
            distinct,
            changed,
            weights,
            ..
        } = Document::with_options(&text, options);
        Document {
            text: Cow::Owned(text),
            paragraphs: ends,
            segmentation,
            options,
            spans,
            keys,
            fingerprints,
            ids,
            distinct,
            changed,
            weights,
        }
    }
}
