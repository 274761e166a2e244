//! Simple ways to remove repeated lines, with which the scores of the library are compared.

#![allow(dead_code, reason = "no test or example uses everything")]

use std::collections::HashSet;

use super::cases::form;

/// A simple way to clean a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Baseline {
    /// Every line that equals an earlier one is removed.
    KeepFirst,
    /// The later one of the two occurrences of the longest run of lines that occurs twice is
    /// removed, if it has at least three lines, and so on until there is none.
    LongestRun,
    /// As `KeepFirst`, if more than 30 % of the lines equal an earlier one; otherwise nothing is
    /// removed. This is the limit above which filters of training corpora drop a document.
    ThirtyPercent,
}

impl Baseline {
    pub const ALL: [(&'static str, Self); 3] = [
        ("keep-first", Self::KeepFirst),
        ("longest-run", Self::LongestRun),
        ("thirty-percent", Self::ThirtyPercent),
    ];

    /// Returns the lines of `text` that are kept. Blank lines are dropped, because no score depends
    /// on them.
    pub fn clean(self, text: &str) -> String {
        let mut lines: Vec<&str> = text.split('\n').filter(|line| !line.trim().is_empty()).collect();
        match self {
            Self::KeepFirst => keep_first(&mut lines),
            Self::ThirtyPercent => {
                let mut first = lines.clone();
                keep_first(&mut first);
                if (lines.len() - first.len()) * 10 > lines.len() * 3 {
                    lines = first;
                }
            }
            Self::LongestRun => {
                while let Some(copy) = longest_run(&lines) {
                    lines.drain(copy);
                }
            }
        }
        lines.join("\n")
    }
}

fn keep_first(lines: &mut Vec<&str>) {
    let mut seen = HashSet::new();
    lines.retain(|line| seen.insert(form(line)));
}

/// Returns the second occurrence of the longest run of three lines or more that occurs twice
/// without overlap.
fn longest_run(lines: &[&str]) -> Option<std::ops::Range<usize>> {
    let forms: Vec<String> = lines.iter().map(|line| form(line)).collect();
    let mut best = (2, 0);
    // The length of the run that ends at line `i` and at each line `j` before it.
    let mut runs = vec![0; forms.len()];
    for i in 0..forms.len() {
        for j in (0..i).rev() {
            let before = if j > 0 { runs[j - 1] } else { 0 };
            runs[j] = if forms[i] == forms[j] { before + 1 } else { 0 };
            let len = runs[j].min(i - j);
            best = if len > best.0 { (len, i + 1 - len) } else { best };
        }
    }
    let (len, start) = best;
    (len > 2).then(|| start..start + len)
}
