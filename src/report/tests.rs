//! How the work grows, counted.

use crate::clean::adversarial;
use crate::document::Document;
use crate::policy::Policy;
use crate::{report, steps};

#[test]
fn ten_times_the_text_takes_ten_times_the_steps() {
    for adversary in &adversarial::ADVERSARIES {
        for policy in [Policy::None, Policy::All, Policy::Cautious] {
            let work = |lines| {
                let text = (adversary.text)(lines);
                let doc = Document::new(&text);
                let edits = policy.settle(&doc);
                let steps = steps::of(|| drop(report::html(&doc, &edits)));
                let most = 16 * doc.len() as u64 + 4 * edits.verdicts().len() as u64;
                assert!(steps <= most, "{}, {policy:?}: {steps}, not {most}", adversary.name);
            };
            work(2_000);
            work(20_000);
        }
    }
}
