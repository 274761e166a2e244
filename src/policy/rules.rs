//! The rules, as data: each row is a set of conditions that must all hold and of guards none of which may.

use std::fmt;
use std::str::FromStr;

use crate::error::PolicyError;
use crate::document::headings::Relation;
use crate::repeats::{Evidence, Layers, Measures};

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident $name:literal),* $(,)?) => {
        /// A rule of a [`Policy`](crate::Policy).
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// All rules, in the order in which they are asked.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$rule),*];

            /// Returns the name of the rule, which is the reason of what it removes.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$rule => $name,)* }
            }
        }
    };
}

rules! {
    /// The text is (nearly) all there is, again.
    Document "document",
    /// The body of a page, again.
    Body "body",
    /// A long copy directly behind its original.
    Echo "echo",
    /// Many copies in direct succession.
    Loop "loop",
    /// A text of which nearly every line is doubled in place.
    Layers "layers",
    /// Several long paragraphs again, far away.
    Far "far",
    /// A short block again, close by.
    Near "near",
    /// A box that occurs several times between other text.
    Template "template",
    /// The only thing that repeats.
    Lone "lone",
    /// A menu or list of short lines, again.
    Menu "menu",
    /// A box or caption directly behind itself.
    Box "box",
}

/// The rules of the default policy, and what the policy for web pages adds.
pub(super) const DEFAULT: [Rule; 6] =
    [Rule::Document, Rule::Body, Rule::Echo, Rule::Loop, Rule::Layers, Rule::Far];
pub(super) const SCRAPER: [Rule; 5] = [Rule::Near, Rule::Template, Rule::Lone, Rule::Menu, Rule::Box];

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
        rule.ok_or_else(|| PolicyError::UnknownRule { name: name.to_owned() })
    }
}

/// What a rule is asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Pass {
    Tandem,
    Block,
    Any,
}

impl Pass {
    fn asks(self, is_tandem: bool) -> bool {
        match self {
            Self::Tandem => is_tandem,
            Self::Block => !is_tandem,
            Self::Any => true,
        }
    }
}

/// What must be true of a block. Shares are hundredths, weights count letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Condition {
    /// One copy is so much of the text, copies beyond the second not counted.
    Share(u64),
    /// So much of copy and original, holes included, has a partner.
    Coverage(u64),
    /// One copy weighs so much.
    Weight(u64),
    /// So many segments.
    Segments(u32),
    /// So many copies in direct succession, the original included.
    Count(u32),
    /// So much of the weight is in lines that end a sentence.
    Prose(u64),
    /// So much of the weight is in lines that end with a letter or digit.
    Bare(u64),
    /// The lines occur nowhere else, in the median.
    OnlyHere,
    /// The lines occur so often at most, in the median.
    Rare(u32),
    /// The lines occur so often at least, in the median.
    Occurrences(u32),
    /// So much of the weight occurs just as often as the median.
    Uniform(u64),
    /// Of all that is repeated in the text, so much is this content.
    ShareOfRepeats(u64),
    /// So little is between original and copy, in hundredths of the block.
    Distance(u64),
}

/// What keeps a block although all conditions hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Guard {
    Parallel,
    Sections,
    Quoted,
    Records,
    Entries,
    Code,
    Verse,
    Song,
    List,
}

struct Row {
    rule: Rule,
    pass: Pass,
    conditions: &'static [Condition],
    guards: &'static [Guard],
    /// The kinds of text that the row is for.
    texts: &'static str,
}

use Condition::*;
use Guard::*;

const RULES: &[Row] = &[
    Row {
        rule: Rule::Document,
        pass: Pass::Any,
        conditions: &[Share(42), Coverage(80), Weight(20)],
        guards: &[Parallel, Code, Entries],
        texts: "pages that were printed, exported or rendered twice as a whole",
    },
    Row {
        rule: Rule::Body,
        pass: Pass::Any,
        conditions: &[Share(30), Coverage(60), Weight(120), Segments(2), Prose(15)],
        guards: &[Sections, Records, Code, Verse],
        texts: "articles whose body comes again",
    },
    Row {
        rule: Rule::Body,
        pass: Pass::Any,
        conditions: &[Share(25), Coverage(60), Weight(200), Segments(2), OnlyHere, Prose(30)],
        guards: &[Sections, Quoted, Records, Code, Verse],
        texts: "articles whose body comes again between much other text",
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
        texts: "the same where they come again elsewhere",
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
        texts: "short loops of the same",
    },
    Row {
        rule: Rule::Far,
        pass: Pass::Block,
        conditions: &[Weight(450), Coverage(80), Prose(70), Rare(3), Uniform(60), ShareOfRepeats(70)],
        guards: &[Sections, Quoted, Records, Code, Verse, List],
        texts: "long articles with several paragraphs printed again at the end",
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
            Segments(2), Weight(80), Coverage(90), Occurrences(3), Uniform(90), Prose(50), Bare(5), ShareOfRepeats(75),
        ],
        guards: &[Records, Code],
        texts: "boxes between the sections of a page: a sentence or two, and a label or a button",
    },
    Row {
        rule: Rule::Lone,
        pass: Pass::Block,
        conditions: &[Weight(150), Coverage(80), Prose(50), OnlyHere, ShareOfRepeats(95)],
        guards: &[Sections, Quoted, Records, Code, Verse, List],
        texts: "a teaser, a caption or a summary that comes again",
    },
    Row {
        rule: Rule::Menu,
        pass: Pass::Block,
        conditions: &[Segments(5), Weight(60), Coverage(85), Bare(80), Rare(3), ShareOfRepeats(45)],
        guards: &[Parallel, Records, Code],
        texts: "menus, lists and metadata that come again",
    },
    Row {
        rule: Rule::Box,
        pass: Pass::Tandem,
        conditions: &[Weight(40), Rare(3)],
        guards: &[Records, Code, Song],
        texts: "boxes and captions that are rendered twice in a row",
    },
];

impl Condition {
    /// Whether the condition holds by the numbers alone; `None` if it depends on the kinds of the lines.
    fn by_numbers(self, m: &Measures) -> Option<bool> {
        let share = Measures::at_least;
        Some(match self {
            Share(least) => share(m.weight, least, m.document),
            Coverage(least) => share(m.weight, least, m.copy_span) && share(m.weight, least, m.original_span),
            Weight(least) => m.weight >= least,
            Segments(least) => m.segments >= least,
            Count(least) => m.count >= least,
            OnlyHere => m.occurrences <= m.count,
            Rare(most) => m.occurrences <= most.max(m.count),
            Occurrences(least) => m.occurrences >= least,
            Uniform(least) => share(m.uniform, least, m.weight),
            ShareOfRepeats(least) => share(m.copies, least, m.repeated),
            Distance(most) => !share(m.distance, most + 1, m.weight),
            Prose(_) | Bare(_) => return None,
        })
    }

    fn holds(self, m: &Measures, evidence: &mut dyn Evidence) -> bool {
        let kinds = |evidence: &mut dyn Evidence| evidence.kinds();
        match self {
            Prose(least) => Measures::at_least(kinds(evidence).prose, least, m.weight),
            Bare(least) => Measures::at_least(kinds(evidence).bare, least, m.weight),
            other => other.by_numbers(m) == Some(true),
        }
    }

    const fn reason(self) -> &'static str {
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
        }
    }
}

impl Guard {
    fn forbids(self, m: &Measures, evidence: &mut dyn Evidence) -> bool {
        match self {
            Parallel => evidence.headings().0 == Relation::OneKind,
            Sections => evidence.headings().0 != Relation::None,
            Quoted => evidence.headings().1,
            Entries => {
                let kinds = evidence.kinds();
                kinds.records * 2 >= m.segments && !kinds.is_ascending
            }
            Records => evidence.kinds().records * 2 >= m.segments,
            Code => Measures::at_least(evidence.kinds().code, 40, m.weight),
            Song => m.max_segment_weight < 45 && !Measures::at_least(evidence.kinds().bare, 60, m.weight),
            Verse => m.max_segment_weight < 45,
            List => evidence.kinds().items * 2 >= m.segments,
        }
    }

    const fn reason(self) -> &'static str {
        match self {
            Parallel | Sections => "parallel sections",
            Quoted => "quotation",
            Records | Entries => "records",
            Code => "code",
            Verse | Song => "verse",
            List => "list",
        }
    }
}

/// The weight from which some rule of a set may remove a block, or a tandem repeat with all of its copies, whatever its share
/// of the text is. With no rules, all repetition is of interest.
pub(super) fn least_weight(rules: u32, is_tandem: bool) -> u64 {
    let of_row = |row: &Row| {
        let find = |weight: fn(&Condition) -> Option<u64>| row.conditions.iter().find_map(weight);
        let weight = find(|condition| if let Weight(least) = condition { Some(*least) } else { None });
        let count = find(|condition| if let Count(least) = condition { Some(u64::from(*least)) } else { None });
        let needs_much = find(|condition| if let Share(least) = condition { Some(*least) } else { None })
            .is_some_and(|share| share >= MUCH);
        (!needs_much).then(|| weight.unwrap_or(0) * if is_tandem { count.unwrap_or(2) } else { 1 })
    };
    let asked = RULES.iter().filter(|row| rules & bits(&[row.rule]) != 0 && row.pass.asks(is_tandem));
    asked.filter_map(of_row).min().unwrap_or(0)
}

/// Repetition is of interest if it is so much of the text, in hundredths, whatever it weighs.
pub(super) const MUCH: u64 = 20;

/// Decides on a block by the rules of a set, and returns whether it is removed and why. A block that no rule removes is kept
/// by the first guard of a rule whose conditions all hold or, if there is none, by the first condition that fails in the row
/// of which most hold. The kinds of the lines are looked at only if all the numbers of a row hold.
pub(super) fn decide(rules: u32, m: &Measures, evidence: &mut dyn Evidence) -> (bool, &'static str) {
    let mut kept = (0, "keep-all");
    for row in RULES {
        if !row.pass.asks(m.is_tandem) || rules & bits(&[row.rule]) == 0 {
            continue;
        }
        let fails = |condition: &&Condition| condition.by_numbers(m) == Some(false);
        let held = 1 + row.conditions.iter().filter(|condition| condition.by_numbers(m) == Some(true)).count();
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

/// Whether what is doubled in place is a second layer: nearly all of a stretch of the text, or nearly all that repeats.
pub(crate) fn is_double_layer(layers: &Layers) -> bool {
    let Layers { runs, segments, weight, span, repeated } = *layers;
    let is_stretch = segments >= 6
        && weight >= 150
        && Measures::at_least(2 * weight, 85, span)
        && Measures::at_least(weight, 60, repeated);
    let is_all = runs >= 3 && weight >= 60 * u64::from(runs) && Measures::at_least(weight, 80, repeated);
    is_stretch || is_all
}
