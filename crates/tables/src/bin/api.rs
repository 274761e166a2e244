//! Prints the public API of `refrain`, one item a line, from the JSON that rustdoc writes.
//!
//! ```text
//! .ci/public-api > tests/public_api.txt
//! ```
//!
//! The snapshot in `tests/public_api.txt` shows every change of the public surface in review.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("expected the path of a JSON file of rustdoc; run .ci/public-api");
        return ExitCode::from(2);
    };
    let api = public_api::Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build();
    match api {
        Ok(api) => {
            print!("{api}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot read the JSON of this toolchain: {error}");
            ExitCode::from(3)
        }
    }
}
