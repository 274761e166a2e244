//! Captions that roll up, under the policy for transcripts: each cue shows the last lines of the cue
//! before it again.

use proptest::prelude::*;
use refrain::edits::Removal;
use refrain::records::Leading;
use refrain::repeats::Block;
use refrain::{Cleaner, Decision, Options, Policy, Rule};

/// Returns line `number` of a talk. No two lines are equal.
fn line(number: usize) -> String {
    let nouns = ["leeks", "frost", "garlic", "bulbs", "shed", "gate", "pump"];
    let verbs = ["and then the", "so we ask the", "because of the", "but not the", "or else"];
    format!("{} {} for row {number}", verbs[number % verbs.len()], nouns[number % nouns.len()])
}

/// Returns a file of cues with these lines: SubRip, or WebVTT with a full stop in times if there are
/// `settings`.
fn file(cues: &[Vec<String>], has_numbers: bool, settings: &str) -> String {
    let cue = |(number, lines): (usize, &Vec<String>)| {
        let counter = if has_numbers { format!("{}\n", number + 1) } else { String::new() };
        let sign = if settings.is_empty() { ',' } else { '.' };
        let time = |second: usize| format!("00:{:02}:{:02}{sign}120", second / 60, second % 60);
        let range = format!("{} --> {}{settings}", time(3 * number), time(3 * number + 3));
        format!("{counter}{range}\n{}\n\n", lines.join("\n"))
    };
    cues.iter().enumerate().map(cue).collect()
}

fn options() -> Options {
    Options::new().skip_leading(Leading::NONE.times().counters())
}

fn transcript() -> Cleaner {
    Cleaner::new().policy(Policy::transcript())
}

/// The lines of text in a file of cues.
fn spoken(file: &str) -> Vec<&str> {
    let is_spoken = |line: &&str| !line.is_empty() && !line.contains("-->") && line.parse::<u32>().is_err();
    file.lines().filter(is_spoken).collect()
}

proptest! {
    /// Each cue shows `rows` lines, the last of which is new. Each line is left once, in the cue in
    /// which it is new, and the cue keeps its time.
    #[test]
    fn each_line_is_left_once(
        rows in 2_usize..5, lines in 6_usize..40, has_numbers in any::<bool>(),
        settings in prop::sample::select(vec!["", " align:start position:0%"]),
    ) {
        let lines: Vec<String> = (0..lines).map(line).collect();
        let rolled: Vec<_> = (1..=lines.len()).map(|end| lines[end.saturating_sub(rows)..end].to_vec()).collect();
        let once: Vec<_> = lines.iter().map(|line| vec![line.clone()]).collect();
        let edits = transcript().edits(&file(&rolled, has_numbers, settings)).apply().into_owned();
        prop_assert_eq!(&edits, &file(&once, has_numbers, settings));
        prop_assert_eq!(transcript().clean(&edits), &*edits);
        let default = file(&rolled, has_numbers, settings);
        prop_assert_eq!(refrain::clean(&default), &*default);
    }

    /// Between two cues with a new line, a cue of one moment shows the last line alone. It is
    /// removed as a whole.
    #[test]
    fn cues_of_one_moment_are_removed(lines in 8_usize..40, has_numbers in any::<bool>()) {
        let lines: Vec<String> = (0..lines).map(line).collect();
        let mut rolled = Vec::new();
        for end in 1..=lines.len() {
            rolled.push(lines[end.saturating_sub(2)..end].to_vec());
            rolled.push(vec![lines[end - 1].clone()]);
        }
        let text = file(&rolled, has_numbers, "");
        let edits = transcript().edits(&text);
        prop_assert!(edits.is_fixed_point());
        let clean = edits.apply();
        prop_assert_eq!(spoken(&clean), &lines[..]);
        prop_assert_eq!(clean.matches("-->").count(), lines.len());
        // The lines that are shown again name those that are left.
        for removal in edits.iter().filter(|removal| removal.reason() == "overlap") {
            let is_cut = |other: &Removal| other.span().start() < removal.original().end()
                && removal.original().start() < other.span().end();
            prop_assert!(!edits.iter().any(is_cut));
        }
    }
}

/// A line that is said again in the next cue, once or twice in a text, stays. So do slogans that
/// alternate, and cues that are equal as a whole.
#[test]
fn lines_that_are_said_again_stay() {
    let cues = |cues: &[&[&str]]| -> Vec<Vec<String>> {
        cues.iter().map(|lines| lines.iter().map(|line| (*line).to_owned()).collect()).collect()
    };
    let dialog = cues(&[
        &["Who is at the gate?", "It is me, the postman."],
        &["It is me, the postman.", "You asked for stamps."],
        &["Did I?", "You did, on Monday."],
        &["You did, on Monday.", "Here they are."],
        &["Here they are.", "That is four, please."],
        &["Thank you.", "Not at all."],
    ]);
    let (call, answer) = ("Whose is the water of the valley?", "It is ours, all of it!");
    let slogans =
        cues(&[&[call, answer], &[answer, call], &[call, answer], &[answer, call], &["They march on."]]);
    let answers = cues(&[&["Is it?"], &["Yes."], &["Yes."], &["And this?"], &["Yes."], &["Yes."]]);
    for cues in [dialog, answers] {
        let text = file(&cues, true, "");
        assert_eq!(transcript().clean(&text), text);
    }
    let overlaps = Cleaner::new().policy(Policy::keep_all().with(Rule::Overlap));
    let overlaps = overlaps.options(options());
    let text = file(&slogans, true, "");
    assert_eq!(overlaps.clean(&text), text);
}

/// Cues that are framed by one sign, or linked by short lines, do not roll up.
#[test]
fn cues_with_something_in_common_stay() {
    let framed: Vec<_> =
        (0..8).map(|number| vec!["\u{266A}".to_owned(), line(number), "\u{266A}".to_owned()]).collect();
    let places = ["Kiel", "Hamburg", "Bremen", "Oldenburg", "Leer", "Groningen", "Assen"];
    let timetable: Vec<_> =
        places.windows(2).map(|stretch| stretch.iter().map(|place| (*place).to_owned()).collect()).collect();
    let beasts = ["hound", "wolf", "bear", "lynx", "hunter", "miller"];
    let riddles: Vec<_> = beasts
        .windows(2)
        .map(|beasts| {
            vec![
                format!("The {}.", beasts[0]),
                format!("Who fed the {}?", beasts[0]),
                format!("The {}.", beasts[1]),
            ]
        })
        .collect();
    for cues in [framed, timetable, riddles] {
        let text = file(&cues, true, "");
        assert_eq!(transcript().clean(&text), text);
    }
}

/// A line with a loop is shown in several cues. It is left once, without its loop.
#[test]
fn loops_in_lines_that_are_shown_again_are_cut() {
    let mut lines: Vec<String> = (0..30).map(line).collect();
    lines[12] = "thank you ".repeat(8).trim_end().to_owned();
    for rows in 2..5 {
        let rolled: Vec<_> =
            (1..=lines.len()).map(|end| lines[end.saturating_sub(rows)..end].to_vec()).collect();
        let text = file(&rolled, true, "");
        let edits = transcript().edits(&text);
        assert!(edits.is_fixed_point());
        let clean = edits.apply();
        let left: Vec<_> =
            lines.iter().map(|line| if line.starts_with("thank") { "thank you" } else { line }).collect();
        assert_eq!(spoken(&clean), left);
        assert_eq!(transcript().clean(&clean), clean);
    }
}

/// The second line of a cue is cut, and what is left is compared without the line end.
#[test]
fn what_is_left_of_a_cue_is_compared_as_it_is_read_the_next_time() {
    let (first, second) = (
        "left undisturbed, and their position has been noted in the book of the club,",
        "which may be seen by appointment but not copied.",
    );
    let cue = |second_of: usize, text: &str| {
        format!("00:00:{second_of:02},000 --> 00:00:{second_of:02},900\n{text}\n\n")
    };
    let twice = format!("{second}\n{second}");
    let text = format!("{first}\n{second}\n")
        + &cue(9, &format!("{first}\n{second}"))
        + &cue(15, &twice)
        + &cue(18, &twice)
        + &cue(33, &format!("{second} {second}\nPosted 14:00 UTC\n{second}"));
    let edits = transcript().edits(&text);
    let clean = edits.apply();
    assert!(edits.is_fixed_point());
    assert_eq!(transcript().clean(&clean), clean);
}

/// A decision of the caller keeps a line, and the lines below it.
#[test]
fn the_caller_may_keep_lines() {
    let lines: Vec<String> = (0..8).map(line).collect();
    let rolled: Vec<_> = (1..=lines.len()).map(|end| lines[end.saturating_sub(3)..end].to_vec()).collect();
    let text = file(&rolled, true, "");
    let keep = |_: &Block| Some(Decision::Keep);
    assert_eq!(transcript().rule("keep", keep).clean(&text), text);
    let overlaps = Cleaner::new().policy(Policy::transcript().without(Rule::Overlap));
    assert_eq!(overlaps.clean(&text), text);
}
