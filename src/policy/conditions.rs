//! The conditions and guards of which rules are made.

use std::fmt;

use crate::document::Relation;
use crate::repeats::{Evidence, Kinds, Measures};

/// The weight of a line from which it is too long to be a line of a poem or song.
pub(super) const VERSE: u32 = 45;

/// The weight of a line from which it is too long even for a long meter. Lines of a weight between
/// `VERSE` and this one are verse only if they also occur elsewhere, and if two or more of them,
/// and a third of all, end with a comma or a semicolon. Paragraphs in one line hardly ever end so.
/// Lines of wrapped paragraphs do, but they seldom occur a third time.
const LONG_VERSE: u32 = 75;

/// The least share of the text, in hundredths, of one copy of a song that was printed twice,
/// refrains included. Refrains alone are less, because the stanzas are not repeated with them.
const SONG: u64 = 47;

/// The least coverage of both copies of such a song. Two timetables, or other lists of a few words
/// in other orders, have less.
const SONG_COVERAGE: u64 = 95;

/// Bounds of the weight between the equal lists of two parallel sections, in hundredths of the
/// weight of one list. The text between them is longer than a label, and shorter than an article.
const CLOSEST: u64 = 20;
const FARTHEST: u64 = 400;

/// The weight of a paragraph that counts as several lines if it has other line breaks in the other
/// place: an abstract or a letter. A shorter one, such as a caution that a manual repeats below
/// several options, may be wrapped by its author.
const PARAGRAPH: u64 = 300;

/// The kinds of blocks that a rule is asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pass {
    Tandem,
    Block,
    Any,
}

impl Pass {
    pub(super) fn asks(self, is_tandem: bool) -> bool {
        match self {
            Self::Tandem => is_tandem,
            Self::Block => !is_tandem,
            Self::Any => true,
        }
    }
}

/// A lower or upper bound of a measure. Shares are hundredths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Condition {
    /// The least share of the text that one copy is; occurrences beyond the second do not count as
    /// text.
    Share(u64),
    /// The least share of copy and original, holes included, that has a partner.
    Coverage(u64),
    /// The least weight of one copy.
    Weight(u64),
    /// The least number of segments.
    Segments(u32),
    /// The least number of occurrences in direct succession.
    Count(u32),
    /// The least share of the weight in lines that end a sentence or are paragraphs, or in wrapped
    /// text.
    Prose(u64),
    /// The least share of the weight in lines that end with a letter or digit.
    Bare(u64),
    /// The lines occur nowhere but in this block, in the median.
    OnlyHere,
    /// The greatest median of the occurrences of the lines.
    Rare(u32),
    /// The least median of the occurrences of the lines.
    Occurrences(u32),
    /// The least share of the weight in lines that occur as often as the median.
    Uniform(u64),
    /// The least share of the copies of these lines in all that is repeated in the text.
    ShareOfRepeats(u64),
    /// The greatest weight between original and copy, in hundredths of the block.
    Distance(u64),
    /// Only labels, such as a byline, are between original and copy, the lines of the block occur
    /// nowhere else, and the line above the original may be a title or a price.
    Labeled,
    /// Prose follows the copy.
    Continued,
}

/// A reason to keep a block although all conditions hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Guard {
    Parallel,
    Named,
    Sections,
    Quoted,
    Records,
    Entries,
    Code,
    Verse,
    Refrain,
    Serial,
    Song,
    List,
    Wrapped,
}

use Condition::*;
use Guard::*;

impl Condition {
    /// Returns whether the condition holds by the numbers alone, or `None` if it depends on the
    /// kinds of the lines.
    pub(super) fn by_numbers(self, m: &Measures) -> Option<bool> {
        let share = Measures::at_least;
        Some(match self {
            Share(least) => share(m.weight, least, m.document),
            Coverage(least) => share(m.weight, least, m.copy_span) && share(m.weight, least, m.original_span),
            Weight(least) => m.weight >= least,
            Segments(least) => m.segments >= least || (m.is_rewrapped && m.weight >= PARAGRAPH),
            Count(least) => m.count >= least,
            OnlyHere => m.occurrences <= m.count,
            // Further units of a tandem repeat are not occurrences elsewhere.
            Rare(most) => m.occurrences.saturating_sub(m.count) + 2 <= most,
            Occurrences(least) => m.occurrences >= least,
            Uniform(least) => share(m.uniform, least, m.weight),
            ShareOfRepeats(least) => share(m.copies, least, m.repeated),
            Distance(most) => !share(m.distance, most + 1, m.weight),
            Prose(_) | Bare(_) | Labeled | Continued => return None,
        })
    }

    pub(super) fn holds(self, m: &Measures, evidence: &mut dyn Evidence) -> bool {
        let kinds = |evidence: &mut dyn Evidence| evidence.kinds();
        match self {
            Prose(least) => Measures::at_least(kinds(evidence).prose, least, m.weight),
            Bare(least) => Measures::at_least(kinds(evidence).bare, least, m.weight),
            Labeled => evidence.is_labeled(),
            Continued => evidence.is_continued(),
            other => other.by_numbers(m) == Some(true),
        }
    }

    pub(super) const fn reason(self) -> &'static str {
        match self {
            Share(_) => "small share of the text",
            Coverage(_) => "wide holes",
            Weight(_) => "short",
            Segments(_) => "few lines",
            Count(_) => "few copies",
            Prose(_) => "little prose",
            Bare(_) => "sentences",
            OnlyHere | Rare(_) => "lines occur elsewhere too",
            Occurrences(_) => "few occurrences",
            Uniform(_) => "lines occur unevenly",
            ShareOfRepeats(_) => "other text repeats more",
            Distance(_) => "far from the original",
            Labeled => "other text between",
            Continued => "no prose follows",
        }
    }
}

impl Guard {
    pub(super) fn forbids(self, m: &Measures, evidence: &mut dyn Evidence) -> bool {
        match self {
            Parallel => evidence.headings().0 == Relation::OneKind,
            Named => evidence.headings().0 >= Relation::Related,
            Sections => evidence.headings().0 != Relation::None,
            Quoted => evidence.headings().1,
            Entries => {
                let kinds = evidence.kinds();
                are_records(m, kinds) && !kinds.is_ascending
            }
            Records => are_records(m, evidence.kinds()),
            Code => Measures::at_least(evidence.kinds().code, 40, m.weight),
            Song => is_verse(m, evidence) && !Measures::at_least(evidence.kinds().bare, 60, m.weight),
            Verse => is_verse(m, evidence),
            Refrain => {
                m.occurrences > m.count
                    && !(Measures::at_least(m.weight, SONG, m.document)
                        && Measures::at_least(m.weight, SONG_COVERAGE, m.copy_span.max(m.original_span)))
                    && is_verse(m, evidence)
            }
            Serial => {
                m.occurrences >= 3
                    && Measures::at_least(m.gap, CLOSEST, m.weight)
                    && !Measures::at_least(m.gap, FARTHEST + 1, m.weight)
            }
            List => evidence.kinds().items * 2 >= m.segments,
            Wrapped => evidence.kinds().is_wrapped,
        }
    }

    pub(super) const fn reason(self) -> &'static str {
        match self {
            Parallel | Named | Serial | Sections => "parallel sections",
            Quoted => "quotation",
            Records | Entries => "records",
            Code => "code",
            Verse | Refrain | Song => "verse",
            List => "list",
            Wrapped => "wrapped text",
        }
    }
}

/// Returns whether at least half of the lines are records, and have a third of the weight. In a
/// forum or a live blog, half of the lines are names and times, and the posts weigh more.
fn are_records(m: &Measures, kinds: Kinds) -> bool {
    kinds.records * 2 >= m.segments && kinds.record_weight * 3 >= m.weight
}

/// Returns whether all lines are short, or are nearly short, occur elsewhere too, and often end
/// inside a sentence; and were not broken because they were full. A list with quantities is no
/// verse.
fn is_verse(m: &Measures, evidence: &mut dyn Evidence) -> bool {
    let has_clauses = |kinds: Kinds| kinds.clauses >= 2 && kinds.clauses * 3 >= m.segments;
    let has_quantities =
        |kinds: Kinds| kinds.numbers >= 3 && u64::from(kinds.numbers) * 5 >= u64::from(m.segments);
    let is_short = m.max_segment_weight < VERSE;
    let may_be_long = m.max_segment_weight < LONG_VERSE && m.occurrences > m.count;
    (is_short || may_be_long && has_clauses(evidence.kinds()))
        && !evidence.kinds().is_wrapped
        && !has_quantities(evidence.kinds())
}

/// Writes the condition as in the table of the documentation.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Share(least) => write!(f, "share of the text ≥ {least} %"),
            Coverage(least) => write!(f, "coverage ≥ {least} %"),
            Weight(least) => write!(f, "weight ≥ {least}"),
            Segments(least) => write!(f, "segments ≥ {least}"),
            Count(least) => write!(f, "count ≥ {least}"),
            Prose(least) => write!(f, "prose ≥ {least} %"),
            Bare(least) => write!(f, "lines that end with a letter or digit ≥ {least} %"),
            OnlyHere => f.write_str("occurs nowhere else"),
            Rare(most) => write!(f, "occurs ≤ {most} times"),
            Occurrences(least) => write!(f, "occurs ≥ {least} times"),
            Uniform(least) => write!(f, "uniformity ≥ {least} %"),
            ShareOfRepeats(least) => write!(f, "share of repeats ≥ {least} %"),
            Labeled => f.write_str("only labels between original and copy"),
            Continued => f.write_str("prose follows the copy"),
            Distance(most) => write!(f, "distance ≤ {most} % of the weight of one copy"),
        }
    }
}

/// Writes the guard as in the table of the documentation.
impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Parallel => "headings of one kind",
            Named => "related headings, except two single words",
            Sections => "related headings",
            Quoted => "quotation",
            Records => "records",
            Entries => "records, unless their numbers ascend",
            Code => "code",
            Verse => "verse",
            Refrain => "verse whose lines also occur elsewhere, if a copy is less than 47 % of the text or has a coverage of less than 95 %",
            Serial => "occurs ≥ 3 times, with 20 to 400 % of its weight between the copy and the occurrence above it",
            Song => "verse, unless 60 % of its weight is in lines that end with a letter or digit",
            List => "list",
            Wrapped => "wrapped text",
        })
    }
}
