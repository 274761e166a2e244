//! The buffer into which a canonical form is written.

/// The number of bytes of ASCII that are handled together; shorter texts use shorter blocks. A
/// compiler turns a block into a few vector instructions.
pub(super) const BLOCK: usize = 32;

/// A canonical form that is being written, with its white space collapsed.
///
/// The buffer is longer than the form, so that a block can be written as a whole before the number
/// of its valid bytes is known.
pub(super) struct Form<'b> {
    buffer: &'b mut Vec<u8>,
    len: usize,
}

impl<'b> Form<'b> {
    /// Creates an empty form with room for `len` bytes, the length of the text. Few forms are
    /// longer.
    pub(super) fn new(buffer: &'b mut Vec<u8>, len: usize) -> Self {
        let mut form = Self { buffer, len: 0 };
        if form.buffer.len() < len + BLOCK {
            form.grow(len + BLOCK);
        }
        form
    }

    /// Returns the number of bytes of the form.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Shortens the form to `len` bytes.
    pub(super) fn truncate(&mut self, len: usize) {
        self.len = len;
    }

    /// Writes `bytes`, of which only the first `len` belong to the form.
    #[inline(always)]
    pub(super) fn push_part(&mut self, bytes: &[u8], len: usize) {
        self.room(bytes.len()).copy_from_slice(bytes);
        self.advance(len);
    }

    /// Returns the next `len` bytes of the buffer. They belong to the form after
    /// [`advance`](Self::advance).
    #[inline(always)]
    pub(super) fn room(&mut self, len: usize) -> &mut [u8] {
        let end = self.len + len;
        if self.buffer.len() < end {
            self.grow(end);
        }
        &mut self.buffer[self.len..end]
    }

    /// Adds the next `len` bytes of the buffer to the form.
    #[inline(always)]
    pub(super) fn advance(&mut self, len: usize) {
        self.len += len;
    }

    /// Grows the buffer to at least `end` bytes.
    #[cold]
    fn grow(&mut self, end: usize) {
        self.buffer.resize(end.max(self.buffer.len() + self.buffer.len() / 2), 0);
    }

    /// Writes a character that is not white space.
    #[inline(always)]
    pub(super) fn push(&mut self, c: char) {
        let mut bytes = [0; 4];
        let len = c.encode_utf8(&mut bytes).len();
        self.push_part(&bytes, len);
    }

    /// Writes a space, unless the form is empty or ends with a space.
    #[inline(always)]
    pub(super) fn push_space(&mut self) {
        if !self.takes_no_space() {
            self.push_part(b" ", 1);
        }
    }

    /// Returns whether the form is empty or ends with a space.
    #[inline(always)]
    pub(super) fn takes_no_space(&self) -> bool {
        self.len == 0 || self.buffer[self.len - 1] == b' '
    }

    /// Returns the length of the form without a space at its end.
    pub(super) fn finish(&self) -> usize {
        self.len - usize::from(self.len > 0 && self.takes_no_space())
    }
}
