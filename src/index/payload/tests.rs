//! Tests of the encoding of spans.

use proptest::prelude::*;

use super::*;
use crate::fingerprint::Fingerprint;
use crate::options::Options;

fn read(payload: &[u8], len: usize, segment: usize) -> Result<Span, IndexError> {
    let key_at = |_| Fingerprint::from_u128(0);
    span(&DocumentView { id: "1", scope: "s", len, key_at: &key_at, payload }, segment)
}

proptest! {
    #[test]
    fn every_span_reads_back(steps in prop::collection::vec((0..300_usize, 1..700_usize), 0..100)) {
        let mut end = 0;
        let spans: Vec<Span> = steps.iter().map(|(gap, len)| {
            let start = end + gap;
            end = start + len;
            Span::new(start, end)
        }).collect();
        let text = "x".repeat(end);
        let document = Document::from_spans(&text, &spans, &Options::new())?;
        let payload = encode(&document);
        // The payload of a text of more than 4 GiB.
        let mut wide = payload[..DIGEST].to_vec();
        for number in payload[DIGEST..].chunks_exact(4) {
            wide.extend_from_slice(number);
            wide.extend_from_slice(&[0; 4]);
        }
        for (segment, span) in spans.iter().enumerate() {
            prop_assert_eq!(read(&payload, spans.len(), segment)?, *span);
            prop_assert_eq!(read(&wide, spans.len(), segment)?, *span);
        }
        prop_assert!(read(&payload, spans.len(), spans.len()).is_err());
        prop_assert!(read(&wide, spans.len(), spans.len()).is_err());
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in any::<Vec<u8>>(), len in 0..20_usize, segment in 0..20_usize) {
        let _ = (read(&bytes, len, segment), read(&bytes, usize::MAX, usize::MAX), read(&bytes, 1, usize::MAX));
    }
}
