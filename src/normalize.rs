//! The canonical form: which texts count as the same.

mod form;
mod island;
mod runs;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

pub(crate) use form::Normalizer;

use crate::error::NormalizationError;

/// Which texts count as the same: the canonical form that is fingerprinted and compared.
///
/// Three presets, and four [switches](Switch) on the last of them:
///
/// | preset | makes equal |
/// |---|---|
/// | [`RAW`](Self::RAW) | nothing: the same bytes |
/// | [`WHITESPACE`](Self::WHITESPACE) | text that differs in white space only: runs of it become one space, none at the ends |
/// | [`TEXT`](Self::TEXT) | also: normal forms, compatibility variants, case, invisible characters, typographic quotes and dashes |
///
/// # The `TEXT` form
///
/// In this order, with switches in brackets:
///
/// 1. Default_Ignorable_Code_Point is dropped (zero-width spaces and joiners, soft hyphens, variation selectors);
/// 2. NFKC, full case folding (not the Turkic one), NFKC; \[[`Switch::Canonical`]: NFC in both places\];
/// 3. \[[`Switch::Diacritics`]: NFD, nonspacing marks after Latin, Greek and Cyrillic letters are dropped\];
/// 4. \[[`Switch::Punctuation`]: punctuation is dropped\]; NFC;
/// 5. \[[`Switch::Digits`]: every decimal digit becomes `0`\];
/// 6. typographic quotes become `'` or `"`, typographic dashes `-`;
/// 7. runs of White_Space become one space, none at the ends.
///
/// If the switches 3 to 5 leave nothing, the form without them is used, so `!!!` and `???` stay different.
/// Code points that the scheme's Unicode version does not assign pass through untouched, and nothing combines
/// across them. The form of a form is that form, and canonically equivalent texts have one form, for every
/// combination of switches.
///
/// Compatibility equivalence goes further than one may expect: `10⁵` becomes `105`, and the lone accent `´`
/// (U+00B4) becomes a space and a combining mark. `Switch::Canonical` is for those who mind.
///
/// # Complexity
///
/// Linear in the text: one pass, into one buffer, and a second one if switches leave nothing.
///
/// ```
/// use refrain::{Normalization, Switch};
///
/// let text = Normalization::TEXT;
/// assert_eq!(text.canonical("  Stra\u{DF}e\t\u{201E}K\u{F6}ln\u{201C} "), "strasse \"k\u{F6}ln\"");
/// assert_eq!(text.canonical("Ko\u{308}ln"), text.canonical("K\u{D6}LN"));
/// assert_eq!(text.canonical("10\u{2075}"), "105");
///
/// let plain = text.with(Switch::Diacritics)?.with(Switch::Punctuation)?;
/// assert_eq!(plain.canonical("D\u{E9}j\u{E0}-vu!"), "dejavu");
/// assert_eq!(plain.canonical("!!!"), "!!!");
/// assert_eq!(plain.to_string(), "text+diacritics+punctuation");
/// # Ok::<(), refrain::error::NormalizationError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Normalization {
    preset: Preset,
    switches: u8,
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

/// A change to the canonical form of [`Normalization::TEXT`]; all are off by default.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Switch {
    /// Canonical equivalence (NFC) in place of compatibility equivalence (NFKC): a ligature, a superscript or a
    /// full-width letter is no longer the same as its plain form. Named `canonical`.
    Canonical,
    /// Drops nonspacing marks after Latin, Greek and Cyrillic letters: `déjà` is `deja`. Marks of other scripts,
    /// where they are vowels, stay. Named `diacritics`.
    Diacritics,
    /// Drops punctuation (general category P) and what stands for it, as the minus sign for a dash. Where
    /// `Diacritics` is on too, a mark belongs to the letter before the dropped punctuation. Named `punctuation`.
    Punctuation,
    /// Makes every decimal digit, of any script, a `0`: lines that differ in a date or a counter are the same.
    /// Named `digits`.
    Digits,
}

impl Switch {
    /// Every switch, in the order in which they work.
    pub const ALL: [Self; 4] = [Self::Canonical, Self::Diacritics, Self::Punctuation, Self::Digits];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::Diacritics => "diacritics",
            Self::Punctuation => "punctuation",
            Self::Digits => "digits",
        }
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Normalization {
    /// The text itself: equal means the same bytes.
    pub const RAW: Self = Self { preset: Preset::Raw, switches: 0 };

    /// Runs of White_Space become one space, none at the ends.
    pub const WHITESPACE: Self = Self { preset: Preset::Whitespace, switches: 0 };

    /// The default: what a reader would call the same text.
    pub const TEXT: Self = Self { preset: Preset::Text, switches: 0 };

    /// The same with `switch` on.
    ///
    /// # Errors
    ///
    /// Only [`TEXT`](Self::TEXT) has switches. `RAW` and `WHITESPACE` promise to leave characters as they are,
    /// so a switch contradicts them.
    pub fn with(self, switch: Switch) -> Result<Self, NormalizationError> {
        match self.preset {
            Preset::Text => Ok(Self { switches: self.switches | switch.bit(), ..self }),
            Preset::Raw | Preset::Whitespace => {
                Err(NormalizationError::Contradiction { preset: self.preset.name(), switch: switch.name() })
            }
        }
    }

    /// Whether `switch` is on.
    pub const fn has(self, switch: Switch) -> bool {
        self.switches & switch.bit() != 0
    }

    /// The canonical form of `text`, borrowed where that is `text` itself.
    ///
    /// [`Fingerprinter`](crate::Fingerprinter) gives the fingerprint of the same form without a new buffer for
    /// every text.
    pub fn canonical(self, text: &str) -> Cow<'_, str> {
        let mut normalizer = Normalizer::default();
        let form = normalizer.canonical(text, self);
        if form == text.as_bytes() {
            return Cow::Borrowed(text);
        }
        // It is UTF-8: every step takes characters and gives characters.
        Cow::Owned(String::from_utf8_lossy(form).into_owned())
    }

    /// The same without the switches that take something out of the text.
    const fn without_removals(self) -> Self {
        Self { switches: self.switches & Switch::Canonical.bit(), ..self }
    }
}

/// The name: the preset and its switches, as `text+diacritics+digits`.
impl fmt::Display for Normalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.preset.name())?;
        for switch in Switch::ALL.into_iter().filter(|switch| self.has(*switch)) {
            write!(f, "+{switch}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Normalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Normalization({self})")
    }
}

/// Reads a name as [`Display`](fmt::Display) writes it; the order of the switches does not matter.
impl FromStr for Normalization {
    type Err = NormalizationError;

    fn from_str(name: &str) -> Result<Self, NormalizationError> {
        let unknown = |part: &str| NormalizationError::Unknown { name: part.to_owned() };
        let mut parts = name.split('+');
        let preset = parts.next().unwrap_or_default();
        let preset =
            Preset::ALL.into_iter().find(|known| known.name() == preset).ok_or_else(|| unknown(preset))?;
        let mut normalization = Self { preset, switches: 0 };
        for part in parts {
            let switch = Switch::ALL.into_iter().find(|known| known.name() == part);
            normalization = normalization.with(switch.ok_or_else(|| unknown(part))?)?;
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
        for switches in 0..16 {
            let form = Normalization { preset: Preset::Text, switches };
            assert_eq!(form.to_string().parse::<Normalization>()?, form);
        }
        for preset in [Normalization::RAW, Normalization::WHITESPACE, Normalization::TEXT] {
            assert_eq!(preset.to_string().parse::<Normalization>()?, preset);
        }
        assert_eq!("text+digits+canonical".parse::<Normalization>()?.to_string(), "text+canonical+digits");
        Ok(())
    }

    #[test]
    fn a_switch_stays_on_and_the_name_shows() -> Result<(), NormalizationError> {
        let form = Normalization::TEXT.with(Switch::Digits)?;
        assert_eq!(form.with(Switch::Digits)?, form);
        assert_eq!(format!("{form:?}"), "Normalization(text+digits)");
        Ok(())
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
    fn a_switch_on_a_form_without_switches_names_both() {
        for switch in Switch::ALL {
            for (form, name) in [(Normalization::RAW, "raw"), (Normalization::WHITESPACE, "whitespace")] {
                let message = form.with(switch).map_err(|error| error.to_string());
                let named =
                    |m: &String| m.contains(&format!("`{name}`")) && m.contains(&format!("`{switch}`"));
                assert!(message.is_err_and(|m| named(&m)));
            }
        }
    }
}
