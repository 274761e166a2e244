//! The borders to which cuts are shrunk.

use std::fmt;
use std::str::FromStr;

use super::units::Extent;
use crate::error::PassageError;
use crate::segment::{Segmentation, is_cluster_boundary, pieces_of_line};
use crate::shingle::begins_a_word;
use crate::span::Span;
use crate::unicode::{self, SPACE};
use crate::work;

/// The parts of a text that are removed as a whole: a cut is shrunk until it consists of whole
/// words, sentences or lines.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Border {
    /// Text between white space; in a script without spaces, each letter. A cut may begin and end
    /// inside a sentence.
    Word,
    /// Sentences. They end at line ends, and inside a line at the same places as in the long lines
    /// that a [`Cleaner`](crate::Cleaner) splits with
    /// [`Segmentation::Auto`](crate::Segmentation::Auto).
    #[default]
    Sentence,
    /// Lines, as those of [`Segmentation::Lines`](crate::Segmentation::Lines).
    Line,
}

impl Border {
    const ALL: [Self; 3] = [Self::Word, Self::Sentence, Self::Line];

    const fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Sentence => "sentence",
            Self::Line => "line",
        }
    }

    /// Shrinks `runs` of words, which are in order and do not touch, to borders. Returns the runs
    /// of at least `min_words` words that are left, each with its span.
    pub(super) fn shrink(
        self,
        text: &str,
        extents: &[Extent],
        runs: &[(usize, usize)],
        min_words: usize,
    ) -> Vec<(usize, usize, Span)> {
        let shrunk = match self {
            Self::Word => runs.iter().map(|run| words(text, extents, *run)).collect(),
            Self::Sentence | Self::Line => {
                let mut parts = Vec::new();
                Segmentation::Lines.split(text, &mut parts);
                if self == Self::Sentence {
                    let lines = std::mem::take(&mut parts);
                    lines.into_iter().for_each(|line| pieces_of_line(text, line, &mut parts));
                }
                whole(extents, runs, &parts)
            }
        };
        shrunk.into_iter().flatten().filter(|(start, end, _)| end - start >= min_words).collect()
    }
}

/// Writes the name: `word`, `sentence` or `line`.
impl fmt::Display for Border {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads a name as [`Display`](fmt::Display) writes it.
impl FromStr for Border {
    type Err = PassageError;

    fn from_str(name: &str) -> Result<Self, PassageError> {
        let known = Self::ALL.into_iter().find(|known| known.name() == name);
        known.ok_or_else(|| PassageError::UnknownBorder { name: name.to_owned() })
    }
}

/// Shrinks a run to words that are not next to other words without white space between.
fn words(text: &str, extents: &[Extent], (start, end): (usize, usize)) -> Option<(usize, usize, Span)> {
    let first = (start..end).find(|word| is_border(text, extents, *word))?;
    let last = (first + 1..=end).rev().find(|word| is_border(text, extents, *word))?;
    work::count(first - start + end - last);
    let span = Span::new(extents[first].start as usize, extents[last - 1].end as usize);
    Some((first, last, span))
}

/// Returns whether the text can be cut before a word, or at its end, without joining words.
fn is_border(text: &str, extents: &[Extent], word: usize) -> bool {
    let (Some(this), Some(last)) = (extents.get(word), word.checked_sub(1)) else { return true };
    let (before, at) = (extents[last].start as usize, this.start as usize);
    if text[..at].chars().next_back().is_none_or(|c| unicode::is(c, SPACE)) {
        return true;
    }
    // A letter that begins a new word after any other character is joined to none.
    let begins = text[at..].chars().next().is_some_and(begins_a_word) && extents[last].end == this.start;
    begins && this.start < this.end && is_cluster_boundary(&text[before..], at - before)
}

/// Shrinks runs to whole parts of the text, all of whose words, and no other text, are in a run.
fn whole(extents: &[Extent], runs: &[(usize, usize)], parts: &[Span]) -> Vec<Option<(usize, usize, Span)>> {
    work::count(parts.len() + runs.len());
    let mut next = 0;
    let shrink = |(start, end): &(usize, usize)| {
        let (first, last) = (extents[*start].start as usize, extents[end - 1].end as usize);
        next += parts[next..].iter().take_while(|part| part.start() < first).count();
        let begin = next;
        next += parts[next..].iter().take_while(|part| part.end() <= last).count();
        let (Some(from), Some(to)) = (parts[begin..next].first(), parts[begin..next].last()) else {
            return None;
        };
        let span = Span::new(from.start(), to.end());
        let inside = &extents[*start..*end];
        let before = inside.partition_point(|extent| (extent.start as usize) < span.start());
        // Punctuation at the end of a part may belong to the extent of the next word, and may be
        // the whole part.
        let after = inside.partition_point(|extent| extent.end as usize <= span.end());
        Some((start + before, start + after.max(before), span))
    };
    runs.iter().map(shrink).collect()
}
