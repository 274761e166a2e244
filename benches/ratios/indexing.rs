//! Rows on the index.

use super::*;

/// An index of pages in memory beside reading the same pages.
pub(crate) fn indexing() -> Vec<Row> {
    let generated = pages::generated(5_600);
    let mut rows = index_of("pages", &generated);
    match pages::site_pages() {
        Ok(pages) => rows.extend(index_of("site_pages", &pages[..pages.len().min(5_600)])),
        Err(error) => println!("skipped: an index of site_pages ({error})"),
    }
    rows
}

/// Insertion of pages, and queries of a few of them under other ids.
pub(crate) fn index_of(name: &str, pages: &[String]) -> Vec<Row> {
    let ids: Vec<String> = (0..pages.len()).map(|id| format!("https://a.example/{id}")).collect();
    let ids: Arc<[String]> = ids.into();
    // Benches end with the program, so that documents may borrow from it.
    let leaked: &'static [String] = pages.to_vec().leak();
    let read: Arc<[Document<'static>]> = leaked.iter().map(|page| Document::new(page)).collect();
    let inserted = Index::new();
    for (id, document) in ids.iter().zip(read.iter()) {
        let page = Page { id, scope: "a.example", document };
        assert!(inserted.insert(page).is_ok_and(|insertion| insertion == Insertion::New));
    }
    let segments: u128 = read.iter().map(|document| document.len() as u128).sum();
    let inserted = Arc::new(inserted);
    let some = |every: usize| -> Vec<usize> { (0..pages.len()).step_by(every).collect() };
    let query = |every: usize, detail: Detail| -> Box<dyn FnMut() -> u128> {
        let (index, read, numbers) = (Arc::clone(&inserted), Arc::clone(&read), some(every));
        Box::new(move || {
            let mut seen = 0;
            for number in &numbers {
                let document = black_box(&read[*number]);
                if let Ok(result) = index.query("a.example", document, detail) {
                    seen += (0..result.len()).filter(|segment| !result.is_new(*segment)).count() as u128;
                }
            }
            seen
        })
    };
    assert_eq!(query(1, Detail::Counts)(), segments);
    let few: Vec<String> = some(37).into_iter().map(|number| pages[number].clone()).collect();
    let insert = {
        let (read, ids) = (Arc::clone(&read), Arc::clone(&ids));
        move || {
            let index = Index::new();
            for (id, document) in ids.iter().zip(read.iter()) {
                let page = Page { id, scope: "a.example", document };
                black_box(index.insert(page).is_ok());
            }
            segments
        }
    };
    let row = |name: String, bar: f64, at_least: bool, ours: Box<dyn FnMut() -> u128>, texts: Vec<String>| {
        Row { name, bar, at_least, ours, theirs: self::read(texts), same: true, clock: Clock::Processor }
    };
    vec![
        row(format!("index insert, {name} / reading"), 1.0, true, Box::new(insert), pages.to_vec()),
        row(format!("index counts, {name} / reading"), 1.0, true, query(1, Detail::Counts), pages.to_vec()),
        row(
            format!("index time of matches, {name} / reading"),
            10.0,
            false,
            query(37, Detail::Matches),
            few.clone(),
        ),
        row(format!("index time of runs, {name} / reading"), 10.0, false, query(37, Detail::Runs), few),
    ]
}
