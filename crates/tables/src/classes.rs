//! What the library wants to know of a character, as a set of bits.

use icu_normalizer::properties::{
    CanonicalCombiningClassMapBorrowed, CanonicalDecompositionBorrowed, Decomposed,
};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{
    DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Ideographic, Script, WhiteSpace,
};
use icu_properties::{CodePointMapData, CodePointSetData};

use crate::fold;

/// The bits, lowest first: name and meaning.
pub(crate) const BITS: [(&str, &str); 12] = [
    ("UNASSIGNED", "Not assigned in this version and not default-ignorable."),
    ("IGNORABLE", "Default_Ignorable_Code_Point."),
    ("SPACE", "White_Space."),
    ("NONSPACING", "A nonspacing mark (Mn)."),
    ("MARK", "A mark of any kind (M)."),
    ("EUROPEAN", "Script Latin, Greek or Cyrillic."),
    ("DIGIT", "A decimal digit (Nd)."),
    ("PUNCTUATION", "Punctuation (P)."),
    ("WORDY", "A letter, mark or decimal digit: what has weight."),
    ("DENSE", "An ideograph, kana or Hangul syllable: what weighs three."),
    ("STABLE", "Unchanged by the `Text` form, and nothing before it changes because of it."),
    ("STABLE_NFC", "The same for the `Text` form with canonical in place of compatibility equivalence."),
];

pub(crate) fn is_assigned(c: char) -> bool {
    CodePointMapData::<GeneralCategory>::new().get(c) != GeneralCategory::Unassigned
}

pub(crate) struct Properties {
    composed_second: Vec<bool>,
}

impl Properties {
    pub(crate) fn new() -> Self {
        let decomposition = CanonicalDecompositionBorrowed::new();
        let nfc = ComposingNormalizerBorrowed::new_nfc();
        let mut composed_second = vec![false; 0x110000];
        for c in '\0'..=char::MAX {
            if let Decomposed::Expansion(first, second) = decomposition.decompose(c) {
                // A composition exclusion decomposes to a pair that never comes together again.
                if nfc.normalize(&String::from_iter([first, second])).chars().eq([c]) {
                    composed_second[second as usize] = true;
                }
            }
        }
        Self { composed_second }
    }

    /// The set of bits of one code point; none for a surrogate.
    pub(crate) fn flags(&self, cp: u32) -> u16 {
        let Some(c) = char::from_u32(cp) else {
            return 0;
        };
        let category = CodePointMapData::<GeneralCategory>::new().get(c);
        let script = CodePointMapData::<Script>::new().get(c);
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c);
        let unassigned = !is_assigned(c) && !ignorable;
        let within = |group: GeneralCategoryGroup| group.contains(category);

        let kana = [Script::Hiragana, Script::Katakana].contains(&script) || c == '\u{30FC}';
        let dense = CodePointSetData::new::<Ideographic>().contains(c)
            || (kana && within(GeneralCategoryGroup::Letter))
            || ('\u{AC00}'..='\u{D7A3}').contains(&c);
        let wordy = within(GeneralCategoryGroup::Letter)
            || within(GeneralCategoryGroup::Mark)
            || category == GeneralCategory::DecimalNumber;
        let nfkc = ComposingNormalizerBorrowed::new_nfkc();
        let nfc = ComposingNormalizerBorrowed::new_nfc();
        let stable = |form| !unassigned && !ignorable && self.stable(c, form);

        let set = [
            unassigned,
            ignorable,
            CodePointSetData::new::<WhiteSpace>().contains(c),
            category == GeneralCategory::NonspacingMark,
            within(GeneralCategoryGroup::Mark),
            [Script::Latin, Script::Greek, Script::Cyrillic].contains(&script),
            category == GeneralCategory::DecimalNumber,
            within(GeneralCategoryGroup::Punctuation),
            wordy || dense,
            dense,
            stable(&nfkc),
            stable(&nfc),
        ];
        set.iter().rev().fold(0, |bits, on| bits << 1 | u16::from(*on))
    }

    /// Whether normalisation and folding leave `c` as it is and nothing can combine across its front.
    fn stable(&self, c: char, form: &ComposingNormalizerBorrowed<'_>) -> bool {
        let mut buffer = [0; 4];
        let text: &str = c.encode_utf8(&mut buffer);
        let unchanged = fold(c).is_none() && form.normalize(text) == text;
        let classes = CanonicalCombiningClassMapBorrowed::new();
        let first = DecomposingNormalizerBorrowed::new_nfd().normalize(text).chars().next();
        let starts = |c: char| classes.get_u8(c) == 0 && !self.joins_backwards(c);
        unchanged && starts(c) && first.is_some_and(starts)
    }

    /// Whether `c` can be the second half of a composition.
    fn joins_backwards(&self, c: char) -> bool {
        let jamo = ('\u{1161}'..='\u{1175}').contains(&c) || ('\u{11A8}'..='\u{11C2}').contains(&c);
        jamo || self.composed_second[c as usize]
    }
}
