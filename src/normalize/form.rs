//! From a text to its canonical form, in one pass.

use super::{Normalization, Preset, Switch, island, runs};
use crate::steps;
use crate::unicode::{DIRECT, DIRECT_NFC};

/// Makes canonical forms in a buffer that it keeps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normalizer {
    buffer: Vec<u8>,
}

impl Normalizer {
    /// The canonical form of `text`, in UTF-8.
    pub(crate) fn canonical<'a>(&'a mut self, text: &'a str, form: Normalization) -> &'a [u8] {
        steps::count(text.len());
        if form.preset == Preset::Raw {
            return text.as_bytes();
        }
        let mut out = Form::new(&mut self.buffer, text.len());
        match form.preset {
            Preset::Raw => {}
            Preset::Whitespace => runs::write::<0>(text, form, &mut out),
            Preset::Text if form == form.without_removals() => text_form(text, form, &mut out),
            Preset::Text => {
                island::write_parts(text, form, &mut out);
                if out.finish() == 0 {
                    out = Form::new(&mut self.buffer, text.len());
                    text_form(text, form.without_removals(), &mut out);
                }
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
        let room = len + runs::BLOCK;
        if buffer.len() < room {
            buffer.resize(room, 0);
        }
        Self { buffer, len: 0 }
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

    /// Writes a block of which only the first `len` bytes count.
    #[inline(always)]
    pub(super) fn push_part<const N: usize>(&mut self, block: &[u8; N], len: usize) {
        let end = self.len + N;
        if self.buffer.len() < end {
            self.grow(end);
        }
        self.buffer[self.len..end].copy_from_slice(block);
        self.len += len;
    }

    /// Writes a slice of which only the first `len` bytes count.
    #[inline(always)]
    pub(super) fn push_slice(&mut self, slice: &[u8], len: usize) {
        let end = self.len + slice.len();
        if self.buffer.len() < end {
            self.grow(end);
        }
        self.buffer[self.len..end].copy_from_slice(slice);
        self.len += len;
    }

    /// Makes room for `end` bytes in all.
    #[cold]
    fn grow(&mut self, end: usize) {
        self.buffer.resize(end.max(2 * self.buffer.len()), 0);
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
