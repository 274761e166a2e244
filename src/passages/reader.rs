//! Reading a text: its units and their anchors.

use super::anchors::{Anchor, Sampling};
use super::options::PassageOptions;
use super::units::{UnitReader, Units};
use crate::error::PassageError;

/// The maximum length of a text in bytes.
pub(super) const MAX_LEN: usize = u32::MAX as usize;

/// A text that was read: everything that is needed to search it, or to insert it.
#[derive(Clone, Debug, Default)]
pub(super) struct Read {
    pub(super) units: Units,
    pub(super) anchors: Vec<Anchor>,
}

/// Reads texts, and reuses its buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct Reader {
    units: UnitReader,
    buffer: Vec<u64>,
}

impl Reader {
    /// Reads `text` into `read`.
    pub(super) fn read(
        &mut self,
        text: &str,
        options: &PassageOptions,
        sampling: &Sampling,
        read: &mut Read,
    ) -> Result<(), PassageError> {
        if text.len() > MAX_LEN {
            return Err(PassageError::TooLong { len: text.len(), limit: MAX_LEN });
        }
        std::mem::swap(&mut read.units, self.units.read(text, options.normalization, options.seed));
        self.anchors(&read.units.hashes, sampling, &mut read.anchors);
        Ok(())
    }

    /// Returns the hash of the last unit of a short text.
    pub(super) fn last_word(&mut self, text: &str, options: &PassageOptions) -> Option<u32> {
        self.units.read(text, options.normalization, options.seed).hashes.last().copied()
    }

    /// Returns the hash of the unit of a short text that has one unit.
    pub(super) fn only_word(&mut self, text: &str, options: &PassageOptions) -> Option<u32> {
        let hashes = &self.units.read(text, options.normalization, options.seed).hashes;
        if let [word] = hashes[..] { Some(word) } else { None }
    }

    /// Replaces `anchors` by those of `words`.
    pub(super) fn anchors(&mut self, words: &[u32], sampling: &Sampling, anchors: &mut Vec<Anchor>) {
        anchors.clear();
        sampling.anchors(words, &mut self.buffer, anchors);
    }
}
