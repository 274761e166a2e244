//! Finds text that is repeated with other line breaks: runs of lines that are equal if a line break
//! counts as a space.

mod borders;
mod copies;
mod hint;
mod lines;

use std::ops::Range;

use crate::document::FULL;
use crate::id::id;
use crate::repeats::Scratch;
use crate::work;

use borders::Borders;
pub(super) use copies::Part;
use copies::{are_equal, candidates, parts, parts_of};
use lines::Forms;
pub(super) use lines::Lines;

/// Copies with other line breaks must be one part in `SHARE` of the text or more. The rules require
/// this of each of them.
const SHARE: usize = 10;

/// A run of lines that is compared as one line.
pub(super) struct Run {
    pub(super) lines: Range<u32>,
    /// The text that is compared. The runs of a copy and its original have the same text.
    pub(super) text: Box<str>,
}

/// Text that is repeated with other line breaks.
pub(super) struct Rewrapped {
    /// The runs of lines that repeat earlier lines, those that they repeat, and others between the
    /// same borders, in the order of the text. No two of them overlap. Most of them are paragraphs,
    /// because a run ends only where a line ends in each of its copies.
    pub(super) runs: Vec<Run>,
    forms: Forms,
}

impl Rewrapped {
    /// Returns the smallest parts of two equal runs of lines that begin and end with lines in both.
    pub(super) fn parts(&self, original: &Range<u32>, copy: &Range<u32>) -> Vec<Part> {
        parts_of(&self.forms, original, copy).0
    }
}

/// Returns the runs of lines that repeat earlier lines with other line breaks, and the runs that
/// they repeat, or `None` if they are a small share of the text.
///
/// # Complexity
///
/// Linear in the length of the text, and O(n log n) in the number of lines. The canonical forms of
/// all lines are in memory, unless a quick test shows that there are no runs.
pub(super) fn find(lines: Lines<'_>, scratch: &mut Scratch) -> Option<Rewrapped> {
    if !hint::may_have_runs(lines, scratch) {
        return None;
    }
    let forms = Forms::of(lines, scratch);
    let mut borders = Borders::new(lines.len());
    let (mut next, mut repeated) = (0, 0);
    for (copy, originals) in candidates(lines, &forms) {
        if copy < next {
            continue;
        }
        let end = |parts: &[Part]| parts.last().map_or(copy, |part| part.copy.end);
        let parts_from = |original: u32| {
            let above = equal_above(lines, original, next..copy);
            parts(&forms, original - above, copy - above)
        };
        let [first, last] = originals;
        let (mut parts, mut examined) = parts_from(first);
        if first != last {
            let (others, end_of_others) = parts_from(last);
            examined = examined.max(end_of_others);
            if end(&others) > end(&parts) {
                parts = others;
            }
        }
        // Lines that were compared in vain are compared again only if they are no longer than the
        // copy before them, so that the comparisons remain linear.
        let found = end(&parts);
        let is_short = found < examined && forms.len_of(&(found..examined)) <= forms.len_of(&(copy..found));
        next = if found == examined || is_short { found } else { examined };
        // A sentence of which only a part is repeated is no copy.
        let is_cut_off = |part: &Part| lines.continues(part.original.end) || lines.continues(part.copy.end);
        while parts.last().is_some_and(is_cut_off) {
            parts.pop();
        }
        let begins_inside = |part: &&Part| lines.continues(part.copy.start);
        parts.drain(..parts.iter().take_while(begins_inside).count());
        if !are_full(lines, &parts) {
            continue;
        }
        for Part { original, copy } in parts {
            repeated += forms.len_of(&copy);
            borders.open(original.start..original.end - 1);
            borders.open(copy.start..copy.end - 1);
            borders.link(original.end - 1, copy.end - 1);
        }
    }
    // No rule of a policy removes less than about this share of a text.
    if repeated * SHARE < forms.len_of(&(0..lines.len())) {
        return None;
    }
    let runs = runs_between(lines, &forms, borders);
    Some(Rewrapped { runs, forms })
}

/// Returns the number of lines above `original` that equal those above the end of `copies`, as far
/// as these are in `copies`.
fn equal_above(lines: Lines<'_>, original: u32, copies: Range<u32>) -> u32 {
    let above = (0..original).rev().zip(copies.rev());
    let equal = above.take_while(|(original, copy)| lines.id(*original) == lines.id(*copy)).count();
    work::count(equal);
    id(equal)
}

/// Returns the runs of lines between `borders`.
fn runs_between(lines: Lines<'_>, forms: &Forms, mut borders: Borders) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut ranges: Vec<Range<u32>> = Vec::new();
    // The first and the last range that end at each kind of border.
    let mut ends_at: Vec<Option<[usize; 2]>> = vec![None; lines.len() as usize];
    let mut start = 0;
    for i in 0..lines.len() {
        let kind = borders.kind(i);
        if borders.is_open(kind) && i + 1 < lines.len() {
            continue;
        }
        let range = start..i + 1;
        start = i + 1;
        let ends = &mut ends_at[kind as usize];
        let [first, last] = ends.unwrap_or([ranges.len(); 2]);
        *ends = Some([first, ranges.len()]);
        let is_run = |other: &&Range<u32>| other.len().max(range.len()) > 1;
        let is_equal = |other: &&Range<u32>| is_run(other) && are_equal(forms, other, &range);
        let others = [first, last].into_iter().filter_map(|other| ranges.get(other));
        let original = others.into_iter().find(is_equal).unwrap_or(&range);
        if is_run(&original) {
            runs.push(Run { text: lines.joined(original.clone()), lines: range.clone() });
        }
        ranges.push(range);
    }
    runs
}

/// Returns whether lines were broken because they were full: at least half of the lines of the
/// longer side of each part, but for the last ones.
fn are_full(lines: Lines<'_>, parts: &[Part]) -> bool {
    let (mut broken, mut full) = (0, 0);
    for part in parts {
        let longer = if part.copy.len() > part.original.len() { &part.copy } else { &part.original };
        for i in longer.start..longer.end - 1 {
            broken += 1;
            full += usize::from(lines.text(i).len() >= FULL);
        }
    }
    broken > 0 && 2 * full >= broken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::Document;

    fn found(doc: &Document<'_>) -> Option<Rewrapped> {
        find(Lines::new(doc, &[], doc.ids()), &mut Scratch::default())
    }

    fn letters(text: &str) -> String {
        text.split_whitespace().collect()
    }

    /// A copy ends with a sentence of the original.
    #[test]
    fn the_beginning_of_a_sentence_is_no_copy() {
        let first =
            "The keeper of the lighthouse\nhas kept a diary of every storm\nsince he came to the island.\n";
        let again = "The keeper of the lighthouse has kept\na diary of every storm";
        for (rest, is_found) in [
            ("\nsince he came to the island.\n", true),
            ("\nbut the last one.\n", false),
            ("\n", false),
            ("\nThe end.\n", false),
        ] {
            let text = format!("{first}{again}{rest}");
            assert_eq!(found(&Document::new(&text)).is_some(), is_found, "{text}");
        }
    }

    /// Names and descriptions in one line or in two are no wrapped text, beside text that is.
    #[test]
    fn lines_that_were_not_full_are_no_runs() {
        let broken = "The keeper of the lighthouse\nhas kept a diary of every storm\nsince he came to the island\nwith a cat and a telescope.\n";
        let story = broken.trim_end().replace('\n', " ") + "\n";
        let options =
            "-a, --all\nshows all of the many lamps\n-b, --bare\nshows the lamps and nothing else\n";
        let joined = options.replace("\nshows", " shows");
        let text = format!("{story}One page\n{options}{broken}Another page\n{joined}");
        let runs = found(&Document::new(&text)).map(|found| found.runs).unwrap_or_default();
        let lines: Vec<_> = runs.iter().map(|run| (run.lines.start, run.lines.end)).collect();
        assert_eq!(lines, [(6, 10)]);
    }

    /// Text that is repeated nearly everywhere, and text that seems to be repeated up to its end.
    #[test]
    fn ten_times_the_text_takes_ten_times_the_steps() {
        let words = |n: usize| {
            let words: String = (0..n).map(|i| format!("word{} ", i % 97)).collect();
            format!("Now {words}end.")
        };
        let broken = |text: &str, every: usize| {
            let words: Vec<&str> = text.split(' ').collect();
            words.chunks(every).map(|line| line.join(" ") + "\n").collect::<String>()
        };
        let beginning = "the same beginning of every line of this text";
        let texts: [&dyn Fn(usize) -> String; 8] = [
            &|n| format!("{}{}", broken(&words(n), 7), broken(&words(n), 5)),
            &|n| (3..9).map(|every| broken(&words(n / 4), every)).collect(),
            &|n| format!("{}{}end\n", broken(&words(n), 7), broken(&words(n), 5)),
            // One line, of which many lines and those below them are the beginning.
            &|n| {
                format!(
                    "{}\n{}",
                    words(4 * n),
                    broken("word0 word1 word2 word3 word4 word5", 3).repeat(n / 3)
                )
            },
            &|n| (0..n).map(|i| format!("{beginning} {i}\nand so on\n")).collect(),
            &|n| format!("{beginning} {}\n{}", words(4 * n), format!("{beginning}\nword0\n").repeat(n)),
            &|n| format!("{}\n{}", "a\n".repeat(2 * n), "a ".repeat(n)),
            // A short part is found each time, and then compared to the end of a long line.
            &|n| {
                let (a, b) = ("word0 word1 word2 word3 word4", "word5 word6 word7 word8 word9");
                let long = format!("{a} {b} ").repeat(n / 5);
                format!("{a} {b}\n{long}end\n{}", format!("{a}\n{b}\n").repeat(n / 10))
            },
        ];
        for (i, text) in texts.iter().enumerate() {
            let steps = |n: usize| {
                let text = text(n);
                let doc = Document::new(&text);
                work::of(|| assert!(found(&doc).is_some() || i > 1, "text {i}"))
            };
            let (few, many) = (steps(2_000), steps(20_000));
            assert!(many <= 13 * few + 1_000, "text {i}: {few}, then {many} steps");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { max_global_rejects: 10_000, ..ProptestConfig::with_cases(2_000) })]

        /// Runs are in order and do not overlap; what is compared is the text of the run, apart
        /// from white space; and the runs of a copy have parts that are equal to those of the
        /// original.
        #[test]
        fn runs_are_equal_apart_from_their_line_breaks(
            words in prop::collection::vec(0_usize..12, 20..60),
            breaks in prop::collection::vec(2_usize..9, 4..30),
            from in 0_usize..10,
        ) {
            let word = |number: &usize| format!("{}{number}", ["word", "letter", "sea"][number % 3]);
            let mut text = String::new();
            let mut breaks = breaks.into_iter().cycle();
            for part in [&words[..], &words[from..], &words[..words.len() - from]] {
                let mut rest = part;
                while !rest.is_empty() {
                    let (line, below) = rest.split_at(breaks.next().unwrap_or(1).min(rest.len()));
                    text.push_str(&(line.iter().map(word).collect::<Vec<_>>().join(" ") + "\n"));
                    rest = below;
                }
                text.push_str("The end.\n");
            }
            let doc = Document::new(&text);
            let rewrapped = found(&doc);
            // Too many texts without runs are an error.
            prop_assume!(rewrapped.is_some());
            let rewrapped = rewrapped.unwrap_or_else(|| unreachable!());
            let lines: Vec<&str> = text.lines().collect();
            let mut end = 0;
            for (i, run) in rewrapped.runs.iter().enumerate() {
                prop_assert!(end <= run.lines.start && run.lines.end as usize <= lines.len());
                end = run.lines.end;
                let own = lines[run.lines.start as usize..end as usize].concat();
                prop_assert_eq!(letters(&own), letters(&run.text), "{}", text);
                for original in rewrapped.runs[..i].iter().filter(|original| original.text == run.text) {
                    let parts = rewrapped.parts(&original.lines, &run.lines);
                    prop_assert_eq!(parts.last().map(|part| part.copy.end), Some(run.lines.end));
                    for Part { original, copy } in parts {
                        let joined = |run: Range<u32>| lines[run.start as usize..run.end as usize].join(" ");
                        prop_assert_eq!(joined(original), joined(copy));
                    }
                }
            }
        }
    }
}
