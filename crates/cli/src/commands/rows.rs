//! Lines of JSON about the documents: edits, and attributes for dolma.

use refrain::Span;
use refrain::edits::Positions;
use serde_json::{Value, json};

use crate::document::name;
use crate::output::Offsets;

/// A removal as a command lists it.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The span to cut.
    pub span: Span,
    /// The span of the original in the same text.
    pub original: Option<Span>,
    pub reason: &'a str,
}

/// The attribute of dolma for removals: its name, after those of the experiment and of the tagger.
const COPIES: &str = "refrain__refrain__copies";
/// The attribute of dolma for a document that is left out.
const DUPLICATE: &str = "refrain__refrain__duplicate";

/// Returns the line of a document in a file of edits.
pub fn edits(id: Value, text: &str, rows: &[Row<'_>], offsets: Offsets) -> Value {
    let positions = Positions::new(text);
    let edit = |row: &Row<'_>| {
        let span = offsets.range(&positions, row.span);
        let original = row.original.map(|original| offsets.range(&positions, original));
        json!({
            "start": span.start,
            "end": span.end,
            "original_start": original.as_ref().map(|original| original.start),
            "original_end": original.as_ref().map(|original| original.end),
            "reason": row.reason,
        })
    };
    json!({ "id": id, "edits": rows.iter().map(edit).collect::<Vec<_>>() })
}

/// Returns the line of a document that is left out in a file of edits.
pub fn edits_of_removed(id: Value, text: &str, reason: &str, offsets: Offsets) -> Value {
    let row = Row { span: Span::new(0, text.len()), original: None, reason };
    let mut line = edits(id, text, &[row], offsets);
    line["removed"] = true.into();
    line
}

/// Returns the line of a document in a file of attributes for dolma, whose positions are code
/// points.
pub fn dolma(id: &Value, text: &str, rows: &[Row<'_>]) -> Value {
    let positions = Positions::new(text);
    let copy = |row: &Row<'_>| {
        let span = positions.code_points(row.span);
        json!([span.start, span.end, 1.0])
    };
    // The ids of dolma are strings.
    json!({ "id": name(id), "attributes": { COPIES: rows.iter().map(copy).collect::<Vec<_>>() } })
}

/// Returns the line of a document that is left out in a file of attributes for dolma.
pub fn dolma_document(id: &Value, text: &str) -> Value {
    let mut line = dolma(id, text, &[]);
    line["attributes"][DUPLICATE] = json!([[0, text.chars().count(), 1.0]]);
    line
}

/// Returns the line of a removal in the list of removals.
pub fn removed(id: &Value, text: &str, positions: &Positions<'_>, row: &Row<'_>, offsets: Offsets) -> Value {
    let span = offsets.range(positions, row.span);
    let original = row.original.map(|original| offsets.range(positions, original));
    json!({
        "id": id,
        "start": span.start,
        "end": span.end,
        "text": text[row.span.range()],
        "original_start": original.as_ref().map(|original| original.start),
        "original_end": original.as_ref().map(|original| original.end),
        "reason": row.reason,
    })
}
