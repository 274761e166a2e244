//! What goes from a document because other documents have it.

use std::borrow::Cow;
use std::fmt;

use super::seen::Block;
use crate::document::Document;
use crate::edits::{Cut, without};
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
/// It is cut as [`edits`](crate::edits#how-a-cut-is-made) says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removals<'t> {
    text: &'t str,
    /// The cause of a cut is the number of the removal.
    cuts: Vec<Cut>,
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
        Self { text: doc.text(), cuts: doc.cuts_without(causes), removals }
    }

    /// Returns whether nothing is removed.
    pub fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }

    /// Returns the spans that are cut, each with the number of its removal in [`removals`](Self::removals), in the order of
    /// the text.
    pub fn cuts(&self) -> impl ExactSizeIterator<Item = (Span, usize)> + '_ {
        self.cuts.iter().map(|cut| (cut.span, cut.cause as usize))
    }

    /// Returns the spans that are cut, in the order of the text.
    pub fn spans(&self) -> impl ExactSizeIterator<Item = Span> + Clone + '_ {
        self.cuts.iter().map(|cut| cut.span)
    }

    /// What goes and why, in the order of the text. Where segments are sentences or words, a run without
    /// which others would stand around it is listed, and has no edit, for it stays.
    pub fn removals(&self) -> &[Removal] {
        &self.removals
    }

    /// Returns where in the document a span of the text that is left stands, from its first byte to its last: for
    /// what is found in the text that is left.
    ///
    /// # Complexity
    ///
    /// Linear in the edits.
    pub fn origin(&self, of: Span) -> Span {
        let byte =
            |at: usize| self.spans().fold(at, |at, cut| if cut.start() <= at { at + cut.len() } else { at });
        match of.end().checked_sub(1) {
            Some(last) if !of.is_empty() => Span::new(byte(of.start()), byte(last) + 1),
            _ => Span::new(byte(of.start()), byte(of.start())),
        }
    }

    /// Returns the text without what is removed; borrowed if nothing is.
    ///
    /// # Complexity
    ///
    /// Linear in the text; constant if nothing is removed.
    pub fn apply(&self) -> Cow<'t, str> {
        without(self.text, self.spans())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Removals<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let mut removals = serializer.serialize_struct("Removals", 2)?;
        removals.serialize_field("cuts", &self.cuts().collect::<Vec<_>>())?;
        removals.serialize_field("removals", &self.removals)?;
        removals.end()
    }
}
