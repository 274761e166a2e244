//! The files of fingerprints, one for each input.

use std::path::PathBuf;

use anyhow::Result;

use super::header::Header;
use crate::output::PartFile;
use crate::pipeline::{Outcome, Sink};
use crate::totals::Totals;

/// Writes the batches of each input to a file of its own.
pub struct MapSink<'a> {
    /// The file of each input, and its first line.
    pub files: &'a [(PathBuf, Header)],
    pub current: Option<PartFile>,
    pub totals: Totals,
}

impl Sink for MapSink<'_> {
    fn take(&mut self, outcome: Outcome) -> Result<()> {
        if outcome.is_first {
            let (path, header) = &self.files[outcome.input];
            let mut file = PartFile::create(path)?;
            file.write(format!("{}\n", header.line()?).as_bytes())?;
            self.current = Some(file);
        }
        if let Some(file) = &mut self.current {
            file.write(&outcome.output)?;
        }
        self.totals.add(&outcome.totals);
        match self.current.take_if(|_| outcome.is_last) {
            Some(file) => file.finish(),
            None => Ok(()),
        }
    }
}
