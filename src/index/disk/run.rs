//! A sorted file of entries that never changes once it is written.
//!
//! An entry is 24 bytes, compared as such. A page is 170 of them behind a checksum (XXH3-64 of the rest of the page, with the
//! numbers of the file and of the page as seed). The pages of entries come first; then, level by level, pages with the first
//! entry of each page below, up to one that covers all; then pages of a filter, if the run has one. Where what is
//! follows from the number of entries.
//!
//! The filter tells, with some 2 % of wrong yeses, whether any entry has a prefix of 16 bytes. Its blocks of 64 bytes are in the
//! order of the prefixes, as parts of the space of all of them, so a filter is written from front to back as well.

#![expect(
    clippy::cast_possible_truncation,
    reason = "what becomes a place in a page or a bit of a block is less than a page"
)]

use std::sync::Arc;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::cache::{Cache, PAGE, Page};
use super::folder::{Folder, In, Out};
use crate::error::IndexError;

/// Bytes in an entry.
pub(super) const WIDTH: usize = 24;

/// Any 24 bytes.
pub(super) type Entry = [u8; WIDTH];

/// Entries in a page.
const FANOUT: usize = (PAGE - 8) / WIDTH;

/// Bytes in a block of a filter, blocks in a page, and entries for a block.
const BLOCK: usize = 64;
const BLOCKS: u64 = ((PAGE - 8) / BLOCK) as u64;
const LOAD: u64 = 48;

/// How many pages are read at a time where many are read in a row.
const AHEAD: u64 = 64;

/// Where the levels of a run begin, in pages: entries first, then ever smaller; then the filter; then the end.
#[derive(Debug, Clone)]
struct Layout {
    levels: Vec<(u64, u64)>,
    filter: u64,
    blocks: u64,
    end: u64,
}

impl Layout {
    /// `room` is the number of entries for which the filter was made, 0 for none.
    fn new(entries: u64, room: u64) -> Self {
        let mut levels = Vec::new();
        let (mut start, mut len) = (0, entries);
        while len > 0 {
            let pages = len.div_ceil(FANOUT as u64);
            levels.push((start, len));
            start += pages;
            len = if pages > 1 { pages } else { 0 };
        }
        let blocks = room.div_ceil(LOAD);
        Self { levels, filter: start, blocks, end: start + blocks.div_ceil(BLOCKS) }
    }
}

/// The block of a filter in which a prefix is, and six bits of it.
fn bits(prefix: &[u8], blocks: u64) -> (u64, impl Iterator<Item = usize> + use<>) {
    let top = prefix.get(..8).and_then(|top| top.try_into().ok()).map_or(0, u64::from_be_bytes);
    let block = (u128::from(top) * u128::from(blocks)) >> 64;
    let hash = xxh3_64(prefix);
    (block as u64, (0..6).map(move |i| (hash >> (9 * i)) as usize % (BLOCK * 8)))
}

fn seal(page: &mut [u8], file: u64, number: u64) {
    let sum = page_sum(page, file, number);
    if let Some(head) = page.get_mut(..8) {
        head.copy_from_slice(&sum.to_le_bytes());
    }
}

fn page_sum(page: &[u8], file: u64, number: u64) -> u64 {
    xxh3_64_with_seed(page.get(8..).unwrap_or_default(), file.rotate_left(40) ^ number)
}

/// Writes a run.
pub(super) struct RunWriter {
    out: Out,
    number: u64,
    pages: u64,
    page: Vec<u8>,
    /// The first entries of the pages so far.
    fences: Vec<Entry>,
    entries: u64,
    filter: Option<FilterWriter>,
}

/// Filters are written beside a run, and then behind it.
struct FilterWriter {
    blocks: u64,
    at: u64,
    block: [u8; BLOCK],
    done: Vec<u8>,
}

impl RunWriter {
    /// A run with the number `number`, and a filter made for `room` entries, or none if that is 0.
    pub(super) fn new(folder: &Folder, number: u64, room: u64) -> Result<Self, IndexError> {
        let blocks = Layout::new(0, room).blocks;
        let filter = (room > 0).then(|| FilterWriter { blocks, at: 0, block: [0; BLOCK], done: Vec::new() });
        let out = folder.create(&name(number))?;
        Ok(Self { out, number, pages: 0, page: vec![0; 8], fences: Vec::new(), entries: 0, filter })
    }

    /// Appends an entry, which is greater than those before it.
    pub(super) fn push(&mut self, entry: &Entry) -> Result<(), IndexError> {
        if self.page.len() == 8 {
            self.fences.push(*entry);
        }
        self.page.extend_from_slice(entry);
        self.entries += 1;
        if let (Some(filter), Some(prefix)) = (&mut self.filter, entry.get(..16)) {
            filter.push(prefix);
        }
        if self.page.len() + WIDTH > PAGE { self.end_page() } else { Ok(()) }
    }

    fn end_page(&mut self) -> Result<(), IndexError> {
        if self.page.len() > 8 {
            self.page.resize(PAGE, 0);
            seal(&mut self.page, self.number, self.pages);
            self.out.write(&self.page)?;
            self.pages += 1;
            self.page.truncate(8);
        }
        Ok(())
    }

    /// Writes the rest, makes sure that all is there, and gives the number of entries.
    pub(super) fn finish(mut self) -> Result<u64, IndexError> {
        self.end_page()?;
        while self.fences.len() > 1 {
            let fences = std::mem::take(&mut self.fences);
            for page in fences.chunks(FANOUT) {
                self.fences.extend(page.first());
                page.iter().for_each(|entry| self.page.extend_from_slice(entry));
                self.end_page()?;
            }
        }
        if let Some(filter) = self.filter.take() {
            for blocks in filter.finish().chunks(BLOCK * BLOCKS as usize) {
                self.page.extend_from_slice(blocks);
                self.end_page()?;
            }
        }
        self.out.finish()?;
        Ok(self.entries)
    }
}

impl FilterWriter {
    fn push(&mut self, prefix: &[u8]) {
        let (block, bits) = bits(prefix, self.blocks);
        self.advance(block);
        for bit in bits {
            if let Some(byte) = self.block.get_mut(bit / 8) {
                *byte |= 1 << (bit % 8);
            }
        }
    }

    fn advance(&mut self, block: u64) {
        while self.at < block {
            self.done.extend_from_slice(&self.block);
            self.block = [0; BLOCK];
            self.at += 1;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        let blocks = self.blocks;
        self.advance(blocks);
        self.done
    }
}

fn name(number: u64) -> String {
    format!("run-{number}")
}

/// A run that is being read.
#[derive(Debug)]
pub(super) struct Run {
    file: In,
    number: u64,
    entries: u64,
    layout: Layout,
    cache: Arc<Cache>,
}

impl Run {
    pub(super) fn name_of(number: u64) -> String {
        name(number)
    }

    /// Opens a run of so many entries, whose filter was made for `room`.
    pub(super) fn open(
        folder: &Folder,
        number: u64,
        entries: u64,
        room: u64,
        cache: &Arc<Cache>,
    ) -> Result<Self, IndexError> {
        let layout = Layout::new(entries, room);
        let file = folder.open(&name(number))?;
        let (len, expected) = (file.len()?, layout.end.saturating_mul(PAGE as u64));
        if len != expected {
            return Err(file.damaged(format!("it has {len} bytes, and {expected} were written")));
        }
        Ok(Self { file, number, entries, layout, cache: Arc::clone(cache) })
    }

    pub(super) fn entries(&self) -> u64 {
        self.entries
    }

    fn page(&self, number: u64) -> Result<Page, IndexError> {
        self.cache.get(self.number, number, || {
            let mut bytes = vec![0; PAGE];
            self.file.read(&mut bytes, number * PAGE as u64)?;
            self.check(&bytes, number)?;
            Ok(bytes.into())
        })
    }

    fn check(&self, page: &[u8], number: u64) -> Result<(), IndexError> {
        let sum = page.get(..8).and_then(|sum| sum.try_into().ok()).map(u64::from_le_bytes);
        if sum == Some(page_sum(page, self.number, number)) {
            return Ok(());
        }
        Err(self.file.damaged(format!("page {number} is not as it was written")))
    }

    /// Reads every page and checks it.
    pub(super) fn check_all(&self) -> Result<(), IndexError> {
        let mut bytes = vec![0; PAGE];
        for number in 0..self.layout.end {
            self.file.read(&mut bytes, number * PAGE as u64)?;
            self.check(&bytes, number)?;
        }
        Ok(())
    }

    /// Whether an entry may have this prefix of 16 bytes.
    pub(super) fn may_have(&self, prefix: &[u8]) -> Result<bool, IndexError> {
        if self.layout.blocks == 0 {
            return Ok(self.entries > 0);
        }
        let (block, mut bits) = bits(prefix, self.layout.blocks);
        let page = self.page(self.layout.filter + block / BLOCKS)?;
        let start = 8 + (block % BLOCKS) as usize * BLOCK;
        let block = page.get(start..start + BLOCK).unwrap_or_default();
        Ok(bits.all(|bit| block.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)))
    }

    /// The numbers of the entries that begin with a prefix: the first, and one past the last.
    pub(super) fn range(&self, prefix: &[u8]) -> Result<(u64, u64), IndexError> {
        let first = self.rank(prefix, false)?;
        // Most often all of them are in one page, which was just read.
        let end_of_page = (first / FANOUT as u64 + 1).saturating_mul(FANOUT as u64);
        if first < self.entries {
            let page = self.page(first / FANOUT as u64)?;
            let here = (end_of_page.min(self.entries) - first) as usize;
            let start = 8 + (first % FANOUT as u64) as usize * WIDTH;
            let entries = page.get(start..start + here * WIDTH).unwrap_or_default().chunks_exact(WIDTH);
            let equal = entries.take_while(|entry| entry.starts_with(prefix)).count();
            if equal < here || end_of_page >= self.entries {
                return Ok((first, first + equal as u64));
            }
        }
        Ok((first, self.rank(prefix, true)?))
    }

    /// How many entries begin with less than a prefix, or if `after`, with no more than it.
    fn rank(&self, prefix: &[u8], after: bool) -> Result<u64, IndexError> {
        let is_before = |entry: &[u8]| {
            let head = entry.get(..prefix.len()).unwrap_or_default();
            head < prefix || after && head == prefix
        };
        let mut child = 0;
        for (depth, (start, len)) in self.layout.levels.iter().enumerate().rev() {
            let page = self.page(start + child)?;
            let first = child * FANOUT as u64;
            let here = (len - first).min(FANOUT as u64) as usize;
            let entries = page.get(8..8 + here * WIDTH).unwrap_or_default();
            let (mut low, mut high) = (0, here);
            while low < high {
                let middle = low.midpoint(high);
                if entries.get(middle * WIDTH..).is_some_and(is_before) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            if depth == 0 {
                return Ok(first + low as u64);
            }
            // The page before the first that begins at or behind the place.
            child = first + (low as u64).saturating_sub(1);
        }
        Ok(0)
    }

    /// The entry with this number.
    pub(super) fn entry(&self, number: u64) -> Result<Entry, IndexError> {
        let page = self.page(number / FANOUT as u64)?;
        let start = 8 + (number % FANOUT as u64) as usize * WIDTH;
        let entry = page.get(start..start + WIDTH).and_then(|entry| entry.try_into().ok());
        entry.ok_or_else(|| self.file.damaged(format!("it has no entry {number}")))
    }

    /// The entries from one to before another, read in a row and not kept in the cache.
    pub(super) fn entries_between(self: &Arc<Self>, first: u64, end: u64) -> Reader {
        Reader { run: Arc::clone(self), next: first, end, buffer: Vec::new(), buffered: 0 }
    }
}

/// Entries in a row.
#[derive(Debug)]
pub(super) struct Reader {
    run: Arc<Run>,
    next: u64,
    end: u64,
    buffer: Vec<u8>,
    /// The page with which the buffer begins.
    buffered: u64,
}

impl Reader {
    pub(super) fn next(&mut self) -> Result<Option<Entry>, IndexError> {
        if self.next >= self.end {
            return Ok(None);
        }
        let page = self.next / FANOUT as u64;
        if self.buffer.is_empty() || page >= self.buffered + (self.buffer.len() / PAGE) as u64 {
            let last = (self.end - 1) / FANOUT as u64;
            let pages = (last + 1 - page).min(AHEAD);
            self.buffer.resize(pages as usize * PAGE, 0);
            self.buffered = page;
            self.run.file.read(&mut self.buffer, page * PAGE as u64)?;
            for (number, bytes) in (page..).zip(self.buffer.chunks(PAGE)) {
                self.run.check(bytes, number)?;
            }
        }
        let start = (page - self.buffered) as usize * PAGE + 8 + (self.next % FANOUT as u64) as usize * WIDTH;
        self.next += 1;
        Ok(self.buffer.get(start..start + WIDTH).and_then(|entry| entry.try_into().ok()))
    }
}
