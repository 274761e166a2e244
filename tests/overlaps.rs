//! The rule `overlap`: the beginning of a line that repeats the end of the line before it.

mod common;

use common::overlap;
use proptest::prelude::*;
use refrain::repeats::Block;
use refrain::{Cleaner, Decision, Options, Policy, Rule, Segmentation};
use refrain_testkit::canonical::canonical;
use refrain_testkit::{cases, texts};

fn overlaps() -> Cleaner {
    Cleaner::new().policy(Policy::keep_all().with(Rule::Overlap))
}

fn words(line: &str) -> Vec<String> {
    line.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The greatest number of words at the end of `above` that are also at the beginning of `line`,
/// which has more words. At most 66 % of the letters of `whole` are in an overlap: of the line of
/// which `above` is left.
fn common_words(above: &str, whole: &str, line: &str) -> usize {
    let (above, whole, line) = (words(above), words(whole), words(line));
    let most = above.len().min(line.len().saturating_sub(1));
    let is_part = |count: &usize| line[..*count].concat().len() * 100 <= whole.concat().len() * 66;
    (1..=most)
        .rev()
        .find(|count| above[above.len() - count..] == line[..*count] && is_part(count))
        .unwrap_or(0)
}

/// The lines that are left if each is cut as long as it overlaps with the one before it.
fn naive(lines: &[String]) -> Vec<String> {
    let mut left: Vec<String> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let mut line = line.clone();
        while let Some(above) = left.last() {
            let count = common_words(above, &lines[i - 1], &line);
            if count < 4 || words(&line)[..count].concat().len() < 20 {
                break;
            }
            line = words(&line).split_off(count).join(" ");
        }
        left.push(line);
    }
    left
}

/// Chunks of speech, each of which begins some words before the end of the one before it. Some
/// consist of few words, which begin and end alike.
fn chunks() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        3 => chunks_of(&["ferry", "harbor", "morning", "bicycle", "the", "of", "goat", "again"]),
        1 => chunks_of(&["banana", "bandana", "ban", "nana"]),
    ]
}

fn chunks_of(words: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let word = prop::sample::select(words);
    let chunk = (prop::collection::vec(word, 1..12), 0_usize..8);
    prop::collection::vec(chunk, 1..8).prop_map(|chunks| {
        let mut lines: Vec<Vec<&str>> = Vec::new();
        for (chunk, back) in chunks {
            let above = lines.last().map_or(&[][..], |above| &above[above.len().saturating_sub(back)..]);
            // Now and then the overlap occurs twice.
            let line = if back == 7 { [above, above, &chunk].concat() } else { [above, &chunk].concat() };
            lines.push(line);
        }
        lines.into_iter().map(|line| line.join(" ")).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(1_000, 10_000)))]

    #[test]
    fn an_overlap_is_cut_as_the_definition_says(chunks in chunks(), end in prop::sample::select(vec!["", ".", " \u{2026}"])) {
        let text: String = chunks.iter().map(|line| format!("{}{line}{end}\n", if end == "." { "\u{201C}" } else { "" })).collect();
        let edits = overlaps().edits(&text);
        let left: Vec<String> = edits.apply().lines().map(|line| words(line).join(" ")).collect();
        prop_assert_eq!(left, naive(&chunks));
        for removal in &edits {
            let (copy, original) = (&text[removal.copy()], &text[removal.original()]);
            prop_assert_eq!(words(copy), words(original));
            prop_assert_eq!(removal.reason(), "overlap");
            prop_assert!(edits.iter().all(|other| overlap(other.span(), removal.original()) == 0));
        }
        prop_assert!(edits.is_fixed_point());
        let clean = edits.apply();
        prop_assert_eq!(&overlaps().clean(&clean), &clean);
        let lines = Options::new().segmentation(Segmentation::Lines);
        prop_assert_eq!(overlaps().options(lines).clean(&text), &*text);
    }

    /// With the other rules of the preset, an original that is named is kept, and a text that is a
    /// fixed point stays as it is.
    #[test]
    fn originals_of_transcripts_are_kept(chunks in chunks(), page in texts::page(), again in any::<bool>()) {
        let mut text: String =
            (0..).zip(&chunks).map(|(i, line)| format!("[00:{i:02}] {}{line}\n", ["", "\u{201C}"][i % 2])).collect();
        text = if again { format!("{text}\n{page}\n{text}") } else { text };
        for policy in [Policy::transcript(), Policy::transcript().similar(0.5)] {
        let cleaner = Cleaner::new().policy(policy);
        let edits = cleaner.edits(&text);
        let clean = edits.apply();
        if edits.is_fixed_point() {
            prop_assert_eq!(&cleaner.clean(&clean), &clean);
        }
        for removal in edits.iter().filter(|removal| removal.reason() == "overlap") {
            let is_kept = edits.iter().all(|other| other.span().start() > removal.original().start() || other.span().end() < removal.original().end());
            prop_assert!(is_kept, "{:?} of {:?}", removal, text);
            let letters = |text: &str| canonical(text, "text+punctuation").replace(' ', "");
            let [copy, original] = [removal.copy(), removal.original()].map(|span| letters(&text[span]));
            prop_assert!(original.contains(&copy), "{:?} of {:?}", removal, text);
        }
        }
    }
}

#[test]
fn overlaps_in_text() {
    let cases = [
        (
            "We walked home in the dark, held on to the wall and counted the steps, as we had done.\n\
             Counted the steps as we had done, when we were children.",
            "We walked home in the dark, held on to the wall and counted the steps, as we had done.\n\
             when we were children.",
        ),
        (
            "[00:01] and at the bottom the brown dog was waiting\n[00:04] the brown dog was waiting for us \u{201C}there\u{201D}",
            "[00:01] and at the bottom the brown dog was waiting\n[00:04] for us \u{201C}there\u{201D}",
        ),
        (
            "\u{4ECA}\u{65E5}\u{306F}\u{79C1}\u{306E}\u{88CF}\u{5EAD}\u{306B}\u{5C0F}\u{3055}\u{306A}\u{6C60}\n\
             \u{88CF}\u{5EAD}\u{306B}\u{5C0F}\u{3055}\u{306A}\u{6C60}\u{3092}\u{6398}\u{308B}",
            "\u{4ECA}\u{65E5}\u{306F}\u{79C1}\u{306E}\u{88CF}\u{5EAD}\u{306B}\u{5C0F}\u{3055}\u{306A}\u{6C60}\n\u{3092}\u{6398}\u{308B}",
        ),
        // The third line repeats all that is left of the second one.
        (
            "\u{C6B0}\u{B9AC}\u{B294} \u{C774}\u{B978} \u{C544}\u{CE68}\u{C5D0} \u{B4F1}\u{B300}\u{B85C} \u{AC14}\u{ACE0} \u{BC30}\u{B97C} \u{BCF4}\u{C558}\u{C2B5}\u{B2C8}\u{B2E4}\n\
             \u{B4F1}\u{B300}\u{B85C} \u{AC14}\u{ACE0} \u{BC30}\u{B97C} \u{BCF4}\u{C558}\u{C2B5}\u{B2C8}\u{B2E4} \u{ADF8}\u{B9AC}\u{ACE0} \u{BE75}\u{ACFC} \u{CC28}\u{B97C} \u{B098}\u{B204}\u{C5B4} \u{BA39}\u{C5C8}\u{C2B5}\u{B2C8}\u{B2E4}\n\
             \u{ADF8}\u{B9AC}\u{ACE0} \u{BE75}\u{ACFC} \u{CC28}\u{B97C} \u{B098}\u{B204}\u{C5B4} \u{BA39}\u{C5C8}\u{C2B5}\u{B2C8}\u{B2E4} \u{C815}\u{C624}\u{C5D0} \u{C9D1}\u{C5D0} \u{B3CC}\u{C544}\u{C654}\u{C2B5}\u{B2C8}\u{B2E4}",
            "\u{C6B0}\u{B9AC}\u{B294} \u{C774}\u{B978} \u{C544}\u{CE68}\u{C5D0} \u{B4F1}\u{B300}\u{B85C} \u{AC14}\u{ACE0} \u{BC30}\u{B97C} \u{BCF4}\u{C558}\u{C2B5}\u{B2C8}\u{B2E4}\n\
             \u{ADF8}\u{B9AC}\u{ACE0} \u{BE75}\u{ACFC} \u{CC28}\u{B97C} \u{B098}\u{B204}\u{C5B4} \u{BA39}\u{C5C8}\u{C2B5}\u{B2C8}\u{B2E4}\n\u{C815}\u{C624}\u{C5D0} \u{C9D1}\u{C5D0} \u{B3CC}\u{C544}\u{C654}\u{C2B5}\u{B2C8}\u{B2E4}",
        ),
        // Marks that follow their letter, and a soft hyphen.
        (
            "and in the evening all of us went to the old caf\u{E9} near the harbor\n\
             to the old cafe\u{301} near the har\u{AD}bor we were never late",
            "and in the evening all of us went to the old caf\u{E9} near the harbor\nwe were never late",
        ),
    ];
    for (text, clean) in cases {
        assert_eq!(Cleaner::new().policy(Policy::transcript()).clean(text), clean);
        assert_eq!(Cleaner::new().clean(text), text);
    }
    for text in [
        "a thief in the night\na thief in the night",
        "the end of the line\nthe end of the lines that we saw",
        "5. The plain authentication mechanism\nThe plain authentication mechanism is described below.",
        "We held on to the wall and counted the steps\n\nwall and counted the steps that we had seen",
        "let x = self.held(on, to, the, wall);\nheld(on, to, the, wall); counted(the, steps);",
        "up and down and up and down\nup and down the hill",
        // Letters are equal without marks and case, but the forms of both words are not.
        "and in the evening all of us walked down the long stra\u{DF}e to the harbor\n\
         down the long strase to the harbor there were lamps",
        // The overlap ends or begins inside a word.
        "so on that day we came at last to the end of our long line\nto the end of our long lines",
        "so on that day we came at last into the end of our long line\nto the end of our long line we went",
        "",
        "\n\n",
    ] {
        assert_eq!(overlaps().clean(text), text);
    }
}

/// A line that repeats the end of the line above, and then the end of that again: the sign between
/// the two overlaps is cut, so that the lines that are left are equal.
#[test]
fn a_sign_between_two_overlaps_is_cut() {
    let (a, b) = ("we rowed to the old stone harbor", "'there all of us sang to the sea");
    let line = format!("{a}. {b}, {a}. {b}, {a}.\n");
    let text = line.repeat(6);
    let rest = format!("{b}, {a}.\n");
    assert_eq!(overlaps().clean(&text), format!("{line}{}", rest.repeat(5)));
    let echo = Cleaner::new().policy(Policy::keep_all().with(Rule::Overlap).with(Rule::Echo));
    let clean = echo.clean(&text);
    assert_eq!(echo.clean(&clean), clean);
}

/// After a cut, another time may follow the time in front of a line, and the two together may be a
/// range or the first line of a cue. Then cleaning again may change more, and the edits say so.
#[test]
fn edits_after_which_a_line_begins_with_another_time_are_no_fixed_point() {
    let transcript = Cleaner::new().policy(Policy::transcript());
    let sea = "there all of us sang to the sea";
    let above = "10:14 then at last, after many hours of cold and rain, we rowed to the old stone harbor\n";
    let twice = |in_front: &str, sign: &str| format!("{in_front}{sea} {sign}{sea}\n");
    let records = twice("10:15:00.000 ", "17: ").repeat(2);
    let cue = "I was sung to sleep by the sea\nand by the wind of the morning\n";
    for (text, is_fixed_point) in [
        (format!("{records}2024-01-05 the brown dog was waiting for us\n{records}"), false),
        (
            format!(
                "{above}10:15 we rowed to the old stone harbor -10:16 we rowed to the old stone harbor again\n"
            ),
            false,
        ),
        (
            format!("{above}10:15 we rowed to the old stone harbor -10:16\n{cue}\n10:20 --> 10:21\n{cue}"),
            false,
        ),
        (
            format!(
                "2024-01-05 {sea} 12:05 12:06 {sea}.\n12:02 {sea} am {sea} the brown dog was waiting for us\n"
            ),
            false,
        ),
        (format!("{above}10:15 we rowed to the old stone harbor again\n"), true),
        (format!("{above}(we rowed to the old stone harbor 10:16) I was sung to sleep\n"), false),
        (format!("{above}10:15 --> 10:16\nwe rowed to the old stone harbor 10:15 and back again\n"), true),
    ] {
        let edits = transcript.edits(&text);
        let clean = edits.apply();
        assert_ne!(clean, text);
        assert_eq!(edits.is_fixed_point(), is_fixed_point, "{text}");
        assert!(!is_fixed_point || transcript.clean(&clean) == clean, "{text}");
    }
}

#[test]
fn options_and_rules_of_the_caller_apply() {
    let text = "and at the bottom the brown dog was waiting\nthe brown dog was waiting for us";
    let with = |options: Options| overlaps().options(options).clean(text).into_owned();
    assert_eq!(with(Options::new()), "and at the bottom the brown dog was waiting\nfor us");
    assert_eq!(with(Options::new().min_segments(1)), with(Options::new()));
    assert_eq!(with(Options::new().min_segments(2)), text);
    assert_eq!(with(Options::new().min_weight(21)), with(Options::new()));
    assert_eq!(with(Options::new().min_weight(22)), text);
    assert_eq!(overlaps().rule("mine", |_| Some(Decision::Keep)).clean(text), text);
}

/// A line that begins twice with the end of the line before it is cut in two rounds.
#[test]
fn a_decision_has_its_round_and_its_lines() {
    let text = "Home\nand at the bottom the brown dog was waiting\n\
                the brown dog was waiting the brown dog was waiting for us";
    let edits = overlaps().edits(text);
    let decisions = edits.decisions().iter().map(|decision| {
        let block = decision.block();
        (decision.round(), block.original().segments(), block.copy().segments())
    });
    assert_eq!(decisions.collect::<Vec<_>>(), [(1, 1..2, 2..3), (2, 1..2, 2..3)]);
}

/// Lines that become neighbors are compared only with the rule, and only when the text is cleaned
/// again.
#[test]
fn lines_that_become_neighbors_overlap_the_next_time() {
    let waiting = ("and at the bottom the brown dog was waiting", "the brown dog was waiting for us");
    let call = ("let x = self.held(on, to, the, wall);", "held(on, to, the, wall); counted(the, steps);");
    let apart = (waiting.0, "nobody had thought of a lamp");
    let overlap = Policy::keep_all().with(Rule::Overlap);
    for (policy, (above, line), is_fixed_point) in [
        (Policy::keep_all(), waiting, true),
        (overlap, waiting, false),
        (overlap, call, true),
        (overlap, apart, true),
    ] {
        let text = format!("Home\n{above}\nHome\n{line}");
        let edits = Cleaner::new().policy(policy).rule("all", |_| Some(Decision::Remove)).edits(&text);
        assert_eq!(edits.apply(), format!("Home\n{above}\n{line}"));
        assert_eq!(edits.is_fixed_point(), is_fixed_point, "{policy}: {line}");
    }
    // An overlap that is kept stays, whatever else is removed.
    let text = format!("Home\n{}\n{}\nHome\nHome", waiting.0, waiting.1);
    let lines = |block: &Block| {
        let is_overlap = block.copy().segments().start == 2;
        Some(if is_overlap { Decision::Keep } else { Decision::Remove })
    };
    let edits = overlaps().rule("lines", lines).edits(&text);
    assert_eq!(edits.apply(), format!("Home\n{}\n{}\n", waiting.0, waiting.1));
    assert!(edits.is_fixed_point());
}

/// The decisions about overlaps are listed before those about lines.
#[test]
fn a_removal_has_the_number_of_its_decision() {
    let text = "Home\nNews\nand at the bottom the brown dog was waiting\nthe brown dog was waiting for us\n\
                Home\nSports\nNews";
    let edits = overlaps().rule("all", |_| Some(Decision::Remove)).edits(text);
    assert_eq!(edits.len(), 3);
    for removal in &edits {
        let decision = &edits.decisions()[removal.decision_index()];
        assert_eq!(decision.block().copy().span(), removal.copy(), "{decision:?}");
    }
}

const WAITED: &str = "we waited for the boat at the old gate until the evening came";

/// The end of a line that is removed because of a similar line would be lost with the overlap.
#[test]
fn words_of_an_overlap_are_not_lost_with_a_similar_line() {
    let line = "Nobody on the island had ever seen so many boats in the harbor as on the morning when the old \
                ferry at last came back";
    let text = format!(
        "{line} from the dock with flags and music playing\n{line} with all its lamps burning\n\
         with all its lamps burning and the captain waved"
    );
    let cleaner = Cleaner::new().policy(Policy::transcript().similar(0.6));
    let edits = cleaner.edits(&text);
    assert!(edits.apply().contains("with all its lamps burning and the captain"), "{}", edits.apply());
    assert!(!edits.is_fixed_point() && edits.len() == 1);
}

#[test]
fn cleaning_twice_is_cleaning_once_with_loops_quotes_and_times() {
    let thanks = "thank you so much my friend, ".repeat(3);
    let texts = [
        format!("[00:01] {WAITED} {WAITED}\n[00:09] {WAITED}"),
        format!(
            "[00:01] and at the bottom the brown dog was waiting\n\
             [00:04] the brown dog was waiting for us all the way, {thanks}"
        ),
        "and at the bottom the brown dog was waiting\n\
         \u{201C}the brown dog was waiting for us until the evening, and nobody had thought of the lamp\n\
         \u{201C}for us until the evening, and nobody had thought of the lamp"
            .to_owned(),
        "and at the bottom the brown dog was waiting\n\
         the brown dog was waiting the brown dog was waiting for us"
            .to_owned(),
        // Without its beginning, the first sentence equals the second one.
        "[00:01] and at the bottom the brown dog was waiting\n\
         [00:04] the brown dog was waiting We waited at the old gate until evening. \
         We waited at the old gate until evening."
            .to_owned(),
    ];
    let cleaner = Cleaner::new().policy(Policy::transcript());
    for text in texts {
        let edits = cleaner.edits(&text);
        let again = cleaner.clean(&edits.apply()).into_owned();
        assert_eq!(edits.is_fixed_point(), again == edits.apply(), "{text:?} {:?} {again:?}", edits.apply());
    }
}
