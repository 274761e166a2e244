//! Policies: sets of named rules that decide which blocks are removed.

mod conditions;
mod rules;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::error::PolicyError;
use crate::records::Leading;
use crate::repeats::{Evidence, Layers, Measures};

pub use rules::Rule;

/// The decision of a rule of your own about a copy, see [`Cleaner::rule`](crate::Cleaner::rule).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Decision {
    /// The copy is removed, and no further rule is tried. [`Cleaner::rule`](crate::Cleaner::rule)
    /// lists the cases in which it is kept all the same.
    Remove,
    /// The copy is kept, and no further rule is tried for its block. If the block has holes, [its
    /// parts](crate::Cleaner::rule) are decided on too, as blocks of their own.
    Keep,
}

/// A set of rules that decides which copies are removed.
///
/// A policy is plain data. Its string form is the name of a preset (`default`, `scraper`,
/// `transcript`, `pdf`, `keep-all` or `drop-all`), followed by the rules that are added and
/// removed, as in `default+menu-echo`, and by the threshold of similar copies, as in
/// `scraper+similar=0.8`. `Display` and `FromStr` use this form, and so does `serde` with the
/// feature of that name. In a string, a threshold outside the range from 0.1 to 1 is an error.
/// [`Cleaner::rule`](crate::Cleaner::rule) adds a rule of your own.
///
/// ```
/// use refrain::{Policy, Rule};
///
/// let policy = Policy::scraper().without(Rule::Menu);
/// assert_eq!(policy.to_string(), "scraper-menu");
/// assert_eq!("scraper-menu".parse(), Ok(policy));
/// ```
///
/// # Which policy for my text?
///
/// | text | policy | ordinary documents that it changes |
/// |---|---|---|
/// | of unknown origin, or a mixture | [`default`](Self::default) | 0.1 % |
/// | web pages, extracted by a scraper or a browser | [`scraper`](Self::scraper) | 0.6 % |
/// | speech recognition, subtitles, chats, output of language models | [`transcript`](Self::transcript) | 1.7 % |
/// | PDF files and OCR, no verse | [`pdf`](Self::pdf) | 0.1 % |
/// | feeds and pages with teasers, corrected or cut copies | any of these with [`similar(0.8)`](Self::similar) | 14 %, with `default` |
/// | lines as a set: words, addresses, URLs | [`drop_all`](Self::drop_all) | each with two equal lines |
/// | any, for a report only, or with rules of your own | [`keep_all`](Self::keep_all) | none |
///
/// The last column is the share that the policy changes of 4,860 documents with almost nothing to
/// remove, among them manuals, laws, source code, change logs and licenses. Texts of the kind that
/// a policy is for are changed more often.
///
/// # Rules
///
/// Most rules have one to three rows in the second table below. A row has *conditions*, and
/// *guards*, which are reasons to keep a copy all the same: a copy is removed if all conditions of
/// a row hold and none of its guards applies. Cleaning begins inside long lines: loops of words are
/// removed by [bounds of their own](#loops-inside-a-line), and sentences by the rows of the table.
/// After that, `overlap` is tried once. The rest is done in rounds, each on the text that the round
/// before left. A round tries the rules for [double layers](#double-layers), and then decides on
/// [tandem repeats](crate::repeats::Tandem). Other [blocks](crate::repeats::Block) are decided on
/// only in a round that has removed nothing until then. In both cases the heaviest is first, and
/// the rows are tried from top to bottom for each. The rules `overlap` and
/// [`partial`](#parts-of-lines) and the rules for double layers have no row. If no row removes a
/// block, the reason comes from the row that came closest to it. This is the first row whose
/// conditions all hold, and the reason is then the first of its guards that applies. If there is no
/// such row, it is the row with the most conditions that hold, and the reason is a condition that
/// fails; [`BlockDecision::reason`](crate::edits::BlockDecision::reason) lists the reasons.
///
/// | policy | rules |
/// |---|---|
/// | [`default`](Self::default) | `document`, `body`, `echo`, `loop`, `layers`, `far`, `lead`, `partial` |
/// | [`scraper`](Self::scraper) | those of `default`, and `near`, `template`, `lone`, `menu`, `box` |
/// | [`transcript`](Self::transcript) | those of `default`, and `stutter`, `caption`, `overlap`, `overlay` |
/// | [`pdf`](Self::pdf) | those of `default`, and `overlay`, `headings` |
/// | [`keep_all`](Self::keep_all), [`drop_all`](Self::drop_all) | none |
///
#[doc = include_str!("policy/rules.md")]
///
#[doc = include_str!("policy/definitions.md")]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Policy {
    base: Base,
    rules: u32,
    /// The threshold of similar segments in hundredths, or 0 if none is removed.
    similar: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Base {
    Default,
    Scraper,
    Transcript,
    Pdf,
    KeepAll,
    DropAll,
}

impl Base {
    const ALL: [Self; 6] =
        [Self::Default, Self::Scraper, Self::Transcript, Self::Pdf, Self::KeepAll, Self::DropAll];

    const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Scraper => "scraper",
            Self::Transcript => "transcript",
            Self::Pdf => "pdf",
            Self::KeepAll => "keep-all",
            Self::DropAll => "drop-all",
        }
    }

    fn rules(self) -> u32 {
        match self {
            Self::Default => rules::bits(&rules::DEFAULT),
            Self::Scraper => rules::bits(&rules::DEFAULT) | rules::bits(&rules::SCRAPER),
            Self::Transcript => rules::bits(&rules::DEFAULT) | rules::bits(&rules::TRANSCRIPT),
            Self::Pdf => rules::bits(&rules::DEFAULT) | rules::bits(&rules::PDF),
            Self::KeepAll | Self::DropAll => 0,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::of(Base::Default)
    }
}

impl Policy {
    fn of(base: Base) -> Self {
        Self { base, rules: base.rules(), similar: 0 }
    }

    /// Returns the policy for text of web pages: the default policy, and rules for short blocks,
    /// boxes, menus and the captions of pictures. (The rule `caption` is for subtitles, and this
    /// policy does not have it.) Leading list marks are not compared, see
    /// [`leading`](Self::leading).
    pub fn scraper() -> Self {
        Self::of(Base::Scraper)
    }

    /// Returns the policy for speech, subtitles, chats and the output of models: the default
    /// policy, and rules for four other kinds of repetition. These are short units that occur three
    /// times or more in direct succession, a unit of weight 40 or more directly after an equal one,
    /// lines of any length if nearly all lines are doubled, and the beginning of a line or of a
    /// subtitle that repeats the end of the one before. Leading times and numbers are not compared,
    /// see [`leading`](Self::leading).
    ///
    /// A log in which equal messages follow each other at different times loses messages under this
    /// policy, and a song may lose lines that are sung three times in a row, and a part of weight
    /// 40 or more that is sung twice in a row. A song in which each line is sung twice loses every
    /// second line, whatever its weight.
    pub fn transcript() -> Self {
        Self::of(Base::Transcript)
    }

    /// Returns the policy for text of PDF files and OCR: the default policy, rules that also remove
    /// double layers in which all lines are short, and one for headings that are directly followed
    /// by their copies.
    ///
    /// Verse is not safe under this policy: a song in which each line is sung twice loses every
    /// second line. Running heads and page numbers are not removed, because no rule of this policy
    /// removes a short line far from its original, unless the line is part of a large copy. To
    /// remove them, insert the [pages](crate::records::pages) into an
    /// [`Index`](crate::index::Index), and cut its [boilerplate](crate::index::Index::boilerplate)
    /// from all pages but the first.
    pub fn pdf() -> Self {
        Self::of(Base::Pdf)
    }

    /// Returns the kinds of leading text that a [`Cleaner`](crate::Cleaner) with this policy does
    /// not compare, unless its [options](crate::Options::skip_leading) choose others: times and
    /// numbers for [`transcript`](Self::transcript), list marks for [`scraper`](Self::scraper), and
    /// none for the others.
    pub fn leading(self) -> Leading {
        match self.base {
            Base::Transcript => Leading::NONE.times().counters(),
            Base::Scraper => Leading::NONE.bullets(),
            Base::Default | Base::Pdf | Base::KeepAll | Base::DropAll => Leading::NONE,
        }
    }

    /// Returns the policy that removes nothing, for reports and for rules of your own.
    ///
    /// Blocks are listed as kept, whatever their weight, except those below the minima of
    /// [`Options`](crate::Options). The inside of a short line is not searched, and copies with
    /// [other line breaks](Self#other-line-breaks) are listed only if they are found and all of
    /// them together are at least 10 % of the text.
    pub fn keep_all() -> Self {
        Self::of(Base::KeepAll)
    }

    /// Returns the policy that removes every segment that equals an earlier one, refrains included.
    ///
    /// No rule is tried, so [`with`](Self::with), [`without`](Self::without) and rules of your own
    /// have no effect, and the inside of long lines is not searched.
    pub fn drop_all() -> Self {
        Self::of(Base::DropAll)
    }

    /// Returns this policy with `rule` added.
    #[must_use]
    pub fn with(self, rule: Rule) -> Self {
        Self { rules: self.rules | rules::bits(&[rule]), ..self }
    }

    /// Returns this policy without `rule`.
    #[must_use]
    pub fn without(self, rule: Rule) -> Self {
        Self { rules: self.rules & !rules::bits(&[rule]), ..self }
    }

    /// Returns this policy with the removal of [similar copies](Self#similar-copies): of two
    /// segments of weight 60 or more whose similarity is at least `threshold`, the one with the
    /// lower weight is removed, or the later one if the weights are equal. Whatever the threshold
    /// is, a segment of weight 40 or more whose words are the beginning of a later, longer one is
    /// removed too.
    ///
    /// The threshold is rounded to hundredths. Values outside the range from 0.1 to 1 count as the
    /// nearest value in it, and NaN counts as 1.
    ///
    /// ```
    /// use refrain::{Cleaner, Policy};
    ///
    /// let page = "\
    /// The county has bought the disused brickworks at Ashen Hill and wants it \u{2026}
    /// The county has bought the disused brickworks at Ashen Hill and wants it as a depot.
    /// Work begins in autumn.
    /// ";
    /// let edits = Cleaner::new().policy(Policy::default().similar(0.8)).edits(page);
    /// let teaser = edits.iter().next().expect("the teaser is removed");
    /// assert_eq!(teaser.reason(), "contained");
    /// assert_eq!(&page[teaser.original()], page.lines().nth(1).unwrap_or_default());
    /// ```
    #[must_use]
    pub fn similar(self, threshold: f64) -> Self {
        let threshold = if threshold.is_nan() { 1.0 } else { threshold.clamp(0.1, 1.0) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is at most 100")]
        let similar = (threshold * 100.0).round() as u8;
        Self { similar, ..self }
    }

    /// Returns the threshold from which similar segments are removed, if they are.
    pub(crate) fn least_similarity(self) -> Option<f64> {
        (self.similar > 0).then(|| f64::from(self.similar) / 100.0)
    }

    /// Returns whether `rule` is in the policy.
    pub fn contains(self, rule: Rule) -> bool {
        self.rules & rules::bits(&[rule]) != 0
    }

    /// Returns an iterator over the rules of the policy, in the order of [`Rule::ALL`].
    pub fn rules(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |rule| self.contains(*rule))
    }

    /// Returns whether every copy is removed without asking a rule.
    pub(crate) fn is_drop_all(self) -> bool {
        self.base == Base::DropAll
    }

    /// Returns whether a block with these measures is removed, and the reason: the name of the
    /// rule, or the condition or guard that keeps the block.
    pub(crate) fn decide(self, measures: &Measures, evidence: &mut dyn Evidence) -> (bool, &'static str) {
        rules::decide(self.rules, measures, evidence)
    }

    /// Returns the minimum weight of a block, or of a tandem repeat with all of its copies, that
    /// some rule may remove. `text` is a lower bound of the weight of the text without occurrences
    /// beyond the second. `repeated` is the weight of the segments that equal an earlier one, or
    /// `None` if no block has only labels between its original and its copy.
    pub(crate) fn least_weight(self, is_tandem: bool, text: u64, repeated: Option<u64>) -> u64 {
        let least = rules::least_weight(self.rules, is_tandem, repeated);
        least.min(text.saturating_mul(rules::MUCH) / 100)
    }

    /// Returns the minimum weight of the copies, without the original, that some rule may remove
    /// from a line.
    pub(crate) fn least_repetition(self) -> usize {
        usize::try_from(rules::least_repetition(self.rules)).unwrap_or(usize::MAX)
    }

    /// Returns the limits of loops inside lines.
    pub(crate) fn loops_inside(self) -> &'static LoopLimits {
        if self.contains(Rule::Stutter) { &LoopLimits::TRANSCRIPT } else { &LoopLimits::DEFAULT }
    }

    /// Returns the rule by which short units that are doubled in place are removed.
    pub(crate) fn double_layer(self, layers: &Layers) -> Option<Rule> {
        rules::double_layer(self.rules, layers)
    }

    /// Returns whether `layers` removes units of any length that are doubled in place.
    pub(crate) fn are_doubled_pages(layers: &Layers) -> bool {
        rules::are_doubled_pages(layers)
    }

    /// Returns whether this number of units that are doubled in place, of this weight together, may
    /// be a second layer.
    pub(crate) fn may_be_double_layer(self, runs: usize, weight: u64) -> bool {
        rules::may_be_double_layer(self.rules, runs, weight)
    }

    pub(crate) fn reason_of_no_rule(self) -> &'static str {
        rules::reason_of_no_rule(self.rules)
    }

    /// Returns the weight of the text from which a block lighter than `weight` is less than 10 % of
    /// the text, and needs no decision.
    pub(crate) fn least_text(weight: u64) -> u64 {
        (weight * 100).div_ceil(rules::MUCH)
    }
}

/// The limits of loops inside a line.
#[derive(Debug)]
pub(crate) struct LoopLimits {
    /// The length in bytes from which the inside of a line is cleaned.
    pub(crate) line: usize,
    /// The minimum weight of a unit and the minimum count.
    pub(crate) units: &'static [(u64, u32)],
}

impl LoopLimits {
    /// Four times a phrase, ten times a word: lighter units are laughter, counting and tables, and
    /// authors who repeat a word for effect stop before the tenth time.
    const DEFAULT: Self = Self { line: 300, units: &[(30, 4), (6, 10)] };

    /// Twice a long phrase, as where two chunks of speech overlap; three times a phrase, six times
    /// a word, in any line that is longer than these are.
    const TRANSCRIPT: Self = Self { line: 60, units: &[(40, 2), (20, 3), (6, 6)] };
}

/// Returns the threshold of similar segments with this string form.
fn threshold_of(text: &str) -> Result<f64, PolicyError> {
    let threshold = text.parse().ok().filter(|threshold| (0.1..=1.0).contains(threshold));
    threshold.ok_or_else(|| PolicyError::Threshold { found: text.to_owned() })
}

/// Writes the preset, then the rules that were added and removed, and the threshold of similar
/// segments: `default+menu-echo+similar=0.8`.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.name())?;
        let base = self.base.rules();
        for rule in Rule::ALL {
            let bit = rules::bits(&[rule]);
            match (base & bit != 0, self.rules & bit != 0) {
                (false, true) => write!(f, "+{rule}")?,
                (true, false) => write!(f, "-{rule}")?,
                _ => {}
            }
        }
        self.least_similarity().map_or(Ok(()), |threshold| write!(f, "+{SIMILAR}{threshold}"))
    }
}

/// The characters before the threshold of similar segments in the string form.
const SIMILAR: &str = "similar=";

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        // The names of presets may contain a hyphen.
        let base = Base::ALL.into_iter().find_map(|base| {
            let rest = text.strip_prefix(base.name())?;
            (rest.is_empty() || rest.starts_with(['+', '-'])).then_some((base, rest))
        });
        let Some((base, mut rest)) = base else {
            return Err(PolicyError::UnknownPolicy { name: text.to_owned() });
        };
        let mut policy = Self::of(base);
        while let Some(sign) = rest.chars().next() {
            let end = rest[1..].find(['+', '-']).map_or(rest.len(), |end| end + 1);
            let name = &rest[1..end];
            policy = match name.strip_prefix(SIMILAR).filter(|_| sign == '+') {
                Some(threshold) => policy.similar(threshold_of(threshold)?),
                None if sign == '+' => policy.with(name.parse()?),
                None => policy.without(name.parse()?),
            };
            rest = &rest[end..];
        }
        Ok(policy)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Policy {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Policy {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
