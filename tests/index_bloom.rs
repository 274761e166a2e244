//! A Bloom filter has everything that was inserted, has as few false positives as promised, and is
//! never overfilled, also if it was loaded from a hostile file.

#![allow(clippy::cast_possible_truncation, reason = "sizes and rates of a test are small")]

use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::{BloomFilter, Index};
use refrain::{Document, Normalization, Options};
use xxhash_rust::xxh3::xxh3_64_with_seed;

type Tested = Result<(), Box<dyn std::error::Error>>;

fn raw() -> Options {
    Options::new().normalization(Normalization::RAW)
}

fn lines(range: std::ops::Range<usize>) -> String {
    range.map(|i| format!("line {i}\n")).collect()
}

fn insert(filter: &mut BloomFilter, range: std::ops::Range<usize>) -> Result<(), IndexError> {
    filter.insert(&Document::with_options(&lines(range), &raw()))
}

fn seen(filter: &BloomFilter, range: std::ops::Range<usize>) -> Result<Vec<usize>, IndexError> {
    let first = range.start;
    let seen = filter.query(&Document::with_options(&lines(range), &raw()))?;
    Ok(seen.segments().map(|segment| first + segment).collect())
}

/// A filter that selected bits by a remainder had nearly all unique documents as seen at a size that
/// is a power of two.
#[test]
fn the_rate_of_false_positives_is_the_promised_one() -> Tested {
    // Sizes in bits near and at powers of two, and others.
    for (capacity, rate) in [(100_000, 0.01), (109_396, 0.01), (54_697, 0.001), (20_000, 0.2), (72_931, 0.05)]
    {
        let mut filter = BloomFilter::new(capacity, rate, &raw())?;
        let end = capacity as usize;
        insert(&mut filter, 0..end)?;
        assert_eq!(filter.query(&Document::with_options(&lines(0..end), &raw()))?.share(), 1.0);
        let more = (400.0 / rate) as usize * 8;
        let wrong = seen(&filter, end..end + more)?.len() as f64 / more as f64;
        assert!((wrong / rate - 1.0).abs() < 0.1, "{capacity} at {rate}: {wrong}");
        let segments = filter.segment_count();
        assert!(segments <= capacity && segments as f64 >= capacity as f64 * (1.0 - rate));
    }
    Ok(())
}

#[test]
fn a_full_filter_is_an_error_and_inserts_nothing() -> Tested {
    let mut filter = BloomFilter::new(100, 0.001, &raw())?;
    insert(&mut filter, 0..60)?;
    let error = insert(&mut filter, 50..150).expect_err("it is full");
    assert!(matches!(error, IndexError::PastCapacity { capacity: 100 }));
    assert!(error.to_string().contains("100 segments"), "{error}");
    assert_eq!(filter.segment_count(), 60);
    insert(&mut filter, 20..90)?;
    insert(&mut filter, 0..90)?;
    let text = lines(0..200);
    assert!(filter.query_and_insert(&Document::with_options(&text, &raw())).is_err());
    let all = seen(&filter, 0..200)?;
    assert!(all[..90].iter().copied().eq(0..90) && all.len() < 100);
    let new = filter.query_and_insert(&Document::with_options("line 95", &raw()))?;
    assert_eq!((new.segments().len(), new.share()), (0, 0.0));
    Ok(())
}

/// The bits do not depend on a random seed.
#[test]
fn its_bits_never_change() -> Tested {
    let mut filter = BloomFilter::new(50, 0.05, &raw())?;
    insert(&mut filter, 0..50)?;
    let wrong: Vec<usize> = seen(&filter, 50..2050)?.into_iter().map(|line| line - 50).take(8).collect();
    assert_eq!(wrong, [4, 14, 34, 44, 52, 78, 168, 242]);
    Ok(())
}

#[test]
fn impossible_filters_are_refused_with_a_reason() -> Tested {
    let cases = [
        (0, 0.01, "one segment"),
        (10, 0.0, "more than 0"),
        (10, 1.0, "less than 1"),
        (10, f64::NAN, "more than 0"),
        (10, -1.0, "more than 0"),
        (u64::MAX, 0.01, "16 GiB"),
        (1 << 40, 1e-3, "16 GiB"),
        (1, 1e-300, "2^-60"),
        (1, 0.5_f64.powi(61), "2^-60"),
    ];
    for (capacity, rate, why) in cases {
        let message =
            BloomFilter::new(capacity, rate, &raw()).map(drop).expect_err("it is refused").to_string();
        assert!(message.contains(why), "{message}");
    }
    insert(&mut BloomFilter::new(1, 0.999, &raw())?, 0..1)?;
    Ok(())
}

fn written(filter: &BloomFilter) -> Vec<u8> {
    let mut bytes = Vec::new();
    filter.save(&mut bytes).expect("it is written");
    bytes
}

#[test]
fn a_loaded_filter_goes_on_like_the_saved_one() -> Tested {
    // More words than one frame has, and fewer.
    for (capacity, len) in [(600_000, 1_000), (100, 60)] {
        let mut saved = BloomFilter::new(capacity, 0.001, &raw())?;
        insert(&mut saved, 0..len)?;
        let mut loaded = BloomFilter::load(&written(&saved)[..], &raw())?;
        assert!(written(&loaded) == written(&saved));
        for filter in [&mut saved, &mut loaded] {
            let all = seen(filter, 0..3 * len)?;
            assert!(all[..len].iter().copied().eq(0..len) && all.len() < 2 * len);
            assert_eq!((filter.capacity(), filter.rate()), (capacity, 0.001));
            drop(insert(filter, 0..3 * len));
        }
        assert!(written(&loaded) == written(&saved));
    }
    Ok(())
}

#[test]
fn a_damaged_filter_and_one_for_other_documents_are_errors() -> Tested {
    let mut filter = BloomFilter::new(100, 0.01, &raw())?;
    insert(&mut filter, 0..50)?;
    let bytes = written(&filter);
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        assert!(BloomFilter::load(&flipped[..], &raw()).is_err(), "byte {at}");
        assert!(BloomFilter::load(&bytes[..at], &raw()).is_err(), "{at} bytes");
    }
    assert!(BloomFilter::load(&[&bytes[..], b"x"].concat()[..], &raw()).is_err());
    let other = BloomFilter::load(&bytes[..], &Options::new());
    assert!(matches!(other, Err(IndexError::WrongParameters { .. })));
    assert!(filter.query(&Document::new("a")).is_err() && filter.insert(&Document::new("a")).is_err());
    let snapshot = Index::load(&bytes[..], &raw());
    assert!(matches!(snapshot, Err(IndexError::Damaged { .. })));
    Ok(())
}

/// A filter of one word whose numbers are replaced, with a checksum that fits.
fn with_numbers(numbers: [u64; 5]) -> Vec<u8> {
    let mut bytes = written(&BloomFilter::new(5, 0.01, &raw()).expect("it is small"));
    let len = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes")) as usize;
    let head = 8 + 16 + len(8);
    let content: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    assert_eq!(len(head), content.len());
    let sum = xxh3_64_with_seed(&content, 1 ^ (content.len() as u64).rotate_left(32));
    bytes[head + 8..head + 16].copy_from_slice(&sum.to_le_bytes());
    bytes[head + 16..head + 16 + content.len()].copy_from_slice(&content);
    bytes
}

/// A file was believed: its filter was full after 22 segments and said nothing, or a sum overflowed.
#[test]
fn a_filter_that_claims_impossible_numbers_is_refused() -> Tested {
    let rate = 0.01_f64.to_bits();
    BloomFilter::load(&with_numbers([5, rate, 5, 7, 1])[..], &raw())?;
    for numbers in [
        [1 << 62, rate, 0, 7, 1],
        [u64::MAX, rate, u64::MAX, 7, 1],
        [5, rate, 6, 7, 1],
        [5, rate, u64::MAX, 7, 1],
        [5, rate, 0, 7, 3],
        [5, rate, 0, 7, 0],
        [5, rate, 0, 7, u64::MAX],
        [5, rate, 0, 0, 1],
        [5, rate, 0, 9, 1],
        [5, rate, 0, u64::MAX, 1],
        [0, rate, 0, 7, 1],
        [5, f64::NAN.to_bits(), 0, 7, 1],
        [5, 1.0_f64.to_bits(), 0, 7, 1],
    ] {
        let loaded = BloomFilter::load(&with_numbers(numbers)[..], &raw());
        assert!(matches!(loaded, Err(IndexError::Damaged { .. })), "{numbers:?}");
    }
    Ok(())
}

/// A filter with all bits set was loaded, and had every segment as seen.
#[test]
fn a_filter_with_more_bits_than_its_segments_set_is_refused() -> Tested {
    let mut bytes = written(&BloomFilter::new(1_000, 0.01, &raw())?);
    let len =
        |bytes: &[u8], at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
    let mut at = 8;
    for frame in 0..3_u64 {
        let end = at + 16 + len(&bytes, at) as usize;
        if frame == 2 {
            bytes[at + 16..end].fill(0xFF);
            let sum = xxh3_64_with_seed(&bytes[at + 16..end], frame ^ len(&bytes, at).rotate_left(32));
            bytes[at + 8..at + 16].copy_from_slice(&sum.to_le_bytes());
        }
        at = end;
    }
    assert_eq!(at, bytes.len());
    let error = BloomFilter::load(&bytes[..], &raw()).expect_err("no segment set these bits");
    assert!(error.to_string().contains("0 segments cannot set"), "{error}");
    Ok(())
}

proptest! {
    #[test]
    fn no_numbers_make_it_panic(capacity: u64, rate: f64, segments: u64, hashes in 0..80_u64, words in 0..4_u64) {
        if let Ok(mut filter) = BloomFilter::load(&with_numbers([capacity, rate.to_bits(), segments, hashes, words])[..], &raw()) {
            drop(insert(&mut filter, 0..20));
            prop_assert!(filter.segment_count() <= filter.capacity());
        }
    }
}
