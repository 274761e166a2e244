//! The command line.

use clap::{Parser, Subcommand};

use crate::commands::{apply, clean, contamination, dedup, extras, fingerprints, near, report};

/// Returns the sentence about the folders of outputs.
macro_rules! continued {
    () => {
        " If a run that writes to a folder was stopped, the same command continues it, unless --force is given."
    };
}

/// Returns the end of a help text, with what is only true of some commands.
macro_rules! after {
    ($check:expr, $list:expr, $folder:expr) => {
        concat!(
            "Inputs are files, folders, quoted globs, or `-` for standard input. Names end in .jsonl, ",
            ".ndjson, .json, .txt or .wet, or in one of these with .gz or .zst.\n\n",
            "Exit status: 0, done; ",
            $check,
            "2, stopped by an error, such as wrong usage or a file that cannot be read or written; ",
            "3, done, but some lines were not documents",
            $list,
            "; 130, 143 or 129, stopped by Ctrl-C, SIGTERM or SIGHUP.",
            $folder
        )
    };
}

const ALL: &str = after!(
    "1, `--check` found something to remove; ",
    ", some inputs were truncated, or `apply` found none of the documents in its list",
    continued!()
);

const REMOVES: &str =
    after!("1, `--check` found something to remove; ", ", or some inputs were truncated", continued!());

const WRITES: &str = after!("", ", or some inputs were truncated", continued!());

const SHOWS: &str = after!("", ", or some inputs were truncated", "");

/// The help of `--output` for a command that writes one file.
const FILE: &str = "Write to this file, or to standard output if PATH is `-`, which is the default for \
standard input";

/// The help of `--compression` and `--level` for a command that writes one file.
const COMPRESSION: &str = "Compress with `gz` or `zst`, or with `none`. By default, the name of the output \
file decides";
const LEVEL: &str = "The level of the compression: 1 to 9 for gz, 1 to 19 for zst. The defaults are 6 and 3";

/// The help of `--offsets` for a command that writes no attributes.
const OFFSETS: &str = "The unit of positions: `chars` (code points, as Python counts), `bytes`, or `utf16`";

/// The help of `--dry-run` for a command without a forecast.
const TABLE: &str = "Write no output; show the table";

/// The help of `--bad` for a command that writes no documents.
const BAD: &str = "With `stop`, end with an error at a line that is not a document. By default, such lines are \
left out";

/// Returns an option of a command that writes one file, with its own help.
fn of_one_file(option: clap::Arg) -> clap::Arg {
    match option.get_id().as_str() {
        "bad" => option.help(BAD).hide_default_value(true),
        "output" => option.help(FILE),
        "compression" => option.help(COMPRESSION),
        "level" => option.help(LEVEL),
        "offsets" => option.help(OFFSETS),
        "dry_run" => option.help(TABLE),
        _ => option,
    }
}

/// Finds text that occurs more than once, and removes it on request
#[derive(Debug, Parser)]
#[command(name = "refrain", version, max_term_width = 100, after_help = ALL)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Remove repeated blocks from each document, such as a body that was printed twice
    #[command(after_help = REMOVES, allow_negative_numbers = true)]
    Clean(Box<clean::Args>),
    /// Remove the lines, paragraphs, sentences or passages that an earlier document has, or whole
    /// documents
    #[command(after_help = REMOVES, allow_negative_numbers = true)]
    Dedup(Box<dedup::Args>),
    /// Leave out documents that are nearly the same as others
    #[command(after_help = REMOVES, allow_negative_numbers = true)]
    Near(Box<near::Args>),
    /// Remove the spans of a list, made by another command or by another program
    #[command(after_help = ALL, allow_negative_numbers = true)]
    Apply(Box<apply::Args>),
    /// Show one document: the text in colors, its repeats, and the reasons to remove or keep them
    #[command(after_help = SHOWS, allow_negative_numbers = true)]
    #[command(mut_arg("bad", |arg| arg.help(BAD).hide_default_value(true)))]
    Report(Box<report::Args>),
    /// Write the fingerprints of the segments of each document, as lines of JSON
    #[command(after_help = WRITES, allow_negative_numbers = true)]
    #[command(mut_arg("bad", |arg| arg.help(BAD).hide_default_value(true)))]
    Fingerprints(Box<fingerprints::Args>),
    /// Report how much of each item of an evaluation set occurs in documents
    #[command(after_help = SHOWS, allow_negative_numbers = true)]
    #[command(mut_args(of_one_file))]
    Contamination(Box<contamination::Args>),
    /// Print a file of completions for a shell
    #[command(hide = true)]
    Completions(extras::Completions),
    /// Print the manual page, in the format of man
    #[command(hide = true)]
    Man,
}
