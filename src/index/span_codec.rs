//! A compact encoding of the spans of a document, in four or five bytes for each span.
//!
//! `docs/format.md` describes the bytes. An index of blocks precedes the spans, so that one span
//! can be read without all spans before it.
//!
//! Reading bytes that were not written by this module never panics. It returns some span or `None`.

#[cfg(test)]
mod tests;

use crate::codec::{put_number, take_number};
use crate::span::Span;
use crate::work;

/// The number of spans in a block.
const BLOCK: usize = 8;

/// The number of bytes of the entry of a block in the index.
const MARK: usize = 16;

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push((number & 0x7F) as u8);
}

#[inline(always)]
fn take(bytes: &mut &[u8]) -> Option<u64> {
    // Most numbers have one byte.
    if let [first @ 0..0x80, rest @ ..] = *bytes {
        *bytes = rest;
        return Some(u64::from(*first));
    }
    let mut number = 0_u64;
    for (place, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            *bytes = &bytes[place + 1..];
            return Some(number);
        }
    }
    None
}

/// Appends spans, which are in order and do not overlap.
pub(crate) fn write(spans: &[Span], bytes: &mut Vec<u8>) {
    let marks = spans.len().saturating_sub(1) / BLOCK * MARK;
    let (mut encoded, mut end) = (Vec::new(), 0);
    for (index, span) in spans.iter().enumerate() {
        if index > 0 && index % BLOCK == 0 {
            put_number(bytes, (marks + encoded.len()) as u64);
            put_number(bytes, end as u64);
        }
        put(&mut encoded, (span.start() - end) as u64);
        put(&mut encoded, span.len() as u64);
        end = span.end();
    }
    bytes.append(&mut encoded);
}

/// Reads spans that [`write`] wrote, fastest in ascending order.
pub(crate) struct SpanReader<'a> {
    bytes: &'a [u8],
    len: usize,
    /// The number of the next span, the bytes from it on, and the end of the span before it.
    next: usize,
    rest: &'a [u8],
    end: u64,
}

impl<'a> SpanReader<'a> {
    /// Creates a reader of `len` spans.
    pub(crate) fn new(bytes: &'a [u8], len: usize) -> Self {
        let marks = (len.saturating_sub(1) / BLOCK).saturating_mul(MARK);
        Self { bytes, len, next: 0, rest: bytes.get(marks..).unwrap_or_default(), end: 0 }
    }

    /// Reads the span with number `index`, or returns `None` if there is none.
    pub(crate) fn read(&mut self, index: usize) -> Option<Span> {
        if index >= self.len {
            return None;
        }
        if index < self.next || index / BLOCK > self.next / BLOCK {
            let Some(mark) = (index / BLOCK).checked_sub(1) else {
                *self = Self::new(self.bytes, self.len);
                return self.read(index);
            };
            let mut mark = self.bytes.get(mark * MARK..)?;
            let from = usize::try_from(take_number(&mut mark)?).ok()?;
            self.rest = self.bytes.get(from..)?;
            self.end = take_number(&mut mark)?;
            self.next = index / BLOCK * BLOCK;
        }
        let (mut start, mut end, mut rest) = (0, self.end, self.rest);
        for _ in self.next..=index {
            work::count(1);
            // Sums of what this module did not write may overflow, and are some span then.
            start = take(&mut rest)?.wrapping_add(end);
            end = take(&mut rest)?.wrapping_add(start);
        }
        (self.end, self.rest, self.next) = (end, rest, index + 1);
        let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
        (start <= end).then(|| Span::new(start, end))
    }
}
