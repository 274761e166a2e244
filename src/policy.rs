//! Which blocks go.

use std::borrow::Cow;

use crate::block::{Block, Gap, Measures};

/// Which copies go. [`settle`](Self::settle) asks it until nothing changes; [`edits`](Self::edits) asks it once. The first
/// occurrence of a segment always stays, and so does all in a block that is not equal to something before it (but see
/// [`Longest`](Self::Longest)).
///
/// Where these do not fit, [`settle_by`](crate::settle_by) takes a rule of the caller's own.
///
/// # What `Cautious` drops
///
/// What only machinery produces. A [block](Block) goes if one of these is true of it; each is the reason of its verdict.
/// *Even* means that its segments stand two or three times in the document, in the median; where a machine repeats, it
/// repeats all of a block.
///
/// | reason | segments | of the document | coverage | weight of a segment, mean | and |
/// |---|---|---|---|---|---|
/// | `body repeated` | 5 or more | 15 % | 55 % | 38 | even |
/// | `body repeated` | 3 or 4 | 30 % | 55 % | 38 | even |
/// | `long run repeated` | 4 or more, weight 400 | | 70 %, original 50 % | 45 | even, 40 % of all that repeats |
/// | `document repeated` | 15 or more | 35 % | 80 % | | |
/// | `document repeated` | 2 or more | 80 %, all copies and the original | 80 % | | 90 % equally often; right after its original |
/// | `echo` | 1 to 3 | | no hole | 70, one of 80 | even, right after its original |
/// | `doubled in place` | 1 | | | 45, of all such | stands twice; all that stand right after their originals are 3 or more and 80 % of all that repeats |
/// | `list repeated` | 6 or more, weight 60 | | no hole | below 38 | twice, 80 % of it; half of all that repeats |
/// | `widget` | 3 or more, weight 90 | all copies at most 42 % | 80 %, original 75 % | one of 45, or an echo of 4 that stands twice | 90 % equally often; 80 % of all that repeats |
///
/// All else stays: a chorus has short lines, a formula of law or of a questionnaire stands too often, rows of a table stand
/// unevenly, a quotation is a paragraph or two.
///
/// ```
/// use refrain::{Document, Policy};
///
/// let song = "We set out at dawn.\nOh, the sea!\nWe came home by night.\nOh, the sea!\nAnd we sang.\n";
/// let doc = Document::new(song);
/// assert_eq!(Policy::default().settle(&doc).apply(), song);
/// assert_eq!(
///     Policy::All.settle(&doc).apply(),
///     "We set out at dawn.\nOh, the sea!\nWe came home by night.\nAnd we sang.\n"
/// );
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Policy {
    /// Nothing goes: for a report. Long lines are not looked into.
    None,
    /// Every copy of a segment goes, refrains and all. Long lines are not looked into.
    All,
    /// The default: what only machinery produces.
    #[default]
    Cautious,
    /// What `Cautious` drops, and more of captions, widgets and menus: `widget` is enough if all copies are half the document
    /// and half of all that repeats; `menu repeated` takes 12 or more short lines of weight 200, without a hole, that stand twice and
    /// are 30 % of all that repeats. It also takes a formula of law or a question now and then.
    Thorough,
    /// What `Cautious` drops, and of two segments that are [alike](crate::Document::edited) by 0.8 or more the one that weighs
    /// less, the later one if both weigh the same. Its verdict names the one that is kept, wherever that stands. This is
    /// the only policy by which a text goes that has no equal one in what is kept.
    Longest,
}

/// What becomes of a block, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    pub(crate) dropped: bool,
    pub(crate) reason: Cow<'static, str>,
}

impl Decision {
    /// The block goes.
    pub fn drop(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { dropped: true, reason: reason.into() }
    }

    /// The block stays.
    pub fn keep(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { dropped: false, reason: reason.into() }
    }
}

/// What the default policies want to know of a document beside its blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct InPlace {
    /// Segments that stand right after an equal one, apart from any other run: how many, and their weight.
    pub(crate) segments: u32,
    pub(crate) weight: u64,
}

impl Policy {
    /// Whether it drops every copy, or none, without a look.
    pub(crate) fn blind(self) -> Option<Decision> {
        match self {
            Self::None => Some(Decision::keep("kept: the policy is to drop nothing")),
            Self::All => Some(Decision::drop("a copy: the policy is to drop them all")),
            Self::Cautious | Self::Thorough | Self::Longest => None,
        }
    }

    /// How much two segments have to be alike for one of them to go; `None` if that is never enough.
    pub(crate) fn alike(self) -> Option<f64> {
        (self == Self::Longest).then_some(0.8)
    }

    /// What becomes of a block that was chained with this gap. A reason to stay is only given for a loose one.
    pub(crate) fn decide(self, block: &Block, gap: Gap, in_place: InPlace) -> Decision {
        let m = block.measures();
        let found = match gap {
            Gap::Loose => body(m),
            Gap::None => echo(m, in_place).or(list(m)).or(self.menu(m)).or(self.widget(m)),
            Gap::Near => self.widget(m),
        };
        found.map_or_else(|| Decision::keep(why_kept(m)), Decision::drop)
    }

    fn menu(self, m: &Measures) -> Option<&'static str> {
        let menu = m.segments >= 12
            && m.weight >= 200
            && !m.mean_is(38)
            && m.count <= 2
            && Measures::at_least(m.family, 30, m.repeated);
        (self == Self::Thorough && menu).then_some("menu repeated")
    }

    fn widget(self, m: &Measures) -> Option<&'static str> {
        let (of_repeats, of_document) = if self == Self::Thorough { (50, 50) } else { (80, 42) };
        let widget = m.segments >= 3
            && m.weight >= 90
            && m.covers(80, 75)
            && Measures::at_least(m.even, 90, m.weight)
            && Measures::at_least(m.family, of_repeats, m.repeated)
            && u128::from(m.family) * 100 <= u128::from(m.document) * of_document
            && (m.heaviest >= 45 || (m.echo && m.segments >= 4 && m.count == 2));
        widget.then_some("widget")
    }
}

impl Measures {
    /// Whether a segment weighs at least so much, in the mean.
    fn mean_is(&self, weight: u64) -> bool {
        self.weight >= weight * u64::from(self.segments)
    }

    /// Whether that many hundredths of the copy and of the original are repeated.
    fn covers(&self, copy: u64, original: u64) -> bool {
        Self::at_least(self.weight, copy, self.copy_span)
            && Self::at_least(self.weight, original, self.original_span)
    }

    fn is_even(&self) -> bool {
        self.count <= 3
    }
}

fn body(m: &Measures) -> Option<&'static str> {
    let share = if m.segments >= 5 { 15 } else { 30 };
    if m.segments >= 3
        && Measures::at_least(m.weight, share, m.document)
        && m.covers(55, 55)
        && m.mean_is(38)
        && m.is_even()
    {
        return Some("body repeated");
    }
    if m.segments >= 4
        && m.weight >= 400
        && m.covers(70, 50)
        && m.mean_is(45)
        && m.is_even()
        && Measures::at_least(m.family, 40, m.repeated)
    {
        return Some("long run repeated");
    }
    let copies_and_original = m.family + m.weight;
    if m.segments >= 2
        && m.echo
        && Measures::at_least(copies_and_original, 80, m.document)
        && m.covers(80, 80)
        && Measures::at_least(m.even, 90, m.weight)
    {
        return Some("document repeated");
    }
    let whole = m.segments >= 15 && Measures::at_least(m.weight, 35, m.document) && m.covers(80, 80);
    whole.then_some("document repeated")
}

fn echo(m: &Measures, in_place: InPlace) -> Option<&'static str> {
    if !m.echo || !m.is_even() {
        return None;
    }
    if m.segments <= 3 && m.mean_is(70) && m.heaviest >= 80 {
        return Some("echo");
    }
    let doubled = m.segments == 1
        && m.count == 2
        && in_place.segments >= 3
        && in_place.weight >= 45 * u64::from(in_place.segments)
        && Measures::at_least(in_place.weight, 80, m.repeated);
    doubled.then_some("doubled in place")
}

fn list(m: &Measures) -> Option<&'static str> {
    let list = m.segments >= 6
        && m.weight >= 60
        && !m.mean_is(38)
        && m.count <= 2
        && Measures::at_least(m.even, 80, m.weight)
        && Measures::at_least(m.family, 50, m.repeated);
    list.then_some("list repeated")
}

/// Why a loose block stays, by what is furthest from a block that goes.
fn why_kept(m: &Measures) -> &'static str {
    if !m.is_even() {
        "template: kept, for its lines stand many times"
    } else if !m.mean_is(38) {
        "refrain: kept, for its lines are short"
    } else if m.segments < 3 {
        "quotation: kept, for it is a paragraph or two"
    } else if !m.covers(55, 50) {
        "scattered: kept, for more stands between its lines than is repeated"
    } else {
        "small: kept, for it is too little of the document"
    }
}

#[cfg(test)]
mod tests;
