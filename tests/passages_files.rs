//! Files of passages: they read back, their bytes depend on the documents only, damage is an error,
//! and rebuilt indexes are those of the documents that are left.

mod common;

use std::io::Read;

use common::passages::{documents, text};
use proptest::prelude::*;
use refrain::Normalization;
use refrain::error::IndexError;
use refrain::passages::{Border, FoundPassages, PassageOptions, Passages, Text};
use refrain_testkit::cases;
use refrain_testkit::passages::units;

fn options(window: usize) -> PassageOptions {
    PassageOptions::new().min_words(window).expect("there is a word")
}

fn saved(index: &Passages) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("memory can be written");
    bytes
}

fn insert(index: &mut Passages, texts: &[String], dedup: bool) -> Vec<FoundPassages> {
    let one = |(number, text): (usize, &String)| {
        let id = number.to_string();
        let text = Text { id: &id, text };
        match dedup {
            true => index.dedup(text, Border::Word).map(|kept| kept.found().clone()),
            false => index.query_and_insert(text),
        }
    };
    texts.iter().enumerate().map(one).collect::<Result<_, _>>().expect("there is room")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(200, 5_000)))]

    #[test]
    fn a_file_reads_back(drafts in documents(), more in documents(), window in 1..6_usize, dedup: bool) {
        let texts: Vec<String> = drafts.iter().map(|document| text(document)).collect();
        let more: Vec<String> = more.iter().map(|document| text(document)).collect();
        let mut index = Passages::with_options(&options(window));
        insert(&mut index, &texts, dedup);
        index.mark_removed(|id| id == "1");
        let bytes = saved(&index);
        let mut read = Passages::load(&bytes[..], &options(window))?;
        prop_assert_eq!(&saved(&read), &bytes);
        for text in texts.iter().chain(&more) {
            prop_assert_eq!(read.query(text)?, index.query(text)?);
        }
        prop_assert_eq!(insert(&mut read, &more, dedup), insert(&mut index, &more, dedup));
        prop_assert_eq!(saved(&read), saved(&index));
    }

    /// A run of fewer words than a passage has is not stored.
    #[test]
    fn short_runs_are_not_stored(drafts in documents(), window in 1..40_usize, dedup: bool) {
        let texts: Vec<String> = drafts.iter().map(|document| text(document)).collect();
        let long = |text: &String| if units(text).len() < window { String::new() } else { text.clone() };
        let (mut index, mut other) = (Passages::with_options(&options(window)), Passages::with_options(&options(window)));
        insert(&mut index, &texts, dedup);
        insert(&mut other, &texts.iter().map(long).collect::<Vec<_>>(), dedup);
        prop_assert_eq!(saved(&index), saved(&other));
        prop_assert_eq!(saved(&index.rebuild()), saved(&other));
    }

    #[test]
    fn a_rebuilt_index_is_that_of_the_documents_that_are_left(drafts in documents(), window in 1..6_usize) {
        let texts: Vec<String> = drafts.iter().map(|document| text(document)).collect();
        let mut index = Passages::with_options(&options(window));
        insert(&mut index, &texts, false);
        prop_assert_eq!(saved(&index.rebuild()), saved(&index));
        let is_even = |id: &str| id.parse::<usize>().is_ok_and(|id| id % 2 == 0);
        let marked = index.mark_removed(is_even);
        prop_assert_eq!((marked, index.mark_removed(is_even)), (texts.len().div_ceil(2), 0));
        let mut expected = Passages::with_options(&options(window));
        for (number, text) in texts.iter().enumerate().filter(|(number, _)| number % 2 == 1) {
            expected.insert(Text { id: &number.to_string(), text })?;
        }
        prop_assert_eq!(saved(&index.rebuild()), saved(&expected));
        // Until then, removed documents are still sources, and nothing is cut because of them.
        for passage in &index.query(&texts[0])? {
            let number: usize = passage.document_id().parse().expect("ids are numbers");
            prop_assert_eq!(passage.is_source_removed(), number % 2 == 0);
        }
        let kept = index.dedup(Text { id: "x", text: &texts[0] }, Border::Word)?;
        let reasons = kept.removals().iter().flat_map(|removal| removal.passages());
        prop_assert!(reasons.into_iter().all(|passage| !passage.is_source_removed()));
    }

    /// Any change of a file is an error, and no file of any content causes a panic.
    #[test]
    fn damage_is_an_error(drafts in documents(), at: prop::sample::Index, change in 1..=255_u8, end: prop::sample::Index) {
        let texts: Vec<String> = drafts.iter().map(|document| text(document)).collect();
        let mut index = Passages::with_options(&options(2));
        insert(&mut index, &texts, false);
        let bytes = saved(&index);
        let mut changed = bytes.clone();
        changed[at.index(bytes.len())] ^= change;
        prop_assert!(Passages::load(&changed[..], &options(2)).is_err());
        prop_assert!(Passages::load(&bytes[..end.index(bytes.len())], &options(2)).is_err());
        let longer = [&bytes[..], &[0]].concat();
        prop_assert!(Passages::load(&longer[..], &options(2)).is_err());
    }

    /// Files with right checksums and wrong contents.
    #[test]
    fn hostile_files_are_errors_or_indexes(
        drafts in documents(), frame in 0..9_usize, at: prop::sample::Index, value: u64, small: bool,
    ) {
        let texts: Vec<String> = drafts.iter().map(|document| text(document)).collect();
        let mut index = Passages::with_options(&options(2));
        insert(&mut index, &texts, false);
        let bytes = forged(&saved(&index), frame, |content| {
            if !content.is_empty() {
                let at = at.index(content.len());
                let value = if small { value % 4 } else { value };
                for (place, byte) in content[at..].iter_mut().zip(value.to_le_bytes()) {
                    *place = byte;
                }
            }
        });
        if let Ok(mut index) = Passages::load(&bytes[..], &options(2)) {
            for text in &texts {
                drop(index.query(text)?);
                drop(index.dedup(Text { id: "x", text }, Border::Word)?);
            }
            drop(index.rebuild());
        }
    }
}

/// Returns a file with a frame changed, and with the right checksum.
fn forged(bytes: &[u8], frame: usize, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut all = bytes[..8].to_vec();
    let mut rest = &bytes[8..];
    let mut change = Some(change);
    for number in 0.. {
        if rest.is_empty() {
            break;
        }
        let len = u64::from_le_bytes(rest[..8].try_into().expect("eight bytes"));
        let len = usize::try_from(len).expect("it is short");
        let mut content = rest[16..16 + len].to_vec();
        rest = &rest[16 + len..];
        if number == frame {
            change.take().expect("once")(&mut content);
        }
        let len = content.len() as u64;
        let sum = xxhash_rust::xxh3::xxh3_64_with_seed(&content, number as u64 ^ len.rotate_left(32));
        all.extend(len.to_le_bytes());
        all.extend(sum.to_le_bytes());
        all.extend(content);
    }
    all
}

#[test]
fn other_options_and_formats_are_named() -> Result<(), Box<dyn std::error::Error>> {
    let mut index = Passages::with_options(&options(3));
    index.insert(Text { id: "a", text: "one two three four" })?;
    let bytes = saved(&index);
    let others =
        [options(4), options(3).seed(1), options(3).normalization(Normalization::TEXT.strip_punctuation())];
    for other in others {
        match Passages::load(&bytes[..], &other) {
            Err(IndexError::WrongParameters { stored, asked, .. }) => {
                assert!(stored.contains("passages of 3 words") && asked.contains(&other.to_string()));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(Passages::load(&bytes[..], &options(3).min_bytes(7)).is_ok());
    let other = forged(&bytes, 0, |content| content[0] = 9);
    assert!(matches!(
        Passages::load(&other[..], &options(3)),
        Err(IndexError::WrongVersion { kind: "format", stored: 9, .. })
    ));
    let other = forged(&bytes, 0, |content| content[11] = b'9');
    assert!(matches!(
        Passages::load(&other[..], &options(3)),
        Err(IndexError::WrongVersion { kind: "scheme", .. })
    ));
    Ok(())
}

/// A file that claims 2^60 items is an error, and takes no memory for them.
#[test]
fn large_claims_take_no_memory() {
    struct Zeros(u64);
    impl Read for Zeros {
        fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
            bytes.fill(0);
            self.0 += bytes.len() as u64;
            assert!(self.0 < 1 << 20, "it reads on");
            Ok(bytes.len())
        }
    }
    let bytes = saved(&Passages::new());
    for item in 0..6 {
        let forged = forged(&bytes, 1, |content| {
            content[8 * item..8 * item + 8].copy_from_slice(&(1_u64 << 60).to_le_bytes())
        });
        assert!(Passages::load(&forged[..], &PassageOptions::new()).is_err());
        let endless = (&forged[..]).chain(Zeros(0));
        assert!(Passages::load(endless, &PassageOptions::new()).is_err());
    }
}
