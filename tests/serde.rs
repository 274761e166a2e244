//! Options and results as JSON and back.

use refrain::index::{Deduplicator, Detail, Index, Page, Thresholds};
use refrain::near::{Bands, Keep, NearOptions, Overlap, Shingler};
use refrain::records::Leading;
use refrain::{
    Cleaner, Document, Fingerprint, Normalization, Options, Policy, Rule, Segmentation, Span, fingerprint,
};
use serde_json::{from_value, json, to_value};

#[test]
fn options_read_back() -> Result<(), Box<dyn std::error::Error>> {
    let form = Normalization::TEXT.fold_digits().canonical_equivalence();
    let options = Options::new()
        .segmentation(Segmentation::Paragraphs)
        .normalization(form)
        .seed(7)
        .min_weight(3)
        .skip_leading(Leading::NONE.times().bullets());
    let value = to_value(&options)?;
    let expected = json!({
        "segmentation": "paragraphs",
        "normalization": "text+canonical+digits",
        "seed": 7,
        "min_segments": 0,
        "min_weight": 3,
        "skip_leading": "times,bullets",
    });
    assert_eq!(value, expected);
    assert!(to_value(Options::new())?["skip_leading"].is_null(), "that of the policy");
    assert_eq!(from_value::<Options>(value)?, options);
    assert_eq!(from_value::<Options>(json!({}))?, Options::new());
    for policy in [Policy::keep_all(), Policy::scraper().without(Rule::Box), Policy::drop_all()] {
        assert_eq!(from_value::<Policy>(to_value(policy)?)?, policy);
    }
    assert_eq!(to_value(Policy::scraper().with(Rule::Far).without(Rule::Echo))?, "scraper-echo");
    assert_eq!(to_value(Policy::default())?, "default");
    assert_eq!(to_value(Policy::pdf().without(Rule::Far).similar(0.85))?, "pdf-far+similar=0.85");
    assert_eq!(
        from_value::<Policy>(json!("pdf-far+similar=0.85"))?,
        Policy::pdf().without(Rule::Far).similar(0.85)
    );
    assert!(from_value::<Policy>(json!("default+similar=2")).is_err());
    assert!(from_value::<Policy>(json!("thorough")).is_err());
    Ok(())
}

#[test]
fn what_cannot_be_is_refused_on_reading() {
    for value in [json!("raw+digits"), json!("texts"), json!(1)] {
        assert!(from_value::<Normalization>(value).is_err());
    }
    assert!(from_value::<Options>(json!({ "min_wait": 3 })).is_err());
    assert!(from_value::<Fingerprint>(json!("12")).is_err());
    for value in [json!({ "min_share": 0.0 }), json!({ "min_share": 1.5 }), json!({ "share": 0.5 })] {
        assert!(from_value::<Thresholds>(value).is_err());
    }
    let backwards = from_value::<Span>(json!({ "start": 5, "end": 3 }));
    assert!(backwards.is_err());
}

#[test]
fn results_are_written() -> Result<(), Box<dyn std::error::Error>> {
    let print = fingerprint("refrain");
    assert_eq!(to_value(print)?, "5d6f3c952d934a20b101253d77b18e57");
    assert_eq!(from_value::<Fingerprint>(to_value(print)?)?, print);

    let doc = Document::new("a\nb\na\nb");
    let edits = Cleaner::new().policy(Policy::drop_all()).edits_of(&doc);
    let (original, copy) = (json!({ "start": 0, "end": 3 }), json!({ "start": 4, "end": 7 }));
    let expected = json!({
        "removals": [
            { "span": copy, "copy": copy, "original": original, "reason": "drop-all" },
        ],
        "decisions": [{
            "original": original, "copy": copy, "segments": 2, "holes": [], "removed": true, "reason": "drop-all",
        }],
        "is_fixed_point": true,
    });
    assert_eq!(to_value(&edits)?, expected);
    let block = edits.decisions()[0].block();
    let run = json!({ "segments": { "start": 2, "end": 4 }, "span": copy });
    assert_eq!(to_value(block.copy())?, run);
    let family = json!({ "original": to_value(block.original())?, "copies": [run], "count": 2 });
    assert_eq!(to_value(doc.repeats())?, json!([family]));
    let segment = json!({ "index": 1, "span": { "start": 2, "end": 3 }, "fingerprint": fingerprint("b") });
    assert_eq!(to_value(doc.segment(1))?, segment);

    let doc = Document::new("The ferry leaves\nat nine\nThe ferry leaves\nNew\nat nine");
    let holes: Vec<_> = doc.repeats().blocks().iter().flat_map(|block| block.holes()).collect();
    let hole =
        json!({ "original_segments": { "start": 1, "end": 1 }, "copy_segments": { "start": 3, "end": 4 } });
    assert_eq!(to_value(holes)?, json!([hole]));
    Ok(())
}

/// Pairs that are ten deep in each other take more than eight rounds.
#[test]
fn edits_that_are_no_fixed_point_are_written_as_such() -> Result<(), Box<dyn std::error::Error>> {
    let pairs = (0..10).map(|i| (format!("open {i}\n"), format!("close {i}\n")));
    let alone: String = pairs.clone().map(|(open, close)| format!("{open}{close}{open}part\n")).collect();
    let nested = pairs.fold(String::new(), |inner, (open, close)| format!("{open}{inner}{close}"));
    let options = Options::new().min_segments(2);
    let text = alone + &nested;
    let edits = Cleaner::new().options(options).policy(Policy::drop_all()).edits(&text).into_owned();
    assert_eq!(to_value(&edits)?["is_fixed_point"], false);
    Ok(())
}

#[test]
fn answers_of_an_index_are_written() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::new();
    for page in 0..3 {
        index.insert(Page {
            id: &page.to_string(),
            scope: "s",
            document: &Document::new(&format!("Home\nPage {page}")),
        })?;
    }
    let doc = Document::new("Home\nNew");
    let seen = index.query("s", &doc, Detail::Runs)?;
    let place = json!({ "document": "0", "scope": "s", "segment": 0, "span": { "start": 0, "end": 4 } });
    assert_eq!(to_value(&seen.matches(0)[0])?, place);
    let occurrence = json!({ "segments": { "start": 0, "end": 1 }, "span": { "start": 0, "end": 4 } });
    let run = json!({ "occurrence": occurrence, "document": "0", "scope": "s", "source": occurrence });
    assert_eq!(to_value(seen.matched_runs())?, json!([run]));
    let boilerplate = index.boilerplate("s", Thresholds::new())?;
    let segment = json!({ "fingerprint": fingerprint("home"), "documents": 3, "example": place });
    assert_eq!(to_value(boilerplate.iter().collect::<Vec<_>>())?, json!([segment]));
    let removals = boilerplate.removals(&doc)?;
    let value = to_value(&removals)?;
    assert_eq!(value["cuts"], json!([[{ "start": 0, "end": 5 }, 0]]));
    let mut removal = run;
    removal["reason"] = json!({ "boilerplate": { "documents": 3, "of": 3 } });
    assert_eq!(value["removals"], json!([removal]));
    assert_eq!(to_value(Thresholds::new())?, json!({ "min_documents": 3, "min_share": 0.3 }));
    assert_eq!(from_value::<Thresholds>(json!({ "min_share": 0.5 }))?, Thresholds::new().min_share(0.5)?);

    let mut deduplicator = Deduplicator::new(&Options::new());
    deduplicator.insert(7, "Home");
    let expected = json!([
        { "span": { "start": 0, "end": 4 }, "first_document": 7 },
        { "span": { "start": 5, "end": 8 }, "first_document": null },
    ]);
    assert_eq!(to_value(deduplicator.insert(8, "Home\nNew"))?, expected);
    Ok(())
}

#[test]
fn options_of_near_read_back() -> Result<(), Box<dyn std::error::Error>> {
    let options = NearOptions::new(0.8)?.containment(0.9)?.recall(0.95)?.max_candidates(7);
    let bands = json!({ "bands": options.bands().bands(), "rows": options.bands().rows(), "values": 128 });
    let value = to_value(&options)?;
    let expected = json!({ "similarity": 0.8, "containment": 0.9, "bands": bands, "max_candidates": 7 });
    assert_eq!(value, expected);
    assert_eq!(from_value::<NearOptions>(value)?, options);
    let read = json!({ "similarity": 0.8, "containment": 0.9, "recall": 0.95, "max_candidates": 7 });
    assert_eq!(from_value::<NearOptions>(read)?, options);
    let own = NearOptions::new(0.7)?.with_bands(Bands::new(4, 16, 64)?);
    assert_eq!(from_value::<NearOptions>(to_value(&own)?)?, own);
    assert_eq!(from_value::<NearOptions>(json!({ "similarity": 0.7 }))?, NearOptions::new(0.7)?);
    assert_eq!(from_value::<Bands>(bands)?, options.bands());
    let low = NearOptions::new(0.03)?.recall(0.5)?;
    assert_eq!(from_value::<NearOptions>(to_value(&low)?)?, low);
    assert_eq!(from_value::<NearOptions>(json!({ "similarity": 0.03, "recall": 0.5 }))?, low);
    assert!(from_value::<NearOptions>(json!({ "similarity": 0.03 })).is_err());

    let overlap = json!({ "first_shingles": 4, "second_shingles": 3, "common_shingles": 2 });
    assert_eq!(to_value(Overlap::new(4, 3, 2))?, overlap);

    let shingler = Shingler::new().words_per_shingle(3).normalization(Normalization::RAW).seed(7);
    assert_eq!(to_value(&shingler)?, json!({ "words_per_shingle": 3, "normalization": "raw", "seed": 7 }));
    assert_eq!(from_value::<Shingler>(to_value(&shingler)?)?, shingler);
    assert_eq!(from_value::<Shingler>(json!({}))?, Shingler::new());
    let none = from_value::<Shingler>(json!({ "words_per_shingle": 0 }))?;
    assert_eq!(none, Shingler::new().words_per_shingle(0));
    for keep in [Keep::First, Keep::Longest, Keep::Priority(vec![2, 1])] {
        assert_eq!(from_value::<Keep>(to_value(&keep)?)?, keep);
    }
    Ok(())
}

#[test]
fn options_of_near_that_are_out_of_range_are_refused_on_reading() {
    let cases = [
        (json!({ "similarity": 2.0 }), "expected a similarity threshold above 0 and up to 1, found 2"),
        (
            json!({ "similarity": 0.8, "containment": 0.0 }),
            "expected a containment threshold above 0 and up to 1, found 0",
        ),
        (json!({ "similarity": 0.8, "recall": 1.0 }), "expected a recall above 0 and below 1, found 1"),
        (
            json!({ "similarity": 0.8, "bands": { "bands": 64, "rows": 3, "values": 128 } }),
            "bands: 64, rows in each: 3, values needed: 192; the sketch has 128",
        ),
        (json!({ "similarity": 0.8, "bands": { "bands": 4, "rows": 3, "values": 63 } }), "found 63"),
        (
            json!({ "similarity": 0.8, "recall": 0.9, "bands": { "bands": 4, "rows": 3, "values": 64 } }),
            "expected `recall` or `bands`, found both",
        ),
        (json!({ "containment": 0.9 }), "missing field `similarity`"),
        (json!({ "similarity": 0.8, "resemblance": 0.8 }), "unknown field `resemblance`"),
    ];
    for (value, expected) in cases {
        let message = from_value::<NearOptions>(value).expect_err("it is refused").to_string();
        assert!(message.contains(expected), "{message}");
    }
    assert!(from_value::<Bands>(json!({ "bands": 0, "rows": 3, "values": 128 })).is_err());
    assert!(from_value::<Shingler>(json!({ "size": 3 })).is_err());
}
