//! A list of spans to remove, by the ids of their documents.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::{Context as _, Result, anyhow, bail};
use serde::Deserialize;
use serde_json::value::RawValue;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::written;
use crate::document::{key, lines};
use crate::input::{Batch, Batches, Input};
use crate::pipeline::{self, End, Sink};

/// A list of spans to remove.
#[derive(Default)]
pub struct List {
    /// The number of the entry of each id, as JSON.
    numbers: HashMap<String, u32>,
    items: Vec<Item>,
    hash: Xxh3,
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
    pub number: u32,
    /// True if the whole document is to be left out.
    pub is_removed: bool,
    pub ranges: &'a [Range<usize>],
}

/// A line: a document with its spans, or with one of them.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    removed: Option<bool>,
    edits: Option<Vec<Edit>>,
    start: Option<usize>,
    end: Option<usize>,
}

#[derive(Deserialize)]
struct Edit {
    start: usize,
    end: usize,
}

/// The lines of a batch that remove something, and the hash of all of its lines.
struct Parsed {
    lines: Vec<(String, bool, Vec<Range<usize>>)>,
    hash: u128,
}

impl List {
    /// Reads the files `inputs`. Returns `None` after Ctrl-C.
    pub fn read(inputs: &[Input], threads: usize) -> Result<Option<Self>> {
        let order = (0..inputs.len()).collect();
        let batches = Batches::new(inputs, order, None, Arc::new(AtomicU64::new(0)));
        let work = |(): &mut (), batch: &mut Batch| {
            let name = inputs[batch.input].name();
            if let Some(why) = &batch.broken {
                bail!("{name}: {why}");
            }
            let mut parsed_lines = Vec::new();
            for (number, line) in (batch.first..).zip(lines(&batch.bytes)) {
                if !line.iter().all(u8::is_ascii_whitespace) {
                    let parsed = parse(line).with_context(|| format!("{name}, line {number}"))?;
                    // Most documents of a list lose nothing.
                    parsed_lines
                        .extend(Some(parsed).filter(|(_, removed, ranges)| *removed || !ranges.is_empty()));
                }
            }
            Ok(Parsed { lines: parsed_lines, hash: xxh3_128(&batch.bytes) })
        };
        let mut list = Self::default();
        let end = pipeline::run(batches, threads, || (), work, &mut list)?;
        Ok((end == End::Done).then_some(list))
    }

    /// Returns the hash of all lines.
    pub fn digest(&self) -> u128 {
        self.hash.digest128()
    }

    /// Returns the part of the list for the document with the id `key`, as JSON.
    pub fn get(&self, key: &str) -> Option<Entry<'_>> {
        let number = *self.numbers.get(key)?;
        let item = &self.items[number as usize];
        Some(Entry { number, is_removed: item.is_removed, ranges: &item.ranges })
    }

    /// Notes that an earlier run has used the entries with the numbers in `ranges`.
    pub fn mark(&self, ranges: &[(u32, u32)]) {
        for item in ranges.iter().filter_map(|(start, end)| self.items.get(*start as usize..*end as usize)) {
            item.iter().for_each(|item| item.is_used.store(true, Ordering::Relaxed));
        }
    }

    /// Returns whether a document has used the entry `number`.
    pub fn is_used(&self, number: u32) -> bool {
        self.items.get(number as usize).is_some_and(|item| item.is_used.load(Ordering::Relaxed))
    }

    /// Notes that a document uses the entry `number`, or returns the id if an earlier document has
    /// used this entry.
    pub fn claim(&self, number: u32) -> Result<(), &str> {
        match self.items[number as usize].is_used.swap(true, Ordering::Relaxed) {
            false => Ok(()),
            true => {
                let entry = self.numbers.iter().find(|(_, of_id)| **of_id == number);
                Err(entry.map_or("", |(id, _)| id))
            }
        }
    }

    /// Returns whether the list removes nothing.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Sink<Parsed> for List {
    fn take(&mut self, parsed: Parsed) -> Result<()> {
        self.hash.update(&parsed.hash.to_le_bytes());
        for (id, is_removed, mut ranges) in parsed.lines {
            let next = u32::try_from(self.items.len()).context("expected fewer than 2^32 ids in the list")?;
            let number = *self.numbers.entry(id).or_insert(next);
            if number == next {
                self.items.push(Item::default());
            }
            let item = &mut self.items[number as usize];
            item.is_removed |= is_removed;
            item.ranges.append(&mut ranges);
        }
        Ok(())
    }
}

/// Returns the id of a line as JSON, whether the document is removed, and the spans to remove.
fn parse(line: &[u8]) -> Result<(String, bool, Vec<Range<usize>>)> {
    match written::parse(line) {
        Some((id, is_removed, ranges)) => Ok((id.to_owned(), is_removed, ranges)),
        None => parse_json(line),
    }
}

/// Like [`parse`], for lines of any form.
pub fn parse_json(line: &[u8]) -> Result<(String, bool, Vec<Range<usize>>)> {
    let expected =
        "expected an id, or an object with an `id` and `edits`, or with an `id`, a `start` and an `end`";
    // The list of ids that `--write ids` writes.
    if line.trim_ascii_start().first() != Some(&b'{') {
        let id = serde_json::from_slice(line).ok().and_then(key).context(expected)?;
        return Ok((id.into_owned(), true, Vec::new()));
    }
    let line: Line<'_> = serde_json::from_slice(line).map_err(|error| match error.is_data() {
        true => anyhow!("{expected}; positions are whole numbers from 0"),
        false => anyhow!("expected JSON: {error}"),
    })?;
    let Some(id) = key(line.id) else { bail!("{expected}, found the id {}", line.id) };
    let has_edits = line.edits.is_some();
    let edits = line.edits.unwrap_or_default().into_iter();
    let mut ranges: Vec<Range<usize>> = edits.map(|edit| edit.start..edit.end).collect();
    match (line.start, line.end) {
        (Some(start), Some(end)) => ranges.push(start..end),
        (None, None) if has_edits || line.removed.is_some() => {}
        // Such as a document in the place of its edits.
        _ => bail!("{expected}"),
    }
    Ok((id.into_owned(), line.removed.unwrap_or_default(), ranges))
}
