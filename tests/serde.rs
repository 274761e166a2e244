//! Options and results as JSON and back.

#![cfg(feature = "serde")]

use refrain::index::Index;
use refrain::index::{Block, BoilerplateSegment, Match, Removal, Thresholds};
use refrain::{
    Cleaner, Document, Fingerprint, Normalization, Occurrence, Options, Policy, Rule, Segmentation, Span,
    fingerprint,
};
use serde_json::{from_value, json, to_value};

#[test]
fn options_read_back() -> Result<(), Box<dyn std::error::Error>> {
    let form = Normalization::TEXT.fold_digits().canonical_equivalence();
    let options =
        Options::new().segmentation(Segmentation::Paragraphs).normalization(form).seed(7).min_weight(3);
    let value = to_value(&options)?;
    let expected = json!({
        "segmentation": "paragraphs",
        "normalization": "text+canonical+digits",
        "seed": 7,
        "min_segments": 0,
        "min_weight": 3,
    });
    assert_eq!(value, expected);
    assert_eq!(from_value::<Options>(value)?, options);
    assert_eq!(from_value::<Options>(json!({}))?, Options::new());
    for policy in [Policy::keep_all(), Policy::scraper().without(Rule::Box), Policy::drop_all()] {
        assert_eq!(from_value::<Policy>(to_value(policy)?)?, policy);
    }
    assert_eq!(to_value(Policy::scraper().with(Rule::Far).without(Rule::Echo))?, "scraper-echo");
    assert_eq!(to_value(Policy::default())?, "default");
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
    for (segments, bytes) in [((2, 2), (4, 7)), ((2, 4), (7, 7)), ((4, 2), (4, 7))] {
        let run = |(start, end)| json!({ "start": start, "end": end });
        let occurrence = json!({ "segments": run(segments), "span": run(bytes) });
        assert!(from_value::<Occurrence>(occurrence).is_err());
    }
    let backwards = from_value::<Span>(json!({ "start": 5, "end": 3 }));
    assert!(backwards.is_err());
}

#[test]
fn results_read_back() -> Result<(), Box<dyn std::error::Error>> {
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
    let occurrence: Occurrence = from_value(to_value(block.copy())?)?;
    assert_eq!((occurrence.segments(), occurrence.span()), (2..4, Span::new(4, 7)));
    Ok(())
}

#[test]
fn what_an_index_answers_reads_back() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::new();
    for page in 0..3 {
        index.insert(Page {
            id: &page.to_string(),
            scope: "s",
            document: &Document::new(&format!("Home\nPage {page}")),
        })?;
    }
    let doc = Document::new("Home\nNew");
    let seen = index.query("s", &doc)?;
    let place = json!({ "document": "0", "scope": "s", "segment": 0, "span": { "start": 0, "end": 4 } });
    assert_eq!(to_value(&seen.matches(0)?[0])?, place);
    assert_eq!(from_value::<Match>(place)?, seen.matches(0)?[0]);
    let blocks = seen.blocks()?;
    assert_eq!(from_value::<Vec<Block>>(to_value(&blocks)?)?, blocks);
    let furniture = index.boilerplate("s", Thresholds::new())?;
    let pieces: Vec<BoilerplateSegment> = furniture.iter().cloned().collect();
    assert_eq!(from_value::<Vec<BoilerplateSegment>>(to_value(&pieces)?)?, pieces);
    let removals = furniture.removals(&doc)?;
    let value = to_value(&removals)?;
    assert_eq!(value["cuts"], json!([[{ "start": 0, "end": 5 }, 0]]));
    assert_eq!(value["removals"][0]["reason"], json!({ "furniture": { "documents": 3, "of": 3 } }));
    assert_eq!(from_value::<Vec<Removal>>(value["removals"].clone())?, removals.removals());
    assert_eq!(to_value(Thresholds::new())?, json!({ "documents": 3, "share": 0.3 }));
    assert_eq!(from_value::<Thresholds>(json!({ "share": 0.5 }))?, Thresholds::new().share(0.5));
    Ok(())
}
