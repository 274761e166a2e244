//! The size of an index in memory, the speed of exact deduplication beside other ways, and the rate of
//! false positives of a filter. Prints one line for each figure, and `ok` or `MISSED` beside each that
//! has a bar; every part asserts its answer.
//!
//! ```sh
//! cargo bench --bench index --features bloom                      # all, at 20 million segments: minutes
//! cargo bench --bench index --features bloom -- size exact        # those parts
//! cargo bench --bench index --features bloom -- --segments 1000000
//! ```
//!
//! With `--test` it checks the answers at 20 thousand segments. `HUNIQ` may name the `huniq` command, to
//! be compared with, and `JSONL` a file of lines with a field `text`, to be deduplicated in place of
//! generated text.

#![allow(clippy::cast_possible_truncation, reason = "sizes and rates of a bench are small")]

mod common;

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::hint::black_box;
use std::time::Instant;

use common::{SCRIPTS, prose};
#[cfg(feature = "bloom")]
use refrain::index::BloomFilter;
use refrain::index::{Deduplicator, Detail, Index, Page, SegmentStatus};
use refrain::{Document, Normalization, Options, Workspace};
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
        let texts = match std::env::var("JSONL") {
            Ok(file) => documents_of(&file),
            Err(_) => documents(if test { 1_000_000 } else { 60_000_000 }),
        };
        exact(&texts, if test { 1 } else { 9 });
    }
    #[cfg(feature = "bloom")]
    if wanted("bloom") {
        bloom(segments.min(2_000_000));
    }
}

/// Prints a figure beside its bar, and whether it keeps it, which a check of the answers at a small size does not tell.
fn report(what: &str, measured: f64, bar: f64, at_least: bool) {
    let ok = if at_least { measured >= bar } else { measured <= bar };
    let is_test = std::env::args().any(|argument| argument == "--test");
    let verdict = if is_test {
        ""
    } else if ok {
        "ok"
    } else {
        "MISSED"
    };
    let sign = if at_least { ">=" } else { "<=" };
    println!("{what:<84} {measured:>11.3}  {sign} {bar:<7} {verdict}");
}

fn raw() -> Options {
    Options::new().normalization(Normalization::RAW)
}

/// A page whose segments no other page has.
fn page(number: usize) -> String {
    (0..PAGE).map(|line| format!("line {line} of page {number}, and of no other page\n")).collect()
}

/// Hands `each` all pages, some at a time, with the number of segments so far.
fn pages(segments: usize, page: impl Fn(usize) -> String, each: impl FnMut(&[Page<'_>], usize)) {
    pages_of("page", segments, page, each);
}

/// The same, with a folder for the names of the pages.
fn pages_of(
    folder: &str,
    segments: usize,
    page: impl Fn(usize) -> String,
    mut each: impl FnMut(&[Page<'_>], usize),
) {
    let numbers: Vec<usize> = (0..segments.div_ceil(PAGE)).collect();
    for some in numbers.chunks(200) {
        let texts: Vec<(String, String)> =
            some.iter().map(|n| (format!("https://www.example/{folder}/{n}"), page(*n))).collect();
        let options = raw();
        let docs: Vec<Document<'_>> =
            texts.iter().map(|(_, text)| Document::with_options(text, &options)).collect();
        let records = texts.iter().zip(&docs);
        let records: Vec<_> =
            records.map(|((id, _), document)| Page { id, scope: "www.example", document }).collect();
        each(&records, some.last().map_or(0, |last| (last + 1) * PAGE));
    }
}

/// A page of which 39 % of the lines are on other pages: `far` pages before it, most of them on one, some on
/// many.
fn mixed_page(number: usize, pages: usize) -> String {
    let line = |line: usize| {
        // Of a hundred lines 61 are new, 27 of some earlier page, 12 of one of a hundred pages at the front.
        let turn = (number * PAGE + line) * 7919 % 100;
        let from = match turn {
            0..61 => return format!("line {line} of page {number}, and of no other page\n"),
            61..88 => number * 31 % number.max(1),
            _ => number % (pages / 100).max(1),
        };
        format!("line {} of page {from}, and of no other page\n", line * 13 % PAGE)
    };
    (0..PAGE).map(line).collect()
}

/// Inserts pages, and returns the number of bytes that the index has allocated for them.
fn insert(index: &Index, pages: &[Page<'_>]) -> i64 {
    allocation_counter::measure(|| drop(index.insert_all(pages).expect("there is room"))).bytes_current
}

/// Bytes for each distinct segment in memory, where nothing repeats and where much does.
fn size(segments: usize) {
    let index = Index::with_options(&raw());
    let (mut spent, mut bytes) = (0.0, 0);
    pages(segments, page, |records, _| {
        let start = Instant::now();
        bytes += insert(&index, records);
        spent += start.elapsed().as_secs_f64();
    });
    let distinct = segments.div_ceil(PAGE) * PAGE;
    report(
        &format!("size: memory, bytes for each of {distinct} segments, all different"),
        bytes as f64 / distinct as f64,
        48.0,
        false,
    );
    println!("size: memory, inserted at {:.0} segments a second", distinct as f64 / spent);
    drop(index);
    for copies in [2, 4] {
        let index = Index::with_options(&raw());
        let mut bytes = 0;
        for copy in 0..copies {
            pages_of(&copy.to_string(), segments / copies, page, |records, _| {
                bytes += insert(&index, records);
            });
        }
        let bytes = bytes as f64 / ((segments / copies).div_ceil(PAGE) * PAGE) as f64;
        println!(
            "size: memory, each segment in {copies} documents: {bytes:.1} bytes a different segment, {:.1} a segment",
            bytes / copies as f64
        );
    }
    let (index, mut distinct) = (Index::with_options(&raw()), Deduplicator::new(&raw()));
    let (mut all, mut bytes, count) = (0, 0, segments.div_ceil(PAGE));
    pages(
        segments,
        |number| mixed_page(number, count),
        |records, _| {
            for page in records {
                all += distinct.insert(0, page.document.text()).len();
            }
            bytes += insert(&index, records);
        },
    );
    let (distinct, bytes) = (distinct.len() as f64, bytes as f64);
    let repeated = 1.0 - distinct / all as f64;
    assert!((0.2..0.5).contains(&repeated), "{repeated}");
    println!(
        "size: memory, {:.0} % of {all} segments are repeated: {:.1} bytes a different segment, {:.1} a segment",
        repeated * 100.0,
        bytes / distinct,
        bytes / all as f64
    );
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

/// The documents of a text set: lines as long as in a real one (some 104 bytes in the mean, most of them
/// shorter), of which four in ten are repeated.
fn documents(bytes: usize) -> Vec<String> {
    let prose = prose(&SCRIPTS[0], bytes * 2 / 3);
    let mut random = refrain_testkit::frozen::Mmix::new(1);
    let mut below = |n: usize| random.below(n);
    let mut lines = Vec::new();
    let mut rest = &prose[..];
    while !rest.is_empty() {
        let most = [50, 100, 200, 460][below(4)];
        let len = 10 + below(most);
        let end = (len..rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        lines.extend(rest[..end].lines().map(str::trim).filter(|line| !line.is_empty()));
        rest = &rest[end..];
    }
    let mut all = Vec::new();
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        text.extend([line, "\n"]);
        if number % 8 < 5 {
            text.extend([lines[below(number / 2 + 1)], "\n"]);
        }
        if number % 40 == 39 || number + 1 == lines.len() {
            all.push(std::mem::take(&mut text));
        }
    }
    all
}

/// The field `text` of every line of a file.
fn documents_of(file: &str) -> Vec<String> {
    let lines = std::fs::read_to_string(file).expect("a file of text that can be read");
    let text = |line: &str| -> Option<String> {
        Some(serde_json::from_str::<serde_json::Value>(line).ok()?.get("text")?.as_str()?.to_owned())
    };
    lines.lines().map(|line| text(line).expect("every line is an object with a text")).collect()
}

/// How many different lines a hash set of fingerprints counts.
fn set<S: BuildHasher + Default>(documents: &[String]) -> usize {
    let mut set: HashSet<u128, S> = HashSet::default();
    for text in documents {
        for line in text.split('\n').filter(|line| !line.is_empty()) {
            set.insert(xxh3_128(line.as_bytes()));
        }
    }
    set.len()
}

/// Exact deduplication of paragraphs across documents that are in memory, one thread, the raw form.
fn exact(documents: &[String], rounds: usize) {
    let names: Vec<String> = (0..documents.len()).map(|number| number.to_string()).collect();
    let bytes: usize = documents.iter().map(String::len).sum();
    let options = raw();
    let known = || {
        let mut known = Deduplicator::new(&options);
        let is_new = |piece: &&SegmentStatus| piece.is_new();
        let new: usize = documents
            .iter()
            .zip(0..)
            .map(|(text, number)| known.insert(number, text).iter().filter(is_new).count())
            .sum();
        assert!(new >= known.len());
        known.len()
    };
    let indexed = || {
        let index = Index::with_options(&options);
        let mut workspace = Workspace::new();
        for (name, text) in names.iter().zip(documents) {
            let doc = workspace.read(text, &options);
            let page = Page { id: name, scope: "", document: &doc };
            let (seen, _) = index.query_and_insert(page, Detail::Counts).expect("there is room");
            black_box(seen.seen_share());
            workspace.recycle(doc);
        }
        index
    };
    let read: Vec<Document<'_>> =
        documents.iter().map(|text| Document::with_options(text, &options)).collect();
    let lines = || read.iter().flat_map(Document::segments).map(|segment| segment.text());
    let (distinct, of_any) = (lines().collect::<HashSet<_>>().len(), set::<RandomState>(documents));
    let index = indexed();
    let is_seen = |document| {
        index.query("", document, Detail::Counts).is_ok_and(|seen| seen.new_runs().next().is_none())
    };
    assert!(read.iter().all(is_seen));
    drop(index);
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..rounds {
        times[0].push(seconds(known, distinct));
        times[1].push(seconds(|| indexed().len().map_or(0, |len| len as usize), documents.len()));
        times[2].push(seconds(|| set::<RandomState>(documents), of_any));
        times[3].push(seconds(|| set::<BuildHasherDefault<Identity>>(documents), of_any));
    }
    let ratio =
        |of: usize, to: usize| median(times[to].iter().zip(&times[of]).map(|(to, of)| to / of).collect());
    println!(
        "exact: {} documents, {bytes} bytes, {} lines, {distinct} of them different; Deduplicator {:.0} MB/s",
        documents.len(),
        lines().count(),
        bytes as f64 / 1e6 / median(times[0].clone()),
    );
    report("exact: speed of Deduplicator, of split + xxh3_128 + HashSet", ratio(0, 2), 1.3, true);
    println!("exact: Deduplicator {:.2} of the same with a hasher that does nothing", ratio(0, 3));
    println!("exact: Index in memory, with places: {:.2} of split + xxh3_128 + HashSet", ratio(1, 2));
    if let Ok(huniq) = std::env::var("HUNIQ") {
        let file = std::env::temp_dir().join(format!("refrain-bench-{}", std::process::id()));
        std::fs::write(&file, documents.concat()).expect("there is room");
        let times_of_theirs = (0..rounds).map(|_| {
            let input = std::fs::File::open(&file).expect("it is there");
            let start = Instant::now();
            let command =
                std::process::Command::new(&huniq).stdin(input).stdout(std::process::Stdio::null()).status();
            assert!(command.expect("it runs").success());
            start.elapsed().as_secs_f64()
        });
        let theirs = median(times_of_theirs.collect());
        let ratio = theirs / median(times[0].clone());
        report("exact: speed of Deduplicator, of huniq", ratio, 2.5, true);
        drop(std::fs::remove_file(file));
    }
}

/// Bytes and wrong answers of a filter that is full.
#[cfg(feature = "bloom")]
fn bloom(segments: usize) {
    for rate in [0.01, 0.001] {
        let segments = segments / PAGE * PAGE;
        let mut filter = BloomFilter::new(segments as u64, rate, &raw()).expect("it can be");
        pages(segments, page, |records, _| {
            records.iter().for_each(|page| filter.insert(page.document).expect("there is room"));
        });
        let (mut wrong, mut asked) = (0, 0);
        // So many that a few hundred are wrong even at the lower rate.
        for number in 0..(segments / PAGE).max((2_000.0 / rate) as usize / PAGE) {
            let text = page(segments + number);
            let options = raw();
            let doc = Document::with_options(&text, &options);
            wrong += filter.query(&doc).expect("it is read").segments().len();
            asked += PAGE;
        }
        let mut file = Vec::new();
        filter.save(&mut file).expect("memory can be written");
        println!(
            "bloom: {segments} segments at a rate of {rate}: {:.2} bytes each, measured {:.5}",
            file.len() as f64 / segments as f64,
            wrong as f64 / asked as f64,
        );
        let off = (wrong as f64 / asked as f64 / rate - 1.0).abs();
        report(&format!("bloom: how far from {rate} it is, as a part of it"), off, 0.1, false);
        // Too few wrong answers to tell are not held against it.
        assert!(off <= 0.1 || wrong < 1_000, "{wrong} of {asked} at a rate of {rate}");
    }
}
