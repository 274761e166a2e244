//! The complexity of queries and of the deduplicator, counted in steps.

use refrain_testkit::Random;
use refrain_testkit::adversarial::ADVERSARIES;

use super::{Deduplicator, Detail, Index, Page, Thresholds};
use crate::document::Document;
use crate::error::IndexError;
use crate::options::Options;
use crate::work;

type Tested = Result<(), Box<dyn std::error::Error>>;

/// Lines of two letters, without a period.
fn two_letters(lines: usize) -> String {
    let mut random = Random::new(7);
    let mut letter = || char::from(b'a' + u8::try_from(random.below(26)).unwrap_or(0));
    (0..lines).map(|_| format!("{}{}\n", letter(), letter())).collect()
}

/// The steps of a query with all details, and of the removal of every other seen segment, if the
/// text, its halves and its prefixes were inserted.
fn steps(text: &str) -> Result<u64, IndexError> {
    let lines: Vec<&str> = text.lines().collect();
    let index = Index::new();
    for part in 1..20 {
        let from = lines.len() * (part % 7) / 14;
        let end = lines.len() * (part + 1) / 20;
        let text = lines[from.min(end)..end].join("\n");
        index.insert(Page { id: &part.to_string(), scope: "s", document: &Document::new(&text) })?;
    }
    let document = Document::new(text);
    let mut result = Ok(());
    let steps = work::of(|| {
        result = (|| {
            let seen = index.query("s", &document, Detail::Runs)?;
            let chosen: Vec<usize> = (0..seen.len()).step_by(2).collect();
            seen.removals(&document, &chosen)?;
            seen.boilerplate(Thresholds::new());
            Ok(())
        })();
    });
    result.map(|()| steps)
}

#[test]
fn a_query_grows_with_the_text() -> Tested {
    let kinds = ADVERSARIES.iter().map(|kind| (kind.name, kind.text));
    let different: fn(usize) -> String = |lines| (0..lines).map(|line| format!("{line}\n")).collect();
    for (name, text) in kinds.chain([("two letters", two_letters as _), ("different lines", different)]) {
        let (mut few, mut many) = (steps(&text(2_000))?, steps(&text(20_000))?);
        if many > 13 * few + 1_000 {
            (few, many) = (many, steps(&text(200_000))?);
        }
        assert!(many <= 13 * few + 1_000, "{name}: {few}, then {many}");
    }
    Ok(())
}

/// Many documents that each continue the one before: every run absorbs the runs before it.
#[test]
fn runs_that_absorb_others_are_compared_a_bounded_number_of_times() -> Tested {
    let steps = |lines: usize| -> Result<u64, IndexError> {
        let all: Vec<String> = (0..lines).map(|line| line.to_string()).collect();
        let index = Index::new();
        for end in 1..=lines {
            let text = all[end.saturating_sub(40)..end].join("\n");
            index.insert(Page { id: &end.to_string(), scope: "s", document: &Document::new(&text) })?;
        }
        let text = all.join("\n");
        let document = Document::new(&text);
        let mut result = None;
        let steps = work::of(|| result = Some(index.query("s", &document, Detail::Runs)));
        let runs = result.transpose()?.map_or(0, |result| result.matched_runs().len());
        assert!(runs >= lines / 60, "{runs}");
        Ok(steps)
    };
    let (few, many) = (steps(300)?, steps(3_000)?);
    assert!(many <= 13 * few, "{few}, then {many}");
    Ok(())
}

/// A match of a long document does not read the spans before it.
#[test]
fn one_match_in_a_long_document() -> Tested {
    let text: String = (0..50_000).map(|line| format!("{line}\n")).collect();
    let index = Index::new();
    for id in ["1", "2"] {
        index.insert(Page { id, scope: "s", document: &Document::new(&text) })?;
    }
    let document = Document::new("49999");
    let mut result = None;
    let steps = work::of(|| result = Some(index.query("s", &document, Detail::Runs)));
    let result = result.transpose()?.ok_or("it was called")?;
    assert_eq!(&text[result.matches(0)[1].span()], "49999");
    assert!(steps < 500, "{steps}");
    Ok(())
}

/// Work is linear: twice the segments are about twice the steps.
#[test]
fn steps_of_a_deduplicator_grow_with_the_segments() {
    let count = |lines: usize| {
        let text: String = (0..lines).map(|line| format!("line {line}\n")).collect();
        let mut distinct = Deduplicator::new(&Options::new());
        work::of(|| {
            distinct.insert(0, &text);
            distinct.insert(0, &text);
        })
    };
    assert!(count(20_000) < 3 * count(10_000));
}
