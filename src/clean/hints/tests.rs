//! Tests of the quick test for long lines.

use proptest::prelude::*;
use refrain_testkit::texts::SENTENCES;

use super::*;
use crate::normalize::Normalizer;
use crate::segment::pieces_of_line;
use crate::span::Span;

/// A sentence whose form differs from those of others, with signs, blanks and capitals that
/// most forms ignore.
fn sentence() -> impl Strategy<Value = String> {
    let signs =
        [("", "."), ("", "..."), ("\u{201C}", ".\u{201D}"), ("- ", "!"), ("\u{2014} ", "?"), ("(", ".)")];
    let blanks = [" ", "  ", "\t", "\u{A0}", " \u{AD}"];
    (prop::sample::select(vec![0, 1, 2, 3, 8, 11, 12, 13]), 0..signs.len(), 0..blanks.len(), 0..9_usize, 0..3)
        .prop_map(move |(number, signs_at, blank, at, case)| {
            let words: Vec<&str> = SENTENCES[number].trim_end_matches(['.', '!']).split(' ').collect();
            let at = at.min(words.len());
            let text = [words[..at].join(" "), words[at..].join(" ")].join(blanks[blank]);
            let text = if case == 0 { text.to_uppercase() } else { text };
            format!("{}{}{}", signs[signs_at].0, text.trim(), signs[signs_at].1)
        })
}

proptest! {
    /// The bytes of equal sentences, which are at least as many as their letters, are found.
    #[test]
    fn equal_sentences_are_seen(sentences in prop::collection::vec(sentence(), 2..9)) {
        let line = sentences.join(" ");
        let mut spans = Vec::new();
        pieces_of_line(&line, Span::new(0, line.len()), &mut spans);
        let mut normalizer = Normalizer::default();
        let mut form = |span: &Span| normalizer.canonical(&line[*span], Normalization::TEXT).to_vec();
        let forms: Vec<Vec<u8>> = spans.iter().map(&mut form).collect();
        let copies = (0..spans.len()).filter(|i| forms[..*i].contains(&forms[*i]));
        let letters = |i: usize| line[spans[i]].chars().filter(|c| c.is_alphabetic()).count();
        let weight: usize = copies.map(letters).sum();
        prop_assert!(weight == 0 || Hints::new().may_repeat(&line, Normalization::TEXT, weight), "{:?}", line);
    }
}

/// Equal sentences are found if their first or last bytes differ.
#[test]
fn sentences_with_equal_forms_and_other_bytes_are_seen() {
    for (first, second) in [
        ("So they counted gulls", "\u{17F}o they counted gulls"),
        ("He counted gulls", "He\tcounted gulls"),
        ("He counted gulls", "He  counted gulls"),
        ("He counted gulls on the roof\"", "He counted gulls on the roof\u{201D}"),
        ("The quiet cafe\u{301}", "The quiet caf\u{E9}"),
        (
            "The last boat had come in\u{2026}then all went home",
            "The last boat had come in...then all went home",
        ),
        ("The last boat had come.E\u{301}mile went home", "The last boat had come.\u{C9}mile went home"),
        ("The last boat had come.all went home", "The last boat had come.\u{AD}all went home"),
    ] {
        for (first, second) in [(first, second), (second, first)] {
            let line = format!("{first}. Nobody else saw any of them. {second}.");
            assert!(Hints::new().may_repeat(&line, Normalization::TEXT, second.len()), "{line:?}");
        }
    }
}

#[test]
fn lines_with_little_repetition_are_not_read() {
    let is_read = |line: &str, least| Hints::new().may_repeat(line, Normalization::TEXT, least);
    // Two of these sentences begin alike, and end otherwise.
    let line = [0, 1, 2, 3, 8, 9, 11, 21].map(|number| SENTENCES[number]).join(" ");
    assert!(!is_read(&line, 1));
    assert!(Hints::new().may_repeat(&line, Normalization::RAW, 1_000), "other forms are not known");
    // Only one of the two ends is equal in each pair, whatever signs are around the sentences.
    let ends = |[open, close]: [&str; 2]| {
        let sentence = |text| format!("{open}{text}{close}. ");
        let three = [
            "Children counted gulls on the roof",
            "Somebody counted gulls on the roof",
            "Children slept at home in their beds",
        ];
        three.map(sentence).concat()
    };
    for signs in [["", ""], ["(", ")"], ["\u{201C}", "\u{201D}"]] {
        assert!(!is_read(&ends(signs), 1), "{signs:?}");
    }
    let long = SENTENCES[..4].join(" ").replace(['.', '!'], ",");
    assert!(!is_read(&format!("{long}. It rained."), 5), "a long sentence without a loop");
    // The bytes of a copy count, without its stop.
    let (copy, len) = (SENTENCES[3], SENTENCES[3].len() - 1);
    assert!(is_read(&format!("{line} {copy}"), len));
    assert!(!is_read(&format!("{line} {copy}"), len + 1));
    // Half of the bytes of light sentences count.
    let light = format!("{line}{}", " It rained.".repeat(4));
    assert!(is_read(&light, 18) && !is_read(&light, 19));
    assert!(is_read(&format!("{light} {copy}"), len + 18));
    assert!(!is_read(&format!("{light} {copy}"), len + 19));
    // A number or an abbreviation is no end of a sentence.
    assert!(!is_read(&line.replace(" the ", " 3.14 "), 1));
    let many = |count: u8| {
        (0..count).map(|i| format!("{}{i} boats were seen. ", char::from(b'A' + i % 26))).collect::<String>()
    };
    assert!(!is_read(&many(31), 1) && is_read(&many(33), 1_000));
}

/// A loop has 60 equal bytes after its first two units, or two more units if these are longer.
#[test]
fn loops_are_seen_from_60_equal_bytes_on() {
    let unit = |len: usize| format!("{} ", &"abcdefghijklmnopqrstuvwxyz".repeat(3)[..len - 1]);
    for (unit, least) in [
        (unit(20), 19 + 20 + 60),
        (unit(30), 29 + 30 + 60),
        (unit(40), 39 + 40 + 80),
        // In other scripts, units are also found by a part of their bytes.
        ("\u{4E00} abcdefghijklmnop".to_owned(), 1 + 20 + 60),
    ] {
        let line = unit.repeat(6);
        assert!(may_loop(&line.as_bytes()[..least]), "{unit:?}");
        assert!(!may_loop(&line.as_bytes()[..least - 1]), "{unit:?}");
        let capitals = format!("{unit}{}{}", unit.to_uppercase(), unit.repeat(4));
        assert!(may_loop(capitals.as_bytes()), "{unit:?}");
    }
    for prose in [SENTENCES[..12].join(" "), SENTENCES[12..].join(" ")] {
        assert!(!may_loop(prose.as_bytes()), "{prose:?}");
    }
    for unit in [SENTENCES[14], SENTENCES[15], SENTENCES[17], SENTENCES[19]] {
        assert!(may_loop(unit.repeat(4).as_bytes()), "{unit:?}");
    }
    let long: String = (0..6_000).map(|i| format!("w{} ", i * i + 7 * i)).collect();
    assert!(!may_loop(&long.as_bytes()[..FULL[1]]) && may_loop(&long.as_bytes()[..=FULL[1]]));
}

/// A unit of a loop has four letters or more and no digit. Letters of other scripts are not
/// counted.
#[test]
fn units_that_are_no_loop_are_not_seen() {
    for (unit, expected) in [
        ("abcd - ", true),
        ("abca - ", false),
        ("abcd 7 ", false),
        ("| | | ", false),
        ("\u{E9} - ", true),
        ("\u{E9} 7 ", false),
    ] {
        assert_eq!(may_loop(unit.repeat(40).as_bytes()), expected, "{unit:?}");
    }
}

/// A sentence is searched for loops if it has 480 bytes or half the line.
#[test]
fn loops_are_seen_in_long_sentences() {
    let prose = SENTENCES[..20].join(" ").replace(['.', '!'], ",");
    let is_read = |before: &str, len: usize| {
        let looped = "row the old green boat home and ".repeat(20);
        let line = format!("{before}. {}.", &looped[..len]);
        Hints::new().may_repeat(&line, Normalization::TEXT, 1_000)
    };
    assert!(is_read(&prose[..157], 160), "half of 320 bytes");
    assert!(!is_read(&prose[..159], 160), "less than half of 322 bytes");
    let many = SENTENCES[..12].join(" ");
    assert!(many.len() > LONG && is_read(&many, LONG) && !is_read(&many, LONG - 1));
}

/// Tests a line byte by byte, and compares each head with all before it.
fn slowly(line: &str, least: usize) -> bool {
    let bytes = line.as_bytes();
    let (mut spans, mut heads) = (Vec::new(), Vec::new());
    let (mut light, mut is_doubtful) = (0, false);
    let begins = |at: &usize| bytes.get(*at).is_none_or(u8::is_ascii_alphanumeric);
    let after_signs = |mut at: usize| {
        while !begins(&at) {
            let Some(len) = sign_len(&bytes[at..]) else { break };
            at += len;
        }
        at
    };
    let mut start = after_signs(0);
    let is_end = |at: &usize| bytes.get(*at).is_none_or(|byte| b".!?".contains(byte));
    for at in (0..=bytes.len()).filter(is_end) {
        let next = after_signs((at + 1).min(bytes.len()));
        let is_followed = bytes[at..next].iter().any(|byte| *byte <= b' ') || next == bytes.len();
        if at < start || (!is_followed && bytes[next].is_ascii()) {
            continue;
        }
        if !is_followed {
            return true;
        }
        let sentence = &bytes[start..at];
        let is_long = sentence.len() >= LONG.min(bytes.len() / 2);
        if spans.len() == FEW || (is_long && may_loop(sentence)) {
            return true;
        }
        if sentence.len() < LIGHT {
            light += sentence.len();
        } else {
            let head = bytes[start..].first_chunk().and_then(plain);
            is_doubtful |= head.is_none() || heads.contains(&head);
            heads.push(head);
            spans.push((id(start), id(at)));
        }
        start = after_signs((at + 1).min(bytes.len()));
    }
    light / 2 >= least || (is_doubtful && has_equal_ends(bytes, &spans, light / 2, least))
}

/// Lines of sentences, some of which are equal or begin in the same way.
fn lines() -> impl Strategy<Value = String> {
    let word =
        prop::sample::select(vec!["the", "a", "3.14", "www.a.org", "ferry", "\u{E9}t\u{E9}", "b", "harbor"]);
    let words = prop::collection::vec(word, 1..14).prop_map(|words| words.join(" "));
    let stop = prop::sample::select(vec![". ", "! ", "? ", ".", "... ", ".\u{201D} ", ".  ", " "]);
    let sentence = (words, stop, 1_usize..7)
        .prop_map(|(words, stop, times)| format!("{words}{stop}").repeat(if times == 6 { 2 } else { 1 }));
    prop::collection::vec(sentence, 0..40).prop_map(|sentences| sentences.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn lines_are_tested_as_byte_by_byte(lines in prop::collection::vec(lines(), 1..4), least in 1_usize..90) {
        let mut hints = Hints::new();
        for line in &lines {
            let found = hints.may_repeat(line, Normalization::TEXT, least);
            prop_assert_eq!(found, slowly(line, least), "{:?}", line);
        }
    }
}

#[test]
fn a_line_with_other_sentence_ends_is_read() {
    let mut hints = Hints::new();
    let line = "w".repeat(700);
    for (stop, expected) in [("\u{3002}", true), ("\u{964}", true), ("\u{E9}", false), ("\u{2019}", false)] {
        for at in [0, 63, 511, 512, 700] {
            let line = format!("{}{stop}{}", &line[..at], &line[at..]);
            assert_eq!(hints.may_repeat(&line, Normalization::TEXT, 85), expected, "{stop} {at}");
        }
    }
}

/// The line has equal halves, and each blank of the second half is compared up to the end.
#[test]
fn a_quick_look_takes_a_bounded_number_of_steps_for_each_byte() {
    for words in [50, 100, 800, 1_600] {
        let half: String = (0..words).map(|i| format!("w{} ", i * i + 7 * i)).collect();
        let line = half.repeat(2);
        let steps = work::of(|| {
            may_loop(line.as_bytes());
        });
        assert!(steps <= 10 * line.len() as u64, "{words} words: {steps} steps");
    }
}
