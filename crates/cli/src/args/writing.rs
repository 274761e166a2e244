//! Options of the commands that remove something from documents.

use anyhow::Result;
use clap::Args;

use super::{FolderArgs, OffsetArgs, OutputArgs, RemovalArgs, RunArgs, Target};
use crate::input::Input;

/// Options of the commands that remove something from documents.
#[derive(Debug, Args)]
pub struct WritingArgs {
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub removals: RemovalArgs,
    #[command(flatten)]
    pub offsets: OffsetArgs,
    #[command(flatten)]
    pub folder: FolderArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

impl WritingArgs {
    /// Returns the place of the output. `is_documents` is whether the output has the format of the
    /// inputs; otherwise it is lines of JSON.
    pub fn target(&self, inputs: &[Input], is_documents: bool) -> Result<Target> {
        self.output.target(inputs, is_documents, Some(&self.removals), &self.run)
    }

    /// Returns a line of text that differs if the options differ on which outputs depend.
    pub fn describe(&self) -> String {
        format!("{}, offsets {}", self.output.describe(), self.offsets.offsets)
    }
}
