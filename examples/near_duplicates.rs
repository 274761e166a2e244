//! Prints the near duplicates among the documents of a file.
//!
//! ```sh
//! cargo run --release --example near_duplicates -- [OPTIONS] FILE.jsonl
//! ```
//!
//! `--help` lists the options. Each line of the file is a document: a JSON object with an `id` and
//! a `text`. `-` is standard input, and blank lines are skipped. The program prints a JSON object
//! for each pair of near duplicates, in the order of the second document:
//!
//! ```json
//! {"first":"1","second":"7","similarity":0.91,"containment":0.97}
//! ```
//!
//! `first` is before `second` in the file. `containment` is the share of the shorter text's
//! shingles that the longer text has too.
//!
//! * `--threshold T`: documents with a similarity of at least T are near duplicates, 0.8 by
//!   default.
//! * `--containment T`: documents with a containment of at least T are near duplicates too, such as
//!   a short story and a long one that contains it.
//! * `--shingle N`: the number of words in a shingle, 5 by default.
//! * `--clusters`: prints an object for each document instead, in the order of the file:
//!   `{"id":"1","kept":true}`, or
//!   `{"id":"7","kept":false,"duplicate_of":"1","similarity":0.91,"containment":0.97}`, in which
//!   `containment` is the share of this document's shingles that the kept one has too.
//!
//! Lines that are not documents, or that have the id of an earlier line, are reported on standard
//! error and skipped, and the exit status is then 1. It is 2 if the options are wrong or the file
//! cannot be read.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write as _};
use std::process::ExitCode;

use refrain::near::{BatchResult, Keep, NearOptions, Shingler, Shingles, cluster, pairs};
use serde_json::json;
use serde_json::value::RawValue;

const USAGE: &str = "usage: near_duplicates [OPTIONS] FILE.jsonl; --help lists the options";
const HELP: &str = "\
Prints the near duplicates among the documents of a file.

usage: near_duplicates [OPTIONS] FILE.jsonl

  FILE.jsonl           a JSON object on each line, with an `id`, a string or a number, and a
                       `text`; `-` is standard input. Blank lines are skipped
  --threshold T        documents with a similarity of at least T are near duplicates; from
                       0.04 to 1, 0.8 by default
  --containment T      so are documents of which one has at least the share T of the shingles of
                       the other; above 0 and up to 1, not used by default
  --shingle N          the number of words in a shingle, at least 1; 5 by default
  --clusters           prints an object for each document, in place of each pair
  --help               prints this text

A line is printed for each pair, in the order of the second document. `containment` is the share
of the shorter text's shingles that the longer text has too:

  {\"first\":\"1\",\"second\":\"7\",\"similarity\":0.91,\"containment\":0.97}

With --clusters, a line is printed for each document, in the order of the file. `containment` is
the share of this document's shingles that the kept one has too:

  {\"id\":\"1\",\"kept\":true}
  {\"id\":\"7\",\"kept\":false,\"duplicate_of\":\"1\",\"similarity\":0.91,\"containment\":0.97}

If candidates were not compared, standard error has their number. Lines that are not documents,
or that have the id of an earlier line, are reported there too and skipped, and the exit status is
then 1. It is 2 if the options are wrong or the file cannot be read.
";

/// The command line.
struct Arguments {
    options: NearOptions,
    shingle: usize,
    clusters: bool,
    source: String,
}

/// The ids, in JSON, and the shingles of the documents of a file.
#[derive(Default)]
struct Documents {
    ids: Vec<String>,
    shingles: Vec<Shingles>,
    bad_lines: usize,
}

fn main() -> ExitCode {
    let documents = arguments().and_then(|arguments| match arguments {
        Some(arguments) => Ok(Some((read(&arguments)?, arguments))),
        None => Ok(None),
    });
    let documents = match documents {
        Ok(read) => read,
        Err(message) => {
            eprintln!("near_duplicates: {message}");
            return ExitCode::from(2);
        }
    };
    let printed = match &documents {
        Some((documents, arguments)) => print(documents, arguments),
        None => io::stdout().lock().write_all(HELP.as_bytes()),
    };
    match printed {
        // The reader of a pipe may close it early.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => {
            eprintln!("near_duplicates: standard output: {error}");
            return ExitCode::FAILURE;
        }
        Ok(()) => {}
    }
    let is_bad = documents.is_some_and(|(documents, _)| documents.bad_lines > 0);
    if is_bad { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Parses the command line; `None` if the help is wanted.
fn arguments() -> Result<Option<Arguments>, String> {
    let (mut threshold, mut containment, mut shingle, mut clusters, mut source) = (0.8, None, 5, false, None);
    let mut arguments = std::env::args_os().skip(1).map(|argument| {
        argument.into_string().map_err(|name| {
            format!("expected an argument in UTF-8, found `{}`; {USAGE}", name.to_string_lossy())
        })
    });
    while let Some(argument) = arguments.next() {
        let argument = argument?;
        let mut value = || {
            arguments.next().unwrap_or_else(|| Err(format!("expected a value after `{argument}`; {USAGE}")))
        };
        match argument.as_str() {
            "--threshold" => threshold = number(&argument, &value()?)?,
            "--containment" => containment = Some(number(&argument, &value()?)?),
            "--shingle" => shingle = words(&value()?)?,
            "--clusters" => clusters = true,
            "--help" => return Ok(None),
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("no option `{option}`; {USAGE}"));
            }
            _ => {
                if let Some(first) = source.replace(argument.clone()) {
                    return Err(format!("expected one file, found `{first}` and `{argument}`; {USAGE}"));
                }
            }
        }
    }
    let options = NearOptions::new(threshold).and_then(|options| match containment {
        Some(containment) => options.containment(containment),
        None => Ok(options),
    });
    let options = options.map_err(|error| error.to_string())?;
    Ok(Some(Arguments { options, shingle, clusters, source: source.ok_or(USAGE)? }))
}

fn number(option: &str, value: &str) -> Result<f64, String> {
    value.parse().map_err(|_| format!("{option}: expected a number, found `{value}`"))
}

fn words(value: &str) -> Result<usize, String> {
    let words = value.parse().ok().filter(|words| *words > 0);
    words.ok_or_else(|| format!("--shingle: expected a number of at least 1, found `{value}`"))
}

/// Reads the file line by line, and keeps only the shingles of each text.
fn read(arguments: &Arguments) -> Result<Documents, String> {
    let name = match &*arguments.source {
        "-" => "standard input",
        path => path,
    };
    let failed = |error: io::Error| format!("{name}: {error}");
    let mut lines: Box<dyn BufRead> = match &*arguments.source {
        "-" => Box::new(io::stdin().lock()),
        path => {
            let file = File::open(path).map_err(failed)?;
            Box::new(BufReader::with_capacity(1 << 16, file))
        }
    };
    let mut documents = Documents::default();
    let shingler = Shingler::new().words_per_shingle(arguments.shingle);
    let mut lines_of_ids: HashMap<String, u64> = HashMap::new();
    let bad = |number: u64, cause: &str, documents: &mut Documents| {
        documents.bad_lines += 1;
        eprintln!("near_duplicates: {name}, line {number}: {cause}");
    };
    let mut line = Vec::new();
    let mut number = 0_u64;
    while lines.read_until(b'\n', &mut line).map_err(failed)? > 0 {
        number += 1;
        match document(&line) {
            Ok(None) => {}
            Ok(Some((id, text))) => match lines_of_ids.insert(id.clone(), number) {
                None => {
                    documents.ids.push(id);
                    documents.shingles.push(shingler.shingle(&text));
                }
                Some(first) => {
                    lines_of_ids.insert(id.clone(), first);
                    bad(number, &format!("the id {id} is that of line {first}"), &mut documents);
                }
            },
            Err(cause) => bad(number, &cause, &mut documents),
        }
        line.clear();
    }
    Ok(documents)
}

/// Parses a line into the id, in JSON, and the text of a document; `None` if the line is blank.
fn document(line: &[u8]) -> Result<Option<(String, String)>, String> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let line = std::str::from_utf8(line)
        .map_err(|error| format!("expected UTF-8, found another byte at byte {}", error.valid_up_to()))?;
    let fields = serde_json::from_str(line.trim_start_matches('\u{FEFF}'));
    let fields: HashMap<String, &RawValue> = fields.map_err(|error| {
        if error.is_data() {
            return "expected an object with an `id` and a `text`".to_owned();
        }
        // The message of the parser ends with a position in this line.
        let message = error.to_string();
        let cause = message.split(" at line ").next().unwrap_or_default();
        format!("no JSON value: {cause} at column {}", error.column())
    })?;
    let field = |name: &str| fields.get(name).map_or("null", |value| value.get());
    let string = |name: &str| serde_json::from_str::<String>(field(name)).ok();
    // A number of many digits is not rounded, and a string is written in one way only.
    let number =
        || field("id").starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| field("id").to_owned());
    let id = string("id").map(|id| json!(id).to_string()).or_else(number);
    let id = id.ok_or("no `id`; expected a string or a number")?;
    let text = string("text").ok_or("no `text`; expected a string")?;
    Ok(Some((id, text)))
}

fn print(documents: &Documents, arguments: &Arguments) -> io::Result<()> {
    let Documents { ids, shingles, .. } = documents;
    let mut out = BufWriter::new(io::stdout().lock());
    if arguments.clusters {
        let result = cluster(shingles, &arguments.options, &Keep::First);
        warn(&result);
        for (id, assignment) in ids.iter().zip(result.items()) {
            match assignment.duplicate_of() {
                None => writeln!(out, "{{\"id\":{id},\"kept\":true}}")?,
                Some(of) => writeln!(
                    out,
                    "{{\"id\":{id},\"kept\":false,\"duplicate_of\":{},\"similarity\":{},\"containment\":{}}}",
                    ids[of],
                    json!(assignment.similarity()),
                    json!(assignment.containment()),
                )?,
            }
        }
    } else {
        let result = pairs(shingles, &arguments.options);
        warn(&result);
        for pair in result.items() {
            writeln!(
                out,
                "{{\"first\":{},\"second\":{},\"similarity\":{},\"containment\":{}}}",
                ids[pair.first()],
                ids[pair.second()],
                json!(pair.similarity()),
                json!(pair.containment()),
            )?;
        }
    }
    out.flush()
}

/// Prints the number of candidates that were not compared, if there are any.
fn warn<T>(result: &BatchResult<T>) {
    if result.skipped_candidates() > 0 {
        eprintln!(
            "near_duplicates: at least {} candidates were not compared, so near duplicates may be missing; \
             {} buckets had too many documents, most likely with a common template",
            result.skipped_candidates(),
            result.truncated_buckets()
        );
    }
}
