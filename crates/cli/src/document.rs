//! Documents in the bytes of a batch: their texts, their ids, and the same bytes with a shorter
//! text.

mod fields;
mod id;
mod splice;

use std::borrow::Cow;
use std::ops::Range;

use refrain::Span;
use serde_json::Value;

use crate::input::{Batch, Format, Input, wet};

pub use fields::{FieldPath, Fields};
pub use id::{Id, key, name};

/// The byte order mark in UTF-8, which some programs write at the start of a file.
pub const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A document, in the bytes of a line, of a record or of a file.
#[derive(Debug)]
pub struct Document<'a> {
    pub text: Cow<'a, str>,
    pub id: Option<Id<'a>>,
    /// The number of the line or record in its input, from 1.
    pub number: u64,
    bytes: &'a [u8],
    place: Place,
}

/// The place of the text in the bytes of a document.
#[derive(Debug)]
enum Place {
    /// All bytes of this range.
    Bytes(Range<usize>),
    /// Inside the quotes of a JSON string.
    Json(Range<usize>),
    /// The text of a WET record, the number of its bytes, and the line with its digest.
    Wet { text: Range<usize>, length: Range<usize>, digest: Option<Range<usize>> },
}

/// A part of a batch.
#[derive(Debug)]
pub enum Part<'a> {
    Document(Document<'a>),
    /// A blank line, or a record without a text.
    Other(&'a [u8]),
    /// A line that is not a document: its number, its bytes, and the reason.
    Bad(u64, &'a [u8], String),
}

/// Returns an iterator over the parts of `batch`. Together, they are all of its bytes.
pub fn parts<'a>(
    batch: &'a Batch,
    format: Format,
    fields: &'a Fields,
) -> Box<dyn Iterator<Item = Part<'a>> + 'a> {
    parts_of(&batch.bytes, batch.first, format, fields)
}

/// Like [`parts`], for whole documents in a row, the first of which is line or record `first`.
pub fn parts_of<'a>(
    bytes: &'a [u8],
    first: u64,
    format: Format,
    fields: &'a Fields,
) -> Box<dyn Iterator<Item = Part<'a>> + 'a> {
    let numbers = first..;
    match format {
        Format::Jsonl => Box::new(numbers.zip(lines(bytes)).map(|(number, line)| json(number, line, fields))),
        Format::Lines => Box::new(numbers.zip(lines(bytes)).map(|(number, line)| {
            let len = line.strip_suffix(b"\n").map_or(line.len(), <[u8]>::len);
            plain(number, line, 0..len)
        })),
        Format::Text if bytes.is_empty() => Box::new(std::iter::empty()),
        Format::Text => Box::new(std::iter::once(plain(first, bytes, 0..bytes.len()))),
        Format::Wet => {
            Box::new(numbers.zip(wet::records(bytes)).map(|(number, record)| page(number, record)))
        }
    }
}

/// Returns the lines of `bytes`, with their ends.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', bytes).map(|at| at + 1);
    let last = bytes.last().filter(|last| **last != b'\n').map(|_| bytes.len());
    ends.chain(last).map(move |end| &bytes[std::mem::replace(&mut start, end)..end])
}

fn plain(number: u64, bytes: &[u8], text: Range<usize>) -> Part<'_> {
    match std::str::from_utf8(&bytes[text.clone()]) {
        Ok("") => Part::Other(bytes),
        Ok(content) => Part::Document(Document {
            text: Cow::Borrowed(content),
            id: None,
            number,
            bytes,
            place: Place::Bytes(text),
        }),
        Err(error) => Part::Bad(number, bytes, not_utf8(&bytes[text], &error)),
    }
}

fn json<'a>(number: u64, line: &'a [u8], fields: &Fields) -> Part<'a> {
    let mark = if number == 1 && line.starts_with(MARK) { MARK.len() } else { 0 };
    if line[mark..].iter().all(u8::is_ascii_whitespace) {
        return Part::Other(line);
    }
    let content = match std::str::from_utf8(&line[mark..]) {
        Ok(content) => content,
        Err(error) => return Part::Bad(number, line, not_utf8(&line[mark..], &error)),
    };
    // Inside a string, the end of the line would be taken for a part of it.
    let content = content.strip_suffix('\n').unwrap_or(content);
    match fields.find(content.strip_suffix('\r').unwrap_or(content)) {
        Ok(found) => {
            let place = Place::Json(mark + found.place.start..mark + found.place.end);
            Part::Document(Document {
                text: found.text,
                id: found.id.map(Id::Json),
                number,
                bytes: line,
                place,
            })
        }
        Err(why) => Part::Bad(number, line, why),
    }
}

fn page(number: u64, record: &[u8]) -> Part<'_> {
    let Some(parsed) = wet::parse(record).filter(|parsed| parsed.is_text) else { return Part::Other(record) };
    match std::str::from_utf8(&record[parsed.text.clone()]) {
        Ok(text) => Part::Document(Document {
            text: Cow::Borrowed(text),
            id: parsed.id.map(Id::Plain),
            number,
            bytes: record,
            place: Place::Wet { text: parsed.text, length: parsed.length, digest: parsed.digest },
        }),
        Err(error) => Part::Bad(number, record, not_utf8(&record[parsed.text], &error)),
    }
}

fn not_utf8(bytes: &[u8], error: &std::str::Utf8Error) -> String {
    let at = error.valid_up_to();
    match error.error_len() {
        Some(_) => format!("expected UTF-8, found the byte {:#04x} at byte {at}", bytes[at]),
        None => {
            format!("expected UTF-8, found a character at byte {at} that is cut off by the end of the text")
        }
    }
}

impl<'a> Document<'a> {
    /// Returns the id as JSON; without one, the input and the number of the document in it.
    pub fn id_in(&self, input: &Input) -> Value {
        match (self.id, input.format) {
            (Some(id), _) => id.json(),
            (None, Format::Text) => input.label().into(),
            (None, _) => format!("{}:{}", input.label(), self.number).into(),
        }
    }

    /// Returns [`id_in`](Self::id_in) as JSON text.
    pub fn key_in(&self, input: &Input) -> Cow<'a, str> {
        match self.id {
            Some(Id::Json(raw)) if id::is_canonical(raw) => Cow::Borrowed(raw),
            _ => Cow::Owned(self.id_in(input).to_string()),
        }
    }

    /// Returns the id as a name: the content of a string, or the digits of a number.
    pub fn name_in(&self, input: &Input) -> String {
        name(&self.id_in(input))
    }

    /// Returns the bytes of the document, with everything around its text.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Appends the document without the spans `cuts` of its text, which are in order and do not
    /// overlap. Every other byte stays as it is.
    ///
    /// The fields of a WET record have the new length, and no digest of the text that was.
    pub fn write_without(&self, cuts: &[Span], out: &mut Vec<u8>) {
        let bytes = self.bytes;
        match &self.place {
            Place::Bytes(text) => {
                splice::plain(&bytes[text.clone()], cuts, out);
                out.extend_from_slice(&bytes[text.end..]);
            }
            Place::Json(text) => {
                out.extend_from_slice(&bytes[..text.start]);
                splice::json(&bytes[text.clone()], cuts, out);
                out.extend_from_slice(&bytes[text.end..]);
            }
            Place::Wet { text, length, digest } => {
                let removed: usize = cuts.iter().map(|span| span.len()).sum();
                let new_length = (text.len() - removed).to_string();
                let mut changes = vec![(length.clone(), new_length.as_bytes())];
                changes.extend(digest.clone().map(|digest| (digest, &b""[..])));
                changes.sort_unstable_by_key(|(range, _)| range.start);
                let mut at = 0;
                for (range, new) in changes {
                    out.extend_from_slice(&bytes[at..range.start]);
                    out.extend_from_slice(new);
                    at = range.end;
                }
                out.extend_from_slice(&bytes[at..text.start]);
                splice::plain(&bytes[text.clone()], cuts, out);
                out.extend_from_slice(&bytes[text.end..]);
            }
        }
    }
}
