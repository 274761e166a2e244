//! Headings of one kind above two equal passages, or different dates, numbers or sentences below
//! them, keep both passages; of the two forms of one mail, one is kept.

use proptest::prelude::*;
use refrain::{Cleaner, Policy, clean};
use refrain_testkit::texts::SENTENCES;

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
        "Ruth Hale\nRehearsals next week\n\n{first}\n\n{plain}{second}\n\n{html}Attached: call-sheet.pdf\n"
    )
}

/// Returns a long line, so that a letter is a smaller share of the text.
fn filler() -> String {
    let report = |year| format!("The archive has the report of the year {year}, and its {year} pages. ");
    (1900..1905).map(report).collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.is_empty()).collect()
}

proptest! {
    #[test]
    fn the_second_form_of_a_mail_is_removed(
        form in prop::sample::select(vec![
            ("Content-Type: ", "; charset=utf-8"), ("--- Part 1: ", " ---"), ("[", "]"), ("Teil 7 (", ", konvertiert)"),
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
        // Two parts of one kind, or below two subjects, may be two letters with the same text.
        let parts = [label(form, "text/plain"), label(form, "text/plain, 2")];
        let text = mail([&parts[0], &parts[1]], [plain, plain]);
        prop_assert_eq!(clean(&text), &*text);
        let [first, second] = [1, 8].map(|day| format!("Subject: Rehearsal of {day} May\n{}", above[day / 8]));
        let text = mail([&first, &second], [plain, html]);
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
        paragraphs in 2_usize..4,
    ) {
        let update = LETTER[..paragraphs].join("\n");
        let entries = times[..count].iter().map(|time| format!("{update}\n{time}\n\n"));
        let entries = entries.collect::<String>();
        let report = |year| format!("The archive has the report of the year {year}, and its {year} pages. ");
        let archive = (1900..1900 + 2 * paragraphs).map(report).collect::<String>();
        let text = format!("Status\n\n{entries}{archive}\n");
        prop_assert_eq!(clean(&text), &*text);
    }
}

/// A page that was printed or scanned twice is there once.
#[test]
fn a_text_above_different_page_numbers_or_times_is_there_once() {
    let body = LETTER.join("\n");
    let is_once = |[first, second]: [&str; 2], rest: &str| {
        let text = format!("{body}\n{first}\n\n{body}\n{second}\n{rest}");
        assert_eq!(lines(&clean(&text)), lines(&format!("{body}\n{first}\n{second}\n{rest}")));
    };
    let rest = "The next chapter has the fares, and they are as they were in the year before.\n";
    is_once(["Page 14 of 62", "Page 15 of 62"], rest);
    is_once(["Printed 12:01", "Printed 12:04"], "");
}

/// A paragraph that is wrapped in one place and not in the other is there once, unless a line with
/// a colon introduces it.
#[test]
fn a_quoted_paragraph_with_other_line_breaks_stays() {
    let [quoted, printed] = [wrapped(60), LETTER.join(" ")].map(|text| text.replace("\n\n", "\n"));
    let rest = "The archive of the players has the posters and the programs of all earlier years.\n\n";
    for (above, is_kept) in [("He read the letter once more:", true), ("Imprint", false)] {
        let text = format!("Rehearsals\n\n{printed}\n\n{rest}{above}\n\n{quoted}\nThe players\n");
        let expected = if is_kept { text.clone() } else { text.replacen(&quoted, "", 1) };
        assert_eq!(lines(&clean(&text)), lines(&expected), "{text}");
    }
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

/// Words above a byline with a time and above a button are no titles of the passages below, and
/// neither are the numbers of a pager. Words above subtitles of one form are, and so is a number.
#[test]
fn a_byline_and_a_button_separate_headings_from_the_passages() {
    let body = LETTER.join("\n");
    let filler = filler();
    for (first, second, is_kept) in [
        ("Merken", "Druckansicht", true),
        ("Merken\n12 March, 17:40", "Druckansicht\nSend this page", false),
        ("Merken\nBy Ruth Hale", "Druckansicht\nSource: www.players.example", false),
        ("Merken\n12 March, 17:40", "Druckansicht\nwww.players.example", true),
        ("Merken\nWe meet at 17:40.", "Druckansicht\nThey meet in the hut.", true),
        ("Licensor\nNordlicht Verlag, Kiel", "Licensee\nTipografia Lisboa Lda", true),
        ("Part 1\n12 March, 17:40", "Part 2\nSend this page", true),
        ("Merken", "4", true),
        ("Merken", "1\n/\n4", false),
    ] {
        let text = format!("Rehearsals\n{first}\n{body}\nPlayers\n{filler}\n{second}\n{body}\nImprint\n");
        let expected =
            if is_kept { text.clone() } else { text.replacen(&format!("{second}\n{body}"), second, 1) };
        assert_eq!(lines(&clean(&text)), lines(&expected), "{text}");
    }
}

/// A removal can bring together a number and a sign. What is left of the text decides, so that
/// cleaning again changes nothing.
#[test]
fn a_number_below_a_removed_passage_is_of_a_pager() {
    let body = LETTER.join("\n");
    let report = "\
The ferry across the sound was built in a shipyard of the north, and nobody in the village believed that it would be paid for.
For thirty years it carried cattle and bicycles in summer, and in winter the doctor, who was seasick and never complained.
When the bridge was opened in the rain, the captain walked across it with his dog, looked at the water and went home.
His daughter keeps the bell in her kitchen, and on the first of May she rings it for the children who were born that year.
The engine was sold to a farmer who wanted to saw wood with it, and it stood in his barn until the roof came down.";
    let text = |copies: [&str; 2]| {
        let [report_copy, body_copy] = copies;
        format!("Rehearsals\nMerken\n{body}\nPlayers\n{report}\n1\n/\n{report_copy}4\n{body_copy}Imprint\n")
    };
    let cleaned = clean(&text([&format!("{report}\n"), &format!("{body}\n")])).into_owned();
    assert_eq!(lines(&cleaned), lines(&text(["", ""])));
    assert_eq!(clean(&cleaned), cleaned);
}

/// For `scraper`, the specifications of two variants are no menu.
#[test]
fn lists_below_the_names_of_two_variants_stay() {
    let list = "\
Capacity: 1.8 liters
Power: 700 W
Pot with a coating in three layers
Detachable cord of 1.2 m
Warranty of two years in all shops
Made in Norway";
    let page = |[first, second]: [&str; 2]| {
        format!(
            "Two rice cookers\n{first}\n{list}\nPrice: 890\nFor a family of five.\n{second}\n{list}\nPrice: 1150\nWith a timer.\n"
        )
    };
    let scraper = Cleaner::new().policy(Policy::scraper());
    let variants = page(["The Lotus HS", "The Lotus HS Pro"]);
    assert_eq!(scraper.clean(&variants), variants);
    let labels = page(["Ausstattung", "Produktmerkmale"]).replace("Price: ", "");
    assert_ne!(scraper.clean(&labels), labels, "two single words may be labels of one list");
    let menu = page(["Our shop is open all day", "Free delivery, see the terms"]).replace("Price: ", "");
    assert_ne!(scraper.clean(&menu), menu);
}

/// For `scraper`, the equal lists of three rooms are no menu, although the third list is far from the
/// first.
#[test]
fn equal_lists_of_three_sections_stay() {
    let list = "Bath with tub\nHair dryer\nSafe for valuables\nDesk and lamp\nKettle with tea\n";
    let room = |name: &str, about: [usize; 2]| {
        let [first, second] = about.map(|number| SENTENCES[number]);
        format!("{name}\n{first}\n{second}\n{list}")
    };
    let rooms = [("The garden side", [0, 1]), ("Above the old quay", [2, 3]), ("Under the roof", [8, 9])];
    let page = format!("{}Breakfast from seven.\n", rooms.map(|(name, about)| room(name, about)).concat());
    let scraper = Cleaner::new().policy(Policy::scraper());
    assert_eq!(scraper.clean(&page), page);
    let two = format!(
        "{}{}Breakfast from seven.\n",
        room("The garden side", [0, 1]),
        room("Above the old quay", [2, 3])
    );
    assert_ne!(scraper.clean(&two), two);
}

/// Two leaflets with the same warnings differ in a number above them.
#[test]
fn warnings_below_two_doses_stay() {
    let warnings = "\
Warnings
Keep this out of the reach of children, and do not use it after the date on the box.
Do not take it if you are allergic to one of its ingredients, which are listed below.
Tell the person in charge of the ship's pharmacy about every effect that you did not expect.
";
    let leaflets = |uses: [&str; 2]| {
        let [first, second] = uses;
        format!(
            "PARASOL, 500 mg\nUses\n{first}\nDose\nOne tablet before each meal, and none at night.\n{warnings}\
             Alcohol raises the risk.\nMORNING DROPS\nUses\n{second}\nDose\nAsk the cook.\n{warnings}\
             Questions\nAsk the mate, who keeps the key.\n"
        )
    };
    let kept = leaflets(["For pain, from the age of 8 years on.", "For pain, from the age of 12 years on."]);
    assert_eq!(clean(&kept), kept);
    let cut =
        leaflets(["For pain, from the age of 8 years on.", "It helps nobody, and nothing is known of it."]);
    assert!(clean(&cut).len() < cut.len());
}

/// Checks whether the letter stays in two sections that continue with `below`.
fn check_sections(below: [&str; 2], is_kept: bool) {
    let (body, filler, [first, second]) = (LETTER.join("\n"), filler(), below);
    let text = |copy: &str| {
        format!("The players\nHarp\n{body}\n{first}Wind instruments\n{copy}{second}Archive\n{filler}\n")
    };
    let twice = text(&format!("{body}\n"));
    let expected = if is_kept { twice.clone() } else { text("") };
    assert_eq!(lines(&clean(&twice)), lines(&expected), "{twice}");
}

/// The sections of two teachers, or of two trips, have sentences of their own below what they share.
/// Below a copy that software made are labels, or its own sentences in another spelling.
#[test]
fn passages_above_different_sentences_stay() {
    let [harp, horn] =
        ["Maren plays the harp, and teaches on Mondays.\n", "Iva has specialized in the horn.\n"];
    check_sections([harp, horn], true);
    check_sections(["Price: 420, with lunch.\n", "Price: 460, with lunch.\n"], true);
    check_sections(["所有费用都包括在内。\n", "午餐需要另外付费。\n"], true);
    check_sections(["Related pages\n", horn], false);
    check_sections([harp, "Back to top\n"], false);
    check_sections([harp, ""], false);
    check_sections(["She said: \"Come at ten.\"\n", "She said: \u{AB} Come at ten. \u{BB}\n"], false);
}

/// Two offers have different numbers in one of three lines below what they share. If only one number
/// differs, and by one, it may be a page number.
#[test]
fn passages_above_different_numbers_stay() {
    check_sections(["Ref. M-311\nBand 7\n", "Ref. P-1\nBand 2\n"], true);
    check_sections(["Salary: 5.100 lei\n", "Salary: 3.400 lei\n"], true);
    check_sections(["Page 14 of 62\n", "Page 15 of 62\n"], false);
    check_sections(["17\n", "20\n"], false);
}

/// The teasers of a list of articles come again directly below the list, without their titles. The
/// last title has the first word of the title of the page, but is no heading of the copy.
#[test]
fn lines_of_the_original_are_no_headings_of_the_copy() {
    let titles = ["The new hut", "A king of seven", "Reports from the carpenter"];
    let list: String =
        titles.iter().zip(LETTER).map(|(title, teaser)| format!("{title}\n{teaser}\n")).collect();
    let page = format!("Reports of the players\n{list}");
    assert_eq!(clean(&format!("{page}{}\n", LETTER.join("\n"))), page);
}

/// Two copies of an article have its title, or a menu or a single line between them, and may have
/// different sentences below.
#[test]
fn two_copies_of_an_article_above_different_sentences_are_one() {
    let (body, filler) = (LETTER.join("\n"), filler());
    let [bio, notice] =
        ["Maren plays the harp, and teaches on Mondays.\n", "All rights are reserved by the players.\n"];
    for (title, between, is_kept) in [
        ("", "Wind instruments\n", true),
        ("", "Home   News   Archive\nTickets\nPrint this page\n", false),
        ("Rehearsals in the hall\n", "Share\n", false),
        ("", "", false),
    ] {
        let text =
            format!("The players\n{title}{body}\n{bio}{between}{title}{body}\n{notice}Archive\n{filler}\n");
        let once = format!("The players\n{title}{body}\n{bio}{between}{notice}Archive\n{filler}\n");
        assert_eq!(lines(&clean(&text)), lines(if is_kept { &text } else { &once }), "{text}");
    }
}

/// Two sections that begin with sentences of their own, below titles without a common word.
#[test]
fn passages_below_different_first_sentences_stay() {
    let passage = LETTER.join("\n");
    let rest = "How to find us\nTake the tram to the last stop, and walk back along the canal.\n";
    let text = |titles: [&str; 2], first: [&str; 2]| {
        let section = |i: usize| format!("{}\n{}\n{passage}\n", titles[i], first[i]);
        format!("Autumn\n{}{}{rest}", section(0), section(1))
    };
    let titles = ["Rope walking", "Pottery for beginners"];
    let sentences = ["The rope is two meters above the ground.", "Two people share a wheel."];
    let is_kept = |text: &str| clean(text) == text;
    assert!(is_kept(&text(titles, sentences)));
    let titled = "Glazing, throwing and firing of the smallest bowls in the hut of the old school by the canal in the old town";
    for (titles, first) in [
        // The copy of one section has a byline in front of its first sentence.
        (titles, [sentences[0], "By Ann | The rope is two meters above the ground."]),
        // One sentence is above both, or none.
        (titles, [sentences[0], sentences[0]]),
        (titles, ["First floor", "Office"]),
        // The titles are none: a line of signs, a long line, a sentence, the same line twice.
        (["Rope walking", "* * *"], sentences),
        (["Rope walking", titled], sentences),
        (["Rope walking", "We throw bowls."], sentences),
        (["Rope walking", "Rope walking"], sentences),
    ] {
        assert!(!is_kept(&text(titles, first)), "{titles:?} {first:?}");
    }
    // The passage does not begin with a sentence.
    let headed = text(titles, sentences).replace(&passage, &format!("The rehearsals\n{passage}"));
    assert!(!is_kept(&headed));
}

/// Two sections end with one paragraph, and the next ones go on with equal paragraphs below a title
/// and a first sentence of their own. Without a title and such a sentence, they are a copy.
#[test]
fn passages_around_different_first_sentences_stay() {
    let [end, first, second] = LETTER;
    let text = |titles: [&str; 2], sentences: [&str; 2]| {
        let part = |i: usize| format!("{end}\n{}\n{}\n{first}\n{second}\n", titles[i], sentences[i]);
        format!("Autumn\n{}{}\n{}Archive\n", part(0), filler(), part(1))
    };
    let is_kept = |titles, sentences| clean(&text(titles, sentences)) == text(titles, sentences);
    let titles = ["Rope walking", "Pottery for beginners"];
    let sentences = ["The rope is two meters above the ground.", "Two people share a wheel."];
    assert!(is_kept(titles, sentences));
    assert!(!is_kept(titles, [sentences[0], sentences[0]]));
    assert!(!is_kept(titles, ["First floor", "Office"]));
    assert!(!is_kept(["* * *", "Pottery for beginners"], sentences));
    // Two copies of an article, each with another teaser.
    let twice = text(titles, sentences).replace(&filler(), "");
    assert_eq!(clean(&twice).matches(LETTER[0]).count(), 1, "{twice}");
}

/// Short headings may end like sentences.
#[test]
fn sections_below_calls_stay() {
    let section = "The crossing takes forty minutes if the wind is kind and sixty if it is not, says the captain.\n\
        Bicycles travel on the lower deck beside the goats, and dogs need a ticket of their own.\n\
        Tea is served in the saloon as long as the stove is lit and nobody has forgotten the milk.\n";
    for (first, second) in [
        ("Visit Hamburg!", "Visit Bremen!"),
        ("Join us in spring!", "Join us in autumn!"),
        ("Day 1!", "Day 2"),
        ("Ferry 1", "Ferry 2!"),
        ("Chapter one.", "Chapter two."),
    ] {
        let intro = "The island\nA storm closed the harbor on Sunday night, and no boat sailed before noon.";
        let text = format!("{intro}\n{first}\n{section}{second}\n{section}");
        assert_eq!(clean(&text), text);
    }
    // Other short sentences are no headings of one kind.
    for (first, second) in
        [("Print this page.", "Share this page."), ("It was late.", "It was cold."), ("Log in.", "Log out.")]
    {
        let text = format!("The island\n{first}\n{section}{second}\n{section}");
        assert!(clean(&text).matches("The crossing").count() == 1, "{first} {second}");
    }
}
