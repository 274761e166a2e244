//! Texts with two layers, in which each line occurs twice in place, under the policies for PDF files
//! and for transcripts.

use refrain::{Cleaner, Policy};

fn cleaned(text: &str, policy: Policy) -> String {
    Cleaner::new().policy(policy).clean(text).into_owned()
}

/// Returns each line `count` times in a row; blank lines once.
fn layers(lines: &[&str], count: usize) -> String {
    lines.iter().map(|line| format!("{line}\n").repeat(if line.is_empty() { 1 } else { count })).collect()
}

/// Lines with numbers alone would be records. Here the lines around them are doubled too.
#[test]
fn an_invoice_is_there_once() {
    let invoice = [
        "Bicycles of the Old Harbor",
        "Owner: Martha Lindgren",
        "Pier 9",
        "24103 Kiel",
        "",
        "Invoice 2217",
        "12.04.2031",
        "",
        "Mister Oscar Fairweather",
        "Lighthouse Road 40",
        "24105 Kiel",
        "",
        "Brake cable of the rear wheel",
        "8.50",
        "Inner tube",
        "6.90",
        "Work of forty minutes",
        "32.00",
        "Ride for testing",
        "free",
        "Sum",
        "47.40",
        "",
        "Payment is due on collection.",
    ];
    for count in [2, 3] {
        let doubled = layers(&invoice, count);
        assert_eq!(cleaned(&doubled, Policy::pdf()), layers(&invoice, 1));
        // All lines are as short as those of a song.
        assert_eq!(cleaned(&doubled, Policy::default()), doubled);
    }
    let is_number = |line: &&str| line.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let numbers: Vec<&str> = invoice.into_iter().filter(is_number).collect();
    let doubled = layers(&numbers, 2);
    assert_eq!(cleaned(&doubled, Policy::pdf()), doubled);
}

/// The times are not compared, so they make no record of a line.
#[test]
fn captions_with_times_are_there_once() {
    let lines = [
        "good morning and welcome everybody",
        "to the workshop of my father where",
        "for forty years we have tuned accordions",
        "this one came in yesterday from the coast",
        "it had been in a cellar for thirty years",
        "listen to how the bellows breathe",
        "the leather of the valves is dry",
        "so the first thing that I do is",
    ];
    let captions = |shown: &[usize]| -> String {
        let line = |(i, line): (usize, &&str)| -> String {
            shown.iter().map(|second| format!("0:{:02} {line}\n", 3 * i + second)).collect()
        };
        lines.iter().enumerate().map(line).collect()
    };
    assert_eq!(cleaned(&captions(&[0, 3]), Policy::transcript()), captions(&[0]));
    assert_eq!(cleaned(&captions(&[0, 3]), Policy::pdf()), captions(&[0, 3]));
}

/// Three ideographs are a heading, and not a row that is filled with a few characters.
#[test]
fn short_headings_in_chinese_are_there_once() {
    let page = |count: usize| -> String {
        let heads = [
            "\u{8001}\u{6E2F}\u{53E3}\u{8BB0}\u{4E8B}",
            "\u{4E00}\u{3001}\u{6E21}\u{8239}",
            "\u{4E8C}\u{3001}\u{706F}\u{5854}",
            "\u{4E09}\u{3001}\u{96C6}\u{5E02}\u{4E0A}",
            "\u{56DB}\u{3001}\u{5B66}\u{5802}",
        ];
        let texts = [
            "",
            "\u{90A3}\u{65F6}\u{5019}\u{6BCF}\u{5929}\u{53EA}\u{6709}\u{4E00}\u{73ED}\u{8239},\u{5929}\u{4E0D}\u{4EAE}\u{5C31}\u{5F00},\u{96FE}\u{5927}\u{7684}\u{65E5}\u{5B50}\u{8981}\u{7B49}\u{5230}\u{4E2D}\u{5348}\u{3002}",
            "\u{5B88}\u{5854}\u{4EBA}\u{59D3}\u{6797},\u{4ED6}\u{5728}\u{5854}\u{4E0A}\u{79CD}\u{4E86}\u{4E00}\u{76C6}\u{8471},\u{8BF4}\u{8FD9}\u{6837}\u{5C31}\u{4E0D}\u{7528}\u{4E0B}\u{6765}\u{4E70}\u{83DC}\u{3002}",
            "\u{9C7C}\u{8D29}\u{5B50}\u{7528}\u{79E4}\u{7823}\u{538B}\u{4F4F}\u{62A5}\u{7EB8},\u{98CE}\u{4E00}\u{6765},\u{6EE1}\u{8857}\u{90FD}\u{662F}\u{6628}\u{5929}\u{7684}\u{65B0}\u{95FB}\u{3002}",
            "\u{5148}\u{751F}\u{53EA}\u{6559}\u{4E09}\u{4E2A}\u{5B57},\u{6559}\u{4F1A}\u{4E86}\u{5C31}\u{8BA9}\u{6211}\u{4EEC}\u{53BB}\u{6361}\u{67F4},\u{7B2C}\u{4E8C}\u{5929}\u{518D}\u{8003}\u{3002}",
        ];
        heads.iter().zip(texts).map(|(head, text)| layers(&[head], count) + text + "\n").collect()
    };
    for count in [2, 3] {
        assert_eq!(cleaned(&page(count), Policy::pdf()), page(1));
        assert_eq!(cleaned(&page(count), Policy::default()), page(count));
    }
}

/// However often a record is repeated among doubled lines, these are there once.
#[test]
fn a_record_among_doubled_lines_may_be_repeated_at_any_count() {
    let lines = [
        "Bicycles of the old harbor",
        "Bells of the new harbor road",
        "Boats of the miller",
        "Bread and butter",
        "Bridges of the river",
        "Beds for pilgrims",
        "Bricks from the kiln",
    ]
    .map(|line| format!("{line} and the sea"));
    let once = "A sentence about the harbor master stands alone in this text, and is not repeated anywhere at all.\n";
    for count in 2..40 {
        let [above, below] = [&lines[..4], &lines[4..]]
            .map(|lines| lines.iter().map(|line| format!("{line}\n{line}\n")).collect::<String>());
        let text = format!("{above}{}{once}{below}", "10412\n".repeat(count));
        let clean = cleaned(&text, Policy::pdf());
        assert!(lines.iter().all(|line| clean.matches(&**line).count() == 1), "{count}: {clean}");
    }
}
