//! Shingles, sketches, SimHashes, and the stored form of a text never change.

use refrain::index::store::{DocumentView, OwnedRecord, Store as _};
use refrain::near::{LshIndex, MinHash, NearOptions, Shingler, SimHash};
use serde_json::Value;

const VECTORS: &str = include_str!("near.json");

fn text<'v>(case: &'v Value, field: &str) -> &'v str {
    case[field].as_str().expect("a text")
}

fn number(case: &Value, field: &str) -> u64 {
    case[field].as_u64().expect("a number")
}

fn texts(case: &Value, field: &str) -> Vec<String> {
    case[field]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item.as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn all_values_are_what_they_were() -> Result<(), Box<dyn std::error::Error>> {
    let cases: Vec<Value> = serde_json::from_str(VECTORS)?;
    assert_eq!(cases.len(), 36);
    for case in &cases {
        let size = usize::try_from(number(case, "size"))?;
        let shingler = Shingler::new().words_per_shingle(size).seed(number(case, "seed"));
        let shingles = shingler.shingle(text(case, "text"));
        let hashes: Vec<String> = shingles.hashes().iter().map(|hash| format!("{hash:016x}")).collect();
        assert_eq!(hashes, texts(case, "shingles"), "{case}");
        for (values, field) in [(64, "sketch_64"), (100, "sketch_100")] {
            let sketch = MinHash::with_values(&shingles, values)?;
            let digits: String = sketch.values().iter().map(|value| format!("{value:08x}")).collect();
            assert_eq!(digits, text(case, field), "{case}");
        }
        assert_eq!(format!("{:016x}", SimHash::new(&shingles).to_u64()), text(case, "simhash"), "{case}");
        let criteria = NearOptions::new(0.8).and_then(|criteria| criteria.containment(0.9))?;
        let keys = criteria.keys(&shingles);
        let index = LshIndex::new(&shingler, criteria);
        index.insert("a name", &shingles)?;
        let mut stored: Option<OwnedRecord> = None;
        index.store().read(&mut |view| {
            let keep = &mut |document: &DocumentView<'_>| {
                stored = Some(document.to_owned());
                Ok(())
            };
            view.document(0, keep).map(drop)
        })?;
        let stored = stored.expect("it was inserted");
        assert_eq!(stored.keys, keys);
        assert_eq!(stored.id, text(case, "stored_as"));
        assert_eq!(
            stored.keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
            texts(case, "keys"),
            "{case}"
        );
        let payload: String = stored.payload.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(payload, text(case, "payload"), "{case}");
    }
    Ok(())
}
