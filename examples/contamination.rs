//! Prints which items of an evaluation set occur in a corpus, as JSON: one object for each item.
//!
//! ```sh
//! cargo run --release --example contamination -- EVAL.jsonl CORPUS.jsonl
//! ```
//!
//! Each line of both files has an `id` and a `text`. Only the evaluation set is kept in memory.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::ExitCode;

use refrain::passages::{Contamination, ItemPassage, Text};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match &arguments[..] {
        [items, corpus] => print(items, corpus),
        _ => Err("expected two files; usage: contamination EVAL.jsonl CORPUS.jsonl".to_owned()),
    };
    result.err().map_or(ExitCode::SUCCESS, |message| {
        eprintln!("contamination: {message}");
        ExitCode::from(2)
    })
}

fn print(items: &str, corpus: &str) -> Result<(), String> {
    let mut set = Contamination::new();
    each(items, |text| set.add(text).map_err(|error| error.to_string()))?;
    each(corpus, |text| set.scan(text).map_err(|error| error.to_string()))?;
    let span = |span: refrain::Span| json!({ "start": span.start(), "end": span.end() });
    let longest = |found: &ItemPassage| {
        let at = found.source();
        let source = json!({ "id": found.document_id(), "start": at.start(), "end": at.end() });
        json!({ "span": span(found.span()), "words": found.words(), "source": source })
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for item in set.report() {
        let line = json!({
            "id": item.id(), "ngrams": item.ngrams(), "share": item.share(),
            "weighted_share": item.weighted_share(), "documents": item.documents(),
            "longest": item.longest().map(longest),
        });
        writeln!(out, "{line}").map_err(|error| format!("standard output: {error}"))?;
    }
    out.flush().map_err(|error| format!("standard output: {error}"))
}

fn each(path: &str, mut work: impl FnMut(Text<'_>) -> Result<(), String>) -> Result<(), String> {
    let file = std::fs::File::open(path).map_err(|error| format!("{path}: {error}"))?;
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let failed = |error: String| format!("{path}, line {number}: {error}");
        let line = line.map_err(|error| failed(error.to_string()))?;
        let value: Value = serde_json::from_str(&line).map_err(|error| failed(error.to_string()))?;
        let id = value["id"].as_str().map_or_else(|| value["id"].to_string(), str::to_owned);
        let text = value["text"].as_str().ok_or_else(|| failed("expected `id` and `text`".to_owned()))?;
        work(Text { id: &id, text }).map_err(failed)?;
    }
    Ok(())
}
