//! Task: the canonical form and the fingerprint of every line.

use std::hint::black_box;

use crate::common::by_hand;
use refrain::{Fingerprinter, Normalization};
use txtfp::{Canonicalizer, Fingerprinter as _, SimHashFingerprinter, WordTokenizer};
use xxhash_rust::xxh3::xxh3_128;

use crate::forms;
use crate::texts::Text;
use crate::work::{Way, Work};

pub struct Fingerprints;

impl Work for Fingerprints {
    const TITLE: &'static str = "Canonical form and fingerprint of every line";

    const NOTE: &'static str = "txtfp has other results. Its form keeps typographic characters, white space and \
        some invisible characters. Its SimHash has 64 bits and depends on the words and their counts, not on their \
        order; a line without words has none.";

    /// The fingerprints of all lines, combined so that none can be optimized out.
    type Answer<'t> = u128;

    fn ways(text: &Text) -> Vec<Way<'_, u128>> {
        let mut fingerprinter = Fingerprinter::new();
        let (canonicalizer, mut form) = (Canonicalizer::default(), String::new());
        let sims = SimHashFingerprinter::new(Canonicalizer::default(), WordTokenizer);
        let by = |make: fn(&str) -> String| every_line(text, move |line| xxh3_128(make(line).as_bytes()));
        vec![
            Way::new("refrain", every_line(text, move |line| fingerprinter.fingerprint(line).to_u128())),
            Way::new("unicode-normalization", by(by_hand::canonical)),
            Way::new("unicode-normalization, quick checks", by(forms::quick)),
            Way::new("icu_normalizer", by(forms::icu)),
            Way::with_another_answer(
                "txtfp, its form, xxh3_128",
                every_line(text, move |line| {
                    canonicalizer.canonicalize_into(line, &mut form);
                    xxh3_128(form.as_bytes())
                }),
            ),
            Way::with_another_answer(
                "txtfp, its SimHash",
                // A line without words has no SimHash.
                every_line(text, move |line| sims.fingerprint(line).map_or(0, |hash| hash.0.into())),
            ),
        ]
    }

    /// Checks that the form of `txtfp` does a part of what ours does: our form of its form is our
    /// form of the text, and it does not change our form. Also checks that its SimHash depends on
    /// its form only.
    fn check(text: &Text) {
        let sims = SimHashFingerprinter::new(Canonicalizer::default(), WordTokenizer);
        let sim = |line: &str| sims.fingerprint(line).map(|hash| hash.0).ok();
        for line in text.lines() {
            let ours = Normalization::TEXT.canonical(line);
            let theirs = txtfp::canonicalize(line);
            assert_eq!(Normalization::TEXT.canonical(&theirs), ours, "{}", text.name);
            assert_eq!(txtfp::canonicalize(&ours), ours, "{}", text.name);
            assert_eq!(sim(&theirs), sim(line), "{}", text.name);
        }
    }
}

/// Returns a function that combines the hashes of all lines of `text`.
fn every_line<'t>(text: &'t Text, mut hash: impl FnMut(&str) -> u128 + 't) -> impl FnMut() -> u128 + 't {
    let lines: Vec<&str> = text.lines().collect();
    move || lines.iter().fold(0, |sum: u128, line| sum.wrapping_mul(3) ^ hash(black_box(line)))
}
