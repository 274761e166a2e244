//! The spans to remove, with reasons, and the text without them.

mod compose;
mod cut;
mod without;

use std::borrow::Cow;
use std::fmt;
use std::slice;

pub(crate) use compose::{Inside, Places};
pub(crate) use cut::Cuts;

use crate::block::Block;
use crate::repeats::Occurrence;
use crate::span::Span;

/// In which way a copy is like its original.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum CopyKind {
    /// Segment by segment, the canonical forms of copy and original are equal.
    Exact,
    /// They are one segment each, alike and not equal: see [`Verdict::similarity`].
    Edited,
}

impl fmt::Display for CopyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exact => "exact",
            Self::Edited => "edited",
        })
    }
}

/// What was decided on one copy.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Verdict {
    pub(crate) original: Occurrence,
    pub(crate) copy: Occurrence,
    pub(crate) kind: CopyKind,
    pub(crate) len: u32,
    pub(crate) round: u8,
    pub(crate) dropped: bool,
    /// In thousandths.
    pub(crate) similarity: u16,
    pub(crate) reason: Cow<'static, str>,
    pub(crate) block: Option<Box<Block>>,
}

impl Verdict {
    /// Where the content stands for the first time; for an edited copy, the segment that is kept in its
    /// place. Its segments may themselves be copies of what stands before them, and go: the first of each
    /// kind always stays. See [`copy`](Self::copy) for what may lie in between.
    pub fn original(&self) -> Occurrence {
        self.original
    }

    /// Where it stands again. What went from inside a long line before lines were compared may be in this
    /// span and that of the original. A copy that was found in a [`round`](Self::round) after the first may
    /// have segments in it that an earlier round has cut: they are in the span, and in no way like anything
    /// in the original.
    pub fn copy(&self) -> Occurrence {
        self.copy
    }

    /// How many segments are equal: those of the copy without what was cut before.
    #[expect(clippy::len_without_is_empty, reason = "a copy is never empty")]
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// In which round of finding and cutting this was decided, from 1.
    pub fn round(&self) -> usize {
        usize::from(self.round)
    }

    /// In which way the copy is like its original.
    pub fn kind(&self) -> CopyKind {
        self.kind
    }

    /// How much the copy is like its original, from 0 to 1, to three places: 1 if it is
    /// [exact](CopyKind::Exact).
    pub fn similarity(&self) -> f64 {
        f64::from(self.similarity) / 1000.0
    }

    /// Whether the copy goes.
    pub fn is_dropped(&self) -> bool {
        self.dropped
    }

    /// The block that was decided on, with its holes and measures. `None` for a single segment that stays,
    /// for what stands twice inside one line, and where a policy asks for none:
    /// [`Policy::All`](crate::Policy::All) and [`Policy::None`](crate::Policy::None).
    pub fn block(&self) -> Option<&Block> {
        self.block.as_deref()
    }

    /// Why, in words.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// A span that is removed, separators and all, and the verdict that is the reason.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Edit {
    span: Span,
    verdict: u32,
}

impl Edit {
    /// What is removed: a copy or a part of one, and white space next to it.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The number of the verdict, in [`EditList::verdicts`], that has the copy, its original and the reason;
    /// of the removal, in [`Removals::removals`](crate::index::Removals::removals), where it goes because
    /// other documents have it.
    pub fn verdict_index(&self) -> usize {
        self.verdict as usize
    }
}

/// What goes from a text, and why. Spans are those of the text that was given.
///
/// # How a cut is made
///
/// Segments have no white space around them, so the gap on one side of a removed run has to go with it. The
/// gap with more line ends stays, the earlier one if both have as many: a paragraph break stays a paragraph
/// break. An empty gap never wins over one that is not, so nothing is joined. At the end of the text one line
/// end stays if either gap had one. Where what stands between segments that the caller gave is not blank, it
/// stays, and so does the gap on the other side.
///
/// ```
/// use refrain::{Document, Policy};
///
/// let text = "One.\n\nTwo.\nOne.\n\nTwo.";
/// let edits = Policy::default().settle(&Document::new(text));
/// assert!(edits.spans().eq([11..21]));
/// assert_eq!(edits.apply(), "One.\n\nTwo.\n");
/// assert_eq!(edits.verdicts()[0].original().span(), 0..10);
/// assert_eq!(edits.verdicts()[0].reason(), "document repeated");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct EditList<'t> {
    #[cfg_attr(feature = "serde", serde(skip))]
    text: &'t str,
    edits: Vec<Edit>,
    verdicts: Vec<Verdict>,
    settled: bool,
}

impl<'t> EditList<'t> {
    pub(crate) fn new(text: &'t str, edits: Vec<Edit>, verdicts: Vec<Verdict>, settled: bool) -> Self {
        Self { text, edits, verdicts, settled }
    }

    /// Whether nothing goes.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The edits, in the order of the text; they do not overlap.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The spans of the edits.
    pub fn spans(&self) -> Spans<'_> {
        Spans { edits: self.edits.iter() }
    }

    /// What was decided: the copies that go, in the order in which they were found, and then those that the
    /// last round left standing. Copies may overlap, so that part of one that stays goes with another.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Whether another look at what is left would find nothing more to drop, so that cleaning the result
    /// changes nothing. `false` after eight rounds without an end, and after a single one that dropped
    /// something.
    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// The text without what goes; borrowed if nothing does.
    ///
    /// # Complexity
    ///
    /// Linear in the text; constant if nothing goes.
    pub fn apply(&self) -> Cow<'t, str> {
        if self.edits.is_empty() {
            return Cow::Borrowed(self.text);
        }
        let removed: usize = self.spans().map(Span::len).sum();
        let mut clean = String::with_capacity(self.text.len() - removed);
        let mut kept = 0;
        for span in self.spans() {
            clean.push_str(&self.text[kept..span.start()]);
            kept = span.end();
        }
        clean.push_str(&self.text[kept..]);
        Cow::Owned(clean)
    }
}

/// The spans that are removed, in the order of the text.
#[derive(Clone, Debug)]
pub struct Spans<'a> {
    edits: slice::Iter<'a, Edit>,
}

impl Iterator for Spans<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        self.edits.next().map(Edit::span)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.edits.size_hint()
    }
}

impl ExactSizeIterator for Spans<'_> {}
