//! Prints a text without what it says twice, or a report of it.
//!
//! ```sh
//! cargo run --release --example clean -- [OPTIONS] [FILE | -]
//! ```
//!
//! Without a file it cleans the article that the tests use. `-` is standard input. With `--report` it prints, for
//! every copy, one JSON object on a line. It exits with 2 if the text cannot be read.
//!
//! * `--policy cautious | thorough | longest | all | none`: what goes; `cautious` if not said.
//! * `--granularity lines | blocks | sentences | words`: what is compared; the last two need `--features uax29`. If not
//!   said, lines, and the sentences inside each long line.
//! * `--min-weight N`: a block of nothing but segments with fewer letters is left alone.
//! * `--html FILE`: writes a page to look at.

use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::process::ExitCode;

use refrain::{Cleaner, Document, Options, Policy, Segmentation, Span, Verdict, report};
use serde_json::{Value, json};

const ARTICLE: &str = include_str!("../tests/fixtures/article.txt");
const USAGE: &str =
    "usage: clean [--report] [--policy NAME] [--granularity NAME] [--min-weight N] [--html FILE] [FILE | -]";

/// What the command line says.
#[derive(Default)]
struct Arguments {
    report: bool,
    policy: Policy,
    options: Options,
    html: Option<String>,
    source: Option<String>,
}

fn main() -> ExitCode {
    let text = match arguments().and_then(|arguments| output(&read(arguments.source.as_deref())?, &arguments))
    {
        Ok(text) => text,
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

fn arguments() -> Result<Arguments, String> {
    let mut said = Arguments::default();
    let mut arguments = std::env::args_os().skip(1).map(|argument| {
        argument.into_string().map_err(|name| format!("{name:?} is no name in UTF-8; {USAGE}"))
    });
    while let Some(argument) = arguments.next() {
        let argument = argument?;
        let mut value =
            || arguments.next().unwrap_or_else(|| Err(format!("`{argument}` wants a value; {USAGE}")));
        match argument.as_str() {
            "--report" => said.report = true,
            "--policy" => said.policy = policy(&value()?)?,
            "--granularity" => said.options = said.options.segmentation(granularity(&value()?)?),
            "--min-weight" => {
                let weight = value()?;
                let number =
                    weight.parse().map_err(|_| format!("--min-weight `{weight}` is no whole number"))?;
                said.options = said.options.min_weight(number);
            }
            "--html" => said.html = Some(value()?),
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("no option `{option}`; {USAGE}"));
            }
            _ => {
                if let Some(first) = said.source.replace(argument.clone()) {
                    return Err(format!("one text at a time, not `{first}` and `{argument}`; {USAGE}"));
                }
            }
        }
    }
    Ok(said)
}

fn policy(name: &str) -> Result<Policy, String> {
    match name {
        "cautious" => Ok(Policy::Cautious),
        "thorough" => Ok(Policy::Thorough),
        "longest" => Ok(Policy::Longest),
        "all" => Ok(Policy::All),
        "none" => Ok(Policy::None),
        _ => Err(format!("no policy `{name}`: it is cautious, thorough, longest, all or none")),
    }
}

fn granularity(name: &str) -> Result<Segmentation, String> {
    match name {
        "lines" => Ok(Segmentation::Lines),
        "blocks" => Ok(Segmentation::Blocks),
        #[cfg(feature = "uax29")]
        "sentences" => Ok(Segmentation::Sentences),
        #[cfg(feature = "uax29")]
        "words" => Ok(Segmentation::Words),
        #[cfg(not(feature = "uax29"))]
        "sentences" | "words" => Err(format!("`{name}` need the feature uax29: build with --features uax29")),
        _ => Err(format!("no granularity `{name}`: it is lines, blocks, sentences or words")),
    }
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

fn output(text: &str, arguments: &Arguments) -> Result<String, String> {
    let cleaner = Cleaner::new().options(arguments.options.clone()).policy(arguments.policy);
    let edits = cleaner.settle(text);
    if let Some(path) = &arguments.html {
        let page = report::html(&Document::with_options(text, &arguments.options), &edits);
        fs::write(path, page).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(if arguments.report {
        edits.verdicts().iter().map(|verdict| format!("{}\n", line(verdict))).collect()
    } else {
        edits.apply().into_owned()
    })
}

fn line(verdict: &Verdict) -> Value {
    let span = |span: Span| json!({ "start": span.start(), "end": span.end() });
    json!({
        "original": span(verdict.original().span()),
        "copy": span(verdict.copy().span()),
        "segments": verdict.len(),
        "kind": verdict.kind().to_string(),
        "similarity": verdict.similarity(),
        "coverage": verdict.block().map_or(1.0, |block| block.coverage()),
        "holes": verdict.block().map_or(Vec::new(), |block| block.holes().map(|hole| hole.to_string()).collect()),
        "dropped": verdict.is_dropped(),
        "reason": verdict.reason(),
    })
}
