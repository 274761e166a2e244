//! The records of WET files: WARC files (ISO 28500) of plain text, as Common Crawl writes them.

use std::ops::Range;

/// The end of the fields of a record.
const BLANK_LINE: &[u8] = b"\r\n\r\n";
/// The most bytes that the fields of a record may have.
const MAX_HEAD: usize = 1 << 20;

/// The fields of a record that matter here, and the place of its text.
#[derive(Debug)]
pub struct Record<'a> {
    /// True if the record is a text: `WARC-Type: conversion`.
    pub is_text: bool,
    /// The address of the page, or else the id of the record.
    pub id: Option<&'a str>,
    /// The places of the text, of the number in `Content-Length`, and of the line with the digest
    /// of the text, in the record.
    pub text: Range<usize>,
    pub length: Range<usize>,
    pub digest: Option<Range<usize>>,
}

/// Returns the length of the record at the start of `bytes`, with the blank line after it, or
/// `None` if there are fewer bytes.
pub fn record_len(bytes: &[u8]) -> Result<Option<usize>, String> {
    let start = blank_len(bytes);
    let rest = &bytes[start..];
    let version = b"WARC/";
    let known = rest.len().min(version.len());
    if rest[..known] != version[..known] {
        return Err("expected a record that begins with `WARC/`, found other bytes".to_owned());
    }
    let Some(head) = memchr::memmem::find(&rest[..rest.len().min(MAX_HEAD)], BLANK_LINE) else {
        let is_long = rest.len() >= MAX_HEAD;
        return if is_long {
            Err(format!("expected the fields of a record in {MAX_HEAD} bytes"))
        } else {
            Ok(None)
        };
    };
    let head = head + BLANK_LINE.len();
    let length = field(&rest[..head], "content-length").map(|range| &rest[range]);
    let length = length.and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
    let length = length.ok_or("expected a number of bytes in the field `Content-Length` of a record")?;
    let end = head.checked_add(length).and_then(|end| end.checked_add(BLANK_LINE.len()));
    let end = end.ok_or("expected a smaller number in the field `Content-Length` of a record")?;
    Ok((rest.len() >= end).then_some(start + end))
}

/// Returns whether `bytes` is a record without the blank line after it, at the end of a file.
pub fn is_last_record(bytes: &[u8]) -> bool {
    let mut whole = bytes.to_vec();
    (0..BLANK_LINE.len()).any(|_| {
        whole.push(b'\n');
        record_len(&whole) == Ok(Some(whole.len()))
    })
}

/// Returns an iterator over the records of `bytes`, which has whole records only. Together, the
/// records are all of `bytes`.
pub fn records(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let len = record_len(rest).ok().flatten().unwrap_or(rest.len());
        // White space after the last record belongs to it.
        let is_last = rest[len..].iter().all(u8::is_ascii_whitespace);
        let (record, after) = rest.split_at(if is_last { rest.len() } else { len });
        rest = after;
        Some(record)
    })
}

/// Returns the fields of `record`, or `None` if it has no text that is to be read.
pub fn parse(record: &[u8]) -> Option<Record<'_>> {
    let start = blank_len(record);
    let head = start + memchr::memmem::find(&record[start..], BLANK_LINE)? + BLANK_LINE.len();
    let fields = &record[..head];
    let of = |name: &str| field(fields, name).and_then(|range| std::str::from_utf8(&fields[range]).ok());
    let length = field(fields, "content-length")?;
    let len: usize = std::str::from_utf8(&fields[length.clone()]).ok()?.parse().ok()?;
    let text = head..head.checked_add(len)?;
    record.get(text.clone())?;
    let is_text = of("warc-type").is_some_and(|kind| kind.eq_ignore_ascii_case("conversion"));
    let id = of("warc-target-uri").or_else(|| of("warc-record-id"));
    let digest = field(fields, "warc-block-digest").map(|value| {
        let line = memchr::memrchr(b'\n', &fields[..value.start]).map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', &fields[value.end..]).map_or(head, |at| value.end + at + 1);
        line..end
    });
    Some(Record { is_text, id, text, length, digest })
}

/// Returns the place of the value of the field `name`, which is in lower case.
fn field(fields: &[u8], name: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in fields.split_inclusive(|byte| *byte == b'\n') {
        let place = start;
        start += line.len();
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        if line[..colon].trim_ascii().eq_ignore_ascii_case(name.as_bytes()) {
            let value = &line[colon + 1..];
            let from = value.len() - value.trim_ascii_start().len();
            return Some(place + colon + 1 + from..place + colon + 1 + from + value.trim_ascii().len());
        }
    }
    None
}

/// Returns the number of line ends at the start of `bytes`.
fn blank_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 2\r\n\r\nab\r\n\r\n\
        WARC/1.0\r\nwarc-type: conversion\r\nWARC-Target-URI: http://a.example/\r\n\
        WARC-Block-Digest: sha1:AB\r\ncontent-length:  3\r\n\r\nx\ny\r\n\r\n";

    #[test]
    fn records_are_the_whole_file() {
        let records: Vec<_> = records(FILE.as_bytes()).collect();
        assert_eq!(records.concat(), FILE.as_bytes());
        assert!(!parse(records[0]).unwrap().is_text);
        let page = parse(records[1]).unwrap();
        assert_eq!((page.is_text, page.id), (true, Some("http://a.example/")));
        assert_eq!(&records[1][page.text], b"x\ny");
        assert_eq!(&records[1][page.length], b"3");
        assert_eq!(&records[1][page.digest.unwrap()], b"WARC-Block-Digest: sha1:AB\r\n");
    }

    #[test]
    fn a_part_of_a_record_is_not_a_record() {
        let second = FILE.rfind("WARC/").unwrap();
        for end in second..FILE.len() {
            assert_eq!(record_len(&FILE.as_bytes()[second..end]), Ok(None), "{end}");
        }
        assert!(is_last_record(FILE[second..].trim_end().as_bytes()));
        assert!(!is_last_record(&FILE.as_bytes()[second..FILE.len() - 5]));
        assert!(record_len(b"HTTP/1.1 200\r\n").is_err());
        assert!(record_len(b"WARC/1.0\r\nContent-Length: x\r\n\r\n").is_err());
        assert!(record_len(b"WARC/1.0\r\nContent-Length: 18446744073709551615\r\n\r\n").is_err());
    }
}
