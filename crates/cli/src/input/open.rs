//! Opening an input: a reader of its uncompressed bytes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use flate2::bufread::GzDecoder;

use super::discover::Input;
use super::kind::Compression;

/// The size of a buffer of compressed bytes.
const BUFFER: usize = 1 << 17;
/// The largest window of a frame of Zstandard that is read: 2 GiB, all that the format allows.
const WINDOW_LOG: u32 = 31;

/// Counts the bytes that are read from files, before they are uncompressed.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        self.count.fetch_add(len as u64, Ordering::Relaxed);
        Ok(len)
    }
}

/// Returns standard input. A second reader would find it at its end, and so is an error.
pub fn stdin() -> io::Result<io::Stdin> {
    static IS_READ: AtomicBool = AtomicBool::new(false);
    if IS_READ.swap(true, Ordering::Relaxed) {
        let error = "expected `-` for one file, found it for two, and standard input can be read only once";
        return Err(io::Error::new(ErrorKind::InvalidInput, error));
    }
    Ok(io::stdin())
}

/// Opens `input`, and adds the bytes that are read of the file to `count`.
///
/// The compression is that of the content. An input whose name promises a compression that its
/// content does not have is an error.
pub fn open(input: &Input, count: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
    let source: Box<dyn Read + Send> = match &input.path {
        None => Box::new(stdin()?),
        Some(path) => Box::new(File::open(path)?),
    };
    let counted = Counted { inner: source, count: Arc::clone(count) };
    let mut reader = BufReader::with_capacity(BUFFER, counted);
    // A pipe may return fewer bytes than there are, but never an empty buffer before its end. A
    // beginning that is too short to show a compression is that of no compressed file.
    let found = Compression::of_content(fill(&mut reader)?);
    let promised = input.compression();
    if promised != Compression::None && found != promised && !reader.buffer().is_empty() {
        let error = format!("expected {} data because of the name, found {}", promised.name(), found.name());
        return Err(io::Error::new(ErrorKind::InvalidData, error));
    }
    Ok(match found {
        Compression::None => Box::new(reader),
        Compression::Gz => Box::new(Gz { member: Some(GzDecoder::new(reader)) }),
        Compression::Zst => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Box::new(decoder)
        }
    })
}

fn fill(reader: &mut impl BufRead) -> io::Result<&[u8]> {
    loop {
        match reader.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    reader.fill_buf()
}

/// The members of a file of gzip. Zeros after the last member are padding, as `gzip` treats them.
struct Gz<R> {
    /// The current member, or `None` at the end of the file.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Gz<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let len = member.read(buffer)?;
            if len > 0 || buffer.is_empty() {
                return Ok(len);
            }
            let reader = member.get_mut();
            let is_end = match fill(reader)?.first() {
                None => true,
                Some(0) => is_padding(reader),
                Some(_) => false,
            };
            self.member =
                self.member.take().filter(|_| !is_end).map(|member| GzDecoder::new(member.into_inner()));
        }
        Ok(0)
    }
}

/// Returns whether everything that is left of `reader` is zeros.
fn is_padding(reader: &mut impl BufRead) -> bool {
    let mut is_zero = true;
    while let Ok(bytes) = reader.fill_buf() {
        if bytes.is_empty() {
            return is_zero;
        }
        is_zero &= bytes.iter().all(|byte| *byte == 0);
        let len = bytes.len();
        reader.consume(len);
    }
    false
}
