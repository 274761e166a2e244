//! Loops inside a line: the rules `loop` and `stutter`.

use proptest::prelude::*;
use refrain::{Cleaner, Decision, Options, Policy, Rule};
use refrain_testkit::cases;

/// Finds loops and nothing else: with the limits of `stutter`, or with those of `loop` alone.
fn stutters() -> Cleaner {
    Cleaner::new().policy(Policy::keep_all().with(Rule::Loop).with(Rule::Stutter))
}

fn loops() -> Cleaner {
    Cleaner::new().policy(Policy::keep_all().with(Rule::Loop))
}

/// Words without a stop, which make a line long.
const WORDS: &str = "once upon an early morning the whole crew of our small boat went down past empty quays \
    where nobody had thought about lamps or ropes while seven gulls watched from under some broken crane \
    and far off another bell rang above gray water until finally someone found both oars behind that shed \
    near which every child used to hide";

/// A unit that consists of no smaller units, and the text between two of them.
fn unit() -> impl Strategy<Value = (String, &'static str)> {
    let words = ("q[a-g]{1,7}", prop::collection::vec("[a-g]{1,8}", 0..6))
        .prop_map(|(first, rest)| [vec![first], rest].concat().join(" "));
    let spaced = (words, prop::sample::select(vec![" ", ", ", " - "]));
    let dense = "\u{53E3}[\u{4E00}-\u{4E09}]{1,14}".prop_map(|unit| (unit, ""));
    prop_oneof![3 => spaced, 1 => dense]
}

/// The weight of a unit, and the number of its distinct letters.
fn weight(unit: &str) -> (usize, usize) {
    let letters: Vec<char> = unit.chars().filter(|c| c.is_alphabetic()).collect();
    let mut distinct = letters.clone();
    distinct.sort_unstable();
    distinct.dedup();
    (letters.iter().map(|c| if c.is_ascii() { 1 } else { 3 }).sum(), distinct.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(1_000, 10_000)))]

    /// Copies of a unit are cut as the page of `Policy` says, whatever is around them, and whatever
    /// their case and accents are.
    #[test]
    fn a_unit_is_left_of_a_loop(
        (unit, gap) in unit(),
        count in 2_usize..9,
        [before, after] in ["(z[x-z]{1,5} ){0,9}", "(|[x-z]{1,5}( [x-z]{1,5}){0,9})"],
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3), 8),
    ) {
        // Two units are found if the gap between them also follows the second one, or if it is a
        // space and the line ends.
        let count = if after.is_empty() && !gap.trim().is_empty() { count.max(3) } else { count };
        let copies: Vec<String> = changes[..count - 1].iter().map(|(at, change)| {
            let at = at.index(unit.chars().count());
            let changed = |c: char| match change {
                1 => c.to_uppercase().to_string(),
                2 if c.is_ascii_alphabetic() => format!("{c}\u{301}"),
                _ => c.to_string(),
            };
            unit.chars().enumerate().map(|(i, c)| if i == at { changed(c) } else { c.to_string() }).collect()
        }).collect();
        let end = if after.is_empty() { "" } else { gap };
        let text = format!("{before}{unit}{}{end}{after}", copies.iter().map(|copy| format!("{gap}{copy}")).collect::<String>());
        let (weight, distinct) = weight(&unit);
        let is_long = [(40, 2), (20, 3), (6, 6)].iter().any(|(least, often)| weight >= *least && count >= *often);
        let is_loop = text.len() >= 60 && is_long && distinct >= 4;
        let left = if is_loop { format!("{before}{unit}{end}{after}") } else { text.clone() };
        prop_assert_eq!(stutters().clean(&text), left);
    }
}

#[test]
fn the_rule_loop_requires_more_than_the_rule_stutter() {
    for (unit, count, is_cut) in [
        ("the brown dog waited by our old doors", 4, true),
        ("the brown dog waited by our old doors", 3, false),
        ("the brown dog waited by our old door", 4, false),
        ("goodbye", 10, true),
        ("goodbye", 9, false),
        ("again", 30, false),
    ] {
        let text = |count: usize| format!("{WORDS} {}", vec![unit; count].join(" "));
        let left = if is_cut { text(1) } else { text(count) };
        assert_eq!(loops().clean(&text(count)), left, "{count} times {unit}");
    }
}

#[test]
fn loops_in_text() {
    let cases = [
        // A part of one more unit at the end of the line is removed too.
        (
            "and so we walked back to the old harbor with the dog, and so we walked back to the old harbor \
             with the dog, and so we walked",
            "and so we walked back to the old harbor with the dog",
        ),
        // A line that is a phrase twice, and one that ends with a phrase twice.
        (
            "so we walked back to the old harbor with the small boy so we walked back to the old harbor with \
             the small boy",
            "so we walked back to the old harbor with the small boy",
        ),
        (
            "yes, so we walked back to the old harbor with the small boy so we walked back to the old harbor \
             with the small boy",
            "yes, so we walked back to the old harbor with the small boy",
        ),
        // A word that is cut off at the end of the line.
        (
            "we sang by the open window and we sang by the open window and we sang by the open window and \
             we sang by the open win",
            "we sang by the open window and",
        ),
        // The signs between the units separate the last one from the text that follows.
        (
            "\u{201C}Look at the very big ship, look at the very big ship, look at the very big ship,\u{201D} she said to us",
            "\u{201C}Look at the very big ship,\u{201D} she said to us",
        ),
        // White space after a sign is not compared.
        (
            "Look at the very big ship,look at the very big ship, look at the very big ship,  look at the very big ship",
            "Look at the very big ship",
        ),
    ];
    for (text, left) in cases {
        assert_eq!(stutters().clean(text), left);
    }
}

/// A unit that is kept however often it occurs, and a similar one of which one copy is left.
#[test]
fn units_of_few_letters_with_digits_or_with_many_signs_are_kept() {
    for (kept, cut) in [
        ("ha ha hi ", "ha ho hi "),
        ("go to gate 5 and wait, ", "go to gate five and wait, "),
        ("abc+--+-def ", "abc+--def "),
        // More than a third of the characters are signs, or a third.
        ("abcde+-- ", "abcdef+-- "),
    ] {
        let text = kept.repeat(12);
        assert_eq!(stutters().clean(&text), text);
        let text = cut.repeat(12);
        assert_eq!(stutters().clean(&text), cut);
    }
}

/// The letters of both words are equal one by one, but their forms are not.
#[test]
fn copies_with_another_form_are_kept() {
    let unit = "the stra\u{DF}e to the old harbor, ";
    assert_eq!(stutters().clean(&unit.repeat(4)), unit);
    let text = format!("{unit}{}", unit.replace('\u{DF}', "s").repeat(3));
    assert_eq!(stutters().clean(&text), text);
}

/// A loop that is kept is listed, with the reason.
#[test]
fn a_loop_without_a_rule_is_kept_with_a_reason() {
    let text = ["so we walked back to the old harbor again"; 6].join(" ");
    for (policy, reason) in
        [(Policy::keep_all().with(Rule::Stutter), "no rule"), (Policy::keep_all(), "keep-all")]
    {
        let text = format!("{WORDS} {text}");
        let edits = Cleaner::new().policy(policy).edits(&text);
        let reasons: Vec<&str> = edits.kept().map(|kept| kept.reason()).collect();
        assert!(edits.is_empty() && reasons.contains(&reason), "{policy}: {reasons:?}");
    }
    let edits = loops().rule("mine", |_| Some(Decision::Keep)).edits(&text).into_owned();
    assert!(edits.is_empty());
}

#[test]
fn the_minima_of_the_options_apply_to_loops() {
    let unit = "so we walked back to the old harbor again";
    let text = format!("{WORDS} {}", [unit; 6].join(" "));
    let with = |options: Options| loops().options(options).clean(&text).into_owned();
    let cut = format!("{WORDS} {unit}");
    assert_eq!(with(Options::new()), cut);
    assert_eq!(with(Options::new().min_weight(33)), cut);
    assert_eq!(with(Options::new().min_weight(34)), text);
    assert_eq!(with(Options::new().min_segments(1)), cut);
    assert_eq!(with(Options::new().min_segments(2)), text);
}
