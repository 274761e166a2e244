//! Promise 8: every input is answered in linear time and memory. Steps are counted beside the code, in
//! `src/clean/tests.rs`; here the answers are checked at full size, and memory at two sizes.
//!
//! One test, because all of a process shares the allocator that counts.

mod common;

use common::adversarial::ADVERSARIES;
use peak_alloc::PeakAlloc;
use refrain::{Cleaner, Document, Policy};

#[global_allocator]
static PEAK: PeakAlloc = PeakAlloc;

/// The most memory that cleaning a text takes at a time, beside the text.
fn memory(text: &str) -> usize {
    let before = PEAK.current_usage();
    PEAK.reset_peak_usage();
    drop(Cleaner::new().policy(Policy::drop_all()).clean(text));
    PEAK.peak_usage() - before
}

#[test]
fn a_million_lines_of_each_kind() {
    for adversary in &ADVERSARIES {
        let text = (adversary.text)(1_000_000);
        let clean = Cleaner::new().policy(Policy::drop_all()).clean(&text);
        assert!(clean == (adversary.clean)(&text), "{}: {} bytes left", adversary.name, clean.len());

        let small = (adversary.text)(100_000);
        let (of_small, of_text) = (memory(&small), memory(&text));
        // Buffers double as they grow, so ten times the text may take somewhat more than ten times the memory.
        assert!(of_text <= 16 * of_small.max(1000), "{}: {of_small} bytes, then {of_text}", adversary.name);
        // Numbers about a line that comes again, at the worst: where it is, which it is, what became of it. And
        // a run of combining marks has to be put in order as a whole, at eight bytes a mark, twice.
        let lines = text.lines().filter(|line| !line.is_empty()).count();
        let per_byte =
            if text.contains("\u{301}\u{301}") || text.contains("\u{301}\u{323}") { 16 } else { 3 };
        let most = 370 * lines + per_byte * text.len();
        assert!(of_text <= most, "{}: {of_text} for {lines} lines", adversary.name);
    }
    // A line of 100 MB that ends with the words it began with.
    let text = "all work and no play \u{2014} ".repeat(100_000_000 / 26);
    assert_eq!(Document::new(&text).len(), 1);
    assert!(memory(&text) < 2 * text.len());
}
