//! Prints `tests/vectors.json`: texts with their canonical forms and fingerprints.
//!
//! ```sh
//! cargo run -p refrain-tables --bin vectors > tests/vectors.json
//! ```
//!
//! The values of a scheme are frozen: cases may be added to the file, but a value in it may change
//! only with a new scheme.

use refrain::{Fingerprint, Fingerprinter, Normalization};
use serde_json::{Value, json};

/// Scripts and a sample of each, with capitals, marks, signs and unusual spaces if the script has
/// them.
const SCRIPTS: [(&str, &str); 14] = [
    (
        "latin",
        "It\u{2019}s  late \u{2014} the \u{201C}Ferry\u{201D} left at 9:05, na\u{EF}ve caf\u{E9}-goers stayed.",
    ),
    ("latin-decomposed", "Les e\u{301}le\u{300}ves a\u{300} No\u{308}el; Ang\u{330}stro\u{308}m A\u{30A}."),
    ("german", "Stra\u{DF}e und STRASSE, \u{201E}gro\u{DF}\u{201C} \u{1E9E}."),
    ("turkish", "\u{130}stanbul \u{131}l\u{131}k, I\u{11E}DIR"),
    (
        "greek",
        "\u{39F}\u{394}\u{3A5}\u{3A3}\u{3A3}\u{395}\u{3A5}\u{3A3} \u{1F84}\u{3B4}\u{3B7}\u{3C2}, \u{1FB3} \u{390}",
    ),
    (
        "cyrillic",
        "\u{41F}\u{430}\u{440}\u{43E}\u{43C} \u{443}\u{448}\u{451}\u{43B} \u{432} 21:15 \u{2014} \u{AB}\u{419}\u{43E}\u{434}\u{BB}.",
    ),
    (
        "arabic",
        "\u{627}\u{644}\u{633}\u{641}\u{64A}\u{646}\u{629}\u{60C} \u{661}\u{662}\u{663} \u{643}\u{64E}\u{62A}\u{64E}\u{628}\u{640}\u{61F}",
    ),
    ("hebrew", "\u{5D4}\u{5E1}\u{5E4}\u{5D9}\u{5E0}\u{5B8}\u{5D4} \u{5D9}\u{5E6}\u{5D0}\u{5D4}."),
    (
        "devanagari",
        "\u{928}\u{93E}\u{935} \u{928}\u{94C} \u{92C}\u{91C}\u{947}\u{964} \u{958}\u{93C} \u{967}\u{968}",
    ),
    (
        "thai",
        "\u{E40}\u{E23}\u{E37}\u{E2D}\u{E2D}\u{E2D}\u{E01}\u{E40}\u{E01}\u{E49}\u{E32}\u{E42}\u{E21}\u{E07} \u{E33}",
    ),
    (
        "han",
        "\u{8F6E}\u{6E21}\u{4E5D}\u{70B9}\u{5F00}\u{FF0C}\u{300C}\u{603B}\u{662F}\u{300D}\u{665A}\u{70B9}\u{3002}\u{F900}",
    ),
    (
        "kana",
        "\u{30D5}\u{30A7}\u{30EA}\u{30FC}\u{306F}\u{FF19}\u{6642}\u{3001}\u{FF8C}\u{FF6A}\u{FF98}\u{FF70} \u{304B}\u{3099}",
    ),
    ("hangul", "\u{BC30}\u{B294} \u{C544}\u{D649}\u{C2DC} \u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"),
    (
        "signs",
        "\u{1F469}\u{200D}\u{1F4BB}\u{FE0F} \u{2460}\u{FB01}x\u{00B2}\u{2075} \u{2212}5 \u{FEFF}\u{AD} \u{378}\u{301} \u{1CCD6}",
    ),
];

/// References of every kind, and some that are none.
const REFERENCES: &str = "Caf&eacute; &AMP;amp;lt;3 &#169;&#xA9; &nbsp;&thetasym;&shy; &#0; &unknown; &amp";

/// Lengths of a form in bytes, at and around those where XXH3 uses another algorithm.
const LENGTHS: [usize; 14] = [0, 1, 3, 4, 8, 9, 16, 17, 128, 129, 240, 241, 1024, 1025];

fn main() {
    let mut vectors: Vec<Value> = Vec::new();
    let presets = [Normalization::RAW, Normalization::WHITESPACE, Normalization::TEXT];
    for (script, sample) in SCRIPTS {
        for form in presets {
            for length in LENGTHS {
                vectors.push(vector(script, form, 0, &of_length(sample, form, length)));
            }
        }
        for form in with_steps() {
            vectors.push(vector(script, form, 0, sample));
        }
        vectors.push(vector(script, Normalization::TEXT, 0x9E37_79B9_7F4A_7C15, sample));
    }
    for (script, sample) in SCRIPTS.into_iter().chain([("references", REFERENCES)]) {
        for form in with_later_steps() {
            vectors.push(vector(script, form, 0, sample));
        }
    }
    vectors.dedup();
    let (major, minor, update) = Fingerprint::UNICODE_VERSION;
    println!(
        "{{\n\"scheme\": {}, \"unicode\": \"{major}.{minor}.{update}\", \"hash\": \"XXH3-128 of the UTF-8 bytes of \
         `form`, big-endian\",\n\"vectors\": [",
        Fingerprint::SCHEME
    );
    let lines: Vec<String> = vectors.iter().map(Value::to_string).collect();
    println!("{}\n]}}", lines.join(",\n"));
}

/// Repeats `sample` as long as the form has at most `length` bytes, and then appends `x` until it
/// has exactly that many.
fn of_length(sample: &str, form: Normalization, length: usize) -> String {
    let mut text = String::new();
    for c in sample.chars().cycle() {
        text.push(c);
        if form.canonical(&text).len() > length {
            text.pop();
            break;
        }
    }
    // White space at the end has no effect on the form until other text follows.
    text.truncate(text.trim_end().len());
    while form.canonical(&text).len() < length {
        text.push('x');
    }
    text
}

/// Returns the text form with each combination of its optional steps but the empty one.
fn with_steps() -> impl Iterator<Item = Normalization> {
    let steps = [
        Normalization::canonical_equivalence,
        Normalization::strip_diacritics,
        Normalization::strip_punctuation,
        Normalization::fold_digits,
    ];
    (1..1 << steps.len()).map(move |on| {
        let chosen = steps.into_iter().enumerate().filter(|(i, _)| on >> i & 1 == 1);
        chosen.fold(Normalization::TEXT, |form, (_, step)| step(form))
    })
}

/// Returns forms with the steps that were added later.
fn with_later_steps() -> [Normalization; 4] {
    let (arabic, references) = (Normalization::TEXT.fold_arabic(), Normalization::TEXT.decode_references());
    let both = references.fold_arabic().canonical_equivalence();
    let all = both.strip_diacritics().strip_punctuation().fold_digits();
    [arabic, references, both, all]
}

/// Returns the test case of a text: the text, its form and its fingerprint.
fn vector(script: &str, form: Normalization, seed: u64, text: &str) -> Value {
    let fingerprint = Fingerprinter::new().normalization(form).seed(seed).fingerprint(text);
    json!({
        "script": script,
        "normalization": form.to_string(),
        // Not every JSON reader keeps numbers of 64 bits exactly, so the seed is a string.
        "seed": format!("{seed:016x}"),
        "text": text,
        "form": form.canonical(text),
        "fingerprint": fingerprint.to_string(),
    })
}
