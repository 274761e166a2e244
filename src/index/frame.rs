//! Frames: parts of a file, each with its length and a checksum. All numbers are little-endian.
//!
//! | bytes | content |
//! |---|---|
//! | 8 | length of the content |
//! | 8 | XXH3-64 of the length and the content; the seed is the number of the frame in its file, or of the document |
//! | rest | the content |
//!
//! The seed ties a frame to its place, so a frame that was moved, or is left over from another
//! file, is invalid.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::store::{OwnedRecord, Record};
use crate::fingerprint::Fingerprint;

/// How many bytes stand before the content.
pub(crate) const HEAD: usize = 16;

/// Appends a frame with the content that `write` appends.
pub(crate) fn append(bytes: &mut Vec<u8>, seed: u64, write: impl FnOnce(&mut Vec<u8>)) {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; HEAD]);
    write(bytes);
    let len = (bytes.len() - start - HEAD) as u64;
    let sum = checksum(len, bytes.get(start + HEAD..).unwrap_or_default(), seed);
    if let Some(head) = bytes.get_mut(start..start + HEAD) {
        let (first, second) = head.split_at_mut(HEAD / 2);
        first.copy_from_slice(&len.to_le_bytes());
        second.copy_from_slice(&sum.to_le_bytes());
    }
}

fn checksum(len: u64, content: &[u8], seed: u64) -> u64 {
    xxh3_64_with_seed(content, seed ^ len.rotate_left(32))
}

/// The length that the head of a frame gives, and the checksum.
pub(crate) fn head(bytes: &[u8]) -> Option<(u64, u64)> {
    let number = |bytes: &[u8]| Some(u64::from_le_bytes(bytes.try_into().ok()?));
    Some((number(bytes.get(..8)?)?, number(bytes.get(8..HEAD)?)?))
}

/// Whether a content is what was written.
pub(crate) fn is_whole(sum: u64, content: &[u8], seed: u64) -> bool {
    checksum(content.len() as u64, content, seed) == sum
}

/// Appends a length and so many bytes.
pub(crate) fn put(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
    bytes.extend_from_slice(part);
}

/// Takes what [`put`] has put.
pub(crate) fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::try_from(take_number(bytes)?).ok()?;
    let (part, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(part)
}

/// Takes eight bytes as a number.
pub(crate) fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let (number, rest) = bytes.split_at_checked(8)?;
    *bytes = rest;
    Some(u64::from_le_bytes(number.try_into().ok()?))
}

/// Appends a document: its name, its scope, its keys with the most significant byte first, and its payload.
pub(crate) fn put_record(bytes: &mut Vec<u8>, record: &Record<'_>) {
    put(bytes, record.id.as_bytes());
    put(bytes, record.scope.as_bytes());
    bytes.extend_from_slice(&(record.keys.len() as u64).to_le_bytes());
    bytes.extend(record.keys.iter().flat_map(|key| key.to_bytes()));
    put(bytes, record.payload);
}

/// Takes what [`put_record`] has put.
pub(crate) fn take_record(bytes: &mut &[u8]) -> Option<OwnedRecord> {
    let name = |bytes: &mut &[u8]| String::from_utf8(take(bytes)?.to_vec()).ok();
    let (id, scope) = (name(bytes)?, name(bytes)?);
    let len = usize::try_from(take_number(bytes)?).ok()?.checked_mul(16)?;
    let (keys, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    let keys = keys.chunks_exact(16).filter_map(|key| Some(Fingerprint::from_bytes(key.try_into().ok()?)));
    Some(OwnedRecord { id, scope, keys: keys.collect(), payload: take(bytes)?.to_vec() })
}
