//! The spans to remove from a text, with reasons, and the text without them.
//!
//! # How a cut is made
//!
//! The white space between two segments is a *gap*. Segments have no white space at their ends, so
//! the gap on one side of a removed run is removed with the run. The gap with more line ends is
//! kept, and the earlier one on a tie: a paragraph break remains a paragraph break. If one of the
//! two gaps is empty, the other one is kept, so no words are joined. The line after the cut keeps
//! its own indentation: if the earlier gap is kept, the white space after its last line end is
//! replaced by the indentation of the line after the run. At the end of the text, one line end is
//! kept if either gap had one. At the start of the text, the gap before the run is kept, so a cut
//! adds no blank line there. In a document of spans that you supply, text between two spans that is
//! not blank is kept. If a removed run has such text on one side, the gap on the other side is kept
//! too.

mod cut;
mod positions;
mod remove_segments;
mod spans;

use std::borrow::Cow;
use std::slice;

pub(crate) use cut::{Cut, Cuts};
pub use positions::Positions;
pub use spans::{cut, cuts};

use crate::repeats::Block;
use crate::span::Span;

/// A copy that is removed: the span to cut, the original that is kept, and the reason.
///
/// A removal is a part of one segment, or a run of consecutive segments whose originals are
/// consecutive too. A block with holes therefore has a removal for each run without holes, and all
/// of them have the block's [decision](Self::decision_index).
///
/// If a rule of the policy removes a block that is not a tandem repeat, the same decision also
/// removes what else was copied: segments in the holes of the copy, or directly before or after it,
/// that occur inside the original or within 8 segments of it. If the original is itself a copy,
/// segments in the holes are also compared with the text from which it was copied, and with the 8
/// segments on either side of that text.
///
/// ```
/// use refrain::Cleaner;
///
/// let text = "\
/// Ferry returns
///
/// The ferry to the island sails again after two winters in dock.
///
/// The ferry to the island sails again after two winters in dock.
/// ";
/// let edits = Cleaner::new().edits(text);
/// let removal = edits.iter().next().unwrap();
/// assert_eq!(text[removal.copy()], text[removal.original()]);
/// assert!(removal.original().end() < removal.span().start());
/// assert_eq!(removal.reason(), "document");
/// ```
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
    /// Sorts `removals` by their spans.
    pub(crate) fn sort(removals: &mut [Self]) {
        removals.sort_unstable_by_key(|removal| removal.span);
    }

    /// Returns the span that is removed, in bytes of the text: the copy and the white space next to
    /// the copy.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns the span of the copy, from its first segment to its last, in bytes of the text.
    pub fn copy(&self) -> Span {
        self.copy
    }

    /// Returns the span of the original, in bytes of the text.
    ///
    /// The original stays in the cleaned text. Its span may enclose text that another removal cuts.
    ///
    /// The span differs from that of the original of the block if a later round removed that
    /// original as a copy of a still earlier occurrence, which is then returned. With the rule
    /// [`partial`](crate::Rule::Partial) it is a part of a segment. With
    /// [`Policy::similar`](crate::Policy::similar) it may be a longer segment, even one that is
    /// later in the text.
    pub fn original(&self) -> Span {
        self.original
    }

    /// Returns the name of the rule that removes the copy, one of the policy or one of your own, or
    /// `drop-all`, `similar` or `contained`.
    ///
    /// [`BlockDecision::reason`] lists the reasons. They may change between releases.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the index in [`Edits::decisions`] of the decision to which this removal belongs.
    pub fn decision_index(&self) -> usize {
        self.decision as usize
    }
}

/// A decision to remove or keep the copy of a block, with its reason. A block is called *removed*
/// or *kept* if its copy is.
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

    /// Returns the reason for which the copy is removed, or the condition or guard that keeps it.
    ///
    /// If no row of the [policy](crate::Policy#rules) removes a block, the reason comes from the
    /// row that came closest to it. This is the first row whose conditions all hold, and the reason
    /// is then the first of its guards that applies. If there is no such row, it is the row with
    /// the most conditions that hold, and the reason is a condition that fails. A copy with [other
    /// line breaks](crate::Policy#other-line-breaks) may be kept for its share of the text, or as a
    /// quotation, before any row is tried. If a row would remove the block, and it is kept all the
    /// same, the reason says why. A rule of your own has its name as the reason, for removed and
    /// for kept blocks.
    ///
    /// Reasons are for reading. The strings may change between releases.
    ///
    /// | reason of a removed block | meaning |
    /// |---|---|
    /// | `document`, `body`, `echo`, `loop`, `layers`, `far`, `lead`, `partial`, `near`, `template`, `lone`, `menu`, `box`, `stutter`, `caption`, `overlap`, `overlay`, `headings` | the [rule](crate::Rule) of this name |
    /// | `similar`, `contained` | [`Policy::similar`](crate::Policy::similar): the original is a similar segment of at least the same weight, or a later one that begins with the words of the copy and goes on |
    /// | `drop-all` | the policy [`drop_all`](crate::Policy::drop_all), which asks no rule |
    ///
    /// | reason of a kept block | meaning |
    /// |---|---|
    /// | `small share of the text` | condition *share of the text*: one copy is a small part of the text |
    /// | `wide holes` | condition *coverage*: too much of the copy or of the original has no partner |
    /// | `short` | condition *weight*: one copy has too few letters and digits |
    /// | `few lines` | condition *segments*: the block has too few segments |
    /// | `few copies` | condition *count*: the unit occurs too few times in direct succession |
    /// | `little prose` | condition *prose*: too few lines end a sentence or are long |
    /// | `sentences` | condition *lines that end with a letter or digit*: too many lines end otherwise |
    /// | `lines occur elsewhere too` | condition *occurs nowhere else*, or *occurs ≤ n times* |
    /// | `few occurrences` | condition *occurs ≥ n times* |
    /// | `lines occur unevenly` | condition *uniformity*: some lines of the block occur more often than others |
    /// | `other text repeats more` | condition *share of repeats*: too much of the repetition of the text is elsewhere |
    /// | `far from the original` | condition *distance* |
    /// | `other text between` | condition *only labels between original and copy* |
    /// | `no prose follows` | condition *prose follows the copy* |
    /// | `parallel sections` | guard *headings of one kind*, or *related headings* |
    /// | `quotation`, `records`, `code`, `verse`, `list`, `wrapped text` | the guard of this name, with or without the exception that the table of rules states |
    /// | `keep-all` | the policy has no rules |
    /// | `no rule` | the policy has no rule for this kind of block |
    /// | `limit of eight rounds` | a rule would remove the copy in a ninth round |
    /// | `a part of an original would be lost` | a rule would remove the copy, but the original of this copy or of another one would lose a part |
    /// | `the text around the copy would be split in another way` | a rule would remove the copy, but the text around it would then be split into other sentences or words |
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the round in which the decision was made, from 1. Decisions on parts of a line are
    /// made before the first round of the whole text, and their rounds are counted for each line.
    ///
    /// The spans of a block of a later round may enclose segments that an earlier round removed.
    /// These segments are not part of the block.
    pub fn round(&self) -> usize {
        usize::from(self.round)
    }
}

/// A list of the edits that clean a text: the removals, and the decisions behind them.
///
/// Iterating over the edits yields the [removals](Removal), in the order of the text. All spans
/// refer to the text that was given. The [module documentation](self#how-a-cut-is-made) defines how
/// cuts are made.
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
///
/// # JSON
///
/// With the feature `serde`, edits can be written as JSON. The text is not written, spans are in
/// bytes of the text, and a hole has ranges of segments. These are the edits of the text
/// `"a\nb\na\nb"` under [`Policy::drop_all`](crate::Policy::drop_all):
///
/// ```json
/// {
///   "removals": [{
///     "span": { "start": 4, "end": 7 },
///     "copy": { "start": 4, "end": 7 },
///     "original": { "start": 0, "end": 3 },
///     "reason": "drop-all"
///   }],
///   "decisions": [{
///     "original": { "start": 0, "end": 3 },
///     "copy": { "start": 4, "end": 7 },
///     "segments": 2,
///     "holes": [],
///     "removed": true,
///     "reason": "drop-all"
///   }],
///   "is_fixed_point": true
/// }
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
    /// Returns these edits as ones after which cleaning again may change something.
    pub(crate) fn not_fixed(self) -> Self {
        Self { is_fixed_point: false, ..self }
    }

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

    /// Returns an iterator over the removals, in the order of the text. Their spans do not overlap.
    pub fn iter(&self) -> slice::Iter<'_, Removal> {
        self.removals.iter()
    }

    /// Returns the text that was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the decisions on blocks, in four groups:
    ///
    /// 1. to remove a part of a line: a loop, a sentence or an overlap;
    /// 2. to remove a block, round by round;
    /// 3. to keep a block, from the last round only;
    /// 4. to keep a part of a line.
    ///
    /// A decision of the first group may have been reversed later. Then its
    /// [`is_removed`](BlockDecision::is_removed) returns `false`, and its reason is `a part of an
    /// original would be lost`.
    ///
    /// Blocks may overlap, so a part of a kept block may be removed with another block.
    /// [`Policy`](crate::Policy#rules) states which blocks of little weight are not listed. A block
    /// below the minima of [`Options`](crate::Options) is never listed.
    pub fn decisions(&self) -> &[BlockDecision] {
        &self.decisions
    }

    /// Returns an iterator over the decisions to keep a block, each with its reason.
    pub fn kept(&self) -> impl Iterator<Item = &BlockDecision> {
        self.decisions.iter().filter(|decision| !decision.is_removed)
    }

    /// Returns whether it is certain that cleaning the result again changes nothing.
    ///
    /// This is `false` only
    ///
    /// * if the limit of eight rounds was reached;
    /// * if a removal inside a long line was not carried out because it would have removed a part
    ///   of the original of an earlier removal, as in a transcript with a loop of sentences that
    ///   also occur before the loop;
    /// * with [other line breaks](crate::Policy#other-line-breaks), if a removal was not carried
    ///   out because it would have taken apart the original of an earlier one;
    /// * with [`Policy::similar`](crate::Policy::similar), if text was removed and a similar or
    ///   contained segment was kept, for example by a rule of your own;
    /// * with the rule [`Overlap`](crate::Rule::Overlap), if a line of which a part was removed
    ///   overlaps a line beside it, if what is left of a line without its overlap has a repetition
    ///   inside or begins with more leading text that is skipped, such as a second time, if the
    ///   removal of lines makes two lines neighbors that overlap, or if subtitles that roll up are
    ///   left;
    /// * or with the rule `Overlap` and [`Policy::similar`](crate::Policy::similar), if overlaps
    ///   were kept because their words would otherwise be lost with a similar line.
    pub fn is_fixed_point(&self) -> bool {
        self.is_fixed_point
    }

    /// Returns the text without the removals; borrowed if there are none.
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

    /// Returns the same edits with their own copy of the text.
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

/// Returns `text` without `spans`, which are in order.
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
