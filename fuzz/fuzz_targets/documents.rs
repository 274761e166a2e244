//! Segments and gaps are the whole text, segments have the fingerprints of their forms, and repeats
//! are those of the definition.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refrain::records::pages;
use refrain::{Document, Fingerprinter, Options, Segmentation, Workspace};
use refrain_fuzz::{Bytes, form, is_blank, options, segmentation, text};
use refrain_testkit::oracle;

/// The number of segments up to which repeats are compared with the slow oracle.
const MAX_SEGMENTS: usize = 48;

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let with_keys = options(&mut bytes);
    let by = segmentation(&mut bytes);
    let form = form(&mut bytes);
    let text = text(bytes.rest());
    let document = Document::with_options(&text, &with_keys);
    check(&document);
    document.repeats().blocks();

    let options = Options::new().segmentation(by).normalization(form);
    let document = Document::with_options(&text, &options);
    check(&document);
    if [Segmentation::Lines, Segmentation::Auto].contains(&by) {
        let spans = document.segments().map(|segment| segment.span().range());
        assert!(spans.eq(refrain_testkit::naive::lines(&text)) || has_rare_blanks(&text), "{text:?}");
    }
    let mut fingerprinter = Fingerprinter::new().normalization(form);
    // In a document, a hyphen at a line end inside a paragraph joins two words.
    let is_line =
        |text: &str| by != Segmentation::Paragraphs || refrain_testkit::naive::lines(text).len() == 1;
    for segment in document.segments().filter(|segment| is_line(segment.text())) {
        assert_eq!(segment.fingerprint(), fingerprinter.fingerprint(segment.text()), "{text:?}");
    }
    let mut workspace = Workspace::new();
    let again = workspace.read(&text, &options);
    assert_eq!(format!("{again:?}"), format!("{document:?}"));
    assert_eq!(format!("{:?}", workspace.repeats(&again)), format!("{:?}", document.repeats()));

    let mut end = 0;
    for page in pages(&text) {
        assert!(page.start() == end && page.end() > end);
        end = page.end();
    }
    assert_eq!(end, text.len());
});

/// Returns whether `text` has characters of which a line may consist without being a segment, and
/// which the slow segmentation does not know.
fn has_rare_blanks(text: &str) -> bool {
    let is_known = |c: char| c.is_whitespace() || "\u{200B}\u{FEFF}\u{AD}".contains(c);
    text.chars().any(|c| !is_known(c) && is_blank(c.encode_utf8(&mut [0; 4])))
}

fn check(document: &Document<'_>) {
    let text = document.text();
    let mut end = 0;
    for segment in document.segments() {
        let span = segment.span();
        assert!(end <= span.start() && span.start() < span.end(), "{text:?}");
        assert!(is_blank(&text[end..span.start()]), "{text:?}");
        assert!(!is_blank(&text[span]) && text[span].trim() == &text[span], "{text:?}");
        end = span.end();
    }
    assert!(is_blank(&text[end..]), "{text:?}");

    let repeats = document.repeats();
    for tandem in repeats.tandems() {
        assert!(tandem.count() >= 2 && !text[tandem.span()].is_empty());
    }
    if document.len() > MAX_SEGMENTS {
        return;
    }
    let fingerprints: Vec<_> = document.segments().map(|segment| segment.fingerprint()).collect();
    let interval = |found: refrain::repeats::Occurrence| (found.segments().start, found.segments().end);
    let found: Vec<_> = repeats
        .families()
        .map(|family| oracle::Family {
            original: interval(family.original()),
            copies: family.copies().map(interval).collect(),
            count: family.count(),
        })
        .collect();
    assert_eq!(found, oracle::families(&fingerprints), "{text:?}");
}
