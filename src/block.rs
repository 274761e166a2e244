//! Blocks: what a policy decides on.

mod survey;

use std::fmt;

use crate::repeats::{Occurrence, Repeats};

pub(crate) use survey::Survey;

/// A block of segments that stands again, perhaps with holes: runs of equal segments that keep their order and lie near each
/// other.
///
/// What is measured of it is what a [`Policy`](crate::Policy) goes by. *Weight* is the number of letters, marks and digits,
/// an ideograph, kana or Hangul syllable counting 3.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Block {
    pub(crate) original: Occurrence,
    pub(crate) copy: Occurrence,
    /// The runs of it, if they are more than one.
    pub(crate) runs: Box<[Run]>,
    pub(crate) measures: Measures,
}

/// A run of segments without a hole, in the original and in the copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Run {
    pub(crate) original: Occurrence,
    pub(crate) copy: Occurrence,
}

impl Run {
    /// Where it stands first.
    pub fn original(self) -> Occurrence {
        self.original
    }

    /// Where it stands again.
    pub fn copy(self) -> Occurrence {
        self.copy
    }
}

/// What stands between two runs of a [`Block`]: inserted in the copy, missing from it, or, where both sides have
/// something, another text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hole {
    pub(crate) original: std::ops::Range<usize>,
    pub(crate) copy: std::ops::Range<usize>,
}

impl Hole {
    /// The segments of the original that the copy has not; empty if something was inserted.
    pub fn original(&self) -> std::ops::Range<usize> {
        self.original.clone()
    }

    /// The segments of the copy that the original has not; empty if something is missing.
    pub fn copy(&self) -> std::ops::Range<usize> {
        self.copy.clone()
    }
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.original.len(), self.copy.len()) {
            (0, inserted) => write!(f, "{inserted} inserted"),
            (missing, 0) => write!(f, "{missing} missing"),
            (there, here) => write!(f, "{there} replaced by {here}"),
        }
    }
}

impl Repeats<'_, '_> {
    /// What stands again, in blocks with holes: runs that keep their order, with fewer than eight other segments between
    /// two neighbours, are one block. In the order of the copies; no segment is in two of them.
    ///
    /// ```
    /// use refrain::Document;
    ///
    /// let text = "One.\nTwo.\nThree.\nOne.\nAnd more.\nTwo.\nThree.";
    /// let doc = Document::new(text);
    /// let blocks = doc.repeats().blocks();
    /// assert_eq!(blocks.len(), 1);
    /// assert_eq!(blocks[0].original().span(), 0..16);
    /// assert_eq!(&text[blocks[0].copy().span()], "One.\nAnd more.\nTwo.\nThree.");
    /// let holes: Vec<_> = blocks[0].holes().collect();
    /// assert_eq!((holes.len(), holes[0].copy(), holes[0].to_string().as_str()), (1, 4..5, "1 inserted"));
    /// ```
    ///
    /// # Complexity
    ///
    /// O(n log n) for n segments.
    pub fn blocks(&self) -> Vec<Block> {
        let doc = self.document();
        let number = |i: usize| u32::try_from(i).unwrap_or(u32::MAX);
        let mut survey = Survey::new(doc, doc.ids(), number);
        let chains = survey.chains(self.found(), Gap::Loose.segments());
        chains.iter().filter_map(|chain| survey.block(chain)).collect()
    }
}

impl Block {
    /// Where it stands first, from its first segment to its last, holes and all.
    pub fn original(&self) -> Occurrence {
        self.original
    }

    /// Where it stands again, holes and all.
    pub fn copy(&self) -> Occurrence {
        self.copy
    }

    /// The runs of equal segments, in the order of the text: one, if there is no hole.
    pub fn runs(&self) -> impl Iterator<Item = Run> + '_ {
        let whole = Run { original: self.original, copy: self.copy };
        let alone = self.runs.is_empty().then_some(whole);
        alone.into_iter().chain(self.runs.iter().copied())
    }

    /// What stands between the runs.
    pub fn holes(&self) -> impl Iterator<Item = Hole> + '_ {
        self.runs.windows(2).map(|pair| Hole {
            original: pair[0].original.segments().end..pair[1].original.segments().start,
            copy: pair[0].copy.segments().end..pair[1].copy.segments().start,
        })
    }

    /// How many segments are equal: the holes do not count.
    #[expect(clippy::len_without_is_empty, reason = "a block is never empty")]
    pub fn len(&self) -> usize {
        self.measures.segments as usize
    }

    /// The weight of the equal segments.
    pub fn weight(&self) -> u64 {
        self.measures.weight
    }

    /// That weight as a part of the document's, from 0 to 1.
    pub fn share(&self) -> f64 {
        part(self.measures.weight, self.measures.document)
    }

    /// How much of the weight from the first segment of the copy to its last is repeated, from 0 to 1.
    pub fn coverage(&self) -> f64 {
        part(self.measures.weight, self.measures.copy_span)
    }

    /// How much of the weight from the first segment of the original to its last is repeated, from 0 to 1.
    pub fn original_coverage(&self) -> f64 {
        part(self.measures.weight, self.measures.original_span)
    }

    /// The weight of a segment in the mean.
    pub fn mean_weight(&self) -> f64 {
        part(self.measures.weight, u64::from(self.measures.segments))
    }

    /// The weight of the heaviest segment.
    pub fn heaviest(&self) -> u32 {
        self.measures.heaviest
    }

    /// How often a segment of it stands in the document, in the median.
    pub fn count(&self) -> usize {
        self.measures.count as usize
    }

    /// How much of its weight stands just as often as the median, from 0 to 1: machines repeat a block evenly.
    pub fn evenness(&self) -> f64 {
        part(self.measures.even, self.measures.weight)
    }

    /// How much of all that is repeated in the document is this content, from 0 to 1.
    pub fn loneness(&self) -> f64 {
        part(self.measures.family, self.measures.repeated)
    }

    /// The weight of all copies of this content as a part of the document's, from 0 to 1.
    pub fn family_share(&self) -> f64 {
        part(self.measures.family, self.measures.document)
    }

    /// Whether the copy stands right after its original, or after another copy of it that does.
    pub fn is_echo(&self) -> bool {
        self.measures.echo
    }

    /// Puts every run of it somewhere else.
    pub(crate) fn place(&mut self, place: impl Fn(Occurrence) -> Occurrence) {
        (self.original, self.copy) = (place(self.original), place(self.copy));
        for run in &mut self.runs {
            (run.original, run.copy) = (place(run.original), place(run.copy));
        }
    }

    pub(crate) fn measures(&self) -> &Measures {
        &self.measures
    }
}

/// How far apart the segments of a block may lie, by number: two neighbours of it have fewer others between them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Gap {
    /// A block with holes of up to seven segments.
    Loose,
    /// A hole is one segment at most.
    Near,
    /// A run without a hole.
    None,
}

impl Gap {
    pub(crate) fn segments(self) -> u32 {
        match self {
            Self::Loose => 8,
            Self::Near => 2,
            Self::None => 1,
        }
    }
}

/// The numbers behind a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Measures {
    pub(crate) segments: u32,
    pub(crate) weight: u64,
    pub(crate) heaviest: u32,
    /// The median of how often its segments stand in the document, and the weight of those that stand just as often.
    pub(crate) count: u32,
    pub(crate) even: u64,
    /// The weight from first to last segment, holes and all.
    pub(crate) copy_span: u64,
    pub(crate) original_span: u64,
    /// The weight of all later occurrences of its segments.
    pub(crate) family: u64,
    /// The weight of the document, and of all in it that is not first of its kind.
    pub(crate) document: u64,
    pub(crate) repeated: u64,
    pub(crate) echo: bool,
}

impl Measures {
    /// Whether `part` is at least `hundredths` of `whole`, in whole numbers so that it is the same everywhere.
    pub(crate) fn at_least(part: u64, hundredths: u64, whole: u64) -> bool {
        whole > 0 && u128::from(part) * 100 >= u128::from(whole) * u128::from(hundredths)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a part is for reading; decisions are made in whole numbers")]
fn part(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
