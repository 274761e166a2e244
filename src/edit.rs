//! The spans to remove, with reasons, and the text without them.

mod cut;

use std::borrow::Cow;
use std::fmt;

pub(crate) use cut::Cuts;

use crate::repeats::Occurrence;
use crate::span::Span;

/// In which way a copy is like its original.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Kind {
    /// Segment by segment, the canonical forms are equal.
    Exact,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exact => "exact",
        })
    }
}

/// What was decided on one copy.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Verdict {
    pub(crate) original: Occurrence,
    pub(crate) copy: Occurrence,
    pub(crate) kind: Kind,
    pub(crate) dropped: bool,
    pub(crate) reason: Cow<'static, str>,
}

impl Verdict {
    /// Where the content stands for the first time.
    pub fn original(&self) -> Occurrence {
        self.original
    }

    /// Where it stands again.
    pub fn copy(&self) -> Occurrence {
        self.copy
    }

    /// In which way the copy is like its original.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether the copy goes.
    pub fn is_dropped(&self) -> bool {
        self.dropped
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
    verdict: usize,
}

impl Edit {
    /// What is removed: a copy or a part of one, and white space next to it.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The number of the verdict, in [`EditList::verdicts`], that has the copy, its original and the reason.
    pub fn verdict(&self) -> usize {
        self.verdict
    }
}

/// What goes from a text, and why. Spans are those of the text that was given.
///
/// # How a cut is made
///
/// Segments have no white space around them, so the gap on one side of a removed run has to go with it. The gap
/// with more line ends stays, the earlier one if both have as many: a paragraph break stays a paragraph break.
/// An empty gap never wins over one that is not, so nothing is joined. At the end of the text one line end
/// stays if either gap had one. What stands between segments that the caller gave, and is not blank, stays.
///
/// ```
/// use refrain::{Document, Policy};
///
/// let text = "One.\n\nTwo.\nOne.\n\nTwo.";
/// let edits = Policy::default().settle(&Document::new(text));
/// assert!(edits.spans().eq([11..21]));
/// assert_eq!(edits.apply(), "One.\n\nTwo.\n");
/// assert_eq!(edits.verdicts()[0].original().span(), 0..10);
/// assert_eq!(edits.verdicts()[0].reason(), "large: at least 30 % of the document");
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
    pub fn spans(&self) -> impl ExactSizeIterator<Item = Span> + '_ {
        self.edits.iter().map(Edit::span)
    }

    /// What was decided: the copies that go, in the order in which they were found, and then those that still
    /// stand when all of them are gone.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Whether another look at what is left would find nothing more to drop, so that cleaning the result changes
    /// nothing. `false` after eight rounds without an end, and after a single one that dropped something.
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
