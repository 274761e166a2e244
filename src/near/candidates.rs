//! Texts into buckets of a store, and from there to candidates.

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::minhash::Sketcher;
use super::options::NearOptions;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::store::{Query, Store};
use crate::shingle::{Overlap, Shingles};

/// Tells the keys of single shingles from those of bands, whose seeds are their numbers.
const SAMPLE: u64 = u64::MAX;

/// Up to how many shingles all of a text are looked up, where containment is asked for; up to four times as
/// many every second one is, and every fourth one beyond.
const ALL: usize = 256;

/// The hashes up to which shingles are looked up one by one: a lowest part of all, the same for every text of
/// a size, so that what two texts share is in both samples or in neither (scaled MinHash, Irber and others
/// 2022).
fn highest_sampled(shingles: usize) -> u64 {
    match shingles {
        0..=ALL => u64::MAX,
        _ if shingles <= 4 * ALL => u64::MAX / 2,
        _ => u64::MAX / 4,
    }
}

/// The keys of a text: of each band the hash of its values, and of each shingle that is sampled its hash.
pub(super) fn keys(
    options: &NearOptions,
    sketcher: &mut Sketcher,
    shingles: &Shingles,
    keys: &mut Vec<Fingerprint>,
) {
    let bands = options.bands();
    let sketch = sketcher.sketch(shingles.hashes(), bands.values());
    let mut bytes = Vec::with_capacity(bands.rows() * 4);
    for (band, rows) in (0..).zip(sketch.values().chunks_exact(bands.rows()).take(bands.bands())) {
        bytes.clear();
        bytes.extend(rows.iter().flat_map(|value| value.to_le_bytes()));
        keys.push(Fingerprint::from_u128(xxh3_128_with_seed(&bytes, band)));
    }
    if options.wants_containment() {
        let mut last = None;
        let highest = highest_sampled(shingles.len());
        for hash in shingles.hashes().iter().take_while(|hash| **hash <= highest) {
            if last.replace(hash) != Some(hash) {
                keys.push(Fingerprint::from_u128(xxh3_128_with_seed(&hash.to_le_bytes(), SAMPLE)));
            }
        }
    }
}

/// What is in the buckets of a text, with memory that is kept from one text to the next.
#[derive(Default)]
pub(super) struct Bucketed {
    /// A text for each bucket that it is in: its number, and 1 if the bucket is not truncated, in one number.
    all: Vec<u64>,
    truncated_buckets: usize,
    /// The most texts that a bucket has and does not list.
    unlisted: usize,
}

impl Bucketed {
    /// Forgets all buckets.
    pub(super) fn clear(&mut self) {
        self.all.clear();
        (self.truncated_buckets, self.unlisted) = (0, 0);
    }

    /// Adds a bucket with these texts, and so many more.
    pub(super) fn push(&mut self, texts: impl Iterator<Item = u32>, unlisted: usize) {
        self.truncated_buckets += usize::from(unlisted > 0);
        self.unlisted = self.unlisted.max(unlisted);
        self.all.extend(texts.map(|text| u64::from(text) << 1 | u64::from(unlisted == 0)));
    }

    /// The candidates: at most so many, those with most buckets in common that are not truncated, then those
    /// with most that are.
    ///
    /// What is in one truncated bucket and in no other is none: most likely it shares a template. A text that
    /// is near shares several: just one in 1 of 80 cases where it is near by just 0.8, in 1 of 27 by just
    /// 0.9, where bands are wider, and in fewer where it is nearer.
    pub(super) fn candidates(&mut self, most: usize) -> Candidates {
        self.all.sort_unstable();
        let text = |entry: u64| u32::try_from(entry >> 1).unwrap_or(u32::MAX);
        let mut ranked: Vec<(usize, usize, u32)> = Vec::new();
        let mut skipped_candidates = self.unlisted;
        for same in self.all.chunk_by(|a, b| a >> 1 == b >> 1) {
            let clear = same.iter().filter(|entry| **entry & 1 == 1).count();
            if clear > 0 || same.len() > 1 {
                ranked.push((usize::MAX - clear, usize::MAX - same.len(), text(same[0])));
            } else {
                skipped_candidates += 1;
            }
        }
        if ranked.len() > most {
            skipped_candidates += ranked.len() - most;
            ranked.select_nth_unstable(most);
            ranked.truncate(most);
        }
        ranked.sort_unstable();
        let texts = ranked.into_iter().map(|(_, _, text)| text).collect();
        Candidates { texts, truncated_buckets: self.truncated_buckets, skipped_candidates }
    }
}

/// The texts that one is compared with.
pub(super) struct Candidates {
    pub(super) texts: Vec<u32>,
    /// Buckets with more texts than were listed.
    pub(super) truncated_buckets: usize,
    /// Texts in a bucket that are not compared.
    pub(super) skipped_candidates: usize,
}

/// The candidates in a store, from texts with numbers below `before` and outside of `own`, which is sorted.
pub(super) fn candidates<S: Store>(
    store: &S,
    options: &NearOptions,
    keys: &[Fingerprint],
    before: u32,
    own: &[u32],
) -> Result<Candidates, IndexError> {
    let limit = u32::try_from(options.most_candidates() + own.len()).unwrap_or(u32::MAX);
    let found = store.find(&Query { keys, scope: "", except: None, limit })?;
    let mut bucketed = Bucketed::default();
    for (key, held) in found.counts().iter().enumerate() {
        let listed = found.postings(key);
        let others = listed.iter().map(|posting| posting.document);
        let others = others.filter(|document| *document < before && own.binary_search(document).is_err());
        bucketed.push(others, (held.documents as usize).saturating_sub(listed.len()));
    }
    Ok(bucketed.candidates(options.most_candidates()))
}

/// What a text shares with another, if they are near. All shingles of both are compared, unless it shows
/// before that they are not.
pub(super) fn verify(options: &NearOptions, here: &Shingles, there: &Shingles) -> Option<Overlap> {
    let least = options.least_shared(here.len(), there.len());
    let clumps = here.clumps().max(there.clumps());
    let goes_on = |part: Overlap| {
        let rest = (here.len() - part.first).min(there.len() - part.second);
        part.both + rest >= least && options.may_be_near(part, clumps)
    };
    let overlap = Overlap::of_while(here, there, goes_on)?;
    let containment = overlap.first_containment().max(overlap.second_containment());
    options.are_near(overlap.similarity(), containment).then_some(overlap)
}
