//! Documents that are nearly the same: who finds how many of those that are, and how fast.

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

/// Documents in the generated set: one that is measured on, and one that is enough for answers.
const SIZES: (usize, usize) = (20_000, 1_000);

/// One way to find them.
pub struct Way {
    name: &'static str,
    /// What it must reach on the generated documents; nothing if it looks for no pairs.
    least: Option<Quality>,
    /// The pairs it finds, each once, the earlier document first.
    find: fn(&[&str]) -> Vec<(usize, usize)>,
}

/// The first is what the times of the others are multiples of.
const WAYS: [Way; 6] = [
    Way { name: "shingling alone", least: None, find: shingling::alone },
    Way {
        name: "refrain",
        least: Some(Quality { at_seven: 0.95, at_eight: 0.99, precision: 1.0 }),
        find: refrain::pairs,
    },
    Way {
        name: "MinHash written out, 16 \u{D7} 8",
        least: Some(Quality { at_seven: 0.8, at_eight: 0.9, precision: 0.6 }),
        find: minhash::pairs,
    },
    Way {
        name: "gaoya, 16 \u{D7} 8, index then query",
        least: Some(Quality { at_seven: 0.7, at_eight: 0.9, precision: 0.8 }),
        find: gaoya::indexed_then_queried,
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

/// Prints the tables for the documents in the file at `path`, or for generated ones.
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

/// Checks the generator, the truth and the answers of every way on a few documents.
pub fn check() {
    let documents = Documents::generate(SIZES.1);
    let texts = documents.texts();
    assert_eq!(texts, Documents::generate(SIZES.1).texts(), "the same documents in every run");
    tokens::check(&texts);
    truth::check(&texts[..texts.len() / 2]);
    let truth = Truth::of(&texts);
    documents.check(&truth);
    for way in &WAYS {
        let found = (way.find)(&texts);
        assert!(found.is_sorted_by(|one, next| one < next), "{}: each pair once, in order", way.name);
        assert!(found.iter().all(|(a, b)| a < b && *b < texts.len()), "{}: of two documents", way.name);
        match &way.least {
            Some(least) => truth.quality(&found).check(way.name, least),
            None => assert!(found.is_empty(), "{}: looks for no pairs", way.name),
        }
    }
    println!("Documents that are nearly the same: the answers are right on {} documents", texts.len());
}
