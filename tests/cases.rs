//! The labeled texts: whether their labels agree with the texts, and how the presets score.
//!
//! `tests/cases/outcome.txt` pins the outcome of each case, so a change that moves a score shows as
//! a diff. After a change that is meant, rewrite the file with
//!
//! ```sh
//! REFRAIN_BLESS=1 cargo test --test cases
//! ```

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use refrain::{Cleaner, Policy};
use serde_json::Value;

use common::baselines::Baseline;
use common::cases::{Case, lines};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
/// The most cases to be kept that the default may damage, whatever `outcome.txt` says.
const MAX_DAMAGED: usize = 3;

fn all() -> Vec<Case> {
    Case::read_all(Path::new(FOLDER)).expect("the labels and the texts can be read")
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(FOLDER).join(name)).expect("the file is there")
}

#[test]
fn the_outcome_of_each_case_is_pinned() {
    let presets = [("default", Policy::default()), ("scraper", Policy::scraper())]
        .map(|(name, policy)| (name, Cleaner::new().policy(policy)));
    let mut found = String::new();
    let mut damaged = Vec::new();
    for case in all() {
        found += &case.id;
        for (name, cleaner) in &presets {
            let outcome = case.outcome(cleaner);
            write!(found, " {name}: {}", outcome.name()).expect("a string takes all");
            if *name == "default" && case.label == "keep" && outcome.is_damaged() {
                damaged.push(case.id.clone());
            }
        }
        found.push('\n');
    }
    assert!(
        damaged.len() <= MAX_DAMAGED,
        "expected at most {MAX_DAMAGED} texts to be kept that the default damages, found {damaged:?}"
    );
    if std::env::var_os("REFRAIN_BLESS").is_some() {
        fs::write(Path::new(FOLDER).join("outcome.txt"), &found).expect("the file can be written");
        return;
    }
    let pinned = read("outcome.txt");
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (pinned.lines().collect(), found.lines().collect());
    let lost: Vec<_> = old.difference(&new).map(|line| format!("- {line}")).collect();
    let won: Vec<_> = new.difference(&old).map(|line| format!("+ {line}")).collect();
    assert!(
        pinned == found,
        "the outcome of these cases is not the one in tests/cases/outcome.txt:\n{}\n{}\n\
         If the change is meant, rewrite the file: REFRAIN_BLESS=1 cargo test --test cases",
        lost.join("\n"),
        won.join("\n"),
    );
}

/// `tests/cases/README.md` says how many texts are held out.
#[test]
fn a_third_is_held_out() {
    let all = all();
    let held_out = all.iter().filter(|case| case.is_held_out()).count();
    assert_eq!((all.len(), held_out), (437, 138));
}

#[test]
fn the_baselines_remove_what_their_names_say() {
    let text = "a\nb\nc\nd\na\nb\nc\ne\na";
    for (baseline, clean) in Baseline::ALL.map(|(_, baseline)| baseline).into_iter().zip([
        "a\nb\nc\nd\ne",
        "a\nb\nc\nd\ne\na",
        "a\nb\nc\nd\ne",
    ]) {
        assert_eq!(baseline.clean(text), clean, "{baseline:?}");
    }
    assert_eq!(Baseline::ThirtyPercent.clean("a\nb\nc\na"), "a\nb\nc\na");
}

#[test]
fn the_labels_agree_with_the_texts() -> Result<(), Box<dyn std::error::Error>> {
    let labels: Value = serde_json::from_str(&read("cases.json"))?;
    let (mut ids, mut texts) = (BTreeSet::new(), BTreeMap::new());
    for (case, label) in all().iter().zip(labels.as_array().expect("it is a list")) {
        let Case { id, text, removed, optional, .. } = case;
        assert!(ids.insert(id.clone()), "{id}: the id occurs twice");
        let other = texts.insert(text.clone(), id.clone());
        assert_eq!(other, None, "{id}: the text occurs twice");
        let lines = lines(text);
        assert_eq!(label["lines"], lines.len(), "{id}: lines");
        assert!(removed.iter().chain(optional).all(|number| *number < lines.len()), "{id}: no such line");
        for number in removed {
            let mut earlier = (0..*number).filter(|other| !removed.contains(other));
            assert!(earlier.any(|other| lines[other] == lines[*number]), "{id}: line {number} is no copy");
        }
        assert!(["default", "scraper"].contains(&case.policy.as_str()), "{id}: policy");
        match case.label.as_str() {
            "keep" => assert!(removed.is_empty() && case.policy == "default", "{id}: keep"),
            "collapse" => assert_eq!(removed.is_empty(), !label["expected_file"].is_null(), "{id}: removed"),
            other => panic!("{id}: expected the label keep or collapse, found {other}"),
        }
    }
    assert!(ids.len() >= 400);
    let names =
        labels.as_array().into_iter().flatten().flat_map(|label| [&label["file"], &label["expected_file"]]);
    let names: BTreeSet<_> = names.filter_map(|name| name.as_str().map(str::to_owned)).collect();
    let files = fs::read_dir(FOLDER)?;
    let files = files.map(|file| file.expect("it can be read").file_name().to_string_lossy().into_owned());
    let others = ["cases.json", "outcome.txt", "README.md"];
    let files: BTreeSet<_> = files.filter(|name| !others.contains(&name.as_str())).collect();
    assert_eq!(names, files, "each text has a label");
    Ok(())
}

#[test]
fn the_tables_of_the_readme_count_the_cases() -> Result<(), Box<dyn std::error::Error>> {
    let readme = read("README.md");
    let labels: Value = serde_json::from_str(&read("cases.json"))?;
    let labels = labels.as_array().expect("it is a list");
    let count = |key: &str, value: &str, label: &str| {
        labels.iter().filter(|case| case[key] == value && case["label"] == label).count()
    };
    for case in labels {
        let word = |key: &str| case[key].as_str().expect("it is a string");
        let (label, category, lang, policy) = (word("label"), word("category"), word("lang"), word("policy"));
        let rows = [
            format!("| {category} | {} | ", count("category", category, label)),
            format!("(`{lang}`) | {} | {} |", count("lang", lang, "collapse"), count("lang", lang, "keep")),
            format!(
                "| `{policy}` | {} | {} |",
                count("policy", policy, "collapse"),
                count("policy", policy, "keep")
            ),
        ];
        for row in rows {
            assert!(readme.contains(&row), "tests/cases/README.md: expected a row with `{row}`");
        }
    }
    Ok(())
}
