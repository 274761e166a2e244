//! Memory that is kept from one document to the next.

use crate::document::{Buffers, Document, Limits};
use crate::options::Options;
use crate::repeats::{Repeats, Scratch};
use crate::span::Span;

/// Memory that is kept from one document to the next, for those who read millions of them.
///
/// It reads and finds as [`Document::with_options`] and [`Document::repeats`] do, with the same
/// answers. What is recycled serves the next document: after a few that are as large, reading and
/// finding allocate nothing (unless more than four combining marks in a row have to be put in
/// order). A workspace gives no memory back until it is dropped.
///
/// ```
/// use refrain::{Options, Workspace};
///
/// let mut workspace = Workspace::new();
/// for page in ["A title\nA story.\nA story.", "Another title\nAnother story."] {
///     let doc = workspace.read(page, &Options::new());
///     let repeats = workspace.repeats(&doc);
///     assert_eq!(repeats.families().len(), page.matches("A story").count() / 2);
///     workspace.recycle_repeats(repeats);
///     workspace.recycle(doc);
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    buffers: Buffers,
    /// For the pieces of a line of a document that is read already.
    pieces: Buffers,
    scratch: Scratch,
}

impl Workspace {
    /// With no memory yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads `text`: [`Document::with_options`].
    ///
    /// # Complexity
    ///
    /// Linear in the text.
    pub fn read<'t>(&mut self, text: &'t str, options: &Options) -> Document<'t> {
        Document::read(text, options, Limits::REAL, &mut self.buffers).0
    }

    /// Finds what stands more than once in `doc`, which may come from anywhere:
    /// [`Document::repeats`].
    ///
    /// # Complexity
    ///
    /// That of [`Document::repeats`].
    pub fn repeats<'d, 't>(&mut self, doc: &'d Document<'t>) -> Repeats<'d, 't> {
        doc.repeats_with(&mut self.scratch)
    }

    /// Takes the memory of a document for the next one.
    pub fn recycle(&mut self, doc: Document<'_>) {
        doc.recycle(&mut self.buffers);
    }

    /// Takes the memory of an answer for the next one.
    pub fn recycle_repeats(&mut self, repeats: Repeats<'_, '_>) {
        self.scratch.recycle(repeats.into_found());
    }

    /// Reads the parts of `text` at `spans`.
    pub(crate) fn read_spans<'t>(
        &mut self,
        text: &'t str,
        spans: Vec<Span>,
        options: &Options,
    ) -> Document<'t> {
        Document::read_spans(text, spans, options, &mut self.pieces)
    }

    /// An empty list for the spans of the pieces of a line.
    pub(crate) fn spans_of_pieces(&mut self) -> Vec<Span> {
        self.pieces.take_spans()
    }

    /// Takes the memory of a line.
    pub(crate) fn recycle_pieces(&mut self, pieces: Document<'_>) {
        pieces.recycle(&mut self.pieces);
    }

    pub(crate) fn scratch(&mut self) -> &mut Scratch {
        &mut self.scratch
    }
}
