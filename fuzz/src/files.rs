//! Files of frames whose checksums are right, so that a target reaches what is behind them.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::Bytes;

/// The number of bytes of magic before the first frame.
const MAGIC: usize = 8;

/// The number of bytes before the content of a frame: its length, and its checksum.
const HEAD: usize = 16;

/// Changes a file where the last bytes of the input say, and repairs the checksums.
///
/// Each change replaces up to eight bytes in one frame, removes some, or repeats some. The length
/// of the frame follows.
pub fn changed(file: &[u8], bytes: &mut Bytes<'_>) -> Vec<u8> {
    let mut frames: Vec<Vec<u8>> = contents(file).into_iter().map(|content| file[content].to_vec()).collect();
    for _ in 0..1 + bytes.below(4) {
        let count = frames.len();
        let frame = bytes.below(count);
        let Some(content) = frames.get_mut(frame) else { break };
        let at = (bytes.number() % (content.len() as u64 + 1)) as usize;
        let len = bytes.below(8) + 1;
        let end = content.len().min(at + len);
        match bytes.below(6) {
            0 => content[at..end].copy_from_slice(&bytes.number().to_le_bytes()[..end - at]),
            1 => content[at..end].fill(bytes.last()),
            2 => drop(content.drain(at..end)),
            3 => {
                let part = content[at..end].to_vec();
                drop(content.splice(at..at, part.repeat(1 + bytes.below(8))));
            }
            4 => drop(frames.remove(frame)),
            _ => {
                let copy = content.clone();
                frames.insert(bytes.below(count + 1), copy);
            }
        }
    }
    let mut all = file[..MAGIC.min(file.len())].to_vec();
    for (number, content) in frames.iter().enumerate() {
        put_frame(&mut all, number as u64, content);
    }
    all
}

/// Returns a file with the magic and the first frame of `file`, and behind them frames of the rest
/// of the input: a byte with the length of the content in units of eight, and the content.
pub fn invented(file: &[u8], bytes: Bytes<'_>) -> Vec<u8> {
    let end = contents(file).first().map_or(file.len(), |head| head.end);
    let mut all = file[..end].to_vec();
    let mut rest = bytes.rest();
    let mut number = 1;
    while let Some((units, content)) = rest.split_first() {
        let (content, behind) = content.split_at(content.len().min(usize::from(*units) * 8));
        put_frame(&mut all, number, content);
        (rest, number) = (behind, number + 1);
    }
    all
}

/// Returns the places of the contents of the frames of a file.
fn contents(file: &[u8]) -> Vec<Range<usize>> {
    let mut contents = Vec::new();
    let mut at = MAGIC;
    while let Some(Ok(len)) = file.get(at..at + 8).map(<[u8; 8]>::try_from) {
        let start = at + HEAD;
        at = start + u64::from_le_bytes(len) as usize;
        contents.push(start..at);
    }
    contents
}

fn put_frame(bytes: &mut Vec<u8>, number: u64, content: &[u8]) {
    let len = content.len() as u64;
    bytes.extend(len.to_le_bytes());
    bytes.extend(xxh3_64_with_seed(content, number ^ len.rotate_left(32)).to_le_bytes());
    bytes.extend(content);
}
