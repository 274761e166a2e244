//! Boilerplate: thresholds in whole documents, and the documents that may be asked about.
//!
//! `common::remembered` compares the boilerplate of every index in `index_queries.rs`
//! and `index_own_store.rs` with a count over all documents.

mod common;

use common::remembered::{inserted, many};
use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::{Index, Page, Thresholds};
use refrain::{Document, Normalization, Options, Span};

#[test]
fn furniture_is_asked_of_documents_that_were_read_alike() {
    let index = inserted(&many(5));
    let found = index.boilerplate("host 1", Thresholds::new()).expect("it is read");
    let other = Document::with_options("Home", &Options::new().normalization(Normalization::RAW));
    assert!(matches!(found.segments(&other), Err(IndexError::DocumentOptions { .. })));
    assert!(matches!(found.removals(&other), Err(IndexError::DocumentOptions { .. })));
}

#[test]
fn thresholds_are_whole_documents() {
    let share = |share| Thresholds::new().min_documents(0).min_share(share).expect("it is in range");
    for all in [2, 10, 1_000_000, u32::MAX] {
        assert_eq!(share(1.0).required(all), all);
        assert_eq!(share(0.5).required(all), all.div_ceil(2).max(2));
    }
    assert_eq!(share(0.1).required(1_000_000_000), 100_000_000);
    for wrong in [f64::NAN, -1.0, 0.0, 1.01, 2.0, f64::INFINITY] {
        let refused = Thresholds::new().min_share(wrong);
        assert!(matches!(refused, Err(IndexError::Share { .. })), "{wrong}");
    }
}

/// Returns an index of four pages with the same three lines, and one line of each page.
fn crawl() -> Index {
    let index = Index::new();
    for page in 0..4 {
        let (id, text) = (page.to_string(), format!("Home\nPage {page}\nNews\nImprint"));
        let document = Document::new(&text);
        index.insert(Page { id: &id, scope: "a.example", document: &document }).expect("it is inserted");
    }
    index
}

#[test]
fn boilerplate_counts_its_documents() {
    let index = crawl();
    let found = index.boilerplate("a.example", Thresholds::new()).expect("it is read");
    assert_eq!((found.document_count(), found.len(), found.is_empty()), (4, 3, false));
    let none = index.boilerplate("b.example", Thresholds::new()).expect("it is read");
    assert_eq!((none.document_count(), none.len(), none.is_empty()), (0, 0, true));
}

proptest! {
    /// A span of the cleaned text is converted to that of its first and last byte.
    #[test]
    fn spans_of_the_cleaned_text_lead_to_their_bytes(
        lines in prop::collection::vec(prop::sample::select(vec!["Home", "News", "Imprint", "Gr\u{FC}n", "A", ""]), 0..9),
    ) {
        let text = lines.join("\n");
        let document = Document::new(&text);
        let found = crawl().boilerplate("a.example", Thresholds::new()).expect("it is read");
        let removals = found.removals(&document).expect("it has the options of the index");
        let clean = removals.apply();
        // The byte of the text at which each byte of the cleaned text is.
        let mut bytes: Vec<usize> =
            (0..text.len()).filter(|byte| !removals.spans().any(|cut| cut.contains(*byte))).collect();
        prop_assert!(clean.bytes().eq(bytes.iter().map(|byte| text.as_bytes()[*byte])));
        bytes.push(text.len());
        for start in 0..bytes.len() {
            prop_assert_eq!(removals.origin(Span::new(start, start)), Span::new(bytes[start], bytes[start]));
            for end in start + 1..bytes.len() {
                let expected = Span::new(bytes[start], bytes[end - 1] + 1);
                prop_assert_eq!(removals.origin(Span::new(start, end)), expected);
            }
        }
        prop_assert!(removals.origin(Span::new(0, clean.len() + 1)).end() > text.len());
    }
}
