//! The size that the store in memory reports is what it has allocated.
//!
//! There is one test, because all tests of a process share the allocator that counts.

use peak_alloc::PeakAlloc;
use refrain::index::{Index, Page};
use refrain::{Document, Normalization, Options};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A crawl of pages, of which `line` makes the lines from the numbers of a page and of a line.
struct Crawl {
    pages: usize,
    lines: usize,
    line: fn(usize, usize) -> usize,
    /// The number of pages that are removed afterwards.
    removed: usize,
    scopes: usize,
}

#[test]
fn the_reported_size_is_what_is_allocated() -> Result<(), Box<dyn std::error::Error>> {
    let crawls = [
        ("unique lines", Crawl { pages: 500, lines: 40, line: |p, l| p * 40 + l, removed: 0, scopes: 1 }),
        (
            "lines of two pages",
            Crawl { pages: 500, lines: 40, line: |p, l| p / 2 * 40 + l, removed: 0, scopes: 1 },
        ),
        (
            "lines of twenty",
            Crawl { pages: 1_000, lines: 40, line: |p, l| p % 50 * 40 + l, removed: 0, scopes: 1 },
        ),
        ("lines of all", Crawl { pages: 1_500, lines: 40, line: |_, l| l, removed: 0, scopes: 1 }),
        (
            "lines of all, some removed",
            Crawl { pages: 1_500, lines: 40, line: |_, l| l, removed: 100, scopes: 1 },
        ),
        (
            "short pages of many sites",
            Crawl { pages: 2_000, lines: 1, line: |p, _| p, removed: 0, scopes: 500 },
        ),
    ];
    let options = Options::new().normalization(Normalization::RAW);
    for (name, crawl) in crawls {
        let before = MEMORY.current_usage();
        let index = Index::with_options(&options);
        for page in 0..crawl.pages {
            let text: String =
                (0..crawl.lines).map(|line| format!("{}\n", (crawl.line)(page, line))).collect();
            let document = Document::with_options(&text, &options);
            let (id, scope) = (page.to_string(), (page % crawl.scopes).to_string());
            index.insert(Page { id: &id, scope: &scope, document: &document })?;
        }
        for page in 0..crawl.removed {
            index.remove(&(page * 3).to_string())?;
        }
        let allocated = (MEMORY.current_usage() - before) as f64;
        let reported = index.store().bytes() as f64;
        println!("{name}: {reported} of {allocated} bytes, {:.3}", reported / allocated);
        // After removals, the size of trees is an estimate for nodes that are half empty.
        let most = if crawl.removed == 0 { 1.1 } else { 1.4 };
        assert!((0.9..most).contains(&(reported / allocated)), "{name}: {reported} of {allocated} bytes");
    }
    Ok(())
}
