//! Find, decide, cut, until nothing changes.

mod rounds;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::document::Document;
use crate::edit::EditList;
use crate::options::Options;
use crate::policy::Policy;
use crate::repeats::Repeats;

use rounds::Rounds;

/// How many rounds of finding and cutting there are at most.
const ROUNDS: usize = 8;

/// `text` without what the default policy drops; borrowed if that is nothing. Lines are compared in their
/// default canonical form.
///
/// The result is never empty unless the text is, every line that went has an equal one in it, and cleaning it
/// again changes nothing (after eight rounds without an end, which takes a text made for the purpose, it may:
/// see [`EditList::is_settled`]).
///
/// # Complexity
///
/// Linear in the text for finding and cutting, O(k log n) for k copies, and eight rounds at most.
///
/// ```
/// use std::borrow::Cow;
///
/// let body = "The ferry leaves at nine.\nIt is always late.";
/// let doubled = format!("The ferry\n{body}\n{body}");
/// assert_eq!(refrain::clean(&doubled), format!("The ferry\n{body}\n"));
/// assert!(matches!(refrain::clean(body), Cow::Borrowed(_)));
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    Cleaner::new().clean(text)
}

/// Cleans texts, all with the same options and policy.
///
/// ```
/// use refrain::{Cleaner, Options, Policy};
///
/// let cleaner = Cleaner::new().options(Options::new().min_weight(10)).policy(Policy::All);
/// let text = "* * *\nA paragraph.\n* * *\nAnother one.\nA paragraph.\n* * *\n";
/// assert_eq!(cleaner.clean(text), "* * *\nA paragraph.\n* * *\nAnother one.\n");
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct Cleaner {
    options: Options,
    policy: Policy,
}

impl Cleaner {
    /// The default options and the default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// How texts are read.
    #[must_use]
    pub fn options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// What goes.
    #[must_use]
    pub fn policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// `text` without what goes; borrowed if nothing does.
    pub fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.settle(text).apply()
    }

    /// What goes from `text`, and why: [`Policy::settle`] on the document that it is.
    pub fn settle<'t>(&self, text: &'t str) -> EditList<'t> {
        self.policy.settle(&Document::with_options(text, &self.options))
    }
}

impl Policy {
    /// What goes at the first look: one pure pass, in which every copy is judged as it stands in the document.
    ///
    /// What is left may have copies in it that were none before: `a b a a b b` without its `a b` in the middle
    /// is `a b a b`. [`settle`](Self::settle) goes on.
    pub fn edits<'t>(self, repeats: &Repeats<'_, 't>) -> EditList<'t> {
        let mut rounds = Rounds::new(self, repeats.document());
        rounds.round(repeats.found(), true);
        rounds.into_edits()
    }

    /// What goes when finding, deciding and cutting are repeated until nothing changes, at most eight times.
    ///
    /// # Complexity
    ///
    /// That of [`Document::repeats`], for every round.
    pub fn settle<'t>(self, doc: &Document<'t>) -> EditList<'t> {
        let mut rounds = Rounds::new(self, doc);
        for round in 0..=ROUNDS {
            let found = rounds.find();
            if !rounds.round(&found, round < ROUNDS) {
                break;
            }
        }
        rounds.into_edits()
    }
}
