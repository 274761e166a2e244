//! A list of spans to remove, by the ids of their documents.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::{Context as _, Result, anyhow, bail};
use serde::Deserialize;
use serde_json::Value;
use xxhash_rust::xxh3::Xxh3;

use crate::input::{Batches, Format, discover};

/// A list of spans to remove.
pub struct List {
    items: HashMap<String, Item>,
    /// The hash of all lines.
    pub digest: u128,
}

#[derive(Default)]
struct Item {
    is_removed: bool,
    ranges: Vec<Range<usize>>,
    is_used: AtomicBool,
}

/// The part of the list for one document.
#[derive(Debug)]
pub struct Entry<'a> {
    /// True if the whole document is to be left out.
    pub is_removed: bool,
    pub ranges: &'a [Range<usize>],
    /// True if an earlier document had the same id.
    pub is_used: bool,
}

/// A line: a document with its spans, or with one of them.
#[derive(Deserialize)]
struct Line {
    id: Value,
    #[serde(default)]
    removed: bool,
    #[serde(default)]
    edits: Vec<Edit>,
    start: Option<usize>,
    end: Option<usize>,
}

#[derive(Deserialize)]
struct Edit {
    start: usize,
    end: usize,
}

impl List {
    /// Reads the files and folders `paths`.
    pub fn read(paths: &[String]) -> Result<Self> {
        let inputs = discover(paths, None, Some(Format::Jsonl)).context("--edits")?;
        let mut items: HashMap<String, Item> = HashMap::new();
        let mut hash = Xxh3::new();
        let order = (0..inputs.len()).collect();
        let mut batches = Batches::new(&inputs, order, None, Arc::new(AtomicU64::new(0)));
        let mut buffer = Vec::new();
        while let Some(batch) = batches.next(buffer)? {
            let name = inputs[batch.input].name();
            if let Some(why) = batch.broken {
                bail!("{name}: {why}");
            }
            hash.update(&batch.bytes);
            for (number, line) in (batch.first..).zip(batch.bytes.split(|byte| *byte == b'\n')) {
                if !line.iter().all(u8::is_ascii_whitespace) {
                    add(line, &mut items).with_context(|| format!("{name}, line {number}"))?;
                }
            }
            buffer = batch.bytes;
        }
        Ok(Self { items, digest: hash.digest128() })
    }

    /// Returns the part of the list for the document `id`.
    pub fn get(&self, id: &Value) -> Option<Entry<'_>> {
        let item = self.items.get(&id.to_string())?;
        let is_used = item.is_used.swap(true, Ordering::Relaxed);
        Some(Entry { is_removed: item.is_removed, ranges: &item.ranges, is_used })
    }

    /// Returns whether the list removes nothing.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

fn add(line: &[u8], items: &mut HashMap<String, Item>) -> Result<()> {
    let expected =
        "expected an id, or an object with an `id` and `edits`, or with an `id`, a `start` and an `end`";
    // The list of ids that `--write ids` writes.
    if line.first() != Some(&b'{') {
        let id: Value = serde_json::from_slice(line).ok().context(expected)?;
        items.entry(id.to_string()).or_default().is_removed = true;
        return Ok(());
    }
    let line: Line = serde_json::from_slice(line).map_err(|error| anyhow!("{expected}: {error}"))?;
    let mut ranges: Vec<Range<usize>> = line.edits.iter().map(|edit| edit.start..edit.end).collect();
    match (line.start, line.end) {
        (Some(start), Some(end)) => ranges.push(start..end),
        (None, None) => {}
        _ => bail!("{expected}"),
    }
    // Most documents of a list lose nothing.
    if line.removed || !ranges.is_empty() {
        let item = items.entry(line.id.to_string()).or_default();
        item.is_removed |= line.removed;
        item.ranges.append(&mut ranges);
    }
    Ok(())
}
