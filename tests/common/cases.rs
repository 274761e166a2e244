//! The labeled texts of `tests/cases`, and how the result of a cleaner is compared with a label.

#![allow(dead_code, reason = "no test or example uses everything")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use refrain::{Cleaner, Normalization};
use serde_json::Value;

/// A labeled text.
pub struct Case {
    pub id: String,
    pub label: String,
    pub category: String,
    /// The preset that is expected to mend the text.
    pub policy: String,
    pub text: String,
    /// The lines that must be removed, from 0, counted over the lines that are not blank.
    pub removed: Vec<usize>,
    /// The lines that may be removed.
    pub optional: Vec<usize>,
    expected: Option<String>,
}

/// The result of cleaning a case, compared with its label.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Lines that were removed and should have been kept.
    pub wrong: usize,
    /// Lines that were kept and should have been removed.
    pub missed: usize,
    /// Whether the result has lines that the text does not have, or has them in another order.
    pub altered: bool,
}

impl Outcome {
    pub fn is_damaged(self) -> bool {
        self.wrong > 0 || self.altered
    }

    pub fn is_right(self) -> bool {
        self == Self::default()
    }

    pub fn name(self) -> &'static str {
        match (self.is_damaged(), self.is_right()) {
            (true, _) => "damaged",
            (_, true) => "right",
            _ => "missed",
        }
    }
}

impl Case {
    /// Reads the cases in `cases.json` of `folder`. The fields `id` and `policy` may be missing.
    pub fn read_all(folder: &Path) -> Result<Vec<Self>, String> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let labels: Value =
            serde_json::from_str(&read("cases.json")?).map_err(|error| format!("cases.json: {error}"))?;
        let labels = labels.as_array().ok_or("cases.json: expected a list")?;
        let case = |(i, label): (usize, &Value)| {
            let word = |key: &str| label[key].as_str().map(str::to_owned);
            let required = |key: &str| {
                word(key).ok_or_else(|| format!("cases.json: expected a string `{key}` in case {i}"))
            };
            let numbers = |key: &str| {
                let numbers = label[key].as_array().map(Vec::as_slice).unwrap_or_default().iter();
                numbers.filter_map(|number| usize::try_from(number.as_u64()?).ok()).collect()
            };
            let file = required("file")?;
            Ok(Self {
                id: word("id").unwrap_or_else(|| file.clone()),
                label: required("label")?,
                category: required("category")?,
                policy: word("policy").unwrap_or_else(|| "default".to_owned()),
                text: read(&file)?,
                removed: numbers("removed"),
                optional: numbers("optional"),
                expected: word("expected_file").map(|name| read(&name)).transpose()?,
            })
        };
        labels.iter().enumerate().map(case).collect()
    }

    /// Returns whether the case is in the third that is left out while rules are changed: the sum
    /// of the bytes of its name is divisible by 3.
    pub fn is_held_out(&self) -> bool {
        self.id.bytes().map(usize::from).sum::<usize>() % 3 == 0
    }

    /// Cleans the text and compares the result with the label.
    pub fn outcome(&self, cleaner: &Cleaner) -> Outcome {
        self.outcome_of(&cleaner.clean(&self.text))
    }

    /// Compares a result with the label.
    pub fn outcome_of(&self, clean: &str) -> Outcome {
        let (before, after) = (lines(&self.text), lines(clean));
        if let Some(expected) = &self.expected {
            // A line may have lost a part, so letters are compared in place of lines.
            let expected = lines(expected);
            let letters = |lines: &[String]| lines.concat().chars().collect::<Vec<_>>();
            return Outcome {
                wrong: usize::from(!is_subsequence(&letters(&expected), &letters(&after))),
                missed: usize::from(after != expected),
                altered: !is_subsequence(&letters(&after), &letters(&before)),
            };
        }
        let mut outcome = Outcome { altered: !is_subsequence(&after, &before), ..Outcome::default() };
        let labeled = |numbers: &[usize]| count(numbers.iter().filter_map(|number| before.get(*number)));
        let (must, may) = (labeled(&self.removed), labeled(&self.optional));
        let left = count(after.iter());
        let of = |count: &BTreeMap<&str, usize>, line: &str| count.get(line).copied().unwrap_or(0);
        for (line, count) in count(before.iter()) {
            let (gone, must) = (count.saturating_sub(of(&left, line)), of(&must, line));
            outcome.wrong += gone.saturating_sub(must + of(&may, line));
            outcome.missed += must.saturating_sub(gone);
        }
        outcome
    }
}

/// The lines that are not blank, without case, punctuation and white space.
pub fn lines(text: &str) -> Vec<String> {
    text.split('\n').filter(|line| !line.trim().is_empty()).map(form).collect()
}

/// A line without case, punctuation and white space.
pub fn form(line: &str) -> String {
    Normalization::TEXT.strip_punctuation().canonical(line).replace(' ', "")
}

fn count<'a>(lines: impl Iterator<Item = &'a String>) -> BTreeMap<&'a str, usize> {
    let mut count = BTreeMap::new();
    lines.for_each(|line| *count.entry(line.as_str()).or_default() += 1);
    count
}

fn is_subsequence<T: PartialEq>(part: &[T], whole: &[T]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|item| rest.any(|other| other == item))
}
