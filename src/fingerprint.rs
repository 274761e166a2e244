//! Canonical bytes to 128-bit fingerprints.

use std::fmt;
use std::str::FromStr;

use xxhash_rust::xxh3::xxh3_128_with_seed;

use crate::error::FingerprintError;
use crate::normalize::{Normalization, Normalizer};
use crate::unicode;

/// The fingerprint of a canonical form: 128 bits that are the same for the same form, on every platform and in
/// every release with the same [`SCHEME`](Self::SCHEME).
///
/// It is the value of XXH3-128 over the UTF-8 bytes of the form, with the seed, and nothing else mixed in. It
/// prints as 32 lower-case hexadecimal digits, most significant first, and reads back from 32 digits of
/// either case; its bytes are big-endian, so numbers, bytes and digits all sort the same way.
///
/// XXH3 is no cryptographic hash: who wants two texts to collide can make them. Inside a
/// [`Document`](crate::Document) equality is therefore checked on the text.
///
/// ```
/// use refrain::{fingerprint, Fingerprint};
///
/// let print = fingerprint("To be, or not to be");
/// assert_eq!(print, fingerprint("  to be,\u{A0}OR not to be\n"));
/// assert_eq!(print.to_string().parse(), Ok(print));
/// assert_eq!(Fingerprint::from_bytes(print.to_bytes()), print);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// The number of the rules by which texts become fingerprints: the canonical forms, the hash, the Unicode
    /// version. Whoever stores fingerprints stores this with them, and the seed and the name of the
    /// [`Normalization`].
    pub const SCHEME: u32 = 1;

    /// The Unicode version that the scheme is bound to.
    pub const UNICODE_VERSION: (u8, u8, u8) = unicode::VERSION;

    /// The fingerprint of bytes that are a canonical form already.
    #[inline]
    pub(crate) fn of_canonical(bytes: &[u8], seed: u64) -> Self {
        Self(xxh3_128_with_seed(bytes, seed))
    }

    /// The fingerprint with the value `value`.
    #[inline]
    pub const fn from_u128(value: u128) -> Self {
        Self(value)
    }

    /// Its value.
    #[inline]
    pub const fn to_u128(self) -> u128 {
        self.0
    }

    /// The fingerprint with these bytes, most significant first.
    #[inline]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// Its bytes, most significant first: XXH3's canonical representation.
    #[inline]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(digits: &str) -> Result<Self, FingerprintError> {
        if let Some((at, found)) = digits.char_indices().find(|(_, c)| !c.is_ascii_hexdigit()) {
            return Err(FingerprintError::Digit { found, at });
        }
        let length = FingerprintError::Length { digits: digits.len() };
        if digits.len() != 32 {
            return Err(length);
        }
        u128::from_str_radix(digits, 16).map(Self).map_err(|_| length)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = FingerprintError;

    fn try_from(digits: String) -> Result<Self, FingerprintError> {
        digits.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(print: Fingerprint) -> Self {
        print.to_string()
    }
}

/// The fingerprint of `text` as a whole: its default canonical form ([`Normalization::TEXT`]), seed 0.
///
/// For many texts a [`Fingerprinter`] saves the buffer; for a text with paragraphs in it,
/// [`Document`](crate::Document) has the fingerprint of each.
///
/// # Complexity
///
/// Linear in the text.
pub fn fingerprint(text: &str) -> Fingerprint {
    Fingerprinter::new().fingerprint(text)
}

/// Makes fingerprints of one kind, many in a row, with a buffer that is kept between them.
///
/// ```
/// use refrain::{fingerprint, Fingerprinter, Normalization};
///
/// let mut prints = Fingerprinter::new();
/// assert_eq!(prints.fingerprint("Amen."), fingerprint("Amen."));
///
/// let mut raw = Fingerprinter::new().normalization(Normalization::RAW).seed(7);
/// assert_ne!(raw.fingerprint("Amen."), raw.fingerprint("amen."));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Fingerprinter {
    normalizer: Normalizer,
    normalization: Normalization,
    seed: u64,
}

impl Fingerprinter {
    /// The default form, seed 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes fingerprints of another canonical form.
    #[must_use]
    pub fn normalization(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    /// Makes fingerprints with a seed: those of different seeds have nothing to do with each other. One that is
    /// kept secret makes collisions hard to prepare.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The fingerprint of `text` as a whole, white space around it left out unless the form is
    /// [`Normalization::RAW`].
    ///
    /// # Complexity
    ///
    /// Linear in the text. Once the buffer has grown to the longest form there is no allocation, unless more than
    /// four combining marks in a row have to be put in order.
    #[inline]
    pub fn fingerprint(&mut self, text: &str) -> Fingerprint {
        self.form_and_fingerprint(text).1
    }

    /// Makes fingerprints of another kind from now on.
    pub(crate) fn set(&mut self, normalization: Normalization, seed: u64) {
        (self.normalization, self.seed) = (normalization, seed);
    }

    /// The canonical form of `text`, in UTF-8, and its fingerprint.
    #[inline]
    pub(crate) fn form_and_fingerprint<'a>(&'a mut self, text: &'a str) -> (&'a [u8], Fingerprint) {
        let form = self.normalizer.canonical(text, self.normalization);
        (form, Fingerprint::of_canonical(form, self.seed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_bytes_and_number_agree() {
        let print = Fingerprint::from_u128(0x0123_4567_89ab_cdef_0011_2233_4455_6677);
        assert_eq!(print.to_string(), "0123456789abcdef0011223344556677");
        assert_eq!(print.to_bytes()[..2], [0x01, 0x23]);
        assert_eq!(Fingerprint::from_bytes(print.to_bytes()), print);
        assert_eq!("0123456789ABCDEF0011223344556677".parse(), Ok(print));
    }

    #[test]
    fn what_is_no_fingerprint_is_said() {
        let cases = [
            ("", FingerprintError::Length { digits: 0 }),
            ("0123", FingerprintError::Length { digits: 4 }),
            ("+123456789abcdef00112233445566770", FingerprintError::Digit { found: '+', at: 0 }),
            ("0123456789abcdefg011223344556677", FingerprintError::Digit { found: 'g', at: 16 }),
            ("0\u{AD}", FingerprintError::Digit { found: '\u{AD}', at: 1 }),
        ];
        for (digits, expected) in cases {
            assert_eq!(digits.parse::<Fingerprint>(), Err(expected), "{digits:?}");
        }
    }

    #[test]
    fn the_seed_and_the_form_matter_and_the_preset_is_not_mixed_in() {
        let seeded = |seed| Fingerprinter::new().seed(seed).fingerprint("amen");
        assert_ne!(seeded(0), seeded(1));
        let forms = [Normalization::RAW, Normalization::WHITESPACE, Normalization::TEXT];
        for form in forms {
            let print = Fingerprinter::new().normalization(form).fingerprint("amen");
            assert_eq!(print.to_u128(), xxhash_rust::xxh3::xxh3_128(b"amen"));
        }
    }
}
