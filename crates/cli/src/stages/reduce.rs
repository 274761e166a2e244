//! The segments that an earlier document has, from the fingerprints of all inputs.
//!
//! Partitions are independent of each other. In one pass, as many of them are in memory as fit.
//! Threads share the batches while fingerprints are read, and the partitions while they are
//! compared.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};

use super::drops::{Drop, Encoded, Writer};
use super::file::Header;
use super::keyed::{Key, Keyed};
use super::prints::{Documents, PARTITIONS, PrintsFile};
use crate::interrupt;
use crate::pipeline::{End, Sink, in_turn};

/// The memory for a fingerprint in bytes: the entry, in whose place the result is collected, and
/// room for the tables and lists of the threads.
const PER_ENTRY: u64 = 24 + 32;
/// The memory for a batch in bytes.
const PER_BATCH: u64 = 4 * (PARTITIONS as u64 + 1) + 100;
/// The number of parts of the batches for each thread, because their sizes differ.
const PER_THREAD: usize = 8;

/// The end of the reduction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reduced {
    Done,
    Interrupted,
}

/// A batch among all, and the ordinal of a segment in it.
type Place = (u32, u32);

/// The place of no segment.
const NONE: Place = (u32::MAX, u32::MAX);

/// A fingerprint, and its place.
type Entry = (Key, Place);

/// Reads the files of fingerprints `files`, and writes the list `path`, durably if `is_kept` is
/// set.
pub fn reduce(
    files: &[(PathBuf, Header)],
    (path, header, is_kept): (&Path, &str, bool),
    threads: usize,
    memory: u64,
) -> Result<Reduced> {
    let mut inputs = Vec::new();
    for (file, header) in files {
        inputs.push(PrintsFile::open(file, header)?);
    }
    let mut writer = Writer::create(path, header, is_kept)?;
    // The batches of all inputs, in order: the input, and the number there.
    let mut batches: Vec<(usize, usize)> = Vec::new();
    for (input, prints) in inputs.iter().enumerate() {
        for number in 0..prints.batches.len() {
            let as_u32 = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            writer.add_batch(as_u32(input), as_u32(number), prints.batches[number].offset);
            batches.push((input, number));
        }
    }
    let documents = in_order(
        batches.len(),
        threads,
        || (),
        |(), batch| {
            let (input, number) = batches[batch];
            inputs[input].documents(number)
        },
    );
    let documents = documents.into_iter().collect::<Result<_>>()?;
    let part = batches.len().div_ceil(threads * PER_THREAD).max(1);
    let all = All { inputs, batches, documents, part };
    let fixed =
        all.batches.len() as u64 * PER_BATCH + all.documents.iter().map(Documents::bytes).sum::<u64>();
    for (start, end) in passes(&all.inputs, memory, fixed)? {
        let Some(entries) = all.read(start, end, threads)? else { return Ok(Reduced::Interrupted) };
        let found = in_order(entries.len(), threads, First::default, |first, partition| {
            let entries = &mut *entries[partition].lock().unwrap_or_else(PoisonError::into_inner);
            all.find(std::mem::take(entries), first)
        });
        // One thread writes what the others have encoded.
        let mut batches = (0..all.batches.len()).map(Ok);
        let encode = |(): &mut (), batch| Ok((batch, all.encode(batch, &found)));
        let mut sink = Lists(&mut writer);
        if in_turn(threads, || batches.next(), |_| 0, || (), encode, &mut sink)? == End::Interrupted {
            return Ok(Reduced::Interrupted);
        }
        writer.end_pass();
    }
    writer.finish()?;
    Ok(Reduced::Done)
}

/// The list, as the place for the segments of batches in one pass.
struct Lists<'w>(&'w mut Writer);

impl Sink<(usize, Encoded)> for Lists<'_> {
    fn take(&mut self, (batch, encoded): (usize, Encoded)) -> Result<()> {
        self.0.write(batch, &encoded)
    }
}

/// The fingerprints of all inputs.
struct All {
    inputs: Vec<PrintsFile>,
    /// The batches of all inputs, in order: the input, and the number there.
    batches: Vec<(usize, usize)>,
    documents: Vec<Documents>,
    /// The number of batches in a part.
    part: usize,
}

/// The first place of each fingerprint.
type First = HashMap<Key, Place, Keyed>;

/// The entries of a partition, in the order of their places: a list for each part of the batches.
type Partition = Vec<Vec<Entry>>;

/// The places of a partition that an earlier document has, each with the first place of its
/// fingerprint: a list for each part of the batches.
type Found = Vec<Vec<(Place, Place)>>;

impl All {
    /// Reads the partitions from `start` to `end`. Returns `None` after Ctrl-C.
    fn read(&self, start: usize, end: usize, threads: usize) -> Result<Option<Vec<Mutex<Partition>>>> {
        let all = self.batches.len();
        let read = in_order(
            all.div_ceil(self.part),
            threads,
            || (),
            |(), part| self.read_part(part * self.part..all.min((part + 1) * self.part), start, end),
        );
        let mut partitions: Vec<Partition> = vec![Vec::new(); end - start];
        for lists in read {
            let Some(lists) = lists? else { return Ok(None) };
            partitions.iter_mut().zip(lists).for_each(|(partition, list)| partition.push(list));
        }
        Ok(Some(partitions.into_iter().map(Mutex::new).collect()))
    }

    /// Reads the partitions from `start` to `end` of a range of the batches. Returns a list for
    /// each partition, or `None` after Ctrl-C.
    fn read_part(&self, batches: Range<usize>, start: usize, end: usize) -> Result<Option<Vec<Vec<Entry>>>> {
        let list = |partition| {
            let count = |(input, number): &(usize, usize)| {
                self.inputs[*input].batches[*number].count(partition, partition + 1)
            };
            let count = self.batches[batches.clone()].iter().map(count).sum::<u64>();
            Vec::with_capacity(usize::try_from(count).unwrap_or(usize::MAX))
        };
        let mut lists: Vec<Vec<Entry>> = (start..end).map(list).collect();
        for batch in batches {
            if interrupt::is_requested() {
                return Ok(None);
            }
            let (input, number) = self.batches[batch];
            let batch = u32::try_from(batch).unwrap_or(u32::MAX);
            let entry = |key, ordinal| (key, (batch, ordinal));
            self.inputs[input].entries(number, start, &mut lists, entry)?;
        }
        Ok(Some(lists))
    }

    /// Returns the places of a partition that an earlier document has, in their order, with a table
    /// whose memory is used again.
    fn find(&self, partition: Partition, first: &mut First) -> Found {
        first.clear();
        first.reserve(partition.iter().map(Vec::len).sum());
        let mut found = |(key, place): Entry| {
            let source = *first.entry(key).or_insert(place);
            // A document is not compared with itself.
            let is_own = || {
                let documents = &self.documents[place.0 as usize];
                documents.of_segment(source.1) == documents.of_segment(place.1)
            };
            (source != place && (source.0 != place.0 || !is_own())).then_some((place, source))
        };
        // A result is not larger than an entry, and is collected in its place.
        partition.into_iter().map(|list| list.into_iter().filter_map(&mut found).collect()).collect()
    }

    /// Returns the segments of a batch that an earlier document has.
    fn encode(&self, batch: usize, found: &[Found]) -> Encoded {
        let lists = found.iter().filter_map(|found| found.get(batch / self.part)).map(|list| {
            let start = list.partition_point(|((of, _), _)| (*of as usize) < batch);
            let len = list[start..].partition_point(|((of, _), _)| *of as usize == batch);
            &list[start..start + len]
        });
        // The source of each segment by its ordinal: sorting takes several times as long.
        let mut sources = vec![NONE; self.documents[batch].len()];
        for ((_, ordinal), source) in lists.flatten() {
            sources[*ordinal as usize] = *source;
        }
        let found = (0_u32..).zip(sources).filter(|(_, source)| *source != NONE);
        // Segments in a row often have their sources in one document.
        let mut last = (0, 0..0, 0, 0);
        Encoded::new(found.map(|(ordinal, (source_batch, source))| {
            if last.0 != source_batch || !last.1.contains(&source) {
                let documents = &self.documents[source_batch as usize];
                let document = documents.of_segment(source);
                let input = u32::try_from(self.batches[source_batch as usize].0).unwrap_or(u32::MAX);
                last = (source_batch, documents.segments(document), input, documents.line(document));
            }
            Drop { ordinal, source_input: last.2, source_line: last.3 }
        }))
    }
}

/// Returns the results of `work` for the numbers below `count`, in order. Each thread has a state
/// of its own.
fn in_order<S, T: Send>(
    count: usize,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let one_thread = || {
        let (mut state, mut own) = (state(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return own;
            }
            own.push((number, work(&mut state, number)));
        }
    };
    let mut all = std::thread::scope(|scope| {
        // The threads that the system allows share the work.
        let start = |_| std::thread::Builder::new().spawn_scoped(scope, one_thread).ok();
        let threads: Vec<_> = (1..threads.min(count)).map_while(start).collect();
        let mut all = one_thread();
        for thread in threads {
            all.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    });
    all.sort_unstable_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, result)| result).collect()
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
