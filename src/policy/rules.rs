//! The rules, as data. Each row has conditions, all of which must hold, and guards, none of which
//! may hold.

use std::fmt;
use std::str::FromStr;

use crate::error::PolicyError;
use crate::repeats::{Evidence, Layers, Measures};

use super::conditions::Condition::{self, *};
use super::conditions::Guard::{self, *};
use super::conditions::{Pass, VERSE};

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident $name:literal),* $(,)?) => {
        /// A rule of a [`Policy`](crate::Policy).
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// All rules. Those with a row in the [table of rules](crate::Policy#rules) are in the
            /// order of the table.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$rule),*];

            /// Returns the name of the rule, which is the reason of its removals.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$rule => $name,)* }
            }
        }
    };
}

rules! {
    /// Removes a copy that has 42 % of the text or more, such as a text that was printed twice
    /// below one title.
    Document "document",
    /// Removes a later occurrence of the body of a page.
    Body "body",
    /// Removes a long copy directly after its original, or with little text between the two.
    Echo "echo",
    /// Removes all occurrences but the first of a unit that occurs many times in direct succession.
    Loop "loop",
    /// Removes the copies of lines and pages that come twice in a row, as in a PDF file with [two
    /// layers of text](crate::Policy#double-layers) or in captions that roll up, if this is so for
    /// nearly all lines of a stretch of the text, or if little else in the text is repeated.
    Layers "layers",
    /// Removes a long copy that is mostly prose, at any distance from its original.
    Far "far",
    /// Removes a copy that follows its original after a label, such as the lead of an article that
    /// is repeated below the byline.
    Lead "lead",
    /// Removes the line after a removed copy if it is only the beginning of the line after the
    /// original, because the copy was cut off. Inside a long line, this is done with sentences.
    /// There, the sentence before the copy is also removed if it is only the end of the sentence
    /// before the original.
    Partial "partial",
    /// Removes a long copy that is mostly prose and follows its original at a short distance. This
    /// rule is not related to [near duplicates](crate::near).
    Near "near",
    /// Removes all occurrences but the first of a box that is repeated between other text.
    Template "template",
    /// Removes a long copy that is mostly prose if almost nothing else in the text is repeated.
    Lone "lone",
    /// Removes a copy of a menu or of a list of short lines.
    Menu "menu",
    /// Removes a box or the caption of a picture directly after its original.
    Box "box",
    /// Removes all occurrences but the first of a short unit that occurs three times or more in
    /// direct succession.
    Stutter "stutter",
    /// Removes a subtitle or message directly after its original, even if it is a
    /// [record](crate::Policy#rules). Leading times are compared too, unless they are
    /// [skipped](crate::Policy::leading), as by [`Policy::transcript`](crate::Policy::transcript).
    Caption "caption",
    /// Removes the beginning of a line that repeats the end of the line before it, and the lines of
    /// a subtitle that the subtitle before it showed.
    Overlap "overlap",
    /// Removes copies as `layers` does, even if all lines are short.
    Overlay "overlay",
    /// Removes the copies of short lines, such as headings, each of which directly follows its
    /// original, if little else is repeated.
    Headings "headings",
}

/// The rules of the default policy, and the rules that the policy for web pages adds.
pub(super) const DEFAULT: [Rule; 8] =
    [Rule::Document, Rule::Body, Rule::Echo, Rule::Loop, Rule::Layers, Rule::Far, Rule::Lead, Rule::Partial];
pub(super) const SCRAPER: [Rule; 5] = [Rule::Near, Rule::Template, Rule::Lone, Rule::Menu, Rule::Box];
/// The rules that the policies for transcripts and for PDF and OCR text add.
pub(super) const TRANSCRIPT: [Rule; 4] = [Rule::Stutter, Rule::Caption, Rule::Overlap, Rule::Overlay];
pub(super) const PDF: [Rule; 2] = [Rule::Overlay, Rule::Headings];

pub(super) fn bits(rules: &[Rule]) -> u32 {
    rules.iter().fold(0, |bits, rule| bits | 1 << *rule as u32)
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Rule {
    type Err = PolicyError;

    fn from_str(name: &str) -> Result<Self, PolicyError> {
        let rule = Self::ALL.into_iter().find(|rule| rule.name() == name);
        rule.ok_or_else(|| PolicyError::UnknownRule {
            name: name.to_owned(),
            expected: Self::ALL.map(Self::name).join(", "),
        })
    }
}

pub(super) struct Row {
    pub(super) rule: Rule,
    pub(super) pass: Pass,
    pub(super) conditions: &'static [Condition],
    pub(super) guards: &'static [Guard],
    /// The kinds of text for which the row exists.
    #[cfg_attr(not(test), expect(dead_code, reason = "the table of the documentation has it"))]
    pub(super) texts: &'static str,
}

/// The minima of a row. The weight is the greatest number if the row requires a share of the text
/// of 10 % or more, so that no weight is too small.
struct Least {
    rule: u32,
    pass: Pass,
    /// The minimum share of a copy in all repetition, in hundredths, if the row requires that there
    /// are only labels between original and copy.
    labeled: Option<u64>,
    /// The minimum weight of a unit and the minimum number of units.
    weight: u64,
    count: u64,
}

impl Row {
    /// Returns the minima, with the greatest weight if the row requires a share of the text of 10 %
    /// or more.
    const fn least(&self) -> Least {
        let (rule, pass) = (1 << self.rule as u32, self.pass);
        let mut least = Least { rule, pass, labeled: None, weight: 0, count: 2 };
        let (mut is_large, mut share_of_repeats) = (false, 0);
        let mut i = 0;
        while i < self.conditions.len() {
            match self.conditions[i] {
                Share(share) if share >= MUCH => is_large = true,
                Weight(weight) => least.weight = weight,
                Count(count) => least.count = count as u64,
                ShareOfRepeats(share) => share_of_repeats = share,
                Labeled => least.labeled = Some(0),
                _ => {}
            }
            i += 1;
        }
        if least.labeled.is_some() {
            least.labeled = Some(share_of_repeats);
        }
        if is_large {
            least.weight = u64::MAX;
        }
        least
    }
}

/// The minima of each row.
const LEAST: [Least; RULES.len()] = {
    let mut all = [const { RULES[0].least() }; RULES.len()];
    let mut i = 0;
    while i < RULES.len() {
        all[i] = RULES[i].least();
        i += 1;
    }
    all
};

/// The rules, in the order in which they are asked. A rule may have several rows.
pub(super) const RULES: &[Row] = &[
    Row {
        rule: Rule::Document,
        pass: Pass::Any,
        conditions: &[Share(42), Coverage(80), Weight(20)],
        guards: &[Parallel, Code, Entries, Refrain],
        texts: "pages that were printed, exported or rendered twice as a whole",
    },
    Row {
        rule: Rule::Body,
        pass: Pass::Any,
        conditions: &[Share(30), Coverage(60), Weight(120), Segments(2), Prose(15)],
        guards: &[Sections, Records, Code, Verse],
        texts: "articles whose body is repeated",
    },
    Row {
        rule: Rule::Body,
        pass: Pass::Any,
        conditions: &[Share(25), Coverage(60), Weight(200), Segments(2), OnlyHere, Prose(30)],
        guards: &[Sections, Quoted, Records, Code, Verse],
        texts: "articles whose body is repeated between much other text",
    },
    Row {
        rule: Rule::Echo,
        pass: Pass::Tandem,
        conditions: &[Weight(85), OnlyHere],
        guards: &[Records, Code, Verse],
        texts: "paragraphs that a template printed twice in a row",
    },
    Row {
        rule: Rule::Echo,
        pass: Pass::Tandem,
        conditions: &[Weight(300), Prose(70), Rare(4)],
        guards: &[Records, Code, Verse],
        texts: "doubled paragraphs that also occur elsewhere",
    },
    Row {
        rule: Rule::Echo,
        pass: Pass::Any,
        conditions: &[Share(25), Distance(15), Coverage(80), Weight(120), Segments(16), OnlyHere],
        guards: &[Sections, Records, Code, Song],
        texts: "long menus and lists that were extracted twice, with the element around them and alone",
    },
    Row {
        rule: Rule::Loop,
        pass: Pass::Tandem,
        conditions: &[Count(4), Weight(30)],
        guards: &[Records, Code],
        texts: "output of speech recognizers, OCR engines and language models",
    },
    Row {
        rule: Rule::Loop,
        pass: Pass::Tandem,
        conditions: &[Count(12), Weight(8)],
        guards: &[Records, Code],
        texts: "short loops in such output",
    },
    Row {
        rule: Rule::Far,
        pass: Pass::Block,
        conditions: &[Weight(450), Coverage(80), Prose(70), Rare(3), Uniform(60), ShareOfRepeats(70)],
        guards: &[Sections, Quoted, Records, Code, Verse, List],
        texts: "long articles with several paragraphs printed again at the end",
    },
    Row {
        rule: Rule::Lead,
        pass: Pass::Block,
        conditions: &[Weight(100), Distance(60), Prose(50), ShareOfRepeats(40), Labeled, Continued],
        guards: &[Parallel, Quoted, Records, Code, Verse],
        texts: "a lead or teaser that is repeated below a byline or a date, before the rest of the article",
    },
    Row {
        rule: Rule::Lead,
        pass: Pass::Block,
        conditions: &[Weight(250), Distance(25), Prose(50), ShareOfRepeats(60), Labeled],
        guards: &[Sections, Quoted, Records, Code, Verse],
        texts: "a description that is repeated below the names of tabs",
    },
    Row {
        rule: Rule::Near,
        pass: Pass::Block,
        conditions: &[Weight(150), Distance(15), Coverage(80), Prose(50), OnlyHere, ShareOfRepeats(60)],
        guards: &[Sections, Quoted, Records, Code, Verse],
        texts: "an element that is rendered twice with a label or a picture between",
    },
    Row {
        rule: Rule::Template,
        pass: Pass::Any,
        conditions: &[
            Segments(2),
            Weight(80),
            Coverage(90),
            Occurrences(3),
            Uniform(90),
            Prose(50),
            Bare(5),
            ShareOfRepeats(75),
        ],
        guards: &[Records, Code, Wrapped],
        texts: "boxes between the sections of a page: a sentence or two, and a label or a button",
    },
    Row {
        rule: Rule::Lone,
        pass: Pass::Block,
        conditions: &[Weight(150), Coverage(80), Prose(50), OnlyHere, ShareOfRepeats(95)],
        guards: &[Sections, Quoted, Records, Code, Verse, List],
        texts: "a caption, a summary or an introduction that is repeated",
    },
    Row {
        rule: Rule::Menu,
        pass: Pass::Block,
        conditions: &[Segments(5), Weight(60), Coverage(85), Bare(80), Rare(3), ShareOfRepeats(45)],
        guards: &[Named, Serial, Records, Code],
        texts: "menus, lists and metadata that are repeated",
    },
    Row {
        rule: Rule::Box,
        pass: Pass::Tandem,
        conditions: &[Weight(40), Rare(3)],
        guards: &[Records, Code, Song],
        texts: "boxes and captions that are rendered twice in a row",
    },
    Row {
        rule: Rule::Stutter,
        pass: Pass::Tandem,
        conditions: &[Count(3), Weight(12)],
        guards: &[Code],
        texts: "output of speech recognizers, where a unit three times in a row is a fault",
    },
    Row {
        rule: Rule::Caption,
        pass: Pass::Tandem,
        conditions: &[Weight(40), Rare(4)],
        guards: &[Code],
        texts: "captions that roll up line by line, and chat messages that were sent twice",
    },
];

/// Returns the minimum weight of a block, or of a tandem repeat with all of its copies, that some
/// rule of a set may remove, whatever its share of the text is. `repeated` is the weight of all
/// repetition of the text, or `None` if no block has only labels between its original and its copy.
/// Returns 0 for an empty set, because all repetition is then listed.
pub(super) fn least_weight(rules: u32, is_tandem: bool, repeated: Option<u64>) -> u64 {
    let asked = LEAST.iter().filter(|row| rules & row.rule != 0 && row.pass.asks(is_tandem));
    let weight = |row: &Least| match (row.labeled, repeated) {
        (None, _) if is_tandem => row.weight.saturating_mul(row.count),
        (None, _) => row.weight,
        // The lines of such a block occur nowhere else.
        (Some(part), Some(repeated)) => row.weight.max(repeated.saturating_mul(part).div_ceil(100)),
        (Some(_), None) => u64::MAX,
    };
    asked.filter(|row| row.weight < u64::MAX).map(weight).min().unwrap_or(0)
}

/// Returns the minimum weight of copies, without the original, that some rule of a set may remove,
/// whatever their share of the text is.
pub(super) fn least_repetition(rules: u32) -> u64 {
    let asked = LEAST.iter().filter(|row| rules & row.rule != 0);
    let least = asked.map(|row| row.weight.saturating_mul(row.count - 1)).min().unwrap_or(u64::MAX);
    if least == u64::MAX { 0 } else { least }
}

/// The share of the text, in hundredths, from which a block of any weight is decided on.
pub(super) const MUCH: u64 = 10;

/// Returns whether the rules of a set remove a block, and the reason. A block that no rule removes
/// is kept by the first guard of a rule whose conditions all hold or, if there is none, by the
/// first condition that fails in the row with the most conditions that hold. The kinds of the lines
/// are computed only if all numeric conditions of a row hold.
pub(super) fn decide(rules: u32, m: &Measures, evidence: &mut dyn Evidence) -> (bool, &'static str) {
    // The source of a text may be beside its rendering, which has other line breaks.
    if m.is_rewrapped && !Measures::at_least(m.weight, MUCH, m.document) {
        return (false, Share(MUCH).reason());
    }
    // Who quotes a text breaks its lines anew.
    if m.is_rewrapped && Quoted.forbids(m, evidence) {
        return (false, Quoted.reason());
    }
    let mut kept = (0, reason_of_no_rule(rules));
    for row in RULES {
        if !row.pass.asks(m.is_tandem) || rules & bits(&[row.rule]) == 0 {
            continue;
        }
        let fails = |condition: &&Condition| condition.by_numbers(m) == Some(false);
        let held =
            1 + row.conditions.iter().filter(|condition| condition.by_numbers(m) == Some(true)).count();
        if let Some(condition) = row.conditions.iter().find(fails) {
            if held > kept.0 {
                kept = (held, condition.reason());
            }
            continue;
        }
        if let Some(condition) = row.conditions.iter().find(|condition| !condition.holds(m, evidence)) {
            if held + 1 > kept.0 {
                kept = (held + 1, condition.reason());
            }
            continue;
        }
        match row.guards.iter().find(|guard| guard.forbids(m, evidence)) {
            None => return (true, row.rule.name()),
            Some(guard) if kept.0 < usize::MAX => kept = (usize::MAX, guard.reason()),
            Some(_) => {}
        }
    }
    (false, kept.1)
}

/// Returns the reason to keep a block that no rule of a set asks about.
pub(super) fn reason_of_no_rule(rules: u32) -> &'static str {
    if rules == 0 { "keep-all" } else { "no rule" }
}

/// Returns the rule of a set by which short units that are doubled in place are a second layer:
/// nearly all of a stretch of the text, or nearly all repetition.
pub(super) fn double_layer(rules: u32, layers: &Layers) -> Option<Rule> {
    let Layers { runs, segments, continued, max_segment_weight, weight, copies, repeated, .. } = *layers;
    let is_stretch = segments >= 6
        && weight >= STRETCH
        && layers.fill_their_span()
        && Measures::at_least(copies, 60, repeated);
    let is_most = Measures::at_least(copies, 80, repeated);
    let is_all = u64::from(runs) >= LEAST_RUNS && weight >= RUN * u64::from(runs) && is_most;
    // Short lines may be a song in which each line is sung twice. Its lines begin with capitals.
    let are_captions = is_long(layers) && u64::from(continued) * 2 >= u64::from(segments);
    let is_no_song = max_segment_weight >= VERSE || are_captions;
    let found = [
        (Rule::Layers, is_no_song && (is_stretch || is_all)),
        (Rule::Overlay, is_stretch || is_all),
        (Rule::Headings, runs >= HEADINGS && max_segment_weight <= HEADING && is_most),
    ];
    found.into_iter().find(|(rule, holds)| *holds && rules & bits(&[*rule]) != 0).map(|(rule, _)| rule)
}

/// Returns whether units that are doubled in place are pages or lists, each of which comes twice.
/// The stanzas of a song that are sung twice are shorter, or have one length.
pub(super) fn are_doubled_pages(layers: &Layers) -> bool {
    let Layers { pages, page_segments, shortest, longest, weight, .. } = *layers;
    is_long(layers)
        && weight >= STRETCH
        && layers.fill_their_span()
        && u64::from(pages) >= LEAST_RUNS
        && u64::from(page_segments) >= PAGE * u64::from(pages)
        && shortest < longest
}

/// Returns whether units have many segments, and their copies are nearly all repetition.
fn is_long(layers: &Layers) -> bool {
    layers.segments >= LONG_STRETCH && Measures::at_least(layers.copies, 95, layers.repeated)
}

/// Returns whether this number of units that are doubled in place, of this weight together, may be
/// a second layer by [`double_layer`], or doubled pages by [`are_doubled_pages`].
pub(super) fn may_be_double_layer(rules: u32, runs: usize, weight: u64) -> bool {
    let may_be_headings = runs >= HEADINGS as usize && rules & bits(&[Rule::Headings]) != 0;
    may_be_headings || weight >= STRETCH.min(LEAST_RUNS * RUN)
}

/// The minimum weight of a stretch of units that are doubled.
const STRETCH: u64 = 150;

/// The minimum number of doubled lines that are no song, if they are nearly all repetition.
const LONG_STRETCH: u32 = 30;

/// The minimum mean number of segments of pages and lists.
const PAGE: u64 = 5;

/// The minimum number of doubled units that may be nearly all repetition, and their mean weight.
const LEAST_RUNS: u64 = 3;
const RUN: u64 = 60;

/// The minimum number of doubled headings.
const HEADINGS: u32 = 4;

/// The greatest weight of a heading.
const HEADING: u32 = 80;
