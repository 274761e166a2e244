//! Finds captions that roll up: each cue of the subtitles shows the last lines of the cue before it
//! again, above a new line.

use std::collections::BTreeSet;

use crate::document::Document;
use crate::normalize::Normalizer;
use crate::segment::{Segmentation, line_ends};
use crate::span::Span;
use crate::unicode;
use crate::work;

/// The maximum number of lines that a cue shows again. Captions have up to four rows, and a cue
/// without a new line may show all of them again.
const ROWS: usize = 4;

/// The minimum number of cues in direct succession that show a part of the cue before them again,
/// or are a part of it. In a dialog, a line may be said again in the next cue once or twice.
///
/// At least as many different lines must be new in these cues, because slogans alternate, and at
/// least as many must be shown again, because each cue may be framed by the same symbol.
const LEAST: usize = 3;

/// The minimum mean weight of the lines that are shown again. The rows of captions are wide;
/// places, answers and words that link one cue with the next are not.
const WEIGHT: u64 = 12;

/// A cue that begins with lines of earlier cues.
pub(super) struct Rolled {
    pub(super) number: u32,
    /// The lines that were shown before. Spans are in bytes of what is compared of the cue.
    pub(super) lines: Vec<Shown>,
    /// The byte at which the first new line begins.
    pub(super) rest: usize,
}

/// A line that was shown before, and the place where it is new.
pub(super) struct Shown {
    pub(super) line: Span,
    pub(super) cue: u32,
    pub(super) place: Span,
}

/// The lines of a cue.
struct Cue {
    number: u32,
    lines: Vec<Line>,
}

struct Line {
    span: Span,
    form: Box<[u8]>,
    /// The number of the cue in which the line is new, and its place there.
    first: (u32, Span),
}

/// Returns the cues that begin with lines of earlier cues, in captions that roll up. Segments for
/// which `is_left` is false are passed over.
///
/// # Complexity
///
/// Linear in the length of the text of all cues.
pub(super) fn find(document: &Document<'_>, is_left: impl Fn(u32) -> bool) -> Vec<Rolled> {
    let mut found = Vec::new();
    let mut run = Run::default();
    let mut above: Option<Cue> = None;
    let mut normalizer = Normalizer::default();
    for number in (0..).take(document.len()).filter(|number| is_left(*number)) {
        if !is_cue(document, number) {
            run.end(&mut found);
            above = None;
            continue;
        }
        let mut cue = Cue::new(document, number, &mut normalizer);
        match above.as_ref().and_then(|above| above.rolls_to(&cue).map(|rows| (above, rows))) {
            Some((above, rows)) => run.push(above, rows, &mut cue),
            None => run.end(&mut found),
        }
        above = Some(cue);
    }
    run.end(&mut found);
    found
}

/// Returns whether a segment is a cue of subtitles: its time is on a line of its own.
fn is_cue(document: &Document<'_>, number: u32) -> bool {
    let (span, key) = (document.spans()[number as usize], document.key_span(number as usize));
    line_ends(&document.text()[span.start()..key.start()]) > 0
}

impl Cue {
    fn new(document: &Document<'_>, number: u32, normalizer: &mut Normalizer) -> Self {
        let text = document.key_text(number as usize);
        let mut spans = Vec::new();
        Segmentation::Lines.split(text, &mut spans);
        let line = |span: Span| {
            let form = normalizer.canonical(&text[span], document.normalization()).into();
            Line { span, form, first: (number, span) }
        };
        Self { number, lines: spans.into_iter().map(line).collect() }
    }

    /// Returns the greatest number of the last lines of this cue that are the first ones of `next`.
    fn rolls_to(&self, next: &Self) -> Option<usize> {
        work::count(ROWS * ROWS);
        let most = ROWS.min(self.lines.len()).min(next.lines.len());
        let are_equal = |rows: &usize| {
            let last = &self.lines[self.lines.len() - rows..];
            last.iter().zip(&next.lines).all(|(a, b)| a.form == b.form)
        };
        (1..=most).rev().find(are_equal)
    }
}

/// Cues in direct succession, each of which begins with the last lines of the cue before it.
#[derive(Default)]
struct Run {
    cues: Vec<Rolled>,
    /// The number of cues that differ from the cue before them.
    shifts: usize,
    /// Up to `LEAST` different lines that are new, and that are shown again.
    new: BTreeSet<Box<[u8]>>,
    again: BTreeSet<Box<[u8]>>,
    /// The number of lines that are shown again, and their weight.
    lines: u64,
    weight: u64,
}

impl Run {
    /// Adds a cue whose first `rows` lines are the last ones of `above`.
    fn push(&mut self, above: &Cue, rows: usize, cue: &mut Cue) {
        let shown = above.lines[above.lines.len() - rows..].iter();
        for (line, before) in cue.lines.iter_mut().zip(shown) {
            line.first = before.first;
        }
        self.shifts += usize::from(rows < above.lines.len().max(cue.lines.len()));
        let (again, new) = cue.lines.split_at(rows);
        self.lines += rows as u64;
        self.weight += again.iter().map(|line| u64::from(unicode::weight(&line.form))).sum::<u64>();
        for (forms, lines) in [(&mut self.again, again), (&mut self.new, new)] {
            for line in lines {
                if forms.len() == LEAST {
                    break;
                }
                forms.insert(line.form.clone());
            }
        }
        if let Some(first) = new.first() {
            let shown = |line: &Line| Shown { line: line.span, cue: line.first.0, place: line.first.1 };
            let lines = again.iter().map(shown).collect();
            self.cues.push(Rolled { number: cue.number, lines, rest: first.span.start() });
        }
    }

    /// Ends the run, and adds its cues to `found` if they roll up.
    fn end(&mut self, found: &mut Vec<Rolled>) {
        let run = std::mem::take(self);
        let is_wide = run.weight >= WEIGHT * run.lines;
        if is_wide && [run.shifts, run.new.len(), run.again.len()].iter().all(|count| *count >= LEAST) {
            found.extend(run.cues);
        }
    }
}
