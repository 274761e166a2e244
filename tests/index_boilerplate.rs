//! Boilerplate: thresholds in whole documents, and the documents that may be asked about.
//!
//! `common::remembered` compares the boilerplate of every index in `index_queries.rs`
//! and `index_own_store.rs` with a count over all documents.

mod common;

use common::remembered::{inserted, many};
use refrain::error::IndexError;
use refrain::index::Thresholds;
use refrain::{Document, Normalization, Options};

#[test]
fn furniture_is_asked_of_documents_that_were_read_alike() {
    let index = inserted(&many(5));
    let found = index.boilerplate("host 1", Thresholds::new()).expect("it is read");
    let other = Document::with_options("Home", &Options::new().normalization(Normalization::RAW));
    assert!(matches!(found.segments(&other), Err(IndexError::WrongDocument { .. })));
    assert!(matches!(found.removals(&other), Err(IndexError::WrongDocument { .. })));
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
