//! Prints a line for every paragraph of a text: its fingerprint, where it stands, and how it begins.
//!
//! ```sh
//! cargo run --release --example fingerprints -- [FILE]
//! ```
//!
//! Without a file it takes the article that the tests use. Paragraphs with the same fingerprint are the same
//! but for case, white space and the like.

use std::process::ExitCode;

use refrain::Document;

const ARTICLE: &str = include_str!("../tests/fixtures/article.txt");

fn main() -> ExitCode {
    let text = match std::env::args_os().nth(1) {
        None => ARTICLE.to_owned(),
        // `read_to_string` says so if the file is not UTF-8.
        Some(path) => match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("fingerprints: {}: {error}", path.to_string_lossy());
                return ExitCode::from(2);
            }
        },
    };
    let lines: String = Document::new(&text)
        .segments()
        .map(|segment| {
            let start: String = segment.text().chars().take(40).collect();
            format!("{}  {:>13}  {start}\n", segment.fingerprint(), segment.span().to_string())
        })
        .collect();
    print(&lines)
}

/// Prints to standard output; it is no fault if nobody reads it to the end.
fn print(text: &str) -> ExitCode {
    use std::io::Write as _;
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("fingerprints: standard output: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
