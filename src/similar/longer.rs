//! Finds the segments of a document that another one replaces: a longer one that is similar, or a
//! later one that begins with the same words.

use std::cmp::Reverse;

use super::{Compared, LEAST_WEIGHT, shingler};
use crate::document::Document;
use crate::id::id;
use crate::normalize::Normalizer;
use crate::shingle::begins_a_word;
use crate::unicode::{self, WORDY};
use crate::work;

/// A segment of less weight is not replaced by one that begins with its words, because headings and
/// names often begin the paragraph below them.
const LEAST_BEGINNING: u32 = 40;

/// The link at the end of a teaser, which is not a part of its text.
const LINK: &str = "read more";

/// The segment that replaces another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Longer {
    pub(crate) id: u32,
    is_similar: bool,
}

impl Longer {
    /// Returns the reason for which the other segment is removed.
    pub(crate) fn reason(self) -> &'static str {
        if self.is_similar { "similar" } else { "contained" }
    }
}

/// Returns, for each id of `document`, the id of the segment that replaces it, if there is one. A
/// segment that replaces another one is not itself replaced.
///
/// The segments are examined from the longest to the shortest, and the earlier one of two equally
/// long ones first. A segment is replaced by a segment that begins with its words and occurs later,
/// or else by the most similar one whose similarity is at least `threshold`.
///
/// # Complexity
///
/// O(n log n) in the length of the text. A segment is compared with at most 64
/// others and with the beginnings of O(log n) more.
pub(crate) fn longer_segments(document: &Document<'_>, threshold: f64) -> Vec<Option<Longer>> {
    let entries = entries(document);
    let mut beginnings = Beginnings::new(document, &entries);
    let shingler = shingler(document);
    let mut compared = Compared::default();
    let mut longer: Vec<Option<Longer>> = vec![None; document.distinct_segments()];
    for (at, entry) in entries.iter().enumerate() {
        let mut replacement = beginnings.replacement(at, &entries).map(|id| Longer { id, is_similar: false });
        if replacement.is_none() && document.weights()[entry.first] >= LEAST_WEIGHT {
            let shingles = shingler.shingle(document.key_text(entry.first));
            match compared.most_similar(&shingles, threshold) {
                Some((first, _)) => {
                    replacement = Some(Longer { id: document.ids()[first], is_similar: true });
                }
                None => compared.insert(entry.first, shingles),
            }
        }
        match replacement {
            Some(replacement) => longer[entry.id as usize] = Some(replacement),
            None => beginnings.keep(at, entry),
        }
    }
    longer
}

/// A distinct segment of a document.
struct Entry {
    id: u32,
    /// The number of the first segment with this id.
    first: usize,
    /// The words with one space between them, without a link at the end.
    words: String,
    /// True if the last word may have been cut: an ellipsis follows it directly.
    is_cut: bool,
}

/// Returns the distinct segments that are long enough, from the longest to the shortest.
fn entries(document: &Document<'_>) -> Vec<Entry> {
    let mut normalizer = Normalizer::default();
    let mut entries = Vec::new();
    let mut next = 0;
    for (number, id) in document.ids().iter().enumerate() {
        // Ids are numbered in the order of first occurrence.
        if *id != next {
            continue;
        }
        next += 1;
        if document.weights()[number] >= LEAST_BEGINNING {
            let form = normalizer.canonical(document.key_text(number), document.normalization());
            // A form is UTF-8, because every step maps characters to characters.
            let (words, is_cut) = words(std::str::from_utf8(form).unwrap_or_default());
            entries.push(Entry { id: *id, first: number, words, is_cut });
        }
    }
    let weight = |entry: &Entry| unicode::weight(entry.words.as_bytes());
    entries.sort_by_cached_key(|entry| (Reverse(weight(entry)), entry.first));
    entries
}

/// Returns the words of a canonical form, and whether the last one may have been cut.
fn words(form: &str) -> (String, bool) {
    let is_sign = |c: char| !c.is_ascii_alphanumeric() && (c.is_ascii() || !unicode::is(c, WORDY));
    let mut text = form;
    let bare = text.trim_end_matches(is_sign);
    if let Some((rest, link)) = bare.len().checked_sub(LINK.len()).and_then(|at| bare.split_at_checked(at)) {
        if link.eq_ignore_ascii_case(LINK) && rest.ends_with(is_sign) {
            text = rest;
        }
    }
    let bare = text.trim_end_matches(is_sign);
    let is_cut = ["...", "\u{2026}"].iter().any(|sign| text[bare.len()..].starts_with(sign));
    let mut words = String::with_capacity(bare.len());
    for word in bare.split(is_sign).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    (words, is_cut)
}

/// The entries in the order of their words, in which those that begin with the same words are in a
/// row, and for each range of them the kept segment that occurs last.
struct Beginnings {
    sorted: Vec<u32>,
    /// The position of each entry in `sorted`.
    rank: Vec<usize>,
    /// The number of the last segment with each id.
    last: Vec<usize>,
    /// A binary tree whose leaves, from the middle on, are the positions in `sorted`. A node has
    /// the greatest number of a last segment that is kept, plus 1, and its position; 0 if there is
    /// none.
    latest: Vec<(usize, usize)>,
}

impl Beginnings {
    fn new(document: &Document<'_>, entries: &[Entry]) -> Self {
        let mut last = vec![0; document.distinct_segments()];
        for (number, id) in document.ids().iter().enumerate() {
            last[*id as usize] = number;
        }
        let mut sorted: Vec<u32> = (0..id(entries.len())).collect();
        let words = |at: &u32| entries[*at as usize].words.as_str();
        work::count(entries.iter().map(|entry| entry.words.len()).sum());
        sorted.sort_unstable_by(|a, b| words(a).cmp(words(b)).then(a.cmp(b)));
        let mut rank = vec![0; entries.len()];
        for (position, at) in sorted.iter().enumerate() {
            rank[*at as usize] = position;
        }
        let latest = vec![(0, 0); 2 * sorted.len()];
        Self { sorted, rank, last, latest }
    }

    /// Adds an entry that is kept.
    fn keep(&mut self, at: usize, entry: &Entry) {
        let position = self.rank[at];
        let mut node = position + self.sorted.len();
        let latest = (self.last[entry.id as usize] + 1, position);
        while node > 0 {
            self.latest[node] = self.latest[node].max(latest);
            node /= 2;
        }
    }

    /// Returns the id of a kept segment that begins with the words of entry `at` and occurs later
    /// than that entry.
    fn replacement(&self, at: usize, entries: &[Entry]) -> Option<u32> {
        let own = &entries[at];
        // Segments with the same words and other signs are no continuation.
        let from = self.rank[at] + 1;
        let from = from + self.sorted[from..].partition_point(|at| entries[*at as usize].words == own.words);
        let words = |position: usize| entries[self.sorted[position] as usize].words.as_str();
        let end_of = |beginning: &str, from: usize| {
            work::count(beginning.len());
            from + self.sorted[from..]
                .partition_point(|at| entries[*at as usize].words.starts_with(beginning))
        };
        let is_later = |&(last, _): &(usize, usize)| last > own.first + 1;
        // Words that continue after a space are first, because a space is less than any letter.
        let next_word = self.latest_in(from, end_of(&format!("{} ", own.words), from));
        let position = match Some(next_word).filter(is_later) {
            Some((_, position)) => position,
            None => {
                let (last, position) = self.latest_in(from, end_of(&own.words, from));
                let next = words(position).get(own.words.len()..).and_then(|rest| rest.chars().next());
                let is_word = next.is_some_and(begins_a_word);
                (is_later(&(last, position)) && (own.is_cut || is_word)).then_some(position)?
            }
        };
        Some(entries[self.sorted[position] as usize].id)
    }

    /// Returns the entry of the tree for the positions `from..end`.
    fn latest_in(&self, from: usize, end: usize) -> (usize, usize) {
        let (mut from, mut end) = (from + self.sorted.len(), end + self.sorted.len());
        let mut latest = (0, 0);
        while from < end {
            if from % 2 == 1 {
                latest = latest.max(self.latest[from]);
                from += 1;
            }
            if end % 2 == 1 {
                end -= 1;
                latest = latest.max(self.latest[end]);
            }
            from /= 2;
            end /= 2;
        }
        latest
    }
}
