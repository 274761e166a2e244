//! The ids of documents.

use std::borrow::Cow;

use serde_json::Value;
use serde_json::value::RawValue;

/// The id of a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Id<'a> {
    /// A string or an integer, as JSON.
    Json(&'a str),
    /// The text of a field of a WET record.
    Plain(&'a str),
}

/// Returns whether the JSON `raw` may be an id: a string without half of a character in UTF-16, or
/// an integer of 64 bits. Other numbers could be written in another way than they are read, as `-0`
/// is.
pub fn is_id(raw: &str) -> bool {
    let is_integer = raw.parse::<u64>().is_ok() || raw.parse::<i64>().is_ok_and(|id| id != 0);
    let is_string = || is_canonical(raw) || serde_json::from_str::<String>(raw).is_ok();
    is_integer || raw.starts_with('"') && is_string()
}

impl Id<'_> {
    /// Returns the id as a JSON string or integer.
    pub fn json(self) -> Value {
        match self {
            Self::Json(raw) => serde_json::from_str(raw).unwrap_or_else(|_| raw.into()),
            Self::Plain(text) => text.into(),
        }
    }
}

/// Returns whether the JSON string or integer `raw` has the form in which its value is written: a
/// string without escapes, or digits.
pub fn is_canonical(raw: &str) -> bool {
    match raw.as_bytes() {
        // Quotes and control characters are always escaped.
        [b'"', ..] => memchr::memchr(b'\\', raw.as_bytes()).is_none(),
        digits => digits.iter().all(u8::is_ascii_digit),
    }
}

/// Returns the id `raw` as JSON text that is the same for all ways to write its value, or `None` if
/// `raw` [is no id](is_id).
pub fn key(raw: &RawValue) -> Option<Cow<'_, str>> {
    let raw = raw.get();
    if !is_id(raw) {
        return None;
    }
    if is_canonical(raw) {
        return Some(Cow::Borrowed(raw));
    }
    serde_json::from_str(raw).ok().map(|id: Value| Cow::Owned(id.to_string()))
}

/// Returns an id as a name: the content of a string, or the digits of a number.
pub fn name(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_equal_if_values_are(
            raw in "\"([a-cé😀 \u{7F}/]|\\\\[nrtbf\"/\\\\]|\\\\u00[46][1-3]|\\\\ud83d\\\\ude00){0,8}\"|-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?",
        ) {
            let value: Value = serde_json::from_str(&raw).unwrap();
            let is_id = value.is_string() || value.is_u64() || value.is_i64();
            let raw: Box<RawValue> = serde_json::from_str(&raw).unwrap();
            prop_assert_eq!(key(&raw), is_id.then(|| value.to_string().into()));
        }
    }

    #[test]
    fn other_values_have_no_key() {
        for other in ["null", "true", "[1]", "{}", r#""\ud800""#, "1e999", "1.5", "18446744073709551616"] {
            let raw: &RawValue = serde_json::from_str(other).unwrap();
            assert_eq!(key(raw), None, "{other}");
        }
    }
}
