//! The class of a character: the properties that the library needs, as bits.

use std::collections::HashMap;

use icu_normalizer::properties::{
    CanonicalCombiningClassMapBorrowed, CanonicalDecompositionBorrowed, Decomposed,
};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{
    DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Ideographic, Script, WhiteSpace,
};
use icu_properties::{CodePointMapData, CodePointSetData};

use crate::fold;

/// The bits, lowest first, each with its name and its documentation.
pub(crate) const BITS: [(&str, &str); 13] = [
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
    (
        "DIRECT",
        "Has one counterpart in the `Text` form, `shift` away, and nothing combines across its front.",
    ),
    ("DIRECT_NFC", "The same for the `Text` form with canonical in place of compatibility equivalence."),
    ("ORDERED", "A mark that both forms leave as it is behind any mark of its combining class or a lower."),
];

/// Typographic quotes and dashes, with the ASCII character that replaces each in a canonical form.
///
/// CJK corner brackets, characters with a compatibility decomposition, and U+02BC, an apostrophe
/// that is a letter, are not replaced.
pub(crate) const TYPOGRAPHIC: [(char, char); 25] = [
    ('\u{AB}', '"'),
    ('\u{BB}', '"'),
    ('\u{2010}', '-'),
    ('\u{2011}', '-'),
    ('\u{2012}', '-'),
    ('\u{2013}', '-'),
    ('\u{2014}', '-'),
    ('\u{2015}', '-'),
    ('\u{2018}', '\''),
    ('\u{2019}', '\''),
    ('\u{201A}', '\''),
    ('\u{201B}', '\''),
    ('\u{201C}', '"'),
    ('\u{201D}', '"'),
    ('\u{201E}', '"'),
    ('\u{201F}', '"'),
    ('\u{2039}', '\''),
    ('\u{203A}', '\''),
    ('\u{2212}', '-'),
    ('\u{2E3A}', '-'),
    ('\u{2E3B}', '-'),
    ('\u{2E42}', '"'),
    ('\u{301D}', '"'),
    ('\u{301E}', '"'),
    ('\u{301F}', '"'),
];

/// The minimum number of characters with the same shift. The rarer ones take the slow path, so that
/// the number of classes fits into a byte. Typographic characters are exempt, because they are few
/// and common.
const COMMON: usize = 4;

/// The properties of a character, for one lookup.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Class {
    /// The [`BITS`] that are set.
    pub(crate) flags: u16,
    /// The canonical combining class of an ordered mark, or else 0.
    pub(crate) combining: u8,
    /// The difference between the code points of a direct character and its counterpart.
    pub(crate) shift: i32,
}

/// Returns the class of every code point; that of a surrogate is empty.
pub(crate) fn classes() -> Vec<Class> {
    let properties = Properties::new();
    let mut classes: Vec<Class> = (0..=0x10FFFF_u32).map(|cp| properties.class(cp)).collect();
    let mut shifts: HashMap<i32, usize> = HashMap::new();
    for class in &classes {
        *shifts.entry(class.shift).or_default() += 1;
    }
    for (cp, class) in classes.iter_mut().enumerate() {
        let typographic = TYPOGRAPHIC.iter().any(|(sign, _)| *sign as usize == cp);
        if shifts[&class.shift] < COMMON && !typographic {
            class.flags &= !(bit("DIRECT") | bit("DIRECT_NFC"));
            class.shift = 0;
        }
    }
    classes
}

/// Returns the bit with this name.
fn bit(name: &str) -> u16 {
    BITS.iter().zip(0..).filter(|((known, _), _)| *known == name).map(|(_, bit)| 1 << bit).sum()
}

pub(crate) fn is_assigned(c: char) -> bool {
    CodePointMapData::<GeneralCategory>::new().get(c) != GeneralCategory::Unassigned
}

struct Properties {
    composed_second: Vec<bool>,
}

impl Properties {
    fn new() -> Self {
        let decomposition = CanonicalDecompositionBorrowed::new();
        let nfc = ComposingNormalizerBorrowed::new_nfc();
        let mut composed_second = vec![false; 0x110000];
        for c in '\0'..=char::MAX {
            if let Decomposed::Expansion(first, second) = decomposition.decompose(c) {
                // A composition exclusion decomposes into a pair that is never composed again.
                if nfc.normalize(&String::from_iter([first, second])).chars().eq([c]) {
                    composed_second[second as usize] = true;
                }
            }
        }
        Self { composed_second }
    }

    fn class(&self, cp: u32) -> Class {
        let Some(c) = char::from_u32(cp) else {
            return Class::default();
        };
        let category = CodePointMapData::<GeneralCategory>::new().get(c);
        let script = CodePointMapData::<Script>::new().get(c);
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c);
        let space = CodePointSetData::new::<WhiteSpace>().contains(c);
        let unassigned = !is_assigned(c) && !ignorable;
        let within = |group: GeneralCategoryGroup| group.contains(category);

        let kana = [Script::Hiragana, Script::Katakana].contains(&script) || c == '\u{30FC}';
        let dense = CodePointSetData::new::<Ideographic>().contains(c)
            || (kana && within(GeneralCategoryGroup::Letter))
            || ('\u{AC00}'..='\u{D7A3}').contains(&c);
        let wordy = within(GeneralCategoryGroup::Letter)
            || within(GeneralCategoryGroup::Mark)
            || category == GeneralCategory::DecimalNumber;

        let visible = !unassigned && !ignorable && !space;
        let nfkc = ComposingNormalizerBorrowed::new_nfkc();
        let nfc = ComposingNormalizerBorrowed::new_nfc();
        let counterpart = |form| if visible { self.counterpart(c, form) } else { None };
        let (in_nfkc, in_nfc) = (counterpart(&nfkc), counterpart(&nfc));
        let combining = CanonicalCombiningClassMapBorrowed::new().get_u8(c);
        let unchanged = fold(c).is_none() && nfkc.normalize(&c.to_string()) == c.to_string();
        let ordered = visible && combining > 0 && unchanged && !self.joins_backwards(c);

        let set = [
            unassigned,
            ignorable,
            space,
            category == GeneralCategory::NonspacingMark,
            within(GeneralCategoryGroup::Mark),
            [Script::Latin, Script::Greek, Script::Cyrillic].contains(&script),
            category == GeneralCategory::DecimalNumber,
            within(GeneralCategoryGroup::Punctuation),
            wordy || dense,
            dense,
            in_nfkc.is_some(),
            in_nfkc.is_some() && in_nfc == in_nfkc,
            ordered,
        ];
        Class {
            flags: set.iter().rev().fold(0, |bits, on| bits << 1 | u16::from(*on)),
            combining: if ordered { combining } else { 0 },
            shift: in_nfkc.map_or(0, |to| (u32::from(to)).wrapping_sub(cp).cast_signed()),
        }
    }

    /// Returns the only character of the form of `c`, or `None` if the form has several or if a
    /// character can combine with an earlier one in any step.
    fn counterpart(&self, c: char, form: &ComposingNormalizerBorrowed<'_>) -> Option<char> {
        let text = c.to_string();
        let normal = form.normalize(&text).into_owned();
        let folded: String = normal.chars().map(|c| fold(c).map_or(c.to_string(), |(_, to)| to)).collect();
        let last = form.normalize(&folded).into_owned();
        let classes = CanonicalCombiningClassMapBorrowed::new();
        let starts = |text: &String| {
            let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text).into_owned();
            let both = [decomposed.chars().next(), text.chars().next()];
            both.into_iter().flatten().all(|c| classes.get_u8(c) == 0 && !self.joins_backwards(c))
        };
        let mut chars = last.chars();
        let only = chars.next().filter(|_| chars.next().is_none())?;
        let plain = TYPOGRAPHIC.iter().find(|(sign, _)| *sign == only).map_or(only, |(_, plain)| *plain);
        [&text, &normal, &folded, &last].into_iter().all(starts).then_some(plain)
    }

    /// Returns whether `c` can be the second character of a composition.
    fn joins_backwards(&self, c: char) -> bool {
        let jamo = ('\u{1161}'..='\u{1175}').contains(&c) || ('\u{11A8}'..='\u{11C2}').contains(&c);
        jamo || self.composed_second[c as usize]
    }
}
