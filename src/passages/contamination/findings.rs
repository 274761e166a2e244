//! The findings in some documents of a corpus, apart from the evaluation set.

use std::collections::{BTreeMap, BTreeSet};

use super::{Buffers, Contamination, ItemPassage, Text};
use crate::error::PassageError;

/// The n-grams and the longest passages of evaluation items that were found in some documents.
/// [`Contamination::find`] returns them, and [`Contamination::add_findings`] adds them to a report.
///
/// Findings can be computed on several threads or machines, and stored: with the feature `serde`
/// they are `Serialize` and `Deserialize`. They are those of one evaluation set, and refer to its
/// items and n-grams by their numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Findings {
    documents: u64,
    ngrams: BTreeSet<u32>,
    /// The number of documents that have an n-gram of each item, and the longest passage.
    items: BTreeMap<u32, (u64, ItemPassage)>,
}

impl Findings {
    /// Returns the number of documents that were compared.
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// Adds findings in other documents with the same items.
    ///
    /// The result does not depend on the order in which findings are merged.
    pub fn merge(&mut self, other: Self) {
        self.documents = self.documents.saturating_add(other.documents);
        self.ngrams.extend(other.ngrams);
        for (item, (documents, passage)) in other.items {
            self.add(item, documents, passage);
        }
    }

    fn add(&mut self, item: u32, documents: u64, passage: ItemPassage) {
        match self.items.get_mut(&item) {
            None => {
                self.items.insert(item, (documents, passage));
            }
            Some((all, longest)) => {
                *all = all.saturating_add(documents);
                if passage.is_before(longest) {
                    *longest = passage;
                }
            }
        }
    }
}

impl Contamination {
    /// Returns the findings in documents of the corpus, and leaves the report unchanged.
    ///
    /// # Complexity
    ///
    /// That of [`scan`](Self::scan) for each document.
    ///
    /// # Errors
    ///
    /// [`PassageError::TooLong`] if a text has 4 GiB or more.
    pub fn find(&self, documents: &[Text<'_>]) -> Result<Findings, PassageError> {
        let mut buffers = Buffers::default();
        let mut findings = Findings::default();
        for document in documents {
            let hits = self.compare(&mut buffers, *document)?;
            findings.documents += 1;
            findings.ngrams.extend(hits.grams);
            hits.items.into_iter().for_each(|(item, passage)| findings.add(item, 1, passage));
        }
        Ok(findings)
    }

    /// Adds findings of an evaluation set with the same items in the same order. The report is then
    /// the one that [`scan`](Self::scan) gives for their documents.
    ///
    /// # Errors
    ///
    /// [`PassageError::OtherItems`] if the findings cannot be those of these items. No findings are
    /// added then.
    pub fn add_findings(&mut self, findings: &Findings) -> Result<(), PassageError> {
        let is_gram = |gram: &u32| (*gram as usize) < self.seen.len();
        let is_passage = |(item, (_, passage)): (&u32, &(u64, ItemPassage))| {
            let Some(item) = self.grams.items.get(*item as usize) else { return false };
            let span = passage.span;
            let starts = item.extents.binary_search_by_key(&span.start(), |extent| extent.start as usize);
            let ends = item.extents.binary_search_by_key(&span.end(), |extent| extent.end as usize);
            starts.is_ok() && ends.is_ok()
        };
        if !findings.ngrams.iter().all(is_gram) || !findings.items.iter().all(is_passage) {
            return Err(PassageError::OtherItems);
        }
        self.documents = self.documents.saturating_add(findings.documents);
        findings.ngrams.iter().for_each(|gram| self.seen[*gram as usize] = true);
        for (item, (documents, passage)) in &findings.items {
            let found = &mut self.found[*item as usize];
            found.documents = found.documents.saturating_add(*documents);
            if found.longest.as_ref().is_none_or(|longest| passage.is_before(longest)) {
                found.longest = Some(passage.clone());
            }
        }
        Ok(())
    }
}
