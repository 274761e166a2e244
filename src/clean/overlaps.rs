//! Cuts overlaps: the beginning of a line that repeats the end of the line before it, as in speech
//! that is recognized in chunks of time that overlap.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Cleaner;
use super::fixpoint::ROUNDS;
use super::long_lines::{self, Inside};
use super::loops::{end_of_character, folded};
use super::rolling;
use crate::document::Document;
use crate::edits::{BlockDecision, Removal};
use crate::id::id;
use crate::normalize::{Normalization, Normalizer};
use crate::policy::Rule;
use crate::records::{self, Leading};
use crate::repeats::{Block, Occurrence};
use crate::segment::{is_cluster_boundary, line_ends};
use crate::shingle::begins_a_word;
use crate::span::Span;
use crate::unicode::{self, DENSE, IGNORABLE, MARK, SPACE, WORDY};
use crate::work;
use crate::workspace::Workspace;

/// The minimum weight and number of words of an overlap. Three words in common are a figure of
/// speech.
const LEAST_WEIGHT: u64 = 20;
const LEAST_WORDS: usize = 4;

/// The greatest share of the earlier line, in hundredths. A line most of which begins the next line
/// is a heading.
const MOST: u64 = 66;

/// Finds overlaps of neighboring lines of `document`, and adds their removals to `inside`, which
/// has the lines that have lost loops.
pub(super) fn clean(
    cleaner: &Cleaner,
    document: &Document<'_>,
    inside: &mut Inside,
    workspace: &mut Workspace,
) {
    let options = document.options();
    let text = document.text();
    let leading = options.skip_leading.unwrap_or(Leading::NONE);
    let mut finder = Finder::new(document.normalization());
    let mut shortened: BTreeMap<u32, Box<str>> = BTreeMap::new();
    // The last line without what was cut, and the weight of the whole line.
    let mut last: Option<(Span, Option<u64>)> = None;
    for number in 0..document.len() {
        let key = document.key_span(number);
        let Some((above, whole)) = last.replace((key, None)) else { continue };
        if is_parted(document, number - 1, number) {
            continue;
        }
        let (line, before) = (id(number), id(number - 1));
        // A line that lost a loop keeps its beginning and its end until the text that is left is
        // cleaned.
        if inside.changed.contains_key(&line) || inside.changed.contains_key(&before) {
            let [above, line] = [(before, above), (line, key)]
                .map(|(number, span)| inside.changed.get(&number).map_or(&text[span], |left| left));
            let overlaps = finder.find_once(above, whole, line).is_some();
            inside.is_unfinished |= overlaps && !are_code(document, number - 1, number);
            continue;
        }
        let mut rest = key;
        let mut first_cut = None;
        for round in 0..=ROUNDS {
            let Some(found) = finder.find(&text[above], whole, &text[rest]) else { break };
            if round == 0 && are_code(document, number - 1, number) {
                break;
            }
            if round == ROUNDS {
                inside.is_unfinished = true;
                break;
            }
            let place = |line: u32, from: Span, part: Span| {
                let span = Span::new(from.start() + part.start(), from.start() + part.end());
                Occurrence::at(line, line + 1, span)
            };
            let (original, copy) = (place(before, above, found.original), place(line, rest, found.copy));
            let pair = [original, copy];
            let Some((decision, reason)) = decide(cleaner, document, pair, found.weight, round + 1, inside)
            else {
                break;
            };
            let next = rest.start() + found.next;
            // A sign before the first overlap is kept, and one between two overlaps is cut.
            let start = if first_cut.is_none() { copy.span().start() } else { rest.start() };
            first_cut.get_or_insert(start);
            let (span, copy, original) = (Span::new(start, next), copy.span(), original.span());
            inside.removals.push(Removal { span, copy, original, reason, decision });
            rest = Span::new(next, rest.end());
        }
        if let Some(cut) = first_cut {
            last = Some((rest, Some(spoken_weight(&text[key]))));
            let left = format!("{}{}", &text[key.start()..cut], &text[rest]);
            // A sentence that lost its beginning may equal another one now.
            let parts = vec![(0, Span::new(key.start(), cut)), (cut - key.start(), rest)];
            // Another time may follow the time in front of the line now.
            let in_front = &text[document.spans()[number].start()..key.start()];
            inside.is_unfinished |= !has_same_key(in_front, &left, leading);
            inside.is_unfinished |= !long_lines::is_clean(cleaner, document, line, &left, parts, workspace);
            shortened.insert(line, left.into());
        }
    }
    inside.changed.append(&mut shortened);
    Removal::sort(&mut inside.removals);
}

/// Decides on the original and the copy of an overlap. Returns the number of the decision and its
/// reason if the copy is removed.
fn decide(
    cleaner: &Cleaner,
    document: &Document<'_>,
    [original, copy]: [Occurrence; 2],
    weight: u64,
    round: u8,
    inside: &mut Inside,
) -> Option<(u32, Cow<'static, str>)> {
    let options = document.options();
    if options.min_segments > 1 || weight < u64::from(options.min_weight) {
        return None;
    }
    let line = document.segment_weight(copy.segments().start, &mut Normalizer::default());
    let block = Block::of_longer(original, copy, (weight, weight), u64::from(line));
    let (is_removed, reason) = cleaner.decide_as(Rule::Overlap, &block);
    let decision = BlockDecision { block, is_removed, reason: reason.clone(), round };
    if !is_removed {
        inside.kept.push(decision);
        return None;
    }
    inside.removed.push(decision);
    Some((id(inside.removed.len() - 1), reason))
}

/// Cuts the lines that cues show again in captions that roll up. Returns what is left of each cue,
/// which has not been searched for loops yet.
pub(super) fn roll(cleaner: &Cleaner, document: &Document<'_>, inside: &mut Inside) -> BTreeMap<u32, Span> {
    let place = |number: u32, part: Span| {
        let from = document.key_span(number as usize).start();
        Occurrence::at(number, number + 1, Span::new(from + part.start(), from + part.end()))
    };
    let mut left = BTreeMap::new();
    for cue in rolling::find(document, |_| true) {
        let key = document.key_span(cue.number as usize);
        let ends = cue.lines[1..].iter().map(|shown| shown.line.start()).chain([cue.rest]);
        for (shown, end) in cue.lines.iter().zip(ends) {
            let pair = [place(shown.cue, shown.place), place(cue.number, shown.line)];
            let [original, copy] = pair.map(|occurrence| occurrence.span());
            let weight = spoken_weight(&document.text()[copy]);
            let Some((decision, reason)) = decide(cleaner, document, pair, weight, 1, inside) else { break };
            let rest: &mut Span = left.entry(cue.number).or_insert(key);
            let span = Span::new(rest.start(), key.start() + end);
            inside.removals.push(Removal { span, copy, original, reason, decision });
            *rest = Span::new(span.end(), key.end());
        }
    }
    left
}

/// Returns whether `left` is still what is compared when a line that consists of `in_front` and
/// `left` is read.
fn has_same_key(in_front: &str, left: &str, leading: Leading) -> bool {
    // The time of a cue is on a line of its own.
    if line_ends(in_front) > 0 {
        return true;
    }
    let line = format!("{in_front}{left}");
    let len = records::beginning(&line, leading);
    len == in_front.len() && len < line.len()
}

/// Lets the removals inside lines name the original of a line that is removed, in place of a part
/// of that line. Returns `false` if that original does not have the words of the part, as may be
/// where a similar line is kept.
pub(super) fn name_kept_originals(text: &str, inside: &mut [Removal], lines: &[Removal]) -> bool {
    let words = |span: Span| {
        let mut chars = Vec::new();
        spoken_chars(&text[span], &mut chars);
        work::count(span.len());
        chars.into_iter().map(|(_, c)| c).collect::<String>()
    };
    inside.iter_mut().all(|removal| {
        let by = lines.partition_point(|line| line.span.end() <= removal.original.start());
        let line = lines.get(by).filter(|line| line.span.start() <= removal.original.start());
        line.is_none_or(|line| {
            removal.original = line.original;
            words(line.original).contains(&words(removal.copy))
        })
    })
}

/// Returns whether lines that become neighbors, because whole lines between them are removed,
/// overlap, or cues that are left roll up.
pub(super) fn are_left(document: &Document<'_>, removals: &[Removal]) -> bool {
    let is_left = |number: u32| {
        let span = document.spans()[number as usize];
        let next = removals.partition_point(|removal| removal.span.end() <= span.start());
        removals.get(next).is_none_or(|removal| removal.span.start() >= span.end())
    };
    if !rolling::find(document, is_left).is_empty() {
        return true;
    }
    let mut finder = Finder::new(document.normalization());
    let mut removals = removals.iter().peekable();
    let mut before: Option<usize> = None;
    (0..document.len()).any(|number| {
        let span = document.spans()[number];
        while removals.next_if(|removal| removal.span.end() <= span.start()).is_some() {}
        if removals.peek().is_some_and(|removal| removal.span.start() < span.end()) {
            return false;
        }
        let above = before.replace(number).filter(|above| above + 1 < number);
        above.is_some_and(|above| {
            !is_parted(document, above, number)
                && finder.find(document.key_text(above), None, document.key_text(number)).is_some()
                && !are_code(document, above, number)
        })
    })
}

/// Returns whether there is a blank line between two lines, as below a heading, so that an overlap
/// is not caused by speech recognition.
fn is_parted(document: &Document<'_>, above: usize, line: usize) -> bool {
    let gap = &document.text()[document.spans()[above].end()..document.spans()[line].start()];
    above + 1 == line && line_ends(gap) > 1
}

/// Returns whether one of two lines is code, so that an overlap is not caused by speech
/// recognition.
fn are_code(document: &Document<'_>, above: usize, line: usize) -> bool {
    [above, line].iter().any(|line| document.features(*line).code)
}

/// The maximum number of overlaps of two lines whose forms are compared. Overlaps whose letters are
/// equal without their marks nearly always have equal forms.
const TRIES: usize = 4;

/// An overlap of two lines. Spans are in bytes of each line.
#[derive(Debug, PartialEq)]
struct Overlap {
    original: Span,
    copy: Span,
    /// The byte at which the rest of the later line begins.
    next: usize,
    weight: u64,
}

/// The minimum number of characters of an overlap of `LEAST_WEIGHT`: each weighs at most 3.
const LEAST_CHARS: usize = 7;

/// Finds overlaps in buffers that are reused.
struct Finder<'t> {
    normalization: Normalization,
    /// The text whose characters are in `line`, unless it is not kept.
    last: Option<&'t str>,
    above: Vec<(u32, char)>,
    line: Vec<(u32, char)>,
    /// For each prefix of the later line, the length of its longest border.
    borders: Vec<usize>,
    /// For each prefix of the later line, its weight and its number of words.
    sums: Vec<(u64, usize)>,
    normalizer: Normalizer,
}

impl<'t> Finder<'t> {
    fn new(normalization: Normalization) -> Self {
        let (above, line, borders, sums) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self {
            normalization: normalization.strip_punctuation(),
            last: None,
            above,
            line,
            borders,
            sums,
            normalizer: Normalizer::default(),
        }
    }

    /// Returns the longest end of `above` that is a beginning of `line`, but not all of it. `whole`
    /// is the weight of the line of which `above` is left, if a part of it was cut. If `above` is
    /// the `line` of the call before, its characters are not computed again.
    ///
    /// # Complexity
    ///
    /// Linear in the length of both lines: the borders of their concatenation are computed (Knuth,
    /// Morris and Pratt 1977).
    fn find(&mut self, above: &'t str, whole: Option<u64>, line: &'t str) -> Option<Overlap> {
        if self.last.is_some_and(|last| std::ptr::eq(last, above)) {
            std::mem::swap(&mut self.above, &mut self.line);
        } else {
            spoken_chars(above, &mut self.above);
        }
        spoken_chars(line, &mut self.line);
        self.last = Some(line);
        self.overlap(above, whole, line)
    }

    /// Like [`find`](Self::find), for texts that are not kept.
    fn find_once(&mut self, above: &str, whole: Option<u64>, line: &str) -> Option<Overlap> {
        self.last = None;
        spoken_chars(above, &mut self.above);
        spoken_chars(line, &mut self.line);
        self.overlap(above, whole, line)
    }

    fn overlap(&mut self, above: &str, whole: Option<u64>, line: &str) -> Option<Overlap> {
        if !self.may_overlap() {
            return None;
        }
        let mut len = self.longest_border();
        if len == 0 {
            return None;
        }
        self.sums.clear();
        self.sums.push((0, 0));
        for i in 0..self.line.len() {
            let (sum, words) = self.sums[i];
            self.sums.push((sum + weight(self.line[i].1), words + usize::from(begins(&self.line, i))));
        }
        let most = whole.unwrap_or_else(|| weight_of(&self.above)) * MOST;
        let mut tries = 0;
        while len > 0 && tries < TRIES {
            work::count(1);
            if self.is_overlap(len, most) {
                tries += 1;
                if let Some(found) = self.judge(above, line, len) {
                    return Some(found);
                }
            }
            len = self.borders[len - 1];
        }
        None
    }

    /// Returns whether the first characters of the later line are somewhere in the earlier one.
    fn may_overlap(&self) -> bool {
        work::count(self.above.len());
        let Some(head) = self.line.first_chunk::<LEAST_CHARS>() else { return false };
        let is_head = |window: &[(u32, char)]| window.iter().zip(head).all(|((_, a), (_, b))| a == b);
        self.above.windows(LEAST_CHARS).any(is_head)
    }

    /// Returns whether an overlap of `len` characters is long enough, consists of whole words, and
    /// leaves words in the later line. `most` is its greatest weight, in hundredths.
    fn is_overlap(&self, len: usize, most: u64) -> bool {
        let (weight, words) = self.sums[len];
        let Some((_, next)) = self.line.get(len) else { return false };
        let next = len + usize::from(*next == ' ');
        let is_whole = begins(&self.line, next) && begins(&self.above, self.above.len() - len);
        is_whole && words >= LEAST_WORDS && weight >= LEAST_WEIGHT && weight * 100 <= most
    }

    /// Returns the length of the longest end of the earlier line that is a beginning of the later
    /// one.
    fn longest_border(&mut self) -> usize {
        work::count(self.line.len() + self.above.len());
        self.borders.clear();
        let mut len = 0;
        for (i, (_, c)) in self.line.iter().enumerate() {
            while len > 0 && (len == i || self.line[len].1 != *c) {
                len = self.borders[len - 1];
            }
            len += usize::from(len < i && self.line[len].1 == *c);
            self.borders.push(len);
        }
        len = 0;
        for (_, c) in &self.above {
            while len > 0 && self.line.get(len).is_none_or(|(_, other)| other != c) {
                len = self.borders[len - 1];
            }
            len += usize::from(self.line.get(len).is_some_and(|(_, other)| other == c));
        }
        len
    }

    /// Returns the overlap of `len` characters, if its forms are equal.
    fn judge(&mut self, above: &str, line: &str, len: usize) -> Option<Overlap> {
        let (start, common) = (self.above.len() - len, &self.line[..len]);
        let next = len + usize::from(self.line.get(len)?.1 == ' ');
        let weight = self.sums[len].0;
        let end = |text: &str, (start, _): (u32, char)| end_of_character(text, start as usize);
        let original = Span::new(self.above[start].0 as usize, end(above, *self.above.last()?));
        let copy = Span::new(common[0].0 as usize, end(line, common[len - 1]));
        // Signs after the overlap are removed, and those before the next word are kept, if there is
        // white space between them.
        let next = self.line[next].0 as usize;
        let blank = line[copy.end()..next].char_indices().rev().find(|(_, c)| unicode::is(*c, SPACE));
        let next = blank.map_or(next, |(at, c)| copy.end() + at + c.len_utf8());
        let is_clean = is_cluster_boundary(line, copy.start()) && is_cluster_boundary(line, next);
        let form = self.normalizer.canonical(&above[original], self.normalization).to_vec();
        let is_equal = form == self.normalizer.canonical(&line[copy], self.normalization);
        (is_clean && is_equal).then_some(Overlap { original, copy, next, weight })
    }
}

fn weight_of(chars: &[(u32, char)]) -> u64 {
    chars.iter().map(|(_, c)| weight(*c)).sum()
}

fn spoken_weight(text: &str) -> u64 {
    let mut chars = Vec::new();
    work::count(text.len());
    spoken_chars(text, &mut chars);
    weight_of(&chars)
}

fn weight(c: char) -> u64 {
    u64::from(unicode::is(c, WORDY)) + 2 * u64::from(unicode::is(c, DENSE))
}

/// Returns whether a word begins at character `i`.
fn begins(chars: &[(u32, char)], i: usize) -> bool {
    chars.get(i).is_some_and(|(_, c)| i == 0 || chars[i - 1].1 == ' ' || begins_a_word(*c))
        && chars[i].1 != ' '
}

/// Puts the characters of the words of `text` into `chars`, case-folded and without marks, each
/// with the byte at which it starts. Between words there is one space, and one `-` where signs
/// without white space are: recognizers guess the punctuation.
fn spoken_chars(text: &str, chars: &mut Vec<(u32, char)>) {
    chars.clear();
    // A line that is read is shorter than 4 GiB.
    if text.len() >= 1 << 32 {
        return;
    }
    let mut gap: Option<(u32, char)> = None;
    for (at, c) in text.char_indices() {
        let flags = match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => WORDY,
            ' ' => SPACE,
            _ => unicode::flags(c),
        };
        if flags & (MARK | IGNORABLE) != 0 {
            continue;
        }
        if flags & WORDY != 0 {
            if let Some(gap) = gap.take().filter(|_| !chars.is_empty()) {
                chars.push(gap);
            }
            chars.push((id(at), folded(c)));
        } else {
            let (start, sign) = gap.unwrap_or((id(at), '-'));
            gap = Some((start, if flags & SPACE != 0 { ' ' } else { sign }));
        }
    }
}
