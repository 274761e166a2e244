//! Exact passages: each task beside reading the words of the same texts, and beside a suffix array
//! of the same units with longest previous factors, which covers the same units.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use cpu_time::ProcessTime;
use libsais::SuffixArrayConstruction;
use refrain::passages::{Border, Contamination, Passages, Text, read_units, read_words};
use refrain_testkit::{Random, prose};
use ruzstd::decoding::StreamingDecoder;

/// The minimum number of words of a passage, which is the default.
const WORDS: usize = 50;

/// The number of lines of a corpus file in a document.
const LINES: usize = 60;

/// An odd number of rounds, of which the median counts.
const ROUNDS: usize = 5;

/// Checks that the passages and the longest previous factors cover the same units.
pub fn check() -> Result<(), Box<dyn Error>> {
    let mut random = Random::new(17);
    let texts = prose::edited(&mut random, 300);
    assert_eq!(covered(&texts, Passages::new().without_leads())?, factors(&texts)?);
    println!("passages cover the units of the longest previous factors");
    Ok(())
}

/// Measures every row, on a file of lines with a `text`, or else on the corpus of `REFRAIN_SHARED`.
pub fn measure(path: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let texts = match path {
        Some(path) => lines(BufReader::new(File::open(path)?))?,
        None => corpus()?,
    };
    if texts.is_empty() {
        println!("skipped: passages (expected the folder `corpus` in REFRAIN_SHARED)");
        return Ok(());
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let units = covered(&texts, Passages::new().without_leads())?;
    assert_eq!(units, factors(&texts)?, "units that are covered");
    println!("{} documents, {bytes} bytes, {units} units covered", texts.len());

    let words = || {
        let mut hashes = Vec::new();
        texts.iter().for_each(|text| {
            hashes.clear();
            read_words(text, &mut hashes);
        });
    };
    let half: Vec<&String> = texts.iter().step_by(2).collect();
    let other: Vec<&String> = texts.iter().skip(1).step_by(2).collect();
    let mut index = Passages::new();
    half.iter().try_for_each(|text| index.insert(Text { id: "", text }).map(drop))?;
    let half_words = || {
        let mut hashes = Vec::new();
        other.iter().for_each(|text| {
            hashes.clear();
            read_words(text, &mut hashes);
        });
    };
    let query = || other.iter().for_each(|text| drop(index.query(text)));
    row("insert, spans stored / words", 3.0, false, || drop(insert(&texts)), words);
    row(
        "query and insert, spans on both sides / words",
        4.0,
        false,
        || drop(covered(&texts, Passages::new())),
        words,
    );
    row("query half, the other half inserted / words", 2.5, false, query, half_words);
    row("suffix array and factors / insert", 3.0, true, || drop(factors(&texts)), || drop(insert(&texts)));

    let items: Vec<String> =
        texts.iter().step_by(texts.len().div_ceil(1_000)).map(|text| item(text)).collect();
    let mut set = Contamination::new();
    items.iter().try_for_each(|text| set.add(Text { id: "", text }))?;
    let scan = || texts.iter().for_each(|text| drop(set.scan(Text { id: "", text })));
    row("contamination, 1,000 items / words", 1.5, false, scan, words);

    report("memory, all inserted, bytes a byte", insert(&texts)?.bytes() as f64 / bytes as f64, 0.9, false);
    let mut kept = Passages::new();
    for text in &texts {
        kept.dedup(Text { id: "", text }, Border::Word)?;
    }
    report("memory, the kept text inserted, bytes a byte", kept.bytes() as f64 / bytes as f64, 0.6, false);
    threads(&texts)
}

/// Returns 60 words from the middle of a text, as an item of an evaluation set. Pages of a site
/// begin with the same words.
fn item(text: &str) -> String {
    let words = text.split_whitespace();
    words.clone().skip(words.count() / 2).take(60).collect::<Vec<_>>().join(" ")
}

fn insert(texts: &[String]) -> Result<Passages, Box<dyn Error>> {
    let mut passages = Passages::new();
    texts.iter().try_for_each(|text| passages.insert(Text { id: "", text }).map(drop))?;
    Ok(passages)
}

/// Returns the number of units in passages, which are found by an empty index.
fn covered(texts: &[String], mut passages: Passages) -> Result<usize, Box<dyn Error>> {
    let found = texts.iter().map(|text| passages.query_and_insert(Text { id: "", text }));
    Ok(found.map(|found| found.map(|found| found.passage_words())).sum::<Result<usize, _>>()?)
}

/// Returns the number of units in longest previous factors of at least 50 units (Crochemore and
/// Ilie 2008), by libsais.
fn factors(texts: &[String]) -> Result<usize, Box<dyn Error>> {
    let mut ids: hashbrown::HashMap<u32, i32> = hashbrown::HashMap::new();
    let (mut all, mut hashes): (Vec<i32>, Vec<u32>) = (Vec::new(), Vec::new());
    let mut next = 0;
    let mut new = || {
        next += 1;
        next - 1
    };
    for text in texts {
        hashes.clear();
        read_units(text, &mut hashes);
        all.extend(hashes.iter().map(|hash| *ids.entry(*hash).or_insert_with(&mut new)));
        // Each document ends with a number of its own, which nothing equals.
        all.push(new());
    }
    let sorted =
        SuffixArrayConstruction::for_text_mut(&mut all).in_owned_buffer32().single_threaded().run()?;
    let (suffixes, mut lcp, _) = sorted.plcp_construction().single_threaded().run()?.into_parts();
    // The neighbors of each suffix among those that begin earlier, from the last suffix on.
    let len = suffixes.len();
    let (mut before, mut after) = (vec![len; len + 1], vec![len; len + 1]);
    for pair in suffixes.windows(2) {
        let (a, b) = (usize::try_from(pair[0])?, usize::try_from(pair[1])?);
        (after[a], before[b]) = (b, a);
    }
    lcp.push(0);
    let mut factor = vec![0; len];
    for at in (0..len).rev() {
        let (a, b) = (before[at], after[at]);
        factor[at] = usize::try_from(lcp[at].max(lcp[b]))?;
        lcp[b] = if b == len { 0 } else { lcp[b].min(lcp[at]) };
        (after[a], before[b]) = (b, a);
    }
    let (mut covered, mut end) = (0, 0);
    for (at, factor) in factor.into_iter().enumerate().filter(|(_, factor)| *factor >= WORDS) {
        covered += (at + factor).saturating_sub(end.max(at));
        end = end.max(at + factor);
    }
    Ok(covered)
}

fn threads(texts: &[String]) -> Result<(), Box<dyn Error>> {
    let texts: Vec<Text<'_>> = texts.iter().map(|text| Text { id: "", text }).collect();
    let mut seconds = Vec::new();
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let mut passages = Passages::new();
            let start = Instant::now();
            pool.install(|| passages.insert_all(&texts))?;
            times.push(start.elapsed().as_secs_f64());
        }
        seconds.push(median(times));
    }
    report("two threads / one, time that passes", seconds[0] / seconds[1], 1.5, true);
    Ok(())
}

/// Measures the processor time of two works in turns, and reports the median of the ratios.
fn row(name: &str, bar: f64, at_least: bool, mut work: impl FnMut(), mut beside: impl FnMut()) {
    let time = |work: &mut dyn FnMut()| {
        let start = ProcessTime::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let ratios = (0..ROUNDS).map(|_| time(&mut work) / time(&mut beside));
    report(name, median(ratios.collect()), bar, at_least);
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn report(name: &str, measured: f64, bar: f64, at_least: bool) {
    let is_met = if at_least { measured >= bar } else { measured <= bar };
    let (sign, result) = (if at_least { ">=" } else { "<=" }, if is_met { "ok" } else { "FAIL" });
    println!("{name:<50} {measured:>8.3}  {sign} {bar:<4} {result}");
}

/// Returns the pages and the language files of the corpus, the latter in documents of 60 lines.
fn corpus() -> Result<Vec<String>, Box<dyn Error>> {
    let Some(shared) = std::env::var_os("REFRAIN_SHARED") else { return Ok(Vec::new()) };
    let folder = PathBuf::from(shared).join("corpus");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<Result<_, std::io::Error>>()?;
    paths.sort();
    let mut texts = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "zst")) {
        let mut text = String::new();
        StreamingDecoder::new(File::open(path)?)
            .map_err(|error| error.to_string())?
            .read_to_string(&mut text)?;
        if path.to_string_lossy().ends_with(".jsonl.zst") {
            texts.extend(lines(text.as_bytes())?);
        } else {
            let lines: Vec<&str> = text.lines().collect();
            texts.extend(lines.chunks(LINES).map(|lines| lines.join("\n")));
        }
    }
    Random::new(17).shuffle(&mut texts);
    Ok(texts)
}

/// Returns the `text` of each line.
fn lines(read: impl Read) -> Result<Vec<String>, Box<dyn Error>> {
    let text = |line: std::io::Result<String>| -> Result<String, Box<dyn Error>> {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        Ok(line["text"].as_str().ok_or("expected a `text` in each line")?.to_owned())
    };
    BufReader::new(read).lines().map(text).collect()
}
