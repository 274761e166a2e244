//! Prints which documents of a file are near duplicates of each other.
//!
//! ```sh
//! cargo run --release --example near_duplicates -- [OPTIONS] FILE.jsonl
//! ```
//!
//! Each line of the file is a document, an object with an `id` and a `text`; `-` is standard input. For every
//! pair that is near, in the order of the later document, it prints an object on a line:
//!
//! ```json
//! {"first":"1","second":"7","similarity":0.91,"containment":0.97}
//! ```
//!
//! The document `first` is before `second` in the file. The containment is that of the one with fewer words in the other.
//!
//! * `--threshold T`: near is what resembles each other by T at least, from 0 to 1; 0.8 if not said.
//! * `--containment T`: near is also what is in the other by T at least: a short story in a long one.
//! * `--shingle N`: compares runs of N words; 5 if not said.
//! * `--clusters`: prints what becomes of each document, in the order of the file: `{"id":"1","kept":true}`,
//!   or `{"id":"7","kept":false,"duplicate_of":"1","similarity":0.91,"containment":0.97}`, which says how
//!   much of it is in the one that is kept.
//!
//! A line that is no document is named on standard error, the rest goes on, and it exits with 1 at the end;
//! with 2 if the file cannot be read. Blank lines are passed over.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use refrain::near::{BatchResult, Keep, NearOptions, Shingler, Shingles, cluster, pairs};
use serde_json::{Value, json};

const USAGE: &str =
    "usage: near_duplicates [--threshold T] [--containment T] [--shingle N] [--clusters] FILE.jsonl";

/// What the command line says.
struct Arguments {
    criteria: NearOptions,
    shingle: usize,
    clusters: bool,
    source: String,
}

/// The documents of a file.
#[derive(Default)]
struct Documents {
    ids: Vec<Value>,
    shingles: Vec<Shingles>,
    bad_lines: usize,
}

fn main() -> ExitCode {
    let documents = arguments().and_then(|arguments| Ok((read(&arguments)?, arguments)));
    let (documents, arguments) = match documents {
        Ok(read) => read,
        Err(message) => {
            eprintln!("near_duplicates: {message}");
            return ExitCode::from(2);
        }
    };
    match print(&documents, &arguments) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => {
            eprintln!("near_duplicates: standard output: {error}");
            return ExitCode::FAILURE;
        }
        Ok(()) => {}
    }
    if documents.bad_lines > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn arguments() -> Result<Arguments, String> {
    let (mut threshold, mut containment, mut shingle, mut clusters, mut source) = (0.8, None, 5, false, None);
    let mut arguments = std::env::args_os().skip(1).map(|argument| {
        argument.into_string().map_err(|name| format!("{name:?} is no name in UTF-8; {USAGE}"))
    });
    while let Some(argument) = arguments.next() {
        let argument = argument?;
        let mut value =
            || arguments.next().unwrap_or_else(|| Err(format!("`{argument}` wants a value; {USAGE}")));
        match argument.as_str() {
            "--threshold" => threshold = number(&argument, &value()?)?,
            "--containment" => containment = Some(number(&argument, &value()?)?),
            "--shingle" => shingle = words(&value()?)?,
            "--clusters" => clusters = true,
            "--help" => return Err(USAGE.to_owned()),
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("no option `{option}`; {USAGE}"));
            }
            _ => {
                if let Some(first) = source.replace(argument.clone()) {
                    return Err(format!("one file at a time, not `{first}` and `{argument}`; {USAGE}"));
                }
            }
        }
    }
    let criteria = NearOptions::new(threshold).and_then(|criteria| match containment {
        Some(containment) => criteria.containment(containment),
        None => Ok(criteria),
    });
    let criteria = criteria.map_err(|error| error.to_string())?;
    Ok(Arguments { criteria, shingle, clusters, source: source.ok_or(USAGE)? })
}

fn number(option: &str, value: &str) -> Result<f64, String> {
    value.parse().map_err(|_| format!("{option} `{value}` is no number"))
}

fn words(value: &str) -> Result<usize, String> {
    let words = value.parse().ok().filter(|words| *words > 0);
    words.ok_or_else(|| format!("--shingle `{value}` is no number of words: it is 1 or more"))
}

/// Reads the file line by line. Of a text only its shingles are kept.
fn read(arguments: &Arguments) -> Result<Documents, String> {
    let name = match &*arguments.source {
        "-" => "standard input",
        path => path,
    };
    let failed = |error: io::Error| format!("{name}: {error}");
    let mut len = 0;
    let mut lines: Box<dyn BufRead> = match &*arguments.source {
        "-" => Box::new(io::stdin().lock()),
        path => {
            let file = File::open(path).map_err(failed)?;
            len = file.metadata().map_err(failed)?.len();
            Box::new(BufReader::with_capacity(1 << 16, file))
        }
    };
    let progress = progress(len);
    let mut documents = Documents::default();
    let shingler = Shingler::new().words_per_shingle(arguments.shingle);
    let mut line = Vec::new();
    let mut number = 0_u64;
    while lines.read_until(b'\n', &mut line).map_err(failed)? > 0 {
        number += 1;
        progress.inc(line.len() as u64);
        match document(&line) {
            Ok(None) => {}
            Ok(Some((id, text))) => {
                documents.ids.push(id);
                documents.shingles.push(shingler.shingle(&text));
            }
            Err(cause) => {
                documents.bad_lines += 1;
                progress.suspend(|| eprintln!("near_duplicates: {name}, line {number}: {cause}"));
            }
        }
        line.clear();
    }
    progress.finish_and_clear();
    Ok(documents)
}

/// A bar where there is a terminal and a length, a count of bytes where there is no length, nothing
/// elsewhere.
fn progress(len: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (progress, template) = match len {
        0 => (ProgressBar::new_spinner(), "{spinner} read {bytes}, {elapsed}"),
        len => (ProgressBar::new(len), "{wide_bar} read {bytes} of {total_bytes}, {eta} to go"),
    };
    progress
        .with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The id and the text of a line, `None` if it is blank.
fn document(line: &[u8]) -> Result<Option<(Value, String)>, String> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let line = std::str::from_utf8(line)
        .map_err(|error| format!("not UTF-8 at byte {} of the line", error.valid_up_to()))?;
    let mut value: Value = serde_json::from_str(line.trim_start_matches('\u{FEFF}'))
        .map_err(|error| format!("no JSON: {error}"))?;
    let object = value.as_object_mut().ok_or("no object: it wants an `id` and a `text`")?;
    let id = object.remove("id").filter(|id| id.is_string() || id.is_number());
    let id = id.ok_or("no `id` that is a string or a number")?;
    match object.remove("text") {
        Some(Value::String(text)) => Ok(Some((id, text))),
        _ => Err("no `text` that is a string".to_owned()),
    }
}

fn print(documents: &Documents, arguments: &Arguments) -> io::Result<()> {
    let Documents { ids, shingles, .. } = documents;
    let mut out = BufWriter::new(io::stdout().lock());
    if arguments.clusters {
        let found = while_spinning("comparing", || cluster(shingles, &arguments.criteria, &Keep::First));
        tell(&found);
        for (id, verdict) in ids.iter().zip(found.items()) {
            let line = match verdict.duplicate_of() {
                None => json!({ "id": id, "kept": true }),
                Some(of) => json!({
                    "id": id,
                    "kept": false,
                    "duplicate_of": ids[of],
                    "similarity": verdict.similarity(),
                    "containment": verdict.containment(),
                }),
            };
            writeln!(out, "{line}")?;
        }
    } else {
        let found = while_spinning("comparing", || pairs(shingles, &arguments.criteria));
        tell(&found);
        for pair in found.items() {
            let line = json!({
                "first": ids[pair.first()],
                "second": ids[pair.second()],
                "similarity": pair.similarity(),
                "containment": pair.containment(),
            });
            writeln!(out, "{line}")?;
        }
    }
    out.flush()
}

/// Says what was not compared.
fn tell<T>(found: &BatchResult<T>) {
    if found.skipped_candidates() > 0 {
        eprintln!(
            "near_duplicates: {} buckets were crowded, as those of a template are: {} comparisons were left out",
            found.truncated_buckets(),
            found.skipped_candidates()
        );
    }
}

/// Does something while a sign on the terminal moves.
fn while_spinning<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    let progress =
        ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    progress.set_message(what);
    progress.enable_steady_tick(Duration::from_millis(100));
    let answer = work();
    progress.finish_and_clear();
    answer
}
