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
    pub const MAX_GZ: u8 = 9;
}

/// Compresses batches, and reuses its memory.
pub struct Encoder {
    level: Level,
    zst: Option<zstd::bulk::Compressor<'static>>,
    /// The memory of a batch that is compressed.
    spare: Vec<u8>,
    /// The memory for a frame, whose size is not known before it is written.
    frame: Vec<u8>,
}

impl Encoder {
    pub fn new(level: Level) -> Self {
        Self { level, zst: None, spare: Vec::new(), frame: Vec::new() }
    }

    /// Returns an empty buffer for the next batch, in the memory of an earlier one.
    pub fn buffer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.spare)
    }

    /// Returns `bytes` as a frame, which is empty if `bytes` is.
    pub fn frame(&mut self, bytes: Vec<u8>, compression: Compression) -> io::Result<Vec<u8>> {
        if bytes.is_empty() {
            return Ok(bytes);
        }
        self.whole_frame(bytes, compression)
    }

    /// Returns `bytes` as a frame, also if `bytes` is empty: the only frame of an empty file.
    pub fn whole_frame(&mut self, mut bytes: Vec<u8>, compression: Compression) -> io::Result<Vec<u8>> {
        let frame = match compression {
            Compression::None => return Ok(bytes),
            Compression::Gz => {
                let level = self.level.given.unwrap_or(Level::GZ).min(Level::MAX_GZ);
                let out = std::mem::take(&mut self.frame);
                let mut encoder = GzEncoder::new(out, flate2::Compression::new(level.into()));
                encoder.write_all(&bytes)?;
                encoder.finish()?
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
                let mut frame = std::mem::take(&mut self.frame);
                frame.reserve(zstd::compress_bound(bytes.len()));
                compressor.compress_to_buffer(&bytes, &mut frame)?;
                frame
            }
        };
        bytes.clear();
        self.spare = bytes;
        // The result waits for its turn, so it must not be larger than it has to be.
        let result = frame.clone();
        self.frame = frame;
        self.frame.clear();
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn frames_do_not_depend_on_earlier_ones() {
        let level = Level { given: None };
        let texts = ["", "a long text a long text a long text", "b", "", "a short text"];
        for compression in [Compression::None, Compression::Gz, Compression::Zst] {
            let mut encoder = Encoder::new(level);
            for text in texts {
                let mut bytes = encoder.buffer();
                assert!(bytes.is_empty());
                bytes.extend_from_slice(text.as_bytes());
                let frame = encoder.whole_frame(bytes, compression).unwrap();
                let alone = Encoder::new(level).whole_frame(text.into(), compression).unwrap();
                assert_eq!(frame, alone, "{text}");
                let mut content = String::new();
                match compression {
                    Compression::None => content += std::str::from_utf8(&frame).unwrap(),
                    Compression::Gz => {
                        flate2::read::GzDecoder::new(&frame[..])
                            .read_to_string(&mut content)
                            .map(drop)
                            .unwrap();
                    }
                    Compression::Zst => {
                        zstd::Decoder::new(&frame[..])
                            .unwrap()
                            .read_to_string(&mut content)
                            .map(drop)
                            .unwrap();
                    }
                }
                assert_eq!(content, text);
            }
        }
    }
}
