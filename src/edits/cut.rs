//! Computes the exact spans of cuts, so that the text that is left reads as if it had been written
//! without the removed segments.

use crate::segment::{Segmentation, both_ends, first_line_end, is_line_end, last_line_end, line_ends};
use crate::span::Span;
use crate::unicode;
use crate::work;

/// The text between two segments that are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Gap {
    /// White space and default-ignorable characters only.
    Blank(Blank),
    /// Other text, or several gaps: never cut.
    Fixed,
}

/// A gap in two parts. After a cut, the parts may come from different gaps of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Blank {
    /// All up to the white space after the last line end.
    head: Span,
    /// The number of line ends, all of which are in `head`.
    ends: usize,
    /// The white space after the last line end: the indentation of the segment after the gap, if
    /// that segment begins a line.
    indent: Span,
}

/// A span that is cut, with the number of its cause.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cut {
    pub(crate) span: Span,
    pub(crate) cause: u32,
}

/// A text from which runs of segments are cut, round by round.
pub(crate) struct Cuts<'a> {
    text: &'a str,
    spans: &'a [Span],
    /// The segments that are left, by number, and the gap before each.
    kept: Vec<(u32, Gap)>,
    /// The gap after the last segment.
    tail: Gap,
    /// The spans that were cut, in no order: segments with the number of their cause, and gaps.
    cut: Vec<(Span, Option<u32>)>,
}

impl<'a> Cuts<'a> {
    /// Returns the state before any cut. `spans` are the segments of `text`.
    pub(crate) fn new(text: &'a str, spans: &'a [Span]) -> Self {
        Self::within(text, Span::new(0, text.len()), spans)
    }

    /// Returns the state before any cut of `part` of the text, whose segments are `spans`.
    pub(crate) fn within(text: &'a str, part: Span, spans: &'a [Span]) -> Self {
        let mut end = part.start();
        let mut kept = Vec::with_capacity(spans.len());
        for (number, span) in (0..).zip(spans) {
            kept.push((number, Gap::new(text, Span::new(end, span.start()))));
            end = span.end();
        }
        let tail = Gap::new(text, Span::new(end, part.end()));
        Self { text, spans, kept, tail, cut: Vec::new() }
    }

    /// Cuts the segments for which `reason` returns a cause. `reason` is called with the position
    /// of a segment among those that are left.
    pub(crate) fn remove(&mut self, reason: impl Fn(usize) -> Option<u32>) {
        // Segments that are left move to the front of the same list.
        let mut kept = std::mem::take(&mut self.kept);
        work::count(kept.len());
        let (mut i, mut left) = (0, 0);
        while i < kept.len() {
            let Some(cause) = reason(i) else {
                kept[left] = kept[i];
                (i, left) = (i + 1, left + 1);
                continue;
            };
            // A run ends at a gap that cannot be cut.
            let first = i;
            let mut causes = vec![cause];
            i += 1;
            while i < kept.len() && kept[i].1 != Gap::Fixed {
                let Some(cause) = reason(i) else { break };
                causes.push(cause);
                i += 1;
            }
            let after = kept.get(i).map(|(_, gap)| *gap);
            let gap = self.cut_run(&kept[first..i], &causes, after, left == 0);
            match kept.get(i) {
                None => self.tail = gap,
                // The segment after the run, with the gap that is left before it.
                Some((number, _)) if reason(i).is_none() => {
                    kept[left] = (*number, gap);
                    (i, left) = (i + 1, left + 1);
                }
                // Another run follows, after a gap that cannot be cut.
                Some(_) => {}
            }
        }
        kept.truncate(left);
        self.kept = kept;
    }

    /// Cuts a run and, if both gaps next to the run can be cut, one of them, and returns the gap
    /// that is left between its neighbors. `after` is the gap after the run, or `None` at the end
    /// of the text; `is_first` is true at the start of the text.
    fn cut_run(&mut self, run: &[(u32, Gap)], causes: &[u32], after: Option<Gap>, is_first: bool) -> Gap {
        for (i, (number, gap)) in run.iter().enumerate() {
            self.cut.push((self.spans[*number as usize], Some(causes[i])));
            if i > 0 {
                self.cut_gap(*gap, Gap::Fixed);
            }
        }
        let before = run[0].1;
        let behind = after.unwrap_or(self.tail);
        let left = self.left(before, after, is_first);
        // If one gap must be kept, the other is kept too; otherwise the text on its two sides would
        // be joined.
        if left != Gap::Fixed {
            self.cut_gap(before, left);
            self.cut_gap(behind, left);
        }
        left
    }

    /// Returns the gap that is left in place of the gaps before and after a run that is cut.
    /// `after` is `None` at the end of the text. At the start of the text, the gap before the run
    /// is kept, because the line end after the run would be a blank line. A segment that begins a
    /// line keeps its indentation.
    fn left(&self, before: Gap, after: Option<Gap>, is_first: bool) -> Gap {
        let (Gap::Blank(before), Gap::Blank(behind)) = (before, after.unwrap_or(self.tail)) else {
            return Gap::Fixed;
        };
        if after.is_none() {
            return Gap::Blank(self.at_the_end(before, behind));
        }
        // Between two segments, the gap with more line ends is kept.
        if !is_first && (behind.ends, !behind.is_empty()) > (before.ends, !before.is_empty()) {
            return Gap::Blank(behind);
        }
        let indent = if behind.ends > 0 { behind.indent } else { before.indent };
        Gap::Blank(Blank { indent, ..before })
    }

    /// Returns whether the segments `start..end` of those that are left can be cut without a change
    /// of the segments around them.
    pub(crate) fn can_go(&self, start: usize, end: usize, by: Segmentation) -> bool {
        let (Some((_, before)), Some((next, after))) = (self.kept.get(start), self.kept.get(end)) else {
            return true;
        };
        let Gap::Blank(left) = self.left(*before, Some(*after), start == 0) else { return true };
        let gap = [left.head, left.indent].map(|part| both_ends(&self.text[part]).concat()).concat();
        let segment = |number: u32| &self.text[self.spans[number as usize]];
        match start.checked_sub(1) {
            Some(last) => by.stay_apart(segment(self.kept[last].0), &gap, segment(*next)),
            None => by.can_begin(&gap, segment(*next)),
        }
    }

    /// Cuts the parts of `gap` that are not in `left`.
    fn cut_gap(&mut self, gap: Gap, left: Gap) {
        let Gap::Blank(gap) = gap else { return };
        let left = match left {
            Gap::Blank(left) => [Some(left.head), Some(left.indent)],
            Gap::Fixed => [None; 2],
        };
        for (part, left) in [gap.head, gap.indent].into_iter().zip(left) {
            match left.filter(|left| part.start() <= left.start() && left.end() <= part.end()) {
                Some(left) => {
                    self.cut.push((Span::new(part.start(), left.start()), None));
                    self.cut.push((Span::new(left.end(), part.end()), None));
                }
                None => self.cut.push((part, None)),
            }
        }
    }

    /// Returns the gap that is left at the end of the text. It has one line end, if there is one in
    /// the gap `before` the cut or else in the gap `after` the cut.
    fn at_the_end(&self, before: Blank, after: Blank) -> Blank {
        work::count(before.head.len() + after.head.len());
        let end = Span::new(after.indent.end(), after.indent.end());
        if let Some(first) = first_line_end(&self.text[before.head]) {
            let start = before.head.start();
            return Blank { head: Span::new(start, start + first.end()), ends: 1, indent: end };
        }
        match last_line_end(&self.text[after.head]) {
            Some(last) => {
                let head = Span::new(after.head.start() + last.start(), after.head.end());
                Blank { head, ends: 1, ..after }
            }
            None => Blank { head: end, ends: 0, indent: end },
        }
    }

    /// Returns the cuts in the order of the text. A gap that is cut is a part of the cut of the
    /// segment after it or, if that segment is kept, before it. Cuts that touch and have one cause
    /// are one cut. `cause` maps the number of a cause to the cause of a cut.
    pub(crate) fn cuts(&self, cause: impl Fn(u32) -> u32) -> Vec<Cut> {
        let is_cut = |(span, _): &&(Span, Option<u32>)| !span.is_empty();
        let mut pieces: Vec<_> =
            self.cut.iter().filter(is_cut).map(|(span, number)| (*span, number.map(&cause))).collect();
        pieces.sort_unstable();
        work::count(pieces.len());
        for i in (1..pieces.len()).rev() {
            let (after, (before, cause)) = (pieces[i], pieces[i - 1]);
            if cause.is_none() && before.end() == after.0.start() {
                pieces[i - 1].1 = after.1;
            }
        }
        let mut cuts: Vec<Cut> = Vec::new();
        for (span, cause) in pieces {
            match (cuts.last_mut(), cause) {
                (Some(last), cause)
                    if cause.is_none_or(|cause| cause == last.cause) && last.span.end() == span.start() =>
                {
                    last.span = Span::new(last.span.start(), span.end());
                }
                (_, Some(cause)) => cuts.push(Cut { span, cause }),
                // A gap is only cut with a segment next to it.
                (_, None) => debug_assert!(false, "the gap {span} is cut alone"),
            }
        }
        cuts
    }
}

impl Gap {
    fn new(text: &str, span: Span) -> Self {
        work::count(span.len());
        let gap = &text[span];
        if !unicode::is_blank(gap) {
            return Self::Fixed;
        }
        let indent = gap.trim_end_matches(|c| unicode::is(c, unicode::SPACE) && !is_line_end(c)).len();
        let indent = span.start() + indent;
        let (head, indent) = (Span::new(span.start(), indent), Span::new(indent, span.end()));
        Self::Blank(Blank { head, ends: line_ends(gap), indent })
    }
}

impl Blank {
    fn is_empty(&self) -> bool {
        self.head.is_empty() && self.indent.is_empty()
    }
}
