//! Two cleanings of one text, the second of what the first left, as one list of edits of the text that was
//! given.

use super::{Edit, EditList, Verdict};
use crate::repeats::Occurrence;
use crate::span::Span;

/// What goes from inside one line.
pub(crate) struct Inside<'t> {
    /// The number of the line.
    pub(crate) line: u32,
    pub(crate) span: Span,
    pub(crate) edits: EditList<'t>,
}

impl<'t> EditList<'t> {
    /// What goes from inside lines of `text`, as spans of it.
    pub(crate) fn of_lines(text: &'t str, lines: Vec<Inside<'t>>) -> Self {
        let mut all = Self::new(text, Vec::new(), Vec::new(), true);
        for Inside { line, span, edits } in lines {
            let first = index(all.verdicts.len());
            let shift = |inner: Span| Span::new(span.start() + inner.start(), span.start() + inner.end());
            let place = |inner: Occurrence| Occurrence::at(line, line + 1, shift(inner.span()));
            all.edits.extend(
                edits.edits.iter().map(|edit| Edit { span: shift(edit.span), verdict: first + edit.verdict }),
            );
            all.verdicts.extend(edits.verdicts.into_iter().map(|verdict| Verdict {
                original: place(verdict.original),
                copy: place(verdict.copy),
                block: None,
                ..verdict
            }));
            all.settled &= edits.settled;
        }
        all
    }

    /// These edits, and then `rest`, which are edits of what these leave. No line goes as a whole by the
    /// first ones, so lines have the same numbers in both.
    pub(crate) fn then(mut self, rest: EditList<'_>) -> Self {
        let places = Places::new(self.spans().collect());
        let first = index(self.verdicts.len());
        let inner = self.edits.len();
        for edit in &rest.edits {
            let (span, verdict) = (places.span(edit.span), first + edit.verdict);
            let mut start = span.start();
            // What is gone already goes by its own reason.
            for gone in places.cuts_within(span) {
                self.edits.push(Edit { span: Span::new(start, gone.start()), verdict });
                start = gone.end();
            }
            self.edits.push(Edit { span: Span::new(start, span.end()), verdict });
        }
        if self.edits.len() > inner {
            self.edits.retain(|edit| !edit.span.is_empty());
            self.edits.sort_unstable_by_key(|edit| edit.span);
        }
        let place = |there: Occurrence| there.with_span(places.span(there.span()));
        self.verdicts.extend(rest.verdicts.into_iter().map(|verdict| {
            let block = verdict.block.map(|mut block| {
                block.place(place);
                block
            });
            Verdict { original: place(verdict.original), copy: place(verdict.copy), block, ..verdict }
        }));
        self.settled &= rest.settled;
        self
    }
}

/// Where in the text that was given stands what is left of it.
pub(crate) struct Places {
    /// What is gone, in order.
    cuts: Vec<Span>,
    /// Where each cut was made in what is left, and how much is gone with it and those before it.
    gone: Vec<(usize, usize)>,
}

impl Places {
    pub(crate) fn new(cuts: Vec<Span>) -> Self {
        let gone = cuts.iter().scan(0, |gone, cut| {
            let at = cut.start() - *gone;
            *gone += cut.len();
            Some((at, *gone))
        });
        Self { gone: gone.collect(), cuts }
    }

    /// The place of a span, from its first byte to its last.
    pub(crate) fn span(&self, span: Span) -> Span {
        if span.is_empty() {
            return Span::new(self.byte(span.start()), self.byte(span.start()));
        }
        Span::new(self.byte(span.start()), self.byte(span.end() - 1) + 1)
    }

    /// The place of a byte.
    fn byte(&self, at: usize) -> usize {
        let before = self.gone.partition_point(|(cut, _)| *cut <= at);
        at + before.checked_sub(1).map_or(0, |last| self.gone[last].1)
    }

    fn cuts_within(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        let first = self.cuts.partition_point(|cut| cut.start() < span.start());
        self.cuts[first..].iter().copied().take_while(move |cut| cut.end() <= span.end())
    }
}

/// Verdicts are numbered in 32 bits: there are no more of them than segments, times eight rounds, that fit
/// memory.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
