//! The first lines of the files of stages. A file has its name only when it is whole, so the first
//! line is enough to see that it is the one that is wanted.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use crate::output::{Settings, State};

/// The first line of the file of an input: everything that its content depends on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Header {
    pub settings: Settings,
    pub state: State,
}

impl Header {
    /// Returns the first line, without its end.
    pub fn line(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }
}

/// Returns whether `path` is a file with this first line.
pub fn begins_with(path: &Path, line: &str) -> bool {
    let read = || -> Option<String> {
        let mut first = String::new();
        BufReader::new(File::open(path).ok()?).read_line(&mut first).ok()?;
        Some(first)
    };
    read().is_some_and(|first| first.trim_end() == line)
}
