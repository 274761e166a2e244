//! The word before a passage, if only the signs before this word differ.
//!
//! A word is compared together with the text before it, but the text before the first word of a
//! passage is not part of the passage: a sentence that follows `News.` in one document may begin
//! another one. So a passage begins a word earlier if these words are equal and each of the two
//! texts before them is one of [`LEADS`]. Nothing but units is stored, so the text before the word
//! of the source is found by trial.

use super::Passages;
use super::gap::Gap;
use super::options::PassageOptions;
use super::reader::Reader;
use super::room::index;
use super::search::Match;
use super::units::Units;

/// The canonical texts after which a passage may begin although they differ: signs that follow the
/// word before, and not those that belong to the next one, such as an opening quote or a minus.
const LEADS: [&str; 28] = [
    " ",
    ". ",
    "! ",
    "? ",
    ": ",
    "; ",
    ", ",
    ") ",
    "] ",
    "). ",
    ".) ",
    "\" ",
    ".\" ",
    "!\" ",
    "?\" ",
    "\". ",
    "... ",
    " - ",
    "\u{964} ",
    "\u{6D4} ",
    "\u{61F} ",
    "\u{3002}",
    "\u{3002} ",
    "!",
    "?",
    "\u{300D}",
    "\u{3002}\u{300D}",
    "\u{300D}\u{3002}",
];

/// Returns the hashes of the texts that may differ before the first word of a passage: none if
/// words are compared alone.
pub(super) fn leads(options: &PassageOptions) -> Vec<u32> {
    if options.normalization.strips_punctuation() {
        return Vec::new();
    }
    let mut gap = Gap::new(options.seed, true);
    let hash = |text: &&str| {
        gap.push(text.as_bytes());
        (gap.take() >> 32) as u32
    };
    LEADS.iter().map(hash).collect()
}

impl Passages {
    /// Returns the passages `found` in a text, each with the word before if only the signs before
    /// this word differ, and without those that lie in the next one then.
    pub(super) fn with_leads(
        &self,
        text: &str,
        units: &Units,
        reader: &mut Reader,
        found: &[Match],
    ) -> Vec<Match> {
        let mut all: Vec<Match> = Vec::with_capacity(found.len());
        for found in found {
            let found = self.with_lead(text, units, reader, found).unwrap_or(*found);
            while all.last().is_some_and(|last| last.start >= found.start) {
                all.pop();
            }
            all.push(found);
        }
        all
    }

    fn with_lead(&self, text: &str, units: &Units, reader: &mut Reader, found: &Match) -> Option<Match> {
        let (start, source) = (found.start.checked_sub(1)?, found.source.checked_sub(1)?);
        let there = self.corpus.words[index(source)];
        if there == 0 || self.leads.is_empty() {
            return None;
        }
        let (here, extent) = (units.hashes[start], units.extents[start]);
        let word = reader.only_word(&text[extent.start as usize..extent.end as usize], &self.options)?;
        let follows = |unit: u32| self.leads.contains(&(unit ^ word));
        (follows(here) && follows(there)).then_some(Match { start, end: found.end, source })
    }
}
