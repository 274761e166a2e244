//! Text that is repeated with other line breaks is found, and is removed as a copy with the same
//! line breaks would be.

use std::collections::BTreeSet;

use proptest::prelude::*;
use refrain::{Cleaner, Document, Normalization, Options, Segmentation};
use refrain_testkit::texts::SENTENCES;
use refrain_testkit::{Random, cases, prose};

/// Returns `paragraph` with line breaks in place of spaces, so that no line has more than `width`
/// characters unless it is one word. A text without spaces is broken after every `width` characters.
fn wrapped(paragraph: &str, width: usize) -> String {
    let mut text = String::new();
    let mut len = 0;
    for word in paragraph.split_inclusive(' ') {
        let chars = word.chars().count();
        if len > 0 && len + chars > width + 1 {
            text.truncate(text.trim_end().len());
            text.push('\n');
            len = 0;
        }
        for c in word.chars() {
            if len >= width && !paragraph.contains(' ') {
                text.push('\n');
                len = 0;
            }
            text.push(c);
            len += 1;
        }
    }
    text + "\n"
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.is_empty()).collect()
}

/// Returns what is compared of a text if line breaks, spaces and hyphens at line ends are not.
fn joined(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Paragraphs of sentences in one script, which do not repeat each other.
fn body() -> impl Strategy<Value = Vec<String>> {
    let chinese = |number: usize| {
        let letters =
            |i: usize| char::from_u32(0x4E00 + u32::try_from(number * 97 + i * 31).unwrap_or(0) % 5_000);
        (0..60 + number % 50).filter_map(letters).chain(['。']).collect::<String>()
    };
    let english = |number: usize| prose::story(&mut Random::new(number as u64), 40 + number % 60);
    let numbers = prop::collection::btree_set(0_usize..1_000_000, 3..9);
    let bodies = (numbers, any::<bool>()).prop_map(move |(numbers, is_chinese)| {
        numbers
            .into_iter()
            .map(|number| if is_chinese { chinese(number) } else { english(number) })
            .collect::<Vec<_>>()
    });
    let beginning = |paragraph: &String| paragraph.chars().take(20).collect::<String>();
    bodies.prop_filter("paragraphs differ", move |body| {
        body.iter().map(beginning).collect::<BTreeSet<_>>().len() == body.len()
    })
}

/// Returns a body at a width, or with one line for each paragraph, or in one line.
fn printed(body: &[String], width: usize) -> String {
    match width {
        0 => body.iter().map(|paragraph| format!("{paragraph}\n\n")).collect(),
        1 if body[0].contains(' ') => body.join(" ") + "\n",
        1 => body.concat() + "\n",
        _ => body.iter().map(|paragraph| wrapped(paragraph, width) + "\n").collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(1_500, 20_000)))]

    /// A body that is printed again at other widths is there once, whatever the number of copies, and
    /// the lines around the copies stay.
    #[test]
    fn a_body_that_is_printed_at_other_widths_is_there_once(
        body in body(),
        first in 30_usize..58,
        widths in prop::collection::vec(prop_oneof![Just(0), Just(1), 30_usize..90], 1..4),
        label in prop::sample::select(vec!["", "Print this page\n", "* * *\n"]),
        crlf in any::<bool>(),
    ) {
        let first = printed(&body, first);
        let copies: Vec<String> = widths.iter().map(|width| printed(&body, *width)).collect();
        let ends = |text: String| if crlf { text.replace('\n', "\r\n") } else { text };
        let text = ends(format!("How the ferry was built\n\n{first}{}{label}Imprint\n", copies.concat()));
        let edits = Cleaner::new().edits(&text);
        let lines = |text: &str| text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let expected = format!("How the ferry was built\n{first}{label}Imprint\n");
        prop_assert_eq!(lines(&edits.apply()), lines(&expected), "{}", text);
        prop_assert!(edits.is_fixed_point());
        prop_assert!(Cleaner::new().edits(&edits.apply()).is_empty());
        for removal in &edits {
            let [copy, original] = [removal.copy(), removal.original()].map(|span| joined(&text[span]));
            prop_assert_eq!(copy, original);
            prop_assert!(edits.iter().all(|other| other.span().end() <= removal.original().start()
                || removal.original().end() <= other.span().start()));
        }
    }

    /// Whatever is removed is in the text that is left, apart from its line breaks, and the text that
    /// is left is clean.
    #[test]
    fn nothing_is_lost(
        parts in prop::collection::vec((0..SENTENCES.len(), 1_usize..9, 0_usize..80), 1..16),
        again in prop::collection::vec((0_usize..16, 1_usize..16, 0_usize..80), 0..4),
    ) {
        let paragraph = |(first, len, _): &(usize, usize, usize)| {
            let sentences: Vec<&str> = (*first..first + len).map(|i| SENTENCES[i * 7 % SENTENCES.len()]).collect();
            sentences.join(" ")
        };
        let mut text: String =
            parts.iter().map(|part| wrapped(&paragraph(part), part.2.max(12))).collect();
        for (from, len, width) in again {
            let copied = parts.iter().skip(from).take(len);
            text.extend(copied.map(|part| wrapped(&paragraph(part), if width < 12 { 10_000 } else { width })));
            text.push_str("This line is between the parts.\n");
        }
        let edits = Cleaner::new().edits(&text);
        let left = joined(&edits.apply());
        for removal in &edits {
            let form = |text: &str| joined(text).replace(['\u{201C}', '\u{201D}'], "\"");
            prop_assert!(form(&left).contains(&form(&text[removal.span()])), "{} of {}", &text[removal.span()], text);
        }
        if edits.is_fixed_point() {
            let clean = edits.apply();
            let again = Cleaner::new().edits(&clean);
            prop_assert!(again.is_empty(), "{:?} of {}, which is left of {}", again, clean, text);
        }
    }
}

const STORY: [&str; 3] = [
    "The station had been closed for eleven years when the first train stopped there again. It stopped because a signal had failed, and the passengers, who had no idea where they were, climbed down one after the other onto a platform on which birch trees were growing.",
    "An old man came out of the ticket office. He was wearing a cap with a badge, and he carried a lamp, although it was bright noon. He walked along the whole length of the train, looked into every window, and at the end he took a watch from his waistcoat.",
    STORY_END,
];

const STORY_END: &str =
    "Then he raised the lamp, and the train, as if it had only been waiting for this, began to move.";

fn story(width: usize) -> String {
    STORY.map(|paragraph| wrapped(paragraph, width)).join("\n")
}

/// A word that a hyphen splits at a line end is compared as one word, and a hyphen that is a part of
/// a word may be at the end of a line.
#[test]
fn hyphens_at_line_ends_are_not_compared() {
    let split = "The keeper of the light-house counted the passen-\ngers, who had climbed down one after the oth-\ner onto a platform where birch trees were grow-\ning, and wrote the number into his note-book, as his grand-\nfather had done before the war.\n";
    let plain = "The keeper of the light-\nhouse counted the passengers, who had climbed down one\nafter the other onto a platform where birch trees were growing, and wrote the\nnumber into his note-\nbook, as his grandfather had done before the war.\n";
    for (first, second) in [(split, plain), (plain, split)] {
        assert_eq!(refrain::clean(&format!("{first}\n{second}")), first);
    }
}

/// The first line of a copy may be equal to that of the original, and the paragraphs of a copy may
/// have other borders.
#[test]
fn parts_of_a_copy_may_be_broken_at_the_same_places() {
    let first = story(60);
    let tight = wrapped(&STORY.join(" "), 47);
    let equal = first
        .replace("\n\n", "\n")
        .replace("on which birch trees\nwere growing", "on which birch trees were\ngrowing");
    for copy in [tight, equal] {
        let text = format!("The lamp\n\n{first}\n{copy}The end\n");
        assert_eq!(refrain::clean(&text), format!("The lamp\n\n{first}\nThe end\n"), "{copy}");
    }
}

/// Texts in which lines are broken elsewhere, and which stay: an exam text that is printed again with
/// numbers of lines, the terms of two parties, a source beside its rendering, and titles in two lines.
#[test]
fn what_an_author_repeats_stays() {
    let numbered: String = story(50)
        .lines()
        .enumerate()
        .map(|(i, line)| match i % 5 {
            4 => format!("  {} {line}\n", i + 1),
            _ => format!("     {line}\n"),
        })
        .collect();
    let exam = format!(
        "Read the story.\n\n{}\nThe story is printed again.\n\n{numbered}\n1. Who carries a lamp?\n",
        story(72)
    );
    let terms = format!(
        "Files of the harbor: Copyright 2004 Nora Pell\n{}\nFiles of the station: Copyright 2009 Ida Brandt\n{}",
        story(72),
        story(55),
    );
    // Each result is 4 % of the text, and all of them are more than 10 %.
    let pages = |i: usize| {
        let lines = SENTENCES[..10].iter().map(|sentence| format!("{} {sentence}\n", i + sentence.len()));
        lines.collect::<String>()
    };
    let example = |i: usize| format!("{STORY_END} That was lamp {i}.");
    let pair = |i: usize| format!("{}Source\n{}{}\n", pages(i), wrapped(&example(i), 30), example(i));
    let guide: String = (0..3).map(|i| pair(1_000 * i)).collect();
    let options = "-a, --all\nshows all of the lamps\n-b, --bare\nshows the lamps alone\n-c, --color\nshows the lamps in colors\n-d, --dark\nshows no lamp at all\n";
    let joined = options.replace("\nshows", " shows");
    let options = format!("The options of the program\n{options}As the page shows them\n{joined}The end\n");
    for text in [exam, terms, guide, options] {
        assert_eq!(refrain::clean(&text), text);
    }
}

/// Only `Auto` compares across line ends, and not if the form leaves line ends as they are.
#[test]
fn other_options_compare_each_line() {
    let text = format!("{}\n{}", story(72), story(50));
    assert_eq!(refrain::clean(&text), story(72));
    for options in
        [Options::new().segmentation(Segmentation::Lines), Options::new().normalization(Normalization::RAW)]
    {
        assert_eq!(Cleaner::new().options(options).clean(&text), text);
    }
    let spans: Vec<_> = Document::new(&text).segments().map(|segment| segment.span()).collect();
    let given = Document::from_spans(&text, &spans, &Options::new()).expect("the spans are in order");
    assert!(Cleaner::new().edits_of(&given).is_empty());
}

/// A column of print is prose, although its lines are as short as those of a poem: its copy is
/// removed. A poem of the same words stays.
#[test]
fn a_narrow_column_that_is_printed_twice_is_cleaned() {
    let body = "The ferry crosses the bay every hour. In winter it leaves only twice a day, because the ice \
        on the quay has to be cut first. The captain has done that for forty years. He has a saw, a lamp and \
        a dog. Nobody has counted how often the ferry was late. The keeper of the lighthouse, who knows both \
        of them, says never. But he sleeps until noon. In the village they say that the dog barks at nine, so \
        everybody is in time. When the dog was ill, the bell of the church rang. It rang late. The teacher \
        wrote a letter to the mayor, and the mayor sent her a clock. It hangs in the hut on the quay. The \
        captain does not look at it.";
    let report = |year| format!("The archive has the report of the year {year}, and its {year} pages. ");
    let rest = wrapped((1900..1910).map(report).collect::<String>().trim_end(), 70);
    let page = |body: &str| format!("The lighthouse\n\n{body}\nPage 12\n\n{rest}\n{body}\nPage 13\n");
    for width in 28..45 {
        let column = wrapped(body, width);
        let text = page(&column);
        let expected =
            text.strip_suffix(&format!("{column}\nPage 13\n")).map(|text| format!("{text}Page 13\n"));
        let (cleaned, expected) = (refrain::clean(&text), expected.unwrap_or_default());
        assert_eq!(lines(&cleaned), lines(&expected), "{width}");
    }
    let mut poem = String::new();
    let mut rest: Vec<&str> = body.split(' ').rev().collect();
    for words in [3, 6, 5, 4].into_iter().cycle() {
        let line = rest.split_off(rest.len().saturating_sub(words));
        if line.is_empty() {
            break;
        }
        poem += &(line.into_iter().rev().collect::<Vec<_>>().join(" ") + "\n");
    }
    let text = page(&poem);
    assert_eq!(refrain::clean(&text), text);
    // Verse of one length, which begins with lowercase letters.
    let verse = "the ice had covered all the quay\nand every rope and every ship\nthe keeper came and cut a way\n\
        and cut the ice from lip to lip\nbut when the dawn was on the bay\nand every gull was on the wing\n\
        the snow had fallen all the day\nand nobody could do a thing\n";
    let text = format!(
        "The lighthouse\n{verse}Page 12\n{}\n{verse}Page 13\n",
        (1900..1903).map(report).collect::<String>()
    );
    assert_eq!(refrain::clean(&text), text);
}

/// A layer of recognized text may have ligatures in each line, and another layer letters.
#[test]
fn a_copy_with_ligatures_is_found() {
    let paragraphs = [
        "The office of the official was first filled in the fifth winter, when the flood carried off the shelf.",
        "After that, five officers defined the final figures, and filed the coffee in the offices as fish.",
        "The efficient official affirmed that the figures were sufficient, but different from the first ones.",
    ];
    let body = |width| paragraphs.map(|paragraph| wrapped(paragraph, width)).join("\n");
    let ligatures = [
        ("ffi", "\u{FB03}"),
        ("ffl", "\u{FB04}"),
        ("ff", "\u{FB00}"),
        ("fi", "\u{FB01}"),
        ("fl", "\u{FB02}"),
    ];
    let original = ligatures.iter().fold(body(50), |text, (letters, sign)| text.replace(letters, sign));
    let clean = Cleaner::new().clean(&format!("The office\n\n{original}\n{}", body(40))).into_owned();
    assert_eq!(lines(&clean), lines(&format!("The office\n\n{original}")));
}
