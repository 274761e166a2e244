//! A compact encoding of the spans of a document, in two or three bytes for each span.
//!
//! Spans are in ascending order and do not overlap, so each is stored as the distance from the end
//! of the span before it and its length, both as little-endian base-128 numbers (LEB128).
//!
//! An index of blocks precedes the spans, so that one span can be read without all spans before it.
//! It has two 64-bit little-endian numbers for each block of 64 spans but the first: the offset of
//! the block in these bytes, and the offset in the text at which the span before the block ends.
//!
//! Reading bytes that were not written by this module never panics. It returns some span or `None`.

use crate::span::Span;

/// How many spans are in a block.
const BLOCK: usize = 64;

/// How many bytes stand in front for a block.
const MARK: usize = 16;

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push((number & 0x7F) as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7F).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Writes spans.
pub(crate) fn write(spans: &[Span], bytes: &mut Vec<u8>) {
    let start = bytes.len();
    let marks = spans.len().saturating_sub(1) / BLOCK * MARK;
    bytes.resize(start + marks, 0);
    let mut end = 0;
    for (index, span) in spans.iter().enumerate() {
        if index > 0 && index % BLOCK == 0 {
            let at = start + (index / BLOCK - 1) * MARK;
            let offset = (bytes.len() - start) as u64;
            if let Some(mark) = bytes.get_mut(at..at + MARK) {
                let (first, second) = mark.split_at_mut(MARK / 2);
                first.copy_from_slice(&offset.to_le_bytes());
                second.copy_from_slice(&(end as u64).to_le_bytes());
            }
        }
        put(bytes, (span.start() - end) as u64);
        put(bytes, span.len() as u64);
        end = span.end();
    }
}

/// Reads the span with number `index` of `len` that were written.
pub(crate) fn read(bytes: &[u8], len: usize, index: usize) -> Option<Span> {
    if index >= len {
        return None;
    }
    let (mut from, mut end) = ((len - 1) / BLOCK * MARK, 0);
    if let Some(block) = (index / BLOCK).checked_sub(1) {
        let mark = bytes.get(block * MARK..(block + 1) * MARK)?;
        let half = |half: &[u8]| usize::try_from(u64::from_le_bytes(half.try_into().ok()?)).ok();
        (from, end) = (half(mark.get(..MARK / 2)?)?, half(mark.get(MARK / 2..)?)?);
    }
    let mut rest = bytes.get(from..)?;
    let mut span = Span::default();
    for _ in 0..=index % BLOCK {
        let start = usize::try_from(take(&mut rest)?).ok()?.checked_add(end)?;
        end = usize::try_from(take(&mut rest)?).ok()?.checked_add(start)?;
        span = Span::new(start, end);
    }
    Some(span)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_span_reads_back(steps in prop::collection::vec((0..300_usize, 1..70_000_usize), 0..300)) {
            let mut end = 0;
            let spans: Vec<Span> = steps.iter().map(|(gap, len)| {
                let start = end + gap;
                end = start + len;
                Span::new(start, end)
            }).collect();
            let mut bytes = Vec::new();
            write(&spans, &mut bytes);
            for (index, span) in spans.iter().enumerate() {
                prop_assert_eq!(read(&bytes, spans.len(), index), Some(*span));
            }
            prop_assert_eq!(read(&bytes, spans.len(), spans.len()), None);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in any::<Vec<u8>>(), len in 0..1000_usize, index in 0..1000_usize) {
            let _ = read(&bytes, len, index);
        }
    }

    #[test]
    fn a_paragraph_takes_three_bytes() {
        let spans: Vec<Span> = (0..1000).map(|i| Span::new(i * 201, i * 201 + 200)).collect();
        let mut bytes = Vec::new();
        write(&spans, &mut bytes);
        assert!(bytes.len() < 3300, "{}", bytes.len());
    }
}
