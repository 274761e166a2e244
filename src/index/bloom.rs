//! The store in a Bloom filter: it answers whether a segment was seen, and not in which document.

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

/// A Bloom filter, which stores only whether a segment was seen (Bloom, "Space/time trade-offs in
/// hash coding with allowable errors", 1970).
///
/// A distinct segment takes about 10 bits for a rate of false positives of 1 %, and 15 bits for 0.1
/// %.
///
/// A segment that was inserted is always seen. A segment that was not inserted is falsely seen with
/// a probability of at most [`rate`](Self::rate), until the filter has [`capacity`](Self::capacity)
/// distinct segments. A full filter returns [`IndexError::PastCapacity`] when another segment is
/// inserted.
///
/// The filter has no documents, so a document that is inserted twice matches itself, and methods
/// that need documents, such as [`Index::remove`] and [`Index::save`], return
/// [`IndexError::Unsupported`]. Save it with [`Index::save_filter`].
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
    /// Creates an empty filter for `capacity` distinct segments, for documents that are read with
    /// `options`. When it is full, it has a rate of false positives of `rate`.
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
    /// [`IndexError::BadFilter`] if `capacity` is 0, if `rate` is less than 2⁻⁶⁰ or at least 1, or
    /// if the filter would be larger than 16 GiB.
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
            return Err(bad("expected a rate of more than 0 and less than 1"));
        }
        if rate < LEAST_RATE {
            return Err(bad("expected a rate of at least 2^-60, the minimum for 64-bit hashes"));
        }
        // The number of hashes that is best, and so many bits that with this many hashes the rate is the one
        // promised.
        let hashes = (-rate.log2()).round().clamp(1.0, 64.0);
        let bits = (-hashes * capacity as f64 / (-rate.powf(hashes.recip())).ln_1p()).ceil();
        if bits.is_nan() || bits >= MOST_BITS as f64 {
            return Err(bad("expected a size of at most 16 GiB: choose a lower capacity or a higher rate"));
        }
        let filter = BloomFilter::with_num_bits(bits as usize).hashes(hashes as u32);
        let state = RwLock::new(State { filter, segments: 0, documents: 0 });
        Ok(Self { state, capacity, rate })
    }

    /// Returns the maximum number of distinct segments.
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// Returns the rate of false positives of the full filter, between 0 and 1.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Returns the number of distinct segments that were inserted. A segment that was falsely seen
    /// when it was inserted is not counted, so the result may be too low by the rate of false
    /// positives.
    pub fn segments(&self) -> u64 {
        self.read().segments
    }

    /// Returns the share of the bits of the filter that are set: 0 if it is empty, about 0.5 if it
    /// is full.
    ///
    /// # Complexity
    ///
    /// Linear in the size of the filter.
    pub fn fill(&self) -> f64 {
        let state = self.read();
        let set: u64 = state.filter.as_slice().iter().map(|word| u64::from(word.count_ones())).sum();
        set as f64 / state.filter.num_bits() as f64
    }

    /// Returns an estimate of the present rate of false positives, computed from the share of bits
    /// that are set.
    ///
    /// # Complexity
    ///
    /// Linear in the size of the filter.
    pub fn estimated_rate(&self) -> f64 {
        self.fill().powf(f64::from(self.read().filter.num_hashes()))
    }

    /// Returns the size of the filter in bytes.
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
            return unsupported("list the documents that have a segment");
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
        unsupported("return a document")
    }

    fn number(&self, _: &str) -> Result<Option<u32>, IndexError> {
        unsupported("look up a document by its id")
    }

    fn next_number(&self) -> u32 {
        u32::try_from(self.len()).unwrap_or(u32::MAX)
    }

    fn len(&self) -> u64 {
        self.read().documents
    }

    fn remove(&self, _: &str) -> Result<bool, IndexError> {
        unsupported("remove a document")
    }

    fn scope_documents(&self, _: &str) -> Result<u32, IndexError> {
        unsupported("count the documents of a scope")
    }

    fn check_counts(&self) -> Result<(), IndexError> {
        unsupported("count the documents of a scope")
    }

    fn frequent(&self, _: &str, _: u32) -> Result<Vec<FrequentKey>, IndexError> {
        unsupported("count the documents of a scope")
    }

    fn sync(&self) -> Result<(), IndexError> {
        Ok(())
    }
}
