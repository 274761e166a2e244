//! The parts that two texts share.

use std::collections::HashMap;

use crate::normalize::Normalizer;
use crate::shingle::{Shingler, begins_a_word, roll, words};
use crate::span::Span;
use crate::unicode::{self, DIRECT, SPACE};

/// A run of words that occurs in two texts: its span in the first text and in the second.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CommonSpan {
    first: Span,
    second: Span,
}

impl CommonSpan {
    /// Returns the span in the first text.
    pub fn first(self) -> Span {
        self.first
    }

    /// Returns the span in the second text.
    pub fn second(self) -> Span {
        self.second
    }
}

/// The hashes of the words of a text, and the span of each.
#[derive(Default)]
struct Words {
    hashes: Vec<u64>,
    spans: Vec<Span>,
}

impl Shingler {
    /// Returns the runs of words that both texts have, in the order of the first text. They may
    /// overlap, and may be in another order in the second text.
    ///
    /// A shingle that occurs `m` times in the first text and `n` times in the second is part of a
    /// run min(`m`, `n`) times. A run has at least as many words as a shingle; as an exception, two
    /// equal texts with fewer words are one run. Each span extends to the nearest white space on
    /// both sides, so it includes punctuation next to a word. In a script without spaces, it ends
    /// directly before the letter that follows the run.
    ///
    /// ```
    /// use refrain::near::Shingler;
    ///
    /// let first = "News: the ferry sails at nine, says Ann.";
    /// let second = "The ferry sails at nine. Tickets as before.";
    /// let common = Shingler::new().words_per_shingle(3).common_spans(first, second);
    /// assert_eq!(common.len(), 1);
    /// assert_eq!(&first[common[0].first()], "the ferry sails at nine,");
    /// assert_eq!(&second[common[0].second()], "The ferry sails at nine.");
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the length of both texts.
    pub fn common_spans(&self, first: &str, second: &str) -> Vec<CommonSpan> {
        let mut normalizer = Normalizer::default();
        let a = Words::of(self, first, &mut normalizer);
        let b = Words::of(self, second, &mut normalizer);
        let size = self.size();
        if a.hashes.len() < size || b.hashes.len() < size {
            let same = !a.hashes.is_empty() && a.hashes == b.hashes;
            let all = |words: &Words| words.span(0, words.hashes.len());
            return same.then(|| CommonSpan { first: all(&a), second: all(&b) }).into_iter().collect();
        }
        let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
        roll(&a.hashes, size, &mut of_a);
        roll(&b.hashes, size, &mut of_b);
        let run = |run: (usize, usize, usize)| CommonSpan {
            first: a.span(run.0, run.0 + run.2 + size - 1),
            second: b.span(run.1, run.1 + run.2 + size - 1),
        };
        runs(&of_a, &of_b).into_iter().map(run).collect()
    }
}

impl Words {
    /// Returns the words of `text`, which are those that [`Shingler::shingle`] reads.
    fn of(shingler: &Shingler, text: &str, normalizer: &mut Normalizer) -> Self {
        let mut all = Self::default();
        let mut start = 0;
        let mut read = |start: usize, end: usize| {
            let form = normalizer.canonical(&text[start..end], shingler.form());
            words(form, shingler.word_seed(), &mut all.hashes);
            all.spans.resize(all.hashes.len(), Span::new(start, end));
        };
        for (at, c) in text.char_indices() {
            // No character combines with another one across white space, nor with one before a
            // direct character, so the form of the text is the concatenation of these forms.
            if unicode::is(c, SPACE) {
                read(start, at);
                start = at + c.len_utf8();
            } else if begins_a_word(c) && unicode::is(c, DIRECT) {
                read(start, at);
                start = at;
            }
        }
        read(start, text.len());
        all
    }

    /// Returns the span from word `first` to the word before `end`.
    fn span(&self, first: usize, end: usize) -> Span {
        let start = self.spans.get(first).map_or(0, |span| span.start());
        let last = end.checked_sub(1).and_then(|last| self.spans.get(last));
        Span::new(start, last.map_or(start, |span| span.end()))
    }
}

/// Returns runs of equal items of two lists: the start in `a`, the start in `b`, and the length. An
/// item is in at most one run, and each item of `a` with an unused equal item in `b` is in one.
fn runs(a: &[u64], b: &[u64]) -> Vec<(usize, usize, usize)> {
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, hash) in b.iter().enumerate().rev() {
        places.entry(*hash).or_default().push(at);
    }
    let mut used = vec![false; b.len()];
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    // The place in `b` at which the last run would be continued.
    let mut next: Option<usize> = None;
    for (i, hash) in a.iter().enumerate() {
        let continued = next.filter(|j| b.get(*j) == Some(hash) && !used[*j]);
        let place = continued.or_else(|| {
            let free = places.get_mut(hash)?;
            while free.last().is_some_and(|j| used[*j]) {
                free.pop();
            }
            free.last().copied()
        });
        if let Some(j) = place {
            used[j] = true;
            match runs.last_mut() {
                Some(run) if continued.is_some() => run.2 += 1,
                _ => runs.push((i, j, 1)),
            }
        }
        next = place.map(|j| j + 1);
    }
    runs
}
