//! Tests with journals that are written by hand.

use std::fs;
use std::path::{Path, PathBuf};

use refrain::index::{Index, Page};
use refrain::{Document, Options};

use super::inspect::next_change;
use super::rows::Cursor;
use super::*;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("refrain-unit-{name}-{}", std::process::id()));
    drop(fs::remove_dir_all(&path));
    path
}

fn copy(from: &Path, to: &Path) {
    drop(fs::remove_dir_all(to));
    fs::create_dir_all(to).expect("there is room");
    for entry in fs::read_dir(from).expect("it is there") {
        let from = entry.expect("it is read").path();
        let to = to.join(from.file_name().expect("it has one"));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).expect("there is room");
        }
    }
}

fn snapshot(index: &Index<Disk>) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("it is read");
    bytes
}

/// The engine would silently drop what follows the damage of any journal, and so acknowledged
/// changes in the middle.
#[test]
fn nothing_is_lost_in_silence_in_the_middle() -> Result<(), Box<dyn std::error::Error>> {
    let (path, other) = (folder("journals"), folder("journals-damaged"));
    let open = |path: &Path| {
        Index::open_with(path, &Options::new(), |folder, name, new| {
            Disk::open_within(folder, name, new, 1 << 30)
        })
    };
    let index = open(&path)?;
    for page in 0..12 {
        let text: String = (0..9).map(|line| format!("line {}\n", line * page % 17)).collect();
        index.insert(Page { id: &page.to_string(), scope: "s", document: &Document::new(&text) })?;
    }
    index.sync()?;
    let expected = snapshot(&index);
    drop(index);
    // Opening cuts off the room at the end.
    drop(open(&path)?);
    let tables = path.join("segments/tables");
    let names = || fs::read_dir(&tables).expect("it is there").map(|entry| entry.expect("it is read").path());
    let journals: Vec<PathBuf> =
        names().filter(|path| path.extension().is_some_and(|end| end == "jnl")).collect();
    let [journal] = &journals[..] else { panic!("{journals:?}") };
    let number: u64 = journal.file_stem().and_then(|stem| stem.to_str()?.parse().ok()).expect("it has one");
    let bytes = fs::read(journal)?;
    let mut ends = Vec::new();
    let mut rest = Cursor(&bytes);
    while let Some(change) = next_change(&mut rest) {
        assert_eq!(change.expect("it is one of the store").number, ends.len() as u64);
        ends.push(bytes.len() - rest.0.len());
    }
    assert_eq!((ends.len(), ends.last()), (13, Some(&bytes.len())));

    // Three journals, of which the last is written to.
    fs::remove_file(journal)?;
    let (one, two) = (ends[4], ends[8]);
    let name = |part: u64| format!("{}.jnl", number + part);
    let parts = [[&bytes[..one], &[0; 99]].concat(), bytes[one..two].to_owned(), bytes[two..].to_owned()];
    for (part, content) in (0..).zip(&parts) {
        fs::write(tables.join(name(part)), content)?;
    }
    copy(&path, &other);
    assert!(snapshot(&open(&other)?) == expected);

    let refused = |part: u64, content: Option<&[u8]>| {
        copy(&path, &other);
        let file = other.join("segments/tables").join(name(part));
        match content {
            Some(content) => fs::write(file, content).expect("there is room"),
            None => fs::remove_file(file).expect("it was there"),
        }
        for _ in 0..2 {
            let error = open(&other).map(drop).expect_err("something is missing");
            assert!(matches!(error, IndexError::Damaged { .. }), "{part}: {error}");
        }
    };
    for (part, content) in (0..).zip(&parts) {
        refused(part, None);
        refused(part, Some(&[]));
        let len = if part == 0 { one } else { content.len() };
        for at in (0..len).step_by(97) {
            let mut flipped = content.clone();
            flipped[at] ^= 1 << (at % 8);
            refused(part, Some(&flipped));
        }
        refused(part, Some(&content[..len - 1]));
    }
    // Whole changes, but too few of them.
    refused(0, Some(&bytes[..ends[3]]));
    refused(1, Some(&bytes[one..ends[7]]));
    refused(2, Some(&bytes[two..ends[11]]));
    drop((fs::remove_dir_all(&path), fs::remove_dir_all(&other)));
    Ok(())
}
