//! The options of an index of passages.

use crate::error::PassageError;
use crate::normalize::Normalization;

/// The default minimum number of words of a passage.
const MIN_WORDS: usize = 50;

/// The options of [`Passages`](super::Passages): the minimum length of a passage, and when words
/// are equal.
///
/// ```
/// use refrain::passages::PassageOptions;
///
/// let options = PassageOptions::new().min_words(25)?.seed(7);
/// assert_eq!(options.to_string(), "form text, seed 7, passages of 25 words");
/// assert!(PassageOptions::new().min_words(0).is_err());
/// # Ok::<(), refrain::error::PassageError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Unchecked", into = "Unchecked"))]
pub struct PassageOptions {
    pub(super) min_words: usize,
    pub(super) min_bytes: usize,
    pub(super) normalization: Normalization,
    pub(super) seed: u64,
}

impl Default for PassageOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl PassageOptions {
    /// Creates options for passages of at least 50 words of the default canonical form, with seed
    /// 0.
    pub fn new() -> Self {
        Self { min_words: MIN_WORDS, min_bytes: 0, normalization: Normalization::default(), seed: 0 }
    }

    /// Sets the minimum number of words of a passage, 50 by default. Every run of that many equal
    /// words is found, and no shorter one. Words are compared together with the text before them:
    /// if that text differs before the first word of a run, the run is equal only from its second
    /// word on. If it differs only by [some signs](crate::passages#definition), the first word is
    /// added to a passage that is found.
    ///
    /// A word is a run of letters, combining marks and digits; in a script without spaces between
    /// words, each letter is a word, so 50 words are about half as much text there as in English.
    ///
    /// # Errors
    ///
    /// [`PassageError::MinWords`] if `words` is 0.
    pub fn min_words(self, words: usize) -> Result<Self, PassageError> {
        if words == 0 { Err(PassageError::MinWords) } else { Ok(Self { min_words: words, ..self }) }
    }

    /// Sets the minimum length of a passage in bytes of the text that is queried, 0 by default.
    ///
    /// Shorter passages are left out of the answers. This is only a filter, for scripts in which
    /// words are short: a passage must also have the minimum number of words.
    #[must_use]
    pub fn min_bytes(self, bytes: usize) -> Self {
        Self { min_bytes: bytes, ..self }
    }

    /// Sets the canonical form, which decides when words are equal.
    ///
    /// A word is compared together with the canonical text between the word and the word before, so
    /// `a+b` differs from `a-b`. If the form [removes
    /// punctuation](Normalization::strip_punctuation), words are compared alone.
    #[must_use]
    pub fn normalization(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    /// Sets the seed of the hashes, 0 by default.
    ///
    /// The seed changes no answer, unless hashes of 32 bits collide. Each end of a passage is wrong
    /// by one word with a probability of 2⁻³². At the start, the probability is up to 2⁻²⁷, because
    /// the word in front of a passage may be compared with up to 28 hashes, one for each sequence
    /// of signs that may precede it. An attacker who knows the seed can construct words that
    /// collide, so use a secret seed for hostile text.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}

/// Describes the options on which stored words depend.
impl std::fmt::Display for PassageOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { min_words, normalization, seed, .. } = self;
        write!(f, "form {normalization}, seed {seed}, passages of {min_words} words")
    }
}

/// The serialized form, which is checked when it is read.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Unchecked {
    min_words: usize,
    min_bytes: usize,
    normalization: Normalization,
    seed: u64,
}

#[cfg(feature = "serde")]
impl Default for Unchecked {
    fn default() -> Self {
        PassageOptions::new().into()
    }
}

#[cfg(feature = "serde")]
impl From<PassageOptions> for Unchecked {
    fn from(PassageOptions { min_words, min_bytes, normalization, seed }: PassageOptions) -> Self {
        Self { min_words, min_bytes, normalization, seed }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Unchecked> for PassageOptions {
    type Error = PassageError;

    fn try_from(
        Unchecked { min_words, min_bytes, normalization, seed }: Unchecked,
    ) -> Result<Self, PassageError> {
        Ok(Self::new().min_words(min_words)?.min_bytes(min_bytes).normalization(normalization).seed(seed))
    }
}
