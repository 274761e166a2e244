//! From a text to its canonical form, in one pass.
//!
//! Most characters are *direct*: each has one counterpart in the form, whatever stands before it. Runs of
//! them are written as they come. What lies between such runs, an *island*, goes through the steps one by
//! one. An island begins with the last direct character before it, because a mark may combine with that
//! one; it ends before the next, because nothing combines across its front.

use unicode_normalization::UnicodeNormalization as _;

use super::{Normalization, Preset, Switch};
use crate::steps;
use crate::unicode::{
    self, EUROPEAN, IGNORABLE, MARK, NONSPACING, PUNCTUATION, SPACE, STABLE, STABLE_NFC, UNASSIGNED,
};

/// Makes canonical forms in a buffer that it keeps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normalizer {
    buffer: String,
}

impl Normalizer {
    /// The canonical form of `text`.
    pub(crate) fn canonical<'a>(&'a mut self, text: &'a str, form: Normalization) -> &'a str {
        steps::count(text.len());
        match form.preset {
            Preset::Raw => return text,
            Preset::Whitespace => {
                let mut out = Collapsed::new(&mut self.buffer, text);
                text.chars().for_each(|c| out.push(c));
            }
            Preset::Text => {
                write(text, form, &mut Collapsed::new(&mut self.buffer, text));
                if self.buffer.is_empty() {
                    let form = form.without_removals();
                    write(text, form, &mut Collapsed::new(&mut self.buffer, text));
                }
            }
        }
        &self.buffer
    }

    /// The form that was made last.
    pub(crate) fn into_buffer(self) -> String {
        self.buffer
    }
}

/// A text that is being written, with its white space collapsed and trimmed.
struct Collapsed<'b> {
    text: &'b mut String,
    /// White space came after the last character; it counts once another character follows.
    space: bool,
}

impl<'b> Collapsed<'b> {
    fn new(buffer: &'b mut String, text: &str) -> Self {
        buffer.clear();
        // Most forms are as long as the text or a little shorter.
        buffer.reserve(text.len());
        Self { text: buffer, space: false }
    }

    #[inline]
    fn push(&mut self, c: char) {
        if unicode::is(c, SPACE) {
            self.space = !self.text.is_empty();
        } else {
            if self.space {
                self.text.push(' ');
                self.space = false;
            }
            self.text.push(c);
        }
    }
}

/// How a character is handled, given the form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Has one counterpart and is a border.
    Direct,
    /// Passes through untouched and lets nothing combine across it.
    Unassigned,
    /// Takes all the steps.
    Island,
}

fn kind(c: char, form: Normalization) -> Kind {
    let direct = match form.switches {
        0 => STABLE | SPACE,
        only if only == Switch::Canonical.bit() => STABLE_NFC | SPACE,
        _ => 0,
    };
    let flags = unicode::flags(c);
    if flags & UNASSIGNED != 0 {
        Kind::Unassigned
    } else if flags & direct != 0 || (direct != 0 && c.is_ascii()) {
        Kind::Direct
    } else {
        Kind::Island
    }
}

fn write(text: &str, form: Normalization, out: &mut Collapsed<'_>) {
    // Where the text not yet written begins, and the direct character right before `at`, which is held
    // back until it is known what follows it.
    let mut island: Option<usize> = None;
    let mut held: Option<(usize, char)> = None;
    for (at, c) in text.char_indices() {
        let kind = kind(c, form);
        if kind == Kind::Island {
            island = island.or(held.take().map(|(before, _)| before)).or(Some(at));
            continue;
        }
        if let Some(start) = island.take() {
            steps(&text[start..at], form, out);
        }
        if let Some((_, before)) = held.take() {
            out.push(direct(before));
        }
        match kind {
            Kind::Direct => held = Some((at, c)),
            _ => out.push(c),
        }
    }
    if let Some(start) = island {
        steps(&text[start..], form, out);
    }
    if let Some((_, before)) = held {
        out.push(direct(before));
    }
}

/// The counterpart of a direct character.
fn direct(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { unicode::plain(c) }
}

/// All the steps, one by one.
fn steps(text: &str, form: Normalization, out: &mut Collapsed<'_>) {
    let visible = text.chars().filter(|c| !unicode::is(*c, IGNORABLE));
    if form.has(Switch::Canonical) {
        last_steps(visible.nfc().flat_map(unicode::fold).nfc(), form, out);
    } else {
        last_steps(visible.nfkc().flat_map(unicode::fold).nfkc(), form, out);
    }
}

fn last_steps(chars: impl Iterator<Item = char>, form: Normalization, out: &mut Collapsed<'_>) {
    if form == form.without_removals() {
        return chars.for_each(|c| out.push(unicode::plain(c)));
    }
    let punctuation = |c: char| unicode::is(c, PUNCTUATION) || unicode::plain(c) != c;
    let dropped = |c: char| form.has(Switch::Punctuation) && punctuation(c);
    // Dropped punctuation does not come between a letter and its marks: if it did, the letter and the mark
    // would stand side by side in the form, and the form of the form would be another one.
    let mut european = false;
    let marked = |c: &char| {
        if unicode::is(*c, MARK) {
            return !(european && form.has(Switch::Diacritics) && unicode::is(*c, NONSPACING));
        }
        if !dropped(*c) {
            european = unicode::is(*c, EUROPEAN);
        }
        true
    };
    let kept = chars.nfd().filter(marked).filter(|c| !dropped(*c)).nfc();
    let zero = |c| if unicode::is(c, unicode::DIGIT) { '0' } else { c };
    if form.has(Switch::Digits) {
        kept.for_each(|c| out.push(unicode::plain(zero(c))));
    } else {
        kept.for_each(|c| out.push(unicode::plain(c)));
    }
}
