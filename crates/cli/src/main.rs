//! The command `refrain`: removes repeated text from JSONL, WET and text files.

mod args;
mod cli;
mod commands;
mod document;
mod input;
mod interrupt;
mod output;
mod pipeline;
mod progress;
mod stages;
mod table;
mod totals;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use cli::{Cli, Command};
use commands::Status;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ended = interrupt::listen().and_then(|()| match cli.command {
        Command::Clean(args) => commands::clean::run(&args),
        Command::Dedup(args) => commands::dedup::run(&args),
        Command::Near(args) => commands::near::run(&args),
        Command::Apply(args) => commands::apply::run(&args),
        Command::Report(args) => commands::report::run(&args),
        Command::Fingerprints(args) => commands::fingerprints::run(&args),
        Command::Contamination(args) => commands::contamination::run(&args),
        Command::Completions(args) => commands::extras::completions(&args, &mut Cli::command()),
        Command::Man => commands::extras::man(Cli::command()),
    });
    match ended {
        Ok(status) => {
            if status == Status::Interrupted {
                output::tell(format_args!("{}\n", interrupt::MESSAGE));
            }
            status.code()
        }
        // The reader of a pipe may close it early.
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::tell(format_args!("refrain: {error:#}\n"));
            Status::Failed.code()
        }
    }
}
