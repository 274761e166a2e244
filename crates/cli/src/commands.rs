//! The commands.

pub mod apply;
mod batch;
pub mod clean;
pub mod contamination;
mod datatrove;
pub mod dedup;
mod each;
pub mod extras;
pub mod fingerprints;
pub mod near;
pub mod report;
mod rows;
mod staged;
mod texts;

use std::process::ExitCode;

use crate::interrupt;

/// The outcome of a command, which is its exit status.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Done,
    /// `--check` found something to remove.
    Found,
    /// An error stopped the command.
    Failed,
    /// Lines were bad, or inputs could not be read to their ends.
    Damaged,
    Interrupted,
}

impl Status {
    pub fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::Found => 1,
            Self::Failed => 2,
            Self::Damaged => 3,
            Self::Interrupted => interrupt::status(),
        })
    }
}
