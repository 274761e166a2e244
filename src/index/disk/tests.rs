//! What only a disk that fills up can show.

use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;

use super::*;
use crate::Document;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("refrain-unit-{name}-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&path));
    path
}

fn snapshot<S: Store>(index: &Index<S>) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("it is read");
    bytes
}

/// Learns and forgets with a disk that has room for ever more bytes, tries again when there is more, and compares with an
/// index in memory at every step.
#[test]
fn a_full_disk_is_an_error_and_what_was_there_stays() {
    let path = folder("full");
    let place = Folder::new(&path);
    let options = Options::new();
    let mut failures = 0;
    for memory in [1, 2500] {
        drop(std::fs::remove_dir_all(&path));
        let index = Index::<Disk>::open_folder(&place, &options, memory).expect("there is room");
        let expected = Index::new();
        let mut room = 10;
        for step in 0..42_usize {
            let text: String = (0..step % 7).map(|line| format!("line {}\n", step * line % 11)).collect();
            let doc = Document::new(&text);
            loop {
                place.room.store(room, Relaxed);
                let done = match step % 6 {
                    4 => index.forget(&(step / 2).to_string()).map(drop),
                    5 => index.compact().and_then(|()| index.learn(&step.to_string(), "s", &doc)),
                    _ => index.learn(&(step % 50).to_string(), "s", &doc),
                };
                place.room.store(u64::MAX, Relaxed);
                match done {
                    Ok(()) => break,
                    Err(IndexError::Io { source, .. }) => {
                        assert_eq!(source.kind(), std::io::ErrorKind::StorageFull);
                        failures += 1;
                        room += room / 2 + 501;
                        assert_eq!(snapshot(&index), snapshot(&expected), "step {step}");
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            room = room * 2 / 3;
            match step % 6 {
                4 => drop(expected.forget(&(step / 2).to_string()).expect("it is written")),
                5 => expected.learn(&step.to_string(), "s", &doc).expect("it is learnt"),
                _ => expected.learn(&(step % 50).to_string(), "s", &doc).expect("it is learnt"),
            }
            assert_eq!(snapshot(&index), snapshot(&expected), "step {step}");
        }
        index.check().expect("all is as it was written");
        drop(index);
        let index = Index::<Disk>::open(&path, &options).expect("it is whole");
        assert_eq!(snapshot(&index), snapshot(&expected));
    }
    assert!(failures > 30, "{failures}");
    drop(std::fs::remove_dir_all(path));
}

/// When it is not known whether something is acknowledged, nothing more is.
#[test]
fn a_failed_acknowledgement_breaks_the_writer_and_opening_again_mends_it() {
    let path = folder("broken");
    let place = Folder::new(&path);
    let index = Index::<Disk>::open_folder(&place, &Options::new(), 4096).expect("there is room");
    let doc = Document::new("a\nb");
    index.learn("1", "s", &doc).and_then(|()| index.sync()).expect("there is room");
    index.learn("2", "s", &doc).expect("there is room");
    place.room.store(0, Relaxed);
    assert!(matches!(index.sync(), Err(IndexError::Io { .. })));
    place.room.store(u64::MAX, Relaxed);
    assert!(matches!(index.sync(), Err(IndexError::Broken { .. })));
    assert!(matches!(index.learn("3", "s", &doc), Err(IndexError::Broken { .. })));
    assert!(matches!(index.forget("1"), Err(IndexError::Broken { .. })));
    assert_eq!(index.look("s", &doc).expect("it is read").documents(0), 2, "reading goes on");
    drop(index);
    let index = Index::<Disk>::open_folder(&place, &Options::new(), 4096).expect("it is whole");
    assert!(index.contains("1").expect("it is read"));
    index.learn("3", "s", &doc).and_then(|()| index.sync()).expect("there is room");
    drop(index);
    drop(std::fs::remove_dir_all(path));
}

/// A filter says yes for all that is there, and seldom for what is not.
#[test]
fn a_filter_of_a_run_lets_little_through() {
    let path = folder("filter");
    let place = Folder::new(&path);
    place.create_folder().expect("there is room");
    let key = |n: u64| xxhash_rust::xxh3::xxh3_128(&n.to_le_bytes()).to_be_bytes();
    let mut keys: Vec<_> = (0..20_000).map(key).collect();
    keys.sort_unstable();
    let mut writer = run::RunWriter::new(&place, 1, 20_000).expect("there is room");
    for key in &keys {
        let mut entry = [0; 24];
        entry[..16].copy_from_slice(key);
        writer.push(&entry).expect("there is room");
    }
    let entries = writer.finish().expect("there is room");
    let cache = Arc::new(Cache::new(1 << 16));
    let run = run::Run::open(&place, 1, entries, 20_000, &cache).expect("it is there");
    run.check_all().expect("it is whole");
    for (rank, key) in keys.iter().enumerate() {
        assert!(run.may_have(key).expect("it is read"));
        assert_eq!(run.range(key).expect("it is read"), (rank as u64, rank as u64 + 1));
    }
    // Prefixes that many entries have, within a page and over several.
    for prefix in 0..=255_u8 {
        let below = |least: u16| keys.partition_point(|key| u16::from(key[0]) < least) as u64;
        let expected = (below(prefix.into()), below(u16::from(prefix) + 1));
        assert_eq!(run.range(&[prefix]).expect("it is read"), expected);
    }
    assert_eq!(run.range(&[]).expect("it is read"), (0, 20_000));
    let yes = (20_000..40_000).filter(|n| run.may_have(&key(*n)).expect("it is read")).count();
    assert!(yes < 800, "{yes} of 20000");
    drop(std::fs::remove_dir_all(path));
}
