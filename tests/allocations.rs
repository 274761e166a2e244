//! In a workspace that has seen a few documents like it, a document is read and searched without asking for memory.

mod common;

use common::adversarial::ADVERSARIES;
use refrain::{Cleaner, Options, Workspace};

fn allocations(text: &str, options: &Options) -> u64 {
    let mut workspace = Workspace::new();
    let mut read = || {
        let doc = workspace.read(text, options);
        let repeats = workspace.repeats(&doc);
        workspace.recycle_repeats(repeats);
        workspace.recycle(doc);
    };
    (0..8).for_each(|_| read());
    allocation_counter::measure(read).count_total
}

#[test]
fn reading_and_finding_allocate_nothing() {
    let article = include_str!("fixtures/article.txt");
    assert_eq!(allocations(article, &Options::new()), 0);
    assert_eq!(allocations(article, &Options::new().min_segments(2)), 0);
    for adversary in &ADVERSARIES {
        // More than four marks in a row are put in order by a library that needs memory for it.
        if !adversary.name.contains("marks") {
            assert_eq!(allocations(&(adversary.text)(5_000), &Options::new()), 0, "{}", adversary.name);
        }
    }
}

#[test]
fn cleaning_allocates_nothing_where_nothing_repeats() {
    let page = include_str!("fixtures/article.clean.txt");
    let mut workspace = Workspace::new();
    let mut clean = || assert!(Cleaner::new().clean_with(page, &mut workspace).len() == page.len());
    clean();
    assert_eq!(allocation_counter::measure(clean).count_total, 0);
}
