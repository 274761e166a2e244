//! Blocks: an original and a copy, with their measures.

use std::fmt;
use std::ops::Range;

use super::Occurrence;
use crate::document::Relation;

/// An original and a copy, aligned segment by segment, perhaps with holes.
///
/// A [`Policy`](crate::Policy) decides on blocks by their measures. The built-in rules also know
/// measures that this type does not have: prose, the last characters of lines, headings,
/// quotations, labels between original and copy, and the kinds of lines. *Weight* is the number of
/// letters, combining marks and digits, an ideograph, kana or Hangul syllable counting 3.
///
/// In a decision of a cleaner, a [tandem repeat](super::Tandem) is a block too: its original is the
/// first unit, and its copy is all other units.
///
/// With [`Policy::similar`](crate::Policy#similar-copies), two segments also form a block if one is
/// similar to the other, or begins with its words. The original is the segment that is kept: the
/// one with the greater weight, even if it is later in the text, or the earlier one if the weights
/// are equal.
///
/// A [`Cleaner`](crate::Cleaner) also decides on blocks inside a long line. The segments of such a
/// block are parts of that line, and all of its shares are shares of the line, not of the document.
/// In an [occurrence](super::Occurrence) of such a block, `segments` returns the range of that one
/// line, and `span` is a span inside the line.
///
/// ```
/// use refrain::Document;
///
/// let text = "\
/// A storm hit the coast.
/// Nobody was hurt.
/// The ferry did not sail.
/// In short:
/// A storm hit the coast.
/// The ferry did not sail.
/// ";
/// let document = Document::new(text);
/// let blocks = document.repeats().blocks();
/// let block = &blocks[0];
/// assert_eq!((block.original().segments(), block.copy().segments()), (0..3, 4..6));
/// assert_eq!((block.len(), block.runs().count(), block.weight()), (2, 2, 35));
/// assert_eq!(block.holes().next().map(|hole| hole.to_string()), Some("1 missing".to_owned()));
/// ```
///
/// Measures that a decision does not need are 0 or `false`: in a decision of
/// [`Policy::drop_all`](crate::Policy::drop_all), all but [`len`](Self::len) and
/// [`count`](Self::count); in a decision on an overlap or a similar copy, the distance,
/// [`is_adjacent`](Self::is_adjacent), and the measures of how often segments occur.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    pub(crate) original: Occurrence,
    pub(crate) copy: Occurrence,
    /// The runs of the block, if they are more than one.
    pub(crate) runs: Box<[Run]>,
    pub(crate) measures: Measures,
}

/// A maximal run, without holes, of a [`Block`]: segments of the original, and the equal segments
/// of the copy. The run of a block that is removed as `similar` or `contained` is one pair of
/// segments that are not equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Run {
    pub(crate) original: Occurrence,
    pub(crate) copy: Occurrence,
}

impl Run {
    /// Returns the place of the run in the original.
    pub fn original(self) -> Occurrence {
        self.original
    }

    /// Returns the place of the run in the copy.
    pub fn copy(self) -> Occurrence {
        self.copy
    }
}

/// Segments between two runs of a [`Block`] that have no equal partner on the other side. With
/// [`Policy::similar`](crate::Policy::similar), they may be similar to segments of the other side.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Hole {
    #[cfg_attr(feature = "serde", serde(rename = "original_segments"))]
    original: Range<usize>,
    #[cfg_attr(feature = "serde", serde(rename = "copy_segments"))]
    copy: Range<usize>,
}

impl Hole {
    /// Returns the indices of the segments that are missing from the copy; empty if no segment is
    /// missing.
    pub fn original(&self) -> Range<usize> {
        self.original.clone()
    }

    /// Returns the indices of the segments that are inserted in the copy; empty if no segment is
    /// inserted.
    pub fn copy(&self) -> Range<usize> {
        self.copy.clone()
    }
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.original.len(), self.copy.len()) {
            (0, inserted) => write!(f, "{inserted} inserted"),
            (missing, 0) => write!(f, "{missing} missing"),
            (missing, inserted) => write!(f, "{missing} replaced by {inserted}"),
        }
    }
}

impl Block {
    /// Returns the original, from its first segment to its last, holes included.
    pub fn original(&self) -> Occurrence {
        self.original
    }

    /// Returns the copy, from its first segment to its last, holes included; for a tandem repeat,
    /// all units but the first.
    pub fn copy(&self) -> Occurrence {
        self.copy
    }

    /// Returns an iterator over the runs of equal segments, in the order of the copy: one run if
    /// the block has no hole, and one run for each unit but the first of a tandem repeat.
    pub fn runs(&self) -> impl Iterator<Item = Run> + '_ {
        let whole = Run { original: self.original, copy: self.copy };
        let alone = self.runs.is_empty().then_some(whole);
        alone.into_iter().chain(self.runs.iter().copied())
    }

    /// Returns an iterator over the holes between the runs, in the order of the text. A tandem
    /// repeat has no holes, and those of a block inside a long line are not listed, because a hole
    /// is given by indices of segments of the document, and the parts of a line have none.
    pub fn holes(&self) -> impl Iterator<Item = Hole> + '_ {
        let is_inner = self.original.segments() == self.copy.segments();
        let has_holes = !self.measures.is_tandem && !is_inner;
        self.runs.windows(2).filter(move |_| has_holes).map(|pair| Hole {
            original: pair[0].original.segments().end..pair[1].original.segments().start,
            copy: pair[0].copy.segments().end..pair[1].copy.segments().start,
        })
    }

    /// Returns the number of segments of the original that have a partner in the copy; for a tandem
    /// repeat, the number of segments of its unit. Lines that together equal other lines, apart
    /// from their [line breaks](crate::Policy#other-line-breaks), count as one.
    #[expect(clippy::len_without_is_empty, reason = "a block is never empty")]
    pub fn len(&self) -> usize {
        self.measures.segments as usize
    }

    /// Returns the number of units of a tandem repeat, with the original; 2 for any other block.
    pub fn count(&self) -> usize {
        self.measures.count as usize
    }

    /// Returns whether this is a tandem repeat.
    pub fn is_tandem(&self) -> bool {
        self.measures.is_tandem
    }

    /// Returns the weight of the segments of the copy that have a partner; for a tandem repeat, the
    /// weight of one unit.
    pub fn weight(&self) -> u64 {
        self.measures.weight
    }

    /// Returns [`weight`](Self::weight) as a share of the weight of the document, from 0 to 1.
    ///
    /// The third and later occurrences of the block's segments are left out of the weight of the
    /// document, so adding a copy does not lower the share. For a block inside a long line, this is
    /// a share of that line.
    pub fn share(&self) -> f64 {
        share(self.measures.weight, self.measures.document)
    }

    /// Returns the share of the copy's weight, holes included, that has a partner, from 0 to 1.
    pub fn coverage(&self) -> f64 {
        share(self.measures.weight, self.measures.copy_span)
    }

    /// Returns the share of the original's weight, holes included, that has a partner, from 0 to 1.
    pub fn original_coverage(&self) -> f64 {
        share(self.measures.weight, self.measures.original_span)
    }

    /// Returns the weight of the heaviest segment that has a partner.
    pub fn max_segment_weight(&self) -> u32 {
        self.measures.max_segment_weight
    }

    /// Returns the weight between the end of the original and the start of the copy.
    pub fn distance(&self) -> u64 {
        self.measures.distance
    }

    /// Returns whether no segment is between the original and the copy, apart from segments that
    /// earlier rounds removed. This is always true of a tandem repeat, and `false` for an overlap
    /// or a similar copy.
    pub fn is_adjacent(&self) -> bool {
        self.measures.is_adjacent
    }

    /// Returns how often a segment of the block occurs in the document, as the median over its
    /// segments; the higher one of two middle values.
    pub fn occurrences(&self) -> usize {
        self.measures.occurrences as usize
    }

    /// Returns the share of the weight in segments that occur exactly
    /// [`occurrences`](Self::occurrences) times, from 0 to 1.
    pub fn uniformity(&self) -> f64 {
        share(self.measures.uniform, self.measures.weight)
    }

    /// Returns the weight of the segments of the block in all but their first occurrences, as a
    /// share of the weight of all segments of the document that equal an earlier one, from 0 to 1.
    pub fn share_of_repeats(&self) -> f64 {
        share(self.measures.copies, self.measures.repeated)
    }

    /// Returns a block without measures, except for its number of segments.
    pub(crate) fn exact(original: Occurrence, copy: Occurrence, segments: u32) -> Self {
        let measures = Measures { segments, count: 2, ..Measures::default() };
        Self { original, copy, runs: Box::default(), measures }
    }

    /// Returns the block of a loop inside a line of weight `line`, with `count` units of weight
    /// `weight`.
    pub(crate) fn of_loop(
        original: Occurrence,
        copy: Occurrence,
        count: u32,
        weight: u64,
        line: u64,
    ) -> Self {
        let max_segment_weight = u32::try_from(weight).unwrap_or(u32::MAX);
        let measures = Measures {
            segments: 1,
            count,
            weight,
            max_segment_weight,
            copy_span: weight,
            original_span: weight,
            occurrences: count,
            uniform: weight,
            copies: weight * u64::from(count - 1),
            document: line.saturating_sub(weight * u64::from(count.saturating_sub(2))),
            repeated: weight * u64::from(count - 1),
            is_tandem: true,
            is_adjacent: true,
            ..Measures::default()
        };
        Self { original, copy, runs: Box::default(), measures }
    }

    /// Returns the block of a segment and a longer one of the weights `weight` and `longer`, in a
    /// text of weight `document`. The original is the longer one, and may be later in the text.
    pub(crate) fn of_longer(
        original: Occurrence,
        copy: Occurrence,
        (weight, longer): (u64, u64),
        document: u64,
    ) -> Self {
        let measures = Measures {
            segments: 1,
            count: 2,
            weight,
            max_segment_weight: u32::try_from(weight).unwrap_or(u32::MAX),
            copy_span: weight,
            original_span: longer,
            document,
            ..Measures::default()
        };
        Self { original, copy, runs: Box::default(), measures }
    }

    /// Returns the block with its occurrences mapped by `place`.
    pub(crate) fn placed(mut self, place: impl Fn(Occurrence) -> Occurrence) -> Self {
        (self.original, self.copy) = (place(self.original), place(self.copy));
        for run in &mut self.runs {
            (run.original, run.copy) = (place(run.original), place(run.copy));
        }
        self
    }

    /// Returns the block as one whose lines are broken at different places.
    pub(crate) fn rewrapped(mut self) -> Self {
        self.measures.is_rewrapped = true;
        self
    }

    pub(crate) fn measures(&self) -> &Measures {
        &self.measures
    }
}

/// The numbers behind a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Measures {
    pub(crate) is_tandem: bool,
    pub(crate) is_adjacent: bool,
    /// True if original or copy has lines that are compared as one segment.
    pub(crate) is_rewrapped: bool,
    pub(crate) count: u32,
    pub(crate) segments: u32,
    pub(crate) max_segment_weight: u32,
    pub(crate) occurrences: u32,
    pub(crate) weight: u64,
    pub(crate) copy_span: u64,
    pub(crate) original_span: u64,
    pub(crate) distance: u64,
    /// The weight between the copy and the last occurrence of its last segment before it: less than
    /// the distance if the lines occur a third time between original and copy.
    pub(crate) gap: u64,
    pub(crate) document: u64,
    pub(crate) uniform: u64,
    pub(crate) copies: u64,
    pub(crate) repeated: u64,
}

/// The kinds of the lines of a block, as numbers of segments or as weights.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Kinds {
    pub(crate) records: u32,
    pub(crate) items: u32,
    /// The segments whose first number is neither that of the segment before nor one more.
    pub(crate) numbers: u32,
    /// The segments that end with a comma or a semicolon.
    pub(crate) clauses: u32,
    pub(crate) record_weight: u64,
    pub(crate) prose: u64,
    pub(crate) code: u64,
    pub(crate) bare: u64,
    /// True if the lines are prose that was broken at a fixed width.
    pub(crate) is_wrapped: bool,
    /// True if the last record has a later time, date or counter than the first.
    pub(crate) is_ascending: bool,
}

/// The evidence for a decision that is not in the measures, because it is read from the text.
pub(crate) trait Evidence {
    /// Returns the kinds of the lines.
    fn kinds(&mut self) -> Kinds;
    /// Returns the relation of the lines before original and copy as headings, and whether the copy
    /// alone is introduced as a quotation.
    fn headings(&mut self) -> (Relation, bool);
    /// Returns whether only labels, such as a byline, are between original and copy, the lines of
    /// the block occur nowhere else, and the line above the original may be a title or a price.
    fn is_labeled(&self) -> bool;
    /// Returns whether the line after the copy is prose.
    fn is_continued(&self) -> bool;
}

impl Measures {
    /// Returns whether `part` is at least `hundredths` of `whole`, in whole numbers, so the result
    /// is the same on every platform.
    pub(crate) fn at_least(part: u64, hundredths: u64, whole: u64) -> bool {
        whole > 0 && u128::from(part) * 100 >= u128::from(whole) * u128::from(hundredths)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share is for reading; decisions are made in whole numbers")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
