//! Every option that is read from JSON or from its name is one that can be used, and reads back
//! what it writes.

#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use refrain::index::Thresholds;
use refrain::near::{Bands, Keep, LshIndex, NearOptions, Shingler, cluster, pairs};
use refrain::passages::{Border, PassageOptions, Passages, Text};
use refrain::records::Leading;
use refrain::{Cleaner, Document, Fingerprint, Normalization, Options, Policy, Rule, Segmentation, Span};
use serde::Serialize;
use serde::de::DeserializeOwned;

const TEXT: &str = "\
The ferry sails again, after two winters in dock.
1. The first crossing left at nine.
The ferry sails again, after two winters in dock.
2. The first crossing left at nine.
";

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(options) = read::<Options>(text) {
        drop(Cleaner::new().options(options.clone()).policy(Policy::drop_all()).clean(TEXT));
        drop(Document::with_options(TEXT, &options).repeats().blocks());
    }
    if let Some(policy) = read::<Policy>(text) {
        drop(Cleaner::new().policy(policy).clean(TEXT));
    }
    if let Some(thresholds) = read::<Thresholds>(text) {
        assert!([0, 1, 10, u32::MAX].iter().all(|documents| thresholds.required(*documents) > 0));
    }
    if let Some(shingler) = read::<Shingler>(text) {
        assert!(shingler.shingle(TEXT).len() > 0 && shingler.shingle("").len() > 0);
        drop(shingler.common_spans(TEXT, TEXT));
    }
    if let Some(options) = read::<NearOptions>(text) {
        let shingler = Shingler::new();
        let shingles: Vec<_> = TEXT.lines().map(|line| shingler.shingle(line)).collect();
        assert!(
            pairs(&shingles, &options).items().iter().any(|pair| (pair.first(), pair.second()) == (0, 2))
        );
        let index = LshIndex::new(&shingler, options);
        assert!(index.insert("a", &shingles[0]).is_ok() && index.query(&shingles[1]).is_ok());
    }
    if let (Some(keep), Ok(options)) = (read::<Keep>(text), NearOptions::new(0.5)) {
        let shingles: Vec<_> = TEXT.lines().map(|line| Shingler::new().shingle(line)).collect();
        assert_eq!(cluster(&shingles, &options, &keep).items().len(), 4);
    }
    if let Some(bands) = read::<Bands>(text) {
        assert!(
            bands.bands() * bands.rows() <= bands.values() && (0.0..=1.0).contains(&bands.probability(0.5))
        );
    }
    if let Some(options) = read::<PassageOptions>(text) {
        let mut passages = Passages::with_options(&options);
        assert!(passages.query_and_insert(Text { id: "a", text: TEXT }).is_ok());
        assert!(passages.dedup(Text { id: "b", text: TEXT }, Border::Sentence).is_ok());
    }
    if let Some(span) = read::<Span>(text) {
        assert!(
            span.start() <= span.end() && TEXT.get(span.range()).is_none_or(|part| part.len() == span.len())
        );
    }
    read::<Segmentation>(text);
    read::<Normalization>(text);
    read::<Leading>(text);
    read::<Fingerprint>(text);
    read::<Border>(text);

    parse::<Segmentation>(text);
    parse::<Normalization>(text);
    parse::<Leading>(text);
    parse::<Fingerprint>(text);
    parse::<Border>(text);
    parse::<Policy>(text);
    parse::<Rule>(text);
    drop(text.parse::<Keep>());
});

/// Reads a value, which must be read from what it is written as.
fn read<T: DeserializeOwned + Serialize + PartialEq + Debug>(text: &str) -> Option<T> {
    let value: T = serde_json::from_str(text).ok()?;
    let written = serde_json::to_string(&value).expect("options have string keys");
    assert_eq!(serde_json::from_str::<T>(&written).expect("what is written can be read"), value);
    Some(value)
}

/// Parses a name, which must be parsed from what it is displayed as.
fn parse<T: FromStr<Err: Display> + Display + PartialEq + Debug>(text: &str) {
    match text.parse::<T>() {
        Ok(value) => assert_eq!(value.to_string().parse::<T>().ok(), Some(value)),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
