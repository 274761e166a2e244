//! Which blocks are removed: named rules, and sets of them.

mod conditions;
mod rules;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::error::PolicyError;
use crate::repeats::{Evidence, Measures};

pub use rules::Rule;
pub(crate) use rules::is_double_layer;

/// A decision of a rule of the caller's own, see [`Cleaner::rule`](crate::Cleaner::rule).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Decision {
    /// The copy is removed.
    Remove,
    /// The copy is kept, whatever other rules say.
    Keep,
}

/// A set of rules that decides which copies are removed.
///
/// A policy is plain data: it compares, prints, parses (`scraper+menu-echo`) and, with the feature `serde`,
/// serializes as that string. [`Cleaner::rule`](crate::Cleaner::rule) adds a rule of the caller's own.
///
/// ```
/// use refrain::{Policy, Rule};
///
/// let policy = Policy::scraper().without(Rule::Menu);
/// assert_eq!(policy.to_string(), "scraper-menu");
/// assert_eq!("scraper-menu".parse(), Ok(policy));
/// ```
///
/// # Rules
///
/// A copy is removed if all conditions of a row hold and none of its guards forbids it. A kept block names the guard that
/// forbids its removal or, if there is none, the first condition that fails in the row of which most hold.
///
#[doc = include_str!("policy/rules.md")]
///
/// * *Weight* is the number of letters, marks and digits of one copy, an ideograph, kana or Hangul syllable counting 3.
/// * *Share of the text*: copies beyond the second do not count as part of the text.
/// * *Coverage*: the part of both copy and original, holes included, that has a partner.
/// * *Prose*: the part of the weight in lines that end a sentence or weigh 100 or more.
/// * *Occurrences* and *uniformity*: the median of how often the lines occur in the text, and the part of the weight in lines
///   that occur just as often.
/// * *Headings* are up to three lines before original and copy that differ. They are *of one kind* if they are equal but for
///   numbers; have the same first word, last word or bullet; or both end with a question mark or colon. They are *related* if
///   they are of one kind, are one word each, or have a word in common.
/// * *Records* have a time, a date, columns, or mostly digits in half of their lines. *Code* has brackets and operators in
///   lines of 40 % of the weight. *Verse* has no line of 45 or more. A *list* has a bullet or number before half of its lines.
///
/// The rule `layers` is not decided block by block: units of up to three segments that are doubled in place are removed if they
/// are 85 % of a stretch of the text with at least six segments and a weight of 150, and 60 % of all that repeats; or if they
/// are at least three, weigh 60 each in the mean, and are 80 % of all that repeats. It is for PDF and OCR text with two layers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Policy {
    base: Base,
    rules: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Base {
    Default,
    Scraper,
    KeepAll,
    DropAll,
}

impl Base {
    const ALL: [Self; 4] = [Self::Default, Self::Scraper, Self::KeepAll, Self::DropAll];

    const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Scraper => "scraper",
            Self::KeepAll => "keep-all",
            Self::DropAll => "drop-all",
        }
    }

    fn rules(self) -> u32 {
        match self {
            Self::Default => rules::bits(&rules::DEFAULT),
            Self::Scraper => rules::bits(&rules::DEFAULT) | rules::bits(&rules::SCRAPER),
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
        Self { base, rules: base.rules() }
    }

    /// Returns the policy for text of web pages: the default, and rules for short blocks, boxes, menus and captions.
    pub fn scraper() -> Self {
        Self::of(Base::Scraper)
    }

    /// Returns the policy that removes nothing, for reports and for rules of the caller's own.
    pub fn keep_all() -> Self {
        Self::of(Base::KeepAll)
    }

    /// Returns the policy that removes every segment that equals an earlier one, refrains and all: lines as a set.
    pub fn drop_all() -> Self {
        Self::of(Base::DropAll)
    }

    /// Returns this policy with one rule more.
    #[must_use]
    pub fn with(self, rule: Rule) -> Self {
        Self { rules: self.rules | rules::bits(&[rule]), ..self }
    }

    /// Returns this policy with one rule less.
    #[must_use]
    pub fn without(self, rule: Rule) -> Self {
        Self { rules: self.rules & !rules::bits(&[rule]), ..self }
    }

    /// Returns whether `rule` is one of the policy's.
    pub fn contains(self, rule: Rule) -> bool {
        self.rules & rules::bits(&[rule]) != 0
    }

    /// Returns an iterator over the rules of the policy, in the order in which they are asked.
    pub fn rules(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |rule| self.contains(*rule))
    }

    /// Whether every copy is removed, without a look at it.
    pub(crate) fn is_drop_all(self) -> bool {
        self.base == Base::DropAll
    }

    /// Decides on a block: whether it is removed, and the rule, condition or guard that is the reason.
    pub(crate) fn decide(self, measures: &Measures, evidence: &mut dyn Evidence) -> (bool, &'static str) {
        rules::decide(self.rules, measures, evidence)
    }

    /// The weight from which a block, or a tandem repeat with all of its copies, is decided on in a text of this weight or more,
    /// copies beyond the second apart: no rule removes a lighter one.
    pub(crate) fn least_weight(self, is_tandem: bool, text: u64) -> u64 {
        rules::least_weight(self.rules, is_tandem).min(text.saturating_mul(rules::MUCH) / 100)
    }

    /// The weight of the text from which a block of less than `weight` is too little of it to be decided on.
    pub(crate) fn least_text(weight: u64) -> u64 {
        (weight * 100).div_ceil(rules::MUCH)
    }
}

/// Prints the preset, and what was added to it and taken out of it: `scraper+far-echo`.
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
        Ok(())
    }
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        // The names of presets may have a hyphen in them.
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
            let rule = rest[1..end].parse()?;
            policy = if sign == '+' { policy.with(rule) } else { policy.without(rule) };
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
