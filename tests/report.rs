//! Reports: the whole text is in them and nothing of it does anything, and they are the same to the byte.

mod common;

use std::fmt::Write as _;

use common::every_segmentation;
use common::texts;
use proptest::prelude::*;
use refrain::report::{self, Colour};
use refrain::{Cleaner, Decision, Document, EditList, Options, Policy, settle_by};
use serde_json::{Value, from_str, json};

const ARTICLE: &str = include_str!("fixtures/article.txt");

/// The tags that stand in the text of a page, and nothing but those.
fn is_known_tag(tag: &str) -> bool {
    let known = ["<div lang=\"\" dir=\"auto\">", "</div>", "</del>", "</span>"];
    let marked = |name: &str| {
        let rest = tag.strip_prefix(name).and_then(|rest| rest.strip_suffix("\">"));
        let rest = rest.and_then(|rest| rest.split_once("\" class=\""));
        rest.is_some_and(|(id, class)| {
            id.bytes().all(|b| b.is_ascii_digit())
                && class.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ')
        })
    };
    let inner = tag.strip_prefix("<del class=\"d f").and_then(|rest| rest.strip_suffix("\">"));
    let is_inner = inner.is_some_and(|hue| hue.bytes().all(|b| b.is_ascii_digit()));
    known.contains(&tag) || is_inner || marked("<del id=\"s") || marked("<span id=\"s")
}

/// The text of a page as a browser sees it, and what of it is struck.
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
        // Parts begin on a new line of the page.
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

/// Makes a page, and checks that the whole text is in it as text, what goes being struck.
fn check_page(doc: &Document<'_>, edits: &EditList<'_>) -> String {
    let page = report::html(doc, edits);
    let (shown, struck) = read_back(&page);
    assert_eq!(shown, doc.text().replace('\0', "\u{fffd}"));
    let expected: String = doc
        .segments()
        .flat_map(|segment| {
            segment.text().char_indices().map(move |(at, c)| (segment.span().start() + at, c))
        })
        .filter(|(at, _)| edits.spans().any(|edit| edit.contains(*at)))
        .map(|(_, c)| c)
        .collect();
    assert_eq!(struck, expected.replace('\0', "\u{fffd}"));
    page
}

fn policies<'t>(doc: &Document<'t>) -> [EditList<'t>; 7] {
    let by_len = |block: &refrain::Block| match block.len() {
        1 => Decision::keep("<one> & \"only\"\n\u{1b}[31m"),
        _ => Decision::drop("<more>"),
    };
    [
        Policy::None.settle(doc),
        Policy::All.settle(doc),
        Policy::default().settle(doc),
        Policy::Thorough.settle(doc),
        Policy::Longest.settle(doc),
        Cleaner::new().settle(doc.text()),
        settle_by(doc, by_len),
    ]
}

/// Takes out the escape sequences that colours are.
fn without_colours(text: &str) -> String {
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
        assert_eq!(page, report::html(&doc, &edits));
        let plain = report::text(&doc, &edits, Colour::None);
        assert!(plain.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()), "{plain:?}");
        assert_eq!(without_colours(&report::text(&doc, &edits, Colour::Ansi)), plain);
        check_json(&doc, &edits);
    }
}

fn check_json(doc: &Document<'_>, edits: &EditList<'_>) {
    let object: Value = from_str(&report::json(doc, edits)).expect("it is JSON");
    assert_eq!(object["settled"], edits.is_settled());
    let verdicts: Vec<&str> =
        object["verdicts"].as_array().expect("a list").iter().filter_map(|v| v["reason"].as_str()).collect();
    assert!(edits.verdicts().iter().map(|verdict| verdict.reason()).eq(verdicts));
    for (segment, object) in doc.segments().zip(object["segments"].as_array().expect("a list")) {
        let goes = segment.span().range().all(|at| edits.spans().any(|edit| edit.contains(at)));
        let expected = json!({
            "start": segment.span().start(),
            "end": segment.span().end(),
            "weight": segment.weight(),
            "fingerprint": segment.fingerprint().to_string(),
            "dropped": goes,
        });
        assert_eq!(object, &expected);
    }
    let mut numbers: Vec<u64> = Vec::new();
    for family in object["families"].as_array().expect("a list") {
        for number in family["verdicts"].as_array().expect("a list") {
            numbers.extend(number.as_u64());
            let verdict =
                &object["verdicts"][number.as_u64().and_then(|n| usize::try_from(n).ok()).expect("a number")];
            for field in ["dropped", "reason", "original"] {
                assert_eq!(verdict[field], family[field]);
            }
        }
    }
    numbers.sort_unstable();
    assert!((0..edits.verdicts().len() as u64).eq(numbers));
}

/// Lines of a few kinds, so that much of them repeats, with what HTML and terminals care about.
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
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_text_is_shown_and_does_nothing(text in prop_oneof![3 => lines(), 1 => texts::text()]) {
        for by in every_segmentation() {
            check_all(&text, &Options::new().segmentation(by));
        }
    }
}

#[test]
fn the_article_is_one_family_and_a_diagonal() {
    let doc = Document::new(ARTICLE);
    let edits = Policy::default().settle(&doc);
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
    assert!(page.contains("37 segments, 20 different. 1 family, 1 copy goes: 3192 of 6542 bytes, 48.7 %."));
}

#[test]
fn a_page_loads_nothing() {
    let doc = Document::new(ARTICLE);
    let page = report::html(&doc, &Policy::default().settle(&doc));
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
fn a_text_of_nothing() {
    for text in ["", "\n", "\r\n \r\n", "\u{feff}"] {
        check_all(text, &Options::new());
        let doc = Document::new(text);
        let edits = Policy::default().settle(&doc);
        assert!(report::html(&doc, &edits).contains("0 segments, 0 different. Nothing repeats."));
        assert!(!report::html(&doc, &edits).contains("<svg"));
        assert_eq!(report::text(&doc, &edits, Colour::Ansi), "0 segments, 0 different. Nothing repeats.\n\n");
    }
}

#[test]
fn line_ends_stay_what_they_are() {
    let text = "One & only.\r\n\r\nTwo, and <more>.\r\nOne & only.\r\n\r\nTwo, and <more>.\r\n";
    let doc = Document::new(text);
    let edits = Policy::All.settle(&doc);
    check_page(&doc, &edits);
    let expected = "4 segments, 2 different. 1 family, 1 copy goes: 33 of 66 bytes, 50.0 %.\n\n  \
                    1 drop  a copy: the policy is to drop them all\n     One & only. …\n     Segments 1–2, again at 3–4\n     \
                    2 segments\n\n  1 = 1 | One & only.\n  2 = 1 | Two, and <more>.\n  3 - 1 | One & only.\n  \
                    4 - 1 | Two, and <more>.\n";
    assert_eq!(report::text(&doc, &edits, Colour::None), expected);
    let coloured = report::text(&doc, &edits, Colour::Ansi);
    assert!(coloured.contains("\u{1b}[9;2;38;5;33mOne & only.\u{1b}[0m"));
}

#[test]
fn a_block_with_holes_says_what_differs() {
    let line =
        |i: usize| format!("Paragraph {i} has enough in it to be one that a machine has printed twice");
    let mut lines: Vec<String> = (0..6).map(line).collect();
    lines.extend((0..2).map(line));
    lines.push("Watch the video".to_owned());
    lines.extend((2..4).map(line));
    lines.push(line(5));
    let text = lines.join("\n");
    let doc = Document::new(&text);
    let edits = Policy::default().settle(&doc);
    let page = check_page(&doc, &edits);
    assert!(page.contains("Holes: 1 inserted at 9; 1 missing before 12, 5 of the original"));
    assert!(page.contains("<span id=\"s8\" class=\"h f0\">Watch the video</span>"));
    assert!(report::text(&doc, &edits, Colour::None).contains("\n  9 . 1 | Watch the video\n"));
    let object: Value = from_str(&report::json(&doc, &edits)).expect("it is JSON");
    let holes = json!([
        { "original": { "start": 2, "end": 2 }, "copy": { "start": 8, "end": 9 } },
        { "original": { "start": 4, "end": 5 }, "copy": { "start": 11, "end": 11 } },
    ]);
    assert_eq!(object["verdicts"][0]["block"]["holes"], holes);
}

#[test]
fn the_edits_of_another_text_make_a_report_all_the_same() {
    let texts = ["", "é\né\n\u{1f600}", ARTICLE, "a\nb\na\nb"];
    for text in texts {
        let doc = Document::new(text);
        for other in texts {
            for edits in policies(&Document::new(other)) {
                let _ = report::html(&doc, &edits);
                let _ = report::text(&doc, &edits, Colour::Ansi);
                let _ = report::json(&doc, &edits);
            }
        }
    }
}

#[test]
fn reports_grow_with_the_text_and_no_faster() {
    for adversary in &common::adversarial::ADVERSARIES {
        let of = |lines: usize| {
            let text = (adversary.text)(lines);
            let doc = Document::new(&text);
            [Policy::default(), Policy::All].map(|policy| {
                let edits = policy.settle(&doc);
                let sizes = [
                    report::html(&doc, &edits),
                    report::text(&doc, &edits, Colour::Ansi),
                    report::json(&doc, &edits),
                ];
                (text.len(), doc.len(), edits.verdicts().len(), sizes.map(|report| report.len()))
            })
        };
        for (bytes, segments, verdicts, [html, plain, json]) in of(10_000).into_iter().chain(of(100_000)) {
            // The style and the script, 160,000 cells, 1000 families with 100 copies each; in the JSON object, a run for each segment.
            let bounded = 20_000 + 160_000 * 16 + 1000 * 3000;
            assert!(html <= 6 * bytes + 50 * segments + bounded, "{}: {html}", adversary.name);
            assert!(plain <= 3 * bytes + 80 * segments + 1000 * 3000, "{}: {plain}", adversary.name);
            assert!(json <= 400 * segments + 2200 * verdicts + 1000, "{}: {json}", adversary.name);
        }
    }
}

#[test]
fn a_terminal_sees_pictures_of_control_characters() {
    let text = "\u{1b}[31mred\u{7}\u{7f}\u{9b}2J\tend\u{0}";
    let doc = Document::new(text);
    let edits = Policy::default().settle(&doc);
    let expected = "1 segment, 1 different. Nothing repeats.\n\n  1     | \u{241b}[31mred\u{2407}\u{2421}\u{fffd}2J\tend\u{2400}\n";
    assert_eq!(report::text(&doc, &edits, Colour::None), expected);
    assert_eq!(report::text(&doc, &edits, Colour::Ansi), expected);
}

#[test]
fn what_goes_from_inside_a_line_is_struck_in_it() {
    let half = "The ferry to Skerra sails again on Monday, after eleven weeks in dry dock & at great cost to all. \
                The harbour trust had said that it would take ten days. Nobody had believed that for a moment.";
    let text = format!("Ferry returns\n{half} {half}\nThe end\n");
    let doc = Document::new(&text);
    let edits = Cleaner::new().settle(&text);
    assert_eq!(edits.apply(), format!("Ferry returns\n{half}\nThe end\n"));
    let page = check_page(&doc, &edits);
    let escaped = half.replace('&', "&amp;");
    assert!(page.contains(&format!(
        "<span id=\"s1\" class=\"o f0\">{escaped}<del class=\"d f0\"> {escaped}</del></span>"
    )));
    assert!(page.contains("Inside segment 2, 1 more time"));
    let plain = report::text(&doc, &edits, Colour::None);
    assert!(plain.contains(&format!("  2 = 1 | {half}[- {half}-]\n")), "{plain}");
    let object: Value = from_str(&report::json(&doc, &edits)).expect("it is JSON");
    assert_eq!(object["segments"][1]["dropped"], false);
}

#[test]
fn an_edited_copy_says_how_much_it_is_alike() {
    let one = "The ferry to Skerra sails again on Monday, after eleven weeks in dry dock and at great cost to all of us";
    let other = format!("{one}, says the harbour");
    let text = format!("{one}\nIn between\n{other}\n");
    let doc = Document::new(&text);
    let edits = Policy::Longest.settle(&doc);
    let page = check_page(&doc, &edits);
    assert!(page.contains("alike\u{a0}to\u{a0}0."));
    assert!(page.contains("data-original=\"2-3\" data-copies=\"0-1\""));
    assert!(page.contains("<path class=\"f0\" data-row=\"0\" d=\"M2 0h1v1h-1z\"/>"));
}
