//! Reports on the repeats of a document and the decisions about them: an HTML page, and text for a
//! terminal.
//!
//! A report is made from a [`Document`] and its [`Edits`]. Decisions with the same original,
//! outcome and reason form a *family*. Removed families are listed before kept ones, and larger
//! families before smaller ones.
//!
//! ```
//! use refrain::{Cleaner, Document, Policy, report};
//!
//! let text = "\
//! <b>Ferry</b>
//! The ferry sails at nine.
//! <b>Ferry</b>
//! The ferry sails at nine.
//! ";
//! let document = Document::new(text);
//! let edits = Cleaner::new().policy(Policy::drop_all()).edits_of(&document);
//! let page = report::html(&document, &edits);
//! assert!(page.contains("&lt;b&gt;Ferry&lt;/b&gt;"));
//! let plain = report::text(&document, &edits, report::Color::None);
//! assert!(plain.contains("  3 - 1 | <b>Ferry</b>"));
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
//! Edits of another text than the document's result in a meaningless report, but not in a panic.

mod marks;
mod page;
mod plot;
mod terminal;
#[cfg(test)]
mod tests;
mod view;

use crate::document::Document;
use crate::edits::Edits;
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

/// Returns a report as a self-contained HTML page, which loads nothing and runs only its own
/// script.
///
/// The page shows the text, in which each family has a color and removed text is struck through; a
/// dot plot of the document against itself, in which a repeated run is a diagonal; and the list of
/// families with their reasons. Selecting a family, by mouse or keyboard, highlights all of its
/// occurrences in the text and shows its original beside one of its copies.
///
/// The plot has at most 400 cells a side, so a cell of a long document covers many segments. Each
/// segment is compared with its first occurrence and with the eight occurrences before it.
pub fn html(document: &Document<'_>, edits: &Edits<'_>) -> String {
    page::write(&View::new(document, edits))
}

/// Returns a report as text for a terminal: the families with their reasons, and the segments.
///
/// Each segment is listed with its number, a mark, and the number of its family.
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
/// Control characters of the document are replaced by their Unicode pictures (`␛`), so the document
/// cannot control the terminal.
pub fn text(document: &Document<'_>, edits: &Edits<'_>, color: Color) -> String {
    terminal::write(&View::new(document, edits), color)
}
