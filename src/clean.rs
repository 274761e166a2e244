//! Cleaning: finds repeats, decides on them and cuts, round after round, until nothing changes.

mod copies;
mod fixpoint;
mod hints;
mod long_lines;
mod loops;
mod overlaps;
mod rewrapped;
mod rolling;
mod stutter_hint;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::document::Document;
use crate::edits::{Edits, Removal};
use crate::id::id;
use crate::options::Options;
use crate::policy::{Decision, Policy, Rule};
use crate::records::Leading;
use crate::repeats::{Block, Evidence};
use crate::segment::Segmentation;
use crate::span::Span;
use crate::unicode;
use crate::workspace::Workspace;

use fixpoint::Rounds;

/// Returns `text` without the copies that the default policy removes; borrowed if there are none.
///
/// This is [`Cleaner::clean`] of a cleaner with default options and the default policy.
///
/// ```
/// use std::borrow::Cow;
///
/// let page = "\
/// The ferry
/// The ferry leaves at nine.
/// It is always late.
/// The ferry leaves at nine.
/// It is always late.
/// ";
/// let clean = refrain::clean(page);
/// assert_eq!(clean, "The ferry\nThe ferry leaves at nine.\nIt is always late.\n");
/// assert!(matches!(refrain::clean(&clean), Cow::Borrowed(_)));
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    Cleaner::new().clean(text)
}

/// A rule that the caller adds.
type CallersRule = dyn Fn(&Block) -> Option<Decision> + Send + Sync;

/// Removes repeated text from documents. Its options, its policy and rules of your own determine
/// what is removed.
///
/// Cleaning finds two kinds of [blocks](crate::repeats::Block): [tandem
/// repeats](crate::repeats::Tandem), which are units repeated with nothing between them, and
/// aligned blocks of an original and a copy. It applies the rules to each of them, and cuts the
/// copies that the rules remove. This is repeated with the text that is left until nothing changes,
/// for at most eight rounds. With [`Segmentation::Auto`], the default, the inside of each line of
/// 300 bytes or more is cleaned first (of 60 bytes or more with the rule `stutter`): loops of words
/// and phrases, and then sentences, which are compared with the sentences of the same line only.
/// Then lines are compared, and [runs of lines that are broken at other
/// places](Policy#other-line-breaks).
///
/// The first occurrence of a segment is kept, apart from the [exceptions](crate#which-copy-is-kept)
/// that the documentation of the crate lists, and a text is never emptied.
///
/// ```
/// use refrain::{Cleaner, Policy};
///
/// let song = "\
/// We set out at dawn.
/// Oh, the sea!
/// We came home by night.
/// Oh, the sea!
/// And we sang.
/// ";
/// assert_eq!(Cleaner::new().clean(song), song);
/// let lines_once = "\
/// We set out at dawn.
/// Oh, the sea!
/// We came home by night.
/// And we sang.
/// ";
/// assert_eq!(Cleaner::new().policy(Policy::drop_all()).clean(song), lines_once);
/// ```
///
/// # Complexity
///
/// For a text of n bytes, O(n) plus the time to sort its repeats, at most O(n log n) in total,
/// except for a text that was constructed so that [hashes collide](crate#hostile-texts). The same
/// section of the crate documentation states the memory. No method panics on any text.
#[derive(Clone, Default)]
pub struct Cleaner {
    options: Options,
    policy: Policy,
    rules: Vec<(Cow<'static, str>, Arc<CallersRule>)>,
}

impl fmt::Debug for Cleaner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { options, policy, rules } = self;
        let rules: Vec<_> = rules.iter().map(|(name, _)| name).collect();
        let mut cleaner = f.debug_struct("Cleaner");
        cleaner.field("options", options).field("policy", policy).field("rules", &rules).finish()
    }
}

impl Cleaner {
    /// Creates a cleaner with default options and the default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the options with which texts are read: the segmentation, the canonical form, the seed,
    /// the leading text to skip, and the minima of a block.
    #[must_use]
    pub fn options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Sets the policy, which decides which copies are removed.
    #[must_use]
    pub fn policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// Adds a rule of your own. For each block, tandem repeats included, rules of your own are
    /// tried in the order in which they were added, and before the rules of the policy.
    ///
    /// `name` is the reason of the decisions of `rule`. If `rule` returns `None`, the next rule is
    /// tried. After the first rule that returns a decision, no further rule is tried, and the
    /// guards of the policy do not apply. If a block with holes is kept, it is split at each hole
    /// that has more than one segment on at least one side, and the rules are tried for each part.
    /// A part that is also kept is split at all of its holes. A copy is kept all the same if its
    /// removal would lose a part of an original or split the text around it in another way, or
    /// would need a ninth round; [`BlockDecision::reason`](crate::edits::BlockDecision::reason)
    /// then says so.
    ///
    /// With a rule of your own, no block is skipped for its weight; only the minima of the options
    /// apply. Your rule is also asked about [parts of lines](Policy#parts-of-lines), such as a line
    /// that is only the beginning of the line after an original, even if the policy does not have
    /// the rule `partial`. Two kinds of blocks may not reach your rule. Copies with [other line
    /// breaks](Policy#other-line-breaks) are decided on only if the search finds them, and if all
    /// of them together are at least 10 % of the text. A rule of your own may remove one that is
    /// less than 10 % by itself; the rules of the policy do not. Blocks inside a long line are
    /// decided on only if the line passes the [quick test](Policy#loops-inside-a-line). With
    /// [`Policy::drop_all`], no rule is tried.
    ///
    /// ```
    /// use refrain::repeats::Block;
    /// use refrain::{Cleaner, Decision};
    ///
    /// let text = "\
    /// One line.
    /// Another.
    /// Between.
    /// One line.
    /// Another.
    /// The end.
    /// ";
    /// let pairs = |block: &Block| (block.len() == 2).then_some(Decision::Remove);
    /// let edits = Cleaner::new().rule("pairs", pairs).edits(text);
    /// assert_eq!(edits.apply(), "One line.\nAnother.\nBetween.\nThe end.\n");
    /// assert!(edits.iter().all(|removal| removal.reason() == "pairs"));
    /// ```
    #[must_use]
    pub fn rule(
        mut self,
        name: impl Into<Cow<'static, str>>,
        rule: impl Fn(&Block) -> Option<Decision> + Send + Sync + 'static,
    ) -> Self {
        self.rules.push((name.into(), Arc::new(rule)));
        self
    }

    /// Returns `text` without the copies that are removed; borrowed if there are none.
    ///
    /// # Complexity
    ///
    /// O(n log n) for n bytes, see [`Cleaner`]. Never panics.
    pub fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.edits(text).apply()
    }

    /// Like [`clean`](Self::clean), but reuses the buffers of `workspace`. With default options, a
    /// text without repeats is cleaned without an allocation once the buffers have grown, with the
    /// exceptions that [`Workspace`] lists.
    pub fn clean_with<'t>(&self, text: &'t str, workspace: &mut Workspace) -> Cow<'t, str> {
        self.edits_with(text, workspace).apply()
    }

    /// Returns the edits that clean `text`, each with its reason.
    pub fn edits<'t>(&self, text: &'t str) -> Edits<'t> {
        self.edits_with(text, &mut Workspace::new())
    }

    /// Like [`edits`](Self::edits), but reuses the buffers of `workspace`.
    pub fn edits_with<'t>(&self, text: &'t str, workspace: &mut Workspace) -> Edits<'t> {
        let leading = self.policy.leading();
        let document = match self.options.skip_leading {
            None if leading != Leading::NONE => {
                workspace.read(text, &self.options.clone().skip_leading(leading))
            }
            _ => workspace.read(text, &self.options),
        };
        let edits = self.edits_in(text, &document, workspace);
        workspace.recycle(document);
        edits
    }

    /// Returns the edits that clean the text of `document`. The options of `document` are used, and
    /// those of the cleaner are ignored. The [leading text](Policy::leading) that the policy skips
    /// is not skipped either: set [`Options::skip_leading`] when you create the document.
    pub fn edits_of<'d>(&self, document: &'d Document<'_>) -> Edits<'d> {
        self.edits_in(document.text(), document, &mut Workspace::new())
    }

    /// Returns the edits that clean `text`, which is the text of `document`.
    fn edits_in<'t>(&self, text: &'t str, document: &Document<'_>, workspace: &mut Workspace) -> Edits<'t> {
        let cuts_overlaps = self.policy.contains(Rule::Overlap);
        let (edits, is_kept) = self.edits_with_overlaps(text, document, workspace, cuts_overlaps);
        if is_kept {
            return edits;
        }
        let (edits, _) = self.edits_with_overlaps(text, document, workspace, false);
        edits.not_fixed()
    }

    /// Returns the edits, and whether the words of all overlaps are kept: not if a line is removed
    /// because of a similar line that does not have them.
    fn edits_with_overlaps<'t>(
        &self,
        text: &'t str,
        document: &Document<'_>,
        workspace: &mut Workspace,
        cuts_overlaps: bool,
    ) -> (Edits<'t>, bool) {
        let whole = Span::new(0, text.len());
        let looks_inside = document.segmentation() == Some(Segmentation::Auto) && !self.policy.is_drop_all();
        let cuts_overlaps = looks_inside && cuts_overlaps;
        let mut inside = long_lines::Inside::default();
        let left = match cuts_overlaps {
            true => overlaps::roll(self, document, &mut inside),
            false => BTreeMap::new(),
        };
        if looks_inside {
            long_lines::clean(self, document, &left, &mut inside, workspace);
        }
        if cuts_overlaps {
            overlaps::clean(self, document, &mut inside, workspace);
        }
        let changed;
        let mut compared = document;
        if !inside.changed.is_empty() {
            changed = document.with_changed(std::mem::take(&mut inside.changed));
            compared = &changed;
        }
        let mut outcome = Rounds::clean(self, compared, whole, None, workspace.scratch());
        // If a whole line is removed, the removals inside the line are a part of that removal.
        let mut lines = outcome.removals.iter().peekable();
        inside.removals.retain(|removal| {
            while lines.next_if(|line| line.span.end() <= removal.span.start()).is_some() {}
            lines.peek().is_none_or(|line| line.span.start() >= removal.span.end())
        });
        let mut is_kept = true;
        if cuts_overlaps && !(outcome.removals.is_empty() && inside.removals.is_empty()) {
            outcome.is_fixed_point &= !overlaps::are_left(compared, &outcome.removals);
            is_kept = overlaps::name_kept_originals(text, &mut inside.removals, &outcome.removals);
        }
        let first = id(inside.removed.len());
        outcome.removals.iter_mut().for_each(|removal| removal.decision += first);
        if !inside.removals.is_empty() {
            outcome.removals.append(&mut inside.removals);
            Removal::sort(&mut outcome.removals);
        }
        // The removals inside lines name their decisions by number, so these decisions are first.
        let mut decisions = inside.removed;
        decisions.append(&mut outcome.decisions);
        decisions.append(&mut inside.kept);
        let is_fixed_point = outcome.is_fixed_point && !inside.is_unfinished;
        (Edits::new(text, outcome.removals, decisions, is_fixed_point), is_kept)
    }

    /// Returns whether `block` is removed, and the reason. The rules of the caller are asked first.
    fn decide(&self, block: &Block, evidence: &mut dyn Evidence) -> (bool, Cow<'static, str>) {
        self.decision_of_caller(block).unwrap_or_else(|| self.decision_of_policy(block, evidence))
    }

    fn decision_of_policy(&self, block: &Block, evidence: &mut dyn Evidence) -> (bool, Cow<'static, str>) {
        let (is_removed, reason) = self.policy.decide(block.measures(), evidence);
        (is_removed, Cow::Borrowed(reason))
    }

    /// Returns whether `block`, for which all conditions of `rule` hold, is removed, and the
    /// reason.
    fn decide_as(&self, rule: Rule, block: &Block) -> (bool, Cow<'static, str>) {
        let by_policy = || match self.policy.contains(rule) {
            true => (true, Cow::Borrowed(rule.name())),
            false => (false, Cow::Borrowed(self.policy.reason_of_no_rule())),
        };
        self.decision_of_caller(block).unwrap_or_else(by_policy)
    }

    fn decision_of_caller(&self, block: &Block) -> Option<(bool, Cow<'static, str>)> {
        let mut decisions = self.rules.iter().filter_map(|(name, rule)| Some((rule(block)?, name)));
        decisions.next().map(|(decision, name)| (decision == Decision::Remove, name.clone()))
    }

    /// Returns the minimum weight of a block, or of a tandem repeat with all of its copies, that
    /// needs a decision in a text of weight `text`. `repeated` is the weight of the segments that
    /// equal an earlier one, or `None` if no block has only labels between its original and its
    /// copy. With rules of the caller, all blocks need a decision.
    fn least_weight(&self, is_tandem: bool, text: u64, repeated: Option<u64>) -> u64 {
        if self.rules.is_empty() { self.policy.least_weight(is_tandem, text, repeated) } else { 0 }
    }

    /// Returns the indices of the paragraphs that are kept if `paragraphs`, joined by one line end
    /// each, are cleaned.
    ///
    /// A partly cleaned paragraph is kept as a whole, and a blank paragraph is always kept. A
    /// paragraph that has line ends inside is several segments.
    ///
    /// Leave the segmentation at [`Auto`](Segmentation::Auto) or [`Lines`](Segmentation::Lines).
    /// [`Paragraphs`](Segmentation::Paragraphs) needs blank lines and would read the whole list as
    /// one segment.
    ///
    /// ```
    /// use refrain::Cleaner;
    ///
    /// let paragraphs = [
    ///     "The ferry",
    ///     "It sails at nine.",
    ///     "It is late.",
    ///     "It sails at nine.",
    ///     "It is late.",
    /// ];
    /// assert_eq!(Cleaner::new().clean_paragraphs(&paragraphs), [0, 1, 2]);
    /// ```
    ///
    /// # Complexity
    ///
    /// That of [`clean`](Self::clean). All paragraphs are copied into one text.
    pub fn clean_paragraphs<P: AsRef<str>>(&self, paragraphs: &[P]) -> Vec<usize> {
        let mut text = String::new();
        let mut spans = Vec::with_capacity(paragraphs.len());
        for paragraph in paragraphs {
            let start = text.len();
            text.push_str(paragraph.as_ref());
            spans.push(Span::new(start, text.len()));
            text.push('\n');
        }
        let edits = self.edits(&text);
        let mut removals = edits.iter().peekable();
        let mut is_kept = |paragraph: &Span| {
            while removals.next_if(|removal| removal.span.end() <= paragraph.start()).is_some() {}
            let mut at = paragraph.start();
            let mut is_blank = true;
            for removal in removals.clone().take_while(|removal| removal.span.start() < paragraph.end()) {
                is_blank &= unicode::is_blank(&text[at..removal.span.start().max(at)]);
                at = removal.span.end().min(paragraph.end());
            }
            is_blank &= unicode::is_blank(&text[at..paragraph.end()]);
            !is_blank || unicode::is_blank(&text[*paragraph])
        };
        spans.iter().enumerate().filter(|(_, span)| is_kept(span)).map(|(i, _)| i).collect()
    }
}

/// Methods for many texts at once, on the threads of the current `rayon` pool. Results are in the
/// order of the texts and do not depend on the number of threads.
#[cfg(feature = "rayon")]
impl Cleaner {
    /// Returns the result of [`clean`](Self::clean) for each of `texts`.
    pub fn par_clean<'t, T: AsRef<str> + Sync>(&self, texts: &'t [T]) -> Vec<Cow<'t, str>> {
        self.par(texts, |edits| edits.apply())
    }

    /// Returns the result of [`edits`](Self::edits) for each of `texts`.
    pub fn par_edits<'t, T: AsRef<str> + Sync>(&self, texts: &'t [T]) -> Vec<Edits<'t>> {
        self.par(texts, |edits| edits)
    }

    fn par<'t, T: AsRef<str> + Sync, A: Send>(
        &self,
        texts: &'t [T],
        answer: impl Fn(Edits<'t>) -> A + Sync,
    ) -> Vec<A> {
        use rayon::prelude::*;

        let edits =
            |workspace: &mut Workspace, text: &'t T| answer(self.edits_with(text.as_ref(), workspace));
        texts.par_iter().map_init(Workspace::new, edits).collect()
    }
}
