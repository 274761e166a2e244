//! How the work grows, counted.

use super::*;
use crate::normalize::Normalization;
use crate::segment::Segmentation;
use crate::steps;

#[path = "../../tests/common/adversarial.rs"]
mod adversarial;

/// Every loop that could be longer than its input is long counts its steps: see `steps`.
#[test]
fn ten_times_the_input_takes_ten_times_the_steps() {
    for adversary in &adversarial::ADVERSARIES {
        for policy in [Policy::All, Policy::Cautious] {
            for by in [Segmentation::Lines, Segmentation::Blocks] {
                let cleaner = Cleaner::new().policy(policy).options(Options::new().segmentation(by));
                let work = |n| {
                    let text = (adversary.text)(n);
                    let clean = cleaner.clean(&text);
                    assert!(
                        policy != Policy::All
                            || by != Segmentation::Lines
                            || clean == (adversary.clean)(&text)
                    );
                    (steps::of(|| drop(cleaner.edits(&text))), text.len() as u64)
                };
                let name = adversary.name;
                let ((few, short), (many, long)) = (work(2_000), work(20_000));
                // A cautious policy may take one round or eight, whatever the length.
                let rounds = if policy == Policy::All { 1 } else { 8 };
                assert!(many <= 11 * rounds * few + 1_000, "{name}, {policy:?}, {by:?}: {few}, then {many}");
                for (steps, bytes) in [(few, short), (many, long)] {
                    assert!(steps <= 50 * bytes, "{name}, {policy:?}, {by:?}: {steps} steps, {bytes} bytes");
                }
            }
        }
    }
}

#[test]
fn a_document_without_repeats_takes_one_look_at_every_id() {
    let text: String = (0..1_000).map(|i| format!("line {i}\n")).collect();
    let doc = Document::with_options(&text, &Options::new().normalization(Normalization::RAW));
    assert_eq!(steps::of(|| drop(doc.repeats())), 1_000);
}
