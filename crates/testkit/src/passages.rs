//! The definition of passages, implemented without regard to speed.

use std::collections::HashMap;
use std::hash::Hash;

use crate::canonical::canonical;

/// A word of a canonical form, and the text between the word and the word before.
pub type Unit = (String, String);

/// A run of units of a document that also occurs at an earlier place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Found {
    /// The first unit.
    pub start: usize,
    /// The unit after the last one.
    pub end: usize,
    /// The number of the document that has the source.
    pub document: usize,
    /// The first unit of the source.
    pub source: usize,
}

/// Returns the units of the canonical form `text` of a text. A Han or kana letter is a word.
pub fn units(text: &str) -> Vec<Unit> {
    let form = canonical(text, "text");
    let mut units: Vec<Unit> = Vec::new();
    let mut gap = String::new();
    // The kind of the open word.
    let mut open: Option<bool> = None;
    for c in form.chars() {
        let is_whole = matches!(c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}');
        let is_mark = crate::canonical::is_mark(c);
        if !is_mark && !c.is_alphanumeric() {
            gap.push(c);
            open = None;
        } else if open.is_some_and(|whole| is_mark || !whole && !is_whole) {
            units.last_mut().into_iter().for_each(|unit| unit.1.push(c));
        } else {
            let before = if units.is_empty() { " ".to_owned() } else { std::mem::take(&mut gap) };
            units.push((before, c.to_string()));
            gap.clear();
            open = Some(is_whole);
        }
    }
    units
}

/// Returns the words of units.
pub fn words(units: &[Unit]) -> Vec<&str> {
    units.iter().map(|(_, word)| &**word).collect()
}

/// Returns the first place of each window of `window` units: the document and the unit.
pub fn first_places<U: Eq + Hash>(documents: &[Vec<U>], window: usize) -> HashMap<&[U], (usize, usize)> {
    let mut first = HashMap::new();
    for (number, document) in documents.iter().enumerate() {
        for (start, units) in document.windows(window).enumerate() {
            first.entry(units).or_insert((number, start));
        }
    }
    first
}

/// Returns the passages of the last one of `documents`, by the definition. If `within` is false,
/// only sources in other documents count.
pub fn passages<U: Eq + Hash>(documents: &[Vec<U>], window: usize, within: bool) -> Vec<Found> {
    let Some((here, before)) = documents.split_last() else { return Vec::new() };
    let first = first_places(if within { documents } else { before }, window);
    let this = documents.len() - 1;
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at + window <= here.len() {
        let place = first.get(&here[at..at + window]).filter(|place| **place < (this, at));
        let Some((document, place)) = place else {
            at += 1;
            continue;
        };
        let there = &documents[*document];
        let (mut start, mut source) = (at, *place);
        while start > 0 && source > 0 && here[start - 1] == there[source - 1] {
            (start, source) = (start - 1, source - 1);
        }
        let mut end = at + window;
        while end < here.len() && there.get(source + end - start) == Some(&here[end]) {
            end += 1;
        }
        found.retain(|earlier| earlier.start < start);
        found.push(Found { start, end, document: *document, source });
        at = end - window + 1;
    }
    found
}

/// Returns whether a passage may begin with two units: the words are equal, and signs that follow
/// the word before are the only difference. The texts are those of the tests.
pub fn may_begin(here: &Unit, there: &Unit) -> bool {
    let follows = |unit: &Unit| [" ", ", ", ". "].contains(&&*unit.0);
    here.1 == there.1 && (here.0 == there.0 || follows(here) && follows(there))
}

/// Returns the passages `found` in the last one of `documents`, each with the word before if a
/// passage may begin there, and without those that lie in the next one then.
pub fn with_leads(documents: &[Vec<Unit>], found: Vec<Found>) -> Vec<Found> {
    let Some(here) = documents.last() else { return Vec::new() };
    let mut all: Vec<Found> = Vec::new();
    for mut found in found {
        let there = &documents[found.document];
        if found.start > 0 && found.source > 0 && may_begin(&here[found.start - 1], &there[found.source - 1])
        {
            found = Found { start: found.start - 1, source: found.source - 1, ..found };
        }
        all.retain(|earlier| earlier.start < found.start);
        all.push(found);
    }
    all
}
