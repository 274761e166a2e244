//! Scores a policy, any command or a simple baseline against labeled texts.
//!
//! ```sh
//! cargo run --release --example evaluate -- [OPTIONS] [DIR]
//! cargo run --release --example evaluate -- [OPTIONS] --ordinary FILE.jsonl
//! ```
//!
//! `DIR` has texts and a `cases.json`, in the form of `tests/cases/README.md`; `tests/cases` by
//! default. A case is *right* if just the labeled lines were removed, and *damaged* if another line
//! was removed, or the result has other lines or another order than the text (*altered*); any other
//! case is missed. Which copy of a line was removed does not matter, only how many were. Rates have
//! a 95 % confidence interval (Wilson 1927), in percent. The last line is `all`, the number of
//! cases, the numbers of right, damaged and altered cases, and the rates.
//!
//! * `--policy NAME`: the policy, `default` by default. It scores all cases; the row
//!   `collapse:scraper` has the texts that only `scraper` is expected to mend.
//! * `--with RULE`, `--without RULE`: adds a rule to the policy, or removes one.
//! * `--command CMD`: scores the standard output of this command of the shell, which gets each text
//!   on its standard input.
//! * `--baseline NAME`: scores a simple way: `keep-first`, every line that equals an earlier one is
//!   removed; `longest-run`, the copy of the longest run of three lines or more that occurs twice,
//!   and so on; `thirty-percent`, as `keep-first` if more than 30 % of the lines equal an earlier
//!   one.
//! * `--part NAME`: scores only a part of the cases: `held-out`, a third, or `tuned`, the others.
//! * `--failures`: prints a line for each case that is not right.
//! * `--ordinary FILE.jsonl`: cleans the `text` of each JSON line and prints, for each text that
//!   changes, its `id`, a tab and the reasons, sorted by `id`. `-` is standard input.

#[path = "../tests/common/baselines.rs"]
mod baselines;
#[path = "../tests/common/cases.rs"]
mod cases;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use refrain::{Cleaner, Policy};
use serde_json::Value;

use baselines::Baseline;
use cases::Case;

const USAGE: &str = "usage: evaluate [--policy NAME] [--with RULE] [--without RULE] [--command CMD | \
                     --baseline NAME] [--part held-out|tuned] [--failures] [DIR | --ordinary FILE.jsonl]";

/// The way of cleaning that is scored.
enum Method {
    Cleaner(Cleaner),
    Command(String),
    Baseline(Baseline),
}

impl Method {
    fn clean(&self, text: &str) -> Result<String, String> {
        match self {
            Self::Cleaner(cleaner) => Ok(cleaner.clean(text).into_owned()),
            Self::Baseline(baseline) => Ok(baseline.clean(text)),
            Self::Command(command) => {
                output_of(command, text).map_err(|error| format!("--command `{command}`: {error}"))
            }
        }
    }
}

/// Returns what a command of the shell prints for `text` on its standard input.
fn output_of(command: &str, text: &str) -> Result<String, String> {
    let mut shell = Command::new("sh");
    let process = shell.args(["-c", command]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut process = process.map_err(|error| error.to_string())?;
    let stdin = process.stdin.take();
    let output = std::thread::scope(|scope| {
        // A command may print before it has read everything, or may not read at all.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(text.as_bytes())));
        process.wait_with_output()
    });
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("expected the exit status 0, found {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| "expected UTF-8 on its standard output".to_owned())
}

/// The numbers of cases with each outcome.
#[derive(Default)]
struct Score {
    cases: usize,
    right: usize,
    damaged: usize,
    altered: usize,
}

impl Score {
    fn line(&self, name: &str) -> String {
        let Self { cases, right, damaged, altered } = *self;
        let counts = format!("{name:<22}{cases:>6}{right:>7}{damaged:>9}{altered:>9}");
        format!("{counts} {} {}", rate(right, cases), rate(damaged, cases).trim_end())
    }
}

/// Returns a rate and its 95 % Wilson score interval, in percent.
fn rate(part: usize, whole: usize) -> String {
    let (n, z) = (whole as f64, 1.96_f64);
    let p = part as f64 / n;
    let center = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let [low, high] = [center - half, center + half].map(|bound| 100.0 * bound.clamp(0.0, 1.0));
    format!("{:>6.1} {:<13}", 100.0 * p, format!("({low:.1}-{high:.1})"))
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("evaluate: {message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let mut folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"));
    let (mut policy, mut changes, mut failures, mut ordinary) = (Policy::default(), Vec::new(), false, None);
    let (mut other, mut held_out) = (None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value =
            || arguments.next().ok_or_else(|| format!("expected a value after `{argument}`; {USAGE}"));
        match argument.as_str() {
            "--failures" => failures = true,
            "--policy" => policy = value()?.parse().map_err(|error| format!("--policy: {error}"))?,
            "--with" | "--without" => {
                let rule = value()?.parse().map_err(|error| format!("{argument}: {error}"))?;
                changes.push((argument == "--with", rule));
            }
            "--command" => other = Some(Method::Command(value()?)),
            "--baseline" => other = Some(Method::Baseline(baseline(&value()?)?)),
            "--part" => {
                held_out = Some(match value()?.as_str() {
                    "held-out" => true,
                    "tuned" => false,
                    name => return Err(format!("--part: expected `held-out` or `tuned`, found `{name}`")),
                });
            }
            "--ordinary" => ordinary = Some(value()?),
            "--help" => {
                println!("{USAGE}");
                return Ok(());
            }
            option if option.starts_with('-') => return Err(format!("unknown option `{option}`; {USAGE}")),
            _ => folder = argument.into(),
        }
    }
    for (add, rule) in changes {
        policy = if add { policy.with(rule) } else { policy.without(rule) };
    }
    let cleaner = Cleaner::new().policy(policy);
    match ordinary {
        Some(file) => changed(&cleaner, &file),
        None => {
            let mut cases = Case::read_all(&folder)?;
            cases.retain(|case| held_out.is_none_or(|held_out| case.is_held_out() == held_out));
            score(&other.unwrap_or(Method::Cleaner(cleaner)), &cases, failures)
        }
    }
}

fn baseline(name: &str) -> Result<Baseline, String> {
    let found = Baseline::ALL.into_iter().find(|(other, _)| *other == name);
    let names = || Baseline::ALL.map(|(name, _)| name).join("`, `");
    found
        .map(|(_, baseline)| baseline)
        .ok_or_else(|| format!("--baseline: unknown name `{name}`; expected one of `{}`", names()))
}

fn score(method: &Method, cases: &[Case], failures: bool) -> Result<(), String> {
    let mut groups: BTreeMap<String, Score> = BTreeMap::new();
    for case in cases {
        let outcome = case.outcome_of(&method.clean(&case.text)?);
        let Case { id, label, category, policy, .. } = case;
        if failures && !outcome.is_right() {
            let (name, wrong, missed) = (outcome.name(), outcome.wrong, outcome.missed);
            println!("  {name:<8} {label}/{category} {id}: {wrong} lines wrongly removed, {missed} missed");
        }
        // `~` is sorted after all letters, so `all` is the last.
        let names =
            [label.clone(), format!("{label}:{policy}"), format!("{label}/{category}"), "~all".into()];
        for name in names {
            let score = groups.entry(name).or_default();
            score.cases += 1;
            score.right += usize::from(outcome.is_right());
            score.damaged += usize::from(outcome.is_damaged());
            score.altered += usize::from(outcome.altered);
        }
    }
    println!("{:<22} cases  right  damaged  altered       right %          damaged %", "");
    groups.iter().for_each(|(name, score)| println!("{}", score.line(name.trim_start_matches('~'))));
    Ok(())
}

/// Prints the ids of the documents that change, each with the reasons.
fn changed(cleaner: &Cleaner, file: &str) -> Result<(), String> {
    let input: Box<dyn BufRead> = match file {
        "-" => Box::new(io::stdin().lock()),
        file => Box::new(BufReader::new(File::open(file).map_err(|error| format!("{file}: {error}"))?)),
    };
    let mut all = BTreeSet::new();
    for (line, number) in input.lines().zip(1..) {
        let line = line.map_err(|error| format!("{file}: {error}"))?;
        let document: Value =
            serde_json::from_str(&line).map_err(|error| format!("{file}, line {number}: {error}"))?;
        let (Some(id), Some(text)) = (document["id"].as_str(), document["text"].as_str()) else {
            return Err(format!("{file}, line {number}: expected an object with strings `id` and `text`"));
        };
        let edits = cleaner.edits(text);
        let reasons: BTreeSet<_> = edits.iter().map(|removal| removal.reason()).collect();
        if !reasons.is_empty() {
            all.insert(format!("{id}\t{}", reasons.into_iter().collect::<Vec<_>>().join(",")));
        }
    }
    all.iter().for_each(|line| println!("{line}"));
    Ok(())
}
