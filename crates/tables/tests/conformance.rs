//! The canonical form agrees with the conformance data of Unicode, and the steps of its oracle
//! agree with ICU4X.

use std::fs;
use std::path::Path;
use std::process::Command;

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};
use proptest::prelude::*;
use refrain::Normalization;
use refrain_testkit::canonical::{self, INTERESTING, canonical};
use refrain_testkit::properties::fold;

/// Compares each step with ICU4X.
fn check_steps(text: &str) {
    assert_eq!(canonical::nfc(text), ComposingNormalizer::new_nfc().normalize(text), "{text:?}");
    assert_eq!(canonical::nfkc(text), ComposingNormalizer::new_nfkc().normalize(text), "{text:?}");
    assert_eq!(canonical::nfd(text), DecomposingNormalizer::new_nfd().normalize(text), "{text:?}");
    assert_eq!(fold(text), CaseMapper::new().fold_string(text), "{text:?}");
}

#[test]
fn steps_agree_for_each_character_and_before_a_mark() {
    for c in '\0'..=char::MAX {
        check_steps(&format!("a{c}\u{301}"));
    }
}

#[test]
fn steps_agree_for_pairs_of_interesting_characters() {
    for a in INTERESTING.chars() {
        for b in INTERESTING.chars() {
            check_steps(&format!("{a}{b}"));
        }
    }
}

proptest! {
    #[test]
    fn steps_agree_for_any_text(text: String) {
        check_steps(&text);
    }
}

/// The conformance data of the Unicode Character Database, from the package of a crate that tests
/// itself with it.
///
/// Cargo is asked where that package is, for a package that depends on nothing else: what it needs
/// was fetched to build this test.
fn conformance_data() -> std::io::Result<String> {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance");
    fs::create_dir_all(&package)?;
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock"), package.join("Cargo.lock"))?;
    fs::write(package.join("lib.rs"), "")?;
    fs::write(
        package.join("Cargo.toml"),
        "workspace = {}\npackage = { name = \"conformance\", edition = \"2024\" }\n\
         lib = { path = \"lib.rs\" }\ndependencies = { icu_normalizer = \"=2.4.0\" }\n",
    )?;
    let output = Command::new(option_env!("CARGO").unwrap_or("cargo"))
        .args(["metadata", "--offline", "--format-version", "1"])
        .current_dir(&package)
        .output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let manifest = metadata["packages"]
        .as_array()
        .and_then(|packages| packages.iter().find(|package| package["name"] == "icu_normalizer"))
        .and_then(|package| package["manifest_path"].as_str())
        .expect("it depends on icu_normalizer");
    fs::read_to_string(Path::new(manifest).with_file_name("tests/data/NormalizationTest.txt"))
}

#[test]
fn the_conformance_data() -> Result<(), Box<dyn std::error::Error>> {
    let data = conformance_data()?;
    let optional = ["canonical", "references", "diacritics", "arabic", "punctuation", "digits"];
    let mut forms = vec![Normalization::TEXT];
    for on in 1..1 << optional.len() {
        let steps = optional.iter().enumerate().filter(|(i, _)| on >> i & 1 == 1);
        forms.push(steps.fold("text".to_owned(), |form, (_, step)| form + "+" + step).parse()?);
    }
    let mut lines = 0;
    for line in data.lines().filter(|line| !line.starts_with(['#', '@']) && !line.trim().is_empty()) {
        let columns: Vec<String> = line
            .split(';')
            .take(5)
            .map(|column| {
                let digits = column.split_whitespace().map(|digits| u32::from_str_radix(digits, 16));
                digits.map(|cp| cp.ok().and_then(char::from_u32).expect("a character")).collect()
            })
            .collect();
        let [source, nfc, nfd, nfkc, nfkd] = columns.as_slice() else { panic!("{line}") };
        assert_eq!(canonical::nfc(source), *nfc, "the oracle knows the data's Unicode version");
        for form in &forms {
            let ours = form.canonical(source);
            assert_eq!(ours, canonical(source, &form.to_string()), "{form}: {line}");
            assert_eq!(form.canonical(nfc), ours, "{form}: {line}");
            assert_eq!(form.canonical(nfd), ours, "{form}: {line}");
            if !form.to_string().contains("canonical") {
                assert_eq!(form.canonical(nfkc), ours, "{form}: {line}");
                assert_eq!(form.canonical(nfkd), ours, "{form}: {line}");
            }
        }
        lines += 1;
    }
    assert!(lines > 19_000, "only {lines} lines");
    Ok(())
}
