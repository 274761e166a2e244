//! What all reports show: verdicts by family, and what becomes of every segment.

use std::cmp::Reverse;
use std::iter::Peekable;
use std::ops::Range;

use crate::block::Block;
use crate::document::Document;
use crate::edit::{Edit, EditList, Verdict};
use crate::span::Span;
use crate::steps;

/// How many families are listed, how many copies of each, and how many holes of each copy.
pub(super) const FAMILIES: usize = 1000;
pub(super) const COPIES: usize = 100;
pub(super) const HOLES: usize = 12;

/// How much of a family's first segment is quoted, in characters.
const QUOTE: usize = 80;

pub(super) struct View<'r> {
    pub(super) doc: &'r Document<'r>,
    pub(super) edits: &'r EditList<'r>,
    pub(super) families: Vec<Family>,
    /// One for each segment.
    pub(super) marks: Vec<Mark>,
}

/// Verdicts with the same original, decision and reason, by their numbers: at least one.
pub(super) struct Family {
    pub(super) verdicts: Vec<usize>,
}

/// What becomes of a segment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing: it is in no family.
    Alone,
    Dropped,
    Original,
    Kept,
    Hole,
}

#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) role: Role,
    /// The number of the family, unless it is in none.
    pub(super) family: usize,
}

impl<'r> View<'r> {
    pub(super) fn new(doc: &'r Document<'_>, edits: &'r EditList<'_>) -> Self {
        let families = families(edits.verdicts());
        let marks = marks(doc, edits, &families);
        Self { doc, edits, families, marks }
    }

    /// The verdicts of a family.
    pub(super) fn verdicts<'a>(
        &'a self,
        family: &'a Family,
    ) -> impl ExactSizeIterator<Item = &'r Verdict> + 'a {
        family.verdicts.iter().map(|number| &self.edits.verdicts()[*number])
    }

    /// The verdict that speaks for a family, the first in the text.
    pub(super) fn first(&self, family: &Family) -> Option<&'r Verdict> {
        self.verdicts(family).next()
    }

    /// How a family begins, in one line and not too long.
    pub(super) fn quote(&self, verdict: &Verdict) -> String {
        let original = verdict.original().span();
        let first = self.doc.segment(verdict.original().segments().start).map(|segment| segment.span());
        let end = first.map_or(original.end(), |first| first.end().min(original.end()));
        let text = self.doc.text().get(original.start()..end).unwrap_or("");
        let mut quote: String =
            text.chars().take(QUOTE).map(|c| if c.is_control() { ' ' } else { c }).collect();
        if text.chars().nth(QUOTE).is_some() {
            quote.push('…');
        } else if verdict.len() > 1 {
            quote.push_str(" …");
        }
        quote
    }

    /// A segment of which only parts go, cut where they begin and end, and which of the pieces go: the whole of any other.
    pub(super) fn pieces(&self, segment: Span, role: Role) -> Vec<(&'r str, bool)> {
        let text = self.doc.text();
        let edits = self.edits.edits();
        let first = edits.partition_point(|edit| edit.span().end() <= segment.start());
        let inner = edits.iter().skip(first).map(Edit::span).take_while(|span| span.start() < segment.end());
        let mut pieces = Vec::new();
        let mut at = segment.start();
        let inner = inner.filter(|span| role != Role::Dropped && text.get(span.range()).is_some());
        for span in inner {
            let start = span.start().max(at);
            let end = span.end().min(segment.end());
            pieces.push((&text[at..start], false));
            pieces.push((&text[start..end], true));
            at = end;
        }
        pieces.push((&text[at..segment.end()], false));
        pieces.retain(|(piece, _)| !piece.is_empty());
        pieces
    }

    /// How many bytes go.
    pub(super) fn removed(&self) -> usize {
        self.edits.spans().map(Span::len).sum()
    }

    /// How many verdicts let something go.
    pub(super) fn dropped(&self) -> usize {
        self.edits.verdicts().iter().filter(|verdict| verdict.is_dropped()).count()
    }

    /// What there is to say in one line.
    pub(super) fn summary(&self) -> String {
        let (removed, all) = (self.removed(), self.doc.text().len());
        let mut summary =
            format!("{}, {} different. ", count(self.doc.len(), "segment", "segments"), self.doc.distinct());
        if self.families.is_empty() {
            summary.push_str("Nothing repeats.");
            return summary;
        }
        summary.push_str(&count(self.families.len(), "family", "families"));
        summary.push_str(", ");
        match self.dropped() {
            0 => summary.push_str("nothing goes."),
            dropped => {
                let copies = count(dropped, "copy goes", "copies go");
                summary.push_str(&format!("{copies}: {removed} of {all} bytes, {}.", percent(removed, all)));
            }
        }
        if !self.edits.is_settled() {
            summary.push_str(" Another look at what is left would find more to drop.");
        }
        summary
    }

    /// Whether a family goes.
    pub(super) fn is_dropped(&self, family: usize) -> bool {
        self.families.get(family).and_then(|family| self.first(family)).is_some_and(Verdict::is_dropped)
    }

    /// Where a family stands: its original, and as many copies as are listed.
    pub(super) fn stands(&self, family: &Family) -> String {
        let Some(first) = self.first(family) else { return String::new() };
        let original = first.original().segments();
        if is_inside(first) {
            let copies = count(family.verdicts.len(), "more time", "more times");
            return format!("Inside segment {}, {copies}", places(&original));
        }
        let copies = self.verdicts(family).take(COPIES).map(|verdict| places(&verdict.copy().segments()));
        let mut copies = copies.collect::<Vec<_>>().join(", ");
        if family.verdicts.len() > COPIES {
            copies.push_str(&format!(" and {} more", family.verdicts.len() - COPIES));
        }
        let segments = if original.len() == 1 { "Segment" } else { "Segments" };
        format!("{segments} {}, again at {copies}", places(&original))
    }

    /// What was measured of a family: the size of its copies, and if they are blocks, their part of the document and how well
    /// they are covered; the least and the most of it.
    pub(super) fn measures(&self, family: &Family) -> Vec<String> {
        let lens = || self.verdicts(family).map(Verdict::len);
        let unit = match (self.first(family).is_some_and(is_inside), lens().all(|len| len == 1)) {
            (true, true) => "part of it",
            (true, false) => "parts of it",
            (false, true) => "segment",
            (false, false) => "segments",
        };
        let mut measures = vec![format!("{} {unit}", between(lens(), usize::to_string))];
        let blocks = || self.verdicts(family).filter_map(Verdict::block);
        let percent = |part: &f64| format!("{:.0}", part * 100.0);
        if blocks().next().is_some() {
            measures.push(format!("{} % of the document", between(blocks().map(Block::share), percent)));
            measures.push(format!("coverage {} %", between(blocks().map(Block::coverage), percent)));
        }
        if self.verdicts(family).any(|verdict| verdict.similarity() < 1.0) {
            let alike =
                between(self.verdicts(family).map(Verdict::similarity), |alike| format!("{alike:.2}"));
            measures.push(format!("alike to {alike}"));
        }
        if blocks().any(Block::is_echo) {
            measures.push("right after its original".to_owned());
        }
        measures
    }

    /// The holes of a family, in words; as many as are listed.
    pub(super) fn holes(&self, family: &Family) -> Vec<String> {
        let holes = || self.verdicts(family).filter_map(Verdict::block).flat_map(Block::holes);
        let mut listed: Vec<String> = holes()
            .take(HOLES)
            .map(|hole| {
                if hole.copy().is_empty() {
                    format!(
                        "{hole} before {}, {} of the original",
                        hole.copy().start + 1,
                        places(&hole.original())
                    )
                } else {
                    format!("{hole} at {}", places(&hole.copy()))
                }
            })
            .collect();
        let more = holes().skip(HOLES).count();
        if more > 0 {
            listed.push(format!("{more} more"));
        }
        listed
    }
}

/// The least and the most of some numbers, as they are written.
fn between<N: PartialOrd + Copy>(numbers: impl Iterator<Item = N>, write: impl Fn(&N) -> String) -> String {
    let ends = numbers
        .map(|n| (n, n))
        .reduce(|(least, most), (n, _)| (if n < least { n } else { least }, if n > most { n } else { most }));
    let Some((least, most)) = ends.map(|(least, most)| (write(&least), write(&most))) else {
        return String::new();
    };
    if least == most { least } else { format!("{least}–{most}") }
}

/// A number and what it counts.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Whether a verdict is on a part of one segment that stands again in the same.
fn is_inside(verdict: &Verdict) -> bool {
    verdict.original().segments() == verdict.copy().segments()
}

/// Segments by their numbers from 1, the last one included.
fn places(segments: &Range<usize>) -> String {
    match segments.len() {
        1 => format!("{}", segments.start + 1),
        _ => format!("{}–{}", segments.start + 1, segments.end),
    }
}

fn percent(part: usize, whole: usize) -> String {
    let tenths = (part as u128 * 1000).checked_div(whole as u128).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn families(verdicts: &[Verdict]) -> Vec<Family> {
    let original = |verdict: &Verdict| (verdict.original().segments().start, verdict.original().span());
    let mut numbers: Vec<usize> = (0..verdicts.len()).collect();
    let key = |number: &usize| {
        let verdict = &verdicts[*number];
        (!verdict.is_dropped(), original(verdict), verdict.reason())
    };
    numbers.sort_by(|a, b| {
        let copy = |number: &usize| verdicts[*number].copy().segments().start;
        key(a).cmp(&key(b)).then(copy(a).cmp(&copy(b)))
    });
    let mut families: Vec<Family> =
        numbers.chunk_by(|a, b| key(a) == key(b)).map(|run| Family { verdicts: run.to_vec() }).collect();
    families.sort_by_cached_key(|family| {
        let of_family = || family.verdicts.iter().map(|number| &verdicts[*number]);
        let size: usize = of_family().map(Verdict::len).sum();
        let kept = !of_family().any(Verdict::is_dropped);
        (kept, Reverse(size), of_family().map(|verdict| verdict.copy().segments().start).min())
    });
    families
}

/// Gives every segment one mark. What goes is known from the edits; then come the originals of what goes, the copies that
/// stay, their originals, and last what is left between the runs of a block.
fn marks(doc: &Document<'_>, edits: &EditList<'_>, families: &[Family]) -> Vec<Mark> {
    let verdicts = edits.verdicts();
    let mut paint = Paint::new(doc.len());
    let mut family_of = vec![0; verdicts.len()];
    for (family, number) in
        families.iter().enumerate().flat_map(|(i, f)| f.verdicts.iter().map(move |n| (i, *n)))
    {
        family_of[number] = family;
    }
    let mut goes = edits.edits().iter().peekable();
    for segment in doc.segments() {
        let span = segment.span();
        while goes.next_if(|edit| edit.span().end() <= span.start()).is_some() {}
        if let Some(cause) = goes.peek().map(|edit| edit.verdict_index()).filter(|_| is_gone(&mut goes, span))
        {
            let family = family_of.get(cause).copied().unwrap_or(0);
            paint.fill(segment.index()..segment.index() + 1, Mark { role: Role::Dropped, family });
        }
    }
    let runs = |dropped: bool, is_original: bool, role: Role, paint: &mut Paint| {
        for (verdict, family) in verdicts.iter().zip(&family_of).filter(|(v, _)| v.is_dropped() == dropped) {
            // A segment that loses a part of itself is the original of that part.
            if is_inside(verdict) && !(dropped && is_original) {
                continue;
            }
            let mark = Mark { role, family: *family };
            match verdict.block() {
                Some(block) => block.runs().for_each(|run| {
                    let place = if is_original { run.original() } else { run.copy() };
                    paint.fill(place.segments(), mark);
                }),
                None => {
                    let place = if is_original { verdict.original() } else { verdict.copy() };
                    paint.fill(place.segments(), mark);
                }
            }
        }
    };
    runs(true, true, Role::Original, &mut paint);
    runs(true, false, Role::Kept, &mut paint);
    runs(false, false, Role::Kept, &mut paint);
    runs(false, true, Role::Original, &mut paint);
    for (verdict, family) in verdicts.iter().zip(&family_of) {
        let mark = Mark { role: Role::Hole, family: *family };
        paint.fill(verdict.copy().segments(), mark);
        paint.fill(verdict.original().segments(), mark);
    }
    paint.marks
}

/// Whether edits, one right after the other, take all of a segment; those that end in it are passed.
fn is_gone<'e>(edits: &mut Peekable<impl Iterator<Item = &'e Edit>>, segment: Span) -> bool {
    let mut gone = segment.start();
    while let Some(edit) = edits.peek().filter(|edit| edit.span().start() <= gone) {
        gone = edit.span().end();
        if gone >= segment.end() {
            return true;
        }
        edits.next();
    }
    false
}

/// Segments that take the first mark they are given. Copies may overlap as deeply as they like: a segment that has its
/// mark is passed over, together with its neighbours that have theirs, so all takes little more than linear time.
struct Paint {
    marks: Vec<Mark>,
    /// For every segment, itself if it has no mark yet, or else one further right that may have none.
    free: Vec<usize>,
}

impl Paint {
    fn new(len: usize) -> Self {
        Self { marks: vec![Mark { role: Role::Alone, family: 0 }; len], free: (0..=len).collect() }
    }

    fn fill(&mut self, segments: Range<usize>, mark: Mark) {
        let end = segments.end.min(self.marks.len());
        let mut at = self.next(segments.start.min(end));
        steps::count(1);
        while at < end {
            self.marks[at] = mark;
            self.free[at] = at + 1;
            at = self.next(at + 1);
        }
    }

    fn next(&mut self, mut at: usize) -> usize {
        while self.free[at] != at {
            steps::count(1);
            self.free[at] = self.free[self.free[at]];
            at = self.free[at];
        }
        at
    }
}
