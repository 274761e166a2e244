//! The promises of speed, as ratios: each row compares this crate with something else on the same
//! bytes, in turns in one process. Prints `name  measured  bar  ok|FAIL` and exits with 0 whatever
//! it measures. With `--test` it checks that the answer of each row is right, and measures nothing.
//!
//! ```sh
//! cargo bench --bench ratios                      # every row
//! cargo bench --bench ratios -- english           # those with this in their name
//! cargo bench --bench ratios --features rayon     # and many documents at once
//! ```
//!
//! Allocations and bytes of memory are counted, not timed, and the same in every run. Rows on
//! corpora need the folder `corpus` in `REFRAIN_SHARED`, or in `../shared`, and the command `zstd`;
//! they are skipped without.

mod common;
#[path = "common/pages.rs"]
mod pages;

use std::collections::HashSet;
use std::hint::black_box;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use common::{ARTICLE, SCRIPTS, prose};
use refrain::index::{Detail, Index, Insertion, Page};
use refrain::{Cleaner, Document, Fingerprinter, Normalization, Options, Policy, Workspace};
use refrain_testkit::adversarial::{ADVERSARIES, Adversary};
use refrain_testkit::{Random, by_hand};
use unicode_normalization::UnicodeNormalization as _;
use xxhash_rust::xxh3::xxh3_128;

/// How often each side of a row runs, an odd number: the median of the ratios counts.
const ROUNDS: usize = 31;

/// How long a row may take, in seconds. One with fewer rounds for it still has a few.
const LONGEST: f64 = 8.0;
const FEWEST: usize = 5;

/// Bytes of text in a row.
const BYTES: usize = 1_000_000;

/// One row of the table: what is measured, the bar, and whether the measured ratio must be above or
/// below it.
struct Row {
    name: String,
    bar: f64,
    at_least: bool,
    /// This crate's side, and the other's.
    ours: Box<dyn FnMut() -> u128>,
    theirs: Box<dyn FnMut() -> u128>,
    /// True if both sides must give the same answer.
    same: bool,
    clock: Clock,
}

/// The time that a row compares.
#[derive(Clone, Copy)]
enum Clock {
    /// The processor time of this thread, which other programs do not change much.
    Processor,
    /// The time that passes, for work on several threads.
    #[cfg(feature = "rayon")]
    Wall,
}

impl Clock {
    fn seconds(self) -> f64 {
        match self {
            Self::Processor => processor_seconds().unwrap_or_else(wall_seconds),
            #[cfg(feature = "rayon")]
            Self::Wall => wall_seconds(),
        }
    }
}

/// The seconds since the first call.
fn wall_seconds() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64()
}

/// The processor time of this thread, where Linux counts it. Reading `stat` makes the kernel bring
/// the count up to date, which it otherwise does some hundred times a second.
fn processor_seconds() -> Option<f64> {
    std::fs::read("/proc/self/stat").ok()?;
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(times.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

fn main() {
    let test = std::env::args().any(|argument| argument == "--test");
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part));
    for row in rows().into_iter().filter(|row| is_wanted(&row.name)) {
        row.run(test);
    }
    for (name, count) in allocations().into_iter().filter(|(name, _)| is_wanted(name)) {
        assert!(!test || count == 0, "{name}: {count}");
        report(&name, count as f64, 0.0, false);
    }
    memory(&is_wanted, test);
    if is_wanted("overhead") && !test {
        overhead();
    }
    if test {
        println!("every row gives the right answer");
    }
}

fn report(name: &str, measured: f64, bar: f64, at_least: bool) {
    let ok = if at_least { measured >= bar } else { measured <= bar };
    let (sign, verdict) = (if at_least { ">=" } else { "<=" }, if ok { "ok" } else { "FAIL" });
    println!("{name:<66} {measured:>8.3}  {sign} {bar:<5} {verdict}");
}

impl Row {
    fn run(mut self, test: bool) {
        let (ours, theirs) = ((self.ours)(), (self.theirs)());
        assert!(!self.same || ours == theirs, "{}: {ours} is not {theirs}", self.name);
        if test {
            return;
        }
        let mut ratio = || {
            let (ours, theirs) = (time(self.clock, &mut self.ours), time(self.clock, &mut self.theirs));
            if self.at_least { theirs / ours } else { ours / theirs }
        };
        let mut ratios = Vec::new();
        let start = Instant::now();
        while ratios.len() < FEWEST || (ratios.len() < ROUNDS && start.elapsed().as_secs_f64() < LONGEST) {
            ratios.extend([ratio(), ratio()]);
        }
        ratios.sort_by(f64::total_cmp);
        report(&self.name, ratios[ratios.len() / 2], self.bar, self.at_least);
    }
}

fn time(clock: Clock, work: &mut dyn FnMut() -> u128) -> f64 {
    let start = clock.seconds();
    black_box(work());
    clock.seconds() - start
}

fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Hashes of every paragraph, mixed so that none can be left out.
fn ours(paragraphs: Vec<String>, form: Normalization) -> Box<dyn FnMut() -> u128> {
    let mut prints = Fingerprinter::new().normalization(form);
    let mut mix =
        move |sum: u128, text: &String| sum.wrapping_mul(3) ^ prints.fingerprint(black_box(text)).to_u128();
    Box::new(move || paragraphs.iter().fold(0, &mut mix))
}

fn hash_alone(paragraphs: Vec<String>) -> Box<dyn FnMut() -> u128> {
    let mix = |sum: u128, text: &String| sum.wrapping_mul(3) ^ xxh3_128(black_box(text).as_bytes());
    Box::new(move || paragraphs.iter().fold(0, mix))
}

fn the_plain_way(paragraphs: Vec<String>) -> Box<dyn FnMut() -> u128> {
    let mix = |sum: u128, text: &String| {
        sum.wrapping_mul(3) ^ xxh3_128(by_hand::canonical(black_box(text)).as_bytes())
    };
    Box::new(move || paragraphs.iter().fold(0, mix))
}

fn rows() -> Vec<Row> {
    let script =
        |name: &str| SCRIPTS.iter().find(|script| script.name == name).map(|script| prose(script, BYTES));
    let mut rows = Vec::new();
    let english = paragraphs(&script("english").unwrap_or_default());
    rows.push(Row {
        name: "text form + fingerprint, english / xxh3_128 alone".into(),
        bar: 0.25,
        at_least: true,
        ours: ours(english.clone(), Normalization::TEXT),
        theirs: hash_alone(english.clone()),
        same: false,
        clock: Clock::Processor,
    });
    rows.push(Row {
        name: "raw preset, english / xxh3_128 alone".into(),
        bar: 0.85,
        at_least: true,
        ours: ours(english.clone(), Normalization::RAW),
        theirs: hash_alone(english),
        same: true,
        clock: Clock::Processor,
    });
    for language in ["german", "french", "russian", "chinese", "persian", "hindi"] {
        let text = paragraphs(&script(language).unwrap_or_default());
        rows.push(against_plain(
            format!("text form + fingerprint, {language} / the plain pipeline"),
            10.0,
            true,
            text,
        ));
    }
    let decomposed = script("french").unwrap_or_default().nfd().collect::<String>();
    let name = "text form + fingerprint, decomposed french / the plain pipeline".into();
    rows.push(against_plain(name, 3.0, true, paragraphs(&decomposed)));
    for (name, text) in hostile() {
        let name = format!("time, {name} / the plain pipeline");
        rows.push(against_plain(name, 2.0, false, vec![text]));
    }
    rows.extend(cleaning());
    rows.extend(indexing());
    rows.push(repeats_without_any(&script("english").unwrap_or_default()));
    rows.extend(hostile_sequences());
    rows.extend(growth());
    rows.push(growth_of_edited());
    #[cfg(feature = "rayon")]
    rows.push(two_threads(&script("english").unwrap_or_default()));
    rows
}

/// Reading beside splitting and hashing, and cleaning beside reading: on pages, and on prose in
/// which nothing repeats.
fn cleaning() -> Vec<Row> {
    let pages = pages::generated(BYTES / 5_000);
    let statistics = pages::Statistics::of(&pages);
    assert!(
        (4_500.0..6_000.0).contains(&statistics.page)
            && (42.0..50.0).contains(&statistics.line)
            && (0.01..0.02).contains(&statistics.long)
            && (0.15..0.18).contains(&statistics.repeats),
        "{statistics:?}"
    );
    let prose = pages::prose(BYTES / 10_000);
    let statistics = pages::Statistics::of(&prose);
    let is_long = (210.0..228.0).contains(&statistics.line) && (0.22..0.26).contains(&statistics.long);
    assert!(is_long && statistics.repeats == 0.0, "{statistics:?}");

    let mut rows = vec![
        reading("pages", &pages, 0.44),
        reading("prose with long lines", &prose, 0.51),
        edits("pages", &pages, 0.6, |text, clean| kinds(text) == kinds(clean)),
        edits("prose with long lines", &prose, 0.7, |text, clean| text == clean),
    ];
    match pages::site_pages() {
        Ok(pages) => {
            rows.push(reading("site_pages", &pages, 0.38));
            rows.push(edits("site_pages", &pages, 0.6, |text, clean| clean.len() <= text.len()));
        }
        Err(error) => println!("skipped: rows on site_pages ({error})"),
    }
    match pages::english() {
        Ok(documents) => {
            rows.push(reading("en.txt", &documents, 0.58));
            rows.push(edits("en.txt", &documents, 0.7, |text, clean| clean.len() <= text.len()));
        }
        Err(error) => println!("skipped: rows on en.txt ({error})"),
    }
    rows
}

fn reading(name: &str, pages: &[String], bar: f64) -> Row {
    for page in pages {
        let document = Document::new(page);
        let lines = page.lines().filter(|line| line.contains(char::is_alphanumeric)).count();
        assert!((lines..=page.len()).contains(&document.len()), "{name}: lines");
    }
    let hash = pages.to_vec();
    Row {
        name: format!("reading, {name} / lines + xxh3_128"),
        bar,
        at_least: true,
        ours: read(pages.to_vec()),
        theirs: Box::new(move || {
            let lines = hash.iter().flat_map(|page| black_box(page).lines());
            let lines = lines.map(str::trim).filter(|line| !line.is_empty());
            lines.fold(0, |sum: u128, line| sum.wrapping_mul(3) ^ xxh3_128(line.as_bytes()))
        }),
        same: false,
        clock: Clock::Processor,
    }
}

/// The number of lines of each page.
fn read(pages: Vec<String>) -> Box<dyn FnMut() -> u128> {
    let mut workspace = Workspace::new();
    let options = Options::new();
    Box::new(move || {
        let mut lines = 0;
        for page in &pages {
            let document = workspace.read(black_box(page), &options);
            lines += document.len() as u128;
            workspace.recycle(document);
        }
        lines
    })
}

/// The different lines of a text.
fn kinds(text: &str) -> HashSet<&str> {
    text.lines().collect()
}

/// Cleaning with a workspace beside reading. `is_right` compares a text with what is left of it.
fn edits(name: &str, pages: &[String], bar: f64, is_right: fn(&str, &str) -> bool) -> Row {
    let cleaner = Cleaner::new();
    let mut workspace = Workspace::new();
    for page in pages {
        let edits = cleaner.edits_with(page, &mut workspace);
        assert!(edits == cleaner.edits(page) && edits.is_fixed_point(), "{name}: edits");
        let clean = edits.apply();
        assert!(is_right(page, &clean) && cleaner.clean(&clean) == clean, "{name}: what is left");
    }
    let texts = pages.to_vec();
    Row {
        name: format!("edits, {name} / reading"),
        bar,
        at_least: true,
        ours: Box::new(move || {
            let edits =
                texts.iter().map(|page| cleaner.edits_with(black_box(page), &mut workspace).len() as u128);
            edits.sum()
        }),
        theirs: read(pages.to_vec()),
        same: false,
        clock: Clock::Processor,
    }
}

/// An index of pages in memory beside reading the same pages.
fn indexing() -> Vec<Row> {
    let generated = pages::generated(5_600);
    let mut rows = index_of("pages", &generated);
    match pages::site_pages() {
        Ok(pages) => rows.extend(index_of("site_pages", &pages[..pages.len().min(5_600)])),
        Err(error) => println!("skipped: an index of site_pages ({error})"),
    }
    rows
}

/// Insertion of pages, and queries of a few of them under other ids.
fn index_of(name: &str, pages: &[String]) -> Vec<Row> {
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

/// A crawl of pages on two threads, and on one.
#[cfg(feature = "rayon")]
fn two_threads(text: &str) -> Row {
    let lines: Vec<&str> = text.lines().collect();
    let pages: Vec<String> = lines.chunks(8).map(|lines| lines.join("\n").repeat(2)).collect();
    let on = |threads: usize| -> Box<dyn FnMut() -> u128> {
        let pages = pages.clone();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        Box::new(move || {
            let work = || Cleaner::new().par_clean(&pages).iter().map(|page| page.len() as u128).sum();
            pool.as_ref().map_or(0, |pool| pool.install(work))
        })
    };
    Row {
        name: "pages a second, two threads / one thread".into(),
        bar: 1.7,
        at_least: true,
        ours: on(2),
        theirs: on(1),
        same: true,
        clock: Clock::Wall,
    }
}

/// Lines that all begin alike, so that each is a candidate for each, and a long one among them.
fn growth_of_edited() -> Row {
    let find = |n: usize| -> Box<dyn FnMut() -> u128> {
        let template = "the same words open every single line of this long template and then there comes ";
        let mut text = format!("{template}{}\n", "something else entirely ".repeat(n));
        (0..n).for_each(|i| text.push_str(&format!("{template}number {i} of {}\n", i * 7)));
        let doc = Document::new(text.leak());
        assert!(doc.similar_segments(0.6).iter().all(|edited| edited.similarity() >= 0.6));
        Box::new(move || black_box(&doc).similar_segments(0.6).len() as u128)
    };
    Row {
        name: "time of 10 n / n, edited segments, lines of one template".into(),
        bar: 13.0,
        at_least: false,
        ours: find(20_000),
        theirs: find(2_000),
        same: false,
        clock: Clock::Processor,
    }
}

/// How often a document asks for memory when it is read, searched and cleaned in a workspace that
/// has seen a few like it.
fn allocations() -> Vec<(String, u64)> {
    let english = SCRIPTS.iter().find(|script| script.name == "english");
    let page = english.map(|script| prose(script, 1_000)).unwrap_or_default();
    let pages = [
        ("a page in which nothing repeats", page.clone()),
        ("a page, doubled", page.repeat(2)),
        ("the article", ARTICLE.to_owned()),
        ("ten thousand random lines of two", (ADVERSARIES[4].text)(10_000)),
    ];
    let mut rows = Vec::new();
    for (name, page) in pages {
        let mut workspace = Workspace::new();
        let mut round = || {
            let doc = workspace.read(&page, &Options::new());
            let repeats = workspace.repeats(&doc);
            black_box(repeats.families().len());
            workspace.recycle_repeats(repeats);
            workspace.recycle(doc);
        };
        (0..8).for_each(|_| round());
        let count = allocation_counter::measure(round).count_total;
        rows.push((format!("allocations, reading and finding, {name}"), count));
    }
    let long = pages::prose(1).concat();
    for (name, page) in [("a page in which nothing repeats", page), ("prose with long lines", long)] {
        let mut workspace = Workspace::new();
        let cleaner = Cleaner::new();
        let mut round = || drop(black_box(cleaner.edits_with(&page, &mut workspace)));
        (0..8).for_each(|_| round());
        let count = allocation_counter::measure(round).count_total;
        rows.push((format!("allocations, cleaning, {name}"), count));
    }
    rows
}

/// The most memory that cleaning takes at a time, in bytes for each line, beside the text.
fn memory(is_wanted: &dyn Fn(&str) -> bool, test: bool) {
    let lines = if test { 10_000 } else { 1_000_000 };
    for adversary in ADVERSARIES.iter() {
        let text = (adversary.text)(lines);
        let count = text.lines().filter(|line| !line.is_empty()).count();
        for (name, policy) in [("default", Policy::default()), ("drop_all", Policy::drop_all())] {
            let name = format!("peak bytes a line, {}, {name}", adversary.name);
            if count < lines / 2 || !is_wanted(&name) {
                continue;
            }
            let cleaner = Cleaner::new().policy(policy);
            let peak = allocation_counter::measure(|| drop(black_box(cleaner.edits(&text)))).bytes_max;
            if !test {
                report(&name, peak as f64 / count as f64, 300.0, false);
            }
        }
    }
}

/// Measures the cost of a document in addition to the fingerprints of its lines: segmentation, ids,
/// and their memory.
fn overhead() {
    let english = SCRIPTS.iter().find(|script| script.name == "english");
    for bytes in [1_000, 10_000, 100_000] {
        let page = english.map(|script| prose(script, bytes)).unwrap_or_default();
        let mut hash = ours(paragraphs(&page), Normalization::TEXT);
        let mut new = || Document::new(black_box(&page)).len() as u128;
        let mut workspace = Workspace::new();
        let mut reused = || {
            let doc = workspace.read(black_box(&page), &Options::new());
            let len = doc.len();
            workspace.recycle(doc);
            len as u128
        };
        let repeat = 2_000_000 / bytes;
        let nanoseconds = |work: &mut dyn FnMut() -> u128| {
            let mut times: Vec<f64> = (0..ROUNDS)
                .map(|_| {
                    time(Clock::Processor, &mut || (0..repeat).fold(0, |sum, _| sum ^ work())) * 1e9
                        / repeat as f64
                })
                .collect();
            times.sort_by(f64::total_cmp);
            times[ROUNDS / 2]
        };
        let (hash, new, reused) = (nanoseconds(&mut hash), nanoseconds(&mut new), nanoseconds(&mut reused));
        println!(
            "overhead of a document of {} bytes in {} lines: {:.0} of {new:.0} ns ({:.0} %); in a workspace {:.0} of \
             {reused:.0} ns ({:.0} %)",
            page.len(),
            page.lines().count(),
            new - hash,
            (new - hash) / new * 100.0,
            reused - hash,
            (reused - hash) / reused * 100.0,
        );
    }
}

fn against_plain(name: String, bar: f64, at_least: bool, text: Vec<String>) -> Row {
    Row {
        name,
        bar,
        at_least,
        ours: ours(text.clone(), Normalization::TEXT),
        theirs: the_plain_way(text),
        same: true,
        clock: Clock::Processor,
    }
}

/// Texts that keep the canonical form from its fast ways.
fn hostile() -> [(&'static str, String); 7] {
    let n = BYTES / 10;
    [
        ("marks in order", format!("a{}", "\u{301}".repeat(n))),
        ("marks out of order", format!("a{}", "\u{301}\u{323}".repeat(n))),
        ("a mark behind every letter", "a\u{301}".repeat(n)),
        ("an ignorable sign behind every letter", "a\u{AD}".repeat(n)),
        ("a ligature behind every letter", "a\u{FB01}".repeat(n)),
        ("the longest expansion", "\u{FDFA}".repeat(n / 10)),
        ("letters of ASCII and others in turns", "a\u{4E00}B\u{416}".repeat(n)),
    ]
}

/// What finding costs where nothing repeats, on top of reading.
fn repeats_without_any(text: &str) -> Row {
    let (read, find) = (text.to_owned(), text.to_owned());
    Row {
        name: "reading and finding, nothing repeats / reading".into(),
        bar: 1.15,
        at_least: false,
        ours: Box::new(move || {
            let doc = Document::new(black_box(&find));
            (doc.len() + doc.repeats().families().len()) as u128
        }),
        theirs: Box::new(move || Document::new(black_box(&read)).len() as u128),
        same: true,
        clock: Clock::Processor,
    }
}

/// Line sequences that make careless algorithms slow, and the same lines shuffled.
fn hostile_sequences() -> Vec<Row> {
    let found = |text: String| -> Box<dyn FnMut() -> u128> {
        // The texts live as long as the process, so that a document of them can too.
        let doc = Document::with_options(text.leak(), &Options::new().normalization(Normalization::RAW));
        Box::new(move || black_box(&doc).repeats().families().len() as u128)
    };
    let sequences = ADVERSARIES.iter().filter(|adversary| (adversary.text)(100).lines().count() > 50);
    let rows = sequences.filter(|adversary| adversary.name != "blank lines").map(|adversary| {
        let text = (adversary.text)(100_000);
        let shuffled = shuffled(&text);
        Row {
            name: format!("finding, {} / the same lines shuffled", adversary.name),
            bar: 4.0,
            at_least: false,
            ours: found(text),
            theirs: found(shuffled),
            same: false,
            clock: Clock::Processor,
        }
    });
    rows.collect()
}

fn shuffled(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    Random::new(1).shuffle(&mut lines);
    lines.join("\n")
}

/// Ten and a hundred times the input against the input.
fn growth() -> Vec<Row> {
    let clean = |adversary: &Adversary, n: usize| -> Box<dyn FnMut() -> u128> {
        let cleaner = Cleaner::new().policy(Policy::drop_all());
        let text = (adversary.text)(n);
        let mut workspace = Workspace::new();
        assert!(cleaner.clean(&text) == (adversary.clean)(&text), "{}", adversary.name);
        Box::new(move || cleaner.clean_with(black_box(&text), &mut workspace).len() as u128)
    };
    let rows = ADVERSARIES.iter().flat_map(|adversary| {
        [(10, 13.0), (100, 169.0)].map(|(times, bar)| Row {
            name: format!("time of {times} n / n, {}", adversary.name),
            bar,
            at_least: false,
            ours: clean(adversary, times * 10_000),
            theirs: clean(adversary, 10_000),
            same: false,
            clock: Clock::Processor,
        })
    });
    rows.collect()
}
