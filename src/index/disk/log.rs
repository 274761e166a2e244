//! The log: every document as it was learnt, one after another, and which were forgotten.
//!
//! A frame's seed is the offset at which it begins. Its content is a kind (1: a document, 2: one that is forgotten), the number
//! of the document in four bytes, and for a document what [`frame::put_record`] writes.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::sync::Arc;

use super::folder::{Folder, In};
use crate::error::IndexError;
use crate::index::frame;
use crate::index::store::{Record, Stored};

const LEARNT: u8 = 1;
const FORGOTTEN: u8 = 2;

pub(super) fn name(number: u64) -> String {
    format!("log-{number}")
}

/// What a frame says.
pub(super) enum Event {
    Learnt(u32, Stored),
    Forgotten(u32),
}

/// Appends to `bytes`, which will stand at `offset`, that a document is learnt.
pub(super) fn put_learnt(bytes: &mut Vec<u8>, offset: u64, number: u32, record: &Record<'_>) {
    frame::append(bytes, offset, |bytes| {
        bytes.push(LEARNT);
        bytes.extend_from_slice(&number.to_le_bytes());
        frame::put_record(bytes, record);
    });
}

/// The same for a document that is forgotten.
pub(super) fn put_forgotten(bytes: &mut Vec<u8>, offset: u64, number: u32) {
    frame::append(bytes, offset, |bytes| {
        bytes.push(FORGOTTEN);
        bytes.extend_from_slice(&number.to_le_bytes());
    });
}

/// The event at an offset, and where the next one begins. `end` is where the log ends.
pub(super) fn read(log: &In, offset: u64, end: u64) -> Result<(Event, u64), IndexError> {
    let damaged = || log.damaged(format!("what stands at byte {offset} is not as it was written"));
    let mut head = [0; frame::HEAD];
    log.read(&mut head, offset)?;
    let (len, sum) = frame::head(&head).ok_or_else(damaged)?;
    let next = offset.checked_add(frame::HEAD as u64).and_then(|start| start.checked_add(len));
    let next = next.filter(|next| *next <= end).ok_or_else(damaged)?;
    let mut content = vec![0; usize::try_from(len).map_err(|_| damaged())?];
    log.read(&mut content, offset + frame::HEAD as u64)?;
    if !frame::is_whole(sum, &content, offset) {
        return Err(damaged());
    }
    let event = parse(&content).ok_or_else(damaged)?;
    Ok((event, next))
}

fn parse(content: &[u8]) -> Option<Event> {
    let (kind, rest) = content.split_first()?;
    let (number, mut rest) = rest.split_at_checked(4)?;
    let number = u32::from_le_bytes(number.try_into().ok()?);
    match *kind {
        LEARNT => Some(Event::Learnt(number, frame::take_record(&mut rest)?)),
        FORGOTTEN => Some(Event::Forgotten(number)),
        _ => None,
    }
}

/// The end of a log, where it is written.
#[derive(Debug)]
pub(super) struct Tail {
    folder: Folder,
    pub(super) number: u64,
    file: File,
    /// How long it is, and how much of that is on the disk for sure.
    pub(super) len: u64,
    pub(super) synced: u64,
}

impl Tail {
    /// Opens a log, and cuts off what stands behind `len`: nobody was told that it is there.
    pub(super) fn open(folder: &Folder, number: u64, len: u64) -> Result<(Self, Arc<In>), IndexError> {
        let (read, mut file) = folder.open_both(&name(number))?;
        let there = read.len()?;
        if there < len {
            return Err(read.damaged(format!("it has {there} bytes, and {len} were acknowledged")));
        }
        let cut = file.set_len(len).and_then(|()| file.seek(SeekFrom::Start(len)));
        cut.map_err(folder.failed(&name(number)))?;
        Ok((Self { folder: folder.clone(), number, file, len, synced: len }, Arc::new(read)))
    }

    /// Appends bytes, or nothing. The second error is one after which nothing more can be appended.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), (IndexError, bool)> {
        let Err(error) = self.folder.write(&self.file, bytes) else {
            self.len += bytes.len() as u64;
            return Ok(());
        };
        let back = self.file.set_len(self.len).and_then(|()| self.file.seek(SeekFrom::Start(self.len)));
        Err((self.folder.failed(&name(self.number))(error), back.is_err()))
    }

    /// Makes sure that what was appended is on the disk.
    pub(super) fn sync(&mut self) -> Result<(), IndexError> {
        self.file.sync_data().map_err(self.folder.failed(&name(self.number)))?;
        self.synced = self.len;
        Ok(())
    }
}
