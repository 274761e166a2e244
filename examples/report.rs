//! Writes a report on the repeats of a text, as an HTML page or as text for a terminal.
//!
//! ```sh
//! cargo run --release --example report -- [--text [--width N] [--families]] [FILE | -] [-o OUT]
//! ```
//!
//! Without a file, the program reports on the article that the tests use. `-` is standard input.
//! The page is written to `report.html` in the current folder, or to `OUT`. With `--text`, the
//! report is written to standard output, in colors if that is a terminal and `NO_COLOR` is not set,
//! or to `OUT` without colors; `--width N` wraps the text at that many columns, and `--families`
//! leaves the text out. The exit status is 2 if the text cannot be read.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _, Read as _, Write as _};
use std::process::ExitCode;

use refrain::report::{Color, Report};
use refrain::{Cleaner, Document, Policy};

const ARTICLE: &str = include_str!("../tests/fixtures/article.txt");
const PAGE: &str = "report.html";
const USAGE: &str = "usage: report [--text [--width N] [--families]] [FILE | -] [-o OUT]";

#[derive(Default)]
struct Arguments {
    text: bool,
    width: Option<usize>,
    families: bool,
    source: Option<String>,
    out: Option<String>,
}

fn main() -> ExitCode {
    let (arguments, text) = match arguments().and_then(|a| read(a.source.as_deref()).map(|text| (a, text))) {
        Ok(read) => read,
        Err(message) => {
            eprintln!("report: {message}");
            return ExitCode::from(2);
        }
    };
    let document = Document::new(&text);
    let edits = Cleaner::new().edits_of(&document);
    let out = arguments.out.as_deref().or((!arguments.text).then_some(PAGE));
    let mut report = Report::new(&document, &edits).policy(Policy::default());
    if let Some(name) = arguments.source.as_deref().filter(|name| *name != "-") {
        report = report.name(name);
    }
    if let Some(width) = arguments.width {
        report = report.width(width);
    }
    if arguments.families {
        report = report.families_only();
    }
    let report = match (arguments.text, out) {
        (false, _) => report.html(),
        (true, None) if in_color() => report.color(Color::Ansi).text(),
        (true, _) => report.text(),
    };
    let (name, written) = match out {
        // A full disk leaves no half of a report under the name.
        Some(path) => {
            let unfinished = format!("{path}.unfinished");
            let written = fs::write(&unfinished, report).and_then(|()| fs::rename(&unfinished, path));
            if written.is_err() {
                drop(fs::remove_file(unfinished));
            }
            (path, written)
        }
        None => {
            let mut stdout = io::stdout().lock();
            ("standard output", stdout.write_all(report.as_bytes()).and_then(|()| stdout.flush()))
        }
    };
    match written {
        // The reader of a pipe may close it early.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("report: {name}: {error}");
            ExitCode::FAILURE
        }
        Ok(()) => {
            if out.is_some() {
                eprintln!("report: written to {name}");
            }
            ExitCode::SUCCESS
        }
    }
}

fn in_color() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn arguments() -> Result<Arguments, String> {
    let mut all = Arguments::default();
    let mut rest = std::env::args_os().skip(1).map(|argument| {
        argument.into_string().map_err(|name| {
            format!("expected an argument in UTF-8, found `{}`; {USAGE}", name.to_string_lossy())
        })
    });
    while let Some(argument) = rest.next() {
        let argument = argument?;
        match argument.as_str() {
            "--text" => all.text = true,
            "--families" => all.families = true,
            "--width" => {
                let width =
                    rest.next().ok_or_else(|| format!("expected a number after `--width`; {USAGE}"))??;
                let error = |_| format!("--width: expected a number of columns, found `{width}`");
                all.width = Some(width.parse().map_err(error)?);
            }
            "-o" => {
                let out =
                    rest.next().ok_or_else(|| format!("expected a file name after `-o`; {USAGE}"))??;
                if let Some(first) = all.out.replace(out.clone()) {
                    return Err(format!("expected one output file, found `{first}` and `{out}`; {USAGE}"));
                }
            }
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("unknown option `{option}`; {USAGE}"));
            }
            _ => {
                if let Some(first) = all.source.replace(argument.clone()) {
                    return Err(format!("expected one text, found `{first}` and `{argument}`; {USAGE}"));
                }
            }
        }
    }
    Ok(all)
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
        let found = error.as_bytes()[at];
        format!(
            "{name}: expected UTF-8, found the byte {found:#04x} at byte {at}; convert the text first, for \
             example with iconv"
        )
    })
}
