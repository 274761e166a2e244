//! Scores the default policy, or another, against labelled texts.
//!
//! ```sh
//! cargo run --release --example evaluate -- [--policy NAME] [--failures] [DIR]
//! ```
//!
//! `DIR` has texts and a `cases.json`: a list of objects with `file`, `label` (`collapse` or `keep`), `category`,
//! `removed` (the numbers, from 0, of the lines that are not blank and must go) and `optional` (may go or stay).
//! Without it, `tests/cases` is scored. What counts is how many lines of each content went, whichever copy it was. Lines
//! that are not in the text, or in another order, make a case *altered*. With `--failures`, every case that is not right
//! has a line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use refrain::{Cleaner, Normalization, Policy, Switch};
use serde_json::Value;

/// What became of some cases.
#[derive(Clone, Copy, Default)]
struct Score {
    cases: usize,
    right: usize,
    damaged: usize,
    altered: usize,
    /// Lines that went and should, that went and should not, that stayed and should not.
    hits: usize,
    wrong: usize,
    missed: usize,
}

impl Score {
    fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.right += other.right;
        self.damaged += other.damaged;
        self.altered += other.altered;
        self.hits += other.hits;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }

    fn line(&self, name: &str) -> String {
        let ratio = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        let precision = ratio(self.hits, self.hits + self.wrong);
        let recall = ratio(self.hits, self.hits + self.missed);
        let f1 = ratio(2 * self.hits, 2 * self.hits + self.wrong + self.missed);
        let Self { cases, right, damaged, altered, .. } = self;
        format!(
            "{name:<22}{cases:>6}{right:>7}{damaged:>9}{altered:>9}{precision:>11.3}{recall:>8.3}{f1:>7.3}"
        )
    }
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
    let mut directory = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"));
    let mut policy = Policy::default();
    let mut failures = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--failures" => failures = true,
            "--policy" => {
                policy = match arguments.next().as_deref() {
                    Some("cautious") => Policy::Cautious,
                    Some("thorough") => Policy::Thorough,
                    Some("longest") => Policy::Longest,
                    Some("all") => Policy::All,
                    Some("none") => Policy::None,
                    other => {
                        return Err(format!(
                            "--policy is cautious, thorough, longest, all or none, not {other:?}"
                        ));
                    }
                }
            }
            option if option.starts_with('-') => return Err(format!("no option `{option}`")),
            _ => directory = argument.into(),
        }
    }
    let labels = read(&directory.join("cases.json"))?;
    let labels: Value = serde_json::from_str(&labels).map_err(|error| format!("cases.json: {error}"))?;
    let mut groups: BTreeMap<String, Score> = BTreeMap::new();
    let same = sameness()?;
    for (i, case) in labels.as_array().ok_or("cases.json is no list")?.iter().enumerate() {
        let word = |key: &str| {
            case[key]
                .as_str()
                .ok_or_else(|| format!("cases.json: case {i} has no `{key}`"))
                .map(str::to_owned)
        };
        let (file, label, category) = (word("file")?, word("label")?, word("category")?);
        let score = score(case, &read(&directory.join(&file))?, policy, same);
        if failures && score.right == 0 {
            let Score { wrong, missed, altered, .. } = score;
            println!("  {label} {file}: {wrong} lines wrongly removed, {missed} missed, {altered} altered");
        }
        for group in [label.clone(), format!("{label}/{category}"), "~all".to_owned()] {
            groups.entry(group).or_default().add(score);
        }
    }
    println!(
        "{:<22}{:>6}{:>7}{:>9}{:>9}{:>11}{:>8}{:>7}",
        "", "cases", "right", "damaged", "altered", "precision", "recall", "F1"
    );
    for (name, score) in &groups {
        println!("{}", score.line(name.trim_start_matches('~')));
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Lines count as the same if they differ in nothing but case, accents apart, signs and white space.
fn sameness() -> Result<Normalization, String> {
    Normalization::TEXT.with(Switch::Punctuation).map_err(|error| error.to_string())
}

fn lines(text: &str, same: Normalization) -> Vec<String> {
    let lines = text.split('\n').filter(|line| !line.trim().is_empty());
    lines.map(|line| same.canonical(line).replace(' ', "")).collect()
}

fn score(case: &Value, text: &str, policy: Policy, same: Normalization) -> Score {
    let before = lines(text, same);
    let after = lines(&Cleaner::new().policy(policy).clean(text), same);
    let count = |lines: &[String]| {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        lines.iter().for_each(|line| *count.entry(line.clone()).or_default() += 1);
        count
    };
    let labelled = |key: &str| {
        let numbers = case[key].as_array().map(Vec::as_slice).unwrap_or_default().iter();
        let lines = numbers.filter_map(|number| before.get(usize::try_from(number.as_u64()?).ok()?)).cloned();
        count(&lines.collect::<Vec<_>>())
    };
    let (there, left) = (count(&before), count(&after));
    let (must, may) = (labelled("removed"), labelled("optional"));
    let of = |count: &BTreeMap<String, usize>, line: &String| count.get(line).copied().unwrap_or(0);
    let mut score = Score { cases: 1, ..Score::default() };
    for (line, count) in &there {
        let gone = count.saturating_sub(of(&left, line));
        score.hits += gone.min(of(&must, line));
        score.wrong += gone.saturating_sub(of(&must, line) + of(&may, line));
        score.missed += of(&must, line).saturating_sub(gone);
    }
    let mut rest = before.iter();
    let in_order = after.iter().all(|line| rest.any(|other| other == line));
    score.altered = usize::from(!in_order);
    score.damaged = usize::from(score.wrong > 0 || !in_order);
    score.right = usize::from(score.wrong == 0 && score.missed == 0 && in_order);
    score
}
