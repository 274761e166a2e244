//! Promise 11: an index on disk answers like one in memory, outlasts its process, and names damage
//! in its files.

mod common;

use std::fs;

use common::folder::{Folder, files, open, snapshot};
use common::remembered::{Remembered, steps, text};
use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::{Disk, Index, Page, Thresholds};
use refrain::{Document, Normalization, Options};
use refrain_testkit::{Random, cases};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(8, 60)))]

    #[test]
    fn answers_are_those_of_comparing_everything(
        parts in prop::collection::vec(steps::some(), 1..4),
        memory in prop::sample::select(vec![1, 1000, 5000, 1 << 20]),
        compact in any::<bool>(),
        share in f64::MIN_POSITIVE..1.0,
    ) {
        let folder = Folder::new("answers");
        let mut remembered = Remembered::default();
        for steps in &parts {
            let index = open(&folder.0, memory);
            for step in steps {
                remembered.step(&index, step);
            }
            if compact {
                index.compact()?;
            }
            for scope in steps::SCOPES {
                remembered.check_boilerplate(&index, scope, Thresholds::new().min_share(share)?.min_documents(2));
            }
            index.sync()?;
            index.check()?;
        }
        let index = open(&folder.0, memory);
        let in_memory = Index::new();
        for page in &remembered.0 {
            in_memory.insert(Page { id: &page.0, scope: &page.1, document: &Document::new(&text(page)) })?;
        }
        prop_assert_eq!(snapshot(&index), snapshot(&in_memory));
    }
}

#[test]
fn what_belongs_to_other_documents_is_refused() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("parameters");
    drop(open(&folder.0, 4096));
    for options in [Options::new().seed(7), Options::new().normalization(Normalization::WHITESPACE)] {
        let error = Index::<Disk>::open(&folder.0, &options).map(drop).expect_err("it is another index");
        assert!(matches!(error, IndexError::WrongParameters { .. }));
        let message = error.to_string();
        assert!(message.contains("form text, seed 0, segments lines"), "{message}");
    }
    // The head of another scheme and of another format, each whole.
    let head = |format: u32, scheme: u32| {
        let content =
            [&format.to_le_bytes()[..], &scheme.to_le_bytes(), b"form text, seed 0, segments lines"].concat();
        let len = content.len() as u64;
        let sum = xxhash_rust::xxh3::xxh3_64_with_seed(&content, 1 ^ len.rotate_left(32));
        [&len.to_le_bytes()[..], &sum.to_le_bytes(), &content].concat()
    };
    let file = folder.0.join("head");
    assert_eq!(fs::read(&file)?, head(1, refrain::Fingerprint::SCHEME));
    for (bytes, kind) in [(head(1, 999), "scheme 999"), (head(999, 1), "format 999")] {
        fs::write(&file, bytes)?;
        let message = Index::<Disk>::open(&folder.0, &Options::new()).map(drop).expect_err("it is refused");
        assert!(message.to_string().contains(kind), "{message}");
    }
    Ok(())
}

/// Keys that more documents have than stand in one row, in several scopes, as they come and go.
#[test]
fn keys_of_many_documents_are_counted_and_listed_as_in_memory() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("many");
    let mut numbers = Random::new(3);
    let mut random = |n: usize| numbers.below(n);
    let expected = Index::new();
    let mut index = open(&folder.0, 1 << 20);
    for round in 0..cases(20, 60) {
        let leave = round % 20 >= 10;
        for _ in 0..8 {
            let (id, scope) = (
                random(60).to_string(),
                if random(2) == 0 { "a" } else { ["b", "c"][usize::from(random(2) == 0)] },
            );
            if leave {
                assert_eq!(index.remove(&id)?, expected.remove(&id)?);
            } else {
                let pages: Vec<(String, String)> = (0..1 + random(12))
                    .map(|_| {
                        let lines: Vec<usize> = (0..random(6)).map(|_| random(7)).collect();
                        let text = lines.iter().map(|line| format!("line {line}\n")).collect();
                        (random(60).to_string(), text)
                    })
                    .collect();
                let docs: Vec<Document<'_>> = pages.iter().map(|(_, text)| Document::new(text)).collect();
                let all: Vec<_> =
                    pages.iter().zip(&docs).map(|((id, _), document)| Page { id, scope, document }).collect();
                index.insert_all(&all).and_then(|()| expected.insert_all(&all))?;
            }
        }
        let text: String = (0..8).map(|line| format!("line {line}\n")).collect();
        let doc = Document::new(&text);
        for scope in ["a", "b", "c", "d"] {
            for except in ["1", "2", "3", "none"] {
                let seen = index.query_excluding(Page { id: except, scope, document: &doc })?;
                let other = expected.query_excluding(Page { id: except, scope, document: &doc })?;
                for line in 0..doc.len() {
                    assert_eq!(seen.document_count(line), other.document_count(line));
                    assert_eq!(seen.document_count_in_scope(line), other.document_count_in_scope(line));
                    let listed = |found: Vec<refrain::index::Match>| -> Vec<_> {
                        found.iter().map(|found| (found.document().to_owned(), found.segment())).collect()
                    };
                    let matches = listed(seen.matches(line)?);
                    assert_eq!(matches, listed(other.matches(line)?));
                    let all =
                        listed(index.matches(doc.segments().nth(line).expect("it is there").fingerprint())?);
                    let others = listed(
                        expected.matches(doc.segments().nth(line).expect("it is there").fingerprint())?,
                    );
                    assert_eq!(all, others);
                }
            }
            let boilerplate = |listed: refrain::index::Boilerplate| -> Vec<_> {
                listed
                    .iter()
                    .map(|f| (f.document_count(), f.example().document().to_owned(), f.example().segment()))
                    .collect()
            };
            for least in [2, 5, 12] {
                let thresholds = Thresholds::new().min_share(f64::MIN_POSITIVE)?.min_documents(least);
                assert_eq!(
                    boilerplate(index.boilerplate(scope, thresholds)?),
                    boilerplate(expected.boilerplate(scope, thresholds)?)
                );
            }
        }
        index.check()?;
        assert_eq!(snapshot(&index), snapshot(&expected));
        match round % 7 {
            3 => index.compact()?,
            5 => {
                drop(index);
                index = open(&folder.0, 1);
            }
            _ => {}
        }
    }
    Ok(())
}

#[test]
fn names_and_scopes_may_be_anything() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("names");
    let long = "\u{1F600}x".repeat(20_000);
    let names =
        ["", "\0", "\u{FF}", "mark", "d", "../../etc", "a\nb", "a\0b", &long, &long[..long.len() - 1]];
    let doc = Document::new("a\nb");
    {
        let index = open(&folder.0, 1 << 20);
        for scope in names {
            for id in names {
                index.insert(Page { id: &format!("{id}{scope}"), scope, document: &doc })?;
            }
        }
        for id in names {
            index.insert(Page { id, scope: id, document: &doc })?;
        }
    }
    let index = open(&folder.0, 1 << 20);
    let (expected, mut all) = (Index::new(), 0);
    for scope in names {
        for id in names {
            expected.insert(Page { id: &format!("{id}{scope}"), scope, document: &doc })?;
        }
    }
    for id in names {
        expected.insert(Page { id, scope: id, document: &doc })?;
    }
    for scope in names {
        let len = index.scope_len(scope)?;
        assert_eq!(len, expected.scope_len(scope)?);
        assert_eq!(index.query(scope, &doc)?.document_count_in_scope(0), len);
        all += len;
    }
    assert_eq!(u64::from(all), index.len());
    assert_eq!(snapshot(&index), snapshot(&expected));
    index.check()?;
    Ok(())
}

#[test]
fn a_document_of_many_segments_goes_to_disk_and_comes_back() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("many-segments");
    let segments = cases(50_000, 1_000_000);
    let text: String = (0..segments).map(|i| format!("{}\n", i % (segments * 7 / 10))).collect();
    let doc = Document::new(&text);
    let index = open(&folder.0, 16 * segments);
    index.insert(Page { id: "long", scope: "s", document: &doc })?;
    index.insert(Page { id: "short", scope: "s", document: &Document::new("5\n6\n7") })?;
    index.compact()?;
    let seen = index.query("s", &doc)?;
    assert_eq!((seen.seen_share(), seen.document_count(5), seen.document_count(8)), (1.0, 2, 1));
    assert_eq!(seen.matched_runs()?.len(), 1);
    assert!(index.remove("long")?);
    assert_eq!(index.query("s", &doc)?.new_runs().count(), 3);
    Ok(())
}

/// What was forgotten does not stay for ever.
#[test]
fn pages_that_are_fetched_again_and_again_do_not_fill_the_disk() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("again");
    let index = open(&folder.0, 1 << 20);
    let size = || -> u64 {
        let tables = files(&folder.0).into_iter().filter(|file| file.extension().is_none());
        tables.map(|file| fs::metadata(folder.0.join(file)).map_or(0, |file| file.len())).sum()
    };
    let mut sizes = Vec::new();
    for round in 0..24 {
        for page in 0..50 {
            let text: String =
                (0..40).map(|line| format!("line {line} of {page} in round {round}\n")).collect();
            index.insert(Page { id: &page.to_string(), scope: "s", document: &Document::new(&text) })?;
        }
        sizes.push(size());
    }
    index.compact()?;
    sizes.push(size());
    assert!(sizes.iter().all(|size| *size < 3_000_000) && sizes[24] < 400_000, "{sizes:?}");
    assert_eq!(index.scope_len("s")?, 50);
    index.check()?;
    Ok(())
}
