//! A canonical form and a fingerprint for every line.

use std::hint::black_box;

use refrain::{Fingerprinter, Normalization};
use txtfp::{Canonicalizer, Fingerprinter as _, SimHashFingerprinter, WordTokenizer};
use xxhash_rust::xxh3::xxh3_128;

use crate::forms;
use crate::plain;
use crate::texts::Text;
use crate::work::{Way, Work};

pub struct Fingerprints;

impl Work for Fingerprints {
    const TITLE: &'static str = "Canonical form and fingerprint of every line";

    const NOTE: &'static str = "txtfp answers other questions. Its form leaves typographic signs, white space and some \
        invisible characters as they are. Its SimHash is 64 bits of which words there are in what number, whatever \
        their order; a line without a word has none.";

    /// The fingerprints of all lines, mixed so that none can be left out.
    type Answer<'t> = u128;

    fn ways(text: &Text) -> Vec<Way<'_, u128>> {
        let mut prints = Fingerprinter::new();
        let (canonicalizer, mut form) = (Canonicalizer::default(), String::new());
        let sims = SimHashFingerprinter::new(Canonicalizer::default(), WordTokenizer);
        let by = |make: fn(&str) -> String| every_line(text, move |line| xxh3_128(make(line).as_bytes()));
        vec![
            Way::new("refrain", every_line(text, move |line| prints.fingerprint(line).to_u128())),
            Way::new("unicode-normalization", by(plain::canonical)),
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
                // A line without a word in it has none.
                every_line(text, move |line| sims.fingerprint(line).map_or(0, |print| print.0.into())),
            ),
        ]
    }

    /// The form of `txtfp` goes less far on the same way: ours comes out the same whether theirs was made before or
    /// not, and theirs leaves ours as it is. Its SimHash is one of its form.
    fn check(text: &Text) {
        let sims = SimHashFingerprinter::new(Canonicalizer::default(), WordTokenizer);
        let sim = |line: &str| sims.fingerprint(line).map(|print| print.0).ok();
        for line in text.lines() {
            let ours = Normalization::TEXT.canonical(line);
            let theirs = txtfp::canonicalize(line);
            assert_eq!(Normalization::TEXT.canonical(&theirs), ours, "{}", text.name);
            assert_eq!(txtfp::canonicalize(&ours), ours, "{}", text.name);
            assert_eq!(sim(&theirs), sim(line), "{}", text.name);
        }
    }
}

fn every_line<'t>(text: &'t Text, mut print: impl FnMut(&str) -> u128 + 't) -> impl FnMut() -> u128 + 't {
    let lines: Vec<&str> = text.lines().collect();
    move || lines.iter().fold(0, |sum: u128, line| sum.wrapping_mul(3) ^ print(black_box(line)))
}
