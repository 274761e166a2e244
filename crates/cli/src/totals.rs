//! The counts of a run: of a batch, of an input, or of all inputs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The number of bad lines that are listed with their causes.
const EXAMPLES: usize = 5;

/// The counts of one or more batches.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Totals {
    /// Documents that were read.
    pub documents: u64,
    /// Documents whose text lost a part.
    pub changed: u64,
    /// Documents that were left out.
    pub removed: u64,
    /// Segments that were read, and those of them that were removed.
    pub segments: u64,
    pub segments_removed: u64,
    /// Bytes of text that were read, and those of them that were removed.
    pub bytes: u64,
    pub bytes_removed: u64,
    /// The removals by their reasons.
    pub reasons: BTreeMap<String, Reason>,
    /// Candidates for near duplicates that were not compared.
    pub not_compared: u64,
    /// Lines that are not documents, and the first of them with their causes.
    pub bad: u64,
    pub bad_examples: Vec<String>,
    /// Inputs that could not be read to their ends, with the causes.
    pub broken: Vec<String>,
    /// The numbers of the entries of a list that documents have used, as the starts and the ends of
    /// ranges. A list is mostly in the order of the documents, so there are few ranges.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<(u32, u32)>,
}

/// The removals for one reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reason {
    pub removals: u64,
    pub bytes: u64,
}

impl Totals {
    /// Adds the counts of later batches.
    pub fn add(&mut self, other: &Self) {
        self.documents += other.documents;
        self.changed += other.changed;
        self.removed += other.removed;
        self.segments += other.segments;
        self.segments_removed += other.segments_removed;
        self.bytes += other.bytes;
        self.bytes_removed += other.bytes_removed;
        for (reason, of_reason) in &other.reasons {
            self.remove(reason, of_reason.removals, of_reason.bytes);
        }
        self.not_compared += other.not_compared;
        self.bad += other.bad;
        let room = EXAMPLES.saturating_sub(self.bad_examples.len());
        self.bad_examples.extend(other.bad_examples.iter().take(room).cloned());
        self.broken.extend(other.broken.iter().cloned());
        other.used.iter().for_each(|range| self.add_used(*range));
    }

    /// Counts the entries of a list with the numbers of a range.
    pub fn add_used(&mut self, (start, end): (u32, u32)) {
        match self.used.last_mut().filter(|last| last.1 == start) {
            Some(last) => last.1 = end,
            None => self.used.push((start, end)),
        }
    }

    /// Counts removals with a reason. The bytes are also to be added to `bytes_removed`.
    pub fn remove(&mut self, reason: &str, removals: u64, bytes: u64) {
        // Most reasons are known, and need no name of their own.
        if !self.reasons.contains_key(reason) {
            self.reasons.insert(reason.to_owned(), Reason::default());
        }
        if let Some(of_reason) = self.reasons.get_mut(reason) {
            of_reason.removals += removals;
            of_reason.bytes += bytes;
        }
    }

    /// Counts a line that is not a document.
    pub fn add_bad(&mut self, place: impl FnOnce() -> String) {
        self.bad += 1;
        if self.bad_examples.len() < EXAMPLES {
            self.bad_examples.push(place());
        }
    }

    /// Returns whether something was removed.
    pub fn is_changed(&self) -> bool {
        self.changed > 0 || self.removed > 0
    }

    /// Returns whether lines were bad or inputs could not be read to their ends.
    pub fn has_damage(&self) -> bool {
        self.bad > 0 || !self.broken.is_empty()
    }
}
