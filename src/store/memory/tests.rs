//! Tests of the complexity, counted in steps, and of the memory.

use allocation_counter::measure;

use super::{Memory, State};
use crate::error::IndexError;
use crate::fingerprint::Fingerprint;
use crate::store::{Change, OwnedRecord, Query, Record, Store as _, View};
use crate::work;

type Tested = Result<(), Box<dyn std::error::Error>>;

fn key(number: usize) -> Fingerprint {
    Fingerprint::from_u128((number as u128 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

fn add(state: &mut State, id: &str, scope: &str, keys: &[Fingerprint]) -> Result<(), IndexError> {
    let add = vec![Record { id, scope, keys, payload: b"payload" }];
    state.apply(&Change { remove: Vec::new(), add })
}

fn document(state: &State, number: u32) -> Option<OwnedRecord> {
    let mut found = None;
    let with = &mut |document: &crate::store::DocumentView<'_>| {
        found = Some(document.to_owned());
        Ok(())
    };
    state.document(number, with).ok()?;
    found
}

/// Inserts pages with 30 lines that all have and 10 of their own.
fn crawl(state: &mut State, pages: usize) {
    for page in 0..pages {
        let keys: Vec<Fingerprint> =
            (0..30).chain((0..10).map(|line| 100 + page * 10 + line)).map(key).collect();
        add(state, &page.to_string(), "s", &keys).expect("there is room");
    }
}

/// The removal of the first item of a long list moved the whole list, so it took 30 s to insert
/// 100,000 pages again.
#[test]
fn the_steps_for_a_page_do_not_grow_in_a_second_crawl() {
    let steps_of = |pages: usize| {
        let mut state = State::default();
        crawl(&mut state, pages);
        work::of(|| crawl(&mut state, pages))
    };
    let (few, many) = (steps_of(2_000), steps_of(20_000));
    assert!(many <= 13 * few, "{few}, then {many}");
}

#[test]
fn the_steps_to_remove_a_page_do_not_grow() {
    let steps_of = |pages: usize| {
        let mut state = State::default();
        crawl(&mut state, pages);
        work::of(|| (0..pages).for_each(|page| state.remove(&page.to_string())))
    };
    // From some 4,000 pages on, the store is rebuilt on the way.
    let (few, many) = (steps_of(8_000), steps_of(80_000));
    assert!(many <= 13 * few, "{few}, then {many}");
}

/// The boilerplate of a scope is read from its own documents, however many others there are.
#[test]
fn boilerplate_takes_no_steps_for_other_scopes() -> Tested {
    let mut state = State::default();
    crawl(&mut state, 5_000);
    let keys: Vec<Fingerprint> = (0..30).map(key).collect();
    for page in 0..3 {
        add(&mut state, &format!("other {page}"), "other", &keys)?;
    }
    let mut frequent = Vec::new();
    let steps = work::of(|| frequent = state.frequent("other", 2).unwrap_or_default());
    assert_eq!(frequent.len(), 30);
    assert!(frequent.iter().all(|key| key.documents == 3 && key.first.document == 5_000));
    assert!(steps < 1_000, "{steps}");
    Ok(())
}

#[test]
fn a_page_that_is_inserted_again_and_again_takes_no_more_memory() -> Tested {
    for keys in [0, 20] {
        let mut state = State::default();
        let keys: Vec<Fingerprint> = (0..keys).map(key).collect();
        let (mut early, mut late, mut bytes) = (0, 0, 0);
        for round in 0..100_000 {
            let add = || add(&mut state, "1", "s", &keys).expect("there is room");
            bytes += measure(add).bytes_current;
            let most = if round < 20_000 { &mut early } else { &mut late };
            *most = bytes.max(*most);
        }
        assert!(late < 2 * early, "{late} after {early}");
        assert_eq!((state.number("1")?, state.len()), (Some(99_999), 1));
        assert_eq!(document(&state, 99_999).map(|stored| stored.keys), Some(keys));
        assert!((0..99_999).all(|number| document(&state, number).is_none()));
        assert_eq!(state.next_document(0, None)?, Some(99_999));
        assert_eq!(state.next_document(100_000, Some("s"))?, None);
    }
    Ok(())
}

#[test]
fn numbers_lead_to_their_documents_after_a_rebuild() -> Tested {
    let mut state = State::default();
    crawl(&mut state, 12_000);
    for page in (0..12_000).filter(|page| page % 7 != 3) {
        state.remove(&page.to_string());
    }
    for page in 0..12_000_u32 {
        let id = document(&state, page).map(|stored| stored.id);
        assert_eq!(id, (page % 7 == 3).then(|| page.to_string()));
        let next = (page..12_000).find(|next| next % 7 == 3);
        assert_eq!(state.next_document(page, None)?, next);
        assert_eq!(state.next_document(page, Some("s"))?, next);
    }
    assert!(document(&state, 12_000).is_none() && document(&state, u32::MAX).is_none());
    assert_eq!(state.next_document(u32::MAX, None)?, None);
    Ok(())
}

/// A rebuild numbered the scopes in the order of the documents that were left.
#[test]
fn scopes_keep_their_order_in_a_rebuild() -> Tested {
    let mut state = State::default();
    let long: Vec<Fingerprint> = (0..70_000).map(key).collect();
    add(&mut state, "long", "a", &long)?;
    add(&mut state, "short", "b", &[key(1)])?;
    add(&mut state, "last", "a", &[key(1)])?;
    state.remove("long");
    let scopes = [state.scope(0)?, state.scope(1)?, state.scope(2)?];
    assert_eq!(scopes, [Some(("a".to_owned(), 1)), Some(("b".to_owned(), 1)), None]);
    Ok(())
}

/// A key that most documents have keeps its counts while documents come and go in any order.
#[test]
fn counts_of_a_key_are_those_of_its_documents() -> Tested {
    let mut state = State::default();
    let mut random = refrain_testkit::Random::new(5);
    let mut known: Vec<(usize, usize)> = Vec::new();
    for round in 0..3_000 {
        let page = random.below(40);
        known.retain(|(id, _)| *id != page);
        if random.below(3) == 0 {
            state.remove(&page.to_string());
        } else {
            let scope = random.below(3);
            add(&mut state, &page.to_string(), &scope.to_string(), &[key(1), key(page + 10), key(1)])?;
            known.push((page, scope));
        }
        let except = random.below(40);
        let excluded = except.to_string();
        let query = Query { keys: &[key(1)], scope: "1", except: Some(&excluded), limit: 7 };
        let answer = state.find(&query)?;
        let others = || known.iter().filter(|(id, _)| *id != except);
        let counts = answer.counts[0];
        assert_eq!(counts.documents as usize, others().count(), "round {round}");
        assert_eq!(counts.in_scope as usize, others().filter(|(_, scope)| *scope == 1).count());
        assert_eq!(answer.scope_documents, counts.in_scope);
        let ids = answer.postings(0).iter().map(|posting| document(&state, posting.document).map(|d| d.id));
        assert!(ids.eq(others().take(7).map(|(id, _)| Some(id.to_string()))));
    }
    Ok(())
}

/// The documentation of `Memory` states these sizes.
#[test]
fn memory_for_a_segment() -> Tested {
    // The number of documents that have each segment, and the limit in bytes for each inserted one.
    for (copies, limit) in [(1, 48.0), (2, 42.0), (4, 32.0), (20, 36.0)] {
        let (mut most, mut bytes) = (0.0_f64, 0);
        let mut state = State::default();
        let (documents, segments) = (2_000 / copies, 80);
        for copy in 0..copies {
            for document in 0..documents {
                let keys: Vec<Fingerprint> = (0..segments).map(|at| key(document * segments + at)).collect();
                let payload = vec![0; segments * 3 + 16];
                let id = format!("https://www.example.com/{copy}/{document}");
                let add = vec![Record { id: &id, scope: "example.com", keys: &keys, payload: &payload }];
                let change = Change { remove: Vec::new(), add };
                bytes += measure(|| state.apply(&change).expect("there is room")).bytes_current;
                let inserted = (copy * documents + document + 1) * segments;
                if copy + 1 == copies && inserted > 40_000 {
                    most = most.max(bytes as f64 / inserted as f64);
                }
            }
        }
        println!("{most:.1} bytes a segment in {copies} documents");
        assert!(most <= limit, "{most} bytes a segment in {copies} documents");
    }
    Ok(())
}

/// A change that has no room is not made in part.
#[test]
fn a_change_without_room_is_not_made() -> Tested {
    let memory = Memory::default();
    let result = memory.write(&mut |_| Err(IndexError::Full { limit: 0, of: "tests" }));
    assert!(matches!(result, Err(IndexError::Full { .. })));
    memory.read(&mut |view| {
        assert!(view.is_empty());
        Ok(())
    })?;
    Ok(())
}
