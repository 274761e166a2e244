//! Near duplicates from text to verified pairs, beside shingling alone; and many texts that share a template.
//! Prints one line for each figure, with the bar it has to reach.
//!
//! ```sh
//! cargo bench --bench near
//! cargo bench --bench near -- template
//! ```
//!
//! With `--test` it checks the answers on a few texts. What others reach is in `crates/compare`.

use std::hint::black_box;
use std::time::Instant;

use refrain::near::{Keep, LshIndex, NearOptions, Shingler, Shingles, cluster, pairs};
use refrain_testkit::{Random, prose};

/// Rounds of each measurement, whose median counts.
const ROUNDS: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let test = arguments.iter().any(|argument| argument == "--test");
    let parts: Vec<&String> = arguments.iter().filter(|part| !part.starts_with('-')).collect();
    let wanted = |name: &str| parts.is_empty() || parts.iter().any(|part| *part == name);
    if wanted("all") {
        from_text_to_pairs(if test { 500 } else { 20_000 }, if test { 1 } else { ROUNDS });
    }
    if wanted("template") {
        template(if test { 500 } else { 10_000 });
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn verdict(holds: bool) -> &'static str {
    if holds { "ok" } else { "MISSED" }
}

fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let answer = black_box(work());
    (start.elapsed().as_secs_f64(), answer)
}

fn read(texts: &[String]) -> Vec<Shingles> {
    let shingler = Shingler::new();
    texts.iter().map(|text| shingler.shingle(text)).collect()
}

/// Tokens and shingles and nothing else, the plain way.
fn shingling_alone(texts: &[String]) -> u64 {
    let mut words: Vec<u64> = Vec::new();
    let mut sum = 0;
    for text in texts {
        words.clear();
        let tokens =
            text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.extend(tokens.map(|word| xxhash_rust::xxh3::xxh3_64(&word.to_ascii_lowercase())));
        for run in words.windows(5) {
            sum ^= run
                .iter()
                .fold(0, |sum: u64, word| sum.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(*word));
        }
    }
    sum
}

/// Texts of which a third are edits of others.
fn from_text_to_pairs(count: usize, rounds: usize) {
    let texts = prose::edited(&mut Random::new(1), count);
    let bytes: usize = texts.iter().map(String::len).sum();
    let criteria = NearOptions::new(0.7).and_then(|criteria| criteria.recall(0.95)).expect("both can be");
    let mut ratios = [const { Vec::new() }; 3];
    let mut all = Vec::new();
    let mut found = 0;
    for _ in 0..rounds {
        let plain = seconds(|| shingling_alone(&texts)).0;
        let ours = seconds(|| {
            let shingler = Shingler::new();
            texts.iter().map(|text| shingler.shingle(text).len()).sum::<usize>()
        });
        let (whole, answer) = seconds(|| pairs(&read(&texts), &criteria).into_items());
        let (indexed, met) = seconds(|| {
            let index = LshIndex::new(&Shingler::new(), criteria.clone());
            let shingler = Shingler::new();
            let meets = |(number, text): (usize, &String)| {
                let near = index.query_and_insert(&number.to_string(), &shingler.shingle(text));
                near.expect("there is room").0.len()
            };
            texts.iter().enumerate().map(meets).sum::<usize>()
        });
        found = answer.len();
        assert!(found > count / 10 && met == found);
        assert!(answer.iter().all(|pair| pair.similarity() >= 0.7));
        ratios[0].push(plain / whole);
        ratios[1].push(ours.0 / whole);
        ratios[2].push(plain / indexed);
        all.push(whole);
    }
    let [plain, ours, indexed] = ratios.map(median);
    println!(
        "pairs: {count} texts, {bytes} bytes, {found} pairs of 0.7 or more: {:.0} MB/s from text to verified pairs, one thread",
        bytes as f64 / 1e6 / median(all)
    );
    println!(
        "pairs: {plain:.2} of tokens and shingles alone, the plain way (at least 0.5) {}",
        verdict(plain >= 0.5)
    );
    println!(
        "pairs: {ours:.2} of reading shingles as this crate does, sorted (at least 0.5) {}",
        verdict(ours >= 0.5)
    );
    println!(
        "index: {indexed:.2} of tokens and shingles alone, the plain way, text by text in an LshIndex in memory"
    );
}

/// Texts that share a frame and nothing else: none is a duplicate, whatever their number.
fn template(count: usize) {
    let mut random = Random::new(2);
    let frame = prose::story(&mut random, 120);
    let mut times = Vec::new();
    for count in [count, 10 * count] {
        let texts: Vec<String> =
            (0..count).map(|_| format!("{frame}\n{}", prose::story(&mut random, 80))).collect();
        let criteria = NearOptions::new(0.8).expect("it is a threshold");
        let (time, found) = seconds(|| cluster(&read(&texts), &criteria, &Keep::First));
        let kept = found.items().iter().filter(|verdict| verdict.is_kept()).count();
        assert_eq!(kept, count, "none is merged");
        println!(
            "template: {count} texts, three fifths of each the same: {time:.2} s, all kept; full buckets met {} times, {} candidates left out",
            found.truncated_buckets(),
            found.skipped_candidates()
        );
        times.push(time);
    }
    let growth = times[1] / times[0];
    println!(
        "template: ten times as many take {growth:.1} times as long (at most 13) {}",
        verdict(growth <= 13.0)
    );
}
