//! Threads that insert, replace, remove and query at once, each against a model of its own.

use std::thread;

use refrain::Document;
use refrain::index::store::Store;
use refrain::index::{Detail, Index, Page, QueryResult};
use refrain_testkit::Random;

use super::remembered::{Remembered, TextPage, inserted, snapshot, text};

const THREADS: usize = 8;

/// Performs `steps` random operations in each of eight threads. Each thread has a scope and ids of
/// its own, so it knows what its operations must return, although all threads share the segments.
/// At the end, the index is one in which the documents that are left were inserted one by one.
pub fn check_against_models<S: Store>(index: &Index<S>, steps: usize) {
    let models: Vec<Remembered> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..THREADS).map(|number| scope.spawn(move || work(index, number, steps))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    });
    let pages: Vec<TextPage> = models.into_iter().flat_map(|model| model.0).collect();
    let ids: Vec<String> = index.ids().collect::<Result<_, _>>().expect("they are read");
    assert_eq!(ids.len(), pages.len());
    let of_id = |id: &String| pages.iter().find(|page| page.0 == *id).expect("it was inserted").clone();
    let in_order: Vec<TextPage> = ids.iter().map(of_id).collect();
    assert!(snapshot(index) == snapshot(&inserted(&in_order)));
}

/// The operations of one thread.
fn work<S: Store>(index: &Index<S>, number: usize, steps: usize) -> Remembered {
    let mut random = Random::new(number as u64);
    let mut model = Remembered::default();
    for _ in 0..steps {
        let id = format!("page {} of {number}", random.below(5));
        let lines = (0..random.below(9)).map(|_| format!("line {}", random.below(12))).collect();
        let page = (id, format!("scope {number}"), lines);
        let text = text(&page);
        let document = Document::new(&text);
        let page_of_index = Page { id: &page.0, scope: &page.1, document: &document };
        match random.below(4) {
            0 => {
                let insertion = index.insert(page_of_index).expect("it is inserted");
                assert_eq!(insertion, model.insert(&page));
            }
            1 => assert_eq!(index.remove(&page.0).expect("it is written"), model.remove(&page.0)),
            2 => {
                let seen = index.query(&page.1, &document, Detail::Runs).expect("it is read");
                check(&seen, &model, &page, None);
            }
            _ => {
                let (seen, insertion) =
                    index.query_and_insert(page_of_index, Detail::Runs).expect("it is inserted");
                check(&seen, &model, &page, Some(&page.0));
                assert_eq!(insertion, model.insert(&page));
            }
        }
    }
    model
}

/// Checks the part of an answer that other threads cannot change.
fn check(seen: &QueryResult, model: &Remembered, page: &TextPage, except: Option<&str>) {
    assert_eq!(seen.len(), page.2.len());
    for (i, line) in page.2.iter().enumerate() {
        let expected = model.matches(line, except);
        assert_eq!(seen.document_count_in_scope(i) as usize, expected.len());
        assert!(seen.document_count(i) as usize >= expected.len());
        let own = seen.matches(i).iter().filter(|found| found.scope() == page.1);
        for found in own {
            let place = (found.document_id().to_owned(), found.segment(), found.span().range());
            assert!(expected.contains(&place), "{place:?} is not among {expected:?}");
        }
    }
}
