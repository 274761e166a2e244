//! Compares `refrain` with other crates: measures each task with each method in one process, and
//! prints a table for each task. With `--test`, the program checks the results and measures
//! nothing.
//!
//! ```sh
//! cargo run --release -p refrain-compare
//! cargo run --release -p refrain-compare -- near           # near duplicates alone
//! cargo run --release -p refrain-compare -- near FILE.jsonl
//! cargo run --release -p refrain-compare -- passages       # exact passages alone
//! cargo run --release -p refrain-compare -- passages FILE.jsonl
//! cargo run --release -p refrain-compare -- --test
//! ```
//!
//! If `REFRAIN_SHARED` names a folder with files `corpus/*.txt.zst`, these texts are used too. The
//! README of this crate has the tables and describes the method.

mod fingerprints;
mod forms;
mod lines;
mod near;
mod passages;
mod texts;
mod work;

#[path = "../../../benches/common/mod.rs"]
mod common;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            lines_and_forms(true)?;
            near::measure(None)?;
            passages::measure(None)
        }
        ["--test"] => {
            lines_and_forms(false)?;
            near::check();
            passages::check()
        }
        ["passages"] => passages::measure(None),
        ["passages", "--test"] => passages::check(),
        ["passages", path] => passages::measure(Some(Path::new(path))),
        ["near"] => near::measure(None),
        ["near", "--test"] => {
            near::check();
            Ok(())
        }
        ["near", path] => near::measure(Some(Path::new(path))),
        _ => Err("usage: refrain-compare [near | passages] [--test | FILE.jsonl]".into()),
    }
}

fn lines_and_forms(is_measured: bool) -> Result<(), Box<dyn Error>> {
    let texts = texts::all()?;
    if is_measured {
        println!(
            "Each cell has the processor time as a multiple of that of refrain, and the speed in megabytes of text per \
             second."
        );
    }
    work::compare::<fingerprints::Fingerprints>(&texts, is_measured);
    work::compare::<lines::EqualBytes>(&texts, is_measured);
    work::compare::<lines::EqualForms>(&texts, is_measured);
    Ok(())
}
