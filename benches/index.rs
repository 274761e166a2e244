//! What an index takes and how fast it is: bytes for a segment, segments a second on disk, exact deduplication beside what stands next to
//! it, and how often a filter is wrong. Prints one line for each figure; every part asserts its answer.
//!
//! ```sh
//! cargo bench --bench index --features disk,bloom                      # all, at 20 million segments: minutes, and some 3 GB of disk
//! cargo bench --bench index --features disk,bloom -- size disk         # those parts
//! cargo bench --bench index --features disk,bloom -- --segments 1000000
//! ```
//!
//! With `--test` it checks the answers at 20 thousand segments. `HUNIQ` may name the `huniq` command, to be compared with.

#![allow(clippy::cast_possible_truncation, reason = "sizes and rates of a bench are small")]

mod common;

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::hint::black_box;
use std::time::Instant;

use common::{SCRIPTS, prose};
#[cfg(feature = "bloom")]
use refrain::index::store::Store as _;
use refrain::{Document, Index, Normalization, Options, Workspace};
use xxhash_rust::xxh3::xxh3_128;

/// Segments in a document.
const PAGE: usize = 50;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let test = arguments.iter().any(|argument| argument == "--test");
    let given = arguments.iter().position(|argument| argument == "--segments");
    let given = given.and_then(|at| arguments.get(at + 1)?.parse().ok());
    let segments = given.unwrap_or(if test { 20_000 } else { 20_000_000 });
    let parts: Vec<&String> =
        arguments.iter().filter(|part| !part.starts_with('-') && part.parse::<u64>().is_err()).collect();
    let wanted = |name: &str| parts.is_empty() || parts.iter().any(|part| *part == name);
    if wanted("size") {
        size(segments);
    }
    if wanted("exact") {
        exact(if test { 1_000_000 } else { 60_000_000 }, if test { 1 } else { 9 });
    }
    #[cfg(feature = "disk")]
    if wanted("disk") {
        disk::all(segments);
    }
    #[cfg(feature = "bloom")]
    if wanted("bloom") {
        bloom(segments.min(2_000_000));
    }
}

fn raw() -> Options {
    Options::new().normalization(Normalization::RAW)
}

/// A page whose segments no other page has.
fn page(number: usize) -> String {
    (0..PAGE).map(|line| format!("line {line} of page {number}, and of no other page\n")).collect()
}

/// Hands `each` all pages, some at a time, with the number of segments so far.
fn pages(segments: usize, mut each: impl FnMut(&[(&str, &str, &Document<'_>)], usize)) {
    let numbers: Vec<usize> = (0..segments.div_ceil(PAGE)).collect();
    for some in numbers.chunks(200) {
        let texts: Vec<(String, String)> =
            some.iter().map(|n| (format!("https://www.example/page/{n}"), page(*n))).collect();
        let options = raw();
        let docs: Vec<Document<'_>> =
            texts.iter().map(|(_, text)| Document::with_options(text, &options)).collect();
        let records: Vec<_> =
            texts.iter().zip(&docs).map(|((id, _), doc)| (&**id, "www.example", doc)).collect();
        each(&records, some.last().map_or(0, |last| (last + 1) * PAGE));
    }
}

/// Bytes for each distinct segment in memory.
fn size(segments: usize) {
    let index = Index::with_options(&raw());
    let mut spent = 0.0;
    pages(segments, |records, _| {
        let start = Instant::now();
        index.learn_all(records).expect("there is room");
        spent += start.elapsed().as_secs_f64();
    });
    let distinct = index.store().distinct();
    assert_eq!(distinct, segments.div_ceil(PAGE) * PAGE);
    let bytes = index.store().bytes() as f64 / distinct as f64;
    println!("size: memory, {distinct} distinct segments: {bytes:.1} bytes each (at most 40)");
    println!("size: memory, learnt at {:.0} segments a second", distinct as f64 / spent);
}

/// The hash of a fingerprint is the fingerprint.
#[derive(Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u128(&mut self, key: u128) {
        self.0 = (key >> 64) as u64;
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn seconds(work: impl FnOnce() -> usize, expected: usize) -> f64 {
    let start = Instant::now();
    assert_eq!(black_box(work()), expected);
    start.elapsed().as_secs_f64()
}

/// Exact deduplication of paragraphs across documents.
fn exact(bytes: usize, rounds: usize) {
    // Of five lines two are from the first part of the text: some 40 % repeated, as in real text sets.
    let fresh = prose(&SCRIPTS[0], bytes * 3 / 5);
    let lines: Vec<&str> = fresh.lines().collect();
    let mut text = String::with_capacity(bytes * 2);
    let mut documents = Vec::new();
    let mut start = 0;
    for (number, line) in lines.iter().enumerate() {
        text.push_str(line);
        text.push('\n');
        if number % 3 != 0 {
            text.push_str(lines[number * 7919 % (number / 2 + 1)]);
            text.push('\n');
        }
        if number % 40 == 39 || number + 1 == lines.len() {
            documents.push(start..text.len());
            start = text.len();
        }
    }
    let documents: Vec<&str> = documents.into_iter().map(|range| &text[range]).collect();
    let names: Vec<String> = (0..documents.len()).map(|number| number.to_string()).collect();
    let distinct = text.lines().collect::<HashSet<_>>().len();
    let options = raw();
    let by_document = || {
        let index = Index::with_options(&options);
        let mut workspace = Workspace::new();
        let mut new = 0;
        for (name, text) in names.iter().zip(&documents) {
            let doc = workspace.read(text, &options);
            let seen = index.look_and_learn(name, "", &doc).expect("there is room");
            new += (0..seen.len()).filter(|segment| seen.is_new(*segment)).count();
            drop(seen);
            workspace.recycle(doc);
        }
        assert!(new >= distinct);
        index.store().distinct()
    };
    let hash_set = || {
        let mut set: HashSet<u128> = HashSet::new();
        documents.iter().flat_map(|text| text.split('\n')).filter(|line| !line.is_empty()).for_each(|line| {
            set.insert(xxh3_128(line.as_bytes()));
        });
        set.len()
    };
    let bare_set = || {
        let mut set: HashSet<u128, BuildHasherDefault<Identity>> = HashSet::default();
        documents.iter().flat_map(|text| text.split('\n')).filter(|line| !line.is_empty()).for_each(|line| {
            set.insert(xxh3_128(line.as_bytes()));
        });
        set.len()
    };
    let (mut std_ratio, mut bare_ratio, mut ours) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let a = seconds(by_document, distinct);
        std_ratio.push(seconds(hash_set, distinct) / a);
        bare_ratio.push(seconds(bare_set, distinct) / a);
        ours.push(a);
    }
    let time = median(ours);
    println!(
        "exact: {} MB, {} documents, {distinct} distinct lines: {:.0} MB/s, look and learn, one thread",
        text.len() / 1_000_000,
        documents.len(),
        text.len() as f64 / 1e6 / time,
    );
    println!("exact: {:.2} of split + xxh3_128 + HashSet (at least 0.8)", median(std_ratio));
    println!("exact: {:.2} of the same with a hasher that does nothing", median(bare_ratio));
    if let Ok(huniq) = std::env::var("HUNIQ") {
        let file = std::env::temp_dir().join(format!("refrain-bench-{}", std::process::id()));
        std::fs::write(&file, &text).expect("there is room");
        let times = (0..rounds).map(|_| {
            let input = std::fs::File::open(&file).expect("it is there");
            let start = Instant::now();
            let command =
                std::process::Command::new(&huniq).stdin(input).stdout(std::process::Stdio::null()).status();
            assert!(command.expect("it runs").success());
            start.elapsed().as_secs_f64()
        });
        let theirs = median(times.collect());
        println!("exact: {:.2} times as fast as {huniq} (at least 2.5)", theirs / time);
        drop(std::fs::remove_file(file));
    }
}

#[cfg(feature = "disk")]
mod disk {
    use std::path::Path;

    use refrain::index::Disk;

    use super::*;

    fn bytes(folder: &Path) -> u64 {
        let entries = std::fs::read_dir(folder).expect("it is there");
        entries.map(|entry| entry.and_then(|entry| entry.metadata()).expect("it is read").len()).sum()
    }

    /// Learns and meanwhile looks, and gives the segments a second of each, and the slowest tenth of learning.
    fn run(folder: &Path, segments: usize, memory: usize) -> (f64, f64, f64) {
        drop(std::fs::remove_dir_all(folder));
        let index = Index::<Disk>::open_within(folder, &raw(), memory).expect("there is room");
        let (mut spent, mut part, mut slowest, mut next) = (0.0, 0.0, f64::MAX, segments / 10);
        pages(segments, |records, so_far| {
            let start = Instant::now();
            index.learn_all(records).expect("there is room");
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
        // Half known, half new, from all over the index.
        let looks = (segments / PAGE / 10).clamp(20, 4_000);
        let mut looking = 0.0;
        for n in 0..looks {
            let known = n * 7919 % (segments / PAGE);
            let text: String = page(known).lines().take(PAGE / 2).map(|line| format!("{line}\n")).collect();
            let text = text
                + &page(segments + n).lines().take(PAGE / 2).map(|l| format!("{l}\n")).collect::<String>();
            let options = raw();
            let doc = Document::with_options(&text, &options);
            let start = Instant::now();
            let seen = index.look("www.example", &doc).expect("it is read");
            looking += start.elapsed().as_secs_f64();
            assert_eq!((0..PAGE).filter(|segment| seen.is_new(*segment)).count(), PAGE / 2);
        }
        (segments as f64 / spent, slowest, (looks * PAGE) as f64 / looking)
    }

    pub fn all(segments: usize) {
        let folder = std::env::temp_dir().join(format!("refrain-bench-disk-{}", std::process::id()));
        let (learn, slowest, look) = run(&folder, segments, 256 << 20);
        let size = bytes(&folder);
        println!(
            "disk: {segments} segments, 256 MB of memory: learnt at {learn:.0} a second, {slowest:.0} in the slowest tenth (at least 200000)"
        );
        println!("disk: looked at {look:.0} segments a second, half of them known");
        println!("disk: {:.1} bytes a segment", size as f64 / segments as f64);
        let start = Instant::now();
        let index = Index::<Disk>::open(&folder, &raw()).expect("it is whole");
        println!("disk: opened again in {:.3} s", start.elapsed().as_secs_f64());
        assert_eq!(index.len() as usize, segments.div_ceil(PAGE));
        drop(index);
        // The cache is half of the memory: a tenth of what is on disk.
        let memory = usize::try_from(size / 5).expect("it is not that large");
        let (fits, _, look_fits) = run(&folder, segments, (size * 5 / 2) as usize);
        let (small, _, look_small) = run(&folder, segments, memory);
        println!(
            "disk: ten times its cache: {:.2} of the speed of learning with all of it in the cache, {:.2} of looking (at least 0.3)",
            small / fits,
            look_small / look_fits,
        );
        drop(std::fs::remove_dir_all(folder));
    }
}

/// Bytes and wrong answers of a filter that is full.
#[cfg(feature = "bloom")]
fn bloom(segments: usize) {
    for rate in [0.01, 0.001] {
        let segments = segments / PAGE * PAGE;
        let index = Index::with_capacity(segments as u64, rate, &raw()).expect("it can be");
        pages(segments, |records, _| index.learn_all(records).expect("there is room"));
        let (mut wrong, mut asked) = (0, 0);
        for number in 0..(segments / PAGE).max(400) {
            let text = page(segments + number);
            let options = raw();
            let doc = Document::with_options(&text, &options);
            let seen = index.look("", &doc).expect("it is read");
            wrong += (0..PAGE).filter(|segment| !seen.is_new(*segment)).count();
            asked += PAGE;
        }
        let bloom = index.store();
        println!(
            "bloom: {segments} segments at a rate of {rate}: {:.2} bytes each, measured {:.5}, estimated {:.5}, fill {:.3}",
            bloom.bytes() as f64 / segments as f64,
            wrong as f64 / asked as f64,
            bloom.estimated_rate(),
            bloom.fill(),
        );
        assert!(bloom.len() as usize == segments / PAGE && wrong as f64 / (asked as f64) < 3.0 * rate);
    }
}
