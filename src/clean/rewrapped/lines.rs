//! The lines of a document that are left, and their canonical forms.

use std::ops::Range;

use crate::document::Document;
use crate::id::id;
use crate::repeats::Scratch;
use crate::unicode;

/// The lines of a document that are left.
#[derive(Clone, Copy)]
pub(in crate::clean) struct Lines<'d> {
    doc: &'d Document<'d>,
    /// The index in the document of each line that is left; empty if all are.
    numbers: &'d [u32],
    ids: &'d [u32],
}

impl<'d> Lines<'d> {
    pub(in crate::clean) fn new(doc: &'d Document<'d>, numbers: &'d [u32], ids: &'d [u32]) -> Self {
        Self { doc, numbers, ids }
    }

    pub(super) fn len(self) -> u32 {
        id(self.ids.len())
    }

    pub(super) fn id(self, i: u32) -> u32 {
        self.ids[i as usize]
    }

    fn number(self, i: u32) -> usize {
        self.numbers.get(i as usize).map_or(i as usize, |number| *number as usize)
    }

    /// Returns the part of line `i` that is compared.
    pub(super) fn text(self, i: u32) -> &'d str {
        self.doc.key_text(self.number(i))
    }

    /// Returns the bytes of [`text`](Self::text).
    pub(super) fn bytes(self, i: u32) -> &'d [u8] {
        self.doc.key_bytes(self.number(i))
    }

    /// Returns the bytes of all lines, if they are those of the document.
    pub(super) fn all(self) -> Option<impl Iterator<Item = &'d [u8]>> {
        let text = self.doc.text().as_bytes();
        let lines = || self.doc.key_spans().iter().map(|span| &text[span.range()]);
        (self.numbers.is_empty() && !self.doc.has_changed()).then(lines)
    }

    /// Returns whether the text has one of the Latin ligatures U+FB00 to U+FB06, such as `ﬁ`.
    pub(super) fn have_ligatures(self) -> bool {
        let text = self.doc.text().as_bytes();
        let mut found = memchr::memmem::find_iter(text, b"\xEF\xAC");
        found.any(|at| text.get(at + 2).is_some_and(|byte| (0x80..=0x86).contains(byte)))
    }

    /// Returns the text of `lines` with a space in place of each line break.
    pub(super) fn joined(self, lines: Range<u32>) -> Box<str> {
        lines.map(|i| self.text(i)).collect::<Vec<_>>().join(" ").into()
    }

    /// Returns whether line `i` continues a sentence of the line before it.
    pub(super) fn continues(self, i: u32) -> bool {
        (1..self.len()).contains(&i) && self.doc.is_continued_by(self.number(i - 1), self.number(i))
    }
}

/// The canonical forms of lines.
pub(super) struct Forms {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Forms {
    pub(super) fn of(lines: Lines<'_>, scratch: &mut Scratch) -> Self {
        let normalizer = scratch.normalizer();
        let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(lines.ids.len()));
        for i in 0..lines.len() {
            bytes.extend_from_slice(normalizer.canonical(lines.text(i), lines.doc.normalization()));
            ends.push(bytes.len());
        }
        Self { bytes, ends }
    }

    pub(super) fn len(&self) -> u32 {
        id(self.ends.len())
    }

    fn start(&self, line: u32) -> usize {
        line.checked_sub(1).map_or(0, |before| self.ends[before as usize])
    }

    pub(super) fn of_line(&self, line: u32) -> &[u8] {
        &self.bytes[self.start(line)..self.ends[line as usize]]
    }

    /// Returns the number of bytes of `lines`.
    pub(super) fn len_of(&self, lines: &Range<u32>) -> usize {
        self.start(lines.end) - self.start(lines.start)
    }

    /// Returns the start of `lines`, which are not empty.
    pub(super) fn cursor(&self, lines: &Range<u32>) -> Cursor<'_> {
        Cursor { forms: self, line: lines.start, end: lines.end, at: self.start(lines.start) }
    }
}

/// A place in the canonical forms of lines.
pub(super) struct Cursor<'f> {
    forms: &'f Forms,
    pub(super) line: u32,
    end: u32,
    pub(super) at: usize,
}

impl Cursor<'_> {
    pub(super) fn rest(&self) -> &[u8] {
        &self.forms.bytes[self.at..self.forms.ends[self.line as usize]]
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    /// Moves to the next line, and returns whether there is one.
    pub(super) fn next(&mut self) -> bool {
        let has_next = self.line + 1 < self.end;
        if has_next {
            self.at = self.forms.ends[self.line as usize];
            self.line += 1;
        }
        has_next
    }

    /// Returns the character of the line before this place.
    pub(super) fn last_char(&self) -> Option<char> {
        let before = &self.forms.bytes[self.forms.start(self.line)..self.at];
        let start = (0..before.len()).rev().find(|i| !matches!(before[*i], 0x80..0xC0))?;
        char::from_u32(unicode::decode(before, start).0)
    }

    /// Returns the character of the line after this place, which is not in the middle of one.
    pub(super) fn next_char(&self) -> Option<char> {
        let rest = self.rest();
        if rest.is_empty() { None } else { char::from_u32(unicode::decode(rest, 0).0) }
    }
}
