//! Reports on the repeats of a document and the decisions about them: an HTML page, and text for a
//! terminal.
//!
//! A report is made from a [`Document`] and its [`Edits`]. Decisions with the same original,
//! outcome and reason form a *family*. Removed families are listed before kept ones, and larger
//! families before smaller ones.
//!
//! ```
//! use refrain::report::Report;
//! use refrain::{Cleaner, Document, Policy};
//!
//! let text = "\
//! <b>Ferry</b>
//! The ferry sails at nine.
//! <b>Ferry</b>
//! The ferry sails at nine.
//! ";
//! let document = Document::new(text);
//! let edits = Cleaner::new().policy(Policy::drop_all()).edits_of(&document);
//! let report = Report::new(&document, &edits).name("ferry.html").policy(Policy::drop_all());
//! assert!(report.html().contains("&lt;b&gt;Ferry&lt;/b&gt;"));
//! assert!(report.text().contains("  3 - 1 | <b>Ferry</b>"));
//! ```
//!
//! The JSON form of the same data is the serialization of [`Edits`], with the feature `serde`.
//!
//! # Size
//!
//! The size of a report is linear in the text, its segments and the decisions. The time is linear
//! in these and in the runs of the blocks, except for sorting the decisions. Equal input results in
//! an equal report, byte for byte. A report lists at most 1000 families, and at most 100 copies and
//! 12 holes of each, followed by the number of those left out.
//!
//! The edits must be those that [`Cleaner::edits_of`](crate::Cleaner::edits_of) returns for the
//! document. [`Policy::scraper`] and [`Policy::transcript`] leave [leading text](Policy::leading)
//! out of the comparison, so to report what a cleaner with such a policy does, read the text with
//! `Options::new().skip_leading(policy.leading())`. If the edits were made for another document,
//! the report marks wrong lines, but nothing panics.

mod marks;
mod page;
mod plot;
mod terminal;
#[cfg(test)]
mod tests;
mod view;

use crate::document::Document;
use crate::edits::Edits;
use crate::policy::Policy;
use view::View;

/// The coloring of a report for a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Color {
    /// No colors: the report has no escape sequences.
    #[default]
    None,
    /// ANSI escape sequences for a palette of 256 colors.
    Ansi,
}

/// A report on a document and its edits.
#[derive(Clone, Debug)]
pub struct Report<'r> {
    document: &'r Document<'r>,
    edits: &'r Edits<'r>,
    name: Option<&'r str>,
    policy: Option<Policy>,
    color: Color,
    width: Option<usize>,
    families_only: bool,
}

impl<'r> Report<'r> {
    /// Creates a report on `document` and `edits`, which are those of
    /// [`Cleaner::edits_of`](crate::Cleaner::edits_of) for this document.
    pub fn new(document: &'r Document<'r>, edits: &'r Edits<'r>) -> Self {
        Self {
            document,
            edits,
            name: None,
            policy: None,
            color: Color::None,
            width: None,
            families_only: false,
        }
    }

    /// Sets the name of the text, such as the name of its file, for the title of
    /// [`html`](Self::html).
    #[must_use]
    pub fn name(self, name: &'r str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Sets the policy of the edits, which [`html`](Self::html) then states.
    #[must_use]
    pub fn policy(self, policy: Policy) -> Self {
        Self { policy: Some(policy), ..self }
    }

    /// Sets the coloring of [`text`](Self::text).
    #[must_use]
    pub fn color(self, color: Color) -> Self {
        Self { color, ..self }
    }

    /// Sets the width in columns to which [`text`](Self::text) wraps the segments, with a hanging
    /// indentation. Without it, or if fewer than 20 columns would be left for the text, lines are
    /// not wrapped. An ideograph, kana or Hangul syllable takes two columns, and a combining mark
    /// none.
    #[must_use]
    pub fn width(self, columns: usize) -> Self {
        Self { width: Some(columns), ..self }
    }

    /// Leaves the segments out of [`text`](Self::text), which then lists the families only.
    #[must_use]
    pub fn families_only(self) -> Self {
        Self { families_only: true, ..self }
    }

    /// Returns the report as a self-contained HTML page, which loads nothing and runs only its own
    /// script.
    ///
    /// The page shows the text, in which each family has a color and removed text is struck
    /// through; a dot plot of the document against itself, in which a repeated run is a diagonal;
    /// and the list of families with their reasons, which can be filtered by reason. Selecting a
    /// family, by mouse or keyboard, highlights its original and the listed copies in the text and
    /// shows its original beside one of its copies. Families that follow each other in the text
    /// have different colors, unless a family has more than nine such neighbors.
    ///
    /// The plot has at most 400 cells a side, so a cell of a long document covers many segments.
    /// Each segment is compared with its first occurrence and with the eight occurrences before it.
    pub fn html(&self) -> String {
        page::write(&View::new(self.document, self.edits), self)
    }

    /// Returns the report as text for a terminal: the families with their reasons, and the
    /// segments.
    ///
    /// Each segment is listed with its number, counted from 1, and, if it belongs to a family, a
    /// mark and the number of the family.
    ///
    /// | mark | meaning |
    /// |---|---|
    /// | `-` | removed |
    /// | `=` | the original of a family |
    /// | `+` | a copy that is kept |
    /// | `.` | in a hole of a block: only in the original, or only in the copy |
    ///
    /// Text that is removed from inside a segment is shown between `[-` and `-]`.
    ///
    /// Control characters of the document, except tabs, are replaced by their Unicode pictures
    /// (`␛`), or by U+FFFD where there is no picture, and those that change the direction of text
    /// by their code points (`<U+202E>`), so the document cannot control the terminal.
    pub fn text(&self) -> String {
        terminal::write(&View::new(self.document, self.edits), self)
    }
}
