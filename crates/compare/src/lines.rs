//! Task: remove from a document each line that equals an earlier line.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hint::black_box;

use crate::common::by_hand;
use refrain::{Cleaner, Normalization, Options, Policy, Workspace};

use crate::forms;
use crate::texts::Text;
use crate::work::{Way, Work};

/// Lines are equal if their bytes are.
pub struct EqualBytes;

/// Lines are equal if their canonical forms are.
pub struct EqualForms;

const NOTE: &str = "refrain also finds the blocks of repeated lines and the original of each. The loops around \
    a set only decide which lines to keep.";

/// The rest of a text after cleaning. Two are equal if their trimmed lines are equal, except for
/// blank ones, because methods treat the white space around a removed line differently.
pub struct Rest<'t>(Cow<'t, str>);

impl PartialEq for Rest<'_> {
    fn eq(&self, other: &Self) -> bool {
        fn lines(text: &str) -> impl Iterator<Item = &str> {
            text.lines().map(str::trim).filter(|line| !line.is_empty())
        }
        lines(&self.0).eq(lines(&other.0))
    }
}

impl Work for EqualBytes {
    const TITLE: &'static str = "A document without repeated lines: equal bytes";

    const NOTE: &'static str = NOTE;

    type Answer<'t> = Rest<'t>;

    fn ways(text: &Text) -> Vec<Way<'_, Rest<'_>>> {
        let borrowed = || {
            let mut seen = HashSet::new();
            move |line| seen.insert(line)
        };
        let owned = || {
            let mut seen = HashSet::new();
            move |line: &str| seen.insert(line.to_owned())
        };
        let hashbrown = || {
            let mut seen = hashbrown::HashSet::new();
            move |line| seen.insert(line)
        };
        vec![
            Way::new("refrain", cleaned(text, Normalization::RAW)),
            Way::new("refrain, buffers reused", cleaned_with_workspace(text, Normalization::RAW)),
            Way::new("`HashSet<String>`", first_of_each(text, owned)),
            Way::new("`HashSet<&str>`", first_of_each(text, borrowed)),
            Way::new("`hashbrown::HashSet<&str>`", first_of_each(text, hashbrown)),
        ]
    }
}

impl Work for EqualForms {
    const TITLE: &'static str = "A document without repeated lines: equal canonical forms";

    const NOTE: &'static str = NOTE;

    type Answer<'t> = Rest<'t>;

    fn ways(text: &Text) -> Vec<Way<'_, Rest<'_>>> {
        let forms = |make: fn(&str) -> String| {
            move || {
                let mut seen = HashSet::new();
                move |line: &str| seen.insert(make(line))
            }
        };
        vec![
            Way::new("refrain", cleaned(text, Normalization::TEXT)),
            Way::new("refrain, buffers reused", cleaned_with_workspace(text, Normalization::TEXT)),
            Way::new("set, unicode-normalization", first_of_each(text, forms(by_hand::canonical))),
            Way::new("set, unicode-normalization, quick checks", first_of_each(text, forms(forms::quick))),
            Way::new("set, icu_normalizer", first_of_each(text, forms(forms::icu))),
        ]
    }
}

/// Returns a function that cleans the text.
fn cleaned<'t>(text: &'t Text, form: Normalization) -> impl FnMut() -> Rest<'t> {
    let cleaner = cleaner(form);
    move || Rest(cleaner.clean(black_box(&text.body)))
}

/// Returns a function that cleans the text with reused buffers.
fn cleaned_with_workspace<'t>(text: &'t Text, form: Normalization) -> impl FnMut() -> Rest<'t> {
    let (cleaner, mut workspace) = (cleaner(form), Workspace::new());
    move || Rest(cleaner.clean_with(black_box(&text.body), &mut workspace))
}

fn cleaner(form: Normalization) -> Cleaner {
    Cleaner::new().policy(Policy::drop_all()).options(Options::new().normalization(form))
}

/// Returns the usual loop around a set: a line is kept if the set that `sets` creates does not have
/// it.
fn first_of_each<'t, S: FnMut(&'t str) -> bool>(
    text: &'t Text,
    sets: impl Fn() -> S,
) -> impl FnMut() -> Rest<'t> {
    move || {
        let mut is_new = sets();
        let mut rest = String::new();
        for line in black_box(&text.body).lines() {
            let trimmed = line.trim();
            if trimmed.is_empty() || is_new(trimmed) {
                rest.push_str(line);
                rest.push('\n');
            }
        }
        Rest(rest.into())
    }
}
