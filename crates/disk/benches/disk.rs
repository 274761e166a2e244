//! Measures the store on disk: inserted and queried segments per second, and bytes per segment.
//!
//! Prints one line for each figure, and `ok` or `MISSED` beside each that has a bar. Every part
//! asserts its answers.
//!
//! ```sh
//! cargo bench -p refrain-disk                        # 20 million segments: minutes, 3 GB of disk
//! cargo bench -p refrain-disk -- --segments 1000000
//! ```
//!
//! With `--test`, the answers are checked with 20 thousand segments.

#![allow(clippy::cast_possible_truncation, reason = "sizes and rates of a bench are small")]

use std::fs::{self, DirEntry};
use std::path::Path;
use std::time::Instant;

use refrain::index::{Detail, Index, Page};
use refrain::{Document, Normalization, Options};
use refrain_disk::Disk;

/// The number of segments of a document.
const PAGE: usize = 50;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let test = arguments.iter().any(|argument| argument == "--test");
    let given = arguments.iter().position(|argument| argument == "--segments");
    let given = given.and_then(|at| arguments.get(at + 1)?.parse().ok());
    all(given.unwrap_or(if test { 20_000 } else { 20_000_000 }), test);
}

/// Prints a figure beside its lower bound, and whether it keeps it, which says nothing in a test.
fn report(what: &str, measured: f64, bar: f64, test: bool) {
    let verdict = match measured >= bar {
        _ if test => "",
        true => "ok",
        false => "MISSED",
    };
    println!("{what:<84} {measured:>11.3}  >= {bar:<7} {verdict}");
}

fn raw() -> Options {
    Options::new().normalization(Normalization::RAW)
}

/// Returns a page whose segments no other page has.
fn page(number: usize) -> String {
    (0..PAGE).map(|line| format!("line {line} of page {number}, and of no other page\n")).collect()
}

/// Calls `each` with all pages, 200 at a time, and the number of segments so far.
fn pages(segments: usize, mut each: impl FnMut(&[Page<'_>], usize)) {
    let numbers: Vec<usize> = (0..segments.div_ceil(PAGE)).collect();
    for some in numbers.chunks(200) {
        let texts: Vec<(String, String)> =
            some.iter().map(|n| (format!("https://www.example/page/{n}"), page(*n))).collect();
        let options = raw();
        let documents: Vec<Document<'_>> =
            texts.iter().map(|(_, text)| Document::with_options(text, &options)).collect();
        let records = texts.iter().zip(&documents);
        let records: Vec<Page<'_>> =
            records.map(|((id, _), document)| Page { id, scope: "www.example", document }).collect();
        each(&records, some.last().map_or(0, |last| (last + 1) * PAGE));
    }
}

/// Returns the size of the files in a folder, without journals, which are allocated in advance.
fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("it is read"));
    let of = |entry: DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes(&entry.path()),
        Ok(meta) if entry.path().extension().is_none() => meta.len(),
        _ => 0,
    };
    entries.map(of).sum()
}

/// Inserts pages and queries others, and returns the inserted segments per second, those of the
/// slowest tenth, and the queried segments per second.
fn run(folder: &Path, segments: usize, memory: usize) -> (f64, f64, f64) {
    drop(fs::remove_dir_all(folder));
    let open = |folder: &Path, name: &str, new: Option<&str>| Disk::open_within(folder, name, new, memory);
    let index = Index::open_with(folder, &raw(), open).expect("there is room");
    let (mut spent, mut part, mut slowest, mut next) = (0.0, 0.0, f64::MAX, segments / 10);
    pages(segments, |records, so_far| {
        let start = Instant::now();
        index.insert_all(records).expect("there is room");
        if so_far >= next {
            index.sync().expect("it is written");
        }
        let took = start.elapsed().as_secs_f64();
        spent += took;
        part += took;
        if so_far >= next {
            slowest = f64::min(slowest, segments as f64 / 10.0 / part);
            (part, next) = (0.0, next + segments / 10);
        }
    });
    // Half of the lines are known and half are new, from all over the index.
    let queries = (segments / PAGE / 10).clamp(20, 4_000);
    let mut querying = 0.0;
    for n in 0..queries {
        let half =
            |number| page(number).lines().take(PAGE / 2).flat_map(|line| [line, "\n"]).collect::<String>();
        let text = [half(n * 7919 % (segments / PAGE)), half(segments + n)].concat();
        let options = raw();
        let document = Document::with_options(&text, &options);
        let start = Instant::now();
        let result = index.query("www.example", &document, Detail::Counts).expect("it is read");
        querying += start.elapsed().as_secs_f64();
        assert_eq!((0..PAGE).filter(|segment| result.is_new(*segment)).count(), PAGE / 2);
    }
    (segments as f64 / spent, slowest, (queries * PAGE) as f64 / querying)
}

fn all(segments: usize, test: bool) {
    let folder = std::env::temp_dir().join(format!("refrain-bench-disk-{}", std::process::id()));
    let (inserted, slowest, queried) = run(&folder, segments, 256 << 20);
    let size = bytes(&folder);
    let what = format!("{segments} segments, 256 MiB of memory, inserted per second");
    report(&what, inserted, 200_000.0, test);
    report("the same in the slowest tenth", slowest, 200_000.0, test);
    report("queried per second, half of them known", queried, 100_000.0, test);
    println!("{:.1} bytes per segment", size as f64 / segments as f64);
    let start = Instant::now();
    let index = Index::<Disk>::open(&folder, &raw()).expect("it is whole");
    println!("opened again in {:.3} s", start.elapsed().as_secs_f64());
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    }
    assert_eq!(index.len().expect("it is read") as usize, segments.div_ceil(PAGE));
    let start = Instant::now();
    index.store().check().expect("it is whole");
    println!("checked in {:.3} s", start.elapsed().as_secs_f64());
    drop(index);
    // The cache is a third of the memory: a tenth of the files, or all of them.
    let memory = usize::try_from(size * 3 / 10).expect("it is not that large");
    let (fits, _, queried_fits) = run(&folder, segments, (size * 3) as usize);
    let (small, _, queried_small) = run(&folder, segments, memory);
    report("ten times the cache: insertions, as a part of those in the cache", small / fits, 0.3, test);
    let queried = queried_small / queried_fits;
    report("ten times the cache: queries, as a part of those in the cache", queried, 0.3, test);
    drop(fs::remove_dir_all(folder));
}
