//! The entry point of normalization, which chooses the fast or the slow way.

use super::form::Form;
use super::{Normalization, Step, fast, references, slow};
use crate::unicode::{self, DIRECT, DIRECT_NFC};
use crate::work;

/// Computes canonical forms in a buffer that is reused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normalizer {
    buffer: Vec<u8>,
}

impl Normalizer {
    /// Returns the canonical form of `text`, in UTF-8.
    #[inline(always)]
    pub(crate) fn canonical<'a>(&'a mut self, text: &'a str, form: Normalization) -> &'a [u8] {
        work::count(text.len());
        // A caller with a constant form compiles to the hash alone.
        if form == Normalization::RAW { text.as_bytes() } else { self.written(text, form) }
    }

    /// Writes a form other than `RAW` and returns it.
    fn written(&mut self, text: &str, form: Normalization) -> &[u8] {
        let decoded = if form.has(Step::References) { references::decode(text, form) } else { None };
        let (text, form) = (decoded.as_deref().unwrap_or(text), form.without(Step::References));
        let is_plain = |c: char| c.is_ascii() || unicode::plain(c).is_ascii();
        let plain = form.for_plain();
        let is_plain = form != plain && (text.is_ascii() || text.chars().all(is_plain));
        let form = if is_plain { plain } else { form };
        let mut out = Form::new(&mut self.buffer, text.len());
        if form == Normalization::WHITESPACE {
            fast::write::<0>(text, form, &mut out);
        } else if form == form.without_removals() {
            text_form(text, form, &mut out);
        } else {
            slow::write_parts(text, form, &mut out);
            if out.finish() == 0 {
                out.truncate(0);
                text_form(text, form.without_removals(), &mut out);
            }
        }
        let len = out.finish();
        &self.buffer[..len]
    }
}

/// Writes the form without the steps that remove or replace characters.
fn text_form(text: &str, form: Normalization, out: &mut Form<'_>) {
    if form.has(Step::Canonical) {
        fast::write::<DIRECT_NFC>(text, form, out);
    } else {
        fast::write::<DIRECT>(text, form, out);
    }
}
