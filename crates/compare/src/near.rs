//! Near duplicates: the recall, precision and speed of each method.

mod documents;
mod edits;
mod gaoya;
mod minhash;
mod prose;
mod quality;
mod refrain;
mod shingling;
mod table;
mod tokens;
mod truth;

use std::error::Error;
use std::path::Path;

use documents::Documents;
use quality::{Quality, Truth};

/// The numbers of generated documents: to measure times, and to check results.
const SIZES: (usize, usize) = (20_000, 1_000);

/// A method of finding near duplicates.
pub struct Way {
    name: &'static str,
    /// The minimum quality on the generated documents; `None` if the method does not look for
    /// pairs.
    least: Option<Quality>,
    /// Returns the pairs that are found, each once, with the earlier document first.
    find: fn(&[&str]) -> Vec<(usize, usize)>,
}

/// The methods that are compared. Times are multiples of the time of the first.
const WAYS: [Way; 6] = [
    Way { name: "shingling alone", least: None, find: shingling::alone },
    Way {
        name: "refrain",
        least: Some(Quality { at_seven: 0.95, at_eight: 0.99, precision: 1.0 }),
        find: refrain::pairs,
    },
    Way {
        name: "plain MinHash, 16 \u{D7} 8",
        least: Some(Quality { at_seven: 0.8, at_eight: 0.9, precision: 0.6 }),
        find: minhash::pairs,
    },
    Way {
        name: "gaoya, 16 \u{D7} 8, insert then query",
        least: Some(Quality { at_seven: 0.7, at_eight: 0.9, precision: 0.8 }),
        find: gaoya::insert_then_query,
    },
    Way {
        name: "gaoya, 16 \u{D7} 8, one pass",
        least: Some(Quality { at_seven: 0.7, at_eight: 0.9, precision: 0.8 }),
        find: gaoya::in_one_pass,
    },
    Way {
        name: "gaoya, its own bands, one pass",
        least: Some(Quality { at_seven: 0.8, at_eight: 0.95, precision: 0.8 }),
        find: gaoya::in_one_pass_with_its_bands,
    },
];

/// Prints the tables for the documents in the file at `path`, or for generated documents.
///
/// # Errors
///
/// The file cannot be read, or has a line that is not a document.
pub fn measure(path: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let documents = match path {
        Some(path) => Documents::read(path)?,
        None => Documents::generate(SIZES.0),
    };
    let texts = documents.texts();
    let truth = Truth::of(&texts);
    table::head(&texts, &truth);
    let answers: Vec<_> = WAYS.iter().map(|way| (way.find)(&texts)).collect();
    table::times_and_quality(&WAYS, &texts, &truth, &answers);
    table::recall_by_edit(&WAYS, &documents, &truth, &answers);
    Ok(())
}

/// Checks the generator, the true pairs and the results of every method on a few documents.
pub fn check() {
    let documents = Documents::generate(SIZES.1);
    let texts = documents.texts();
    assert_eq!(texts, Documents::generate(SIZES.1).texts(), "expected the same documents in every run");
    tokens::check(&texts);
    truth::check(&texts[..texts.len() / 2]);
    let truth = Truth::of(&texts);
    documents.check(&truth);
    for way in &WAYS {
        let found = (way.find)(&texts);
        assert!(
            found.is_sorted_by(|one, next| one < next),
            "{}: expected each pair once, in order",
            way.name
        );
        assert!(
            found.iter().all(|(a, b)| a < b && *b < texts.len()),
            "{}: expected pairs of two documents",
            way.name
        );
        match &way.least {
            Some(least) => truth.quality(&found).check(way.name, least),
            None => assert!(found.is_empty(), "{}: expected no pairs", way.name),
        }
    }
    println!("Near duplicates: the results are right on {} documents", texts.len());
}
