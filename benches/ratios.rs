//! What the design promises of speed, as ratios: every row is this crate and what stands beside it, the same work
//! on the same bytes, in turns in one process. Prints `name  measured  bar  ok|below`; exits with 0 whatever it
//! measures. With `--test` it checks that every row's answer is right, and measures nothing.
//!
//! ```sh
//! cargo bench --bench ratios              # every row
//! cargo bench --bench ratios -- english   # those with this in their name
//! ```

#[path = "../src/clean/adversarial.rs"]
mod adversarial;
mod common;
#[path = "common/plain.rs"]
mod plain;

use std::hint::black_box;
use std::time::Instant;

use common::{SCRIPTS, prose};
use refrain::{Document, Fingerprinter, Normalization, Options};
use unicode_normalization::UnicodeNormalization as _;
use xxhash_rust::xxh3::xxh3_128;

/// How often each side of a row runs; the median of the ratios counts.
const ROUNDS: usize = 31;

/// Bytes of text in a row.
const BYTES: usize = 1_000_000;

/// One row of the table: what is measured, the bar, and whether the measured ratio must be above or below it.
struct Row {
    name: String,
    bar: f64,
    at_least: bool,
    /// This crate's side, and the other's.
    ours: Box<dyn FnMut() -> u128>,
    theirs: Box<dyn FnMut() -> u128>,
    /// Whether both sides must give the same answer.
    same: bool,
}

fn main() {
    let test = std::env::args().any(|argument| argument == "--test");
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |row: &Row| wanted.is_empty() || wanted.iter().any(|part| row.name.contains(part));
    for row in rows().into_iter().filter(is_wanted) {
        row.run(test);
    }
    if test {
        println!("every row gives the right answer");
    }
}

impl Row {
    fn run(mut self, test: bool) {
        let (ours, theirs) = ((self.ours)(), (self.theirs)());
        assert!(!self.same || ours == theirs, "{}: {ours} is not {theirs}", self.name);
        if test {
            return;
        }
        let mut ratios: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let (ours, theirs) = (time(&mut self.ours), time(&mut self.theirs));
                if self.at_least { theirs / ours } else { ours / theirs }
            })
            .collect();
        ratios.sort_by(f64::total_cmp);
        let measured = ratios[ROUNDS / 2];
        let ok = if self.at_least { measured >= self.bar } else { measured <= self.bar };
        let sign = if self.at_least { ">=" } else { "<=" };
        println!(
            "{:<62} {measured:>8.3}  {sign} {:<6} {}",
            self.name,
            self.bar,
            if ok { "ok" } else { "below" }
        );
    }
}

fn time(work: &mut dyn FnMut() -> u128) -> f64 {
    let start = Instant::now();
    black_box(work());
    start.elapsed().as_secs_f64()
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
        sum.wrapping_mul(3) ^ xxh3_128(plain::canonical(black_box(text)).as_bytes())
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
    });
    rows.push(Row {
        name: "raw preset, english / xxh3_128 alone".into(),
        bar: 0.85,
        at_least: true,
        ours: ours(english.clone(), Normalization::RAW),
        theirs: hash_alone(english),
        same: true,
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
    rows.push(repeats_without_any(&script("english").unwrap_or_default()));
    rows.extend(hostile_sequences());
    rows.extend(growth());
    rows
}

fn against_plain(name: String, bar: f64, at_least: bool, text: Vec<String>) -> Row {
    Row {
        name,
        bar,
        at_least,
        ours: ours(text.clone(), Normalization::TEXT),
        theirs: the_plain_way(text),
        same: true,
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
    }
}

/// Line sequences that make careless algorithms slow, and the same lines shuffled.
fn hostile_sequences() -> Vec<Row> {
    let found = |text: String| -> Box<dyn FnMut() -> u128> {
        // The texts live as long as the process, so that a document of them can too.
        let doc = Document::with_options(text.leak(), &Options::new().normalization(Normalization::RAW));
        Box::new(move || black_box(&doc).repeats().families().len() as u128)
    };
    let sequences =
        adversarial::ADVERSARIES.iter().filter(|adversary| (adversary.text)(100).lines().count() > 50);
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
        }
    });
    rows.collect()
}

fn shuffled(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut state = 1_u64;
    for i in (1..lines.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        lines.swap(i, (state >> 33) as usize % (i + 1));
    }
    lines.join("\n")
}

/// Ten times the input against the input.
fn growth() -> Vec<Row> {
    let clean = |adversary: &adversarial::Adversary, n: usize| -> Box<dyn FnMut() -> u128> {
        let cleaner = refrain::Cleaner::new().policy(refrain::Policy::All);
        let text = (adversary.text)(n);
        assert!(cleaner.clean(&text) == (adversary.clean)(&text), "{}", adversary.name);
        Box::new(move || cleaner.clean(black_box(&text)).len() as u128)
    };
    let rows = adversarial::ADVERSARIES.iter().map(|adversary| Row {
        name: format!("time of 10 n / n, {}", adversary.name),
        bar: 13.0,
        at_least: false,
        ours: clean(adversary, 100_000),
        theirs: clean(adversary, 10_000),
        same: false,
    });
    rows.collect()
}
