//! Records: segments of which only a part, the *key*, is compared.
//!
//! Lines of a chat, a log or a list often differ only in a time, a number or a mark at their
//! beginning. [`Leading`] selects the kinds of leading text to leave out of the key: this text is
//! not compared, and it is removed only together with its line. For other formats, give a
//! [`Record`] for each segment to [`Document::from_records`](crate::Document::from_records).
//!
//! ```
//! use refrain::records::Leading;
//! use refrain::{Cleaner, Options, Policy};
//!
//! let chat = "\
//! [12:01] Shall we all have a look at the gate together?
//! [12:03] Shall we all have a look at the gate together?
//! [12:04] Shall we all have a look at the gate together?
//! [12:09] I am there.
//! ";
//! let cleaner = Cleaner::new().policy(Policy::transcript());
//! assert_eq!(cleaner.clean(chat).lines().count(), 2);
//!
//! let cleaner = cleaner.options(Options::new().skip_leading(Leading::NONE));
//! assert_eq!(cleaner.clean(chat).lines().count(), 4);
//! ```

mod beginning;
mod frames;
mod pages;

use std::fmt;
use std::str::FromStr;

pub(crate) use beginning::beginning;
pub(crate) use frames::keyed;
pub use pages::pages;

use crate::error::LeadingError;
use crate::span::Span;

/// A segment that the caller chooses, and the part of the text by which it is compared.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Record {
    /// The span that is cut if the record is removed.
    pub span: Span,
    /// The span that is compared. It is usually a part of `span`.
    pub key: Span,
}

/// Selects the leading text, such as times and list marks, that is ignored when segments are
/// compared: `Leading::NONE.times()` ignores times. The text that remains is the *key* of the
/// segment.
///
/// Several kinds may follow each other, as in `> 12. [10:15]`. If a segment has no other text, the
/// whole segment is its key.
///
/// | kind | leading text that is not part of the key |
/// |---|---|
/// | [`times`](Self::times) | a clock time, a date, or both, with or without brackets, or a range of two of these; one character after it (`:`, `-`, `\|` or `,`) is left out too: `10:15`, `[00:01:13]`, `2031-04-02 12:01:04`, `00:01:13,120 --> 00:01:16,480` |
/// | [`counters`](Self::counters) | a number of up to six digits, then a full stop, a colon or `)`, with white space after it: `12.`, `7)` |
/// | [`bullets`](Self::bullets) | a list mark with white space after it: `-`, `*`, `+`, `•`, `–` and similar characters |
/// | [`quotes`](Self::quotes) | the marks of quoted mail: `>`, `> >` |
///
/// With both `times` and `counters`, a subtitle cue is one segment if the segmentation is `Auto` or
/// `Lines`: an optional line with a number, a line with a time, and the lines of text up to the
/// next blank line. Only the lines of text are compared. Settings of WebVTT, such as
/// `align:start`, may follow the time. With `times` alone, this applies to cues without a number.
///
/// `Display` writes the names of the kinds, and `FromStr` parses them: `none`, or names with commas
/// between them, such as `times,counters`.
///
/// ```
/// use refrain::records::Leading;
/// use refrain::{Document, Options};
///
/// let leading = Leading::NONE.times().bullets();
/// assert_eq!(leading, "times,bullets".parse()?);
///
/// let text = "- [12:01] The gate is open.\n* [12:07] The gate is open.\n";
/// let document = Document::with_options(text, &Options::new().skip_leading(leading));
/// let fingerprints: Vec<_> = document.segments().map(|segment| segment.fingerprint()).collect();
/// assert_eq!(fingerprints[0], fingerprints[1]);
/// # Ok::<(), refrain::error::LeadingError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Leading(u8);

const TIMES: u8 = 1;
const COUNTERS: u8 = 2;
const BULLETS: u8 = 4;
const QUOTES: u8 = 8;

const NAMES: [(u8, &str); 4] =
    [(TIMES, "times"), (COUNTERS, "counters"), (BULLETS, "bullets"), (QUOTES, "quotes")];

impl Leading {
    /// No kind of leading text: the key of a segment is the whole segment.
    pub const NONE: Self = Self(0);

    /// Leaves leading times and dates out of the key.
    #[must_use]
    pub const fn times(self) -> Self {
        Self(self.0 | TIMES)
    }

    /// Leaves leading numbers out of the key.
    #[must_use]
    pub const fn counters(self) -> Self {
        Self(self.0 | COUNTERS)
    }

    /// Leaves leading list marks out of the key.
    #[must_use]
    pub const fn bullets(self) -> Self {
        Self(self.0 | BULLETS)
    }

    /// Leaves the marks of quoted mail out of the key.
    #[must_use]
    pub const fn quotes(self) -> Self {
        Self(self.0 | QUOTES)
    }

    const fn has(self, kind: u8) -> bool {
        self.0 & kind != 0
    }
}

/// Writes the names of the kinds: `none`, or for example `times,counters`.
impl fmt::Display for Leading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> =
            NAMES.iter().filter(|(kind, _)| self.has(*kind)).map(|(_, name)| *name).collect();
        f.write_str(if names.is_empty() { "none" } else { "" })?;
        f.write_str(&names.join(","))
    }
}

impl fmt::Debug for Leading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Leading({self})")
    }
}

/// Parses names as [`Display`](fmt::Display) writes them, in any order.
impl FromStr for Leading {
    type Err = LeadingError;

    fn from_str(names: &str) -> Result<Self, LeadingError> {
        if names == "none" {
            return Ok(Self::NONE);
        }
        let mut leading = Self::NONE;
        for name in names.split(',') {
            let known = NAMES.iter().find(|(_, known)| *known == name);
            let (kind, _) = known.ok_or_else(|| LeadingError { name: name.to_owned() })?;
            leading.0 |= kind;
        }
        Ok(leading)
    }
}

impl TryFrom<String> for Leading {
    type Error = LeadingError;

    fn try_from(names: String) -> Result<Self, LeadingError> {
        names.parse()
    }
}

impl From<Leading> for String {
    fn from(leading: Leading) -> Self {
        leading.to_string()
    }
}
