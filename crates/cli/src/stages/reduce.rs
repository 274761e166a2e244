//! The segments that an earlier document has, from the fingerprints of all inputs.
//!
//! Partitions are independent of each other. In one pass, as many of them are in memory as fit.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};
use refrain::Fingerprint;

use super::drops::{Drop, Writer};
use super::file::{Header, damaged};
use super::prints::{Documents, PARTITIONS, PrintsFile};
use crate::interrupt;

/// The memory for a fingerprint in bytes: the entry, and at worst two copies of its drop.
const PER_ENTRY: u64 = 24 + 2 * 16;
/// The memory for a batch in bytes.
const PER_BATCH: u64 = 4 * (PARTITIONS as u64 + 1) + 100;

/// The end of the reduction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reduced {
    Done,
    Interrupted,
}

/// A fingerprint, and its place: a batch among all, and its number there.
type Entry = ([u64; 2], u32, u32);

/// Reads the files of fingerprints `files`, and writes the list `path`.
pub fn reduce(
    files: &[(PathBuf, Header)],
    path: &Path,
    header: &str,
    threads: usize,
    memory: u64,
) -> Result<Reduced> {
    let mut inputs = Vec::new();
    for (file, header) in files {
        inputs.push(PrintsFile::open(file, header)?);
    }
    let mut writer = Writer::create(path, header)?;
    // The batches of all inputs, in order: the input, and the number there.
    let mut batches: Vec<(usize, usize)> = Vec::new();
    let mut documents: Vec<Documents> = Vec::new();
    for (input, prints) in inputs.iter().enumerate() {
        for number in 0..prints.batches.len() {
            let as_u32 = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            writer.add_batch(as_u32(input), as_u32(number), prints.batches[number].offset);
            batches.push((input, number));
            documents.push(prints.documents(number)?);
        }
    }
    let fixed = batches.len() as u64 * PER_BATCH + documents.iter().map(Documents::bytes).sum::<u64>();
    for (start, end) in passes(&inputs, memory, fixed)? {
        let mut partitions: Vec<Vec<Entry>> = Vec::new();
        for partition in start..end {
            let count = |prints: &PrintsFile| {
                prints.batches.iter().map(|head| head.count(partition, partition + 1)).sum::<u64>()
            };
            let count = usize::try_from(inputs.iter().map(count).sum::<u64>()).unwrap_or(usize::MAX);
            partitions.push(Vec::with_capacity(count));
        }
        for (batch, (input, number)) in (0_u32..).zip(&batches) {
            if interrupt::is_requested() {
                return Ok(Reduced::Interrupted);
            }
            for (print, ordinal) in inputs[*input].entries(*number, start, end)? {
                let partition = usize::from(print.to_bytes()[0]).checked_sub(start);
                let Some(partition) = partition.and_then(|partition| partitions.get_mut(partition)) else {
                    return Err(damaged(&files[*input].0));
                };
                partition.push((halves(print), batch, ordinal));
            }
        }
        let mut found = find(partitions, &documents, threads);
        found.sort_unstable_by_key(|(place, _)| *place);
        let mut rest = &found[..];
        for batch in 0..batches.len() {
            let end = rest.partition_point(|((of, _), _)| *of as usize <= batch);
            let (of_batch, after) = rest.split_at(end);
            rest = after;
            let drop = |((_, ordinal), (source_batch, source)): &(Place, Place)| {
                let source_batch = *source_batch as usize;
                let documents = &documents[source_batch];
                Drop {
                    ordinal: *ordinal,
                    source_input: u32::try_from(batches[source_batch].0).unwrap_or(u32::MAX),
                    source_line: documents.line(documents.of_segment(*source)),
                }
            };
            writer.write(batch, &of_batch.iter().map(drop).collect::<Vec<_>>())?;
        }
        writer.end_pass();
    }
    writer.finish()?;
    Ok(Reduced::Done)
}

/// A batch among all, and the ordinal of a segment in it.
type Place = (u32, u32);

fn halves(print: Fingerprint) -> [u64; 2] {
    let bytes = print.to_bytes();
    let (mut high, mut low) = ([0; 8], [0; 8]);
    high.copy_from_slice(&bytes[..8]);
    low.copy_from_slice(&bytes[8..]);
    [u64::from_le_bytes(high), u64::from_le_bytes(low)]
}

/// Divides the partitions into passes that fit into `memory`, of which `fixed` bytes are taken.
fn passes(inputs: &[PrintsFile], memory: u64, fixed: u64) -> Result<Vec<(usize, usize)>> {
    let bytes_of = |partition: usize| {
        let heads = inputs.iter().flat_map(|prints| &prints.batches);
        heads.map(|head| head.count(partition, partition + 1)).sum::<u64>() * PER_ENTRY
    };
    let bytes: Vec<u64> = (0..PARTITIONS).map(bytes_of).collect();
    let largest = fixed + bytes.iter().max().copied().unwrap_or_default();
    if largest > memory {
        bail!("--memory: expected {}K or more for this number of segments", largest.div_ceil(1024));
    }
    let mut passes = Vec::new();
    let (mut start, mut used) = (0, fixed);
    for (partition, bytes) in bytes.iter().enumerate() {
        if used + bytes > memory {
            passes.push((start, partition));
            (start, used) = (partition, fixed);
        }
        used += bytes;
    }
    passes.push((start, PARTITIONS));
    Ok(passes)
}

/// Returns the places of the entries that an earlier document has, each with the first place of its
/// fingerprint, in no order.
fn find(partitions: Vec<Vec<Entry>>, documents: &[Documents], threads: usize) -> Vec<(Place, Place)> {
    let next = AtomicUsize::new(0);
    let partitions: Vec<Mutex<Vec<Entry>>> = partitions.into_iter().map(Mutex::new).collect();
    let found = Mutex::new(Vec::new());
    let one_thread = || {
        let mut own = Vec::new();
        while let Some(partition) = partitions.get(next.fetch_add(1, Ordering::Relaxed)) {
            let entries = std::mem::take(&mut *partition.lock().unwrap_or_else(PoisonError::into_inner));
            let mut first: HashMap<[u64; 2], Place> = HashMap::with_capacity(entries.len());
            for (print, batch, ordinal) in entries {
                let source = *first.entry(print).or_insert((batch, ordinal));
                let documents = &documents[batch as usize];
                // A document is not compared with itself.
                let is_own = source.0 == batch
                    && (source.1 == ordinal
                        || documents.of_segment(source.1) == documents.of_segment(ordinal));
                if !is_own {
                    own.push(((batch, ordinal), source));
                }
            }
        }
        found.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(one_thread);
        }
        one_thread();
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}
