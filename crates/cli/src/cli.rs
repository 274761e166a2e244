//! The command line.

use clap::{Parser, Subcommand};

use crate::commands::{apply, clean, contamination, dedup, extras, fingerprints, near, report};

/// Returns the sentence about the folders of outputs.
macro_rules! continued {
    () => {
        " If a run that writes to a folder was stopped, the same command continues it, if --force is not given."
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
            "3, done, but lines were not documents",
            $list,
            "; 130, 143 or 129, stopped by Ctrl-C, SIGTERM or SIGHUP.",
            $folder
        )
    };
}

const ALL: &str = after!(
    "1, `--check` found something to remove; ",
    ", inputs were truncated, or `apply` found no document of its list",
    continued!()
);

const REMOVES: &str =
    after!("1, `--check` found something to remove; ", ", or inputs were truncated", continued!());

const WRITES: &str = after!("", ", or inputs were truncated", continued!());

const SHOWS: &str = after!("", ", or inputs were truncated", "");

/// The help of `--output` for a command that writes one file.
const FILE: &str = "Write to this file, or to standard output if PATH is `-`, which is the default for \
standard input";

/// The help of `--dry-run` for a command without a forecast.
const TABLE: &str = "Write no output; show the table";

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
    Report(Box<report::Args>),
    /// Write the fingerprints of the segments of each document, as lines of JSON
    #[command(after_help = WRITES, allow_negative_numbers = true)]
    Fingerprints(Box<fingerprints::Args>),
    /// Report how much of each item of an evaluation set occurs in documents
    #[command(after_help = SHOWS, allow_negative_numbers = true, mut_arg("output", |arg| arg.help(FILE)), mut_arg("dry_run", |arg| arg.help(TABLE)))]
    Contamination(Box<contamination::Args>),
    /// Print a file of completions for a shell
    #[command(hide = true)]
    Completions(extras::Completions),
    /// Print the manual page, in the format of man
    #[command(hide = true)]
    Man,
}
