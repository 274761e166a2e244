//! The slow way: all steps of the `TEXT` form, as a chain of iterators.

use unicode_normalization::UnicodeNormalization as _;

use super::form::Form;
use super::{Normalization, Step};
use crate::unicode::{self, DIGIT, EUROPEAN, IGNORABLE, MARK, NONSPACING, PUNCTUATION, SPACE, UNASSIGNED};

/// Writes the form of `text` in parts between unassigned code points, which are copied.
pub(super) fn write_parts(text: &str, form: Normalization, out: &mut Form<'_>) {
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| unicode::is(*c, UNASSIGNED)) {
        write(&text[start..at], form, out);
        out.push(c);
        start = at + c.len_utf8();
    }
    write(&text[start..], form, out);
}

/// Writes the form of `text`, in which every code point is assigned.
pub(super) fn write(text: &str, form: Normalization, out: &mut Form<'_>) {
    let visible = visible(text);
    if form.has(Step::Canonical) {
        last_steps(visible.nfc().flat_map(unicode::fold).nfc(), form, out);
    } else {
        last_steps(visible.nfkc().flat_map(unicode::fold).nfkc(), form, out);
    }
}

/// Returns an iterator over the code points of `text` that are not ignorable.
pub(super) fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !unicode::is(*c, IGNORABLE))
}

fn last_steps(mut chars: impl Iterator<Item = char>, form: Normalization, out: &mut Form<'_>) {
    let mut push = |c| {
        if unicode::is(c, SPACE) { out.push_space() } else { out.push(unicode::plain(c)) }
    };
    if form == form.without_removals() {
        return chars.for_each(push);
    }
    let punctuation = |c: char| unicode::is(c, PUNCTUATION) || unicode::plain(c) != c;
    let removed = |c: char| form.has(Step::Punctuation) && punctuation(c) || form.removes_in_arabic(c);
    // Removed punctuation and tatweel do not separate a letter from its marks. If they did, the
    // letter and the mark would be adjacent in the form, and the form of the form would differ from
    // the form.
    let (mut european, mut alef) = (false, false);
    let is_kept = |c: &char| {
        if unicode::is(*c, MARK) {
            let is_hamza = matches!(c, '\u{653}'..='\u{655}');
            return !(european && form.has(Step::Diacritics) && unicode::is(*c, NONSPACING)
                || alef && form.has(Step::Arabic) && is_hamza);
        }
        if !removed(*c) {
            european = unicode::is(*c, EUROPEAN);
            alef = *c == '\u{627}';
        }
        true
    };
    let unified = |c: char| match c {
        '\u{649}' if form.has(Step::Arabic) => '\u{64A}',
        '\u{629}' if form.has(Step::Arabic) => '\u{647}',
        c => c,
    };
    // The normalizing iterators, which sort, are compiled once for each type of their source. These
    // steps are rare enough for virtual calls.
    let chars: &mut dyn Iterator<Item = char> = &mut chars;
    let mut kept = chars.nfd().filter(is_kept).filter(|c| !removed(*c)).map(unified);
    let kept: &mut dyn Iterator<Item = char> = &mut kept;
    let kept = kept.nfc();
    let zero = |c| if unicode::is(c, DIGIT) { '0' } else { c };
    if form.has(Step::Digits) {
        kept.for_each(|c| push(zero(c)));
    } else {
        kept.for_each(push);
    }
}
