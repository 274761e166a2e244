//! Compression of a batch into a frame of its own.
//!
//! A file of several frames of Zstandard, or of several members of gzip, is read as a whole by
//! every usual reader. Since a frame depends on its batch only, frames can be compressed on several
//! threads with the same bytes, and a file that breaks off is readable up to the last whole frame.

use std::io::{self, Write as _};

use flate2::write::GzEncoder;

use crate::input::Compression;

/// The level that was given, if any.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    pub given: Option<u8>,
}

impl Level {
    const GZ: u8 = 6;
    const ZST: u8 = 3;
    const MAX_GZ: u8 = 9;
}

/// Compresses batches, and reuses its memory.
pub struct Encoder {
    level: Level,
    zst: Option<zstd::bulk::Compressor<'static>>,
}

impl Encoder {
    pub fn new(level: Level) -> Self {
        Self { level, zst: None }
    }

    /// Returns `bytes` as a frame, which is empty if `bytes` is.
    pub fn frame(&mut self, bytes: Vec<u8>, compression: Compression) -> io::Result<Vec<u8>> {
        if bytes.is_empty() {
            return Ok(bytes);
        }
        self.whole_frame(bytes, compression)
    }

    /// Returns `bytes` as a frame, also if `bytes` is empty: the only frame of an empty file.
    pub fn whole_frame(&mut self, bytes: Vec<u8>, compression: Compression) -> io::Result<Vec<u8>> {
        match compression {
            Compression::None => Ok(bytes),
            Compression::Gz => {
                let level = self.level.given.unwrap_or(Level::GZ).min(Level::MAX_GZ);
                let out = Vec::with_capacity(bytes.len() / 2);
                let mut encoder = GzEncoder::new(out, flate2::Compression::new(level.into()));
                encoder.write_all(&bytes)?;
                encoder.finish()
            }
            Compression::Zst => {
                let compressor = match &mut self.zst {
                    Some(compressor) => compressor,
                    none => {
                        let level = self.level.given.unwrap_or(Level::ZST);
                        let mut compressor = zstd::bulk::Compressor::new(level.into())?;
                        compressor.include_checksum(true)?;
                        none.insert(compressor)
                    }
                };
                compressor.compress(&bytes)
            }
        }
    }
}
