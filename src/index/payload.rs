//! The payload that an index stores with a document: its digest, and the spans of its segments.

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::place::{Match, Names};
use super::span_codec::{self, SpanReader};
use crate::document::Document;
use crate::error::IndexError;
use crate::span::Span;
use crate::store::{DocumentView, Posting, View};

/// The number of bytes of the digest, which precedes the spans.
const DIGEST: usize = 16;

/// Encodes the digest of a document, which is an XXH3-128 of its spans and fingerprints, and the
/// spans.
pub(super) fn encode(document: &Document<'_>) -> Vec<u8> {
    let mut payload = vec![0; DIGEST];
    span_codec::write(document.spans(), &mut payload);
    let spans = &payload[DIGEST..];
    let mut content = Vec::with_capacity(spans.len() + 16 * document.len());
    content.extend_from_slice(spans);
    for fingerprint in document.fingerprints() {
        content.extend_from_slice(&fingerprint.to_bytes());
    }
    let digest = xxh3_128_with_seed(&content, document.seed());
    payload[..DIGEST].copy_from_slice(&digest.to_le_bytes());
    payload
}

/// Returns whether two payloads are those of documents with equal fingerprints and spans.
pub(super) fn is_equal(a: &[u8], b: &[u8]) -> bool {
    a.get(..DIGEST) == b.get(..DIGEST)
}

/// Returns a function that returns the span of a segment of a stored document.
pub(super) fn spans<'a>(
    document: &DocumentView<'a>,
) -> impl FnMut(usize) -> Result<Span, IndexError> + use<'a> {
    let DocumentView { id, len, payload, .. } = *document;
    let mut spans = SpanReader::new(payload.get(DIGEST..).unwrap_or_default(), len);
    move |segment| {
        let how = || format!("document {id:?} has no span for segment {segment}");
        spans.read(segment).ok_or_else(|| IndexError::damaged("the index", how()))
    }
}

/// Returns the match of each posting. Each document is read once, and `postings` may be in any
/// order.
pub(super) fn matches(view: &dyn View, postings: &[Posting]) -> Result<Vec<Match>, IndexError> {
    // The document above the index of the posting: numbers are sorted faster than pairs.
    let mut order: Vec<u64> =
        (0_u64..).zip(postings).map(|(at, posting)| u64::from(posting.document) << 32 | at).collect();
    order.sort_unstable();
    let mut matches: Vec<Option<Match>> = vec![None; postings.len()];
    for of_one in order.chunk_by(|a, b| a >> 32 == b >> 32) {
        let document = (of_one[0] >> 32) as u32;
        view.document(document, &mut |found| {
            let (mut span, names) = (spans(found), Names::of(found));
            for at in of_one {
                #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
                let at = *at as u32 as usize;
                let segment = postings[at].place as usize;
                let (names, span) = (Arc::clone(&names), span(segment)?);
                matches[at] = Some(Match { names, segment, span });
            }
            Ok(())
        })?;
    }
    let damaged = || IndexError::damaged("the index", "a posting names a document that does not exist");
    matches.into_iter().map(|found| found.ok_or_else(damaged)).collect()
}
