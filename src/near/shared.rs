//! Which parts of two texts are the same.

use std::collections::HashMap;

use super::shingles::{Shingler, roll};
use crate::span::Span;
use crate::unicode::{self, DIRECT, SPACE};
use crate::words::{begins_a_word, words};

/// A part that two texts share.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Shared {
    here: Span,
    there: Span,
}

impl Shared {
    /// Where it stands in the first text.
    pub fn here(self) -> Span {
        self.here
    }

    /// Where it stands in the second.
    pub fn there(self) -> Span {
        self.there
    }
}

/// The words of a text: their hashes, and where each stands.
#[derive(Default)]
struct Words {
    hashes: Vec<u64>,
    spans: Vec<Span>,
}

impl Shingler {
    /// Which parts of two texts are the same: runs of words, as long as they go, in the order of the first
    /// text. Every shingle that is in both is in one of them, as often as it is in both; a run has as many
    /// words as a shingle at least, or is all of two short texts.
    ///
    /// A run begins and ends with what stands between white space, or with a letter of a script without
    /// spaces.
    ///
    /// ```
    /// use refrain::near::Shingler;
    ///
    /// let here = "News: the ferry sails at nine, says Ann.";
    /// let there = "The ferry sails at nine. Tickets as before.";
    /// let shared = Shingler::new().size(3).shared(here, there);
    /// assert_eq!(shared.len(), 1);
    /// assert_eq!(&here[shared[0].here()], "the ferry sails at nine,");
    /// assert_eq!(&there[shared[0].there()], "The ferry sails at nine.");
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in both texts.
    pub fn shared(&mut self, here: &str, there: &str) -> Vec<Shared> {
        let (a, b) = (self.words(here), self.words(there));
        let size = self.words_in_a_shingle();
        if a.hashes.len() < size || b.hashes.len() < size {
            let same = !a.hashes.is_empty() && a.hashes == b.hashes;
            let all = |words: &Words| words.span(0, words.hashes.len());
            return same.then(|| Shared { here: all(&a), there: all(&b) }).into_iter().collect();
        }
        let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
        roll(&a.hashes, size, &mut of_a);
        roll(&b.hashes, size, &mut of_b);
        let run = |run: (usize, usize, usize)| Shared {
            here: a.span(run.0, run.0 + run.2 + size - 1),
            there: b.span(run.1, run.1 + run.2 + size - 1),
        };
        runs(&of_a, &of_b).into_iter().map(run).collect()
    }

    /// The words of a text, the same as [`read`](Self::read) sees.
    fn words(&mut self, text: &str) -> Words {
        let mut all = Words::default();
        let seed = self.word_seed();
        let mut start = 0;
        let mut piece = |shingler: &mut Self, start: usize, end: usize| {
            words(shingler.form(&text[start..end]), seed, &mut all.hashes);
            all.spans.resize(all.hashes.len(), Span::new(start, end));
        };
        for (at, c) in text.char_indices() {
            // Nothing combines across white space, nor across the front of a direct character, so the form of
            // the text is made of the forms of these pieces.
            if unicode::is(c, SPACE) {
                piece(self, start, at);
                start = at + c.len_utf8();
            } else if begins_a_word(c) && unicode::is(c, DIRECT) {
                piece(self, start, at);
                start = at;
            }
        }
        piece(self, start, text.len());
        all
    }
}

impl Words {
    /// From the word with number `first` to the one before `end`.
    fn span(&self, first: usize, end: usize) -> Span {
        let start = self.spans.get(first).map_or(0, |span| span.start());
        let last = end.checked_sub(1).and_then(|last| self.spans.get(last));
        Span::new(start, last.map_or(start, |span| span.end()))
    }
}

/// Runs of what is equal in two lists, each item of either in one run at most: where they begin in the first
/// and in the second, and their length. Every item of the first that has a free counterpart in the second is
/// in one.
fn runs(a: &[u64], b: &[u64]) -> Vec<(usize, usize, usize)> {
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, hash) in b.iter().enumerate().rev() {
        places.entry(*hash).or_default().push(at);
    }
    let mut used = vec![false; b.len()];
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    // Where the last run would go on.
    let mut next: Option<usize> = None;
    for (i, hash) in a.iter().enumerate() {
        let goes_on = next.filter(|j| b.get(*j) == Some(hash) && !used[*j]);
        let place = goes_on.or_else(|| {
            let free = places.get_mut(hash)?;
            while free.last().is_some_and(|j| used[*j]) {
                free.pop();
            }
            free.last().copied()
        });
        if let Some(j) = place {
            used[j] = true;
            match runs.last_mut() {
                Some(run) if goes_on.is_some() => run.2 += 1,
                _ => runs.push((i, j, 1)),
            }
        }
        next = place.map(|j| j + 1);
    }
    runs
}
