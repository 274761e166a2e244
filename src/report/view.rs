//! The content that the page and the terminal report share: families of decisions, and the
//! measures of each family.

use std::cmp::Reverse;
use std::ops::Range;

use super::marks::{Mark, Role, copies_of, is_inside, marks};
use crate::document::Document;
use crate::edits::{BlockDecision, Edits};
use crate::repeats::{Block, Occurrence};
use crate::segment::{Segmentation, line_ends};
use crate::span::Span;
use crate::work;

/// The maximum number of families that are listed.
pub(super) const FAMILIES: usize = 1000;

/// The maximum number of copies of a family that are listed.
pub(super) const COPIES: usize = 100;

/// The maximum number of holes of a family that are listed.
const HOLES: usize = 12;

/// The number of hues of families.
pub(super) const HUES: usize = 10;

/// The maximum length of a quotation of the original, in characters.
const QUOTE: usize = 80;

pub(super) struct View<'r> {
    pub(super) document: &'r Document<'r>,
    pub(super) edits: &'r Edits<'r>,
    pub(super) families: Vec<Family>,
    /// The mark of each segment.
    pub(super) marks: Vec<Mark>,
    /// The number of the family of each decision.
    family_of: Vec<usize>,
    /// The hue of each family.
    hues: Vec<usize>,
}

/// The numbers of the decisions with the same original, outcome and reason, in the order of their
/// copies; at least one.
pub(super) struct Family {
    decisions: Vec<usize>,
}

/// A part of the text of a segment.
pub(super) struct Part<'r> {
    pub(super) text: &'r str,
    /// The number of the family by which the part is removed, if the rest of the segment is kept.
    pub(super) removed_by: Option<usize>,
}

impl<'r> View<'r> {
    pub(super) fn new(document: &'r Document<'_>, edits: &'r Edits<'_>) -> Self {
        let families = families(edits.decisions());
        let mut family_of = vec![0; edits.decisions().len()];
        for (number, family) in families.iter().enumerate() {
            family.decisions.iter().for_each(|decision| family_of[*decision] = number);
        }
        let marks = marks(document, edits, &family_of);
        let hues = hues(families.len(), &marks);
        Self { document, edits, families, marks, family_of, hues }
    }

    /// Returns the hue of a family, below [`HUES`].
    pub(super) fn hue(&self, family: usize) -> usize {
        self.hues.get(family).copied().unwrap_or(0)
    }

    /// Returns the outcomes with their reasons, each with the number of its families, the most
    /// frequent first.
    pub(super) fn reasons(&self) -> Vec<(String, usize)> {
        // There are few reasons.
        let mut counts: Vec<(String, usize)> = Vec::new();
        for family in &self.families {
            let reason = self.reason(family);
            match counts.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, count)) => *count += 1,
                None => counts.push((reason, 1)),
            }
        }
        counts.sort_unstable_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
        counts
    }

    /// Returns the outcome of a family with the reason, such as `Removed: document`.
    pub(super) fn reason(&self, family: &Family) -> String {
        let decision = self.first(family);
        let outcome = if decision.is_removed() { "Removed" } else { "Kept" };
        format!("{outcome}: {}", decision.reason())
    }

    /// Returns the first decision of a family, in the order of the text.
    pub(super) fn first(&self, family: &Family) -> &'r BlockDecision {
        &self.edits.decisions()[family.decisions[0]]
    }

    fn blocks<'a>(&'a self, family: &'a Family) -> impl Iterator<Item = &'r Block> + 'a {
        let decisions = self.edits.decisions();
        family.decisions.iter().map(|number| decisions[*number].block())
    }

    /// Returns the copies of a family that are listed. Copies inside one segment are listed as one.
    pub(super) fn copies<'a>(&'a self, family: &'a Family) -> impl Iterator<Item = Occurrence> + 'a {
        let most = if is_inside(self.first(family).block()) { 1 } else { COPIES };
        self.blocks(family).flat_map(copies_of).take(most)
    }

    fn copy_count(&self, family: &Family) -> usize {
        self.blocks(family).map(copy_count).sum()
    }

    /// Returns the beginning of the original, in one line.
    pub(super) fn quote(&self, block: &Block) -> String {
        let original = block.original();
        let first = self.document.segment(original.segments().start).map(|segment| segment.span());
        let end = first.map_or(original.span().end(), |first| first.end().min(original.span().end()));
        // Spans of another text may be off the character boundaries of this text.
        let text = self.document.text().get(original.span().start()..end).unwrap_or("");
        let mut chars = text.chars();
        let mut quote: String =
            chars.by_ref().take(QUOTE).map(|c| if c.is_control() { ' ' } else { c }).collect();
        if chars.next().is_some() {
            quote.push('…');
        } else if block.len() > 1 {
            quote.push_str(" …");
        }
        quote
    }

    /// Returns the text of a segment in parts that are removed or kept. The text of a segment that
    /// is removed as a whole is one part.
    pub(super) fn parts(&self, segment: Span, role: Role) -> Vec<Part<'r>> {
        let text = self.document.text();
        let mut parts = Vec::new();
        let mut at = segment.start();
        let mut push = |range: Range<usize>, removed_by: Option<usize>| {
            if !range.is_empty() {
                parts.push(Part { text: &text[range], removed_by });
            }
        };
        if role != Role::Removed {
            let removals = self.edits.iter().as_slice();
            let first = removals.partition_point(|removal| removal.span().end() <= segment.start());
            let inner = removals[first..].iter().take_while(|removal| removal.span().start() < segment.end());
            // Spans of another text may be off the character boundaries of this text.
            for removal in inner.filter(|removal| text.get(removal.span().range()).is_some()) {
                let start = removal.span().start().max(at);
                let end = removal.span().end().min(segment.end());
                push(at..start, None);
                push(start..end, Some(self.family_of[removal.decision_index()]));
                at = end;
            }
        }
        push(at..segment.end(), None);
        parts
    }

    /// Returns the size of the document and the extent of the cleaning, in one line.
    pub(super) fn summary(&self) -> String {
        let distinct = self.document.distinct_segments();
        let mut summary =
            format!("{}, {distinct} distinct. ", count(self.document.len(), "segment", "segments"));
        if self.is_one_paragraph() {
            summary.push_str(
                "The text has no blank line, so it is one paragraph, in which nothing can be found: compare lines. ",
            );
        }
        if self.families.is_empty() {
            summary.push_str(self.no_families());
            return summary;
        }
        summary.push_str(&count(self.families.len(), "family", "families"));
        summary.push_str(", ");
        let decisions = self.edits.decisions().iter().filter(|decision| decision.is_removed());
        match decisions.map(|decision| copy_count(decision.block())).sum() {
            0 => summary.push_str("nothing removed."),
            copies => {
                let copies = count(copies, "copy", "copies");
                let removed: usize = self.edits.iter().map(|removal| removal.span().len()).sum();
                let all = self.document.text().len();
                let share = percent(removed, all);
                summary.push_str(&format!("{copies} removed: {removed} of {all} bytes, {share}."));
            }
        }
        if !self.edits.is_fixed_point() {
            summary.push_str(" Cleaning the result again may remove more.");
        }
        summary
    }

    /// Returns whether the text has several lines and was split at blank lines, of which it has
    /// none.
    fn is_one_paragraph(&self) -> bool {
        let lines = line_ends(self.document.text().trim()) + 1;
        self.document.segmentation() == Some(Segmentation::Paragraphs)
            && self.document.len() == 1
            && lines > 1
    }

    /// Returns the sentence for a report without families.
    pub(super) fn no_families(&self) -> &'static str {
        if self.document.distinct_segments() == self.document.len() {
            "Nothing repeats."
        } else {
            "No block is heavy enough for a decision."
        }
    }

    /// Returns whether the copies of a family are removed.
    pub(super) fn is_removed(&self, family: usize) -> bool {
        self.first(&self.families[family]).is_removed()
    }

    /// Returns the numbers of the segments of the original and of the copies that are listed.
    pub(super) fn places(&self, family: &Family) -> String {
        let first = self.first(family).block();
        let original = first.original().segments();
        let copies = self.copy_count(family);
        if is_inside(first) {
            return format!("Inside {}, {}", segments(&original), count(copies, "copy", "copies"));
        }
        let listed: Vec<String> = self.copies(family).map(|copy| numbers(&copy.segments())).collect();
        let word = if copies == 1 { "copy" } else { "copies" };
        let mut places = format!("Original: {}, {word} at {}", segments(&original), listed.join(", "));
        if copies > listed.len() {
            places.push_str(&format!(" and {} more", copies - listed.len()));
        }
        places
    }

    /// Returns the measures of a family, each with its lowest and highest value.
    pub(super) fn measures(&self, family: &Family) -> Vec<String> {
        let blocks = || self.blocks(family);
        let inside = is_inside(self.first(family).block());
        let unit = match (inside, blocks().all(|block| block.len() == 1)) {
            (true, true) => "part of the segment",
            (true, false) => "parts of the segment",
            (false, true) => "segment",
            (false, false) => "segments",
        };
        let mut measures = vec![format!("{} {unit}", between(blocks().map(Block::len), usize::to_string))];
        let percent = |part: &f64| match part * 100.0 {
            small if small > 0.0 && small < 1.0 => "<1".to_owned(),
            percent => format!("{percent:.0}"),
        };
        // The shares of a block inside a segment are shares of the segment. A policy that removes
        // every copy measures no weights.
        if !inside && blocks().any(|block| block.weight() > 0) {
            measures.push(format!("{} % of the document", between(blocks().map(Block::share), percent)));
            measures.push(format!("coverage {} %", between(blocks().map(Block::coverage), percent)));
        }
        if blocks().any(Block::is_tandem) {
            let counts = blocks().filter(|block| block.is_tandem()).map(Block::count);
            measures.push(format!("{} times in direct succession", between(counts, usize::to_string)));
        } else if blocks().any(Block::is_adjacent) {
            measures.push("directly after the original".to_owned());
        }
        measures
    }

    /// Returns descriptions of the holes of a family that are listed.
    pub(super) fn holes(&self, family: &Family) -> Vec<String> {
        // A segment has no holes inside.
        let blocks = || self.blocks(family).filter(|block| !is_inside(block));
        let mut holes = blocks().flat_map(Block::holes);
        let mut listed: Vec<String> = holes
            .by_ref()
            .take(HOLES)
            .map(|hole| {
                if hole.copy().is_empty() {
                    let (before, missing) = (hole.copy().start + 1, segments(&hole.original()));
                    format!("{hole} before segment {before} ({missing})")
                } else {
                    format!("{hole} ({})", segments(&hole.copy()))
                }
            })
            .collect();
        let more = holes.count();
        if more > 0 {
            listed.push(format!("{more} more"));
        }
        listed
    }
}

/// Returns the number of copies of a block, which is removed or kept as a whole.
fn copy_count(block: &Block) -> usize {
    block.count() - 1
}

/// Returns the lowest and the highest of `numbers`, or only one number if all are equal.
fn between<N: PartialOrd + Copy>(numbers: impl Iterator<Item = N>, write: impl Fn(&N) -> String) -> String {
    let ends = numbers
        .map(|n| (n, n))
        .reduce(|(least, most), (n, _)| (if n < least { n } else { least }, if n > most { n } else { most }));
    let Some((least, most)) = ends.map(|(least, most)| (write(&least), write(&most))) else {
        return String::new();
    };
    if least == most { least } else { format!("{least}–{most}") }
}

/// Returns a number with its noun.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Returns a noun with the numbers of the first and the last segment, from 1.
fn segments(segments: &Range<usize>) -> String {
    format!("{} {}", if segments.len() == 1 { "segment" } else { "segments" }, numbers(segments))
}

/// Returns the numbers of the first and the last segment, from 1.
fn numbers(segments: &Range<usize>) -> String {
    match segments.len() {
        1 => format!("{}", segments.start + 1),
        _ => format!("{}–{}", segments.start + 1, segments.end),
    }
}

fn percent(part: usize, whole: usize) -> String {
    let tenths = (part as u128 * 1000).checked_div(whole as u128).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// Returns a hue for each family. A family has another hue than those before and after it in the
/// text, unless its neighbors have all hues.
fn hues(families: usize, marks: &[Mark]) -> Vec<usize> {
    let marked: Vec<usize> =
        marks.iter().filter(|mark| mark.role != Role::Alone).map(|mark| mark.family).collect();
    let pairs = marked.windows(2).filter(|pair| pair[0] != pair[1]);
    let mut neighbors: Vec<(usize, usize)> =
        pairs.flat_map(|pair| [(pair[0], pair[1]), (pair[1], pair[0])]).collect();
    neighbors.sort_unstable();
    neighbors.dedup();
    work::count(marks.len() + neighbors.len() + families * HUES);
    let mut hues: Vec<usize> = Vec::with_capacity(families);
    let mut rest = neighbors.as_slice();
    for family in 0..families {
        let of_family = rest.partition_point(|(one, _)| *one <= family);
        let (own, after) = rest.split_at(of_family);
        rest = after;
        let mut used = [0; HUES];
        own.iter().filter_map(|(_, other)| hues.get(*other)).for_each(|hue| used[*hue] += 1);
        let free = (0..HUES).map(|hue| (family + hue) % HUES).min_by_key(|hue| used[*hue]);
        hues.push(free.unwrap_or(0));
    }
    hues
}

fn families(decisions: &[BlockDecision]) -> Vec<Family> {
    let key = |number: &usize| {
        let decision = &decisions[*number];
        let original = decision.block().original();
        (!decision.is_removed(), original.segments().start, original.span(), decision.reason())
    };
    let copy = |number: &usize| decisions[*number].block().copy().segments().start;
    let mut numbers: Vec<usize> = (0..decisions.len()).collect();
    numbers.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then((copy(a), a).cmp(&(copy(b), b))));
    let runs = numbers.chunk_by(|a, b| key(a) == key(b));
    let mut families: Vec<Family> = runs.map(|run| Family { decisions: run.to_vec() }).collect();
    families.sort_by_cached_key(|family| {
        let first = family.decisions[0];
        let blocks = family.decisions.iter().map(|number| decisions[*number].block());
        let size: usize = blocks.map(|block| block.len() * copy_count(block)).sum();
        (!decisions[first].is_removed(), Reverse(size), copy(&first))
    });
    families
}
