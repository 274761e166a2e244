//! A report shows the whole text, runs no part of the text, is bounded in size, and is the same to
//! the byte for the same input.

mod common;

use std::fmt::Write as _;

use common::every_segmentation;
use proptest::prelude::*;
use refrain::edits::Edits;
use refrain::report::{Color, Report};
use refrain::{Cleaner, Decision, Document, Options, Policy, Rule, Segmentation};
use refrain_testkit::{cases, texts};

const ARTICLE: &str = include_str!("fixtures/article.txt");

/// Returns whether a tag is one of those that a page has in its text.
fn is_known_tag(tag: &str) -> bool {
    let known = ["<div lang=\"\" dir=\"auto\">", "</div>", "</del>", "</span>"];
    let marked = |name: &str| {
        let rest = tag.strip_prefix(name).and_then(|rest| rest.strip_suffix("\">"));
        let rest = rest.and_then(|rest| rest.split_once("\" class=\""));
        let rest = rest.and_then(|(id, rest)| Some((id, rest.split_once("\" data-n=\"")?)));
        rest.is_some_and(|(id, (class, number))| {
            id.bytes().chain(number.bytes()).all(|b| b.is_ascii_digit())
                && class.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ')
        })
    };
    let inner = tag.strip_prefix("<del class=\"d f").and_then(|rest| rest.strip_suffix("\">"));
    let is_inner = inner.is_some_and(|hue| hue.bytes().all(|b| b.is_ascii_digit()));
    known.contains(&tag) || is_inner || marked("<del id=\"s") || marked("<span id=\"s")
}

/// Returns the text of a page as a browser reads it, and the parts that are struck through.
fn read_back(page: &str) -> (String, String) {
    let start = page.find("The text</h2>\n").expect("the text has a heading") + "The text</h2>\n".len();
    let end = page.rfind("</div>\n</section>\n</main>\n<script>").expect("the text ends");
    let mut rest = &page[start..end + "</div>".len()];
    let (mut shown, mut struck) = (String::new(), String::new());
    let mut is_struck = false;
    while let Some(at) = rest.find('<') {
        let text = unescape(&rest[..at]);
        shown.push_str(&text);
        struck.push_str(if is_struck { &text } else { "" });
        let end = at + rest[at..].find('>').expect("a tag ends") + 1;
        let tag = &rest[at..end];
        assert!(is_known_tag(tag), "{tag}");
        is_struck = tag.starts_with("<del");
        rest = &rest[end..];
        // Chunks begin on a new line of the page.
        rest = if tag == "</div>" { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
    }
    assert_eq!(rest, "");
    (shown, struck)
}

fn unescape(text: &str) -> String {
    assert!(!text.contains(['>', '"', '\'']), "{text}");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&")
}

/// Writes a page, and checks that it has the whole text as text, with removed text struck through.
fn check_page(doc: &Document<'_>, edits: &Edits<'_>) -> String {
    let page = Report::new(doc, edits).html();
    let (shown, struck) = read_back(&page);
    assert_eq!(shown, doc.text().replace('\0', "\u{fffd}"));
    let expected: String = doc
        .segments()
        .flat_map(|segment| {
            segment.text().char_indices().map(move |(at, c)| (segment.span().start() + at, c))
        })
        .filter(|(at, _)| edits.iter().any(|removal| removal.span().contains(*at)))
        .map(|(_, c)| c)
        .collect();
    assert_eq!(struck, expected.replace('\0', "\u{fffd}"));
    page
}

fn with_policy<'d>(doc: &'d Document<'_>, policy: Policy) -> Edits<'d> {
    Cleaner::new().policy(policy).edits_of(doc)
}

fn policies<'d>(doc: &'d Document<'_>) -> [Edits<'d>; 7] {
    let by_len = Cleaner::new()
        .rule("<one> & \"only\"\n\u{1b}[31m", |block| (block.len() == 1).then_some(Decision::Keep))
        .rule("<more>", |_| Some(Decision::Remove));
    [
        with_policy(doc, Policy::keep_all()),
        with_policy(doc, Policy::drop_all()),
        with_policy(doc, Policy::default()),
        with_policy(doc, Policy::scraper()),
        with_policy(doc, Policy::transcript()),
        with_policy(doc, Policy::pdf().similar(0.6)),
        by_len.edits_of(doc),
    ]
}

/// Removes the escape sequences of colors.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('m').expect("an escape sequence ends");
        assert!(code.bytes().all(|b| b.is_ascii_digit() || b == b';'), "{code}");
        plain.push_str(rest);
    }
    plain
}

fn check_all(text: &str, options: &Options) {
    let doc = Document::with_options(text, options);
    for edits in policies(&doc) {
        let page = check_page(&doc, &edits);
        assert_eq!(page, Report::new(&doc, &edits).html());
        let plain = Report::new(&doc, &edits).text();
        assert!(plain.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()), "{plain:?}");
        assert_eq!(without_colors(&Report::new(&doc, &edits).color(Color::Ansi).text()), plain);
        for columns in [0, 30, 80] {
            let wrapped = Report::new(&doc, &edits).width(columns).text();
            let letters =
                |text: &str| text.chars().filter(|c| !matches!(c, ' ' | '\n' | '|')).collect::<String>();
            assert_eq!(letters(&wrapped), letters(&plain));
        }
        let families = Report::new(&doc, &edits).families_only().text();
        assert!(plain.starts_with(&families));
    }
}

/// Lines of a few kinds, so that many repeat, with characters that are special in HTML and
/// terminals.
fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[ab]{1,3}",
        Just("<script>alert('x')</script>".to_owned()),
        Just("</div></section></main><!-- & &amp; &lt; ]]>".to_owned()),
        Just("\u{1b}[31mred\u{7} \0 \u{9b}2J".to_owned()),
        Just("שלום <b>\u{202e}עולם".to_owned()),
        Just("the same long paragraph, which is \"long\" enough for 'machines' to repeat it".to_owned()),
        Just("A long line that says the same again & again, at <length>, and so on and so forth. ".repeat(4)),
        Just("One sentence that is long enough to be one, one thinks. Another, which is as long as that one is. ".repeat(2) + "One."),
        Just("another paragraph of > some & length, for a body that has more than one of them".to_owned()),
        Just(String::new()),
        texts::prose(),
    ];
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r"), Just("\n\n")];
    prop::collection::vec((line, end), 0..40).prop_map(|lines| {
        lines.into_iter().fold(String::new(), |mut text, (line, end)| {
            text.push_str(&line);
            text.push_str(end);
            text
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(50, 150)))]

    #[test]
    fn the_text_is_shown_and_never_run(text in prop_oneof![3 => lines(), 1 => texts::text()]) {
        for by in every_segmentation().into_iter().chain([Segmentation::Auto]) {
            check_all(&text, &Options::new().segmentation(by));
        }
    }
}

#[test]
fn the_article_is_one_family_and_a_diagonal() {
    let doc = Document::new(ARTICLE);
    let edits = Cleaner::new().edits_of(&doc);
    let page = check_page(&doc, &edits);
    assert!(page.contains("data-original=\"3-20\" data-copies=\"20-37\""));
    let diagonal = (20..37).fold(String::new(), |mut path, across| {
        let _ = write!(path, "M{across} {}h1v1h-1z", across - 17);
        path
    });
    assert!(page.contains(&format!("<path class=\"f0\" data-row=\"0\" d=\"{diagonal}\"/>")));
    assert!(
        page.contains(
            "17\u{a0}segments · 49\u{a0}%\u{a0}of\u{a0}the\u{a0}document · coverage\u{a0}100\u{a0}%"
        )
    );
    assert!(page.contains("37 segments, 20 distinct. 1 family, 1 copy removed: 3192 of 6542 bytes, 48.7 %."));
}

#[test]
fn a_page_loads_nothing() {
    let doc = Document::new(ARTICLE);
    let page = Report::new(&doc, &Cleaner::new().edits_of(&doc)).html();
    let (before, after) = page.split_once("The text</h2>").expect("the text has a heading");
    let script = &after[after.find("<script>").expect("there is one")..];
    for of_page in [before, script] {
        for word in ["http:", "https:", "//cdn", "src=", "url(", "@import", "fetch(", "innerHTML", "eval("] {
            assert!(!of_page.contains(word), "{word}");
        }
    }
    assert!(before.contains("default-src 'none'"));
}

#[test]
fn an_empty_text_has_a_report() {
    for text in ["", "\n", "\r\n \r\n", "\u{feff}"] {
        check_all(text, &Options::new());
        let doc = Document::new(text);
        let edits = Cleaner::new().edits_of(&doc);
        assert!(Report::new(&doc, &edits).html().contains("0 segments, 0 distinct. Nothing repeats."));
        assert!(!Report::new(&doc, &edits).html().contains("<svg"));
        assert_eq!(
            Report::new(&doc, &edits).color(Color::Ansi).text(),
            "0 segments, 0 distinct. Nothing repeats.\n\n"
        );
    }
}

#[test]
fn a_text_without_blank_lines_is_one_paragraph_and_the_report_says_so() {
    let note = "it is one paragraph, in which nothing can be found: compare lines.";
    let summary = |text: &str, by: Segmentation| {
        let doc = Document::with_options(text, &Options::new().segmentation(by));
        Report::new(&doc, &with_policy(&doc, Policy::default())).text()
    };
    assert!(summary("A line.\nA line.\n", Segmentation::Paragraphs).contains(note));
    for text in ["A line.", "A line.\n", "A line.\n\nA line.", ""] {
        assert!(!summary(text, Segmentation::Paragraphs).contains(note), "{text:?}");
    }
    assert!(!summary("A line.\nA line.\n", Segmentation::Lines).contains(note));
}

#[test]
fn a_teaser_and_an_overlap_name_what_is_kept() {
    let text = "The county has bought the disused brickworks at Ashen Hill\u{2026}\n\
                News\n\
                The county has bought the disused brickworks at Ashen Hill for the dog.\n\
                at Ashen Hill for the dog that was waiting there.";
    let doc = Document::new(text);
    let edits = with_policy(&doc, Policy::keep_all().with(Rule::Overlap).similar(1.0));
    let plain = Report::new(&doc, &edits).text();
    assert!(plain.contains("Original: segment 3, copy at 1"), "{plain}");
    assert!(plain.contains("[-at Ashen Hill for the dog -]that was waiting there."), "{plain}");
}

#[test]
fn a_page_names_the_text_the_policy_and_the_options_and_can_be_filtered() {
    let text = "The old ferry left the dock on Monday.\nIt carries sixty people and one goat.\n\
                The old ferry left the dock on Monday.\nIt carries sixty people and one goat.\n\
                Home\nHome\nA line.\nHome\n";
    let doc = Document::new(text);
    let edits =
        Cleaner::new().rule("short", |block| (block.weight() < 20).then_some(Decision::Keep)).edits_of(&doc);
    let report = Report::new(&doc, &edits).name("<a & b>.txt").policy(Policy::default());
    let page = report.html();
    assert!(page.contains("<title>Repeats in &lt;a &amp; b&gt;.txt</title>"));
    assert!(page.contains("Policy default. Segments: auto. Canonical form: text."));
    assert!(page.contains("data-reason=\"\">All 2</button>"), "{page}");
    assert!(page.contains(">Removed: document 1</button>") && page.contains(">Kept: short 1</button>"));
    assert_eq!(page.matches("<li data-reason=\"Removed: document\">").count(), 1);
    assert!(page.contains("<a href=\"#the-text\">Go to the text</a>"));
}

/// Returns the classes of hues in the text of a page, one for each marked segment.
fn hues(page: &str) -> Vec<&str> {
    let text = page.split("id=\"the-text\"").nth(1).expect("there is a text");
    text.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next()?.split(' ').nth(1)).collect()
}

#[test]
fn neighbors_have_different_colors() {
    // Ten and more families between those of a rotation would have the color of the one before.
    let line =
        |i: usize| format!("This is the line with the number {i}, which is long enough.\n{i} again.\n");
    let order = (0..40).map(|i| i * 10 % 41).chain((0..40).map(|i| i * 7 % 41));
    let text: String = order.map(line).collect();
    let doc = Document::new(&text);
    let page = Report::new(&doc, &with_policy(&doc, Policy::drop_all())).html();
    let classes = hues(&page);
    let families = classes.chunk_by(|a, b| a == b).filter(|run| run.len() > 2).count();
    assert!(classes.len() > 100 && families == 0, "{classes:?}");
}

#[test]
fn a_terminal_sees_hanging_indentation_and_directions() {
    let text = "The ferry to Skerra sails again on Monday, after weeks in dock.\n\u{202E}abc \u{4ECA}\u{65E5}\u{306F}";
    let doc = Document::new(text);
    let edits = Cleaner::new().edits_of(&doc);
    let plain = Report::new(&doc, &edits).width(32).text();
    let expected = "2 segments, 2 distinct. Nothing repeats.\n\n\
                    \x20 1     | The ferry to Skerra\n\
                    \x20       | sails again on Monday,\n\
                    \x20       | after weeks in dock.\n\
                    \x20 2     | <U+202E>abc \u{4ECA}\u{65E5}\u{306F}\n";
    assert_eq!(plain, expected);
    let dense = "\u{4ECA}".repeat(30);
    let doc = Document::new(&dense);
    let edits = Cleaner::new().edits_of(&doc);
    let lines: Vec<usize> = Report::new(&doc, &edits)
        .width(32)
        .text()
        .lines()
        .skip(2)
        .map(|line| line.matches('\u{4ECA}').count())
        .collect();
    assert_eq!(lines, [11, 11, 8]);
}

#[test]
fn line_ends_are_kept() {
    let text = "One & only.\r\n\r\nTwo, and <more>.\r\nOne & only.\r\n\r\nTwo, and <more>.\r\n";
    let doc = Document::new(text);
    let edits = with_policy(&doc, Policy::drop_all());
    check_page(&doc, &edits);
    let expected = "4 segments, 2 distinct. 1 family, 1 copy removed: 33 of 66 bytes, 50.0 %.\n\n  \
                    1 removed: drop-all\n     One & only. …\n     Original: segments 1–2, copy at 3–4\n     \
                    2 segments\n\nMarks: = original, - removed, + kept copy, . in a hole of a block; then the family.\n\n  \
                    1 = 1 | One & only.\n  2 = 1 | Two, and <more>.\n  3 - 1 | One & only.\n  \
                    4 - 1 | Two, and <more>.\n";
    assert_eq!(Report::new(&doc, &edits).text(), expected);
    let colored = Report::new(&doc, &edits).color(Color::Ansi).text();
    assert!(colored.contains("\u{1b}[9;2;38;5;33mOne & only.\u{1b}[0m"));
}

#[test]
fn the_holes_of_a_block_are_listed() {
    let line =
        |i: usize| format!("Paragraph {i} has enough in it to be one that a machine has printed twice");
    let mut lines: Vec<String> = (0..6).map(line).collect();
    lines.extend((0..2).map(line));
    lines.push("Watch the video".to_owned());
    lines.extend((2..4).map(line));
    lines.push(line(5));
    let text = lines.join("\n");
    let doc = Document::new(&text);
    let edits = Cleaner::new().edits_of(&doc);
    let page = check_page(&doc, &edits);
    assert!(page.contains("Holes: 1 inserted (segment 9); 1 missing before segment 12 (segment 5)"));
    assert!(page.contains("<span id=\"s8\" class=\"h f0\" data-n=\"9\">Watch the video</span>"));
    assert!(Report::new(&doc, &edits).text().contains("\n  9 . 1 | Watch the video\n"));
}

#[test]
fn the_edits_of_another_text_cause_no_panic() {
    let long = "One sentence of a long line, which is long. ".repeat(20) + "A é in it, and no end. ";
    let texts = ["", "é\né\n\u{1f600}", ARTICLE, "a\nb\na\nb", &long];
    for text in texts {
        let doc = Document::new(text);
        for other in texts {
            for edits in policies(&Document::new(other)) {
                let _ = Report::new(&doc, &edits).html();
                let _ = Report::new(&doc, &edits).color(Color::Ansi).text();
            }
        }
    }
}

#[test]
fn reports_grow_linearly_with_the_text() {
    for adversary in &refrain_testkit::adversarial::ADVERSARIES {
        let of = |lines: usize| {
            let text = (adversary.text)(lines);
            let doc = Document::new(&text);
            [Policy::default(), Policy::keep_all(), Policy::drop_all()].map(|policy| {
                let edits = with_policy(&doc, policy);
                let sizes =
                    [Report::new(&doc, &edits).html(), Report::new(&doc, &edits).color(Color::Ansi).text()];
                (text.len(), doc.len(), sizes.map(|report| report.len()))
            })
        };
        for (bytes, segments, [html, plain]) in of(10_000).into_iter().chain(of(cases(20_000, 100_000))) {
            // The style and the script, 160,000 cells, and 1000 families with 100 copies each.
            let bounded = 20_000 + 160_000 * 16 + 1000 * 3000;
            assert!(html <= 6 * bytes + 50 * segments + bounded, "{}: {html}", adversary.name);
            assert!(plain <= 3 * bytes + 80 * segments + 1000 * 3000, "{}: {plain}", adversary.name);
        }
    }
}

#[test]
fn a_terminal_sees_pictures_of_control_characters() {
    let text = "\u{1b}[31mred\u{7}\u{7f}\u{9b}2J\tend\u{0}";
    let doc = Document::new(text);
    let edits = Cleaner::new().edits_of(&doc);
    let expected = "1 segment, 1 distinct. Nothing repeats.\n\n  1     | \u{241b}[31mred\u{2407}\u{2421}\u{fffd}2J\tend\u{2400}\n";
    assert_eq!(Report::new(&doc, &edits).text(), expected);
    assert_eq!(Report::new(&doc, &edits).color(Color::Ansi).text(), expected);
}

#[test]
fn text_removed_from_inside_a_line_is_marked_in_the_line() {
    let half = "The ferry to Skerra sails again on Monday, after eleven weeks in dry dock & at great cost to all. \
                The harbor trust had said that it would take ten days. Nobody had believed that for a moment.";
    let text = format!("Ferry returns\n{half} {half}\nThe end\n");
    let doc = Document::new(&text);
    let edits = Cleaner::new().edits_of(&doc);
    assert_eq!(edits.apply(), format!("Ferry returns\n{half}\nThe end\n"));
    let page = check_page(&doc, &edits);
    let escaped = half.replace('&', "&amp;");
    assert!(page.contains(&format!(
        "<span id=\"s1\" class=\"o f0\" data-n=\"2\">{escaped}<del class=\"d f0\"> {escaped}</del></span>"
    )));
    assert!(page.contains("Inside segment 2, 1 copy"));
    let plain = Report::new(&doc, &edits).text();
    assert!(plain.contains(&format!("  2 = 1 | {half}[- {half}-]\n")), "{plain}");
}

#[test]
fn each_part_removed_from_inside_a_line_has_the_color_of_its_family() {
    let thanks = "Thank you for watching this long film";
    let body = "The ferry to Skerra sails again on Monday, after eleven weeks in dry dock at great cost to all. \
                The harbor trust had said that it would take ten days. Nobody had believed that.";
    let text = format!("{body} {body}{}\n", format!(" {thanks}").repeat(8));
    let doc = Document::new(&text);
    let edits = Cleaner::new().edits_of(&doc);
    assert_eq!(edits.apply(), format!("{body} {thanks}\n"));
    let page = check_page(&doc, &edits);
    assert_eq!(page.matches("Inside segment 1, ").count(), 2);
    assert!(page.contains("times\u{a0}in\u{a0}direct\u{a0}succession"));
    assert_eq!(page.matches("data-original=\"0-1\" data-copies=\"0-1\"").count(), 2);
    // The loop has more copies than the body has sentences, so its family is the first.
    assert!(page.contains(&format!("<del class=\"d f1\">{body} </del>{thanks}")));
    assert!(page.contains(&format!("{thanks}<del class=\"d f0\"> {thanks} {thanks}")));
    let plain = Report::new(&doc, &edits).text();
    assert!(plain.contains(&format!("\n  1 = 1 | {body} [-{body} -]{thanks}[- {thanks} ")), "{plain}");
}

#[test]
fn the_units_of_a_tandem_repeat_are_copies() {
    let text = "The goat is first.\nRow, row!\nTo the shore.\n".to_owned()
        + &"Row, row!\nTo the shore.\n".repeat(2)
        + "The goat is last.\n";
    let doc = Document::new(&text);
    let edits = with_policy(&doc, Policy::keep_all());
    let page = check_page(&doc, &edits);
    assert!(page.contains("data-original=\"1-3\" data-copies=\"3-5 5-7\""));
    assert!(page.contains("Original: segments 2–3, copies at 4–5, 6–7"));
    assert!(page.contains("3\u{a0}times\u{a0}in\u{a0}direct\u{a0}succession"));
    assert!(!page.contains("class=\"facts holes\"") && !page.contains("class=\"h "));
    let plain = Report::new(&doc, &edits).text();
    assert!(plain.contains("\n  1 kept: keep-all\n     Row, row! …\n"), "{plain}");
    assert!(plain.contains("\n  3 = 1 | To the shore.\n  4 + 1 | Row, row!\n"), "{plain}");
}

#[test]
fn lists_are_limited_and_end_with_the_number_left_out() {
    let of = |text: &str, policy| {
        let doc = Document::new(text);
        let edits = with_policy(&doc, policy);
        (check_page(&doc, &edits), Report::new(&doc, &edits).text())
    };
    let pairs: String = (0..1003).map(|i| format!("line {i}\nline {i}\n")).collect();
    let (page, plain) = of(&pairs, Policy::keep_all());
    assert_eq!(page.matches("<li data-reason=").count(), 1000);
    assert!(page.contains("3 more families are marked in the text, but not listed."));
    assert!(plain.contains("3 more families are not listed."));
    assert!(plain.contains("\n2006 + 1003 | line 1002\n"));

    let (page, plain) = of(&"a line\n".repeat(151), Policy::drop_all());
    for report in [page, plain] {
        assert!(report.contains("100, 101 and 50 more"), "{report}");
    }

    let line = |i: usize| format!("Paragraph {i} has enough text to be a line that is printed twice\n");
    let inserted = |i: usize| if i % 2 == 1 { format!("{i}\n") } else { String::new() };
    let original: String = (0..29).map(line).collect();
    let copy: String = (0..29).map(|i| line(i) + &inserted(i)).collect();
    let (page, plain) = of(&(original + &copy), Policy::keep_all());
    for report in [page, plain] {
        assert!(report.contains("1 inserted (segment 65); 2 more"), "{report}");
    }
}
