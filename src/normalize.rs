//! The canonical form, which decides whether two texts are equal.

mod fast;
mod form;
mod names;
mod normalizer;
mod references;
mod slow;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

pub(crate) use normalizer::Normalizer;

use crate::error::NormalizationError;
use crate::unicode::{DIRECT, DIRECT_NFC};

/// The differences that are ignored when texts are compared, such as those of case and white space.
///
/// Two texts are equal if their canonical forms are.
///
/// There are three presets, and the last of them has six optional steps:
///
/// | preset | differences that it ignores |
/// |---|---|
/// | [`RAW`](Self::RAW) | none |
/// | [`WHITESPACE`](Self::WHITESPACE) | the amount and kind of white space |
/// | [`TEXT`](Self::TEXT), the default | also case, Unicode normal form, compatibility variants, invisible characters, the style of quotes and dashes |
///
/// # The `TEXT` form
///
/// The form is the result of these steps, in this order. Steps in brackets are off by default:
///
/// 1. Remove every Default_Ignorable_Code_Point: zero-width spaces and joiners, soft hyphens,
///    variation selectors.
/// 2. Apply NFKC, full case folding without the Turkic mappings, and NFKC again.
///    \[With [`canonical_equivalence`](Self::canonical_equivalence), NFC replaces NFKC in both
///    places. With [`decode_references`](Self::decode_references), character references are decoded
///    after the first NFKC, until none is left.\]
/// 3. \[[`strip_diacritics`](Self::strip_diacritics): apply NFD, and remove nonspacing marks after
///    Latin, Greek and Cyrillic letters.\] \[[`fold_arabic`](Self::fold_arabic): remove Arabic
///    vowel marks and tatweel, and unify forms of letters.\]
/// 4. \[[`strip_punctuation`](Self::strip_punctuation): remove punctuation.\] Apply NFC.
/// 5. \[[`fold_digits`](Self::fold_digits): replace every decimal digit by `0`.\]
/// 6. Replace typographic quotes by `'` or `"`, and typographic dashes by `-`.
/// 7. Replace each run of White_Space by one space, and remove white space at both ends.
///
/// If steps 3 to 5 leave nothing, the form without them is used, so `!!!` and `???` stay different.
/// Code points that the Unicode version of the [scheme](crate::Fingerprint::SCHEME) does not assign
/// combine with no character. They are kept, unless they are default-ignorable. Every combination
/// of steps is idempotent: the canonical form of a canonical form is that form itself. Canonically
/// equivalent texts have the same form.
///
/// Compatibility equivalence may ignore more than expected: `10⁵` becomes `105`, and the accent `´`
/// (U+00B4) becomes a space and a combining mark. Use `canonical_equivalence` to keep such
/// differences.
///
/// # Names
///
/// A form has a name, which `Display` writes and `FromStr` reads: the preset, and after it
/// `+canonical`, `+references`, `+diacritics`, `+arabic`, `+punctuation` and `+digits` for the
/// steps in brackets.
///
/// # Complexity
///
/// Linear in the length of the text.
///
/// ```
/// use refrain::Normalization;
///
/// let text = Normalization::TEXT;
/// assert_eq!(text.canonical("  Straße\t„Köln“ "), "strasse \"köln\"");
/// assert_eq!(text.canonical("Ko\u{308}ln"), text.canonical("KÖLN"));
/// assert_eq!(text.canonical("10⁵"), "105");
///
/// let letters = text.strip_diacritics().strip_punctuation();
/// assert_eq!(letters.canonical("Déjà-vu!"), "dejavu");
/// assert_eq!(letters.canonical("!!!"), "!!!");
/// assert_eq!(letters.to_string(), "text+diacritics+punctuation");
/// assert_eq!("text+diacritics+punctuation".parse(), Ok(letters));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Normalization {
    preset: Preset,
    steps: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
enum Preset {
    Raw,
    Whitespace,
    #[default]
    Text,
}

impl Preset {
    const ALL: [Self; 3] = [Self::Raw, Self::Whitespace, Self::Text];

    const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Whitespace => "whitespace",
            Self::Text => "text",
        }
    }
}

/// A step of the `TEXT` form that is off by default.
#[derive(Clone, Copy)]
enum Step {
    Canonical,
    References,
    Diacritics,
    Arabic,
    Punctuation,
    Digits,
}

impl Step {
    /// All steps, in their order.
    const ALL: [Self; 6] =
        [Self::Canonical, Self::References, Self::Diacritics, Self::Arabic, Self::Punctuation, Self::Digits];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::References => "references",
            Self::Diacritics => "diacritics",
            Self::Arabic => "arabic",
            Self::Punctuation => "punctuation",
            Self::Digits => "digits",
        }
    }
}

impl Normalization {
    /// The text itself: texts are equal if their bytes are.
    pub const RAW: Self = Self { preset: Preset::Raw, steps: 0 };

    /// The text with each run of White_Space replaced by one space, and none at the ends.
    pub const WHITESPACE: Self = Self { preset: Preset::Whitespace, steps: 0 };

    /// The default form, which ignores differences that most readers do not see.
    pub const TEXT: Self = Self { preset: Preset::Text, steps: 0 };

    /// Returns this form with canonical equivalence (NFC) in place of compatibility equivalence
    /// (NFKC): superscripts and full-width letters stay different from the plain characters. Latin
    /// ligatures such as `ﬁ` do not, because case folding replaces them.
    ///
    /// This step belongs to `TEXT` only: `RAW` and `WHITESPACE` are returned unchanged.
    #[must_use]
    pub const fn canonical_equivalence(self) -> Self {
        self.with(Step::Canonical)
    }

    /// Returns this form with nonspacing marks removed after Latin, Greek and Cyrillic letters, so
    /// `déjà` equals `deja`. Marks of other scripts, in many of which they are vowels, are kept.
    ///
    /// This step belongs to `TEXT` only: `RAW` and `WHITESPACE` are returned unchanged.
    #[must_use]
    pub const fn strip_diacritics(self) -> Self {
        self.with(Step::Diacritics)
    }

    /// Returns this form with differences between two spellings of an Arabic word removed: vowel
    /// marks (U+064B to U+0652) and tatweel (U+0640) are removed, alef with hamza or madda becomes
    /// alef, alef maksura becomes yeh, and teh marbuta becomes heh, as in Lucene's
    /// `ArabicNormalizer`. Superscript alef (U+0670), which Lucene keeps, is removed too.
    ///
    /// This step belongs to `TEXT` only: `RAW` and `WHITESPACE` are returned unchanged.
    #[must_use]
    pub const fn fold_arabic(self) -> Self {
        self.with(Step::Arabic)
    }

    /// Returns this form with character references decoded, so `caf&eacute;` and `caf&#xE9;` equal
    /// `café`: decimal and hexadecimal numbers, the names of HTML 4, and `&apos;`, each with its
    /// semicolon. Names are compared without case. Decoding is repeated until no such reference is
    /// left, so `&amp;lt;` equals `<`. References of more than twelve characters, and numbers that
    /// stand for no character, such as `&#0;`, are kept.
    ///
    /// This step belongs to `TEXT` only: `RAW` and `WHITESPACE` are returned unchanged.
    #[must_use]
    pub const fn decode_references(self) -> Self {
        self.with(Step::References)
    }

    /// Returns this form with punctuation removed: general category P, and symbols that step 6
    /// replaces by punctuation, such as the minus sign. A combining mark after removed punctuation
    /// then belongs to the letter before.
    ///
    /// This step belongs to `TEXT` only: `RAW` and `WHITESPACE` are returned unchanged.
    #[must_use]
    pub const fn strip_punctuation(self) -> Self {
        self.with(Step::Punctuation)
    }

    /// Returns this form with every decimal digit of any script replaced by `0`: lines that differ
    /// only in the values of their digits are equal, such as `9:15` and `9:41`. The number of
    /// digits still counts, so `page 9` and `page 10` differ.
    ///
    /// This step belongs to `TEXT` only: `RAW` and `WHITESPACE` are returned unchanged.
    #[must_use]
    pub const fn fold_digits(self) -> Self {
        self.with(Step::Digits)
    }

    const fn with(self, step: Step) -> Self {
        match self.preset {
            Preset::Text => Self { steps: self.steps | step.bit(), ..self },
            Preset::Raw | Preset::Whitespace => self,
        }
    }

    const fn has(self, step: Step) -> bool {
        self.steps & step.bit() != 0
    }

    /// Returns whether the form has steps that remove or replace characters.
    pub(crate) fn has_removals(self) -> bool {
        self != self.without_removals()
    }

    /// Returns whether punctuation is removed.
    pub(crate) const fn strips_punctuation(self) -> bool {
        self.has(Step::Punctuation)
    }

    /// Returns whether decimal digits are replaced by `0`.
    pub(crate) const fn folds_digits(self) -> bool {
        self.has(Step::Digits)
    }

    /// Returns the property of characters that have one counterpart in the form each, independent
    /// of the characters before them; 0 if the form changes only white space or nothing.
    pub(crate) fn direct(self) -> u16 {
        match self.preset {
            Preset::Raw | Preset::Whitespace => 0,
            Preset::Text if self.has(Step::Canonical) => DIRECT_NFC,
            Preset::Text => DIRECT,
        }
    }

    /// Returns the canonical form of `text`, borrowed if it is `text` itself.
    ///
    /// [`Fingerprinter`](crate::Fingerprinter) computes fingerprints of canonical forms without
    /// allocating a buffer for each text.
    pub fn canonical(self, text: &str) -> Cow<'_, str> {
        let mut normalizer = Normalizer::default();
        let form = normalizer.canonical(text, self);
        if form == text.as_bytes() {
            return Cow::Borrowed(text);
        }
        // The form is UTF-8, because every step maps characters to characters.
        Cow::Owned(String::from_utf8_lossy(form).into_owned())
    }

    const fn without(self, step: Step) -> Self {
        Self { steps: self.steps & !step.bit(), ..self }
    }

    /// Returns whether `fold_arabic` is on and removes `c` wherever it is: a vowel mark or tatweel.
    fn removes_in_arabic(self, c: char) -> bool {
        self.has(Step::Arabic) && matches!(c, '\u{640}' | '\u{64B}'..='\u{652}' | '\u{670}')
    }

    /// Returns the form without the steps that change neither ASCII nor the quotes and dashes that
    /// are replaced by ASCII.
    const fn for_plain(self) -> Self {
        self.without(Step::Diacritics).without(Step::Arabic)
    }

    /// Returns the form without the steps that remove or replace characters.
    const fn without_removals(self) -> Self {
        Self { steps: self.steps & Step::Canonical.bit(), ..self }
    }
}

/// Writes the name of the form, such as `text+diacritics+digits`.
impl fmt::Display for Normalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.preset.name())?;
        for step in Step::ALL.into_iter().filter(|step| self.has(*step)) {
            write!(f, "+{}", step.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Normalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Normalization({self})")
    }
}

/// Reads a name as [`Display`](fmt::Display) writes it, with the steps in any order.
impl FromStr for Normalization {
    type Err = NormalizationError;

    fn from_str(name: &str) -> Result<Self, NormalizationError> {
        let unknown = |part: &str| NormalizationError::Unknown { name: part.to_owned() };
        let mut parts = name.split('+');
        let preset = parts.next().unwrap_or_default();
        let preset =
            Preset::ALL.into_iter().find(|known| known.name() == preset).ok_or_else(|| unknown(preset))?;
        let mut normalization = Self { preset, steps: 0 };
        for part in parts {
            let step = Step::ALL.into_iter().find(|known| known.name() == part);
            let step = step.ok_or_else(|| unknown(part))?;
            normalization = normalization.with(step);
            if !normalization.has(step) {
                let (preset, step) = (preset.name(), step.name());
                return Err(NormalizationError::Contradiction { preset, step });
            }
        }
        Ok(normalization)
    }
}

impl TryFrom<String> for Normalization {
    type Error = NormalizationError;

    fn try_from(name: String) -> Result<Self, NormalizationError> {
        name.parse()
    }
}

impl From<Normalization> for String {
    fn from(normalization: Normalization) -> Self {
        normalization.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() -> Result<(), NormalizationError> {
        for steps in 0..64 {
            let form = Normalization { preset: Preset::Text, steps };
            assert_eq!(form.to_string().parse::<Normalization>()?, form);
        }
        for preset in [Normalization::RAW, Normalization::WHITESPACE, Normalization::TEXT] {
            assert_eq!(preset.to_string().parse::<Normalization>()?, preset);
        }
        assert_eq!("text+digits+canonical".parse::<Normalization>()?.to_string(), "text+canonical+digits");
        assert_eq!(
            Normalization::TEXT.fold_arabic().decode_references().to_string(),
            "text+references+arabic"
        );
        Ok(())
    }

    #[test]
    fn a_step_can_be_turned_on_twice() {
        let form = Normalization::TEXT.fold_digits();
        assert_eq!(form.fold_digits(), form);
        assert_eq!(format!("{form:?}"), "Normalization(text+digits)");
    }

    #[test]
    fn unknown_names_are_named() {
        let error = "text+accents".parse::<Normalization>().map_err(|error| error.to_string());
        assert!(error.is_err_and(|message| message.contains("`accents`")));
        assert!("Text".parse::<Normalization>().is_err());
        assert!("".parse::<Normalization>().is_err());
        assert!("text+".parse::<Normalization>().is_err());
    }

    #[test]
    fn forms_without_steps_stay_as_they_are() {
        for (form, name) in [(Normalization::RAW, "raw"), (Normalization::WHITESPACE, "whitespace")] {
            assert_eq!(form.strip_diacritics().strip_punctuation(), form);
            assert_eq!(form.fold_digits().canonical_equivalence(), form);
            for step in Step::ALL.map(Step::name) {
                let parsed = format!("{name}+{step}").parse::<Normalization>();
                let message = parsed.map_err(|error| error.to_string());
                let is_named = |name: &str, m: &str| m.contains(&format!("`{name}`"));
                assert!(message.is_err_and(|m| is_named(name, &m) && is_named(step, &m)));
            }
        }
    }
}
