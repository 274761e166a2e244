//! An index on disk answers like one in memory, outlasts its process, and refuses
//! folders that are not its own.

mod common;

use std::fs;
use std::ops::ControlFlow::{Break, Continue};
use std::path::Path;

use common::concurrent::check_against_models;
use common::remembered::{Remembered, steps, text};
use common::{Folder, files, open, open_within, snapshot};
use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::store::{Change, Open as _, Query, Record, Store};
use refrain::index::{Detail, Index, MAX_LISTED_DOCUMENTS, Match, Memory, Page, Thresholds};
use refrain::near::{LshIndex, NearOptions, Shingler};
use refrain::{Document, Fingerprint, Normalization, Options, Segmentation};
use refrain_disk::Disk;
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
                index.store().compact(|_| Continue(()))?;
            }
            for scope in steps::SCOPES {
                remembered.check_boilerplate(&index, scope, Thresholds::new().min_share(share)?.min_documents(2));
            }
            index.sync()?;
            index.store().check()?;
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
fn an_index_with_other_options_is_refused() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("parameters");
    drop(open(&folder.0, 4096));
    for options in [Options::new().seed(7), Options::new().normalization(Normalization::WHITESPACE)] {
        let error = Index::<Disk>::open(&folder.0, &options).map(drop).expect_err("it is another index");
        assert!(matches!(error, IndexError::WrongParameters { .. }));
        let message = error.to_string();
        assert!(message.contains("form text, seed 0, segments lines"), "{message}");
    }
    // The head of another scheme and of another format, each with its checksum.
    let head = |format: u32, scheme: u32| {
        let line = format!("scheme {scheme}, form text, seed 0, segments lines");
        let content = [&format.to_le_bytes()[..], line.as_bytes()].concat();
        let sum = xxhash_rust::xxh3::xxh3_64_with_seed(&content, 1);
        [&sum.to_le_bytes()[..], &content].concat()
    };
    let file = folder.0.join("segments/head");
    assert_eq!(fs::read(&file)?, head(2, Fingerprint::SCHEME));
    for (bytes, kind) in [(head(2, 999), "scheme 999"), (head(999, 1), "format 999")] {
        fs::write(&file, bytes)?;
        let message = Index::<Disk>::open(&folder.0, &Options::new()).map(drop).expect_err("it is refused");
        assert!(message.to_string().contains(kind), "{message}");
    }
    Ok(())
}

#[test]
fn an_existing_index_is_opened_with_its_own_options() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("existing");
    let options = Options::new()
        .seed(7)
        .normalization(Normalization::WHITESPACE)
        .segmentation(Segmentation::Paragraphs);
    drop(Index::<Disk>::open(&folder.0, &options)?);
    let index = Index::<Disk>::open_existing(&folder.0)?;
    assert_eq!(index.options(), &options);
    assert_eq!(index.store().path(), folder.0.join("segments"));
    let shingler = Shingler::new().words_per_shingle(3).seed(9);
    let near = NearOptions::new(0.7)?.containment(0.9)?;
    let missing = LshIndex::<Disk>::open_existing(&folder.0).map(drop);
    assert!(matches!(missing, Err(IndexError::Missing { .. })), "{missing:?}");
    drop(LshIndex::<Disk>::open(&folder.0, &shingler, near.clone())?);
    let index = LshIndex::<Disk>::open_existing(&folder.0)?;
    assert_eq!((index.options(), index.shingler()), (&near, &shingler));
    Ok(())
}

#[test]
fn a_missing_index_is_not_created() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("missing");
    let check = || {
        let segments = Index::<Disk>::open_existing(&folder.0).map(drop);
        let near = LshIndex::<Disk>::open_existing(&folder.0).map(drop);
        for missing in [segments, near] {
            let error = missing.expect_err("there is no index");
            assert!(matches!(error, IndexError::Missing { .. }), "{error}");
            assert!(error.to_string().contains(folder.0.to_str().expect("it is text")));
        }
    };
    check();
    assert!(!folder.0.exists());
    fs::create_dir_all(folder.0.join("segments"))?;
    check();
    assert!(files(&folder.0).is_empty());
    // The files of a process that was killed while it created an index.
    fs::write(folder.0.join("segments/lock"), [])?;
    fs::create_dir_all(folder.0.join("segments/tables.new/rest"))?;
    check();
    assert_eq!(files(&folder.0).len(), 1);
    assert!(open(&folder.0, 4096).is_empty()?);
    Ok(())
}

#[test]
fn folders_with_the_files_of_others_are_refused() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("others");
    for file in ["notes.txt", "photos/1.jpg", "segments/notes.txt", "segments/1/head", "near/1.jpg"] {
        drop(fs::remove_dir_all(&folder.0));
        let path = folder.0.join(file);
        fs::create_dir_all(path.parent().expect("it has one"))?;
        fs::write(&path, "of others")?;
        for existing in [false, true] {
            let refused = match existing {
                false => Index::<Disk>::open(&folder.0, &Options::new()).map(drop),
                true => Index::<Disk>::open_existing(&folder.0).map(drop),
            };
            let error = refused.expect_err("it is not ours");
            assert!(matches!(error, IndexError::NotAnIndex { .. }), "{file}: {error}");
            assert!(error.to_string().contains(folder.0.to_str().expect("it is text")), "{error}");
        }
        assert_eq!(files(&folder.0), [Path::new(file)]);
    }
    // Among the files of an index.
    drop(fs::remove_dir_all(&folder.0));
    drop(open(&folder.0, 4096));
    for file in ["notes.txt", "segments/notes.txt"] {
        let path = folder.0.join(file);
        fs::write(&path, "of others")?;
        let error = open_within(&folder.0, 4096).map(drop).expect_err("it is not ours");
        assert!(error.to_string().contains("`notes.txt`"), "{error}");
        fs::remove_file(path)?;
    }
    // Files of others beside one that is named like ours.
    let photos = folder.0.join("photos");
    fs::create_dir(&photos)?;
    for file in ["lock", "1.jpg"] {
        fs::write(photos.join(file), "of others")?;
    }
    let error = open_within(&folder.0, 4096).map(drop).expect_err("it is not ours");
    assert!(error.to_string().contains("`photos`"), "{error}");
    fs::remove_dir_all(photos)?;
    // A file in place of the folder.
    let file = folder.0.join("segments/head");
    let error = open_within(&file, 4096).map(drop).expect_err("it is a file");
    assert!(matches!(error, IndexError::Io { .. }) && error.to_string().contains("segments/head"), "{error}");
    drop(open(&folder.0, 4096));
    Ok(())
}

#[test]
fn both_kinds_of_index_share_a_folder() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("both");
    let (shingler, options) = (Shingler::new(), NearOptions::new(0.8)?);
    let text = "The ferry sails again on Monday at nine, from the old harbor.";
    for round in 0..3 {
        let index = open(&folder.0, 1 << 20);
        let near = LshIndex::<Disk>::open(&folder.0, &shingler, options.clone())?;
        assert_eq!((index.len()?, near.len()?), (round, round));
        let document = Document::new(text);
        index.insert(Page { id: &round.to_string(), scope: "s", document: &document })?;
        near.insert(&round.to_string(), &shingler.shingle(text))?;
        assert_eq!(index.query("s", &document, Detail::Counts)?.document_count(0), u32::try_from(round)? + 1);
        assert_eq!(near.query(&shingler.shingle(text))?.len() as u64, round + 1);
        let again = LshIndex::<Disk>::open_existing(&folder.0).map(drop);
        assert!(matches!(again, Err(IndexError::InUse { .. })));
    }
    assert_eq!(fs::read_dir(&folder.0)?.count(), 2);
    Ok(())
}

/// Compares the views of two stores, with numbers.
fn check_views(a: &dyn Store, b: &dyn Store, ids: &[String], keys: &[Fingerprint]) {
    let all = |store: &dyn Store| {
        let mut found = Vec::new();
        let read = store.read(&mut |view| {
            found.push(format!("{} {}", view.len(), view.is_empty()));
            for id in ids {
                found.push(format!("{id} {:?}", view.number(id)?));
            }
            let scopes: Result<Vec<_>, _> = (0..8).map(|index| view.scope(index)).collect();
            let scopes: Vec<(String, u32)> = scopes?.into_iter().flatten().collect();
            found.push(format!("{scopes:?}"));
            for scope in [None, Some("a"), Some("b"), Some("")] {
                let mut next = view.next_document(0, scope)?;
                while let Some(number) = next {
                    let is_there = view.document(number, &mut |document| {
                        found.push(format!("{number} {:?}", document.to_owned()));
                        Ok(())
                    })?;
                    assert!(is_there);
                    next = view.next_document(number + 1, scope)?;
                }
            }
            for scope in ["a", "b", ""] {
                found.push(format!("{}", view.scope_documents(scope)?));
                for documents in [1, 3, 20] {
                    found.push(format!("{:?}", view.frequent(scope, documents)?));
                }
                for except in [None, Some("1"), Some("none")] {
                    for limit in [0, 3, 18, u32::MAX] {
                        found.push(format!("{:?}", view.find(&Query { keys, scope, except, limit })?));
                    }
                }
            }
            Ok(())
        });
        read.expect("it is read");
        found
    };
    for (a, b) in all(a).iter().zip(all(b)) {
        assert_eq!(*a, b);
    }
}

/// Changes with ids that occur several times, in both lists, in several scopes.
#[test]
fn changes_have_the_effect_that_they_have_in_memory() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("changes");
    let mut random = Random::new(5);
    let memory = Memory::default();
    let open = || common::retry(|| Disk::open_within(&folder.0, "test", Some("any"), 1 << 16));
    let mut disk = open().0;
    let ids: Vec<String> = (0..40).map(|id| id.to_string()).collect();
    let all: Vec<Fingerprint> = (0..12).map(Fingerprint::from_u128).collect();
    for round in 0..cases(150, 1500) {
        let more = if round / 20 % 2 == 0 { 12 } else { 3 };
        let keys: Vec<Vec<Fingerprint>> = (0..random.below(more))
            .map(|_| (0..random.below(9)).map(|_| all[random.below(all.len())]).collect())
            .collect();
        let add = keys.iter().map(|keys| Record {
            id: &ids[random.below(40)],
            scope: ["a", "b", "", "c"][random.below(4)],
            keys,
            payload: b"payload",
        });
        let add: Vec<Record<'_>> = add.collect();
        let remove: Vec<String> =
            (0..random.below(15 - more)).map(|_| ids[random.below(40)].clone()).collect();
        for store in [&disk as &dyn Store, &memory] {
            store.write(&mut |_| Ok(Change { remove: remove.clone(), add: add.clone() }))?;
        }
        check_views(&disk, &memory, &ids, &all);
        if round % 16 == 15 {
            disk.check()?;
            drop(disk);
            disk = open().0;
        }
    }
    Ok(())
}

/// A store with a plan that fails is as it was.
#[test]
fn a_plan_that_fails_changes_nothing() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("plan");
    let (disk, description) = Disk::open(&folder.0, "test", Some("any line"))?;
    assert_eq!(description, "any line");
    let failing = disk.write(&mut |_| Err(IndexError::OtherDocument));
    assert!(matches!(failing, Err(IndexError::OtherDocument)));
    disk.read(&mut |view| {
        assert!(view.is_empty() && view.scope(0)?.is_none());
        Ok(())
    })?;
    // Scopes stay in the order in which they were first used.
    for (id, scope) in [("1", "b"), ("1", "a"), ("2", "b"), ("1", "c")] {
        let record = Record { id, scope, keys: &[], payload: b"" };
        disk.write(&mut |_| Ok(Change { remove: Vec::new(), add: vec![record] }))?;
    }
    disk.read(&mut |view| {
        let scopes: Result<Vec<_>, _> = (0..4).map(|index| view.scope(index)).collect();
        let named = |name: &str, documents| Some((name.to_owned(), documents));
        assert_eq!(scopes?, [named("b", 1), named("a", 0), named("c", 1), None]);
        Ok(())
    })?;
    drop(disk);
    let (_, description) = Disk::open(&folder.0, "test", Some("another"))?;
    assert_eq!(description, "any line");
    Ok(())
}

/// Threads insert the same documents under ids of their own. In the order of their insertion, each
/// matches those before.
#[test]
fn threads_share_an_index() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("threads");
    let index = open(&folder.0, 4096);
    let texts: Vec<String> =
        (0..cases(12, 60)).map(|text| format!("One of {text}.\nTwo of {text}.")).collect();
    let insert = |thread: usize| -> Result<Vec<u32>, IndexError> {
        let insert = |text: &String| {
            let (id, document) = (format!("{text} {thread}"), Document::new(text));
            let page = Page { id: &id, scope: "s", document: &document };
            let (result, _) = index.query_and_insert(page, Detail::Runs)?;
            let counts = [result.document_count(0), result.document_count_in_scope(1)];
            assert_eq!((counts[0], result.matches(0).len()), (counts[1], counts[0] as usize));
            Ok(counts[0])
        };
        texts.iter().map(insert).collect()
    };
    let counts: Result<Vec<Vec<u32>>, _> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|thread| scope.spawn(move || insert(thread))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    });
    let counts = counts?;
    for text in 0..texts.len() {
        let mut of_text: Vec<u32> = counts.iter().map(|counts| counts[text]).collect();
        of_text.sort_unstable();
        assert_eq!(of_text, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
    index.store().check()?;
    Ok(())
}

#[test]
fn each_of_eight_threads_gets_the_answers_of_its_model() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("models");
    let index = open(&folder.0, 4096);
    check_against_models(&index, cases(40, 400));
    index.store().check()?;
    Ok(())
}

#[test]
fn compaction_can_be_stopped() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("compaction");
    let index = open(&folder.0, 4096);
    index.insert(Page { id: "1", scope: "s", document: &Document::new("One.\nTwo.") })?;
    let before = snapshot(&index);
    for stop in 0..=6 {
        let mut asked = Vec::new();
        index.store().compact(|done| {
            asked.push(done);
            if done == stop { Break(()) } else { Continue(()) }
        })?;
        assert!(asked.into_iter().eq(0..(stop + 1).min(5)));
        assert!(snapshot(&index) == before);
    }
    index.store().check()?;
    Ok(())
}

/// Keys of more documents than fit into one row, in several scopes, as documents are added and
/// removed.
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
                assert_eq!(index.insert_all(&all)?, expected.insert_all(&all)?);
            }
        }
        let text: String = (0..8).map(|line| format!("line {line}\n")).collect();
        let doc = Document::new(&text);
        for scope in ["a", "b", "c", "d"] {
            for except in ["1", "2", "3", "none"] {
                let page = Page { id: except, scope, document: &doc };
                let seen = index.query_excluding(page, Detail::Runs)?;
                assert_eq!(seen, expected.query_excluding(page, Detail::Runs)?);
                for segment in doc.segments() {
                    let all: Vec<Match> = index.matches(segment.fingerprint())?;
                    assert_eq!(all, expected.matches(segment.fingerprint())?);
                }
            }
            let boilerplate = |listed: refrain::index::Boilerplate| -> Vec<_> {
                listed
                    .iter()
                    .map(|f| {
                        (f.document_count(), f.example().document_id().to_owned(), f.example().segment())
                    })
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
        index.store().check()?;
        assert_eq!(snapshot(&index), snapshot(&expected));
        match round % 7 {
            3 => index.store().compact(|_| Continue(()))?,
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
        assert_eq!(index.query(scope, &doc, Detail::Counts)?.document_count_in_scope(0), len);
        all += len;
    }
    assert_eq!(u64::from(all), index.len()?);
    assert_eq!(snapshot(&index), snapshot(&expected));
    index.store().check()?;
    Ok(())
}

#[test]
fn a_document_of_many_segments_is_stored() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("many-segments");
    let segments = cases(50_000, 1_000_000);
    let text: String = (0..segments).map(|i| format!("{}\n", i % (segments * 7 / 10))).collect();
    let doc = Document::new(&text);
    let index = open(&folder.0, 16 * segments);
    index.insert(Page { id: "long", scope: "s", document: &doc })?;
    index.insert(Page { id: "short", scope: "s", document: &Document::new("5\n6\n7") })?;
    index.store().compact(|_| Continue(()))?;
    let seen = index.query("s", &doc, Detail::Runs)?;
    assert_eq!((seen.seen_share(), seen.document_count(5), seen.document_count(8)), (1.0, 2, 1));
    assert_eq!(seen.matched_runs().len(), 1);
    assert!(index.remove("long")?);
    assert_eq!(index.query("s", &doc, Detail::Counts)?.new_runs().count(), 3);
    Ok(())
}

/// The files of removed documents are deleted. Every query began to read at the rows that replaced
/// pages had left behind, so that a second crawl took a hundred times as long. The row of a key
/// names its first document, and a check compares it.
#[test]
fn a_menu_line_of_a_second_crawl_is_found_at_once() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("second");
    let index = open(&folder.0, 64 << 20);
    let crawl = |round: usize, pages: usize| -> Result<(), IndexError> {
        for page in 0..pages {
            let text = format!("Home\nNews\nline {page} of round {round}\nImprint");
            index.insert(Page { id: &page.to_string(), scope: "s", document: &Document::new(&text) })?;
        }
        Ok(())
    };
    crawl(0, 600)?;
    crawl(1, 600)?;
    let document = Document::new("Home\nNews\nImprint");
    let result = index.query("s", &document, Detail::Matches)?;
    for segment in 0..3 {
        let ids: Vec<&str> = result.matches(segment).iter().map(|found| found.document_id()).collect();
        let expected: Vec<String> = (0..MAX_LISTED_DOCUMENTS).map(|page| page.to_string()).collect();
        assert_eq!(ids, expected);
        assert_eq!(result.document_count(segment), 600);
    }
    // Removal from the front, the back and the middle keeps the first document right, as the check
    // of all rows shows.
    for page in (0..100).chain(500..600).chain((200..300).step_by(3)) {
        assert!(index.remove(&page.to_string())?);
        if page % 29 == 0 {
            index.store().check()?;
        }
    }
    index.store().check()?;
    let result = index.query("s", &document, Detail::Matches)?;
    assert_eq!(result.matches(0)[0].document_id(), "100");
    Ok(())
}

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
    index.store().compact(|_| Continue(()))?;
    sizes.push(size());
    assert!(sizes.iter().all(|size| *size < 3_000_000) && sizes[24] < 400_000, "{sizes:?}");
    assert_eq!(index.scope_len("s")?, 50);
    index.store().check()?;
    Ok(())
}
