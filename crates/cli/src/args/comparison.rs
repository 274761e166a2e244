//! Options that choose what is compared, and what is removed.

use clap::Args;
use refrain::records::Leading;
use refrain::{Normalization, Options, Policy, Rule, Segmentation};

/// Differences that are ignored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Fold {
    Digits,
    Diacritics,
    Punctuation,
    Arabic,
    References,
}

/// Options that choose when two segments are equal.
#[derive(Debug, Args)]
#[command(next_help_heading = "Comparison")]
pub struct Comparison {
    /// Ignore these differences, with commas between them: `digits`, `diacritics`, `punctuation`,
    /// `arabic` (spellings of Arabic words), `references` (such as `&amp;`)
    #[arg(long, value_name = "NAMES", value_delimiter = ',', hide_possible_values = true)]
    fold: Vec<Fold>,
}

impl Comparison {
    /// Returns the canonical form.
    pub fn normalization(&self) -> Normalization {
        self.fold.iter().fold(Normalization::TEXT, |form, fold| match fold {
            Fold::Digits => form.fold_digits(),
            Fold::Diacritics => form.strip_diacritics(),
            Fold::Punctuation => form.strip_punctuation(),
            Fold::Arabic => form.fold_arabic(),
            Fold::References => form.decode_references(),
        })
    }
}

/// Options that choose the segments of one document, and the copies that are removed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Comparison")]
pub struct PolicyArgs {
    /// Remove the copies that this policy removes. `default`: only what looks as if software
    /// repeated it. `scraper`: that, and menus, boxes and captions of web pages. `transcript`: what
    /// `default` removes, and units that occur three times in a row, lines of 40 letters or more
    /// directly after an equal one, lines of any length if nearly all lines are doubled, and
    /// beginnings of lines or subtitles that repeat the end of the one before. `pdf`: what
    /// `default` removes, and double layers even if all lines are short, and headings directly
    /// followed by their copies. `keep-all`: nothing. `drop-all`: every segment that equals an
    /// earlier one
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = policy)]
    policy: Policy,
    #[arg(long, value_name = "RULE", value_parser = rule, help = help_of_rules())]
    with: Vec<Rule>,
    /// Take a rule out of the policy; may be given several times
    #[arg(long, value_name = "RULE", value_parser = rule)]
    without: Vec<Rule>,
    /// Also remove edited copies and teasers. If the similarity of two segments with 60 letters and
    /// digits or more is at least T, from 0.1 to 1, the one with fewer is removed, or the later one
    /// if both have as many; and so is a segment with 40 or more whose words are the beginning of a
    /// later, longer one
    #[arg(long, value_name = "T", value_parser = threshold)]
    similar: Option<f64>,
    /// Compare `lines`; `paragraphs`, between blank lines; `sentences`; `words`; or `auto`. That is
    /// lines and, inside each line of 300 bytes or more (60 with the rule `stutter`), its sentences
    /// and loops, and copies with other line breaks; with `drop-all`, only lines
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = segmentation)]
    granularity: Segmentation,
    /// Leave these beginnings of lines out of the comparison, with commas between them: `times`,
    /// `counters`, `bullets`, `quotes`; or `none`. The default is that of the policy:
    /// `times,counters` for `transcript`, `bullets` for `scraper`, and `none` for the others
    #[arg(long, value_name = "NAMES", value_parser = leading)]
    skip_leading: Option<Leading>,
    /// Keep a block if each of its segments has fewer than N letters, combining marks and digits
    /// (an ideograph counts 3)
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_weight: u32,
}

impl PolicyArgs {
    /// Returns the policy, with all options that change it.
    pub fn policy(&self) -> Policy {
        let policy = self.with.iter().fold(self.policy, |policy, rule| policy.with(*rule));
        let policy = self.without.iter().fold(policy, |policy, rule| policy.without(*rule));
        self.similar.map_or(policy, |threshold| policy.similar(threshold))
    }

    /// Returns the options with which documents are read.
    pub fn options(&self, comparison: &Comparison) -> Options {
        Options::new()
            .segmentation(self.granularity)
            .normalization(comparison.normalization())
            .min_weight(self.min_weight)
            .skip_leading(self.leading())
    }

    fn leading(&self) -> Leading {
        self.skip_leading.unwrap_or(self.policy.leading())
    }

    /// Returns a line of text that differs if the options differ.
    pub fn describe(&self, comparison: &Comparison) -> String {
        let Self { granularity, min_weight, .. } = self;
        let (policy, leading, form) = (self.policy(), self.leading(), comparison.normalization());
        format!(
            "policy {policy}, granularity {granularity}, form {form}, skip-leading {leading}, min-weight {min_weight}"
        )
    }
}

fn help_of_rules() -> String {
    let names = Rule::ALL.map(|rule| format!("`{rule}`"));
    format!("Add a rule to the policy: {}; may be given several times", names.join(", "))
}

fn threshold(value: &str) -> Result<f64, String> {
    let threshold = value.parse().ok().filter(|threshold| (0.1..=1.0).contains(threshold));
    threshold.ok_or_else(|| "expected a number from 0.1 to 1".to_owned())
}

// The messages of the library name what is expected.

fn policy(name: &str) -> Result<Policy, refrain::error::PolicyError> {
    name.parse()
}

fn rule(name: &str) -> Result<Rule, refrain::error::PolicyError> {
    name.parse()
}

fn segmentation(name: &str) -> Result<Segmentation, refrain::error::SegmentationError> {
    name.parse()
}

fn leading(names: &str) -> Result<Leading, refrain::error::LeadingError> {
    names.parse()
}
