//! Tests of the encoding of spans.

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
        let mut in_order = SpanReader::new(&bytes, spans.len());
        for (index, span) in spans.iter().enumerate() {
            prop_assert_eq!(in_order.read(index), Some(*span));
            let mut backward = SpanReader::new(&bytes, spans.len());
            prop_assert_eq!(backward.read(spans.len() - 1), spans.last().copied());
            prop_assert_eq!(backward.read(index), Some(*span));
        }
        prop_assert_eq!(in_order.read(spans.len()), None);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in any::<Vec<u8>>(), len in 0..1000_usize, index in 0..1000_usize) {
        let mut spans = SpanReader::new(&bytes, len);
        let _ = (spans.read(index), spans.read(index / 2), spans.read(index));
    }
}

#[test]
fn a_paragraph_takes_five_bytes() {
    let spans: Vec<Span> = (0..1000).map(|i| Span::new(i * 201, i * 201 + 200)).collect();
    let mut bytes = Vec::new();
    write(&spans, &mut bytes);
    assert!(bytes.len() < 5_100, "{}", bytes.len());
}
