//! Shared by the fuzz targets: texts and options that are read from the bytes of an input, and
//! files with right checksums.

mod bytes;
mod few_words;
pub mod files;
mod text;

pub use bytes::Bytes;
pub use few_words::few_words;
pub use text::text;

use refrain::records::Leading;
use refrain::{Normalization, Options, Policy, Rule, Segmentation};

/// Returns the canonical form that the last bytes choose.
pub fn form(bytes: &mut Bytes<'_>) -> Normalization {
    let steps = [
        Normalization::canonical_equivalence,
        Normalization::decode_references,
        Normalization::strip_diacritics,
        Normalization::fold_arabic,
        Normalization::strip_punctuation,
        Normalization::fold_digits,
    ];
    match bytes.last() {
        255 => Normalization::RAW,
        254 => Normalization::WHITESPACE,
        on => steps
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| on >> bit & 1 == 1)
            .fold(Normalization::TEXT, |form, (_, step)| step(form)),
    }
}

/// Returns the segmentation that the last byte chooses.
pub fn segmentation(bytes: &mut Bytes<'_>) -> Segmentation {
    let all = [
        Segmentation::Auto,
        Segmentation::Lines,
        Segmentation::Paragraphs,
        Segmentation::Sentences,
        Segmentation::Words,
    ];
    all[bytes.below(all.len())]
}

/// Returns the options that the last bytes choose.
pub fn options(bytes: &mut Bytes<'_>) -> Options {
    let options = Options::new().segmentation(segmentation(bytes)).normalization(form(bytes));
    let options = options.seed(bytes.last().into());
    let kinds = bytes.last();
    if kinds < 128 {
        return options;
    }
    let all = [Leading::times, Leading::counters, Leading::bullets, Leading::quotes];
    let chosen = all.into_iter().enumerate().filter(|(bit, _)| kinds >> bit & 1 == 1);
    options.skip_leading(chosen.fold(Leading::NONE, |leading, (_, kind)| kind(leading)))
}

/// Returns the policy that the last bytes choose: a preset, with or without similar copies, and
/// with one rule added or taken out.
pub fn policy(bytes: &mut Bytes<'_>) -> Policy {
    let all_rules = Rule::ALL.into_iter().fold(Policy::keep_all(), Policy::with);
    let presets = [
        Policy::default(),
        Policy::scraper(),
        Policy::transcript(),
        Policy::pdf(),
        Policy::drop_all(),
        Policy::keep_all(),
        all_rules,
    ];
    let policy = presets[bytes.below(presets.len())];
    let rule = bytes.below(2 * Rule::ALL.len() + 1);
    let policy = match (Rule::ALL.get(rule), rule.checked_sub(Rule::ALL.len()).map(|at| Rule::ALL.get(at))) {
        (Some(rule), _) => policy.with(*rule),
        (None, Some(Some(rule))) => policy.without(*rule),
        _ => policy,
    };
    match bytes.last() {
        similar @ 200.. => policy.similar(f64::from(similar - 199) / 57.0),
        _ => policy,
    }
}

/// Returns whether `text` is a gap between segments: white space and characters that the canonical
/// form removes.
pub fn is_blank(text: &str) -> bool {
    let is_removed = |c: char| Normalization::TEXT.canonical(c.encode_utf8(&mut [0; 4])).is_empty();
    text.chars().all(|c| c.is_whitespace() || is_removed(c))
}
