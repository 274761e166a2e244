//! The promises of speed, as ratios: each row compares this crate with something else on the same
//! bytes, in turns in one process. Prints `name  measured  bar  ok|FAIL` and exits with 0 whatever
//! it measures. With `--test` it checks that the answer of each row is right, and measures nothing.
//!
//! ```sh
//! cargo bench --bench ratios                      # every row
//! cargo bench --bench ratios -- english           # those with this in their name
//! cargo bench --bench ratios --features rayon     # and many documents at once
//! ```
//!
//! Allocations and bytes of memory are counted, not timed, and the same in every run. Rows on
//! corpora need the folder `corpus` in `REFRAIN_SHARED`, or in `../shared`, and the command `zstd`;
//! they are skipped without.

mod canonical;
#[path = "../common/mod.rs"]
mod common;
mod documents;
mod growth;
mod indexing;
mod memory;
#[path = "../common/pages.rs"]
mod pages;
mod row;

use std::collections::HashSet;
use std::hint::black_box;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use common::{ARTICLE, SCRIPTS, by_hand, prose};
use refrain::index::{Detail, Index, Insertion, Page};
use refrain::records::Leading;
use refrain::{Cleaner, Document, Fingerprinter, Normalization, Options, Policy, Workspace};
use refrain_testkit::Random;
use refrain_testkit::adversarial::{ADVERSARIES, Adversary};
use unicode_normalization::UnicodeNormalization as _;
use xxhash_rust::xxh3::xxh3_128;

use canonical::*;
use documents::*;
use growth::*;
use indexing::*;
use memory::*;
use row::*;

/// Bytes of text in a row.
const BYTES: usize = 1_000_000;

fn main() {
    let test = std::env::args().any(|argument| argument == "--test");
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part));
    for row in rows().into_iter().filter(|row| is_wanted(&row.name)) {
        row.run(test);
    }
    for (name, count) in allocations().into_iter().filter(|(name, _)| is_wanted(name)) {
        assert!(!test || count == 0, "{name}: {count}");
        report(&name, count as f64, 0.0, false);
    }
    memory(&is_wanted, test);
    if is_wanted("overhead") && !test {
        overhead();
    }
    if test {
        println!("every row gives the right answer");
    }
}

fn rows() -> Vec<Row> {
    let script =
        |name: &str| SCRIPTS.iter().find(|script| script.name == name).map(|script| prose(script, BYTES));
    let mut rows = Vec::new();
    let english = paragraphs(&script("english").unwrap_or_default());
    rows.push(Row {
        name: "text form + fingerprint, english / xxh3_128 alone".into(),
        bar: 0.25,
        at_least: true,
        ours: ours(english.clone(), Normalization::TEXT),
        theirs: hash_alone(english.clone()),
        same: false,
        clock: Clock::Processor,
    });
    rows.push(Row {
        name: "raw preset, english / xxh3_128 alone".into(),
        bar: 0.85,
        at_least: true,
        ours: ours(english.clone(), Normalization::RAW),
        theirs: hash_alone(english),
        same: true,
        clock: Clock::Processor,
    });
    for language in ["german", "french", "russian", "chinese", "persian", "hindi"] {
        let text = paragraphs(&script(language).unwrap_or_default());
        rows.push(against_plain(
            format!("text form + fingerprint, {language} / the plain pipeline"),
            10.0,
            true,
            text,
        ));
    }
    let decomposed = script("french").unwrap_or_default().nfd().collect::<String>();
    let name = "text form + fingerprint, decomposed french / the plain pipeline".into();
    rows.push(against_plain(name, 3.0, true, paragraphs(&decomposed)));
    for (name, text) in hostile() {
        let name = format!("time, {name} / the plain pipeline");
        rows.push(against_plain(name, 2.0, false, vec![text]));
    }
    rows.extend(cleaning());
    rows.extend(options());
    rows.extend(indexing());
    rows.push(repeats_without_any(&script("english").unwrap_or_default()));
    rows.extend(hostile_sequences());
    rows.extend(growth());
    rows.push(growth_of_edited());
    #[cfg(feature = "rayon")]
    rows.push(two_threads(&script("english").unwrap_or_default()));
    rows
}
