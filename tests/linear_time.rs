//! Every input is answered in linear time and memory. Steps are counted in
//! `src/clean/tests.rs`; here the answers are checked at full size, and memory at two sizes.
//!
//! There is one test, because all tests of a process share the allocator that counts.

mod common;

use peak_alloc::PeakAlloc;
use refrain::{Cleaner, Document, Options, Policy, Segmentation};
use refrain_testkit::adversarial::ADVERSARIES;
use refrain_testkit::cases;

#[global_allocator]
static PEAK: PeakAlloc = PeakAlloc;

/// Returns the most memory that cleaning a text takes at a time, beside the text.
fn memory(cleaner: &Cleaner, text: &str) -> usize {
    let before = PEAK.current_usage();
    PEAK.reset_peak_usage();
    drop(cleaner.clean(text));
    PEAK.peak_usage() - before
}

#[test]
fn many_lines_of_each_kind_and_one_long_line() {
    for adversary in &ADVERSARIES {
        for (policy, size) in
            [(Policy::drop_all(), 500_000), (Policy::default(), 100_000), (Policy::scraper(), 50_000)]
        {
            // Buffers double as they grow, so the short size is a quarter of the long one.
            let size = cases(size / 4, size);
            let cleaner = Cleaner::new().policy(policy);
            let text = (adversary.text)(size);
            let clean = cleaner.clean(&text);
            let name = format!("{}, {policy}", adversary.name);
            if policy == Policy::drop_all() {
                assert!(clean == (adversary.clean)(&text), "{name}: {} bytes left", clean.len());
            }
            drop(clean);

            let small = (adversary.text)(size / 10);
            let (of_small, of_text) = (memory(&cleaner, &small), memory(&cleaner, &text));
            // Buffers double as they grow, so ten times the text may take somewhat more than ten
            // times the memory; and a long line may be looked into where a shorter one is not.
            let least = 1_000.max(60 * small.lines().map(str::len).max().unwrap_or(0));
            assert!(of_text <= 16 * of_small.max(least), "{name}: {of_small} bytes, then {of_text}");
            // Numbers about a line that comes again, at the worst: where it is, which it is, what
            // became of it. A run of combining marks has to be put in order as a whole, at eight
            // bytes a mark, twice. And a long line is looked into as a sequence of characters,
            // which takes as much for each as a sequence of lines takes for each of them.
            let lines = text.lines().filter(|line| !line.is_empty()).count();
            let has_marks = text.contains("\u{301}\u{301}") || text.contains("\u{301}\u{323}");
            let per_byte = match policy == Policy::drop_all() {
                true => {
                    if has_marks {
                        16
                    } else {
                        3
                    }
                }
                false => 75,
            };
            let most = 950 * lines + per_byte * text.len();
            assert!(of_text <= most, "{name}: {of_text} for {lines} lines and {} bytes", text.len());
        }
    }
    one_line();
}

/// Lines of a megabyte and of a hundred, without and with a loop.
fn one_line() {
    let letter = |i: u32| char::from(b'a' + u8::try_from((i.wrapping_mul(2_654_435_761)) >> 28).unwrap_or(0));
    let random: String = (0..1_000_000).map(letter).collect();
    let sentences: String =
        (0..20_000).map(|i| format!("Sentence {i} is one of very many sentences. ")).collect();
    for (text, clean) in [
        ("lighthouse ".repeat(100_000), "lighthouse "),
        ("Nobody saw the lighthouse. ".repeat(40_000), "Nobody saw the lighthouse. "),
        (random.clone(), &*random),
        (sentences.clone(), &*sentences),
        (sentences.repeat(2), sentences.trim_end()),
    ] {
        let edits = Cleaner::new().edits(&text);
        let left = edits.apply();
        assert!(left.trim_end() == clean.trim_end(), "{} bytes of {} are left", left.len(), text.len());
        assert!(edits.is_fixed_point());
    }
    // A line that is too long to be compared with anything but itself.
    let text = "all work and no play \u{2014} ".repeat(cases(10_000_000, 100_000_000) / 26);
    assert_eq!(Document::new(&text).len(), 1);
    let lines = Cleaner::new().options(Options::new().segmentation(Segmentation::Lines));
    assert!(memory(&lines, &text) < 2 * text.len());
    assert!(memory(&Cleaner::new().policy(Policy::drop_all()), &text) < 2 * text.len());
}
