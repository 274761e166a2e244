//! Snapshots: their bytes never change, damage is an error, they can be taken while others write, and
//! merged indexes equal one index that saw all documents.

mod common;

use common::remembered::{Remembered, TextPage, inserted, snapshot, steps, text};
use proptest::prelude::*;
use refrain::error::IndexError;
use refrain::index::{Detail, Index, Page};
use refrain::{Document, Options};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A snapshot of format 2. Whoever changes this file changes the format.
const FROZEN: &[u8] = include_bytes!("fixtures/index.snapshot");

fn small() -> Index {
    let index = Index::new();
    // More segments than a block of spans has, and spans that take one byte, two and three.
    let long: String = (0..20).map(|line| format!("{line}{}\n", "x".repeat(line * line * 50))).collect();
    let pages = [
        ("1", "a.example", "Home\nA storm.\nImprint"),
        ("\u{FC}", "", "A  STORM.\n\nA calm."),
        ("", "b", ""),
        ("long", "b", &long),
    ];
    for (id, scope, text) in pages {
        index.insert(Page { id, scope, document: &Document::new(text) }).expect("there is room");
    }
    index
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_snapshot_reads_back(all in steps::some()) {
        let index = Index::new();
        let mut remembered = Remembered::default();
        all.iter().for_each(|step| remembered.step(&index, step));
        let bytes = snapshot(&index);
        let read = Index::load(&bytes[..], &Options::new())?;
        prop_assert_eq!(snapshot(&read), bytes);
        for page in &remembered.0 {
            let text = text(page);
            let doc = Document::new(&text);
            remembered.check_query(&read.query(&page.1, &doc, Detail::Runs)?, page, None);
        }
    }

    #[test]
    fn merged_indexes_are_one_that_saw_all(pages in prop::collection::vec((steps::page(), 0..3_usize), 0..20)) {
        let pages: Vec<(TextPage, usize)> = pages.into_iter().enumerate()
            .map(|(number, ((_, scope, lines), worker))| ((number.to_string(), scope, lines), worker)).collect();
        let workers = [0, 1, 2].map(|worker| {
            let own: Vec<TextPage> = pages.iter().filter(|(_, of)| *of == worker).map(|(page, _)| page.clone()).collect();
            (inserted(&own), own)
        });
        let [(first, mut all), (second, more), (third, most)] = workers;
        first.merge(&second).and_then(|()| first.merge(&third))?;
        all.extend(more);
        all.extend(most);
        prop_assert_eq!(snapshot(&first), snapshot(&inserted(&all)));
    }

    #[test]
    fn a_damaged_snapshot_is_an_error(pages in prop::collection::vec(steps::page(), 0..5), at in any::<prop::sample::Index>(), bit in 0..8_u32, cut in any::<prop::sample::Index>()) {
        let bytes = snapshot(&inserted(&pages));
        let mut flipped = bytes.clone();
        let at = at.index(flipped.len());
        flipped[at] ^= 1 << bit;
        prop_assert!(Index::load(&flipped[..], &Options::new()).is_err());
        let shorter = &bytes[..cut.index(bytes.len())];
        let is_damage = |bytes| matches!(Index::load(bytes, &Options::new()), Err(IndexError::Damaged { .. }));
        prop_assert!(is_damage(shorter));
        let longer = [&bytes[..], b"x"].concat();
        prop_assert!(is_damage(&longer[..]));
    }

    #[test]
    fn any_bytes_are_no_snapshot(bytes in any::<Vec<u8>>()) {
        prop_assert!(Index::load(&bytes[..], &Options::new()).is_err());
        let magic = [b"refrain\x01", &bytes[..]].concat();
        prop_assert!(Index::load(&magic[..], &Options::new()).is_err());
    }
}

#[test]
fn its_bytes_never_change() -> Result<(), Box<dyn std::error::Error>> {
    let written = snapshot(&small());
    assert!(written == FROZEN, "{written:?}");
    let read = Index::load(FROZEN, &Options::new())?;
    assert_eq!(snapshot(&read), FROZEN);
    let doc = Document::new("a storm.");
    let seen = read.query("a.example", &doc, Detail::Matches)?;
    let found =
        seen.matches(0).iter().map(|found| (found.document_id(), found.segment(), found.span().range()));
    assert_eq!(found.collect::<Vec<_>>(), [("1", 1, 5..13), ("\u{FC}", 0, 0..9)]);
    Ok(())
}

#[test]
fn another_format_and_another_scheme_are_said() -> Result<(), Box<dyn std::error::Error>> {
    let load = |bytes: &[u8]| Index::load(bytes, &Options::new());
    load(&with_head(0, &2_u32.to_le_bytes()))?;
    let format = load(&with_head(0, &1_u32.to_le_bytes()));
    assert!(matches!(format, Err(IndexError::WrongVersion { kind: "format", stored: 1, known: 2, .. })));
    let scheme = load(&with_head(4, b"scheme 7"));
    assert!(matches!(scheme, Err(IndexError::WrongVersion { kind: "scheme", stored: 7, .. })));
    let form = load(&with_head(14, b"form TEXT"));
    assert!(matches!(form, Err(IndexError::WrongParameters { .. })));
    Ok(())
}

/// It was an error if a page was inserted again meanwhile.
#[test]
fn it_catches_up_with_what_is_inserted_meanwhile() -> Result<(), Box<dyn std::error::Error>> {
    let texts: Vec<String> =
        (0..800).map(|page| (0..50).map(|line| format!("{page} {line}\n")).collect()).collect();
    let docs: Vec<Document<'_>> = texts.iter().map(|text| Document::new(text)).collect();
    let index = Index::new();
    let insert = |page: usize| {
        index
            .insert(Page { id: &page.to_string(), scope: "s", document: &docs[page] })
            .map(drop)
            .expect("there is room")
    };
    (0..800).for_each(insert);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (0..800).rev().for_each(insert));
        while !writer.is_finished() {
            let read = Index::load(&snapshot(&index)[..], &Options::new()).expect("it is whole");
            assert_eq!(read.len().expect("it is read"), 800);
            for (page, doc) in docs.iter().enumerate().step_by(97) {
                let seen = read.query("s", doc, Detail::Runs).expect("it is read");
                assert!(seen.matched_runs()[0].document_id() == page.to_string());
            }
        }
    });
    let read = Index::load(&snapshot(&index)[..], &Options::new())?;
    assert!(snapshot(&read) == snapshot(&index));
    Ok(())
}
