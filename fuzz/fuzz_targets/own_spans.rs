//! Spans, records and paragraphs of the caller's own are read as they are or refused, and what is
//! cut is inside of them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refrain::edits::{cut, cuts};
use refrain::records::Record;
use refrain::{Cleaner, Document, Options, Span};
use refrain_fuzz::{Bytes, form, is_blank, policy, text};

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let policy = policy(&mut bytes);
    let options = Options::new().normalization(form(&mut bytes));
    let near_ends = bytes.below(4) > 0;
    let mut spans = Vec::new();
    let mut end = 0;
    for _ in 0..bytes.below(24) {
        let (gap, len) = (bytes.below(48), bytes.below(64));
        let start = if bytes.last() == 255 { gap } else { end + gap % 4 };
        end = start + len;
        spans.push((start, end));
    }
    let keys: Vec<(usize, usize)> = spans
        .iter()
        .map(|(start, end)| {
            let (from, to) = (start + bytes.below(4), *end);
            (from.min(to), to)
        })
        .collect();
    let text = text(bytes.rest());
    // Most spans should end between characters, since a document is refused otherwise.
    let moved = |at: usize| match near_ends {
        true => (at.min(text.len())..).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len()),
        false => at,
    };
    let span = |(start, end): (usize, usize)| Span::new(moved(start), moved(end));
    let spans: Vec<Span> = spans.into_iter().map(span).collect();
    let keys: Vec<Span> = keys.into_iter().map(span).collect();

    let is_inside = |span: &Span| text.get(span.range()).is_some();
    let is_sliced = spans.iter().all(|span| is_inside(span) && !span.is_empty());
    let is_ordered = spans.windows(2).all(|pair| pair[0].end() <= pair[1].start());
    match Document::from_spans(&text, &spans, &options) {
        Ok(document) => {
            assert!(is_sliced && is_ordered, "{spans:?} of {text:?}");
            let kept = spans.iter().map(|span| text[*span].trim()).filter(|segment| !is_blank(segment));
            assert!(document.segments().map(|segment| segment.text()).eq(kept), "{spans:?} of {text:?}");
            check_between(&document, &Cleaner::new().policy(policy).edits_of(&document).apply());
            let even: Vec<usize> = (0..document.len()).step_by(2).collect();
            check_between(&document, &document.remove_segments(&even).expect("there are such segments"));
            assert!(document.remove_segments(&[document.len()]).is_err());
        }
        Err(error) => assert!(!is_sliced || !is_ordered, "{error}: {spans:?} of {text:?}"),
    }
    let records: Vec<Record> =
        spans.iter().zip(&keys).map(|(span, key)| Record { span: *span, key: *key }).collect();
    if let Ok(document) = Document::from_records(&text, &records, &options) {
        assert!(is_sliced && is_ordered && keys.iter().all(is_inside), "{records:?} of {text:?}");
        check_between(&document, &Cleaner::new().policy(policy).edits_of(&document).apply());
    }

    if spans.iter().all(is_inside) {
        let cuts = cuts(&text, &spans).expect("all spans are inside");
        let mut left = String::new();
        let mut end = 0;
        for cut in &cuts {
            assert!(end <= cut.start(), "{cuts:?} of {text:?}");
            left.push_str(&text[end..cut.start()]);
            end = cut.end();
        }
        left.push_str(&text[end..]);
        assert_eq!(cut(&text, &spans).expect("all spans are inside"), left);
    } else {
        assert!(cut(&text, &spans).is_err() && cuts(&text, &spans).is_err());
    }

    let paragraphs: Vec<&str> = spans.iter().filter_map(|span| text.get(span.range())).collect();
    let document = Document::from_paragraphs(&paragraphs, &options);
    assert!((0..paragraphs.len()).all(|number| document.paragraph(number).is_some()));
    let kept = Cleaner::new().options(options).policy(policy).clean_paragraphs(&paragraphs);
    assert!(kept.is_sorted() && kept.last().is_none_or(|last| *last < paragraphs.len()));
});

/// Checks that the text between the segments of a document, except for blanks, is left.
fn check_between(document: &Document<'_>, left: &str) {
    let text = document.text();
    let mut rest = left.chars();
    let mut end = 0;
    for span in document.segments().map(|segment| segment.span()).chain([Span::new(text.len(), text.len())]) {
        for c in text[end..span.start()].chars().filter(|c| !is_blank(c.encode_utf8(&mut [0; 4]))) {
            assert!(rest.any(|other| other == c), "{left:?} of {text:?}");
        }
        end = span.end();
    }
}
