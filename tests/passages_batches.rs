//! Batches: the same answers and the same bytes as one by one, at any number of threads.

mod common;

use common::passages::{documents, text};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use refrain::passages::{Border, PassageOptions, Passages, Text};
use refrain_testkit::cases;

fn saved(index: &Passages) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.save(&mut bytes).expect("memory can be written");
    bytes
}

fn check(texts: &[String]) {
    let ids: Vec<String> = (0..texts.len()).map(|number| number.to_string()).collect();
    let texts: Vec<Text<'_>> = ids.iter().zip(texts).map(|(id, text)| Text { id, text }).collect();
    let new = || Passages::with_options(&PassageOptions::new().min_words(4).expect("there is a word"));
    let (mut one, mut all, mut inserted) = (new(), new(), new());
    let expected: Vec<_> =
        texts.iter().map(|text| one.query_and_insert(*text).expect("there is room")).collect();
    assert_eq!(all.query_and_insert_all(&texts), Ok(expected));
    inserted.insert_all(&texts).expect("there is room");
    assert!(saved(&one) == saved(&all) && saved(&one) == saved(&inserted));
    let queries: Vec<&str> = texts.iter().map(|text| text.text).collect();
    let expected: Vec<_> = queries.iter().map(|text| one.query(text).expect("it is short")).collect();
    assert_eq!(all.query_all(&queries), Ok(expected));
    let (mut one, mut all) = (new(), new());
    let expected: Vec<_> =
        texts.iter().map(|text| one.dedup(*text, Border::Word).expect("there is room")).collect();
    assert_eq!(all.dedup_all(&texts, Border::Word), Ok(expected));
    assert!(saved(&one) == saved(&all));
}

#[test]
fn batches_give_what_documents_give_one_by_one() {
    let mut runner = TestRunner::deterministic();
    let strategy = documents();
    let mut texts: Vec<String> = Vec::new();
    for _ in 0..cases(40, 400) {
        let drafts = strategy.new_tree(&mut runner).expect("it makes documents").current();
        texts.extend(drafts.iter().map(|document| text(document)));
    }
    // More than one batch of half a megabyte.
    let long: String = texts.iter().cycle().take(40_000).map(String::as_str).collect::<Vec<_>>().join(" ");
    for number in 0..8 {
        texts.push(long.chars().skip(40_000 * number).take(700_000).collect());
    }
    texts.push(String::new());
    #[cfg(not(feature = "rayon"))]
    check(&texts);
    #[cfg(feature = "rayon")]
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| check(&texts));
    }
}
