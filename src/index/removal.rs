//! What goes from a document because other documents have it.

use std::borrow::Cow;
use std::fmt;

use super::seen::Block;
use crate::document::Document;
use crate::edit::{Edit, EditList, Places};
use crate::iter::Spans;
use crate::repeats::Occurrence;
use crate::span::Span;

/// Why segments go that another document has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Reason {
    /// So many documents of the scope have it, of so many that there are.
    Furniture {
        /// How many have it.
        documents: u32,
        /// How many there are.
        of: u32,
    },
    /// So many documents have it, whatever their scope.
    Seen {
        /// How many have it: of the segments of a run, the one that the fewest have.
        documents: u32,
    },
}

impl Reason {
    /// How many documents have it.
    pub fn documents(self) -> u32 {
        match self {
            Self::Furniture { documents, .. } | Self::Seen { documents } => documents,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Furniture { documents, of } => write!(f, "in {documents} of {of} documents of the scope"),
            Self::Seen { documents: 1 } => f.write_str("seen in 1 document"),
            Self::Seen { documents } => write!(f, "seen in {documents} documents"),
        }
    }
}

/// A run of segments that goes, where it stands in another document, and why it goes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Removal {
    block: Block,
    reason: Reason,
}

impl Removal {
    pub(super) fn new(block: Block, reason: Reason) -> Self {
        Self { block, reason }
    }

    /// Where it stands here.
    pub fn here(&self) -> Occurrence {
        self.block.here()
    }

    /// The name of a document that has it.
    pub fn document(&self) -> &str {
        self.block.document()
    }

    /// Its scope.
    pub fn scope(&self) -> &str {
        self.block.scope()
    }

    /// Where it stands there.
    pub fn there(&self) -> Occurrence {
        self.block.there()
    }

    /// Why it goes.
    pub fn reason(&self) -> Reason {
        self.reason
    }
}

/// What goes from a document because others have it: the spans, in its own text, and for each where it stands
/// and why. See [`Seen::removals`](super::Seen::removals) and
/// [`Boilerplate::removals`](super::Boilerplate::removals).
///
/// It is cut as an [`EditList`](EditList#how-a-cut-is-made) cuts.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Removals<'t> {
    #[cfg_attr(feature = "serde", serde(rename = "edits", serialize_with = "edits_of"))]
    list: EditList<'t>,
    removals: Vec<Removal>,
}

impl<'t> Removals<'t> {
    /// `removals` are in order. None goes if together they are all there is.
    pub(super) fn new(doc: &Document<'t>, mut removals: Vec<Removal>) -> Self {
        if removals.iter().map(|removal| removal.here().segments().len()).sum::<usize>() == doc.len() {
            removals.clear();
        }
        let mut causes = vec![None; doc.len()];
        for (number, removal) in (0..).zip(&removals) {
            if let Some(causes) = causes.get_mut(removal.here().segments()) {
                causes.fill(Some(number));
            }
        }
        Self { list: doc.edits_without(causes), removals }
    }

    /// Whether nothing goes.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The edits, in the order of the text; [`Edit::verdict_index`] is the number of the removal that is the
    /// reason.
    pub fn edits(&self) -> &[Edit] {
        self.list.edits()
    }

    /// The spans of the edits.
    pub fn spans(&self) -> Spans<'_> {
        self.list.spans()
    }

    /// What goes and why, in the order of the text. Where segments are sentences or words, a run without
    /// which others would stand around it is listed, and has no edit, for it stays.
    pub fn removals(&self) -> &[Removal] {
        &self.removals
    }

    /// Where in the document a span of the text that is left stands, from its first byte to its last: for
    /// what is found in the text that is left.
    ///
    /// # Complexity
    ///
    /// Linear in the edits.
    pub fn origin(&self, of: Span) -> Span {
        Places::new(self.spans().collect()).span(of)
    }

    /// The text without what goes; borrowed if nothing does.
    ///
    /// # Complexity
    ///
    /// Linear in the text; constant if nothing goes.
    pub fn apply(&self) -> Cow<'t, str> {
        self.list.apply()
    }
}

#[cfg(feature = "serde")]
fn edits_of<S: serde::Serializer>(list: &EditList<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(list.edits(), serializer)
}
