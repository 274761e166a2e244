//! A single output for all inputs: standard output or a file. Or none.

use std::io::{Write as _, stdout};
use std::path::Path;

use anyhow::{Context as _, Result};

use super::frames::{Encoder, Level};
use super::part::PartFile;
use crate::input::Compression;
use crate::pipeline::{Outcome, Sink};
use crate::totals::Totals;

/// A single output.
pub struct Stream {
    /// The file, or `None` for standard output.
    file: Option<PartFile>,
    removed: Option<PartFile>,
    compression: Compression,
    is_empty: bool,
    totals: Totals,
}

impl Stream {
    /// Creates an output: the file `path`, or standard output.
    pub fn create(path: Option<&Path>, compression: Compression, removed: Option<&Path>) -> Result<Self> {
        let file = path.map(PartFile::create).transpose()?;
        let removed = removed.map(PartFile::create).transpose()?;
        Ok(Self { file, removed, compression, is_empty: true, totals: Totals::default() })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.is_empty &= bytes.is_empty();
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => {
                let mut out = stdout().lock();
                out.write_all(bytes).and_then(|()| out.flush()).context("standard output")
            }
        }
    }

    /// Finishes the output, and returns the counts of all inputs.
    pub fn finish(mut self) -> Result<Totals> {
        if self.is_empty {
            let frame = Encoder::new(Level { given: None }).whole_frame(Vec::new(), self.compression)?;
            self.write(&frame)?;
        }
        if let Some(removed) = self.removed {
            removed.finish()?;
        }
        if let Some(file) = self.file {
            file.finish()?;
        }
        Ok(self.totals)
    }
}

impl Sink for Stream {
    fn take(&mut self, outcome: Outcome) -> Result<()> {
        self.write(&outcome.output)?;
        if let Some(removed) = &mut self.removed {
            removed.write(&outcome.removed)?;
        }
        self.totals.add(&outcome.totals);
        Ok(())
    }
}

/// No output: only counts.
#[derive(Debug, Default)]
pub struct Nothing {
    pub totals: Totals,
    /// The bytes that would have been written.
    pub bytes: u64,
}

impl Sink for Nothing {
    fn take(&mut self, outcome: Outcome) -> Result<()> {
        self.bytes += outcome.output.len() as u64;
        self.totals.add(&outcome.totals);
        Ok(())
    }
}
