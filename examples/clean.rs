//! Prints a text without what it says twice, or a report of it.
//!
//! ```sh
//! cargo run --release --example clean -- [--report] [FILE | -]
//! ```
//!
//! Without a file it cleans the article that the tests use. `-` is standard input. With `--report` it prints, for
//! every copy, one JSON object on a line. It exits with 2 if the text cannot be read.

use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::process::ExitCode;

use refrain::{Cleaner, Span, Verdict};
use serde_json::{Value, json};

const ARTICLE: &str = include_str!("../tests/fixtures/article.txt");
const USAGE: &str = "usage: clean [--report] [FILE | -]";

fn main() -> ExitCode {
    let text = match arguments().and_then(|(report, source)| Ok((report, read(source.as_deref())?))) {
        Ok((report, text)) => output(&text, report),
        Err(message) => {
            eprintln!("clean: {message}");
            return ExitCode::from(2);
        }
    };
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("clean: standard output: {error}");
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

/// Whether a report is wanted, and of what.
fn arguments() -> Result<(bool, Option<String>), String> {
    let mut report = false;
    let mut source = None;
    for argument in std::env::args_os().skip(1) {
        let argument =
            argument.into_string().map_err(|name| format!("{name:?} is no name in UTF-8; {USAGE}"))?;
        match argument.as_str() {
            "--report" => report = true,
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("no option `{option}`; {USAGE}"));
            }
            _ => {
                if let Some(first) = source.replace(argument.clone()) {
                    return Err(format!("one text at a time, not `{first}` and `{argument}`; {USAGE}"));
                }
            }
        }
    }
    Ok((report, source))
}

fn read(source: Option<&str>) -> Result<String, String> {
    let (name, bytes) = match source {
        None => return Ok(ARTICLE.to_owned()),
        Some("-") => {
            let mut bytes = Vec::new();
            ("standard input", io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes))
        }
        Some(path) => (path, fs::read(path)),
    };
    let bytes = bytes.map_err(|error| format!("{name}: {error}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("{name}: not UTF-8 at byte {at}: convert it first, for example with iconv")
    })
}

fn output(text: &str, report: bool) -> String {
    let edits = Cleaner::new().settle(text);
    if report {
        edits.verdicts().iter().map(|verdict| format!("{}\n", line(verdict))).collect()
    } else {
        edits.apply().into_owned()
    }
}

fn line(verdict: &Verdict) -> Value {
    let span = |span: Span| json!({ "start": span.start(), "end": span.end() });
    json!({
        "original": span(verdict.original().span()),
        "copy": span(verdict.copy().span()),
        "segments": verdict.len(),
        "kind": verdict.kind().to_string(),
        "dropped": verdict.is_dropped(),
        "reason": verdict.reason(),
    })
}
