//! Writes a report of what a text says twice: a page to look at, or a text for the terminal.
//!
//! ```sh
//! cargo run --release --example report -- [--text] [FILE | -] [-o OUT]
//! ```
//!
//! Without a file it reports on the article that the tests use. `-` is standard input. The page goes to `report.html` in
//! the folder where the program is started, or to `OUT`. With `--text` the report goes to standard output, in colours if
//! that is a terminal and `NO_COLOR` is not set, or to `OUT` without them. It exits with 2 if the text cannot be read.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _, Read as _, Write as _};
use std::process::ExitCode;

use refrain::report::{self, Colour};
use refrain::{Cleaner, Document};

const ARTICLE: &str = include_str!("../tests/fixtures/article.txt");
const PAGE: &str = "report.html";
const USAGE: &str = "usage: report [--text] [FILE | -] [-o OUT]";

#[derive(Default)]
struct Arguments {
    text: bool,
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
    let doc = Document::new(&text);
    let edits = Cleaner::new().settle(&text);
    let out = arguments.out.as_deref().or((!arguments.text).then_some(PAGE));
    let report = match (arguments.text, out) {
        (false, _) => report::html(&doc, &edits),
        (true, None) if in_colour() => report::text(&doc, &edits, Colour::Ansi),
        (true, _) => report::text(&doc, &edits, Colour::None),
    };
    let (name, written) = match out {
        Some(path) => (path, fs::write(path, report)),
        None => {
            let mut stdout = io::stdout().lock();
            ("standard output", stdout.write_all(report.as_bytes()).and_then(|()| stdout.flush()))
        }
    };
    match written {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("report: {name}: {error}");
            ExitCode::FAILURE
        }
        Ok(()) => {
            if out.is_some() {
                eprintln!("report: it is in {name}");
            }
            ExitCode::SUCCESS
        }
    }
}

fn in_colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn arguments() -> Result<Arguments, String> {
    let mut all = Arguments::default();
    let mut rest = std::env::args_os().skip(1).map(|argument| {
        argument.into_string().map_err(|name| format!("{name:?} is no name in UTF-8; {USAGE}"))
    });
    while let Some(argument) = rest.next() {
        let argument = argument?;
        match argument.as_str() {
            "--text" => all.text = true,
            "-o" => {
                let out = rest.next().ok_or_else(|| format!("`-o` wants the name of a file; {USAGE}"))??;
                if let Some(first) = all.out.replace(out.clone()) {
                    return Err(format!("one file to write, not `{first}` and `{out}`; {USAGE}"));
                }
            }
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("no option `{option}`; {USAGE}"));
            }
            _ => {
                if let Some(first) = all.source.replace(argument.clone()) {
                    return Err(format!("one text at a time, not `{first}` and `{argument}`; {USAGE}"));
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
        format!("{name}: not UTF-8 at byte {at}: convert it first, for example with iconv")
    })
}
