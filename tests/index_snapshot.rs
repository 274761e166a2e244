//! Snapshots: their bytes never change, and they are of one moment even if others go on.

use refrain::error::IndexError;
use refrain::index::{Index, Page};
use refrain::{Document, Options};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A snapshot of format 1. Whoever changes this file changes the format.
const FROZEN: &[u8] = include_bytes!("fixtures/index.snapshot");

fn snapshot(index: &Index) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("it is written");
    bytes
}

fn small() -> Index {
    let index = Index::new();
    let pages = [
        ("1", "a.example", "Home\nA storm.\nImprint"),
        ("\u{FC}", "", "A  STORM.\n\nA calm."),
        ("", "b", ""),
    ];
    for (id, scope, text) in pages {
        index.insert(Page { id, scope, document: &Document::new(text) }).expect("there is room");
    }
    index
}

#[test]
fn its_bytes_never_change() {
    let written = snapshot(&small());
    assert!(written == FROZEN, "{written:?}");
    let read = Index::load(FROZEN, &Options::new()).expect("it is whole");
    assert_eq!(snapshot(&read), FROZEN);
    let doc = Document::new("a storm.");
    let seen = read.query("a.example", &doc).expect("it is read");
    let found = seen.matches(0).expect("it is read");
    let found = found.iter().map(|found| (found.document(), found.segment(), found.span().range()));
    assert_eq!(found.collect::<Vec<_>>(), [("1", 1, 5..13), ("\u{FC}", 0, 0..9)]);
}

/// The snapshot with other bytes at a place of its head, and a checksum that says they are right.
fn with_head(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut all = FROZEN.to_vec();
    let len = u64::from_le_bytes(all[8..16].try_into().expect("eight bytes"));
    let end = 24 + usize::try_from(len).expect("it is short");
    all[24 + at..24 + at + bytes.len()].copy_from_slice(bytes);
    let sum = xxh3_64_with_seed(&all[24..end], len.rotate_left(32));
    all[16..24].copy_from_slice(&sum.to_le_bytes());
    all
}

#[test]
fn another_format_and_another_scheme_are_said() {
    let load = |bytes: &[u8]| Index::load(bytes, &Options::new());
    load(&with_head(0, &1_u32.to_le_bytes())).expect("it is the same");
    let format = load(&with_head(0, &2_u32.to_le_bytes()));
    assert!(matches!(format, Err(IndexError::WrongVersion { kind: "format", stored: 2, known: 1, .. })));
    let scheme = load(&with_head(4, &7_u32.to_le_bytes()));
    assert!(matches!(scheme, Err(IndexError::WrongVersion { kind: "scheme", stored: 7, .. })));
    let form = load(&with_head(8, b"form TEXT"));
    assert!(matches!(form, Err(IndexError::WrongParameters { .. })));
}

/// It was an error if a page was learnt again meanwhile.
#[test]
fn it_catches_up_with_what_is_learnt_meanwhile() {
    let texts: Vec<String> =
        (0..800).map(|page| (0..50).map(|line| format!("{page} {line}\n")).collect()).collect();
    let docs: Vec<Document<'_>> = texts.iter().map(|text| Document::new(text)).collect();
    let index = Index::new();
    let learn = |page: usize| {
        index
            .insert(Page { id: &page.to_string(), scope: "s", document: &docs[page] })
            .expect("there is room")
    };
    (0..800).for_each(learn);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (0..800).rev().for_each(learn));
        while !writer.is_finished() {
            let read = Index::load(&snapshot(&index)[..], &Options::new()).expect("it is whole");
            assert_eq!(read.len(), 800);
            for (page, doc) in docs.iter().enumerate().step_by(97) {
                let seen = read.query("s", doc).expect("it is read");
                assert!(seen.matched_runs().expect("it is read")[0].document() == page.to_string());
            }
        }
    });
    let read = Index::load(&snapshot(&index)[..], &Options::new()).expect("it is whole");
    assert!(snapshot(&read) == snapshot(&index));
}
