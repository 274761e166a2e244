//! Copies of a text without some spans.

use refrain::Span;

/// Appends `text` without `cuts`.
pub fn plain(text: &[u8], cuts: &[Span], out: &mut Vec<u8>) {
    let mut at = 0;
    for cut in cuts {
        out.extend_from_slice(&text[at..cut.start()]);
        at = cut.end();
    }
    out.extend_from_slice(&text[at..]);
}

/// Appends the content of the JSON string `raw` without `cuts`, which are spans of the text that
/// the string stands for. Each character that stays is written as before, escaped or not.
pub fn json(raw: &[u8], cuts: &[Span], out: &mut Vec<u8>) {
    let mut walk = Walk { raw, at: 0, text: 0, escape: 0 };
    walk.find_escape();
    let mut kept = 0;
    for cut in cuts {
        walk.to(cut.start());
        out.extend_from_slice(&raw[kept..walk.at]);
        walk.to(cut.end());
        kept = walk.at;
    }
    out.extend_from_slice(&raw[kept..]);
}

/// A place in a JSON string and in the text that the string stands for.
struct Walk<'a> {
    raw: &'a [u8],
    at: usize,
    text: usize,
    /// The place in the JSON string of the next escape, or its end.
    escape: usize,
}

impl Walk<'_> {
    /// Moves to byte `end` of the text, which is between two characters.
    fn to(&mut self, end: usize) {
        while self.text < end && self.at < self.raw.len() {
            if self.at < self.escape {
                // Bytes up to the next escape stand for themselves.
                let len = (self.escape - self.at).min(end - self.text);
                self.at += len;
                self.text += len;
                continue;
            }
            let (raw, text) = match self.raw.get(self.at + 1) {
                Some(b'u') => self.unicode(),
                _ => (2, 1),
            };
            self.at += raw;
            self.text += text;
            self.find_escape();
        }
    }

    fn find_escape(&mut self) {
        let rest = self.raw.get(self.at..).unwrap_or_default();
        self.escape = self.at + memchr::memchr(b'\\', rest).unwrap_or(rest.len());
    }

    /// Returns the length of the escape `\u…` here, or of two that are one character, and that of
    /// the character.
    fn unicode(&self) -> (usize, usize) {
        let digits = |at: usize| {
            let digits = std::str::from_utf8(self.raw.get(at..at + 4)?).ok()?;
            u32::from_str_radix(digits, 16).ok()
        };
        match digits(self.at + 2) {
            Some(0xD800..=0xDBFF) => (12, 4),
            Some(code) => (6, char::from_u32(code).map_or(1, char::len_utf8)),
            None => (2, 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes `text` as the content of a JSON string, with other escapes for other `styles`.
    fn encoded(text: &str, styles: &[u8]) -> String {
        let mut raw = String::new();
        for (c, style) in text.chars().zip(styles.iter().cycle()) {
            let is_due = c < ' ' || c == '"' || c == '\\';
            match (c, style) {
                ('\n', 0) => raw.push_str("\\n"),
                ('/' | '"' | '\\', 0 | 1) => raw.extend(['\\', c]),
                (_, 2..) if !is_due => raw.push(c),
                _ => {
                    let mut units = [0; 2];
                    c.encode_utf16(&mut units).iter().for_each(|unit| raw += &format!("\\u{unit:04x}"));
                }
            }
        }
        raw
    }

    proptest! {
        #[test]
        fn the_rest_of_a_string_stays_as_it_was_written(
            text in "[a-c\n\"\\\\/\u{1}é中😀]{0,30}",
            styles in prop::collection::vec(0_u8..4, 1..8),
            ends in prop::collection::vec(0_usize..31, 0..6),
        ) {
            let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            starts.dedup();
            let mut ends: Vec<usize> = ends.iter().map(|end| end % starts.len()).collect();
            ends.sort_unstable();
            let cuts: Vec<Span> =
                ends.chunks_exact(2).map(|ends| Span::new(starts[ends[0]], starts[ends[1]])).collect();
            let styles = &styles[..];
            let mut expected = Vec::new();
            plain(text.as_bytes(), &cuts, &mut expected);
            let raw = encoded(&text, styles);
            let mut out = Vec::new();
            json(raw.as_bytes(), &cuts, &mut out);
            let quoted = format!("\"{}\"", String::from_utf8(out.clone()).unwrap());
            let decoded: String = serde_json::from_str(&quoted).unwrap();
            prop_assert_eq!(decoded.as_bytes(), &expected[..]);
            // The rest has the characters as they were written.
            let is_kept = |at: usize| cuts.iter().all(|cut| !cut.contains(at));
            let mut by_character = String::new();
            for ((at, c), style) in text.char_indices().zip(styles.iter().cycle()) {
                if is_kept(at) {
                    by_character += &encoded(&c.to_string(), &[*style]);
                }
            }
            prop_assert_eq!(String::from_utf8(out).unwrap(), by_character);
        }
    }
}
