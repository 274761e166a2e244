//! Options that choose how a command runs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// When progress is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum When {
    Auto,
    Never,
}

/// Options that choose how a command runs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Running")]
pub struct RunArgs {
    /// Run on N threads, by default on all cores. The output does not depend on the number
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// `auto` shows a bar on a terminal and a line a minute elsewhere; `never` shows nothing
    #[arg(long, value_name = "CHOICE", default_value = "auto", hide_possible_values = true)]
    pub progress: When,
    /// Also write the table as a JSON object; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub stats: Option<PathBuf>,
    /// Show neither progress nor the table
    #[arg(short, long)]
    pub quiet: bool,
}

impl RunArgs {
    /// Returns the number of threads.
    pub fn threads(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(all, usize::from)
    }

    pub fn progress(&self) -> When {
        if self.quiet { When::Never } else { self.progress }
    }
}
