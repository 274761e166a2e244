//! The store that knows whether, and not where: a Bloom filter.

mod file;

use std::collections::HashSet;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use fastbloom::BloomFilter;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::Index;
use super::parameters::Parameters;
use super::store::{Answer, FrequentKey, OwnedRecord, Query, Record, Store};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::options::Options;

/// What makes bits of keys. It never changes: the same keys are the same bits in every run.
const SEED: u64 = 0x7265_6672_6169_6E31;

/// The largest filter, in bits: 16 GiB.
const MOST_BITS: u64 = 1 << 37;

/// The lowest rate, 2⁻⁶⁰: all is made of a hash of 64 bits, and two keys of one hash cannot be told
/// apart.
const LEAST_RATE: f64 = 1.0 / (1_u64 << 60) as f64;

/// Keeps only whether a segment was seen, in a Bloom filter: some 10 bits for each different one at a rate of
/// 1 %, 15 at 0.1 %.
///
/// A segment that was learnt is always known; one that was not is taken for known at a rate that stays below
/// the one that was asked for, until there are as many different segments as were asked for. After that
/// learning is an error. It does not know documents: what needs them is an error, a document that is learnt
/// again is known already, and nothing can be forgotten.
#[derive(Debug)]
pub struct Bloom {
    state: RwLock<State>,
    capacity: u64,
    rate: f64,
}

#[derive(Debug)]
struct State {
    filter: BloomFilter,
    /// How many keys changed the filter.
    segments: u64,
    documents: u64,
}

impl Index<Bloom> {
    /// An empty filter for `capacity` different segments, of documents read with these options. When it is
    /// full, a segment that was never seen is taken for seen at the rate `rate`.
    ///
    /// ```
    /// use refrain::index::{Index, Page};
    /// use refrain::{Document, Options};
    ///
    /// let index = Index::bloom(1_000, 0.001, &Options::new())?;
    /// index.insert(Page { id: "1", scope: "", document: &Document::new("One.\nTwo.") })?;
    /// let doc = Document::new("Two.\nThree.");
    /// let seen = index.query("", &doc)?;
    /// assert!(!seen.is_new(0) && seen.is_new(1));
    /// assert_eq!(index.store().segments(), 2);
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`IndexError::BadFilter`]: no room for a segment, a rate that is not between 2⁻⁶⁰ and 1, or a
    /// filter of more than 16 GiB.
    pub fn bloom(capacity: u64, rate: f64, options: &Options) -> Result<Self, IndexError> {
        Ok(Self { store: Bloom::new(capacity, rate)?, parameters: Parameters::new(options) })
    }
}

impl Bloom {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "both are small and positive"
    )]
    fn new(capacity: u64, rate: f64) -> Result<Self, IndexError> {
        let bad = |why| IndexError::BadFilter { capacity, rate, why };
        if capacity == 0 {
            return Err(bad("expected a capacity of at least one segment"));
        }
        if !(rate > 0.0 && rate < 1.0) {
            return Err(bad("a rate is more than 0 and less than 1"));
        }
        if rate < LEAST_RATE {
            return Err(bad("the lowest rate that a hash of 64 bits allows is 2^-60"));
        }
        // The number of hashes that is best, and so many bits that with this many hashes the rate is the one
        // promised.
        let hashes = (-rate.log2()).round().clamp(1.0, 64.0);
        let bits = (-hashes * capacity as f64 / (-rate.powf(hashes.recip())).ln_1p()).ceil();
        if bits.is_nan() || bits >= MOST_BITS as f64 {
            return Err(bad("it would be larger than 16 GiB"));
        }
        let filter = BloomFilter::with_num_bits(bits as usize).hashes(hashes as u32);
        let state = RwLock::new(State { filter, segments: 0, documents: 0 });
        Ok(Self { state, capacity, rate })
    }

    /// How many different segments it was made for.
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// The rate of wrong answers that it promises when it is full.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// How many different segments it holds. One that was taken for known when it was learnt is not counted,
    /// so this may be less than the truth by the rate of wrong answers.
    pub fn segments(&self) -> u64 {
        self.read().segments
    }

    /// How full it is: the part of its bits that are set, from 0 to about 0.5.
    ///
    /// # Complexity
    ///
    /// Linear in its size.
    pub fn fill(&self) -> f64 {
        let state = self.read();
        let set: u64 = state.filter.as_slice().iter().map(|word| u64::from(word.count_ones())).sum();
        set as f64 / state.filter.num_bits() as f64
    }

    /// At which rate it answers wrongly now, for segments that were never seen, estimated from how full it
    /// is.
    ///
    /// # Complexity
    ///
    /// Linear in its size.
    pub fn estimated_rate(&self) -> f64 {
        self.fill().powf(f64::from(self.read().filter.num_hashes()))
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.read().filter.num_bits() / 8
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn add_to(&self, state: &mut State, records: &[Record<'_>]) -> Result<(), IndexError> {
        let all: u64 = records.iter().map(|record| record.keys.len() as u64).sum();
        if state.segments + all > self.capacity {
            let keys = records.iter().flat_map(|record| record.keys);
            let new: HashSet<Fingerprint> =
                keys.filter(|key| !state.filter.contains_hash(hash(**key))).copied().collect();
            if state.segments + new.len() as u64 > self.capacity {
                return Err(IndexError::PastCapacity { capacity: self.capacity });
            }
        }
        for record in records {
            for key in record.keys {
                state.segments += u64::from(!state.filter.insert_hash(hash(*key)));
            }
        }
        state.documents += records.len() as u64;
        Ok(())
    }
}

fn hash(key: Fingerprint) -> u64 {
    xxh3_64_with_seed(&key.to_bytes(), SEED)
}

impl State {
    fn find(&self, keys: &[Fingerprint]) -> Answer {
        let mut found = Answer::default();
        for key in keys {
            found.push(u32::from(self.filter.contains_hash(hash(*key))), 0, 0);
        }
        found
    }
}

fn unsupported<T>(what: &'static str) -> Result<T, IndexError> {
    Err(IndexError::Unsupported { store: "a Bloom filter", what })
}

impl Store for Bloom {
    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        self.add_to(&mut self.write(), records)
    }

    fn find(&self, query: &Query<'_>) -> Result<Answer, IndexError> {
        if query.limit > 0 {
            return unsupported("say which documents have a segment");
        }
        Ok(self.read().find(query.keys))
    }

    fn find_and_add(&self, record: &Record<'_>) -> Result<Answer, IndexError> {
        let mut state = self.write();
        let found = state.find(record.keys);
        self.add_to(&mut state, std::slice::from_ref(record))?;
        Ok(found)
    }

    fn document(&self, _: u32) -> Result<Option<OwnedRecord>, IndexError> {
        unsupported("say what a document is")
    }

    fn number(&self, _: &str) -> Result<Option<u32>, IndexError> {
        unsupported("tell whether a document is known")
    }

    fn next_number(&self) -> u32 {
        u32::try_from(self.len()).unwrap_or(u32::MAX)
    }

    fn len(&self) -> u64 {
        self.read().documents
    }

    fn remove(&self, _: &str) -> Result<bool, IndexError> {
        unsupported("forget")
    }

    fn scope_documents(&self, _: &str) -> Result<u32, IndexError> {
        unsupported("count documents of a scope")
    }

    fn check_counts(&self) -> Result<(), IndexError> {
        unsupported("count documents of a scope")
    }

    fn frequent(&self, _: &str, _: u32) -> Result<Vec<FrequentKey>, IndexError> {
        unsupported("count documents of a scope")
    }

    fn sync(&self) -> Result<(), IndexError> {
        Ok(())
    }
}
