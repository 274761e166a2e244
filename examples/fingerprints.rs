//! Prints the fingerprint, the span and the first 40 characters of every line of a text.
//!
//! ```sh
//! cargo run --release --example fingerprints -- [FILE]
//! ```
//!
//! Without a file, the program reads the article that the tests use. Lines with the same
//! fingerprint have the same canonical form.

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;
use std::{env, fs};

use refrain::Document;

const ARTICLE: &str = include_str!("../tests/fixtures/article.txt");

fn main() -> ExitCode {
    let text = match env::args_os().nth(1) {
        None => ARTICLE.to_owned(),
        Some(path) => match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("fingerprints: {}: {error}", path.to_string_lossy());
                return ExitCode::from(2);
            }
        },
    };
    match print(&Document::new(&text)) {
        // The reader of a pipe may close it early.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("fingerprints: standard output: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

fn print(document: &Document<'_>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for segment in document.segments() {
        let start: String = segment.text().chars().take(40).collect();
        let span = segment.span().to_string();
        writeln!(out, "{}  {span:>13}  {start}", segment.fingerprint())?;
    }
    out.flush()
}
