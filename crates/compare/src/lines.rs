//! A document without the lines that stood before.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hint::black_box;

use refrain::{Cleaner, Normalization, Options, Policy, Workspace};

use crate::forms;
use crate::plain;
use crate::texts::Text;
use crate::work::{Way, Work};

/// Lines are the same if their bytes are.
pub struct Same;

/// Lines are the same if their canonical forms are.
pub struct Alike;

const NOTE: &str = "refrain also finds the blocks that the lines make up, and says for each where its original stands; \
    the loops around a set keep lines and know nothing else.";

/// What is left of a text. Two of them are equal if their lines are, white space around them and blank ones left
/// out: where a line goes, its indentation may stay for the next one or not.
pub struct Left<'t>(Cow<'t, str>);

impl PartialEq for Left<'_> {
    fn eq(&self, other: &Self) -> bool {
        fn lines(text: &str) -> impl Iterator<Item = &str> {
            text.lines().map(str::trim).filter(|line| !line.is_empty())
        }
        lines(&self.0).eq(lines(&other.0))
    }
}

impl Work for Same {
    const TITLE: &'static str = "A document without the lines that stood before: the same bytes";

    const NOTE: &'static str = NOTE;

    type Answer<'t> = Left<'t>;

    fn ways(text: &Text) -> Vec<Way<'_, Left<'_>>> {
        let borrowed = || {
            let mut seen = HashSet::new();
            move |line| seen.insert(line)
        };
        let owned = || {
            let mut seen = HashSet::new();
            move |line: &str| seen.insert(line.to_owned())
        };
        let quicker = || {
            let mut seen = hashbrown::HashSet::new();
            move |line| seen.insert(line)
        };
        vec![
            Way::new("refrain", cleaned(text, Normalization::RAW)),
            Way::new("refrain, memory kept", cleaned_again(text, Normalization::RAW)),
            Way::new("`HashSet<String>`", first_of_each(text, owned)),
            Way::new("`HashSet<&str>`", first_of_each(text, borrowed)),
            Way::new("`hashbrown::HashSet<&str>`", first_of_each(text, quicker)),
        ]
    }
}

impl Work for Alike {
    const TITLE: &'static str = "A document without the lines that stood before: the same canonical form";

    const NOTE: &'static str = NOTE;

    type Answer<'t> = Left<'t>;

    fn ways(text: &Text) -> Vec<Way<'_, Left<'_>>> {
        let forms = |make: fn(&str) -> String| {
            move || {
                let mut seen = HashSet::new();
                move |line: &str| seen.insert(make(line))
            }
        };
        vec![
            Way::new("refrain", cleaned(text, Normalization::TEXT)),
            Way::new("refrain, memory kept", cleaned_again(text, Normalization::TEXT)),
            Way::new("set, unicode-normalization", first_of_each(text, forms(plain::canonical))),
            Way::new("set, unicode-normalization, quick checks", first_of_each(text, forms(forms::quick))),
            Way::new("set, icu_normalizer", first_of_each(text, forms(forms::icu))),
        ]
    }
}

fn cleaned<'t>(text: &'t Text, form: Normalization) -> impl FnMut() -> Left<'t> {
    let cleaner = cleaner(form);
    move || Left(cleaner.clean(black_box(&text.body)))
}

/// As one who reads many documents does it.
fn cleaned_again<'t>(text: &'t Text, form: Normalization) -> impl FnMut() -> Left<'t> {
    let (cleaner, mut workspace) = (cleaner(form), Workspace::new());
    move || Left(cleaner.clean_with(black_box(&text.body), &mut workspace))
}

fn cleaner(form: Normalization) -> Cleaner {
    Cleaner::new().policy(Policy::drop_all()).options(Options::new().normalization(form))
}

/// The loop one writes without a library: a line stays if it goes into the set that `sets` makes.
fn first_of_each<'t, S: FnMut(&'t str) -> bool>(
    text: &'t Text,
    sets: impl Fn() -> S,
) -> impl FnMut() -> Left<'t> {
    move || {
        let mut is_new = sets();
        let mut left = String::new();
        for line in black_box(&text.body).lines() {
            let trimmed = line.trim();
            if trimmed.is_empty() || is_new(trimmed) {
                left.push_str(line);
                left.push('\n');
            }
        }
        Left(left.into())
    }
}
