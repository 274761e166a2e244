//! Reading the shingles of a text.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::shingles::Shingles;
use super::sort::Sorter;
use super::words::{mix, words};
use crate::document::Document;
use crate::normalize::{Normalization, Normalizer};
use crate::span::Span;

/// The default number of words in a shingle.
const WORDS: usize = 5;

/// The base of the polynomial hash.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// Splits texts into [`Shingles`]: every run of n words in a row of the canonical form.
///
/// A word is a run of letters, combining marks and digits; in a script without spaces between
/// words, each letter is a word. A shingle depends on its words and the seed only, so the same
/// words give the same shingle in every text.
///
/// Texts that are compared must be read with the same size, form and seed. This is not checked:
/// texts read with different ones are usually not found to be similar.
///
/// ```
/// use refrain::near::Shingler;
///
/// let shingler = Shingler::new().words_per_shingle(2);
/// let first = shingler.shingle("The ferry sails.");
/// let second = shingler.shingle("the FERRY sails, again");
/// assert_eq!((first.len(), second.len()), (2, 3));
/// assert_eq!(first.similarity(&second), 2.0 / 3.0);
/// assert_eq!((first.containment(&second), second.containment(&first)), (1.0, 2.0 / 3.0));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Unchecked", into = "Unchecked"))]
pub struct Shingler {
    words_per_shingle: usize,
    normalization: Normalization,
    seed: u64,
}

impl Default for Shingler {
    fn default() -> Self {
        Self::new()
    }
}

impl Shingler {
    /// Creates a shingler for shingles of five words of the default canonical form, with seed 0.
    pub fn new() -> Self {
        Self { words_per_shingle: WORDS, normalization: Normalization::default(), seed: 0 }
    }

    /// Sets the number of words in a shingle, 5 by default. A value of 0 counts as 1.
    ///
    /// Shorter shingles also find reworded texts, and more texts that are similar by chance; longer
    /// shingles find copies only. Shingles of different sizes cannot be compared, which is not
    /// checked.
    #[must_use]
    pub fn words_per_shingle(self, words: usize) -> Self {
        Self { words_per_shingle: words.max(1), ..self }
    }

    /// Sets the canonical form whose words are read. Shingles of different forms cannot be
    /// compared, which is not checked.
    #[must_use]
    pub fn normalization(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    /// Sets the seed of the hashes, 0 by default. Shingles of different seeds cannot be compared,
    /// which is not checked: they are not found to be similar.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Returns the shingles of `text`.
    ///
    /// # Complexity
    ///
    /// Linear in the length of `text`; O(n log n) if the high bits of many hashes are equal. The
    /// result has eight bytes for each word.
    pub fn shingle(&self, text: &str) -> Shingles {
        Reader::default().read(self, text)
    }

    /// Returns the shingles of each segment of `document`, in order.
    ///
    /// # Complexity
    ///
    /// That of [`shingle`](Self::shingle) for the whole text.
    pub fn shingle_segments(&self, document: &Document<'_>) -> Vec<Shingles> {
        let mut reader = Reader::default();
        let segments = document.segments();
        segments.map(|segment| reader.read(self, segment.text()).with_span(segment.span())).collect()
    }

    /// Describes everything that a shingle depends on, in words.
    pub(crate) fn description(&self) -> String {
        let Self { words_per_shingle, normalization, seed } = self;
        format!("form {normalization}, seed {seed}, shingles of {words_per_shingle}")
    }

    pub(crate) fn size(&self) -> usize {
        self.words_per_shingle
    }

    pub(crate) fn form(&self) -> Normalization {
        self.normalization
    }

    pub(crate) fn word_seed(&self) -> u64 {
        self.seed
    }
}

/// The serialized form, which is checked when it is read.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Unchecked {
    words_per_shingle: usize,
    normalization: Normalization,
    seed: u64,
}

#[cfg(feature = "serde")]
impl Default for Unchecked {
    fn default() -> Self {
        Shingler::new().into()
    }
}

#[cfg(feature = "serde")]
impl From<Shingler> for Unchecked {
    fn from(Shingler { words_per_shingle, normalization, seed }: Shingler) -> Self {
        Self { words_per_shingle, normalization, seed }
    }
}

#[cfg(feature = "serde")]
impl From<Unchecked> for Shingler {
    fn from(Unchecked { words_per_shingle, normalization, seed }: Unchecked) -> Self {
        Self::new().words_per_shingle(words_per_shingle).normalization(normalization).seed(seed)
    }
}

/// The buffers that the texts of one call share.
#[derive(Default)]
struct Reader {
    normalizer: Normalizer,
    words: Vec<u64>,
    sorter: Sorter,
}

impl Reader {
    fn read(&mut self, shingler: &Shingler, text: &str) -> Shingles {
        let Shingler { words_per_shingle: size, normalization, seed } = *shingler;
        let form = self.normalizer.canonical(text, normalization);
        self.words.clear();
        words(form, seed, &mut self.words);
        let hashes = self.sorter.start();
        if self.words.is_empty() {
            // A text of signs only: `!!!` and `???` differ.
            hashes.push(finish(xxh3_64_with_seed(form, seed), 0));
        } else if self.words.len() < size {
            let sum = self.words.iter().fold(0, |sum, word| push(sum, *word));
            hashes.push(finish(sum, self.words.len()));
        } else {
            roll(&self.words, size, hashes);
        }
        Shingles::from_sorted(self.sorter.sorted(), Span::new(0, text.len()))
    }
}

/// Appends a word to a polynomial.
fn push(sum: u64, word: u64) -> u64 {
    sum.wrapping_mul(BASE).wrapping_add(word)
}

/// Mixes the polynomial of `words` words, so that all bits of the hash are equally good.
fn finish(sum: u64, words: usize) -> u64 {
    mix(sum ^ (words as u64).wrapping_mul(0xD1B5_4A32_D192_ED03))
}

/// Hashes every `size` words in a row, of which there must be at least `size`.
///
/// The hash is a polynomial in the hashes of the words (Karp and Rabin 1987): the first word is
/// subtracted when the next one is added.
pub(crate) fn roll(words: &[u64], size: usize, hashes: &mut Vec<u64>) {
    let (first, rest) = words.split_at(size.min(words.len()));
    let highest = (1..size).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut sum = first.iter().fold(0, |sum, word| push(sum, *word));
    hashes.reserve(rest.len() + 1);
    hashes.push(finish(sum, size));
    hashes.extend(rest.iter().zip(words).map(|(new, old)| {
        sum = push(sum.wrapping_sub(old.wrapping_mul(highest)), *new);
        finish(sum, size)
    }));
}
