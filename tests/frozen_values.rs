//! Fingerprints are the XXH3-128 of the canonical form, and neither ever changes.

mod common;

use std::collections::HashSet;

use common::every_form;
use proptest::prelude::*;
use refrain::{Document, Fingerprint, Fingerprinter, Normalization, Options, fingerprint};
use refrain_testkit::canonical::canonical;
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128_with_seed;

const VECTORS: &str = include_str!("vectors.json");

#[test]
fn the_vectors_hold() -> Result<(), Box<dyn std::error::Error>> {
    let file: Value = serde_json::from_str(VECTORS)?;
    assert_eq!(file["scheme"], Fingerprint::SCHEME);
    let (major, minor, update) = Fingerprint::UNICODE_VERSION;
    assert_eq!(file["unicode"], format!("{major}.{minor}.{update}"));
    let vectors = file["vectors"].as_array().expect("it has vectors");
    assert!(vectors.len() > 600, "{} vectors", vectors.len());
    for vector in vectors {
        let field = |name: &str| vector[name].as_str().unwrap_or_else(|| panic!("{name} in {vector}"));
        let form: Normalization = field("normalization").parse()?;
        let seed = u64::from_str_radix(field("seed"), 16)?;
        let print: Fingerprint = field("fingerprint").parse()?;
        assert_eq!(form.canonical(field("text")), field("form"), "{vector}");
        assert_eq!(canonical(field("text"), &form.to_string()), field("form"), "{vector}");
        let mut prints = Fingerprinter::new().normalization(form).seed(seed);
        assert_eq!(prints.fingerprint(field("text")), print, "{vector}");
        assert_eq!(Fingerprint::from_u128(xxh3_128_with_seed(field("form").as_bytes(), seed)), print);
    }
    Ok(())
}

#[test]
fn the_vectors_are_of_every_form_and_of_every_length_that_matters() -> Result<(), Box<dyn std::error::Error>>
{
    let file: Value = serde_json::from_str(VECTORS)?;
    let vectors = file["vectors"].as_array().expect("it has vectors");
    // Each combination of the first four steps, and a few with those that were added later.
    let later =
        |form: &Normalization| ["references", "arabic"].iter().any(|step| form.to_string().contains(step));
    let all = Normalization::TEXT.canonical_equivalence().decode_references().fold_arabic();
    let added = [
        Normalization::TEXT.fold_arabic(),
        Normalization::TEXT.decode_references(),
        all,
        all.strip_diacritics().strip_punctuation().fold_digits(),
    ];
    for form in every_form().into_iter().filter(|form| !later(form)).chain(added) {
        assert!(vectors.iter().any(|vector| vector["normalization"] == form.to_string()), "{form}");
    }
    let scripts: HashSet<&str> = vectors
        .iter()
        .filter_map(|vector| vector["script"].as_str())
        .filter(|script| *script != "references")
        .collect();
    assert!(scripts.len() >= 12);
    for script in scripts {
        for form in ["raw", "whitespace", "text"] {
            let of_both = vectors.iter().filter(|v| v["normalization"] == form && v["script"] == script);
            let lengths: Vec<usize> = of_both.filter_map(|v| v["form"].as_str()).map(str::len).collect();
            for length in [0, 1, 3, 4, 8, 9, 16, 17, 128, 129, 240, 241] {
                assert!(lengths.contains(&length), "{length} bytes of {script}, {form}");
            }
        }
    }
    Ok(())
}

#[test]
fn code_points_that_are_not_assigned_pass_through_and_part_what_is_around_them() {
    // Assigned in no version up to the scheme's, so that what a later one says of them does not matter.
    for unassigned in ["\u{378}", "\u{2FE0}", "\u{E01F0}", "\u{FFFFE}", "\u{FDD0}"] {
        for form in every_form().into_iter().skip(2) {
            let text = format!("E{unassigned}\u{301}");
            let expected = if unassigned == "\u{E01F0}" { "\u{e9}".to_owned() } else { text.to_lowercase() };
            let expected = if form.to_string().contains("diacritics") && unassigned == "\u{E01F0}" {
                "e".into()
            } else {
                expected
            };
            assert_eq!(form.canonical(&text), expected, "{form}");
        }
    }
}

proptest! {
    #[test]
    fn a_fingerprint_is_the_hash_of_the_plain_form(text in any::<String>(), seed in any::<u64>()) {
        for form in every_form() {
            let hash = xxh3_128_with_seed(canonical(&text, &form.to_string()).as_bytes(), seed);
            let mut prints = Fingerprinter::new().normalization(form).seed(seed);
            prop_assert_eq!(prints.fingerprint(&text).to_u128(), hash);
            // The buffer leaves no trace.
            prop_assert_eq!(prints.fingerprint(""), Fingerprinter::new().seed(seed).fingerprint(""));
            prop_assert_eq!(prints.fingerprint(&text).to_u128(), hash);
        }
        prop_assert_eq!(fingerprint(&text), Fingerprinter::new().fingerprint(&text));
    }

    #[test]
    fn a_segment_has_the_fingerprint_of_its_text(text in refrain_testkit::texts::text(), seed in 0_u64..3) {
        for form in every_form() {
            let doc = Document::with_options(&text, &Options::new().normalization(form).seed(seed));
            let mut prints = Fingerprinter::new().normalization(form).seed(seed);
            for segment in doc.segments() {
                prop_assert_eq!(segment.fingerprint(), prints.fingerprint(segment.text()));
            }
        }
    }

    #[test]
    fn digits_and_bytes_read_back_and_sort_like_the_value(a in any::<u128>(), b in any::<u128>()) {
        let (x, y) = (Fingerprint::from_u128(a), Fingerprint::from_u128(b));
        prop_assert_eq!(x.to_string().parse(), Ok(x));
        prop_assert_eq!(x.to_string().to_uppercase().parse(), Ok(x));
        prop_assert_eq!(Fingerprint::from_bytes(x.to_bytes()).to_u128(), a);
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        prop_assert_eq!(x.to_bytes().cmp(&y.to_bytes()), a.cmp(&b));
        prop_assert_eq!(x.to_string().cmp(&y.to_string()), a.cmp(&b));
    }
}
