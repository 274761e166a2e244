//! What the lines above and below two equal passages decide: headings of one kind and different
//! dates keep both passages, and the two forms of one mail are there once.

use proptest::prelude::*;
use refrain::clean;

const LETTER: [&str; 3] = [
    "The rehearsal on Monday moves to the church hall, because the hut has no heating. Please come at seven, and not at half past.",
    "On Wednesday we play the second act without books. It frightens me as well, but only three weeks are left until the first night.",
    "The costumes are fitted on Saturday from ten in the morning, and the king has to stay longer on account of his crown.",
];

/// Returns the paragraphs with lines of at most `width` characters, and blank lines between them.
fn wrapped(width: usize) -> String {
    let mut text = String::new();
    for paragraph in LETTER {
        let mut len = 0;
        for word in paragraph.split(' ') {
            if len > 0 && len + 1 + word.len() > width {
                text.push('\n');
                len = 0;
            } else if len > 0 {
                text.push(' ');
                len += 1;
            }
            text.push_str(word);
            len += word.len();
        }
        text.push_str("\n\n");
    }
    text
}

/// Returns a mail with the letter below both lines.
fn mail(above: [&str; 2], widths: [usize; 2]) -> String {
    let [plain, html] = widths.map(wrapped);
    let [first, second] = above;
    format!(
        "From: Ruth\nSubject: Rehearsals next week\n\n{first}\n\n{plain}{second}\n\n{html}Attached: call-sheet.pdf\n"
    )
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.is_empty()).collect()
}

proptest! {
    #[test]
    fn the_second_form_of_a_mail_is_removed(
        form in prop::sample::select(vec![
            ("Content-Type: ", "; charset=utf-8"), ("--- Part 1: ", " ---"), ("[", "]"), ("Teil (", ", konvertiert)"),
        ]),
        plain in prop_oneof![Just(1000_usize), 50_usize..80],
        html in prop_oneof![Just(1000_usize), 65_usize..80],
        is_html_first in any::<bool>(),
    ) {
        let label = |form: (&str, &str), kind| format!("{}{kind}{}", form.0, form.1);
        let mut above = [label(form, "text/plain"), label(form, "text/html")];
        if is_html_first {
            above.reverse();
        }
        let text = mail([&above[0], &above[1]], [plain, html]);
        let expected = text.replacen(&format!("{}\n\n{}", above[1], wrapped(html)), &format!("{}\n\n", above[1]), 1);
        let cleaned = clean(&text);
        prop_assert_eq!(lines(&cleaned), lines(&expected), "{}", text);
        // The same letter in two parts of one kind may be two letters.
        let parts = [label(form, "text/plain"), label(form, "text/plain, 2")];
        let text = mail([&parts[0], &parts[1]], [plain, plain]);
        prop_assert_eq!(clean(&text), &*text);
    }

    /// An update that a status page or a live blog repeats is there for each of its times.
    #[test]
    fn passages_above_different_times_stay(
        times in prop::sample::select(vec![
            ["Posted 14:00 UTC", "Posted 12:30 UTC", "Posted 11:00 UTC"],
            ["Anna K., 3.4.2031", "Anna K., 9.4.2031", "Anna K., 11.4.2031"],
            ["No. 10442", "No. 10443", "No. 10450"],
        ]),
        count in 2_usize..4,
        paragraphs in 1_usize..4,
    ) {
        let update = LETTER[..paragraphs].join("\n");
        let entries = times[..count].iter().map(|time| format!("{update}\n{time}\n\n"));
        let text = format!("Status\n\n{}Imprint\n", entries.collect::<String>());
        prop_assert_eq!(clean(&text), &*text);
    }
}

#[test]
fn passages_above_different_page_numbers_are_there_once() {
    let body = LETTER.join("\n");
    let text = format!("{body}\nPage 14 of 62\n\n{body}\nPage 15 of 62\n");
    assert_eq!(lines(&clean(&text)), lines(&format!("{body}\nPage 14 of 62\nPage 15 of 62\n")));
}

/// Punctuation makes no heading of another section.
#[test]
fn one_heading_with_other_punctuation_is_no_other_section() {
    let body = LETTER.join("\n");
    let printed = |heading: &str| {
        format!(
            "Rehearsals\n\nSummary\n{body}\n\nDownload   Cite\nThe players, page 7\n{heading}\n{body}\nKeywords: stage\n"
        )
    };
    for heading in ["SUMMARY.", "Summary:", "\u{201C}Summary\u{201D}"] {
        let text = printed(heading);
        let expected = text.replacen(&format!("{heading}\n{body}\n"), &format!("{heading}\n"), 1);
        assert_eq!(lines(&clean(&text)), lines(&expected), "{text}");
    }
    let text = printed("Summary 2");
    assert_eq!(clean(&text), text);
}
