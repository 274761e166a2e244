//! The rule `partial`: a line next to a removed copy that is a part of the line next to the original.

mod common;

use proptest::prelude::*;
use refrain::repeats::Block;
use refrain::{Cleaner, Decision, Options, Policy, Rule, Segmentation};
use refrain_testkit::cases;

/// Sentences of different words, of which the first letter is a capital.
fn sentences() -> impl Strategy<Value = Vec<String>> {
    const WORDS: &[&str] = &[
        "ferry", "harbor", "island", "bicycle", "goat", "captain", "the", "of", "carries", "sold", "winter",
    ];
    let sentence = prop::collection::vec(prop::sample::select(WORDS), 12..16);
    prop::collection::vec(sentence, 6..9).prop_map(|sentences| {
        let sentence =
            |(i, words): (char, Vec<&str>)| format!("{}{i} {}.", i.to_uppercase(), words.join(" "));
        ('a'..).zip(sentences).map(sentence).collect()
    })
}

fn weight(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Returns whether `end` is removed, which is only the beginning of `sentence`.
fn is_removed(end: &str, sentence: &str) -> bool {
    let rest = &sentence[end.len()..];
    let is_inside = end.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic);
    end.ends_with(char::is_alphabetic) && weight(end) >= if is_inside { 16 } else { 40 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(500, 20_000)))]

    #[test]
    fn the_end_of_a_copy_that_was_cut_off_is_removed(
        body in sentences(),
        at in any::<prop::sample::Index>(),
        between in prop::sample::select(vec!["", "Share\nPrint\n", "* * *\n"]),
        below in prop::sample::select(vec!["", "\nImprint\n"]),
    ) {
        let (last, whole) = body.split_last().expect("there are sentences");
        let end = last[..1 + at.index(last.len() - 1)].trim_end();
        let whole = whole.join("\n");
        let text = format!("The title\n{whole}\n{last}\n{between}{whole}\n{end}\n{below}");
        let edits = Cleaner::new().edits(&text);
        let clean = edits.apply();
        let left = if is_removed(end, last) { String::new() } else { format!("{end}\n") };
        let lines = |text: &str| text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(lines(&clean), lines(&format!("The title\n{whole}\n{last}\n{between}{left}{below}")), "{}", text);
        prop_assert!(edits.is_fixed_point());
        prop_assert_eq!(&Cleaner::new().clean(&clean), &clean);
        for removal in edits.iter().filter(|removal| removal.reason() == "partial") {
            prop_assert_eq!(&text[removal.copy()], end);
            prop_assert_eq!(&text[removal.original()], end);
            let decision = &edits.decisions()[removal.decision_index()];
            prop_assert_eq!(decision.block().original().span(), removal.original());
            prop_assert_eq!(decision.block().weight(), weight(end) as u64);
        }
        prop_assert_eq!(edits.iter().any(|removal| removal.reason() == "partial"), is_removed(end, last));
    }

    /// In a page of one line, the first sentence of the original follows a menu.
    #[test]
    fn the_beginning_of_a_copy_in_one_line_is_removed(
        body in sentences(),
        at in any::<prop::sample::Index>(),
        menu in prop::sample::select(vec!["Home News Contact ", "Home \u{203A} News | ", "Home (all "]),
    ) {
        let whole = body.join(" ");
        let (last, _) = body.split_last().expect("there are sentences");
        let end = last[..at.index(last.len())].trim_end();
        let copy = whole.strip_suffix(last.as_str()).expect("the last sentence is at the end");
        let text = format!("{menu}{whole} {copy}{end}");
        prop_assume!(text.len() >= 300);
        let edits = Cleaner::new().edits(&text);
        let left = if end.is_empty() || is_removed(end, last) { String::new() } else { format!(" {end}") };
        let clean = edits.apply();
        prop_assert_eq!(clean.trim_end(), format!("{menu}{whole}{left}"), "{}", text);
        for removal in edits.iter().filter(|removal| removal.reason() == "partial") {
            prop_assert_eq!(&text[removal.copy()], &text[removal.original()]);
        }
    }
}

const BODY: &str = "\
The ferry to the islands sails again from Monday, after a winter in the dock.
It has a new engine, which needs less oil than the old one did, and no new name.
The captain says that the goat, which always travels without a ticket, may stay.
";

/// Returns whether `end`, below a second copy of the body, is removed if `line` is below the first.
fn is_removed_below(line: &str, end: &str, cleaner: &Cleaner) -> bool {
    let left = format!("The ferry\n{BODY}{line}\nShare\n");
    let clean = cleaner.clean(&format!("{left}{BODY}{end}\n")).into_owned();
    assert!(clean == left || clean == format!("{left}{end}\n"), "the body is there twice: {clean}");
    clean == left
}

#[test]
fn a_line_that_may_be_whole_is_kept() {
    let is_removed = |line: &str, end: &str| is_removed_below(line, end, &Cleaner::new());
    // The singular of a label, and the beginning of one.
    assert!(!is_removed("Comments of readers", "Comment"));
    assert!(!is_removed("Frequently asked questions", "Frequently asked question"));
    assert!(!is_removed("configuration_filenames", "configuration_filename"));
    assert!(!is_removed("More from this harbor and its ferries and its goats", "More from this harbor"));
    // The introduction of a list.
    let members = "The following persons are members of the board of the society:";
    assert!(!is_removed(&format!("{members} Smith and Miller."), members));
    // A heading with which a sentence begins.
    assert!(!is_removed("The old ferry will be sold in spring.", "The old ferry"));
    // An accent belongs to the letter before it.
    let cafe = "The last one of all of us who arrives at the cafe";
    assert!(!is_removed(&format!("{cafe}\u{301}s will be late."), cafe));
    assert!(is_removed(&format!("{cafe}s will be late."), cafe));
    // Another line.
    assert!(!is_removed("The last ones to arrive were late.", "The last one to arri"));
}

/// Another answer follows the same question.
#[test]
fn a_whole_sentence_is_kept() {
    let bodies = |block: &Block| (block.len() > 1).then_some(Decision::Remove);
    let cleaner = Cleaner::new().rule("bodies", bodies);
    let answered = "Are there still tickets for the first day, and where? No.";
    assert!(!is_removed_below(answered, "Are there still tickets for the first day, and where?", &cleaner));
    assert!(is_removed_below(answered, "Are there still tickets for the first day, and where", &cleaner));
}

#[test]
fn words_of_scripts_without_spaces_may_be_cut_off_in_a_sentence() {
    let sentence = "渡轮从星期一起重新开往各个岛屿，发动机是新的，油耗比旧的低一些，名字没有改。";
    let end = |chars: usize| sentence.chars().take(chars).collect::<String>();
    assert!(is_removed_below(sentence, &end(14), &Cleaner::new()));
    // 13 ideographs weigh 39.
    assert!(!is_removed_below(sentence, &end(13), &Cleaner::new()));
    assert!(!is_removed_below(sentence.trim_end_matches('。'), &end(14), &Cleaner::new()));
}

#[test]
fn options_policies_and_rules_of_the_caller_apply() {
    let (line, end) = ("The harbor master, who has seen it all, will wait.", "The harbor master, who has se");
    let is_removed = |cleaner: Cleaner| is_removed_below(line, end, &cleaner);
    assert!(is_removed(Cleaner::new()));
    assert!(is_removed(Cleaner::new().policy(Policy::scraper())));
    assert!(!is_removed(Cleaner::new().policy(Policy::default().without(Rule::Partial))));
    assert!(is_removed(Cleaner::new().policy(Policy::keep_all().with(Rule::Body).with(Rule::Partial))));
    let options = |least| Cleaner::new().options(Options::new().min_weight(least));
    assert!(is_removed(options(23)) && !is_removed(options(24)));
    assert!(!is_removed(Cleaner::new().options(Options::new().min_segments(2))));
    let by_lines = Options::new().segmentation(Segmentation::Lines);
    assert!(is_removed(Cleaner::new().options(by_lines)));
    let keep_lines = |block: &Block| (block.len() == 1).then_some(Decision::Keep);
    assert!(!is_removed(Cleaner::new().rule("keep lines", keep_lines)));
}

/// Three copies, of which two are cut off, at different places.
#[test]
fn each_copy_may_be_cut_off() {
    let line = "The harbor master, who has seen it all, will wait.";
    let text = format!("{BODY}{line}\n{BODY}{}\n{BODY}{}\nImprint\n", &line[..30], &line[..24]);
    assert_eq!(Cleaner::new().clean(&text), format!("{BODY}{line}\nImprint\n"));
    let text = format!("{BODY}{line}\n{BODY}{}\n{BODY}{}\nImprint\n", &line[..30], &line[..30]);
    assert_eq!(Cleaner::new().clean(&text), format!("{BODY}{line}\nImprint\n"));
}

/// A model that repeats itself stops inside a line.
#[test]
fn the_end_of_a_loop_is_removed() {
    let list = "- Choose plants that need little light.\n- Water them on Mondays, but not too much.\n";
    let text = format!("Plants in the dark\n{}- Choose plants that nee", list.repeat(9));
    assert_eq!(Cleaner::new().clean(&text), format!("Plants in the dark\n{list}"));
    // The rule `body` removes a loop of few heavy lines.
    let lines: String = BODY.lines().take(2).map(|line| format!("{line}\n")).collect();
    let first = lines.lines().next().unwrap_or_default();
    for turns in [4, 5] {
        let text = format!("The ferry\n{}{first}\nIt has a new engine, which nee", lines.repeat(turns));
        assert_eq!(Cleaner::new().clean(&text), format!("The ferry\n{lines}"));
    }
}

/// Outside of a line that is a whole page, a body does not begin in the line of a menu.
#[test]
fn the_end_of_a_line_is_kept() {
    let first = "The ferry sails again, said the captain of the ferry.";
    let text = format!("Quote: {first}\n{BODY}Share\n{first}\n{BODY}");
    assert_eq!(Cleaner::new().clean(&text), format!("Quote: {first}\n{BODY}Share\n{first}\n"));
}

/// In one round, a line that is named as an original is not removed.
#[test]
fn an_original_of_the_round_is_kept() {
    let line = "The ferry to the islands sails again from Monday, after a winter in the dock, with a new engine and an old goat that travels without a ticket.";
    let beginning = &line[..110];
    let text = format!("{line}\n{line}\n{beginning}\n{beginning}\n");
    let edits = Cleaner::new().edits(&text);
    assert_eq!(edits.apply(), format!("{line}\n{beginning}\n"));
}

/// A long line that lost a sentence is not compared again.
#[test]
fn a_line_that_lost_a_part_is_kept() {
    let twice = |end: &str| format!("{0}{0}{end}", BODY.replace('\n', " "));
    let [line, end] = [twice("The harbor master will wait."), twice("The harbor mas")];
    let text = format!("The ferry\n{BODY}{line}\nShare\n{BODY}{end}\n");
    let once = |line: &str| line.replacen(&BODY.replace('\n', " "), "", 1);
    let cleaner = Cleaner::new().rule("bodies", |block| (block.len() == 3).then_some(Decision::Remove));
    let left = format!("The ferry\n{BODY}{}\nShare\n{}\n", once(&line), once(&end));
    assert_eq!(cleaner.clean(&text), left);
}

/// `happy` is no part of `unhappy`.
#[test]
fn a_sentence_that_begins_inside_a_word_is_kept() {
    let body = BODY.replace('\n', " ");
    let text = |before: &str| {
        format!(
            "{before}the goats are happy, and so are we. {body}Share it now. The goats are happy, and so are we. {body}"
        )
    };
    let clean = |text: &str| Cleaner::new().clean(&text.replace("The goats", "the goats")).into_owned();
    assert!(clean(&text("Home (")).trim_end().ends_with("Share it now."));
    assert!(clean(&text("Home")).trim_end().ends_with("Share it now. the goats are happy, and so are we."));
}

/// A later line equals the removed part, and another round removes it.
#[test]
fn a_copy_of_a_part_names_the_part() {
    let line = "The harbor master, who has seen it all, will wait in the rain for the ferry, for the bicycles, and for the goat.";
    let end = &line[..91];
    let text = format!("The ferry\n{BODY}{line}\nShare\n{BODY}{end}\n{}\n", end.to_uppercase());
    let edits = Cleaner::new().policy(Policy::default().with(Rule::Box)).edits(&text);
    assert_eq!(edits.apply(), format!("The ferry\n{BODY}{line}\nShare\n"));
    let originals: Vec<&str> = edits.iter().map(|removal| &text[removal.original()]).collect();
    assert_eq!(originals, [BODY.trim_end(), end, end]);
}
