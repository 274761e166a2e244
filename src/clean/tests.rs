//! How the work grows, counted.

use super::*;
use crate::normalize::Normalization;
use crate::segment::Segmentation;
use crate::steps;

/// Every loop that could be longer than its input is long counts its steps: see `steps`.
#[test]
fn ten_times_the_input_takes_ten_times_the_steps() {
    let by = [
        Segmentation::Lines,
        Segmentation::Blocks,
        #[cfg(feature = "uax29")]
        Segmentation::Sentences,
        #[cfg(feature = "uax29")]
        Segmentation::Words,
    ];
    for adversary in &adversarial::ADVERSARIES {
        for policy in [Policy::All, Policy::Cautious] {
            for by in by {
                let cleaner = Cleaner::new().policy(policy).options(Options::new().segmentation(by));
                let work = |n| {
                    let text = (adversary.text)(n);
                    let edits = cleaner.settle(&text);
                    let lines = policy == Policy::All && by == Segmentation::Lines;
                    assert!(!lines || edits.apply() == (adversary.clean)(&text), "{}", adversary.name);
                    // A cautious policy may take one round or eight, whatever the length.
                    let rounds =
                        1 + edits.verdicts().iter().map(|verdict| verdict.round() as u64).max().unwrap_or(0);
                    let steps = steps::of(|| drop(cleaner.settle(&text)));
                    assert!(steps <= 80 * text.len() as u64, "{}, {by:?}: {steps} steps", adversary.name);
                    steps / rounds
                };
                let (few, many) = (work(2_000), work(20_000));
                assert!(
                    many <= 13 * few + 1_000,
                    "{}, {policy:?}, {by:?}: {few}, then {many}",
                    adversary.name
                );
            }
        }
    }
}

#[test]
fn spans_and_switches_take_as_many_steps_as_anything() -> Result<(), Box<dyn std::error::Error>> {
    let switches = "text+canonical+diacritics+punctuation+digits".parse::<Normalization>()?;
    for adversary in &adversarial::ADVERSARIES {
        let work = |n| {
            let text = (adversary.text)(n);
            let doc = Document::with_options(&text, &Options::new().normalization(switches));
            let spans: Vec<_> = doc.segments().map(|segment| segment.span()).collect();
            steps::of(|| {
                let given = Document::from_spans(&text, &spans, &Options::new().normalization(switches));
                assert!(given.is_ok_and(|doc| !Policy::All.settle(&doc).apply().is_empty()));
            })
        };
        let (few, many) = (work(2_000), work(20_000));
        assert!(many <= 13 * few + 1_000, "{}: {few}, then {many}", adversary.name);
    }
    Ok(())
}

#[test]
fn a_document_without_repeats_takes_one_look_at_every_id() {
    let text: String = (0..1_000).map(|i| format!("line {i}\n")).collect();
    let doc = Document::with_options(&text, &Options::new().normalization(Normalization::RAW));
    assert_eq!(steps::of(|| drop(doc.repeats())), 1_000);
}
