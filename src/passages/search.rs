//! The search for passages, window by window from the left.
//!
//! Only windows that are new are posted, so the postings of an anchor are its different contexts.
//! An anchor has at most `cap` postings; a new window whose anchor is full is posted under the hash
//! of all its words. Lists of postings are only appended to, so a later window first meets the full
//! list, all of whose places are earlier, and then its own posting, of which there is exactly one.
//!
//! Invariant: the first place of each window that was inserted is that of a posting of its anchor;
//! or the anchor has `cap` earlier postings, and the window has a posting of its own.

use super::anchors::{Anchor, Sampling};
use super::corpus::{Copy, Corpus};
use super::room::index;
use super::table::{Kind, Posting, Table};
use crate::work;

/// The number of anchors whose slots are loaded together.
const AHEAD: usize = 32;

/// The number of words that are compared on the left before recorded copies are looked up.
const PLAIN: usize = 64;

/// A passage: words `start..end` of a text, which are equal to the words from place `source` on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Match {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) source: u64,
}

/// The side of a search that may insert.
pub(super) trait Postings {
    /// Returns the table that is searched.
    fn table(&self) -> &Table;

    /// Posts the gram or window at word `at` of the text.
    fn post(&mut self, kind: Kind, key: u64, at: usize);
}

/// Posts nothing: the text is only searched for.
pub(super) struct Query<'a>(pub(super) &'a Table);

impl Postings for Query<'_> {
    fn table(&self) -> &Table {
        self.0
    }

    fn post(&mut self, _: Kind, _: u64, _: usize) {}
}

/// Posts the new windows of a text whose words were appended at place `first`.
pub(super) struct Insert<'a> {
    pub(super) table: &'a mut Table,
    pub(super) first: u64,
    /// The postings so far, to be taken back; `None` if they are not needed.
    pub(super) log: Option<&'a mut Vec<Posting>>,
    /// True if the table has grown.
    pub(super) grown: bool,
}

impl Postings for Insert<'_> {
    fn table(&self) -> &Table {
        self.table
    }

    fn post(&mut self, kind: Kind, key: u64, at: usize) {
        let posting = Posting { kind, key, place: self.first + at as u64 };
        self.grown |= self.table.insert(posting);
        if let Some(log) = &mut self.log {
            log.push(posting);
        }
    }
}

/// A posting of the present anchor, and how far its words are equal.
struct Candidate {
    place: u64,
    left: usize,
    right: usize,
}

/// The state of a search, whose buffers are reused.
#[derive(Default)]
pub(super) struct Search {
    candidates: Vec<Candidate>,
    /// The last window that was hashed, and its hash.
    hashed: Option<(usize, u64)>,
    pub(super) found: Vec<Match>,
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").field("found", &self.found).finish_non_exhaustive()
    }
}

impl Search {
    /// Finds the passages of `here`, whose anchors are given. The result is in
    /// [`found`](Self::found).
    ///
    /// # Complexity
    ///
    /// Linear in the number of words: at most `cap` comparisons for each anchor, and one lookup
    /// more for each window that is new.
    pub(super) fn run(
        &mut self,
        corpus: &Corpus,
        sampling: &Sampling,
        here: &[u32],
        anchors: &[Anchor],
        postings: &mut impl Postings,
    ) {
        self.found.clear();
        self.hashed = None;
        let windows = (here.len() + 1).saturating_sub(sampling.window);
        let mut window = 0;
        let mut loaded = 0;
        for (number, anchor) in anchors.iter().enumerate() {
            let after = anchors.get(number + 1).map_or(windows, |next| next.window as usize);
            if after <= window {
                continue;
            }
            if number >= loaded {
                loaded = number + AHEAD;
                let ahead = anchors[number..].iter().take(AHEAD);
                // Independent loads overlap; those in the search depend on each other.
                let sum = ahead.fold(0, |sum, anchor| sum ^ postings.table().touch(anchor.key));
                std::hint::black_box(sum);
            }
            window = window.max(anchor.window as usize);
            self.anchor(corpus, sampling, here, (*anchor, after), &mut window, postings);
        }
    }

    /// Searches for the windows of an anchor, from `window` up to `after`.
    fn anchor(
        &mut self,
        corpus: &Corpus,
        sampling: &Sampling,
        here: &[u32],
        (anchor, after): (Anchor, usize),
        window: &mut usize,
        postings: &mut impl Postings,
    ) {
        let gram = anchor.gram as usize;
        self.candidates.clear();
        let candidates = &mut self.candidates;
        postings.table().find(Kind::Gram, anchor.key, |place| {
            let there = corpus.from(place);
            work::count(sampling.gram);
            if there.get(..sampling.gram) != Some(&here[gram..gram + sampling.gram]) {
                return None;
            }
            let left = equal_left(&here[*window..gram], &corpus.words[..index(place)]);
            let right = equal_right(&here[gram..], &there[..there.len().min(sampling.window)]);
            candidates.push(Candidate { place, left, right });
            (candidates.len() == sampling.cap).then_some(())
        });
        let is_full = self.candidates.len() == sampling.cap;
        let mut is_posted = false;
        while *window < after {
            let before = gram - *window;
            work::count(1 + self.candidates.len());
            let fits = |found: &&Candidate| found.left >= before && found.right >= sampling.window - before;
            let mut source = self.candidates.iter().find(fits).map(|found| found.place - before as u64);
            let mut key = anchor.key;
            if source.is_none() && is_full {
                key = self.window_key(sampling, here, *window);
                let words = &here[*window..*window + sampling.window];
                source = postings.table().find(Kind::Window, key, |place| {
                    work::count(sampling.window);
                    (corpus.from(place).get(..sampling.window) == Some(words)).then_some(place)
                });
            }
            match source {
                Some(source) => {
                    let found = self.extend(corpus, sampling, here, *window, source);
                    *window = found.end - sampling.window + 1;
                    while self.found.last().is_some_and(|last| last.start >= found.start) {
                        self.found.pop();
                    }
                    self.found.push(found);
                }
                None => {
                    if is_full {
                        postings.post(Kind::Window, key, *window);
                    } else if !is_posted {
                        postings.post(Kind::Gram, key, gram);
                        is_posted = true;
                    }
                    *window += 1;
                }
            }
        }
    }

    /// Returns the key of a window, whose hash is that of the last window rolled on if it is near.
    fn window_key(&mut self, sampling: &Sampling, here: &[u32], window: usize) -> u64 {
        let hash = match self.hashed {
            Some((last, mut hash)) if window - last < sampling.window => {
                work::count(window - last);
                for at in last..window {
                    hash = sampling.roll(hash, here[at], here[at + sampling.window]);
                }
                hash
            }
            _ => sampling.window_hash(&here[window..window + sampling.window]),
        };
        self.hashed = Some((window, hash));
        sampling.window_key(hash)
    }

    /// Extends a window that is equal to the one at `source` on both sides.
    fn extend(
        &self,
        corpus: &Corpus,
        sampling: &Sampling,
        here: &[u32],
        window: usize,
        source: u64,
    ) -> Match {
        let after = window + sampling.window;
        let there = corpus.from(source + sampling.window as u64);
        let end = after + equal_right(&here[after..], there);
        let (mut start, mut place) = (window, source);
        loop {
            let near = start.saturating_sub(PLAIN);
            let equal = equal_left(&here[near..start], &corpus.words[..index(place)]);
            start -= equal;
            place -= equal as u64;
            if start == 0 || start > near {
                break;
            }
            // The last passage says that the words before `start` are a copy, and a recorded copy
            // that those before `place` are. If both are copies of the same words, they are equal,
            // and nothing is compared. Otherwise nested copies would be compared again and again.
            let last = self.found.last().filter(|last| last.start < start && start <= last.end);
            let there = corpus.copy_of(place - 1);
            if let (Some(last), Some(there)) = (last, there) {
                let of_last = last.source + (start - last.start) as u64;
                let of_there = there.source + (place - there.start);
                if of_last == of_there {
                    let equal = (start - last.start).min(index(place - there.start));
                    start -= equal;
                    place -= equal as u64;
                }
            }
        }
        Match { start, end, source: place }
    }

    /// Records the long passages of a text that was inserted at place `first`.
    pub(super) fn record(&self, corpus: &mut Corpus, first: u64) {
        for Match { start, end, source } in &self.found {
            corpus.record(Copy { start: first + *start as u64, end: first + *end as u64, source: *source });
        }
    }
}

/// Returns the number of words that are equal from the start on. No word of `here` is 0.
fn equal_right(here: &[u32], there: &[u32]) -> usize {
    let equal = here.iter().zip(there).take_while(|(a, b)| a == b).count();
    work::count(equal);
    equal
}

/// Returns the number of words that are equal from the end on. No word of `here` is 0.
fn equal_left(here: &[u32], there: &[u32]) -> usize {
    let equal = here.iter().rev().zip(there.iter().rev()).take_while(|(a, b)| a == b).count();
    work::count(equal);
    equal
}
