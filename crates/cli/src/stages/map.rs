//! The files of the first step, one for each input.

use std::path::PathBuf;

use anyhow::Result;

use super::file::{Header, StageFile};
use crate::output::{MANY, MUCH, sync_all};
use crate::pipeline::{Outcome, Sink};

/// Writes the batches of each input to a file of its own.
pub struct MapSink<'a> {
    /// The file of each input, and its first line.
    files: &'a [(PathBuf, Header)],
    /// True if the files are made durable.
    is_kept: bool,
    current: Option<StageFile>,
    /// Files that are written, and not yet durable.
    written: Vec<StageFile>,
}

impl<'a> MapSink<'a> {
    pub fn new(files: &'a [(PathBuf, Header)], is_kept: bool) -> Self {
        Self { files, is_kept, current: None, written: Vec::new() }
    }

    /// Makes files durable, and gives them their names.
    pub fn commit(&mut self) -> Result<()> {
        let mut written = std::mem::take(&mut self.written);
        sync_all(&mut written, StageFile::sync)?;
        written.into_iter().try_for_each(StageFile::rename)
    }
}

impl Sink for MapSink<'_> {
    fn take(&mut self, outcome: Outcome) -> Result<()> {
        if outcome.is_first {
            let (path, header) = &self.files[outcome.input];
            self.current = Some(StageFile::create(path, &header.line()?, self.is_kept)?);
        }
        if let Some(file) = &mut self.current {
            file.write(&outcome.output)?;
        }
        self.written.extend(self.current.take_if(|_| outcome.is_last));
        let bytes: u64 = self.written.iter().map(StageFile::bytes).sum();
        if self.written.len() >= MANY || bytes >= MUCH { self.commit() } else { Ok(()) }
    }
}
