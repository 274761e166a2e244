//! Options, policies and helpers that several test files share.

#![allow(dead_code, reason = "no test file uses everything")]

pub mod baselines;
pub mod cases;
pub mod concurrent;
pub mod passages;
pub mod remembered;

use refrain::{Cleaner, Document, Normalization, Options, Policy, Segmentation, Span};

/// The presets, and the text form with each combination of its optional steps.
pub fn every_form() -> Vec<Normalization> {
    let steps = [
        Normalization::canonical_equivalence,
        Normalization::decode_references,
        Normalization::strip_diacritics,
        Normalization::fold_arabic,
        Normalization::strip_punctuation,
        Normalization::fold_digits,
    ];
    let mut forms = vec![Normalization::RAW, Normalization::WHITESPACE];
    for on in 0..1 << steps.len() {
        let chosen = steps.into_iter().enumerate().filter(|(i, _)| on >> i & 1 == 1);
        forms.push(chosen.fold(Normalization::TEXT, |form, (_, step)| step(form)));
    }
    forms
}

/// Every preset, from the one that removes nothing to the one that removes every copy, and one with
/// similar copies.
pub fn every_policy() -> [Policy; 7] {
    [
        Policy::keep_all(),
        Policy::default(),
        Policy::scraper(),
        Policy::transcript(),
        Policy::pdf(),
        Policy::scraper().similar(0.5),
        Policy::drop_all(),
    ]
}

/// Returns `document`'s text without every copy of a segment.
pub fn without_copies(document: &Document<'_>) -> String {
    Cleaner::new().policy(Policy::drop_all()).edits_of(document).apply().into_owned()
}

/// Returns how many bytes two spans have in common.
pub fn overlap(a: Span, b: Span) -> usize {
    a.end().min(b.end()).saturating_sub(a.start().max(b.start()))
}

/// Every segmentation, the default included.
pub fn every_segmentation() -> Vec<Segmentation> {
    vec![
        Segmentation::Auto,
        Segmentation::Lines,
        Segmentation::Paragraphs,
        #[cfg(feature = "uax29")]
        Segmentation::Sentences,
        #[cfg(feature = "uax29")]
        Segmentation::Words,
    ]
}

/// Every option alone, and all pairs of them.
pub fn every_pair_of_options() -> Vec<Options> {
    let mut changes: Vec<Box<dyn Fn(Options) -> Options>> = vec![
        Box::new(|options| options),
        Box::new(|options| options.seed(7)),
        Box::new(|options| options.min_segments(2)),
        Box::new(|options| options.min_weight(3)),
    ];
    for by in every_segmentation() {
        changes.push(Box::new(move |options| options.segmentation(by)));
    }
    for form in every_form() {
        changes.push(Box::new(move |options| options.normalization(form)));
    }
    let pairs = changes.iter().flat_map(|a| changes.iter().map(move |b| b(a(Options::new()))));
    let mut all: Vec<Options> = Vec::new();
    pairs.for_each(|options| {
        if !all.contains(&options) {
            all.push(options);
        }
    });
    all
}
