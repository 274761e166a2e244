//! The inside of long lines: rounds, and the numbers of decisions. Loops are in `loops.rs`.

use refrain::edits::BlockDecision;
use refrain::repeats::Block;
use refrain::{Cleaner, Decision, Policy};
use refrain_testkit::texts::SENTENCES;

/// Each of two lines has a loop, and a copy of its sentences, of which the first is one sentence with
/// the loop in the original; the copy of a third line is removed as a whole.
#[test]
fn a_removal_has_the_number_of_its_decision() {
    let turn = "so we walked back to the old harbor again, ".repeat(5);
    let line = |body: &str| format!("{turn}{body} It rained. {body}");
    let [first, second, third] =
        [[0, 1, 2, 3], [8, 9, 11, 21], [4, 5, 7, 10]].map(|numbers| numbers.map(|i| SENTENCES[i]).join(" "));
    let text = format!("{}\n{third}\n{third}\n{}", line(&first), line(&second));
    let edits = Cleaner::new().edits(&text);
    assert_eq!((edits.text(), edits.clone().into_owned().text()), (&*text, &*text));
    let mut found = Vec::new();
    for removal in &edits {
        let decision = &edits.decisions()[removal.decision_index()];
        assert!(decision.is_removed());
        assert_eq!(decision.block().copy().span(), removal.copy(), "{decision:?}");
        assert_eq!(decision.block().original().span(), removal.original(), "{decision:?}");
        found.push((removal.reason(), decision.round(), decision.block().copy().segments()));
    }
    assert_eq!(
        found,
        [
            ("loop", 1, 0..1),
            ("partial", 2, 0..1),
            ("body", 2, 0..1),
            ("echo", 1, 2..3),
            ("loop", 1, 3..4),
            ("partial", 2, 3..4),
            ("body", 2, 3..4),
        ]
    );
}

/// Pairs of sentences, each alone first; then one in the other: the removal of a pair brings the
/// next two sentences together.
#[test]
fn more_than_eight_rounds_inside_a_line_are_no_fixed_point() {
    let open = |i: usize| format!("The gate of garden number {i} was opened.");
    let close = |i: usize| format!("The gate of garden number {i} was closed.");
    let pairs = |block: &Block| Some(if block.len() > 1 { Decision::Remove } else { Decision::Keep });
    let cleaner = Cleaner::new().policy(Policy::keep_all()).rule("pairs", pairs);
    for (depth, is_fixed_point) in [(2, true), (8, true), (9, false)] {
        let alone: Vec<String> =
            (0..depth).map(|i| format!("{} {} Part {i} begins.", open(i), close(i))).collect();
        let alone = alone.join(" ");
        let nested = (0..depth).fold(String::new(), |inner, i| format!("{} {inner}{} ", open(i), close(i)));
        let text = format!("{alone} {}", nested.trim_end());
        let edits = cleaner.edits(&text);
        assert_eq!(edits.is_fixed_point(), is_fixed_point, "{depth} pairs");
        assert_eq!(edits.apply() == alone, is_fixed_point, "{depth} pairs");
        // The last round finds nothing to remove, and has no decision about a pair.
        let removed = edits.decisions().iter().filter(|decision| decision.is_removed());
        assert_eq!(removed.map(BlockDecision::round).max(), Some(depth.min(8)));
    }
}

/// Loops whose units are two loops and a word: a loop is found when the loops inside are cut.
#[test]
fn more_than_eight_levels_of_loops_are_no_fixed_point() {
    let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let phrase = "so we walked back to the old harbor again and sat down there";
    for (depth, is_fixed_point) in [(1, true), (7, true), (9, false)] {
        let words = &words[..depth];
        let text = words.iter().fold(phrase.to_owned(), |unit, word| format!("{unit} {unit} {word}"));
        let edits = Cleaner::new().policy(Policy::transcript()).edits(&text);
        assert_eq!(edits.is_fixed_point(), is_fixed_point, "{depth} levels");
        assert_eq!(edits.apply() == format!("{phrase} {}", words.join(" ")), is_fixed_point);
        assert_eq!(edits.decisions().iter().map(BlockDecision::round).max(), Some(depth.min(8)));
    }
}
