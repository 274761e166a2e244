//! The outputs of the inputs in a folder.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::input::{Compression, Format, Input};

/// The output of an input in a folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Job {
    /// The path below the folder.
    pub relative: PathBuf,
    pub compression: Compression,
}

/// Returns the output of each of `inputs`. If the outputs are not documents in the format of the
/// inputs, they are JSONL, and are named so.
pub fn plan(inputs: &[Input], compression: Option<Compression>, is_documents: bool) -> Result<Vec<Job>> {
    let mut first: HashMap<PathBuf, usize> = HashMap::new();
    let mut jobs = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        let as_input = input.compression();
        let compression = compression.unwrap_or(as_input);
        let name = input.relative.file_name().unwrap_or_default().to_string_lossy();
        let mut name = name[..name.len() - as_input.ending().len()].to_owned();
        if !is_documents && input.format != Format::Jsonl {
            name += ".jsonl";
        }
        let relative = input.relative.with_file_name(name + compression.ending());
        if let Some(other) = first.insert(relative.clone(), index) {
            let is_one_folder = input.folder.is_some() && input.folder == inputs[other].folder;
            let remedy = if is_one_folder {
                "write them to two folders"
            } else {
                "give the folder that contains both"
            };
            bail!(
                "expected inputs with different names for one output folder, found {} and {}, whose outputs \
                 would both be {}; {remedy}",
                inputs[other].name(),
                input.name(),
                relative.display()
            );
        }
        jobs.push(Job { relative, compression });
    }
    Ok(jobs)
}
