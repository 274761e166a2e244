//! From a text to its canonical form, in one pass.

use super::{Normalization, Switch, island, runs};
use crate::steps;
use crate::unicode::{DIRECT, DIRECT_NFC};

/// Makes canonical forms in a buffer that it keeps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normalizer {
    buffer: Vec<u8>,
}

impl Normalizer {
    /// The canonical form of `text`, in UTF-8.
    #[inline(always)]
    pub(crate) fn canonical<'a>(&'a mut self, text: &'a str, form: Normalization) -> &'a [u8] {
        steps::count(text.len());
        // Where this is seen to be so, a fingerprint is nothing but the hash.
        if form == Normalization::RAW { text.as_bytes() } else { self.written(text, form) }
    }

    /// A form that has to be written.
    fn written(&mut self, text: &str, form: Normalization) -> &[u8] {
        let mut out = Form::new(&mut self.buffer, text.len());
        if form == Normalization::WHITESPACE {
            runs::write::<0>(text, form, &mut out);
        } else if form == form.without_removals() {
            text_form(text, form, &mut out);
        } else {
            island::write_parts(text, form, &mut out);
            if out.finish() == 0 {
                out.truncate(0);
                text_form(text, form.without_removals(), &mut out);
            }
        }
        let len = out.finish();
        &self.buffer[..len]
    }
}

/// The form without switches that take something out.
fn text_form(text: &str, form: Normalization, out: &mut Form<'_>) {
    if form.has(Switch::Canonical) {
        runs::write::<DIRECT_NFC>(text, form, out);
    } else {
        runs::write::<DIRECT>(text, form, out);
    }
}

/// A form that is being written, with its white space collapsed.
///
/// The buffer is longer than what is written, so that blocks can be written whole and then be counted in part.
pub(super) struct Form<'b> {
    buffer: &'b mut Vec<u8>,
    len: usize,
}

impl<'b> Form<'b> {
    /// An empty form, with room for one as long as a text of `len` bytes: few are longer.
    fn new(buffer: &'b mut Vec<u8>, len: usize) -> Self {
        let mut form = Self { buffer, len: 0 };
        if form.buffer.len() < len + runs::BLOCK {
            form.grow(len + runs::BLOCK);
        }
        form
    }

    /// How many bytes are written.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Takes back what was written from byte `len` on.
    pub(super) fn truncate(&mut self, len: usize) {
        self.len = len;
    }

    /// Writes bytes of which only the first `len` count.
    #[inline(always)]
    pub(super) fn push_part(&mut self, bytes: &[u8], len: usize) {
        self.room(bytes.len()).copy_from_slice(bytes);
        self.advance(len);
    }

    /// The next `len` bytes, to be written over; they count once the form has [advanced](Self::advance) past them.
    #[inline(always)]
    pub(super) fn room(&mut self, len: usize) -> &mut [u8] {
        let end = self.len + len;
        if self.buffer.len() < end {
            self.grow(end);
        }
        &mut self.buffer[self.len..end]
    }

    /// Counts `len` bytes more as written.
    #[inline(always)]
    pub(super) fn advance(&mut self, len: usize) {
        self.len += len;
    }

    /// Makes room for `end` bytes in all.
    #[cold]
    fn grow(&mut self, end: usize) {
        self.buffer.resize(end.max(self.buffer.len() + self.buffer.len() / 2), 0);
    }

    /// Writes a character that is no white space.
    #[inline(always)]
    pub(super) fn push(&mut self, c: char) {
        let mut bytes = [0; 4];
        let len = c.encode_utf8(&mut bytes).len();
        self.push_part(&bytes, len);
    }

    /// Writes a space, unless there is one already or nothing before it.
    #[inline(always)]
    pub(super) fn push_space(&mut self) {
        if !self.takes_no_space() {
            self.push_part(b" ", 1);
        }
    }

    /// Whether a space would not be written now.
    #[inline(always)]
    pub(super) fn takes_no_space(&self) -> bool {
        self.len == 0 || self.buffer[self.len - 1] == b' '
    }

    /// Takes the space at the end away, and gives the length.
    fn finish(&self) -> usize {
        self.len - usize::from(self.len > 0 && self.takes_no_space())
    }
}
