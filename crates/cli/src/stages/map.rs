//! The files of the first step, one for each input.

use std::path::PathBuf;

use anyhow::Result;

use super::file::{Header, StageFile};
use crate::pipeline::{Outcome, Sink};

/// Writes the batches of each input to a file of its own.
pub struct MapSink<'a> {
    /// The file of each input, and its first line.
    files: &'a [(PathBuf, Header)],
    current: Option<StageFile>,
}

impl<'a> MapSink<'a> {
    pub fn new(files: &'a [(PathBuf, Header)]) -> Self {
        Self { files, current: None }
    }
}

impl Sink for MapSink<'_> {
    fn take(&mut self, outcome: Outcome) -> Result<()> {
        if outcome.is_first {
            let (path, header) = &self.files[outcome.input];
            self.current = Some(StageFile::create(path, &header.line()?)?);
        }
        if let Some(file) = &mut self.current {
            file.write(&outcome.output)?;
        }
        self.current.take_if(|_| outcome.is_last).map_or(Ok(()), StageFile::finish)
    }
}
