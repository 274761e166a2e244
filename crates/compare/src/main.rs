//! The work of `refrain` and the same work done with what one would take instead, side by side in one process: prints
//! a table for each kind of work. With `--test` it checks the answers and measures nothing.
//!
//! ```sh
//! cargo run --release -p refrain-compare
//! cargo run --release -p refrain-compare -- near           # the last of them alone
//! cargo run --release -p refrain-compare -- near FILE.jsonl
//! cargo run --release -p refrain-compare -- --test
//! ```
//!
//! `REFRAIN_SHARED` may name a folder with texts in `corpus/*.txt.zst`; they are compared on too. The README beside
//! this has the tables, and says how fair they are.

mod fingerprints;
mod forms;
mod lines;
mod near;
mod texts;
mod work;

#[path = "../../../benches/common/mod.rs"]
mod common;
#[path = "../../../benches/common/plain.rs"]
mod plain;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            lines_and_forms(true)?;
            near::measure(None)
        }
        ["--test"] => {
            lines_and_forms(false)?;
            near::check();
            Ok(())
        }
        ["near"] => near::measure(None),
        ["near", "--test"] => {
            near::check();
            Ok(())
        }
        ["near", path] => near::measure(Some(Path::new(path))),
        _ => Err("nothing, --test, near, near --test, or near FILE.jsonl".into()),
    }
}

fn lines_and_forms(measured: bool) -> Result<(), Box<dyn Error>> {
    let texts = texts::all()?;
    if measured {
        println!("In a cell: processor time as a multiple of refrain's · megabytes of text a second of it.");
    }
    work::compare::<fingerprints::Fingerprints>(&texts, measured);
    work::compare::<lines::Same>(&texts, measured);
    work::compare::<lines::Alike>(&texts, measured);
    Ok(())
}
