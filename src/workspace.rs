//! Buffers that are reused from one document to the next.

use crate::document::{Buffers, Document, Limits};
use crate::options::Options;
use crate::repeats::{Repeats, Scratch};
use crate::span::Span;

/// Buffers that are reused from one document to the next, for programs that process millions of
/// texts.
///
/// [`read`](Self::read) and [`repeats`](Self::repeats) return the same results as
/// [`Document::with_options`] and [`Document::repeats`]. Pass the results back to
/// [`recycle`](Self::recycle) and [`recycle_repeats`](Self::recycle_repeats), so the next document
/// reuses their memory. With default options, nothing is allocated once the buffers have grown to
/// the largest document, with these exceptions: a character that decomposes into more than four
/// characters; more than four combining marks in a row; and a new table of segments, if the old one
/// is more than 64 times as large as the previous document required. A workspace releases its
/// memory when it is dropped.
///
/// To clean texts with a workspace, see [`Cleaner::clean_with`](crate::Cleaner::clean_with).
///
/// ```
/// use refrain::{Options, Workspace};
///
/// let mut workspace = Workspace::new();
/// let pages = ["A title\nA story.\nA story.", "Another title\nAnother story."];
/// for (page, families) in pages.into_iter().zip([1, 0]) {
///     let document = workspace.read(page, &Options::new());
///     let repeats = workspace.repeats(&document);
///     assert_eq!(repeats.families().len(), families);
///     workspace.recycle_repeats(repeats);
///     workspace.recycle(document);
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    buffers: Buffers,
    /// Buffers for the sentences of a line of a document.
    pieces: Buffers,
    scratch: Scratch,
}

impl Workspace {
    /// Creates a workspace with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Splits `text` into segments with their fingerprints, as [`Document::with_options`] does.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the text.
    pub fn read<'t>(&mut self, text: &'t str, options: &Options) -> Document<'t> {
        Document::read(text, options, Limits::REAL, &mut self.buffers).0
    }

    /// Finds the repeats of `doc`, as [`Document::repeats`] does. The document need not come from
    /// this workspace.
    ///
    /// # Complexity
    ///
    /// That of [`Document::repeats`].
    pub fn repeats<'d, 't>(&mut self, doc: &'d Document<'t>) -> Repeats<'d, 't> {
        doc.repeats_with(&mut self.scratch)
    }

    /// Reuses the memory of `doc` for the next document.
    pub fn recycle(&mut self, doc: Document<'_>) {
        doc.recycle(&mut self.buffers);
    }

    /// Reuses the memory of `repeats` for the next call of [`repeats`](Self::repeats).
    pub fn recycle_repeats(&mut self, repeats: Repeats<'_, '_>) {
        self.scratch.recycle(repeats.into_found());
    }

    /// Creates a document from `spans` of `text`, with the buffers for the sentences of a line.
    pub(crate) fn read_spans<'t>(
        &mut self,
        text: &'t str,
        spans: Vec<Span>,
        options: &Options,
    ) -> Document<'t> {
        Document::read_spans(text, spans, options, &mut self.pieces)
    }

    /// Returns an empty list for the spans of the sentences of a line.
    pub(crate) fn spans_of_pieces(&mut self) -> Vec<Span> {
        self.pieces.take_spans()
    }

    /// Reuses the memory of a line.
    pub(crate) fn recycle_pieces(&mut self, pieces: Document<'_>) {
        pieces.recycle(&mut self.pieces);
    }

    pub(crate) fn scratch(&mut self) -> &mut Scratch {
        &mut self.scratch
    }
}
