//! Units beside their definition, read from the canonical form of the whole text.

use proptest::prelude::*;

use super::*;
use crate::shingle::words;

const FORMS: [Normalization; 7] = [
    Normalization::TEXT,
    Normalization::RAW,
    Normalization::WHITESPACE,
    Normalization::TEXT.canonical_equivalence(),
    Normalization::TEXT.fold_digits(),
    Normalization::TEXT.strip_diacritics(),
    Normalization::TEXT.strip_punctuation().strip_diacritics(),
];

fn read(text: &str, form: Normalization, seed: u64) -> Units {
    std::mem::take(UnitReader::default().read(text, form, seed))
}

/// Returns the words of a canonical form with the text before each, character by character.
fn naive(form: &str) -> Vec<(String, String)> {
    let mut units: Vec<(String, String)> = Vec::new();
    let mut gap = String::new();
    let (mut is_open, mut is_whole) = (false, false);
    for c in form.chars() {
        let part = part_of(u32::from(c), unicode::flags(c));
        if part == Part::Other {
            gap.push(c);
            is_open = false;
        } else if is_open && (part == Part::Mark || part == Part::Letter && !is_whole) {
            units.last_mut().expect("one is open").1.push(c);
        } else {
            let before = if units.is_empty() { " ".to_owned() } else { gap.clone() };
            units.push((before, c.to_string()));
            gap.clear();
            (is_open, is_whole) = (true, part == Part::Whole);
        }
    }
    units
}

/// Checks that two texts have an equal unit where, and only where, the definition says so.
fn check(text: &str, other: &str, form: Normalization, seed: u64) -> Result<(), TestCaseError> {
    let of = |text: &str| {
        let units = read(text, form, seed);
        // In so many texts, the hashes of two units collide by chance, but not with both seeds.
        let hashes: Vec<_> = units.hashes.into_iter().zip(read(text, form, !seed).hashes).collect();
        let mut named = naive(&form.canonical(text));
        if form.strips_punctuation() {
            named.iter_mut().for_each(|unit| unit.0.clear());
        }
        (hashes, named, units.extents)
    };
    let (hashes, named, extents) = of(text);
    prop_assert_eq!(hashes.len(), named.len(), "{:?} {}", text, form);
    let (others, other_names, _) = of(other);
    prop_assert_eq!(others.len(), other_names.len(), "{:?} {}", other, form);
    for (hash, name) in hashes.iter().zip(&named) {
        for (other, other_name) in hashes.iter().zip(&named).chain(others.iter().zip(&other_names)) {
            prop_assert_eq!(hash == other, name == other_name, "{:?} {:?} {}", name, other_name, form);
        }
    }
    let mut end = 0;
    for extent in &extents {
        prop_assert!(end <= extent.start && extent.start <= extent.end, "{:?} {:?}", text, extents);
        prop_assert!(text.get(extent.start as usize..extent.end as usize).is_some());
        end = extent.end;
    }
    prop_assert!(end as usize <= text.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(refrain_testkit::cases(400, 20_000)))]

    #[test]
    fn units_are_words_with_the_text_before_them(
        text in "[abAB1 ,.\n\t\u{E9}\u{301}\u{436}\u{6F22}\u{30AB}\u{3099}\u{E01}\u{E34}\u{2019}\u{BD}\u{B4}\u{AD}\u{378}\u{3002}-]{0,40}",
        ascii in "([a-zA-Z0-9]{1,12}[ ,.\n'\u{0}-]{1,4}){0,30}[a-z]{0,80}\u{E9}?[- ,a-z]{0,70}",
        any: String, other in "[abAB1 ,.\n\u{E9}\u{301}\u{6F22}-]{0,20}", seed: u64,
    ) {
        for form in FORMS {
            for text in [&text, &ascii, &any] {
                check(text, &other, form, seed)?;
            }
        }
    }

    #[test]
    fn words_of_ascii_are_the_words_of_shingles(text in "([a-zA-Z0-9]{1,40} ){0,20}[a-z]{0,20}", seed: u64) {
        let mut all = Vec::new();
        words(Normalization::TEXT.canonical(&text).as_bytes(), seed, &mut all);
        let all: Vec<u64> = all.into_iter().map(|hash| (hash >> 32).max(1)).collect();
        let units = read(&text, Normalization::TEXT, seed);
        prop_assert_eq!(units.hashes.into_iter().map(u64::from).collect::<Vec<_>>(), all);
    }

    /// Units of ASCII do not depend on the way in which they are read.
    #[test]
    fn ascii_in_blocks_reads_like_single_characters(
        text in "([a-zA-Z0-9]{1,20}[ ,.\n\r-]{1,4}){0,40}", mark in "[\u{E9}\u{436}\u{301}]{0,2}", at in 0..300_usize,
    ) {
        let mut text = text;
        if text.is_char_boundary(at) {
            text.insert_str(at, &mark);
        }
        let units = read(&text, Normalization::TEXT, 1);
        let capitals = read(&text.to_uppercase(), Normalization::TEXT, 1);
        prop_assert_eq!(units.hashes.len(), naive(&Normalization::TEXT.canonical(&text)).len());
        prop_assert_eq!(units.hashes, capitals.hashes);
    }
}

#[test]
fn words_alone_are_the_words_of_shingles() {
    let text = "The ferry (old) sails again; \u{6F22}\u{5B57}\u{3002} Caf\u{E9}s at 9.";
    let mut all = Vec::new();
    words(Normalization::TEXT.canonical(text).as_bytes(), 7, &mut all);
    let units = read(text, Normalization::TEXT.strip_punctuation(), 7);
    assert_eq!(
        units.hashes,
        all.iter().map(|hash| u32::try_from(hash >> 32).expect("it fits")).collect::<Vec<_>>()
    );
}

#[test]
fn extents_reach_to_white_space() {
    let cases: [(&str, &[&str]); 7] = [
        ("", &[]),
        ("...", &[]),
        ("(The ferry, \"old\") sails!", &["(The", "ferry,", "\"old\")", "sails!"]),
        (" - a+b  don't\n", &["a", "b", "don", "t"]),
        (
            "\u{201C}Caf\u{E9}\u{301}s\u{201D}  \u{6F22}\u{5B57}\u{3002}\u{4E00}",
            &["\u{201C}Caf\u{E9}\u{301}s\u{201D}", "\u{6F22}", "\u{5B57}\u{3002}", "\u{4E00}"],
        ),
        ("a \u{BD} b", &["a", "\u{BD}", "", "b"]),
        ("STRA\u{DF}E\u{AD} x", &["STRA\u{DF}E\u{AD}", "x"]),
    ];
    for (text, expected) in cases {
        let units = read(text, Normalization::TEXT, 0);
        let words: Vec<&str> =
            units.extents.iter().map(|extent| &text[extent.start as usize..extent.end as usize]).collect();
        assert_eq!(words, expected, "{text:?}");
    }
}
