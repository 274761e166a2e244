//! What a document says twice and what becomes of it, to look at: a page, a text for a terminal, a JSON object.
//!
//! A report is made of a [`Document`] and an [`EditList`] of it. Verdicts with the same original, decision and reason are one
//! *family*; those of which something goes come first, then the larger before the smaller.
//!
//! ```
//! use refrain::{Document, Policy, report};
//!
//! let text = "<b>Ferry</b>\nIt sails at nine.\n<b>Ferry</b>\nIt sails at nine.\n";
//! let doc = Document::new(text);
//! let edits = Policy::All.settle(&doc);
//! let page = report::html(&doc, &edits);
//! assert!(page.contains("&lt;b&gt;Ferry&lt;/b&gt;"));
//! assert!(report::text(&doc, &edits, report::Colour::None).contains("  3 - 1 | <b>Ferry</b>"));
//! ```
//!
//! # Size
//!
//! The size is linear in the text, its segments and verdicts, the time too but for a logarithm, and a report is the same to
//! the byte whenever it is made. Page and terminal list at most 1000 families, with at most 100 copies and 12 holes each, and say how many more there are;
//! the JSON object has all of them.
//!
//! If the edit list is that of another document, the report makes no sense; it is made all the same.

mod json;
mod page;
mod plot;
mod terminal;
#[cfg(test)]
mod tests;
mod view;

use crate::document::Document;
use crate::edit::EditList;
use view::View;

/// Whether a text for a terminal has colours.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Colour {
    /// None: there is no escape sequence in it.
    #[default]
    None,
    /// ANSI escape sequences, with a palette of 256 colours.
    Ansi,
}

/// A page of HTML, complete in itself: it loads nothing, and runs nothing but its own script.
///
/// It has the text, each family in its colour and struck through where it goes; a dot plot of the document against itself,
/// in which a repeated run is a diagonal; and the list of families with reasons. To choose a family, by mouse or
/// keyboard, marks its places in the text and shows two of them side by side.
///
/// The plot has at most 400 cells a side, so a cell of a long document is many segments. A segment that stands very often
/// has a dot for its first place and for the eight before it, not for each.
pub fn html(doc: &Document<'_>, edits: &EditList<'_>) -> String {
    page::write(&View::new(doc, edits))
}

/// A text for a terminal: the families with their reasons, and the segments, each with its number, what becomes of it and
/// the number of its family.
///
/// | mark | |
/// |---|---|
/// | `-` | goes |
/// | `=` | the original of a family |
/// | `+` | a copy that stays |
/// | `.` | in a hole of a block: only in the original, or only in the copy |
///
/// What goes from inside a segment that stays stands between `[-` and `-]`.
///
/// Control characters of the document are shown by their pictures (`␛`), so that they do nothing to the terminal.
pub fn text(doc: &Document<'_>, edits: &EditList<'_>, colour: Colour) -> String {
    terminal::write(&View::new(doc, edits), colour)
}

/// A JSON object: all segments with their weights and fingerprints, families, verdicts with their measures, runs and holes, and
/// edits. Spans are bytes of the text; the text is not in it.
///
/// | field | |
/// |---|---|
/// | `bytes`, `weight`, `distinct` | of the document: length, weight, number of different segments |
/// | `settled` | [`EditList::is_settled`] |
/// | `segments` | `start`, `end`, `weight`, `fingerprint`, `dropped` |
/// | `families` | `dropped`, `reason`, `original`, and `verdicts` by number |
/// | `verdicts` | `original`, `copy`, `kind`, `similarity`, `len`, `round`, `dropped`, `reason`, `block` or `null` |
/// | `edits` | `span`, and `verdict` by number |
pub fn json(doc: &Document<'_>, edits: &EditList<'_>) -> String {
    json::write(&View::new(doc, edits))
}
