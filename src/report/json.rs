//! A report as one JSON object, written by hand: it is small, and needs no feature.

use std::ops::Range;

use super::view::{Role, View};
use crate::block::Block;
use crate::edit::Verdict;
use crate::repeats::Occurrence;

pub(super) fn write(view: &View<'_>) -> String {
    let (doc, edits) = (view.doc, view.edits);
    let segments = doc.segments().zip(&view.marks).map(|(segment, mark)| {
        let span = segment.span();
        object([
            ("start", span.start().to_string()),
            ("end", span.end().to_string()),
            ("weight", segment.weight().to_string()),
            ("fingerprint", string(&segment.fingerprint().to_string())),
            ("dropped", (mark.role == Role::Dropped).to_string()),
        ])
    });
    let families = view.families.iter().filter_map(|family| {
        let first = view.first(family)?;
        Some(object([
            ("dropped", first.is_dropped().to_string()),
            ("reason", string(first.reason())),
            ("original", occurrence(first.original())),
            ("verdicts", array(family.verdicts.iter().map(usize::to_string))),
        ]))
    });
    let cuts = edits.edits().iter().map(|edit| {
        object([("span", range(edit.span().range())), ("verdict", edit.verdict_index().to_string())])
    });
    object([
        ("bytes", doc.text().len().to_string()),
        ("weight", doc.weight().to_string()),
        ("distinct", doc.distinct().to_string()),
        ("settled", edits.is_settled().to_string()),
        ("segments", array(segments)),
        ("families", array(families)),
        ("verdicts", array(edits.verdicts().iter().map(verdict))),
        ("edits", array(cuts)),
    ])
}

fn verdict(verdict: &Verdict) -> String {
    object([
        ("original", occurrence(verdict.original())),
        ("copy", occurrence(verdict.copy())),
        ("kind", string(&verdict.kind().to_string())),
        ("similarity", verdict.similarity().to_string()),
        ("len", verdict.len().to_string()),
        ("round", verdict.round().to_string()),
        ("dropped", verdict.is_dropped().to_string()),
        ("reason", string(verdict.reason())),
        ("block", verdict.block().map_or_else(|| "null".to_owned(), block)),
    ])
}

fn block(block: &Block) -> String {
    let runs = block
        .runs()
        .map(|run| object([("original", occurrence(run.original())), ("copy", occurrence(run.copy()))]));
    let holes = block
        .holes()
        .map(|hole| object([("original", range(hole.original())), ("copy", range(hole.copy()))]));
    object([
        ("weight", block.weight().to_string()),
        ("share", block.share().to_string()),
        ("coverage", block.coverage().to_string()),
        ("original_coverage", block.original_coverage().to_string()),
        ("mean_weight", block.mean_weight().to_string()),
        ("heaviest", block.heaviest().to_string()),
        ("count", block.count().to_string()),
        ("evenness", block.evenness().to_string()),
        ("loneness", block.loneness().to_string()),
        ("family_share", block.family_share().to_string()),
        ("echo", block.is_echo().to_string()),
        ("runs", array(runs)),
        ("holes", array(holes)),
    ])
}

fn occurrence(occurrence: Occurrence) -> String {
    object([("segments", range(occurrence.segments())), ("span", range(occurrence.span().range()))])
}

fn range(range: Range<usize>) -> String {
    object([("start", range.start.to_string()), ("end", range.end.to_string())])
}

fn object<const N: usize>(fields: [(&str, String); N]) -> String {
    let mut object = String::from("{");
    for (i, (name, value)) in fields.iter().enumerate() {
        object.push_str(if i == 0 { "\"" } else { ",\"" });
        object.push_str(name);
        object.push_str("\":");
        object.push_str(value);
    }
    object.push('}');
    object
}

fn array(values: impl Iterator<Item = String>) -> String {
    let mut array = String::from("[");
    for (i, value) in values.enumerate() {
        if i > 0 {
            array.push(',');
        }
        array.push_str(&value);
    }
    array.push(']');
    array
}

fn string(text: &str) -> String {
    let mut string = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => string.push_str("\\\""),
            '\\' => string.push_str("\\\\"),
            '\0'..='\x1f' => string.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => string.push(c),
        }
    }
    string.push('"');
    string
}
