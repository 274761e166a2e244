//! The tables against the properties that the library crates have.

use caseless::Caseless as _;
use proptest::prelude::*;
use refrain_testkit::properties;

use super::*;
use crate::normalize::Normalization;

#[test]
fn every_character_has_the_properties_the_libraries_give_it() {
    for c in '\0'..=char::MAX {
        let has = |property| properties::has(property, c);
        let dense = has("ideographic")
            || has("letter") && has("kana")
            || c == '\u{30FC}'
            || ('\u{AC00}'..='\u{D7A3}').contains(&c);
        let expected = [
            (IGNORABLE, has("ignorable")),
            (UNASSIGNED, has("unassigned") && !has("ignorable")),
            (SPACE, has("space")),
            (NONSPACING, has("nonspacing")),
            (MARK, has("mark")),
            (EUROPEAN, has("european")),
            (DIGIT, has("decimal")),
            (PUNCTUATION, has("punctuation")),
            (DENSE, dense),
            (WORDY, dense || has("letter") || has("mark") || has("decimal")),
        ];
        for (flag, expected) in expected {
            assert_eq!(is(c, flag), expected, "{c:?} {:X}: bit {flag}", u32::from(c));
        }
    }
}

#[test]
fn every_character_folds_as_the_libraries_fold_it() {
    let mut buffer = [0; 4];
    for c in '\0'..=char::MAX {
        let folded: String = fold(c).collect();
        let text: &str = c.encode_utf8(&mut buffer);
        assert_eq!(folded, properties::fold(text), "{c:?}");
        // This one knows an older version, in which some characters had no counterpart yet.
        let older: String = text.chars().default_case_fold().collect();
        assert!(older == folded || older == text, "{c:?}");
    }
}

#[test]
fn the_version_is_the_one_the_tables_have() {
    // Assigned in 18.0 and in no version before it, and not assigned in it.
    assert!(!is('\u{558}', UNASSIGNED));
    assert!(is('\u{378}', UNASSIGNED));
    assert_eq!(VERSION, (18, 0, 0));
    assert!(unicode_normalization::UNICODE_VERSION >= VERSION);
}

#[test]
fn typographic_signs_are_sorted_and_each_is_found() {
    assert!(tables::TYPOGRAPHIC.windows(2).all(|pair| pair[0].0 < pair[1].0));
    for (sign, ascii) in tables::TYPOGRAPHIC {
        assert_eq!(plain(sign), ascii);
        assert!(is(sign, PUNCTUATION) || sign == '\u{2212}');
    }
    let plain_signs = ('\0'..=char::MAX).filter(|c| plain(*c) != *c).count();
    assert_eq!(plain_signs, tables::TYPOGRAPHIC.len());
}

#[test]
fn blank_and_trim() {
    assert!(is_blank("") && is_blank(" \u{3000}\u{200B}\n\u{FEFF}"));
    assert!(!is_blank(" . ") && !is_blank("\u{200B}x"));
    for (text, inner) in
        [("", ""), ("  ", ""), (" a b\u{85}", "a b"), ("\u{200B} a", "\u{200B} a"), ("a", "a")]
    {
        let (start, end) = trim(text);
        assert_eq!(&text[start..end], inner, "{text:?}");
    }
    for c in '\0'..=char::MAX {
        assert_eq!(is_space(c), is(c, SPACE), "{c:?}");
    }
}

/// The weights of texts by their canonical forms, and by their characters.
fn weights(text: &str, form: Normalization) -> (u64, Option<u64>) {
    let (ascii, _) = ascii_weight(text.as_bytes());
    let other = direct_weight(text.as_bytes(), form.direct());
    (u64::from(weight(form.canonical(text).as_bytes())), other.map(|other| ascii + other))
}

const FORMS: [Normalization; 2] = [Normalization::TEXT, Normalization::TEXT.canonical_equivalence()];

#[test]
fn every_character_that_weighs_alone_weighs_what_its_form_weighs() {
    for form in FORMS {
        let mut count = 0;
        for c in '\0'..=char::MAX {
            let (expected, found) = weights(&format!("Some text, {c}and more of it."), form);
            assert!(found.is_none_or(|found| found == expected), "{c:?} {form}");
            count += usize::from(found.is_some());
        }
        assert!(count > 100_000, "{form}: {count}");
    }
}

proptest! {
    #[test]
    fn texts_weigh_what_their_forms_weigh(
        any: String,
        text in "[a-cA-C0-2 .,\u{2019}\u{E9}\u{301}\u{FF21}\u{2460}\u{6F22}\u{30AB}\u{3099}\u{DF}\u{200B}\u{3000}\u{AC00}\u{1100}\u{1161}]{0,40}",
    ) {
        for text in [&any, &text] {
            let expected = text.chars().map(|c| match (is(c, WORDY), is(c, DENSE)) {
                (true, dense) => 1 + 2 * u32::from(dense),
                (false, _) => 0,
            });
            prop_assert_eq!(weight(text.as_bytes()), expected.sum::<u32>(), "{:?}", text);
        }
        for (form, text) in FORMS.into_iter().flat_map(|form| [(form, &any), (form, &text)]) {
            let (expected, found) = weights(text, form);
            prop_assert!(found.is_none_or(|found| found == expected), "{:?} {}: {:?}", text, form, found);
        }
    }
}
