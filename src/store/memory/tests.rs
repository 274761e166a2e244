//! Tests of the complexity, counted in steps, and of the release of memory.

use super::State;
use crate::document::Document;
use crate::fingerprint::Fingerprint;
use crate::index::store::Record;
use crate::index::{Index, Page, Thresholds};
use crate::work;

fn key(number: usize) -> Fingerprint {
    Fingerprint::from_u128((number as u128 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

/// Learns pages with 30 lines that all have and 10 of their own.
fn crawl(state: &mut State, pages: usize) {
    for page in 0..pages {
        let keys: Vec<Fingerprint> =
            (0..30).chain((0..10).map(|line| 100 + page * 10 + line)).map(key).collect();
        let record = Record { id: &page.to_string(), scope: "s", keys: &keys, payload: b"" };
        state.add(&[record]).expect("there is room");
    }
}

/// Taking the first of a long list out moved the whole list: 100,000 pages took 30 s to learn again.
#[test]
fn a_second_crawl_takes_no_more_steps_for_a_page_when_there_are_more() {
    let steps_of = |pages: usize| {
        let mut state = State::default();
        crawl(&mut state, pages);
        work::of(|| crawl(&mut state, pages))
    };
    let (few, many) = (steps_of(2_000), steps_of(20_000));
    assert!(many <= 25 * few, "{few}, then {many}");
}

#[test]
fn forgetting_all_takes_no_more_steps_for_a_page_when_there_are_more() {
    let steps_of = |pages: usize| {
        let mut state = State::default();
        crawl(&mut state, pages);
        work::of(|| (0..pages).for_each(|page| assert!(state.remove(&page.to_string()))))
    };
    let (few, many) = (steps_of(2_000), steps_of(20_000));
    assert!(many <= 25 * few, "{few}, then {many}");
}

/// What a scope has in common is read from the documents of that scope, however many others there are.
#[test]
fn furniture_of_a_scope_takes_no_steps_for_other_scopes() -> Result<(), Box<dyn std::error::Error>> {
    let mut state = State::default();
    crawl(&mut state, 5_000);
    for page in 0..3 {
        let keys: Vec<Fingerprint> = (0..30).map(key).collect();
        let record = Record { id: &format!("other {page}"), scope: "other", keys: &keys, payload: b"" };
        state.add(&[record])?;
    }
    let mut frequent = Vec::new();
    let steps = work::of(|| frequent = state.frequent("other", 2));
    assert_eq!(frequent.len(), 30);
    assert!(frequent.iter().all(|key| key.documents == 3 && key.first.document == 5_000));
    assert!(steps < 1_000, "{steps}");
    Ok(())
}

#[test]
fn a_page_that_is_learnt_again_and_again_takes_no_more_memory() -> Result<(), Box<dyn std::error::Error>> {
    for keys in [0, 20] {
        let mut state = State::default();
        let keys: Vec<Fingerprint> = (0..keys).map(key).collect();
        let (mut early, mut late) = (0, 0);
        for round in 0..100_000 {
            state.add(&[Record { id: "1", scope: "s", keys: &keys, payload: b"payload" }])?;
            let most = if round < 20_000 { &mut early } else { &mut late };
            if round % 100 == 0 {
                *most = state.bytes().max(*most);
            }
        }
        assert!(late < 2 * early, "{late} after {early}");
        assert_eq!((state.next_number(), state.number("1"), state.len()), (100_000, Some(99_999), 1));
        assert_eq!(state.document(99_999).map(|stored| stored.keys), Some(keys));
        assert!((0..99_999).all(|number| state.document(number).is_none()));
    }
    Ok(())
}

#[test]
fn numbers_find_their_documents_when_others_are_gone_for_good() {
    let mut state = State::default();
    crawl(&mut state, 12_000);
    for page in (0..12_000).filter(|page| page % 7 != 3) {
        assert!(state.remove(&page.to_string()));
    }
    for page in 0..12_000_u32 {
        let id = state.document(page).map(|stored| stored.id);
        assert_eq!(id, (page % 7 == 3).then(|| page.to_string()));
        let mut seen = None;
        assert_eq!(state.visit(page, &mut |view| seen = Some(view.id().to_owned())), id.is_some());
        assert_eq!(seen, id);
    }
    assert!(state.document(12_000).is_none() && state.document(u32::MAX).is_none());
}

/// Asking where one segment stands, or what two long documents have in common, copied a whole document for
/// each segment.
#[test]
fn what_is_told_of_a_long_document_takes_no_more_steps_for_a_segment_than_of_a_short_one() {
    let steps_of = |lines: usize| {
        let text: String = (0..lines).map(|line| format!("{line}\n")).collect();
        let doc = Document::new(&text);
        let index = Index::new();
        index
            .insert(Page { id: "1", scope: "s", document: &doc })
            .and_then(|()| index.insert(Page { id: "2", scope: "s", document: &doc }))
            .expect("there is room");
        let seen = index.query("s", &doc).expect("it is read");
        let matches =
            work::of(|| (0..lines).for_each(|line| assert_eq!(seen.matches(line).map_or(0, |m| m.len()), 2)));
        let furniture = work::of(|| {
            let found = index.boilerplate("s", Thresholds::new().min_documents(2)).expect("it is read");
            assert_eq!(found.len(), lines);
        });
        let blocks = work::of(|| assert_eq!(seen.matched_runs().map_or(0, |blocks| blocks.len()), 1));
        [matches, furniture, blocks]
    };
    let (few, many) = (steps_of(500), steps_of(5_000));
    assert!(few.iter().zip(many).all(|(few, many)| many <= 25 * few), "{few:?}, then {many:?}");
}

/// Every other line of a page stands in two long documents, so that no two blocks touch: each was read for
/// each block.
#[test]
fn documents_are_read_once_for_all_blocks() -> Result<(), Box<dyn std::error::Error>> {
    let long: String = (0..20_000).map(|line| format!("l{line}\n")).collect();
    let index = Index::new();
    for number in 0..3 {
        let text = format!("{long}{number}\n");
        index.insert(Page { id: &number.to_string(), scope: "s", document: &Document::new(&text) })?;
    }
    let text: String = (0..200).map(|line| format!("l{}\nnew {line}\n", line * 90)).collect();
    let doc = Document::new(&text);
    let seen = index.query("s", &doc)?;
    let steps = work::of(|| assert_eq!(seen.matched_runs().map_or(0, |blocks| blocks.len()), 200));
    assert!(steps < 3 * 20_000 * 3, "{steps}");
    Ok(())
}
