//! Batches: parts of an input of some 8 MiB, cut between documents.
//!
//! The places of the cuts depend on the bytes of the input only. Each batch becomes one frame of
//! the output, so the output does not depend on the number of threads.

use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result};

use super::discover::Input;
use super::kind::Format;
use super::open::open;
use super::wet;

/// The minimum size of a batch in bytes. The document at the end is whole, so a batch may be
/// larger.
const BATCH: usize = 8 << 20;
/// The minimum size of a part of a batch in bytes.
const PART: usize = 1 << 18;
/// The number of bytes that are read at a time.
const CHUNK: usize = 1 << 18;
/// A capacity in bytes that is returned to the system when it is freed. With glibc, less memory
/// than this may stay in the arena of a thread.
const RETURNED: usize = 33 << 20;
/// A document of more bytes is large.
const LARGE: usize = 1 << 19;
/// The memory for the work on a large document, as a multiple of its size.
const MULTIPLE: u64 = 6;

/// A part of an input.
#[derive(Debug, Default)]
pub struct Batch {
    /// The index of the input.
    pub input: usize,
    /// The number of the batch in its input, from 0.
    pub number: u32,
    /// The number of the first line, or of the first record of a WET file, from 1.
    pub first: u64,
    /// Whole lines, whole records, or a whole file.
    pub bytes: Vec<u8>,
    /// The size of the largest document in bytes, with everything around its text.
    pub largest: usize,
    /// The bytes before this place are output.
    written: usize,
    /// True if this is the first batch of the input.
    pub is_first: bool,
    /// True if this is the last batch of the input.
    pub is_last: bool,
    /// The reason for which the input could not be read to its end. The bytes after the last whole
    /// document are left out.
    pub broken: Option<String>,
}

impl Batch {
    /// Returns the hash of the bytes, by which a change between two readings is found.
    pub fn hash(&self) -> u64 {
        xxhash_rust::xxh3::xxh3_64(&self.bytes)
    }

    /// Returns the end of the part of the batch that begins at `start`, which has whole documents.
    pub fn end_of_part(&self, format: Format, start: usize) -> usize {
        let rest = &self.bytes[start..];
        let len = match format {
            Format::Text => None,
            Format::Jsonl | Format::Lines => {
                let after = rest.get(PART..).and_then(|after| memchr::memchr(b'\n', after));
                after.map(|at| PART + at + 1)
            }
            Format::Wet => {
                let mut len = 0;
                wet::records(rest).find_map(|record| {
                    len += record.len();
                    (len >= PART).then_some(len)
                })
            }
        };
        len.map_or(self.bytes.len(), |len| start + len)
    }

    /// Moves `output` to the place of the bytes before `end`, which are no longer needed, if these
    /// are as many.
    pub fn replace(&mut self, end: usize, output: &mut Vec<u8>) {
        if let Some(place) = self.bytes[..end].get_mut(self.written..self.written + output.len()) {
            place.copy_from_slice(output);
            self.written += output.len();
            output.clear();
        }
    }

    /// Returns what is in the place of the batch, and then `rest`.
    pub fn take_output(&mut self, rest: &[u8]) -> Vec<u8> {
        let mut output = std::mem::take(&mut self.bytes);
        output.truncate(std::mem::take(&mut self.written));
        output.extend_from_slice(rest);
        output
    }

    /// Returns the number of lines or records, and sets the size of the largest one.
    fn count(&mut self, format: Format) -> u64 {
        let (mut count, mut largest) = (0, 0);
        let mut add = |len: usize| {
            count += 1;
            largest = largest.max(len);
        };
        let bytes = &self.bytes;
        match format {
            Format::Text if bytes.is_empty() => {}
            Format::Text => add(bytes.len()),
            Format::Jsonl | Format::Lines => {
                let mut start = 0;
                let last = bytes.last().filter(|last| **last != b'\n').map(|_| bytes.len());
                for end in memchr::memchr_iter(b'\n', bytes).map(|at| at + 1).chain(last) {
                    add(end - std::mem::replace(&mut start, end));
                }
            }
            Format::Wet => wet::records(bytes).map(<[u8]>::len).for_each(add),
        }
        self.largest = largest;
        count
    }

    /// Returns whether a document takes more memory than the batch.
    pub fn is_large(&self) -> bool {
        self.largest > LARGE
    }

    /// Returns the memory in bytes for the batch and for its largest document, if that is large.
    pub fn memory(&self) -> u64 {
        let work = if self.is_large() { MULTIPLE * self.largest as u64 } else { 0 };
        self.bytes.len() as u64 + work
    }
}

/// An iterator over the batches of several inputs. Each input has at least one batch.
pub struct Batches<'a> {
    inputs: &'a [Input],
    /// The indices of the inputs that are read, in order.
    order: std::vec::IntoIter<usize>,
    limit: Option<u64>,
    /// The capacity for a batch in bytes.
    capacity: usize,
    current: Option<Current>,
    /// The bytes that were read of all files, before they are uncompressed.
    read: Arc<AtomicU64>,
}

/// The input that is read.
struct Current {
    input: usize,
    format: Format,
    reader: Box<dyn Read + Send>,
    /// The bytes after the last cut.
    rest: Vec<u8>,
    /// The number of the next line or record.
    first: u64,
    batches: u32,
    /// The bytes of earlier inputs that were read, before they are uncompressed.
    read_before: u64,
    /// The bytes of the batches, uncompressed.
    bytes: u64,
}

impl<'a> Batches<'a> {
    /// Creates an iterator over the first `limit` lines or records of the inputs with the indices
    /// `order`.
    pub fn new(inputs: &'a [Input], order: Vec<usize>, limit: Option<u64>, read: Arc<AtomicU64>) -> Self {
        Self { inputs, order: order.into_iter(), limit, capacity: BATCH + CHUNK, current: None, read }
    }

    /// Reads batches into memory that is returned to the system when it is freed. This takes less
    /// memory beside large documents, and more time if the work on a batch allocates much, because
    /// glibc then keeps less for the next batch.
    pub fn returned(self) -> Self {
        Self { capacity: RETURNED, ..self }
    }

    /// Returns the next batch, in the memory of `buffer`.
    pub fn next(&mut self, mut buffer: Vec<u8>) -> Result<Option<Batch>> {
        let mut current = match self.current.take() {
            Some(current) => current,
            None => {
                let Some(input) = self.order.next() else { return Ok(None) };
                self.start(input)?
            }
        };
        // Only the part that is used takes memory. To move what is there to a larger place, again
        // and again, would leave twice the memory.
        buffer.reserve_exact(self.capacity.saturating_sub(buffer.len()));
        let filled = current.fill(&mut buffer);
        let (is_end, broken) = filled.with_context(|| self.inputs[current.input].name())?;
        let mut batch = Batch {
            input: current.input,
            number: current.batches,
            first: current.first,
            bytes: buffer,
            largest: 0,
            written: 0,
            is_first: current.batches == 0,
            is_last: is_end || broken.is_some(),
            broken,
        };
        current.batches += 1;
        let count = batch.count(current.format);
        current.first += count;
        if self.limit.is_some_and(|limit| current.first > limit) {
            let left = self.limit.unwrap_or_default() - (batch.first - 1);
            let found = current.bytes + (batch.bytes.len() + current.rest.len()) as u64;
            truncate(current.format, &mut batch.bytes, left);
            // Only the part of the bytes that was used counts as read.
            let used = current.bytes + batch.bytes.len() as u64;
            let read = self.read.load(Ordering::Relaxed) - current.read_before;
            let read = u128::from(read) * u128::from(used) / u128::from(found.max(1));
            self.read.store(current.read_before + u64::try_from(read).unwrap_or(u64::MAX), Ordering::Relaxed);
            batch.is_last = true;
            batch.broken = None;
        }
        current.bytes += batch.bytes.len() as u64;
        if !batch.is_last {
            self.current = Some(current);
        }
        Ok(Some(batch))
    }

    fn start(&self, index: usize) -> Result<Current> {
        let input = &self.inputs[index];
        let format = input.format;
        let read_before = self.read.load(Ordering::Relaxed);
        let (reader, start_error): (Box<dyn Read + Send>, _) = match open(input, &self.read) {
            // Damaged content is found later too, and must not stop the other inputs.
            Err(error) if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => {
                (Box::new(std::io::empty()), Some(error))
            }
            opened => (opened.with_context(|| input.name())?, None),
        };
        let reader: Box<dyn Read + Send> = match start_error {
            Some(error) => Box::new(Failing(Some(error))),
            None => reader,
        };
        Ok(Current {
            input: index,
            format,
            reader,
            rest: Vec::new(),
            first: 1,
            batches: 0,
            read_before,
            bytes: 0,
        })
    }
}

/// A reader of nothing but an error.
struct Failing(Option<std::io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

impl Current {
    /// Fills `buffer` with whole documents, and returns whether the input is at its end, and the
    /// reason if it cannot be read further.
    fn fill(&mut self, buffer: &mut Vec<u8>) -> std::io::Result<(bool, Option<String>)> {
        // The bytes after this place are of an earlier batch. To clear the whole memory for each
        // batch would take a hundredth of the time of a run.
        let mut len = self.rest.len();
        buffer.resize(buffer.len().max(len), 0);
        buffer[..len].copy_from_slice(&self.rest);
        self.rest.clear();
        let mut cut = Cut::default();
        loop {
            match cut.find(self.format, &buffer[..len]) {
                Found::End(end) => {
                    self.rest.extend_from_slice(&buffer[end..len]);
                    buffer.truncate(end);
                    return Ok((false, None));
                }
                Found::Bad(end, why) => {
                    buffer.truncate(end);
                    return Ok((true, Some(why)));
                }
                Found::More => {}
            }
            buffer.resize(buffer.len().max(len + CHUNK), 0);
            match self.reader.read(&mut buffer[len..len + CHUNK]) {
                Ok(0) => {
                    buffer.truncate(len);
                    return Ok((true, cut.at_end(self.format, buffer)));
                }
                Ok(read) => len += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // An error of the system, such as a lost connection to a file server, may not come
                // again.
                Err(error) if error.raw_os_error().is_some() => return Err(error),
                Err(error) => {
                    buffer.truncate(cut.last_whole(self.format, &buffer[..len]));
                    return Ok((true, Some(error.to_string())));
                }
            }
        }
    }
}

/// The search for the place at which a batch ends.
#[derive(Default)]
struct Cut {
    /// The bytes before this place were searched. In a WET file it is the end of a record.
    searched: usize,
}

enum Found {
    /// The batch ends here.
    End(usize),
    /// More bytes are needed.
    More,
    /// The bytes from here on are damaged.
    Bad(usize, String),
}

impl Cut {
    fn find(&mut self, format: Format, bytes: &[u8]) -> Found {
        match format {
            Format::Text => Found::More,
            Format::Jsonl | Format::Lines => {
                let from = self.searched.max(BATCH - 1);
                let Some(rest) = bytes.get(from..) else { return Found::More };
                self.searched = bytes.len();
                memchr::memchr(b'\n', rest).map_or(Found::More, |at| Found::End(from + at + 1))
            }
            Format::Wet => loop {
                if self.searched >= BATCH {
                    return Found::End(self.searched);
                }
                match wet::record_len(&bytes[self.searched..]) {
                    Ok(Some(len)) => self.searched += len,
                    Ok(None) => return Found::More,
                    Err(why) => return Found::Bad(self.searched, why),
                }
            },
        }
    }

    /// Returns the reason if the end of the input is not the end of a document, and cuts the
    /// incomplete one off.
    fn at_end(&self, format: Format, bytes: &mut Vec<u8>) -> Option<String> {
        if format != Format::Wet || bytes[self.searched..].iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        // The empty lines after the last record may be missing.
        if wet::is_last_record(&bytes[self.searched..]) {
            return None;
        }
        bytes.truncate(self.searched);
        Some("expected the rest of a record, found the end of the file".to_owned())
    }

    /// Returns the end of the last whole document.
    fn last_whole(&self, format: Format, bytes: &[u8]) -> usize {
        match format {
            Format::Text => 0,
            Format::Jsonl | Format::Lines => memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1),
            Format::Wet => self.searched,
        }
    }
}

/// Cuts `bytes` after its first `count` lines or records.
fn truncate(format: Format, bytes: &mut Vec<u8>, count: u64) {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let end = match format {
        _ if count == 0 => 0,
        Format::Text => bytes.len(),
        Format::Jsonl | Format::Lines => {
            let nth = memchr::memchr_iter(b'\n', bytes).nth(count - 1);
            nth.map_or(bytes.len(), |at| at + 1)
        }
        Format::Wet => wet::records(bytes).take(count).map(<[u8]>::len).sum(),
    };
    bytes.truncate(end);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Parts of a batch are replaced by outputs of other lengths, some of them longer.
        #[test]
        fn an_output_is_collected_in_the_place_of_its_batch(
            parts in prop::collection::vec(("[a-z]{0,9}", "[A-Z]{0,9}"), 0..20),
        ) {
            let bytes = parts.iter().flat_map(|(input, _)| input.bytes()).collect();
            let mut batch = Batch { bytes, ..Batch::default() };
            let (mut end, mut output) = (0, Vec::new());
            for (input, new) in &parts {
                prop_assert_eq!(&batch.bytes[end..end + input.len()], input.as_bytes());
                output.extend_from_slice(new.as_bytes());
                end += input.len();
                batch.replace(end, &mut output);
            }
            let expected: String = parts.iter().map(|(_, new)| &**new).collect();
            prop_assert_eq!(batch.take_output(&output), expected.as_bytes());
        }

        #[test]
        fn parts_are_whole_documents(sizes in prop::collection::vec(1_usize..PART * 2, 0..8)) {
            let wet = |len: usize| {
                format!("WARC/1.0\r\nContent-Length: {len}\r\n\r\n{}\r\n\r\n", "a".repeat(len))
            };
            for format in [Format::Lines, Format::Wet] {
                let document = |len: &usize| match format {
                    Format::Wet => wet(*len),
                    _ => "a".repeat(*len) + "\n",
                };
                let documents: Vec<String> = sizes.iter().map(document).collect();
                let mut batch = Batch { bytes: documents.concat().into(), ..Batch::default() };
                prop_assert_eq!(batch.count(format), documents.len() as u64);
                prop_assert_eq!(batch.largest, documents.iter().map(String::len).max().unwrap_or_default());
                let (mut start, mut rest) = (0, &documents[..]);
                while start < batch.bytes.len() {
                    let end = batch.end_of_part(format, start);
                    let mut len = 0;
                    let count = rest.iter().take_while(|document| {
                        len += document.len();
                        len <= end - start
                    });
                    let (part, after) = rest.split_at(count.count());
                    prop_assert_eq!(part.iter().map(String::len).sum::<usize>(), end - start);
                    prop_assert!(end - start >= PART || after.is_empty());
                    (start, rest) = (end, after);
                }
            }
        }
    }
}
