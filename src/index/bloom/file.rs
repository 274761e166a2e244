//! The file format of Bloom filters.
//!
//! A file is 8 bytes of magic and a series of [frames](crate::index::frame), numbered from 0. The
//! first frame is the head. The others have the bits of the filter as 64-bit words, 65,536 words in
//! each frame but the last. All numbers are little-endian.
//!
//! | bytes of the head | content |
//! |---|---|
//! | 4, 4 | version of the format, scheme of the fingerprints |
//! | 8, 8 | capacity; rate of false positives, as the bits of a 64-bit float |
//! | 8, 8 | number of segments that changed the filter, number of inserted documents |
//! | 8, 8 | number of hash functions, number of words |
//! | rest | the options with which documents are read, as one line of text |

use std::io::{BufReader, Read, Write};
use std::sync::RwLock;

use fastbloom::BloomFilter;

use super::{Bloom, LEAST_RATE, MOST_BITS, State};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::index::Index;
use crate::index::frame;
use crate::index::snapshot::Source;
use crate::options::Options;

const MAGIC: &[u8; 8] = b"refrain\x02";

/// The version of the format.
const FORMAT: u32 = 1;

/// Words in a frame.
const WORDS: usize = 1 << 16;

const SOURCE: Source = Source("the filter");

impl Index<Bloom> {
    /// Writes the filter to `to`. [`load_filter`](Self::load_filter) reads it. Insertions by other
    /// threads wait until the filter is written.
    ///
    /// ```
    /// use refrain::index::{Index, Page};
    /// use refrain::{Document, Options};
    ///
    /// let index = Index::bloom(1_000, 0.001, &Options::new())?;
    /// index.insert(Page { id: "1", scope: "", document: &Document::new("One.\nTwo.") })?;
    /// let mut bytes = Vec::new();
    /// index.save_filter(&mut bytes)?;
    ///
    /// let index = Index::load_filter(&bytes[..], &Options::new())?;
    /// assert!(!index.query("", &Document::new("Two."))?.is_new(0));
    /// assert_eq!((index.store().capacity(), index.store().segments()), (1_000, 2));
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`IndexError::Io`] if writing fails.
    pub fn save_filter(&self, mut to: impl Write) -> Result<(), IndexError> {
        let state = self.store.read();
        let words = state.filter.as_slice();
        let mut bytes = MAGIC.to_vec();
        frame::append(&mut bytes, 0, |bytes| {
            bytes.extend_from_slice(&FORMAT.to_le_bytes());
            bytes.extend_from_slice(&Fingerprint::SCHEME.to_le_bytes());
            let numbers = [
                self.store.capacity,
                self.store.rate.to_bits(),
                state.segments,
                state.documents,
                u64::from(state.filter.num_hashes()),
                words.len() as u64,
            ];
            bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            bytes.extend_from_slice(self.parameters.line().as_bytes());
        });
        for (number, words) in (1..).zip(words.chunks(WORDS)) {
            frame::append(&mut bytes, number, |bytes| {
                bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
            });
            to.write_all(&bytes).map_err(|error| SOURCE.failed(error))?;
            bytes.clear();
        }
        to.flush().map_err(|error| SOURCE.failed(error))
    }

    /// Reads a filter that [`save_filter`](Self::save_filter) wrote, for documents that are read
    /// with `options`.
    ///
    /// # Errors
    ///
    /// * [`IndexError::Damaged`] if the data is not a filter, or was changed.
    /// * [`IndexError::WrongVersion`] if it has another format or another scheme of fingerprints.
    /// * [`IndexError::WrongParameters`] if its documents were read with other options.
    /// * [`IndexError::Io`] if reading fails.
    pub fn load_filter(from: impl Read, options: &Options) -> Result<Self, IndexError> {
        let mut from = BufReader::new(from);
        SOURCE.magic(&mut from, MAGIC)?;
        let head = SOURCE.next_frame(&mut from, 0)?;
        let mut rest = &head[..];
        let parameters = super::Parameters::new(options);
        let scheme = SOURCE.version(&mut rest, FORMAT)?;
        let mut number =
            || frame::take_number(&mut rest).ok_or_else(|| SOURCE.damaged("the head is too short"));
        let (capacity, rate) = (number()?, f64::from_bits(number()?));
        let (segments, documents, hashes, len) = (number()?, number()?, number()?, number()?);
        parameters.check_stored(SOURCE.0, scheme, &String::from_utf8_lossy(rest))?;
        let hashes = u32::try_from(hashes).ok().filter(|hashes| (1..=64).contains(hashes));
        let len = usize::try_from(len).ok().filter(|len| (1..=MOST_BITS / 64).contains(&(*len as u64)));
        let is_rate = (LEAST_RATE..1.0).contains(&rate) && (1..=capacity).contains(&segments.max(1));
        let (Some(hashes), Some(len), true) = (hashes, len, is_rate) else {
            return Err(SOURCE.damaged("the head has numbers that are out of range"));
        };
        let mut words = Vec::new();
        for number in 1.. {
            let content = SOURCE.next_frame(&mut from, number)?;
            let expected = (len - words.len()).min(WORDS) * 8;
            if content.len() != expected {
                let found = content.len();
                return Err(
                    SOURCE.damaged(format!("expected {expected} bytes in frame {number}, found {found}"))
                );
            }
            let word = |word: &[u8]| word.try_into().ok().map(u64::from_le_bytes);
            words.extend(content.chunks_exact(8).filter_map(word));
            if words.len() == len {
                break;
            }
        }
        SOURCE.end(&mut from)?;
        let state =
            RwLock::new(State { filter: BloomFilter::from_vec(words).hashes(hashes), segments, documents });
        Ok(Self { store: Bloom { state, capacity, rate }, parameters })
    }
}
