//! A text without segments of the caller's choice.

use std::borrow::Cow;

use super::{Cuts, Edit, EditList};
use crate::document::Document;
use crate::span::Span;
use crate::unicode;

impl<'t> Document<'t> {
    /// The text without some of its segments, cut as an [`EditList`](EditList#how-a-cut-is-made) cuts; borrowed if nothing
    /// goes. Numbers that are no segment's are passed over. Where segments are sentences or words, a run without which
    /// others would stand around it stays.
    ///
    /// ```
    /// use refrain::Document;
    ///
    /// let doc = Document::new("Home\n\nThe ferry sails again.\n\nImprint\n");
    /// assert_eq!(doc.without(&[0, 2]), "The ferry sails again.\n");
    /// ```
    ///
    /// # Complexity
    ///
    /// Linear in the text.
    pub fn without(&self, segments: &[usize]) -> Cow<'t, str> {
        let mut goes = vec![false; self.len()];
        for segment in segments {
            if let Some(goes) = goes.get_mut(*segment) {
                *goes = true;
            }
        }
        let mut cuts = Cuts::new(self.text(), self.spans());
        if let Some(by) = self.segmentation().filter(|by| !by.is_by_line_ends()) {
            let mut first = 0;
            for run in goes.chunk_by_mut(|a, b| a == b) {
                let end = first + run.len();
                if run.first().is_some_and(|goes| *goes) && !cuts.can_go(first, end, by) {
                    run.fill(false);
                }
                first = end;
            }
        }
        cuts.remove(|segment| goes.get(segment).is_some_and(|goes| *goes).then_some(0));
        let mut edits = cuts.edits();
        if let Some(start) = self.start_without(&goes) {
            edits.retain(|edit| edit.span.start() >= start.end());
            edits.insert(0, Edit { span: start, verdict: 0 });
        }
        EditList::new(self.text(), edits, Vec::new(), true).apply()
    }

    /// What goes at the start of the text, if the first segment does: what is left begins where the text began, not with the line end
    /// that parted it from what is gone. (A policy never takes the first segment, for it is no copy.)
    fn start_without(&self, goes: &[bool]) -> Option<Span> {
        let kept = goes.iter().position(|goes| !goes).filter(|kept| *kept > 0)?;
        let spans = self.spans().get(..=kept)?;
        let gaps = spans.iter().zip(spans.get(1..)?);
        let blank = |(a, b): (&Span, &Span)| unicode::is_blank(&self.text()[a.end()..b.start()]);
        let start = Span::new(spans.first()?.start(), spans.last()?.start());
        gaps.into_iter().all(blank).then_some(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[test]
    fn what_is_left_begins_and_ends_as_the_text_did() {
        let cases: [(&str, &[usize], &str); 9] = [
            ("a\nb\nc\n", &[0], "b\nc\n"),
            ("\n\na\nb\nc", &[0, 1], "\n\nc"),
            ("a\n\nb\n\nc\n", &[0, 2], "b\n"),
            ("a\n\nb\n\nc\n", &[1], "a\n\nc\n"),
            ("a\nb\nc", &[2], "a\nb\n"),
            ("a\r\nb\r\nc", &[0, 2], "b\r\n"),
            ("a\nb", &[], "a\nb"),
            ("a\nb", &[7], "a\nb"),
            ("", &[0], ""),
        ];
        for (text, segments, left) in cases {
            assert_eq!(Document::new(text).without(segments), left, "{text:?} without {segments:?}");
        }
    }

    #[test]
    fn what_stands_between_spans_of_the_callers_own_stays() {
        let text = "<p>a</p><p>b</p><p>c</p>";
        let spans = [3..4, 11..12, 19..20].map(Span::from);
        let doc = Document::from_spans(text, &spans, &Options::new());
        let left = doc.map(|doc| doc.without(&[0, 2]).into_owned());
        assert_eq!(left.as_deref(), Ok("<p></p><p>b</p><p></p>"));
    }
}
