//! Lines that say their text twice, before lines are compared with each other: a page without line ends, a paragraph
//! that was printed into one line with its own copy. Each long line is cleaned as a document of its own.

use super::{Rule, settle};
use crate::document::Document;
use crate::edit::Inside;
use crate::policy::Policy;
use crate::workspace::Workspace;

/// How long a line is, in bytes, that is looked into.
const LONG: usize = 300;

/// What goes from inside the lines of `doc`.
pub(super) fn edits<'t>(doc: &Document<'t>, policy: Policy, workspace: &mut Workspace) -> Vec<Inside<'t>> {
    // Sentences of one line are alike too easily.
    let policy = if policy.alike().is_some() { Policy::Cautious } else { policy };
    let mut found = Vec::new();
    for (line, span) in (0..).zip(doc.spans()).filter(|(_, span)| span.len() >= LONG) {
        let pieces = workspace.read_pieces(&doc.text()[*span], doc.options());
        let edits = settle(Rule::Policy(policy), &pieces, workspace.scratch());
        workspace.recycle_pieces(pieces);
        if !edits.is_empty() {
            found.push(Inside { line, span: *span, edits });
        }
    }
    found
}
