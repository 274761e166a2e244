//! Fingerprints: 128-bit hashes of canonical forms.

use std::fmt;
use std::str::FromStr;

use xxhash_rust::xxh3::xxh3_128_with_seed;

use crate::error::FingerprintError;
use crate::normalize::{Normalization, Normalizer};
use crate::unicode;

/// A 128-bit hash of the canonical form of a text.
///
/// The value is the XXH3-128 hash of the UTF-8 bytes of the form, with a seed. It is the same on
/// every platform and in every release with the same [`SCHEME`](Self::SCHEME).
///
/// `Display` writes 32 lower-case hexadecimal digits, the most significant first, and `FromStr`
/// reads 32 digits of either case. [`to_bytes`](Self::to_bytes) is big-endian, so numbers, bytes
/// and digits have the same order.
///
/// XXH3 is not a cryptographic hash: collisions can be constructed on purpose. A
/// [`Document`](crate::Document) therefore compares the canonical forms of segments with equal
/// fingerprints.
///
/// ```
/// use refrain::{Fingerprint, fingerprint};
///
/// let print = fingerprint("To be, or not to be");
/// assert_eq!(print, fingerprint("  to be, OR\tnot to be\n"));
/// assert_eq!(print.to_string().parse(), Ok(print));
/// assert_eq!(Fingerprint::from_bytes(print.to_bytes()), print);
///
/// // For databases without 128-bit numbers.
/// assert_eq!(print.high_i64(), (print.to_u128() >> 64) as i64);
/// assert_eq!(print.low_i64(), print.to_u128() as i64);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// The version of the rules by which fingerprints are computed: the canonical forms, the hash
    /// function, and the Unicode version.
    ///
    /// Store it along with fingerprints, and also the seed and the name of the [`Normalization`],
    /// because only fingerprints that agree in all three can be compared.
    pub const SCHEME: u32 = 1;

    /// The Unicode version of the scheme, as major, minor and update number.
    pub const UNICODE_VERSION: (u8, u8, u8) = unicode::VERSION;

    /// Returns the fingerprint of a canonical form.
    #[inline]
    pub(crate) fn of_canonical(bytes: &[u8], seed: u64) -> Self {
        Self(xxh3_128_with_seed(bytes, seed))
    }

    /// Creates a fingerprint from its value.
    #[inline]
    pub const fn from_u128(value: u128) -> Self {
        Self(value)
    }

    /// Returns the value of the fingerprint.
    #[inline]
    pub const fn to_u128(self) -> u128 {
        self.0
    }

    /// Creates a fingerprint from 16 bytes, the most significant first.
    #[inline]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// Returns the value as 16 bytes, the most significant first: the canonical representation of
    /// XXH3.
    #[inline]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// Returns the 64 most significant bits as a signed number, for databases without 128-bit
    /// numbers.
    #[inline]
    pub const fn high_i64(self) -> i64 {
        (self.0 >> 64) as i64
    }

    /// Returns the 64 least significant bits as a signed number, for databases without 128-bit
    /// numbers.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the bits of the lower half")]
    pub const fn low_i64(self) -> i64 {
        self.0 as i64
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
        let length = FingerprintError::Length { bytes: digits.len() };
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

/// Returns the fingerprint of `text` as a whole, with its default canonical form
/// ([`Normalization::TEXT`]) and seed 0.
///
/// For many texts, a [`Fingerprinter`] is faster, because it reuses a buffer. For the fingerprints
/// of the lines or paragraphs of a text, see [`Document`](crate::Document).
///
/// ```
/// use refrain::fingerprint;
///
/// assert_eq!(fingerprint("\u{201C}Good morning\u{201D}"), fingerprint("\"GOOD  morning\""));
/// assert_ne!(fingerprint("Good morning"), fingerprint("Good evening"));
/// ```
///
/// # Complexity
///
/// Linear in the length of the text.
pub fn fingerprint(text: &str) -> Fingerprint {
    Fingerprinter::new().fingerprint(text)
}

/// Computes the fingerprints of many texts, and reuses its buffer.
///
/// ```
/// use refrain::{Fingerprinter, Normalization, fingerprint};
///
/// let mut default = Fingerprinter::new();
/// assert_eq!(default.fingerprint("Amen."), fingerprint("Amen."));
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
    /// Creates a fingerprinter with the default canonical form and seed 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the canonical form.
    #[must_use]
    pub fn normalization(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    /// Sets the seed, 0 by default. Fingerprints with different seeds cannot be compared. A secret
    /// seed makes it hard to construct collisions.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Returns the fingerprint of `text` as a whole. White space at both ends is ignored, unless
    /// the form is [`Normalization::RAW`].
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text. Once the buffer has grown to the longest form, nothing is
    /// allocated, except to decode references, for a character that decomposes into more than four,
    /// and for more than four combining marks in a row.
    #[inline]
    pub fn fingerprint(&mut self, text: &str) -> Fingerprint {
        self.form_and_fingerprint(text).1
    }

    /// Sets the canonical form and the seed.
    pub(crate) fn set(&mut self, normalization: Normalization, seed: u64) {
        (self.normalization, self.seed) = (normalization, seed);
    }

    /// Returns the canonical form of `text`, in UTF-8, and its fingerprint.
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
            ("", FingerprintError::Length { bytes: 0 }),
            ("0123", FingerprintError::Length { bytes: 4 }),
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
