//! Finds loops inside a line: a word or phrase that occurs many times in direct succession, as in
//! the output of speech recognizers, OCR engines and language models, also in scripts without
//! spaces.
//!
//! A line is converted to a sequence of characters: case-folded, without marks, and with white
//! space as one space. The tandem runs of this sequence are found. This needs no words, so one
//! method serves all scripts. A run is a loop only if its units are also equal in canonical form
//! without accents.

use crate::id::id;
use crate::normalize::{Normalization, Normalizer};
use crate::policy::LoopLimits;
use crate::repeats::{Scratch, TandemRun, tandem_runs_of};
use crate::segment::is_cluster_boundary;
use crate::span::Span;
use crate::unicode::{self, DENSE, DIGIT, IGNORABLE, MARK, SPACE, WORDY};

/// The number of characters that are added to an alphabet at a time.
const PART: usize = 1 << 14;

/// A loop, of which the first unit is kept and the others are cut.
pub(super) struct Loop {
    pub(super) original: Span,
    pub(super) copy: Span,
    pub(super) count: u32,
    pub(super) weight: u64,
}

/// Returns the loops in `text`, from left to right. Loops do not overlap.
///
/// # Complexity
///
/// Linear in the text, and sorting the runs.
pub(super) fn find(
    text: &str,
    normalization: Normalization,
    limits: &LoopLimits,
    scratch: &mut Scratch,
) -> Vec<Loop> {
    let line = Line::new(text, scratch);
    let mut runs = scratch.runs();
    tandem_runs_of(&line.ids, line.alphabet.len(), scratch, &mut runs);
    // The last unit may lack the signs that separate the others.
    let few = limits.units.iter().map(|(_, count)| count - 1).min().unwrap_or(1);
    runs.retain(|run| run.end - run.start > few * run.period);
    // The shortest unit is first, because loops inside the units of a longer loop are cut before
    // it. Otherwise the first unit, the original of the others, could start inside a loop.
    runs.sort_unstable_by_key(|run| (run.period, run.start));
    let mut taken = scratch.flags(line.chars.len());
    let mut loops = Vec::new();
    for run in &runs {
        let range = run.start as usize..run.end as usize;
        crate::work::count(range.len());
        if taken[range.clone()].iter().any(|taken| *taken) {
            continue;
        }
        if let Some(found) =
            line.judge(*run, limits).filter(|found| line.is_exact(found, *run, normalization))
        {
            taken[range].fill(true);
            loops.push(found);
        }
    }
    scratch.give_runs(runs);
    scratch.give_flags(taken);
    line.recycle(scratch);
    loops.sort_unstable_by_key(|found| found.copy);
    loops
}

/// A line as a sequence of folded characters.
struct Line<'t> {
    text: &'t str,
    /// The byte at which each character starts, and the character.
    chars: Vec<(u32, char)>,
    /// The distinct characters, in order, and for each character its number in this list.
    alphabet: Vec<char>,
    ids: Vec<u32>,
}

impl<'t> Line<'t> {
    fn new(text: &'t str, scratch: &mut Scratch) -> Self {
        let (mut chars, mut alphabet) = scratch.chars();
        chars.reserve(text.len() + 1);
        for (at, c) in text.char_indices() {
            let flags = unicode::flags(c);
            if flags & (MARK | IGNORABLE) != 0 {
                continue;
            }
            let c = if flags & SPACE != 0 {
                // White space after a sign separates nothing: units may differ in it.
                if chars.last().is_none_or(|(_, last)| !unicode::is(*last, WORDY)) {
                    continue;
                }
                ' '
            } else {
                folded(c)
            };
            // A line that is read is shorter than 4 GiB.
            chars.push((id(at), c));
        }
        // The end of the line separates units as a space does. Otherwise a tandem run would need a
        // space after the second unit.
        if chars.last().is_some_and(|(_, last)| unicode::is(*last, WORDY)) {
            chars.push((id(text.len()), ' '));
        }
        // In parts, because a list of all characters would take as much memory as their ids. Each
        // part is at least as long as the list of distinct characters so far.
        let mut rest = &chars[..];
        while !rest.is_empty() {
            let (part, after) = rest.split_at(PART.max(alphabet.len()).min(rest.len()));
            alphabet.extend(part.iter().map(|(_, c)| *c));
            alphabet.sort_unstable();
            alphabet.dedup();
            rest = after;
        }
        let rank = |c: &char| id(alphabet.partition_point(|other| other < c));
        let mut ids = scratch.numbers();
        ids.extend(chars.iter().map(|(_, c)| rank(c)));
        Self { text, chars, alphabet, ids }
    }

    /// Returns the buffers to `scratch`.
    fn recycle(self, scratch: &mut Scratch) {
        scratch.give_numbers(self.ids);
        scratch.give_chars(self.chars, self.alphabet);
    }

    /// Returns the byte at which the `i`th character begins, or the length of the text past the
    /// last character.
    fn start(&self, i: usize) -> usize {
        self.chars.get(i).map_or(self.text.len(), |(at, _)| *at as usize)
    }

    fn is_wordy(&self, i: usize) -> bool {
        self.chars.get(i).is_some_and(|(_, c)| unicode::is(*c, WORDY))
    }

    /// Returns the loop in a run, if the run has one.
    fn judge(&self, run: TandemRun, limits: &LoopLimits) -> Option<Loop> {
        let TandemRun { start, end, period } = run;
        let (start, end, period) = (start as usize, end as usize, period as usize);
        // A unit starts at the start of a word or, in scripts without spaces, at the first letter
        // of the run.
        let begins = |i: &usize| self.is_wordy(*i) && (*i == 0 || !self.is_wordy(*i - 1));
        let first = (start..start + period)
            .find(begins)
            .or_else(|| (start..start + period).find(|i| self.is_wordy(*i)))?;
        // The last unit may lack the signs that separate the others.
        let core = (first..first + period).rev().find(|i| self.is_wordy(*i))? + 1 - first;
        let units = 1 + (end - first).checked_sub(core)? / period;
        // A partial unit is a part of the loop if the line ends with it.
        let has_rest = (end..self.chars.len()).any(|i| self.is_wordy(i));
        let end = if has_rest { first + (units - 1) * period + core } else { end };
        let count = id(units);
        let unit = &self.chars[first..first + period];
        let flags = |c: &char| unicode::flags(*c);
        let weight: u64 = unit
            .iter()
            .map(|(_, c)| u64::from(flags(c) & WORDY != 0) + 2 * u64::from(flags(c) & DENSE != 0))
            .sum();
        if !limits.units.iter().any(|(least, often)| weight >= *least && count >= *often) {
            return None;
        }
        let mut letters: Vec<char> =
            unit.iter().map(|(_, c)| *c).filter(|c| unicode::is(*c, WORDY)).collect();
        letters.sort_unstable();
        letters.dedup();
        let has_digits = letters.iter().any(|c| unicode::is(*c, DIGIT));
        let signs = unit.iter().filter(|(_, c)| !unicode::is(*c, WORDY | SPACE)).count();
        if has_digits || letters.len() < 4 || signs * 3 > period {
            return None;
        }
        // The signs between two units are kept after the last unit, to separate it from the text
        // that follows.
        let last_letter =
            |from: usize, to: usize| (from..to).rev().find(|i| self.is_wordy(*i)).map(|i| self.after(i));
        let kept = last_letter(first, first + period)?;
        let cut = last_letter(first + period, end)?;
        let copy = Span::new(kept, cut);
        let is_clean = [copy.start(), copy.end()].iter().all(|at| is_cluster_boundary(self.text, *at));
        (is_clean && !copy.is_empty()).then_some(Loop {
            original: Span::new(self.start(first), kept),
            copy,
            count,
            weight,
        })
    }

    /// Returns whether all units that are cut equal the first unit in canonical form without
    /// accents, and a partial unit at the end equals the beginning of the first unit. Accents are
    /// ignored because they vary in the loops of language models.
    fn is_exact(&self, found: &Loop, run: TandemRun, normalization: Normalization) -> bool {
        let period = run.period as usize;
        let first = self.chars.partition_point(|(at, _)| (*at as usize) < found.original.start());
        let normalization = normalization.strip_diacritics();
        let mut normalizer = Normalizer::default();
        let mut form = |turn: Span| normalizer.canonical(&self.text[turn], normalization).to_vec();
        let unit = form(found.original);
        let last = (first..first + period).rev().find(|i| self.is_wordy(*i)).unwrap_or(first);
        let mut units =
            (1..).map(|unit| unit * period).take_while(|at| self.start(first + at) < found.copy.end());
        units.all(|at| {
            // A unit whose last letter is not there is a part of one, at the end of the line.
            let is_whole = self.start(last + at) < found.copy.end();
            let end = if is_whole { self.after(last + at) } else { found.copy.end() };
            let turn = form(Span::new(self.start(first + at), end));
            if is_whole { turn == unit } else { unit.starts_with(&turn) }
        })
    }

    /// Returns the byte at which the `i`th character ends, with its marks.
    fn after(&self, i: usize) -> usize {
        end_of_character(self.text, self.start(i))
    }
}

/// Returns the byte at which the character that starts at byte `start` ends, with its marks.
pub(super) fn end_of_character(text: &str, start: usize) -> usize {
    let mut chars = text[start..].char_indices();
    let is_base = |&(n, c): &(usize, char)| n > 0 && !unicode::is(c, MARK | IGNORABLE);
    chars.find(is_base).map_or(text.len(), |(n, _)| start + n)
}

/// Returns the first character of the case folding of `c` without its marks. A Hangul syllable
/// stays whole.
pub(super) fn folded(c: char) -> char {
    match c {
        '\0'..='\x7F' => return c.to_ascii_lowercase(),
        '\u{AC00}'..='\u{D7A3}' => return c,
        _ => {}
    }
    let mut base = c;
    let mut is_first = true;
    unicode_normalization::char::decompose_canonical(c, |part| {
        if is_first {
            base = part;
            is_first = false;
        }
    });
    unicode::fold(base).next().unwrap_or(base)
}
