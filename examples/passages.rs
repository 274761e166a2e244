//! Prints the passages of documents that occur earlier, as JSON: one object for each passage.
//!
//! ```sh
//! cargo run --release --example passages -- FILE.jsonl [WORDS]
//! ```
//!
//! Lines have an `id` and a `text`. A passage has at least 50 words, or WORDS. Spans are in bytes.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Write as _};
use std::process::ExitCode;

use refrain::passages::{PassageOptions, Passages, Text};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words = arguments.get(1).map_or("50", String::as_str);
    let Some(path) = arguments.first() else {
        eprintln!("passages: expected a file; usage: passages FILE.jsonl [WORDS]");
        return ExitCode::from(2);
    };
    match print(path, words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("passages: {message}");
            ExitCode::from(2)
        }
    }
}

fn print(path: &str, words: &str) -> Result<(), String> {
    let words = words.parse().map_err(|_| format!("expected a number of words, found `{words}`"))?;
    let options = PassageOptions::new().min_words(words).map_err(|error| error.to_string())?;
    let file = std::fs::File::open(path).map_err(|error| format!("{path}: {error}"))?;
    let mut passages = Passages::with_options(&options);
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let failed = |error: String| format!("{path}, line {number}: {error}");
        let line = line.map_err(|error| failed(error.to_string()))?;
        let value: Value = serde_json::from_str(&line).map_err(|error| failed(error.to_string()))?;
        let id = value["id"].as_str().map_or_else(|| value["id"].to_string(), str::to_owned);
        let text = value["text"].as_str().ok_or_else(|| failed("expected `id` and `text`".to_owned()))?;
        let found =
            passages.query_and_insert(Text { id: &id, text }).map_err(|error| failed(error.to_string()))?;
        for passage in &found {
            let span = |span: refrain::Span| json!({ "start": span.start(), "end": span.end() });
            let mut source = json!({ "id": passage.document_id() });
            source["start"] = passage.source().start().into();
            source["end"] = passage.source().end().into();
            let object =
                json!({ "id": id, "span": span(passage.span()), "words": passage.words(), "source": source });
            match writeln!(out, "{object}") {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written.map_err(|error| format!("standard output: {error}"))?,
            }
        }
    }
    out.flush()
        .or_else(|error| if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(error.to_string()) })
}
