//! Queries, insertions and removals from several threads, and batches that are spread over threads.

mod common;

use std::collections::HashSet;

use common::concurrent::check_against_models;
use common::remembered::{TextPage, inserted, many, snapshot, text};
use refrain::Document;
use refrain::index::{Detail, Index, Insertion, Page, Thresholds};
use refrain_testkit::cases;

/// Check-then-insert races, random seeds: results varied from run to run.
#[test]
fn the_number_of_threads_does_not_matter() -> Result<(), Box<dyn std::error::Error>> {
    let pages = many(1000);
    let texts: Vec<String> = pages.iter().map(text).collect();
    let docs: Vec<Document<'_>> = texts.iter().map(|text| Document::new(text)).collect();
    let all: Vec<_> = pages
        .iter()
        .zip(&docs)
        .map(|(page, document)| Page { id: &page.0, scope: &page.1, document })
        .collect();
    let one_by_one = snapshot(&inserted(&pages));
    let insert = || {
        let index = Index::new();
        index.insert_all(&all).expect("they are inserted");
        // The first nine hundred names are all different.
        let other = Index::new();
        other.insert_all(&all[..900]).and_then(|_| other.insert_all(&all[900..])).expect("they are inserted");
        let looks: Vec<_> = pages.iter().zip(&docs).map(|(page, doc)| (&*page.1, doc)).collect();
        let shares: Vec<f64> = other
            .query_all(&looks, Detail::Counts)
            .expect("they are read")
            .iter()
            .map(refrain::index::QueryResult::seen_share)
            .collect();
        assert!(shares.iter().all(|share| *share == 1.0));
        (snapshot(&index), snapshot(&other))
    };
    #[cfg(feature = "rayon")]
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        assert!(pool.install(insert) == (one_by_one.clone(), one_by_one.clone()));
    }
    assert!(insert() == (one_by_one.clone(), one_by_one));
    Ok(())
}

/// A batch that replaces documents has the result of replacing one after another.
#[test]
fn a_big_batch_that_is_inserted_again_is_what_one_after_another_is() -> Result<(), Box<dyn std::error::Error>>
{
    let pages: Vec<TextPage> = many(900);
    let again: Vec<TextPage> = pages
        .iter()
        .enumerate()
        .map(|(n, page)| (page.0.clone(), format!("host {}", n % 3), pages[n * 7 % 900].2.clone()))
        .collect();
    let (batch, single) = (Index::new(), Index::new());
    for round in [&pages, &again] {
        let texts: Vec<String> = round.iter().map(text).collect();
        let docs: Vec<Document<'_>> = texts.iter().map(|text| Document::new(text)).collect();
        let all: Vec<_> = round
            .iter()
            .zip(&docs)
            .map(|(page, document)| Page { id: &page.0, scope: &page.1, document })
            .collect();
        batch.insert_all(&all)?;
        for page in &all {
            single.insert(*page)?;
        }
    }
    assert!(snapshot(&batch) == snapshot(&single));
    let thresholds = Thresholds::new().min_documents(2).min_share(f64::MIN_POSITIVE)?;
    for host in 0..7 {
        let scope = format!("host {host}");
        let found = batch.boilerplate(&scope, thresholds)?;
        assert_eq!(found, single.boilerplate(&scope, thresholds)?);
        assert_eq!(found.is_empty(), host > 2);
    }
    Ok(())
}

/// A document that is removed during a query is either listed or not, and never in part.
#[test]
fn queries_while_another_thread_removes() {
    let pages = many(300);
    let index = inserted(&pages);
    let expected = snapshot(&index);
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                    for page in pages.iter().step_by(37) {
                        let text = text(page);
                        let doc = Document::new(&text);
                        let seen = index.query(&page.1, &doc, Detail::Runs).expect("it is read");
                        for block in seen.matched_runs() {
                            let other = pages
                                .iter()
                                .find(|other| other.0 == block.document_id())
                                .expect("it was there");
                            let there = block.source().segments();
                            assert_eq!(page.2[block.occurrence().segments()], other.2[there]);
                        }
                    }
                }
            });
        }
        for _ in 0..5 {
            for page in &pages {
                let text = text(page);
                assert!(index.remove(&page.0).expect("it is there"));
                index
                    .insert(Page { id: &page.0, scope: &page.1, document: &Document::new(&text) })
                    .expect("it is inserted");
            }
        }
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(snapshot(&index) == expected);
}

/// In any order of arrival, of all that have a segment exactly one finds it new.
#[test]
fn threads_that_query_and_insert_at_once_lose_nothing_and_keep_one() -> Result<(), Box<dyn std::error::Error>>
{
    let pages = many(400);
    let index = Index::new();
    let shared = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let (index, shared, pages) = (&index, &shared, &pages);
            scope.spawn(move || {
                for page in pages.iter().skip(worker).step_by(8) {
                    let text = text(page);
                    let doc = Document::new(&text);
                    let page_of_index = Page { id: &page.0, scope: &page.1, document: &doc };
                    let (seen, _) =
                        index.query_and_insert(page_of_index, Detail::Counts).expect("it is inserted");
                    let new = (0..doc.len()).filter(|i| seen.is_new(*i)).map(|i| page.2[i].clone());
                    shared.lock().expect("nobody panicked").extend(new.collect::<HashSet<_>>());
                }
            });
        }
    });
    let kept = shared.into_inner()?;
    let different: HashSet<&String> = pages.iter().flat_map(|page| &page.2).collect();
    assert_eq!(kept.len(), different.len());
    assert_eq!(kept.iter().collect::<HashSet<_>>(), different);
    assert_eq!(index.len()?, 400);
    Ok(())
}

/// If several threads insert equal documents under one id, one of them changes the index.
#[test]
fn equal_documents_are_inserted_once() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::new();
    let document = Document::new("One.\nTwo.");
    let new = std::thread::scope(|scope| {
        let insert = || index.insert(Page { id: "1", scope: "s", document: &document });
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(insert)).collect();
        let insertions = threads.into_iter().map(|thread| thread.join().expect("it ends"));
        insertions.filter(|insertion| matches!(insertion, Ok(Insertion::New))).count()
    });
    assert_eq!((new, index.len()?), (1, 1));
    Ok(())
}

#[test]
fn each_of_eight_threads_gets_the_answers_of_its_model() {
    check_against_models(&Index::new(), cases(500, 10_000));
}
