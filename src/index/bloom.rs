//! A Bloom filter of the segments of documents.

use std::collections::HashSet;
use std::io::{BufReader, Read, Write};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::parameters::Parameters;
use crate::codec::{FrameReader, FrameWriter};
use crate::document::Document;
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::options::Options;

/// The seed of the hashes that select bits. It never changes, because filters are stored.
const SEED: u64 = 0x7265_6672_6169_6E31;

/// The size of the largest filter, in bits: 16 GiB.
const MAX_BITS: u64 = 1 << 37;

/// The lowest rate, 2⁻⁶⁰. Bits are selected by a hash of 64 bits, and two segments with the same
/// hash cannot be distinguished.
const MIN_RATE: f64 = 1.0 / (1_u64 << 60) as f64;

const MAGIC: &[u8; 8] = b"refrain\x02";

/// The version of the format.
const FORMAT: u32 = 2;

const NAME: &str = "the filter";

/// A Bloom filter, which stores only whether a segment was seen (Bloom, "Space/time trade-offs in
/// hash coding with allowable errors", 1970).
///
/// A distinct segment takes about 10 bits for a rate of false positives of 1 %, and 15 bits for 0.1
/// %. A segment that was inserted is always seen. A segment that was not inserted is falsely
/// reported as seen with a probability of at most [`rate`](Self::rate), until the filter has
/// [`capacity`](Self::capacity) distinct segments. A full filter returns
/// [`IndexError::PastCapacity`] when another segment is inserted. A document that was read with
/// other options is refused with [`IndexError::DocumentOptions`], and a saved filter that has other
/// options with [`IndexError::WrongParameters`]. After an error, the filter is unchanged.
///
/// The filter has no documents, so a document that is inserted twice matches itself, and none can
/// be removed. `docs/format.md` describes a saved filter.
///
/// ```
/// use refrain::index::BloomFilter;
/// use refrain::{Document, Options};
///
/// let mut filter = BloomFilter::new(1_000, 0.001, &Options::new())?;
/// filter.insert(&Document::new("One.\nTwo."))?;
/// let seen = filter.query_and_insert(&Document::new("Two.\nThree."))?;
/// assert!(seen.segments().eq([0]));
/// assert_eq!((seen.share(), filter.segment_count()), (0.4, 3));
/// # Ok::<(), refrain::error::IndexError>(())
/// ```
#[derive(Clone, Debug)]
pub struct BloomFilter {
    bits: fastbloom::BloomFilter,
    capacity: u64,
    rate: f64,
    /// The number of segments that changed the filter.
    segments: u64,
    parameters: Parameters,
}

/// The result of looking up a document in a [`BloomFilter`].
#[derive(Clone, PartialEq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SeenSegments {
    segments: Vec<usize>,
    share: f64,
}

impl SeenSegments {
    /// Returns the indices of the segments that were seen, in order.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = usize> + '_ {
        self.segments.iter().copied()
    }

    /// Returns the share of the document that was seen, from 0 to 1: the bytes of the seen segments
    /// divided by the bytes of all segments, or 0 if there are none.
    pub fn share(&self) -> f64 {
        self.share
    }
}

/// Returns the number of hashes that is best for a rate, and the number of words of 64 bits with
/// which this number of hashes has the rate at a capacity.
fn size(capacity: u64, rate: f64) -> Result<(u32, usize), IndexError> {
    let bad = |why| Err(IndexError::BadFilter { capacity, rate, why });
    if capacity == 0 {
        return bad("expected a capacity of at least one segment");
    }
    if !(rate > 0.0 && rate < 1.0) {
        return bad("expected a rate of more than 0 and less than 1");
    }
    if rate < MIN_RATE {
        return bad("expected a rate of at least 2^-60, the minimum for 64-bit hashes");
    }
    let hashes = (-rate.log2()).round().clamp(1.0, 64.0);
    let bits = (-hashes * capacity as f64 / (-rate.powf(hashes.recip())).ln_1p()).ceil();
    if bits.is_nan() || bits >= MAX_BITS as f64 {
        return bad("expected a size of at most 16 GiB: choose a lower capacity or a higher rate");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
    Ok((hashes as u32, (bits as u64).max(1).div_ceil(64) as usize))
}

fn hash(fingerprint: Fingerprint) -> u64 {
    xxh3_64_with_seed(&fingerprint.to_bytes(), SEED)
}

impl BloomFilter {
    /// Creates an empty filter for `capacity` distinct segments, for documents that are read with
    /// `options`. When it is full, it has a rate of false positives of `rate`.
    ///
    /// # Errors
    ///
    /// [`IndexError::BadFilter`] if `capacity` is 0, if `rate` is less than 2⁻⁶⁰ or at least 1, or
    /// if the filter would be larger than 16 GiB.
    pub fn new(capacity: u64, rate: f64, options: &Options) -> Result<Self, IndexError> {
        let (hashes, words) = size(capacity, rate)?;
        let bits = fastbloom::BloomFilter::from_vec(vec![0; words]).hashes(hashes);
        Ok(Self { bits, capacity, rate, segments: 0, parameters: Parameters::new(options) })
    }

    /// Returns the segments of `document` that were seen.
    pub fn query(&self, document: &Document<'_>) -> Result<SeenSegments, IndexError> {
        self.parameters.check(document)?;
        let is_seen = |segment: &usize| self.contains(document.fingerprints()[*segment]);
        let segments: Vec<usize> = (0..document.len()).filter(is_seen).collect();
        let all: usize = document.spans().iter().map(|span| span.len()).sum();
        let seen: usize = segments.iter().map(|segment| document.spans()[*segment].len()).sum();
        let share = if all == 0 { 0.0 } else { seen as f64 / all as f64 };
        Ok(SeenSegments { segments, share })
    }

    /// Inserts the segments of `document`.
    pub fn insert(&mut self, document: &Document<'_>) -> Result<(), IndexError> {
        self.parameters.check(document)?;
        let all = document.fingerprints();
        let room = self.capacity - self.segments;
        if all.len() as u64 > room {
            let new: HashSet<&Fingerprint> = all.iter().filter(|print| !self.contains(**print)).collect();
            if new.len() as u64 > room {
                return Err(IndexError::PastCapacity { capacity: self.capacity });
            }
        }
        for fingerprint in all {
            self.segments += u64::from(!self.bits.insert_hash(hash(*fingerprint)));
        }
        Ok(())
    }

    /// Returns the segments of `document` that were seen, and inserts all of them.
    pub fn query_and_insert(&mut self, document: &Document<'_>) -> Result<SeenSegments, IndexError> {
        let seen = self.query(document)?;
        self.insert(document)?;
        Ok(seen)
    }

    /// Returns whether a segment with this fingerprint was seen.
    pub fn contains(&self, fingerprint: Fingerprint) -> bool {
        self.bits.contains_hash(hash(fingerprint))
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
    pub fn segment_count(&self) -> u64 {
        self.segments
    }

    /// Writes the filter to `to`. [`load`](Self::load) reads it.
    pub fn save(&self, to: impl Write) -> Result<(), IndexError> {
        let words = self.bits.as_slice();
        let hashes = u64::from(self.bits.num_hashes());
        let numbers = [self.capacity, self.rate.to_bits(), self.segments, hashes, words.len() as u64];
        let mut frames = FrameWriter::new(to, NAME, MAGIC, FORMAT, &self.parameters.line())?;
        frames.numbers(numbers)?;
        frames.numbers(words.iter().copied())?;
        frames.flush()
    }

    /// Reads a filter that [`save`](Self::save) wrote, for documents that are read with `options`.
    pub fn load(from: impl Read, options: &Options) -> Result<Self, IndexError> {
        let parameters = Parameters::new(options);
        let mut frames = FrameReader::new(BufReader::new(from), NAME, MAGIC, FORMAT, &parameters.line())?;
        let numbers = frames.numbers(5)?;
        let [capacity, rate, segments, hashes, len] = [0, 1, 2, 3, 4].map(|at| numbers[at]);
        let rate = f64::from_bits(rate);
        let (best, words) = size(capacity, rate).map_err(|error| frames.damaged(error.to_string()))?;
        // Logarithms differ in the last digits between platforms, and so may both sizes by one.
        let hashes = u32::try_from(hashes).unwrap_or(0);
        let is_near = hashes.abs_diff(best) <= 1 && len.abs_diff(words as u64) <= 1;
        let is_valid = segments <= capacity && is_near && hashes > 0 && len > 0;
        if !is_valid {
            let how =
                format!("{hashes} hashes, {len} words, {segments} segments do not fit its capacity and rate");
            return Err(frames.damaged(how));
        }
        let words = frames.numbers(len)?;
        frames.end()?;
        let set: u64 = words.iter().map(|word| u64::from(word.count_ones())).sum();
        if set > segments.saturating_mul(hashes.into()) {
            return Err(frames.damaged(format!("{segments} segments cannot set {set} bits")));
        }
        let bits = fastbloom::BloomFilter::from_vec(words).hashes(hashes);
        Ok(Self { bits, capacity, rate, segments, parameters })
    }
}
