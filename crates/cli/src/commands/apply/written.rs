//! Lines of a list exactly as `--write edits` writes them, which are read several times as fast
//! without a parser of JSON.

use std::ops::Range;

/// Returns the id of a line as JSON, whether the document is removed, and the spans to remove; or
/// `None` if the line has any other form.
pub fn parse(line: &[u8]) -> Option<(&str, bool, Vec<Range<usize>>)> {
    let mut rest = Rest(line);
    rest.literal(r#"{"id":"#)?;
    let id = rest.id()?;
    rest.literal(r#","edits":["#)?;
    let mut ranges = Vec::new();
    while rest.literal("]").is_none() {
        rest.literal(if ranges.is_empty() { r#"{"start":"# } else { r#",{"start":"# })?;
        let start = rest.number()?;
        rest.literal(r#","end":"#)?;
        let end = rest.number()?;
        for name in [r#","original_start":"#, r#","original_end":"#] {
            rest.literal(name)?;
            rest.literal("null").or_else(|| rest.number().map(drop))?;
        }
        rest.literal(r#","reason":"#)?;
        let is_plain = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        rest.string()?.iter().all(is_plain).then_some(())?;
        rest.literal("}")?;
        ranges.push(start..end);
    }
    let is_removed = rest.literal(r#","removed":true"#).is_some();
    rest.literal("}")?;
    matches!(rest.0, b"" | b"\n" | b"\r\n").then_some((id, is_removed, ranges))
}

/// The part of a line that is not yet read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn literal(&mut self, literal: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(literal.as_bytes())?;
        Some(())
    }

    /// Reads digits whose value fits 64 bits.
    fn digits(&mut self) -> Option<&'a [u8]> {
        let len = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(len);
        self.0 = rest;
        match digits {
            [] | [b'0', _, ..] => None,
            _ => Some(digits).filter(|digits| digits.len() < 20),
        }
    }

    fn number(&mut self) -> Option<usize> {
        let digit = |value: u64, digit: &u8| value * 10 + u64::from(digit - b'0');
        usize::try_from(self.digits()?.iter().fold(0, digit)).ok()
    }

    /// Reads the content of a string.
    fn string(&mut self) -> Option<&'a [u8]> {
        let (quote, rest) = self.0.split_first()?;
        let len = memchr::memchr(b'"', rest)?;
        self.0 = &rest[len + 1..];
        (*quote == b'"').then_some(&rest[..len])
    }

    /// Reads a string without escapes, or digits.
    fn id(&mut self) -> Option<&'a str> {
        let before = self.0;
        let content = if before.first() == Some(&b'"') { self.string()? } else { self.digits()? };
        let is_plain = content.iter().all(|byte| *byte >= b' ' && *byte != b'\\');
        let id = &before[..before.len() - self.0.len()];
        std::str::from_utf8(id).ok().filter(|_| is_plain)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use refrain::Span;
    use serde_json::Value;

    use super::super::list::parse_json;
    use super::*;
    use crate::commands::rows::{Row, edits};
    use crate::output::Offsets;

    proptest! {
        #[test]
        fn lines_are_read_as_by_the_parser(
            id in prop_oneof![
                "[a-z:é\"\\\\\n]{0,6}".prop_map(Value::from),
                any::<u64>().prop_map(Value::from),
                any::<i8>().prop_map(Value::from),
            ],
            ends in prop::collection::vec((0_usize..9, 0_usize..9, any::<bool>()), 0..4),
            is_removed in any::<bool>(),
            end in "[\n\r ]{0,2}",
        ) {
            let span = |a: usize, b: usize| Span::new(a.min(b), a.max(b));
            let row = |(a, b, has_original): &(usize, usize, bool)| {
                Row { span: span(*a, *b), original: has_original.then(|| span(*b, 9)), reason: "list" }
            };
            let rows: Vec<Row<'_>> = ends.iter().map(row).collect();
            let mut line = edits(id.clone(), "123456789", &rows, Offsets::Bytes);
            if is_removed {
                line["removed"] = true.into();
            }
            let line = line.to_string() + &end;
            let is_plain = id.to_string().len() < 20 && !id.to_string().contains(['\\', '-']);
            let has_end = ["", "\n", "\r\n"].contains(&&*end);
            prop_assert_eq!(parse(line.as_bytes()).is_some(), is_plain && has_end, "{}", line);
            check(line.as_bytes());
        }
    }

    /// Checks that the parser reads a line in the same way.
    fn check(line: &[u8]) {
        if let Some((id, is_removed, ranges)) = parse(line) {
            let parsed = parse_json(line).map_err(|error| error.to_string());
            let line = String::from_utf8_lossy(line);
            assert_eq!(parsed, Ok((id.to_owned(), is_removed, ranges)), "{line}");
        }
    }

    #[test]
    fn lines_with_a_mistake_are_left_to_the_parser() {
        let edit = r#"{"start":20,"end":30,"original_start":10,"original_end":null,"reason":"a-b"}"#;
        for id in [r#""é:1""#, "120"] {
            let line = format!(r#"{{"id":{id},"edits":[{edit},{edit}],"removed":true}}"#).into_bytes();
            assert!(parse(&line).is_some());
            for at in 0..line.len() {
                for new in [
                    &b""[..],
                    b"0",
                    b"7",
                    b"-",
                    b"\"",
                    b"\\",
                    b" ",
                    b"\t",
                    b"\x01",
                    b"\xC3",
                    b"a",
                    b",",
                    b"]",
                    b"}",
                ] {
                    for len in [0, 1] {
                        check(&[&line[..at], new, &line[at + len..]].concat());
                    }
                }
                check(&line[..at]);
            }
        }
    }
}
