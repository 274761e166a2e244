//! Shingles: every few words in a row, as numbers.

use super::sort::Sorter;
use crate::document::Document;
use crate::normalize::{Normalization, Normalizer};
use crate::span::Span;
use crate::steps;
use crate::words::{mix, words};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Words in a shingle, unless the caller says otherwise.
const SIZE: usize = 5;

/// What a word counts in a shingle as it moves one place on.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Reads texts into [`Shingles`]: all runs of so many words of the canonical form, with memory that is kept
/// from one text to the next.
///
/// A word is a run of letters, marks and digits; in a script without spaces each letter is one. What a
/// shingle is depends on nothing but these words and the seed, so the same words are the same shingle in
/// every text.
///
/// ```
/// use refrain::near::Shingler;
///
/// let mut shingler = Shingler::new().size(2);
/// let (a, b) = (shingler.read("The ferry sails."), shingler.read("the FERRY sails, again"));
/// assert_eq!((a.len(), b.len()), (2, 3));
/// assert_eq!(a.resemblance(&b), 2.0 / 3.0);
/// assert_eq!((a.containment(&b), b.containment(&a)), (1.0, 2.0 / 3.0));
/// ```
#[derive(Clone, Debug)]
pub struct Shingler {
    size: usize,
    normalization: Normalization,
    seed: u64,
    // What follows is memory that is kept from one text to the next.
    normalizer: Normalizer,
    words: Vec<u64>,
    sorter: Sorter,
}

impl Default for Shingler {
    fn default() -> Self {
        Self::new()
    }
}

impl Shingler {
    /// Shingles of five words of the default canonical form, seed 0.
    pub fn new() -> Self {
        Self {
            size: SIZE,
            normalization: Normalization::default(),
            seed: 0,
            normalizer: Normalizer::default(),
            words: Vec::new(),
            sorter: Sorter::default(),
        }
    }

    /// So many words in a shingle; 0 counts as 1. Few find what is reworded, and what is alike by chance;
    /// many find copies.
    #[must_use]
    pub fn size(self, size: usize) -> Self {
        Self { size: size.max(1), ..self }
    }

    /// Words of another canonical form.
    #[must_use]
    pub fn normalization(self, normalization: Normalization) -> Self {
        Self { normalization, ..self }
    }

    /// Hashes with a seed. Shingles of different seeds have nothing to do with each other.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The shingles of a text.
    ///
    /// # Complexity
    ///
    /// Linear in the text (n log n where hashes crowd into one place); eight bytes for each word are kept.
    pub fn read(&mut self, text: &str) -> Shingles {
        let form = self.normalizer.canonical(text, self.normalization);
        self.words.clear();
        let seed = self.seed;
        words(form, seed, &mut self.words);
        let hashes = self.sorter.start();
        if self.words.is_empty() {
            // A text of nothing but signs: `!!!` is not `???`.
            hashes.push(finish(xxh3_64_with_seed(form, seed), 0));
        } else if self.words.len() < self.size {
            let sum = self.words.iter().fold(0, |sum, word| push(sum, *word));
            hashes.push(finish(sum, self.words.len()));
        } else {
            roll(&self.words, self.size, hashes);
        }
        Shingles::from_sorted(self.sorter.sorted(), Span::new(0, text.len()))
    }

    /// The shingles of each segment of a document: of its paragraphs, if it was read by lines or blocks.
    pub fn read_segments(&mut self, doc: &Document<'_>) -> Vec<Shingles> {
        doc.segments().map(|segment| Shingles { span: segment.span(), ..self.read(segment.text()) }).collect()
    }

    pub(super) fn form<'a>(&'a mut self, text: &'a str) -> &'a [u8] {
        self.normalizer.canonical(text, self.normalization)
    }

    /// All that decides what a shingle is, in words.
    pub(super) fn line(&self) -> String {
        format!("form {}, seed {}, shingles of {}", self.normalization, self.seed, self.size)
    }

    pub(super) fn words_in_a_shingle(&self) -> usize {
        self.size
    }

    pub(super) fn word_seed(&self) -> u64 {
        self.seed
    }
}

/// A sum with one word more at its end.
fn push(sum: u64, word: u64) -> u64 {
    sum.wrapping_mul(STEP).wrapping_add(word)
}

/// A sum of so many words as a hash whose bits are all of one quality.
fn finish(sum: u64, words: usize) -> u64 {
    mix(sum ^ (words as u64).wrapping_mul(0xD1B5_4A32_D192_ED03))
}

/// The hash of every `size` words in a row, of which there are as many at least: a polynomial in the hashes
/// of the words, from which the word in front is taken as the next one is added.
pub(super) fn roll(words: &[u64], size: usize, hashes: &mut Vec<u64>) {
    let (first, rest) = words.split_at(size.min(words.len()));
    let last_step = (1..size).fold(1_u64, |step, _| step.wrapping_mul(STEP));
    let mut sum = first.iter().fold(0, |sum, word| push(sum, *word));
    hashes.reserve(rest.len() + 1);
    hashes.push(finish(sum, size));
    hashes.extend(rest.iter().zip(words).map(|(new, old)| {
        sum = push(sum.wrapping_sub(old.wrapping_mul(last_step)), *new);
        finish(sum, size)
    }));
}

/// The shingles of a text, each as often as it stands there: a multiset, in which a text and the same text
/// doubled are not equal.
///
/// A text with fewer words than a shingle has one, of all its words; one without words has one, of all its
/// signs. So short texts are compared whole.
#[derive(Clone, PartialEq, Debug)]
pub struct Shingles {
    /// Sorted.
    hashes: Vec<u64>,
    /// How many are in the lower half of all numbers.
    low: usize,
    /// How much they clump: the mean over all shingles of how often each stands there; 1 if none stands
    /// twice.
    clumps: f64,
    span: Span,
}

impl Shingles {
    pub(super) fn from_sorted(hashes: Vec<u64>, span: Span) -> Self {
        let low = hashes.partition_point(|hash| *hash < 1 << 63);
        // The square of a count is the sum of as many odd numbers.
        let (mut sum, mut times) = (hashes.len() as u64, 0_u64);
        for pair in hashes.windows(2) {
            times = (times + 1) * u64::from(pair[0] == pair[1]);
            sum += 2 * times;
        }
        let clumps = sum as f64 / hashes.len().max(1) as f64;
        Self { hashes, low, clumps, span }
    }

    pub(super) fn clumps(&self) -> f64 {
        self.clumps
    }

    fn halves(&self) -> (&[u64], &[u64]) {
        self.hashes.split_at(self.low)
    }

    /// Reads a little of what a comparison begins with, for the sake of reading it: memory answers for
    /// several texts at a time.
    pub(super) fn touch(&self) -> u64 {
        let places = [0, 8, 16, self.low, self.low + 8, self.low + 16];
        places.iter().filter_map(|place| self.hashes.get(*place)).fold(0, |read, hash| read ^ hash)
    }

    /// How many there are: one at least.
    #[expect(clippy::len_without_is_empty, reason = "there is no text without any")]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Where they are from: the segment, or all of the text.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The hashes, sorted, equal ones as often as they stand in the text.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    /// How much two texts are alike, from 0 to 1 (Broder 1997, for multisets): what is in both, as a part of
    /// what is in either, a shingle that stands several times counting that often.
    ///
    /// # Complexity
    ///
    /// Linear in both.
    pub fn resemblance(&self, other: &Self) -> f64 {
        Overlap::of(self, other).resemblance()
    }

    /// How much of this text is in the other one, from 0 to 1.
    ///
    /// # Complexity
    ///
    /// Linear in both.
    pub fn containment(&self, other: &Self) -> f64 {
        Overlap::of(self, other).containment()
    }
}

/// How many steps are made in either half before it is asked whether more make sense.
const STRIDE: usize = 32;

/// Two sorted lists on the way to what is in both.
struct Merge<'s> {
    here: &'s [u64],
    there: &'s [u64],
    i: usize,
    j: usize,
    both: usize,
}

impl<'s> Merge<'s> {
    fn new(here: &'s [u64], there: &'s [u64]) -> Self {
        Self { here, there, i: 0, j: 0, both: 0 }
    }

    #[inline(always)]
    fn step(&mut self) {
        if let (Some(a), Some(b)) = (self.here.get(self.i), self.there.get(self.j)) {
            self.both += usize::from(a == b);
            self.i += usize::from(a <= b);
            self.j += usize::from(a >= b);
        }
    }

    fn is_done(&self) -> bool {
        self.i == self.here.len() || self.j == self.there.len()
    }
}

/// What two texts share.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Overlap {
    pub(super) here: usize,
    pub(super) there: usize,
    pub(super) both: usize,
}

impl Overlap {
    /// Of two texts.
    pub(super) fn of(here: &Shingles, there: &Shingles) -> Self {
        let none = Self { here: here.len(), there: there.len(), both: 0 };
        Self::of_while(here, there, |_| true).unwrap_or(none)
    }

    /// The same, or `None` as soon as what was compared so far is not worth going on with.
    pub(super) fn of_while(
        here: &Shingles,
        there: &Shingles,
        goes_on: impl Fn(Self) -> bool,
    ) -> Option<Self> {
        // Each step waits for the one before it, so two halves are merged at a time: their steps do not wait
        // for each other.
        let ((a, b), (c, d)) = (here.halves(), there.halves());
        let (mut low, mut high) = (Merge::new(a, c), Merge::new(b, d));
        while !(low.is_done() && high.is_done()) {
            for _ in 0..STRIDE {
                low.step();
                high.step();
            }
            steps::count(2 * STRIDE);
            let part = Self { here: low.i + high.i, there: low.j + high.j, both: low.both + high.both };
            if !goes_on(part) {
                return None;
            }
        }
        Some(Self { here: here.len(), there: there.len(), both: low.both + high.both })
    }

    pub(super) fn resemblance(self) -> f64 {
        part(self.both, self.here + self.there - self.both)
    }

    /// How much of this is in the other.
    pub(super) fn containment(self) -> f64 {
        part(self.both, self.here)
    }

    /// How much of the other is in this.
    pub(super) fn contained(self) -> f64 {
        part(self.both, self.there)
    }
}

fn part(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
