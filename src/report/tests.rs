//! The number of steps that a report takes is linear in the text.

use crate::clean::Cleaner;
use crate::document::Document;
use crate::policy::Policy;
use crate::report::Report;
use crate::work;

#[test]
fn ten_times_the_text_takes_ten_times_the_steps() {
    for adversary in &refrain_testkit::adversarial::ADVERSARIES {
        for policy in [Policy::keep_all(), Policy::drop_all(), Policy::default(), Policy::scraper()] {
            let cleaner = Cleaner::new().policy(policy);
            for lines in [2_000, 20_000] {
                let text = (adversary.text)(lines);
                let document = Document::new(&text);
                let edits = cleaner.edits_of(&document);
                let runs: usize =
                    edits.decisions().iter().map(|decision| decision.block().runs().count()).sum();
                let steps = work::of(|| drop(Report::new(&document, &edits).html()));
                let most = 16 * (document.len() + edits.decisions().len()) as u64 + 4 * runs as u64;
                assert!(
                    steps <= most,
                    "{}, {policy}: {steps} steps, at most {most} expected",
                    adversary.name
                );
                let most = 4 * document.len() + 2 * edits.decisions().len();
                assert!(runs <= most, "{}, {policy}: {runs} runs, at most {most} expected", adversary.name);
            }
        }
    }
}
