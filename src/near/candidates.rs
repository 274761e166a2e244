//! The candidates in the buckets of a text.

use super::options::NearOptions;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::store::{Query, View};

/// The content of the buckets of one text.
#[derive(Default)]
pub(super) struct Bucketed {
    /// An entry for each text in each bucket: the number of the text in the high bits, and 1 in the
    /// lowest bit if the bucket is not truncated.
    all: Vec<u64>,
    truncated_buckets: usize,
    /// A lower bound of the number of texts in the largest bucket, whether it lists them or not.
    largest: usize,
}

impl Bucketed {
    /// Removes all buckets, and keeps the buffer.
    pub(super) fn clear(&mut self) {
        self.all.clear();
        (self.truncated_buckets, self.largest) = (0, 0);
    }

    /// Adds a bucket that lists `texts` and has at least `unlisted` more.
    pub(super) fn push(&mut self, texts: impl Iterator<Item = u32>, unlisted: usize) {
        self.truncated_buckets += usize::from(unlisted > 0);
        let before = self.all.len();
        self.all.extend(texts.map(|text| u64::from(text) << 1 | u64::from(unlisted == 0)));
        self.largest = self.largest.max(self.all.len() - before + unlisted);
    }

    /// Returns at most `most` candidates, in this order: by the number of shared buckets that are
    /// not truncated, highest first; then by the number of shared buckets that are; then by number.
    ///
    /// A text that shares only one bucket, and that one truncated, is not a candidate: most likely
    /// it shares only a template. With the default bands this loses few near duplicates, because
    /// most share several buckets: 1 in 80 shares only one at a similarity of exactly 0.8 with the
    /// threshold 0.8, 1 in 27 at 0.9 with the threshold 0.9, and fewer above the threshold.
    pub(super) fn candidates(&mut self, most: usize) -> Candidates {
        self.all.sort_unstable();
        let text = |entry: u64| u32::try_from(entry >> 1).unwrap_or(u32::MAX);
        let mut ranked: Vec<(usize, usize, u32)> = Vec::new();
        let mut listed = 0;
        for same in self.all.chunk_by(|a, b| a >> 1 == b >> 1) {
            listed += 1;
            let complete = same.iter().filter(|entry| **entry & 1 == 1).count();
            if complete > 0 || same.len() > 1 {
                ranked.push((usize::MAX - complete, usize::MAX - same.len(), text(same[0])));
            }
        }
        if ranked.len() > most {
            ranked.select_nth_unstable(most);
            ranked.truncate(most);
        }
        ranked.sort_unstable();
        let texts: Vec<u32> = ranked.into_iter().map(|(_, _, text)| text).collect();
        // All listed texts, and all texts of one bucket, share a bucket with this text.
        let skipped_candidates = listed.max(self.largest) - texts.len();
        Candidates { texts, truncated_buckets: self.truncated_buckets, skipped_candidates }
    }
}

/// The texts that a text is compared with.
pub(super) struct Candidates {
    pub(super) texts: Vec<u32>,
    /// The number of buckets with more texts than they list.
    pub(super) truncated_buckets: usize,
    /// A lower bound of the number of texts in a bucket that are not compared.
    pub(super) skipped_candidates: usize,
}

/// Returns the candidates in a store for a text with these `keys`, without those in `own`, which is
/// sorted.
pub(super) fn candidates(
    view: &dyn View,
    options: &NearOptions,
    keys: &[Fingerprint],
    own: &[u32],
) -> Result<Candidates, IndexError> {
    let limit = u32::try_from(options.most_candidates() + own.len()).unwrap_or(u32::MAX);
    let found = view.find(&Query { keys, scope: "", except: None, limit })?;
    let mut bucketed = Bucketed::default();
    for (key, counts) in found.counts.iter().enumerate() {
        let listed = found.postings(key);
        let others = listed.iter().map(|posting| posting.document);
        let others = others.filter(|document| own.binary_search(document).is_err());
        // The texts that are not listed may be parts of the document itself.
        let unlisted = (counts.documents as usize).saturating_sub(listed.len());
        let own_listed = listed.len() - others.clone().count();
        bucketed.push(others, unlisted.saturating_sub(own.len() - own_listed));
    }
    Ok(bucketed.candidates(options.most_candidates()))
}
