//! A Bloom filter knows everything that was inserted, has as few false positives as promised, and
//! is never overfilled.

#![allow(clippy::cast_possible_truncation, reason = "sizes and rates of a test are small")]

use refrain::error::IndexError;
use refrain::index::{Bloom, Index, Page, Thresholds};
use refrain::{Document, Normalization, Options};

fn raw() -> Options {
    Options::new().normalization(Normalization::RAW)
}

fn lines(range: std::ops::Range<usize>) -> String {
    range.map(|i| format!("line {i}\n")).collect()
}

/// Bits by hash *and* size instead of a remainder: nearly all unique documents were dropped at a size that is
/// a power of two.
#[test]
fn the_rate_of_wrong_answers_is_the_promised_one() -> Result<(), Box<dyn std::error::Error>> {
    // Sizes in bits near and at powers of two, and others.
    for (capacity, rate) in [(100_000, 0.01), (109_396, 0.01), (54_697, 0.001), (20_000, 0.2), (72_931, 0.05)]
    {
        let index = Index::bloom(capacity, rate, &raw())?;
        let text = lines(0..capacity as usize);
        let learnt = Document::with_options(&text, &raw());
        index.insert(Page { id: "1", scope: "", document: &learnt })?;
        assert_eq!(index.query("", &learnt)?.seen_share(), 1.0);
        let more = (400.0 / rate) as usize * 8;
        let text = lines(capacity as usize..capacity as usize + more);
        let other = Document::with_options(&text, &raw());
        let seen = index.query("", &other)?;
        let wrong = (0..other.len()).filter(|i| !seen.is_new(*i)).count() as f64 / more as f64;
        assert!((wrong / rate - 1.0).abs() < 0.1, "{capacity} at {rate}: {wrong}");
        let bloom = index.store();
        assert!((bloom.estimated_rate() / wrong - 1.0).abs() < 0.1, "{} for {wrong}", bloom.estimated_rate());
        assert!(bloom.segments() <= capacity && bloom.segments() as f64 >= capacity as f64 * (1.0 - rate));
        assert!(bloom.fill() > 0.3 && bloom.fill() < 0.6);
    }
    Ok(())
}

#[test]
fn past_its_capacity_it_says_so_and_learns_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::bloom(100, 0.001, &raw())?;
    let learn = |range| {
        index.insert(Page { id: "x", scope: "", document: &Document::with_options(&lines(range), &raw()) })
    };
    learn(0..60)?;
    let error = learn(50..150).expect_err("there is none");
    assert!(matches!(error, IndexError::PastCapacity { capacity: 100 }));
    assert!(error.to_string().contains("100 segments"), "{error}");
    assert_eq!(index.store().segments(), 60);
    learn(20..90)?;
    learn(0..90)?;
    let text = lines(0..200);
    let doc = Document::with_options(&text, &raw());
    assert!(index.query_and_insert(Page { id: "x", scope: "", document: &doc }).is_err());
    let seen = index.query("", &doc)?;
    assert!((0..90).all(|i| !seen.is_new(i)));
    assert!((90..200).filter(|i| seen.is_new(*i)).count() > 100);
    let full = index
        .query_and_insert(Page { id: "x", scope: "", document: &Document::with_options("line 95", &raw()) })
        .map(|seen| seen.is_new(0));
    assert!(full.is_ok_and(|new| new));
    Ok(())
}

/// Random seeds: results varied from run to run.
#[test]
fn its_bits_never_change() -> Result<(), Box<dyn std::error::Error>> {
    let index: Index<Bloom> = Index::bloom(50, 0.05, &raw())?;
    index.insert(Page { id: "1", scope: "", document: &Document::with_options(&lines(0..50), &raw()) })?;
    let text = lines(50..2050);
    let doc = Document::with_options(&text, &raw());
    let seen = index.query("", &doc)?;
    let wrong: Vec<usize> = (0..doc.len()).filter(|i| !seen.is_new(*i)).take(8).collect();
    assert_eq!(wrong, FROZEN);
    Ok(())
}

const FROZEN: [usize; 8] = [4, 14, 34, 44, 52, 78, 168, 242];

#[test]
fn filters_that_cannot_be_are_refused_and_say_why() -> Result<(), Box<dyn std::error::Error>> {
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
        let message = Index::bloom(capacity, rate, &raw()).map(drop).expect_err("it is refused").to_string();
        assert!(message.contains(why), "{message}");
    }
    let small = Index::bloom(1, 0.999, &raw())?;
    small.insert(Page { id: "1", scope: "", document: &Document::with_options("a", &raw()) })?;
    Ok(())
}

#[test]
fn what_needs_documents_is_an_error() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::bloom(10, 0.01, &raw())?;
    let doc = Document::with_options("a\nb", &raw());
    index.insert(Page { id: "1", scope: "s", document: &doc }).and_then(|()| index.sync())?;
    let seen = index.query("s", &doc)?;
    assert_eq!((seen.document_count(0), seen.document_count_in_scope(0), index.len()), (1, 0, 1));
    let refused = [
        seen.matches(0).map(drop),
        seen.matched_runs().map(drop),
        seen.removals(&[0]).map(drop),
        seen.boilerplate(Thresholds::new()).map(drop),
        index.matches(doc.segment(0).expect("there are two").fingerprint()).map(drop),
        index.remove("1").map(drop),
        index.contains("1").map(drop),
        index.boilerplate("s", Thresholds::new()).map(drop),
        index.scope_len("s").map(drop),
        index.save(Vec::new()),
        Index::new().merge(&index),
        index.query_excluding(Page { id: "1", scope: "s", document: &Document::new("a") }).map(drop),
    ];
    for result in refused {
        let message = result.expect_err("it is refused").to_string();
        assert!(message.contains("Bloom filter") || message.contains("form raw"), "{message}");
    }
    Ok(())
}

fn written(index: &Index<Bloom>) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save_filter(&mut bytes).expect("it is written");
    bytes
}

#[test]
fn a_filter_that_is_read_back_goes_on_as_the_one_that_was_written() -> Result<(), Box<dyn std::error::Error>>
{
    // More words than one frame has, and fewer.
    for (capacity, len) in [(600_000, 1_000), (100, 60)] {
        let index = Index::bloom(capacity, 0.001, &raw())?;
        index.insert(Page {
            id: "1",
            scope: "",
            document: &Document::with_options(&lines(0..len), &raw()),
        })?;
        let bytes = written(&index);
        let read = Index::load_filter(&bytes[..], &raw())?;
        assert!(written(&read) == bytes);
        let text = lines(0..3 * len);
        let doc = Document::with_options(&text, &raw());
        for index in [&index, &read] {
            let seen = index.query("", &doc)?;
            assert!((0..len).all(|segment| !seen.is_new(segment)) && seen.new_runs().count() > 0);
            assert_eq!((index.len(), index.store().capacity(), index.store().rate()), (1, capacity, 0.001));
            drop(index.insert(Page { id: "2", scope: "", document: &doc }));
        }
        assert!(written(&read) == written(&index));
    }
    Ok(())
}

#[test]
fn a_damaged_filter_and_one_for_other_documents_are_errors() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::bloom(100, 0.01, &raw())?;
    index.insert(Page { id: "1", scope: "", document: &Document::with_options(&lines(0..50), &raw()) })?;
    let bytes = written(&index);
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        assert!(Index::load_filter(&flipped[..], &raw()).is_err(), "byte {at}");
        assert!(Index::load_filter(&bytes[..at], &raw()).is_err(), "{at} bytes");
    }
    assert!(Index::load_filter(&[&bytes[..], b"x"].concat()[..], &raw()).is_err());
    let other = Index::load_filter(&bytes[..], &Options::new());
    assert!(matches!(other, Err(IndexError::WrongParameters { .. })));
    let snapshot = Index::load(&bytes[..], &raw());
    assert!(matches!(snapshot, Err(IndexError::Damaged { .. })));
    Ok(())
}
