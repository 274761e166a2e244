//! Prints `tests/near.json`: texts with their shingles, MinHash and SimHash values, and the record
//! that an index stores for each.
//!
//! ```sh
//! cargo run -p refrain-tables --bin near > tests/near.json
//! ```
//!
//! As in `tests/vectors.json`, a value in the file may change only with a new scheme.

use refrain::index::store::{DocumentView, OwnedRecord, Store as _};
use refrain::near::{LshIndex, MinHash, NearOptions, Shingler, SimHash};
use serde_json::{Value, json};

/// Words with lengths around multiples of eight bytes, repetition, scripts with and without spaces
/// between words, and texts with fewer words than a shingle.
const TEXTS: [&str; 12] = [
    "",
    "?!",
    "One",
    "One two three four five",
    "The ferry sails again at nine, and the ferry sails again at ten.",
    "a an the four fives sixsix sevenss eighteig ninenine9 sixteensixteen16 seventeenseventeen",
    "x x x x x x x x x x x x",
    "Stra\u{DF}e na\u{EF}ve caf\u{E9} \u{2014} \u{201C}gro\u{DF}\u{201D} it\u{2019}s",
    "\u{41F}\u{430}\u{440}\u{43E}\u{43C} \u{443}\u{448}\u{451}\u{43B} \u{432} 21:15 \u{2014} \u{432} \u{43F}\u{43E}\u{440}\u{442}",
    "\u{8F6E}\u{6E21}\u{4E5D}\u{70B9}\u{5F00}\u{FF0C}\u{603B}\u{662F}\u{665A}\u{70B9}abc\u{3002}",
    "\u{E40}\u{E23}\u{E37}\u{E2D}\u{E2D}\u{E2D}\u{E01}\u{E40}\u{E01}\u{E49}\u{E32}\u{E42}\u{E21}\u{E07}",
    "\u{928}\u{93E}\u{935} \u{928}\u{94C} \u{92C}\u{91C}\u{947}\u{964} \u{935}\u{939} \u{930}\u{941}\u{915}\u{940}",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut cases = Vec::new();
    for text in TEXTS {
        for (size, seed) in [(5, 0), (2, 0), (1, 7)] {
            cases.push(case(text, size, seed)?);
        }
    }
    println!("{}", serde_json::to_string_pretty(&cases)?);
    Ok(())
}

fn case(text: &str, size: usize, seed: u64) -> Result<Value, Box<dyn std::error::Error>> {
    let shingler = Shingler::new().words_per_shingle(size).seed(seed);
    let shingles = shingler.shingle(text);
    let hashes: Vec<String> = shingles.hashes().iter().map(|hash| format!("{hash:016x}")).collect();
    let digits = |minhash: &MinHash| -> String {
        minhash.values().iter().map(|value| format!("{value:08x}")).collect()
    };
    let options = NearOptions::new(0.8)?.containment(0.9)?;
    let keys = options.keys(&shingles);
    let index = LshIndex::new(&shingler, options);
    index.insert("a name", &shingles)?;
    let mut stored: Option<OwnedRecord> = None;
    index.store().read(&mut |view| {
        let keep = &mut |document: &DocumentView<'_>| {
            stored = Some(document.to_owned());
            Ok(())
        };
        view.document(0, keep).map(drop)
    })?;
    let stored = stored.ok_or("the text was inserted")?;
    Ok(json!({
        "text": text,
        "size": size,
        "seed": seed,
        "shingles": hashes,
        "sketch_64": digits(&MinHash::with_values(&shingles, 64)?),
        "sketch_100": digits(&MinHash::with_values(&shingles, 100)?),
        "simhash": format!("{:016x}", SimHash::new(&shingles).to_u64()),
        "stored_as": stored.id,
        "keys": keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "payload": stored.payload.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
    }))
}
