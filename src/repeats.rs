//! Finds repeats: families of exact copies, tandem repeats, and aligned blocks with holes.
//!
//! | method | lists | for |
//! |---|---|---|
//! | [`Repeats::families`] | exact runs: each original with its copies | searching for every repeated segment; counting occurrences |
//! | [`Repeats::tandems`] | units that are repeated with nothing between | loops and text that is doubled in place |
//! | [`Repeats::blocks`] | pairs of one original and one copy, also with inserted, missing and replaced segments | finding a copied body or section as a whole |
//!
//! A [`Cleaner`](crate::Cleaner) decides on tandem repeats and aligned blocks. All three lists
//! describe the same text, so a segment may be in several of them.

mod align;
mod block;
mod families;
mod family;
pub(crate) mod find;
mod interval;
mod lcp;
mod measure;
mod occurrence;
mod places;
mod records;
mod reduce;
mod scratch;
mod similar_pair;
mod suffix;
mod tandem;
#[cfg(test)]
mod tests;
mod weights;

use std::ops::Range;

use crate::document::Document;
use crate::span::Span;

pub(crate) use align::{Chains, align, repeated_weight};
pub use block::{Block, Hole, Run};
pub(crate) use block::{Evidence, Kinds, Measures};
pub use family::{Families, Family};
pub(crate) use measure::{Layers, Look, SHORT_UNIT, Survey, may_be_labeled};
pub use occurrence::Occurrence;
pub(crate) use places::Places;
use records::Found;
pub(crate) use records::{Pair, TandemRun};
pub(crate) use reduce::tandem_runs_of;
pub(crate) use scratch::Scratch;
pub use similar_pair::SimilarPair;
pub(crate) use weights::Weights;

/// The runs of segments that occur more than once in a [`Document`]; returned by
/// [`Document::repeats`].
///
/// The segments of a document are a sequence. A run is a *copy* if the same sequence of segments
/// also begins earlier, perhaps overlapping the run. The copies that are part of no other copy are
/// reported. So every segment that is not the first of its kind is in a reported copy, unless
/// [`Options`](crate::Options) set a minimum. The *original* of a copy is its leftmost occurrence.
/// A copy that overlaps its original, as in `a a a a`, is cut into pieces, whose length is the
/// distance between the starts of the two; the last piece may be shorter. Equal pieces form a
/// [`Family`].
///
/// | segments | family | original at segment | copies at segments |
/// |---|---|---|---|
/// | `a a a a` | `a` | 0 | 1, 2, 3 |
/// | `a b c a b c a b c` | `a b c` | 0 | 3, 6 |
/// | `a b c d e f X c d Y a b c d e f` | `c d` | 2 | 7 |
/// | | `a b c d e f` | 0 | 10 |
///
/// The last two rows are one text: the `c d` at segment 12 is a part of the longer copy at segment
/// 10, so it is not a copy of its own.
///
/// ```
/// use refrain::Document;
///
/// let text = "\
/// Verse.
/// Oh!
/// Ah!
/// Verse two.
/// Oh!
/// Ah!
/// ";
/// let doc = Document::new(text);
/// let repeats = doc.repeats();
/// assert_eq!(repeats.families().len(), 1);
/// for family in &repeats {
///     assert_eq!(&text[family.original().span()], "Oh!\nAh!");
///     assert!(family.copies().map(|copy| copy.span()).eq([26..33]));
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Repeats<'d, 't> {
    doc: &'d Document<'t>,
    found: Found,
}

impl<'t> Document<'t> {
    /// Finds the runs of segments that occur more than once. The document is not changed; a
    /// [`Cleaner`](crate::Cleaner) removes copies.
    ///
    /// # Complexity
    ///
    /// O(n + k log n) in the worst case, for n segments and k copies; with
    /// [`Options::min_weight`](crate::Options::min_weight), the text is read once more. The memory
    /// is at most about 125 bytes for each occurrence of a repeated segment, of which 55 are kept.
    /// Never panics.
    pub fn repeats(&self) -> Repeats<'_, 't> {
        self.repeats_with(&mut Scratch::default())
    }

    /// Like [`repeats`](Self::repeats), but reuses the buffers of `scratch`.
    pub(crate) fn repeats_with(&self, scratch: &mut Scratch) -> Repeats<'_, 't> {
        Repeats { doc: self, found: self.find(self.ids(), |i| i, scratch) }
    }

    /// Returns the repeats among some of the segments. `ids` are the ids of the segments with the
    /// numbers `number(0)`, `number(1)` and so on.
    pub(crate) fn find(&self, ids: &[u32], number: impl Fn(usize) -> usize, scratch: &mut Scratch) -> Found {
        let options = self.options();
        // For each segment, the number of segments before it that are not light. A run has such a
        // segment if the number grows in the run.
        let mut heavy = scratch.numbers();
        if options.min_weight > 0 {
            let weights = self.weights();
            heavy.push(0);
            heavy.extend((0..ids.len()).scan(0, |count, i| {
                *count += u32::from(weights[number(i)] >= options.min_weight);
                Some(*count)
            }));
        }
        let wanted = |start: u32, len: u32| {
            let (start, len) = (start as usize, len as usize);
            let is_light = heavy.get(start).is_some_and(|before| *before == heavy[start + len]);
            len >= options.min_segments && !is_light
        };
        let found = find::find(ids, self.distinct_segments(), scratch, &wanted);
        scratch.give_numbers(heavy);
        found
    }
}

impl<'d, 't> Repeats<'d, 't> {
    /// Returns the document.
    pub fn document(&self) -> &'d Document<'t> {
        self.doc
    }

    /// Returns whether no segment is reported to occur more than once.
    pub fn is_empty(&self) -> bool {
        self.found.families.is_empty()
    }

    /// Returns an iterator over the families, ordered by the start of the original and then by
    /// length.
    pub fn families(&self) -> Families<'_> {
        Families::new(self.doc.spans(), &self.found)
    }

    pub(crate) fn into_found(self) -> Found {
        self.found
    }
}

impl Repeats<'_, '_> {
    /// Returns every tandem repeat: all maximal runs of a unit in direct succession, ordered by
    /// their start and then by the length of the unit. Runs may overlap and may be inside other
    /// runs. The minima of [`Options`](crate::Options) do not apply.
    ///
    /// ```
    /// use refrain::Document;
    ///
    /// let text = "\
    /// Intro.
    /// Row, row!
    /// To the shore.
    /// Row, row!
    /// To the shore.
    /// Row, row!
    /// The end.
    /// ";
    /// let document = Document::new(text);
    /// let tandems = document.repeats().tandems();
    /// assert_eq!(tandems.len(), 1);
    /// assert_eq!(&text[tandems[0].unit().span()], "Row, row!\nTo the shore.");
    /// assert_eq!((tandems[0].count(), tandems[0].segments()), (2, 1..6));
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the number of segments, plus the time to sort the tandem repeats, which are fewer
    /// than the segments. Never panics.
    pub fn tandems(&self) -> Vec<Tandem> {
        let mut runs = Vec::new();
        tandem_runs_of(self.doc.ids(), self.doc.distinct_segments(), &mut Scratch::default(), &mut runs);
        let tandem = |run: &TandemRun| Tandem {
            unit: Occurrence::new(self.doc.spans(), run.start, run.start + run.period),
            whole: Occurrence::new(self.doc.spans(), run.start, run.end),
        };
        runs.iter().map(tandem).collect()
    }

    /// Returns the blocks of the document aligned with itself, in the order of the copies. The
    /// minima of [`Options`](crate::Options) do not apply.
    ///
    /// Blocks are chosen by their score, the highest first: the weight of the pairs minus the cost
    /// of the holes. A hole costs nine tenths of the weight of its heavier side, and 2 for each
    /// segment on both of its sides. Each segment is the copy of another one in at most one block,
    /// but a hole in the copy of a block may contain the copy of another block. The original of a
    /// block ends before its copy begins. [Tandem repeats](Self::tandems) are not among these
    /// blocks. A hole has at most seven segments on either side, and weighs less than the segments
    /// that it connects. If a segment has more than four earlier occurrences, only the first one,
    /// the last one and those that continue a block are considered as its partner. A segment
    /// without letters and digits is considered only if the pair continues another pair; if the two
    /// pairs are split later, a block of weight 0 may be listed.
    ///
    /// ```
    /// use refrain::Document;
    ///
    /// let text = "\
    /// One.
    /// Two.
    /// Three.
    /// One.
    /// X
    /// Two.
    /// Three.
    /// ";
    /// let document = Document::new(text);
    /// let blocks = document.repeats().blocks();
    /// assert_eq!(blocks.len(), 1);
    /// assert_eq!(&text[blocks[0].original().span()], "One.\nTwo.\nThree.");
    /// assert_eq!(&text[blocks[0].copy().span()], "One.\nX\nTwo.\nThree.");
    /// let holes: Vec<_> = blocks[0].holes().collect();
    /// assert_eq!((holes.len(), holes[0].copy()), (1, 4..5));
    /// assert_eq!(holes[0].to_string(), "1 inserted");
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the text, except for sorting the pairs, of which there are at most six for each
    /// segment. The memory is at most about 500 bytes for each occurrence of a repeated segment.
    /// Never panics.
    pub fn blocks(&self) -> Vec<Block> {
        let (doc, scratch) = (self.doc, &mut Scratch::default());
        let mut runs = Vec::new();
        if !tandem_runs_of(doc.ids(), doc.distinct_segments(), scratch, &mut runs) {
            return Vec::new();
        }
        let numbers: Vec<u32> = (0..).take(doc.len()).collect();
        let places = Places::new(doc.ids(), doc.distinct_segments(), scratch);
        let mut weights = Weights::new(doc, scratch);
        let mut survey = Survey::new(doc, doc.ids(), &numbers, places, &mut weights, scratch);
        let chains = align(doc.ids(), &survey.sums, &survey.places, &runs, 0, scratch);
        chains.iter().map(|pairs| survey.block(pairs)).collect()
    }
}

/// A tandem repeat: a run of segments, the *unit*, that occurs two or more times with nothing
/// between.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tandem {
    unit: Occurrence,
    whole: Occurrence,
}

impl Tandem {
    /// Returns the first unit, which is not itself a repetition of a shorter unit.
    pub fn unit(self) -> Occurrence {
        self.unit
    }

    /// Returns the number of whole units in succession, 2 or more.
    pub fn count(self) -> usize {
        self.whole.segments().len() / self.unit.segments().len()
    }

    /// Returns the indices of the segments from the first unit to the last one; a part of one more
    /// unit may be at the end.
    pub fn segments(self) -> Range<usize> {
        self.whole.segments()
    }

    /// Returns the span from the first unit to the last one, or to the end of the part of one more
    /// unit, in bytes of the text.
    pub fn span(self) -> Span {
        self.whole.span()
    }
}

impl<'a> IntoIterator for &'a Repeats<'_, '_> {
    type Item = Family<'a>;
    type IntoIter = Families<'a>;

    fn into_iter(self) -> Families<'a> {
        self.families()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Repeats<'_, '_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}
