//! The tables against library crates.

use caseless::Caseless as _;
use icu_casemap::CaseMapper;
use icu_properties::props::{
    DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Ideographic, Script, WhiteSpace,
};
use icu_properties::{CodePointMapData, CodePointSetData};

use super::*;

#[test]
fn every_character_has_the_properties_the_libraries_give_it() {
    let categories = CodePointMapData::<GeneralCategory>::new();
    let scripts = CodePointMapData::<Script>::new();
    for c in '\0'..=char::MAX {
        let category = categories.get(c);
        let group = |group: GeneralCategoryGroup| group.contains(category);
        let script = |one_of: &[Script]| one_of.contains(&scripts.get(c));
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c);
        let dense = CodePointSetData::new::<Ideographic>().contains(c)
            || group(GeneralCategoryGroup::Letter) && script(&[Script::Hiragana, Script::Katakana])
            || c == '\u{30FC}'
            || ('\u{AC00}'..='\u{D7A3}').contains(&c);
        let expected = [
            (IGNORABLE, ignorable),
            (UNASSIGNED, category == GeneralCategory::Unassigned && !ignorable),
            (SPACE, CodePointSetData::new::<WhiteSpace>().contains(c)),
            (NONSPACING, category == GeneralCategory::NonspacingMark),
            (MARK, group(GeneralCategoryGroup::Mark)),
            (EUROPEAN, script(&[Script::Latin, Script::Greek, Script::Cyrillic])),
            (DIGIT, category == GeneralCategory::DecimalNumber),
            (PUNCTUATION, group(GeneralCategoryGroup::Punctuation)),
            (DENSE, dense),
            (
                WORDY,
                dense
                    || group(GeneralCategoryGroup::Letter)
                    || group(GeneralCategoryGroup::Mark)
                    || category == GeneralCategory::DecimalNumber,
            ),
        ];
        for (flag, expected) in expected {
            assert_eq!(is(c, flag), expected, "{c:?} {:X}: bit {flag}", u32::from(c));
        }
    }
}

#[test]
fn every_character_folds_as_the_libraries_fold_it() {
    let mapper = CaseMapper::new();
    let mut buffer = [0; 4];
    for c in '\0'..=char::MAX {
        let folded: String = fold(c).collect();
        let text: &str = c.encode_utf8(&mut buffer);
        assert_eq!(folded, mapper.fold_string(text), "{c:?}");
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
