//! The bars on the speed of the command: processor time beside that of copying the same file line
//! by line, from Zstandard to Zstandard.
//!
//! ```sh
//! cargo bench -p refrain-cli --bench ratios -- [FILE.jsonl.zst]
//! ```
//!
//! Without a file, one is generated. Rounds of all rows alternate, and medians are compared. Rows
//! of two threads compare wall time, so they mean little on a busy machine. With `--test`, the rows
//! run once on a small file, and only the answers are checked.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use refrain_testkit::Random;
use refrain_testkit::prose::story;

/// The name, the arguments, and the bar on the ratio.
const ROWS: [(&str, &str, f64); 4] = [
    ("clean", "clean INPUT -o OUT.jsonl.zst", 2.1),
    ("fingerprints", "fingerprints --granularity paragraphs INPUT -o OUT.jsonl.zst", 1.6),
    ("dedup", "dedup --granularity lines INPUT -o OUT.jsonl.zst", 3.0),
    ("apply", "apply --edits EDITS INPUT -o OUT.jsonl.zst", 1.5),
];
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [name, input, output] = &arguments[..]
        && name == "--copy"
    {
        return copy(Path::new(input), Path::new(output));
    }
    let is_test = arguments.iter().any(|argument| argument == "--test");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let given = arguments.iter().find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let input = given.unwrap_or_else(|| generate(folder.path(), if is_test { 1 << 20 } else { 200 << 20 }));
    let edits = folder.path().join("edits.jsonl");
    let command = env!("CARGO_BIN_EXE_refrain");
    let status = Command::new(command)
        .args(["clean", "--policy", "drop-all", "--id", "none", "--write", "edits", "--quiet", "-o"])
        .args([&edits, &input])
        .status();
    assert!(status.expect("the command runs").success());
    let words = |row: &str, threads: usize| {
        let mut words: Vec<String> = Vec::new();
        for word in row.split(' ') {
            let out = folder.path().join("out.jsonl.zst").display().to_string();
            let word = word.replace("INPUT", &input.display().to_string()).replace("OUT.jsonl.zst", &out);
            words.push(word.replace("EDITS", &edits.display().to_string()));
        }
        words.extend(["--id", "none", "--quiet", "-j"].map(str::to_owned));
        words.push(threads.to_string());
        words
    };
    let this = std::env::current_exe().expect("the path of this program");
    let copied = folder.path().join("copy.jsonl.zst");
    let rounds = if is_test { 1 } else { ROUNDS };
    let mut floor = Vec::new();
    let mut times = vec![(Vec::new(), Vec::new(), Vec::new()); ROWS.len()];
    for _ in 0..rounds {
        floor.push(run(Command::new(&this).arg("--copy").arg(&input).arg(&copied)).0);
        for ((_, row, _), (processor, wall, two)) in ROWS.iter().zip(&mut times) {
            let one = run(Command::new(command).args(words(row, 1)));
            let both = run(Command::new(command).args(words(row, 2)));
            processor.push(one.0);
            wall.push(one.1);
            two.push(both.1);
        }
    }
    assert_eq!(lines(&copied), lines(&input));
    if is_test {
        return;
    }
    let floor = median(&mut floor);
    println!("{:<14} {:>7} {:>7} {:>7}", "", "seconds", "ratio", "bar");
    println!("{:<14} {floor:>7.2}", "copy");
    for ((name, _, bar), (processor, wall, two)) in ROWS.iter().zip(&mut times) {
        let seconds = median(processor);
        let ratio = seconds / floor;
        let verdict = if ratio <= *bar { "ok" } else { "FAIL" };
        println!("{name:<14} {seconds:>7.2} {ratio:>7.2} {bar:>7.2} {verdict}");
        let speed = median(wall) / median(two);
        println!("{:<14} {:>7} {speed:>7.2} {:>7.2}", "  two threads", "", 1.7);
    }
}

/// Writes a copy of a file, line by line.
fn copy(input: &Path, output: &Path) {
    let decoder = zstd::Decoder::new(File::open(input).expect("a file")).expect("a decoder");
    let mut encoder = zstd::Encoder::new(File::create(output).expect("a file"), 3).expect("an encoder");
    let mut reader = BufReader::with_capacity(1 << 17, decoder);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).expect("whole frames") > 0 {
        encoder.write_all(&line).expect("room on the disk");
        line.clear();
    }
    encoder.finish().expect("room on the disk");
}

/// Writes a file of at least `bytes` bytes before compression.
fn generate(folder: &Path, bytes: usize) -> PathBuf {
    let mut random = Random::new(18);
    let path = folder.join("input.jsonl.zst");
    let mut encoder = zstd::Encoder::new(File::create(&path).expect("a file"), 3).expect("an encoder");
    let mut written = 0;
    while written < bytes {
        let paragraphs: Vec<String> = (0..8)
            .map(|_| {
                let words = 20 + random.below(60);
                story(&mut random, words)
            })
            .collect();
        let line = format!(
            "{}\n",
            serde_json::json!({ "url": "https://a.example/", "text": paragraphs.join("\n") })
        );
        encoder.write_all(line.as_bytes()).expect("room on the disk");
        written += line.len();
    }
    encoder.finish().expect("room on the disk");
    path
}

/// Runs a command, and returns its processor time and its wall time in seconds.
fn run(command: &mut Command) -> (f64, f64) {
    let (before, start) = (processor_time(), Instant::now());
    assert!(command.status().expect("the command runs").success(), "{command:?}");
    let wall = start.elapsed().as_secs_f64();
    (processor_time().zip(before).map_or(wall, |(after, before)| after - before), wall)
}

/// Returns the processor time of all commands that have ended, in seconds, where the system has it
/// in a file.
fn processor_time() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = fields.get(13)?.parse::<f64>().ok()? + fields.get(14)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

fn lines(path: &Path) -> usize {
    let decoder = zstd::Decoder::new(File::open(path).expect("a file")).expect("a decoder");
    BufReader::new(decoder).lines().count()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
