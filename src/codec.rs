//! Numbers, strings, frames and descriptions: the encoding of everything that is stored. A frame is
//! a part of a file with a checksum, and a description is a line of text that states how keys were
//! computed. `docs/format.md` has both.

use std::io::{self, Read, Write};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::error::IndexError;
use crate::fingerprint::Fingerprint;

/// The number of bytes before the content of a frame.
const HEAD: usize = 16;

/// The number of bytes in each of the frames into which a part of a file is divided. The last one
/// has the rest.
pub(crate) const FRAME: usize = 1 << 19;

/// Appends a number in eight bytes.
pub(crate) fn put_number(bytes: &mut Vec<u8>, number: u64) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

/// Appends a length and so many bytes.
pub(crate) fn put(bytes: &mut Vec<u8>, part: &[u8]) {
    put_number(bytes, part.len() as u64);
    bytes.extend_from_slice(part);
}

/// Takes `len` bytes.
pub(crate) fn take_bytes<'a>(bytes: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (part, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(part)
}

/// Takes a number of eight bytes.
pub(crate) fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(take_bytes(bytes, 8)?.try_into().ok()?))
}

/// Takes what [`put`] appended.
pub(crate) fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = usize::try_from(take_number(bytes)?).ok()?;
    take_bytes(bytes, len)
}

fn checksum(content: &[u8], number: u64) -> u64 {
    xxh3_64_with_seed(content, number ^ (content.len() as u64).rotate_left(32))
}

/// Checks that the description `stored`, which is that of `what`, is the one that is `asked` for.
/// Both begin with the scheme of the fingerprints. The part after a semicolon is not compared.
pub(crate) fn check_description(what: &str, stored: &str, asked: &str) -> Result<(), IndexError> {
    check_scheme(what, stored)?;
    if stored.split(';').next() == asked.split(';').next() {
        return Ok(());
    }
    let (what, stored, asked) = (what.to_owned(), stored.to_owned(), asked.to_owned());
    Err(IndexError::WrongParameters { what, stored, asked })
}

/// Checks that a description does not begin with another scheme.
pub(crate) fn check_scheme(what: &str, description: &str) -> Result<(), IndexError> {
    let scheme = || description.strip_prefix("scheme ")?.split(',').next()?.parse::<u32>().ok();
    let known = Fingerprint::SCHEME;
    match scheme() {
        Some(stored) if stored != known => {
            Err(IndexError::WrongVersion { what: what.to_owned(), kind: "scheme", stored, known })
        }
        _ => Ok(()),
    }
}

/// Writes a file of frames. Errors call it by `name`.
pub(crate) struct FrameWriter<W> {
    to: W,
    name: &'static str,
    next: u64,
    bytes: Vec<u8>,
}

impl<W: Write> FrameWriter<W> {
    /// Begins a file with its magic bytes, and the frame with its format and its description.
    pub(crate) fn new(
        to: W,
        name: &'static str,
        magic: &[u8; 8],
        format: u32,
        description: &str,
    ) -> Result<Self, IndexError> {
        let mut this = Self { to, name, next: 0, bytes: magic.to_vec() };
        this.frame(|bytes| {
            bytes.extend_from_slice(&format.to_le_bytes());
            bytes.extend_from_slice(description.as_bytes());
        })?;
        Ok(this)
    }

    /// Writes the next frame, with the content that `write` appends.
    pub(crate) fn frame(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), IndexError> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; HEAD]);
        write(&mut self.bytes);
        let (head, content) = self.bytes[start..].split_at_mut(HEAD);
        head[..8].copy_from_slice(&(content.len() as u64).to_le_bytes());
        head[8..].copy_from_slice(&checksum(content, self.next).to_le_bytes());
        self.next += 1;
        let written = self.to.write_all(&self.bytes);
        self.bytes.clear();
        written.map_err(|source| IndexError::Io { what: self.name.to_owned(), source })
    }

    /// Writes a part of a file.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        bytes.chunks(FRAME).try_for_each(|part| self.frame(|bytes| bytes.extend_from_slice(part)))
    }

    /// Writes a part of a file that consists of numbers.
    pub(crate) fn numbers(&mut self, numbers: impl IntoIterator<Item = u64>) -> Result<(), IndexError> {
        let mut part = Vec::new();
        for number in numbers {
            put_number(&mut part, number);
            if part.len() == FRAME {
                self.bytes(&part)?;
                part.clear();
            }
        }
        self.bytes(&part)
    }

    pub(crate) fn flush(mut self) -> Result<(), IndexError> {
        self.to.flush().map_err(|source| IndexError::Io { what: self.name.to_owned(), source })
    }
}

/// Reads a file of frames. Errors call it by `name`.
pub(crate) struct FrameReader<R> {
    from: R,
    name: &'static str,
    next: u64,
}

impl<R: Read> FrameReader<R> {
    /// Begins to read a file, which must have these magic bytes, format and description.
    pub(crate) fn new(
        from: R,
        name: &'static str,
        magic: &[u8; 8],
        known: u32,
        description: &str,
    ) -> Result<Self, IndexError> {
        let mut this = Self { from, name, next: 0 };
        let mut read = [0; 8];
        this.read_exact(&mut read, "expected at least 8 bytes")?;
        if read != *magic {
            return Err(this.damaged("the magic bytes are those of another kind of file"));
        }
        let head = this.next_frame()?;
        let (stored, line) = head.split_first_chunk().ok_or_else(|| this.damaged("the head is too short"))?;
        let stored = u32::from_le_bytes(*stored);
        if stored != known {
            return Err(IndexError::WrongVersion { what: name.to_owned(), kind: "format", stored, known });
        }
        check_description(name, &String::from_utf8_lossy(line), description)?;
        Ok(this)
    }

    pub(crate) fn damaged(&self, how: impl Into<String>) -> IndexError {
        IndexError::damaged(self.name, how)
    }

    fn failed(&self, source: io::Error) -> IndexError {
        IndexError::Io { what: self.name.to_owned(), source }
    }

    fn read_exact(&mut self, bytes: &mut [u8], how: &str) -> Result<(), IndexError> {
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged(how),
            _ => self.failed(error),
        })
    }

    /// Reads the content of the next frame.
    pub(crate) fn next_frame(&mut self) -> Result<Vec<u8>, IndexError> {
        let number = self.next;
        let how = format!("the data ends inside frame {number}");
        let mut head = [[0; 8]; 2];
        self.read_exact(head.as_flattened_mut(), &how)?;
        let [len, sum] = head.map(u64::from_le_bytes);
        let mut content = Vec::new();
        // Memory is allocated for the bytes that exist, not for those that the head claims.
        let read = self.from.by_ref().take(len).read_to_end(&mut content);
        read.map_err(|error| self.failed(error))?;
        if content.len() as u64 != len {
            return Err(self.damaged(how));
        }
        if checksum(&content, number) != sum {
            return Err(self.damaged(format!("frame {number} does not match its checksum")));
        }
        self.next += 1;
        Ok(content)
    }

    /// Reads a part of `len` bytes, and calls `read` with the content of each frame.
    fn part(&mut self, len: u64, mut read: impl FnMut(&[u8])) -> Result<(), IndexError> {
        let mut left = len;
        while left > 0 {
            let content = self.next_frame()?;
            let (expected, found) = (left.min(FRAME as u64), content.len());
            if found as u64 != expected {
                return Err(self.damaged(format!("expected a frame of {expected} bytes, found {found}")));
            }
            read(&content);
            left -= expected;
        }
        Ok(())
    }

    /// Reads a part of `len` bytes.
    pub(crate) fn bytes(&mut self, len: u64) -> Result<Vec<u8>, IndexError> {
        let mut bytes = Vec::new();
        self.part(len, |content| bytes.extend_from_slice(content))?;
        bytes.shrink_to_fit();
        Ok(bytes)
    }

    /// Reads a part of `count` numbers.
    pub(crate) fn numbers(&mut self, count: u64) -> Result<Vec<u64>, IndexError> {
        let mut numbers = Vec::new();
        self.part(count.saturating_mul(8), |mut content| {
            numbers.extend(std::iter::from_fn(|| take_number(&mut content)));
        })?;
        Ok(numbers)
    }

    /// Makes sure that nothing follows.
    pub(crate) fn end(&mut self) -> Result<(), IndexError> {
        match self.from.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.damaged("expected the end of the data after the last frame")),
            Err(error) => Err(self.failed(error)),
        }
    }
}
