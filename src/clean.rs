//! Find, decide, cut, until nothing changes.

#[cfg(test)]
pub(crate) mod adversarial;
mod inside;
mod rounds;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::block::Block;
use crate::document::Document;
use crate::edit::EditList;
use crate::options::Options;
use crate::policy::{Decision, Policy};
use crate::repeats::{Repeats, Scratch};
use crate::workspace::Workspace;

use rounds::{Rounds, Rule};

/// How many rounds of finding and cutting there are at most.
const ROUNDS: usize = 8;

/// `text` without what the default policy drops; borrowed if that is nothing. Lines are compared in their
/// default canonical form; before that, each line of 300 bytes or more is looked into, and what stands twice among its
/// pieces, up to each full stop, goes by the same policy.
///
/// The result is never empty unless the text is, every line or piece that went has an equal one in it, and cleaning it
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

    /// The same in memory that is kept: with the default options, for text in which nothing repeats, nothing is allocated
    /// by any policy but `Longest`.
    pub fn clean_with<'t>(&self, text: &'t str, workspace: &mut Workspace) -> Cow<'t, str> {
        self.settle_with(text, workspace).apply()
    }

    /// What goes from `text`, and why: [`Policy::settle`] on the document that it is. If the options name no segmentation and
    /// the policy is none of `All` and `None`, what goes from inside long lines comes first, see [`clean`](crate::clean).
    pub fn settle<'t>(&self, text: &'t str) -> EditList<'t> {
        self.settle_with(text, &mut Workspace::new())
    }

    /// The same in memory that is kept.
    pub fn settle_with<'t>(&self, text: &'t str, workspace: &mut Workspace) -> EditList<'t> {
        let doc = workspace.read(text, &self.options);
        let inside = match self.options.segmentation {
            None if self.policy.blind().is_none() => inside::edits(&doc, self.policy, workspace),
            _ => Vec::new(),
        };
        let edits = if inside.is_empty() {
            settle(Rule::Policy(self.policy), &doc, workspace.scratch())
        } else {
            let inside = EditList::of_lines(text, inside);
            let left = inside.apply();
            let doc = Document::with_options(&left, &self.options);
            let rest = settle(Rule::Policy(self.policy), &doc, workspace.scratch());
            inside.then(rest)
        };
        workspace.recycle(doc);
        edits
    }
}

/// Many texts at once, on the threads of the current `rayon` pool. Answers come in the order of the texts and do not
/// depend on the number of threads.
#[cfg(feature = "rayon")]
impl Cleaner {
    /// [`clean`](Self::clean) for each of `texts`.
    pub fn par_clean<'t, T: AsRef<str> + Sync>(&self, texts: &'t [T]) -> Vec<Cow<'t, str>> {
        self.par(texts, |edits| edits.apply())
    }

    /// [`settle`](Self::settle) for each of `texts`.
    pub fn par_settle<'t, T: AsRef<str> + Sync>(&self, texts: &'t [T]) -> Vec<EditList<'t>> {
        self.par(texts, |edits| edits)
    }

    fn par<'t, T: AsRef<str> + Sync, A: Send>(
        &self,
        texts: &'t [T],
        answer: impl Fn(EditList<'t>) -> A + Sync,
    ) -> Vec<A> {
        use rayon::prelude::*;

        let settle =
            |workspace: &mut Workspace, text: &'t T| answer(self.settle_with(text.as_ref(), workspace));
        texts.par_iter().map_init(Workspace::new, settle).collect()
    }
}

impl Policy {
    /// What goes at the first look: one pure pass, in which every copy is judged as it stands in the document.
    ///
    /// What is left may have copies in it that were none before: `a b a a b b` without its `a b` in the middle
    /// is `a b a b`. [`settle`](Self::settle) goes on.
    pub fn edits<'t>(self, repeats: &Repeats<'_, 't>) -> EditList<'t> {
        edits(Rule::Policy(self), repeats)
    }

    /// What goes when finding, deciding and cutting are repeated until nothing changes, at most eight times.
    ///
    /// # Complexity
    ///
    /// That of [`Document::repeats`], for every round.
    pub fn settle<'t>(self, doc: &Document<'t>) -> EditList<'t> {
        settle(Rule::Policy(self), doc, &mut Scratch::default())
    }
}

/// What goes by a rule of the caller's own, when finding, deciding and cutting are repeated until nothing changes, at most
/// eight times: [`Policy::settle`] with `decide` in place of the policy. It is asked once for every
/// [block](Repeats::blocks) in each round.
///
/// ```
/// use refrain::{Decision, Document, settle_by};
///
/// let text = "One line.\nAnother.\nOne line.\nAnother.\nOne line.\n";
/// let edits = settle_by(&Document::new(text), |block| match block.len() {
///     1 => Decision::keep("one line"),
///     _ => Decision::drop("more than one line"),
/// });
/// assert_eq!(edits.apply(), "One line.\nAnother.\nOne line.\n");
/// assert_eq!(edits.verdicts()[0].reason(), "more than one line");
/// ```
pub fn settle_by<'t>(doc: &Document<'t>, mut decide: impl FnMut(&Block) -> Decision) -> EditList<'t> {
    settle(Rule::By(&mut decide), doc, &mut Scratch::default())
}

/// What goes by a rule of the caller's own at the first look: [`Policy::edits`] with `decide` in place of the policy.
pub fn edits_by<'t>(repeats: &Repeats<'_, 't>, mut decide: impl FnMut(&Block) -> Decision) -> EditList<'t> {
    edits(Rule::By(&mut decide), repeats)
}

fn edits<'t>(rule: Rule<'_>, repeats: &Repeats<'_, 't>) -> EditList<'t> {
    let mut rounds = Rounds::new(rule, repeats.document());
    if !rounds.round(repeats.found(), true) {
        rounds.round_of_edited(true);
    }
    rounds.into_edits()
}

fn settle<'t>(rule: Rule<'_>, doc: &Document<'t>, scratch: &mut Scratch) -> EditList<'t> {
    let mut rounds = Rounds::new(rule, doc);
    for round in 0..=ROUNDS {
        let found = rounds.find(scratch);
        let again = rounds.round(&found, round < ROUNDS);
        scratch.recycle(found);
        if !again && !rounds.round_of_edited(round < ROUNDS) {
            break;
        }
    }
    rounds.into_edits()
}
