//! The spans to remove from a text, with reasons, and the text without them.
//!
//! # How a cut is made
//!
//! Segments have no white space around them, so the gap on one side of a removed run has to be removed with it. The gap
//! with more line ends stays, the earlier one if both have as many: a paragraph break stays a paragraph break. An
//! empty gap never wins over one that is not empty, so no words are joined. At the end of the text one line end stays if
//! either gap had one; a cut at the start of the text leaves no blank line. Where the text between segments that the
//! caller gave is not blank, it stays, and so does the gap on the other side.

mod cut;
mod remove_segments;
mod spans;

use std::borrow::Cow;
use std::slice;

pub(crate) use cut::{Cut, Cuts};
pub use spans::cut;

use crate::repeats::Block;
use crate::span::Span;

/// A copy that is removed: the span to cut, the original that stays, and the reason.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Removal {
    pub(crate) span: Span,
    pub(crate) copy: Span,
    pub(crate) original: Span,
    pub(crate) reason: Cow<'static, str>,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) decision: u32,
}

impl Removal {
    /// Returns the bytes that are removed: the copy, and white space next to it.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the bytes of the copy, from its first segment to its last.
    pub fn copy(&self) -> Span {
        self.copy
    }

    /// Returns the bytes of the original. All of its segments stay; what was removed between them or from inside of
    /// them has a removal of its own.
    pub fn original(&self) -> Span {
        self.original
    }

    /// Returns the name of the rule that removes the copy.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the number of the decision in [`Edits::decisions`] that this removal is a part of.
    pub fn decision_index(&self) -> usize {
        self.decision as usize
    }
}

/// A block, and whether it is removed or kept, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlockDecision {
    pub(crate) block: Block,
    pub(crate) is_removed: bool,
    pub(crate) reason: Cow<'static, str>,
    pub(crate) round: u8,
}

impl BlockDecision {
    /// Returns the block.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// Returns whether the copy is removed.
    pub fn is_removed(&self) -> bool {
        self.is_removed
    }

    /// Returns the name of the rule that removes the copy, or of the condition or guard that keeps it.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the round of finding and cutting in which this was decided, from 1. A block of a later round may have
    /// segments inside its spans that an earlier round removed: they are not part of the block.
    pub fn round(&self) -> usize {
        usize::from(self.round)
    }
}

/// The edits that clean a text: what is removed, and what was kept and why.
///
/// Iterating over the edits yields what is removed, in the order of the text. All spans refer to the text that was given.
/// See the [module](self#how-a-cut-is-made) for how cuts are made.
///
/// ```
/// use refrain::Cleaner;
///
/// let text = "\
/// The ferry sails again
///
/// The old ferry left the dock on Monday.
///
/// It carries sixty people and one goat.
///
/// The old ferry left the dock on Monday.
///
/// It carries sixty people and one goat.
/// ";
/// let edits = Cleaner::new().edits(text);
/// for removal in &edits {
///     assert_eq!(&text[removal.original()], &text[removal.copy()]);
///     assert_eq!(removal.reason(), "document");
/// }
/// assert_eq!(edits.len(), 1);
/// assert_eq!(edits.apply(), &text[..101]);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Edits<'t> {
    #[cfg_attr(feature = "serde", serde(skip))]
    text: Cow<'t, str>,
    removals: Vec<Removal>,
    decisions: Vec<BlockDecision>,
    is_fixed_point: bool,
}

impl<'t> Edits<'t> {
    pub(crate) fn new(
        text: &'t str,
        removals: Vec<Removal>,
        decisions: Vec<BlockDecision>,
        is_fixed_point: bool,
    ) -> Self {
        Self { text: Cow::Borrowed(text), removals, decisions, is_fixed_point }
    }

    /// Returns whether nothing is removed.
    pub fn is_empty(&self) -> bool {
        self.removals.is_empty()
    }

    /// Returns the number of removals.
    pub fn len(&self) -> usize {
        self.removals.len()
    }

    /// Returns an iterator over what is removed, in the order of the text; spans do not overlap.
    pub fn iter(&self) -> slice::Iter<'_, Removal> {
        self.removals.iter()
    }

    /// Returns the text that was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns every block that was decided on: those that are removed, in the order in which they were found, and then
    /// those that the last round kept. Blocks may overlap, so parts of one that is kept may be removed with another.
    pub fn decisions(&self) -> &[BlockDecision] {
        &self.decisions
    }

    /// Returns an iterator over the blocks that are kept, each with the reason.
    pub fn kept(&self) -> impl Iterator<Item = &BlockDecision> {
        self.decisions.iter().filter(|decision| !decision.is_removed)
    }

    /// Returns whether cleaning the result again changes nothing. This is `false` only if the limit of eight rounds was
    /// reached, which takes a text made for the purpose.
    pub fn is_fixed_point(&self) -> bool {
        self.is_fixed_point
    }

    /// Returns the text without what is removed; borrowed if nothing is.
    ///
    /// # Complexity
    ///
    /// Linear in the text; constant if nothing is removed.
    pub fn apply(&self) -> Cow<'t, str> {
        let spans = self.removals.iter().map(|removal| removal.span);
        match &self.text {
            Cow::Borrowed(text) => without(text, spans),
            Cow::Owned(text) => Cow::Owned(without(text, spans).into_owned()),
        }
    }

    /// Returns the same edits with a copy of the text, so that they outlive it.
    pub fn into_owned(self) -> Edits<'static> {
        let Self { text, removals, decisions, is_fixed_point } = self;
        Edits { text: Cow::Owned(text.into_owned()), removals, decisions, is_fixed_point }
    }
}

impl<'a> IntoIterator for &'a Edits<'_> {
    type Item = &'a Removal;
    type IntoIter = slice::Iter<'a, Removal>;

    fn into_iter(self) -> slice::Iter<'a, Removal> {
        self.iter()
    }
}

/// `text` without `spans`, which are in order.
pub(crate) fn without(text: &str, spans: impl Iterator<Item = Span> + Clone) -> Cow<'_, str> {
    let removed: usize = spans.clone().map(Span::len).sum();
    if removed == 0 {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() - removed);
    let mut kept = 0;
    for span in spans {
        clean.push_str(&text[kept..span.start()]);
        kept = span.end();
    }
    clean.push_str(&text[kept..]);
    Cow::Owned(clean)
}

/// A decision is written as spans in bytes, a number of segments, holes, and the reason.
#[cfg(feature = "serde")]
impl serde::Serialize for BlockDecision {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;

        let mut decision = serializer.serialize_struct("BlockDecision", 6)?;
        decision.serialize_field("original", &self.block.original().span())?;
        decision.serialize_field("copy", &self.block.copy().span())?;
        decision.serialize_field("segments", &self.block.len())?;
        decision.serialize_field("holes", &self.block.holes().collect::<Vec<_>>())?;
        decision.serialize_field("removed", &self.is_removed)?;
        decision.serialize_field("reason", &self.reason)?;
        decision.end()
    }
}
