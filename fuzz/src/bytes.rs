//! The bytes of an input: content is read from their front, and options from their end, so that an
//! input of plain text is a text with some options.

/// The bytes of an input that were not read yet. If there are none left, all are 0.
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    /// Returns the bytes of an input.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Removes the last byte.
    pub fn last(&mut self) -> u8 {
        let Some((last, rest)) = self.0.split_last() else { return 0 };
        self.0 = rest;
        *last
    }

    /// Removes the last byte, and returns a number less than `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::from(self.last()) % n.max(1)
    }

    /// Removes the last eight bytes, and returns their number.
    pub fn number(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.last()))
    }

    /// Returns whether nothing is left.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Returns what is left.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }
}
