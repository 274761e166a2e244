//! The work of `refrain` and the same work done with what one would take instead, side by side in one process: prints
//! a table for each kind of work. With `--test` it checks the answers and measures nothing.
//!
//! ```sh
//! cargo run --release -p refrain-compare
//! cargo run --release -p refrain-compare -- --test
//! ```
//!
//! `REFRAIN_SHARED` may name a folder with texts in `corpus/*.txt.zst`; they are compared on too. The README beside
//! this has the tables, and says how fair they are.

mod fingerprints;
mod forms;
mod lines;
mod texts;
mod work;

#[path = "../../../benches/common/mod.rs"]
mod common;
#[path = "../../../benches/common/plain.rs"]
mod plain;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let measured = !std::env::args().any(|argument| argument == "--test");
    let texts = texts::all()?;
    if measured {
        println!("In a cell: processor time as a multiple of refrain's · megabytes of text a second of it.");
    }
    work::compare::<fingerprints::Fingerprints>(&texts, measured);
    work::compare::<lines::Same>(&texts, measured);
    work::compare::<lines::Alike>(&texts, measured);
    Ok(())
}
