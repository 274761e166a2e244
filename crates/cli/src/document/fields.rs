//! The fields of a JSON object that have the text and the id, and their places in the line.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::id::is_id;

/// A path of names: `a.b` is the field `b` of the object in the field `a`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldPath(Vec<String>);

impl std::str::FromStr for FieldPath {
    type Err = &'static str;

    fn from_str(path: &str) -> Result<Self, Self::Err> {
        let names: Vec<String> = path.split('.').map(str::to_owned).collect();
        if names.iter().any(String::is_empty) {
            return Err("expected the name of a field, such as `text` or `a.b` for a field in a field");
        }
        Ok(Self(names))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// The fields that have the text and the id of a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fields {
    pub text: FieldPath,
    pub id: FieldPath,
}

/// The text and the id of a line.
#[derive(Debug)]
pub struct Found<'a> {
    pub text: Cow<'a, str>,
    /// A string or an integer, as JSON.
    pub id: Option<&'a str>,
    /// The content of the JSON string of the text, in bytes of the line.
    pub place: Range<usize>,
}

impl Fields {
    /// Finds the text and the id in `line`, or returns why `line` is not a document.
    pub fn find<'a>(&self, line: &'a str) -> Result<Found<'a>, String> {
        let [text, id] = values(line, [&self.text.0, &self.id.0])?;
        let raw = text.ok_or_else(|| format!("expected the field `{}`, found none", self.text))?;
        if !raw.get().starts_with('"') {
            return Err(format!("expected a string in the field `{}`, found {}", self.text, kind(raw.get())));
        }
        let text = string(raw.get()).map_err(|why| format!("field `{}`: {why}", self.text))?;
        let id = id.map(RawValue::get).filter(|raw| is_id(raw));
        // The value is a slice of the line.
        let start = raw.get().as_ptr() as usize - line.as_ptr() as usize;
        Ok(Found { text, id, place: start + 1..start + raw.get().len() - 1 })
    }

    /// Returns whether `line` has the field of the text, whatever its value; `None` if `line` is
    /// not an object. Adds the names of its fields to `names`.
    pub fn has_text(&self, line: &str, names: &mut BTreeSet<String>) -> Option<bool> {
        let value: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).ok()?;
        names.extend(value.iter().flat_map(|(name, value)| {
            let inner =
                value.as_object().into_iter().flatten().map(move |(inner, _)| format!("{name}.{inner}"));
            std::iter::once(name.clone()).chain(inner)
        }));
        let (first, rest) = self.text.0.split_first()?;
        let found =
            value.get(first).and_then(|value| rest.iter().try_fold(value, |value, name| value.get(name)));
        Some(found.is_some())
    }
}

fn kind(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a truth value",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// Returns the content of the JSON string `raw`.
fn string(raw: &str) -> Result<Cow<'_, str>, String> {
    let inner = &raw[1..raw.len() - 1];
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(inner));
    }
    match decoded(inner) {
        Some(text) => Ok(Cow::Owned(text)),
        // The string is valid JSON, so only surrogates are left.
        None => serde_json::from_str(raw).map(Cow::Owned).map_err(|_| match lone_surrogate(inner) {
            None => "expected characters in a string".to_owned(),
            Some(escape) => format!("expected a character, found `{escape}`, which is half of one in UTF-16"),
        }),
    }
}

/// Returns the first escape of a surrogate without the other half of its pair, in a valid JSON
/// string without its quotes.
fn lone_surrogate(inner: &str) -> Option<&str> {
    let code = |at: usize| {
        let digits = inner.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut at = 0;
    while let Some(found) = inner.get(at..).and_then(|rest| memchr::memchr(b'\\', rest.as_bytes())) {
        at += found;
        at += match (code(at), code(at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => return inner.get(at..at + 6),
            _ => 2,
        };
    }
    None
}

/// Returns the text of a valid JSON string without its quotes, in a single allocation; or `None` if
/// it has an escape of a surrogate.
fn decoded(inner: &str) -> Option<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        let (c, len) = match rest.as_bytes().get(at + 1)? {
            b'n' => ('\n', 2),
            b'r' => ('\r', 2),
            b't' => ('\t', 2),
            b'b' => ('\u{8}', 2),
            b'f' => ('\u{C}', 2),
            sign @ (b'"' | b'\\' | b'/') => (char::from(*sign), 2),
            b'u' => {
                let code = u32::from_str_radix(rest.get(at + 2..at + 6)?, 16).ok()?;
                (char::from_u32(code)?, 6)
            }
            _ => return None,
        };
        text.push(c);
        rest = &rest[at + len..];
    }
    text.push_str(rest);
    Some(text)
}

/// Returns the message of the parser without the position in the line.
fn cause(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

/// Returns the values at two paths of the object `text`.
fn values<'a>(text: &'a str, paths: [&[String]; 2]) -> Result<[Option<&'a RawValue>; 2], String> {
    let names = paths.map(|path| path.first().map_or("", String::as_str));
    let mut parser = serde_json::Deserializer::from_str(text);
    let found = parser.deserialize_map(Members { names }).and_then(|found| parser.end().map(|()| found));
    let found = found.map_err(|error| {
        let (is_object, column) = (text.trim_start().starts_with('{'), error.column());
        if error.is_data() && !is_object {
            format!("expected a JSON object on each line, found {}", kind(text.trim_start()))
        } else if error.is_eof() && is_object {
            format!("expected a JSON object, found the end of the line inside of one, at column {column}")
        } else if !is_object {
            "expected a JSON object on each line, found text that is not JSON".to_owned()
        } else {
            format!("expected a JSON object: {} at column {column}", cause(&error))
        }
    })?;
    let mut values = [None; 2];
    for (value, (path, found)) in values.iter_mut().zip(paths.iter().zip(found)) {
        *value = match (found, &path[1..]) {
            (Some(raw), rest @ [_, ..]) if raw.get().starts_with('{') => values_inside(raw, rest)?,
            (Some(_), [_, ..]) => None,
            (found, _) => found,
        };
    }
    Ok(values)
}

fn values_inside<'a>(raw: &'a RawValue, path: &[String]) -> Result<Option<&'a RawValue>, String> {
    values(raw.get(), [path, path]).map(|[value, _]| value)
}

/// Finds the members of an object with two names.
struct Members<'n> {
    names: [&'n str; 2],
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = [Option<&'de RawValue>; 2];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [None; 2];
        while let Some(is) = map.next_key_seed(Name(self.names))? {
            if is == [false, false] {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value: &'de RawValue = map.next_value()?;
            for (i, is) in is.into_iter().enumerate() {
                // Programs differ in which of two equal names they read.
                if is && found[i].replace(value).is_some() {
                    let name = self.names[i];
                    return Err(serde::de::Error::custom(format!("the field `{name}` occurs twice")));
                }
            }
        }
        Ok(found)
    }
}

/// Compares the name of a member with two names.
struct Name<'n>([&'n str; 2]);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = [bool; 2];

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = [bool; 2];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.map(|wanted| wanted == name))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn strings_are_decoded_as_by_the_parser(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "a", "é", "😀", "\\n", "\\r", "\\t", "\\b", "\\f", "\\\"", "\\\\", "\\/", "\\u00e9", "\\u4E2d",
                    "\\ud83d\\ude00", "\\ud800", "\\uDC00", "u0041",
                ]),
                0..12,
            ),
        ) {
            let raw = format!("\"{}\"", parts.concat());
            let parsed = serde_json::from_str::<String>(&raw);
            let is_lone = |escape: Option<&str>| matches!(escape, Some("\\ud800" | "\\uDC00"));
            let inner = &raw[1..raw.len() - 1];
            prop_assert_eq!(is_lone(lone_surrogate(inner)), parsed.is_err());
            prop_assert_eq!(string(&raw).map(Cow::into_owned).ok(), parsed.ok());
        }
    }

    fn find<'a>(line: &'a str, text: &str) -> Result<(Cow<'a, str>, Option<&'a str>, &'a str), String> {
        let fields = Fields { text: text.parse().unwrap(), id: "id".parse().unwrap() };
        fields.find(line).map(|found| (found.text, found.id, &line[found.place]))
    }

    #[test]
    fn a_text_is_found_with_its_place() {
        let line = r#" {"a": [1, {"text": 2}], "text" : "x\ny\u00e9", "id":7} "#;
        assert_eq!(find(line, "text"), Ok(("x\ny\u{E9}".into(), Some("7"), r"x\ny\u00e9")));
        let line = r#"{"m":{"body":"b","id":"no"},"id":"y\"es"}"#;
        assert_eq!(find(line, "m.body"), Ok(("b".into(), Some("\"y\\\"es\""), "b")));
        let line = r#"{"id":"\ud800","text":"b"}"#;
        assert_eq!(find(line, "text"), Ok(("b".into(), None, "b")));
        let line = "{\"t\\u0065xt\":\"\"}\r\n";
        assert_eq!(find(line, "text"), Ok(("".into(), None, "")));
    }

    #[test]
    fn other_lines_have_a_cause() {
        for (line, expected) in [
            (r#"{"id":1}"#, "expected the field `text`, found none"),
            (r#"{"text":null}"#, "expected a string in the field `text`, found null"),
            (r#"["text"]"#, "expected a JSON object on each line, found a list"),
            (
                r#"{"text":"a","text":"b"}"#,
                "expected a JSON object: the field `text` occurs twice at column 23",
            ),
            (r#"{"text":"a"} x"#, "expected a JSON object: trailing characters at column 14"),
            (
                r#"{"text":"\ud83d\ude00 \ud800"}"#,
                r"field `text`: expected a character, found `\ud800`, which is half of one in UTF-16",
            ),
            (
                r#"{"text":"a"#,
                "expected a JSON object, found the end of the line inside of one, at column 10",
            ),
            (r#""text""#, "expected a JSON object on each line, found a string"),
            ("3", "expected a JSON object on each line, found a number"),
        ] {
            assert_eq!(find(line, "text"), Err(expected.to_owned()), "{line}");
        }
    }
}
